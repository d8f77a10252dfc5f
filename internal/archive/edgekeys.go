package archive

import (
	"context"
	"fmt"

	"kritisgraph/internal/store"
)

// keys checks that no two edges of a type would share the property that names them.
func (m *merger) keys(ctx context.Context) error {
	for _, def := range m.schema.Edges {
		if prop := m.edgeKeys[def.Type]; prop != "" {
			if err := m.key(ctx, def, prop); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *merger) key(ctx context.Context, def store.EdgeDef, prop string) error {
	fresh, holder := map[store.ID]bool{}, map[string]store.ID{}
	for _, e := range m.change.Link {
		key := e.Prop(prop).Text()
		if e.Type() != def.Type || key == "" {
			continue
		}
		if other, taken := holder[key]; taken {
			return failAt(m.lineOf(e.ID), "%s and %s have the same %s", e.ID, other, prop)
		}
		fresh[e.ID], holder[key] = true, e.ID
	}
	if len(holder) == 0 || m.empty {
		return nil
	}
	return m.leaving(ctx, def, prop, func(e store.Edge) error {
		if id, taken := holder[e.Prop(prop).Text()]; taken && !fresh[e.ID] {
			return failAt(m.lineOf(id), "%s has the %s that %s has in this store", id, prop, e.ID)
		}
		return nil
	})
}

// leaving goes through the edges of a type in the store, with one property each: no index holds what edges say.
func (m *merger) leaving(ctx context.Context, def store.EdgeDef, prop string, each func(store.Edge) error) error {
	for _, label := range def.From {
		q := store.Query{Labels: []store.Label{label}, Limit: store.MaxPage}
		for {
			page, err := m.store.List(ctx, m.scope, q)
			if err != nil {
				return err
			}
			from := make([]store.ID, len(page.Hits))
			for i, hit := range page.Hits {
				from[i] = hit.Node.ID
			}
			w := store.Walk{From: from, Follow: []store.Step{{Edge: def.Type, Dir: store.Out}}, Props: []string{prop}, Depth: 1, MaxNodes: store.MaxWalk, MaxEdges: store.MaxEdges}
			if err := m.walk(ctx, w, each); err != nil {
				return err
			}
			if !page.More {
				break
			}
			q.Start = &page.Hits[len(page.Hits)-1].Position
		}
	}
	return nil
}

// walk goes through the edges of a walk, in parts where it is too large for one.
func (m *merger) walk(ctx context.Context, w store.Walk, each func(store.Edge) error) error {
	if len(w.From) == 0 {
		return nil
	}
	g, err := m.store.Traverse(ctx, m.scope, w)
	switch {
	case err != nil:
		return err
	case g.Truncated && len(w.From) == 1:
		return fmt.Errorf("%s has more edges than one walk shows", w.From[0])
	case g.Truncated:
		first, second := w, w
		half := len(w.From) / 2
		first.From, second.From = w.From[:half], w.From[half:]
		if err := m.walk(ctx, first, each); err != nil {
			return err
		}
		return m.walk(ctx, second, each)
	}
	for _, e := range g.Edges {
		if err := each(e); err != nil {
			return err
		}
	}
	return nil
}
