package neo4jstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// frontier is how many nodes one statement of a walk leaves, to bound the memory of the server.
const frontier = 5_000

// Traverse walks level by level in one transaction.
func (d *Driver) Traverse(ctx context.Context, scope store.Scope, w store.Walk) (store.Subgraph, error) {
	words, err := d.vocabulary(ctx)
	if err != nil {
		return store.Subgraph{}, err
	}
	b := newBuilder(words)
	statement := b.cross(scope, w)
	if b.err != nil {
		return store.Subgraph{}, b.err
	}
	var graph store.Subgraph
	err = d.reading(ctx, func(read func(string, params) ([]any, error)) error {
		start := func(ids []store.ID) ([]store.Node, error) {
			s := newBuilder(words)
			find := stmtNodes(s.scope(scope, "n"), s.nodeProjection(w.Props))
			s.params["ids"] = distinct(ids)
			answer, err := read(find, s.params)
			if err != nil {
				return nil, err
			}
			return decodeNodes(answer[0])
		}
		cross := func(from []store.ID) ([]store.Crossing, error) {
			var all []store.Crossing
			for part := range slices.Chunk(from, frontier) {
				b.params["ids"] = distinct(part)
				answer, err := read(statement, b.params)
				if err != nil {
					return nil, err
				}
				if all, err = appendCrossings(all, answer[0]); err != nil {
					return nil, err
				}
			}
			return all, nil
		}
		if len(w.Follow) == 0 {
			w.Depth = 0
		}
		graph, err = store.WalkLevels(w, start, cross)
		return err
	})
	return graph, err
}

// cross returns the statement that leaves the nodes of a level.
func (b *builder) cross(scope store.Scope, w store.Walk) string {
	outward, inward := b.steps(w.Follow, store.Out), b.steps(w.Follow, store.In)
	where := and(b.scope(scope, "n"), b.validOn(w.ValidOn, "n"), b.validOn(w.ValidOn, "e"))
	edge := b.projection("e", w.Props, b.words.edgeKinds, propVersion)
	return stmtCross(outward, inward, where, b.nodeProjection(w.Props), edge)
}

// nodeProjection is that of the nodes of a walk.
func (b *builder) nodeProjection(wanted []string) string {
	return b.projection("n", wanted, b.words.nodeKinds, propVersion, propTLP, propAud, propOwnTLP, propOwnAud)
}

// steps returns the types that are followed in a direction, as Cypher has alternatives.
func (b *builder) steps(follow []store.Step, dir store.Dir) string {
	var names []string
	for _, s := range follow {
		if s.Dir != dir {
			continue
		}
		name, err := b.words.edge(s.Edge)
		if err != nil {
			b.fail(err)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "|")
}

// projection returns the map of those properties that a walk wants, all for nil.
func (b *builder) projection(variable string, wanted []string, kinds map[string][]store.Kind, reserved ...string) string {
	if wanted == nil {
		return "properties(" + variable + ")"
	}
	names := append([]string{"id"}, reserved...)
	for _, name := range wanted {
		if _, ok := kinds[name]; ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return fmt.Sprintf("%s{.`%s`}", variable, strings.Join(slices.Compact(names), "`, .`"))
}

// appendCrossings takes [nodes reached, edges], each edge with the ids of the end that was left and of the other one,
// and whether it leads outward.
func appendCrossings(all []store.Crossing, answer any) ([]store.Crossing, error) {
	parts, ok := answer.([]any)
	if !ok || len(parts) != 2 {
		return nil, malformed("a level of a walk", answer)
	}
	reached, err := decodeNodes(parts[0])
	if err != nil {
		return nil, err
	}
	far := make(map[store.ID]store.Node, len(reached))
	for _, n := range reached {
		far[n.ID] = n
	}
	edges, ok := parts[1].([]any)
	if !ok {
		return nil, malformed("the edges of a walk", parts[1])
	}
	for _, one := range edges {
		c, err := decodeCrossing(one, far)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func decodeCrossing(x any, far map[store.ID]store.Node) (store.Crossing, error) {
	parts, ok := x.([]any)
	if !ok || len(parts) != 4 {
		return store.Crossing{}, malformed("an edge of a walk", x)
	}
	e, err := decodeEdge(parts[0])
	if err != nil {
		return store.Crossing{}, err
	}
	near, _ := parts[1].(string)
	other, _ := parts[2].(string)
	if e.From, e.To = store.ID(near), store.ID(other); parts[3] != true {
		e.From, e.To = e.To, e.From
	}
	return store.Crossing{Edge: e, Far: far[store.ID(other)]}, nil
}
