package storetest

import (
	"strings"

	"kritisgraph/internal/store"
)

// awkward are strings that a database may spoil: quotes, wildcards, control characters, non-characters, long ones.
func awkward() []string {
	s := []string{
		"", " ", "  two  spaces  ", "'", `"`, "`", `\`, `\\`, "''", `\'`, "\x00", "a\x00b", "\n", "\r\n", "\t", "\x1b", "\x7f", "%", "_", "$1", "${x}", "{{x}}", "?", ":x", "@x",
		"null", "NULL", "true", "1", "1.0", "1e3", "-0", "NaN", "[]", `["a","b"]`, "{}", `{"a":1}`, "<b>&amp;</b>", "</script>", "\u2028\u2029", "\ufeff", "\u200b", "\u202e",
		"é", "e\u0301", "ß", "ſ", "Ａ", "ﬁ", "😀", "👩‍👩‍👧", "\U0010ffff", "\ufffd", "\uffff", "日本語", "שלום", "ا", "; DROP TABLE node", "--", "/*", "MATCH (n) DETACH DELETE n", "9007199254740993",
	}
	return append(s, strings.Repeat("long ä", 5000))
}

func valueCases() []scenario {
	return []scenario{
		{"strings come back as they were, in properties, lists and events", func(w *world) {
			c := store.Change{Put: []store.Node{memo("none", props{}), memo("list", props{"list": list(awkward()...)})}}
			for i, s := range awkward() {
				c.Put = append(c.Put, memo(serial(i), props{"text": text(s), "list": list(s)}))
				c.Events = append(c.Events, store.Event{Type: "SAID", Subject: "Memo/none", Props: props{"text": text(s), "list": list(s, s), "n": num(int64(i)), "b": truth(true)}})
			}
			w.commit(c)
			w.everything()
			for i, s := range awkward() {
				id := store.NewID("Memo", serial(i))
				w.same("the text", w.nodes(all(), id)[0].Prop("text").Text(), s)
				found := w.list(all(), store.Query{Labels: []store.Label{"Memo"}, Where: store.Where("text", store.EQ, text(s))})
				w.wantIDs("EQ", found, id)
				found = w.list(all(), store.Query{Labels: []store.Label{"Memo"}, Where: store.Where("list", store.HAS, text(s))})
				w.wantIDs("HAS", found, id, "Memo/list")
				w.list(all(), store.Query{Labels: []store.Label{"Memo"}, Where: store.Where("text", store.CONTAINS, text(s))})
				w.list(all(), store.Query{Labels: []store.Label{"Memo"}, Where: store.Where("text", store.PREFIX, text(s))})
				w.list(all(), store.Query{Labels: []store.Label{"Memo"}, Where: store.Where("text", store.LT, text(s))})
			}
			w.count(all(), store.Query{Labels: []store.Label{"Memo"}}, store.Key{Prop: "text"})
			w.count(all(), store.Query{Labels: []store.Label{"Memo"}}, store.Key{Prop: "list"})
		}},
		{"strings come back as they were in meta, keys and results", func(w *world) {
			for _, s := range awkward() {
				if s == "" {
					continue
				}
				w.commit(store.Change{
					Meta: store.Meta{Action: s, Actor: s, Reason: s, Request: s, At: -1},
					Once: store.Once{Owner: s, Key: s, Digest: s},
				})
				p := w.log(all(), store.LogQuery{Once: &store.OnceKey{Owner: s, Key: s}})
				w.same("records under the key", len(p.Records), 1)
				w.same("the actor", p.Records[0].Change.Meta.Actor, s)
			}
			w.everything()
			w.verifies()
		}},
		{"ids and audiences of every form work", func(w *world) {
			keys := []string{"a b", "ä", `q"'\`, "a/b/c", "a>b", "%", "_", "😀", "e\u0301", "é", "#?&=", "{}", strings.Repeat("x", 500), "\u2028", "A", "a"}
			var c store.Change
			for i, key := range keys {
				n := seenBy(memo(key, props{"size": num(int64(i))}), store.TLPGreen, "aud:"+key, "aud:"+key+",x")
				c.Put = append(c.Put, n)
				c.Link = append(c.Link, numbered(store.NewID("ABOUT", key), n.ID, store.NewID("Memo", keys[(i+1)%len(keys)])))
			}
			w.commit(c)
			w.everything()
			for i, key := range keys {
				id := store.NewID("Memo", key)
				w.same("the node", nodeIDs(w.nodes(grant("aud:"+key, store.TLPGreen), append([]store.ID{id}, touched(c)...)...)), []store.ID{id})
				w.same("the neighbor", hitEdges(w.neighbors(all(), store.Hop{From: []store.ID{id}, Edge: "ABOUT"})[0][0]), []store.ID{store.NewID("ABOUT", key)})
				w.log(all(), store.LogQuery{Of: []store.ID{id}})
				w.wantIDs("by id", w.list(all(), store.Query{Labels: []store.Label{"Memo"}, Where: store.Where("size", store.EQ, num(int64(i)))}), id)
			}
		}},
		{"integers keep all of their bits", func(w *world) {
			numbers := []int64{0, 1, -1, 1 << 31, 1<<53 - 1, 1 << 53, 1<<53 + 1, -1<<53 - 1, 1<<62 + 3, 1<<63 - 1, -1 << 63}
			var nodes []store.Node
			for i, n := range numbers {
				nodes = append(nodes, land(serial(i), "L", n))
			}
			w.put(nodes...)
			w.everything()
			for i, n := range numbers {
				id := store.NewID("Land", serial(i))
				w.wantIDs("EQ", w.list(all(), store.Query{Labels: []store.Label{"Land"}, Where: store.Where("population", store.EQ, num(n))}), id)
				w.same("the number", w.nodes(all(), id)[0].Prop("population"), num(n))
			}
			q := store.Query{Labels: []store.Label{"Land"}, Order: []store.Order{{Prop: "population"}}}
			w.pagesThrough(all(), q, 2, ids(w.list(all(), q)))
		}},
		{"nodes and edges may have no properties at all", func(w *world) {
			w.put(memo("a", props{}), memo("b", nil))
			w.link(edge("ABOUT", "Memo/a", "Memo/b"))
			w.put(memo("a", props{"size": num(1)}))
			w.put(memo("a", nil))
			w.everything()
			w.verifies()
		}},
		{"a property of 256 KiB is kept and found", func(w *world) {
			great := strings.Repeat("0123456789abcde ", 16<<10)
			w.put(memo("a", props{"text": text(great)}))
			w.everything()
			w.wantIDs("a search", w.list(all(), store.Query{Labels: []store.Label{"Memo"}, Text: "0123456789abcde"}), "Memo/a")
		}},
	}
}
