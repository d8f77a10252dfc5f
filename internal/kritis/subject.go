package kritis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// PlaceInput is a place: a Land, exactly one of service, branch or sector, and known facts.
type PlaceInput struct {
	FederalState *FederalStateCode
	Service      *string
	Branch       *string
	Sector       *string
	Attributes   *SubjectAttributesInput
}

// SubjectInput is exactly one of the global id of an operator or a facility, or a place.
type SubjectInput struct {
	Operator *string
	Facility *string
	Place    *PlaceInput
}

// SubjectAttributesInput are the known facts of a place; nil and UNKNOWN are not known.
type SubjectAttributesInput struct {
	Ownership                    *Ownership
	AdministrationLevel          *AdministrationLevel
	EnergyRole                   *EnergyRole
	EntityClass                  *EntityClass
	PublicTelecom                *bool
	DoraEntity                   *bool
	FederallySupervised          *bool
	NuclearLicence               *bool
	EuMainEstablishmentInGermany *bool
	InExclusiveEconomicZone      *bool
	PersonalDataBreach           *bool
	ExchangeOperator             *bool
	WebsiteCertificates          *bool
	CriticalFacility             *bool
	StateLawItProvider           *bool
}

// attributes returns the known facts in the words of the rule.
func (in *SubjectAttributesInput) attributes() responsibility.Attributes {
	a := responsibility.Attributes{}
	if in == nil {
		return a
	}
	setCode(a, "ownership", in.Ownership)
	setCode(a, "administrationLevel", in.AdministrationLevel)
	setCode(a, "energyRole", in.EnergyRole)
	setCode(a, "entityClass", in.EntityClass)
	for name, fact := range map[string]*bool{
		"publicTelecom": in.PublicTelecom, "doraEntity": in.DoraEntity, "federallySupervised": in.FederallySupervised,
		"nuclearLicence": in.NuclearLicence, "euMainEstablishmentInGermany": in.EuMainEstablishmentInGermany,
		"inExclusiveEconomicZone": in.InExclusiveEconomicZone, "personalDataBreach": in.PersonalDataBreach,
		"exchangeOperator": in.ExchangeOperator, "websiteCertificates": in.WebsiteCertificates,
		"criticalFacility": in.CriticalFacility, "stateLawItProvider": in.StateLawItProvider,
	} {
		if fact != nil {
			a[name] = fmt.Sprint(*fact)
		}
	}
	return a
}

func setCode[C ~string](a responsibility.Attributes, name string, code *C) {
	if code != nil {
		a[name] = string(*code)
	}
}

// attributesOf reads the known facts of an operator or facility.
func attributesOf(o object) responsibility.Attributes {
	a := responsibility.Attributes{}
	for _, p := range attributes() {
		v := o.node.Prop(p.Name)
		switch v.Kind() {
		case store.StringKind:
			a[p.Name] = v.Text()
		case store.BoolKind:
			a[p.Name] = fmt.Sprint(v.True())
		}
	}
	return a
}

// id returns the id in the store that a subject names; "" for a place. A damaged id is one that nobody has.
func (in SubjectInput) id() (store.ID, error) {
	given := in.Operator
	label := LabelOperator
	if in.Facility != nil {
		given, label = in.Facility, LabelFacility
	}
	if given == nil {
		return "", nil
	}
	id, err := ParseGlobalID(*given)
	if err != nil || store.Label(id.Kind()) != label {
		return "", NotFound(in.field(), "The "+map[store.Label]string{LabelOperator: "operator", LabelFacility: "facility"}[label])
	}
	return id, nil
}

// check says whether exactly one field is set.
func (in SubjectInput) check() error {
	n := 0
	for _, set := range []bool{in.Operator != nil, in.Facility != nil, in.Place != nil} {
		if set {
			n++
		}
	}
	if n != 1 {
		return BadInput("subject", "Give exactly one of operator, facility and place.")
	}
	return nil
}

// maxActs is the greatest number of acts in one question.
const maxActs = 50

// check says whether the question can be asked at all.
func (in ResponsibilityInput) check() error {
	if n := len(in.LegalActs); n > maxActs {
		return BadInput("legalActs", "legalActs takes at most %d acts, not %d: name fewer, or leave it out for all.", maxActs, n)
	}
	return in.Subject.check()
}

// register is the part of the store that the subjects of a request stand in.
type register struct {
	nodes  map[store.ID]store.Node
	owned  map[store.ID][]store.ID // operator to facilities
	owner  map[store.ID]store.ID   // facility to operator
	supply map[store.ID][]string   // facility to codes of Länder
}

