package kritis

import (
	"context"
	"maps"
	"slices"

	"kritisgraph/internal/kritis/sheet"
	"kritisgraph/internal/store"
)

// DependencyImportInput is a spreadsheet of what an operator and its facilities depend on, see [DependencyColumns].
type DependencyImportInput struct {
	ClientMutationID *string
	Operator         *string // nil: of anybody
	Csv              string
	DryRun           bool
	Statement
	Reason *string
}

// ImportDependencies states and changes dependencies as the rows of a spreadsheet say, all in one commit or none. What a row does not
// say stays, and no dependency goes. One that was withdrawn is valid again as the same.
func (v *View) ImportDependencies(ctx context.Context, in DependencyImportInput) (*ImportPayload, error) {
	m := mutation{name: "dependencyImport", key: in.ClientMutationID, input: in, reason: in.Reason, dryRun: in.DryRun}
	p := &ImportPayload{}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (d draft, err error) {
		p, d, err = v.dependenciesDraft(ctx, in)
		return d, err
	})
	if err != nil {
		return nil, err
	}
	if out.before != 0 { // and nobody built the change again
		if p, err = v.importedBefore(ctx, in, out); err != nil {
			return nil, err
		}
	}
	return p.payload(out), nil
}

// importedBefore tells what an import did that happened before: the versions that it wrote say what was new.
func (v *View) importedBefore(ctx context.Context, in DependencyImportInput, out outcome) (*ImportPayload, error) {
	rows, _ := sheet.Read([]byte(in.Csv), DependencyColumns())
	p := &ImportPayload{Changed: count(len(out.result)), Unchanged: count(len(rows) - len(out.result))}
	page, err := v.app.store.Log(ctx, Maintenance(), store.LogQuery{After: out.before - 1, UpTo: out.before, Limit: 1})
	if err != nil {
		return nil, err
	}
	for _, e := range page.Records[0].Change.Link {
		if e.Version == 1 {
			p.Created, p.Changed = p.Created+1, p.Changed-1
		}
	}
	return p, nil
}

// dependencyImport is an import in the making.
type dependencyImport struct {
	view      *View
	in        DependencyImportInput
	operator  store.ID                // whose dependencies they are; empty: anybody's
	ends      map[string]store.Node   // what the caller sees, by reference
	owners    map[store.ID]store.Node // by facility, whoever sees them
	had       map[store.ID]*Dependency
	links     []store.Edge
	relied    map[store.ID]int64 // versions of all that was read
	created   int
	changed   int
	unchanged int
}

// dependenciesDraft is the change that the rows make, and what it tells of them.
func (v *View) dependenciesDraft(ctx context.Context, in DependencyImportInput) (*ImportPayload, draft, error) {
	none := &ImportPayload{}
	if errs := v.statementErrors(in.Statement); len(errs) > 0 {
		return none, refuse(errs...), nil
	}
	im := &dependencyImport{view: v, in: in, relied: map[store.ID]int64{}}
	if refused, err := im.whose(ctx); err != nil || refused != nil {
		return none, refuse(refused), err
	}
	rows, found := sheet.Read([]byte(in.Csv), DependencyColumns())
	doubled(rows, "provider", "state the same dependency", dependencyOf)
	if err := im.read(ctx, rows); err != nil {
		return none, draft{}, err
	}
	for _, row := range rows {
		im.row(row)
	}
	if found.Any() {
		return &ImportPayload{RowErrors: rowErrors(found)}, refusedRows(found), nil
	}
	return &ImportPayload{Created: count(im.created), Changed: count(im.changed), Unchanged: count(im.unchanged)}, im.draft(), nil
}

// whose finds the operator of the import, or says why there is none.
func (im *dependencyImport) whose(ctx context.Context) (*UserError, error) {
	if im.in.Operator == nil {
		if im.view.principal.has(RoleAdministrator, RoleSituationCentre) {
			return nil, nil
		}
		return userError(UserForbidden, inputPath("operator"), "Give the operator of what depends: administrators and the situation centre alone import for several."), nil
	}
	op, refused, err := im.view.editable(ctx, *im.in.Operator, LabelOperator, registeredName[LabelOperator], "operator")
	im.operator = op.ID
	return refused, err
}

// dependencyOf names the dependency of a row, empty where the row names none.
func dependencyOf(row *sheet.Row) string {
	provider, dependent := row.Text("provider"), row.Text("dependent")
	if provider == nil || dependent == nil {
		return ""
	}
	return *provider + "\x00" + *dependent + "\x00" + deref(row.Text("need"))
}

// atOnceRead is how many dependencies are read at once: a page holds all that lead from one provider.
const atOnceRead = 500

// read reads what the rows name: the ends that the caller sees, who runs them, and the dependencies that there are.
func (im *dependencyImport) read(ctx context.Context, rows []*sheet.Row) error {
	found, err := im.view.reader.Nodes(ctx, namedEnds(rows))
	if err != nil {
		return err
	}
	im.ends = map[string]store.Node{}
	var seen []store.ID
	for _, n := range found {
		im.ends[n.ID.Key()] = n
		seen = append(seen, n.ID)
	}
	if im.owners, err = im.view.ownersOf(ctx, seen...); err != nil {
		return err
	}
	var edges []store.ID
	for _, row := range rows {
		if ends, ok := im.endsOf(row); ok {
			edges = append(edges, DependencyID(ends.provider.ID, ends.dependent.ID, deref(row.Text("need"))))
		}
	}
	im.had = map[store.ID]*Dependency{}
	for part := range slices.Chunk(edges, atOnceRead) {
		had, err := im.view.dependencies(ctx, part)
		if err != nil {
			return err
		}
		maps.Copy(im.had, had)
	}
	return nil
}

