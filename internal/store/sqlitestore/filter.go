package sqlitestore

import (
	"fmt"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// where is the condition that f selects the node or edge with this alias, which is of one of the given kinds. It may be NULL
// where it does not hold: negation is always IS NOT TRUE.
func (v *view) where(s *statement, alias string, kinds []string, f store.Filter) string {
	switch {
	case f.Prop != "":
		return v.compare(s, alias, kinds, f)
	case f.Not != nil:
		return "(" + v.where(s, alias, kinds, *f.Not) + ") IS NOT TRUE"
	case f.Some != nil:
		return v.related(s, alias, *f.Some)
	case f.None != nil:
		return "NOT " + v.related(s, alias, *f.None)
	case f.Any != nil:
		return v.join(s, alias, kinds, f.Any, " OR ", "FALSE")
	}
	return v.join(s, alias, kinds, f.All, " AND ", "TRUE")
}

func (v *view) join(s *statement, alias string, kinds []string, list []store.Filter, with, empty string) string {
	if len(list) == 0 {
		return empty
	}
	parts := make([]string, len(list))
	for i, f := range list {
		parts[i] = v.where(s, alias, kinds, f)
	}
	return "(" + strings.Join(parts, with) + ")"
}

// compare compares one property. Where its kind is not the same in all kinds asked, or not that of the values, the kind that
// is stored is tested too.
func (v *view) compare(s *statement, alias string, kinds []string, f store.Filter) string {
	x, kind := alias+".id", store.StringKind
	if f.Prop != "id" {
		x, kind = propExpr(alias, v.name(f.Prop)), v.kind(kinds, f.Prop)
	}
	if f.Op == store.ABSENT {
		return "(" + x + ") IS NULL"
	}
	want := store.StringsKind
	if f.Op != store.HAS && len(f.Values) > 0 {
		want = f.Values[0].Kind()
	}
	guard := ""
	if kind != want {
		guard = fmt.Sprintf("json_type(%s.props, '$.%s') IN (%s) AND ", alias, f.Prop, jsonTypes(want))
	}
	if want == store.StringsKind {
		return "(" + guard + v.compareList(s, alias, f) + ")"
	}
	return "(" + guard + compareOne(s, "("+x+")", f) + ")"
}

// jsonTypes names a kind as SQLite's json_type does.
func jsonTypes(kind store.Kind) string {
	return [...]string{"'null'", "'text'", "'integer'", "'true', 'false'", "'array'"}[kind]
}

var comparisons = map[store.Op]string{store.EQ: " = ", store.LT: " < ", store.LTE: " <= ", store.GT: " > ", store.GTE: " >= "}

func compareOne(s *statement, x string, f store.Filter) string {
	switch f.Op {
	case store.IN:
		return x + " IN (SELECT value FROM json_each(" + s.param(encodeValues(f.Values)) + "))"
	case store.PREFIX:
		prefix := f.Values[0].Text()
		condition := x + " >= " + s.param(prefix)
		if prefix == "" {
			return condition
		}
		return condition + " AND " + x + " < " + s.param(after(prefix))
	case store.CONTAINS:
		return "instr(" + x + ", " + s.param(f.Values[0].Text()) + ") > 0"
	}
	return x + comparisons[f.Op] + s.param(scalar(f.Values[0]))
}

// after is the least text that is greater than all that begin with prefix. The last byte of UTF-8 is never 0xff.
func after(prefix string) string {
	last := len(prefix) - 1
	return prefix[:last] + string([]byte{prefix[last] + 1})
}

// scalar is the form in which a property comes out of its JSON.
func scalar(v store.Value) any {
	switch v.Kind() {
	case store.BoolKind:
		if v.True() {
			return int64(1)
		}
		return int64(0)
	case store.IntKind:
		return v.Num()
	case store.None:
		return nil
	case store.StringKind, store.StringsKind:
	}
	return v.Text()
}

func (v *view) compareList(s *statement, alias string, f store.Filter) string {
	path := alias + ".props, '$." + f.Prop + "'"
	if f.Op == store.HAS {
		return "EXISTS (SELECT 1 FROM json_each(" + path + ") WHERE value IN (SELECT value FROM json_each(" +
			s.param(encodeValues(f.Values)) + ")))"
	}
	// Lists are equal where their JSON is, and both sides come from one writer of JSON.
	return "json_extract(" + path + ") IN (SELECT value FROM json_each(" + s.param(encodeValues(f.Values)) + "))"
}

// related is the condition that a visible neighbor exists which the relation selects. Where that names few neighbors by a
// unique value, it is answered from their side, else from the side of the node.
func (v *view) related(s *statement, alias string, r store.Rel) string {
	labels := v.ends(r.Edge, r.Dir)
	if r.Label != "" {
		labels = []store.Label{r.Label}
	}
	near, far := ends(r.Dir)
	edge := v.name(string(r.Edge))
	conditions := []string{v.shown("rf"), v.where(s, "rf", texts(labels), r.Where)}
	if len(labels) == 1 {
		conditions = append(conditions, v.label("rf", labels[0]))
	}
	tests := strings.Join(conditions, " AND ")
	if len(labels) == 1 && v.pinned(labels[0], r.Where) {
		return fmt.Sprintf("%s.n IN (SELECT rx.%s FROM node rf CROSS JOIN edge rx ON rx.%s = rf.n AND rx.type = '%s' WHERE %s)",
			alias, near, far, edge, tests)
	}
	return fmt.Sprintf("EXISTS (SELECT 1 FROM edge rx CROSS JOIN node rf ON rf.n = rx.%s WHERE rx.%s = %s.n AND rx.type = '%s' AND %s)",
		far, near, alias, edge, tests)
}

// pinned reports whether the filter selects few nodes by their id or a unique property.
func (v *view) pinned(of store.Label, f store.Filter) bool {
	if f.Prop != "" {
		p, _ := v.prop(string(of), f.Prop)
		return (f.Op == store.EQ || f.Op == store.IN) && (f.Prop == "id" || p.Unique)
	}
	return f.Not == nil && f.Any == nil && slices.ContainsFunc(f.All, func(g store.Filter) bool { return v.pinned(of, g) })
}

// ends names the columns of an edge at the near and the far end.
func ends(dir store.Dir) (near, far string) {
	if dir == store.In {
		return "dst", "src"
	}
	return "src", "dst"
}

// label is the condition on the label of a node, as a literal: only so does SQLite see that an index of the label fits.
func (v *view) label(alias string, l store.Label) string {
	return fmt.Sprintf("%s.label = '%s'", alias, v.name(string(l)))
}

// labels is the condition that a node has one of the labels; none stand for all.
func (v *view) labels(alias string, list []store.Label) string {
	switch len(list) {
	case 0:
		return "TRUE"
	case 1:
		return v.label(alias, list[0])
	}
	quoted := make([]string, len(list))
	for i, l := range list {
		quoted[i] = "'" + v.name(string(l)) + "'"
	}
	return alias + ".label IN (" + strings.Join(quoted, ", ") + ")"
}
