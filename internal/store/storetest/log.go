package storetest

import "kritisgraph/internal/store"

func seqs(p store.LogPage) []store.Seq {
	var seqs []store.Seq
	for _, r := range p.Records {
		seqs = append(seqs, r.Seq)
	}
	return seqs
}

// wantSeqs expects these records of a page of the log.
func (w *world) wantSeqs(what string, p store.LogPage, want ...store.Seq) {
	w.Helper()
	w.same(what, seqs(p), want)
}

// story commits seven changes about a Land, a Body and an edge, with events and a key.
func (w *world) story() {
	w.Helper()
	by, bbk := land("BY", "Bayern", 1), body("bbk", "BBK")
	serves := edge("SERVES", bbk.ID, by.ID, props{"strength": num(1)})
	event := func(kind string, subject store.ID) []store.Event {
		return []store.Event{{Type: kind, Subject: subject, Props: props{"n": num(1)}}}
	}
	w.commit(store.Change{Put: []store.Node{by}, Events: event("ADDED", by.ID), Result: []store.ID{by.ID}, Once: store.Once{Owner: "me", Key: "first", Digest: "d"}})
	w.commit(store.Change{Put: []store.Node{bbk}, Events: event("ADDED", bbk.ID)})
	w.commit(store.Change{Link: []store.Edge{serves}, Put: []store.Node{with(by, "city", truth(true))}})
	w.commit(store.Change{Events: event("READ", by.ID)})
	w.commit(store.Change{Put: []store.Node{with(bbk, "kind", text("federal"))}, Events: append(event("ADDED", bbk.ID), event("CHANGED", bbk.ID)...)})
	w.commit(store.Change{Delete: []store.ID{serves.ID, bbk.ID}, Events: event("REMOVED", bbk.ID)})
	w.commit(store.Change{Put: []store.Node{by}})
}

