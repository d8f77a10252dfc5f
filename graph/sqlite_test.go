package graph_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

var record = flag.Bool("record", false, "write the golden answers instead of comparing with them")

var loadedDir string // of loaded, to be removed at the end

// loaded is a directory with a store that holds the test data. It is made once; each world begins with a copy of its files.
var loaded = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "kritisgraph-loaded-"); err != nil {
		return "", err
	}
	loadedDir = dir
	ctx := context.Background()
	driver, err := sqlitestore.Open(ctx, sqlitestore.Options{Dir: dir})
	if err != nil {
		return dir, err
	}
	s, err := store.Create(ctx, driver, kritis.Schema(), store.Options{})
	if err != nil {
		return dir, err
	}
	if err := s.Load(ctx, s.Sealed(testData())); err != nil {
		return dir, err
	}
	return dir, s.Close(ctx)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if err := os.RemoveAll(loadedDir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// onSQLite returns the world over SQLite files of its own.
func onSQLite(t testing.TB) *world {
	t.Helper()
	return onSQLiteBy(t, func(d store.Driver) store.Driver { return d })
}

// onSQLiteBy is onSQLite with a driver that stands before that of the database.
func onSQLiteBy(t testing.TB, before func(store.Driver) store.Driver) *world {
	t.Helper()
	from, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	driver, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := driver.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	w := newWorld(t, before(driver))
	w.dir = dir
	return w
}

func TestContractOnSQLite(t *testing.T) { checkContract(t, onSQLite(t)) }
