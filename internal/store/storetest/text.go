package storetest

import (
	"fmt"
	"strings"

	"kritisgraph/internal/store"
)

func textCases() []scenario {
	lands, bodies := []store.Label{"Land"}, []store.Label{"Body"}
	search := func(text string, labels ...store.Label) store.Query { return store.Query{Labels: labels, Text: text} }
	return []scenario{
		{"spellings of an umlaut find the same", func(w *world) {
			w.put(land("M", "München", 1), land("N", "Muenchen Nord", 2), land("O", "Munchen Ost", 3),
				land("P", "Mu\u0308nchen Pasing", 4), land("S", "Straße", 5), land("X", "Minden", 6))
			for _, spelling := range []string{"münchen", "muenchen", "munchen", "MÜNCHEN", "mu\u0308nchen", "Müncheñ", " münchen ", "münch", "MU\u0308", "mue"} {
				w.wantIDs(spelling, w.list(all(), search(spelling, lands...)), "Land/M", "Land/N", "Land/O", "Land/P")
			}
			for _, spelling := range []string{"straße", "strasse", "STRASSE", "strass"} {
				w.wantIDs(spelling, w.list(all(), search(spelling, lands...)), "Land/S")
			}
		}},
		{"each word must begin a word, in any order, in any property", func(w *world) {
			w.germany()
			for asked, want := range map[string][]store.ID{
				"sicherheit bundes":    german("bsi"),
				"bundes":               german("bbk", "bsi"),
				"bund bund bund":       german("bbk", "bsi"),
				"amt":                  nil,
				"munch fluss":          german("bsi"),
				"munch berlin":         nil,
				"katastrophenschutz":   german("bbk"),
				"bundes staatsminist":  nil,
				"kat des":              german("bbk"),
				"geheim":               nil,
				"federal":              nil,
				"strasse-und/fluss, m": german("bsi"),
			} {
				w.wantIDs(asked, w.list(public(), search(asked, bodies...)), want...)
			}
			w.wantIDs("a list property", w.list(public(), search("küste", lands...)), german("HB", "HH")...)
			w.wantIDs("what is hidden", w.list(grant("land:BY", store.TLPAmber), search("geheim", labels()...)), german("geheim", "ZZ")...)
		}},
		{"a natural key ranks before a name before the rest", func(w *world) {
			w.put(land("by", "Zett", 1), land("c", "By und Bei", 2), with(land("d", "Anfang", 3), "tags", list("byte")),
				land("e", "An By", 4), land("f", "Bygone", 5), with(body("by", "Amt"), "aliases", list("Nah By")), with(body("z", "Zuletzt"), "aliases", list("bypass")))
			got := w.list(all(), search("BY", "Land", "Body"))
			w.wantIDs("hits", got, "Body/by", "Land/by", "Land/c", "Land/f", "Body/z", "Land/e", "Land/d")
			var ranks []store.Rank
			for _, h := range got.Hits {
				ranks = append(ranks, h.Rank)
			}
			w.same("ranks", ranks, []store.Rank{store.RankKey, store.RankKey, store.RankName, store.RankName, store.RankName, store.RankWords, store.RankWords})
		}},
		{"a name ranks as such only from its beginning", func(w *world) {
			w.germany()
			p := w.list(public(), search("bundesamt für b", bodies...))
			w.wantIDs("hits", p, german("bbk", "bsi")...)
			w.same("the rank of the beginning of a name", p.Hits[0].Rank, store.RankName)
			w.same("the rank of the same words elsewhere", p.Hits[1].Rank, store.RankWords)
			p = w.list(public(), search("für bundesamt b", bodies...))
			w.same("the rank of other words", p.Hits[0].Rank, store.RankWords)
		}},
		{"hits page forwards and backwards with every page size", func(w *world) {
			w.germany()
			for _, c := range []struct {
				q    store.Query
				want []store.ID
			}{
				{search("b", "Land", "Body"), german("BW", "BY", "BE", "HB", "bbk", "bsi")},
				{search("m", labels()...), german("m1", "bsi", "TH")},
				{store.Query{Labels: []store.Label{"Land", "Body"}, Text: "b", Where: store.Where("name", store.LT, text("Br"))}, german("BW", "BY", "BE")},
			} {
				c.q.Total = true
				w.wantIDs("hits of "+c.q.Text, w.list(public(), c.q), c.want...)
				for size := 1; size <= len(c.want)+1; size++ {
					w.pagesThrough(public(), c.q, size, c.want)
				}
			}
		}},
		{"many hits of one rank are ordered by name and page", func(w *world) {
			var nodes []store.Node
			var want []store.ID
			for i := range 60 {
				nodes = append(nodes, body(serial(i), fmt.Sprintf("Stadt %02d", (i*7)%60)), memo(serial(i), props{"text": text("stadt " + serial(i))}))
			}
			for i := range 60 {
				want = append(want, store.NewID("Body", serial(i*43%60)))
			}
			w.put(nodes...)
			w.wantIDs("hits", w.list(all(), search("stadt", bodies...)), want...)
			w.pagesThrough(all(), search("stadt", bodies...), 7, want)
			w.same("the total", w.list(all(), store.Query{Labels: labels(), Text: "stadt", Total: true, Limit: 1}).Total, int64(120))
			w.same("the count", w.count(all(), search("stadt", labels()...)), []store.Group{{Count: 120}})
		}},
		{"a search judges filter, validity and scope", func(w *world) {
			w.germany()
			q := search("land", lands...)
			q.Text = "altland"
			w.wantIDs("any day", w.list(public(), q), german("XX")...)
			q.ValidOn = "1952-04-25"
			w.wantIDs("the day after the last", w.list(public(), q))
			w.wantIDs("a filter", w.list(public(), store.Query{Labels: lands, Text: "küste", Where: store.Where("population", store.GT, num(1_000_000))}), german("HH")...)
		}},
		{"a search follows changes and deletions", func(w *world) {
			w.put(land("BY", "Bayern", 1), memo("m", props{"text": text("Wort")}))
			w.put(land("BY", "Freistaat", 1))
			w.wantIDs("the old name", w.list(all(), search("bayern", labels()...)))
			w.wantIDs("the new name", w.list(all(), search("freistaat", labels()...)), "Land/BY")
			w.put(memo("m", props{}))
			w.wantIDs("a property that is gone", w.list(all(), search("wort", labels()...)))
			w.remove("Land/BY")
			w.wantIDs("a node that is gone", w.list(all(), search("freistaat", labels()...)))
		}},
		{"text that folds to nothing has no hits", func(w *world) {
			w.germany()
			for _, hostile := range []string{" ", "???", "\x00", "\"", "日本", "\u0308", "()", "' --", "*", "😀"} {
				q := search(hostile, labels()...)
				q.Total = true
				w.same(hostile, w.list(all(), q), store.Page{Total: 0})
				w.same("the count of "+hostile, w.count(all(), q), []store.Group{{Count: 0}})
			}
		}},
		{"hostile text is only text", func(w *world) {
			w.germany()
			for i, hostile := range hostileTexts() {
				w.sub(fmt.Sprintf("text %d", i), func(w *world) {
					w.list(all(), search(hostile, labels()...))
					w.count(all(), search(hostile, labels()...))
				})
			}
		}},
		{"hostile text is found where it stands", func(w *world) {
			var nodes []store.Node
			for i, hostile := range hostileTexts() {
				nodes = append(nodes, memo(serial(i), props{"text": text(hostile)}))
			}
			w.put(nodes...)
			for _, hostile := range hostileTexts() {
				w.list(all(), search(hostile, labels()...))
			}
			w.same("memos with or, and or not", ids(w.list(all(), search("or", labels()...))), ids(w.list(all(), search("OR", labels()...))))
		}},
	}
}

