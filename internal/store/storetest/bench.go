package storetest

import (
	"fmt"
	"testing"

	"kritisgraph/internal/store"
)

// The size of the world of Bench.
const (
	benchLands    = 16
	benchBodies   = 4_000
	benchContacts = 12_000
	benchMemos    = 3_984 // 20,000 nodes altogether
)

// Bench measures realistic reads, and a small commit, on 20,000 nodes and 36,000 edges, half of the bodies hidden from the
// scope that asks. open is that of Run.
func Bench(b *testing.B, open func(t testing.TB) store.Driver) {
	w := newWorld(b, open)
	var records []store.Record
	var prev store.Hash
	for i, c := range benchChanges() {
		r, err := store.Seal(prev, store.Seq(i+1), w.canonical(c))
		if err != nil {
			b.Fatal(err)
		}
		records, prev = append(records, r), r.Hash
	}
	if err := w.driver.Load(b.Context(), from(records, nil)); err != nil {
		b.Fatalf("loading the world: %v", err)
	}
	scope := store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear}, store.Grant{Audience: "land:04", Max: store.TLPAmber})
	for _, r := range benchReads() {
		b.Run(r.name, func(b *testing.B) {
			for b.Loop() {
				n, err := r.ask(b, w.driver, scope)
				if err != nil {
					b.Fatal(err)
				}
				if n == 0 {
					b.Fatal("the answer is empty: there is nothing to measure")
				}
			}
		})
	}
	b.Run("commit of one node", func(b *testing.B) {
		for i := int64(0); b.Loop(); i++ {
			n := memo("bench", props{"size": num(i)})
			c := w.canonical(store.Change{Put: []store.Node{n}})
			if _, err := w.driver.Commit(b.Context(), c); err != nil {
				b.Fatal(err)
			}
			w.learn(c)
		}
	})
}

type benchRead struct {
	name string
	ask  func(b *testing.B, d store.Driver, scope store.Scope) (int, error)
}

func benchReads() []benchRead {
	bodies := store.Query{Labels: []store.Label{"Body"}, Where: store.Where("kind", store.EQ, text("kind 3")), Order: []store.Order{{Prop: "name"}}, Limit: 50, Total: true}
	page := store.Query{Limit: 20}
	var some []store.ID
	for i := range 50 {
		some = append(some, store.NewID("Body", serial(i*16+3)))
	}
	list := func(q store.Query) func(*testing.B, store.Driver, store.Scope) (int, error) {
		return func(b *testing.B, d store.Driver, scope store.Scope) (int, error) {
			p, err := d.List(b.Context(), scope, q)
			return len(p.Hits), err
		}
	}
	deep := bodies
	deep.Where = store.Filter{}
	deep.Start = &store.Position{Keys: []store.Value{text("behorde 002000")}, Node: "Body/002000"}
	related := bodies
	related.Where = store.Filter{All: []store.Filter{{Some: &store.Rel{Edge: "SERVES", Where: store.Where("code", store.EQ, text("03"))}}, store.Where("name", store.GTE, text("B"))}}
	return []benchRead{
		{"nodes by 50 ids", func(b *testing.B, d store.Driver, scope store.Scope) (int, error) {
			nodes, err := d.Nodes(b.Context(), scope, some)
			return len(nodes), err
		}},
		{"list with filter, order and total", list(bodies)},
		{"list from the middle", list(deep)},
		{"list by a relation", list(related)},
		{"search of a rare word", list(store.Query{Labels: []store.Label{"Body", "Memo"}, Text: "behörde 0020", Limit: 20, Total: true})},
		{"search of a frequent word", list(store.Query{Labels: []store.Label{"Body", "Memo"}, Text: "beh", Limit: 20})},
		{"count by two keys", func(b *testing.B, d store.Driver, scope store.Scope) (int, error) {
			groups, err := d.Count(b.Context(), scope, store.Query{Labels: []store.Label{"Body"}}, store.Key{Prop: "kind"}, store.Key{Edge: "SERVES"})
			return len(groups), err
		}},
		{"neighbors over 4 hops of 50 parents", func(b *testing.B, d store.Driver, scope store.Scope) (int, error) {
			pages, err := d.Neighbors(b.Context(), scope, []store.Hop{
				{From: some, Edge: "HOLDS", Query: page}, {From: some, Edge: "SERVES", Query: page},
				{From: some, Edge: "PART_OF", Query: page}, {From: some, Edge: "PART_OF", Dir: store.In, Query: page},
			})
			return len(pages), err
		}},
		{"walk of depth 3", func(b *testing.B, d store.Driver, scope store.Scope) (int, error) {
			g, err := d.Traverse(b.Context(), scope, store.Walk{
				From: some[:5], Follow: []store.Step{{Edge: "PART_OF"}, {Edge: "HOLDS"}, {Edge: "SERVES"}, {Edge: "ABOUT", Dir: store.In}},
				Stop: []store.Label{"Land"}, Depth: 3, MaxNodes: 10_000, MaxEdges: 100_000,
			})
			return len(g.Nodes), err
		}},
		{"log of one node", func(b *testing.B, d store.Driver, scope store.Scope) (int, error) {
			p, err := d.Log(b.Context(), scope, store.LogQuery{Of: some[:1], Limit: 10})
			return len(p.Records), err
		}},
	}
}

// benchChanges builds a tree of bodies that hold contacts and serve a Land, and memos about them.
func benchChanges() []store.Change {
	var lands, bodies, contacts, memos store.Change
	for i := range benchLands {
		lands.Put = append(lands.Put, land(fmt.Sprintf("%02d", i), fmt.Sprintf("Land %02d", i), int64(i)))
	}
	for i := range benchBodies {
		n := with(with(body(serial(i), "Behörde "+serial(i)), "kind", text(fmt.Sprintf("kind %d", i%8))), "note", text(fmt.Sprintf("zuständig seit %d", 1949+i%70)))
		served := fmt.Sprintf("%02d", i%benchLands)
		if i%2 == 0 {
			n = seenBy(n, store.TLPAmber, "land:"+served)
		}
		bodies.Put = append(bodies.Put, n)
		bodies.Link = append(bodies.Link, edge("SERVES", n.ID, store.NewID("Land", served), props{"strength": num(int64(i % 5))}))
		if up := (i - 3) / 16; i > 16 {
			bodies.Link = append(bodies.Link, edge("PART_OF", store.NewID("Body", serial(up)), n.ID))
		}
	}
	for i := range benchContacts {
		n := seenBy(with(contact(serial(i), fmt.Sprintf("role %d", i%5)), "rank", num(int64(i%9))), store.TLPClear)
		contacts.Put = append(contacts.Put, n)
		if i < benchContacts/2 {
			contacts.Link = append(contacts.Link, edge("HOLDS", store.NewID("Body", serial(i%benchBodies)), n.ID))
		}
	}
	rest := store.Change{}
	for i := benchContacts / 2; i < benchContacts; i++ {
		rest.Link = append(rest.Link, edge("HOLDS", store.NewID("Body", serial(i%benchBodies)), store.NewID("Contact", serial(i))))
	}
	for i := range benchMemos {
		n := memo(serial(i), props{"text": text("Notiz zur Behörde " + serial(i*7%benchBodies)), "size": num(int64(i))})
		memos.Put = append(memos.Put, n)
		for j := range 4 {
			memos.Link = append(memos.Link, edge("ABOUT", n.ID, store.NewID("Body", serial((i*7+j)%benchBodies))))
		}
	}
	return []store.Change{lands, bodies, contacts, rest, memos}
}
