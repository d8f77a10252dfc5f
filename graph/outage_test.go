package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

func TestAQuestionAboutImpactThatCannotBeAskedSaysWhatIsWrong(t *testing.T) {
	w := onSQLite(t)
	hospital := `{facility: "` + kritis.GlobalID("Facility/demo-fa-0006") + `"}`
	grid := `{facility: "` + kritis.GlobalID("Facility/demo-fa-0016") + `"}`
	outage := func(rest string) string {
		return `{ simulateOutage(input: {roots: [` + grid + `]` + rest + `}) { entries { hops } } }`
	}
	for _, test := range []struct{ name, document, code, message string }{
		{"no roots", `{ simulateOutage(input: {roots: []}) { entries { hops } } }`, "BAD_USER_INPUT", "roots is empty"},
		{"two things in one root", `{ simulateOutage(input: {roots: [{branch: "rail", facility: "x"}]}) { entries { hops } } }`, "GRAPHQL_VALIDATION_FAILED", "exactly one"},
		{"nothing in a root", `{ simulateOutage(input: {roots: [{}]}) { entries { hops } } }`, "GRAPHQL_VALIDATION_FAILED", "exactly one"},
		{"an unknown branch", `{ simulateOutage(input: {roots: [{branch: "rail"}, {branch: "railways"}]}) { entries { hops } } }`, "NOT_FOUND", `The branch \"railways\" of roots[1] does not exist`},
		{"a branch without a name", `{ simulateOutage(input: {roots: [{branch: ""}]}) { entries { hops } } }`, "NOT_FOUND", `The branch \"\" of roots[0]`},
		{"a branch with a long name", `{ simulateOutage(input: {roots: [{branch: "` + strings.Repeat("x", 5000) + `"}]}) { entries { hops } } }`, "NOT_FOUND", strings.Repeat("x", 40) + `…\" of roots[0]`},
		{"a reference as an id", `{ simulateOutage(input: {roots: [{facility: "demo-fa-0001"}]}) { entries { hops } } }`, "NOT_FOUND", "It takes an id, as facility(reference:"},
		{"an unknown facility", `{ simulateOutage(input: {roots: [{facility: "` + kritis.GlobalID("Facility/nobody") + `"}]}) { entries { hops } } }`, "NOT_FOUND", "The facility"},
		{"an operator as a facility", `{ simulateOutage(input: {roots: [{facility: "` + kritis.GlobalID("Operator/demo-op-0001") + `"}]}) { entries { hops } } }`, "NOT_FOUND", "The facility"},
		{"a damaged id", `{ simulateOutage(input: {roots: [{operator: "?"}]}) { entries { hops } } }`, "NOT_FOUND", "The operator"},
		{"no horizon", outage(`, horizon: "PT0S"`), "BAD_USER_INPUT", "horizon"},
		{"a horizon of months", outage(`, horizon: "P1M"`), "BAD_USER_INPUT", "P1M"},
		{"a horizon that is negative", outage(`, horizon: "-PT1H"`), "BAD_USER_INPUT", "-PT1H"},
		{"a horizon beyond 90 days", outage(`, horizon: "P91D"`), "BAD_USER_INPUT", "P90D"},
		{"a duration of nothing", outage(`, duration: "PT0S"`), "BAD_USER_INPUT", "duration"},
		{"a depth of 11", outage(`, maxDepth: 11`), "BAD_USER_INPUT", "give 1 to 10"},
		{"a depth of 0", outage(`, maxDepth: 0`), "BAD_USER_INPUT", "maxDepth"},
		{"a strength of 1.1", outage(`, minStrength: 1.1`), "BAD_USER_INPUT", "minStrength takes 0 to 1"},
		{"a strength below nothing", outage(`, minStrength: -0.1`), "BAD_USER_INPUT", "minStrength takes 0 to 1"},
		{"a budget of nothing", outage(`, maxNodes: 0`), "BAD_USER_INPUT", "maxNodes"},
		{"a budget without end", outage(`, maxNodes: 10001`), "BAD_USER_INPUT", "give 1 to 10000"},
		{"an unknown key", outage(`, depth: 3`), "GRAPHQL_VALIDATION_FAILED", "depth"},
		{"a path to itself", `{ dependencyPaths(dependent: ` + grid + `, provider: ` + grid + `) { exists } }`, "BAD_USER_INPUT", "dependent"},
		{"no paths", `{ dependencyPaths(dependent: ` + hospital + `, provider: ` + grid + `, first: 0) { exists } }`, "BAD_USER_INPUT", "give 1 to 50"},
		{"a hidden end", `{ dependencyPaths(dependent: {branch: "rail"}, provider: {facility: "` + kritis.GlobalID("Facility/nobody") + `"}) { exists } }`, "NOT_FOUND", "The facility"},
		{"a cause of one", `{ commonCause(subjects: [` + hospital + `, ` + hospital + `]) { causes { strength } } }`, "BAD_USER_INPUT", "two"},
		{"a cause of something unknown", `{ commonCause(subjects: [` + hospital + `, {operator: "` + kritis.GlobalID("Operator/nobody") + `"}]) { causes { strength } } }`, "NOT_FOUND", "The operator"},
		{"points in no sector", `{ singlePointsOfFailure(where: {sector: {eq: "waters"}}) { totalCount } }`, "NOT_FOUND", `The sector \"waters\" does not exist`},
		{"points in no Land", `{ singlePointsOfFailure(where: {federalState: {eq: XX}}) { totalCount } }`, "GRAPHQL_VALIDATION_FAILED", "XX"},
		{"a graph of depth 6", `{ dependencyGraph(root: ` + grid + `, depth: 6) { nodes { distance } } }`, "BAD_USER_INPUT", "depth takes 1 to 5"},
		{"a graph of nothing", `{ dependencyGraph(root: ` + grid + `, maxNodes: 0) { nodes { distance } } }`, "BAD_USER_INPUT", "maxNodes takes 1 to 2000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := w.reply(t, developer, test.document, nil)
			if r.code() != test.code || !strings.Contains(r.text, test.message) {
				t.Errorf("got %s, want %s with %q", r.text, test.code, test.message)
			}
		})
	}
}

