package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/graph"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// connections are calls of every connection of the schema, with % for the arguments of the page and $ for the selection. A
// long list is narrowed, for it is read in pages of one.
var connections = map[string]string{
	"Query.authorities":           `{ authorities(where: {level: {in: [FEDERAL, JOINT]}}%) { $ } }`,
	"Query.contactPoints":         `{ contactPoints(where: {role: {eq: ZKL}}, orderBy: {field: NAME, direction: DESC}%) { $ } }`,
	"Query.operators":             `{ operators(where: {sector: {in: ["energy", "water"]}}, orderBy: {field: NAME}%) { $ } }`,
	"Query.facilities":            `{ facilities(where: {federalState: {in: [BY, NI]}}, orderBy: {field: NAME, direction: DESC}%) { $ } }`,
	"Query.incidents":             `{ incidents(where: {demo: {eq: true}}%) { $ } }`,
	"Query.competences":           `{ competences(where: {level: {eq: FEDERAL}, legalAct: {in: ["bsig", "tkg"]}}, orderBy: {field: KEY, direction: DESC}%) { $ } }`,
	"Query.integrationKeys":       `{ integrationKeys(%) { $ } }`,
	"Query.competenceSets":        `{ competenceSets(where: {state: {in: [PROPOSED]}}%) { $ } }`,
	"Query.search":                `{ search(text: "bund"%) { $ } }`,
	"Query.changes":               `{ changes(of: "` + kritis.GlobalID("Incident/demo-2") + `"%) { $ } }`,
	"Query.accessGrants":          `{ accessGrants(where: {state: {in: [REQUESTED, GRANTED]}}%) { $ } }`,
	"Query.singlePointsOfFailure": `{ singlePointsOfFailure(where: {federalState: {eq: NI}, sector: {eq: "health"}}%) { $ } }`,
	"FederalState.contactPoints":  `{ federalState(code: BY) { contactPoints(where: {}%) { $ } } }`,
	"FederalState.authorities":    `{ federalState(code: HB) { authorities(where: {}%) { $ } } }`,
	"FederalState.incidents":      `{ federalState(code: NI) { incidents(where: {}%) { $ } } }`,
	"Authority.competences":       `{ authority(slug: "bsi") { competences(where: {}%) { $ } } }`,
	"Authority.contactPoints":     `{ authority(slug: "bsi") { contactPoints(where: {}%) { $ } } }`,
	"LegalAct.competences":        `{ legalAct(slug: "kritisdachg") { competences(where: {}%) { $ } } }`,
	"Branch.providers":            `{ branch(slug: "electricity") { providers(%) { $ } } }`,
	"Branch.dependents":           `{ branch(slug: "electricity") { dependents(%) { $ } } }`,
	"Operator.facilities":         `{ operator(reference: "demo-op-0001") { facilities(where: {}%) { $ } } }`,
	"Operator.incidents":          `{ operator(reference: "demo-op-0001") { incidents(where: {}%) { $ } } }`,
	"Facility.incidents":          `{ facility(reference: "demo-fa-0001") { incidents(where: {}%) { $ } } }`,
	"Operator.providers":          `{ operator(reference: "demo-op-0003") { providers(%) { $ } } }`,
	"Operator.dependents":         `{ operator(reference: "demo-op-0001") { dependents(%) { $ } } }`,
	"Facility.providers":          `{ facility(reference: "demo-fa-0007") { providers(%) { $ } } }`,
	"Facility.dependents":         `{ facility(reference: "demo-fa-0014") { dependents(%) { $ } } }`,
	"Incident.facilities":         `{ incident(reference: "demo-1") { facilities(where: {}%) { $ } } }`,
	"Coverage.staleContactPoints": `{ coverage(legalAct: "bsig") { staleContactPoints(olderThan: "P30D"%) { $ } } }`,
}

// listPage is a page of any connection.
type listPage struct {
	Keys, Cursors []string
	Next, Prev    bool
	Start, End    any
	Total         float64
}

