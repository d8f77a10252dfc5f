package kritis

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"kritisgraph/internal/kritis/channel"
	"kritisgraph/internal/store"
)

// OperatorFields are what can be said of an operator; nil is nothing, unless it is null in a change.
type OperatorFields struct {
	FederalState *FederalStateCode
	Sectors      []string
	Website      *string
	Email        *string
	Phone        *string
	BackupPower  *time.Duration
	Attributes   *SubjectAttributesInput
	Tlp          *Tlp
}

// OperatorCreateInput registers an operator.
type OperatorCreateInput struct {
	ClientMutationID *string
	Name             string
	OperatorFields
	Statement
	Reason *string
}

// OperatorChangeInput changes an operator.
type OperatorChangeInput struct {
	Editing
	Name *string
	OperatorFields
	Statement
}

// OperatorPayload is what became of a change of an operator.
type OperatorPayload struct {
	Operator         *Operator
	UserErrors       []*UserError
	ConsistencyToken *string
}

// newReference is a reference that nobody else has, given by the directory: a caller that chose one would learn of hidden ones.
func newReference(prefix string) string {
	return prefix + strings.ToLower(ulid.Make().String()[16:])
}

// maxLength is the greatest length of time that can be entered.
const maxLength = 10 * 365 * 24 * time.Hour

// length writes a length of time in seconds.
func (e *edit) length(prop, place string, value *time.Duration, cleared bool) {
	switch {
	case cleared:
		delete(e.props, prop)
	case value == nil:
	case *value < 0 || *value > maxLength:
		e.bad(field(place), "%s takes a length of time from PT0S to P3650D.", place)
	default:
		e.props[prop] = store.Int(int64(*value / time.Second))
	}
}

// marking writes who may have a record. RED is for the situation centre to say: it hides the record from those who supervise by law.
func (e *edit) marking(p Principal, own *store.Visibility, tlp *Tlp) {
	if tlp == nil {
		return
	}
	var marking store.TLP
	if err := marking.UnmarshalText([]byte(*tlp)); err != nil {
		e.bad(inputPath("tlp"), "%v", err)
		return
	}
	if !p.mayMark(own.TLP, marking) {
		e.bad(inputPath("tlp"), "%s", mayNotMark)
		return
	}
	own.TLP = marking
}

const mayNotMark = "Only the situation centre marks something above AMBER_STRICT, or takes such a marking away."

// mayMark reports whether the caller may change a marking: RED is for the situation centre to give and to take.
func (p Principal) mayMark(was, is store.TLP) bool {
	return was.Effective() == is || max(was.Effective(), is) <= store.TLPAmberStrict || p.has(RoleSituationCentre)
}

// operator writes what is said of an operator.
func (e *edit) operator(book *Rulebook, name *string, in OperatorFields, s Statement, cleared func(string) bool) {
	e.text("name", "name", name, false, maxName)
	seat := (*string)(in.FederalState)
	e.text("seatCode", "federalState", seat, cleared("federalState"), maxName)
	if in.Sectors != nil {
		e.sectors(book, in.Sectors)
	}
	e.address("website", in.Website, cleared("website"), channel.Website)
	e.address("email", in.Email, cleared("email"), channel.Email)
	e.address("phone", in.Phone, cleared("phone"), channel.Phone)
	e.length("backupPowerSeconds", "backupPower", in.BackupPower, cleared("backupPower"))
	e.attributes(in.Attributes, cleared)
	e.statement(s)
}

func (e *edit) sectors(book *Rulebook, slugs []string) {
	var known []string
	for _, s := range book.sectors { // in the order of the data
		if slices.Contains(slugs, s.Slug()) {
			known = append(known, s.Slug())
		}
	}
	for _, slug := range slugs {
		if !slices.Contains(known, slug) {
			e.bad(inputPath("sectors"), "There is no sector %q: give slugs of the directory, such as energy.", slug)
		}
	}
	if len(known) == 0 && len(slugs) == 0 {
		e.bad(inputPath("sectors"), "Give at least one sector.")
	}
	e.props["sectorSlugs"] = store.Strings(known...)
}

