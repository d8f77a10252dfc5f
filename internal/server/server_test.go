package server_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph"
	"kritisgraph/graph"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/server"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

const allowed = "https://kritis.example"

// newServer returns a server over the reference data. Change may alter its options.
func newServer(t *testing.T, change func(*server.Options)) (*server.Server, *store.Store) {
	t.Helper()
	s := newStore(t)
	o := server.Options{
		API:       graph.NewHandler(graph.NewSchema(), graph.Options{Log: slog.New(slog.DiscardHandler)}),
		Schema:    kritisgraph.Schema,
		Principal: kritis.Development("development"),
		Log:       slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&o)
	}
	srv, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}
	srv.Open(kritis.NewApp(s, time.Now))
	return srv, s
}

func newStore(t *testing.T) *store.Store {
	t.Helper()
	driver, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := driver.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s, err := store.Create(t.Context(), driver, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), s.Sealed(seed.ReferenceChanges(time.Date(2026, 11, 1, 12, 0, 0, 0, kritis.Berlin)))); err != nil {
		t.Fatal(err)
	}
	return s
}

// ask sends a request with headers given as "Name: value"; a body is JSON.
func ask(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8787"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			r.Host = value
		}
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const viewer = `{"query":"{ viewer { subject } }"}`

// code is the extensions.code of the first error in a response.
func code(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var body struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if len(body.Errors) == 0 {
		return ""
	}
	return body.Errors[0].Extensions.Code
}

func TestPathsAnswerTheirMethods(t *testing.T) {
	srv, _ := newServer(t, nil)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		contentType, contains    string
	}{
		{"a query is posted", "POST", "/graphql", viewer, 200, "application/json", `"subject":"development"`},
		{"a query is asked by GET", "GET", "/graphql?query=%7Bviewer%7Bsubject%7D%7D", "", 200, "application/json", `"subject":"development"`},
		{"the API knows no PUT", "PUT", "/graphql", viewer, 405, "application/json", "BAD_REQUEST"},
		{"the schema is text", "GET", "/schema.graphqls", "", 200, "text/plain", "type Query"},
		{"the schema is not written", "POST", "/schema.graphqls", "{}", 405, "text/plain", "GET"},
		{"the process is alive", "GET", "/livez", "", 200, "text/plain", "alive"},
		{"the server is ready", "GET", "/readyz", "", 200, "text/plain", "ready"},
		{"a probe changes nothing", "POST", "/readyz", "{}", 405, "text/plain", "GET"},
		{"GraphiQL is a page", "GET", "/graphiql", "", 200, "text/html", "<html"},
		{"the start page is a page", "GET", "/", "", 200, "text/html", "kritisgraph"},
		{"elsewhere is nothing", "GET", "/admin", "", 404, "text/plain", "no page"},
		{"there are no metrics here", "GET", "/metrics", "", 404, "text/plain", "no page"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(srv.Handler(), c.method, c.path, c.body)
			if w.Code != c.status || !strings.HasPrefix(w.Header().Get("Content-Type"), c.contentType) || !strings.Contains(w.Body.String(), c.contains) {
				t.Errorf("status %d, type %q, body %.200s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
		})
	}
}

func TestEveryAnswerIsGuardedByHeaders(t *testing.T) {
	srv, _ := newServer(t, nil)
	for _, path := range []string{"/graphql", "/schema.graphqls", "/livez", "/graphiql", "/", "/nothing"} {
		h := ask(srv.Handler(), "GET", path, "").Header()
		got := []string{h.Get("X-Content-Type-Options"), h.Get("Referrer-Policy"), h.Get("X-Frame-Options"), h.Get("Cross-Origin-Opener-Policy")}
		if diff := cmp.Diff([]string{"nosniff", "no-referrer", "DENY", "same-origin"}, got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe-eval") {
			t.Errorf("%s: policy %q", path, policy)
		}
	}
}

