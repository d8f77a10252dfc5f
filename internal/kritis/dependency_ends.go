package kritis

import (
	"context"

	"kritisgraph/internal/store"
)

// dependencyEnds are the two ends of a dependency that is changed, as they were read, and the operators that run them: what may be
// done follows from all.
type dependencyEnds struct {
	provider, dependent store.Node
	owners              map[store.ID]store.Node // by facility
}

// over refuses what ended by a day, at the field of each end.
func (s *dependencyEnds) over(day Day, provider, dependent string) *UserError {
	if refused := ended(s.provider, day, provider); refused != nil {
		return refused
	}
	return ended(s.dependent, day, dependent)
}

// stated is the dependency between the ends from a day on: a new one, or the one that there was before.
func (s *dependencyEnds) stated(need string, first Day, props map[string]store.Value, had *Dependency) store.Edge {
	e := store.Edge{ID: DependencyID(s.provider.ID, s.dependent.ID, need), From: s.provider.ID, To: s.dependent.ID, Props: props}
	if had == nil {
		e.Props["number"] = store.String(newReference("dep-"))
	} else {
		e.Version, e.Props["number"] = had.node.Version, had.node.Prop("number")
	}
	if first != "" {
		e.Props[store.ValidFrom] = store.String(string(first))
	}
	return e
}

// draft commits the dependency if everything is as it was read.
func (s *dependencyEnds) draft(e store.Edge) draft {
	c := store.Change{
		Link: []store.Edge{e}, If: []store.Cond{{ID: e.ID, Version: e.Version}}, Result: []store.ID{e.ID},
		Events: []store.Event{{Type: EventDependencyChanged, Subject: e.ID}},
	}
	relied := map[store.ID]int64{s.provider.ID: s.provider.Version, s.dependent.ID: s.dependent.Version}
	for _, n := range s.owners {
		relied[n.ID] = n.Version
	}
	for id, version := range relied {
		c.If = append(c.If, store.Cond{ID: id, Version: version})
	}
	return draft{Change: c}
}

// registeredID reads the id of a facility or operator, at a place of the input. What is none is empty.
func (in DependencySubjectInput) registeredID(place string) (store.ID, *UserError) {
	id, label := in.Facility, LabelFacility
	switch {
	case in.Branch != nil:
		return "", userError(UserBadInput, inputPath(place, "branch"), "Dependencies of branches are reference data: give a facility or an operator.")
	case in.Service != nil:
		return "", userError(UserBadInput, inputPath(place, "service"), "Services take their dependencies from their branch, which is reference data: give a facility or an operator.")
	case in.Operator != nil:
		id, label = in.Operator, LabelOperator
	}
	if id == nil {
		return "", userError(UserBadInput, inputPath(place), "Give a facility or an operator.")
	}
	parsed, err := ParseGlobalID(*id)
	if err != nil || store.Label(parsed.Kind()) != label {
		return "", nil
	}
	return parsed, nil
}

// endsFor reads the ends of a dependency that the caller may state, in one read, or says why not. What is hidden and what does not
// exist are missing alike.
func (v *View) endsFor(ctx context.Context, in *DependencyCreateInput) (*dependencyEnds, []*UserError, error) {
	from, badFrom := in.Provider.registeredID("provider")
	to, badTo := in.Dependent.registeredID("dependent")
	if refused := present(badFrom, badTo); len(refused) > 0 {
		return nil, refused, nil
	}
	if from == to && from != "" {
		return nil, []*UserError{userError(UserBadInput, inputPath("provider"), "Nothing depends on itself: give another provider or dependent.")}, nil
	}
	ends, refused, err := v.readEnds(ctx, from, to)
	if err != nil || len(refused) > 0 {
		return nil, refused, err
	}
	return ends, present(v.mayNotState(ends, "dependent")), nil
}

// present returns the errors that there are.
func present(errs ...*UserError) []*UserError {
	var out []*UserError
	for _, err := range errs {
		if err != nil {
			out = append(out, err)
		}
	}
	return out
}

