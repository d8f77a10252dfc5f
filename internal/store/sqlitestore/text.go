package sqlitestore

import (
	"fmt"
	"strings"

	"kritisgraph/internal/store"
)

// match is the FTS5 expression for nodes that have, for each token, a word that begins with it. Tokens are of [a-z0-9], so
// nothing in them has a meaning to FTS5.
func match(tokens []string) string {
	parts := make([]string, len(tokens))
	for i, t := range tokens {
		parts[i] = `"` + t + `"*`
	}
	return strings.Join(parts, " AND ")
}

// textKeys are the keys of the order of a text query: the rank as store.Derived.RankText defines it, then the folded name.
// The columns keys and names hold folded texts, each between line breaks.
func textKeys(s *statement, tokens []string) []sortKey {
	folded := strings.Join(tokens, " ")
	rank := fmt.Sprintf("CASE WHEN instr(n.keys, %s) > 0 THEN %d WHEN instr(n.names, %s) > 0 THEN %d ELSE %d END",
		s.param("\n"+folded+"\n"), store.RankKey, s.param("\n"+folded), store.RankName, store.RankWords)
	return []sortKey{{expr: rank, kind: store.IntKind, desc: true}, {expr: "n.title", kind: store.StringKind}}
}

// derived is store.Derived in the form of columns.
type derived struct {
	tokens             string
	title, names, keys any
	sort               any
}

func derive(schema *store.Schema, n store.Node) derived {
	from := schema.Derive(n)
	d := derived{tokens: strings.Join(from.Tokens, " "), title: from.Name(), names: lines(from.Names), keys: lines(from.Keys)}
	if sort := encodeStrings(from.Sort); sort != nil {
		d.sort = sort
	}
	return d
}

func lines(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return "\n" + strings.Join(list, "\n") + "\n"
}
