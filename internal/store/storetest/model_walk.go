package storetest

import (
	"cmp"
	"context"
	"slices"

	"kritisgraph/internal/store"
)

// Traverse is written for itself, not by store.WalkLevels, which it helps to test.
func (m *model) Traverse(ctx context.Context, scope store.Scope, w store.Walk) (store.Subgraph, error) {
	v, err := m.view(ctx, scope)
	if err != nil {
		return store.Subgraph{}, err
	}
	var start []store.Node
	for _, n := range v.shown() {
		if slices.Contains(w.From, n.ID) {
			start = append(start, n)
		}
	}
	t := traversal{view: v, walk: w, shown: map[store.ID]bool{}, met: map[store.ID]bool{}}
	level := t.show(start)
	for range w.Depth {
		level = t.step(level)
	}
	return t.graph, nil
}

type traversal struct {
	view
	walk  store.Walk
	graph store.Subgraph
	shown map[store.ID]bool
	met   map[store.ID]bool
}

// show adds those of nodes that are new, by id and within the bound, and returns the ids of those that may be left.
func (t *traversal) show(nodes []store.Node) map[store.ID]bool {
	level := map[store.ID]bool{}
	slices.SortFunc(nodes, byID)
	for _, n := range nodes {
		switch {
		case t.shown[n.ID]:
		case len(t.graph.Nodes) == t.walk.MaxNodes:
			t.graph.Truncated = true
		default:
			t.shown[n.ID] = true
			level[n.ID] = !slices.Contains(t.walk.Stop, n.Label())
			n = n.Clone()
			n.Props = project(n.Props, t.walk.Props)
			t.graph.Nodes = append(t.graph.Nodes, n)
		}
	}
	return level
}

func (t *traversal) step(level map[store.ID]bool) map[store.ID]bool {
	var fresh []far
	for _, e := range t.edges {
		if n, ok := t.crosses(e, level); ok && !t.met[e.ID] {
			fresh = append(fresh, far{n, e})
		}
	}
	slices.SortFunc(fresh, func(a, b far) int { return cmp.Compare(a.edge.ID, b.edge.ID) })
	if room := t.walk.MaxEdges - len(t.met); len(fresh) > room {
		t.graph.Truncated = true
		fresh = fresh[:room]
	}
	var reached []store.Node
	for _, f := range fresh {
		t.met[f.edge.ID] = true
		reached = append(reached, f.node)
	}
	next := t.show(reached)
	for _, f := range fresh {
		if t.shown[f.edge.From] && t.shown[f.edge.To] {
			f.edge.Props = project(f.edge.Props, t.walk.Props)
			t.graph.Edges = append(t.graph.Edges, f.edge)
		}
	}
	return next
}

// crosses reports whether the walk follows the edge from a node of the level, and the node at its far end.
func (t *traversal) crosses(e store.Edge, level map[store.ID]bool) (store.Node, bool) {
	if !store.ValidOn(e.Props, t.walk.ValidOn) {
		return store.Node{}, false
	}
	for _, step := range t.walk.Follow {
		near, other := e.From, e.To
		if step.Dir == store.In {
			near, other = e.To, e.From
		}
		if step.Edge != e.Type() || !level[near] {
			continue
		}
		if n, ok := t.node(other); ok && store.ValidOn(n.Props, t.walk.ValidOn) {
			return n, true
		}
	}
	return store.Node{}, false
}

// project returns the properties with the given names; nil names return all.
func project(props map[string]store.Value, names []string) map[string]store.Value {
	if names == nil {
		return props
	}
	out := map[string]store.Value{}
	for _, name := range names {
		if v, ok := props[name]; ok {
			out[name] = v
		}
	}
	return out
}
