package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"kritisgraph/internal/kritis"
)

// reply sends a document through the real handler and reads the answer as a client does.
func (w *world) reply(t testing.TB, p kritis.Principal, query string, variables any, headers ...string) reply {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", modern)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, request.WithContext(kritis.WithView(request.Context(), w.app.View(p))))
	r := reply{status: answer.Code, header: answer.Header(), text: answer.Body.String()}
	if err := json.Unmarshal(answer.Body.Bytes(), &r); err != nil {
		t.Fatalf("no JSON: %v: %.300s", err, r.text)
	}
	return r
}

// developer is the principal of most tests.
var developer = kritis.Development("test")

// query reads the data of an answer without errors into T, the object below "data".
func query[T any](t testing.TB, w *world, document string, variables any, headers ...string) T {
	t.Helper()
	return queryAs[T](t, w, developer, document, variables, headers...)
}

// queryAs is query for another caller.
func queryAs[T any](t testing.TB, w *world, p kritis.Principal, document string, variables any, headers ...string) T {
	t.Helper()
	r := w.reply(t, p, document, variables, headers...)
	if r.status != http.StatusOK || len(r.Errors) > 0 {
		t.Fatalf("%s\n%v\ngot %d %.2000s", document, variables, r.status, r.text)
	}
	var data T
	if err := json.Unmarshal(r.Data, &data); err != nil {
		t.Fatalf("%v: %.2000s", err, r.text)
	}
	return data
}

// object is a JSON object of an answer.
type object = map[string]any

// list is a JSON list of an answer.
func list(t testing.TB, o object, field string) []object {
	t.Helper()
	items, ok := o[field].([]any)
	if !ok {
		t.Fatalf("%s is no list: %v", field, o[field])
	}
	out := make([]object, len(items))
	for i, item := range items {
		out[i], _ = item.(object)
	}
	return out
}

// times is a list of n values.
func times(n int, value any) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = value
	}
	return out
}
