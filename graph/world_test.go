package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kritisgraph/graph"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// moment is when the requests of the tests come.
var moment = time.Date(2026, 11, 1, 12, 0, 0, 0, kritis.Berlin)

// world is the whole program below HTTP, over one database with reference data and small demo data.
type world struct {
	calls   *storetest.Counter
	store   *store.Store
	app     *kritis.App
	handler http.Handler
	dir     string     // of SQLite
	clock   *time.Time // of the app: what it points to may be set between requests; nil: it stands at moment
}

// newWorld is the world over a database, into which it loads the test data if it is empty.
func newWorld(t testing.TB, driver store.Driver) *world {
	t.Helper()
	calls := storetest.NewCounter(driver)
	s, err := store.Create(t.Context(), calls, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if head, err := s.Head(t.Context(), store.Mark{}); err != nil {
		t.Fatal(err)
	} else if head.Seq == 0 {
		if err := s.Load(t.Context(), s.Sealed(testData())); err != nil {
			t.Fatal(err)
		}
	}
	calls.Reset()
	clock := moment
	return &world{
		calls: calls, store: s, clock: &clock, app: kritis.NewApp(s, func() time.Time { return clock }),
		handler: graph.NewHandler(graph.NewSchema(), graph.Options{}),
	}
}

// testData is the reference data, then small demo data.
func testData() iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for c, err := range seed.ReferenceChanges(moment) {
			if !yield(c, err) {
				return
			}
		}
		for c, err := range seed.Demo(seed.Options{Seed: 1, Size: seed.Small, Day: kritis.DayOf(moment)}) {
			if !yield(c, err) {
				return
			}
		}
	}
}

// ask sends a document through the real handler and returns the body of the answer.
func (w *world) ask(t testing.TB, p kritis.Principal, query string, variables any) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	r = r.WithContext(kritis.WithView(r.Context(), w.app.View(p)))
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer.Body.Bytes()
}

// document reads a contract document and its variables, with ids looked up by natural key.
func (w *world) document(t testing.TB, name string) (query string, variables map[string]any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "contract", name+".graphql"))
	if err != nil {
		t.Fatal(err)
	}
	values, err := os.ReadFile(filepath.Join("testdata", "contract", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	found := lookup.ReplaceAllFunc(values, func(m []byte) []byte {
		part := lookup.FindSubmatch(m)
		return []byte(`"` + w.id(t, string(part[1]), string(part[2])) + `"`)
	})
	if err := json.Unmarshal(found, &variables); err != nil {
		t.Fatal(err)
	}
	return string(text), variables
}

var lookup = regexp.MustCompile(`"\$lookup:([a-z]+):([^"]+)"`)

func (w *world) id(t testing.TB, field, reference string) string {
	t.Helper()
	body := w.ask(t, kritis.Development("test"), fmt.Sprintf(`{ %s(reference: %q) { id } }`, field, reference), nil)
	var answer struct {
		Data map[string]struct{ ID string }
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Data[field].ID == "" {
		t.Fatalf("no %s %s: %s", field, reference, body)
	}
	return answer.Data[field].ID
}

// stable brings an answer into the form of the golden files: indented, without the signatures of one store.
func stable(t testing.TB, body []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", " "); err != nil {
		t.Fatalf("no JSON: %v\n%s", err, body)
	}
	return cursors.ReplaceAllString(out.String(), `"$1": "(signed)"`) + "\n"
}

var cursors = regexp.MustCompile(`"(cursor|startCursor|endCursor)": "[^"]+"`)

// budgets is how many driver calls each document may cost, with a rulebook that is in memory.
var budgets = map[string]int{
	"01_state_page": 3, "02_responsibility_operator": 3, "03_responsibility_place": 2, "04_responsibilities_bulk": 2,
	"05_responsibility_diff": 2, "06_coverage": 3, "07_incident_impact": 11, "08_simulate_outage": 1, "09_paths_and_spof": 6, "15_search": 2, "17_history": 1, "19_viewer": 1, "20_sector_catalogue": 1,
}

// checkContract runs the served documents and compares with the golden answers, which were recorded on SQLite.
func checkContract(t *testing.T, w *world) {
	for _, name := range served {
		t.Run(name, func(t *testing.T) {
			query, variables := w.document(t, name)
			body := w.ask(t, kritis.Development("test"), query, variables)
			compareGolden(t, name, stable(t, body))
			calls := 1 << 30
			for try := 0; try < 20 && calls > budgets[name]; try++ { // reads that come late for a batch on a busy machine make a call of their own
				w.calls.Reset()
				w.ask(t, kritis.Development("test"), query, variables)
				calls = min(calls, w.calls.Total())
			}
			if calls != budgets[name] {
				t.Errorf("%d driver calls (%v), the budget is %d", calls, w.calls.Counts(), budgets[name])
			}
		})
	}
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	if strings.Contains(got, `"errors"`) {
		t.Errorf("errors in the answer:\n%.2000s", got)
	}
	file := filepath.Join("testdata", "golden", name+".json")
	if *record {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s; record it with -record and read the difference. Begins:\n%s", file, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf("line %d: got %s, want %s", i+1, a[i], strings.Join(b[min(i, len(b)-1):min(i+1, len(b))], ""))
		}
	}
	return "the end is missing"
}
