package auth

import (
	"net/http"
	"strings"
)

// Bearer gives the token of the Authorization header, unverified. It is false without an error where the request has no
// such header: an anonymous caller. A scheme other than Bearer, a second header and anything that is not one token are
// errors of the reason Credentials. The query, the body and cookies are never looked at.
func Bearer(r *http.Request) (token string, ok bool, err error) {
	values := r.Header.Values("Authorization")
	switch len(values) {
	case 0:
		return "", false, nil
	case 1:
	default:
		return "", false, refuse(Credentials, "more than one Authorization header")
	}
	scheme, token, found := strings.Cut(values[0], " ")
	if !found || !strings.EqualFold(scheme, "Bearer") {
		return "", false, refuse(Credentials, "not of the form: Bearer TOKEN")
	}
	if len(token) > MaxToken {
		return "", false, refuse(Oversized, "")
	}
	if token == "" || strings.ContainsFunc(token, func(c rune) bool { return !isTokenChar(c) && !strings.ContainsRune("~+/=", c) }) {
		return "", false, refuse(Credentials, "not one token")
	}
	return token, true, nil
}
