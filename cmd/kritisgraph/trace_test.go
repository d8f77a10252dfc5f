package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTracesTellPathAndStatusAndNoQuery(t *testing.T) {
	sent := make(chan string, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sent <- r.URL.Path + string(body)
	}))
	defer collector.Close()
	around, flush, err := newTracing(t.Context(), collector.URL)
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	h := around(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	h.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/graphql?query=secret", nil))
	if answer.Code != http.StatusTeapot {
		t.Errorf("status %d", answer.Code)
	}
	if err := flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := <-sent
	for _, part := range []string{"/v1/traces", "kritisgraph", "/graphql", "http.response.status_code"} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q in what was sent", part)
		}
	}
	if strings.Contains(got, "secret") {
		t.Error("the trace tells the query")
	}
}

func TestWithoutAnEndpointNothingIsTraced(t *testing.T) {
	around, flush, err := newTracing(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	around(http.NotFoundHandler()).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	if answer.Code != http.StatusNotFound || flush(t.Context()) != nil {
		t.Errorf("status %d", answer.Code)
	}
}
