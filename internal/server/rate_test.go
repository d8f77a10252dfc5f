package server_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/server"
)

// gate is a server with rates and a clock that stands still. Its callers say who they are by 'Bearer SUBJECT'.
type gate struct {
	*server.Server
	now time.Time
}

func newGate(t *testing.T, change func(*server.Options)) *gate {
	t.Helper()
	g := &gate{now: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)}
	g.Server, _ = newServer(t, func(o *server.Options) {
		o.Anonymous, o.Caller = server.Rate{PerSecond: 2, Burst: 3}, server.Rate{PerSecond: 10, Burst: 5}
		o.Now = func() time.Time { return g.now }
		o.Identify = func(r *http.Request) (kritis.Identity, bool, error) {
			switch subject, given := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); {
			case !given:
				return kritis.Identity{}, false, nil
			case subject == "forged":
				return kritis.Identity{}, false, errors.New("forged")
			default:
				return kritis.Identity{Subject: subject}, true, nil
			}
		}
		if change != nil {
			change(o)
		}
	})
	return g
}

// send sends one request from an address, with a token or without one.
func (g *gate) send(address, token string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://127.0.0.1:8787/graphql", strings.NewReader(viewer))
	r.RemoteAddr = address
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	g.Handler().ServeHTTP(w, r)
	return w
}

// passes sends requests until one is refused for its rate, at most many, and returns how many were not.
func (g *gate) passes(address, token string) int {
	const many = 50
	for n := range many {
		if g.send(address, token).Code == http.StatusTooManyRequests {
			return n
		}
	}
	return many
}

const here, there = "203.0.113.7:4711", "203.0.113.8:4711"

func TestTooManyRequestsAreRefusedUntilTimeHasPassed(t *testing.T) {
	g := newGate(t, nil)
	if got := g.passes(here, ""); got != 3 {
		t.Fatalf("%d at once, not 3", got)
	}
	w := g.send(here, "", "Accept: application/graphql-response+json")
	if w.Code != 429 || code(t, w) != "LIMIT_EXCEEDED" || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), `"limit":"rate"`) ||
		!strings.HasPrefix(w.Header().Get("Content-Type"), "application/graphql-response+json") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	g.now = g.now.Add(499 * time.Millisecond)
	if got := g.passes(here, ""); got != 0 {
		t.Errorf("%d before half a second has passed", got)
	}
	g.now = g.now.Add(time.Millisecond) // what is refused costs nothing
	if got := g.passes(here, ""); got != 1 {
		t.Errorf("%d after half a second, not 1", got)
	}
	g.now = g.now.Add(time.Hour)
	if got := g.passes(here, ""); got != 3 {
		t.Errorf("%d after an hour, not the burst of 3", got)
	}
}

func TestRetryAfterSaysWhenTheNextIsWelcome(t *testing.T) {
	g := newGate(t, func(o *server.Options) { o.Anonymous = server.Rate{PerSecond: .1, Burst: 1} })
	g.passes(here, "")
	g.now = g.now.Add(2500 * time.Millisecond)
	if got := g.send(here, "").Header().Get("Retry-After"); got != "8" {
		t.Errorf("Retry-After %s, not 8", got)
	}
	g.now = g.now.Add(8 * time.Second)
	if w := g.send(here, ""); w.Code != 200 {
		t.Errorf("then: %d", w.Code)
	}
}

func TestNobodyTakesFromTheBucketOfAnother(t *testing.T) {
	g := newGate(t, nil)
	for _, c := range []struct {
		name, address, token string
		passes               int
	}{
		{"one subject", here, "anna", 5},
		{"the same subject elsewhere", there, "anna", 0},
		{"another subject at the same address", here, "bert", 5},
		{"nobody at that address", here, "", 3},
		{"a refused token counts as nobody", here, "forged", 0},
		{"another port of that address", "203.0.113.7:99", "", 0},
		{"the same address written for IPv6", "[::ffff:203.0.113.7]:1", "", 0},
		{"another address", there, "", 3},
		{"a subject named like an address", here, "203.0.113.7", 5},
		{"an address of IPv6", "[2001:db8:0:1::1]:1", "", 3},
		{"another address of the same /64", "[2001:db8:0:1:ffff::2]:1", "", 0},
		{"the next /64", "[2001:db8:0:2::1]:1", "", 3},
		{"one who has not called yet, after all that", here, "carla", 5},
	} {
		if got := g.passes(c.address, c.token); got != c.passes {
			t.Errorf("%s: %d pass, not %d", c.name, got, c.passes)
		}
	}
}

