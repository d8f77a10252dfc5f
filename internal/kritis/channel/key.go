package channel

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// Key is a public key or certificate with which one writes to an address in confidence.
type Key struct {
	Fingerprint string    // hexadecimal, in capitals: of the OpenPGP key, or SHA-256 of the certificate
	Expires     time.Time // zero: never
	Text        string    // armoured or PEM, without anything beside the key
}

// MaxKey is the greatest size of a key in bytes.
const MaxKey = 32 << 10

const minRSA = 2048

var errPrivate = errors.New("this holds a private key: never give it away, and consider it lost. Enter the public part")

// readable refuses what is no single block of text, before anything parses it.
func readable(text string) error {
	switch {
	case len(text) > MaxKey:
		return errors.New("a key has at most 32 KiB: export it without the signatures of others")
	case strings.Contains(strings.ToUpper(text), "PRIVATE KEY"):
		return errPrivate
	case strings.Count(text, "-----BEGIN ") != 1:
		return errors.New("write exactly one block, from -----BEGIN to -----END")
	}
	return nil
}

// PGP reads an ASCII-armoured OpenPGP public key that one can encrypt to at the moment.
func PGP(text string, now time.Time) (Key, error) {
	if err := readable(text); err != nil {
		return Key{}, err
	}
	block, err := armor.Decode(strings.NewReader(text))
	if err != nil || block.Type != openpgp.PublicKeyType {
		return Key{}, errors.New("write an OpenPGP public key in ASCII armour, from -----BEGIN PGP PUBLIC KEY BLOCK----- on")
	}
	keys, err := openpgp.ReadKeyRing(io.LimitReader(block.Body, MaxKey))
	if err != nil || len(keys) != 1 {
		return Key{}, errors.New("this is not one OpenPGP public key: export it again")
	}
	entity := keys[0]
	if entity.PrivateKey != nil || slices.ContainsFunc(entity.Subkeys, func(s openpgp.Subkey) bool { return s.PrivateKey != nil }) {
		return Key{}, errPrivate
	}
	key, ok := entity.EncryptionKey(now)
	if !ok {
		return Key{}, errors.New("one cannot encrypt to this OpenPGP key: it is expired or revoked, or has no part for encryption")
	}
	self, _ := entity.PrimarySelfSignature()
	out := Key{Fingerprint: strings.ToUpper(hex.EncodeToString(entity.PrimaryKey.Fingerprint)), Expires: earlier(expiry(entity.PrimaryKey, self), expiry(key.PublicKey, key.SelfSignature))}
	var armoured bytes.Buffer
	w, err := armor.Encode(&armoured, openpgp.PublicKeyType, nil)
	if err == nil {
		err = errors.Join(entity.Serialize(w), w.Close())
	}
	if err != nil {
		return Key{}, errors.New("this OpenPGP key cannot be written again: export it again")
	}
	out.Text = armoured.String() + "\n"
	return out, nil
}

func expiry(key *packet.PublicKey, self *packet.Signature) time.Time {
	if self.KeyLifetimeSecs == nil || *self.KeyLifetimeSecs == 0 {
		return time.Time{}
	}
	return key.CreationTime.Add(time.Duration(*self.KeyLifetimeSecs) * time.Second).UTC()
}

// earlier returns the earlier of two moments; zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// SMIME reads a certificate in PEM with which one can encrypt to the e-mail address at the moment. Who issued it is not judged.
func SMIME(text, email string, now time.Time) (Key, error) {
	if err := readable(text); err != nil {
		return Key{}, err
	}
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" || len(bytes.TrimSpace(rest)) > 0 {
		return Key{}, errors.New("write one certificate in PEM, from -----BEGIN CERTIFICATE----- on")
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return Key{}, errors.New("this is no X.509 certificate: export it again")
	}
	if err := suits(c, email, now); err != nil {
		return Key{}, err
	}
	sum := sha256.Sum256(c.Raw)
	return Key{
		Fingerprint: strings.ToUpper(hex.EncodeToString(sum[:])), Expires: c.NotAfter.UTC(),
		Text: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})),
	}, nil
}

// suits says why a certificate is of no use for encrypting to the address.
func suits(c *x509.Certificate, email string, now time.Time) error {
	usage := c.ExtKeyUsage
	named := slices.ContainsFunc(c.EmailAddresses, func(a string) bool { return strings.EqualFold(a, email) })
	key, sized := c.PublicKey.(*rsa.PublicKey)
	_, curve := c.PublicKey.(*ecdsa.PublicKey)
	switch {
	case c.IsCA:
		return errors.New("this certificate is of an authority that issues others: enter the one of the address")
	case now.After(c.NotAfter):
		return errors.New("this certificate has expired: enter the one that follows it")
	case now.Before(c.NotBefore):
		return errors.New("this certificate does not hold yet: enter it when it does")
	case len(usage)+len(c.UnknownExtKeyUsage) > 0 && !slices.Contains(usage, x509.ExtKeyUsageEmailProtection) && !slices.Contains(usage, x509.ExtKeyUsageAny),
		c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageKeyEncipherment|x509.KeyUsageKeyAgreement) == 0:
		return errors.New("this certificate is not for encrypting e-mail: enter one that is")
	case !named:
		return errors.New("this certificate is of another address: the address of the channel has to be among its alternative names")
	case !sized && !curve, sized && key.N.BitLen() < minRSA:
		return errors.New("the key of this certificate is too weak or not known: RSA from 2048 bits on, or an elliptic curve")
	}
	return nil
}
