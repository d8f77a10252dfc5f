package audit_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/audit"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// tampered is a driver whose log is shown otherwise than it was written.
type tampered struct {
	store.Driver
	mu  sync.Mutex
	log func(*store.Record)
}

func (d *tampered) show(log func(*store.Record)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.log = log
}

func (d *tampered) Log(ctx context.Context, scope store.Scope, q store.LogQuery) (store.LogPage, error) {
	p, err := d.Driver.Log(ctx, scope, q)
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range p.Records {
		if d.log != nil {
			d.log(&p.Records[i])
		}
	}
	return p, err
}

func newStore(t *testing.T) (*store.Store, *tampered) {
	t.Helper()
	driver := &tampered{Driver: storetest.NewModel()}
	s, err := store.Create(t.Context(), driver, storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, driver
}

// commit makes commits without things.
func commit(t *testing.T, s *store.Store, n int) {
	t.Helper()
	for i := range n {
		if _, err := s.Commit(t.Context(), store.Change{Meta: store.Meta{Actor: "somebody", Action: fmt.Sprint("WORK_", i)}}); err != nil {
			t.Fatal(err)
		}
	}
}

func newKey(t *testing.T) audit.Key {
	t.Helper()
	key, err := audit.OpenKey(filepath.Join(t.TempDir(), "audit-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func records(t *testing.T, s *store.Store) []store.Record {
	t.Helper()
	page, err := s.Log(t.Context(), store.Unrestricted(), store.LogQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Records
}

// covered are the commits that the checkpoints of a log cover, in order, after all of them were checked.
func covered(t *testing.T, s *store.Store, keys ...audit.PublicKey) []store.Seq {
	t.Helper()
	var found []store.Seq
	checker := audit.NewChecker(keys...)
	for _, r := range records(t, s) {
		if err := checker.Add(&r); err != nil {
			t.Fatal(err)
		}
		all, err := audit.Checkpoints(&r)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			found = append(found, c.Seq)
		}
	}
	return found
}

// notary is one that runs in the bubble of a test until end is called.
type notary struct {
	told []string
	end  func() error
}

func run(t *testing.T, s *store.Store, key audit.Key) *notary {
	n := &notary{}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	of := audit.NewNotary(s, store.Unrestricted(), key, time.Now, func(err error) { n.told = append(n.told, fmt.Sprint(err)) })
	go func() { ended <- of.Run(ctx) }()
	n.end = func() error { cancel(); return <-ended }
	return n
}

func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestCheckpointsAreWrittenWhenTheyAreDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := newStore(t)
		key := newKey(t)
		want := func(what string, seqs ...store.Seq) {
			t.Helper()
			if diff := cmp.Diff(seqs, covered(t, s, key.Public())); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		n := run(t, s, key)
		pass(time.Minute)
		want("of nothing")
		commit(t, s, 3)
		pass(time.Minute)
		want("at the beginning", 3)
		commit(t, s, 2)
		pass(50 * time.Minute)
		want("before the hour", 3)
		pass(10 * time.Minute)
		want("after an hour", 3, 6)
		pass(5 * time.Hour)
		want("when nothing happens", 3, 6)
		commit(t, s, 1)
		pass(time.Minute)
		want("when something happens after hours", 3, 6, 8)
		commit(t, s, 1_000)
		pass(time.Minute)
		want("after a thousand commits", 3, 6, 8, 1009)
		commit(t, s, 1)
		if err := n.end(); err != nil {
			t.Error(err)
		}
		want("at the end", 3, 6, 8, 1009, 1011)

		again := run(t, s, key)
		pass(2 * time.Hour)
		if err := again.end(); err != nil {
			t.Error(err)
		}
		want("of another process while nothing happens", 3, 6, 8, 1009, 1011)
		if len(n.told)+len(again.told) > 0 {
			t.Errorf("told %q, %q", n.told, again.told)
		}
	})
}

func TestTwoNotariesDoNotSignEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := newStore(t)
		one, two := newKey(t), newKey(t)
		commit(t, s, 1)
		a, b := run(t, s, one), run(t, s, two)
		pass(24 * time.Hour)
		if err := errors.Join(a.end(), b.end()); err != nil {
			t.Error(err)
		}
		if got := covered(t, s, one.Public(), two.Public()); len(got) > 2 {
			t.Errorf("they signed commits %v", got)
		}
	})
}

func TestALogThatDoesNotFitIsNotSigned(t *testing.T) {
	for name, alter := range map[string]func(*store.Record){
		"after the checkpoint": func(r *store.Record) {
			if r.Seq == 4 {
				r.Change.Meta.Actor = "nobody"
			}
		},
		"rewritten as a whole": func(r *store.Record) { r.Prev[0]++; r.Hash[0]++ },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, driver := newStore(t)
				key := newKey(t)
				commit(t, s, 2)
				n := run(t, s, key)
				pass(time.Minute)
				commit(t, s, 2)
				driver.show(alter)
				pass(time.Hour)
				if len(n.told) != 1 || !strings.Contains(n.told[0], "commit") {
					t.Errorf("told %q", n.told)
				}
				driver.show(nil)
				if got := covered(t, s, key.Public()); !slices.Equal(got, []store.Seq{2}) {
					t.Errorf("it signed commits %v", got)
				}
				driver.show(alter)
				if err := n.end(); err == nil {
					t.Error("the end is no error")
				}
			})
		})
	}
}

// forged is a log of five commits and its checkpoints, all of it written anew with hashes that fit, by who has no key or another.
func forged(t *testing.T, alter func(seq store.Seq, c *store.Change)) []store.Record {
	t.Helper()
	var out []store.Record
	var prev store.Hash
	for seq := store.Seq(1); seq <= 6; seq++ {
		c := store.Change{Meta: store.Meta{Actor: "somebody", Action: fmt.Sprint("WORK_", seq)}}
		alter(seq, &c)
		r, err := store.Seal(prev, seq, c)
		if err != nil {
			t.Fatal(err)
		}
		out, prev = append(out, r), r.Hash
	}
	return out
}

