package graph_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// existence is a question about something that is hidden from the caller, and about something that there is not.
type existence struct {
	name            string
	document        string
	hidden, missing object
	token           bool // asked with a token, for nobody may ask
}

// existences ask for what is hidden by each way that leads to one thing.
func existences() []existence {
	subject := func(field, purpose string) string {
		return `query($id: ID!) { responsibility(input: {subject: {` + field + `: $id}, purpose: ` + purpose + `}) { status } }`
	}
	id := func(s store.ID) object { return object{"id": kritis.GlobalID(s)} }
	return []existence{
		{"node", `query($id: ID!) { node(id: $id) { id } }`, id("Incident/demo-1"), id("Incident/demo-9"), false},
		{"node of a part", `query($id: ID!) { node(id: $id) { id } }`, id(secretChannel), id("Channel/office-bsi.nobody.1"), false},
		{"nodes", `query($id: ID!) { nodes(ids: [$id]) { id } }`, id("Operator/demo-op-0001"), id("Operator/demo-op-9999"), false},
		{"node of a dependency", `query($id: ID!) { node(id: $id) { id } }`, id("SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-0006"), id("SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-9999"), false},
		{"changes of a dependency", `query($id: ID!) { changes(of: $id, last: 3) { totalCount pageInfo { endCursor } nodes { id } } }`,
			id("SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-0006"), id("SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-9999"), false},
		{"operator", `query($r: String!) { operator(reference: $r) { name } }`, object{"r": "demo-op-0001"}, object{"r": "demo-op-9999"}, false},
		{"facility", `query($r: String!) { facility(reference: $r) { name } }`, object{"r": "demo-fa-0001"}, object{"r": "demo-fa-9999"}, false},
		{"incident", `query($r: String!) { incident(reference: $r) { title } }`, object{"r": "demo-1"}, object{"r": "demo-9"}, false},
		{"operators by a filter", `query($r: String!) { operators(where: {reference: {eq: $r}}) { totalCount nodes { id } } }`, object{"r": "demo-op-0001"}, object{"r": "demo-op-9999"}, false},
		{"search", `query($r: String!) { search(text: $r) { totalCount nodes { id } } }`, object{"r": "demo-op-0001"}, object{"r": "demo-op-9999"}, false},
		{"changes", `query($id: ID!) { changes(of: $id, last: 3) { totalCount pageInfo { endCursor } nodes { id } } }`, id("Incident/demo-1"), id("Incident/demo-9"), false},
		{"changes of a long history", `query($id: ID!) { changes(of: $id, last: 3) { totalCount pageInfo { endCursor } nodes { id } } }`, id("Incident/demo-2"), id("Incident/demo-9"), false},
		{"responsibility of an operator", subject("operator", "CRISIS"), id("Operator/demo-op-0001"), id("Operator/demo-op-9999"), false},
		{"responsibility of a facility", subject("facility", "CRISIS"), id("Facility/demo-fa-0001"), id("Facility/demo-fa-9999"), false},
		{"responsibilities", `query($id: ID!) { responsibilities(inputs: [{subject: {facility: $id}, purpose: CRISIS}]) { status } }`, id("Facility/demo-fa-0001"), id("Facility/demo-fa-9999"), false},
		{"responsibilityDiff", `query($id: ID!) { responsibilityDiff(input: {subject: {operator: $id}, purpose: CRISIS, from: "2026-01-01T00:00:00Z", to: "2026-11-01T00:00:00Z"}) { statusAfter } }`,
			id("Operator/demo-op-0001"), id("Operator/demo-op-9999"), false},
		{"simulateOutage of a facility", `query($id: ID!) { simulateOutage(input: {roots: [{branch: "rail"}, {facility: $id}]}) { entries { hops } } }`, id("Facility/demo-fa-0001"), id("Facility/demo-fa-9999"), false},
		{"simulateOutage of an operator", `query($id: ID!) { simulateOutage(input: {roots: [{operator: $id}]}) { entries { hops } } }`, id("Operator/demo-op-0001"), id("Operator/demo-op-9999"), false},
		{"dependencyPaths from a facility", `query($id: ID!) { dependencyPaths(dependent: {branch: "rail"}, provider: {facility: $id}) { exists } }`, id("Facility/demo-fa-0001"), id("Facility/demo-fa-9999"), false},
		{"dependencyPaths to a facility", `query($id: ID!) { dependencyPaths(dependent: {facility: $id}, provider: {branch: "rail"}) { exists } }`, id("Facility/demo-fa-0001"), id("Facility/demo-fa-9999"), false},
		{"commonCause", `query($id: ID!) { commonCause(subjects: [{branch: "rail"}, {facility: $id}]) { causes { strength } } }`, id("Facility/demo-fa-0001"), id("Facility/demo-fa-9999"), false},
		{"dependencyGraph", `query($id: ID!) { dependencyGraph(root: {operator: $id}) { nodes { distance } } }`, id("Operator/demo-op-0001"), id("Operator/demo-op-9999"), false},
		{"contactPointConfirm", `mutation($id: ID!) { contactPointConfirm(input: {id: $id}) { contactPoint { id } userErrors { code message } } }`, id("ContactPoint/zkl-de-he"), id("ContactPoint/zkl-de-xx"), true},
	}
}

