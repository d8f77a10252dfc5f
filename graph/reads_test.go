package graph_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

// audited has the reads of a world recorded, and returns how to take what was recorded since the last time, as "id id" for each
// event.
func audited(w *world) func(testing.TB) []string {
	auditor := kritis.NewAuditor(w.store, func() time.Time { return moment }, nil)
	w.app.RecordReads(auditor)
	var seen store.Seq
	return func(t testing.TB) (events []string) {
		t.Helper()
		if err := auditor.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		page, err := w.store.Log(t.Context(), kritis.Maintenance(), store.LogQuery{After: seen, Events: []string{kritis.EventRead}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			seen = r.Seq
			for _, e := range r.Change.Events {
				events = append(events, strings.Join(e.Props["ids"].List(), " "))
			}
		}
		return events
	}
}

func TestRestrictedReadsAreRecorded(t *testing.T) { checkReads(t, hiddenWorld(t)) }

func checkReads(t *testing.T, w *world) {
	const office, first, second = "ContactPoint/office-bsi", "Incident/demo-1", "Incident/demo-2"
	w.amend(t, first, store.TLPClear, nil)
	w.amend(t, first, store.TLPAmber, nil)
	w.amend(t, second, store.TLPGreen, nil)
	recorded := audited(w)
	of := func(id store.ID) string { return `"` + kritis.GlobalID(id) + `"` }
	older := query[map[string]object](t, w, `{ changes(of: `+of(first)+`, first: 2) { edges { cursor } } }`, nil)
	cursor := list(t, older["changes"], "edges")[0]["cursor"].(string)
	recorded(t)
	const place = `responsibility(input: {subject: {place: {federalState: BY, sector: "water"}}, purpose: CYBER_INCIDENT, legalActs: ["bsig"]})`
	for _, c := range []struct {
		name, document string
		want           []string
	}{
		{"an incident", `{ incident(reference: "demo-1") { title } }`, []string{first}},
		{"its name alone", `{ incident(reference: "demo-1") { __typename } }`, []string{first}},
		{"an incident that is GREEN", `{ incident(reference: "demo-2") { title } }`, nil},
		{"none", `{ incident(reference: "demo-none") { title } }`, nil},
		{"by its id", `{ node(id: ` + of(first) + `) { id } }`, []string{first}},
		{"by ids", `{ nodes(ids: [` + of(second) + `, ` + of(first) + `, ` + of(first) + `]) { id } }`, []string{first}},
		{"twice in one request", `{ a: incident(reference: "demo-1") { title } b: incident(reference: "demo-1") { title } }`, []string{first}},
		{"a list", `{ incidents(where: {reference: {in: ["demo-1", "demo-2"]}}) { nodes { title } } }`, []string{first}},
		{"cursors alone", `{ incidents(where: {reference: {eq: "demo-1"}}) { pageInfo { endCursor } } }`, []string{first}},
		{"a number", `{ incidents(where: {reference: {eq: "demo-1"}}) { totalCount __typename } }`, nil},
		{"a number of the incidents of a Land", `{ federalState(code: BY) { incidents { totalCount } } }`, nil},
		{"a search", `{ search(text: "demo-1", types: [INCIDENT], first: 1) { nodes { __typename } } }`, []string{first}},
		{"the history", `{ changes(of: ` + of(first) + `) { nodes { action } } }`, []string{first}},
		{"an older page of the history, from when it was CLEAR", `{ changes(of: ` + of(first) + `, first: 1, after: "` + cursor + `") { nodes { action } } }`, []string{first}},
		{"the length of the history", `{ changes(of: ` + of(first) + `) { totalCount } }`, nil},
		{"the history of an incident that is GREEN, but was AMBER", `{ changes(of: ` + of(second) + `) { nodes { action } } }`, []string{second}},
		{"the last change of it", `{ changes(of: ` + of(second) + `, first: 1) { nodes { fieldChanges { before } } } }`, []string{second}},
		{"a public contact point", `{ contactPoints(where: {holder: {some: {slug: {eq: "bsi"}}}}) { nodes { name } } }`, nil},
		{"with its restricted channel", `{ contactPoints(where: {holder: {some: {slug: {eq: "bsi"}}}}) { nodes { channels { kind } } } }`, []string{office}},
		{"its reachability", `{ contactPoints(where: {holder: {some: {slug: {eq: "bsi"}}}}) { nodes { reachability { always } } } }`, []string{office}},
		{"the history of its channels", `{ changes(of: ` + of(office) + `) { nodes { action } } }`, []string{office}},
		{"an answer that names it", `{ ` + place + ` { regimes { gaps { code } chain { contactPoint { name } } } } }`, nil},
		{"an answer with its channels", `{ ` + place + ` { regimes { chain { contactPoint { channels { value } } } } } }`, []string{office}},
		{"both kinds", `{ incident(reference: "demo-1") { title } contactPoints(where: {holder: {some: {slug: {eq: "bsi"}}}}) { nodes { channels { kind } } } }`, []string{office, first}},
	} {
		t.Run(c.name, func(t *testing.T) {
			query[object](t, w, c.document, nil)
			if diff := cmp.Diff(c.want, recorded(t)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.document, diff)
			}
			w.ask(t, kritis.Anonymous(), c.document, nil)
			if got := recorded(t); len(got) > 0 {
				t.Errorf("somebody without a token read %q", got)
			}
		})
	}
}

