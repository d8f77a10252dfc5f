package graph_test

import (
	"context"
	"flag"
	"testing"

	"kritisgraph/internal/store/sqlitestore"
)

var record = flag.Bool("record", false, "write the golden answers instead of comparing with them")

// onSQLite returns the world over a fresh SQLite file.
func onSQLite(t testing.TB) *world {
	t.Helper()
	driver, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := driver.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return newWorld(t, driver)
}

func TestContractOnSQLite(t *testing.T) { checkContract(t, onSQLite(t)) }
