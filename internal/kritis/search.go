package kritis

import (
	"context"
	"slices"
	"strconv"

	"kritisgraph/internal/store"
)

// DependencyConnection is a page of dependencies.
type DependencyConnection struct {
	connection
	Edges []*DependencyEdge
	Nodes []*Dependency
}

// DependencyEdge is a dependency in a list.
type DependencyEdge struct {
	edgeOf
	Node *Dependency
}

// Providers lists the branches that a branch needs, strongest first.
func (v *View) Providers(_ context.Context, b *Branch, page PageArgs) (*DependencyConnection, error) {
	return v.dependencies(b, store.In, b.providers, page)
}

// Dependents lists the branches that need a branch, strongest first.
func (v *View) Dependents(_ context.Context, b *Branch, page PageArgs) (*DependencyConnection, error) {
	return v.dependencies(b, store.Out, b.dependents, page)
}

// dependencies takes a page of a list in memory. Its positions are the keys of the dependencies.
func (v *View) dependencies(b *Branch, dir store.Dir, all []*Dependency, page PageArgs) (*DependencyConnection, error) {
	l := store.List{Parent: b.StoreID(), Edge: EdgeSupplies, Dir: dir}
	if err := page.apply(v.app.store, &l); err != nil {
		return nil, err
	}
	from, to := 0, len(all)
	if l.Query.Start != nil {
		at := slices.IndexFunc(all, func(d *Dependency) bool { return d.Key == string(l.Query.Start.Edge) })
		if l.Query.Backwards {
			to = max(at, 0)
		} else {
			from = at + 1
		}
	}
	out := &DependencyConnection{connection: connection{store: v.app.store, list: l, page: store.Page{Total: int64(len(all))}}}
	out.page.More = to-from > l.Query.Limit
	if out.page.More && l.Query.Backwards {
		from = to - l.Query.Limit
	} else {
		to = min(to, from+l.Query.Limit)
	}
	for i, d := range all[from:to] {
		out.page.Hits = append(out.page.Hits, store.Hit{Position: store.Position{
			Keys: []store.Value{store.String(strconv.Itoa(from + i))}, Node: b.StoreID(), Edge: store.ID(d.Key),
		}})
		out.Nodes = append(out.Nodes, d)
	}
	for i, d := range out.Nodes {
		out.Edges = append(out.Edges, &DependencyEdge{out.edge(i), d})
	}
	return out, nil
}

// SearchConnection is a page of hits of a search.
type SearchConnection struct {
	connection
	Edges []*SearchEdge
	Nodes []Node
}

// SearchEdge is a hit of a search.
type SearchEdge struct {
	edgeOf
	Node  Node
	Score float64
}

// searchLabels are the labels of the types that a search looks for, in the order of the API.
var searchLabels = map[SearchType]store.Label{
	"FEDERAL_STATE": LabelFederalState, "AUTHORITY": LabelAuthority, "CONTACT_POINT": LabelContactPoint, "LEGAL_ACT": LabelLegalAct,
	"SECTOR": LabelSector, "BRANCH": LabelBranch, "SERVICE": LabelService, "OPERATOR": LabelOperator, "FACILITY": LabelFacility,
	"INCIDENT": LabelIncident,
}

// maxSearch is the greatest length of a search text in characters.
const maxSearch = 200

// Search finds objects by what one types, best first. Without types it looks for all.
func (v *View) Search(ctx context.Context, text string, types []SearchType, page PageArgs) (*SearchConnection, error) {
	if n := len([]rune(text)); n < 1 || n > maxSearch {
		return nil, BadInput("text", "text takes 1 to %d characters, not %d.", maxSearch, n)
	}
	q := store.Query{Text: text}
	for _, t := range types {
		q.Labels = append(q.Labels, searchLabels[t])
	}
	if len(types) == 0 {
		for _, l := range searchLabels {
			q.Labels = append(q.Labels, l)
		}
	}
	slices.Sort(q.Labels)
	q.Labels = slices.Compact(q.Labels)
	if slices.Contains(q.Labels, LabelAuthority) {
		// Placeholders are found by nobody; no other label has the property.
		placeholder := store.Where("placeholder", store.EQ, store.Bool(true))
		q.Where = store.Filter{Not: &placeholder}
	}
	c, err := v.listPage(ctx, q, page)
	if err != nil {
		return nil, err
	}
	out := &SearchConnection{connection: c}
	for i, hit := range c.page.Hits {
		n, err := v.object(ctx, hit.Node)
		if err != nil {
			return nil, err
		}
		if n != nil {
			out.Edges = append(out.Edges, &SearchEdge{edgeOf: c.edge(i), Node: n, Score: hit.Rank.Score()})
			out.Nodes = append(out.Nodes, n)
		}
	}
	return out, nil
}
