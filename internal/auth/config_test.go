package auth_test

import (
	"strings"
	"testing"

	"kritisgraph/internal/auth"
)

func TestUnsafeSettingsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*auth.Config)
		want   string
	}{
		"no issuer":                     {func(c *auth.Config) { c.Issuer = "" }, "issuer and audience are required"},
		"no audience":                   {func(c *auth.Config) { c.Audience = "" }, "issuer and audience are required"},
		"no JWKS":                       {func(c *auth.Config) { c.JWKS = "" }, "JWKS is required"},
		"a symmetric algorithm":         {func(c *auth.Config) { c.Algorithms = []string{"ES256", "HS256"} }, "HS256 is symmetric"},
		"a symmetric one, small":        {func(c *auth.Config) { c.Algorithms = []string{"hs512"} }, "symmetric"},
		"no signature":                  {func(c *auth.Config) { c.Algorithms = []string{"none"} }, "must be signed"},
		"no signature, capitals":        {func(c *auth.Config) { c.Algorithms = []string{"NONE"} }, "must be signed"},
		"an unknown algorithm":          {func(c *auth.Config) { c.Algorithms = []string{"ES257"} }, `"ES257" is not one of ES256, ES384, EdDSA, PS256, RS256`},
		"an algorithm in small letters": {func(c *auth.Config) { c.Algorithms = []string{"es256"} }, "is not one of"},
		"an empty algorithm":            {func(c *auth.Config) { c.Algorithms = []string{""} }, "is not one of"},
		"http to another machine":       {func(c *auth.Config) { c.JWKS = "http://idp.example/jwks" }, "https is needed"},
		"http to a private address":     {func(c *auth.Config) { c.JWKS = "http://10.0.0.1/jwks" }, "https is needed"},
		"a name that begins alike":      {func(c *auth.Config) { c.JWKS = "http://localhost.evil.example/" }, "https is needed"},
		"an address like loopback":      {func(c *auth.Config) { c.JWKS = "http://127.0.0.1.evil.example/" }, "https is needed"},
		"another scheme":                {func(c *auth.Config) { c.JWKS = "file:///etc/jwks.json" }, "a host is needed"},
		"ftp":                           {func(c *auth.Config) { c.JWKS = "ftp://idp.example/jwks" }, "https is needed"},
		"a password in the address":     {func(c *auth.Config) { c.JWKS = "https://u:p@idp.example/jwks" }, "a user"},
		"an address without a host":     {func(c *auth.Config) { c.JWKS = "https:///jwks" }, "a host is needed"},
		"an address that is none":       {func(c *auth.Config) { c.JWKS = "https://%zz/" }, "address of the JWKS"},
		"a file that is not there":      {func(c *auth.Config) { c.JWKS = "nowhere/jwks.json" }, "no such file"},
		"a folder":                      {func(c *auth.Config) { c.JWKS = "." }, "not a regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			p := serving(allKeys())
			cfg := config(p)
			c.change(&cfg)
			_, err := auth.NewVerifier(t.Context(), cfg)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if p.count() != 0 {
				t.Error("a fetch went out all the same")
			}
		})
	}
}

func TestHTTPOnLoopbackIsAccepted(t *testing.T) {
	for _, address := range []string{"http://localhost:8080/jwks", "http://127.8.9.1/jwks", "http://[::1]:1/jwks"} {
		c := config(serving(allKeys()))
		c.JWKS = address
		verifier(t, c)
	}
}

func TestRS256IsOnlyOnRequestAndWarns(t *testing.T) {
	token := keys()["rs"].token(nil)
	c := config(serving(allKeys()))
	v := verifier(t, c)
	if got := reason(t, v, token); got != auth.Algorithm {
		t.Errorf("by default: %q", got)
	}
	if w := v.Warnings(); len(w) != 0 {
		t.Errorf("by default: %q", w)
	}
	c.Algorithms = []string{auth.RS256}
	v = verifier(t, c)
	if got := reason(t, v, token); got != "" {
		t.Errorf("on request: %q", got)
	}
	if w := v.Warnings(); len(w) != 1 || !strings.Contains(w[0], "RS256") {
		t.Errorf("on request: %q", w)
	}
	if got := reason(t, v, keys()["es"].token(nil)); got != auth.Algorithm {
		t.Errorf("an algorithm that is not named: %q", got)
	}
}
