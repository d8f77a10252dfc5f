package sqlitestore

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"kritisgraph/internal/store"
)

// sortKey is one key of an order: an expression, the kind of its values, and its direction.
type sortKey struct {
	expr string
	kind store.Kind
	desc bool
}

// sortKeys returns the keys of the order of a query over nodes with this alias and one of these labels.
func (v *view) sortKeys(alias string, of []store.Label, order []store.Order) []sortKey {
	keys := make([]sortKey, len(order))
	for i, o := range order {
		v.name(o.Prop)
		kind := v.kind(texts(of), o.Prop)
		keys[i] = sortKey{kind: kind, desc: o.Desc, expr: sortExpr(alias, store.PropDef{Name: o.Prop, Kind: kind})}
		if kind == store.None {
			keys[i].expr = fmt.Sprintf("coalesce(%s, %s)", sortExpr(alias, store.PropDef{Name: o.Prop, Kind: store.StringKind}), propExpr(alias, o.Prop))
		}
	}
	return keys
}

// selected lists the key expressions as columns k0, k1 and so on, each after a comma.
func selected(keys []sortKey) string {
	var b strings.Builder
	for i, k := range keys {
		fmt.Fprintf(&b, ", %s AS k%d", k.expr, i)
	}
	return b.String()
}

// named returns the same keys by the names that selected gave them.
func (k sortKey) named(alias string, i int) sortKey {
	k.expr = fmt.Sprintf("%s.k%d", alias, i)
	return k
}

func renamed(alias string, keys []sortKey) []sortKey {
	out := make([]sortKey, len(keys))
	for i, k := range keys {
		out[i] = k.named(alias, i)
	}
	return out
}

// idKeys are the keys that end an order: the id of the node and, for a hop, that of the edge.
func idKeys(exprs ...string) []sortKey {
	keys := make([]sortKey, len(exprs))
	for i, x := range exprs {
		keys[i] = sortKey{expr: x, kind: store.StringKind}
	}
	return keys
}

// orderBy lists keys as an ORDER BY wants them; backwards turns each round.
func orderBy(keys []sortKey, backwards bool) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = k.expr
		if k.desc != backwards {
			parts[i] += " DESC"
		}
	}
	return strings.Join(parts, ", ")
}

// beyond is the condition that a row with these keys lies after the values given, or before them if backwards. It begins
// with a bound on the first key alone, by which an index begins at the right place.
func beyond(s *statement, keys []sortKey, values []any, backwards bool) string {
	names := make([]string, len(values))
	for i, value := range values {
		names[i] = s.param(value)
	}
	condition := ""
	for i := len(keys) - 1; i >= 0; i-- {
		op := " > "
		if keys[i].desc != backwards {
			op = " < "
		}
		this := keys[i].expr + op + names[i]
		if condition == "" {
			condition = this
		} else {
			condition = fmt.Sprintf("(%s OR %s = %s AND %s)", this, keys[i].expr, names[i], condition)
		}
	}
	if len(keys) < 2 {
		return condition
	}
	op := " >= "
	if keys[0].desc != backwards {
		op = " <= "
	}
	return keys[0].expr + op + names[0] + " AND " + condition
}

// startValues are the values of a position for beyond.
func startValues(p store.Position, edge bool) []any {
	var values []any
	for _, k := range p.Keys {
		values = append(values, scalar(k))
	}
	values = append(values, string(p.Node))
	if edge {
		values = append(values, string(p.Edge))
	}
	return values
}

// keyValue reads the value of a sort key.
func keyValue(kind store.Kind, column driver.Value) store.Value {
	switch x := column.(type) {
	case string:
		return store.String(x)
	case int64:
		if kind == store.BoolKind {
			return store.Bool(x != 0)
		}
		return store.Int(x)
	}
	return store.Value{}
}

// cut brings rows that were read with one more than the limit into a page.
func cut(q store.Query, hits []store.Hit) store.Page {
	p := store.Page{Hits: hits, Total: -1}
	if len(hits) > q.Limit {
		p.More = true
		p.Hits = hits[:q.Limit]
	}
	if q.Backwards {
		for i, j := 0, len(p.Hits)-1; i < j; i, j = i+1, j-1 {
			p.Hits[i], p.Hits[j] = p.Hits[j], p.Hits[i]
		}
	}
	return p
}
