package kritis_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

var (
	keyMutations    = flag.Int("key-mutations", 100_000, "secrets that TestNoMutatedSecretIsAccepted tries")
	keyMutationSeed = flag.Uint64("key-mutation-seed", 1, "seed of TestNoMutatedSecretIsAccepted")
)

// door is a domain over a store with keys, and a clock that the test moves.
type door struct {
	app   *kritis.App
	store *store.Store
	calls *storetest.Counter
	now   time.Time
}

const askViewer, askSectors = "query viewer { viewer { subject } }", "query sectors { sectors { slug } }"

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{calls: storetest.NewCounter(storetest.NewModel()), now: time.Date(2026, 11, 1, 12, 0, 0, 0, kritis.Berlin)}
	s, err := store.Create(t.Context(), d.calls, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), s.Sealed(seed.ReferenceChanges(d.now))); err != nil {
		t.Fatal(err)
	}
	d.store, d.app = s, kritis.NewApp(s, func() time.Time { return d.now })
	var put []store.Node
	for name, text := range map[string]string{"viewer": askViewer, "sectors": askSectors} {
		put = append(put, store.Node{ID: store.ID("TrustedDocument/" + hashOf(text)), Own: forAdministration, Props: map[string]store.Value{
			"sha256": store.String(hashOf(text)), "name": store.String(name), "text": store.String(text),
		}})
	}
	d.put(t, put...)
	return d
}

var forAdministration = store.Visibility{TLP: store.TLPAmber, Audiences: []string{kritis.AudienceAdministration}}