var shownID = regexp.MustCompile(`"(?:\w+_)?id":"([A-Za-z0-9_-]+)"`)

// Whatever path leads to a restricted thing: if its id is in a response, its read is in the log.
func TestNoPathToARestrictedThingIsUnrecorded(t *testing.T) {
	w := hiddenWorld(t)
	recorded := audited(w)
	incidents, points := 0, 0
	x := newExplorer(t, loadSchema(t), developer, maxDepth-1)
	for _, q := range append(x.explore(), x.filters()...) {
		answer := w.ask(t, developer, q.text, nil)
		ids := strings.Fields(strings.Join(recorded(t), " "))
		for _, found := range shownID.FindAllSubmatch(answer, -1) {
			id, err := kritis.ParseGlobalID(string(found[1]))
			if err != nil {
				continue
			}
			nodes, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{id})
			if err != nil {
				t.Fatal(err)
			}
			if id != "ContactPoint/office-bsi" && (id.Kind() != "Incident" || nodes[0].Settled.TLP < store.TLPAmber) {
				continue
			}
			if id.Kind() == "Incident" {
				incidents++
			} else if !strings.Contains(string(answer), secret) {
				continue // the contact point itself is public
			} else {
				points++
			}
			if !slices.Contains(ids, string(id)) {
				t.Errorf("%s shows %s, the log has %v", q.name, id, ids)
			}
		}
	}
	if incidents < 50 || points < 3 {
		t.Errorf("%d incidents and %d contact points were shown, so the test shows little", incidents, points)
	}
}

func TestWhatAMutationShowsIsInTheLogBeforeTheNextOne(t *testing.T) {
	w := hiddenWorld(t)
	audited(w)
	confirm := func(id store.ID) string {
		return `contactPointConfirm(input: {id: "` + kritis.GlobalID(id) + `"}) { contactPoint { channels { value } } userErrors { code } }`
	}
	query[object](t, w, `mutation { a: `+confirm("ContactPoint/office-bsi")+` b: `+confirm("ContactPoint/zkl-de-by")+` }`, nil)
	page, err := w.store.Log(t.Context(), kritis.Maintenance(), store.LogQuery{Newest: true, Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, r := range page.Records {
		actions = append(actions, r.Change.Meta.Action)
	}
	if diff := cmp.Diff([]string{"contactPointConfirm", "READ", "contactPointConfirm"}, actions); diff != "" {
		t.Error(diff)
	}
}

// unwritable is a driver that does not commit reads.
type unwritable struct {
	store.Driver
	err error
}

func (u *unwritable) Commit(ctx context.Context, c store.Change) (store.Mark, error) {
	if u.err != nil && c.Meta.Action == "READ" {
		return store.Mark{}, u.err
	}
	return u.Driver.Commit(ctx, c)
}

func TestAResponseThatCannotBeRecordedIsWithheld(t *testing.T) {
	open, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = open.Close(context.Background()) })
	driver := &unwritable{Driver: open}
	w := newWorld(t, driver)
	auditor := kritis.NewAuditor(w.store, func() time.Time { return moment }, nil)
	w.app.RecordReads(auditor)
	const restricted, public = `{ incident(reference: "demo-1") { title } viewer { subject } }`, `{ viewer { subject } }`
	query[object](t, w, restricted, nil)
	driver.err = store.ErrUnavailable
	if err := auditor.Flush(t.Context()); err == nil {
		t.Fatal("the driver commits")
	}
	r := w.reply(t, developer, restricted, nil)
	if r.status != http.StatusServiceUnavailable || len(r.Data) > 0 || len(r.Errors) != 1 || strings.Contains(r.text, "subject") ||
		!strings.Contains(r.text, `"code":"UNAVAILABLE"`) || !strings.Contains(r.text, "audit log cannot be written") {
		t.Errorf("status %d: %s", r.status, r.text)
	}
	query[object](t, w, public, nil)
	input := object{"input": object{"id": kritis.GlobalID("ContactPoint/zkl-de-by"), "expectedVersion": 1}}
	if r := w.reply(t, developer, confirmDocument, input); !strings.Contains(r.text, `"code":"UNAVAILABLE"`) {
		t.Errorf("a change: %s", r.text)
	}
	driver.err = nil
	if err := auditor.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	query[object](t, w, restricted, nil)
	if done := query[confirmed](t, w, confirmDocument, input).ContactPointConfirm; len(done.UserErrors) > 0 {
		t.Errorf("the change was made before: %v", done.UserErrors)
	}
}
