package neo4jstore

import (
	"fmt"
	"strings"

	"kritisgraph/internal/store"
)

// The reserved properties of nodes and edges.
const (
	propVersion = "_version"
	propTLP     = "_tlp"
	propAud     = "_aud"
	propOwnTLP  = "_ownTlp"
	propOwnAud  = "_ownAud"
	propText    = "_text"
	propKeys    = "_keys"
	propNames   = "_names"
)

func decodeNodes(x any) ([]store.Node, error) {
	list, ok := x.([]any)
	if !ok {
		return nil, malformed("a list of nodes", x)
	}
	nodes := make([]store.Node, len(list))
	for i, one := range list {
		var err error
		if nodes[i], err = decodeNode(one); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

func decodeNode(x any) (store.Node, error) {
	all, ok := x.(map[string]any)
	if !ok {
		return store.Node{}, malformed("a node", x)
	}
	var n store.Node
	id, isID := all["id"].(string)
	n.ID = store.ID(id)
	n.Version, _ = all[propVersion].(int64)
	if !isID {
		return n, malformed("the id of a node", all["id"])
	}
	var err error
	if n.Settled, err = decodeVisibility(all[propTLP], all[propAud]); err != nil {
		return n, err
	}
	if n.Own, err = decodeVisibility(all[propOwnTLP], all[propOwnAud]); err != nil {
		return n, err
	}
	n.Props, err = decodeProps(n.ID, all)
	return n, err
}

// decodeProps keeps the properties of the schema; the reserved ones and those a projection did not find go.
func decodeProps(id store.ID, all map[string]any) (map[string]store.Value, error) {
	props := make(map[string]store.Value, len(all))
	for name, x := range all {
		if name == "id" || strings.HasPrefix(name, "_") || x == nil {
			continue
		}
		v, err := store.ValueOf(x)
		if err != nil {
			return nil, fmt.Errorf("%w: property %q of %s: %w", errMalformed, name, id, err)
		}
		props[name] = v
	}
	return props, nil
}

func decodeVisibility(tlp, audiences any) (store.Visibility, error) {
	marking, _ := tlp.(int64)
	list, err := decodeStrings(audiences)
	if marking < 0 || marking > int64(store.TLPRed) {
		return store.Visibility{}, malformed("a marking", tlp)
	}
	return store.Visibility{TLP: store.TLP(marking), Audiences: list}, err
}

// decodeStrings returns nil for an absent list.
func decodeStrings(x any) ([]string, error) {
	if x == nil {
		return nil, nil
	}
	v, err := store.ValueOf(x)
	if err != nil || v.Kind() != store.StringsKind {
		return nil, malformed("a list of strings", x)
	}
	return v.List(), nil
}

// decodeEdge takes the properties of an edge, among which its ends are not; see stmtNeighbors and stmtCross.
func decodeEdge(x any) (store.Edge, error) {
	all, ok := x.(map[string]any)
	if !ok {
		return store.Edge{}, malformed("an edge", x)
	}
	id, isID := all["id"].(string)
	if !isID {
		return store.Edge{}, malformed("the id of an edge", all["id"])
	}
	e := store.Edge{ID: store.ID(id)}
	e.Version, _ = all[propVersion].(int64)
	var err error
	e.Props, err = decodeProps(e.ID, all)
	return e, err
}
