package neo4jstore

import (
	"context"

	"kritisgraph/internal/store"
)

// Neighbors answers one hop by one statement, several in one transaction.
func (d *Driver) Neighbors(ctx context.Context, scope store.Scope, hops []store.Hop) ([][]store.Page, error) {
	words, err := d.vocabulary(ctx)
	if err != nil {
		return nil, err
	}
	pages := make([][]store.Page, len(hops))
	answer := func(i int, read func(string, params) ([]any, error)) error {
		b := newBuilder(words)
		statement := b.hop(scope, hops[i])
		if b.err != nil {
			return b.err
		}
		found, err := read(statement, b.params)
		if err != nil {
			return err
		}
		pages[i], err = words.hopPages(hops[i], found[0])
		return err
	}
	if len(hops) == 1 {
		return pages, answer(0, func(statement string, p params) ([]any, error) { return d.read(ctx, statement, p) })
	}
	return pages, d.reading(ctx, func(read func(string, params) ([]any, error)) error {
		for i := range hops {
			if err := answer(i, read); err != nil {
				return err
			}
		}
		return nil
	})
}

// hop returns the statement of a hop.
func (b *builder) hop(scope store.Scope, h store.Hop) string {
	far := "n"
	if len(h.Query.Labels) > 0 {
		labels, err := b.words.anyOf(h.Query.Labels)
		if err != nil {
			return b.fail(err)
		}
		far += ":" + labels
	}
	pattern, err := b.words.pattern("p:_Node {id: $from[i]}", "e", h.Edge, h.Dir, far)
	if err != nil {
		return b.fail(err)
	}
	from := make([]string, len(h.From))
	for i, id := range h.From {
		from[i] = string(id)
	}
	b.params["from"] = from
	b.params["limit"] = int64(h.Query.Limit + 1)
	match := fromParent(pattern) + and(b.scope(scope, "p"), b.where(scope, h.Query),
		b.validOn(h.Query.ValidOn, "e"), b.edges("e", h.Via))
	keys := b.sortKeys(h.Query, true)
	return stmtNeighbors(match, b.after(h.Query, keys), orderBy(keys), h.Query.Total)
}

// hopPages makes the pages of a hop of [index of the parent, hits, total].
func (v *vocabulary) hopPages(h store.Hop, found any) ([]store.Page, error) {
	list, ok := found.([]any)
	if !ok || len(list) != len(h.From) {
		return nil, malformed("the pages of a hop", found)
	}
	pages := make([]store.Page, len(h.From))
	for _, one := range list {
		parts, ok := one.([]any)
		if !ok || len(parts) < 2 {
			return nil, malformed("a page of a hop", one)
		}
		i, ok := parts[0].(int64)
		if !ok || i < 0 || int(i) >= len(pages) {
			return nil, malformed("the parent of a page", parts[0])
		}
		p, err := v.page(h.Query, parts[1:], true)
		if err != nil {
			return nil, err
		}
		for k := range p.Hits {
			e := &p.Hits[k].Edge
			if e.From, e.To = h.From[i], p.Hits[k].Node.ID; h.Dir == store.In {
				e.From, e.To = e.To, e.From
			}
		}
		pages[i] = p
	}
	return pages, nil
}