func TestAForwardedAddressIsNotBelieved(t *testing.T) {
	g := newGate(t, nil)
	g.passes(here, "")
	for _, header := range []string{"X-Forwarded-For: 198.51.100.1", "Forwarded: for=198.51.100.1", "X-Real-Ip: 198.51.100.1", "X-Forwarded-For: 127.0.0.1"} {
		if w := g.send(here, "", header); w.Code != 429 {
			t.Errorf("%s: %d", header, w.Code)
		}
	}
}

func TestAForgedTokenIsToldSoUntilThereAreTooMany(t *testing.T) {
	g := newGate(t, nil)
	for i, want := range []int{401, 401, 401, 429} {
		if w := g.send(here, "forged"); w.Code != want {
			t.Errorf("token %d: %d, not %d", i, w.Code, want)
		}
	}
}

func TestWhereNobodyLogsInThisMachineIsNotLimited(t *testing.T) {
	g := newGate(t, func(o *server.Options) { o.Identify = nil })
	for address, want := range map[string]int{"127.0.0.1:1": 50, "[::1]:1": 50, "127.8.8.8:1": 50, here: 5, "pipe": 5} {
		if got := g.passes(address, ""); got != want {
			t.Errorf("%s: %d pass, not %d", address, got, want)
		}
	}
	if got := newGate(t, nil).passes("127.0.0.1:1", ""); got != 3 {
		t.Errorf("where callers log in, nobody on this machine: %d pass, not 3", got)
	}
}

func TestARateOfZeroDoesNotLimit(t *testing.T) {
	g := newGate(t, func(o *server.Options) { o.Anonymous, o.Caller = server.Rate{}, server.Rate{} })
	if a, b := g.passes(here, ""), g.passes(here, "anna"); a != 50 || b != 50 {
		t.Errorf("%d and %d pass", a, b)
	}
}

func TestOnlyTheAPIIsLimited(t *testing.T) {
	g := newGate(t, nil)
	g.passes(here, "")
	for _, path := range []string{"/livez", "/readyz", "/schema.graphqls", "/"} {
		r := httptest.NewRequest("GET", "http://127.0.0.1:8787"+path, nil)
		r.RemoteAddr = here
		w := httptest.NewRecorder()
		g.Handler().ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestPagesOfOtherOriginsReadWhenToComeBack(t *testing.T) {
	g := newGate(t, func(o *server.Options) { o.Origins = []string{allowed} })
	g.passes(here, "")
	w := g.send(here, "", "Origin: "+allowed)
	if w.Code != 429 || w.Header().Get("Access-Control-Allow-Origin") != allowed || !strings.Contains(w.Header().Get("Access-Control-Expose-Headers"), "Retry-After") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestAHundredThousandCallersTakeBoundedMemory(t *testing.T) {
	b, err := server.NewBuckets(server.Rate{PerSecond: 1, Burst: 1}, func() time.Time { return time.Unix(0, 0) })
	if err != nil {
		t.Fatal(err)
	}
	const callers, remembered = 100_000, 1 << 14
	before := heap()
	for i := range callers {
		if wait := b.Take(fmt.Sprintf("subject %d", i)); wait != 0 {
			t.Fatalf("caller %d waits %v", i, wait)
		}
		b.Take("subject 0") // who keeps calling keeps its bucket
	}
	if grown := int64(heap()) - int64(before); grown > 16<<20 {
		t.Errorf("%d bytes of heap", grown)
	}
	got := []any{b.Len(), b.Take("subject 0"), b.Take(fmt.Sprintf("subject %d", callers-1)), b.Take("subject 1")}
	want := []any{remembered, time.Second, time.Second, time.Duration(0)} // one that was forgotten begins anew
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
