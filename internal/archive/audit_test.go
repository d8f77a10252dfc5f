package archive_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/audit"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
	"kritisgraph/internal/store/storetest"
)

// tamperedStore is a database with five commits, changed behind the back of its driver.
func tamperedStore(t *testing.T, statements ...string) *store.Store {
	t.Helper()
	dir := t.TempDir()
	driver, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Create(t.Context(), driver, storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for version := range int64(5) {
		n := memo("m", strings.Repeat("x", int(version)+1))
		read := store.Event{Type: "READ", Props: map[string]store.Value{"actor": store.String("somebody")}}
		commit(t, s, store.Change{Put: []store.Node{n}, If: []store.Cond{{ID: n.ID, Version: version}}, Events: []store.Event{read}})
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "kritisgraph.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		result, err := db.Exec(statement)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			t.Fatalf("%s changed nothing: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if driver, err = sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: dir, ReadOnly: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = driver.Close(t.Context()) })
	if s, err = store.Open(t.Context(), driver, storetest.Schema(), store.Options{}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnAuditOfAStoreNamesTheFirstRecordThatDoesNotFit(t *testing.T) {
	for _, c := range []struct {
		name       string
		statements []string
		want       string
		holds      store.Seq
	}{
		{"nothing altered", nil, "", 5},
		{"another actor", []string{`UPDATE log SET actor = 'nobody' WHERE seq = 3`}, "commit 3 was altered", 2},
		{"another instant", []string{`UPDATE log SET at = at + 1 WHERE seq = 1`}, "commit 1 was altered", 0},
		{"another row", []string{`UPDATE log_row SET version = version + 1 WHERE r = (SELECT r FROM log_row ORDER BY r LIMIT 1 OFFSET 3)`}, "commit 4 was altered", 3},
		{"a removed row", []string{`DELETE FROM log_row WHERE r = (SELECT r FROM log_row ORDER BY r LIMIT 1 OFFSET 1)`}, "commit 2 was altered", 1},
		{"another event", []string{`UPDATE log_event SET props = NULL WHERE r = (SELECT r FROM log_event ORDER BY r LIMIT 1 OFFSET 1)`}, "commit 2 was altered", 1},
		{"a removed event", []string{`DELETE FROM log_event WHERE r = (SELECT r FROM log_event ORDER BY r LIMIT 1 OFFSET 2)`}, "commit 3 was altered", 2},
		{"a removed record", []string{`DELETE FROM log WHERE seq = 2`}, "commit 3 stands where 2 belongs", 1},
		{"two that changed places", []string{
			`UPDATE log SET seq = -2 WHERE seq = 2`, `UPDATE log SET seq = 2 WHERE seq = 3`, `UPDATE log SET seq = 3 WHERE seq = -2`,
		}, "commit 2 does not follow the one before it", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			proof, err := archive.AuditStore(t.Context(), tamperedStore(t, c.statements...), everything(), archive.Held{})
			if got := errorText(err); !strings.Contains(got, c.want) || c.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if proof.Seq != c.holds || proof.Commits != int64(c.holds) {
				t.Errorf("proven up to %d, want %d", proof.Seq, c.holds)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestACheckpointTellsALogThatWasRewrittenAsAWhole(t *testing.T) {
	write := func(texts ...string) *store.Store {
		s := newStore(t)
		for _, text := range texts {
			commit(t, s, store.Change{Put: []store.Node{memo(text, text)}, If: []store.Cond{{ID: memo(text, text).ID}}})
		}
		return s
	}
	prove := func(s *store.Store, noted ...archive.Checkpoint) (archive.Proof, error) {
		return archive.AuditStore(t.Context(), s, everything(), archive.Held{Noted: noted})
	}
	noted, err := prove(write("a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	read, err := archive.ParseCheckpoint(noted.Head().String())
	if err != nil || read != noted.Head() {
		t.Errorf("%s is read as %s: %v", noted.Head(), read, err)
	}
	if _, err := prove(write("a", "b", "c"), read); err != nil {
		t.Errorf("a log that went on: %v", err)
	}
	for name, s := range map[string]*store.Store{
		"another commit": write("a", "x"), "another one before": write("x", "b", "c"), "one commit less": write("a"), "nothing left": write(),
	} {
		if _, err := prove(s); err != nil {
			t.Errorf("%s: it is not sound in itself: %v", name, err)
		}
		if _, err := prove(s, read); !errors.Is(err, archive.ErrCheckpoint) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, text := range []string{"", "1", "1:", ":" + strings.Repeat("0", 64), "-1:" + strings.Repeat("0", 64), "1:" + strings.Repeat("0", 63), "1:" + strings.Repeat("g", 64)} {
		if c, err := archive.ParseCheckpoint(text); err == nil {
			t.Errorf("%q is read as %s", text, c)
		}
	}
}

// signed is a log of three commits and a checkpoint of the last one, signed by a notary with the key.
func signed(t *testing.T, key audit.Key, changes ...store.Change) *store.Store {
	t.Helper()
	s := newStore(t)
	for _, c := range changes {
		commit(t, s, c)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := audit.NewNotary(s, everything(), key, func() time.Time { return time.UnixMicro(8) }, nil).Run(ended); err != nil {
		t.Fatal(err)
	}
	return s
}

func newKey(t *testing.T) audit.Key {
	t.Helper()
	key, err := audit.OpenKey(filepath.Join(t.TempDir(), "audit-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestASignatureTellsALogThatWasRewrittenAsAWhole(t *testing.T) {
	key, other := newKey(t), newKey(t)
	work := []store.Change{
		{Meta: store.Meta{Actor: "a", Action: "WORK"}}, {Meta: store.Meta{Actor: "b", Action: "WORK"}}, {Meta: store.Meta{Actor: "c", Action: "WORK"}},
	}
	sound := signed(t, key, work...)
	work[1].Meta.Actor = "nobody"
	// The same log with another commit and the old checkpoint, and with one that somebody signed with a key of his own.
	var old []store.Change
	for r, err := range sound.Records(t.Context(), everything(), 0, 4) {
		if err != nil {
			t.Fatal(err)
		}
		old = append(old, r.Change)
	}
	rewritten := newStore(t)
	for _, c := range []store.Change{old[0], work[1], old[2], old[3]} {
		commit(t, rewritten, c)
	}
	resigned := signed(t, other, work...)
	for _, c := range []struct {
		name string
		log  *store.Store
		keys []audit.PublicKey
		want string
	}{
		{"a sound log", sound, []audit.PublicKey{key.Public()}, ""},
		{"a sound log of which nobody has the key", sound, nil, ""},
		{"rewritten", rewritten, []audit.PublicKey{key.Public()}, "commit 4: when it was signed, commit 3 had another hash"},
		{"rewritten, of which nobody has the key", rewritten, nil, "commit 4: when it was signed, commit 3 had another hash"},
		{"rewritten and signed again, of which nobody has the key", resigned, nil, ""},
		{"rewritten and signed again", resigned, []audit.PublicKey{key.Public()}, "commit 4: it is signed with the key " + other.Public().ID()},
	} {
		t.Run(c.name, func(t *testing.T) {
			held := archive.Held{Keys: c.keys}
			proof, err := archive.AuditStore(t.Context(), c.log, everything(), held)
			var file bytes.Buffer
			if _, wrote := archive.Write(t.Context(), &file, c.log, everything()); wrote != nil {
				t.Fatal(wrote)
			}
			ofFile, fileErr := archive.AuditFile(&file, storetest.Schema(), held)
			if errorText(err) != errorText(fileErr) || ofFile != proof {
				t.Errorf("the store says %v, %+v; a file %v, %+v", err, proof, fileErr, ofFile)
			}
			if !strings.Contains(errorText(err), c.want) || c.want == "" && err != nil || c.want != "" && !errors.Is(err, audit.ErrCheckpoint) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if want := (archive.Signed{Checkpoints: 1, Checked: c.keys != nil, Covered: 3, At: 8}); err == nil && proof.Signed != want {
				t.Errorf("got %+v, want %+v", proof.Signed, want)
			}
		})
	}
}
