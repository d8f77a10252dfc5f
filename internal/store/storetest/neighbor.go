package storetest

import (
	"fmt"

	"kritisgraph/internal/store"
)

func neighborCases() []scenario {
	second := store.ID("SERVES/second")
	return []scenario{
		{"many hops of many parents are answered in the order asked", func(w *world) {
			w.germany()
			got := w.neighbors(public(),
				store.Hop{From: german("BY", "BW", "HH"), Edge: "NEXT_TO"},
				store.Hop{From: german("BY", "BE"), Edge: "SERVES", Dir: store.In, Query: store.Query{Order: nil, Total: true}},
				store.Hop{From: german("bbk", "bsi"), Edge: "HOLDS"},
				store.Hop{From: nil, Edge: "HOLDS"},
				store.Hop{From: german("m1", "m2", "m3"), Edge: "ABOUT"})
			w.same("the number of hops", len(got), 5)
			w.same("the number of parents", []int{len(got[0]), len(got[1]), len(got[2]), len(got[3]), len(got[4])}, []int{3, 2, 2, 0, 3})
			w.wantIDs("next to BY", got[0][0], german("BW", "TH")...)
			w.wantIDs("next to BW", got[0][1], german("BY")...)
			w.wantIDs("next to HH", got[0][2])
			w.wantIDs("serving BY", got[1][0], german("bbk", "bsi", "bsi", "stmi")...)
			w.wantIDs("serving BE", got[1][1], german("bbk", "c1")...)
			w.same("the total of BE", got[1][1].Total, int64(2))
			w.wantIDs("held by bbk", got[2][0], german("c1")...)
			w.wantIDs("about what", got[4][0], german("bsi", "c2", "BY")...)
			w.wantIDs("about a memo", got[4][1], german("m1")...)
			w.wantIDs("of a hidden memo", got[4][2])
		}},
		{"no hops have no answer", func(w *world) { w.same("the answer", len(w.neighbors(all())), 0) }},
		{"two edges of one type between one pair are two hits", func(w *world) {
			w.germany()
			p := w.neighbors(public(), store.Hop{From: german("bsi"), Edge: "SERVES", Query: store.Query{Total: true}})[0][0]
			w.wantIDs("nodes", p, german("BY", "BY")...)
			w.same("edges", []store.ID{p.Hits[0].Edge.ID, p.Hits[1].Edge.ID}, []store.ID{store.EdgeID("SERVES", "Body/bsi", "Land/BY"), second})
			w.same("the edge has its properties", p.Hits[1].Edge, store.Edge{ID: second, From: "Body/bsi", To: "Land/BY", Version: 1,
				Props: props{"strength": num(4), "role": text("deputy")}})
			w.same("the total", p.Total, int64(2))
		}},
		{"Via selects by properties of the edge and by its id", func(w *world) {
			w.germany()
			for _, c := range []struct {
				via  store.Filter
				want []store.ID
			}{
				{store.Where("strength", store.GTE, num(5)), german("bsi", "stmi")},
				{store.Where("role", store.EQ, text("deputy")), german("bsi")},
				{store.Where("role", store.ABSENT), german("bbk", "bsi", "stmi")},
				{store.Where("id", store.EQ, text(string(second))), german("bsi")},
				{store.Filter{Not: &store.Filter{Any: []store.Filter{store.Where("strength", store.IN, num(3), num(8)), store.Where("role", store.PREFIX, text("dep"))}}}, german("bsi")},
				{store.Filter{Any: []store.Filter{}}, nil},
			} {
				w.wantIDs(fmt.Sprint(c.via), w.neighbors(public(), store.Hop{From: german("BY"), Edge: "SERVES", Dir: store.In, Via: c.via})[0][0], c.want...)
			}
		}},
		{"the limit holds for each parent", func(w *world) {
			w.germany()
			hop := store.Hop{From: german("BY", "BE", "HH"), Edge: "SERVES", Dir: store.In, Query: store.Query{Limit: 2, Total: true}}
			got := w.neighbors(all(), hop)[0]
			w.wantIDs("BY", got[0], german("bbk", "bsi")...)
			w.wantIDs("BE", got[1], german("bbk", "c1")...)
			w.wantIDs("HH", got[2], german("geheim")...)
			w.same("more", []bool{got[0].More, got[1].More, got[2].More}, []bool{true, false, false})
			w.same("totals", []int64{got[0].Total, got[1].Total, got[2].Total}, []int64{5, 2, 1})
			hop.Query.Backwards = true
			got = w.neighbors(all(), hop)[0]
			w.wantIDs("the last of BY", got[0], german("geheim", "stmi")...)
		}},
		{"neighbors page in every order with every page size", func(w *world) {
			w.germany()
			first := store.EdgeID("SERVES", "Body/bsi", "Land/BY")
			id := func(from string) store.ID { return store.EdgeID("SERVES", germanID(from), "Land/BY") }
			for _, c := range []struct {
				order []store.Order
				want  []store.ID
			}{
				{nil, []store.ID{id("bbk"), first, second, id("geheim"), id("stmi")}},
				{[]store.Order{{Prop: "name"}}, []store.ID{id("geheim"), id("bbk"), first, second, id("stmi")}},
				{[]store.Order{{Prop: "slug", Desc: true}}, []store.ID{id("stmi"), id("geheim"), first, second, id("bbk")}},
			} {
				hop := store.Hop{From: german("BY"), Edge: "SERVES", Dir: store.In, Query: store.Query{Labels: []store.Label{"Body"}, Order: c.order}}
				for size := 1; size <= 6; size++ {
					w.hopsThrough(hop, size, c.want)
				}
			}
		}},
		{"filter, label and validity judge the far end, validity the edge too", func(w *world) {
			w.germany()
			hop := store.Hop{From: german("BY", "BE"), Edge: "SERVES", Dir: store.In}
			hop.Query = store.Query{Labels: []store.Label{"Body"}, Where: store.Where("kind", store.EQ, text("federal")), ValidOn: "2026-01-01"}
			got := w.neighbors(all(), hop)[0]
			w.same("edges of BY", hitEdges(got[0]), []store.ID{store.EdgeID("SERVES", "Body/bbk", "Land/BY"), second})
			w.wantIDs("BE without the contact", got[1], german("bbk")...)
			hop.Query.ValidOn = "2025-12-31"
			w.same("a day earlier", len(w.neighbors(all(), hop)[0][0].Hits), 3)
			w.link(edge("NEXT_TO", "Land/BE", "Land/XX"), edge("NEXT_TO", "Land/XX", "Land/BE"))
			next := store.Hop{From: german("BE", "XX"), Edge: "NEXT_TO", Query: store.Query{ValidOn: "2026-01-01"}}
			got = w.neighbors(all(), next)[0]
			w.wantIDs("a far end that is over", got[0], german("BY")...)
			w.wantIDs("a parent is not judged", got[1], german("BE")...)
		}},
		{"hidden parents have no neighbors and hidden neighbors do not show", func(w *world) {
			w.germany()
			got := w.neighbors(public(),
				store.Hop{From: append(german("ZZ", "BY"), "Land/none"), Edge: "NEXT_TO", Query: store.Query{Total: true}},
				store.Hop{From: german("geheim", "bbk"), Edge: "SERVES", Query: store.Query{Total: true}})
			w.same("totals", []int64{got[0][0].Total, got[0][1].Total, got[0][2].Total, got[1][0].Total, got[1][1].Total}, []int64{0, 2, 0, 0, 3})
		}},
		{"a parent asked twice is answered twice, a hop too", func(w *world) {
			w.germany()
			hop := store.Hop{From: german("BY", "HH", "BY"), Edge: "NEXT_TO"}
			got := w.neighbors(public(), hop, hop)
			w.wantIDs("the first time", got[0][0], german("BW", "TH")...)
			w.wantIDs("the second time", got[0][2], german("BW", "TH")...)
			w.same("the second hop", got[1], got[0])
		}},
		{"hundreds of parents and dozens of hops are one call", func(w *world) {
			var nodes []store.Node
			var edges []store.Edge
			var parents []store.ID
			for i := range 600 {
				nodes = append(nodes, memo(serial(i), props{"size": num(int64(i))}))
				parents = append(parents, store.NewID("Memo", serial(i)))
			}
			for i := range 600 {
				for _, step := range []int{1, 7, 30} {
					edges = append(edges, edge("ABOUT", parents[i], parents[(i+step)%600]))
				}
			}
			w.put(nodes...)
			w.link(edges...)
			var hops []store.Hop
			for i := range 24 {
				hops = append(hops, store.Hop{From: parents[i*25 : i*25+25], Edge: "ABOUT", Dir: store.Dir(i % 2), Query: store.Query{Limit: 1 + i%4, Total: i%3 == 0}})
			}
			w.neighbors(public(), hops...)
			got := w.neighbors(public(), store.Hop{From: parents, Edge: "ABOUT", Query: store.Query{Limit: 2}})
			w.wantIDs("the last parent", got[0][599], "Memo/000000", "Memo/000006")
		}},
	}
}

func hitEdges(p store.Page) []store.ID {
	var ids []store.ID
	for _, h := range p.Hits {
		ids = append(ids, h.Edge.ID)
	}
	return ids
}

// hopsThrough reads the neighbors of one parent page by page in both directions and expects these edges.
func (w *world) hopsThrough(hop store.Hop, size int, want []store.ID) {
	w.Helper()
	for _, hop.Query.Backwards = range []bool{false, true} {
		var got []store.ID
		hop.Query.Start, hop.Query.Limit = nil, size
		for more := true; more && len(got) <= len(want); {
			p := w.neighbors(all(), hop)[0][0]
			if len(p.Hits) == 0 {
				w.Fatalf("a page of %d is empty", size)
			}
			more = p.More
			start := p.Hits[len(p.Hits)-1].Position
			if hop.Query.Backwards {
				start = p.Hits[0].Position
				got = append(hitEdges(p), got...)
			} else {
				got = append(got, hitEdges(p)...)
			}
			hop.Query.Start = &start
		}
		w.same(fmt.Sprintf("all pages of %d, backwards %t", size, hop.Query.Backwards), got, want)
	}
}