func TestACheckpointIsCheckedByHashAndSignature(t *testing.T) {
	key, other := newKey(t), newKey(t)
	sound := forged(t, func(store.Seq, *store.Change) {})
	// carry lets commit 5 carry a checkpoint of commit 3.
	carry := func(by audit.Key, hash store.Hash, alter func(map[string]store.Value)) []store.Record {
		return forged(t, func(seq store.Seq, c *store.Change) {
			if seq != 5 {
				return
			}
			at := by.Sign(3, hash, 1_000_000)
			text, _ := at.Hash.MarshalText()
			props := map[string]store.Value{
				"seq": store.Int(int64(at.Seq)), "hash": store.String(string(text)), "at": store.Int(at.At), "key": store.String(at.Key),
				"signature": store.String(base64.StdEncoding.EncodeToString(at.Signature)),
			}
			alter(props)
			c.Events = []store.Event{{Type: audit.EventCheckpoint, Props: props}}
		})
	}
	as := func(map[string]store.Value) {}
	set := func(name string, v store.Value) func(map[string]store.Value) {
		return func(props map[string]store.Value) { props[name] = v }
	}
	rewritten := forged(t, func(seq store.Seq, c *store.Change) {
		if seq == 2 {
			c.Meta.Actor = "nobody"
		}
	})
	for _, c := range []struct {
		name    string
		records []store.Record
		keys    []audit.PublicKey
		want    string
	}{
		{"it holds", carry(key, sound[2].Hash, as), []audit.PublicKey{key.Public()}, ""},
		{"it holds by one of several keys", carry(key, sound[2].Hash, as), []audit.PublicKey{other.Public(), key.Public()}, ""},
		{"nobody checks the signature", carry(other, sound[2].Hash, as), nil, ""},
		{"another key", carry(other, sound[2].Hash, as), []audit.PublicKey{key.Public()}, "commit 5: it is signed with the key " + other.Public().ID()},
		{"another key under this name", carry(other, sound[2].Hash, set("key", store.String(key.Public().ID()))), []audit.PublicKey{key.Public()}, "commit 5: its signature is not one"},
		{"another hash", carry(key, rewritten[2].Hash, as), nil, "commit 5: when it was signed, commit 3 had another hash"},
		{"another commit", carry(key, sound[2].Hash, set("seq", store.Int(2))), nil, "commit 2 had another hash"},
		{"another instant", carry(key, sound[2].Hash, set("at", store.Int(2))), []audit.PublicKey{key.Public()}, "its signature is not one"},
		{"a later commit", carry(key, sound[2].Hash, set("seq", store.Int(5))), nil, "no checkpoint"},
		{"none", carry(key, sound[2].Hash, set("seq", store.Value{})), nil, "no checkpoint"},
		{"no hash", carry(key, sound[2].Hash, set("hash", store.String("x"))), nil, "no checkpoint"},
		{"no signature", carry(key, sound[2].Hash, set("signature", store.String("?"))), nil, "no checkpoint"},
		{"an empty signature", carry(key, sound[2].Hash, set("signature", store.String(""))), []audit.PublicKey{key.Public()}, "its signature is not one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			checker := audit.NewChecker(c.keys...)
			var err error
			for i := range c.records {
				if err = checker.Add(&c.records[i]); err != nil {
					break
				}
			}
			if (err == nil) != (c.want == "") || err != nil && (!errors.Is(err, audit.ErrCheckpoint) || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err == nil && (checker.Count() != 1 || checker.Last().Seq != 3) {
				t.Errorf("%d checkpoints, the last of %d", checker.Count(), checker.Last().Seq)
			}
		})
	}
}

func TestAKeyStaysTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit-key.pem")
	made := make([]audit.Key, 8)
	var g sync.WaitGroup
	for i := range made {
		g.Go(func() {
			var err error
			if made[i], err = audit.OpenKey(path); err != nil {
				t.Error(err)
			}
		})
	}
	g.Wait()
	public, err := audit.ReadPublicKey(audit.PublicFile(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range made {
		if key.Public().ID() != public.ID() || !key.Sign(1, store.Hash{}, 1).SignedBy(public) {
			t.Errorf("%s beside %s", key.Public().ID(), public.ID())
		}
	}
	for name, want := range map[string]os.FileMode{path: 0o600, audit.PublicFile(path): 0o644} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has the mode %v: %v", name, info.Mode(), err)
		}
	}
}

func TestAKeyThatIsNoneIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"others may read it": func(path string) error { return os.Chmod(path, 0o644) },
		"it is no PEM":       func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) },
		"it is the public half": func(path string) error {
			return errors.Join(os.Rename(audit.PublicFile(path), path), os.Chmod(path, 0o600))
		},
		"the public half is of another one": func(path string) error { return os.Rename(path+".other.pub", audit.PublicFile(path)) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "audit-key.pem")
			for _, p := range []string{path, path + ".other.pem"} {
				if _, err := audit.OpenKey(p); err != nil {
					t.Fatal(err)
				}
			}
			if err := spoil(path); err != nil {
				t.Fatal(err)
			}
			if key, err := audit.OpenKey(path); err == nil {
				t.Errorf("it is taken as %s", key.Public().ID())
			}
		})
	}
	path := filepath.Join(t.TempDir(), "audit-key.pem")
	if _, err := audit.OpenKey(path); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.ReadPublicKey(path); err == nil {
		t.Error("a private key is read as a public one")
	}
}
