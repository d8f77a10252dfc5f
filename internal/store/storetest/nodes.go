package storetest

import "kritisgraph/internal/store"

func nodeCases() []scenario {
	return []scenario{
		{"an empty store answers every read with nothing", func(w *world) {
			w.same("the head", w.head(), store.Seq(0))
			w.same("nodes", len(w.nodes(all(), "Land/BY")), 0)
			w.same("the total of a list", w.list(all(), store.Query{Labels: labels(), Total: true}).Total, int64(0))
			w.same("the count", w.count(all(), store.Query{Labels: labels()}), []store.Group{{Count: 0}})
			w.same("groups", len(w.count(all(), store.Query{Labels: []store.Label{"Land"}}, store.Key{Prop: "city"})), 0)
			pages := w.neighbors(all(), store.Hop{From: []store.ID{"Land/BY", "Land/BW"}, Edge: "NEXT_TO", Query: store.Query{Total: true}})
			w.same("neighbors of absent parents", pages, [][]store.Page{{{Total: 0}, {Total: 0}}})
			g := w.traverse(all(), store.Walk{From: []store.ID{"Land/BY"}, Follow: []store.Step{{Edge: "NEXT_TO"}}, Depth: 3})
			w.same("a walk", g, store.Subgraph{})
			w.same("the log", w.log(all(), store.LogQuery{Total: true}), store.LogPage{Total: 0})
			w.same("a search", len(w.list(all(), store.Query{Labels: labels(), Text: "x"}).Hits), 0)
		}},
		{"nodes come in the order asked, once each, without the unknown and the hidden", func(w *world) {
			w.germany()
			asked := german("HH", "BY", "ZZ", "HH", "bbk", "BY", "c1")
			asked = append(asked, "Land/none", "Nothing/at-all", "", "Land/by")
			w.same("everything", nodeIDs(w.nodes(all(), asked...)), german("HH", "BY", "ZZ", "bbk", "c1"))
			w.same("to the public", nodeIDs(w.nodes(public(), asked...)), german("HH", "BY", "bbk", "c1"))
			w.same("no ids", len(w.nodes(all())), 0)
		}},
		{"an edge is no node", func(w *world) {
			w.germany()
			w.same("nodes", len(w.nodes(all(), store.EdgeID("NEXT_TO", "Land/BY", "Land/BW"))), 0)
		}},
		{"a node is read with all of its parts", func(w *world) {
			n := seenBy(with(with(land("BY", "Bayern", -5), "tags", list("b", "a")), "city", truth(false)), store.TLPGreen, "b", "a")
			w.put(n)
			w.put(with(n, store.ValidFrom, text("2026-01-01")))
			got := w.nodes(all(), "Land/BY")[0]
			w.same("the node", got, store.Node{ID: "Land/BY", Version: 2,
				Own: visible(store.TLPGreen, "a", "b"), Settled: visible(store.TLPGreen, "a", "b"),
				Props: props{"code": text("BY"), "name": text("Bayern"), "population": num(-5), "tags": list("b", "a"),
					"city": truth(false), store.ValidFrom: text("2026-01-01")}})
		}},
		{"many ids are read at once", func(w *world) {
			var nodes []store.Node
			var want []store.ID
			for i := range 3000 {
				nodes = append(nodes, memo(serial(i), props{"size": num(int64(i))}))
				want = append(want, store.NewID("Memo", serial(2999-i)))
			}
			w.put(nodes...)
			w.same("nodes", nodeIDs(w.nodes(public(), want...)), want)
		}},
	}
}
