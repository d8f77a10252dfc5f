//go:build neo4j

package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScriptsOnNeo4j runs what needs a server that answers, NEO4J_URI. It writes nothing there.
func TestScriptsOnNeo4j(t *testing.T) {
	uri := os.Getenv("NEO4J_URI")
	if uri == "" {
		t.Fatal("NEO4J_URI is not set: run scripts/neo4j run go test -tags neo4j ./cmd/kritisgraph")
	}
	p := scripts("testdata/neo4j")
	prepare := p.Setup
	p.Setup = func(e *testscript.Env) error {
		e.Setenv("KRITISGRAPH_STORE", uri)
		return prepare(e)
	}
	testscript.Run(t, p)
}