func never(string) bool { return false }

// CreateOperator registers an operator.
func (v *View) CreateOperator(ctx context.Context, in OperatorCreateInput) (*OperatorPayload, error) {
	m := mutation{name: "operatorCreate", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		if !v.principal.has(needs[ActionOperatorEdit]...) {
			return refuse(userError(UserForbidden, inputPath(), "You may not register operators: administrators, the situation centre and supervisory authorities may.")), nil
		}
		book, err := v.Rulebook(ctx)
		if err != nil {
			return draft{}, err
		}
		reference := newReference("op-")
		n := store.Node{
			ID: store.NewID(string(LabelOperator), reference), Own: store.Visibility{TLP: store.TLPAmber},
			Props: map[string]store.Value{"reference": store.String(reference)},
		}
		change := v.edit(n.Props)
		change.operator(book, &in.Name, in.OperatorFields, in.Statement, never)
		if in.Sectors == nil {
			change.sectors(book, nil)
		}
		change.marking(v.principal, &n.Own, in.Tlp)
		e := &estate{operator: &n}
		return v.estateDraft(ctx, book, change, in.Statement, EventOperatorChanged, []store.ID{n.ID}, e)
	})
	return operatorPayload(ctx, out, err)
}

// ChangeOperator changes an operator.
func (v *View) ChangeOperator(ctx context.Context, in OperatorChangeInput) (*OperatorPayload, error) {
	m := mutation{name: "operatorChange", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		book, err := v.Rulebook(ctx)
		if err != nil {
			return draft{}, err
		}
		e, n, refused, err := v.editableEstate(ctx, in.ID, in.ExpectedVersion, LabelOperator)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		runs := v.principal.runs(n.ID.Key(), n.Settled)
		if !runs && (in.Attributes != nil || in.FederalState != nil || in.cleared("federalState") || in.clearedAny("attributes.")) {
			return refuse(userError(UserForbidden, inputPath(), "Its seat and its attributes decide who supervises all that it runs: the operator itself, administrators and the situation centre change them.")), nil
		}
		change, sectors := v.edit(n.Props), n.Prop("sectorSlugs").List()
		change.operator(book, in.Name, in.OperatorFields, in.Statement, in.cleared)
		if in.Sectors != nil && !runs { // one goes only if no facility has it, and not every caller may know that
			n.Props["sectorSlugs"] = store.Strings(sortedSet(append(sectors, n.Prop("sectorSlugs").List()...))...)
		}
		change.marking(v.principal, &n.Own, in.Tlp)
		return v.estateDraft(ctx, book, change, in.Statement, EventOperatorChanged, []store.ID{n.ID}, e)
	})
	return operatorPayload(ctx, out, err)
}

// OperatorWithdrawInput ends the registration of an operator.
type OperatorWithdrawInput struct{ WithdrawInput }

// WithdrawOperator ends the registration of an operator and of its facilities.
func (v *View) WithdrawOperator(ctx context.Context, in OperatorWithdrawInput) (*OperatorPayload, error) {
	m := mutation{name: "operatorWithdraw", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		e, n, refused, err := v.editableEstate(ctx, in.ID, in.ExpectedVersion, LabelOperator)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		if !v.principal.runs(n.ID.Key(), n.Settled) {
			return refuse(userError(UserForbidden, inputPath("id"),
				"You may not withdraw an operator with all its facilities: the operator itself, administrators and the situation centre may.")), nil
		}
		change := v.edit(n.Props)
		change.end(in.ValidUntil)
		if refused := reasoned(in.Reason); refused != nil {
			change.errors = append(change.errors, refused)
		}
		until := n.Prop(store.ValidUntil)
		for _, f := range e.facilities {
			if had := f.Prop(store.ValidUntil).Text(); had == "" || had > until.Text() {
				f.Props[store.ValidUntil] = until
			}
		}
		return v.estateDraft(ctx, nil, change, Statement{}, EventOperatorChanged, []store.ID{n.ID}, e)
	})
	return operatorPayload(ctx, out, err)
}

