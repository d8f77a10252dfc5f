//go:build neo4j

package archive_test

import (
	"context"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/neo4jstore"
	"kritisgraph/internal/store/neo4jstore/neo4jtest"
)

// openNeo4j opens an empty store on the server of the tests. The one before it has to be closed.
func openNeo4j(t *testing.T) *store.Store {
	t.Helper()
	neo4jtest.Empty(t)
	named := neo4jtest.Named(t)
	d, err := neo4jstore.Open(t.Context(), neo4jstore.Options{
		URI: named.URI, User: named.User, Password: named.Password, Database: named.Database,
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Create(t.Context(), d, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestRealDataGoFromSQLiteToNeo4jAndBackByteForByte(t *testing.T) {
	first := export(t, filled(t))
	neo := openNeo4j(t)
	load(t, neo, first)
	second := export(t, neo)
	if second != first {
		t.Fatalf("Neo4j exports something else: %s", difference(first, second))
	}
	back := openSQLite(t)
	load(t, back, second)
	if third := export(t, back); third != first {
		t.Fatalf("SQLite exports something else: %s", difference(first, third))
	}
}

func TestAStoreOnNeo4jPassesTheCheckAndTakesAnImport(t *testing.T) {
	neo := openNeo4j(t)
	load(t, neo, export(t, filled(t)))
	const file = `{"put":{"id":"Operator/hand","own":{"audiences":["public"],"tlp":"CLEAR"},"props":{"reference":"hand","name":"Netz","sectorSlugs":["energy"],"source":"test","status":"STATED","asOf":"2026-11-01","confidence":"VERIFIED"}}}
{"link":{"id":"IN_SECTOR/1","from":"Operator/hand","to":"Sector/energy","props":{"source":"test","status":"STATED","asOf":"2026-11-01","confidence":"VERIFIED"}}}`
	for _, dry := range []bool{true, false} {
		r, err := importInto(t, neo, file, dry)
		if err != nil || len(r.Created) != 2 {
			t.Errorf("%+v, %v", r, err)
		}
	}
	report, err := kritis.Check(t.Context(), neo)
	if err != nil {
		t.Fatal(err)
	}
	if report.Errors() != 0 {
		t.Errorf("%v", report.Findings)
	}
	if _, err := importInto(t, neo, `{"put":{"id":"Operator/other","props":{"reference":"hand","name":"Netz"}}}`, true); err == nil {
		t.Error("two operators have one reference")
	}
}
