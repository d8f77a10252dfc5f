package channel_test

import (
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"

	"kritisgraph/internal/kritis/channel"
)

// FuzzKeys holds that no text breaks the readers of keys, that what they accept they accept again, unchanged, and that nothing
// private passes.
func FuzzKeys(f *testing.F) {
	e, err := openpgp.NewEntity("ZKL", "", "zkl@bayern.de", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(armoured(f, openpgp.PublicKeyType, e.Serialize))
	f.Add("-----BEGIN CERTIFICATE-----\nMAAw\n-----END CERTIFICATE-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, read := range []func(string) (channel.Key, error){
			func(text string) (channel.Key, error) { return channel.PGP(text, now) },
			func(text string) (channel.Key, error) { return channel.SMIME(text, "zkl@bayern.de", now) },
		} {
			key, err := read(text)
			if err != nil {
				continue
			}
			again, err := read(key.Text)
			if err != nil || again != key || strings.Contains(key.Text, "PRIVATE") {
				t.Errorf("%v: %+v, then %+v", err, key, again)
			}
		}
	})
}

// FuzzFormats holds that what a format accepts it accepts again, unchanged.
func FuzzFormats(f *testing.F) {
	for _, text := range []string{"0228 99 9582-0", "bsi@bsi.bund.de", "https://www.bsi.bund.de/a?b", "Alt-Moabit 140\n10557 Berlin", "MO-FR 09:00-15:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for i, read := range []func(string) (string, error){channel.Phone, channel.Email, channel.Website, channel.Address} {
			value, err := read(text)
			if err != nil {
				continue
			}
			if again, err := read(value); err != nil || again != value {
				t.Errorf("format %d: %q is %q, then %q, %v", i, text, value, again, err)
			}
		}
		_, _ = channel.ParseWindow(text)
		channel.Placeholder(text)
	})
}
