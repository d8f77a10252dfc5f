package auth

import (
	"context"
	"crypto"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// MaxToken is the length of the longest token that is looked at, in bytes.
	MaxToken = 8 << 10
	// Leeway is how far clocks may differ.
	Leeway = 30 * time.Second

	maxKeyID = 256
)

// Verifier checks tokens against the keys of one issuer. It is safe for concurrent use.
type Verifier struct {
	config Config
	parser *jwt.Parser
	keys   *keySet
}

// NewVerifier fetches the keys once and goes on to refresh them until ctx ends; then the last good keys stay. A setting
// that is unsafe or missing is an error, and so are keys that cannot be had: a server must not start on them.
func NewVerifier(ctx context.Context, c Config) (*Verifier, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	from, err := newSource(c)
	if err != nil {
		return nil, fmt.Errorf("authentication: %w", err)
	}
	keys, err := startKeySet(ctx, c, from)
	if err != nil {
		return nil, fmt.Errorf("authentication: keys from %s: %w", c.JWKS, err)
	}
	return &Verifier{
		config: c,
		keys:   keys,
		parser: jwt.NewParser(
			jwt.WithValidMethods(c.Algorithms),
			jwt.WithIssuer(c.Issuer),
			jwt.WithAudience(c.Audience),
			jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(),
			jwt.WithLeeway(Leeway),
			jwt.WithTimeFunc(c.Now),
			// Without it a signature has several spellings: the last character has bits to spare.
			jwt.WithStrictDecoding(),
		),
	}, nil
}

// Warnings are sentences for the log at start: what is allowed but not advised.
func (v *Verifier) Warnings() []string {
	if slices.Contains(v.config.Algorithms, RS256) {
		return []string{"tokens signed by RS256 are accepted: move the identity provider to ES256, EdDSA or PS256"}
	}
	return nil
}

// Status tells how many keys are in use, when they were last fetched well, and why the newest fetch failed, if it did.
func (v *Verifier) Status() KeyStatus { return v.keys.status() }

// Verify gives the claims of a token that holds in every respect. Otherwise the error is an *Error and the claims are zero.
// It does no I/O, but for a kid that is unknown it may ask for one fetch of the keys and wait for it: at most the timeout of
// the configuration, and not beyond ctx.
func (v *Verifier) Verify(ctx context.Context, token string) (Claims, error) {
	if len(token) > MaxToken {
		return Claims{}, refuse(Oversized, "")
	}
	// base64 skips line breaks: with them one signature would have many spellings.
	if strings.ContainsFunc(token, func(c rune) bool { return !isTokenChar(c) }) {
		return Claims{}, refuse(Malformed, "a character that no token has")
	}
	var claims tokenClaims
	parsed, err := v.parser.ParseWithClaims(token, &claims, func(t *jwt.Token) (any, error) { return v.key(ctx, t.Header) })
	if err != nil {
		if parsed != nil && v.foreignAlgorithm(parsed.Header) {
			return Claims{}, refuse(Algorithm, "not allowed here")
		}
		return Claims{}, classify(err)
	}
	return claims.own, nil
}

// key finds the key that a header names and checks all that the header says before any signature is computed.
func (v *Verifier) key(ctx context.Context, header map[string]any) (crypto.PublicKey, error) {
	if _, ok := header["crit"]; ok {
		return nil, refuse(Malformed, "crit")
	}
	if typ, ok := header["typ"]; ok {
		s, _ := typ.(string)
		s = strings.TrimPrefix(strings.ToLower(s), "application/")
		if s != "jwt" && s != "at+jwt" {
			return nil, refuse(Malformed, "typ")
		}
	}
	kid, _ := header["kid"].(string)
	if kid == "" || len(kid) > maxKeyID {
		return nil, refuse(Malformed, "kid")
	}
	if v.config.RefuseDevelopmentKeys && isDevelopment(kid) {
		return nil, refuse(DevelopmentKey, "")
	}
	key, ok := v.keys.find(ctx, kid)
	if !ok {
		return nil, refuse(UnknownKey, "")
	}
	if header["alg"] != key.algorithm {
		return nil, refuse(Algorithm, "the key is for "+key.algorithm)
	}
	return key.public, nil
}

func (v *Verifier) foreignAlgorithm(header map[string]any) bool {
	name, ok := header["alg"].(string)
	return ok && !slices.Contains(v.config.Algorithms, name)
}

func isTokenChar(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'
}
