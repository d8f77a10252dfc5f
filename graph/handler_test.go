package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kritisgraph/graph"
	"kritisgraph/graph/generated"
	"kritisgraph/graph/guard"
	"kritisgraph/internal/kritis"
)

// answers are resolvers for the few fields that these tests ask; what they do not define is a broken invariant, a panic.
type answers struct {
	generated.QueryResolver
	authority func(context.Context, string) (*kritis.Authority, error)
}

// root has the resolvers of Query alone.
type root struct {
	generated.ResolverRoot
	query answers
}

func (r root) Query() generated.QueryResolver { return r.query }

func (a answers) Authority(ctx context.Context, slug string) (*kritis.Authority, error) {
	return a.authority(ctx, slug)
}

func newServer(t *testing.T, options graph.Options, authority func(context.Context, string) (*kritis.Authority, error)) (*httptest.Server, *bytes.Buffer) {
	t.Helper()
	return newServerFor(t, developer, options, authority)
}

// newServerFor is newServer for another caller.
func newServerFor(t *testing.T, p kritis.Principal, options graph.Options, authority func(context.Context, string) (*kritis.Authority, error)) (*httptest.Server, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	options.Log = slog.New(slog.NewTextHandler(&log, nil))
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: root{query: answers{authority: authority}}})
	handler := graph.NewHandler(schema, options)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(kritis.WithRequestID(kritis.WithView(r.Context(), storeless(p)), "request-1")))
	}))
	t.Cleanup(server.Close)
	return server, &log
}

// storeless is the view of a caller where no resolver reads the store.
func storeless(p kritis.Principal) *kritis.View {
	return kritis.NewApp(nil, func() time.Time { return moment }).View(p)
}

func nothing(context.Context, string) (*kritis.Authority, error) { return nil, nil }

// reply is a response as a client reads it.
type reply struct {
	status int
	header http.Header
	text   string
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
}

func (r reply) code() any {
	if len(r.Errors) == 0 {
		return nil
	}
	return r.Errors[0].Extensions["code"]
}

func send(t *testing.T, request *http.Request) reply {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	r := reply{status: response.StatusCode, header: response.Header, text: body.String()}
	if err := json.Unmarshal(body.Bytes(), &r); err != nil {
		t.Fatalf("no JSON: %v: %.300s", err, body.String())
	}
	return r
}

func post(t *testing.T, url, body string, headers ...string) reply {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return send(t, request)
}

func document(query string, variables map[string]any) string {
	text, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err)
	}
	return string(text)
}

const modern = "application/graphql-response+json"

