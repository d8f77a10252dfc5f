package archive

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kritisgraph/internal/store"
)

// Folded is the state that a log leads to: what exists, and the version of everything that ever did (negative: deleted).
type Folded struct {
	Nodes    map[store.ID]store.Node
	Edges    map[store.ID]store.Edge
	Versions map[store.ID]int64
}

func newState() *Folded {
	return &Folded{Nodes: map[store.ID]store.Node{}, Edges: map[store.ID]store.Edge{}, Versions: map[store.ID]int64{}}
}

// State folds the whole log of the store.
func State(ctx context.Context, s *store.Store, scope store.Scope) (*Folded, error) {
	head, err := s.Head(ctx, store.Mark{})
	if err != nil {
		return nil, err
	}
	state := newState()
	err = Records(ctx, s, scope, head.Seq, func(r store.Record) error {
		state.Apply(&r.Change)
		return nil
	})
	return state, err
}

// Apply brings the state to that after the change.
func (f *Folded) Apply(c *store.Change) {
	for _, n := range c.Put {
		f.Nodes[n.ID], f.Versions[n.ID] = n, n.Version
	}
	for _, e := range c.Link {
		f.Edges[e.ID], f.Versions[e.ID] = e, e.Version
	}
	for _, id := range c.Delete {
		version, _ := c.VersionOf(id)
		delete(f.Nodes, id)
		delete(f.Edges, id)
		f.Versions[id] = -(version + 1)
	}
}

// list returns nodes and edges by id.
func (f *Folded) list() ([]store.Node, []store.Edge) {
	nodes, edges := make([]store.Node, 0, len(f.Nodes)), make([]store.Edge, 0, len(f.Edges))
	for _, n := range f.Nodes {
		nodes = append(nodes, n)
	}
	for _, e := range f.Edges {
		edges = append(edges, e)
	}
	slices.SortFunc(nodes, func(a, b store.Node) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(edges, func(a, b store.Edge) int { return cmp.Compare(a.ID, b.ID) })
	return nodes, edges
}

// ends checks that the edges end at nodes that exist or come with them.
func (f *Folded) ends(edges []store.Edge, nodes []store.Node) error {
	fresh := map[store.ID]bool{}
	for _, n := range nodes {
		fresh[n.ID] = true
	}
	for _, e := range edges {
		for _, end := range []store.ID{e.From, e.To} {
			if _, ok := f.Nodes[end]; !ok && !fresh[end] {
				return fmt.Errorf("%w: the edge %s ends at %s, which does not exist", ErrFile, e.ID, end)
			}
		}
	}
	return nil
}
