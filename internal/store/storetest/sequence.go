package storetest

import (
	"errors"
	"fmt"
	"sync"

	"kritisgraph/internal/store"
)

// verifies checks the hash chain over the whole log and returns the records.
func (w *world) verifies() []store.Record {
	w.Helper()
	p, err := w.driver.Log(w.Context(), all(), store.LogQuery{Limit: store.MaxLog})
	if err != nil {
		w.Fatalf("Log: %v", err)
	}
	var prev store.Hash
	for i, r := range p.Records {
		if err := r.Verify(prev, store.Seq(i+1)); err != nil {
			w.Fatalf("the chain breaks: %v", err)
		}
		prev = r.Hash
	}
	return p.Records
}

// race runs n functions at once and returns their errors in order.
func race(n int, run func(i int) error) []error {
	failed := make([]error, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { failed[i] = run(i) })
	}
	group.Wait()
	return failed
}

// oneWins expects that one of the runs succeeded and all others failed with an error that wraps want.
func (w *world) oneWins(failed []error, want error) {
	w.Helper()
	winners := 0
	for _, err := range failed {
		switch {
		case err == nil:
			winners++
		case !errors.Is(err, want):
			w.Fatalf("a loser got %v, want %v", err, want)
		}
	}
	w.same("winners", winners, 1)
}

func sequenceCases() []scenario {
	const writers, each = 20, 8
	return []scenario{
		{"concurrent writers get the numbers from 1 on and a reader sees no gap", func(w *world) {
			var changes [writers][each]store.Change
			for i := range writers {
				for j := range each {
					id := store.NewID("Memo", fmt.Sprintf("%02d-%02d", i, j))
					changes[i][j] = w.canonical(store.Change{Put: []store.Node{memo(id.Key(), props{"size": num(int64(j))})}, Events: []store.Event{{Type: "MADE", Subject: id}}})
				}
			}
			ended := make(chan struct{})
			watched := make(chan error, 1)
			go func() { watched <- w.watch(ended) }()
			var marks [writers][each]store.Mark
			failed := race(writers, func(i int) error {
				for j := range each {
					var err error
					if marks[i][j], err = w.driver.Commit(w.Context(), changes[i][j]); err != nil {
						return err
					}
				}
				return nil
			})
			close(ended)
			if err := errors.Join(append(failed, <-watched)...); err != nil {
				w.Fatal(err)
			}
			used := map[store.Seq]bool{}
			for i := range writers {
				for j := range each {
					seq := marks[i][j].Seq
					if used[seq] || seq < 1 || seq > writers*each || j > 0 && seq <= marks[i][j-1].Seq {
						w.Fatalf("commit %d of writer %d got the number %d", j, i, seq)
					}
					used[seq] = true
				}
			}
			records := w.verifies()
			w.same("records", len(records), writers*each)
			for i := range writers {
				for j := range each {
					w.same("what stands under the number of a mark", records[marks[i][j].Seq-1].Change, changes[i][j])
				}
			}
		}},
		{"of concurrent editors of one version one wins", func(w *world) {
			w.put(land("BY", "Bayern", 0))
			for version := int64(1); version <= 4; version++ {
				var changes []store.Change
				for i := range 8 {
					changes = append(changes, w.canonical(store.Change{Put: []store.Node{land("BY", "Bayern", int64(i))}, If: []store.Cond{{ID: "Land/BY", Version: version}}}))
				}
				w.oneWins(race(8, func(i int) error { _, err := w.driver.Commit(w.Context(), changes[i]); return err }), store.ErrConflict)
			}
			records := w.verifies()
			w.same("commits", len(records), 5)
			n, err := w.driver.Nodes(w.Context(), all(), []store.ID{"Land/BY"})
			if err != nil {
				w.Fatal(err)
			}
			w.same("the node is what the last commit put", n[0].Props, records[4].Change.Put[0].Props)
		}},
		{"of concurrent creators of one id one wins", func(w *world) {
			c := w.canonical(store.Change{Put: []store.Node{land("BY", "Bayern", 0)}})
			w.oneWins(race(8, func(int) error { _, err := w.driver.Commit(w.Context(), c); return err }), store.ErrExists)
			w.same("commits", len(w.verifies()), 1)
		}},
		{"of concurrent takers of one unique value one wins", func(w *world) {
			var changes []store.Change
			for i := range 8 {
				changes = append(changes, w.canonical(store.Change{Put: []store.Node{with(land(serial(i), "L", 0), "code", text("same"))}}))
			}
			w.oneWins(race(8, func(i int) error { _, err := w.driver.Commit(w.Context(), changes[i]); return err }), store.ErrExists)
			w.same("commits", len(w.verifies()), 1)
		}},
		{"of concurrent users of one key one wins", func(w *world) {
			var changes []store.Change
			for i := range 8 {
				changes = append(changes, w.canonical(store.Change{Put: []store.Node{memo(serial(i), nil)}, Once: store.Once{Owner: "o", Key: "k", Digest: serial(i)}}))
			}
			w.oneWins(race(8, func(i int) error { _, err := w.driver.Commit(w.Context(), changes[i]); return err }), store.ErrReplayed)
			w.same("commits", len(w.verifies()), 1)
		}},
		{"the head reaches a commit that is still to come", func(w *world) {
			w.put(memo("a", nil))
			c := w.canonical(store.Change{Put: []store.Node{memo("b", nil)}})
			failed := race(2, func(i int) error {
				if i == 0 {
					_, err := w.driver.Commit(w.Context(), c)
					return err
				}
				mark, err := w.driver.Head(w.Context(), store.Mark{Seq: 2})
				if err == nil && mark.Seq != 2 {
					err = fmt.Errorf("the head is %d, want 2", mark.Seq)
				}
				return err
			})
			if err := errors.Join(failed...); err != nil {
				w.Fatal(err)
			}
		}},
		{"the head after a commit is its mark or newer, and a mark leads to it", func(w *world) {
			mark := w.commit(store.Change{Put: []store.Node{memo("a", nil)}})
			head, err := w.driver.Head(w.Context(), mark)
			if err != nil {
				w.Fatal(err)
			}
			w.same("the head", head.Seq, mark.Seq)
			again, err := w.driver.Head(w.Context(), head)
			if err != nil {
				w.Fatal(err)
			}
			w.same("the head again", again.Seq, mark.Seq)
		}},
		{"a sequence that never comes is unavailable after five seconds at most", func(w *world) {
			w.put(memo("a", nil))
			_, err := w.driver.Head(w.Context(), store.Mark{Seq: 99})
			w.fails("Head", err, store.ErrUnavailable)
		}},
	}
}

// watch polls the log until ended is closed and fails at the first gap.
func (w *world) watch(ended <-chan struct{}) error {
	for last := 0; ; {
		p, err := w.driver.Log(w.Context(), all(), store.LogQuery{Limit: store.MaxLog})
		if err != nil {
			return fmt.Errorf("polling the log: %w", err)
		}
		for i, r := range p.Records {
			if r.Seq != store.Seq(i+1) {
				return fmt.Errorf("record %d of the log is commit %d", i+1, r.Seq)
			}
		}
		if len(p.Records) < last {
			return fmt.Errorf("the log shrank from %d to %d records", last, len(p.Records))
		}
		last = len(p.Records)
		select {
		case <-ended:
			return nil
		default:
		}
	}
}
