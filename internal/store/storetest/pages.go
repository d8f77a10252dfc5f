package storetest

import (
	"fmt"
	"slices"

	"kritisgraph/internal/store"
)

func pageCases() []scenario {
	lands := []store.Label{"Land"}
	by := func(props ...string) store.Query {
		q := store.Query{Labels: lands}
		for _, p := range props {
			q.Order = append(q.Order, store.Order{Prop: p})
		}
		return q
	}
	down := func(q store.Query) store.Query {
		q.Order = slices.Clone(q.Order)
		for i := range q.Order {
			q.Order[i].Desc = true
		}
		return q
	}
	orders := []struct {
		name string
		q    store.Query
		want []store.ID
	}{
		{"without an order by id", by(), german("BE", "BW", "BY", "HB", "HH", "OE", "OZ", "TH", "XX", "ZZ")},
		{"by text in its folded form, umlauts beside their letters", by("name"), german("BW", "BY", "BE", "HB", "HH", "OE", "OZ", "TH", "XX", "ZZ")},
		{"by text descending", down(by("name")), german("ZZ", "XX", "TH", "OZ", "OE", "HH", "HB", "BE", "BY", "BW")},
		{"by an integer, ties by id", by("population"), german("XX", "ZZ", "HB", "HH", "TH", "BE", "OE", "OZ", "BW", "BY")},
		{"by an integer descending, ties by id ascending", down(by("population")), german("BY", "BW", "OE", "OZ", "BE", "TH", "HH", "HB", "ZZ", "XX")},
		{"by several, the first descending", store.Query{Labels: lands, Order: []store.Order{{Prop: "population", Desc: true}, {Prop: "code"}}},
			german("BY", "BW", "OE", "OZ", "BE", "TH", "HH", "HB", "ZZ", "XX")},
		{"by several, the second descending", store.Query{Labels: lands, Order: []store.Order{{Prop: "population"}, {Prop: "code", Desc: true}}},
			german("XX", "ZZ", "HB", "HH", "TH", "BE", "OZ", "OE", "BW", "BY")},
		{"of several labels", store.Query{Labels: []store.Label{"Land", "Body"}, Order: []store.Order{{Prop: "name"}}},
			german("geheim", "BW", "BY", "BE", "HB", "bbk", "bsi", "HH", "OE", "OZ", "stmi", "TH", "XX", "ZZ")},
		{"of labels named twice", store.Query{Labels: []store.Label{"Memo", "Memo"}}, german("m1", "m2", "m3")},
		{"of all labels", store.Query{Labels: labels()}, german("bbk", "bsi", "geheim", "stmi", "c1", "c2", "c3", "BE", "BW", "BY", "HB", "HH", "OE", "OZ", "TH", "XX", "ZZ", "m1", "m2", "m3")},
		{"with a filter", store.Query{Labels: lands, Where: store.Where("population", store.GT, num(3_000_000)), Order: []store.Order{{Prop: "name", Desc: true}}},
			german("OZ", "OE", "BE", "BY", "BW")},
	}
	return []scenario{
		{"every order pages forwards and backwards with every page size", func(w *world) {
			w.germany()
			for _, c := range orders {
				w.sub(c.name, func(w *world) {
					c.q.Total = true
					w.wantIDs("the whole list", w.list(all(), c.q), c.want...)
					for size := 1; size <= len(c.want)+1; size++ {
						w.pagesThrough(all(), c.q, size, c.want)
					}
					w.list(public(), c.q)
				})
			}
		}},
		{"ties beyond a page are cut by id", func(w *world) {
			var nodes []store.Node
			var want []store.ID
			for i := range 23 {
				nodes = append(nodes, contact(serial(i), []string{"Zoll", "zoll", "ZÖLL"}[i%3]))
			}
			w.put(nodes...)
			for i := range 23 {
				want = append(want, store.NewID("Contact", serial(i)))
			}
			for _, q := range []store.Query{by("role"), down(by("role"))} {
				q.Labels = []store.Label{"Contact"}
				for _, size := range []int{1, 5, 22, 23} {
					w.pagesThrough(all(), q, size, want)
				}
			}
		}},
		{"a page goes on after a row that was deleted, hidden or moved", func(w *world) {
			w.germany()
			q := by("name")
			q.Limit = 3
			first := w.list(public(), q)
			w.wantIDs("the first page", first, german("BW", "BY", "BE")...)
			q.Start = &first.Hits[2].Position
			w.put(with(land("BE", "Zuletzt", 1), "city", truth(true)))
			w.wantIDs("after a row that moved", w.list(public(), q), german("HB", "HH", "OE")...)
			w.put(seenBy(land("BE", "Zuletzt", 1), store.TLPRed))
			w.wantIDs("after a row that is hidden", w.list(public(), q), german("HB", "HH", "OE")...)
			w.remove(append(edgesOf(w, "Land/BE"), "Land/BE")...)
			w.wantIDs("after a row that is gone", w.list(public(), q), german("HB", "HH", "OE")...)
			q.Backwards = true
			w.wantIDs("before a row that is gone", w.list(public(), q), german("BW", "BY")...)
		}},
		{"a position between rows is a place like any", func(w *world) {
			w.germany()
			q := by("name")
			q.Start = &store.Position{Keys: []store.Value{text("c")}, Node: ""}
			w.wantIDs("after it", w.list(public(), q), german("HH", "OE", "OZ", "TH", "XX")...)
			q.Backwards = true
			w.wantIDs("before it", w.list(public(), q), german("BW", "BY", "BE", "HB")...)
			q.Start = &store.Position{Keys: []store.Value{text("zzzz")}, Node: "Zz/z"}
			q.Backwards = false
			end := w.list(public(), q)
			w.same("after the end", end, store.Page{Total: -1})
		}},
		{"the total counts what matches whatever the page", func(w *world) {
			w.germany()
			q := by("name")
			q.Total, q.Limit = true, 2
			p := w.list(public(), q)
			w.same("the total to the public", p.Total, int64(9))
			w.same("there is more", p.More, true)
			q.Start = &p.Hits[1].Position
			w.same("the total of the second page", w.list(public(), q).Total, int64(9))
			w.same("the total of everything", w.list(all(), q).Total, int64(10))
			q.Total = false
			w.same("a total that was not asked", w.list(all(), q).Total, int64(-1))
		}},
		{"validity is a half-open span of days", func(w *world) {
			span := func(key, from, until string) store.Node {
				return with(with(contact(key, key), store.ValidFrom, orAbsent(from)), store.ValidUntil, orAbsent(until))
			}
			w.put(span("always", "", ""), span("from", "2026-04-17", ""), span("until", "", "2026-04-17"),
				span("span", "2026-04-17", "2026-04-18"), span("never", "2026-04-17", "2026-04-17"))
			for day, want := range map[store.Day][]store.ID{
				"":           {"Contact/always", "Contact/from", "Contact/never", "Contact/span", "Contact/until"},
				"2026-04-16": {"Contact/always", "Contact/until"},
				"2026-04-17": {"Contact/always", "Contact/from", "Contact/span"},
				"2026-04-18": {"Contact/always", "Contact/from"},
			} {
				q := store.Query{Labels: []store.Label{"Contact"}, ValidOn: day, Total: true}
				p := w.list(all(), q)
				w.wantIDs(fmt.Sprintf("on %q", day), p, want...)
				w.same("the total", p.Total, int64(len(want)))
				w.same("the count", w.count(all(), q), []store.Group{{Count: int64(len(want))}})
			}
		}},
		{"validity of labels that have no such days is not judged", func(w *world) {
			w.germany()
			w.wantIDs("memos and lands", w.list(public(), store.Query{Labels: []store.Label{"Memo", "Land"}, ValidOn: "1950-01-01"}),
				german("BE", "BW", "BY", "HB", "HH", "OE", "OZ", "XX", "m1", "m2")...)
		}},
	}
}

