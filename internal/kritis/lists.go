package kritis

import (
	"context"
	"time"

	"kritisgraph/internal/store"
)

// ListArgs are what all lists take: a filter, an order and a page.
type ListArgs struct {
	Where store.Filter
	Order []store.Order
	Page  PageArgs
	// AsOf keeps what is valid at that moment; nil does not ask.
	AsOf *time.Time
}

func (a ListArgs) query(label store.Label, defaultOrder ...store.Order) store.Query {
	q := store.Query{Labels: []store.Label{label}, Where: a.Where, Order: a.Order}
	if len(q.Order) == 0 {
		q.Order = defaultOrder
	}
	if a.AsOf != nil {
		q.ValidOn = DayOf(*a.AsOf)
	}
	return q
}

// current is query for lists of what is valid at the moment asked, absent now. Where it is absent the day does not name
// the list, so that cursors outlive midnight.
func (a ListArgs) current(v *View, label store.Label, defaultOrder ...store.Order) (store.Query, PageArgs) {
	page := a.Page
	if page.list == nil && a.AsOf == nil {
		list := a.query(label, defaultOrder...)
		page.list = &list
	}
	at := v.moment(a.AsOf)
	a.AsOf = &at
	return a.query(label, defaultOrder...), page
}

// both joins two filters.
func both(a, b store.Filter) store.Filter {
	if a.IsZero() {
		return b
	}
	return store.Filter{All: []store.Filter{a, b}}
}

// items turns the hits of a connection into edges and nodes of the API.
func items[T Node, E any](ctx context.Context, v *View, c connection, wrap func(edgeOf, T) E) ([]E, []T, error) {
	edges, nodes := make([]E, 0, len(c.page.Hits)), make([]T, 0, len(c.page.Hits))
	for i, hit := range c.page.Hits {
		n, err := v.object(ctx, hit.Node)
		if err != nil {
			return nil, nil, err
		}
		x, ok := n.(T)
		if !ok {
			continue
		}
		edges, nodes = append(edges, wrap(c.edge(i), x)), append(nodes, x)
	}
	return edges, nodes, nil
}

// AuthorityConnection is a page of authorities.
type AuthorityConnection struct {
	connection
	Edges []*AuthorityEdge
	Nodes []*Authority
}

// AuthorityEdge is an authority in a list.
type AuthorityEdge struct {
	edgeOf
	Node *Authority
}

func (v *View) authorities(ctx context.Context, c connection, err error) (*AuthorityConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &AuthorityConnection{connection: c}
	out.Edges, out.Nodes, err = items(ctx, v, c, func(e edgeOf, n *Authority) *AuthorityEdge { return &AuthorityEdge{e, n} })
	return out, err
}

// bodies keeps the authorities that exist today and are no placeholders.
func (a ListArgs) bodies(v *View) (store.Query, PageArgs) {
	a.Where = both(a.Where, store.Where("placeholder", store.EQ, store.Bool(false)))
	return a.current(v, LabelAuthority, store.Order{Prop: "slug"})
}

// Authorities lists bodies that exist today, without placeholders.
func (v *View) Authorities(ctx context.Context, a ListArgs) (*AuthorityConnection, error) {
	q, page := a.bodies(v)
	c, err := v.listPage(ctx, q, page)
	return v.authorities(ctx, c, err)
}

// AuthoritiesOf lists the bodies of a Land or serving it that exist today, without placeholders.
func (v *View) AuthoritiesOf(ctx context.Context, s *FederalState, a ListArgs) (*AuthorityConnection, error) {
	q, page := a.bodies(v)
	c, err := v.hopPage(ctx, s.StoreID(), EdgeServes, store.In, q, page)
	return v.authorities(ctx, c, err)
}

// ContactPointConnection is a page of contact points.
type ContactPointConnection struct {
	connection
	Edges []*ContactPointEdge
	Nodes []*ContactPoint
}

// ContactPointEdge is a contact point in a list.
type ContactPointEdge struct {
	edgeOf
	Node *ContactPoint
}

func (v *View) contactPoints(ctx context.Context, c connection, err error) (*ContactPointConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &ContactPointConnection{connection: c}
	out.Edges, out.Nodes, err = items(ctx, v, c, func(e edgeOf, n *ContactPoint) *ContactPointEdge { return &ContactPointEdge{e, n} })
	return out, err
}

// contactOrder puts the ZKL first, then offices by name, then the BBK contact.
var contactOrder = []store.Order{{Prop: "role", Desc: true}, {Prop: "nameDe"}}

