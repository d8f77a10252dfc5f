package server

import (
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/felixge/httpsnoop"
	"github.com/oklog/ulid/v2"

	"kritisgraph/internal/kritis"
)

const requestIDHeader = "X-Request-Id"

func newID() string { return ulid.Make().String() }

// observe gives each request an id, which the answer carries, counts it and logs one line; a probe's only at level debug.
// A panic is logged with its stack and answered with 500 if nothing was sent yet.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !sane(id) {
			id = s.options.NewID()
		}
		w.Header().Set(requestIDHeader, id)
		ctx := kritis.WithRequestID(r.Context(), id)
		m := httpsnoop.CaptureMetrics(s.recovering(next), w, r.WithContext(ctx))
		path := known(r.URL.Path)
		s.options.Metrics.request(path, r.Method, m.Code, m.Duration)
		level := slog.LevelInfo
		if path == "/livez" || path == "/readyz" {
			level = slog.LevelDebug
		}
		s.options.Log.Log(ctx, level, "request", "requestId", id, "method", r.Method, "path", r.URL.Path,
			"status", m.Code, "bytes", m.Written, "ms", float64(m.Duration.Microseconds())/1000)
	})
}

func (s *Server) recovering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			if value == http.ErrAbortHandler {
				panic(value)
			}
			s.options.Log.ErrorContext(r.Context(), "request panicked", "requestId", w.Header().Get(requestIDHeader),
				"panic", value, "stack", string(debug.Stack()))
			refuse(w, r, http.StatusInternalServerError, kritis.CodeInternal, "Something went wrong on the server.")
		}()
		next.ServeHTTP(w, r)
	})
}

// sane reports whether a request id of a caller may stand in the log: short, and of letters, digits, '.', '_' and '-'.
func sane(id string) bool {
	const longest = 64
	if id == "" || len(id) > longest {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

// known is a path as a label of metrics: callers choose paths, so there are few.
func known(path string) string {
	switch path {
	case "/graphql", "/graphiql", "/schema.graphqls", "/livez", "/readyz", "/":
		return path
	}
	return "other"
}