func orAbsent(day string) store.Value {
	if day == "" {
		return store.Value{}
	}
	return text(day)
}

// edgesOf returns the ids of all edges at a node.
func edgesOf(w *world, id store.ID) []store.ID {
	var walk store.Walk
	walk.From, walk.Depth = []store.ID{id}, 1
	for _, e := range Schema().Edges {
		walk.Follow = append(walk.Follow, store.Step{Edge: e.Type}, store.Step{Edge: e.Type, Dir: store.In})
	}
	return edgeIDs(w.traverse(all(), walk).Edges)
}

// pagesThrough reads the list page by page in both directions and expects all of it, each row once.
func (w *world) pagesThrough(scope store.Scope, q store.Query, size int, want []store.ID) {
	w.Helper()
	for _, q.Backwards = range []bool{false, true} {
		var got []store.ID
		q.Start, q.Limit = nil, size
		for more := true; more; {
			p := w.list(scope, q)
			if len(p.Hits) == 0 || len(p.Hits) > size {
				w.Fatalf("a page of %d has %d nodes", size, len(p.Hits))
			}
			more = p.More
			if q.Backwards {
				got = append(ids(p), got...)
				q.Start = &p.Hits[0].Position
			} else {
				got = append(got, ids(p)...)
				q.Start = &p.Hits[len(p.Hits)-1].Position
			}
			if len(got) > len(want) {
				break
			}
		}
		w.same(fmt.Sprintf("all pages of %d, backwards %t", size, q.Backwards), got, want)
	}
}
