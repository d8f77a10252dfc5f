package kritis

import (
	"context"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// estate is an operator with all its facilities, whoever sees them: who may see one of them follows from all. A use case changes
// nodes and supply, and commits what follows.
type estate struct {
	operator   *store.Node
	facilities []*store.Node
	supply     map[store.ID][]string     // facility to codes of Länder, sorted
	edges      map[store.ID][]store.Edge // by the node that they leave
	was        map[store.ID]store.Node   // as they were read
	grows      bool                      // a facility comes or goes: what the operator is depends on it
}

// estateSteps are the edges of operators and facilities that repeat what their properties say.
var estateSteps = []store.Step{
	{Edge: EdgeOperates, Dir: store.In}, {Edge: EdgeOperates, Dir: store.Out}, {Edge: EdgeSeatIn, Dir: store.Out}, {Edge: EdgeInSector, Dir: store.Out},
	{Edge: EdgeSiteIn, Dir: store.Out}, {Edge: EdgeSuppliesTo, Dir: store.Out}, {Edge: EdgeInBranch, Dir: store.Out}, {Edge: EdgeProvides, Dir: store.Out},
	{Edge: EdgeOfCategory, Dir: store.Out},
}

// maxFacilities is how many facilities that the caller sees an operator has at most to be changed. As many that it does not see may be there besides, so
// that it cannot count them by registering more.
const maxFacilities = store.MaxChange / 4

// readEstate reads the estate that an operator or a facility belongs to. It looks at everything, for the supervisors of an operator
// are those of all its facilities; nothing of it is shown to the caller.
func (v *View) readEstate(ctx context.Context, id store.ID) (*estate, error) {
	g, err := v.app.store.Traverse(ctx, Maintenance(), store.Walk{
		From: []store.ID{id}, Follow: estateSteps, Depth: 3, MaxNodes: store.MaxWalk,
		Stop: []store.Label{LabelFederalState, LabelSector, LabelBranch, LabelService, LabelFacilityCategory},
	})
	if err != nil {
		return nil, err
	}
	e := &estate{supply: map[store.ID][]string{}, edges: map[store.ID][]store.Edge{}, was: map[store.ID]store.Node{}}
	for _, n := range g.Nodes {
		if n.Label() == LabelOperator || n.Label() == LabelFacility {
			e.was[n.ID] = n
			e.add(n.Clone())
		}
	}
	for _, edge := range g.Edges {
		e.edges[edge.From] = append(e.edges[edge.From], edge)
		if edge.Type() == EdgeSuppliesTo {
			e.supply[edge.From] = append(e.supply[edge.From], edge.To.Key())
		}
	}
	shown := 0
	for _, f := range e.facilities {
		if v.principal.scope.Shows(f.Settled) {
			shown++
		}
	}
	switch {
	case g.Truncated || shown > maxFacilities || len(e.facilities) > 2*maxFacilities:
		return nil, &Error{Code: CodeLimit, Message: "The operator has too many facilities to be changed in one step: import the change."}
	case e.operator == nil:
		return nil, store.ErrNotFound
	}
	return e, nil
}

func (e *estate) add(n store.Node) *store.Node {
	if n.Label() == LabelOperator {
		e.operator = &n
	} else {
		e.facilities = append(e.facilities, &n)
	}
	return &n
}

// nodes are the operator and its facilities.
func (e *estate) nodes() []*store.Node { return append([]*store.Node{e.operator}, e.facilities...) }

// node returns a node of the estate, nil where it is none.
func (e *estate) node(id store.ID) *store.Node {
	if e.operator.ID == id {
		return e.operator
	}
	if i := slices.IndexFunc(e.facilities, func(n *store.Node) bool { return n.ID == id }); i >= 0 {
		return e.facilities[i]
	}
	return nil
}

// settle gives the operator and its facilities the audiences that follow from what is known of them: the Länder of sites, supply
// areas and seat, the operator itself, the situation centre and the supervisory authorities. What other parts of the program added
// stays. The sectors of the facilities become sectors of the operator.
func (e *estate) settle(book *Rulebook, day Day) error {
	op := object{*e.operator}
	sectors, lands, rows := op.list("sectorSlugs"), []string{op.text("seatCode")}, []string{}
	for _, f := range e.facilities {
		o := object{*f}
		if sector := o.text("sectorSlug"); sector != "" && !slices.Contains(sectors, sector) {
			sectors = append(sectors, sector)
		}
		reached := append(slices.Clone(e.supply[f.ID]), o.text("siteCode"))
		found, err := book.FacilityRows(day, *e.operator, *f)
		if err != nil {
			return err
		}
		f.Own.Audiences = e.audiences(f, append(reached, op.text("seatCode")), found)
		lands, rows = append(lands, reached...), append(rows, found...)
	}
	e.operator.Props["sectorSlugs"] = store.Strings(sectors...)
	if len(e.facilities) == 0 {
		var err error
		if rows, err = book.OperatorRows(day, *e.operator, nil); err != nil {
			return err
		}
	}
	e.operator.Own.Audiences = e.audiences(e.operator, lands, rows)
	return nil
}

// audiences replaces those of an audience list that follow from facts.
func (e *estate) audiences(n *store.Node, lands, rows []string) []string {
	out := slices.DeleteFunc(slices.Clone(n.Own.Audiences), func(a string) bool {
		return landOf(a) != "" || isRow(a) || strings.HasPrefix(a, AudienceOperator(""))
	})
	for _, code := range lands {
		if code != "" {
			out = append(out, AudienceLand(code))
		}
	}
	out = append(append(out, rows...), AudienceOperator(e.operator.ID.Key()), AudienceSituationCentre)
	return sortedSet(out)
}

// abandoned reports whether the change leaves an operator that nobody supervises and that is of no Land.
func (e *estate) abandoned() bool {
	has := func(audiences []string) bool { return len(landsIn(audiences)) > 0 || len(RowAudiences(audiences)) > 0 }
	was, known := e.was[e.operator.ID]
	return known && has(was.Own.Audiences) && !has(e.operator.Own.Audiences)
}

// visibility is what settles for a node of the estate after the change.
func (e *estate) visibility(n *store.Node) store.Visibility {
	return store.Visibility{TLP: max(n.Own.TLP.Effective(), e.operator.Own.TLP.Effective()), Audiences: n.Own.Audiences}
}

// commit adds to a change all nodes of the estate that differ and the subjects of the change, with the edges that repeat what they
// say. All that was read has to be as it was.
func (e *estate) commit(c *changing, subjects []store.ID) {
	meant := map[store.ID]bool{}
	for _, id := range subjects {
		meant[id] = true
	}
	for _, n := range e.nodes() {
		if supply := e.supply[n.ID]; len(supply) > 0 {
			n.Props["supplyCodes"] = store.Strings(supply...)
		} else {
			delete(n.Props, "supplyCodes")
		}
		was, known := e.was[n.ID]
		depends := e.grows && n.Label() == LabelOperator
		if known && !meant[n.ID] && !depends && was.SameContent(*n) {
			c.If = append(c.If, store.Cond{ID: n.ID, Version: n.Version})
			continue
		}
		c.put(*n)
		o := object{*n}
		if n.Label() == LabelOperator {
			c.relink(n.ID, n.Version, e.edges[n.ID], []links{
				{EdgeSeatIn, ids(LabelFederalState, o.text("seatCode"))}, {EdgeInSector, ids(LabelSector, o.list("sectorSlugs")...)},
			})
			continue
		}
		category := ""
		if code := o.text("categoryCode"); code != "" {
			category = o.text("serviceSlug") + "." + code
		}
		c.relink(n.ID, n.Version, e.edges[n.ID], []links{
			{EdgeSiteIn, ids(LabelFederalState, o.text("siteCode"))}, {EdgeSuppliesTo, ids(LabelFederalState, e.supply[n.ID]...)},
			{EdgeInBranch, ids(LabelBranch, o.text("branchSlug"))}, {EdgeProvides, ids(LabelService, o.text("serviceSlug"))},
			{EdgeOfCategory, ids(LabelFacilityCategory, category)},
		})
	}
}

// maxIncidents is how many incidents follow a change of who supervises in the same commit.
const maxIncidents = 2_000

// followIncidents gives the incidents that are about what has other supervisory authorities than before these authorities, in the same
// commit. The Länder that an incident touches are what its report says and stay.
func (v *View) followIncidents(ctx context.Context, c *changing, estates ...*estate) error {
	rows := map[store.ID][]string{} // of the nodes of the estates
	moved := map[store.Label][]store.ID{}
	for _, e := range estates {
		for _, n := range e.nodes() {
			rows[n.ID] = RowAudiences(n.Own.Audiences)
			if was, known := e.was[n.ID]; known && !slices.Equal(RowAudiences(was.Own.Audiences), rows[n.ID]) {
				moved[n.Label()] = append(moved[n.Label()], n.ID)
			}
		}
	}
	found, err := v.neighborsOf(ctx, []store.Hop{
		{From: moved[LabelOperator], Edge: EdgeReportedBy, Dir: store.In}, {From: moved[LabelFacility], Edge: EdgeAffects, Dir: store.In},
	})
	if err != nil || len(found) == 0 {
		return err
	}
	from := make([]store.ID, len(found))
	for i, n := range found {
		from[i] = n.ID
	}
	pages, err := v.app.store.Neighbors(ctx, Maintenance(), []store.Hop{{From: from, Edge: EdgeReportedBy, Dir: store.Out}, {From: from, Edge: EdgeAffects, Dir: store.Out}})
	if err != nil {
		return err
	}
	of := func(p store.Page) [][]string {
		out := make([][]string, len(p.Hits))
		for i, hit := range p.Hits {
			mine, ok := rows[hit.Node.ID]
			if !ok { // of another estate: it has to stay as it is
				mine = RowAudiences(hit.Node.Settled.Audiences)
				rows[hit.Node.ID] = mine
				c.If = append(c.If, store.Cond{ID: hit.Node.ID, Version: hit.Node.Version})
			}
			out[i] = mine
		}
		return out
	}
	for i, n := range found {
		wanted := IncidentRows(slices.Concat(of(pages[0][i])...), of(pages[1][i])...)
		if !slices.Equal(wanted, RowAudiences(n.Own.Audiences)) {
			n.Own.Audiences = WithRows(n.Own.Audiences, wanted)
			c.put(n)
		}
	}
	return nil
}

// neighborsOf reads all nodes at the far ends of some hops, once each, whoever sees them.
func (v *View) neighborsOf(ctx context.Context, hops []store.Hop) ([]store.Node, error) {
	hops = slices.DeleteFunc(hops, func(h store.Hop) bool { return len(h.From) == 0 })
	if len(hops) == 0 {
		return nil, nil
	}
	for i := range hops {
		hops[i].Query.Limit = store.MaxPage
	}
	pages, err := v.app.store.Neighbors(ctx, Maintenance(), hops)
	if err != nil {
		return nil, err
	}
	seen, out := map[store.ID]bool{}, []store.Node(nil)
	for _, parents := range pages {
		for _, page := range parents {
			for _, hit := range page.Hits {
				if !seen[hit.Node.ID] {
					seen[hit.Node.ID] = true
					out = append(out, hit.Node)
				}
			}
			if page.More || len(out) > maxIncidents {
				return nil, &Error{Code: CodeLimit, Message: "Too many incidents would get other supervisory authorities in one step: import the change."}
			}
		}
	}
	return out, nil
}
