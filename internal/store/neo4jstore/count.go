package neo4jstore

import (
	"context"
	"fmt"
	"slices"

	"kritisgraph/internal/store"
)

// Count counts nodes in groups.
func (d *Driver) Count(ctx context.Context, scope store.Scope, q store.Query, by ...store.Key) ([]store.Group, error) {
	words, err := d.vocabulary(ctx)
	if err != nil {
		return nil, err
	}
	b := newBuilder(words)
	statement := b.count(scope, q, by)
	if b.err != nil {
		return nil, b.err
	}
	answer, err := d.read(ctx, statement, b.params)
	if err != nil {
		return nil, err
	}
	list, ok := answer[0].([]any)
	if !ok {
		return nil, malformed("groups", answer[0])
	}
	groups := make([]store.Group, len(list))
	for i, one := range list {
		if groups[i], err = decodeGroup(one); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(groups, func(a, b store.Group) int {
		return slices.CompareFunc(a.Values, b.Values, store.Value.Compare)
	})
	return groups, nil
}

func (b *builder) count(scope store.Scope, q store.Query, by []store.Key) string {
	match, clauses := b.match(scope, q), ""
	names := make([]string, len(by))
	for i, key := range by {
		names[i] = fmt.Sprintf("k%d", i)
		clauses += b.key(scope, key, names[i])
	}
	return stmtCount(match, clauses, names)
}

// key returns the clause that binds the values under which a node counts to a name.
func (b *builder) key(scope store.Scope, key store.Key, name string) string {
	if key.Edge != "" {
		pattern, err := b.words.pattern("n", "", key.Edge, key.Dir, "m")
		if err != nil {
			return b.fail(err)
		}
		return keyNeighbor(name, pattern, b.scope(scope, "m"))
	}
	property, err := prop("n", key.Prop, b.words.nodeKinds)
	if err != nil {
		return b.fail(err)
	}
	if len(key.Bounds) > 0 {
		return keyRange(name, property, b.param(anys(key.Bounds)))
	}
	return keyProp(name, property)
}

func decodeGroup(x any) (store.Group, error) {
	pair, ok := x.([]any)
	if !ok || len(pair) != 2 {
		return store.Group{}, malformed("a group", x)
	}
	values, isList := pair[0].([]any)
	count, isCount := pair[1].(int64)
	if !isList || !isCount {
		return store.Group{}, malformed("a group", x)
	}
	g := store.Group{Count: count}
	for _, v := range values {
		value, err := store.ValueOf(v)
		if err != nil {
			return g, fmt.Errorf("%w: a group: %w", errMalformed, err)
		}
		g.Values = append(g.Values, value)
	}
	return g, nil
}
