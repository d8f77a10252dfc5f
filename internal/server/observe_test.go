package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/server"
)

func TestEachRequestIsLoggedOnceUnderItsID(t *testing.T) {
	var log bytes.Buffer
	srv, _ := newServer(t, func(o *server.Options) {
		o.Log = slog.New(slog.NewJSONHandler(&log, nil))
		o.NewID = func() string { return "made-here" }
	})
	for _, c := range []struct{ name, given, want string }{
		{"a sane id is taken", "trace-7_A.b", "trace-7_A.b"},
		{"no id is made up for", "", "made-here"},
		{"a line break is not taken", "a\nb", "made-here"},
		{"a long id is not taken", strings.Repeat("x", 65), "made-here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			log.Reset()
			w := ask(srv.Handler(), "POST", "/graphql", viewer, "X-Request-Id: "+c.given, "Authorization: Bearer secret")
			if got := w.Header().Get("X-Request-Id"); got != c.want {
				t.Errorf("id %q", got)
			}
			var line struct {
				Msg, RequestID, Method, Path string
				Status                       int
			}
			if err := json.Unmarshal(log.Bytes(), &line); err != nil {
				t.Fatalf("%v: %s", err, log.String())
			}
			if line.Msg != "request" || line.RequestID != c.want || line.Method != "POST" || line.Path != "/graphql" || line.Status != 200 {
				t.Errorf("%+v", line)
			}
			if text := log.String(); strings.Contains(text, "secret") || strings.Contains(text, "viewer") {
				t.Errorf("the log tells: %s", text)
			}
		})
	}
	log.Reset()
	ask(srv.Handler(), "GET", "/livez", "")
	if log.Len() > 0 {
		t.Errorf("a probe is logged at level info: %s", log.String())
	}
}

func TestAPanicIsAnsweredAndLoggedButNotTold(t *testing.T) {
	var log bytes.Buffer
	srv, _ := newServer(t, func(o *server.Options) {
		o.API = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret") })
		o.Log = slog.New(slog.NewJSONHandler(&log, nil))
	})
	w := ask(srv.Handler(), "POST", "/graphql", viewer, "X-Request-Id: r1")
	if w.Code != 500 || code(t, w) != "INTERNAL" || !strings.Contains(w.Body.String(), `"requestId":"r1"`) || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "secret") || !strings.Contains(log.String(), `"status":500`) {
		t.Errorf("log: %s", log.String())
	}
}

func TestMetricsCountRequestsAndCalls(t *testing.T) {
	m := server.NewMetrics()
	srv, _ := newServer(t, func(o *server.Options) { o.Metrics = m })
	ask(srv.Handler(), "POST", "/graphql", viewer)
	ask(srv.Handler(), "BREW", "/any/path/that/a/caller/likes", "")
	m.ObserveCall("List", time.Millisecond, nil)
	m.ObserveCall("List", time.Millisecond, io.ErrUnexpectedEOF)
	w := ask(m.Handler(), "GET", "/metrics", "")
	for _, line := range []string{
		`kritisgraph_http_request_duration_seconds_count{method="POST",path="/graphql",status="200"} 1`,
		`kritisgraph_http_request_duration_seconds_count{method="other",path="other",status="405"} 1`,
		`kritisgraph_store_call_duration_seconds_count{op="List",outcome="ok"} 1`,
		`kritisgraph_store_call_duration_seconds_count{op="List",outcome="error"} 1`,
		"go_goroutines",
	} {
		if !strings.Contains(w.Body.String(), line) {
			t.Errorf("no %s", line)
		}
	}
	if got := ask(m.Handler(), "POST", "/metrics", "{}").Code; got != http.StatusMethodNotAllowed {
		t.Errorf("posting to metrics: %d", got)
	}
}
