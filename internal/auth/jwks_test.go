package auth_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kritisgraph/internal/auth"
)

func TestDocumentsThatAreRefusedAtStart(t *testing.T) {
	es, ed, ps := keys()["es"], keys()["ed"], keys()["ps"]
	var many []map[string]any
	for i := range 65 {
		many = append(many, es.with(map[string]any{"kid": fmt.Sprint(i)}))
	}
	encode := base64.RawURLEncoding.EncodeToString
	short := new(big.Int).Lsh(big.NewInt(1), 1023)
	short.SetBit(short, 0, 1)
	good := es.public()
	for name, c := range map[string]struct {
		body []byte
		want string
	}{
		"nothing":                         {nil, "not a JWKS"},
		"a page":                          {[]byte("<html>sign in</html>"), "not a JWKS"},
		"a document cut off":              {allKeys()[:100], "not a JWKS"},
		"two documents":                   {append(allKeys(), allKeys()...), "not a JWKS"},
		"null":                            {[]byte("null"), "no key"},
		"a list":                          {[]byte("[]"), "not a JWKS"},
		"nested beyond reason":            {[]byte(`{"keys":` + strings.Repeat("[", 100_000)), "not a JWKS"},
		"no keys":                         {jwks(), "no key"},
		"keys of another use":             {jwks(es.with(map[string]any{"use": "enc"})), "no key"},
		"keys that only sign":             {jwks(es.with(map[string]any{"key_ops": []string{"sign"}})), "no key"},
		"keys without a kid":              {jwks(es.with(map[string]any{"kid": nil})), "no key"},
		"an algorithm that is not on":     {jwks(keys()["rs"].public()), "no key"},
		"a key type of another world":     {jwks(es.with(map[string]any{"kty": "XYZ"})), "no key"},
		"a curve of another algorithm":    {jwks(es.with(map[string]any{"alg": "ES384"})), "no key"},
		"a curve that is not on":          {jwks(es.with(map[string]any{"crv": "secp256k1", "alg": "ES256K"})), "no key"},
		"65 keys":                         {jwks(many...), "more than 64 keys"},
		"over 256 KiB":                    {append(allKeys(), bytes.Repeat([]byte(" "), 256<<10)...), "more than 256 KiB"},
		"a symmetric key":                 {jwks(good, map[string]any{"kty": "oct", "kid": "k", "k": "AAAA", "alg": "HS256"}), "a symmetric key"},
		"a symmetric key in disguise":     {jwks(es.with(map[string]any{"k": "AAAA"})), "a symmetric key"},
		"a private key":                   {jwks(good, ed.with(map[string]any{"d": "AAAA"})), "a private key"},
		"a private key for encryption":    {jwks(good, ed.with(map[string]any{"d": "AAAA", "use": "enc"})), "a private key"},
		"a private RSA key":               {jwks(good, ps.with(map[string]any{"p": "AAAA"})), "a private key"},
		"two keys of one kid":             {jwks(good, keys()["es-next"].with(map[string]any{"kid": "es"})), "a second key of the same kid"},
		"a point off the curve":           {jwks(es.with(map[string]any{"x": es.public()["y"]})), "not a point of P-256"},
		"a point at infinity":             {jwks(es.with(map[string]any{"x": encode(make([]byte, 32)), "y": encode(make([]byte, 32))})), "not a point of P-256"},
		"a coordinate too short":          {jwks(es.with(map[string]any{"x": "AAAA"})), "not a point of P-256"},
		"a coordinate that is no base64":  {jwks(es.with(map[string]any{"x": "!"})), "not a point of P-256"},
		"an Ed25519 key too short":        {jwks(ed.with(map[string]any{"x": "AAAA"})), "not an Ed25519 key"},
		"an RSA key of 1024 bits":         {jwks(ps.with(map[string]any{"n": encode(short.Bytes())})), "1024 bits"},
		"an RSA key of 16384 bits":        {jwks(ps.with(map[string]any{"n": encode(bytes.Repeat([]byte{255}, 2048))})), "16384 bits"},
		"an RSA key with an even modulus": {jwks(ps.with(map[string]any{"n": encode(append(bytes.Repeat([]byte{255}, 255), 254))})), "unusual"},
		"an RSA key with exponent 1":      {jwks(ps.with(map[string]any{"e": "AQ"})), "unusual"},
		"an RSA key with exponent 3":      {jwks(ps.with(map[string]any{"e": "Aw"})), "unusual"},
		"an RSA key with a huge exponent": {jwks(ps.with(map[string]any{"e": encode(bytes.Repeat([]byte{255}, 64))})), "unusual"},
		"an RSA key without a modulus":    {jwks(ps.with(map[string]any{"n": nil})), "0 bits"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := auth.NewVerifier(t.Context(), config(serving(c.body)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestKeysThatAreNotForUsAreLeftOut(t *testing.T) {
	es := keys()["es"]
	v := verifier(t, config(serving(jwks(
		es.public(), keys()["rs"].public(), keys()["ed"].with(map[string]any{"use": "enc"}),
		map[string]any{"kty": "XYZ", "kid": "new"},
	))))
	if got := v.Status(); got.Keys != 1 || got.Err != nil {
		t.Errorf("status %+v", got)
	}
	if got := reason(t, v, es.token(nil)); got != "" {
		t.Errorf("the good key: %q", got)
	}
	if got := reason(t, v, keys()["ed"].token(nil)); got != auth.UnknownKey {
		t.Errorf("the key for encryption: %q", got)
	}
}

func TestAnRSAKeyWithoutAlgorithmServesTheOneThatIsAllowed(t *testing.T) {
	ps := keys()["ps"]
	plain := ps.with(map[string]any{"alg": nil})
	asRS := signingKey{kid: ps.kid, algorithm: auth.RS256, private: ps.private}
	for name, c := range map[string]struct {
		algorithms []string
		ps, rs     auth.Reason
	}{
		"PS256 alone": {[]string{auth.ES256, auth.PS256}, "", auth.Algorithm},
		"RS256 alone": {[]string{auth.ES256, auth.RS256}, auth.Algorithm, ""},
		"both":        {[]string{auth.ES256, auth.PS256, auth.RS256}, auth.UnknownKey, auth.UnknownKey},
	} {
		cfg := config(serving(jwks(keys()["es"].public(), plain)))
		cfg.Algorithms = c.algorithms
		v := verifier(t, cfg)
		if got := reason(t, v, ps.token(nil)); got != c.ps {
			t.Errorf("%s, PS256: %q, want %q", name, got, c.ps)
		}
		if got := reason(t, v, asRS.token(nil)); got != c.rs {
			t.Errorf("%s, RS256: %q, want %q", name, got, c.rs)
		}
	}
}

// TestAHostileServer uses real connections and the transport of the package.
func TestAHostileServer(t *testing.T) {
	var followed atomic.Bool
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		followed.Store(true)
		_, _ = w.Write(allKeys())
	}))
	defer target.Close()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"redirects":  {http.RedirectHandler(target.URL, http.StatusFound).ServeHTTP, "status 302"},
		"is broken":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500); _, _ = w.Write(allKeys()) }, "status 500"},
		"says no":    {http.NotFound, "status 404"},
		"is garbage": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("\x1f\x8b\x00garbage")) }, "not a JWKS"},
		"never ends": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 64<<10)); err != nil {
					return
				}
			}
		}, "more than 256 KiB"},
		"sends a header of 1 MiB": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 1<<20))
			_, _ = w.Write(allKeys())
		}, "headers exceeded"},
		"says nothing": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "eadline"},
		"begins and stops": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(allKeys()[:10])
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, "eadline"},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		"promises more than it sends": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(allKeys())
		}, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			cfg := config(nil)
			cfg.Transport, cfg.JWKS, cfg.Timeout = nil, server.URL, 200*time.Millisecond
			_, err := auth.NewVerifier(t.Context(), cfg)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	if followed.Load() {
		t.Error("the redirect was followed")
	}
}

func TestRealConnections(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(allKeys()) })
	plain, secure := httptest.NewServer(handler), httptest.NewUnstartedServer(handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer plain.Close()
	defer secure.Close()
	c := config(nil)
	c.Transport, c.JWKS = nil, plain.URL
	if got := reason(t, verifier(t, c), keys()["es"].token(nil)); got != "" {
		t.Errorf("http on loopback: %q", got)
	}
	c.JWKS = secure.URL
	if _, err := auth.NewVerifier(t.Context(), c); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
	c.Transport = secure.Client().Transport
	if got := reason(t, verifier(t, c), keys()["es"].token(nil)); got != "" {
		t.Errorf("https: %q", got)
	}
}

func TestAFileIsACheckedSourceToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jwks.json")
	c := config(nil)
	c.JWKS = path
	for name, body := range map[string][]byte{
		"more than 256 KiB": append(allKeys(), bytes.Repeat([]byte(" "), 256<<10)...),
		"not a JWKS":        []byte("-----BEGIN PRIVATE KEY-----"),
		"a private key":     jwks(keys()["es"].with(map[string]any{"d": "AAAA"})),
	} {
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := auth.NewVerifier(t.Context(), c); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %q", err, name)
		}
	}
}
