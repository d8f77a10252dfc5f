package auth_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"kritisgraph/internal/auth"
)

func TestBearer(t *testing.T) {
	const token = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"
	for name, c := range map[string]struct {
		headers []string
		token   string
		refused auth.Reason
	}{
		"no header is an anonymous caller":    {nil, "", ""},
		"a token":                             {[]string{"Bearer " + token}, token, ""},
		"the scheme in small letters":         {[]string{"bearer " + token}, token, ""},
		"an empty header":                     {[]string{""}, "", auth.Credentials},
		"the scheme alone":                    {[]string{"Bearer"}, "", auth.Credentials},
		"the scheme and a space":              {[]string{"Bearer "}, "", auth.Credentials},
		"a token alone":                       {[]string{token}, "", auth.Credentials},
		"another scheme":                      {[]string{"Basic YTpi"}, "", auth.Credentials},
		"a proof-bound token":                 {[]string{"DPoP " + token}, "", auth.Credentials},
		"a scheme that begins alike":          {[]string{"BearerX " + token}, "", auth.Credentials},
		"two spaces":                          {[]string{"Bearer  " + token}, "", auth.Credentials},
		"a tab":                               {[]string{"Bearer\t" + token}, "", auth.Credentials},
		"a token and more":                    {[]string{"Bearer " + token + " x"}, "", auth.Credentials},
		"two tokens in one header":            {[]string{"Bearer " + token + ", Bearer " + token}, "", auth.Credentials},
		"two headers":                         {[]string{"Bearer " + token, "Bearer " + token}, "", auth.Credentials},
		"two headers, one of them empty":      {[]string{"", "Bearer " + token}, "", auth.Credentials},
		"quotes":                              {[]string{`Bearer "` + token + `"`}, "", auth.Credentials},
		"a token of the limit":                {[]string{"Bearer " + strings.Repeat("a", auth.MaxToken)}, strings.Repeat("a", auth.MaxToken), ""},
		"a token over the limit":              {[]string{"Bearer " + strings.Repeat("a", auth.MaxToken+1)}, "", auth.Oversized},
		"an opaque token is for the verifier": {[]string{"Bearer a~b+c/d=="}, "a~b+c/d==", ""},
	} {
		t.Run(name, func(t *testing.T) {
			// The query and a cookie are never looked at.
			r := httptest.NewRequest("POST", "/graphql?access_token=query&token=query", strings.NewReader("access_token=body"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Cookie", "access_token=cookie")
			r.Header["Authorization"] = c.headers
			got, ok, err := auth.Bearer(r)
			if got != c.token || ok != (c.token != "") {
				t.Errorf("token %.40q, %v; want %.40q", got, ok, c.token)
			}
			if c.refused == "" && err != nil || c.refused != "" && !errors.Is(err, c.refused) {
				t.Errorf("error %v, want %q", err, c.refused)
			}
		})
	}
}