func readPage(t *testing.T, w *world, field, arguments string, variables object) listPage {
	t.Helper()
	key := "id"
	if field == "Query.singlePointsOfFailure" {
		key = "subject { id }" // a single point has none
	}
	selection := `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { k: ` + key + ` } edges { cursor node { k: ` + key + ` } }`
	document := strings.Replace(strings.Replace(connections[field], "%", ", "+arguments, 1), "(, ", "(", 1)
	document = strings.Replace(document, "{ $ }", "{ "+selection+" }", 1)
	if variables != nil {
		document = "query($c: String) " + document
	}
	at := query[object](t, w, document, variables)
	for at["edges"] == nil { // down to the connection
		for below := range maps.Values(at) {
			at = below.(object)
		}
	}
	info := at["pageInfo"].(object)
	p := listPage{Next: info["hasNextPage"].(bool), Prev: info["hasPreviousPage"].(bool), Start: info["startCursor"], End: info["endCursor"], Total: at["totalCount"].(float64)}
	var nodes []string
	for _, n := range list(t, at, "nodes") {
		nodes = append(nodes, fmt.Sprint(n["k"]))
	}
	for _, e := range list(t, at, "edges") {
		p.Cursors = append(p.Cursors, e["cursor"].(string))
		p.Keys = append(p.Keys, fmt.Sprint(e["node"].(object)["k"]))
	}
	if !slices.Equal(nodes, p.Keys) {
		t.Errorf("nodes %v are not those of edges %v", nodes, p.Keys)
	}
	return p
}

func TestPagesOfEveryListAreTheList(t *testing.T) {
	w := onSQLite(t)
	for range 6 {
		w.amend(t, "Incident/demo-2", store.TLPAmber, map[string]store.Value{"severity": store.String("LOW")})
	}
	for range 5 {
		w.program(t, nil)
		w.done(t, developer, "Propose", waterSet())
	}
	for i := range 5 {
		w.requested(t, developer, object{"incident": fmt.Sprint("nothing-", i)})
	}
	for i := 2; i <= 5; i++ {
		w.must(t, w.caller(t, centre), "dependencyCreate", supply("Operator/demo-op-0001", store.ID(fmt.Sprintf("Operator/demo-op-%04d", i))), "")
		w.must(t, w.caller(t, centre), "dependencyCreate", supply(store.ID(fmt.Sprintf("Facility/demo-fa-%04d", i)), "Operator/demo-op-0003"), "")
	}
	for _, def := range loadSchema(t).Types {
		for _, f := range def.Fields {
			if _, known := connections[def.Name+"."+f.Name]; !known && strings.HasSuffix(f.Type.Name(), "Connection") {
				t.Errorf("%s.%s is a connection that this test does not know", def.Name, f.Name)
			}
		}
	}
	for field := range connections {
		t.Run(field, func(t *testing.T) {
			whole := readPage(t, w, field, "first: 100", nil)
			if len(whole.Keys) == 0 || int(whole.Total) != len(whole.Keys) || whole.Next || whole.Prev {
				t.Fatalf("the whole list has %d items, total %v, next %v, previous %v", len(whole.Keys), whole.Total, whole.Next, whole.Prev)
			}
			if seen := slices.Compact(slices.Sorted(slices.Values(whole.Cursors))); len(seen) != len(whole.Cursors) {
				t.Error("two items have one cursor")
			}
			if last := readPage(t, w, field, "last: 100", nil); !cmp.Equal(last, whole) {
				t.Errorf("the last 100 are not the first 100: %s", cmp.Diff(whole, last))
			}
			for size := 1; size <= 3; size++ {
				checkForwards(t, w, field, whole, size)
				checkBackwards(t, w, field, whole, size)
			}
		})
	}
}

