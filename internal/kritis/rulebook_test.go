package kritis_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// testNow is when the requests of the tests come.
var testNow = time.Date(2026, 11, 1, 12, 0, 0, 0, kritis.Berlin)

// directory is the domain over the reference data, and the calls that it makes.
func directory(t *testing.T) (*kritis.App, *store.Store, *storetest.Counter) {
	t.Helper()
	calls := storetest.NewCounter(storetest.NewModel())
	s, err := store.Create(t.Context(), calls, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), s.Sealed(seed.ReferenceChanges(testNow))); err != nil {
		t.Fatal(err)
	}
	return kritis.NewApp(s, func() time.Time { return testNow }), s, calls
}

// rename gives the BSI another German name.
func rename(t *testing.T, s *store.Store, name string) store.Mark {
	t.Helper()
	found, err := s.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"Authority/bsi"})
	if err != nil {
		t.Fatal(err)
	}
	n := found[0].Clone()
	n.Props["nameDe"] = store.String(name)
	mark, err := s.Commit(t.Context(), store.Change{
		If: []store.Cond{{ID: n.ID, Version: n.Version}}, Put: []store.Node{n}, Meta: store.Meta{Actor: "test", Action: "RENAME"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return mark
}

func nameOfBSI(ctx context.Context, t *testing.T, v *kritis.View) string {
	t.Helper()
	a, err := v.Authority(ctx, "bsi")
	if err != nil {
		t.Fatal(err)
	}
	return a.Name(ctx, nil)
}

func TestARequestSeesTheLawOfItsMoment(t *testing.T) {
	app, s, calls := directory(t)
	before := app.View(kritis.Anonymous())
	old := nameOfBSI(t.Context(), t, before)
	calls.Reset()
	if again := nameOfBSI(t.Context(), t, app.View(kritis.Anonymous())); again != old || calls.Total() != 1 {
		t.Errorf("an unchanged rulebook cost %d calls (%v)", calls.Total(), calls.Counts())
	}
	token, err := s.Token(rename(t, s, "Amt"))
	if err != nil {
		t.Fatal(err)
	}
	if got := nameOfBSI(t.Context(), t, app.View(kritis.Anonymous())); got != "Amt" {
		t.Errorf("the next request sees %q", got)
	}
	if got := nameOfBSI(t.Context(), t, before); got != old {
		t.Errorf("the request under way sees %q now", got)
	}
	if err := app.AtLeast(t.Context(), token); err != nil {
		t.Errorf("the token of the change: %v", err)
	}
	if err := app.AtLeast(t.Context(), "x"+token); err == nil {
		t.Error("a damaged token was taken")
	}
}

func TestAChangeOutsideTheRulebookKeepsIt(t *testing.T) {
	app, s, calls := directory(t)
	nameOfBSI(t.Context(), t, app.View(kritis.Anonymous()))
	id := store.ID("Statistic/test")
	if _, err := s.Commit(t.Context(), store.Change{
		If: []store.Cond{{ID: id}}, Meta: store.Meta{Actor: "test", Action: "STATISTIC"},
		Put: []store.Node{{ID: id, Own: kritis.Public(), Props: map[string]store.Value{"slug": store.String("test"), "order": store.Int(99)}}},
	}); err != nil {
		t.Fatal(err)
	}
	calls.Reset()
	nameOfBSI(t.Context(), t, app.View(kritis.Anonymous()))
	if calls.Total() != 1 {
		t.Errorf("%d calls (%v), not one", calls.Total(), calls.Counts())
	}
}

func TestManyRequestsDuringChangesNeverSeeAnOlderLaw(t *testing.T) {
	app, s, _ := directory(t)
	names := []string{"A", "B", "C", "D", "E"}
	order := map[string]int{nameOfBSI(t.Context(), t, app.View(kritis.Anonymous())): 0}
	for i, n := range names {
		order[n] = i + 1
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			last := 0
			for {
				select {
				case <-done:
					return
				default:
				}
				now := order[nameOfBSI(t.Context(), t, app.View(kritis.Anonymous()))]
				if now < last {
					t.Errorf("name %d after name %d", now, last)
					return
				}
				last = now
			}
		})
	}
	for _, n := range names {
		rename(t, s, n)
	}
	close(done)
	readers.Wait()
	if got := nameOfBSI(t.Context(), t, app.View(kritis.Anonymous())); got != "E" {
		t.Errorf("at the end the name is %q", got)
	}
}