// hidingWorld is a world from which all of existences is hidden for who has no right.
func hidingWorld(t testing.TB, w *world) *world {
	t.Helper()
	fullWorld(t, w)
	w.amend(t, "ContactPoint/zkl-de-he", store.TLPAmber, nil)
	for i := range 100 {
		w.amend(t, "Incident/demo-2", store.TLPRed, map[string]store.Value{"title": store.String(fmt.Sprint("number ", i))})
	}
	return w
}

func (e existence) caller(t testing.TB, w *world) kritis.Principal {
	t.Helper()
	if e.token {
		return w.caller(t, kritis.Identity{Subject: "stranger"})
	}
	return kritis.Anonymous()
}

func TestSomethingHiddenAndSomethingMissingAreOneAnswerAtOneCost(t *testing.T) {
	checkExistence(t, hidingWorld(t, onSQLite(t)))
}

// checkExistence compares the answers and the work of the database: the same calls, as often.
func checkExistence(t *testing.T, w *world) {
	for _, e := range existences() {
		t.Run(e.name, func(t *testing.T) {
			p := e.caller(t, w)
			got, want := w.ask(t, p, e.document, e.hidden), w.ask(t, p, e.document, e.missing)
			if string(got) != string(want) {
				t.Errorf("hidden gives %s, missing gives %s", got, want)
			}
			if there := w.ask(t, developer, e.document, e.hidden); string(there) == string(got) && e.name != "node of a part" {
				t.Errorf("who sees all gets the same, so nothing is hidden: %s", there)
			}
			if hidden, missing := w.fewest(t, p, e.document, e.hidden), w.fewest(t, p, e.document, e.missing); !maps.Equal(hidden, missing) {
				t.Errorf("hidden costs %v, missing costs %v", hidden, missing)
			}
		})
	}
}

// fewest are the calls of the database for a request. Reads that come late for a batch on a busy machine make a call of their
// own, so the fewest of several times count.
func (w *world) fewest(t testing.TB, p kritis.Principal, document string, variables object) map[string]int {
	t.Helper()
	var out map[string]int
	for range 5 {
		w.calls.Reset()
		w.ask(t, p, document, variables)
		total := func(counts map[string]int) (n int) {
			for _, c := range counts {
				n += c
			}
			return n
		}
		if counts := w.calls.Counts(); out == nil || total(counts) < total(out) {
			out = counts
		}
	}
	return out
}

// BenchmarkExistence asks for something hidden and for something missing by turns, in an order that a coin decides, and reports
// the ratio of the medians and how well the time tells one from the other: 0.5 is a guess, 1 certainty.
func BenchmarkExistence(b *testing.B) {
	w := hidingWorld(b, onSQLite(b))
	for _, e := range existences() {
		b.Run(e.name, func(b *testing.B) {
			p := e.caller(b, w)
			var times [2][]time.Duration
			draw := rand.New(rand.NewPCG(1, 2))
			for b.Loop() {
				first := draw.IntN(2)
				for _, which := range []int{first, 1 - first} {
					began := time.Now()
					w.ask(b, p, e.document, []object{e.hidden, e.missing}[which])
					times[which] = append(times[which], time.Since(began))
				}
			}
			hidden, missing := median(times[0]), median(times[1])
			b.ReportMetric(float64(hidden)/float64(missing), "ratio")
			b.ReportMetric(overlap(times[0], times[1]), "auc")
			b.ReportMetric(float64(missing.Microseconds()), "µs-median")
		})
	}
}

func median(times []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(times))[len(times)/2]
}

// overlap is the chance that one of a takes longer than one of b, where equal times count half: the area under the curve of a
// guess by time (Mann-Whitney U over the number of pairs).
func overlap(a, b []time.Duration) float64 {
	type sample struct {
		at time.Duration
		a  bool
	}
	var all []sample
	for _, t := range a {
		all = append(all, sample{t, true})
	}
	for _, t := range b {
		all = append(all, sample{t, false})
	}
	slices.SortFunc(all, func(x, y sample) int { return cmp.Compare(x.at, y.at) })
	var ranks float64
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].at == all[i].at {
			j++
		}
		for _, s := range all[i:j] {
			if s.a {
				ranks += float64(i+j+1) / 2 // the mean of the ranks i+1 … j
			}
		}
		i = j
	}
	n, m := float64(len(a)), float64(len(b))
	return (ranks - n*(n+1)/2) / (n * m)
}

func TestTheOverlapOfTimesIsThatOfTheirRanks(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []time.Duration
		want float64
	}{
		{"always longer", []time.Duration{4, 5, 6}, []time.Duration{1, 2, 3}, 1},
		{"never longer", []time.Duration{1, 2}, []time.Duration{3, 4}, 0},
		{"the same", []time.Duration{1, 2, 3}, []time.Duration{1, 2, 3}, 0.5},
		{"all equal", []time.Duration{1, 1}, []time.Duration{1, 1, 1}, 0.5},
		{"mostly longer", []time.Duration{2, 4}, []time.Duration{1, 3}, 0.75},
	} {
		if got := overlap(c.a, c.b); fmt.Sprintf("%.3f", got) != fmt.Sprintf("%.3f", c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
