package sqlitestore

import (
	"database/sql/driver"
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"modernc.org/sqlite"
	"pgregory.net/rapid"

	"kritisgraph/internal/store"
)

var equalValues = cmp.Comparer(func(a, b store.Value) bool { return a.Equal(b) })

func anyValue() *rapid.Generator[store.Value] {
	texts := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", `"`, `\`, "ß\n\t", "\x00", "null", "7", strings.Repeat("ä", 6), strings.Repeat("x", 300), strings.Repeat("y", 70_000)}))
	return rapid.OneOf(
		rapid.Map(texts, store.String),
		rapid.Map(rapid.Int64(), store.Int),
		rapid.Map(rapid.SampledFrom([]int64{0, -1, math.MinInt64, math.MaxInt64}), store.Int),
		rapid.Map(rapid.Bool(), store.Bool),
		rapid.Map(rapid.SliceOfN(texts, 0, 20), func(list []string) store.Value { return store.Strings(list...) }),
	)
}

// What is written must come back, and SQLite must read the same in it.
func TestPropertiesComeBackAndSQLiteReadsThem(t *testing.T) {
	dc, err := new(sqlite.Driver).Open(filepath.Join(t.TempDir(), "json.db"))
	if err != nil {
		t.Fatal(err)
	}
	c := &conn{c: dc, stmts: map[string]driver.Stmt{}}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		props := rapid.MapOfN(rapid.StringMatching(`[a-z][A-Za-z0-9_]{0,20}`), anyValue(), 0, 12).Draw(t, "props")
		encoded := encodeProps(props)
		back, err := decodeProps(encoded, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(props, back, equalValues); diff != "" {
			t.Fatal(diff)
		}
		var valid int64
		var rendered string
		if err := c.query(t.Context(), "SELECT json_valid(?1, 8), json(?1)", []any{encoded}, func(row []driver.Value) error {
			valid, rendered = number(row[0]), text(row[1])
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		read := map[string]store.Value{}
		if err := json.Unmarshal([]byte(rendered), &read); err != nil || valid != 1 {
			t.Fatalf("SQLite finds it valid: %d; %v in %q", valid, err, rendered)
		}
		if diff := cmp.Diff(props, read, equalValues); diff != "" {
			t.Fatal(diff)
		}
		for name, v := range props {
			if v.Kind() == store.StringsKind {
				continue
			}
			if err := c.query(t.Context(), "SELECT "+strings.Replace(propExpr("", name), "props", "?1", 1)+" = ?2", []any{encoded, scalar(v)}, func(row []driver.Value) error {
				if number(row[0]) != 1 {
					t.Errorf("SQLite does not read %#v in %s", v, name)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestOnlyPropertiesAskedForAreDecoded(t *testing.T) {
	encoded := encodeProps(map[string]store.Value{"a": store.Int(1), "b": store.String("x"), "c": store.Bool(true)})
	got, err := decodeProps(encoded, []string{"b", "d"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]store.Value{"b": store.String("x")}, got, equalValues); diff != "" {
		t.Error(diff)
	}
}

// Bytes from a damaged file are an error, never a panic.
func FuzzDecodeProps(f *testing.F) {
	f.Add(encodeProps(map[string]store.Value{"a": store.Int(1), "b": store.Strings("x", "y"), "long": store.String(strings.Repeat("z", 300))}))
	f.Add([]byte{0xfc, 0xff, 0xff})
	f.Add([]byte{0xec, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		props, err := decodeProps(b, nil)
		if err != nil {
			return
		}
		again, err := decodeProps(encodeProps(props), nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(props, again, equalValues); diff != "" {
			t.Error(diff)
		}
	})
}
