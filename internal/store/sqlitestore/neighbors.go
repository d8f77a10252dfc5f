package sqlitestore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"

	"kritisgraph/internal/store"
)

// Neighbors answers each hop by one statement for all of its parents, and one more for totals.
func (d *Driver) Neighbors(ctx context.Context, scope store.Scope, hops []store.Hop) (answer [][]store.Page, err error) {
	err = d.read(ctx, "reading neighbors", scope, func(v *view) error {
		answer = make([][]store.Page, len(hops))
		for i, h := range hops {
			var err error
			if answer[i], err = v.hop(h); err != nil {
				return err
			}
		}
		return nil
	})
	return answer, err
}

func (v *view) hop(h store.Hop) ([]store.Page, error) {
	hits := make([][]store.Hit, len(h.From))
	s, keys := v.hopStatement(h)
	const edgeAt = 1 + nodeWidth
	err := v.rows(s, func(row []driver.Value) error {
		parent := number(row[0])
		n, err := v.node(row[1:], nil)
		if err != nil {
			return err
		}
		e := store.Edge{ID: store.ID(text(row[edgeAt])), Version: number(row[edgeAt+1]), From: h.From[parent], To: n.ID}
		if h.Dir == store.In {
			e.From, e.To = e.To, e.From
		}
		if e.Props, err = decodeProps(bytes(row[edgeAt+2]), nil); err != nil {
			return err
		}
		hit := store.Hit{Node: n, Edge: e, Position: store.Position{Node: n.ID, Edge: e.ID}}
		for i, k := range keys {
			hit.Position.Keys = append(hit.Position.Keys, keyValue(k.kind, row[edgeAt+3+i]))
		}
		hits[parent] = append(hits[parent], hit)
		return nil
	})
	if err != nil {
		return nil, err
	}
	pages := make([]store.Page, len(h.From))
	for i := range pages {
		pages[i] = cut(h.Query, hits[i])
	}
	if h.Query.Total {
		return pages, v.hopTotals(h, pages)
	}
	return pages, nil
}

// hopStatement numbers the neighbors of each parent in order by their keys alone, and reads those that are wanted.
func (v *view) hopStatement(h store.Hop) (*statement, []sortKey) {
	s := v.statement()
	keys := v.sortKeys("f", h.Query.Labels, h.Query.Order)
	order := append(append([]sortKey{}, keys...), idKeys("f.id", "x.id")...)
	source := v.hopSource(s, h)
	if h.Query.Start != nil {
		source += " AND " + beyond(s, order, startValues(*h.Query.Start, true), h.Query.Backwards)
	}
	columns := ""
	for i := range keys {
		columns += fmt.Sprintf(", p.k%d", i)
	}
	s.add("SELECT p.parent, ", nodeColumns("f"), ", x.id, x.version, x.props", columns,
		" FROM (SELECT j.key AS parent, f.n AS n, x.e AS e", selected(keys),
		", row_number() OVER (PARTITION BY j.key ORDER BY ", orderBy(order, h.Query.Backwards), ") AS place", source,
		") p CROSS JOIN node f ON f.n = p.n CROSS JOIN edge x ON x.e = p.e WHERE p.place <= ", s.param(int64(h.Query.Limit)+1),
		" ORDER BY p.parent, p.place")
	return s, keys
}

// hopSource is the part of a statement from FROM to the conditions: parents j, edges x and far nodes f of a hop.
func (v *view) hopSource(s *statement, h store.Hop) string {
	near, far := ends(h.Dir)
	edge := v.name(string(h.Edge))
	parents := s.param(encodeTexts(h.From))
	return fmt.Sprintf(" FROM json_each(%s) j CROSS JOIN node a ON a.id = j.value CROSS JOIN edge x ON x.%s = a.n AND x.type = '%s' CROSS JOIN node f ON f.n = x.%s WHERE ",
		parents, near, edge, far) + strings.Join([]string{
		v.shown("a"), v.shown("f"), v.labels("f", h.Query.Labels),
		validOn(s, "x", h.Query.ValidOn), validOn(s, "f", h.Query.ValidOn),
		v.where(s, "x", []string{edge}, h.Via), v.where(s, "f", texts(h.Query.Labels), h.Query.Where),
	}, " AND ")
}

func (v *view) hopTotals(h store.Hop, pages []store.Page) error {
	for i := range pages {
		pages[i].Total = 0
	}
	s := v.statement()
	s.add("SELECT j.key, count(*)", v.hopSource(s, h), " GROUP BY j.key")
	return v.rows(s, func(row []driver.Value) error {
		pages[number(row[0])].Total = number(row[1])
		return nil
	})
}
