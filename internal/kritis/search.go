package kritis

import (
	"context"
	"slices"

	"kritisgraph/internal/store"
)

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
