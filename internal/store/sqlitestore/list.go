package sqlitestore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// List returns a page of nodes. The keys of the page are found first, for each label by its own index, then its nodes.
func (d *Driver) List(ctx context.Context, scope store.Scope, q store.Query) (page store.Page, err error) {
	err = d.read(ctx, "listing", scope, func(v *view) error {
		tokens := store.Fold(q.Text)
		if q.Text != "" && len(tokens) == 0 {
			page = store.Page{Total: asked(q.Total)}
			return nil
		}
		var hits []store.Hit
		s, keys := v.listStatement(q, tokens)
		err := v.rows(s, func(row []driver.Value) error {
			n, err := v.node(row, nil)
			hit := store.Hit{Node: n, Position: store.Position{Node: n.ID}}
			for i, k := range keys {
				hit.Position.Keys = append(hit.Position.Keys, keyValue(k.kind, row[nodeWidth+i]))
			}
			if len(tokens) > 0 {
				hit.Rank = store.Rank(number(row[nodeWidth]))
			}
			hits = append(hits, hit)
			return err
		})
		if err != nil {
			return err
		}
		page = cut(q, hits)
		if q.Total {
			page.Total, err = v.total(q, tokens)
		}
		return err
	})
	return page, err
}

func asked(total bool) int64 {
	if total {
		return 0
	}
	return -1
}

// listStatement builds the statement of a page and returns its sort keys without the id.
func (v *view) listStatement(q store.Query, tokens []string) (*statement, []sortKey) {
	s := v.statement()
	limit := s.param(int64(q.Limit) + 1)
	var keys []sortKey
	var inner string
	if len(tokens) > 0 {
		keys = textKeys(s, tokens)
		inner = v.pageKeys(s, q, tokens, q.Labels, keys, limit)
	} else {
		parts := make([]string, 0, len(q.Labels))
		for _, group := range branches(q.Labels) {
			keys = v.sortKeys("n", group, q.Order)
			parts = append(parts, "SELECT * FROM ("+v.pageKeys(s, q, nil, group, keys, limit)+")")
		}
		inner = strings.Join(parts, " UNION ALL ")
	}
	order := append(renamed("p", keys), idKeys("p.id")...)
	columns := ""
	for i := range keys {
		columns += fmt.Sprintf(", p.k%d", i)
	}
	s.add("SELECT ", nodeColumns("n"), columns, " FROM (", inner, ") p CROSS JOIN node n ON n.n = p.n ORDER BY ",
		orderBy(order, q.Backwards), " LIMIT ", limit)
	return s, keys
}

// branches returns each label on its own, once; no labels stand for all, in one branch.
func branches(of []store.Label) [][]store.Label {
	if len(of) == 0 {
		return [][]store.Label{nil}
	}
	var out [][]store.Label
	for i, l := range of {
		if !slices.Contains(of[:i], l) {
			out = append(out, []store.Label{l})
		}
	}
	return out
}

// pageKeys selects the key and the sort keys of the nodes of a page, and at most limit.
func (v *view) pageKeys(s *statement, q store.Query, tokens []string, of []store.Label, keys []sortKey, limit string) string {
	order := append(append([]sortKey{}, keys...), idKeys("n.id")...)
	where := v.from(s, q, tokens, of, "")
	if q.Start != nil {
		where += " AND " + beyond(s, order, startValues(*q.Start, false), q.Backwards)
	}
	return "SELECT n.n AS n, n.id AS id" + selected(keys) + where + " ORDER BY " + orderBy(order, q.Backwards) + " LIMIT " + limit
}

// from is the part of a statement from FROM to the conditions: the visible nodes n that a query selects, and further joins.
func (v *view) from(s *statement, q store.Query, tokens []string, of []store.Label, joins string) string {
	source := " FROM node n" + joins + " WHERE "
	if len(tokens) > 0 {
		source = " FROM words w CROSS JOIN node n ON n.n = w.rowid" + joins + " WHERE w.words MATCH " + s.param(match(tokens)) + " AND "
	}
	return source + strings.Join([]string{
		v.labels("n", of), v.shown("n"), validOn(s, "n", q.ValidOn), v.where(s, "n", texts(of), q.Where),
	}, " AND ")
}

func (v *view) total(q store.Query, tokens []string) (total int64, err error) {
	for _, group := range groups(q.Labels, tokens) {
		s := v.statement()
		s.add("SELECT count(*)", v.from(s, q, tokens, group, ""))
		if err := v.rows(s, func(row []driver.Value) error {
			total += number(row[0])
			return nil
		}); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// groups returns the labels in the groups in which they are counted: a text query in one, else each by its own index.
func groups(of []store.Label, tokens []string) [][]store.Label {
	if len(tokens) > 0 {
		return [][]store.Label{of}
	}
	return branches(of)
}
