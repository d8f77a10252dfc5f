package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

const (
	maxDocument = 256 << 10
	maxKeys     = 64

	minModulus, maxModulus = 2048, 8192
)

// publicKey is a key and the one algorithm that it is for.
type publicKey struct {
	algorithm string
	public    crypto.PublicKey
}

// keyDocument is a JWKS as read: the keys to use by their ids, and what was refused in it.
type keyDocument struct {
	keys    map[string]publicKey
	refused []string // for each, why: it should not be there at all
}

// jwk is a JSON Web Key (RFC 7517). The private members are read only to find them.
type jwk struct {
	Kty    string   `json:"kty"`
	Kid    string   `json:"kid"`
	Use    string   `json:"use"`
	KeyOps []string `json:"key_ops"`
	Alg    string   `json:"alg"`
	Crv    string   `json:"crv"`
	X      string   `json:"x"`
	Y      string   `json:"y"`
	N      string   `json:"n"`
	E      string   `json:"e"`

	D json.RawMessage `json:"d"`
	P json.RawMessage `json:"p"`
	Q json.RawMessage `json:"q"`
	K json.RawMessage `json:"k"`
}

// parseKeys reads a JWKS. Keys for another use or an algorithm that is not allowed are left out silently, as providers
// publish such; private, symmetric, broken and ambiguous ones are left out and reported. A document without any usable key
// that reports nothing is an error.
func parseKeys(data []byte, algorithms []string, refuseDevelopment bool) (keyDocument, error) {
	if len(data) > maxDocument {
		return keyDocument{}, fmt.Errorf("the JWKS has more than %d KiB", maxDocument>>10)
	}
	var set struct {
		Keys []jwk `json:"keys"`
	}
	if err := json.Unmarshal(data, &set); err != nil {
		return keyDocument{}, fmt.Errorf("not a JWKS: %w", err)
	}
	if len(set.Keys) > maxKeys {
		return keyDocument{}, fmt.Errorf("the JWKS has more than %d keys", maxKeys)
	}
	doc := keyDocument{keys: map[string]publicKey{}}
	bad := map[string]bool{}
	for i, k := range set.Keys {
		key, use, err := k.usable(algorithms)
		if err == nil && use && refuseDevelopment && isDevelopment(k.Kid) {
			err = errors.New("a development key")
		}
		if _, twice := doc.keys[k.Kid]; err == nil && use && twice {
			err = errors.New("a second key of the same kid")
		}
		if err != nil {
			doc.refused = append(doc.refused, fmt.Sprintf("key %d (kid %.64q): %v", i+1, k.Kid, err))
			bad[k.Kid] = true
			continue
		}
		if use {
			doc.keys[k.Kid] = key
		}
	}
	// What is refused under a kid takes the kid with it: the private half of a published key must not leave that key in use.
	for kid := range bad {
		delete(doc.keys, kid)
	}
	if len(doc.keys) == 0 && len(doc.refused) == 0 {
		return keyDocument{}, errors.New("the JWKS has no key for the algorithms allowed")
	}
	return doc, nil
}

// usable gives the key, or says that it is not for us, or that it must not be there.
func (k jwk) usable(algorithms []string) (publicKey, bool, error) {
	switch {
	case k.Kty == "oct" || k.K != nil:
		return publicKey{}, false, errors.New("a symmetric key")
	case k.D != nil || k.P != nil || k.Q != nil:
		return publicKey{}, false, errors.New("a private key")
	case k.Use != "" && k.Use != "sig", k.KeyOps != nil && !slices.Contains(k.KeyOps, "verify"):
		return publicKey{}, false, nil
	case k.Kid == "" || len(k.Kid) > maxKeyID:
		return publicKey{}, false, nil // no token can name it
	}
	algorithm := k.algorithm(algorithms)
	if algorithm == "" || k.Alg != "" && k.Alg != algorithm {
		return publicKey{}, false, nil
	}
	public, err := k.public()
	return publicKey{algorithm: algorithm, public: public}, err == nil, err
}

// algorithm gives the one that the key is for, if it is allowed. An RSA key that names none is for the RSA algorithm that is
// allowed; if two are, it is for none, since a key serves one algorithm.
func (k jwk) algorithm(allowed []string) string {
	var fits []string
	switch {
	case k.Kty == "EC" && k.Crv == "P-256":
		fits = []string{ES256}
	case k.Kty == "EC" && k.Crv == "P-384":
		fits = []string{ES384}
	case k.Kty == "OKP" && k.Crv == "Ed25519":
		fits = []string{EdDSA}
	case k.Kty == "RSA" && k.Alg != "":
		fits = []string{PS256, RS256}
		fits = slices.DeleteFunc(fits, func(a string) bool { return a != k.Alg })
	case k.Kty == "RSA":
		fits = []string{PS256, RS256}
	}
	fits = slices.DeleteFunc(fits, func(a string) bool { return !slices.Contains(allowed, a) })
	if len(fits) != 1 {
		return ""
	}
	return fits[0]
}

func (k jwk) public() (crypto.PublicKey, error) {
	switch k.Kty {
	case "EC":
		if k.Crv == "P-384" {
			return k.point(elliptic.P384(), 48)
		}
		return k.point(elliptic.P256(), 32)
	case "OKP":
		x, err := number(k.X)
		if err != nil || len(x) != ed25519.PublicKeySize {
			return nil, errors.New("not an Ed25519 key")
		}
		return ed25519.PublicKey(x), nil
	}
	n, errN := number(k.N)
	e, errE := number(k.E)
	if err := errors.Join(errN, errE); err != nil {
		return nil, fmt.Errorf("not an RSA key: %w", err)
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(n)}
	if bits := key.N.BitLen(); bits < minModulus || bits > maxModulus {
		return nil, fmt.Errorf("an RSA key of %d bits: %d to %d are accepted", bits, minModulus, maxModulus)
	}
	exponent := new(big.Int).SetBytes(e)
	if exponent.BitLen() > 31 || exponent.Int64() < 65537 || exponent.Bit(0) == 0 || key.N.Bit(0) == 0 {
		return nil, errors.New("an RSA key with an unusual exponent or modulus")
	}
	key.E = int(exponent.Int64())
	return key, nil
}

// point checks that the point lies on the curve.
func (k jwk) point(curve elliptic.Curve, size int) (crypto.PublicKey, error) {
	x, errX := number(k.X)
	y, errY := number(k.Y)
	if err := errors.Join(errX, errY); err != nil || len(x) != size || len(y) != size {
		return nil, errors.New("not a point of " + k.Crv)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil, fmt.Errorf("not a point of %s: %w", k.Crv, err)
	}
	return key, nil
}

func number(s string) ([]byte, error) { return base64.RawURLEncoding.DecodeString(s) }
