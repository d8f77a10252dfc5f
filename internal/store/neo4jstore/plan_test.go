//go:build neo4j

package neo4jstore

import (
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// plan returns how the server would run a statement.
func plan(t *testing.T, d *Driver, statement string, p params) string {
	t.Helper()
	s := d.session(t.Context(), neo4j.AccessModeWrite)
	defer s.Close(t.Context())
	result, err := s.Run(t.Context(), "EXPLAIN "+statement, p)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	summary, err := result.Consume(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	// Children of a plan are wrong in this version of the driver; the text is whole.
	text, ok := summary.Plan().Arguments()["string-representation"].(string)
	if !ok || !strings.Contains(text, "ProduceResults") && !strings.Contains(text, "EmptyResult") {
		t.Fatalf("%s has no plan: %v", statement, summary.Plan().Arguments())
	}
	return text
}

// A planned is a statement and what its plan must and must not have.
type planned struct {
	name      string
	statement string
	params    params
	want      []string
	scans     bool // a scan of all nodes of the label asked for is what the question needs
	weighed   bool // the planner weighs several ways by the data that is there
}

// TestStatementsUseIndexes also looks at an empty store: what is planned there serves the first load.
func TestStatementsUseIndexes(t *testing.T) {
	words := newVocabulary(storetest.Schema())
	for name, lands := range map[string]int{"in a store with data": 2_000, "in an empty store": 0, "in a store with little data": 3} {
		t.Run(name, func(t *testing.T) {
			d := openServer(t)
			seed(t, d, lands)
			cypher(t, d, `CALL db.resampleOutdatedIndexes() RETURN 1`, nil)
			cypher(t, d, `CALL db.awaitIndexes(60) RETURN 1`, nil)
			cypher(t, d, `CALL db.clearQueryCaches()`, nil)
			for _, s := range append(readPlans(words), writePlans(words)...) {
				t.Run(s.name, func(t *testing.T) { s.check(t, plan(t, d, s.statement, s.params), lands > 0) })
			}
		})
	}
}

// check reports what a plan has and must not have, and the other way round. In an empty store only the statements
// whose plan does not depend on data need their indexes.
func (s planned) check(t *testing.T, text string, filled bool) {
	t.Helper()
	if !filled && s.weighed {
		return
	}
	bad := []string{"AllNodesScan", "AllRelationshipsScan", "RelationshipTypeScan", "HashJoin"}
	if !s.scans {
		bad = append(bad, "NodeByLabelScan", "UnionNodeByLabelsScan")
	}
	for _, operator := range bad {
		if strings.Contains(text, operator) {
			t.Errorf("the plan has %s:\n%s\n%s", operator, s.statement, text)
		}
	}
	for _, operator := range s.want {
		if !strings.Contains(text, operator) {
			t.Errorf("the plan lacks %s:\n%s\n%s", operator, s.statement, text)
		}
	}
}

// readPlans are the reading statements with the scope of a caller, a filter and a place to start.
func readPlans(words *vocabulary) []planned {
	scope := store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear})
	var all []planned
	add := func(name string, scans bool, make func(*builder) string, want ...string) {
		b := newBuilder(words)
		b.params["limit"], b.params["ids"] = int64(2), []string{"Land/BY"}
		statement := make(b)
		all = append(all, planned{name, statement, b.params, want, scans, scans})
	}
	list := func(name string, scans bool, q store.Query, want ...string) {
		q.Limit = 2
		add(name, scans, func(b *builder) string { return b.list(scope, q) }, want...)
	}
	land, body := []store.Label{"Land"}, []store.Label{"Body"}
	place := func(keys ...store.Value) *store.Position { return &store.Position{Keys: keys, Node: "Land/BY"} }
	byName, byNumber := []store.Order{{Prop: "name"}}, []store.Order{{Prop: "population", Desc: true}}

	add("nodes are found by id", false, func(b *builder) string { return stmtNodes(b.scope(scope, "n"), "properties(n)") }, "NodeUniqueIndexSeek")
	list("a list without an order reads a range of ids", false, store.Query{Labels: land, ValidOn: "2026-04-17"}, "n:_Node(id)")
	list("its next page too", false, store.Query{Labels: land, Start: place()}, "n:_Node(id)")
	list("a list by text reads the index of the folded copy", false, store.Query{Labels: land, Order: byName}, "n:Land(_s_name, id)", "PartialTop")
	list("its next page too, from the place on", false, store.Query{Labels: land, Order: byName, Start: place(store.String("bayern"))},
		"n:Land(_s_name, id)", "PartialTop")
	list("a list by number reads its index backwards", false, store.Query{Labels: land, Order: byNumber}, "n:Land(population, id)", "PartialTop")
	list("a list of several labels scans them", true, store.Query{Labels: []store.Label{"Land", "Body"}, Order: byName})
	list("a natural key is sought", false, store.Query{Labels: land, Order: byName, Where: store.Where("code", store.EQ, store.String("BY"))}, "NodeUniqueIndexSeek")
	list("an indexed property is sought", false, store.Query{Labels: body, Where: store.Where("kind", store.IN, store.String("land"))}, "n:Body(kind)")
	list("a text is sought in the full-text index", false, store.Query{Labels: body, Text: "amt", Total: true}, "queryNodes")
	rel := store.Filter{Some: &store.Rel{Edge: "SERVES", Label: "Land", Where: store.Where("code", store.EQ, store.String("BY"))}}
	list("a relation filter begins at either end", true, store.Query{Labels: body, Order: byName, Where: rel}, "SERVES")
	add("a count by a property scans its label", true, func(b *builder) string {
		return b.count(scope, store.Query{Labels: land}, []store.Key{{Prop: "tags"}, {Edge: "SERVES", Dir: store.In}})
	})
	hop := store.Hop{From: []store.ID{"Body/bbk"}, Edge: "SERVES", Via: store.Where("strength", store.GT, store.Int(1)),
		Query: store.Query{Labels: land, Order: byName, Total: true, Limit: 2, Start: place(store.String("bayern"))}}
	add("a hop begins at its parents", false, func(b *builder) string { return b.hop(scope, hop) }, "NodeUniqueIndexSeek", "Expand(All)")
	walk := store.Walk{Follow: []store.Step{{Edge: "SERVES"}, {Edge: "HOLDS"}, {Edge: "SERVES", Dir: store.In}}, Props: []string{"name"}}
	add("a walk begins at the nodes of its level", false, func(b *builder) string { return b.cross(scope, walk) }, "NodeUniqueIndexSeek", "Expand(All)")
	return append(all, logPlans(scope)...)
}

