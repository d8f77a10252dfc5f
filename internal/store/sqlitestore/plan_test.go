package sqlitestore

import (
	"context"
	"database/sql/driver"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// recorder is a connection that notes the statements prepared on it.
type recorder struct {
	driver.Conn
	texts map[string]bool
}

func (r *recorder) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	r.texts[text] = true
	return r.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, text)
}

// A full scan of a table is a SCAN that names no index, or hides in an index that SQLite makes for one statement; lists that
// are parameters are scanned as virtual tables, and p is the page that was found.
var fullScan = regexp.MustCompile(`SCAN (\w+)(?:$| LEFT)|USING AUTOMATIC`)

func TestNoStatementScansATable(t *testing.T) {
	ctx := t.Context()
	d, err := Open(ctx, Options{Dir: t.TempDir(), Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s, err := store.Create(ctx, d, storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.readers.take(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{Conn: c.c, texts: map[string]bool{}}
	c.c = r
	d.readers.put(c)
	for _, scope := range []store.Scope{store.Unrestricted(), store.NewScope(store.Grant{Audience: "public", Max: store.TLPRed})} {
		readEverything(t, s, scope)
	}
	c, err = d.readers.take(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer d.readers.put(c)
	c.c = r.Conn
	if len(r.texts) < 30 {
		t.Errorf("only %d statements were seen", len(r.texts))
	}
	var plans strings.Builder
	for _, text := range slices.Sorted(maps.Keys(r.texts)) {
		if !strings.HasPrefix(text, "SELECT") {
			continue
		}
		var plan []string
		args := make([]any, 40)
		if err := c.query(ctx, "EXPLAIN QUERY PLAN "+text, args, func(row []driver.Value) error {
			plan = append(plan, row[3].(string))
			return nil
		}); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		t.Log(text + "\n\t" + strings.Join(plan, "\n\t"))
		plans.WriteString(strings.Join(plan, "\n"))
		for _, line := range plan {
			if m := fullScan.FindStringSubmatch(line); m != nil && m[1] != "p" {
				t.Errorf("%s\n\t%s", text, strings.Join(plan, "\n\t"))
			}
		}
	}
	for _, index := range []string{
		"node_id", "edge_id", "edge_src", "edge_dst", "log_row_id", "log_row_kind", "log_event_type",
		"label_Body", "sort_Body_name", "prop_Body_slug", "prop_Body_kind",
	} {
		if !strings.Contains(plans.String(), "INDEX "+index) {
			t.Errorf("no statement uses the index %s", index)
		}
	}
}

// readEverything makes each kind of read at least once.
func readEverything(t *testing.T, s *store.Store, scope store.Scope) {
	t.Helper()
	ctx := t.Context()
	str := store.String
	check := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	body, land := []store.Label{"Body"}, []store.Label{"Land"}
	in := store.Filter{Some: &store.Rel{Edge: "SERVES", Where: store.Where("code", store.EQ, str("BY"))}}
	for _, q := range []store.Query{
		{Labels: body},
		{Labels: append(body, "Land"), Total: true},
		{Labels: body, Order: []store.Order{{Prop: "name"}}, Start: &store.Position{Keys: []store.Value{str("a")}, Node: "Body/a"}},
		{Labels: body, Order: []store.Order{{Prop: "name", Desc: true}}, Backwards: true, Start: &store.Position{Keys: []store.Value{str("a")}, Node: "Body/a"}},
		{Labels: body, Where: store.Where("kind", store.EQ, str("x")), Order: []store.Order{{Prop: "name"}}, ValidOn: "2026-01-01"},
		{Labels: body, Where: store.Where("slug", store.IN, str("x"), str("y"))},
		{Labels: land, Where: store.Where("population", store.GTE, store.Int(5)), Total: true},
		{Labels: body, Where: in},
		{Labels: body, Where: store.Filter{None: in.Some}},
		{Labels: body, Where: store.Filter{Some: &store.Rel{Edge: "HOLDS", Where: store.Where("role", store.EQ, str("x"))}}},
		{Labels: body, Text: "a b"},
	} {
		check(s.List(ctx, scope, q))
	}
	check(s.Nodes(ctx, scope, []store.ID{"Land/BY"}))
	check(s.Head(ctx, store.Mark{}))
	for _, by := range [][]store.Key{
		nil, {{Prop: "kind"}}, {{Edge: "SERVES"}, {Prop: "slug"}},
	} {
		check(s.Count(ctx, scope, store.Query{Labels: body}, by...))
	}
	check(s.Count(ctx, scope, store.Query{Labels: land}, store.Key{Prop: "population", Bounds: []store.Value{store.Int(1), store.Int(2)}}, store.Key{Prop: "tags"}))
	for _, dir := range []store.Dir{store.Out, store.In} {
		check(s.Neighbors(ctx, scope, []store.Hop{{From: []store.ID{"Land/BY"}, Edge: "SERVES", Dir: dir, Via: store.Where("strength", store.GT, store.Int(1)), Query: store.Query{Total: true, ValidOn: "2026-01-01"}}}))
	}
	check(s.Traverse(ctx, scope, store.Walk{From: []store.ID{"Land/BY"}, Follow: []store.Step{{Edge: "SERVES"}, {Edge: "HOLDS"}, {Edge: "PART_OF", Dir: store.In}}, Depth: 2, ValidOn: "2026-01-01"}))
	for _, q := range []store.LogQuery{
		{Total: true}, {Newest: true}, {Of: []store.ID{"Land/BY"}}, {Labels: []string{"Land"}, After: 5, UpTo: 9}, {Events: []string{"X"}}, {Once: &store.OnceKey{Owner: "a", Key: "b"}},
	} {
		check(s.Log(ctx, scope, q))
	}
}
