package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	maxText = 256
	maxList = 32
	// The last second of the year 9999: later instants have no RFC 3339 form.
	maxSeconds = 253402300799
)

// Claims is what a verified token says. A list is nil where the token has no such claim, and empty where the claim is an
// empty list: as claims narrow, the two differ.
type Claims struct {
	Subject       string
	Issuer        string
	Expires       time.Time // UTC; whoever keeps a connection open ends it then
	ID            string    // jti, or empty
	Body          string    // slug of an authority, or empty
	Operator      string    // reference of an operator, or empty
	Roles         []string
	FederalStates []string
	MaxTLP        string // or empty
}

// tokenClaims is the payload as the parser reads, checks and writes it.
type tokenClaims struct {
	jwt.RegisteredClaims
	own Claims
}

// UnmarshalJSON reads claims by their exact names (encoding/json would take "EXP" for "exp") and refuses other types.
func (c *tokenClaims) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	for name, value := range raw {
		if err := c.set(name, value); err != nil {
			return refuse(Malformed, fmt.Sprintf("claim %s: %v", name, err))
		}
	}
	c.own.Subject, c.own.Issuer, c.own.ID = c.Subject, c.Issuer, c.ID
	if c.ExpiresAt != nil {
		c.own.Expires = c.ExpiresAt.UTC()
	}
	return nil
}

func (c *tokenClaims) set(name string, value json.RawMessage) (err error) {
	switch name {
	case "iss":
		c.Issuer, err = text(value)
	case "sub":
		c.Subject, err = text(value)
	case "jti":
		c.ID, err = text(value)
	case "aud":
		c.Audience, err = oneOrMore(value)
	case "exp":
		c.ExpiresAt, err = instant(value)
	case "nbf":
		c.NotBefore, err = instant(value)
	case "iat":
		c.IssuedAt, err = instant(value)
	case "body":
		c.own.Body, err = text(value)
	case "operator":
		c.own.Operator, err = text(value)
	case "roles":
		c.own.Roles, err = list(value)
	case "federal_states":
		c.own.FederalStates, err = list(value)
	case "max_tlp":
		c.own.MaxTLP, err = text(value)
	}
	return err
}

// MarshalJSON writes the claims of the package documentation; used to sign development tokens.
func (c *tokenClaims) MarshalJSON() ([]byte, error) {
	out := map[string]any{
		"iss": c.Issuer, "sub": c.Subject, "aud": c.Audience,
		"exp": c.ExpiresAt, "nbf": c.NotBefore, "iat": c.IssuedAt, "jti": c.ID,
	}
	for name, value := range map[string]string{"body": c.own.Body, "operator": c.own.Operator, "max_tlp": c.own.MaxTLP} {
		if value != "" {
			out[name] = value
		}
	}
	for name, value := range map[string][]string{"roles": c.own.Roles, "federal_states": c.own.FederalStates} {
		if value != nil {
			out[name] = value
		}
	}
	return json.Marshal(out)
}

// Validate is called by the parser beside its own checks.
func (c *tokenClaims) Validate() error {
	switch {
	case c.Subject == "":
		return fmt.Errorf("%w: sub", jwt.ErrTokenRequiredClaimMissing)
	case c.ExpiresAt == nil:
		return nil // the parser says so itself
	case c.IssuedAt != nil && c.IssuedAt.After(c.ExpiresAt.Time):
		return refuse(Malformed, "iat lies after exp")
	case c.NotBefore != nil && c.NotBefore.After(c.ExpiresAt.Time):
		return refuse(Malformed, "nbf lies after exp")
	}
	return nil
}

func text(value json.RawMessage) (string, error) {
	var s *string
	if err := json.Unmarshal(value, &s); err != nil || s == nil {
		return "", errors.New("not a string")
	}
	return *s, checkText(*s)
}

func checkText(s string) error {
	if s == "" || len(s) > maxText {
		return fmt.Errorf("a string of 1 to %d bytes is asked for", maxText)
	}
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return errors.New("a control character")
		}
	}
	return nil
}

// list gives a non-nil list.
func list(value json.RawMessage) ([]string, error) {
	var items []*string
	if err := json.Unmarshal(value, &items); err != nil || items == nil {
		return nil, errors.New("not a list of strings")
	}
	if len(items) > maxList {
		return nil, fmt.Errorf("more than %d items", maxList)
	}
	out := make([]string, 0, len(items))
	for _, s := range items {
		if s == nil {
			return nil, errors.New("not a list of strings")
		}
		if err := checkText(*s); err != nil {
			return nil, err
		}
		out = append(out, *s)
	}
	return out, nil
}

func oneOrMore(value json.RawMessage) ([]string, error) {
	if len(value) > 0 && value[0] == '[' {
		return list(value)
	}
	s, err := text(value)
	if err != nil {
		return nil, err
	}
	return []string{s}, nil
}

// instant reads seconds since 1970, whole ones kept: what would overflow a time is refused here, not wrapped.
func instant(value json.RawMessage) (*jwt.NumericDate, error) {
	seconds, err := strconv.ParseFloat(string(value), 64)
	if err != nil || !(seconds >= 0 && seconds <= maxSeconds) {
		return nil, errors.New("not a number of seconds since 1970")
	}
	return jwt.NewNumericDate(time.Unix(int64(seconds), 0)), nil
}
