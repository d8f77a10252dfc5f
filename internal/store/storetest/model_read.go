package storetest

import (
	"cmp"
	"context"
	"slices"

	"kritisgraph/internal/store"
)

// view is what a scope sees of a state.
type view struct {
	*state
	schema store.Schema
	scope  store.Scope
}

func (m *model) view(ctx context.Context, scope store.Scope) (view, error) {
	s, err := m.current(ctx)
	return view{state: s, schema: m.schema, scope: scope}, err
}

func (m *model) Nodes(ctx context.Context, scope store.Scope, ids []store.ID) ([]store.Node, error) {
	v, err := m.view(ctx, scope)
	if err != nil {
		return nil, err
	}
	var nodes []store.Node
	for i, id := range ids {
		if n, ok := v.node(id); ok && !slices.Contains(ids[:i], id) {
			nodes = append(nodes, n.Clone())
		}
	}
	return nodes, nil
}

func (m *model) List(ctx context.Context, scope store.Scope, q store.Query) (store.Page, error) {
	v, err := m.view(ctx, scope)
	if err != nil {
		return store.Page{}, err
	}
	return page(q, v.list(q)), nil
}

func (m *model) Count(ctx context.Context, scope store.Scope, q store.Query, by ...store.Key) ([]store.Group, error) {
	v, err := m.view(ctx, scope)
	if err != nil {
		return nil, err
	}
	return v.count(v.list(q), by), nil
}

func (m *model) Neighbors(ctx context.Context, scope store.Scope, hops []store.Hop) ([][]store.Page, error) {
	v, err := m.view(ctx, scope)
	if err != nil {
		return nil, err
	}
	answer := make([][]store.Page, len(hops))
	for i, h := range hops {
		for _, parent := range h.From {
			answer[i] = append(answer[i], page(h.Query, v.neighbors(h, parent)))
		}
	}
	return answer, nil
}

// node returns a node if it shows.
func (v view) node(id store.ID) (store.Node, bool) {
	n, ok := v.nodes[id]
	return n, ok && v.scope.Shows(n.Settled)
}

// shown returns the visible nodes.
func (v view) shown() []store.Node {
	var nodes []store.Node
	for _, n := range v.nodes {
		if v.scope.Shows(n.Settled) {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// far is the visible end of an edge and the edge.
type far struct {
	node store.Node
	edge store.Edge
}

// across returns what lies across the edges of a type that start at a node, or end there.
func (v view) across(id store.ID, edge store.EdgeType, dir store.Dir) []far {
	var found []far
	for _, e := range v.edges {
		near, other := e.From, e.To
		if dir == store.In {
			near, other = e.To, e.From
		}
		if e.Type() != edge || near != id {
			continue
		}
		if n, ok := v.node(other); ok {
			found = append(found, far{n, e})
		}
	}
	return found
}

// selects reports whether the query, apart from its text, selects the node.
func (v view) selects(q store.Query, n store.Node) bool {
	related := func(r store.Rel) bool {
		return slices.ContainsFunc(v.across(n.ID, r.Edge, r.Dir), func(f far) bool {
			return (r.Label == "" || f.node.Label() == r.Label) && r.Where.Match(f.node.ID, f.node.Props, nil)
		})
	}
	return (len(q.Labels) == 0 || slices.Contains(q.Labels, n.Label())) &&
		store.ValidOn(n.Props, q.ValidOn) && q.Where.Match(n.ID, n.Props, related)
}

func (v view) list(q store.Query) []store.Hit {
	var hits []store.Hit
	for _, n := range v.shown() {
		if !v.selects(q, n) {
			continue
		}
		var rank store.Rank
		if q.Text != "" {
			if rank = v.schema.Derive(n).MatchText(store.Fold(q.Text)); rank == 0 {
				continue
			}
		}
		hits = append(hits, store.Hit{Node: n.Clone(), Rank: rank, Position: v.schema.PositionOf(q, n, "", rank)})
	}
	return hits
}

func (v view) neighbors(h store.Hop, parent store.ID) []store.Hit {
	if _, ok := v.node(parent); !ok {
		return nil
	}
	var hits []store.Hit
	for _, f := range v.across(parent, h.Edge, h.Dir) {
		if v.selects(h.Query, f.node) && store.ValidOn(f.edge.Props, h.Query.ValidOn) && h.Via.Match(f.edge.ID, f.edge.Props, nil) {
			position := v.schema.PositionOf(h.Query, f.node, f.edge.ID, 0)
			hits = append(hits, store.Hit{Node: f.node.Clone(), Edge: f.edge, Position: position})
		}
	}
	return hits
}

// page sorts the hits and cuts the page of the query out of them.
func page(q store.Query, hits []store.Hit) store.Page {
	slices.SortFunc(hits, func(a, b store.Hit) int { return store.ComparePositions(q, a.Position, b.Position) })
	p := store.Page{Total: -1}
	if q.Total {
		p.Total = int64(len(hits))
	}
	for _, h := range hits {
		switch {
		case q.Start == nil,
			!q.Backwards && store.ComparePositions(q, h.Position, *q.Start) > 0,
			q.Backwards && store.ComparePositions(q, h.Position, *q.Start) < 0:
			p.Hits = append(p.Hits, h)
		}
	}
	if over := len(p.Hits) - q.Limit; over > 0 {
		p.More = true
		if q.Backwards {
			p.Hits = p.Hits[over:]
		} else {
			p.Hits = p.Hits[:q.Limit]
		}
	}
	return p
}

func (v view) count(hits []store.Hit, by []store.Key) []store.Group {
	if len(by) == 0 {
		return []store.Group{{Count: int64(len(hits))}}
	}
	var rows [][]store.Value
	for _, h := range hits {
		combined := [][]store.Value{nil}
		for _, key := range by {
			var longer [][]store.Value
			for _, row := range combined {
				for _, value := range v.values(h.Node, key) {
					longer = append(longer, append(slices.Clip(row), value))
				}
			}
			combined = longer
		}
		rows = append(rows, combined...)
	}
	compare := func(a, b []store.Value) int { return slices.CompareFunc(a, b, store.Value.Compare) }
	slices.SortFunc(rows, compare)
	var groups []store.Group
	for i, row := range rows {
		if i == 0 || compare(row, rows[i-1]) != 0 {
			groups = append(groups, store.Group{Values: row})
		}
		groups[len(groups)-1].Count++
	}
	return groups
}

// values returns the distinct values under which a node counts.
func (v view) values(n store.Node, key store.Key) []store.Value {
	var values []store.Value
	value, present := n.Props[key.Prop]
	switch {
	case key.Edge != "":
		for _, f := range v.across(n.ID, key.Edge, key.Dir) {
			values = append(values, store.String(string(f.node.ID)))
		}
	case len(key.Bounds) > 0 && present:
		var lower store.Value
		for _, bound := range key.Bounds {
			if value.Num() >= bound.Num() {
				lower = bound
			}
		}
		values = append(values, lower)
	case value.Kind() == store.StringsKind:
		for _, element := range value.List() {
			values = append(values, store.String(element))
		}
	default:
		values = append(values, value)
	}
	if len(values) == 0 {
		values = append(values, store.Value{})
	}
	slices.SortFunc(values, store.Value.Compare)
	return slices.CompactFunc(values, store.Value.Equal)
}

func byID(a, b store.Node) int { return cmp.Compare(a.ID, b.ID) }
