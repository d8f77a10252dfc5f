package channel_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"kritisgraph/internal/kritis/channel"
)

var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func entity(t *testing.T, days uint32) *openpgp.Entity {
	t.Helper()
	e, err := openpgp.NewEntity("ZKL", "", "zkl@bayern.de", &packet.Config{
		Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return now.AddDate(0, -1, 0) }, KeyLifetimeSecs: days * 86400,
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func armoured(t testing.TB, kind string, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	w, err := armor.Encode(&b, kind, map[string]string{"Comment": "beside the key"})
	if err != nil {
		t.Fatal(err)
	}
	if err := write(w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAnOpenPGPKey(t *testing.T) {
	good, eternal, old, revoked := entity(t, 365), entity(t, 0), entity(t, 1), entity(t, 365)
	if err := revoked.RevokeKey(packet.KeyCompromised, "", &packet.Config{Time: func() time.Time { return now.AddDate(0, 0, -1) }}); err != nil {
		t.Fatal(err)
	}
	public := func(e *openpgp.Entity) string { return armoured(t, openpgp.PublicKeyType, e.Serialize) }
	private := func(e *openpgp.Entity, kind string) string {
		return armoured(t, kind, func(w io.Writer) error { return e.SerializePrivateWithoutSigning(w, nil) })
	}
	for _, c := range []struct{ name, text, complain string }{
		{"a public key", public(good), ""},
		{"one that never expires", public(eternal), ""},
		{"one that has expired", public(old), "expired or revoked"},
		{"one that was revoked", public(revoked), "expired or revoked"},
		{"a private key", private(good, openpgp.PrivateKeyType), "private key"},
		{"a private key under another name", private(good, openpgp.PublicKeyType), "private key"},
		{"a private key behind a public one", public(good) + "\n" + private(good, openpgp.PrivateKeyType), "private key"},
		{"two keys in two blocks", public(good) + "\n" + public(eternal), "exactly one block"},
		{"two keys in one block", armoured(t, openpgp.PublicKeyType, func(w io.Writer) error {
			if err := good.Serialize(w); err != nil {
				return err
			}
			return eternal.Serialize(w)
		}), "not one OpenPGP public key"},
		{"no key", "nonsense", "exactly one block"},
		{"a block of something else", strings.ReplaceAll(public(good), "PUBLIC KEY BLOCK", "MESSAGE"), "public key in ASCII armour"},
		{"a damaged key", armoured(t, openpgp.PublicKeyType, func(w io.Writer) error { _, err := w.Write([]byte("damaged")); return err }), "not one OpenPGP"},
		{"too much", strings.Repeat("x", channel.MaxKey+1), "32 KiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, err := channel.PGP(c.text, now)
			if (err == nil) != (c.complain == "") || err != nil && !strings.Contains(err.Error(), c.complain) {
				t.Fatal(err)
			}
			if err == nil && (len(key.Fingerprint) < 40 || strings.Contains(key.Text, "beside the key")) {
				t.Errorf("%+v", key)
			}
		})
	}
	key, err := channel.PGP(public(good), now)
	if want := now.AddDate(0, -1, 0).AddDate(0, 0, 365); err != nil || !key.Expires.Equal(want) {
		t.Errorf("%v, expires %s, want %s", err, key.Expires, want)
	}
	again, err := channel.PGP(key.Text, now)
	if err != nil || again != key {
		t.Errorf("read again: %v, %+v", err, again)
	}
	if key, _ := channel.PGP(public(eternal), now); !key.Expires.IsZero() {
		t.Errorf("it expires at %s", key.Expires)
	}
}

func TestACertificate(t *testing.T) {
	const address = "zkl@bayern.de"
	strong, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GODEBUG", "rsa1024min=0")
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	issue := func(public any, alter func(*x509.Certificate)) string {
		c := &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ZKL"}, EmailAddresses: []string{address},
			NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageKeyEncipherment,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		}
		alter(c)
		raw, err := x509.CreateCertificate(rand.Reader, c, c, public, strong)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
	}
	with := func(alter func(*x509.Certificate)) string { return issue(&strong.PublicKey, alter) }
	good := with(func(*x509.Certificate) {})
	raw, err := x509.MarshalPKCS8PrivateKey(strong)
	if err != nil {
		t.Fatal(err)
	}
	private := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
	for _, c := range []struct{ name, text, complain string }{
		{"for the address", good, ""},
		{"for the address in other letters", with(func(c *x509.Certificate) { c.EmailAddresses = []string{"x@bayern.de", "ZKL@bayern.de"} }), ""},
		{"for any purpose", with(func(c *x509.Certificate) { c.ExtKeyUsage, c.KeyUsage = nil, 0 }), ""},
		{"for another address", with(func(c *x509.Certificate) { c.EmailAddresses = []string{"zkl@hessen.de"} }), "another address"},
		{"for no address", with(func(c *x509.Certificate) { c.EmailAddresses = nil }), "another address"},
		{"of an authority", with(func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }), "issues others"},
		{"for servers", with(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }), "not for encrypting"},
		{"for signing", with(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }), "not for encrypting"},
		{"that has expired", with(func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Second) }), "has expired"},
		{"of next month", with(func(c *x509.Certificate) { c.NotBefore = now.AddDate(0, 1, 0) }), "not hold yet"},
		{"with a weak key", issue(&weak.PublicKey, func(*x509.Certificate) {}), "too weak"},
		{"with a private key behind it", good + private, "private key"},
		{"that is a private key", private, "private key"},
		{"that comes twice", good + good, "exactly one block"},
		{"with something behind it", good + "more", "one certificate"},
		{"that is damaged", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no X.509"},
		{"that is none", "nonsense", "exactly one block"},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, err := channel.SMIME(c.text, address, now)
			if (err == nil) != (c.complain == "") || err != nil && !strings.Contains(err.Error(), c.complain) {
				t.Fatal(err)
			}
			if err == nil && (len(key.Fingerprint) != 64 || !key.Expires.Equal(now.AddDate(1, 0, 0)) || key.Text != c.text) {
				t.Errorf("%+v", key)
			}
		})
	}
}