func (d *door) put(t *testing.T, nodes ...store.Node) {
	t.Helper()
	c := store.Change{Meta: store.Meta{Action: "TEST", Actor: "test"}, Put: nodes}
	for _, n := range nodes {
		c.If = append(c.If, store.Cond{ID: n.ID, Version: n.Version})
	}
	if _, err := d.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// key stores a key that runs the document viewer, for the ZKL of Bavaria and one day, unless the properties say otherwise.
func (d *door) key(t *testing.T, seed byte, props map[string]store.Value) kritis.KeySecret {
	t.Helper()
	k := drawKey(t, seed)
	all := map[string]store.Value{
		"keyId": store.String(k.ID()), "name": store.String("Test"), "secretDigest": store.String(k.Digest()), "authoritySlug": store.String("zkl-de-by"),
		"documents": store.Strings(hashOf(askViewer)), "expiresAt": store.Int(d.now.Add(24 * time.Hour).UnixMicro()),
		"createdBy": store.String("admin"), "createdAt": store.Int(d.now.UnixMicro()),
	}
	maps.Copy(all, props)
	d.put(t, store.Node{ID: store.ID("IntegrationKey/" + k.ID()), Own: forAdministration, Props: all})
	return k
}

func (d *door) enter(t *testing.T, k kritis.KeySecret) (kritis.Principal, string) {
	t.Helper()
	v, err := d.app.EnterKey(t.Context(), k)
	if err != nil {
		return kritis.Principal{}, err.Error()
	}
	return v.Principal(), ""
}

func TestAKeyOpensUntilItExpiresOrIsRevoked(t *testing.T) {
	d := newDoor(t)
	good := d.key(t, 1, nil)
	p, refused := d.enter(t, good)
	if refused != "" || p.Subject != "integration-key:"+good.ID() || !p.Integration() || !slices.Equal(p.Roles, []kritis.ViewerRole{kritis.RoleIntegration}) {
		t.Errorf("%+v %s", p, refused)
	}
	want := kritis.Unauthenticated(nil).Message
	for name, k := range map[string]kritis.KeySecret{
		"nobody's key":                        drawKey(t, 2),
		"the secret of another id":            d.key(t, 3, map[string]store.Value{"secretDigest": store.String(good.Digest())}),
		"no secret at all":                    d.key(t, 4, map[string]store.Value{"secretDigest": store.String("")}),
		"a secret in the place of its digest": d.key(t, 5, map[string]store.Value{"secretDigest": store.String(drawKey(t, 5).Reveal())}),
		"revoked":                             d.key(t, 6, map[string]store.Value{"revokedAt": store.Int(d.now.UnixMicro())}),
		"revoked from tomorrow on":            d.key(t, 7, map[string]store.Value{"revokedAt": store.Int(d.now.Add(24 * time.Hour).UnixMicro())}),
		"expired at this moment":              d.key(t, 8, map[string]store.Value{"expiresAt": store.Int(d.now.UnixMicro())}),
		"the zero key":                        {},
	} {
		if _, refused := d.enter(t, k); refused != want {
			t.Errorf("%s: got %q", name, refused)
		}
	}
	d.now = d.now.Add(24*time.Hour - time.Microsecond)
	if _, refused := d.enter(t, good); refused != "" {
		t.Errorf("a moment before its end: %s", refused)
	}
	d.now = d.now.Add(time.Microsecond)
	if _, refused := d.enter(t, good); refused != want {
		t.Errorf("at its end: %q", refused)
	}
}

func TestAKeyCostsOneReadBesideTheRulebookWhetherItIsKnownOrNot(t *testing.T) {
	d := newDoor(t)
	good := d.key(t, 1, nil)
	d.enter(t, good) // reads the rulebook
	for name, k := range map[string]kritis.KeySecret{"known": good, "unknown": drawKey(t, 2)} {
		d.calls.Reset()
		d.enter(t, k)
		if got := d.calls.Counts(); d.calls.Total() != 2 || got["Nodes"] != 1 || got["Log"] != 1 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAKeySeesWhatItsBodySeesNarrowedAndNeverRed(t *testing.T) {
	d := newDoor(t)
	for i, c := range []struct {
		name    string
		props   map[string]store.Value
		refused bool
		grants  []store.Grant
	}{
		{
			name:   "a body that is not there",
			props:  map[string]store.Value{"authoritySlug": store.String("nobody")},
			grants: []store.Grant{{Audience: "public", Max: store.TLPGreen}},
		},
		{
			name:   "an operator, whose people see RED",
			props:  map[string]store.Value{"authoritySlug": {}, "operatorReference": store.String("op-1")},
			grants: []store.Grant{{Audience: "operator:op-1", Max: store.TLPAmberStrict}, {Audience: "public", Max: store.TLPGreen}},
		},
		{
			name: "the situation centre, whose people see RED and administer, for Hesse",
			props: map[string]store.Value{
				"authoritySlug": store.String("bsi-situation-centre"), "maxTlp": store.String("RED"), "federalStates": store.Strings("HE"),
			},
			grants: []store.Grant{{Audience: "land:HE", Max: store.TLPAmberStrict}, {Audience: "public", Max: store.TLPAmberStrict}},
		},
		{
			name:   "the ZKL of Bavaria for no Land, up to CLEAR",
			props:  map[string]store.Value{"maxTlp": store.String("CLEAR"), "federalStates": store.Strings()},
			grants: []store.Grant{{Audience: "public", Max: store.TLPClear}},
		},
		{name: "a marking that there is not", props: map[string]store.Value{"maxTlp": store.String("PINK")}, refused: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, refused := d.enter(t, d.key(t, byte(10+i), c.props))
			if (refused != "") != c.refused || !slices.Equal(p.Scope().Grants(), c.grants) {
				t.Errorf("%v %s", p.Scope().Grants(), refused)
			}
		})
	}
	p, _ := d.enter(t, d.key(t, 30, map[string]store.Value{"authoritySlug": store.String("bsi-situation-centre")}))
	for _, g := range p.Scope().Grants() {
		if g.Audience == kritis.AudienceAdministration || g.Max > store.TLPAmberStrict {
			t.Errorf("it sees %+v", g)
		}
	}
}

func TestAKeyRunsItsDocumentsByteForByte(t *testing.T) {
	d := newDoor(t)
	v, err := d.app.EnterKey(t.Context(), d.key(t, 1, nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.MayRun(t.Context(), askViewer); err != nil {
		t.Error(err)
	}
	for name, text := range map[string]string{
		"another trusted document": askSectors, "nothing": "", "its hash": hashOf(askViewer), "one more space": askViewer + " ",
		"a comment before it": "#\n" + askViewer, "other spaces": strings.Replace(askViewer, " ", "  ", 1), "capitals": strings.ToUpper(askViewer),
		"a byte order mark": "\ufeff" + askViewer, "twice": askViewer + askViewer,
	} {
		err := v.MayRun(t.Context(), text)
		if e := kritis.AsError(err); err == nil || e.Code != kritis.CodeForbidden || !strings.Contains(e.Message, "the documents viewer,") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if text, err := v.StoredDocument(t.Context(), hashOf(askViewer)); text != askViewer || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	for name, hash := range map[string]string{"another trusted document": hashOf(askSectors), "none": "", "one that nobody has": hashOf("x"), "in capitals": strings.ToUpper(hashOf(askViewer))} {
		if text, err := v.StoredDocument(t.Context(), hash); text != "" || err == nil || kritis.AsError(err).Code != kritis.CodeForbidden {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	d.calls.Reset()
	if _, err := v.StoredDocument(t.Context(), hashOf(askViewer)); err != nil || d.calls.Total() != 0 {
		t.Errorf("a document that was read before is read again: %v, %v", d.calls.Counts(), err)
	}
	people := d.app.View(kritis.Development("test"))
	if err := people.MayRun(t.Context(), "anything"); err != nil {
		t.Errorf("people: %v", err)
	}
	if text, err := people.StoredDocument(t.Context(), hashOf(askViewer)); text != "" || kritis.AsError(err).Code != kritis.CodeBadInput {
		t.Errorf("people: %q, %v", text, err)
	}
}

func TestADocumentThatIsNotWhatItsHashSaysDoesNotRun(t *testing.T) {
	d := newDoor(t)
	hash := hashOf("query a { viewer { subject } }")
	d.put(t, store.Node{ID: store.ID("TrustedDocument/" + hash), Own: forAdministration, Props: map[string]store.Value{
		"sha256": store.String(hash), "name": store.String("a"), "text": store.String("query b { viewer { roles } }"),
	}})
	v, err := d.app.EnterKey(t.Context(), d.key(t, 1, map[string]store.Value{"documents": store.Strings(hash)}))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := v.StoredDocument(t.Context(), hash); text != "" || err == nil {
		t.Errorf("%q, %v", text, err)
	}
}

// respelled gives the bytes of a key their spelling, with a checksum that is right.
func respelled(id string, secret []byte) string {
	sum := crc32.ChecksumIEEE(append([]byte("kgi_"+id+"_"), secret...))
	return "kgi_" + id + "_" + base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint32(slices.Clone(secret), sum))
}

// mutateKey gives a key that differs from all good ones: half of them damaged texts, half well spelled.
func mutateKey(r *rand.Rand, good []string) string {
	for {
		text := []byte(good[r.IntN(len(good))])
		at := r.IntN(len(text))
		switch r.IntN(10) {
		case 0:
			text[at] = byte(r.UintN(256))
		case 1:
			const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
			text[at] = alphabet[r.IntN(len(alphabet))]
		case 2:
			text = slices.Delete(text, at, at+1)
		case 3:
			text = slices.Insert(text, at, byte(r.UintN(256)))
		case 4: // the secret of another key
			text = append(text[:13], good[r.IntN(len(good))][13:]...)
		default: // one bit to some of the secret, with its checksum
			raw, err := base64.RawURLEncoding.DecodeString(string(text[13:]))
			if err != nil {
				panic(err)
			}
			secret := raw[:32]
			for range 1 + r.IntN(3) {
				secret[r.IntN(32)] ^= 1 << r.UintN(8)
			}
			id := good[r.IntN(len(good))][4:12]
			text = []byte(respelled(id, secret))
		}
		if !slices.Contains(good, string(text)) {
			return string(text)
		}
	}
}

func TestNoMutatedSecretIsAccepted(t *testing.T) {
	d := newDoor(t)
	var good []string
	for seed := range byte(4) {
		good = append(good, d.key(t, seed+1, nil).Reveal())
	}
	for _, text := range good {
		if k, err := kritis.ParseKeySecret(text); err != nil || respelled(text[4:12], mustSecret(t, text)) != text {
			t.Fatalf("a good key: %v %v", k, err)
		} else if _, refused := d.enter(t, k); refused != "" {
			t.Fatalf("a good key: %s", refused)
		}
	}
	r := rand.New(rand.NewPCG(*keyMutationSeed, 0))
	judged := 0
	for range *keyMutations {
		text := mutateKey(r, good)
		k, err := kritis.ParseKeySecret(text)
		if err != nil {
			continue
		}
		judged++
		if _, refused := d.enter(t, k); refused == "" {
			t.Errorf("accepted (seed %d): %q", *keyMutationSeed, text)
		}
	}
	t.Logf("%d keys, %d of them with a right checksum", *keyMutations, judged)
	if judged < *keyMutations/3 { // else the mutations would prove nothing of the secret
		t.Errorf("only %d of %d were judged by their secret", judged, *keyMutations)
	}
}

func mustSecret(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(text[13:])
	if err != nil {
		t.Fatal(err)
	}
	return raw[:32]
}