func logPlans(scope store.Scope) []planned {
	var all []planned
	for _, c := range []struct {
		name string
		q    store.LogQuery
		want []string
	}{
		{"the log is read in order", store.LogQuery{After: 1}, []string{"h:_Commit(seq)"}},
		{"the log of a thing is sought", store.LogQuery{Of: []store.ID{"Land/BY"}, Newest: true}, []string{"r:_Row(of, seq)"}},
		{"the log of a label is sought", store.LogQuery{After: 1, Labels: []string{"Land"}, Total: true}, []string{"r:_Row(label, seq)"}},
		{"the log of events is sought", store.LogQuery{After: 1, Events: []string{"SAID"}}, []string{"e:_Event(type, seq)"}},
	} {
		for who, s := range map[string]store.Scope{"all": store.Unrestricted(), "some": scope} {
			l := newLogReading(s, c.q)
			all = append(all, planned{c.name + ", " + who, l.page(c.q), l.params, c.want, false, false})
		}
	}
	l := newLogReading(scope, store.LogQuery{})
	l.params["seqs"] = []int64{1}
	return append(all,
		planned{"records of the log are sought", stmtLogRecords(l.row, l.event), l.params,
			[]string{"h:_Commit(seq)", "r:_Row(seq, pos)", "e:_Event(seq, pos)"}, false, false},
		planned{"the record with a key is sought", stmtLogOnce, params{"once": "x"}, []string{"h:_Commit(once)"}, false, false},
		planned{"the head is read at the counter", stmtHead, nil, []string{"c:_Counter(id)"}, false, false},
	)
}

func writePlans(words *vocabulary) []planned {
	p := params{
		"once": "x", "ids": []string{"Land/BY"}, "rows": []any{}, "headers": []any{}, "events": []any{}, "seq": int64(1), "hash": "",
		"limit": int64(1), "after": "",
	}
	owning := words.owningTypes()
	return []planned{
		{"a commit begins at the counter and seeks what it presumes", stmtLock, p, []string{"c:_Counter(id)", "h:_Commit(once)", "_Row(of, seq)"}, false, false},
		{"edges to delete are sought", stmtDeleteEdges("SERVES"), p, []string{"DirectedRelationshipUniqueIndexSeek"}, false, false},
		{"nodes to delete are sought", stmtDeleteNodes, p, []string{"NodeUniqueIndexSeek"}, false, false},
		{"nodes to set are sought", stmtUpdateNodes, p, []string{"NodeUniqueIndexSeek"}, false, false},
		{"nodes to settle are sought", stmtSettled, p, []string{"NodeUniqueIndexSeek"}, false, false},
		{"edges to set are sought", stmtUpdateEdges("SERVES"), p, []string{"DirectedRelationshipUniqueIndexSeek"}, false, false},
		{"ends of edges to link are sought", stmtCreateEdges("SERVES"), p, []string{"NodeUniqueIndexSeek"}, false, false},
		{"owners are found from what they own", stmtOwners(owning), p, []string{"NodeUniqueIndexSeek"}, false, false},
		{"what is owned is found from its owners", stmtOwned(owning), p, []string{"NodeUniqueIndexSeek"}, false, false},
		{"rows of the log find their things", stmtRows, p, []string{"NodeUniqueIndexSeek"}, false, false},
		{"headers of the log are made at the counter", stmtHeaders, p, []string{"c:_Counter(id)"}, false, false},
		{"deriving goes by id", stmtDeriveRead, p, []string{"n:_Node(id)"}, false, false},
	}
}