func TestRequestsAreAnsweredAsGraphQLOverHTTPSays(t *testing.T) {
	server, _ := newServer(t, graph.Options{Limits: guard.Limits{BodyBytes: 2_000}}, nothing)
	secret := "secret-word"
	for _, c := range []struct {
		name    string
		method  string
		path    string
		body    string
		headers []string
		status  int
		code    any
	}{
		{"a query", "POST", "", `{"query":"{ __typename }"}`, nil, 200, nil},
		{"a query for the modern type", "POST", "", `{"query":"{ __typename }"}`, []string{"Accept", modern}, 200, nil},
		{"a query by GET", "GET", "?query=" + url.QueryEscape("{ __typename }"), "", nil, 200, nil},
		{"variables by GET", "GET", "?query=" + url.QueryEscape("query($s: String!) { authority(slug: $s) { slug } }") + "&variables=" + url.QueryEscape(`{"s":"x"}`), "", nil, 200, nil},
		{"broken variables by GET", "GET", "?query=%7B__typename%7D&variables=%7B" + secret, "", nil, 400, "BAD_REQUEST"},
		{"GET without query", "GET", "", "", nil, 400, "BAD_REQUEST"},
		{"unknown members are ignored", "POST", "", `{"query":"{ __typename }","extra":1}`, nil, 200, nil},
		{"null members", "POST", "", `{"query":"{ __typename }","variables":null,"operationName":null,"extensions":null}`, nil, 200, nil},
		{"broken JSON", "POST", "", `{"query":"` + secret, nil, 400, "BAD_REQUEST"},
		{"no body", "POST", "", ``, nil, 400, "BAD_REQUEST"},
		{"null", "POST", "", `null`, nil, 400, "BAD_REQUEST"},
		{"a batch", "POST", "", `[{"query":"{ __typename }"}]`, nil, 400, "BAD_REQUEST"},
		{"two values", "POST", "", `{"query":"{ __typename }"}{}`, nil, 400, "BAD_REQUEST"},
		{"no query", "POST", "", `{"variables":{}}`, nil, 400, "BAD_REQUEST"},
		{"a query that is a number", "POST", "", `{"query":1}`, nil, 400, "BAD_REQUEST"},
		{"a document by its hash, for who has no key", "POST", "", `{"documentId":"sha256:7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b"}`, []string{"Accept", modern}, 400, "BAD_USER_INPUT"},
		{"a document by its hash by GET, for who has no key", "GET", "?documentId=sha256:7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b", "", []string{"Accept", modern}, 400, "BAD_USER_INPUT"},
		{"a document by its hash as Apollo clients ask, for who has no key", "POST", "", `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b"}}}`, []string{"Accept", modern}, 400, "BAD_USER_INPUT"},
		{"a query with its hash", "POST", "", `{"query":"{ __typename }","documentId":"sha256:7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b"}`, nil, 200, nil},
		{"a query with its hash as Apollo clients give it", "POST", "", `{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b"}}}`, nil, 200, nil},
		{"a query with an id of another kind", "POST", "", `{"query":"{ __typename }","documentId":"page-7"}`, nil, 200, nil},
		{"a query with the hash of another", "POST", "", `{"query":"{ __typename }","documentId":"sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}`, nil, 400, "BAD_REQUEST"},
		{"a query with the hash of another by GET", "GET", "?query=%7B__typename%7D&documentId=sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", "", nil, 400, "BAD_REQUEST"},
		{"an id of another kind alone", "POST", "", `{"documentId":"page-7"}`, nil, 400, "BAD_REQUEST"},
		{"a hash in capitals", "POST", "", `{"documentId":"sha256:7F56E67DD21AB3F30D1FF8B7BED08893F0A0DB86449836189B361DD1E56DDB4B"}`, nil, 400, "BAD_REQUEST"},
		{"a hash without its kind", "POST", "", `{"documentId":"7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b"}`, nil, 400, "BAD_REQUEST"},
		{"an id that is a number", "POST", "", `{"documentId":7}`, nil, 400, "BAD_REQUEST"},
		{"no query and no id", "POST", "", `{"query":null,"documentId":null,"extensions":{"persistedQuery":null}}`, nil, 400, "BAD_REQUEST"},
		{"a hash that is a list", "POST", "", `{"extensions":{"persistedQuery":{"sha256Hash":[]}}}`, nil, 400, "BAD_REQUEST"},
		{"variables that are a list", "POST", "", `{"query":"{ __typename }","variables":[]}`, nil, 400, "BAD_REQUEST"},
		{"not UTF-8", "POST", "", "{\"query\":\"{ __typename } # \xff\"}", nil, 400, "BAD_REQUEST"},
		{"a form", "POST", "", `query=%7B__typename%7D`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "BAD_REQUEST"},
		{"multipart", "POST", "", secret, []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, "BAD_REQUEST"},
		{"text", "POST", "", `{"query":"{ __typename }"}`, []string{"Content-Type", "text/plain"}, 415, "BAD_REQUEST"},
		{"another charset", "POST", "", `{"query":"{ __typename }"}`, []string{"Content-Type", "application/json; charset=latin1"}, 415, "BAD_REQUEST"},
		{"compressed", "POST", "", secret, []string{"Content-Encoding", "gzip"}, 415, "BAD_REQUEST"},
		{"another method", "DELETE", "", "", nil, 405, "BAD_REQUEST"},
		{"nothing acceptable", "POST", "", `{"query":"{ __typename }"}`, []string{"Accept", "text/html"}, 406, "BAD_REQUEST"},
		{"too large", "POST", "", `{"query":"{ __typename } # ` + strings.Repeat(secret, 500) + `"}`, nil, 413, "LIMIT_EXCEEDED"},
		{"a syntax error for legacy clients", "POST", "", `{"query":"{"}`, nil, 200, "GRAPHQL_PARSE_FAILED"},
		{"a syntax error", "POST", "", `{"query":"{"}`, []string{"Accept", modern}, 400, "GRAPHQL_PARSE_FAILED"},
		{"an unknown field", "POST", "", `{"query":"{ nothing }"}`, []string{"Accept", modern}, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"an unknown operation", "POST", "", `{"query":"query a { __typename }","operationName":"b"}`, []string{"Accept", modern}, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a missing variable", "POST", "", `{"query":"query($s: String!) { authority(slug: $s) { slug } }"}`, []string{"Accept", modern}, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"an unknown value of an enum", "POST", "", document(`query($c: FederalStateCode!) { federalState(code: $c) { code } }`, map[string]any{"c": "XX"}), []string{"Accept", modern}, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"introspection", "POST", "", `{"query":"{ __schema { queryType { name } } }"}`, nil, 200, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			request, err := http.NewRequest(c.method, server.URL+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			for i := 0; i < len(c.headers); i += 2 {
				request.Header.Set(c.headers[i], c.headers[i+1])
			}
			r := send(t, request)
			if r.status != c.status || r.code() != c.code {
				t.Fatalf("got %d %v, want %d %v: %s", r.status, r.code(), c.status, c.code, r.text)
			}
			if strings.Contains(r.text, secret) {
				t.Fatalf("the request is echoed: %s", r.text)
			}
			if c.status >= 400 && r.Data != nil {
				t.Fatalf("a request that was not executed has data: %s", r.text)
			}
		})
	}
}

