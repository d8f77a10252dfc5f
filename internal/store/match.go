package store

import (
	"slices"
	"strings"
)

// Match reports whether the filter selects a thing with this id and these properties. Some and None are answered by rel,
// which says whether a visible neighbor exists that Where selects; it may be nil where the filter holds no relation.
func (f Filter) Match(id ID, props map[string]Value, rel func(Rel) bool) bool {
	switch {
	case f.Prop != "":
		v := props[f.Prop]
		if f.Prop == "id" {
			v = String(string(id))
		}
		return matchOp(f.Op, v, f.Values)
	case f.Not != nil:
		return !f.Not.Match(id, props, rel)
	case f.Some != nil:
		return rel(*f.Some)
	case f.None != nil:
		return !rel(*f.None)
	case f.Any != nil:
		return slices.ContainsFunc(f.Any, func(g Filter) bool { return g.Match(id, props, rel) })
	}
	return !slices.ContainsFunc(f.All, func(g Filter) bool { return !g.Match(id, props, rel) })
}

func matchOp(op Op, v Value, values []Value) bool {
	if op == ABSENT {
		return v.IsZero()
	}
	if v.IsZero() {
		return false
	}
	switch op {
	case IN:
		return slices.ContainsFunc(values, v.Equal)
	case HAS:
		return v.kind == StringsKind && slices.ContainsFunc(values, func(w Value) bool { return v.Has(w.text) })
	}
	if len(values) != 1 || v.kind != values[0].kind {
		return false
	}
	c := v.Compare(values[0])
	switch op {
	case EQ:
		return c == 0
	case LT:
		return c < 0
	case LTE:
		return c <= 0
	case GT:
		return c > 0
	case GTE:
		return c >= 0
	case PREFIX:
		return strings.HasPrefix(v.text, values[0].text)
	case CONTAINS:
		return strings.Contains(v.text, values[0].text)
	}
	return false
}
