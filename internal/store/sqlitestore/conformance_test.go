package sqlitestore_test

import (
	"context"
	"testing"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
	"kritisgraph/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t testing.TB) store.Driver { return open(t, sqlitestore.Options{Dir: t.TempDir()}) })
}

// open opens a driver that is closed with the test.
func open(t testing.TB, o sqlitestore.Options) *sqlitestore.Driver {
	t.Helper()
	d, err := sqlitestore.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return d
}

func BenchmarkConformance(b *testing.B) {
	storetest.Bench(b, func(t testing.TB) store.Driver { return open(t, sqlitestore.Options{Dir: t.TempDir()}) })
}