// namedEnds are the ids that the references of the rows can be: of a facility or of an operator.
func namedEnds(rows []*sheet.Row) []store.ID {
	var out []store.ID
	for _, row := range rows {
		for _, reference := range []*string{row.Text("provider"), row.Text("dependent")} {
			for _, label := range registeredLabels {
				if id := store.NewID(string(label), deref(reference)); id.Valid() {
					out = append(out, id)
				}
			}
		}
	}
	return out
}

// endsOf are the ends that a row names, false where the caller does not see both.
func (im *dependencyImport) endsOf(row *sheet.Row) (*dependencyEnds, bool) {
	provider, seen := im.ends[deref(row.Text("provider"))]
	dependent, both := im.ends[deref(row.Text("dependent"))]
	return &dependencyEnds{provider: provider, dependent: dependent, owners: im.owners}, seen && both
}

// row makes the dependency of a row, or says what is wrong with it.
func (im *dependencyImport) row(row *sheet.Row) {
	ends, ok := im.endsOf(row)
	if !ok {
		im.lacks(row, "provider", "The provider")
		im.lacks(row, "dependent", "The dependent")
	} else {
		im.mayState(row, ends)
	}
	need := deref(row.Text("need"))
	had := im.had[DependencyID(ends.provider.ID, ends.dependent.ID, need)]
	if !ok || had == nil || had.text(store.ValidUntil) != "" && had.text(store.ValidUntil) <= string(DayOf(im.view.now)) {
		im.create(row, ends, had)
		return
	}
	im.change(row, ends, had)
}

// lacks tells that the caller does not see an end: what is hidden and what does not exist are missing alike.
func (im *dependencyImport) lacks(row *sheet.Row, column, what string) {
	if _, seen := im.ends[deref(row.Text(column))]; seen {
		return
	}
	if row.Says(column) {
		row.Bad(column, "%s", missing(what).Message)
		return
	}
	row.Bad(column, "Give the reference of a facility or an operator, such as demo-fa-0001.")
}

// mayState tells what the caller may not say.
func (im *dependencyImport) mayState(row *sheet.Row, ends *dependencyEnds) {
	if ends.provider.ID == ends.dependent.ID {
		row.Bad("provider", "Nothing depends on itself: give another provider or dependent.")
	}
	if im.operator != "" && ends.operator() != im.operator.Key() {
		row.Bad("dependent", "The operator of the import does not run %s: what depends is the operator or one of its facilities.", ends.dependent.ID.Key())
	}
	if refused := im.view.mayNotState(ends, "dependent"); refused != nil {
		row.Bad("dependent", "%s", refused.Message)
	}
	if refused := ends.over(DayOf(im.view.now), "provider", "dependent"); refused != nil {
		tellErrors(row, []*UserError{refused}, dependencyPlaces)
	}
}

// create states the dependency of a row from today on, again where it was withdrawn.
func (im *dependencyImport) create(row *sheet.Row, ends *dependencyEnds, had *Dependency) {
	needed(row)
	change := im.view.edit(map[string]store.Value{})
	need := change.need(row.Text("need"))
	change.dependency(dependencyInput(row, object{}, im.in.Statement))
	tellErrors(row, change.errors, dependencyPlaces)
	if had == nil {
		im.created++
	} else {
		im.changed++
	}
	im.link(ends.stated(need, change.now, change.props, had), ends)
}

// change writes a row into a dependency that there is.
func (im *dependencyImport) change(row *sheet.Row, ends *dependencyEnds, had *Dependency) {
	change := im.view.edit(had.node.Clone().Props)
	change.dependency(dependencyInput(row, had.object, im.in.Statement))
	tellErrors(row, change.errors, dependencyPlaces)
	if sameFacts(change.props, had.node.Props) && !otherEvidence(row, change.props, had.node.Props) {
		im.unchanged++
		return
	}
	delete(change.props, "confirmedAt")
	im.changed++
	im.link(store.Edge{ID: had.node.ID, From: had.edge.From, To: had.edge.To, Props: change.props, Version: had.node.Version}, ends)
}

// otherEvidence reports whether a row itself says where it was seen, on another day or in another place than before.
func otherEvidence(row *sheet.Row, is, was map[string]store.Value) bool {
	for column, prop := range map[string]string{"source": "source", "as_of": "asOf", "confidence": "confidence"} {
		if row.Says(column) && !is[prop].Equal(was[prop]) {
			return true
		}
	}
	return false
}

// link adds a dependency to the change, if everything is as it was read.
func (im *dependencyImport) link(e store.Edge, ends *dependencyEnds) {
	im.links = append(im.links, e)
	im.relied[e.ID] = e.Version
	for _, n := range []store.Node{ends.provider, ends.dependent} {
		im.relied[n.ID] = n.Version
		if owner, run := im.owners[n.ID]; run {
			im.relied[owner.ID] = owner.Version
		}
	}
}

// draft is the change of all rows.
func (im *dependencyImport) draft() draft {
	c := store.Change{Link: im.links}
	for _, e := range im.links {
		c.Result = append(c.Result, e.ID)
		c.Events = append(c.Events, store.Event{Type: EventDependencyChanged, Subject: e.ID})
	}
	for id, version := range im.relied {
		c.If = append(c.If, store.Cond{ID: id, Version: version})
	}
	return draft{Change: c, nothing: len(im.links) == 0}
}
