package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

func TestConcurrentReadsOfOneRequestBecomeFewCalls(t *testing.T) {
	counter := storetest.NewCounter(storetest.NewModel())
	s, err := store.Create(t.Context(), counter, storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	change := store.Change{}
	codes := []string{"BY", "HE", "NI", "SN"}
	for _, c := range codes {
		change.Put = append(change.Put, land(c))
		change.If = append(change.If, store.Cond{ID: store.NewID("Land", c)})
	}
	for _, c := range codes[1:] {
		id := store.EdgeID("NEXT_TO", "Land/BY", store.NewID("Land", c))
		change.Link = append(change.Link, store.Edge{ID: id, From: "Land/BY", To: store.NewID("Land", c)})
		change.If = append(change.If, store.Cond{ID: id})
	}
	if _, err := s.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	best := 1000
	for range 5 {
		counter.Reset()
		reader := store.NewReader(s, store.Unrestricted())
		var wait sync.WaitGroup
		for _, c := range codes {
			wait.Go(func() {
				n, err := reader.Node(t.Context(), store.NewID("Land", c))
				if err != nil || n.Prop("code").Text() != c {
					t.Errorf("%s: %v, %v", c, n, err)
				}
			})
			wait.Go(func() {
				pages, err := reader.Neighbors(t.Context(), store.Hop{From: []store.ID{store.NewID("Land", c)}, Edge: "NEXT_TO"})
				if want := map[bool]int{true: 3, false: 0}[c == "BY"]; err != nil || len(pages[0].Hits) != want {
					t.Errorf("%s: %v, %v", c, pages, err)
				}
			})
		}
		wait.Wait()
		best = min(best, counter.Total())
	}
	if best != 2 {
		t.Errorf("eight reads at once cost %d calls, not one for nodes and one for neighbors", best)
	}
}

// gated holds each call of Nodes until it is let go or its context ends.
type gated struct {
	store.Driver
	asked chan []store.ID
	let   chan struct{}
	ended chan error // the context of a call that was not let go
}

func (g *gated) Nodes(ctx context.Context, scope store.Scope, ids []store.ID) ([]store.Node, error) {
	g.asked <- ids
	select {
	case <-g.let:
		return g.Driver.Nodes(ctx, scope, ids)
	case <-ctx.Done():
		g.ended <- ctx.Err()
		return nil, ctx.Err()
	}
}

// together has two callers read a node each in one call of the driver, which is held.
func (g *gated) together(t *testing.T, s *store.Store, first, second context.Context) (a, b chan error) {
	t.Helper()
	for range 1000 {
		reader := store.NewReader(s, store.Unrestricted())
		read := func(ctx context.Context, id store.ID) chan error {
			result := make(chan error, 1)
			go func() {
				_, err := reader.Node(ctx, id)
				result <- err
			}()
			return result
		}
		a, b = read(first, "Land/BY"), read(second, "Land/HE")
		if ids := <-g.asked; len(ids) == 2 {
			return a, b
		}
		g.let <- struct{}{} // each came for itself
		<-g.asked
		g.let <- struct{}{}
		if err := errors.Join(<-a, <-b); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("two reads at once never became one call")
	return nil, nil
}

func TestACallerThatGivesUpTakesNothingFromTheOthers(t *testing.T) {
	g := &gated{Driver: storetest.NewModel(), asked: make(chan []store.ID), let: make(chan struct{}), ended: make(chan error, 1)}
	s, err := store.Create(t.Context(), g, storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	change := store.Change{Put: []store.Node{land("BY"), land("HE")}, If: []store.Cond{{ID: "Land/BY"}, {ID: "Land/HE"}}}
	if _, err := s.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	for round := range 10 { // who opens the batch is a matter of chance
		ending, cancel := context.WithCancel(t.Context())
		callers := [2]context.Context{ending, t.Context()}
		a, b := g.together(t, s, callers[round%2], callers[1-round%2])
		if round%2 == 1 {
			a, b = b, a
		}
		cancel()
		if err := <-a; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up got %v", err)
		}
		select {
		case g.let <- struct{}{}:
		case err := <-g.ended:
			t.Errorf("the call of the others ended: %v", err)
		}
		if err := <-b; err != nil {
			t.Errorf("who waited got %v", err)
		}
	}
	both, cancel := context.WithCancel(t.Context())
	a, b := g.together(t, s, both, both)
	cancel()
	if err := <-g.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the call that nobody waits for ended with %v", err)
	}
	if err := <-a; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := <-b; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAReaderFindsNothingThatDoesNotShow(t *testing.T) {
	reader := store.NewReader(openModel(t), store.Scope{})
	if _, err := reader.Node(t.Context(), "Land/BY"); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	if nodes, err := reader.Nodes(t.Context(), []store.ID{"", "x", "Land/BY"}); err != nil || len(nodes) != 0 {
		t.Error(nodes, err)
	}
}
