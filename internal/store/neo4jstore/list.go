package neo4jstore

import (
	"context"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// Nodes returns those of ids that show, once each, in the order asked.
func (d *Driver) Nodes(ctx context.Context, scope store.Scope, ids []store.ID) ([]store.Node, error) {
	b := newBuilder(nil)
	statement := stmtNodes(b.scope(scope, "n"), "properties(n)")
	b.params["ids"] = distinct(ids)
	answer, err := d.read(ctx, statement, b.params)
	if err != nil {
		return nil, err
	}
	nodes, err := decodeNodes(answer[0])
	if err != nil {
		return nil, err
	}
	at := make(map[store.ID]int, len(ids))
	for i, id := range slices.Backward(ids) {
		at[id] = i
	}
	slices.SortFunc(nodes, func(a, b store.Node) int { return at[a.ID] - at[b.ID] })
	return nodes, nil
}

func distinct(ids []store.ID) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// List returns a page of nodes.
func (d *Driver) List(ctx context.Context, scope store.Scope, q store.Query) (store.Page, error) {
	words, err := d.vocabulary(ctx)
	if err != nil {
		return store.Page{}, err
	}
	b := newBuilder(words)
	statement := b.list(scope, q)
	if b.err != nil {
		return store.Page{}, b.err
	}
	b.params["limit"] = int64(q.Limit + 1)
	answer, err := d.read(ctx, statement, b.params)
	if err != nil {
		return store.Page{}, err
	}
	parts, ok := answer[0].([]any)
	if !ok || len(parts) == 0 {
		return store.Page{}, malformed("a page", answer[0])
	}
	return words.page(q, parts, false)
}

// list returns the statement of a list.
func (b *builder) list(scope store.Scope, q store.Query) string {
	match := b.match(scope, q)
	keys, count := b.sortKeys(q, false), ""
	if q.Total {
		count = match
	}
	switch {
	case q.Text != "":
		return stmtSearch(match, b.after(q, keys), orderBy(keys), count)
	case len(q.Labels) != 1 || len(q.Order) > 1 || b.narrow(q.Labels[0], q.Where):
		return stmtList(match, b.after(q, keys), orderBy(keys), count)
	case len(q.Order) == 0:
		return stmtList(b.byID(scope, q), b.after(q, keys), orderBy(keys), count)
	}
	return stmtList(b.bySort(scope, q, keys[0]), b.after(q, keys), orderBy(keys), count)
}

// match returns the source of the nodes of a query with all conditions but the start.
func (b *builder) match(scope store.Scope, q store.Query) string {
	return b.source(q) + b.where(scope, q)
}

func (b *builder) source(q store.Query) string {
	labels, err := b.words.anyOf(q.Labels)
	if err != nil {
		return b.fail(err)
	}
	if q.Text == "" {
		return fromLabels(labels)
	}
	if !b.text(q.Text) {
		return fromLabels(labels) + b.never() + " AND "
	}
	return fromText + "(n:" + labels + ") AND "
}

func (b *builder) where(scope store.Scope, q store.Query) string {
	return and(b.scope(scope, "n"), b.nodes(scope, "n", q.Where), b.validOn(q.ValidOn, "n"))
}

// byID returns the source that reads the nodes of the only label by id, so that the server reads little more than the
// page: ids begin with their label.
func (b *builder) byID(scope store.Scope, q store.Query) string {
	label := string(q.Labels[0])
	low, high := label+"/", label+"0" // 0 is the character after /
	if q.Start != nil {
		// What an index and a comparison order alike; see compareText.
		alike, whole := commonOrder(string(q.Start.Node))
		switch {
		case !q.Backwards:
			low = max(low, alike)
		case whole:
			high = min(high, alike)
		}
	}
	b.params["low"], b.params["high"] = low, high
	return fromIDs + b.where(scope, q)
}

// bySort returns the source that reads the nodes of the only label in the order of the only sort key.
func (b *builder) bySort(scope store.Scope, q store.Query, first sortKey) string {
	property := q.Order[0].Prop
	if b.words.sortsText(q.Labels, property) {
		property = briefCopy(property)
	}
	return fromSorted(string(q.Labels[0]), property) + b.sought(q, first) + " AND " + b.where(scope, q)
}

// narrow reports whether a filter has a condition that must hold and finds its nodes by an index.
func (b *builder) narrow(label store.Label, f store.Filter) bool {
	switch {
	case f.Prop != "":
		return (f.Op == store.EQ || f.Op == store.IN || f.Op == store.PREFIX) && b.words.indexed(label, f.Prop)
	case f.Some != nil:
		return true
	}
	return slices.ContainsFunc(f.All, func(g store.Filter) bool { return b.narrow(label, g) })
}

// The index is asked for a few words of a text only, each cut to what the analyzer keeps in one piece; all words are
// compared with the nodes found.
const (
	searchedWords = 8
	searchedBytes = 200
)

// text sets the parameters of a search; false where the text holds no token. Tokens are of [a-z0-9], so nothing in the query of the index needs escaping.
func (b *builder) text(asked string) bool {
	tokens := store.Fold(asked)
	b.params["folded"] = strings.Join(tokens, " ")
	slices.Sort(tokens)
	tokens = slices.Compact(tokens)
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = " " + t
	}
	b.params["tokens"] = words
	slices.SortFunc(tokens, func(a, b string) int { return len(b) - len(a) })
	var lucene []string
	for _, t := range tokens[:min(len(tokens), searchedWords)] {
		lucene = append(lucene, "+"+t[:min(len(t), searchedBytes)]+"*")
	}
	b.params["lucene"] = strings.Join(lucene, " ")
	return len(tokens) > 0
}

// page makes a page of [hits, total]; what the database holds beyond the limit says that there is more.
func (v *vocabulary) page(q store.Query, parts []any, hop bool) (store.Page, error) {
	p := store.Page{Total: -1}
	hits, ok := parts[0].([]any)
	if !ok {
		return p, malformed("hits", parts[0])
	}
	if len(parts) > 1 {
		p.Total, _ = parts[1].(int64)
	}
	if p.More = len(hits) > q.Limit; p.More {
		hits = hits[:q.Limit]
	}
	p.Hits = make([]store.Hit, len(hits))
	for i, h := range hits {
		var err error
		if p.Hits[i], err = v.hit(q, h, hop); err != nil {
			return p, err
		}
	}
	if q.Backwards {
		slices.Reverse(p.Hits)
	}
	return p, nil
}

func (v *vocabulary) hit(q store.Query, h any, hop bool) (store.Hit, error) {
	pair, ok := h.([]any)
	if !ok || len(pair) == 0 {
		return store.Hit{}, malformed("a hit", h)
	}
	var hit store.Hit
	var err error
	if hit.Node, err = decodeNode(pair[0]); err != nil {
		return hit, err
	}
	if hop {
		if hit.Edge, err = decodeEdge(pair[1]); err != nil {
			return hit, err
		}
	} else if q.Text != "" {
		ranked, _ := pair[1].(int64)
		hit.Rank = store.Rank(ranked)
	}
	hit.Position = v.PositionOf(q, hit.Node, hit.Edge.ID, hit.Rank)
	return hit, nil
}
