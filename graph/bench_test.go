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
