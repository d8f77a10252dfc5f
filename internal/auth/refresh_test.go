package auth_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kritisgraph/internal/auth"
)

// inBubble runs a test on a clock of its own, with a verifier whose fetching ends with the test.
func inBubble(t *testing.T, p *provider, change func(*auth.Config), test func(*testing.T, *auth.Verifier)) {
	t.Helper()
	keys() // made outside the bubble
	synctest.Test(t, func(t *testing.T) {
		c := config(p)
		if change != nil {
			change(&c)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		v, err := auth.NewVerifier(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		test(t, v)
	})
}

// pass lets time go by and what it sets off come to rest.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func (k signingKey) named(kid string) string {
	return k.sign(k.header(map[string]any{"kid": kid}), payload(nil))
}

func TestAFloodOfUnknownKeysDoesNotHammerTheProvider(t *testing.T) {
	const minutes, perSecond = 10, 50
	p := serving(allKeys())
	es := keys()["es"]
	good := es.token(nil)
	tokens := make([]string, 100)
	for i := range tokens {
		tokens[i] = es.named(fmt.Sprint("unknown-", i))
	}
	inBubble(t, p, nil, func(t *testing.T, v *auth.Verifier) {
		for second := range minutes * 60 {
			var all sync.WaitGroup
			for i := range perSecond {
				all.Go(func() {
					if got := reason(t, v, tokens[(second*perSecond+i)%len(tokens)]); got != auth.UnknownKey {
						t.Errorf("an unknown key: %q", got)
					}
				})
			}
			all.Wait()
			pass(time.Second)
		}
		if got := reason(t, v, good); got != "" {
			t.Errorf("a good token after the flood: %q", got)
		}
	})
	// One at start, then one per 30 seconds: the last begins before the tenth minute is over.
	if got, most := p.count(), 1+minutes*2; got > most || got < most-2 {
		t.Errorf("%d fetches for %d tokens, at most %d are allowed", got, minutes*60*perSecond, most)
	}
}

func TestRotation(t *testing.T) {
	p := serving(jwks(keys()["es"].public()))
	old, next := keys()["es"].token(nil), keys()["es-next"].token(nil)
	inBubble(t, p, nil, func(t *testing.T, v *auth.Verifier) {
		check := func(when string, wantOld, wantNext auth.Reason) {
			t.Helper()
			if a, b := reason(t, v, old), reason(t, v, next); a != wantOld || b != wantNext {
				t.Errorf("%s: old %q, next %q; want %q, %q", when, a, b, wantOld, wantNext)
			}
		}
		check("at first", "", auth.UnknownKey)
		p.serve(jwks(keys()["es"].public(), keys()["es-next"].public()))
		pass(29 * time.Second)
		check("too early for another fetch", "", auth.UnknownKey)
		pass(time.Second)
		check("the first token of the next key waits for it", "", "")
		p.serve(jwks(keys()["es-next"].public()))
		pass(14 * time.Minute)
		check("nobody asked yet", "", "")
		pass(time.Minute)
		check("after the regular refresh the old key is gone", auth.UnknownKey, "")
	})
	if got := p.count(); got != 3 {
		t.Errorf("%d fetches, 3 are needed", got)
	}
}

func TestWaitersShareOneFetch(t *testing.T) {
	p := serving(jwks(keys()["es"].public()))
	next := keys()["es-next"].token(nil)
	inBubble(t, p, nil, func(t *testing.T, v *auth.Verifier) {
		pass(time.Minute)
		p.do(func(context.Context) (int, []byte, error) {
			<-time.After(time.Second)
			return http.StatusOK, jwks(keys()["es-next"].public()), nil
		})
		began := time.Now()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if got := reason(t, v, next); got != "" {
					t.Errorf("a waiter: %q", got)
				}
			})
		}
		all.Wait()
		if took := time.Since(began); took != time.Second {
			t.Errorf("they waited %v", took)
		}
	})
	if got := p.count(); got != 2 {
		t.Errorf("%d fetches, 2 are needed", got)
	}
}

func TestTheLastGoodKeysStay(t *testing.T) {
	good := keys()["es"].token(nil)
	for name, answer := range map[string]func(context.Context) (int, []byte, error){
		"the provider is away":    func(context.Context) (int, []byte, error) { return 0, nil, errors.New("connection refused") },
		"it is broken":            func(context.Context) (int, []byte, error) { return 500, nil, nil },
		"it redirects":            func(context.Context) (int, []byte, error) { return 302, allKeys(), nil },
		"it answers a page":       func(context.Context) (int, []byte, error) { return 200, []byte("<html>"), nil },
		"it answers no keys":      func(context.Context) (int, []byte, error) { return 200, jwks(), nil },
		"it answers half":         func(context.Context) (int, []byte, error) { return 200, allKeys()[:99], nil },
		"it answers too much":     func(context.Context) (int, []byte, error) { return 200, make([]byte, 1<<20), nil },
		"it does not answer once": func(ctx context.Context) (int, []byte, error) { <-ctx.Done(); return 0, nil, ctx.Err() },
	} {
		t.Run(name, func(t *testing.T) {
			p := serving(allKeys())
			var log bytes.Buffer
			change := func(c *auth.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) }
			inBubble(t, p, change, func(t *testing.T, v *auth.Verifier) {
				p.do(answer)
				pass(time.Hour)
				if got := reason(t, v, good); got != "" {
					t.Errorf("a good token: %q", got)
				}
				if got := v.Status(); got.Err == nil || got.Keys != 4 {
					t.Errorf("status %+v", got)
				}
				if !strings.Contains(log.String(), "could not be refreshed") {
					t.Errorf("log: %s", &log)
				}
				before := p.count()
				p.serve(allKeys())
				pass(36 * time.Second)
				if got := v.Status(); got.Err != nil || p.count() != before+1 {
					t.Errorf("after recovery: %+v and %d fetches more", got, p.count()-before)
				}
			})
		})
	}
}

