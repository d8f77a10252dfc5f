package storetest

import "kritisgraph/internal/store"

func countCases() []scenario {
	lands, bodies := store.Query{Labels: []store.Label{"Land"}}, store.Query{Labels: []store.Label{"Body"}}
	group := func(n int64, values ...store.Value) store.Group { return store.Group{Values: values, Count: n} }
	id := func(key string) store.Value { return text(string(germanID(key))) }
	var absent store.Value
	return []scenario{
		{"a count without keys is one group, of what shows", func(w *world) {
			w.germany()
			w.same("everything", w.count(all(), lands), []store.Group{group(10)})
			w.same("the public", w.count(public(), lands), []store.Group{group(9)})
			w.same("nobody", w.count(store.Scope{}, lands), []store.Group{group(0)})
			w.same("of several labels", w.count(public(), store.Query{Labels: []store.Label{"Land", "Body"}}), []store.Group{group(12)})
		}},
		{"a count judges filter, text and validity and no page", func(w *world) {
			w.germany()
			q := lands
			q.ValidOn, q.Text, q.Where = "2026-01-01", "b", store.Where("population", store.GT, num(1_000_000))
			w.same("the count", w.count(public(), q), []store.Group{group(3)})
			q.Limit = 1
			w.same("the count by a key", w.count(public(), q, store.Key{Prop: "city"}), []store.Group{group(2, truth(false)), group(1, truth(true))})
		}},
		{"by a property, absent first, false before true", func(w *world) {
			w.germany()
			w.same("city", w.count(public(), lands, store.Key{Prop: "city"}), []store.Group{group(4, absent), group(2, truth(false)), group(3, truth(true))})
			w.same("kind", w.count(public(), bodies, store.Key{Prop: "kind"}), []store.Group{group(2, text("federal")), group(1, text("land"))})
			w.same("population", w.count(all(), store.Query{Labels: lands.Labels, Where: store.Where("population", store.LT, num(700_000))},
				store.Key{Prop: "population"}), []store.Group{group(1, num(0)), group(1, num(17)), group(1, num(691_703))})
		}},
		{"by text as it is, ordered by bytes", func(w *world) {
			w.put(contact("1", "zoll"), contact("2", "Zoll"), contact("3", "Äpfel"), contact("4", "zoll"), contact("5", ""))
			w.same("role", w.count(all(), store.Query{Labels: []store.Label{"Contact"}}, store.Key{Prop: "role"}),
				[]store.Group{group(1, text("")), group(1, text("Zoll")), group(2, text("zoll")), group(1, text("Äpfel"))})
		}},
		{"by a list once for each element", func(w *world) {
			w.germany()
			w.same("tags", w.count(public(), lands, store.Key{Prop: "tags"}), []store.Group{group(4, absent), group(1, text("Alpen")),
				group(1, text("Hafen")), group(2, text("Küste")), group(1, text("Mitte")), group(2, text("Nord")), group(2, text("Süd"))})
		}},
		{"a list that names an element twice counts once under it, an empty one as absent", func(w *world) {
			w.put(memo("a", props{"list": list("x", "x", "y")}), memo("b", props{"list": list()}), memo("c", props{}))
			w.same("list", w.count(all(), store.Query{Labels: []store.Label{"Memo"}}, store.Key{Prop: "list"}),
				[]store.Group{group(2, absent), group(1, text("x")), group(1, text("y"))})
		}},
		{"by ranges, each from its lower bound on", func(w *world) {
			w.germany()
			bounds := []store.Value{num(17), num(691_703), num(2_000_000), num(50_000_000)}
			w.same("population", w.count(all(), lands, store.Key{Prop: "population", Bounds: bounds}),
				[]store.Group{group(1, absent), group(1, num(17)), group(2, num(691_703)), group(6, num(2_000_000))})
			w.same("rank", w.count(all(), store.Query{Labels: []store.Label{"Contact"}}, store.Key{Prop: "rank", Bounds: []store.Value{num(2)}}),
				[]store.Group{group(2, absent), group(1, num(2))})
		}},
		{"by the visible neighbor out", func(w *world) {
			w.germany()
			by := store.Key{Edge: "SERVES"}
			w.same("everything", w.count(all(), bodies, by), []store.Group{group(1, id("BE")), group(1, id("BW")), group(4, id("BY")), group(1, id("HH")), group(1, id("ZZ"))})
			w.same("the public", w.count(public(), bodies, by), []store.Group{group(1, id("BE")), group(1, id("BW")), group(3, id("BY"))})
		}},
		{"by the visible neighbor in, none as absent", func(w *world) {
			w.germany()
			by := store.Key{Edge: "SERVES", Dir: store.In}
			w.same("everything", w.count(all(), lands, by), []store.Group{group(5, absent), group(4, id("bbk")), group(1, id("bsi")),
				group(2, id("geheim")), group(1, id("stmi")), group(1, id("c1"))})
			w.same("the public", w.count(public(), lands, by), []store.Group{group(6, absent), group(3, id("bbk")), group(1, id("bsi")),
				group(1, id("stmi")), group(1, id("c1"))})
		}},
		{"by several keys", func(w *world) {
			w.germany()
			got := w.count(public(), lands, store.Key{Prop: "city"}, store.Key{Prop: "population", Bounds: []store.Value{num(5_000_000)}})
			w.same("city and population", got, []store.Group{group(2, absent, absent), group(2, absent, num(5_000_000)),
				group(2, truth(false), num(5_000_000)), group(3, truth(true), absent)})
			got = w.count(public(), bodies, store.Key{Prop: "kind"}, store.Key{Edge: "SERVES"})
			w.same("kind and neighbor", got, []store.Group{group(1, text("federal"), id("BE")), group(1, text("federal"), id("BW")),
				group(2, text("federal"), id("BY")), group(1, text("land"), id("BY"))})
			got = w.count(public(), lands, store.Key{Prop: "tags"}, store.Key{Edge: "NEXT_TO"}, store.Key{Prop: "city"})
			w.same("the first of three keys", got[0].Values, []store.Value{absent, absent, absent})
		}},
		{"two edges to one neighbor count once, two neighbor keys multiply", func(w *world) {
			w.germany()
			q := store.Query{Labels: bodies.Labels, Where: store.Where("slug", store.EQ, text("bsi"))}
			w.same("two edges", w.count(public(), q, store.Key{Edge: "SERVES"}), []store.Group{group(1, id("BY"))})
			q.Where = store.Where("slug", store.EQ, text("bbk"))
			w.same("two keys", w.count(public(), q, store.Key{Edge: "SERVES"}, store.Key{Edge: "HOLDS"}),
				[]store.Group{group(1, id("BE"), id("c1")), group(1, id("BW"), id("c1")), group(1, id("BY"), id("c1"))})
		}},
		{"nothing to count has no groups", func(w *world) {
			w.germany()
			q := store.Query{Labels: lands.Labels, Where: store.Filter{Any: []store.Filter{}}}
			w.same("by a property", len(w.count(all(), q, store.Key{Prop: "city"})), 0)
			w.same("to nobody", len(w.count(store.Scope{}, lands, store.Key{Prop: "city"}, store.Key{Edge: "NEXT_TO"})), 0)
		}},
	}
}
