package storetest

import "kritisgraph/internal/store"

func logScopeCases() []scenario {
	x, y := grant("x", store.TLPGreen), grant("y", store.TLPGreen)
	of := func(id store.ID) store.LogQuery { return store.LogQuery{Of: []store.ID{id}} }
	forX := func(key string) store.Node { return seenBy(memo(key, nil), store.TLPGreen, "x") }
	forY := func(key string) store.Node { return seenBy(memo(key, nil), store.TLPGreen, "y") }
	both := func(key string) store.Node { return seenBy(memo(key, nil), store.TLPGreen, "x", "y") }
	about := edge("ABOUT", "Memo/a", "Memo/b")
	return []scenario{
		{"a row shows if its object shows now and its image did then", func(w *world) {
			w.put(forX("a"))
			w.put(both("a"))
			w.put(forY("a"))
			w.wantSeqs("lost from sight", w.log(x, of("Memo/a")))
			w.wantSeqs("came into sight", w.log(y, of("Memo/a")), 2, 3)
			w.put(both("a"))
			w.wantSeqs("back in sight", w.log(x, of("Memo/a")), 1, 2, 4)
			w.wantSeqs("all of it", w.log(all(), of("Memo/a")), 1, 2, 3, 4)
		}},
		{"a record shows the visible rows only, with their preconditions", func(w *world) {
			w.put(forY("c"))
			w.commit(store.Change{Put: []store.Node{forX("a"), forY("b")}, If: []store.Cond{{ID: "Memo/c", Version: 1}}, Result: []store.ID{"Memo/a", "Memo/b"},
				Once: store.Once{Owner: "o", Key: "k", Digest: "d"}})
			p := w.log(x, store.LogQuery{Total: true})
			w.wantSeqs("the records", p, 2)
			w.same("the total", p.Total, int64(1))
			got := p.Records[0].Change
			w.same("the rows", nodeIDs(got.Put), []store.ID{"Memo/a"})
			w.same("the preconditions", got.If, []store.Cond{{ID: "Memo/a"}})
			w.same("the key", got.Once, store.Once{})
			w.same("the result", len(got.Result), 0)
		}},
		{"a deleted thing shows by its last visibility", func(w *world) {
			w.put(forX("a"), both("b"))
			w.put(forY("a"))
			w.remove("Memo/a")
			w.remove("Memo/b")
			w.wantSeqs("to one who lost sight before", w.log(x, of("Memo/a")))
			w.wantSeqs("to one who saw it go", w.log(y, of("Memo/a")), 2, 3)
			w.same("the tombstone", w.log(x, of("Memo/b")).Records[1].Change.Delete, []store.ID{"Memo/b"})
		}},
		{"an edge shows where both ends do, now and then", func(w *world) {
			w.put(forX("a"), forY("b"))
			w.link(about)
			w.wantSeqs("one end hidden", w.log(x, of(about.ID)))
			w.put(both("b"))
			w.wantSeqs("hidden then", w.log(x, of(about.ID)))
			w.link(about)
			w.wantSeqs("shown now and then", w.log(x, of(about.ID)), 4)
			w.put(forY("a"))
			w.wantSeqs("hidden now", w.log(x, of(about.ID)))
			w.wantSeqs("to the other, hidden then", w.log(y, of(about.ID)))
		}},
		{"a deleted edge shows by the last visibility of its ends", func(w *world) {
			w.put(both("a"), both("b"))
			w.link(about)
			w.put(forX("b"))
			w.remove(about.ID)
			w.wantSeqs("to one who saw both ends", w.log(x, of(about.ID)), 2, 4)
			w.wantSeqs("to one who saw one", w.log(y, of(about.ID)))
			w.put(forY("b"))
			w.remove("Memo/a")
			w.wantSeqs("after an end is gone", w.log(x, of(about.ID)), 2, 4)
		}},
		{"a row is judged by the settled visibility of its moment, owners included", func(w *world) {
			owner := seenBy(body("o", "O"), store.TLPGreen, "x")
			w.commit(store.Change{Put: []store.Node{owner, seenBy(contact("c", "r"), store.TLPClear)}, Link: []store.Edge{edge("HOLDS", "Body/o", "Contact/c")}})
			w.wantSeqs("inherited at once", w.log(x, of("Contact/c")), 1)
			w.put(seenBy(owner, store.TLPRed, "x"))
			w.wantSeqs("the owner tightened", w.log(x, of("Contact/c")))
			w.put(seenBy(contact("c", "s"), store.TLPClear))
			w.put(owner)
			w.wantSeqs("the owner loosened", w.log(x, of("Contact/c")), 1)
			w.put(seenBy(owner, store.TLPGreen, "x", "y"))
			w.wantSeqs("one who sees it only now", w.log(y, of("Contact/c")))
		}},
		{"the deletion of an owning edge shows by what was before it", func(w *world) {
			w.commit(store.Change{Put: []store.Node{seenBy(body("o", "O"), store.TLPGreen, "x"), seenBy(contact("c", "r"), store.TLPGreen)}, Link: []store.Edge{edge("HOLDS", "Body/o", "Contact/c")}})
			w.remove("HOLDS/Body/o>Contact/c")
			w.wantSeqs("the edge", w.log(x, of("HOLDS/Body/o>Contact/c")), 1, 2)
			w.wantSeqs("what it led to", w.log(x, of("Contact/c")))
		}},
		{"events show with their subject, also a deleted one, and without one to nobody", func(w *world) {
			w.put(forX("a"), forY("b"))
			say := func(kind string, subjects ...store.ID) {
				var events []store.Event
				for _, id := range subjects {
					events = append(events, store.Event{Type: kind, Subject: id})
				}
				w.commit(store.Change{Events: events})
			}
			say("BOTH", "Memo/a", "Memo/b")
			say("ONE", "Memo/b")
			say("NONE", "Memo/none", "")
			w.wantSeqs("records", w.log(x, store.LogQuery{}), 1, 2)
			w.same("the events", w.log(x, store.LogQuery{After: 1}).Records[0].Change.Events, []store.Event{{Type: "BOTH", Subject: "Memo/a"}})
			w.wantSeqs("a type whose subject is hidden", w.log(x, store.LogQuery{Events: []string{"ONE"}}))
			w.wantSeqs("everything", w.log(all(), store.LogQuery{}), 1, 2, 3, 4)
			w.same("an event without a subject", w.log(all(), store.LogQuery{After: 3}).Records[0].Change.Events[1], store.Event{Type: "NONE"})
			w.remove("Memo/a")
			w.wantSeqs("after the subject is gone", w.log(x, store.LogQuery{Events: []string{"BOTH"}}), 2)
		}},
		{"pages, totals and order hold within the scope", func(w *world) {
			for i := range 30 {
				n := forX(serial(i))
				if i%3 == 0 {
					n = forY(serial(i))
				}
				w.put(n)
			}
			p := w.log(x, store.LogQuery{Limit: 4, After: 2, Total: true})
			w.wantSeqs("a page", p, 3, 5, 6, 8)
			w.same("the total", p.Total, int64(19))
			w.same("more", p.More, true)
			w.wantSeqs("the newest", w.log(x, store.LogQuery{Limit: 3, Newest: true}), 30, 29, 27)
			p = w.log(x, store.LogQuery{After: 28})
			w.wantSeqs("the end", p, 29, 30)
			w.same("no more", p.More, false)
		}},
	}
}