func TestNothingOfWhatIsHiddenPlaysAPartInAnOutage(t *testing.T) {
	w := onSQLite(t)
	const ask = `query($id: ID!) { simulateOutage(input: {roots: [{facility: $id}], registeredOnly: true}) { entries { subject { id } } unknowns { code count } } }`
	hospital := w.caller(t, kritis.Identity{Subject: "hospital", Operator: "demo-op-0003"})
	if r := w.reply(t, hospital, ask, object{"id": kritis.GlobalID("Facility/demo-fa-0016")}); r.code() != "NOT_FOUND" {
		t.Errorf("the grid is hidden from the hospital: %s", r.text)
	}
	own := queryAs[map[string]object](t, w, hospital, ask, object{"id": kritis.GlobalID("Facility/demo-fa-0006")})["simulateOutage"]
	if n := len(list(t, own, "entries")); n != 1 {
		t.Errorf("the hospital sees %d things fail, want itself alone", n)
	}
	all := query[map[string]object](t, w, ask, object{"id": kritis.GlobalID("Facility/demo-fa-0016")})["simulateOutage"]
	if n := len(list(t, all, "entries")); n < 5 {
		t.Errorf("the situation centre sees %d things fail", n)
	}
}

// A wave costs two reads at most, however much fails in it.
func TestAnOutageReadsTwicePerWave(t *testing.T) {
	w := onSQLite(t)
	w.reply(t, developer, `{ sectors { slug } }`, nil)
	for depth := 1; depth <= 6; depth++ {
		ask := fmt.Sprintf(`query($roots: [DependencySubjectInput!]!) { simulateOutage(input: {roots: $roots, maxDepth: %d, minStrength: 0, horizon: "P90D"}) { entries { hops subject { id } } } }`, depth)
		for _, roots := range [][]object{{inputOf("Facility/demo-fa-0001")}, {inputOf("Facility/demo-fa-0001"), inputOf("Operator/demo-op-0009"), inputOf("Facility/demo-fa-0014"), inputOf("Operator/demo-op-0020")}} {
			w.calls.Reset()
			answer := query[map[string]object](t, w, ask, object{"roots": roots})
			waves := 0
			for _, e := range list(t, answer["simulateOutage"], "entries") {
				waves = max(waves, 1+int(e["hops"].(float64)))
			}
			if n := w.calls.Counts()["Traverse"]; n > 2*(waves+1) {
				t.Errorf("depth %d, %d roots: %d walks for %d waves", depth, len(roots), n, waves)
			}
		}
	}
}

func TestACancelledRequestIsNotAnswered(t *testing.T) {
	w := onSQLite(t)
	for _, document := range []string{
		`{ simulateOutage(input: {roots: [{operator: "` + kritis.GlobalID("Operator/demo-op-0009") + `"}], maxDepth: 10, horizon: "P90D", minStrength: 0}) { entries { hops } } }`,
		`{ singlePointsOfFailure { totalCount nodes { dependentCount } } }`,
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		body, err := json.Marshal(map[string]any{"query": document})
		if err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequestWithContext(kritis.WithView(ctx, w.app.View(developer)), http.MethodPost, "/graphql", strings.NewReader(string(body)))
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, request)
		if strings.Contains(answer.Body.String(), `"hops"`) || strings.Contains(answer.Body.String(), `"totalCount"`) {
			t.Errorf("a cancelled request was answered: %.300s", answer.Body)
		}
	}
}

