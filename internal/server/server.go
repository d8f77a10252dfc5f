package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"kritisgraph/graph/guard"
	"kritisgraph/internal/kritis"
)

// Options of New. API, Schema and one of Principal and Identify are required.
type Options struct {
	API       http.Handler     // GraphQL over HTTP; it finds the kritis.View of the caller in the context
	Schema    string           // text of the schema
	Principal kritis.Principal // every caller, where Identify is nil
	// Identify says who calls; false: somebody without a token, who sees the public directory. An error refuses the request
	// with 401, and is logged but not told.
	Identify  func(*http.Request) (id kritis.Identity, known bool, err error)
	Origins   []string         // exact origins whose pages may use the API from a browser
	LocalOnly bool             // refuse requests that name another host than this machine: nobody logs in
	Log       *slog.Logger     // nil: the default logger
	NewID     func() string    // makes request ids; nil: ULIDs
	Metrics   *Metrics         // nil: nothing is counted
	Anonymous Rate             // of requests to the API from one address without a token, or with one that is refused
	Caller    Rate             // of requests to the API with tokens of one subject; where nobody logs in, from one address elsewhere
	Now       func() time.Time // clock of the rates; nil: that of the system
	// Around is put around everything, such as what makes traces; nil: nothing.
	Around func(http.Handler) http.Handler
}

// Server is the HTTP server as a value. It answers from New on; until Open gives it the domain it is alive, but not ready.
type Server struct {
	options            Options
	handler            http.Handler
	app                atomic.Pointer[kritis.App]
	draining           atomic.Bool
	anonymous, callers *buckets
	accepted           *lru.Cache[string, struct{}] // digests of integration keys that were accepted lately
}

// New returns a server. An origin that is none is an error.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.NewID == nil {
		o.NewID = newID
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{options: o}
	handler, err := s.routes()
	if err != nil {
		return nil, fmt.Errorf("building the server: %w", err)
	}
	if s.anonymous, err = newBuckets(o.Anonymous, o.Now); err != nil {
		return nil, fmt.Errorf("building the server: %w", err)
	}
	if s.callers, err = newBuckets(o.Caller, o.Now); err != nil {
		return nil, fmt.Errorf("building the server: %w", err)
	}
	if s.accepted, err = lru.New[string, struct{}](rememberedCallers); err != nil {
		return nil, fmt.Errorf("building the server: %w", err)
	}
	if o.Around != nil {
		handler = o.Around(handler)
	}
	s.handler = handler
	return s, nil
}

// Open makes the server ready to answer from this domain.
func (s *Server) Open(app *kritis.App) { s.app.Store(app) }

// Handler returns the handler of all paths.
func (s *Server) Handler() http.Handler { return s.handler }

// Run serves on the listener, which it closes, until the context ends; then it is not ready any more, takes no new
// connection, and waits for the requests under way as Serve does.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { s.draining.Store(true) })
	defer stop()
	return Serve(ctx, l, s.handler, s.options.Log)
}

// The bounds of a connection. A request has its own bound in graph/guard.
const (
	headerTime = 5 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 2 * time.Minute
	drainTime  = 10 * time.Second
)

// Serve answers on the listener, which it closes, until the context ends. Requests under way then have ten seconds to end;
// what is left is cut off, and the log says so.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    guard.Defaults().BodyBytes + 64<<10, // a query by GET stands in it
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }() // ends with Shutdown or Close below
	select {
	case err := <-failed:
		return fmt.Errorf("serving on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(bounded); err != nil {
		log.Warn("requests were cut off", "after", drainTime, "error", errors.Join(err, server.Close()))
	}
	return nil
}
