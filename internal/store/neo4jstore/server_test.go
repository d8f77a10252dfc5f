//go:build neo4j

package neo4jstore

import (
	"context"
	"os"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

func TestDriverKeepsTheContract(t *testing.T) { storetest.Run(t, openEmpty) }

// server is the database that the environment names; scripts/neo4j sets it.
func server(t testing.TB) Options {
	t.Helper()
	o := Options{
		URI: os.Getenv("NEO4J_URI"), User: os.Getenv("NEO4J_USER"),
		Password: os.Getenv("NEO4J_PASSWORD"), Database: os.Getenv("NEO4J_DATABASE"),
	}
	if o.URI == "" {
		t.Fatal("NEO4J_URI names no server: run the test by scripts/neo4j run")
	}
	return o
}

func openEmpty(t testing.TB) store.Driver { return openServer(t) }

// openServer opens the database of the tests after it was emptied.
func openServer(t testing.TB) *Driver {
	t.Helper()
	d := openAs(t, server(t))
	empty(t, d)
	return d
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

// empty deletes all nodes of a database that these tests marked as theirs when it was empty, and refuses any other.
func empty(t testing.TB, d *Driver) {
	t.Helper()
	counts := cypher(t, d, `OPTIONAL MATCH (n) RETURN count(n), count(CASE WHEN n:_Tested THEN 1 END)`, nil)
	switch {
	case counts[0] == int64(0):
		cypher(t, d, `CREATE (:_Tested) RETURN 1`, nil)
	case counts[1] != int64(1):
		t.Fatalf("the database holds %v nodes and is not marked as one of these tests: it stays as it is", counts[0])
	default:
		cypher(t, d, `MATCH (n) WHERE NOT n:_Tested CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS RETURN count(*)`, nil)
	}
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
