package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// DevelopmentPrefix begins the kid of every key of a Signer.
const DevelopmentPrefix = "dev-"

// isDevelopment ignores case, so that no spelling slips through.
func isDevelopment(kid string) bool {
	return len(kid) >= len(DevelopmentPrefix) && strings.EqualFold(kid[:len(DevelopmentPrefix)], DevelopmentPrefix)
}

const pemType = "PRIVATE KEY"

// Signer signs development tokens by ES256 with a key of this machine.
type Signer struct {
	key *ecdsa.PrivateKey
	kid string
	jwk map[string]string
}

// NewSigner loads the key of a file (PKCS #8 in PEM), or makes one there with mode 0600 if there is no file. A file that
// others may read, or that holds another kind of key, is refused. Of several processes that make it, one wins and all use it.
func NewSigner(path string) (*Signer, error) {
	key, err := loadKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = createKey(path); err == nil {
			key, err = loadKey(path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("development key: %w", err)
	}
	return newSigner(key)
}

func newSigner(key *ecdsa.PrivateKey) (*Signer, error) {
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, fmt.Errorf("development key: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	half := (len(point) - 1) / 2
	public := map[string]string{"kty": "EC", "crv": "P-256", "x": encode(point[1 : 1+half]), "y": encode(point[1+half:])}
	// The thumbprint of RFC 7638: the required members, sorted, without spaces.
	canonical, err := json.Marshal(public)
	if err != nil {
		return nil, fmt.Errorf("development key: %w", err)
	}
	print := sha256.Sum256(canonical)
	kid := DevelopmentPrefix + encode(print[:])
	public["kid"], public["use"], public["alg"] = kid, "sig", ES256
	return &Signer{key: key, kid: kid, jwk: public}, nil
}

// KeyID is the kid: the prefix and the key's thumbprint (RFC 7638), so that it stays as long as the key does.
func (s *Signer) KeyID() string { return s.kid }

// PublicJWKS is the document that a Verifier needs: the public half alone.
func (s *Signer) PublicJWKS() ([]byte, error) {
	return json.MarshalIndent(map[string]any{"keys": []any{s.jwk}}, "", "  ")
}

// Sign gives a token with the claims, for the audience, valid from now until claims.Expires (whole seconds). Subject, issuer,
// audience and a later end are required; an empty ID becomes a random one.
func (s *Signer) Sign(claims Claims, audience string, now time.Time) (string, error) {
	if claims.Subject == "" || claims.Issuer == "" || audience == "" || !claims.Expires.After(now) {
		return "", errors.New("a token needs a subject, an issuer, an audience and an end that lies ahead")
	}
	if claims.ID == "" {
		claims.ID = rand.Text()
	}
	payload := &tokenClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: claims.Issuer, Subject: claims.Subject, Audience: jwt.ClaimStrings{audience}, ID: claims.ID,
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(claims.Expires),
		},
		own: claims,
	}
	token := jwt.NewWithClaims(jwt.SigningMethodES256, payload)
	token.Header["kid"] = s.kid
	signed, err := token.SignedString(s.key)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	if len(signed) > MaxToken {
		return "", errors.New("the token would be too long")
	}
	return signed, nil
}

func loadKey(path string) (*ecdsa.PrivateKey, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s must be a file that only its owner can read (mode 0600)", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != pemType {
		return nil, fmt.Errorf("%s holds no %s in PEM", path, strings.ToLower(pemType))
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("%s holds no key of the curve P-256", path)
	}
	return key, nil
}

// createKey writes a whole file or none, and never over another one.
func createKey(path string) (err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	err = errors.Join(pem.Encode(part, &pem.Block{Type: pemType, Bytes: der}), part.Sync())
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	if err := os.Link(part.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
