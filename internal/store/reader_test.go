package store_test

import (
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

func TestAReaderFindsNothingThatDoesNotShow(t *testing.T) {
	reader := store.NewReader(openModel(t), store.Scope{})
	if _, err := reader.Node(t.Context(), "Land/BY"); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	if nodes, err := reader.Nodes(t.Context(), []store.ID{"", "x", "Land/BY"}); err != nil || len(nodes) != 0 {
		t.Error(nodes, err)
	}
}
