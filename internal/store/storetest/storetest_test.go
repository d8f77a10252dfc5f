package storetest_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

func BenchmarkModel(b *testing.B) {
	storetest.Bench(b, func(testing.TB) store.Driver { return storetest.NewModel() })
}

func TestCounterPassesEachCallOnAndCountsIt(t *testing.T) {
	ctx := t.Context()
	c := storetest.NewCounter(storetest.NewModel())
	if _, err := c.Identity(ctx); !errors.Is(err, store.ErrNoStore) {
		t.Errorf("Identity through the counter: %v", err)
	}
	c.Reset()
	calls := map[string]func() error{
		"Migrate":   func() error { return c.Migrate(ctx, storetest.Schema()) },
		"Identity":  func() error { _, err := c.Identity(ctx); return err },
		"Load":      func() error { return c.Load(ctx, func(func(store.Record, error) bool) {}) },
		"Head":      func() error { _, err := c.Head(ctx, store.Mark{}); return err },
		"Nodes":     func() error { _, err := c.Nodes(ctx, store.Unrestricted(), nil); return err },
		"List":      func() error { _, err := c.List(ctx, store.Unrestricted(), store.Query{}); return err },
		"Count":     func() error { _, err := c.Count(ctx, store.Unrestricted(), store.Query{}); return err },
		"Neighbors": func() error { _, err := c.Neighbors(ctx, store.Unrestricted(), nil); return err },
		"Traverse":  func() error { _, err := c.Traverse(ctx, store.Unrestricted(), store.Walk{}); return err },
		"Commit":    func() error { _, err := c.Commit(ctx, store.Change{}); return err },
		"Log":       func() error { _, err := c.Log(ctx, store.Unrestricted(), store.LogQuery{}); return err },
		"Close":     func() error { return c.Close(ctx) },
	}
	if err := calls["Migrate"](); err != nil {
		t.Fatal(err)
	}
	delete(calls, "Migrate")
	want := map[string]int{"Migrate": 1}
	for method, call := range calls {
		want[method] = 1
		if err := call(); err != nil && method != "Load" {
			t.Errorf("%s: %v", method, err)
		}
	}
	if diff := cmp.Diff(want, c.Counts()); diff != "" {
		t.Errorf("counts: got +, want -\n%s", diff)
	}
	if c.Total() != len(want) {
		t.Errorf("the total is %d, want %d", c.Total(), len(want))
	}
}

func TestCounterIsSafeForConcurrentUse(t *testing.T) {
	c := storetest.NewCounter(storetest.NewModel())
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if err := c.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if c.Total() != 8 {
		t.Errorf("the total is %d, want 8", c.Total())
	}
}

func TestModel(t *testing.T) {
	storetest.Run(t, func(testing.TB) store.Driver { return storetest.NewModel() })
}
