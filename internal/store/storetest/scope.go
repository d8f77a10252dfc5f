package storetest

import "kritisgraph/internal/store"

func scopeCases() []scenario {
	everyone := store.Query{Labels: labels(), Total: true}
	return []scenario{
		{"one grant must match audience and marking together", func(w *world) {
			w.put(
				seenBy(memo("a", nil), store.TLPGreen, "x"), seenBy(memo("b", nil), store.TLPAmber, "y"), seenBy(memo("c", nil), store.TLPRed, "x", "y"),
				seenBy(memo("d", nil), store.TLPClear), seenBy(memo("e", nil), 0, "x"), seenBy(memo("f", nil), store.TLPClear, "x y"))
			for _, c := range []struct {
				name  string
				scope store.Scope
				want  []store.ID
			}{
				{"x up to green", grant("x", store.TLPGreen), []store.ID{"Memo/a"}},
				{"x up to clear", grant("x", store.TLPClear), nil},
				{"x up to red", grant("x", store.TLPRed), []store.ID{"Memo/a", "Memo/c", "Memo/e"}},
				{"a marking of one grant does not widen another", store.NewScope(store.Grant{Audience: "x", Max: store.TLPRed}, store.Grant{Audience: "y", Max: store.TLPGreen}),
					[]store.ID{"Memo/a", "Memo/c", "Memo/e"}},
				{"two grants that fall short together do too", store.NewScope(store.Grant{Audience: "x", Max: store.TLPAmber}, store.Grant{Audience: "y", Max: store.TLPAmberStrict}),
					[]store.ID{"Memo/a", "Memo/b"}},
				{"of two grants for one audience the wider holds", store.NewScope(store.Grant{Audience: "y", Max: store.TLPRed}, store.Grant{Audience: "y", Max: store.TLPClear}),
					[]store.ID{"Memo/b", "Memo/c"}},
				{"audiences are compared whole", grant("x y", store.TLPRed), []store.ID{"Memo/f"}},
				{"the empty audience is none", grant("", store.TLPRed), nil},
				{"the zero scope", store.Scope{}, nil},
				{"no grants", store.NewScope(), nil},
				{"unrestricted", all(), []store.ID{"Memo/a", "Memo/b", "Memo/c", "Memo/d", "Memo/e", "Memo/f"}},
			} {
				p := w.list(c.scope, everyone)
				w.wantIDs(c.name, p, c.want...)
				w.same(c.name+": total", p.Total, int64(len(c.want)))
				w.same(c.name+": nodes", nodeIDs(w.nodes(c.scope, "Memo/a", "Memo/b", "Memo/c", "Memo/d", "Memo/e", "Memo/f")), c.want)
			}
		}},
		{"the zero scope sees nothing anywhere", func(w *world) {
			w.germany()
			var nobody store.Scope
			w.same("nodes", len(w.nodes(nobody, german("BY")...)), 0)
			w.same("a list", w.list(nobody, everyone), store.Page{})
			w.same("a search", w.list(nobody, store.Query{Labels: labels(), Text: "bayern", Total: true}), store.Page{})
			w.same("neighbors", w.neighbors(nobody, store.Hop{From: german("BY"), Edge: "NEXT_TO"}), [][]store.Page{{{Total: -1}}})
			w.same("a walk", w.traverse(nobody, store.Walk{From: german("BY"), Follow: []store.Step{{Edge: "NEXT_TO"}}, Depth: 2}), store.Subgraph{})
			w.same("the log", w.log(nobody, store.LogQuery{Total: true}), store.LogPage{})
		}},
		{"hundreds of grants are one scope", func(w *world) {
			w.germany()
			grants := []store.Grant{{Audience: "public", Max: store.TLPClear}}
			for i := range 800 {
				grants = append(grants, store.Grant{Audience: "operator:" + serial(i), Max: store.TLPAmber})
			}
			w.put(seenBy(memo("mine", nil), store.TLPAmber, "operator:000799"), seenBy(memo("theirs", nil), store.TLPAmber, "operator:000800"))
			scope := store.NewScope(grants...)
			w.same("nodes", nodeIDs(w.nodes(scope, "Memo/mine", "Memo/theirs", "Land/BY", "Land/ZZ")), []store.ID{"Memo/mine", "Land/BY"})
			w.list(scope, everyone)
			w.neighbors(scope, store.Hop{From: german("BY", "ZZ"), Edge: "NEXT_TO"})
			w.traverse(scope, store.Walk{From: german("BY"), Follow: []store.Step{{Edge: "NEXT_TO"}}, Depth: 3})
			w.count(scope, everyone, store.Key{Edge: "SERVES", Dir: store.In})
			w.log(scope, store.LogQuery{})
		}},
		{"hidden data changes no answer to others", func(w *world) {
			w.germany()
			before := w.answers(public())
			w.put(seenBy(with(land("AA", "Aa Bayern", 5), "tags", list("Nord")), store.TLPRed, "land:BY"), seenBy(memo("ma", props{"text": text("bayern")}), store.TLPClear))
			w.link(edge("NEXT_TO", "Land/BY", "Land/AA"), edge("NEXT_TO", "Land/AA", "Land/HH"), edge("ABOUT", "Memo/ma", "Land/BY"),
				edge("SERVES", "Body/bbk", "Land/AA", props{"strength": num(1)}))
			w.same("the answers to the public", w.answers(public()), before)
		}},
	}
}

// answers asks one read of each kind.
func (w *world) answers(scope store.Scope) []any {
	w.Helper()
	named := store.Query{Labels: []store.Label{"Land", "Body"}, Order: []store.Order{{Prop: "name"}}, Limit: 3, Total: true}
	near := store.Filter{Some: &store.Rel{Edge: "NEXT_TO", Dir: store.In, Where: store.Where("name", store.LT, text("B"))}}
	return []any{
		w.list(scope, named),
		w.list(scope, store.Query{Labels: labels(), Text: "bayern", Total: true}),
		w.list(scope, store.Query{Labels: []store.Label{"Land"}, Where: near, Total: true}),
		w.count(scope, store.Query{Labels: []store.Label{"Land"}}, store.Key{Prop: "tags"}, store.Key{Edge: "SERVES", Dir: store.In}),
		w.neighbors(scope, store.Hop{From: german("BY", "bbk"), Edge: "NEXT_TO", Query: store.Query{Total: true, Limit: 1}},
			store.Hop{From: german("BY", "bbk"), Edge: "SERVES", Query: store.Query{Total: true, Limit: 3}}),
		w.traverse(scope, store.Walk{From: german("BY"), Follow: []store.Step{{Edge: "NEXT_TO"}, {Edge: "ABOUT", Dir: store.In}}, Depth: 3, MaxNodes: 6}),
		w.log(scope, store.LogQuery{Total: true, UpTo: 2}),
		len(w.log(scope, store.LogQuery{Labels: []string{"Memo"}}).Records),
	}
}