// ofABranch adds an incident that names electricity and these Länder, and returns what it affects, nil for nothing.
func ofABranch(t *testing.T, w *world, codes ...string) object {
	t.Helper()
	id := store.NewID(string(kritis.LabelIncident), "of-a-branch")
	props := map[string]store.Value{
		"reference": store.String("of-a-branch"), "title": store.String("Störung"), "incidentStatus": store.String("OPEN"), "severity": store.String("HIGH"),
		"kind": store.String("PHYSICAL"), "awareAt": store.Int(moment.UnixMicro()), "source": store.String("test"), "status": store.String("STATED"),
	}
	if len(codes) > 0 {
		props["landCodes"] = store.Strings(codes...)
	}
	const branch = store.ID("Branch/electricity")
	edge := store.Edge{ID: store.EdgeID(kritis.EdgeConcerns, id, branch), From: id, To: branch, Props: map[string]store.Value{"source": store.String("test"), "status": store.String("STATED")}}
	found, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{branch})
	if err != nil {
		t.Fatal(err)
	}
	w.commit(t, store.Change{
		Put:  []store.Node{{ID: id, Props: props, Own: store.Visibility{TLP: store.TLPAmber, Audiences: []string{kritis.AudienceSituationCentre}}}},
		Link: []store.Edge{edge}, If: []store.Cond{{ID: id}, {ID: edge.ID}, {ID: branch, Version: found[0].Version}},
	})
	answer := query[map[string]object](t, w, `{ incident(reference: "of-a-branch") { impact { federalStates { federalState { code } population } waves { index entries { subject { __typename } } } } } }`, nil)
	if answer["incident"] == nil {
		t.Fatal("the incident is not found")
	}
	impact, _ := answer["incident"]["impact"].(object)
	return impact
}

func TestAnIncidentThatNamesBranchesIsFollowedFromThem(t *testing.T) {
	impact := ofABranch(t, onSQLite(t), "HH", "SH")
	var codes []string
	for _, s := range list(t, impact, "federalStates") {
		codes = append(codes, s["federalState"].(object)["code"].(string))
	}
	if !slices.Equal(codes, []string{"HH", "SH"}) || len(list(t, impact, "waves")) < 3 {
		t.Errorf("got %v", impact)
	}
}

// That its Länder are not known does not make it one of all.
func TestAnIncidentThatNamesBranchesAndNoLandAffectsNothing(t *testing.T) {
	if impact := ofABranch(t, onSQLite(t)); impact != nil {
		t.Errorf("got %v", impact["federalStates"])
	}
}

func TestWhoWasInformedStandsInTheRecordOfTheIncident(t *testing.T) {
	w := onSQLite(t)
	const ask = `{ incident(reference: "demo-1") { impact { bodiesToInform { authority { slug } informedAt startsAfter duties { legalAct { slug } provision role } } } } }`
	bodies := func() map[string]object {
		out := map[string]object{}
		impact := query[map[string]object](t, w, ask, nil)["incident"]["impact"].(object)
		for _, b := range list(t, impact, "bodiesToInform") {
			out[b["authority"].(object)["slug"].(string)] = b
		}
		return out
	}
	w.amend(t, "Incident/demo-1", store.TLPAmber, map[string]store.Value{"informed": store.Strings(fmt.Sprintf("bsi=%d", moment.UnixMicro()))})
	got := bodies()
	if len(got) < 3 || got["bsi"]["informedAt"] != "2026-11-01T11:00:00Z" {
		t.Errorf("got %v", got)
	}
	for slug, b := range got {
		if slug != "bsi" && b["informedAt"] != nil {
			t.Errorf("%s was informed: %v", slug, b)
		}
		if len(list(t, b, "duties")) == 0 {
			t.Errorf("%s has no duty: %v", slug, b)
		}
	}
}

func TestAGraphAroundSomethingHoldsBothEndsOfItsEdges(t *testing.T) {
	w := onSQLite(t)
	const ask = `query($root: DependencySubjectInput!, $depth: Int, $direction: DependencyDirection, $most: Int) {
		dependencyGraph(root: $root, depth: $depth, direction: $direction, maxNodes: $most) { nodes { distance subject { id } } edges { key filled provider { id } dependent { id } } truncation { reason limit } }
	}`
	for _, root := range []store.ID{"Branch/electricity", "Facility/demo-fa-0016", "Facility/demo-fa-0006", "Operator/demo-op-0003", "Service/electricity-supply"} {
		for _, direction := range []string{"PROVIDERS", "DEPENDENTS", "BOTH"} {
			for depth := 1; depth <= 3; depth++ {
				g := query[map[string]object](t, w, ask, object{"root": inputOf(root), "depth": depth, "direction": direction, "most": 60})["dependencyGraph"]
				in := map[any]float64{}
				for _, n := range list(t, g, "nodes") {
					in[n["subject"].(object)["id"]] = n["distance"].(float64)
				}
				if at, ok := in[kritis.GlobalID(root)]; !ok || at != 0 || len(in) > 60 {
					t.Errorf("%s: the root is at %v of %d", root, at, len(in))
				}
				for _, e := range list(t, g, "edges") {
					from, fromIn := in[e["provider"].(object)["id"]]
					to, toIn := in[e["dependent"].(object)["id"]]
					if !fromIn || !toIn || from-to > 1 && to-from > 1 {
						t.Errorf("%s %s %d: the edge %v lies outside", root, direction, depth, e)
					}
				}
			}
		}
	}
}
