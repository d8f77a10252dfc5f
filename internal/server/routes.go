package server

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/rs/cors"

	"kritisgraph/internal/web"
)

// The bounds of compression: what is shorter stays as it is, and a random length hides what an attacker guesses at (BREACH).
const (
	compressFrom   = 1 << 10
	compressJitter = 32
)

// maxBody is more than any path reads; the API has its own, smaller bound.
const maxBody = 1 << 20

// routes builds the handler of all paths, the outermost part last.
func (s *Server) routes() (http.Handler, error) {
	shared, err := s.shared()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", shared(s.withView(s.options.API)))
	mux.Handle("/schema.graphqls", shared(schemaText(s.options.Schema)))
	mux.HandleFunc("/livez", s.live)
	mux.HandleFunc("/readyz", s.ready)
	mux.Handle("/", web.Handler())

	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom), gzhttp.RandomJitter(compressJitter, 0, false))
	if err != nil {
		return nil, err
	}
	h := http.MaxBytesHandler(compress(mux), maxBody)
	if s.options.LocalOnly {
		h = s.localOnly(h)
	}
	return s.observe(secure(h)), nil
}

// shared returns the wrapper of paths that pages of other origins may use, where they are listed. Without a list the same
// origin alone may. Requests of other pages that a browser sends without asking first are refused.
func (s *Server) shared() (func(http.Handler) http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range s.options.Origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, http.StatusForbidden, "BAD_REQUEST", "Pages of this origin may not use the API: list it with --cors-origin.")
	}))
	if len(s.options.Origins) == 0 {
		return protection.Handler, nil
	}
	allow := cors.New(cors.Options{
		AllowedOrigins: s.options.Origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{"Accept", "Accept-Language", "Authorization", "Content-Type", "Consistency-Token", "X-Request-Id"},
		ExposedHeaders: []string{"Retry-After", "X-Request-Id"},
		MaxAge:         600,
	})
	return func(h http.Handler) http.Handler { return allow.Handler(protection.Handler(h)) }, nil
}

// secure sets what every answer carries; the pages replace the policy by their own.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