func operatorPayload(ctx context.Context, out outcome, err error) (*OperatorPayload, error) {
	if err != nil {
		return nil, err
	}
	p := &OperatorPayload{UserErrors: append([]*UserError{}, out.errors...), ConsistencyToken: out.token}
	p.Operator, err = resultOf[*Operator](ctx, out)
	return p, err
}

// registeredName names an operator or facility in a message.
var registeredName = map[store.Label]string{LabelOperator: "The operator", LabelFacility: "The facility"}

// editableEstate reads the estate of an operator or a facility that the caller may change, and its node; or says why not.
func (v *View) editableEstate(ctx context.Context, globalID string, expected *int32, label store.Label) (*estate, *store.Node, *UserError, error) {
	seen, refused, err := v.editable(ctx, globalID, label, registeredName[label], "id")
	if err != nil || refused != nil {
		return nil, nil, refused, err
	}
	e, err := v.readEstate(ctx, seen.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, missing(registeredName[label], "id"), nil
	}
	if err != nil {
		return nil, nil, nil, err
	}
	n := e.node(seen.ID)
	if n == nil || !v.principal.scope.Shows(n.Settled) { // it moved or was hidden since it was looked at
		return nil, nil, missing(registeredName[label], "id"), nil
	}
	if !v.principal.mayEditRegistered(e.operator.ID.Key(), n.Settled) {
		return nil, nil, userError(UserForbidden, inputPath("id"),
			"You may not change it: the operator itself, its supervisory authorities, administrators and the situation centre may."), nil
	}
	return e, n, outdated(*n, expected), nil
}

// estateDraft commits the change of nodes of the first estate, its subjects, with all that follows from it: audiences, edges and, where
// other authorities supervise, incidents. A withdrawal, which takes no rulebook, changes nobody's sight. What would be out of the sight
// of the caller is refused: it could not mend it.
func (v *View) estateDraft(ctx context.Context, book *Rulebook, made *edit, s Statement, event string, subjects []store.ID, estates ...*estate) (draft, error) {
	if len(made.errors) > 0 {
		return refuse(made.errors...), nil
	}
	c := &changing{evidence: s.props()}
	for _, e := range estates {
		if book != nil {
			if err := e.settle(book, made.now); err != nil {
				return draft{}, err
			}
		}
		e.commit(c, subjects)
	}
	for _, subject := range subjects {
		if refused := v.keepsSight(estates[0], subject); refused != nil {
			return refuse(refused), nil
		}
		c.Events = append(c.Events, store.Event{Type: event, Subject: subject})
	}
	if e := estates[0]; book != nil && e.abandoned() && !v.principal.has(RoleAdministrator, RoleSituationCentre) {
		return refuse(userError(UserBadInput, inputPath("federalState"), "Without a seat and facilities no authority sees the operator: give the Land of its seat.")), nil
	}
	if book != nil {
		if err := v.followIncidents(ctx, c, estates...); err != nil {
			return draft{}, err
		}
	}
	c.Result = subjects
	return draft{Change: c.Change}, nil
}

// keepsSight refuses a change after which the caller would not see its subject, or could not have entered it.
func (v *View) keepsSight(e *estate, subject store.ID) *UserError {
	n := e.node(subject)
	after := e.visibility(n)
	if _, known := e.was[subject]; !known && !v.principal.mayEditRegistered(e.operator.ID.Key(), after) {
		return userError(UserForbidden, inputPath(), "You may not enter this: it is not within what you supervise or run.")
	}
	if v.principal.scope.Shows(after) {
		return nil
	}
	open := after
	open.TLP = store.TLPClear
	if v.principal.scope.Shows(open) {
		return userError(UserBadInput, inputPath("tlp"), "You would not see it any more with this marking: give one up to your own.")
	}
	return userError(UserForbidden, inputPath(), "You would not see it any more after this change: ask its operator or the situation centre to make it.")
}
