package storetest

import (
	"errors"

	"kritisgraph/internal/store"
)

func commitCases() []scenario {
	by, bw := land("BY", "Bayern", 1), land("BW", "Baden", 2)
	next := edge("NEXT_TO", by.ID, bw.ID)
	pair := func(w *world) {
		w.put(by, bw)
		w.link(next)
	}
	cases := []scenario{
		{"versions count from one and a deleted thing is gone", func(w *world) {
			w.same("the first sequence", w.commit(store.Change{Put: []store.Node{by, bw}, Link: []store.Edge{next}}).Seq, store.Seq(1))
			w.same("the second sequence", w.commit(store.Change{Put: []store.Node{with(by, "population", num(7))}}).Seq, store.Seq(2))
			w.same("the version of a node", w.nodes(all(), by.ID)[0].Version, int64(2))
			w.link(next)
			hit := w.neighbors(all(), store.Hop{From: []store.ID{by.ID}, Edge: "NEXT_TO"})[0][0].Hits[0]
			w.same("the version of an edge", hit.Edge.Version, int64(2))
			w.remove(next.ID, by.ID)
			w.same("nodes", nodeIDs(w.nodes(all(), by.ID, bw.ID)), []store.ID{bw.ID})
			w.same("the head", w.head(), store.Seq(4))
			w.everything()
		}},
		{"a put replaces all properties and the visibility", func(w *world) {
			w.put(seenBy(with(with(by, "tags", list("x")), "city", truth(true)), store.TLPGreen, "a"))
			w.put(seenBy(by, store.TLPAmber, "b"))
			got := w.nodes(all(), by.ID)[0]
			w.same("the properties", got.Props, by.Props)
			w.same("the visibility", got.Settled, visible(store.TLPAmber, "b"))
			w.wantIDs("a search for the old", w.list(all(), store.Query{Labels: labels(), Text: "x"}))
		}},
		{"a link replaces all properties", func(w *world) {
			w.put(by, body("a", "A"))
			serves := edge("SERVES", "Body/a", by.ID, props{"strength": num(1), "role": text("x")})
			w.link(serves)
			serves.Props = props{"strength": num(2)}
			w.link(serves)
			hit := w.neighbors(all(), store.Hop{From: []store.ID{"Body/a"}, Edge: "SERVES"})[0][0].Hits[0]
			w.same("the properties", hit.Edge.Props, props{"strength": num(2)})
		}},
		{"a change without things is a record of its own", func(w *world) {
			w.same("the sequence", w.commit(store.Change{Events: []store.Event{{Type: "READ", Subject: "Land/BY"}}}).Seq, store.Seq(1))
			w.same("the sequence", w.commit(store.Change{}).Seq, store.Seq(2))
			w.everything()
		}},
		{"a change puts, links and deletes at once, also what hangs together", func(w *world) {
			pair(w)
			hh := land("HH", "Hamburg", 3)
			w.commit(store.Change{Put: []store.Node{hh, with(bw, "city", truth(true))}, Link: []store.Edge{edge("NEXT_TO", hh.ID, bw.ID)}, Delete: []store.ID{by.ID, next.ID}})
			w.same("nodes", nodeIDs(w.nodes(all(), by.ID, bw.ID, hh.ID)), []store.ID{bw.ID, hh.ID})
			w.everything()
		}},
		{"the largest change is applied as a whole", func(w *world) {
			var c store.Change
			for i := range 8000 {
				c.Put = append(c.Put, memo(serial(i), props{"text": text("Notiz " + serial(i)), "size": num(int64(i))}))
			}
			for i := range 12_000 {
				c.Link = append(c.Link, numbered(store.NewID("ABOUT", serial(i)), c.Put[i%8000].ID, c.Put[(i*7+1)%8000].ID))
			}
			w.same("its size", c.Size(), store.MaxChange)
			w.commit(c)
			w.same("the count", w.count(public(), store.Query{Labels: labels()}), []store.Group{{Count: 8000}})
			w.everything()
			for i := range 4000 {
				c.Put[i].Props = props{"size": num(-int64(i))}
			}
			w.commit(store.Change{Put: c.Put[:4000], Link: c.Link[:4000]})
			var gone []store.ID
			for _, e := range c.Link {
				gone = append(gone, e.ID)
			}
			w.commit(store.Change{Delete: gone})
			w.everything()
		}},
	}
	cases = append(cases, conditionCases(by, bw, next)...)
	cases = append(cases, uniqueCases(by, bw)...)
	return append(cases, integrityCases(by, bw, next)...)
}