// readEnds reads two ends that the caller sees, and with the sight of the program who runs them: nothing of that is shown.
func (v *View) readEnds(ctx context.Context, from, to store.ID) (*dependencyEnds, []*UserError, error) {
	found, err := v.reader.Nodes(ctx, []store.ID{from, to})
	if err != nil {
		return nil, nil, err
	}
	ends := &dependencyEnds{}
	refused := []*UserError{missing("The provider", "provider"), missing("The dependent", "dependent")}
	for _, n := range found {
		switch n.ID {
		case from:
			ends.provider, refused[0] = n, nil
		case to:
			ends.dependent, refused[1] = n, nil
		}
	}
	if refused := present(refused...); len(refused) > 0 {
		return nil, refused, nil
	}
	ends.owners, err = v.ownersOf(ctx, from, to)
	return ends, nil, err
}

// ownersOf reads the operators of those of the ids that are facilities, whoever sees them.
func (v *View) ownersOf(ctx context.Context, ids ...store.ID) (map[store.ID]store.Node, error) {
	hop := store.Hop{Edge: EdgeOperates, Dir: store.In, Query: store.Query{Labels: []store.Label{LabelOperator}, Limit: 1}}
	for _, id := range ids {
		if store.Label(id.Kind()) == LabelFacility {
			hop.From = append(hop.From, id)
		}
	}
	if len(hop.From) == 0 {
		return nil, nil
	}
	pages, err := v.app.store.Neighbors(ctx, Maintenance(), []store.Hop{hop})
	if err != nil {
		return nil, err
	}
	owners := map[store.ID]store.Node{}
	for i, page := range pages[0] {
		for _, hit := range page.Hits {
			owners[hop.From[i]] = hit.Node
		}
	}
	return owners, nil
}

// operator is the key of the operator of the dependent, empty where it has none.
func (s *dependencyEnds) operator() string {
	if s.dependent.Label() == LabelOperator {
		return s.dependent.ID.Key()
	}
	return s.owners[s.dependent.ID].ID.Key()
}

// mayState reports whether the caller may say what the dependent needs, as who may change it: who runs the directory, its operator,
// and a supervisory authority that sees it by one of its competences. The provider has no say.
func (s *dependencyEnds) mayState(p Principal) bool {
	return p.mayEditRegistered(s.operator(), s.dependent.Settled)
}

// mayNotState refuses who may not say what the dependent needs.
func (v *View) mayNotState(ends *dependencyEnds, place string) *UserError {
	if ends.mayState(v.principal) {
		return nil
	}
	return userError(UserForbidden, inputPath(place),
		"You may not say what it depends on: its operator, its supervisory authorities, administrators and the situation centre may.")
}

// editableDependency reads a dependency that the caller may change, with its ends, or says why not.
func (v *View) editableDependency(ctx context.Context, globalID string, expected *int32) (*Dependency, *dependencyEnds, *UserError, error) {
	id, err := ParseGlobalID(globalID)
	if err != nil || store.Label(id.Kind()) != labelDependency {
		return nil, nil, missing("The dependency", "id"), nil
	}
	found, err := v.dependencies(ctx, []store.ID{id})
	if err != nil {
		return nil, nil, nil, err
	}
	d := found[id]
	switch {
	case d == nil:
		return nil, nil, missing("The dependency", "id"), nil
	case d.view == nil:
		return nil, nil, userError(UserForbidden, inputPath("id"), "Dependencies of branches are reference data: they change with a release."), nil
	}
	ends, refused, err := v.readEnds(ctx, d.edge.From, d.edge.To)
	switch {
	case err != nil:
		return nil, nil, nil, err
	case len(refused) > 0: // it was hidden since it was looked at
		return nil, nil, missing("The dependency", "id"), nil
	}
	if refused := v.mayNotState(ends, "id"); refused != nil {
		return nil, nil, refused, nil
	}
	return d, ends, outdated(d.node, expected), nil
}