func logCases() []scenario {
	serves := store.EdgeID("SERVES", "Body/bbk", "Land/BY")
	return []scenario{
		{"records come in order, whole, and chained by their hashes", func(w *world) {
			w.story()
			w.everything()
			records := w.verifies()
			w.same("records", len(records), 7)
			w.same("the first image", records[0].Change.Put[0].Version, int64(1))
			w.same("the last image", records[6].Change.Put[0].Version, int64(3))
			w.same("images hold no settled visibility", records[0].Change.Put[0].Settled, store.Visibility{})
		}},
		{"After, UpTo, Newest and Limit cut a part out", func(w *world) {
			w.story()
			for _, c := range []struct {
				name string
				q    store.LogQuery
				want []store.Seq
				more bool
			}{
				{"all", store.LogQuery{}, []store.Seq{1, 2, 3, 4, 5, 6, 7}, false},
				{"after", store.LogQuery{After: 5}, []store.Seq{6, 7}, false},
				{"after the end", store.LogQuery{After: 7}, nil, false},
				{"far after the end", store.LogQuery{After: 700}, nil, false},
				{"up to", store.LogQuery{UpTo: 2}, []store.Seq{1, 2}, false},
				{"up to beyond the end", store.LogQuery{UpTo: 99, After: 6}, []store.Seq{7}, false},
				{"between", store.LogQuery{After: 2, UpTo: 4}, []store.Seq{3, 4}, false},
				{"between nothing", store.LogQuery{After: 4, UpTo: 4}, nil, false},
				{"limit", store.LogQuery{Limit: 3}, []store.Seq{1, 2, 3}, true},
				{"limit that fits", store.LogQuery{Limit: 2, After: 5}, []store.Seq{6, 7}, false},
				{"newest", store.LogQuery{Newest: true, Limit: 3}, []store.Seq{7, 6, 5}, true},
				{"newest between", store.LogQuery{Newest: true, After: 2, UpTo: 5, Limit: 2}, []store.Seq{5, 4}, true},
				{"all newest first", store.LogQuery{Newest: true}, []store.Seq{7, 6, 5, 4, 3, 2, 1}, false},
			} {
				c.q.Total = true
				p := w.log(all(), c.q)
				w.same(c.name, seqs(p), c.want)
				w.same(c.name+": more", p.More, c.more)
				c.q.Limit = 0
				w.same(c.name+": total", p.Total, int64(len(w.log(all(), c.q).Records)))
				c.q.Total = false
				w.same(c.name+": no total asked", w.log(all(), c.q).Total, int64(-1))
			}
		}},
		{"Of and Labels keep rows, of edges too, Events keep records", func(w *world) {
			w.story()
			for _, c := range []struct {
				name string
				q    store.LogQuery
				want []store.Seq
			}{
				{"of a node", store.LogQuery{Of: []store.ID{"Land/BY"}}, []store.Seq{1, 3, 7}},
				{"of an edge", store.LogQuery{Of: []store.ID{serves}}, []store.Seq{3, 6}},
				{"of several", store.LogQuery{Of: []store.ID{"Land/BY", "Body/bbk", "Land/none"}}, []store.Seq{1, 2, 3, 5, 6, 7}},
				{"of nothing known", store.LogQuery{Of: []store.ID{"Land/none"}}, nil},
				{"of a label", store.LogQuery{Labels: []string{"Body"}}, []store.Seq{2, 5, 6}},
				{"of an edge type", store.LogQuery{Labels: []string{"SERVES"}}, []store.Seq{3, 6}},
				{"of several labels", store.LogQuery{Labels: []string{"SERVES", "Land"}}, []store.Seq{1, 3, 6, 7}},
				{"of an id that has another label", store.LogQuery{Labels: []string{"Body"}, Of: []store.ID{"Land/BY"}}, nil},
				{"with an event", store.LogQuery{Events: []string{"ADDED"}}, []store.Seq{1, 2, 5}},
				{"with one of several events", store.LogQuery{Events: []string{"READ", "REMOVED", "NONE"}}, []store.Seq{4, 6}},
				{"with an event and a row", store.LogQuery{Events: []string{"ADDED"}, Of: []store.ID{"Body/bbk"}}, []store.Seq{2, 5}},
				{"with an event and a label", store.LogQuery{Events: []string{"ADDED"}, Labels: []string{"Land"}}, []store.Seq{1}},
			} {
				c.q.Total = true
				p := w.log(all(), c.q)
				w.same(c.name, seqs(p), c.want)
				w.same(c.name+": total", p.Total, int64(len(c.want)))
				for c.q.Limit = range len(c.want) {
					if c.q.Limit > 0 {
						p = w.log(all(), c.q)
						w.same(c.name+": first page", seqs(p), c.want[:c.q.Limit])
						w.same(c.name+": more", p.More, true)
					}
				}
			}
		}},
		{"a record that is trimmed to rows keeps their preconditions and all events", func(w *world) {
			w.story()
			r := w.log(all(), store.LogQuery{Of: []store.ID{"Body/bbk"}, After: 5}).Records[0]
			w.same("the deleted", r.Change.Delete, []store.ID{"Body/bbk"})
			w.same("its version", r.Change.If, []store.Cond{{ID: "Body/bbk", Version: 2}})
			w.same("events", len(r.Change.Events), 1)
			r = w.log(all(), store.LogQuery{Labels: []string{"SERVES"}}).Records[0]
			w.same("rows", []int{len(r.Change.Put), len(r.Change.Link)}, []int{0, 1})
			r = w.log(all(), store.LogQuery{Events: []string{"CHANGED"}}).Records[0]
			w.same("events of a record that announces one", len(r.Change.Events), 2)
			w.same("its rows", len(r.Change.Put), 1)
		}},
		{"Once finds the header of a commit, whatever the scope", func(w *world) {
			w.story()
			first := w.verifies()[0]
			for _, scope := range []store.Scope{all(), public(), {}} {
				p := w.log(scope, store.LogQuery{Once: &store.OnceKey{Owner: "me", Key: "first"}, Limit: 1})
				w.wantSeqs("the records", p, 1)
				w.same("the header", p.Records[0], store.Record{Seq: 1, Prev: first.Prev, Hash: first.Hash,
					Change: store.Change{Meta: first.Change.Meta, Once: first.Change.Once, Result: first.Change.Result}})
			}
			for _, key := range []store.OnceKey{{Owner: "you", Key: "first"}, {Owner: "me", Key: "second"}, {Owner: "me", Key: "firs"}, {}} {
				w.same("an unknown key", len(w.log(all(), store.LogQuery{Once: &key}).Records), 0)
			}
		}},
		{"the image before is the row of the version before", func(w *world) {
			w.story()
			p := w.log(all(), store.LogQuery{Of: []store.ID{"Land/BY"}, Newest: true, Limit: 2})
			w.same("versions", []int64{p.Records[0].Change.Put[0].Version, p.Records[1].Change.Put[0].Version}, []int64{3, 2})
		}},
		{"the state of a moment is the log up to it", func(w *world) {
			w.story()
			var versions []int64
			for upTo := store.Seq(1); upTo <= 7; upTo++ {
				p := w.log(all(), store.LogQuery{Of: []store.ID{"Land/BY"}, UpTo: upTo})
				versions = append(versions, p.Records[len(p.Records)-1].Change.Put[0].Version)
			}
			w.same("versions of BY", versions, []int64{1, 1, 2, 2, 2, 2, 3})
		}},
		{"a long log pages without gap or repetition", func(w *world) {
			for i := range 60 {
				w.put(memo(serial(i%7), props{"size": num(int64(i))}))
			}
			for _, q := range []store.LogQuery{{}, {Of: []store.ID{"Memo/000003"}}, {Labels: []string{"Memo"}}} {
				want := seqs(w.log(all(), q))
				var got []store.Seq
				for q.Limit = 4; ; {
					p := w.log(all(), q)
					got = append(got, seqs(p)...)
					if !p.More {
						break
					}
					q.After = got[len(got)-1]
				}
				w.same("all pages", got, want)
			}
		}},
	}
}