func TestTheMediaTypeOfTheResponseIsNegotiated(t *testing.T) {
	server, _ := newServer(t, graph.Options{}, nothing)
	for accept, want := range map[string]string{
		"":                 "application/json",
		"*/*":              "application/json",
		"application/*":    "application/json",
		"application/json": "application/json",
		modern:             modern,
		modern + "; charset=utf-8, application/json; charset=utf-8": modern,
		"application/json, " + modern:                               "application/json",
		modern + ";q=0.5, application/json":                         "application/json",
		"application/json;q=0.5, " + modern:                         modern,
		"text/html, */*;q=0.1":                                      "application/json",
	} {
		r := post(t, server.URL, `{"query":"{ __typename }"}`, "Accept", accept)
		if got := r.header.Get("Content-Type"); got != want+"; charset=utf-8" {
			t.Errorf("Accept %q: got %s, want %s", accept, got, want)
		}
	}
}

func TestLimitsAreKeptAtTheDoor(t *testing.T) {
	server, _ := newServer(t, graph.Options{}, nothing)
	for limit, query := range map[string]string{
		"tokens":     "{" + strings.Repeat("__typename ", 6_000) + "}",
		"depth":      strings.Repeat("{authority(slug:\"x\")", 1) + strings.Repeat("{parent", 30) + "{slug}" + strings.Repeat("}", 31),
		"aliases":    "{authority(slug:\"x\"){" + strings.Repeat("a:slug ", 60) + "}}",
		"repeats":    "{authority(slug:\"x\"){" + strings.Repeat("slug ", 200) + "}}",
		"rootFields": "{" + strings.Repeat("viewer{subject}", 30) + "}",
		"cost":       "{authorities(first:100){nodes{competences(first:100){nodes{authority{competences(first:100){nodes{key}}}}}}}}",
	} {
		for range 2 { // the second time a refused document must not be remembered
			r := post(t, server.URL, document(query, nil))
			if r.code() != guard.CodeLimit || r.Errors[0].Extensions["limit"] != limit {
				t.Errorf("%s: got %.300s", limit, r.text)
			}
		}
	}
}

func TestOneOfIsCheckedInVariables(t *testing.T) {
	server, _ := newServer(t, graph.Options{}, nothing)
	query := `query($s: SubjectInput!) { responsibility(input: {subject: $s, purpose: CRISIS}) { status } }`
	r := post(t, server.URL, document(query, map[string]any{"s": map[string]any{"operator": "a", "facility": "b"}}))
	if r.code() != guard.CodeInvalid || !strings.Contains(r.Errors[0].Message, "exactly one of operator, facility, place") {
		t.Fatalf("got %s", r.text)
	}
}