func TestASlowProviderDelaysNobodyButUnknownKeys(t *testing.T) {
	p := serving(allKeys())
	good, unknown := keys()["es"].token(nil), keys()["es-next"].token(nil)
	inBubble(t, p, nil, func(t *testing.T, v *auth.Verifier) {
		p.stall()
		pass(time.Minute)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for _, step := range []struct {
			who   string
			ctx   context.Context
			token string
			want  error
			takes time.Duration
		}{
			{"a caller with a second to spare", short, unknown, auth.UnknownKey, time.Second},
			{"a known key", t.Context(), good, nil, 0},
			{"an unknown key, for the rest of the fetch", t.Context(), unknown, auth.UnknownKey, 4 * time.Second},
			{"the next unknown key", t.Context(), unknown, auth.UnknownKey, 0},
		} {
			began := time.Now()
			if _, err := v.Verify(step.ctx, step.token); !errors.Is(err, step.want) {
				t.Errorf("%s: %v", step.who, err)
			}
			if took := time.Since(began); took != step.takes {
				t.Errorf("%s waited %v, want %v", step.who, took, step.takes)
			}
		}
	})
}

func TestASlowProviderAtStartIsAnError(t *testing.T) {
	keys()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{}
		p.stall()
		began := time.Now()
		_, err := auth.NewVerifier(t.Context(), config(p))
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "https://idp.example/jwks") {
			t.Errorf("error %v", err)
		}
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestAfterItsContextAVerifierFetchesNoMore(t *testing.T) {
	p := serving(allKeys())
	keys()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		v, err := auth.NewVerifier(ctx, config(p))
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		cancel()
		synctest.Wait()
		if got := reason(t, v, keys()["es-next"].token(nil)); got != auth.UnknownKey {
			t.Errorf("unknown: %q", got)
		}
		if got := reason(t, v, keys()["es"].token(nil)); got != "" {
			t.Errorf("known: %q", got)
		}
		pass(time.Hour)
	})
	if got := p.count(); got != 1 {
		t.Errorf("%d fetches", got)
	}
}

// TestALeakedKeyIsDropped: a provider that publishes the private half by mistake must not go on to be believed.
func TestALeakedKeyIsDropped(t *testing.T) {
	es, ed := keys()["es"], keys()["ed"]
	p := serving(jwks(es.public(), ed.public()))
	inBubble(t, p, nil, func(t *testing.T, v *auth.Verifier) {
		p.serve(jwks(es.public(), es.with(map[string]any{"d": "AAAA"}), ed.public()))
		pass(15 * time.Minute)
		if a, b := reason(t, v, es.token(nil)), reason(t, v, ed.token(nil)); a != auth.UnknownKey || b != "" {
			t.Errorf("leaked %q, other %q", a, b)
		}
		p.serve(jwks(ed.with(map[string]any{"d": "AAAA"})))
		pass(15 * time.Minute)
		if got := reason(t, v, ed.token(nil)); got != auth.UnknownKey {
			t.Errorf("the last key, leaked: %q", got)
		}
	})
}

func TestAFileIsReadAgainWhenItChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jwks.json")
	write := func(t *testing.T, body []byte) {
		t.Helper()
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	es, next := keys()["es"], keys()["es-next"]
	write(t, jwks(es.public()))
	inBubble(t, nil, func(c *auth.Config) { c.JWKS, c.Transport = path, nil }, func(t *testing.T, v *auth.Verifier) {
		pass(3 * time.Second)
		write(t, jwks(next.public()))
		if got := reason(t, v, next.token(nil)); got != "" {
			t.Errorf("an unknown key has the file read at once: %q", got)
		}
		if got := reason(t, v, es.token(nil)); got != auth.UnknownKey {
			t.Errorf("the key that was taken out: %q", got)
		}
		write(t, jwks(es.public()))
		pass(5 * time.Second)
		if a, b := reason(t, v, es.token(nil)), reason(t, v, next.token(nil)); a != "" || b != auth.UnknownKey {
			t.Errorf("five seconds later: back %q, out %q", a, b)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		if got := reason(t, v, es.token(nil)); got != "" || v.Status().Err == nil {
			t.Errorf("without the file: %q, %+v", got, v.Status())
		}
	})
}

func TestTokensExpireWhileTheServerRuns(t *testing.T) {
	es := keys()["es"]
	inBubble(t, serving(allKeys()), func(c *auth.Config) { c.Now = nil }, func(t *testing.T, v *auth.Verifier) {
		now := time.Now()
		token := es.token(map[string]any{"iat": now.Unix(), "nbf": now.Add(time.Minute).Unix(), "exp": now.Add(time.Hour).Unix()})
		for _, step := range []struct {
			wait time.Duration
			want auth.Reason
		}{{0, auth.NotYetValid}, {30 * time.Second, ""}, {time.Hour - time.Second, ""}, {time.Second, auth.Expired}} {
			pass(step.wait)
			if got := reason(t, v, token); got != step.want {
				t.Errorf("after %v: %q, want %q", time.Since(now), got, step.want)
			}
		}
	})
}
