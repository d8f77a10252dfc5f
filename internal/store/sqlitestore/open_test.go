package sqlitestore_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "kritisgraph")
	s, err := store.Create(t.Context(), open(t, sqlitestore.Options{Dir: dir}), thingSchema(1), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(t.Context(), step(1)); err != nil {
		t.Fatal(err)
	}
	modes := map[string]fs.FileMode{".": 0o700}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		modes[e.Name()] = 0o600
	}
	if len(modes) < 4 {
		t.Errorf("only %d files are there while the store is open", len(modes))
	}
	for name, want := range modes {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %v, not %v", name, got, want)
		}
	}
}

func TestASecondWriterIsToldWhatToDo(t *testing.T) {
	dir := t.TempDir()
	first := open(t, sqlitestore.Options{Dir: dir})
	_, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: dir})
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v", err)
	}
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	open(t, sqlitestore.Options{Dir: dir})
}

func TestAReaderMakesNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: dir, ReadOnly: true}); !errors.Is(err, store.ErrNoStore) {
		t.Errorf("an empty directory got %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("the reader left %v: %v", entries, err)
	}
	writer := open(t, sqlitestore.Options{Dir: dir})
	if _, err := writer.Identity(t.Context()); !errors.Is(err, store.ErrNoStore) {
		t.Errorf("before the first migration the identity got %v", err)
	}
	if _, err := writer.Nodes(t.Context(), store.Unrestricted(), nil); !errors.Is(err, store.ErrNoStore) {
		t.Errorf("before the first migration a read got %v", err)
	}
	if _, err := writer.Commit(t.Context(), step(1)); !errors.Is(err, store.ErrNoStore) {
		t.Errorf("before the first migration a commit got %v", err)
	}
}

func TestAReaderNeedsNoWriterBeside(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "kritisgraph.db"), storeFile(t), 0o600); err != nil {
		t.Fatal(err)
	}
	reader := open(t, sqlitestore.Options{Dir: dir, ReadOnly: true})
	if head := checkStore(t, reader); head != 300 {
		t.Errorf("the reader sees %d commits of 300", head)
	}
}

func TestAFileThatIsNoStoreIsRefused(t *testing.T) {
	long := strings.Repeat("no database ", 1000)
	for _, c := range []struct {
		name, content, want string
	}{
		{"text", long, "no database of kritisgraph"},
		{"another SQLite database", foreign(t), "belongs to another program"},
		{"a damaged store", damaged(t), "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, readOnly := range []bool{false, true} {
				dir := t.TempDir()
				path := filepath.Join(dir, "kritisgraph.db")
				if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
					t.Fatal(err)
				}
				err := readSomething(t, sqlitestore.Options{Dir: dir, ReadOnly: readOnly})
				if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "SELECT") {
					t.Errorf("read only %v: got %v", readOnly, err)
				}
				if after, err := os.ReadFile(path); err != nil || string(after) != c.content {
					t.Errorf("read only %v: the file was altered: %v", readOnly, err)
				}
			}
		})
	}
}

func readSomething(t *testing.T, o sqlitestore.Options) error {
	d, err := sqlitestore.Open(t.Context(), o)
	if err != nil {
		return err
	}
	_, err = d.List(t.Context(), store.Unrestricted(), store.Query{Labels: []store.Label{"Thing"}, Limit: 1000})
	return errors.Join(err, d.Close(context.Background()))
}

// storeFile returns the bytes of a store with some commits.
func storeFile(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	d, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Create(t.Context(), d, thingSchema(1), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), s.Sealed(steps(300))); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, "kritisgraph.db"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// foreign returns a store as another program would mark it: with another application id, at byte 68 of the file.
func foreign(t *testing.T) string {
	content := storeFile(t)
	copy(content[68:72], "else")
	return string(content)
}

// damaged returns a store whose pages behind the first few are overwritten.
func damaged(t *testing.T) string {
	content := storeFile(t)
	for i := 8 * 4096; i < len(content); i++ {
		content[i] = 0xa5
	}
	return string(content)
}

