package kritis

import (
	"context"
	"strconv"

	"kritisgraph/internal/store"
)

// PageArgs are the arguments of a connection. Total asks for the number of all items in the same read. Bare says that nothing
// is asked beside it: the items are not given to the caller.
type PageArgs struct {
	First  *int32
	After  *string
	Last   *int32
	Before *string
	Total  bool
	Bare   bool

	// list is what the cursors belong to where the query itself moves with the clock; nil: the query.
	list *store.Query
}

// The sizes of a page.
const (
	DefaultPage = 20
	MaxPage     = 100
)

// PageInfo says where a page stands in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// apply checks the arguments and writes start, direction, limit and total into the query of the list.
func (a PageArgs) apply(s *store.Store, l *store.List) error {
	size, name, cursor := a.First, "first", a.After
	switch {
	case a.First != nil && a.Last != nil:
		return BadInput("last", "Give first or last, not both.")
	case a.Last != nil && a.After != nil:
		return BadInput("after", "last does not go with after: use first with after, or last with before.")
	case a.Before != nil && (a.First != nil || a.After != nil):
		return BadInput("before", "before goes with last alone: use first with after, or last with before.")
	case a.Last != nil || a.Before != nil:
		size, name, cursor = a.Last, "last", a.Before
		l.Query.Backwards = true
	}
	l.Query.Limit = DefaultPage
	if size != nil {
		if *size < 1 || *size > MaxPage {
			return BadInput(name, "%s takes 1 to %d, not %d.", name, MaxPage, *size)
		}
		l.Query.Limit = int(*size)
	}
	if cursor != nil {
		p, err := s.Position(*l, *cursor)
		if err != nil {
			return err
		}
		l.Query.Start = &p
	}
	l.Query.Total = a.Total
	return nil
}

// connection is what the connections of all types share.
type connection struct {
	store *store.Store
	list  store.List
	page  store.Page
}

// TotalCount returns how many items there are in all that the caller may see.
func (c connection) TotalCount() int32 { return int32(max(c.page.Total, 0)) } //nolint:gosec // below 2^31

// PageInfo returns where the page stands.
func (c connection) PageInfo() (*PageInfo, error) {
	info := &PageInfo{HasNextPage: c.page.More, HasPreviousPage: c.list.Query.Start != nil}
	if c.list.Query.Backwards {
		info.HasNextPage, info.HasPreviousPage = info.HasPreviousPage, info.HasNextPage
	}
	if n := len(c.page.Hits); n > 0 {
		first, err := c.edge(0).Cursor()
		if err != nil {
			return nil, err
		}
		last, err := c.edge(n - 1).Cursor()
		if err != nil {
			return nil, err
		}
		info.StartCursor, info.EndCursor = &first, &last
	}
	return info, nil
}

func (c connection) edge(i int) edgeOf {
	return edgeOf{store: c.store, list: &c.list, position: c.page.Hits[i].Position}
}

// edgeOf is what the edges of all connections share.
type edgeOf struct {
	store    *store.Store
	list     *store.List
	position store.Position
}

// Cursor returns the signed position of the edge.
func (e edgeOf) Cursor() (string, error) { return e.store.Cursor(*e.list, e.position) }

// named returns the query that names the list of q in cursors.
func (a PageArgs) named(q store.Query) store.Query {
	if a.list != nil {
		return *a.list
	}
	return q
}

// placed returns q with the place and size of the page of the list.
func placed(q, list store.Query) store.Query {
	q.Start, q.Backwards, q.Limit, q.Total = list.Start, list.Backwards, list.Limit, list.Total
	return q
}

// listPage reads a page of a query.
func (v *View) listPage(ctx context.Context, q store.Query, args PageArgs) (connection, error) {
	l := store.List{Query: args.named(q)}
	if err := args.apply(v.app.store, &l); err != nil {
		return connection{}, err
	}
	page, err := v.app.store.List(ctx, v.reader.Scope(), placed(q, l.Query))
	return connection{store: v.app.store, list: l, page: args.given(page)}, err
}

// heldPage takes a page of count items in memory, of which key gives the positions, and returns where it begins.
func (v *View) heldPage(l store.List, count int, key func(int) string, args PageArgs) (int, connection, error) {
	if err := args.apply(v.app.store, &l); err != nil {
		return 0, connection{}, err
	}
	from, to := 0, count
	if l.Query.Start != nil {
		at := count - 1
		for at >= 0 && key(at) != string(l.Query.Start.Edge) {
			at--
		}
		if l.Query.Backwards {
			to = max(at, 0)
		} else {
			from = at + 1
		}
	}
	c := connection{store: v.app.store, list: l, page: store.Page{Total: int64(count), More: to-from > l.Query.Limit}}
	if c.page.More && l.Query.Backwards {
		from = to - l.Query.Limit
	} else {
		to = min(to, from+l.Query.Limit)
	}
	for i := from; i < to; i++ {
		at := store.Position{Keys: []store.Value{store.String(strconv.Itoa(i))}, Node: l.Parent, Edge: store.ID(key(i))}
		c.page.Hits = append(c.page.Hits, store.Hit{Position: at})
	}
	return from, c, nil
}

// hopPage reads a page of the neighbors of one node, together with what else is read at this moment.
func (v *View) hopPage(ctx context.Context, parent store.ID, edge store.EdgeType, dir store.Dir, q store.Query, args PageArgs) (connection, error) {
	l := store.List{Parent: parent, Edge: edge, Dir: dir, Query: args.named(q)}
	if err := args.apply(v.app.store, &l); err != nil {
		return connection{}, err
	}
	pages, err := v.reader.Neighbors(ctx, store.Hop{From: []store.ID{parent}, Edge: edge, Dir: dir, Query: placed(q, l.Query)})
	if err != nil {
		return connection{}, err
	}
	return connection{store: v.app.store, list: l, page: args.given(pages[0])}, nil
}

// given is what the caller gets of a page.
func (a PageArgs) given(p store.Page) store.Page {
	if a.Bare {
		p.Hits = nil
	}
	return p
}

// neighbors reads all neighbors of one node over an edge, at most MaxPage.
func (v *View) neighbors(ctx context.Context, parent store.ID, edge store.EdgeType, dir store.Dir, label store.Label, order ...store.Order) ([]store.Hit, error) {
	pages, err := v.reader.Neighbors(ctx, store.Hop{
		From: []store.ID{parent}, Edge: edge, Dir: dir,
		Query: store.Query{Labels: []store.Label{label}, Order: order, Limit: MaxPage},
	})
	if err != nil {
		return nil, err
	}
	return pages[0].Hits, nil
}
