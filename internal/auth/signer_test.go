package auth_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/auth"
)

func signer(t *testing.T, path string) *auth.Signer {
	t.Helper()
	s, err := auth.NewSigner(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func document(t *testing.T, s *auth.Signer) []byte {
	t.Helper()
	data, err := s.PublicJWKS()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestASignedTokenIsVerified(t *testing.T) {
	s := signer(t, filepath.Join(t.TempDir(), "key.pem"))
	want := auth.Claims{
		Subject: "anna", Issuer: issuer, ID: "t-7", Expires: noon.Add(time.Hour), Body: "zkl-by", Operator: "demo-op-0001",
		Roles: []string{"zkl"}, FederalStates: []string{}, MaxTLP: "GREEN",
	}
	token, err := s.Sign(want, audience, noon)
	if err != nil {
		t.Fatal(err)
	}
	v := verifier(t, config(serving(document(t, s))))
	got, err := v.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Little is needed, and each token has an id of its own.
	ids := map[string]bool{}
	for range 2 {
		token, err := s.Sign(auth.Claims{Subject: "anna", Issuer: issuer, Expires: noon.Add(time.Minute)}, audience, noon)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Verify(t.Context(), token)
		if err != nil || got.Roles != nil || got.FederalStates != nil {
			t.Errorf("claims %+v, error %v", got, err)
		}
		ids[got.ID] = true
	}
	if len(ids) != 2 || ids[""] {
		t.Errorf("ids %v", ids)
	}
}

func TestTokensThatCannotBeSigned(t *testing.T) {
	s := signer(t, filepath.Join(t.TempDir(), "key.pem"))
	good := auth.Claims{Subject: "anna", Issuer: issuer, Expires: noon.Add(time.Hour)}
	for name, change := range map[string]func(*auth.Claims, *string){
		"no subject":         func(c *auth.Claims, _ *string) { c.Subject = "" },
		"no issuer":          func(c *auth.Claims, _ *string) { c.Issuer = "" },
		"no audience":        func(_ *auth.Claims, a *string) { *a = "" },
		"no end":             func(c *auth.Claims, _ *string) { c.Expires = time.Time{} },
		"an end in the past": func(c *auth.Claims, _ *string) { c.Expires = noon },
		"too long":           func(c *auth.Claims, _ *string) { c.Body = strings.Repeat("b", auth.MaxToken) },
	} {
		claims, aud := good, audience
		change(&claims, &aud)
		if token, err := s.Sign(claims, aud, noon); err == nil || token != "" {
			t.Errorf("%s: signed", name)
		}
	}
}

func TestTheKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	first := signer(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if again := signer(t, path); again.KeyID() != first.KeyID() || !bytes.Equal(document(t, again), document(t, first)) {
		t.Error("the same file gives another key")
	}
	if other := signer(t, filepath.Join(t.TempDir(), "key.pem")); other.KeyID() == first.KeyID() {
		t.Error("another file gives the same key")
	}
	if !strings.HasPrefix(first.KeyID(), auth.DevelopmentPrefix) {
		t.Errorf("kid %q", first.KeyID())
	}
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal(document(t, first), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%s: %v", document(t, first), err)
	}
	for _, private := range []string{"d", "k", "p", "q"} {
		if _, ok := set.Keys[0][private]; ok {
			t.Errorf("the document holds %q", private)
		}
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*")); err != nil || len(left) != 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

func TestKeyFilesThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.pem")
	signer(t, good)
	pem, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		body []byte
		mode os.FileMode
		want string
	}{
		"empty":            {nil, 0o600, "holds no private key"},
		"garbage":          {[]byte("x"), 0o600, "holds no private key"},
		"a JWKS":           {allKeys(), 0o600, "holds no private key"},
		"cut off":          {pem[:len(pem)/2], 0o600, "holds no private key"},
		"another kind":     {[]byte(strings.ReplaceAll(string(pem), "PRIVATE", "PUBLIC")), 0o600, "holds no private key"},
		"not a key inside": {[]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), 0o600, "asn1"},
		"others read it":   {pem, 0o644, "mode 0600"},
		"the group reads":  {pem, 0o640, "mode 0600"},
	} {
		path := filepath.Join(dir, "bad.pem")
		if err := os.WriteFile(path, c.body, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := auth.NewSigner(path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, c.body) {
			t.Errorf("%s: the file was changed: %v", name, err)
		}
	}
	if _, err := auth.NewSigner(filepath.Join(dir, "nowhere", "key.pem")); err == nil {
		t.Error("a folder that is not there")
	}
	if _, err := auth.NewSigner(dir); err == nil {
		t.Error("a folder")
	}
}

func TestManyProcessesMakeOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	kids := make([]string, 16)
	var all sync.WaitGroup
	for i := range kids {
		all.Go(func() {
			if s, err := auth.NewSigner(path); err != nil {
				t.Error(err)
			} else {
				kids[i] = s.KeyID()
			}
		})
	}
	all.Wait()
	for _, kid := range kids {
		if kid != kids[0] {
			t.Errorf("kids %q and %q", kid, kids[0])
		}
	}
}

func TestProductionRefusesDevelopmentKeys(t *testing.T) {
	s := signer(t, filepath.Join(t.TempDir(), "key.pem"))
	token, err := s.Sign(auth.Claims{Subject: "anna", Issuer: issuer, Expires: noon.Add(time.Hour)}, audience, noon)
	if err != nil {
		t.Fatal(err)
	}
	production := func(body []byte) auth.Config {
		c := config(serving(body))
		c.RefuseDevelopmentKeys = true
		return c
	}
	if _, err := auth.NewVerifier(t.Context(), production(document(t, s))); err == nil || !strings.Contains(err.Error(), "a development key") {
		t.Errorf("a set with a development key: %v", err)
	}
	v := verifier(t, production(allKeys()))
	if got := reason(t, v, token); got != auth.DevelopmentKey {
		t.Errorf("a development token: %q", got)
	}
	for _, kid := range []string{"dev-", "DEV-1", "Dev-x"} {
		if got := reason(t, v, keys()["es"].named(kid)); got != auth.DevelopmentKey {
			t.Errorf("%s: %q", kid, got)
		}
	}
	if got := reason(t, v, keys()["es"].token(nil)); got != "" {
		t.Errorf("a token of the provider: %q", got)
	}
	// A development key that appears later is left out.
	p := serving(jwks(keys()["es"].public()))
	inBubble(t, p, func(c *auth.Config) { c.RefuseDevelopmentKeys = true }, func(t *testing.T, v *auth.Verifier) {
		p.serve(jwks(keys()["es"].public(), keys()["ed"].with(map[string]any{"kid": "dev-ed"})))
		pass(15 * time.Minute)
		if got := v.Status(); got.Keys != 1 || got.Err != nil {
			t.Errorf("status %+v", got)
		}
	})
}
