package storetest

import (
	"context"
	"errors"
	"iter"
	"testing"

	"kritisgraph/internal/store"
)

// recorded returns the log that a story leaves.
func (w *world) recorded(story func(*world)) []store.Record {
	w.Helper()
	source := newWorld(w.TB, func(testing.TB) store.Driver { return NewModel() })
	story(source)
	return source.verifies()
}

// from yields records and then, unless it is nil, an error.
func from(records []store.Record, err error) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			yield(store.Record{}, err)
		}
	}
}

// load loads driver and model and learns the versions.
func (w *world) load(records []store.Record) {
	w.Helper()
	for _, d := range []store.Driver{w.driver, w.model} {
		if err := d.Load(w.Context(), from(records, nil)); err != nil {
			w.Fatalf("Load: %v", err)
		}
	}
	for _, r := range records {
		w.learn(r.Change)
	}
}

// long is a story of many commits with everything that a log can hold.
func long(w *world) {
	w.germany()
	for i := range 150 {
		w.commit(store.Change{Put: []store.Node{memo(serial(i%40), props{"text": text("Notiz " + serial(i)), "list": list("a", serial(i%3))})},
			Events: []store.Event{{Type: "NOTED", Subject: store.NewID("Memo", serial(i%40))}}, Once: store.Once{Owner: "o", Key: serial(i), Digest: "d"}})
	}
	w.remove(append(edgesOf(w, "Land/ZZ"), "Land/ZZ")...)
	w.put(seenBy(with(body("bbk", "Bundesamt neu"), "kind", text("federal")), store.TLPGreen, "land:BY"))
	w.commit(store.Change{Events: []store.Event{{Type: "READ", Subject: "Body/bbk"}}})
}

func loadCases() []scenario {
	broken := errors.New("the file ends here")
	return []scenario{
		{"a load equals the commits that it holds", func(w *world) {
			records := w.recorded(long)
			w.load(records)
			w.everything()
			w.same("the log", w.verifies(), records)
			w.same("the head", w.head(), store.Seq(len(records)))
			w.same("the store is not loading", w.identity().Loading, false)
			for _, scope := range []store.Scope{all(), public(), grant("land:BY", store.TLPRed)} {
				w.answers(scope)
				w.log(scope, store.LogQuery{Total: true})
			}
			w.settled("settled values", "Contact/c1", visible(store.TLPGreen, "public"))
		}},
		{"commits go on after a load, and what was used stays used", func(w *world) {
			records := w.recorded(long)
			w.load(records)
			w.refuse(store.ErrExists, store.Change{Put: []store.Node{land("ZZ", "Wieder", 1)}})
			w.refuse(store.ErrReplayed, store.Change{Once: store.Once{Owner: "o", Key: "000007", Digest: "d"}})
			w.refuse(store.ErrExists, store.Change{Put: []store.Node{with(land("NEW", "Neu", 1), "code", text("BY"))}})
			w.refuse(store.ErrInvalid, store.Change{Delete: german("BY")})
			w.same("the next sequence", w.commit(store.Change{Put: []store.Node{memo("new", nil)}}).Seq, store.Seq(len(records)+1))
			w.verifies()
			w.everything()
		}},
		{"a load of large changes settles all of them", func(w *world) {
			records := w.recorded(func(w *world) {
				for part := range 3 {
					c := store.Change{Put: []store.Node{seenBy(body(serial(part), "Body"), store.TLPGreen, "x")}}
					for i := range 2000 {
						n := seenBy(contact(serial(part*2000+i), "r"), store.TLPClear)
						c.Put = append(c.Put, n)
						c.Link = append(c.Link, edge("HOLDS", store.NewID("Body", serial(part)), n.ID))
					}
					w.commit(c)
				}
			})
			w.load(records)
			w.same("seen", w.count(grant("x", store.TLPGreen), store.Query{Labels: labels()}), []store.Group{{Count: 6003}})
			w.everything()
			w.verifies()
		}},
		{"a load of nothing leaves an empty store", func(w *world) {
			w.load(nil)
			w.everything()
			w.load(w.recorded((*world).story))
			w.everything()
		}},
		{"a store that is not empty refuses a load and stays as it is", func(w *world) {
			records := w.recorded((*world).story)
			w.put(memo("a", nil))
			w.fails("Load", w.driver.Load(w.Context(), from(records, nil)), store.ErrExists)
			w.everything()
		}},
		{"a store whose things are all gone is not empty", func(w *world) {
			records := w.recorded((*world).story)
			w.put(memo("a", nil))
			w.remove("Memo/a")
			w.fails("Load", w.driver.Load(w.Context(), from(records, nil)), store.ErrExists)
			w.everything()
		}},
		{"a load that breaks off leaves nothing, and another load works", func(w *world) {
			records := w.recorded(long)
			w.fails("Load", w.driver.Load(w.Context(), from(records[:100], broken)), broken)
			w.emptyOrLoading()
			w.fails("Load at once broken", w.driver.Load(w.Context(), from(nil, broken)), broken)
			w.emptyOrLoading()
			w.load(records)
			w.everything()
			w.verifies()
		}},
		{"a load that breaks off is wiped by the next commit", func(w *world) {
			records := w.recorded(long)
			w.fails("Load", w.driver.Load(w.Context(), from(records[:100], broken)), broken)
			w.same("the first sequence", w.commit(store.Change{Put: []store.Node{land("BY", "Bayern", 1)}}).Seq, store.Seq(1))
			w.everything()
			w.put(memo("m1", nil))
			w.verifies()
		}},
		{"a load whose context ends breaks off", func(w *world) {
			records := w.recorded(long)
			ctx, cancel := context.WithCancel(w.Context())
			defer cancel()
			err := w.driver.Load(ctx, func(yield func(store.Record, error) bool) {
				for i, r := range records {
					if i == 50 {
						cancel()
					}
					if !yield(r, nil) {
						return
					}
				}
			})
			if err == nil {
				w.Fatal("Load went on after its context ended")
			}
			w.emptyOrLoading()
			w.load(records)
			w.everything()
		}},
		{"until a load ends every read is ErrLoading", func(w *world) {
			records := w.recorded(long)
			asked := 0
			err := w.driver.Load(w.Context(), func(yield func(store.Record, error) bool) {
				for i, r := range records {
					if !yield(r, nil) {
						return
					}
					if i == len(records)/2 {
						for method, err := range w.readErrors(w.Context()) {
							asked++
							w.fails(method+" during a load", err, store.ErrLoading)
						}
						w.same("the identity says so", w.identity().Loading, true)
					}
				}
			})
			if err != nil {
				w.Fatalf("Load: %v", err)
			}
			w.same("the reads asked during the load", asked, len(w.readErrors(w.Context())))
			if err := w.model.Load(w.Context(), from(records, nil)); err != nil {
				w.Fatal(err)
			}
			w.everything()
		}},
	}
}

