package main

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"kritisgraph/graph"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

// service answers requests as the program does, without a network, over the store in the directory of the flag -data, else over small demo data of its own.
func service(t testing.TB) (send func([]byte) ([]byte, error), n *network) {
	t.Helper()
	dir, of := *data, seed.Size(*size)
	if dir == "" {
		dir, of = t.TempDir(), seed.Small
	}
	driver, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Create(t.Context(), driver, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	head, err := s.Head(t.Context(), store.Mark{})
	if err != nil {
		t.Fatal(err)
	}
	if head.Seq == 0 {
		if err := s.Load(t.Context(), s.Sealed(changes(of))); err != nil {
			t.Fatal(err)
		}
	}
	if n, err = readNetwork(of); err != nil {
		t.Fatal(err)
	}
	app, handler := kritis.NewApp(s, time.Now), graph.NewHandler(graph.NewSchema(), graph.Options{})
	return func(body []byte) ([]byte, error) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r.WithContext(kritis.WithView(r.Context(), app.View(kritis.Development("bench")))))
		return answer.Body.Bytes(), nil
	}, n
}

func changes(size seed.Size) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for _, part := range []iter.Seq2[store.Change, error]{seed.ReferenceChanges(time.Now()), seed.Demo(seed.Options{Seed: 1, Size: size, Day: kritis.DayOf(time.Now())})} {
			for c, err := range part {
				if !yield(c, err) {
					return
				}
			}
		}
	}
}

func TestEveryQuestionIsAnsweredByTheProductAndInMemory(t *testing.T) {
	send, n := service(t)
	for _, q := range questions(n) {
		t.Run(q.name, func(t *testing.T) {
			q.times = 1
			ours := q.measure(asking(send))
			if ours.err != nil {
				t.Fatal(ours.err)
			}
			floor := q.measure(timed(func(c questionCase) (int, error) { return c.floor(), nil }))
			if ours.count == 0 || floor.count == 0 {
				t.Errorf("the product finds %d, the floor %d", ours.count, floor.count)
			}
		})
	}
}

// The floor is one for what it stands beside: what the product says that fails is among what can be reached, the branches apart.
func TestWhatFailsIsReachedInMemoryToo(t *testing.T) {
	send, n := service(t)
	for _, x := range n.spread(20) {
		reached := map[string]bool{}
		for _, y := range n.within([]int32{x}, n.out, 3) {
			reached[n.things[y].id.Key()] = true
		}
		for _, reference := range failing(t, send, n.impact(x).field) {
			if !reached[reference] {
				t.Errorf("%s fails with %s, but is not reached from it", reference, n.things[x].id.Key())
			}
		}
	}
}

// failing are the references of the facilities and operators that an answer names.
func failing(t *testing.T, send func([]byte) ([]byte, error), field string) []string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": "{ answer: " + field + " }"})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := send(body)
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Data struct {
			Answer struct {
				Entries []struct{ Subject struct{ Reference string } }
			}
		}
	}
	if err := json.Unmarshal(answer, &found); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range found.Data.Answer.Entries {
		if e.Subject.Reference != "" {
			out = append(out, e.Subject.Reference)
		}
	}
	if len(out) == 0 {
		t.Fatalf("nothing fails: %.300s", answer)
	}
	return out
}

// BenchmarkOutages asks the cases of each question in turn. With -data DIR -size large it asks a store with large demo data, which -outages leaves there.
func BenchmarkOutages(b *testing.B) {
	send, n := service(b)
	for _, q := range questions(n) {
		ask := asking(send)
		b.Run(q.name, func(b *testing.B) {
			for _, c := range q.cases { // to warm up
				if _, _, err := ask(c); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			peak := watchHeap(b.Context())
			for i := 0; b.Loop(); i++ {
				if _, _, err := ask(q.cases[i%len(q.cases)]); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(peak())/(1<<20), "peak-MB")
		})
	}
}

// watchHeap returns what says how far the heap has grown meanwhile, garbage that was not yet collected included.
func watchHeap(ctx context.Context) (peak func() uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before, most := read(), uint64(0)
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			most = max(most, read())
			<-tick.C
		}
	}()
	return func() uint64 {
		stop()
		<-done
		return most - min(most, before)
	}
}
