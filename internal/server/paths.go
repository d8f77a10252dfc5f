package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"kritisgraph/internal/kritis"
)

// live says that the process is alive.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	if readable(w, r) {
		plain(w, http.StatusOK, "alive")
	}
}

// ready says whether requests can be answered, and why not.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if !readable(w, r) {
		return
	}
	app := s.app.Load()
	switch {
	case s.draining.Load():
		plain(w, http.StatusServiceUnavailable, "not ready: the server is stopping")
	case app == nil:
		plain(w, http.StatusServiceUnavailable, "not ready: the store is being migrated or loaded")
	default:
		if err := app.Ready(r.Context()); err != nil {
			s.options.Log.WarnContext(r.Context(), "not ready", "error", err)
			plain(w, http.StatusServiceUnavailable, "not ready: "+kritis.AsError(err).Message)
			return
		}
		plain(w, http.StatusOK, "ready")
	}
}

// readable refuses methods that change something.
func readable(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	plain(w, http.StatusMethodNotAllowed, "Use GET or HEAD.")
	return false
}

// plain answers with one line of text that nobody keeps.
func plain(w http.ResponseWriter, status int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, line+"\n") // a reader that has gone away needs no answer
}

// schemaText serves the schema as text, which callers revalidate.
func schemaText(text string) http.Handler {
	sum := sha256.Sum256([]byte(text))
	etag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !readable(w, r) {
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("ETag", etag)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(text))
	})
}

// withView gives a request the view of its caller, at least as fresh as its Consistency-Token, unless the caller sends too many.
// The token is looked at before the view is made, so that what the caller may see is as fresh too.
func (s *Server) withView(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		app := s.app.Load()
		if app == nil {
			w.Header().Set("Retry-After", "1")
			refuse(w, r, http.StatusServiceUnavailable, kritis.CodeLoading, "The store is being filled: try again shortly.")
			return
		}
		caller := s.identify(r)
		if wait := s.admit(r, caller); wait > 0 {
			s.refuseRate(w, r, wait)
			return
		}
		if token := r.Header.Get("Consistency-Token"); token != "" {
			if err := app.AtLeast(r.Context(), token); err != nil {
				s.refuseError(w, r, "consistency token refused", err)
				return
			}
		}
		view, err := s.enter(r, app, caller)
		if err != nil {
			s.refuseError(w, r, "caller refused", err)
			return
		}
		next.ServeHTTP(w, r.WithContext(kritis.WithView(r.Context(), view)))
	})
}

// enter returns the view of the caller.
func (s *Server) enter(r *http.Request, app *kritis.App, c caller) (*kritis.View, error) {
	switch {
	case s.options.Identify == nil:
		return app.View(s.options.Principal), nil
	case c.err != nil:
		return nil, kritis.Unauthenticated(c.err)
	case c.key != nil:
		return s.enterKey(r, app, *c.key)
	case !c.known:
		return app.View(kritis.Anonymous()), nil
	}
	return app.Enter(r.Context(), c.id)
}

// enterKey returns the view of a program with an integration key, and remembers whether the key was accepted.
func (s *Server) enterKey(r *http.Request, app *kritis.App, key kritis.KeySecret) (*kritis.View, error) {
	view, err := app.EnterKey(r.Context(), key)
	switch {
	case err == nil:
		s.accepted.Add(key.Digest(), struct{}{})
	case kritis.AsError(err).Code == kritis.CodeUnauthenticated:
		s.accepted.Remove(key.Digest())
	}
	return view, err
}

// refuseRate answers a request that comes too early.
func (s *Server) refuseRate(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	w.Header().Set("Retry-After", seconds)
	refuse(w, r, http.StatusTooManyRequests, kritis.CodeLimit, "Too many requests (limit rate): the next one is welcome in "+seconds+" s.")
}

func (s *Server) refuseError(w http.ResponseWriter, r *http.Request, what string, err error) {
	e := kritis.AsError(err)
	s.options.Log.WarnContext(r.Context(), what, "requestId", w.Header().Get(requestIDHeader), "error", errors.Join(e, e.Err))
	if e.Code == kritis.CodeUnauthenticated {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	refuse(w, r, statusOf(e.Code), e.Code, e.Message)
}

func statusOf(code kritis.Code) int {
	switch code {
	case kritis.CodeUnauthenticated:
		return http.StatusUnauthorized
	case kritis.CodeBadInput:
		return http.StatusBadRequest
	case kritis.CodeInternal:
		return http.StatusInternalServerError
	}
	return http.StatusServiceUnavailable
}

// refuse answers a request of the API that does not reach it, in the form of the API's errors.
func refuse(w http.ResponseWriter, r *http.Request, status int, code kritis.Code, message string) {
	mediaType := "application/json"
	if strings.Contains(r.Header.Get("Accept"), "application/graphql-response+json") {
		mediaType = "application/graphql-response+json"
	}
	type extensions struct {
		Code      kritis.Code `json:"code"`
		Limit     string      `json:"limit,omitempty"`
		RequestID string      `json:"requestId,omitempty"`
	}
	type shown struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	told := extensions{Code: code}
	if code == kritis.CodeInternal {
		told.RequestID = w.Header().Get(requestIDHeader) // under it the log has more
	}
	if status == http.StatusTooManyRequests {
		told.Limit = "rate"
	}
	body, err := json.Marshal(map[string][]shown{"errors": {{message, told}}})
	if err != nil {
		panic(err) // texts alone
	}
	w.Header().Set("Content-Type", mediaType+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader that has gone away needs no answer
}

// localOnly refuses requests whose Host is not this machine: a page elsewhere that lets its own name point here (DNS
// rebinding) would else read everything.
func (s *Server) localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocal(r.Host) {
			plain(w, http.StatusMisdirectedRequest, "This server answers to localhost and loopback addresses only, because nobody logs in.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLocal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}