func checkForwards(t *testing.T, w *world, field string, whole listPage, size int) {
	t.Helper()
	var cursor any
	for from := 0; from < len(whole.Keys); from += size {
		to := min(from+size, len(whole.Keys))
		checkPage(t, whole, from, to, listPage{Next: to < len(whole.Keys), Prev: from > 0},
			readPage(t, w, field, fmt.Sprintf("first: %d, after: $c", size), object{"c": cursor}))
		cursor = whole.Cursors[to-1]
	}
	beyond := readPage(t, w, field, fmt.Sprintf("first: %d, after: $c", size), object{"c": cursor})
	if len(beyond.Keys) > 0 || beyond.Next || beyond.Start != nil || beyond.End != nil || beyond.Total != whole.Total {
		t.Errorf("beyond the end: %+v", beyond)
	}
}

func checkBackwards(t *testing.T, w *world, field string, whole listPage, size int) {
	t.Helper()
	var cursor any
	for to := len(whole.Keys); to > 0; to -= size {
		from := max(to-size, 0)
		checkPage(t, whole, from, to, listPage{Next: to < len(whole.Keys), Prev: from > 0},
			readPage(t, w, field, fmt.Sprintf("last: %d, before: $c", size), object{"c": cursor}))
		cursor = whole.Cursors[from]
	}
	beyond := readPage(t, w, field, fmt.Sprintf("last: %d, before: $c", size), object{"c": cursor})
	if len(beyond.Keys) > 0 || beyond.Prev || beyond.Total != whole.Total {
		t.Errorf("before the beginning: %+v", beyond)
	}
}

func checkPage(t *testing.T, whole listPage, from, to int, want, got listPage) {
	t.Helper()
	want.Keys, want.Cursors, want.Total = whole.Keys[from:to], whole.Cursors[from:to], whole.Total
	want.Start, want.End = want.Cursors[0], want.Cursors[len(want.Cursors)-1]
	if !cmp.Equal(want, got) {
		t.Errorf("items %d to %d: %s", from, to, cmp.Diff(want, got))
	}
}

func TestTwentyItemsArePageWithoutASize(t *testing.T) {
	w := onSQLite(t)
	whole := readPage(t, w, "Branch.dependents", "first: 100", nil)
	if got := readPage(t, w, "Branch.dependents", "first: null", nil); !slices.Equal(got.Keys, whole.Keys[:20]) || !got.Next {
		t.Errorf("got %v, want the first 20 of %v", got.Keys, whole.Keys)
	}
	end := whole.Keys[len(whole.Keys)-1]
	before := readPage(t, w, "Branch.dependents", "before: $c", object{"c": whole.Cursors[len(whole.Cursors)-1]})
	if len(before.Keys) != 20 || slices.Contains(before.Keys, end) || !before.Next || !before.Prev {
		t.Errorf("before alone gives %+v", before)
	}
}

// What is current moves with the clock, but a client that pages through it asks at several moments.
func TestCursorsOfWhatIsCurrentHoldOvernight(t *testing.T) {
	w := onSQLite(t)
	later := *w
	later.app = kritis.NewApp(w.store, func() time.Time { return moment.AddDate(0, 0, 1) })
	later.handler = graph.NewHandler(graph.NewSchema(), graph.Options{})
	for _, field := range []string{
		"Query.contactPoints", "Query.competences", "FederalState.contactPoints", "Authority.contactPoints", "Coverage.staleContactPoints",
	} {
		whole := readPage(t, w, field, "first: 100", nil)
		rest := readPage(t, &later, field, "first: 100, after: $c", object{"c": whole.Cursors[0]})
		if !slices.Equal(rest.Keys, whole.Keys[1:]) || !slices.Equal(rest.Cursors, whole.Cursors[1:]) {
			t.Errorf("%s: got %v after the first of %v", field, rest.Keys, whole.Keys)
		}
	}
	page := `{ contactPoints(first: 1, asOf: "2026-11-01T00:00:00Z") { edges { cursor } } }`
	cursor := list(t, query[map[string]object](t, w, page, nil)["contactPoints"], "edges")[0]["cursor"]
	r := w.reply(t, developer, `query($c: String) { contactPoints(after: $c, asOf: "2026-11-03T00:00:00Z") { totalCount } }`, object{"c": cursor})
	if r.code() != "CURSOR_INVALID" {
		t.Errorf("a cursor of one day is good on another: %s", r.text)
	}
}
