package graph_test

import (
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

func TestAnOperatorOfWhichTooLittleIsKnownIsUnresolved(t *testing.T) {
	w := onSQLite(t)
	made := w.must(t, developer, "operatorCreate", object{"name": "Ausland AG", "sectors": []string{"energy"}, "source": "x", "asOf": "2026-10-01", "confidence": "VERIFIED"}, "reference")
	answer := query[map[string]object](t, w, `query($id: ID!) { simulateOutage(input: {roots: [{operator: $id}]}) { bodiesToInform { startsAfter } unknowns { code count } } }`, object{"id": made["id"]})
	unknowns := list(t, answer["simulateOutage"], "unknowns")
	if len(unknowns) != 1 || unknowns[0]["code"] != "RESPONSIBILITY_UNRESOLVED" || unknowns[0]["count"] != 1.0 {
		t.Errorf("got %v", answer)
	}
}

func TestAnOperatorWithoutSeatTouchesTheLandOfItsFacilitiesWhereverTheWalkEnds(t *testing.T) {
	w := onSQLite(t)
	made := w.must(t, developer, "operatorCreate", object{"name": "Ausland AG", "sectors": []string{"water"}, "source": "x", "asOf": "2026-10-01", "confidence": "VERIFIED"}, "reference")
	w.must(t, developer, "facilityCreate", with(newFacility, object{"operator": made["id"]}), "")
	operator := store.ID("Operator/" + made["reference"].(string))
	w.must(t, developer, "dependencyCreate", supply("Facility/demo-fa-0009", operator), "")
	for depth := 1; depth <= 2; depth++ {
		answer := query[map[string]object](t, w, `query($roots: [DependencySubjectInput!]!, $depth: Int) {
			simulateOutage(input: {roots: $roots, maxDepth: $depth}) { entries { subject { id } federalStates { code } } truncation { reason } }
		}`, object{"roots": []object{inputOf("Facility/demo-fa-0009")}, "depth": depth})
		found := false
		for _, e := range list(t, answer["simulateOutage"], "entries") {
			if e["subject"].(object)["id"] == made["id"] {
				found = true
				if got := codesIn(t, e, "federalStates"); !slices.Equal(got, []string{"BY"}) {
					t.Errorf("depth %d: it touches %v, want the Land of its facility", depth, got)
				}
			}
		}
		if !found {
			t.Errorf("depth %d: the operator does not fail: %v", depth, answer)
		}
	}
}

func TestAGraphTellsTheDelayOfReserves(t *testing.T) {
	w := onSQLite(t)
	g := query[map[string]object](t, w, `query($root: DependencySubjectInput!) { dependencyGraph(root: $root, depth: 1, direction: DEPENDENTS) { edges { key timeToImpact delay } } }`,
		object{"root": inputOf("Facility/demo-fa-0016")})["dependencyGraph"]
	found := false
	for _, e := range list(t, g, "edges") {
		if strings.HasSuffix(e["key"].(string), "fa-0016-fa-0006") {
			found = true
			if e["timeToImpact"] != "PT1H" || e["delay"] != "P1D" {
				t.Errorf("the hospital has emergency power for a day: %v", e)
			}
		}
	}
	if !found {
		t.Errorf("no dependency of the hospital: %v", g)
	}
}

func TestAGraphThatIsCutHoldsTheNearestThings(t *testing.T) {
	w := onSQLite(t)
	const ask = `query($root: DependencySubjectInput!, $most: Int) { dependencyGraph(root: $root, depth: 3, maxNodes: $most) { nodes { distance } truncation { reason limit } } }`
	at := func(most int) map[int]int {
		g := query[map[string]object](t, w, ask, object{"root": inputOf("Facility/demo-fa-0017"), "most": most})["dependencyGraph"]
		count := map[int]int{}
		for _, n := range list(t, g, "nodes") {
			count[int(n["distance"].(float64))]++
		}
		if cut := len(list(t, g, "truncation")) > 0; cut != (most < 2_000) {
			t.Errorf("%d: cut %v", most, cut)
		}
		return count
	}
	all := at(2_000)
	for most := 2; most <= all[0]+all[1]+all[2]; most += 3 {
		got, left := at(most), most
		for distance := 0; distance <= 3; distance++ {
			if want := min(left, all[distance]); got[distance] != want {
				t.Errorf("%d things: %d at distance %d, want %d", most, got[distance], distance, want)
			}
			left -= min(left, all[distance])
		}
	}
}

func TestWhereNothingLeadsFurtherNoDepthIsBlamed(t *testing.T) {
	w := onSQLite(t)
	for _, subject := range []string{"demo-fa-0006", "demo-fa-0013", "demo-fa-0016"} {
		from := object{"facility": kritis.GlobalID(store.NewID("Facility", subject))}
		const ask = `query($from: DependencySubjectInput!, $depth: Int) { dependencyPaths(provider: $from, dependent: {branch: "space-ground-infrastructure"}, maxDepth: $depth) { exists truncation { reason } } }`
		answer := func(depth int) (exists, longer bool) {
			p := query[map[string]object](t, w, ask, object{"from": from, "depth": depth})["dependencyPaths"]
			for _, c := range list(t, p, "truncation") {
				longer = longer || c["reason"] == "MAX_DEPTH"
			}
			return p["exists"].(bool), longer
		}
		deep, _ := answer(10)
		for depth := 1; depth < 10; depth++ {
			if exists, longer := answer(depth); !exists && longer && !deep {
				t.Errorf("%s: at depth %d a longer path is promised, and at 10 there is none", subject, depth)
			}
		}
	}
}