func TestOtherOriginsUseTheAPIOnlyWhereListed(t *testing.T) {
	listed, _ := newServer(t, func(o *server.Options) { o.Origins = []string{allowed} })
	unlisted, _ := newServer(t, nil)
	const foreign = "https://elsewhere.example"
	preflight := []string{"Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"}
	for _, c := range []struct {
		name           string
		srv            *server.Server
		method, origin string
		headers        []string
		status         int
		allow          string
	}{
		{"a listed origin asks first", listed, "OPTIONS", allowed, preflight, 204, allowed},
		{"a listed origin posts", listed, "POST", allowed, []string{"Sec-Fetch-Site: cross-site"}, 200, allowed},
		{"a foreign origin asks first", listed, "OPTIONS", foreign, preflight, 204, ""},
		{"a foreign origin posts without asking", listed, "POST", foreign, []string{"Sec-Fetch-Site: cross-site"}, 403, ""},
		{"without a list nobody is allowed", unlisted, "POST", allowed, []string{"Sec-Fetch-Site: cross-site"}, 403, ""},
		{"an old browser is known by its origin", unlisted, "POST", allowed, nil, 403, ""},
		{"the origin null is nobody's", listed, "POST", "null", nil, 403, ""},
		{"the own pages post", unlisted, "POST", "http://127.0.0.1:8787", []string{"Sec-Fetch-Site: same-origin"}, 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := viewer
			if c.method == "OPTIONS" {
				body = ""
			}
			w := ask(c.srv.Handler(), c.method, "/graphql", body, append(c.headers, "Origin: "+c.origin)...)
			if w.Code != c.status || w.Header().Get("Access-Control-Allow-Origin") != c.allow {
				t.Errorf("status %d, allowed origin %q: %s", w.Code, w.Header().Get("Access-Control-Allow-Origin"), w.Body)
			}
			if w.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Error("credentials are allowed")
			}
		})
	}
	if got := ask(listed.Handler(), "GET", "/readyz", "", "Origin: "+allowed).Header().Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("/readyz is shared with %q", got)
	}
}

func TestAnOriginThatIsNoneIsRefusedAtOnce(t *testing.T) {
	if _, err := server.New(server.Options{Origins: []string{"kritis.example/path"}}); err == nil {
		t.Error("it was taken")
	}
}

func TestSimpleContentTypesDoNotReachTheAPI(t *testing.T) {
	srv, _ := newServer(t, nil)
	for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} {
		w := ask(srv.Handler(), "POST", "/graphql", viewer, "Content-Type: "+contentType)
		if w.Code != http.StatusUnsupportedMediaType || strings.Contains(w.Body.String(), "subject") {
			t.Errorf("%q: status %d: %s", contentType, w.Code, w.Body)
		}
	}
}

func TestATooLargeBodyIsRefusedAndNotEchoed(t *testing.T) {
	srv, _ := newServer(t, nil)
	for name, size := range map[string]int{"above the limit of the API": 300 << 10, "above the limit of the server": 2 << 20} {
		body := `{"query":"# ` + strings.Repeat("secret", size/6) + `\n{ viewer { subject } }"}`
		w := ask(srv.Handler(), "POST", "/graphql", body)
		if w.Code != http.StatusRequestEntityTooLarge || code(t, w) != "LIMIT_EXCEEDED" || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: status %d: %.200s", name, w.Code, w.Body)
		}
	}
}

