package sqlitestore

import (
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"

	"kritisgraph/internal/store"
)

// BenchmarkScope counts what shows of 100,000 rows with 20,000 distinct visibilities, by each of the forms in which a scope
// can be part of a statement. A quarter of the rows shows.
func BenchmarkScope(b *testing.B) {
	const rows, kinds = 100_000, 20_000
	ctx := b.Context()
	var known visibilities
	for i := range kinds {
		v := store.Visibility{TLP: store.TLPClear, Audiences: []string{fmt.Sprintf("operator:%d", i), fmt.Sprintf("land:%d", i%16)}}
		if i%4 == 0 {
			v.Audiences = append(v.Audiences, "public")
		}
		known.known = append(known.known, v)
	}
	bits := known.bits(store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear}))
	var shown []int64
	for i, bit := range bits {
		if bit == 1 {
			shown = append(shown, int64(i)+1)
		}
	}
	d := new(sqlite.Driver)
	if err := d.RegisterScalarFunction("shows", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		return int64(bits[args[0].(int64)-1]), nil
	}); err != nil {
		b.Fatal(err)
	}
	dc, err := d.Open(filepath.Join(b.TempDir(), "scope.db"))
	if err != nil {
		b.Fatal(err)
	}
	c := &conn{c: dc, stmts: map[string]driver.Stmt{}}
	b.Cleanup(func() {
		if err := c.close(); err != nil {
			b.Error(err)
		}
	})
	for _, statement := range []string{
		"CREATE TABLE node (n INTEGER PRIMARY KEY, vis INTEGER)",
		"CREATE TABLE audience (v INTEGER, name TEXT, tlp INTEGER, PRIMARY KEY (v, name)) WITHOUT ROWID",
		fmt.Sprintf("INSERT INTO node (vis) WITH RECURSIVE i(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM i WHERE x < %d) SELECT x * 7 %% %d + 1 FROM i", rows-1, kinds),
	} {
		if _, err := c.exec(ctx, statement); err != nil {
			b.Fatal(err)
		}
	}
	if err := c.within(ctx, "BEGIN", func() error {
		for i, v := range known.known {
			for _, a := range v.Audiences {
				if _, err := c.exec(ctx, "INSERT INTO audience VALUES (?, ?, ?)", int64(i)+1, a, int64(v.TLP)); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for _, form := range []struct {
		name, condition string
		arg             any
	}{
		{"bytes by substr", shows("vis"), bits},
		{"list of keys", "vis IN (SELECT value FROM json_each(?1))", encodeInts(shown)},
		{"function in Go", "shows(vis) AND ?1", int64(1)},
		{"join with audiences", "EXISTS (SELECT 1 FROM audience a WHERE a.v = vis AND a.name = ?1 AND a.tlp <= 1)", "public"},
	} {
		b.Run(form.name, func(b *testing.B) {
			for b.Loop() {
				var n int64
				err := c.query(ctx, "SELECT count(*) FROM node WHERE "+form.condition, []any{form.arg}, func(row []driver.Value) error {
					n = number(row[0])
					return nil
				})
				if err != nil || n != rows/4 {
					b.Fatalf("%d rows show: %v", n, err)
				}
			}
		})
	}
	b.Run("a new scope", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			known.bits(store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear}, store.Grant{Audience: fmt.Sprint(i), Max: store.TLPRed}))
		}
	})
	b.Run("a known scope", func(b *testing.B) {
		scope := store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear}, store.Grant{Audience: "land:3", Max: store.TLPRed})
		for b.Loop() {
			known.bits(scope)
		}
	})
}
