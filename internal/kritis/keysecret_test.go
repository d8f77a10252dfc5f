package kritis_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"kritisgraph/internal/kritis"
)

func drawKey(t *testing.T, seed byte) kritis.KeySecret {
	t.Helper()
	k, err := kritis.NewKeySecret(rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAKeyReadsBackAndShowsItsSecretOnlyWhenAsked(t *testing.T) {
	k := drawKey(t, 1)
	text := k.Reveal()
	if !regexp.MustCompile(`^kgi_[a-z2-7]{8}_[A-Za-z0-9_-]{48}$`).MatchString(text) || strings.Split(text, "_")[1] != k.ID() {
		t.Errorf("%s", text)
	}
	back, err := kritis.ParseKeySecret(text)
	if err != nil || back != k {
		t.Errorf("%v, %v", back, err)
	}
	secret := text[len("kgi_12345678_"):]
	for _, shown := range []string{fmt.Sprint(k), fmt.Sprintf("%+v", k), fmt.Sprintf("%#v", k), fmt.Sprintf("%v", &k), k.Digest()} {
		if strings.Contains(shown, secret[:10]) {
			t.Errorf("the secret shows in %s", shown)
		}
	}
}

func TestTheKeyIsDrawnFromTheRandomnessThatIsGiven(t *testing.T) {
	k, same, other := drawKey(t, 1), drawKey(t, 1), drawKey(t, 2)
	if k != same || k == other || k.ID() == other.ID() || k.Digest() == other.Digest() {
		t.Error("the key does not follow the randomness")
	}
	broken := errors.New("no randomness")
	for name, source := range map[string]*bytes.Reader{"none": bytes.NewReader(nil), "too little": bytes.NewReader(make([]byte, 36))} {
		if _, err := kritis.NewKeySecret(source); err == nil {
			t.Errorf("%s: a key was made", name)
		}
	}
	if _, err := kritis.NewKeySecret(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsDamagedIsNoKey(t *testing.T) {
	text := drawKey(t, 1).Reveal()
	other := drawKey(t, 2).Reveal()
	for name, bad := range map[string]string{
		"nothing":                         "",
		"the prefix":                      "kgi_",
		"a token of an identity provider": "eyJhbGciOiJFUzI1NiJ9.e30.e30",
		"one character less":              text[:len(text)-1],
		"one character more":              text + "A",
		"another prefix":                  "kgx_" + text[4:],
		"the prefix in capitals":          "KGI_" + text[4:],
		"the id in capitals":              text[:4] + strings.ToUpper(text[4:12]) + text[12:],
		"the id of another key":           text[:4] + other[4:12] + text[12:],
		"the secret of another key":       text[:13] + other[13:],
		"no separator":                    text[:12] + "-" + text[13:],
		"a line break in the id":          text[:5] + "\n" + text[6:],
		"a line break in the secret":      text[:20] + "\n" + text[21:],
		"two characters changed places":   text[:20] + text[21:22] + text[20:21] + text[22:],
		"a space before it":               " " + text,
		"standard base64":                 text[:len(text)-1] + "+",
		"a megabyte":                      text + strings.Repeat("A", 1<<20),
	} {
		if k, err := kritis.ParseKeySecret(bad); err == nil || k != (kritis.KeySecret{}) {
			t.Errorf("%s: %q was read", name, bad)
		}
	}
}

// FuzzParseKeySecret holds that a key has one spelling.
func FuzzParseKeySecret(f *testing.F) {
	k, err := kritis.NewKeySecret(rand.NewChaCha8([32]byte{1}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(k.Reveal())
	f.Add("kgi_")
	f.Fuzz(func(t *testing.T, text string) {
		if k, err := kritis.ParseKeySecret(text); err == nil && k.Reveal() != text {
			t.Errorf("%q is also spelled %q", k.Reveal(), text)
		}
	})
}