func conditionCases(by, bw store.Node, next store.Edge) []scenario {
	put := func(n store.Node, version int64) store.Change {
		return store.Change{Put: []store.Node{n}, If: []store.Cond{{ID: n.ID, Version: version}}}
	}
	conflict := func(w *world, want error, c store.Change, precise store.ConflictError) {
		w.Helper()
		err := w.refusal(want, c)
		var got *store.ConflictError
		if !errors.As(err, &got) {
			w.Fatalf("the error %v is no ConflictError", err)
		}
		w.same("the conflict", *got, precise)
	}
	return []scenario{
		{"each precondition that does not hold refuses the whole change", func(w *world) {
			w.put(by, bw)
			w.link(next)
			w.put(with(by, "population", num(9)))
			conflict(w, store.ErrExists, put(by, 0), store.ConflictError{ID: by.ID, Want: 0, Have: 2})
			conflict(w, store.ErrConflict, put(by, 1), store.ConflictError{ID: by.ID, Want: 1, Have: 2})
			conflict(w, store.ErrConflict, put(by, 3), store.ConflictError{ID: by.ID, Want: 3, Have: 2})
			conflict(w, store.ErrNotFound, put(land("HH", "Hamburg", 1), 1), store.ConflictError{ID: "Land/HH", Want: 1, Have: 0})
			link := store.Change{Link: []store.Edge{next}, If: []store.Cond{{ID: next.ID, Version: 0}}}
			conflict(w, store.ErrExists, link, store.ConflictError{ID: next.ID, Want: 0, Have: 1})
			link.If = []store.Cond{{ID: next.ID, Version: 2}}
			conflict(w, store.ErrConflict, link, store.ConflictError{ID: next.ID, Want: 2, Have: 1})
			gone := store.Change{Delete: []store.ID{next.ID}, If: []store.Cond{{ID: next.ID, Version: 9}}}
			conflict(w, store.ErrConflict, gone, store.ConflictError{ID: next.ID, Want: 9, Have: 1})
			gone = store.Change{Delete: []store.ID{"Land/none"}, If: []store.Cond{{ID: "Land/none", Version: 1}}}
			conflict(w, store.ErrNotFound, gone, store.ConflictError{ID: "Land/none", Want: 1, Have: 0})
		}},
		{"a precondition may be about a thing that the change leaves alone", func(w *world) {
			w.put(by, bw)
			c := store.Change{Put: []store.Node{land("HH", "Hamburg", 1)}, If: []store.Cond{{ID: by.ID, Version: 2}}}
			conflict(w, store.ErrConflict, c, store.ConflictError{ID: by.ID, Want: 2, Have: 1})
			c.If = []store.Cond{{ID: by.ID, Version: 1}, {ID: "Land/none", Version: 0}}
			w.commit(c)
			w.same("its version", w.nodes(all(), by.ID)[0].Version, int64(1))
		}},
		{"one failing precondition among many leaves nothing behind", func(w *world) {
			w.put(by, bw)
			c := store.Change{Delete: []store.ID{bw.ID}, Events: []store.Event{{Type: "X", Subject: by.ID}}}
			for i := range 50 {
				c.Put = append(c.Put, memo(serial(i), props{}))
			}
			c.If = []store.Cond{{ID: by.ID, Version: 5}}
			w.refuse(store.ErrConflict, c)
			w.same("the next sequence", w.commit(store.Change{}).Seq, store.Seq(2))
		}},
		{"the id of a deleted thing is never used again", func(w *world) {
			w.put(by, bw)
			w.link(next)
			w.remove(next.ID)
			w.refuse(store.ErrExists, store.Change{Link: []store.Edge{next}})
			w.remove(by.ID)
			w.refuse(store.ErrExists, put(by, 0))
			w.refuse(store.ErrNotFound, put(by, 1))
			w.refuse(store.ErrNotFound, put(by, 2))
			w.refuse(store.ErrExists, store.Change{If: []store.Cond{{ID: by.ID, Version: 0}}})
			w.refuse(store.ErrNotFound, store.Change{Delete: []store.ID{by.ID}, If: []store.Cond{{ID: by.ID, Version: 1}}})
			again := land("BY-2", "Bayern", 1)
			again.Props["code"] = text("BY")
			w.put(again)
		}},
		{"a key is used once, by its owner, whatever the digest", func(w *world) {
			once := store.Once{Owner: "me", Key: "k", Digest: "d"}
			w.commit(store.Change{Put: []store.Node{by}, Once: once, Result: []store.ID{by.ID}})
			w.refuse(store.ErrReplayed, store.Change{Put: []store.Node{bw}, Once: once})
			w.refuse(store.ErrReplayed, store.Change{Put: []store.Node{bw}, Once: store.Once{Owner: "me", Key: "k", Digest: "other"}})
			c := put(by, 0)
			c.Once = once
			w.refuse(store.ErrReplayed, c)
			w.commit(store.Change{Once: store.Once{Owner: "you", Key: "k", Digest: "d"}})
			w.commit(store.Change{Once: store.Once{Owner: "me", Key: "K", Digest: "d"}})
			w.commit(store.Change{Once: store.Once{Owner: "", Key: "k", Digest: "d"}})
			w.commit(store.Change{Once: store.Once{Owner: "m", Key: "ek", Digest: "d"}})
		}},
		{"a key of a refused change may be used again", func(w *world) {
			w.put(by)
			c := put(by, 7)
			c.Once = store.Once{Owner: "me", Key: "k", Digest: "d"}
			w.refuse(store.ErrConflict, c)
			c.If[0].Version = 1
			w.commit(c)
			w.refuse(store.ErrReplayed, c)
		}},
	}
}