// ContactPoints lists contact points that are valid at the moment asked, absent now.
func (v *View) ContactPoints(ctx context.Context, a ListArgs) (*ContactPointConnection, error) {
	q, page := a.current(v, LabelContactPoint, store.Order{Prop: "nameDe"})
	c, err := v.listPage(ctx, q, page)
	out, err := v.contactPoints(ctx, c, err)
	if err != nil {
		return nil, err
	}
	for _, p := range out.Nodes {
		p.at = v.moment(a.AsOf)
	}
	return out, nil
}

// ContactPointsOf lists the contact points of a Land that are valid now: its ZKL, its BBK contact and the offices of its
// bodies.
func (v *View) ContactPointsOf(ctx context.Context, s *FederalState, a ListArgs) (*ContactPointConnection, error) {
	q, page := a.current(v, LabelContactPoint, contactOrder...)
	c, err := v.hopPage(ctx, s.StoreID(), EdgeContactFor, store.In, q, page)
	return v.contactPoints(ctx, c, err)
}

// ContactPointsHeldBy lists the contact points that a body holds now.
func (v *View) ContactPointsHeldBy(ctx context.Context, b *Authority, a ListArgs) (*ContactPointConnection, error) {
	q, page := a.current(v, LabelContactPoint, contactOrder...)
	c, err := v.hopPage(ctx, b.StoreID(), EdgeHeldBy, store.In, q, page)
	return v.contactPoints(ctx, c, err)
}

// StaleContactPoints lists published contact points that were not verified for a time before the moment asked, by name.
func (c *Coverage) StaleContactPoints(ctx context.Context, olderThan *time.Duration, page PageArgs) (*ContactPointConnection, error) {
	age := StaleAfter
	if olderThan != nil {
		age = *olderThan
	}
	if age <= 0 {
		return nil, BadInput("olderThan", "olderThan takes a length of time above zero, such as P90D.")
	}
	before := func(limit int64) store.Filter {
		return store.Filter{All: []store.Filter{
			store.Where("contactStatus", store.EQ, store.String(string(ContactPublished))),
			{Any: []store.Filter{store.Where("verifiedAt", store.LT, store.Int(limit)), store.Where("verifiedAt", store.ABSENT)}},
		}}
	}
	a := ListArgs{Page: page, AsOf: &c.at, Where: before(c.at.Add(-age).UnixMicro())}
	if c.asOf == nil {
		// The list of now is named by the age: its limit in time is another one in each request.
		list := ListArgs{Where: before(-age.Microseconds())}.query(LabelContactPoint)
		a.Page.list = &list
	}
	return c.view.ContactPoints(ctx, a)
}

// CompetenceConnection is a page of competences.
type CompetenceConnection struct {
	connection
	Edges []*CompetenceEdge
	Nodes []*Competence
}

// CompetenceEdge is a competence in a list.
type CompetenceEdge struct {
	edgeOf
	Node *Competence
}

func (v *View) competences(ctx context.Context, c connection, err error) (*CompetenceConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &CompetenceConnection{connection: c}
	out.Edges, out.Nodes, err = items(ctx, v, c, func(e edgeOf, n *Competence) *CompetenceEdge { return &CompetenceEdge{e, n} })
	return out, err
}

// Competences lists rows that are valid at the moment asked, absent now. The first day of the act is not judged here.
func (v *View) Competences(ctx context.Context, a ListArgs) (*CompetenceConnection, error) {
	q, page := a.current(v, LabelCompetence, store.Order{Prop: "order"})
	c, err := v.listPage(ctx, q, page)
	return v.competences(ctx, c, err)
}

// CompetencesOf lists every row of a body, past and future.
func (v *View) CompetencesOf(ctx context.Context, b *Authority, a ListArgs) (*CompetenceConnection, error) {
	c, err := v.hopPage(ctx, b.StoreID(), EdgeAssignedTo, store.In, a.query(LabelCompetence, store.Order{Prop: "order"}), a.Page)
	return v.competences(ctx, c, err)
}

// CompetencesUnder lists every row under an act, past and future.
func (v *View) CompetencesUnder(ctx context.Context, act *LegalAct, a ListArgs) (*CompetenceConnection, error) {
	c, err := v.hopPage(ctx, act.StoreID(), EdgeBasedOn, store.In, a.query(LabelCompetence, store.Order{Prop: "order"}), a.Page)
	return v.competences(ctx, c, err)
}

