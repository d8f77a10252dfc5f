package storetest

import "kritisgraph/internal/store"

// settled expects the settled visibility of a node.
func (w *world) settled(what string, id store.ID, want store.Visibility) {
	w.Helper()
	nodes := w.nodes(all(), id)
	if len(nodes) != 1 {
		w.Fatalf("%s: there is no node %s", what, id)
	}
	w.same(what, nodes[0].Settled, want)
}

func settleCases() []scenario {
	part := func(owner, owned string) store.Edge {
		return edge("PART_OF", store.NewID("Body", owner), store.NewID("Body", owned))
	}
	unit := func(key string, tlp store.TLP, audiences ...string) store.Node {
		return seenBy(body(key, key), tlp, audiences...)
	}
	return []scenario{
		{"without owners a node has its own visibility, RED where none is stated", func(w *world) {
			w.put(unit("a", store.TLPGreen, "y", "x"), unit("b", 0, "x"), unit("c", 0))
			w.settled("stated", "Body/a", visible(store.TLPGreen, "x", "y"))
			w.settled("no marking", "Body/b", visible(store.TLPRed, "x"))
			w.settled("nothing", "Body/c", visible(store.TLPRed))
		}},
		{"the strictest marking of own and all owners holds", func(w *world) {
			w.commit(store.Change{
				Put:  []store.Node{unit("a", store.TLPClear, "x"), unit("b", store.TLPAmber, "x"), unit("c", store.TLPGreen, "x"), unit("d", store.TLPAmberStrict, "x"), unit("e", store.TLPClear, "x"), unit("r", 0, "x")},
				Link: []store.Edge{part("a", "c"), part("b", "c"), part("a", "d"), part("b", "d"), part("a", "e"), part("r", "e")},
			})
			w.settled("an owner is stricter", "Body/c", visible(store.TLPAmber, "x"))
			w.settled("the own is stricter", "Body/d", visible(store.TLPAmberStrict, "x"))
			w.settled("an owner without a marking is red", "Body/e", visible(store.TLPRed, "x"))
		}},
		{"audiences are the own ones, else those that all owners share", func(w *world) {
			w.commit(store.Change{
				Put: []store.Node{unit("a", store.TLPClear, "x", "y", "z"), unit("b", store.TLPClear, "y", "z", "w"), unit("c", store.TLPClear, "q"),
					unit("own", store.TLPClear, "o"), unit("one", store.TLPClear), unit("two", store.TLPClear), unit("none", store.TLPClear)},
				Link: []store.Edge{part("a", "own"), part("a", "one"), part("a", "two"), part("b", "two"), part("a", "none"), part("c", "none")},
			})
			w.settled("own", "Body/own", visible(store.TLPClear, "o"))
			w.settled("inherited", "Body/one", visible(store.TLPClear, "x", "y", "z"))
			w.settled("shared", "Body/two", visible(store.TLPClear, "y", "z"))
			w.settled("nothing shared", "Body/none", visible(store.TLPClear))
		}},
		{"a chain of owners passes visibility down, whatever the order of things in the change", func(w *world) {
			w.commit(store.Change{
				Put:  []store.Node{unit("d", store.TLPClear), unit("c", store.TLPClear), unit("b", store.TLPGreen), unit("a", store.TLPAmber, "x")},
				Link: []store.Edge{part("c", "d"), part("a", "b"), part("b", "c")},
			})
			for _, id := range []store.ID{"Body/b", "Body/c", "Body/d"} {
				w.settled("down to "+string(id), id, visible(store.TLPAmber, "x"))
			}
		}},
		{"an owner that loosens or tightens later takes all below along", func(w *world) {
			w.commit(store.Change{
				Put:  []store.Node{unit("a", store.TLPRed, "x"), unit("b", store.TLPGreen), unit("c", store.TLPClear), unit("d", store.TLPAmber, "own")},
				Link: []store.Edge{part("a", "b"), part("b", "c"), part("b", "d")},
			})
			version := w.nodes(all(), "Body/c")[0].Version
			w.put(unit("a", store.TLPClear, "x", "y"))
			w.settled("loosened", "Body/c", visible(store.TLPGreen, "x", "y"))
			w.settled("loosened, but stricter itself", "Body/d", visible(store.TLPAmber, "own"))
			w.wantIDs("to whom it shows now", w.list(grant("y", store.TLPGreen), store.Query{Labels: labels()}), "Body/a", "Body/b", "Body/c")
			w.put(unit("a", store.TLPAmberStrict, "z"))
			w.settled("tightened", "Body/c", visible(store.TLPAmberStrict, "z"))
			w.wantIDs("to whom it shows no more", w.list(grant("y", store.TLPRed), store.Query{Labels: labels()}))
			w.same("settling makes no version", w.nodes(all(), "Body/c")[0].Version, version)
			w.everything()
		}},
		{"an owning edge that is linked or deleted later settles what it leads to", func(w *world) {
			w.put(unit("a", store.TLPAmber, "x"), unit("b", store.TLPClear), unit("c", store.TLPClear))
			w.link(part("b", "c"))
			w.settled("before", "Body/c", visible(store.TLPClear))
			w.link(part("a", "b"))
			w.settled("linked", "Body/c", visible(store.TLPAmber, "x"))
			w.remove(part("a", "b").ID)
			w.settled("unlinked", "Body/b", visible(store.TLPClear))
			w.settled("unlinked, further down", "Body/c", visible(store.TLPClear))
		}},
		{"an owner that is deleted bounds no longer", func(w *world) {
			w.put(unit("a", store.TLPRed, "x"), unit("b", store.TLPGreen, "x"))
			w.link(part("a", "b"))
			w.remove(part("a", "b").ID, "Body/a")
			w.settled("alone", "Body/b", visible(store.TLPGreen, "x"))
		}},
		{"a node that is put anew is settled under the owners it has", func(w *world) {
			w.put(unit("a", store.TLPAmber, "x"), unit("b", store.TLPClear))
			w.link(part("a", "b"))
			w.put(unit("b", store.TLPGreen))
			w.settled("put", "Body/b", visible(store.TLPAmber, "x"))
			w.put(unit("b", store.TLPRed, "o"))
			w.settled("put again", "Body/b", visible(store.TLPRed, "o"))
		}},
		{"a diamond settles by all of its paths", func(w *world) {
			w.commit(store.Change{
				Put:  []store.Node{unit("top", store.TLPClear, "x", "y"), unit("l", store.TLPGreen), unit("r", store.TLPClear, "y"), unit("low", store.TLPClear), unit("under", 1)},
				Link: []store.Edge{part("top", "l"), part("top", "r"), part("l", "low"), part("r", "low"), part("low", "under"), part("top", "under")},
			})
			w.settled("below both", "Body/under", visible(store.TLPGreen, "y"))
			w.put(unit("top", store.TLPAmber, "y", "z"))
			w.settled("after a change at the top", "Body/under", visible(store.TLPAmber, "y"))
			w.put(unit("r", store.TLPClear))
			w.settled("after a change on one side", "Body/under", visible(store.TLPAmber, "y", "z"))
		}},
		{"two owning types bound alike and other types do not", func(w *world) {
			w.put(unit("a", store.TLPAmber, "x"), seenBy(contact("c", "r"), store.TLPClear), land("BY", "Bayern", 1), memo("m", nil))
			w.link(edge("HOLDS", "Body/a", "Contact/c"), edge("SERVES", "Body/a", "Land/BY"), edge("ABOUT", "Memo/m", "Contact/c"))
			w.settled("held", "Contact/c", visible(store.TLPAmber, "x"))
			w.settled("served", "Land/BY", visible(store.TLPClear, "public"))
		}},
		{"a cycle of owners is refused and nothing changes", func(w *world) {
			w.put(unit("a", store.TLPClear, "x"), unit("b", store.TLPGreen), unit("c", store.TLPAmber), unit("d", store.TLPClear))
			w.link(part("a", "b"), part("b", "c"))
			w.refuse(store.ErrInvalid, store.Change{Link: []store.Edge{part("c", "a")}})
			w.refuse(store.ErrInvalid, store.Change{Link: []store.Edge{part("b", "a")}})
			w.refuse(store.ErrInvalid, store.Change{Put: []store.Node{unit("e", 1), unit("f", 1)}, Link: []store.Edge{part("e", "f"), part("f", "e"), part("d", "e")}})
			w.settled("as before", "Body/c", visible(store.TLPAmber, "x"))
			w.commit(store.Change{Delete: []store.ID{part("a", "b").ID}, Link: []store.Edge{part("c", "a")}})
			w.settled("turned around", "Body/a", visible(store.TLPAmber, "x"))
		}},
		{"one owner of thousands takes all of them along", func(w *world) {
			c := store.Change{Put: []store.Node{unit("top", store.TLPClear, "x")}}
			for i := range 3000 {
				c.Put = append(c.Put, unit(serial(i), store.TLPClear))
				owner := "top"
				if i >= 100 {
					owner = serial(i % 100)
				}
				c.Link = append(c.Link, part(owner, serial(i)))
			}
			w.commit(c)
			w.same("seen", w.count(grant("x", store.TLPClear), store.Query{Labels: labels()}), []store.Group{{Count: 3001}})
			w.put(unit("top", store.TLPGreen, "y"))
			w.same("seen no more", w.count(grant("x", store.TLPRed), store.Query{Labels: labels()}), []store.Group{{Count: 0}})
			w.same("seen by others", w.count(grant("y", store.TLPGreen), store.Query{Labels: labels()}), []store.Group{{Count: 3001}})
		}},
	}
}
