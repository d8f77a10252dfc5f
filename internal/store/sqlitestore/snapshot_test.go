package sqlitestore_test

import (
	"errors"
	"sync"
	"testing"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

// The page and the total of a list are two statements. While another goroutine commits, both must be of one moment.
func TestACallSeesOneMoment(t *testing.T) {
	const commits = 150
	s, err := store.Create(t.Context(), open(t, sqlitestore.Options{Dir: t.TempDir()}), thingSchema(1), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), step(1)); err != nil {
		t.Fatal(err)
	}
	scope := store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear})
	query := store.Query{Labels: []store.Label{"Counter", "Thing"}, Limit: 1, Total: true}
	done := make(chan struct{})
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				p, err := s.List(t.Context(), scope, query)
				if err != nil {
					t.Error(err)
					return
				}
				if count := p.Hits[0].Node.Prop("count").Num(); p.Total != count+1 {
					t.Errorf("the counter says %d, the total is %d", count, p.Total)
					return
				}
			}
		})
	}
	for n := store.Seq(2); n <= commits; n++ {
		if _, err := s.Commit(t.Context(), step(n)); err != nil {
			t.Error(err)
			break
		}
	}
	close(done)
	wait.Wait()
}

// Of commits that race for one sequence of versions exactly one wins each time.
func TestRacingCommitsOfOneThingLeaveOneWinner(t *testing.T) {
	s, err := store.Create(t.Context(), open(t, sqlitestore.Options{Dir: t.TempDir()}), thingSchema(1), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	results := make(chan error, 8)
	for range cap(results) {
		go func() {
			_, err := s.Commit(t.Context(), step(1))
			results <- err
		}()
	}
	won := 0
	for range cap(results) {
		switch err := <-results; {
		case err == nil:
			won++
		case !errors.Is(err, store.ErrReplayed):
			t.Errorf("a loser got %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d commits won", won)
	}
}
