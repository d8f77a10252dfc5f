package kritis

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// KeyPrefix begins every integration key, so that it is told from other tokens, and found where it was left by mistake.
const KeyPrefix = "kgi_"

// The lengths of an integration key, in characters: kgi_, the public id, _, the secret with its checksum.
const (
	keyIDSize   = 5
	keyIDLength = 8
	secretSize  = 32
	keyLength   = len(KeyPrefix) + keyIDLength + 1 + (secretSize+crc32.Size)*4/3
)

var keyIDs = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// KeySecret is an integration key as its holder has it: kgi_<id>_<secret>. The secret is 32 random bytes with a checksum over
// all, in base64url. The zero value is no key. Printed, it shows its public id alone.
type KeySecret struct {
	id     string
	secret [secretSize]byte
}

// NewKeySecret makes a key from a source of randomness.
func NewKeySecret(random io.Reader) (KeySecret, error) {
	var drawn [keyIDSize + secretSize]byte
	if _, err := io.ReadFull(random, drawn[:]); err != nil {
		return KeySecret{}, fmt.Errorf("drawing an integration key: %w", err)
	}
	return KeySecret{id: keyIDs.EncodeToString(drawn[:keyIDSize]), secret: [secretSize]byte(drawn[keyIDSize:])}, nil
}

// errNoKey is of a text that is no integration key, such as one with a typing error.
var errNoKey = errors.New("not an integration key: its length, its characters or its checksum are wrong")

// ParseKeySecret reads a key. It tells a damaged one from its checksum alone, without a look at the store.
func ParseKeySecret(text string) (KeySecret, error) {
	rest, ok := strings.CutPrefix(text, KeyPrefix)
	if !ok || len(text) != keyLength || rest[keyIDLength] != '_' {
		return KeySecret{}, errNoKey
	}
	k := KeySecret{id: rest[:keyIDLength]}
	if raw, err := keyIDs.DecodeString(k.id); err != nil || len(raw) != keyIDSize || strings.ContainsAny(text, "\r\n") {
		return KeySecret{}, errNoKey // both encodings would pass over line breaks
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest[keyIDLength+1:])
	if err != nil || len(raw) != secretSize+crc32.Size {
		return KeySecret{}, errNoKey
	}
	k.secret = [secretSize]byte(raw)
	if binary.BigEndian.Uint32(raw[secretSize:]) != k.checksum() {
		return KeySecret{}, errNoKey
	}
	return k, nil
}

func (k KeySecret) checksum() uint32 {
	return crc32.ChecksumIEEE(append([]byte(KeyPrefix+k.id+"_"), k.secret[:]...))
}

// ID returns the public part, by which people and the log name the key.
func (k KeySecret) ID() string { return k.id }

// Reveal returns the whole key, for its holder alone.
func (k KeySecret) Reveal() string {
	return KeyPrefix + k.id + "_" + base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint32(k.secret[:], k.checksum()))
}

// String returns what may stand in a log.
func (k KeySecret) String() string { return KeyPrefix + k.id + "_(secret)" }

// GoString returns what may stand in a log.
func (k KeySecret) GoString() string { return k.String() }

// Digest returns the SHA-256 of the secret: what the store keeps. The secret has 256 random bits, so nothing slower is needed.
func (k KeySecret) Digest() string {
	sum := sha256.Sum256(k.secret[:])
	return hex.EncodeToString(sum[:])
}

// matches reports whether the secret has this digest, in a time that does not depend on where they differ.
func (k KeySecret) matches(digest string) bool {
	return subtle.ConstantTimeCompare([]byte(k.Digest()), []byte(digest)) == 1
}
