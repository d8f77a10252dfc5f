package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var handler = sync.OnceValue(Handler)

// get asks the handler; headers come in pairs of name and value.
func get(t *testing.T, method, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	handler().ServeHTTP(recorder, request)
	return recorder
}

func TestAnswersCarryTheirHeaders(t *testing.T) {
	const html, plain = "text/html; charset=utf-8", "text/plain; charset=utf-8"
	tests := map[string]struct {
		method, target string
		status         int
		header         map[string]string
	}{
		"the start page is revalidated": {http.MethodGet, "/", 200, map[string]string{
			"Content-Type": html, "Cache-Control": "no-cache", "Content-Language": "de", "Vary": "Accept-Language", "Content-Security-Policy": pagePolicy}},
		"HEAD of the start page has the same headers": {http.MethodHead, "/?lang=en", 200, map[string]string{
			"Content-Type": html, "Content-Language": "en", "Content-Security-Policy": pagePolicy}},
		"the style sheet is CSS":       {http.MethodGet, "/start.css", 200, map[string]string{"Content-Type": "text/css; charset=utf-8", "Cache-Control": "no-cache"}},
		"the icon is SVG":              {http.MethodGet, "/favicon.svg", 200, map[string]string{"Content-Type": "image/svg+xml"}},
		"an unknown path is not found": {http.MethodGet, "/nothing", 404, map[string]string{"Content-Type": plain, "Cache-Control": "no-store", "Content-Security-Policy": pagePolicy}},
		"an unknown asset is not found and not cached": {http.MethodGet, "/graphiql/assets/nothing.js", 404, map[string]string{
			"Content-Type": plain, "Cache-Control": "no-store"}},
		"a source file is not served":        {http.MethodGet, "/start/index.de.html", 404, map[string]string{"Content-Type": plain}},
		"a page cannot be written":           {http.MethodPost, "/", 405, map[string]string{"Allow": "GET, HEAD", "Content-Type": plain, "Cache-Control": "no-store"}},
		"an unknown path cannot be written":  {http.MethodDelete, "/nothing", 405, map[string]string{"Allow": "GET, HEAD"}},
		"a path with dots leads to its root": {http.MethodGet, "/graphiql/../start.css", 307, map[string]string{"Location": "/start.css"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			answer := get(t, test.method, test.target)
			if answer.Code != test.status {
				t.Fatalf("status %d, want %d", answer.Code, test.status)
			}
			want := map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
			for key, value := range test.header {
				want[key] = value
			}
			got := map[string]string{}
			for key := range want {
				got[key] = answer.Header().Get(key)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			if test.method == http.MethodHead && answer.Body.Len() != 0 {
				t.Errorf("HEAD has a body of %d bytes", answer.Body.Len())
			}
		})
	}
}

func TestAKnownTagIsAnsweredWithoutABody(t *testing.T) {
	for _, target := range []string{"/", "/?lang=en", "/start.css", "/favicon.svg"} {
		first := get(t, http.MethodGet, target)
		tag := first.Header().Get("ETag")
		if !regexp.MustCompile(`^W/"[0-9a-f]{24}"$`).MatchString(tag) {
			t.Fatalf("%s: ETag %q", target, tag)
		}
		again := get(t, http.MethodGet, target, "If-None-Match", tag)
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != tag {
			t.Errorf("%s: revalidation answered %d with %d bytes and tag %q", target, again.Code, again.Body.Len(), again.Header().Get("ETag"))
		}
		other := get(t, http.MethodGet, target, "If-None-Match", `"other"`)
		if other.Code != http.StatusOK || other.Body.String() != first.Body.String() {
			t.Errorf("%s: another tag answered %d", target, other.Code)
		}
	}
}

func TestTheLanguageOfTheStartPage(t *testing.T) {
	tests := map[string]struct{ asked, accepted, want string }{
		"is German without a wish":                        {"", "", german},
		"is English for an English browser":               {"", "en-GB,en;q=0.9", english},
		"is German where both weigh the same":             {"", "en,de", german},
		"is the one that weighs more":                     {"", "de;q=0.5, en;q=0.7", english},
		"is German where German weighs more":              {"", "en;q=0.7,de-AT", german},
		"is English where the first choice is not served": {"", "fr, en;q=0.3", english},
		"is German where none is served":                  {"", "fr,*;q=0.1", german},
		"ignores a refused language":                      {"", "en;q=0", german},
		"ignores a weight that is no number":              {"", "en;q=high", german},
		"follows the address before the header":           {"de", "en", german},
		"follows the address to English":                  {"en", "de", english},
		"ignores an address with another language":        {"fr", "en", english},
		"does not take a tag that only begins the same":   {"", "english", german},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := chooseLanguage(test.asked, test.accepted); got != test.want {
				t.Fatalf("%q, want %q", got, test.want)
			}
			answer := get(t, http.MethodGet, "/?lang="+test.asked, "Accept-Language", test.accepted)
			if !strings.Contains(answer.Body.String(), `<html lang="`+test.want+`">`) {
				t.Errorf("the page is not in %q", test.want)
			}
		})
	}
}

var (
	reference = regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)
	tag       = regexp.MustCompile(`</?[a-z0-9]+`)
	foreign   = regexp.MustCompile(`(?i)(?:https?:)?//[a-z0-9]`)
)

// references lists the addresses in a page, in order, without those that differ by language.
func references(page string) []string {
	var found []string
	for _, match := range reference.FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(match[1], "#") || strings.HasPrefix(match[1], "/?lang=") || match[1] == "/" {
			continue
		}
		found = append(found, match[1])
	}
	return found
}

func TestBothLanguagesOfTheStartPageSayTheSame(t *testing.T) {
	inGerman := get(t, http.MethodGet, "/?lang=de").Body.String()
	inEnglish := get(t, http.MethodGet, "/?lang=en").Body.String()
	if diff := cmp.Diff(references(inGerman), references(inEnglish)); diff != "" {
		t.Errorf("links differ (-German +English):\n%s", diff)
	}
	if diff := cmp.Diff(tag.FindAllString(inGerman, -1), tag.FindAllString(inEnglish, -1)); diff != "" {
		t.Errorf("structure differs (-German +English):\n%s", diff)
	}
	for _, link := range []string{"/graphiql", "/schema.graphqls", "/readyz"} {
		if !strings.Contains(inGerman, `href="`+link+`"`) {
			t.Errorf("no link to %s", link)
		}
	}
}

func TestTheStartPageNeedsNoScriptAndNoOtherHost(t *testing.T) {
	for _, target := range []string{"/?lang=de", "/?lang=en", "/start.css"} {
		body := get(t, http.MethodGet, target).Body.String()
		if found := foreign.FindString(body); found != "" {
			t.Errorf("%s names another host: %q", target, found)
		}
		if strings.Contains(body, "<script") || strings.Contains(body, " style=") || strings.Contains(body, "<style") {
			t.Errorf("%s has what its content security policy forbids", target)
		}
	}
}