func TestAServerThatIsNotOpenIsAliveButNotReady(t *testing.T) {
	srv, err := server.New(server.Options{API: http.NotFoundHandler(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(srv.Handler(), "GET", "/livez", ""); w.Code != 200 {
		t.Errorf("/livez: %d", w.Code)
	}
	if w := ask(srv.Handler(), "GET", "/readyz", ""); w.Code != 503 || !strings.Contains(w.Body.String(), "loaded") {
		t.Errorf("/readyz: %d %s", w.Code, w.Body)
	}
	if w := ask(srv.Handler(), "POST", "/graphql", viewer); w.Code != 503 || code(t, w) != "LOADING" {
		t.Errorf("/graphql: %d %s", w.Code, w.Body)
	}
}

func TestAServerWhoseStoreIsGoneIsNotReady(t *testing.T) {
	srv, s := newServer(t, nil)
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w := ask(srv.Handler(), "GET", "/readyz", ""); w.Code != 503 || !strings.Contains(w.Body.String(), "cannot be reached") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAConsistencyTokenIsKeptOrRefused(t *testing.T) {
	srv, s := newServer(t, nil)
	head, err := s.Head(t.Context(), store.Mark{})
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Token(head)
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(srv.Handler(), "POST", "/graphql", viewer, "Consistency-Token: "+token); w.Code != 200 || code(t, w) != "" {
		t.Errorf("reached: %d %s", w.Code, w.Body)
	}
	if w := ask(srv.Handler(), "POST", "/graphql", viewer, "Consistency-Token: "+token+"x"); w.Code != 400 || code(t, w) != "BAD_USER_INPUT" {
		t.Errorf("damaged: %d %s", w.Code, w.Body)
	}
	modern := ask(srv.Handler(), "POST", "/graphql", viewer, "Consistency-Token: x", "Accept: application/graphql-response+json")
	if got := modern.Header().Get("Content-Type"); !strings.HasPrefix(got, "application/graphql-response+json") {
		t.Errorf("type of the refusal: %q", got)
	}
}

func TestOnlyThisMachineIsAnsweredWhereNobodyLogsIn(t *testing.T) {
	local, _ := newServer(t, func(o *server.Options) { o.LocalOnly = true })
	open, _ := newServer(t, nil)
	for host, status := range map[string]int{
		"localhost:8787": 200, "127.0.0.1:8787": 200, "[::1]:8787": 200, "127.0.0.2": 200, "LOCALHOST.": 200, "[::1]": 200,
		"rebound.example:8787": 421, "localhost.example": 421, "192.0.2.1:8787": 421, "127.0.0.1.example": 421, "": 421,
	} {
		if w := ask(local.Handler(), "POST", "/graphql", viewer, "Host: "+host); w.Code != status {
			t.Errorf("%q: status %d, wanted %d", host, w.Code, status)
		}
	}
	if w := ask(open.Handler(), "POST", "/graphql", viewer, "Host: kritis.example"); w.Code != 200 {
		t.Errorf("a server for others: status %d", w.Code)
	}
}

func TestLongAnswersAreCompressedAndKeepTheirTag(t *testing.T) {
	srv, _ := newServer(t, nil)
	plain := ask(srv.Handler(), "GET", "/schema.graphqls", "")
	packed := ask(srv.Handler(), "GET", "/schema.graphqls", "", "Accept-Encoding: gzip")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= plain.Body.Len() {
		t.Errorf("encoding %q, %d bytes of %d", packed.Header().Get("Content-Encoding"), packed.Body.Len(), plain.Body.Len())
	}
	tag := packed.Header().Get("ETag")
	if tag == "" || tag != plain.Header().Get("ETag") {
		t.Errorf("tags %q and %q", tag, plain.Header().Get("ETag"))
	}
	if again := ask(srv.Handler(), "GET", "/schema.graphqls", "", "If-None-Match: "+tag); again.Code != http.StatusNotModified {
		t.Errorf("asked again: status %d", again.Code)
	}
	if short := ask(srv.Handler(), "GET", "/livez", "", "Accept-Encoding: gzip"); short.Header().Get("Content-Encoding") != "" {
		t.Error("a short answer is compressed")
	}
}

func TestRunAnswersWhatIsUnderWayAndEnds(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	srv, _ := newServer(t, func(o *server.Options) {
		o.API = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(entered)
			<-release
			_, _ = io.WriteString(w, "done")
		})
	})
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended, answer := make(chan error, 1), make(chan string, 1)
	go func() { ended <- srv.Run(ctx, l) }()
	go func() {
		response, err := http.Get("http://" + l.Addr().String() + "/graphql")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answer <- string(body)
	}()
	<-entered
	cancel()
	for ask(srv.Handler(), "GET", "/readyz", "").Code == 200 { // until the server knows that it is stopping
	}
	if w := ask(srv.Handler(), "GET", "/readyz", ""); !strings.Contains(w.Body.String(), "stopping") {
		t.Errorf("not ready because: %s", w.Body)
	}
	close(release)
	if got := <-answer; got != "done" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
