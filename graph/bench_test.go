package graph_test

import (
	"testing"

	"kritisgraph/internal/kritis"
)

// BenchmarkDocuments answers the served contract documents one after the other, without a network.
func BenchmarkDocuments(b *testing.B) {
	w := onSQLite(b)
	for _, name := range served {
		query, variables := w.document(b, name)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.ask(b, kritis.Development("test"), query, variables)
			}
		})
	}
}

// BenchmarkOutages asks the questions about what is registered, which no document of the contract asks, on small data. scripts/bench asks them on large ones.
func BenchmarkOutages(b *testing.B) {
	w := onSQLite(b)
	facility := func(reference string) object { return object{"facility": w.id(b, "facility", reference)} }
	for _, q := range []struct {
		name, document string
		variables      object
	}{
		{"impact of a facility", askOutage, object{"in": object{"roots": []object{facility("demo-fa-0012")}}}},
		{"single points of failure", askPoints, object{"land": "NI"}},
		{"common causes", askCauses, object{"of": []object{facility("demo-fa-0006"), facility("demo-fa-0007")}, "depth": 3}},
		{"strongest paths", askPaths, object{"from": facility("demo-fa-0012"), "to": facility("demo-fa-0007"), "depth": 4, "mode": "K_STRONGEST"}},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.ask(b, kritis.Development("test"), q.document, q.variables)
			}
		})
	}
}