// OperatorConnection is a page of operators.
type OperatorConnection struct {
	connection
	redacted
	Edges []*OperatorEdge
	Nodes []*Operator
}

// OperatorEdge is an operator in a list.
type OperatorEdge struct {
	edgeOf
	Node *Operator
}

// Operators lists operators that are registered today.
func (v *View) Operators(ctx context.Context, a ListArgs) (*OperatorConnection, error) {
	q, page := a.current(v, LabelOperator, store.Order{Prop: "reference"})
	c, err := v.listPage(ctx, q, page)
	if err != nil {
		return nil, err
	}
	out := &OperatorConnection{connection: c, redacted: v.redacted(a, q)}
	out.Edges, out.Nodes, err = items(ctx, v, c, func(e edgeOf, n *Operator) *OperatorEdge { return &OperatorEdge{e, n} })
	return out, err
}

// FacilityConnection is a page of facilities.
type FacilityConnection struct {
	connection
	redacted
	Edges []*FacilityEdge
	Nodes []*Facility
}

// FacilityEdge is a facility in a list.
type FacilityEdge struct {
	edgeOf
	Node *Facility
}

func (v *View) facilities(ctx context.Context, c connection, err error) (*FacilityConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &FacilityConnection{connection: c}
	out.Edges, out.Nodes, err = items(ctx, v, c, func(e edgeOf, n *Facility) *FacilityEdge { return &FacilityEdge{e, n} })
	return out, err
}

// Facilities lists facilities that are registered today.
func (v *View) Facilities(ctx context.Context, a ListArgs) (*FacilityConnection, error) {
	q, page := a.current(v, LabelFacility, store.Order{Prop: "reference"})
	c, err := v.listPage(ctx, q, page)
	out, err := v.facilities(ctx, c, err)
	if err != nil {
		return nil, err
	}
	out.redacted = v.redacted(a, q)
	return out, nil
}

// FacilitiesOf lists the facilities of an operator that are registered today.
func (v *View) FacilitiesOf(ctx context.Context, o *Operator, a ListArgs) (*FacilityConnection, error) {
	q, page := a.current(v, LabelFacility, store.Order{Prop: "reference"})
	c, err := v.hopPage(ctx, o.node.ID, EdgeOperates, store.Out, q, page)
	return v.facilities(ctx, c, err)
}

// FacilitiesIn lists the facilities that an incident names, registered still or no longer.
func (v *View) FacilitiesIn(ctx context.Context, i *Incident, a ListArgs) (*FacilityConnection, error) {
	c, err := v.hopPage(ctx, i.node.ID, EdgeAffects, store.Out, a.query(LabelFacility, store.Order{Prop: "reference"}), a.Page)
	return v.facilities(ctx, c, err)
}

// IncidentConnection is a page of incidents.
type IncidentConnection struct {
	connection
	redacted
	Edges []*IncidentEdge
	Nodes []*Incident
}

// IncidentEdge is an incident in a list.
type IncidentEdge struct {
	edgeOf
	Node *Incident
}

func (v *View) incidents(ctx context.Context, c connection, err error) (*IncidentConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &IncidentConnection{connection: c}
	out.Edges, out.Nodes, err = items(ctx, v, c, func(e edgeOf, n *Incident) *IncidentEdge { return &IncidentEdge{e, n} })
	return out, err
}

// newestFirst is the order of incidents.
var newestFirst = store.Order{Prop: "awareAt", Desc: true}

// Incidents lists incidents.
func (v *View) Incidents(ctx context.Context, a ListArgs) (*IncidentConnection, error) {
	q := a.query(LabelIncident, newestFirst)
	c, err := v.listPage(ctx, q, a.Page)
	out, err := v.incidents(ctx, c, err)
	if err != nil {
		return nil, err
	}
	out.redacted = v.redacted(a, q)
	return out, nil
}

// IncidentsOf lists the incidents of a Land, an operator or a facility.
func (v *View) IncidentsOf(ctx context.Context, n Node, a ListArgs) (*IncidentConnection, error) {
	var id store.ID
	edge := EdgeTouches
	switch n := n.(type) {
	case *FederalState:
		id = n.StoreID()
	case *Operator:
		id, edge = n.StoreID(), EdgeReportedBy
	case *Facility:
		id, edge = n.StoreID(), EdgeAffects
	}
	c, err := v.hopPage(ctx, id, edge, store.In, a.query(LabelIncident, newestFirst), a.Page)
	return v.incidents(ctx, c, err)
}
