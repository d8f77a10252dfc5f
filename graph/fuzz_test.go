package graph_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kritisgraph/graph"
	"kritisgraph/graph/generated"
	"kritisgraph/internal/kritis"
)

// FuzzHandler sends anything to the handler: whatever comes, the answer is JSON, never a fault, and has data or errors.
func FuzzHandler(f *testing.F) {
	documents, err := filepath.Glob("testdata/contract/*.graphql")
	if err != nil || len(documents) == 0 {
		f.Fatal("no contract documents", err)
	}
	for _, name := range documents {
		query, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		variables, err := os.ReadFile(strings.TrimSuffix(name, ".graphql") + ".json")
		if err != nil {
			f.Fatal(err)
		}
		body, err := json.Marshal(map[string]any{"query": string(query), "variables": json.RawMessage(variables)})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, "application/json", "*/*")
	}
	f.Add([]byte(`{"query":"{a:__typename ...f} fragment f on Query{...f}"}`), "application/json; charset=utf-8", modern)
	f.Add([]byte(`[{}]`), "text/plain", "text/html;q=x")

	// Every resolver but that of authority is missing and panics, so the recovery is fuzzed too.
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: root{query: answers{
		authority: func(context.Context, string) (*kritis.Authority, error) { return nil, nil },
	}}})
	handler := graph.NewHandler(schema, graph.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	f.Fuzz(func(t *testing.T, body []byte, contentType, accept string) {
		request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(string(body)))
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Accept", accept)
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request.WithContext(kritis.WithView(request.Context(), storeless(kritis.Anonymous()))))

		var answer struct {
			Data   json.RawMessage
			Errors []struct{ Message string }
		}
		if err := json.Unmarshal(response.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%d and no JSON: %v: %.200s", response.Code, err, response.Body)
		}
		if answer.Data == nil && len(answer.Errors) == 0 || response.Code >= 500 {
			t.Fatalf("%d %.200s", response.Code, response.Body)
		}
	})
}