func uniqueCases(by, bw store.Node) []scenario {
	return []scenario{
		{"a unique value belongs to one node of the label", func(w *world) {
			w.put(by, bw)
			w.refuse(store.ErrExists, store.Change{Put: []store.Node{with(land("X", "X", 1), "code", text("BY"))}})
			w.refuse(store.ErrExists, store.Change{Put: []store.Node{with(bw, "code", text("BY"))}})
			w.put(with(by, "population", num(4)))
			w.put(with(body("BY", "Amt"), "slug", text("BY")))
			w.put(with(land("by", "klein", 1), "code", text("by")))
		}},
		{"a unique value stands once within one change", func(w *world) {
			w.refuse(store.ErrExists, store.Change{Put: []store.Node{by, with(land("X", "X", 1), "code", text("BY"))}})
			w.put(by, bw)
			w.refuse(store.ErrExists, store.Change{Put: []store.Node{with(by, "code", text("N")), with(bw, "code", text("N"))}})
		}},
		{"a unique integer may be absent any number of times", func(w *world) {
			w.put(contact("1", "r"), contact("2", "r"), with(contact("3", "r"), "number", num(3)))
			w.refuse(store.ErrExists, store.Change{Put: []store.Node{with(contact("1", "r"), "number", num(3))}})
			w.put(with(contact("1", "r"), "number", num(-3)))
		}},
		{"a unique value moves within one change", func(w *world) {
			w.put(by, bw)
			w.put(with(by, "code", text("OLD")), with(land("NEW", "Neu", 1), "code", text("BY")))
			w.commit(store.Change{Delete: []store.ID{bw.ID}, Put: []store.Node{with(land("A", "A", 1), "code", text("BW"))}})
			w.everything()
		}},
		{"two nodes swap a unique value within one change", func(w *world) {
			w.put(by, bw)
			w.put(with(by, "code", text("BW")), with(bw, "code", text("BY")))
			w.wantIDs("the swapped", w.list(all(), store.Query{Labels: []store.Label{"Land"}, Where: store.Where("code", store.EQ, text("BY"))}), bw.ID)
			w.everything()
		}},
		{"the unique value of a deleted node is free", func(w *world) {
			w.put(by)
			w.remove(by.ID)
			w.put(with(land("X", "X", 1), "code", text("BY")))
		}},
	}
}

func integrityCases(by, bw store.Node, next store.Edge) []scenario {
	return []scenario{
		{"a node with edges is deleted only together with all of them", func(w *world) {
			w.put(by, bw)
			w.link(next, edge("NEXT_TO", bw.ID, by.ID))
			w.refuse(store.ErrInvalid, store.Change{Delete: []store.ID{by.ID}})
			w.refuse(store.ErrInvalid, store.Change{Delete: []store.ID{by.ID, next.ID}})
			w.refuse(store.ErrInvalid, store.Change{Delete: []store.ID{by.ID, bw.ID}})
			w.remove(by.ID, next.ID, store.EdgeID("NEXT_TO", bw.ID, by.ID))
		}},
		{"an edge needs both of its ends", func(w *world) {
			w.put(by)
			w.refuse(store.ErrInvalid, store.Change{Link: []store.Edge{next}})
			w.refuse(store.ErrInvalid, store.Change{Link: []store.Edge{edge("NEXT_TO", bw.ID, by.ID)}})
			w.refuse(store.ErrInvalid, store.Change{Put: []store.Node{land("HH", "Hamburg", 1)}, Link: []store.Edge{next}})
			w.put(bw)
			w.refuse(store.ErrInvalid, store.Change{Delete: []store.ID{bw.ID}, Link: []store.Edge{next}})
			w.link(next)
			w.refuse(store.ErrInvalid, store.Change{Delete: []store.ID{bw.ID}, Link: []store.Edge{next}})
		}},
		{"the ends of an edge never change", func(w *world) {
			w.put(by, bw, land("HH", "Hamburg", 1))
			w.link(next)
			moved := next
			moved.To = "Land/HH"
			w.refuse(store.ErrInvalid, store.Change{Link: []store.Edge{moved}})
			moved.From, moved.To = next.To, next.From
			w.refuse(store.ErrInvalid, store.Change{Link: []store.Edge{moved}})
		}},
		{"an edge may end at a node of the same change", func(w *world) {
			w.commit(store.Change{Put: []store.Node{by, bw}, Link: []store.Edge{next}})
			w.everything()
		}},
	}
}