// emptyOrLoading expects that the store shows nothing: it answers with nothing, or not at all.
func (w *world) emptyOrLoading() {
	w.Helper()
	p, err := w.driver.List(w.Context(), all(), store.Query{Labels: labels(), Limit: 10})
	if !errors.Is(err, store.ErrLoading) && (err != nil || len(p.Hits) > 0) {
		w.Fatalf("after an interrupted load a list has %d nodes, error %v", len(p.Hits), err)
	}
	l, err := w.driver.Log(w.Context(), all(), store.LogQuery{Limit: 10})
	if !errors.Is(err, store.ErrLoading) && (err != nil || len(l.Records) > 0) {
		w.Fatalf("after an interrupted load the log has %d records, error %v", len(l.Records), err)
	}
}

// readErrors calls every reading method and returns their errors.
func (w *world) readErrors(ctx context.Context) map[string]error {
	failed := map[string]error{}
	d := w.driver
	_, failed["Head"] = d.Head(ctx, store.Mark{})
	_, failed["Nodes"] = d.Nodes(ctx, all(), []store.ID{"Land/BY"})
	_, failed["List"] = d.List(ctx, all(), store.Query{Labels: labels(), Limit: 1})
	_, failed["Search"] = d.List(ctx, all(), store.Query{Labels: labels(), Text: "bayern", Limit: 1})
	_, failed["Count"] = d.Count(ctx, all(), store.Query{Labels: labels(), Limit: 1})
	_, failed["Neighbors"] = d.Neighbors(ctx, all(), []store.Hop{{From: []store.ID{"Land/BY"}, Edge: "NEXT_TO", Query: store.Query{Limit: 1}}})
	_, failed["Traverse"] = d.Traverse(ctx, all(), store.Walk{From: []store.ID{"Land/BY"}, Follow: []store.Step{{Edge: "NEXT_TO"}}, Depth: 1, MaxNodes: 9, MaxEdges: 9})
	_, failed["Log"] = d.Log(ctx, all(), store.LogQuery{Limit: 1})
	return failed
}
