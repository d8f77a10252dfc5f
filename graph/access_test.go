package graph_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph"
	"kritisgraph/graph"
	"kritisgraph/graph/generated"
)

// otherSchema executes the schema of this program under another text.
type otherSchema struct {
	graphql.ExecutableSchema
	text *ast.Schema
}

func (s otherSchema) Schema() *ast.Schema { return s.text }

// A field that came into the schema by another way than the generator is in no table.
func TestAFieldWithoutAPolicyIsRefusedForEverybody(t *testing.T) {
	w := onSQLite(t)
	text := gqlparser.MustLoadSchema(&ast.Source{Input: kritisgraph.Schema + ` extend type Query { odd: ID } extend type Authority { odd: ID }`})
	var log bytes.Buffer
	w.handler = graph.NewHandler(otherSchema{generated.NewExecutableSchema(generated.Config{}), text}, graph.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for _, document := range []string{
		`{ odd }`, `{ authority(slug: "bsi") { odd } }`, `{ viewer { subject } odd @skip(if: true) }`, `{ node(id: "x") { ...odd } } fragment odd on Authority { odd }`,
	} {
		log.Reset()
		r := w.reply(t, developer, document, nil)
		if r.status != http.StatusBadRequest || r.code() != "INTERNAL" || r.Data != nil || strings.Contains(r.text, "odd") {
			t.Errorf("%s: %d %s", document, r.status, r.text)
		}
		if !strings.Contains(log.String(), "odd has no access rule") {
			t.Errorf("%s: the log says %s", document, log.String())
		}
	}
	if r := w.reply(t, developer, `{ __schema { queryType { name } } __typename }`, nil); r.status != http.StatusOK || len(r.Errors) > 0 {
		t.Errorf("introspection: %s", r.text)
	}
}
