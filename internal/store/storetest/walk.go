package storetest

import "kritisgraph/internal/store"

func walkCases() []scenario {
	out, in := store.Step{Edge: "NEXT_TO"}, store.Step{Edge: "NEXT_TO", Dir: store.In}
	follow := func(steps ...store.Step) []store.Step { return steps }
	next := func(a, b string) store.ID { return store.EdgeID("NEXT_TO", germanID(a), germanID(b)) }
	check := func(w *world, what string, g store.Subgraph, nodes, edges []store.ID, truncated bool) {
		w.Helper()
		w.same(what+": nodes", nodeIDs(g.Nodes), nodes)
		w.same(what+": edges", edgeIDs(g.Edges), edges)
		w.same(what+": truncated", g.Truncated, truncated)
	}
	return []scenario{
		{"depth 0 shows the visible starts by id, once", func(w *world) {
			w.germany()
			g := w.traverse(public(), store.Walk{From: append(german("HH", "BY", "ZZ", "HH"), "Land/none"), Follow: follow(out)})
			check(w, "starts", g, german("BY", "HH"), nil, false)
		}},
		{"no starts, or no steps, go nowhere", func(w *world) {
			w.germany()
			check(w, "no starts", w.traverse(all(), store.Walk{Follow: follow(out), Depth: 3}), nil, nil, false)
			check(w, "no steps", w.traverse(all(), store.Walk{From: german("BY"), Depth: 3}), german("BY"), nil, false)
		}},
		{"nodes come level by level then by id, edges by the level at which they were met", func(w *world) {
			w.germany()
			walk := store.Walk{From: german("HB", "BY"), Follow: follow(out), Depth: 1}
			check(w, "depth 1", w.traverse(all(), walk), german("BY", "HB", "BW", "HH", "TH", "ZZ"),
				[]store.ID{next("BY", "BW"), next("BY", "TH"), next("BY", "ZZ"), next("HB", "HH")}, false)
			walk.Depth = 2
			check(w, "depth 2", w.traverse(all(), walk), german("BY", "HB", "BW", "HH", "TH", "ZZ", "BE"),
				[]store.ID{next("BY", "BW"), next("BY", "TH"), next("BY", "ZZ"), next("HB", "HH"), next("BW", "BY"), next("TH", "BE"), next("ZZ", "HH")}, false)
		}},
		{"cycles end, and an edge is met once", func(w *world) {
			w.germany()
			walk := store.Walk{From: german("BY"), Follow: follow(out, in, out), Depth: 50}
			g := w.traverse(public(), walk)
			check(w, "all around", g, german("BY", "BE", "BW", "TH"),
				[]store.ID{next("BE", "BY"), next("BW", "BY"), next("BY", "BW"), next("BY", "TH"), next("TH", "BE")}, false)
		}},
		{"steps go in both directions", func(w *world) {
			w.germany()
			walk := store.Walk{From: german("BE"), Follow: follow(in), Depth: 2}
			check(w, "against the edges", w.traverse(all(), walk), german("BE", "TH", "BY"), []store.ID{next("TH", "BE"), next("BY", "TH")}, false)
			walk = store.Walk{From: german("BE"), Follow: follow(store.Step{Edge: "SERVES", Dir: store.In}, store.Step{Edge: "HOLDS"}), Depth: 2}
			check(w, "in, then out", w.traverse(public(), walk), german("BE", "bbk", "c1"),
				[]store.ID{store.EdgeID("SERVES", "Body/bbk", "Land/BE"), store.EdgeID("SERVES", "Contact/c1", "Land/BE"), store.EdgeID("HOLDS", "Body/bbk", "Contact/c1")}, false)
		}},
		{"nodes of a stop label are shown but never left, starts included", func(w *world) {
			w.germany()
			steps := follow(store.Step{Edge: "SERVES"}, store.Step{Edge: "SERVES", Dir: store.In}, out)
			walk := store.Walk{From: german("stmi"), Follow: steps, Stop: []store.Label{"Land", "Memo"}, Depth: 9}
			check(w, "stopped", w.traverse(public(), walk), german("stmi", "BY"), []store.ID{store.EdgeID("SERVES", "Body/stmi", "Land/BY")}, false)
			walk.From = german("BY")
			check(w, "stopped at once", w.traverse(public(), walk), german("BY"), nil, false)
			walk.From = german("BY", "bbk")
			check(w, "one start left", w.traverse(public(), walk), german("bbk", "BY", "BE", "BW"), []store.ID{store.EdgeID("SERVES", "Body/bbk", "Land/BE"),
				store.EdgeID("SERVES", "Body/bbk", "Land/BW"), store.EdgeID("SERVES", "Body/bbk", "Land/BY")}, false)
		}},
		{"validity judges edges and reached nodes, not the starts", func(w *world) {
			w.germany()
			w.link(edge("NEXT_TO", "Land/XX", "Land/BE"), edge("NEXT_TO", "Land/BE", "Land/XX"))
			walk := store.Walk{From: german("XX"), Follow: follow(out), Depth: 1, ValidOn: "2026-01-01"}
			check(w, "a start that is over", w.traverse(public(), walk), german("XX", "BE"), []store.ID{next("XX", "BE")}, false)
			walk.From, walk.Depth = german("BE"), 2
			check(w, "a reached node that is over", w.traverse(public(), walk), german("BE", "BY", "BW", "TH"), []store.ID{next("BE", "BY"), next("BY", "BW"), next("BY", "TH")}, false)
			serves := store.Walk{From: german("bsi"), Follow: follow(store.Step{Edge: "SERVES"}), Depth: 1, ValidOn: "2026-01-01"}
			check(w, "an edge that is over", w.traverse(public(), serves), german("bsi", "BY"), []store.ID{"SERVES/second"}, false)
		}},
		{"only the properties wanted are shown", func(w *world) {
			w.germany()
			walk := store.Walk{From: german("bsi"), Follow: follow(store.Step{Edge: "SERVES"}), Depth: 1, Props: []string{"name", "strength"}, ValidOn: "2026-01-01"}
			g := w.traverse(public(), walk)
			w.same("a node", g.Nodes[1].Props, props{"name": text("Bayern")})
			w.same("an edge", g.Edges[0].Props, props{"strength": num(4)})
			walk.Props = []string{}
			g = w.traverse(public(), walk)
			w.same("no properties", len(g.Nodes[0].Props)+len(g.Edges[0].Props), 0)
			walk.Props = nil
			w.same("all properties", len(w.traverse(public(), walk).Nodes[1].Props), 5)
		}},
		{"hidden nodes are neither shown nor walked through", func(w *world) {
			w.germany()
			walk := store.Walk{From: german("BY"), Follow: follow(out), Depth: 4, Stop: nil}
			check(w, "to the public", w.traverse(public(), walk), german("BY", "BW", "TH", "BE"),
				[]store.ID{next("BY", "BW"), next("BY", "TH"), next("BW", "BY"), next("TH", "BE"), next("BE", "BY")}, false)
			w.same("to one who sees them", len(w.traverse(all(), walk).Nodes), 6)
		}},
		{"MaxNodes cuts by level and id", func(w *world) {
			w.germany()
			walk := store.Walk{From: german("BY"), Follow: follow(out), Depth: 3}
			for most := 1; most <= 7; most++ {
				walk.MaxNodes = most
				w.same("truncated", w.traverse(all(), walk).Truncated, most < 6)
			}
			walk.MaxNodes = 3
			check(w, "three", w.traverse(all(), walk), german("BY", "BW", "TH"), []store.ID{next("BY", "BW"), next("BY", "TH"), next("BW", "BY")}, true)
			check(w, "starts", w.traverse(all(), store.Walk{From: german("HH", "BY", "BW"), MaxNodes: 2}), german("BW", "BY"), nil, true)
		}},
		{"MaxEdges cuts by level and id", func(w *world) {
			w.germany()
			walk := store.Walk{From: german("BY"), Follow: follow(out), Depth: 4}
			for most := 1; most <= 8; most++ {
				walk.MaxEdges = most
				w.same("truncated", w.traverse(all(), walk).Truncated, most < 7)
			}
			walk.MaxEdges = 2
			check(w, "two", w.traverse(all(), walk), german("BY", "BW", "TH"), []store.ID{next("BY", "BW"), next("BY", "TH")}, true)
		}},
		{"parallel edges are all met", func(w *world) {
			w.germany()
			g := w.traverse(all(), store.Walk{From: german("bsi"), Follow: follow(store.Step{Edge: "SERVES"}), Depth: 1})
			check(w, "bsi", g, german("bsi", "BY"), []store.ID{store.EdgeID("SERVES", "Body/bsi", "Land/BY"), "SERVES/second"}, false)
		}},
		{"a long chain and a great hub are walked", func(w *world) {
			nodes, edges := []store.Node{memo("hub", props{})}, []store.Edge{}
			for i := range 2000 {
				nodes = append(nodes, memo(serial(i), props{"size": num(int64(i))}))
				edges = append(edges, edge("ABOUT", store.NewID("Memo", serial(i)), "Memo/hub"))
				if i > 0 {
					edges = append(edges, numbered(store.NewID("ABOUT", serial(i)), store.NewID("Memo", serial(i-1)), store.NewID("Memo", serial(i))))
				}
			}
			w.put(nodes...)
			w.link(edges...)
			g := w.traverse(public(), store.Walk{From: []store.ID{"Memo/hub"}, Follow: follow(store.Step{Edge: "ABOUT", Dir: store.In}), Depth: 2, Props: []string{}})
			w.same("nodes and edges", []int{len(g.Nodes), len(g.Edges)}, []int{2001, 3999})
			g = w.traverse(public(), store.Walk{From: []store.ID{"Memo/000000"}, Follow: follow(store.Step{Edge: "ABOUT"}), Depth: 40, Props: []string{"size"}})
			w.same("nodes at depth 40", len(g.Nodes), 42)
		}},
	}
}
