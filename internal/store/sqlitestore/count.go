package sqlitestore

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// Count counts nodes in groups; without keys it returns one group.
func (d *Driver) Count(ctx context.Context, scope store.Scope, q store.Query, by ...store.Key) (groups []store.Group, err error) {
	err = d.read(ctx, "counting", scope, func(v *view) error {
		tokens := store.Fold(q.Text)
		none := q.Text != "" && len(tokens) == 0
		switch {
		case len(by) == 0 && none:
			groups = []store.Group{{}}
		case len(by) == 0:
			total, err := v.total(q, tokens)
			groups = []store.Group{{Count: total}}
			return err
		case !none:
			groups, err = v.count(q, tokens, by)
		}
		return err
	})
	return groups, err
}

func (v *view) count(q store.Query, tokens []string, by []store.Key) ([]store.Group, error) {
	var groups []store.Group
	for _, of := range branches(q.Labels) {
		s := v.statement()
		columns := make([]string, len(by))
		joins := ""
		read := make([]func(driver.Value) (store.Value, error), len(by))
		for i, key := range by {
			var join string
			columns[i], join, read[i] = v.groupKey(s, i, of, key)
			joins += join
		}
		list := strings.Join(columns, ", ")
		s.add("SELECT ", list, ", count(*)", v.from(s, q, tokens, of, joins), " GROUP BY ", list)
		err := v.rows(s, func(row []driver.Value) error {
			g := store.Group{Values: make([]store.Value, len(by)), Count: number(row[len(by)])}
			for i := range by {
				var err error
				if g.Values[i], err = read[i](row[i]); err != nil {
					return err
				}
			}
			groups = append(groups, g)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return merge(groups), nil
}

// groupKey returns the column of a key, the join that it needs, and how its values are read. Lists and neighbors are joined
// as a JSON list of distinct elements; an empty one leaves the absent value.
func (v *view) groupKey(s *statement, i int, of []store.Label, key store.Key) (column, join string, read func(driver.Value) (store.Value, error)) {
	plain := func(kind store.Kind) func(driver.Value) (store.Value, error) {
		return func(c driver.Value) (store.Value, error) { return keyValue(kind, c), nil }
	}
	if key.Edge != "" {
		near, far := ends(key.Dir)
		list := fmt.Sprintf("SELECT json_group_array(DISTINCT f.id) FROM edge x CROSS JOIN node f ON f.n = x.%s WHERE x.%s = n.n AND x.type = '%s' AND %s",
			far, near, v.name(string(key.Edge)), v.shown("f"))
		return fmt.Sprintf("j%d.value", i), fmt.Sprintf(" LEFT JOIN json_each((%s)) j%d", list, i), plain(store.StringKind)
	}
	prop := propExpr("n", v.name(key.Prop))
	kind := v.kind(texts(of), key.Prop)
	switch {
	case len(key.Bounds) > 0:
		return ranges(s, "("+prop+")", key.Bounds), "", plain(store.IntKind)
	case kind == store.StringsKind:
		list := fmt.Sprintf("SELECT json_group_array(DISTINCT value) FROM json_each(n.props, '$.%s')", key.Prop)
		return fmt.Sprintf("j%d.value", i), fmt.Sprintf(" LEFT JOIN json_each((%s)) j%d", list, i), plain(store.StringKind)
	case kind == store.None:
		return fmt.Sprintf("n.props -> '$.%s'", key.Prop), "", func(c driver.Value) (v store.Value, err error) {
			if c != nil {
				err = json.Unmarshal([]byte(text(c)), &v)
			}
			return v, err
		}
	}
	return prop, "", plain(kind)
}

// ranges is the lower bound of the range in which an integer lies, NULL below the first bound.
func ranges(s *statement, x string, bounds []store.Value) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CASE WHEN %s IS NULL THEN NULL", x)
	for _, bound := range slices.Backward(bounds) {
		p := s.param(bound.Num())
		fmt.Fprintf(&b, " WHEN %s >= %s THEN %s", x, p, p)
	}
	return b.String() + " END"
}

// merge adds up groups with equal values and sorts them by their values.
func merge(groups []store.Group) []store.Group {
	compare := func(a, b store.Group) int { return slices.CompareFunc(a.Values, b.Values, store.Value.Compare) }
	slices.SortFunc(groups, compare)
	var out []store.Group
	for _, g := range groups {
		if last := len(out) - 1; last >= 0 && compare(out[last], g) == 0 {
			out[last].Count += g.Count
			continue
		}
		out = append(out, g)
	}
	return out
}
