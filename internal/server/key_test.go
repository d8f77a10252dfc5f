package server_test

import (
	"bytes"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/server"
	"kritisgraph/internal/store"
)

// hashOfViewer is the SHA-256 of "{ viewer { subject } }", the document of the requests.
const hashOfViewer = "f38dc677810a6ebe0c65fe68116919b963d86aac1bb7090ed4809385477b2ef7"

// addKey stores a key for the ZKL of Bavaria that runs the document of the requests until then.
func addKey(t *testing.T, s *store.Store, seed byte, until time.Time) kritis.KeySecret {
	t.Helper()
	k, err := kritis.NewKeySecret(rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	id := store.ID("IntegrationKey/" + k.ID())
	if _, err := s.Commit(t.Context(), store.Change{
		Meta: store.Meta{Action: "TEST", Actor: "test"}, If: []store.Cond{{ID: id}},
		Put: []store.Node{{ID: id, Own: store.Visibility{TLP: store.TLPAmber, Audiences: []string{kritis.AudienceAdministration}}, Props: map[string]store.Value{
			"keyId": store.String(k.ID()), "name": store.String("Test"), "secretDigest": store.String(k.Digest()), "authoritySlug": store.String("zkl-de-by"),
			"documents": store.Strings(hashOfViewer), "expiresAt": store.Int(until.UnixMicro()), "createdBy": store.String("admin"), "createdAt": store.Int(0),
		}}},
	}); err != nil {
		t.Fatal(err)
	}
	return k
}

// people are those with tokens: 'Bearer SUBJECT'. A key is not one of them.
func people(r *http.Request) (kritis.Identity, bool, error) {
	header := r.Header.Get("Authorization")
	subject, given := strings.CutPrefix(header, "Bearer ")
	if strings.Contains(header, kritis.KeyPrefix) {
		return kritis.Identity{}, false, errors.New("not a token")
	}
	return kritis.Identity{Subject: subject}, given, nil
}

func TestAKeyIsAnotherTokenAtTheDoor(t *testing.T) {
	var log bytes.Buffer
	srv, s := newServer(t, func(o *server.Options) {
		o.Identify, o.Log = people, slog.New(slog.NewTextHandler(&log, nil))
	})
	good, expired := addKey(t, s, 1, time.Now().Add(time.Hour)), addKey(t, s, 2, time.Now().Add(-time.Second))
	unknown, err := kritis.NewKeySecret(rand.NewChaCha8([32]byte{3}))
	if err != nil {
		t.Fatal(err)
	}
	w := ask(srv.Handler(), "POST", "/graphql", viewer, "Authorization: Bearer "+good.Reveal())
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"subject":"integration-key:`+good.ID()+`"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	other := `{"query":"{ viewer { roles } }"}`
	if w := ask(srv.Handler(), "POST", "/graphql", other, "Authorization: Bearer "+good.Reveal()); code(t, w) != "FORBIDDEN" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	first := ""
	text := good.Reveal()
	for name, header := range map[string]string{
		"expired": "Bearer " + expired.Reveal(), "unknown": "Bearer " + unknown.Reveal(), "damaged": "Bearer " + text[:len(text)-1],
		"the prefix alone": "Bearer kgi_", "huge": "Bearer " + text + strings.Repeat("A", 60<<10), "twice": "Bearer " + text + " " + text,
		"by another scheme": "Basic " + text, "the id without the secret": "Bearer kgi_" + good.ID() + "_",
	} {
		w := ask(srv.Handler(), "POST", "/graphql", viewer, "Authorization: "+header)
		if w.Code != 401 || w.Header().Get("WWW-Authenticate") != `Bearer error="invalid_token"` || first != "" && w.Body.String() != first {
			t.Errorf("%s: %d %v %s", name, w.Code, w.Header(), w.Body)
		}
		first = w.Body.String()
	}
	for _, want := range []string{"expired", "no such key", "checksum"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q", want)
		}
	}
	if strings.Contains(log.String(), text[20:40]) {
		t.Error("the log holds a secret")
	}
}

func TestWhereNobodyLogsInAKeyIsPassedOver(t *testing.T) {
	srv, s := newServer(t, nil)
	k := addKey(t, s, 1, time.Now().Add(time.Hour))
	w := ask(srv.Handler(), "POST", "/graphql", viewer, "Authorization: Bearer "+k.Reveal())
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"subject":"development"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestOnlyWhoHasAKeyTakesFromItsBucket(t *testing.T) {
	var stored *store.Store
	now := time.Now()
	g := &gate{now: now}
	g.Server, stored = newServer(t, func(o *server.Options) {
		o.Anonymous, o.Caller = server.Rate{PerSecond: 2, Burst: 3}, server.Rate{PerSecond: 10, Burst: 5}
		o.Now, o.Identify = func() time.Time { return g.now }, people
	})
	k := addKey(t, stored, 1, now.Add(time.Hour))
	guess, err := kritis.NewKeySecret(rand.NewChaCha8([32]byte{9}))
	if err != nil {
		t.Fatal(err)
	}
	const elsewhere = "203.0.113.9:1"
	for _, c := range []struct {
		name, address, token string
		passes               int
	}{
		{"guessing is as slow as asking without a token", there, guess.Reveal(), 3},
		{"and counts as that", there, "kgi_damaged", 0},
		{"a key counts for its address once, then for itself", here, k.Reveal(), 1 + 5},
		{"the same key elsewhere", elsewhere, k.Reveal(), 0},
		{"nobody at the first address", here, "", 2},
		{"a subject named like the key", here, k.ID(), 5},
	} {
		if got := g.passes(c.address, c.token); got != c.passes {
			t.Errorf("%s: %d pass, not %d", c.name, got, c.passes)
		}
	}
}
