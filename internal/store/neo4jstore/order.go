package neo4jstore

import (
	"strings"

	"kritisgraph/internal/store"
)

// indexable is how much of a folded text an index holds; the index entry of Neo4j has room for some 8,000 bytes.
const indexable = 1000

// sortKey is one expression of an order and, where a page starts somewhere, its value there.
type sortKey struct {
	expression string
	descending bool
	value      any
}

// sortKeys returns the order of a query on the variable n, and of hops also on e, down to the ids that end it. Text
// sorts by the indexable part of its folded copy, then by the whole.
func (b *builder) sortKeys(q store.Query, hop bool) []sortKey {
	var keys []sortKey
	start := func(i int) store.Value {
		if q.Start == nil || i >= len(q.Start.Keys) {
			return store.Value{}
		}
		return q.Start.Keys[i]
	}
	if q.Text != "" {
		keys = append(keys, sortKey{"rank", true, start(0).Any()}, sortKey{"name", false, start(1).Any()})
	}
	for i, o := range q.Order {
		property, err := prop("n", o.Prop, b.words.nodeKinds)
		if err != nil {
			b.fail(err)
			continue
		}
		if !b.words.sortsText(q.Labels, o.Prop) {
			keys = append(keys, sortKey{property, o.Desc, start(i).Any()})
			continue
		}
		brief, whole := folded("n", o.Prop)
		keys = append(keys, sortKey{brief, o.Desc, cut(start(i).Text())},
			sortKey{"coalesce(" + whole + ", " + brief + ")", o.Desc, start(i).Any()})
	}
	var at store.Position
	if q.Start != nil {
		at = *q.Start
	}
	keys = append(keys, sortKey{"n.id", false, string(at.Node)})
	if hop {
		keys = append(keys, sortKey{"e.id", false, string(at.Edge)})
	}
	if q.Backwards {
		for i := range keys {
			keys[i].descending = !keys[i].descending
		}
	}
	return keys
}

// folded returns the two properties of the folded copy of a text property.
func folded(variable, property string) (brief, whole string) {
	return variable + ".`" + briefCopy(property) + "`", variable + ".`" + wholeCopy(property) + "`"
}

func briefCopy(property string) string { return "_s_" + property }
func wholeCopy(property string) string { return "_l_" + property }

// cut returns the part of a folded text, which is ASCII, that goes into an index.
func cut(text string) string { return text[:min(len(text), indexable)] }

func orderBy(keys []sortKey) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = k.expression
		if k.descending {
			parts[i] += " DESC"
		}
	}
	return strings.Join(parts, ", ")
}

// after returns the condition that something comes after the start in the order of keys; "" for no start.
func (b *builder) after(q store.Query, keys []sortKey) string {
	if q.Start == nil {
		return ""
	}
	return b.beyond(keys)
}

// beyond returns the condition that something comes after the values of keys. It is a CASE because the planner would
// make several seeks and a sort of alternatives.
func (b *builder) beyond(keys []sortKey) string {
	k := keys[0]
	operator := ">"
	if k.descending {
		operator = "<"
	}
	var condition string
	if text, ok := k.value.(string); ok {
		condition = b.compareText(k.expression, operator, text)
	} else {
		condition = k.expression + " " + operator + " " + b.param(k.value)
	}
	if len(keys) == 1 {
		return condition
	}
	return "CASE WHEN " + k.expression + " = " + b.param(k.value) + " THEN " + b.beyond(keys[1:]) + " ELSE " + condition + " END"
}

// sought returns the condition that an index of the first key begins at the start.
func (b *builder) sought(q store.Query, k sortKey) string {
	switch {
	case q.Start == nil:
		return k.expression + " IS NOT NULL"
	case k.descending:
		return k.expression + " <= " + b.param(k.value)
	}
	return k.expression + " >= " + b.param(k.value)
}