// hostileTexts are texts that mean something to a query language, or nothing at all.
func hostileTexts() []string {
	return []string{
		`"`, `'`, `"bayern`, `bayern"`, `"bayern" "`, `bay*`, `*`, `bay?rn`, `name:bayern`, `bayern AND berlin`, `bayern OR berlin`, `NOT bayern`, `or`, `and`,
		`bayern NEAR berlin`, `NEAR(bayern berlin, 2)`, `^bayern`, `bayern^2`, `-bayern`, `+bayern`, `bayern~2`, `{name} : bayern`, `(bayern`, `bayern)`, `[a TO z]`,
		`{a TO z}`, `/bay.*/`, `\`, `bayern\`, `\"`, `a && b || !c`, `;DROP TABLE nodes;--`, `' OR 1=1 --`, `$x`, `${x}`, "`", `%`, `_`, `bayern%`,
		"bay\x00ern", "bayern\x00", "\x00bayern", "bayern\nberlin", "bayern\tberlin", "\u202ebayern", "bayern\u200b", "ﬁnanz", "ＢＡＹ", "İstanbul", "ǅ", "naïve café",
		strings.Repeat("bayern ", 500), strings.Repeat("x", 10_000), strings.Repeat("a b c d e f ", 50), strings.Repeat("(", 2000), "b a y e r n", "0", "1990-10-03", "ß", "ss",
	}
}
