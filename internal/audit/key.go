package audit

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"kritisgraph/internal/store"
)

const (
	privateType = "PRIVATE KEY"
	publicType  = "PUBLIC KEY"
)

// Key signs checkpoints.
type Key struct {
	private ed25519.PrivateKey
	public  PublicKey
}

// Public returns the half with which everybody can check.
func (k Key) Public() PublicKey { return k.public }

// Sign returns the checkpoint that a commit had this hash at an instant, in microseconds.
func (k Key) Sign(seq store.Seq, hash store.Hash, at int64) Checkpoint {
	c := Checkpoint{Seq: seq, Hash: hash, At: at, Key: k.public.id}
	c.Signature = ed25519.Sign(k.private, c.text())
	return c
}

// PublicKey checks signatures.
type PublicKey struct {
	key ed25519.PublicKey
	id  string
}

// ID names the key: the first 16 hexadecimal digits of its SHA-256.
func (k PublicKey) ID() string { return k.id }

// idBytes is how many bytes of the digest name a key.
const idBytes = 8

func newPublic(key ed25519.PublicKey) PublicKey {
	sum := sha256.Sum256(key)
	return PublicKey{key: key, id: hex.EncodeToString(sum[:idBytes])}
}

// OpenKey loads the key of a file (PKCS #8 in PEM), or makes one there with mode 0600 if there is no file. A file that others
// may read, or that holds another kind of key, is refused. Of several processes that make it, one wins and all use it. The
// public key is written beside it, where PublicFile says, unless it stands there.
func OpenKey(path string) (Key, error) {
	key, err := loadKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = createKey(path); err == nil {
			key, err = loadKey(path)
		}
	}
	if err == nil {
		err = key.public.write(PublicFile(path))
	}
	if err != nil {
		return Key{}, fmt.Errorf("the key of the audit: %w", err)
	}
	return key, nil
}

// PublicFile is the file of the public key that belongs to the file of a key: audit-key.pub to audit-key.pem.
func PublicFile(path string) string { return strings.TrimSuffix(path, ".pem") + ".pub" }

// ReadPublicKey reads a public key (PKIX in PEM).
func ReadPublicKey(path string) (PublicKey, error) {
	parsed, err := readPEM(path, publicType, x509.ParsePKIXPublicKey)
	if err != nil {
		return PublicKey{}, err
	}
	key, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return PublicKey{}, fmt.Errorf("%s holds no key of Ed25519", path)
	}
	return newPublic(key), nil
}

func loadKey(path string) (Key, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Key{}, err
	}
	if !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return Key{}, fmt.Errorf("%s must be a file that only its owner can read (mode 0600)", path)
	}
	parsed, err := readPEM(path, privateType, x509.ParsePKCS8PrivateKey)
	if err != nil {
		return Key{}, err
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return Key{}, fmt.Errorf("%s holds no key of Ed25519", path)
	}
	return Key{private: private, public: newPublic(ed25519.PublicKey(private[ed25519.SeedSize:]))}, nil // it follows the seed
}

func readPEM(path, kind string, parse func([]byte) (any, error)) (any, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s holds no %s in PEM", path, strings.ToLower(kind))
	}
	parsed, err := parse(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return parsed, nil
}

func createKey(path string) error {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	return create(path, &pem.Block{Type: privateType, Bytes: der}, 0o600)
}

func (k PublicKey) write(path string) error {
	have, err := ReadPublicKey(path)
	switch {
	case err == nil && have.id == k.id:
		return nil
	case err == nil:
		return fmt.Errorf("%s is the public half of another key: move it away", path)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(k.key)
	if err != nil {
		return err
	}
	return create(path, &pem.Block{Type: publicType, Bytes: der}, 0o644)
}

// create writes a whole file or none, and never over another one.
func create(path string, block *pem.Block, mode fs.FileMode) error {
	part, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	err = errors.Join(pem.Encode(part, block), part.Chmod(mode), part.Sync())
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	if err := os.Link(part.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