// readRegister reads the operators and facilities with all that the rule asks of them, in one walk.
func (v *View) readRegister(ctx context.Context, ids []store.ID) (*register, error) {
	r := &register{
		nodes: map[store.ID]store.Node{}, owned: map[store.ID][]store.ID{}, owner: map[store.ID]store.ID{},
		supply: map[store.ID][]string{},
	}
	if len(ids) == 0 {
		return r, nil
	}
	graph, err := v.app.store.Traverse(ctx, v.reader.Scope(), store.Walk{
		From:   ids,
		Follow: []store.Step{{Edge: EdgeOperates, Dir: store.Out}, {Edge: EdgeOperates, Dir: store.In}, {Edge: EdgeSuppliesTo, Dir: store.Out}},
		Stop:   []store.Label{LabelFederalState}, Depth: 2, MaxNodes: store.MaxWalk,
	})
	if err != nil {
		return nil, err
	}
	if graph.Truncated {
		return nil, &Error{Code: CodeLimit, Message: "The subjects have too many facilities for one question: ask for fewer at once."}
	}
	for _, n := range graph.Nodes {
		r.nodes[n.ID] = n
	}
	for _, e := range graph.Edges {
		switch e.Type() {
		case EdgeOperates:
			r.owned[e.From] = append(r.owned[e.From], e.To)
			r.owner[e.To] = e.From
		case EdgeSuppliesTo:
			r.supply[e.From] = append(r.supply[e.From], e.To.Key())
		}
	}
	return r, nil
}

// units returns the units of a subject on a day: a facility that is named counts always, those of an operator while they are registered.
func (r *register) units(in SubjectInput, day Day) ([]responsibility.Unit, error) {
	if in.Place != nil {
		return []responsibility.Unit{in.Place.unit()}, nil
	}
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	n, ok := r.nodes[id]
	if !ok {
		return nil, NotFound(in.field(), "The "+map[bool]string{true: "operator", false: "facility"}[in.Operator != nil])
	}
	if in.Facility != nil {
		return []responsibility.Unit{facilityOf(n, r.supply[n.ID]).Unit(attributesOf(object{r.nodes[r.owner[id]]}))}, nil
	}
	op := operatorOf(n)
	for _, f := range r.owned[id] {
		if !store.ValidOn(r.nodes[f].Props, day) {
			continue
		}
		op.Facilities = append(op.Facilities, facilityOf(r.nodes[f], r.supply[f]))
	}
	return op.Units(), nil
}

// operatorOf brings an operator into the form in which the rule reads it, without facilities.
func operatorOf(n store.Node) responsibility.Operator {
	o := object{n}
	return responsibility.Operator{Seat: o.text("seatCode"), Sectors: o.list("sectorSlugs"), Attributes: attributesOf(o)}
}

// facilityOf brings a facility into the form in which the rule reads it; supply are the codes of the Länder that it supplies.
func facilityOf(n store.Node, supply []string) responsibility.Facility {
	o := object{n}
	f := responsibility.Facility{Site: o.text("siteCode"), Supply: supply, Attributes: attributesOf(o)}
	switch {
	case o.text("serviceSlug") != "":
		f.Service = o.text("serviceSlug")
		f.Branch = o.text("branchSlug")
	case o.text("branchSlug") != "":
		f.Branch = o.text("branchSlug")
	default:
		f.Sector = o.text("sectorSlug")
	}
	return f
}

func (p *PlaceInput) unit() responsibility.Unit {
	u := responsibility.Unit{Attributes: p.Attributes.attributes()}
	if p.FederalState != nil {
		u.Site = string(*p.FederalState)
	}
	u.Service, u.Branch, u.Sector = deref(p.Service), deref(p.Branch), deref(p.Sector)
	return u
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// ruleError turns a question that the rule cannot answer into an error that names the field of the input; names are the
// names in the API of what the rule calls otherwise.
func ruleError(err error, names map[string]string) error {
	var in *responsibility.InputError
	if !errors.As(err, &in) {
		return err
	}
	field := in.Field
	for rule, api := range names {
		if rest, ok := strings.CutPrefix(field, rule); ok {
			field = api + rest
		}
	}
	return BadInput(field, "%s: %s. %s.", field, in.Problem, upperFirst(in.Remedy))
}

// field is the name in the API of the subject that is given.
func (in SubjectInput) field() string {
	switch {
	case in.Operator != nil:
		return "subject.operator"
	case in.Facility != nil:
		return "subject.facility"
	}
	return "subject.place"
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(first)) + s[size:]
}

// moment returns the moment asked, or that of the request.
func (v *View) moment(asOf *time.Time) time.Time {
	if asOf != nil {
		return *asOf
	}
	return v.now
}
