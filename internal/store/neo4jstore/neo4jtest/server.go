//go:build neo4j

// Package neo4jtest gives tests the emptied Neo4j database that the environment names; scripts/neo4j sets it.
package neo4jtest

import (
	"cmp"
	"os"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// Server says where the database is.
type Server struct {
	URI, User, Password, Database string
}

// Named returns the server that the environment names.
func Named(t testing.TB) Server {
	t.Helper()
	s := Server{
		URI: os.Getenv("NEO4J_URI"), User: cmp.Or(os.Getenv("NEO4J_USER"), "neo4j"),
		Password: os.Getenv("NEO4J_PASSWORD"), Database: cmp.Or(os.Getenv("NEO4J_DATABASE"), "neo4j"),
	}
	if s.URI == "" {
		t.Fatal("NEO4J_URI names no server: run the test by scripts/neo4j run")
	}
	return s
}

// Empty returns the server after its database was emptied. It deletes the nodes of a database that these tests marked as
// theirs when it was empty, and refuses any other: NEO4J_URI may name a real one.
func Empty(t testing.TB) Server {
	t.Helper()
	s := Named(t)
	auth := neo4j.NoAuth()
	if s.Password != "" {
		auth = neo4j.BasicAuth(s.User, s.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(s.URI, auth)
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	session := driver.NewSession(t.Context(), neo4j.SessionConfig{DatabaseName: s.Database})
	defer session.Close(t.Context())
	run := func(statement string) []any {
		result, err := session.Run(t.Context(), statement, nil)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		record, err := result.Single(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		return record.Values
	}
	counts := run(`OPTIONAL MATCH (n) RETURN count(n), count(CASE WHEN n:_Tested THEN 1 END)`)
	switch {
	case counts[0] == int64(0):
		run(`CREATE (:_Tested) RETURN 1`)
	case counts[1] != int64(1):
		t.Fatalf("the database holds %v nodes and is not marked as one of these tests: it stays as it is", counts[0])
	default:
		run(`MATCH (n) WHERE NOT n:_Tested CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS RETURN count(*)`)
	}
	return s
}
