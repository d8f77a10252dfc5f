package auth_test

import (
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/auth"
)

func TestAGoodTokenGivesItsClaims(t *testing.T) {
	v := verifier(t, config(serving(allKeys())))
	want := auth.Claims{
		Subject: "anna", Issuer: issuer, ID: "t-1", Expires: noon.Add(time.Hour),
		Body: "zkl-by", Operator: "demo-op-0001", Roles: []string{"zkl", "auditor"}, FederalStates: []string{}, MaxTLP: "AMBER",
	}
	for _, kid := range []string{"es", "es384", "ed", "ps"} {
		token := keys()[kid].token(map[string]any{
			"body": "zkl-by", "operator": "demo-op-0001", "roles": []string{"zkl", "auditor"}, "federal_states": []string{},
			"max_tlp": "AMBER", "BODY": "bsi", "Roles": []string{"administrator"}, "realm_access": map[string]any{"roles": []string{"x"}},
		})
		got, err := v.Verify(t.Context(), token)
		if err != nil {
			t.Fatalf("%s: %v", kid, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kid, diff)
		}
	}
}

func TestAbsentClaimsAreEmpty(t *testing.T) {
	v := verifier(t, config(serving(allKeys())))
	got, err := v.Verify(t.Context(), keys()["es"].token(map[string]any{"jti": nil, "iat": nil, "nbf": nil}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(auth.Claims{Subject: "anna", Issuer: issuer, Expires: noon.Add(time.Hour)}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestClaims(t *testing.T) {
	at := func(d time.Duration) int64 { return noon.Add(d).Unix() }
	manyRoles := strings.Split(strings.Repeat("r,", 32)+"r", ",")
	v := verifier(t, config(serving(allKeys())))
	for name, c := range map[string]struct {
		changes map[string]any
		want    auth.Reason
	}{
		"expired an hour ago":                     {map[string]any{"exp": at(-time.Hour), "iat": nil, "nbf": nil}, auth.Expired},
		"expired 29 seconds ago is within leeway": {map[string]any{"exp": at(-29 * time.Second)}, ""},
		"expired 30 seconds ago":                  {map[string]any{"exp": at(-30 * time.Second)}, auth.Expired},
		"valid in 30 seconds is within leeway":    {map[string]any{"nbf": at(30 * time.Second)}, ""},
		"valid in 31 seconds":                     {map[string]any{"nbf": at(31 * time.Second)}, auth.NotYetValid},
		"issued in 30 seconds is within leeway":   {map[string]any{"iat": at(30 * time.Second)}, ""},
		"issued in 31 seconds":                    {map[string]any{"iat": at(31 * time.Second)}, auth.NotYetValid},
		"issued after its end":                    {map[string]any{"iat": at(10 * time.Second), "exp": at(5 * time.Second)}, auth.Malformed},
		"valid only after its end":                {map[string]any{"nbf": at(10 * time.Second), "exp": at(5 * time.Second)}, auth.Malformed},
		"no end":                                  {map[string]any{"exp": nil}, auth.Malformed},
		"an end spelled EXP":                      {map[string]any{"exp": nil, "EXP": at(time.Hour)}, auth.Malformed},
		"an end as text":                          {map[string]any{"exp": "4102444800"}, auth.Malformed},
		"an end beyond all time":                  {map[string]any{"exp": 1e300, "iat": nil, "nbf": nil}, auth.Malformed},
		"an end after the year 9999":              {map[string]any{"exp": 253402300800}, auth.Malformed},
		"an end before 1970":                      {map[string]any{"exp": -1}, auth.Malformed},
		"an end with a fraction":                  {map[string]any{"exp": float64(at(time.Hour)) + 0.5}, ""},
		"another issuer":                          {map[string]any{"iss": "https://other.example"}, auth.WrongIssuer},
		"the issuer with a slash more":            {map[string]any{"iss": issuer + "/"}, auth.WrongIssuer},
		"the issuer in capitals":                  {map[string]any{"iss": strings.ToUpper(issuer)}, auth.WrongIssuer},
		"no issuer":                               {map[string]any{"iss": nil}, auth.Malformed},
		"a list of issuers":                       {map[string]any{"iss": []string{issuer}}, auth.Malformed},
		"another audience":                        {map[string]any{"aud": "kritisgraph-test"}, auth.WrongAudience},
		"an audience that begins alike":           {map[string]any{"aud": "kritis"}, auth.WrongAudience},
		"several audiences, ours among them":      {map[string]any{"aud": []string{"account", audience}}, ""},
		"several audiences without ours":          {map[string]any{"aud": []string{"account", "x"}}, auth.WrongAudience},
		"an audience with capitals":               {map[string]any{"aud": []string{"KritisGraph"}}, auth.WrongAudience},
		"no audience":                             {map[string]any{"aud": nil}, auth.Malformed},
		"an empty list of audiences":              {map[string]any{"aud": []string{}}, auth.Malformed},
		"an audience that is an object":           {map[string]any{"aud": map[string]any{audience: true}}, auth.Malformed},
		"no subject":                              {map[string]any{"sub": nil}, auth.Malformed},
		"an empty subject":                        {map[string]any{"sub": ""}, auth.Malformed},
		"a number as subject":                     {map[string]any{"sub": 7}, auth.Malformed},
		"a subject with a line break":             {map[string]any{"sub": "anna\nroot"}, auth.Malformed},
		"a subject of 257 bytes":                  {map[string]any{"sub": strings.Repeat("a", 257)}, auth.Malformed},
		"roles as one string":                     {map[string]any{"roles": "administrator"}, auth.Malformed},
		"roles as numbers":                        {map[string]any{"roles": []int{1}}, auth.Malformed},
		"a null among roles":                      {map[string]any{"roles": []any{nil}}, auth.Malformed},
		"33 roles":                                {map[string]any{"roles": manyRoles}, auth.Malformed},
		"states that are null do not widen":       {map[string]any{"federal_states": json.RawMessage("null")}, auth.Malformed},
		"a level that is null does not widen":     {map[string]any{"max_tlp": json.RawMessage("null")}, auth.Malformed},
		"a level that is empty does not widen":    {map[string]any{"max_tlp": ""}, auth.Malformed},
		"of several faults the issuer is named":   {map[string]any{"iss": "x", "aud": "y", "exp": at(-time.Hour), "iat": nil, "nbf": nil}, auth.WrongIssuer},
	} {
		t.Run(name, func(t *testing.T) {
			if got := reason(t, v, keys()["es"].token(c.changes)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	es := keys()["es"]
	v := verifier(t, config(serving(allKeys())))
	for name, c := range map[string]struct {
		changes map[string]any
		want    auth.Reason
	}{
		"no kid":                         {map[string]any{"kid": nil}, auth.Malformed},
		"an empty kid":                   {map[string]any{"kid": ""}, auth.Malformed},
		"a kid that is a list":           {map[string]any{"kid": []string{"es"}}, auth.Malformed},
		"a kid of 257 bytes":             {map[string]any{"kid": strings.Repeat("k", 257)}, auth.Malformed},
		"an unknown kid":                 {map[string]any{"kid": "nobody"}, auth.UnknownKey},
		"the kid of another key":         {map[string]any{"kid": "ed"}, auth.Algorithm},
		"the kid of another curve":       {map[string]any{"kid": "es384"}, auth.Algorithm},
		"a kid that is a path":           {map[string]any{"kid": "../../dev/null"}, auth.UnknownKey},
		"no algorithm":                   {map[string]any{"alg": nil}, auth.Malformed},
		"an algorithm in small letters":  {map[string]any{"alg": "es256"}, auth.Algorithm},
		"an algorithm that is not on":    {map[string]any{"alg": "RS256"}, auth.Algorithm},
		"an algorithm of RSA":            {map[string]any{"alg": "PS256"}, auth.Algorithm},
		"an extension that must be read": {map[string]any{"crit": []string{"b64"}, "b64": false}, auth.Malformed},
		"the type of a log-out token":    {map[string]any{"typ": "logout+jwt"}, auth.Malformed},
		"a type that is a number":        {map[string]any{"typ": 1}, auth.Malformed},
		"the type of an access token":    {map[string]any{"typ": "application/at+jwt"}, ""},
		"no type":                        {map[string]any{"typ": nil}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := reason(t, v, es.sign(es.header(c.changes), payload(nil))); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestAlgorithmConfusion signs with what an attacker knows: the public keys, and keys of his own.
func TestAlgorithmConfusion(t *testing.T) {
	everything := append(auth.DefaultAlgorithms(), auth.RS256)
	c := config(serving(allKeys()))
	c.Algorithms = everything
	v := verifier(t, c)
	for kid, key := range keys() {
		if kid == "es-next" {
			continue
		}
		der, err := x509.MarshalPKIXPublicKey(key.private.Public())
		if err != nil {
			t.Fatal(err)
		}
		document, err := json.Marshal(key.public())
		if err != nil {
			t.Fatal(err)
		}
		secrets := map[string][]byte{
			"DER": der, "PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "JWK": document, "nothing": {},
		}
		for form, secret := range secrets {
			text := segment(key.header(map[string]any{"alg": "HS256"})) + "." + segment(payload(nil))
			mac := hmac.New(sha256.New, secret)
			mac.Write([]byte(text))
			token := text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
			if got := reason(t, v, token); got != auth.Algorithm {
				t.Errorf("HS256 by the public key %s as %s: %q", kid, form, got)
			}
		}
		for _, none := range []string{"none", "None", "NONE"} {
			text := segment(key.header(map[string]any{"alg": none})) + "." + segment(payload(nil)) + "."
			if got := reason(t, v, text); got != auth.Algorithm {
				t.Errorf("%s with the kid %s: %q", none, kid, got)
			}
		}
		// A good signature by this key, under the name of every other algorithm.
		for _, algorithm := range everything {
			token := key.sign(key.header(map[string]any{"alg": algorithm}), payload(nil))
			want := auth.Algorithm
			if algorithm == key.algorithm {
				want = ""
			}
			if got := reason(t, v, token); got != want {
				t.Errorf("key %s, algorithm %s: %q, want %q", kid, algorithm, got, want)
			}
		}
		// A key of the attacker under a kid of the provider, brought along in the header.
		evil := newKey(kid, key.algorithm)
		token := evil.sign(evil.header(map[string]any{"jwk": evil.public(), "jku": "https://evil.example/jwks", "x5u": "https://evil.example"}), payload(nil))
		if got := reason(t, v, token); got != auth.Signature {
			t.Errorf("a key in the header: %q", got)
		}
	}
}

func TestSpellingsOfOneSignature(t *testing.T) {
	es := keys()["es"]
	v := verifier(t, config(serving(allKeys())))
	good := es.token(nil)
	if got := reason(t, v, good); got != "" {
		t.Fatalf("the good token: %q", got)
	}
	text, signature := good[:strings.LastIndex(good, ".")], good[strings.LastIndex(good, ".")+1:]
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, signature[len(signature)-1])
	zero := base64.RawURLEncoding.EncodeToString(make([]byte, 64))
	order := elliptic.P256().Params().N.FillBytes(make([]byte, 32))
	for name, token := range map[string]string{
		"a line break inside":                 text + "." + signature[:40] + "\n" + signature[40:],
		"a carriage return at the end":        good + "\r",
		"a space at the end":                  good + " ",
		"padding":                             good + "==",
		"spare bits of the last character":    text + "." + signature[:len(signature)-1] + string(alphabet[last|1]),
		"standard alphabet":                   text + "." + base64.RawStdEncoding.EncodeToString(raw) + "+",
		"a byte more":                         text + "." + base64.RawURLEncoding.EncodeToString(append(raw[:64:64], 0)),
		"a byte less":                         text + "." + base64.RawURLEncoding.EncodeToString(raw[:63]),
		"no signature":                        text + ".",
		"all zero":                            text + "." + zero,
		"the order of the group, twice":       text + "." + base64.RawURLEncoding.EncodeToString(append(order, order...)),
		"a fourth part":                       good + ".",
		"two parts":                           text,
		"nothing":                             "",
		"two points":                          "..",
		"payload null":                        es.sign(es.header(nil), json.RawMessage("null")),
		"payload a list":                      es.sign(es.header(nil), json.RawMessage("[]")),
		"payload cut off":                     es.sign(es.header(nil), json.RawMessage(`{"iss":`)),
		"payload with more behind":            es.sign(es.header(nil), json.RawMessage(`{} {}`)),
		"header null":                         es.sign(json.RawMessage("null"), payload(nil)),
		"an encrypted token has five parts":   "a.b.c.d.e",
		"a token in quotes":                   `"` + good + `"`,
		"a token after its scheme":            "Bearer " + good,
		"a letter that looks the same":        strings.Replace(good, "e", "\u0435", 1),
		"a byte that is no text":              good[:10] + "\xff" + good[11:],
		"the signature as sum with the order": text + "." + addOrder(raw),
	} {
		t.Run(name, func(t *testing.T) {
			if got := reason(t, v, token); got != auth.Malformed && got != auth.Signature {
				t.Errorf("%q", got)
			}
		})
	}
}

// addOrder gives r and s, each with the order of the group added, in as many bytes as that takes.
func addOrder(signature []byte) string {
	var out []byte
	for _, half := range [][]byte{signature[:32], signature[32:]} {
		sum := new(big.Int).SetBytes(half)
		sum.Add(sum, elliptic.P256().Params().N)
		out = append(out, sum.FillBytes(make([]byte, 33))...)
	}
	return base64.RawURLEncoding.EncodeToString(out)
}

func TestATokenHasALimit(t *testing.T) {
	es := keys()["es"]
	v := verifier(t, config(serving(allKeys())))
	// The longest payload that fits, then a character more.
	at := func(n int) string {
		base := len(es.token(map[string]any{"x": ""}))
		token := es.token(map[string]any{"x": strings.Repeat("x", (n-base)*3/4)})
		for pad := (n - base) * 3 / 4; len(token) < n; pad++ {
			token = es.token(map[string]any{"x": strings.Repeat("x", pad)})
		}
		return token
	}
	long := at(auth.MaxToken - 4)
	if len(long) > auth.MaxToken || reason(t, v, long) != "" {
		t.Errorf("a token of %d bytes is refused", len(long))
	}
	for _, token := range []string{at(auth.MaxToken + 1), strings.Repeat("a", 1<<20), strings.Repeat(".", 1<<20)} {
		if got := reason(t, v, token); got != auth.Oversized {
			t.Errorf("%d bytes: %q", len(token), got)
		}
	}
}

func TestErrorsTellNothingOfTheToken(t *testing.T) {
	es := keys()["es"]
	v := verifier(t, config(serving(allKeys())))
	for _, token := range []string{
		es.token(map[string]any{"aud": "secretvalue"}), es.token(map[string]any{"roles": "secretvalue"}),
		es.sign(es.header(map[string]any{"kid": "secretvalue"}), payload(nil)),
		es.sign(es.header(map[string]any{"alg": "secretvalue"}), payload(nil)), "secretvalue.secretvalue.secretvalue",
	} {
		_, err := v.Verify(t.Context(), token)
		if err == nil || strings.Contains(err.Error(), "secretvalue") {
			t.Errorf("the log would hold: %v", err)
		}
	}
}
