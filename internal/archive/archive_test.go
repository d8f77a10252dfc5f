package archive_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

func everything() store.Scope { return store.Unrestricted() }

// newStore opens an empty store with the vocabulary of the suite.
func newStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Create(t.Context(), storetest.NewModel(), storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type props = map[string]store.Value

func body(slug string) store.Node {
	return store.Node{
		ID: store.NewID("Body", slug), Props: props{"slug": store.String(slug), "name": store.String("Amt <" + slug + "> & Söhne")},
		Own: store.Visibility{TLP: store.TLPGreen, Audiences: []string{"land:BY", "public"}},
	}
}

func memo(key, text string) store.Node {
	return store.Node{ID: store.NewID("Memo", key), Props: props{"text": store.String(text)}}
}

func about(from, to store.ID) store.Edge {
	return store.Edge{ID: store.EdgeID("ABOUT", from, to), From: from, To: to, Props: props{}}
}

func commit(t testing.TB, s *store.Store, c store.Change) {
	t.Helper()
	if c.Meta.Actor == "" {
		c.Meta = store.Meta{Actor: "tester", Action: "TEST", At: 7}
	}
	if _, err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func at(id store.ID, version int64) store.Cond { return store.Cond{ID: id, Version: version} }

// story fills a store with everything that a log can hold: nodes, edges, changes, deletions, events, keys, conditions.
func story(t testing.TB, s *store.Store) {
	t.Helper()
	a, b := body("a"), body("b")
	commit(t, s, store.Change{If: []store.Cond{at(a.ID, 0), at(b.ID, 0), at("Memo/m", 0)}, Put: []store.Node{a, b, memo("m", "\x00 \u2028 'quoted' \\")}})
	e, f := about("Memo/m", a.ID), about("Memo/m", b.ID)
	commit(t, s, store.Change{If: []store.Cond{at(e.ID, 0), at(f.ID, 0), at(b.ID, 1)}, Link: []store.Edge{e, f},
		Events: []store.Event{{Type: "LINKED", Subject: a.ID, Props: props{"n": store.Int(-3), "l": store.Strings("x", "")}}},
		Once:   store.Once{Owner: "o", Key: "k", Digest: "d"}, Result: []store.ID{a.ID}})
	a.Props["note"] = store.String("neu")
	commit(t, s, store.Change{If: []store.Cond{at(a.ID, 1), at(f.ID, 1), at(b.ID, 1)}, Put: []store.Node{a}, Delete: []store.ID{f.ID, b.ID},
		Meta: store.Meta{Actor: "someone", Action: "ÄNDERN", Reason: "because", Request: "r-1", At: 8}})
	commit(t, s, store.Change{Events: []store.Event{{Type: "READ", Subject: a.ID}}})
}

func export(t testing.TB, s *store.Store) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := archive.Write(t.Context(), &out, s, everything()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func load(t testing.TB, s *store.Store, file string) archive.Report {
	t.Helper()
	r, err := archive.Import(t.Context(), strings.NewReader(file), s, everything(), archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told returns an export of the story.
func told(t testing.TB) string {
	t.Helper()
	s := newStore(t)
	story(t, s)
	return export(t, s)
}

func TestAnExportThatIsImportedIsExportedAgainByteForByte(t *testing.T) {
	first := told(t)
	other := newStore(t)
	if diff := cmp.Diff(archive.Report{Replayed: true, Commits: 4, Things: 8}, load(t, other, first)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(strings.Split(first, "\n"), strings.Split(export(t, other), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestAnEmptyStoreIsExportedAndImported(t *testing.T) {
	first := export(t, newStore(t))
	other := newStore(t)
	load(t, other, first)
	if again := export(t, other); again != first {
		t.Errorf("%s became %s", first, again)
	}
}

func TestAnExportHasOneObjectALineWithSortedKeys(t *testing.T) {
	file := told(t)
	lines := strings.SplitAfter(file, "\n")
	if want := `{"header":{"format":"kritisgraph-export/1","schema":1,"seq":4}}` + "\n"; lines[0] != want {
		t.Errorf("the header is %s", lines[0])
	}
	for i, line := range lines[:len(lines)-1] {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		var sorted bytes.Buffer
		enc := json.NewEncoder(&sorted)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil || sorted.String() != line {
			t.Errorf("line %d is\n%s, sorted it is\n%s", i+1, line, sorted.String())
		}
	}
}

func TestABackupIsRestoredIntoAnEmptyStoreOnly(t *testing.T) {
	s := newStore(t)
	story(t, s)
	var backup bytes.Buffer
	if _, err := archive.Backup(t.Context(), &backup, s, everything()); err != nil {
		t.Fatal(err)
	}
	other := newStore(t)
	if _, err := archive.Restore(t.Context(), bytes.NewReader(backup.Bytes()), other); err != nil {
		t.Fatal(err)
	}
	if export(t, other) != export(t, s) {
		t.Error("the restored store exports something else")
	}
	if _, err := archive.Restore(t.Context(), bytes.NewReader(backup.Bytes()), other); !errors.Is(err, archive.ErrNotEmpty) {
		t.Errorf("restored into data: %v", err)
	}
	flipped := slices.Clone(backup.Bytes())
	flipped[len(flipped)-6] ^= 1 // in the checksum of the compression
	for name, file := range map[string][]byte{
		"a cut backup": backup.Bytes()[:backup.Len()-20], "an altered backup": flipped, "an export": []byte(export(t, s)), "nothing": nil,
		"a backup with something after it": append(slices.Clone(backup.Bytes()), "more"...),
	} {
		empty := newStore(t)
		if _, err := archive.Restore(t.Context(), bytes.NewReader(file), empty); !errors.Is(err, archive.ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
		if head, err := empty.Head(t.Context(), store.Mark{}); err != nil || head.Seq != 0 {
			t.Errorf("%s left something: %v, %v", name, head, err)
		}
	}
}

func TestABackupIsNoExport(t *testing.T) {
	var backup bytes.Buffer
	if _, err := archive.Backup(t.Context(), &backup, newStore(t), everything()); err != nil {
		t.Fatal(err)
	}
	_, err := archive.Import(t.Context(), &backup, newStore(t), everything(), archive.Options{})
	if !errors.Is(err, archive.ErrFile) || !strings.Contains(err.Error(), "restored") {
		t.Error(err)
	}
}

// damaged is a driver whose log is not what was written.
type damaged struct{ store.Driver }

func (d damaged) Log(ctx context.Context, scope store.Scope, q store.LogQuery) (store.LogPage, error) {
	p, err := d.Driver.Log(ctx, scope, q)
	for i := range p.Records {
		if p.Records[i].Seq == 2 {
			p.Records[i].Change.Meta.Actor = "nobody"
		}
	}
	return p, err
}

func TestADamagedLogIsNotExported(t *testing.T) {
	s, err := store.Create(t.Context(), damaged{storetest.NewModel()}, storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	story(t, s)
	var out bytes.Buffer
	if _, err := archive.Write(t.Context(), &out, s, everything()); err == nil || !strings.Contains(err.Error(), "commit 2 was altered") {
		t.Error(err)
	}
	if strings.Contains(out.String(), `"end"`) {
		t.Error("the file looks complete")
	}
}

// sealed writes the end line that fits the lines before it.
func sealed(lines ...string) string {
	text := strings.Join(lines, "")
	var last struct{ Commit struct{ Hash string } }
	commits := 0
	for _, l := range lines {
		if strings.HasPrefix(l, `{"commit"`) {
			commits++
			_ = json.Unmarshal([]byte(l), &last)
		}
	}
	sum := sha256.Sum256([]byte(text))
	return text + fmt.Sprintf(`{"end":{"commits":%d,"hash":"%s","sha256":"%s"}}`+"\n", commits, last.Commit.Hash, hex.EncodeToString(sum[:]))
}
