//go:build neo4j

package neo4jstore

import (
	"fmt"
	"sync/atomic"
	"testing"

	"kritisgraph/internal/store"
)

// BenchmarkCalls measures single driver calls over 2,000 lands, with the scope of a caller, one after the other and by 8
// goroutines.
func BenchmarkCalls(b *testing.B) {
	d := openServer(b)
	s := seed(b, d, 2_000)
	scope := store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear})
	land := func(i int64) store.ID { return store.ID(fmt.Sprintf("Land/L%06d", i%2_000)) }
	body := func(i int64) store.ID { return store.ID(fmt.Sprintf("Body/L%06d", i%2_000)) }
	lands := []store.Label{"Land"}
	calls := []struct {
		name string
		call func(i int64) error
	}{
		{"Head", func(int64) error { _, err := s.Head(b.Context(), store.Mark{}); return err }},
		{"Nodes", func(i int64) error { _, err := s.Nodes(b.Context(), scope, []store.ID{land(i)}); return err }},
		{"List 20 by name", func(i int64) error {
			_, err := s.List(b.Context(), scope, store.Query{Labels: lands, Order: []store.Order{{Prop: "name"}}, Limit: 20})
			return err
		}},
		{"List by key", func(i int64) error {
			_, err := s.List(b.Context(), scope, store.Query{Labels: lands, Where: store.Where("code", store.EQ, store.String(land(i).Key()))})
			return err
		}},
		{"List by text", func(i int64) error {
			_, err := s.List(b.Context(), scope, store.Query{Labels: lands, Text: fmt.Sprintf("land %d fluss", i%2_000), Limit: 20})
			return err
		}},
		{"Neighbors of 100", func(i int64) error {
			h := store.Hop{Edge: "SERVES"}
			for k := range int64(100) {
				h.From = append(h.From, body(i+k))
			}
			_, err := s.Neighbors(b.Context(), scope, []store.Hop{h})
			return err
		}},
		{"Traverse", func(i int64) error {
			_, err := s.Traverse(b.Context(), scope, store.Walk{From: []store.ID{body(i)}, Follow: []store.Step{{Edge: "SERVES"}, {Edge: "HOLDS"}}, Depth: 2})
			return err
		}},
		{"Log since", func(i int64) error {
			_, err := s.Log(b.Context(), scope, store.LogQuery{After: 20, Labels: []string{"Land"}, Limit: 1})
			return err
		}},
	}
	for _, c := range calls {
		b.Run(c.name, func(b *testing.B) {
			for i := int64(0); b.Loop(); i++ {
				if err := c.call(i); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
		b.Run(c.name+", 8 at once", func(b *testing.B) {
			var n atomic.Int64
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := c.call(n.Add(1)); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}

// BenchmarkCommit measures commits of one node that exists.
func BenchmarkCommit(b *testing.B) {
	d := openServer(b)
	s := seed(b, d, 100)
	version := int64(1)
	for b.Loop() {
		n := store.Node{ID: "Contact/L000000", Props: map[string]store.Value{"role": store.String("duty"), "rank": store.Int(version)}}
		if _, err := s.Commit(b.Context(), store.Change{If: []store.Cond{{ID: n.ID, Version: version}}, Put: []store.Node{n}}); err != nil {
			b.Fatal(err)
		}
		version++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

// BenchmarkLoad measures a load by the things that it writes.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		d := openServer(b)
		s := seed(b, d, 0)
		b.StartTimer()
		if err := s.Load(b.Context(), s.Sealed(changes(2_000))); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "things/s")
}
