package auth

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Names of signature algorithms (RFC 7518, RFC 8037) that tokens may have.
const (
	ES256 = "ES256"
	ES384 = "ES384"
	EdDSA = "EdDSA" // Ed25519 only
	PS256 = "PS256"
	RS256 = "RS256" // never by default: PKCS #1 v1.5 is kept for providers that have nothing newer
)

// DefaultAlgorithms gives those that are allowed where none are named.
func DefaultAlgorithms() []string { return []string{ES256, ES384, EdDSA, PS256} }

// Config says whose tokens are accepted.
type Config struct {
	Issuer   string // required; equals the claim iss
	Audience string // required; the claim aud has it

	// JWKS is where the keys are: an https URL, an http URL of this machine's loopback, or the path of a file.
	JWKS string

	// Algorithms are those allowed; empty means DefaultAlgorithms.
	Algorithms []string

	// RefuseDevelopmentKeys refuses keys and tokens whose kid begins with DevelopmentPrefix: for production.
	RefuseDevelopmentKeys bool

	// Timeout bounds one fetch of the JWKS; 0 means 5 seconds. A token with an unknown kid may wait for that long.
	Timeout time.Duration

	// RefreshEvery is the time between two fetches when nothing happens; 0 means 15 minutes, for a file 5 seconds.
	RefreshEvery time.Duration

	// RetryAfter is the least time between the starts of two fetches, whatever asks for them: unknown keys or failures;
	// 0 means 30 seconds, for a file 1 second.
	RetryAfter time.Duration

	Now       func() time.Time  // the clock that judges tokens; nil means time.Now
	Transport http.RoundTripper // nil means the hardened one of this package; for tests
	Log       *slog.Logger      // told of a refresh that failed; nil means slog.Default
}

func (c Config) withDefaults() (Config, error) {
	if c.Issuer == "" || c.Audience == "" {
		return c, errors.New("issuer and audience are required")
	}
	if len(c.Algorithms) == 0 {
		c.Algorithms = DefaultAlgorithms()
	}
	c.Algorithms = slices.Clone(c.Algorithms)
	for _, name := range c.Algorithms {
		if err := checkAlgorithm(name); err != nil {
			return c, err
		}
	}
	every, retry := 15*time.Minute, 30*time.Second
	if !isURL(c.JWKS) {
		every, retry = 5*time.Second, time.Second
	}
	if c.Timeout <= 0 {
		c.Timeout = 5 * time.Second
	}
	if c.RefreshEvery <= 0 {
		c.RefreshEvery = every
	}
	if c.RetryAfter <= 0 {
		c.RetryAfter = retry
	}
	c.RefreshEvery = max(c.RefreshEvery, c.RetryAfter)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c, nil
}

func checkAlgorithm(name string) error {
	switch {
	case name == RS256 || slices.Contains(DefaultAlgorithms(), name):
		return nil
	case strings.EqualFold(name, "none"):
		return errors.New("algorithm none: tokens must be signed")
	case strings.HasPrefix(strings.ToUpper(name), "HS"):
		return fmt.Errorf("algorithm %s is symmetric: whoever checks a token could make one", name)
	}
	return fmt.Errorf("algorithm %q is not one of %s, %s", name, strings.Join(DefaultAlgorithms(), ", "), RS256)
}
