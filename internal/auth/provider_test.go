package auth_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"kritisgraph/internal/auth"
)

const (
	issuer   = "https://idp.example/realms/kritis"
	audience = "kritisgraph"
)

// noon is the moment at which the tests judge tokens.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// signingKey is a key of the provider, with the algorithm and the kid of the tokens that it signs.
type signingKey struct {
	kid, algorithm string
	private        crypto.Signer
}

func newKey(kid, algorithm string) signingKey {
	k := signingKey{kid: kid, algorithm: algorithm}
	var err error
	switch algorithm {
	case auth.ES256:
		k.private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case auth.ES384:
		k.private, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case auth.EdDSA:
		_, k.private, err = ed25519.GenerateKey(rand.Reader)
	default:
		k.private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		panic(err)
	}
	return k
}

// keys are made once and never changed: es, es384, ed, ps and rs, by their kids.
var keys = sync.OnceValue(func() map[string]signingKey {
	out := map[string]signingKey{}
	for kid, algorithm := range map[string]string{
		"es": auth.ES256, "es384": auth.ES384, "ed": auth.EdDSA, "ps": auth.PS256, "rs": auth.RS256, "es-next": auth.ES256,
	} {
		out[kid] = newKey(kid, algorithm)
	}
	return out
})

// public is the key as a member of a JWKS.
func (k signingKey) public() map[string]any {
	encode := base64.RawURLEncoding.EncodeToString
	out := map[string]any{"kid": k.kid, "alg": k.algorithm, "use": "sig"}
	switch p := k.private.Public().(type) {
	case *ecdsa.PublicKey:
		point, err := p.Bytes()
		if err != nil {
			panic(err)
		}
		half := (len(point) - 1) / 2
		out["kty"], out["crv"] = "EC", p.Params().Name
		out["x"], out["y"] = encode(point[1:1+half]), encode(point[1+half:])
	case ed25519.PublicKey:
		out["kty"], out["crv"], out["x"] = "OKP", "Ed25519", encode(p)
	case *rsa.PublicKey:
		out["kty"], out["n"], out["e"] = "RSA", encode(p.N.Bytes()), encode(big.NewInt(int64(p.E)).Bytes())
	}
	return out
}

// with gives a copy of the public key with other members; nil takes one away.
func (k signingKey) with(changes map[string]any) map[string]any {
	out := k.public()
	for name, value := range changes {
		out[name] = value
		if value == nil {
			delete(out, name)
		}
	}
	return out
}

func jwks(members ...map[string]any) []byte {
	data, err := json.Marshal(map[string]any{"keys": members})
	if err != nil {
		panic(err)
	}
	return data
}

func allKeys() []byte {
	var members []map[string]any
	for _, kid := range []string{"es", "es384", "ed", "ps", "rs"} {
		members = append(members, keys()[kid].public())
	}
	return jwks(members...)
}

// payload is a good one with changes; nil takes a claim away.
func payload(changes map[string]any) map[string]any {
	out := map[string]any{
		"iss": issuer, "aud": audience, "sub": "anna", "jti": "t-1",
		"iat": noon.Add(-time.Minute).Unix(), "nbf": noon.Add(-time.Minute).Unix(), "exp": noon.Add(time.Hour).Unix(),
	}
	for name, value := range changes {
		out[name] = value
		if value == nil {
			delete(out, name)
		}
	}
	return out
}

func (k signingKey) header(changes map[string]any) map[string]any {
	out := map[string]any{"typ": "JWT", "alg": k.algorithm, "kid": k.kid}
	for name, value := range changes {
		out[name] = value
		if value == nil {
			delete(out, name)
		}
	}
	return out
}

// sign makes a token of any header and payload; the signature is by the key's own method, whatever the header says.
func (k signingKey) sign(header, payload any) string {
	text := segment(header) + "." + segment(payload)
	signature, err := jwt.GetSigningMethod(k.algorithm).Sign(text, k.private)
	if err != nil {
		panic(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// token is a good one with changed claims.
func (k signingKey) token(changes map[string]any) string {
	return k.sign(k.header(nil), payload(changes))
}

func segment(v any) string {
	data, ok := v.(json.RawMessage)
	if !ok {
		var err error
		if data, err = json.Marshal(v); err != nil {
			panic(err)
		}
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// provider answers each request for the JWKS and counts them; it is the network of the tests where time matters.
type provider struct {
	mu      sync.Mutex
	answer  func(context.Context) (status int, body []byte, err error)
	fetches int
}

func serving(body []byte) *provider {
	p := &provider{}
	p.serve(body)
	return p
}

func (p *provider) serve(body []byte) {
	p.do(func(context.Context) (int, []byte, error) { return http.StatusOK, body, nil })
}

// stall never answers.
func (p *provider) stall() {
	p.do(func(ctx context.Context) (int, []byte, error) { <-ctx.Done(); return 0, nil, ctx.Err() })
}

func (p *provider) do(answer func(context.Context) (int, []byte, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *provider) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fetches
}

func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	p.fetches++
	answer := p.answer
	p.mu.Unlock()
	status, body, err := answer(r.Context())
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

// config is a good one on a provider.
func config(p *provider) auth.Config {
	return auth.Config{
		Issuer: issuer, Audience: audience, JWKS: "https://idp.example/jwks", Transport: p,
		Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
	}
}

func verifier(t testing.TB, c auth.Config) *auth.Verifier {
	t.Helper()
	v, err := auth.NewVerifier(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// reason is why a token was refused, and "" for a good one. It checks what holds for every refusal.
func reason(t testing.TB, v *auth.Verifier, token string) auth.Reason {
	t.Helper()
	claims, err := v.Verify(t.Context(), token)
	if err == nil {
		return ""
	}
	if claims.Subject != "" || claims.Roles != nil {
		t.Errorf("claims of a refused token: %+v", claims)
	}
	var refused *auth.Error
	if !errors.As(err, &refused) {
		t.Fatalf("an error of another type: %v", err)
	}
	if refused.Public() != auth.PublicMessage {
		t.Errorf("the client would learn %q", refused.Public())
	}
	if !errors.Is(err, refused.Reason) {
		t.Errorf("errors.Is does not find %q", refused.Reason)
	}
	return refused.Reason
}
