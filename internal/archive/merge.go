package archive

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kritisgraph/internal/store"
)

// merger finds the change that brings a store with data to what a file says.
type merger struct {
	store  *store.Store // nil if empty
	schema store.Schema
	scope  store.Scope
	items  []item // by id
	empty  bool
	change store.Change
	report Report

	edgeKeys map[store.EdgeType]string
}

// batch is how many ids one question to the store names.
const batch = 1_000

func (m *merger) compare(ctx context.Context) error {
	for part := range slices.Chunk(m.items, batch) {
		have, err := m.past(ctx, part)
		if err != nil {
			return err
		}
		for _, i := range part {
			if err := m.add(i, have[i.id()]); err != nil {
				return err
			}
		}
	}
	if n := m.change.Size(); n > store.MaxChange {
		return fmt.Errorf("%w: %d things differ, but one import changes at most %d: split it, or import into an empty store",
			ErrFile, n, store.MaxChange)
	}
	if err := m.ends(ctx); err != nil {
		return err
	}
	if err := m.unique(ctx); err != nil {
		return err
	}
	return m.keys(ctx)
}

// past reads what the store says of the things.
func (m *merger) past(ctx context.Context, part []item) (map[store.ID]store.Past, error) {
	if m.empty {
		return map[store.ID]store.Past{}, nil
	}
	ids := make([]store.ID, len(part))
	for i, item := range part {
		ids[i] = item.id()
	}
	return m.store.Past(ctx, m.scope, ids)
}

func (m *merger) add(i item, had store.Past) error {
	id := i.id()
	switch {
	case had.Gone:
		return failAt(i.line, "%s was deleted in this store, and an id is never used again", id)
	case had.Version > 0 && i.edge != nil && (had.Edge.From != i.edge.From || had.Edge.To != i.edge.To):
		return failAt(i.line, "the ends of %s cannot change: here it leads from %s to %s", id, had.Edge.From, had.Edge.To)
	case had.Version > 0 && i.same(had):
		m.report.Unchanged++
		return nil
	case had.Version > 0:
		m.report.Changed = append(m.report.Changed, id)
	default:
		m.report.Created = append(m.report.Created, id)
	}
	m.change.If = append(m.change.If, store.Cond{ID: id, Version: had.Version})
	if i.node != nil {
		m.change.Put = append(m.change.Put, *i.node)
	} else {
		m.change.Link = append(m.change.Link, *i.edge)
	}
	return nil
}

func (i item) same(had store.Past) bool {
	if i.edge != nil {
		return had.Edge.SameContent(*i.edge)
	}
	return had.Node.SameContent(*i.node)
}

// ends checks that the edges that differ end at nodes of the file or of the store.
func (m *merger) ends(ctx context.Context) error {
	exists := map[store.ID]bool{}
	for _, i := range m.items {
		exists[i.id()] = i.node != nil
	}
	missing := map[store.ID]bool{}
	for _, e := range m.change.Link {
		for _, end := range []store.ID{e.From, e.To} {
			if !exists[end] {
				missing[end] = true
			}
		}
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(missing)), batch) {
		if m.empty {
			break
		}
		found, err := m.store.Nodes(ctx, m.scope, part)
		if err != nil {
			return err
		}
		for _, n := range found {
			exists[n.ID] = true
		}
	}
	for _, e := range m.change.Link {
		for _, end := range []store.ID{e.From, e.To} {
			if !exists[end] {
				return failAt(m.lineOf(e.ID), "the edge %s ends at %s, which neither the file nor the store has", e.ID, end)
			}
		}
	}
	return nil
}

func (m *merger) lineOf(id store.ID) int {
	for _, i := range m.items {
		if i.id() == id {
			return i.line
		}
	}
	return 0
}

// unique checks that no two nodes would share a property that belongs to one.
func (m *merger) unique(ctx context.Context) error {
	for _, label := range m.schema.Labels {
		for _, p := range label.Props {
			if !p.Unique {
				continue
			}
			if err := m.uniqueProp(ctx, label.Label, p.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *merger) uniqueProp(ctx context.Context, label store.Label, prop string) error {
	fresh, holder := map[store.ID]bool{}, map[string]store.ID{}
	var values []store.Value
	for _, n := range m.change.Put {
		v := n.Prop(prop)
		if n.Label() != label || v.IsZero() {
			continue
		}
		if other, taken := holder[v.GoString()]; taken {
			return failAt(m.lineOf(n.ID), "%s and %s have the same %s", n.ID, other, prop)
		}
		fresh[n.ID], holder[v.GoString()] = true, n.ID
		values = append(values, v)
	}
	for part := range slices.Chunk(values, batch) {
		if m.empty {
			break
		}
		page, err := m.store.List(ctx, m.scope, store.Query{Labels: []store.Label{label}, Where: store.Where(prop, store.IN, part...)})
		if err != nil {
			return err
		}
		for _, hit := range page.Hits {
			if id := holder[hit.Node.Prop(prop).GoString()]; !fresh[hit.Node.ID] {
				return failAt(m.lineOf(id), "%s has the %s that %s has in this store", id, prop, hit.Node.ID)
			}
		}
	}
	return nil
}
