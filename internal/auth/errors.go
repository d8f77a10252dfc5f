package auth

import (
	"errors"

	"github.com/golang-jwt/jwt/v5"
)

// PublicMessage is all that a client learns about a token that was refused, whatever the reason.
const PublicMessage = "the access token is not valid"

// Reason is why a token was refused. It is an error, so that errors.Is(err, auth.Expired) asks for it; it is for the log
// and for metrics, never for the client.
type Reason string

// The reasons, from the outside of a token to its inside.
const (
	Credentials    Reason = "credentials"     // the Authorization header is not one Bearer token
	Oversized      Reason = "oversized"       // more than 8 KiB
	Malformed      Reason = "malformed"       // not a JWT, or a claim is missing, of another type or absurd
	Algorithm      Reason = "algorithm"       // not configured, or not the one of the key
	DevelopmentKey Reason = "development key" // a key of `kritisgraph token` where such keys are refused
	UnknownKey     Reason = "unknown key"     // no key of that id in the JWKS
	Signature      Reason = "signature"       // the signature is not by that key
	WrongIssuer    Reason = "wrong issuer"
	WrongAudience  Reason = "wrong audience"
	NotYetValid    Reason = "not yet valid" // nbf or iat lies in the future
	Expired        Reason = "expired"
)

// Error is the reason as text.
func (r Reason) Error() string { return string(r) }

// Error says why a token was refused. Error() is for the log: it holds neither the token nor a claim of it.
type Error struct {
	Reason Reason
	Detail string // may be empty
}

// Error is the reason with its detail.
func (e *Error) Error() string {
	if e.Detail == "" {
		return "token refused: " + string(e.Reason)
	}
	return "token refused: " + string(e.Reason) + ": " + e.Detail
}

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Reason }

// Public is the message for the client: the same for every reason.
func (e *Error) Public() string { return PublicMessage }

func refuse(r Reason, detail string) error { return &Error{Reason: r, Detail: detail} }

// classify names the reason of an error of the parser. Where a token has several faults, the first of this order is told.
func classify(err error) error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	for _, c := range []struct {
		is     error
		reason Reason
		detail string
	}{
		{jwt.ErrTokenSignatureInvalid, Signature, ""},
		{jwt.ErrTokenRequiredClaimMissing, Malformed, "iss, sub, aud and exp are required"},
		{jwt.ErrTokenInvalidIssuer, WrongIssuer, ""},
		{jwt.ErrTokenInvalidAudience, WrongAudience, ""},
		{jwt.ErrTokenNotValidYet, NotYetValid, "nbf"},
		{jwt.ErrTokenUsedBeforeIssued, NotYetValid, "iat"},
		{jwt.ErrTokenExpired, Expired, ""},
	} {
		if errors.Is(err, c.is) {
			return refuse(c.reason, c.detail)
		}
	}
	return refuse(Malformed, "")
}