func TestAScalarThatIsNoneNamesARightOne(t *testing.T) {
	server, _ := newServer(t, graph.Options{}, nothing)
	for name, body := range map[string]string{
		"a variable": document(`query($d: DateTime) { competences(asOf: $d) { totalCount } }`, map[string]any{"d": "not a date"}),
		"a literal":  document(`{ competences(asOf: "not a date") { totalCount } }`, nil),
	} {
		r := post(t, server.URL, body)
		if r.code() != "BAD_USER_INPUT" || !strings.Contains(r.Errors[0].Message, "2026-11-01T12:00:00+01:00") || len(r.Errors[0].Path) == 0 {
			t.Errorf("%s: got %s", name, r.text)
		}
	}
}

func TestErrorsAreTheDomainsOrTellNothing(t *testing.T) {
	for _, c := range []struct {
		name    string
		resolve func() error
		code    string
		says    string
		logged  string
	}{
		{"an error of the domain", func() error { return kritis.BadInput("slug", "There is no body %q.", "x") }, "BAD_USER_INPUT", `There is no body "x".`, ""},
		{"a wrapped error of the domain", func() error { return fmt.Errorf("asking: %w", kritis.NotFound("", "The body")) }, "NOT_FOUND", "The body does not exist", ""},
		{"a deadline", func() error { return context.DeadlineExceeded }, "TIMEOUT", "took too long", ""},
		{"an unknown error", func() error { return errors.New("password is hunter2") }, "INTERNAL", "Something went wrong", "hunter2"},
		{"a panic", func() error { panic("hunter2") }, "INTERNAL", "Something went wrong", "hunter2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, log := newServer(t, graph.Options{}, func(context.Context, string) (*kritis.Authority, error) { return nil, c.resolve() })
			r := post(t, server.URL, `{"query":"{ authority(slug: \"x\") { slug } }"}`)
			if r.status != 200 || r.code() != c.code || !strings.Contains(r.Errors[0].Message, c.says) {
				t.Fatalf("got %d %s", r.status, r.text)
			}
			if strings.Contains(r.text, "hunter2") {
				t.Fatalf("detail leaks: %s", r.text)
			}
			if c.code == "INTERNAL" && r.Errors[0].Extensions["requestId"] != "request-1" {
				t.Fatalf("no request id: %s", r.text)
			}
			if !strings.Contains(log.String(), c.logged) || (c.logged == "") != (log.Len() == 0) {
				t.Fatalf("the log has %q", log.String())
			}
		})
	}
}

func TestARequestEndsAtItsTimeLimit(t *testing.T) {
	server, _ := newServer(t, graph.Options{Limits: guard.Limits{Time: time.Millisecond}}, func(ctx context.Context, _ string) (*kritis.Authority, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	r := post(t, server.URL, `{"query":"{ authority(slug: \"x\") { slug } }"}`)
	if r.code() != "TIMEOUT" {
		t.Fatalf("got %s", r.text)
	}
}

func TestTheLanguageOfTheRequestIsThatOfAcceptLanguage(t *testing.T) {
	const german, english = "alle Sektoren", "all sectors"
	var got string
	server, _ := newServer(t, graph.Options{}, func(ctx context.Context, _ string) (*kritis.Authority, error) {
		got = (&kritis.CompetenceSubject{Slug: "all"}).Name(ctx, nil)
		return nil, nil
	})
	for accept, want := range map[string]string{
		"": german, "en": english, "en-GB,en;q=0.9,de;q=0.8": english, "de-AT, en;q=0.5": german,
		"fr": german, "fr, en;q=0.5": english, "*": german, "en;q=0, de": german, "%%%": german,
		strings.Repeat("en,", 200): german,
	} {
		got = ""
		post(t, server.URL, `{"query":"{ authority(slug: \"x\") { slug } }"}`, "Accept-Language", accept)
		if got != want {
			t.Errorf("Accept-Language %.40q: got %s, want %s", accept, got, want)
		}
	}
}

func TestAQueryByGETIsNoWayToChange(t *testing.T) {
	server, _ := newServer(t, graph.Options{}, nothing)
	request, err := http.NewRequest(http.MethodGet, server.URL+"?query="+url.QueryEscape("mutation { x }"), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", modern)
	if r := send(t, request); r.status < 400 || r.Data != nil {
		t.Fatalf("got %d %s", r.status, r.text)
	}
}
