package storetest

import (
	"kritisgraph/internal/store"
)

func relationCases() []scenario {
	some := func(r store.Rel) store.Filter { return store.Filter{Some: &r} }
	none := func(r store.Rel) store.Filter { return store.Filter{None: &r} }
	named := func(op store.Op, name string) store.Filter { return store.Where("name", op, text(name)) }
	lands, bodies, memos := []store.Label{"Land"}, []store.Label{"Body"}, []store.Label{"Memo"}
	table := []struct {
		name   string
		labels []store.Label
		filter store.Filter
		all    []store.ID
		public []store.ID
	}{
		{"Some follows edges out", lands, some(store.Rel{Edge: "NEXT_TO", Where: named(store.EQ, "Bayern")}), german("BE", "BW"), german("BE", "BW")},
		{"Some follows edges in", lands, some(store.Rel{Edge: "NEXT_TO", Dir: store.In, Where: named(store.EQ, "Bayern")}), german("BW", "TH", "ZZ"), german("BW", "TH")},
		{"Some without a condition asks for any visible neighbor", lands, some(store.Rel{Edge: "NEXT_TO"}), german("BE", "BW", "BY", "HB", "TH", "ZZ"), german("BE", "BW", "BY", "HB", "TH")},
		{"a hidden neighbor out does not count for Some", bodies, some(store.Rel{Edge: "SERVES", Where: named(store.EQ, "Zz Geheim")}), german("bbk"), nil},
		{"a hidden neighbor in does not count for Some", lands, some(store.Rel{Edge: "SERVES", Dir: store.In, Label: "Body", Where: named(store.EQ, "Amt Geheim")}), german("BY", "HH"), nil},
		{"a hidden neighbor in counts as none", lands, none(store.Rel{Edge: "SERVES", Dir: store.In}), german("HB", "OE", "OZ", "TH", "XX"), german("HB", "HH", "OE", "OZ", "TH", "XX")},
		{"a hidden neighbor out counts as none", lands, none(store.Rel{Edge: "NEXT_TO", Where: named(store.GT, "Z")}), german("BE", "BW", "HB", "HH", "OE", "OZ", "TH", "XX", "ZZ"), german("BE", "BW", "BY", "HB", "HH", "OE", "OZ", "TH", "XX")},
		{"the label of the neighbor is judged", lands, some(store.Rel{Edge: "SERVES", Dir: store.In, Label: "Contact"}), german("BE"), german("BE")},
		{"a neighbor of several labels is found without one", memos, some(store.Rel{Edge: "ABOUT"}), german("m1", "m2", "m3"), german("m1", "m2")},
		{"the label narrows Some", memos, some(store.Rel{Edge: "ABOUT", Label: "Body"}), german("m1"), german("m1")},
		{"the label narrows None", memos, none(store.Rel{Edge: "ABOUT", Label: "Land"}), german("m2"), german("m2")},
		{"the id of the neighbor is filtered", memos, some(store.Rel{Edge: "ABOUT", Where: store.Where("id", store.EQ, text("Contact/c2"))}), german("m1"), german("m1")},
		{"the condition of a neighbor nests", lands, some(store.Rel{Edge: "SERVES", Dir: store.In, Label: "Body", Where: store.Filter{All: []store.Filter{
			{Not: &store.Filter{Prop: "kind", Op: store.EQ, Values: []store.Value{text("federal")}}}, {Any: []store.Filter{named(store.PREFIX, "Staat"), named(store.EQ, "x")}}}}}), german("BY"), german("BY")},
		{"None of an impossible condition selects everything", bodies, none(store.Rel{Edge: "SERVES", Where: store.Filter{Any: []store.Filter{}}}), german("bbk", "bsi", "geheim", "stmi"), german("bbk", "bsi", "stmi")},
		{"Not Some is None", memos, store.Filter{Not: &store.Filter{Some: &store.Rel{Edge: "ABOUT", Label: "Land"}}}, german("m2"), german("m2")},
		{"relations stand beside properties under All", lands, store.Filter{All: []store.Filter{store.Where("city", store.EQ, truth(true)), some(store.Rel{Edge: "NEXT_TO"}), none(store.Rel{Edge: "SERVES", Dir: store.In})}}, german("HB"), german("HB")},
		{"relations stand beside each other under Any", lands, store.Filter{Any: []store.Filter{some(store.Rel{Edge: "ABOUT", Dir: store.In}), some(store.Rel{Edge: "NEXT_TO", Where: named(store.EQ, "Hamburg")})}}, german("BY", "HB", "ZZ"), german("BY", "HB")},
	}
	return []scenario{
		{"relations ask for visible neighbors only", func(w *world) {
			w.germany()
			for _, c := range table {
				w.sub(c.name, func(w *world) {
					q := store.Query{Labels: c.labels, Where: c.filter, Total: true}
					w.wantIDs("everything", w.list(all(), q), c.all...)
					w.wantIDs("to the public", w.list(public(), q), c.public...)
					w.same("the count", w.count(public(), q), []store.Group{{Count: int64(len(c.public))}})
				})
			}
		}},
		{"a node with two edges to the neighbor is found once", func(w *world) {
			w.germany()
			q := store.Query{Labels: bodies, Where: some(store.Rel{Edge: "SERVES", Where: named(store.EQ, "Bayern")}), Total: true}
			w.wantIDs("the list", w.list(public(), q), german("bbk", "bsi", "stmi")...)
		}},
		{"relations do not judge ValidOn", func(w *world) {
			w.put(body("a", "A"), with(contact("c", "duty"), store.ValidUntil, text("2020-01-01")))
			w.link(edge("HOLDS", "Body/a", "Contact/c", props{store.ValidUntil: text("2019-01-01")}))
			q := store.Query{Labels: bodies, ValidOn: "2026-01-01", Where: some(store.Rel{Edge: "HOLDS"})}
			w.wantIDs("the list", w.list(all(), q), "Body/a")
		}},
		{"relations narrow a hop and a text query", func(w *world) {
			w.germany()
			touching := some(store.Rel{Edge: "NEXT_TO", Dir: store.In, Where: named(store.EQ, "Bayern")})
			pages := w.neighbors(public(), store.Hop{From: german("bbk"), Edge: "SERVES", Query: store.Query{Labels: lands, Where: touching}})
			w.wantIDs("the hop", pages[0][0], german("BW")...)
			w.wantIDs("the search", w.list(public(), store.Query{Labels: lands, Text: "sud", Where: touching}), german("BW")...)
		}},
	}
}