func TestMigrationDerivesWhatIsNew(t *testing.T) {
	d := open(t, sqlitestore.Options{Dir: t.TempDir()})
	s, err := store.Create(t.Context(), d, thingSchema(1), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), s.Sealed(steps(12))); err != nil {
		t.Fatal(err)
	}
	before, err := d.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s, err = store.Create(t.Context(), d, thingSchema(2), store.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		query store.Query
		want  string
	}{
		{"a text sorts by its folded copy", store.Query{Order: []store.Order{{Prop: "name"}}}, "1 10 11 12 2 3 4 5 6 7 8 9"},
		{"a number sorts by itself", store.Query{Order: []store.Order{{Prop: "number", Desc: true}}}, "12 11 10 9 8 7 6 5 4 3 2 1"},
		{"words are found", store.Query{Text: "grosse 1"}, "1 10 11 12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.query.Labels = []store.Label{"Thing"}
			p, err := s.List(t.Context(), store.Unrestricted(), c.query)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range p.Hits {
				got = append(got, h.Node.ID.Key())
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
	after, err := d.Identity(t.Context())
	if err != nil || after.Store != before.Store || string(after.Key) != string(before.Key) || after.Schema != 2 {
		t.Errorf("the identity was %v, now is %v: %v", before, after, err)
	}
	if err := d.Migrate(t.Context(), thingSchema(1)); !errors.Is(err, store.ErrSchema) {
		t.Errorf("an older schema got %v", err)
	}
}

func TestANameThatTheSchemaLacksNeverReachesAStatement(t *testing.T) {
	d := open(t, sqlitestore.Options{Dir: t.TempDir()})
	if err := d.Migrate(t.Context(), thingSchema(1)); err != nil {
		t.Fatal(err)
	}
	all, bad := store.Unrestricted(), "Thing' OR '1'='1"
	things := []store.Label{"Thing"}
	for _, c := range []struct {
		name string
		call func() error
	}{
		{"label", func() error {
			_, err := d.List(t.Context(), all, store.Query{Labels: []store.Label{store.Label(bad)}})
			return err
		}},
		{"property of a filter", func() error {
			_, err := d.List(t.Context(), all, store.Query{Labels: things, Where: store.Where(bad, store.ABSENT)})
			return err
		}},
		{"property of an order", func() error {
			_, err := d.List(t.Context(), all, store.Query{Labels: things, Order: []store.Order{{Prop: bad}}})
			return err
		}},
		{"edge type of a relation", func() error {
			_, err := d.List(t.Context(), all, store.Query{Labels: things, Where: store.Filter{Some: &store.Rel{Edge: store.EdgeType(bad)}}})
			return err
		}},
		{"property of a count", func() error {
			_, err := d.Count(t.Context(), all, store.Query{Labels: things}, store.Key{Prop: bad})
			return err
		}},
		{"edge type of a count", func() error {
			_, err := d.Count(t.Context(), all, store.Query{Labels: things}, store.Key{Edge: store.EdgeType(bad)})
			return err
		}},
		{"edge type of a hop", func() error {
			_, err := d.Neighbors(t.Context(), all, []store.Hop{{From: []store.ID{"Thing/1"}, Edge: store.EdgeType(bad)}})
			return err
		}},
		{"edge type of a walk", func() error {
			s, err := store.Open(t.Context(), d, thingSchema(1), store.Options{})
			if err == nil {
				_, err = s.Commit(t.Context(), step(1))
			}
			if err != nil {
				t.Fatal(err)
			}
			_, err = d.Traverse(t.Context(), all, store.Walk{From: []store.ID{thing(1)}, Follow: []store.Step{{Edge: store.EdgeType(bad)}}, Depth: 1, MaxNodes: 9, MaxEdges: 9})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.call(); !errors.Is(err, store.ErrInvalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAClosedStoreAnswersNothing(t *testing.T) {
	d := open(t, sqlitestore.Options{Dir: t.TempDir()})
	if err := d.Migrate(t.Context(), thingSchema(1)); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Identity(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if _, err := d.Commit(t.Context(), step(1)); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}
