package archive_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
	"kritisgraph/internal/store/storetest"
)

var loaded = time.Date(2026, 11, 1, 12, 0, 0, 0, kritis.Berlin)

// openSQLite opens an empty store with the real vocabulary.
func openSQLite(t testing.TB) *store.Store {
	t.Helper()
	d, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return create(t, d)
}

func create(t testing.TB, d store.Driver) *store.Store {
	t.Helper()
	s, err := store.Create(t.Context(), d, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(t.Context()) })
	return s
}

// filled opens a store with reference and small demo data, and changes to both.
func filled(t testing.TB) *store.Store {
	t.Helper()
	s := openSQLite(t)
	records := s.Sealed(func(yield func(store.Change, error) bool) {
		for c, err := range seed.ReferenceChanges(loaded) {
			if !yield(c, err) {
				return
			}
		}
		for c, err := range seed.Demo(seed.Options{Seed: 1, Size: seed.Small, Day: kritis.DayOf(loaded)}) {
			if !yield(c, err) {
				return
			}
		}
	})
	if err := s.Load(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	nodes, err := s.Nodes(t.Context(), everything(), []store.ID{"Operator/demo-op-0001", "Authority/bsi"})
	if err != nil || len(nodes) != 2 {
		t.Fatal(nodes, err)
	}
	c := store.Change{Events: []store.Event{{Type: "CHANGED", Subject: nodes[0].ID}}, Once: store.Once{Owner: "o", Key: "k", Digest: "d"}}
	for _, n := range nodes {
		n.Props["website"] = store.String("https://www.kritis.example/ü")
		c.Put, c.If = append(c.Put, n), append(c.If, at(n.ID, n.Version))
	}
	commit(t, s, c)
	return s
}

func TestRealDataGoFromSQLiteToAnotherEngineAndBackByteForByte(t *testing.T) {
	first := export(t, filled(t))
	model := create(t, storetest.NewModel())
	load(t, model, first)
	second := export(t, model)
	if second != first {
		t.Fatalf("the model exports something else: %s", difference(first, second))
	}
	back := openSQLite(t)
	load(t, back, second)
	if third := export(t, back); third != first {
		t.Fatalf("SQLite exports something else: %s", difference(first, third))
	}
}

// difference shows the first lines that differ.
func difference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return cmp.Diff(x[i], y[i])
		}
	}
	return "one has more lines"
}

// interrupted is a writer that commits to the store now and then while the store is written to it.
type interrupted struct {
	bytes.Buffer
	lines  int
	commit func()
}

func (w *interrupted) Write(p []byte) (int, error) {
	if w.lines++; w.lines%1_000 == 1 {
		w.commit()
	}
	return w.Buffer.Write(p)
}

func TestAnExportMadeWhileOthersWriteIsOneMomentOfTheStore(t *testing.T) {
	s := filled(t)
	before, start := export(t, s), head(t, s)
	version := int64(2)
	w := &interrupted{commit: func() {
		nodes, err := s.Nodes(t.Context(), everything(), []store.ID{"Operator/demo-op-0001"})
		if err != nil {
			t.Fatal(err)
		}
		commit(t, s, store.Change{If: []store.Cond{at(nodes[0].ID, version)}, Put: nodes})
		version++
	}}
	if _, err := archive.Write(t.Context(), w, s, everything()); err != nil {
		t.Fatal(err)
	}
	if head(t, s) < start+3 {
		t.Errorf("only %d commits came in between", head(t, s)-start)
	}
	if w.String() != before {
		t.Errorf("it is not the store as it was at the beginning: %s", difference(before, w.String()))
	}
	var backup bytes.Buffer
	if _, err := archive.Backup(t.Context(), &backup, s, everything()); err != nil {
		t.Fatal(err)
	}
	other := openSQLite(t)
	if _, err := archive.Restore(t.Context(), &backup, other); err != nil {
		t.Fatal(err)
	}
	if want, have := export(t, s), export(t, other); want != have {
		t.Errorf("the restored store exports something else: %s", difference(want, have))
	}
}
