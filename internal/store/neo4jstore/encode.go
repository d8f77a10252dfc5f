package neo4jstore

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"kritisgraph/internal/store"
)

// nodeRow returns all properties of a node but its settled visibility.
func (v *vocabulary) nodeRow(n store.Node) map[string]any {
	row := make(map[string]any, len(n.Props)+8)
	row["id"] = string(n.ID)
	row[propVersion] = n.Version
	for name, value := range n.Props {
		row[name] = value.Any()
	}
	putVisibility(row, propOwnTLP, propOwnAud, n.Own)
	derived := v.Derive(n)
	if len(derived.Tokens) > 0 {
		row[propText] = " " + strings.Join(derived.Tokens, " ")
	}
	if len(derived.Keys) > 0 {
		row[propKeys] = derived.Keys
	}
	if len(derived.Names) > 0 {
		row[propNames] = derived.Names
	}
	for name, folded := range derived.Sort {
		brief := cut(folded)
		row[briefCopy(name)] = brief
		if len(brief) < len(folded) {
			row[wholeCopy(name)] = folded
		}
	}
	return row
}

// putVisibility sets a visibility; what it does not state is left absent.
func putVisibility(row map[string]any, tlp, audiences string, v store.Visibility) {
	if v.TLP != 0 {
		row[tlp] = int64(v.TLP)
	}
	if len(v.Audiences) > 0 {
		row[audiences] = v.Audiences
	}
}

// edgeRow returns the ends and all properties of an edge.
func edgeRow(e store.Edge) map[string]any {
	props := make(map[string]any, len(e.Props)+2)
	props["id"] = string(e.ID)
	props[propVersion] = e.Version
	for name, value := range e.Props {
		props[name] = value.Any()
	}
	return map[string]any{"from": string(e.From), "to": string(e.To), "props": props}
}

// onceKey returns the form in which the log is searched for the key of a change, nil for none. It is a digest, because
// what an index holds is bounded in size.
func onceKey(owner, key string) any {
	if key == "" {
		return nil
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s%s", len(owner), owner, key))
	return hex.EncodeToString(sum[:])
}
