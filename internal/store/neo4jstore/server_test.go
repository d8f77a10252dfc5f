//go:build neo4j

package neo4jstore

import (
	"context"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/neo4jstore/neo4jtest"
	"kritisgraph/internal/store/storetest"
)

func TestDriverKeepsTheContract(t *testing.T) { storetest.Run(t, openEmpty) }

// server is the database that the environment names.
func server(t testing.TB) Options {
	t.Helper()
	return options(neo4jtest.Named(t))
}

func options(s neo4jtest.Server) Options {
	return Options{URI: s.URI, User: s.User, Password: s.Password, Database: s.Database}
}

func openEmpty(t testing.TB) store.Driver { return openServer(t) }

// openServer opens the database of the tests after it was emptied.
func openServer(t testing.TB) *Driver {
	t.Helper()
	neo4jtest.Empty(t)
	return openAs(t, server(t))
}

func openAs(t testing.TB, o Options) *Driver {
	t.Helper()
	d, err := Open(t.Context(), o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return d
}

// cypher runs a statement of a test by itself and returns its only record.
func cypher(t testing.TB, d *Driver, statement string, p params) []any {
	t.Helper()
	s := d.session(t.Context(), neo4j.AccessModeWrite)
	result, err := s.Run(t.Context(), statement, p)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	values, err := only(t.Context(), result)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return values
}
