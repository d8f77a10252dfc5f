package graph_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/store"
)

const askPoints = `query($land: FederalStateCode!) {
	singlePointsOfFailure(where: {federalState: {eq: $land}}, first: 100) { totalCount nodes { subject { id } dependentCount populationAtRisk figures } }
	all: singlePointsOfFailure(first: 100) { totalCount nodes { subject { id } dependentCount populationAtRisk figures } }
}`

func TestSinglePointsOfFailureAreThoseOfTheWholeGraph(t *testing.T) {
	checkPoints(t, onSQLite(t), "BY", "HH", "NI", "SL")
}

func checkPoints(t *testing.T, w *world, lands ...string) {
	for _, p := range []kritis.Principal{developer, w.caller(t, kritis.Identity{Subject: "officer", Body: "zkl-de-by"})} {
		g, _ := whole(t, w, p.Scope())
		for _, land := range lands {
			answer := queryAs[map[string]object](t, w, p, askPoints, object{"land": land})
			for alias, asked := range map[string]string{"singlePointsOfFailure": land, "all": ""} {
				want, err := g.SinglePointsOfFailure(t.Context(), impact.PointsQuestion{FederalState: asked})
				if err != nil {
					t.Fatal(err)
				}
				var rule, got []string
				for _, x := range want {
					people := "-"
					if x.PopulationAtRisk != nil {
						people = strconv.FormatInt(*x.PopulationAtRisk, 10)
					}
					rule = append(rule, fmt.Sprint(globalOf(x.Subject), " ", x.DependentCount, " ", people, " ", x.Figures))
				}
				for _, x := range list(t, answer[alias], "nodes") {
					got = append(got, fmt.Sprint(x["subject"].(object)["id"], " ", x["dependentCount"], " ", number(x["populationAtRisk"]), " ", x["figures"]))
				}
				if diff := cmp.Diff(rule[:min(len(rule), 100)], got); diff != "" || int(answer[alias]["totalCount"].(float64)) != len(rule) {
					t.Errorf("%s: %v of %d (-rule +answer)\n%s", asked, answer[alias]["totalCount"], len(rule), diff)
				}
			}
		}
	}
}

// Who runs a facility may be hidden, and then it is found by what it is, or where it stands.
func TestSinglePointsOfFailureNeedNoVisibleOperator(t *testing.T) {
	branch, sector := store.String("electricity"), store.String("energy")
	for name, of := range map[string]struct {
		props map[string]store.Value
		edge  store.EdgeType
		to    store.ID
	}{
		"at sea, in no Land":     {map[string]store.Value{"branchSlug": branch, "sectorSlug": sector, "inExclusiveEconomicZone": store.Bool(true)}, kritis.EdgeInBranch, "Branch/electricity"},
		"of a sector, no branch": {map[string]store.Value{"sectorSlug": sector, "siteCode": store.String("BY")}, kritis.EdgeSiteIn, "FederalState/BY"},
	} {
		t.Run(name, func(t *testing.T) {
			w := onSQLite(t)
			const secret, park, platform = store.ID("Operator/secret"), store.ID("Facility/park"), store.ID("Facility/platform")
			put := func(id store.ID, props map[string]store.Value, audience string) store.Node {
				props = maps.Clone(props)
				props["reference"], props["name"] = store.String(id.Key()), store.String(id.Key())
				return store.Node{ID: id, Props: props, Own: store.Visibility{TLP: store.TLPClear, Audiences: []string{audience}}}
			}
			link := func(edge store.EdgeType, from, to store.ID) store.Edge {
				return store.Edge{ID: store.EdgeID(edge, from, to), From: from, To: to}
			}
			supplies := store.Edge{ID: kritis.DependencyID(platform, park, ""), From: platform, To: park, Props: map[string]store.Value{
				"kind": store.String("PHYSICAL"), "strengthMillionths": store.Int(900_000), "timeToImpactSeconds": store.Int(60), "figures": store.String("SOURCED"),
			}}
			change := store.Change{
				Put: []store.Node{put(secret, map[string]store.Value{"sectorSlugs": store.Strings("energy")}, "body:nobody"), put(park, of.props, "public"), put(platform, of.props, "public")},
				Link: []store.Edge{
					link(kritis.EdgeInSector, secret, "Sector/energy"), link(kritis.EdgeOperates, secret, park), link(kritis.EdgeOperates, secret, platform),
					link(of.edge, park, of.to), link(of.edge, platform, of.to), supplies,
				},
			}
			for _, n := range change.Put {
				change.If = append(change.If, store.Cond{ID: n.ID})
			}
			for _, e := range change.Link {
				change.If = append(change.If, store.Cond{ID: e.ID})
			}
			w.commit(t, change)
			answer := queryAs[map[string]object](t, w, kritis.Anonymous(), `{ singlePointsOfFailure { nodes { subject { id } dependentCount } } }`, nil)
			points := list(t, answer["singlePointsOfFailure"], "nodes")
			if len(points) != 1 || points[0]["subject"].(object)["id"] != kritis.GlobalID(platform) || points[0]["dependentCount"] != 1.0 {
				t.Errorf("got %v", points)
			}
		})
	}
}

const askCauses = `query($of: [DependencySubjectInput!]!, $depth: Int) {
	commonCause(subjects: $of, maxDepth: $depth, first: 3) { causes { subject { id } startsAfter strength figures } truncation { reason limit } }
}`

const askPaths = `query($from: DependencySubjectInput!, $to: DependencySubjectInput!, $depth: Int, $mode: PathMode) {
	dependencyPaths(provider: $from, dependent: $to, maxDepth: $depth, mode: $mode, first: 4) { exists paths { length strength startsAfter figures hops { key } } truncation { reason limit } }
}`

func TestCommonCausesAndPathsAreThoseOfTheWholeGraph(t *testing.T) {
	checkCausesAndPaths(t, onSQLite(t), 2)
}

// checkCausesAndPaths asks for pairs of things, every step-th.
func checkCausesAndPaths(t *testing.T, w *world, step int) {
	g, nodes := whole(t, w, developer.Scope())
	subjects := []store.ID{"Branch/medical-care", "Branch/banks", "Branch/telecommunications"}
	for id := range nodes {
		if kind := id.Kind(); kind == "Facility" || kind == "Operator" {
			subjects = append(subjects, id)
		}
	}
	slices.Sort(subjects)
	found := map[string]int{}
	for i := 0; i < len(subjects); i += step {
		a, b := subjects[i], subjects[(i*31+17)%len(subjects)]
		if a == b {
			continue
		}
		depth := 2 + i%3
		found["causes"] += compareCauses(t, w, g, a, b, depth)
		for _, mode := range []impact.PathSelection{impact.AllShortest, impact.KStrongest} {
			found["paths"] += comparePaths(t, w, g, a, b, depth, mode)
			if a.Kind() != "Branch" {
				found["paths to a branch"] += comparePaths(t, w, g, a, "Branch/medical-care", depth, mode)
			}
		}
	}
	t.Log(found)
	if found["causes"] == 0 || found["paths"] == 0 || found["paths to a branch"] == 0 {
		t.Errorf("something was never found: %v", found)
	}
}

func compareCauses(t *testing.T, w *world, g *impact.Graph, a, b store.ID, depth int) int {
	t.Helper()
	bounds := impact.DefaultBounds()
	bounds.MaxDepth = depth
	want, _, err := g.CommonCauses(t.Context(), impact.CausesQuestion{Subjects: []string{keyOf(a), keyOf(b)}, Bounds: bounds})
	if err != nil {
		t.Fatal(err)
	}
	var rule, got []string
	for _, c := range want[:min(len(want), 3)] {
		strength, _ := strconv.ParseFloat(c.Strength.String(), 64)
		rule = append(rule, fmt.Sprint(globalOf(c.Subject), " ", c.StartsAfter, " ", strength, " ", c.Figures))
	}
	if len(want) > 3 {
		rule = append(rule, "RESULT_LIMIT 3")
	}
	answer := query[map[string]object](t, w, askCauses, object{"of": []object{inputOf(a), inputOf(b)}, "depth": depth})["commonCause"]
	for _, c := range list(t, answer, "causes") {
		got = append(got, fmt.Sprint(c["subject"].(object)["id"], " ", c["startsAfter"], " ", c["strength"], " ", c["figures"]))
	}
	for _, c := range list(t, answer, "truncation") {
		got = append(got, fmt.Sprint(c["reason"], " ", c["limit"]))
	}
	if diff := cmp.Diff(rule, got); diff != "" {
		t.Errorf("%s and %s at %d: (-rule +answer)\n%s", a, b, depth, diff)
	}
	return len(want)
}

func comparePaths(t *testing.T, w *world, g *impact.Graph, from, to store.ID, depth int, mode impact.PathSelection) int {
	t.Helper()
	want, err := g.Paths(t.Context(), impact.PathsQuestion{Provider: keyOf(from), Dependent: keyOf(to), Select: mode, MaxDepth: depth, First: 4})
	if err != nil {
		t.Fatal(err)
	}
	rule, got := []string{fmt.Sprint(want.Exists)}, []string{}
	for _, p := range want.List {
		var keys []string
		for _, s := range p.Steps {
			keys = append(keys, s.Key)
		}
		strength, _ := strconv.ParseFloat(p.Strength.String(), 64)
		rule = append(rule, fmt.Sprint(len(keys), " ", strength, " ", p.StartsAfter, " ", p.Figures, " ", keys))
	}
	for _, c := range want.Truncations {
		rule = append(rule, fmt.Sprint(c.Reason, " ", c.Limit))
	}
	answer := query[map[string]object](t, w, askPaths, object{"from": inputOf(from), "to": inputOf(to), "depth": depth, "mode": mode})["dependencyPaths"]
	got = append(got, fmt.Sprint(answer["exists"]))
	for _, p := range list(t, answer, "paths") {
		var keys []string
		for _, s := range list(t, p, "hops") {
			keys = append(keys, s["key"].(string))
		}
		got = append(got, fmt.Sprint(p["length"], " ", p["strength"], " ", p["startsAfter"], " ", p["figures"], " ", keys))
	}
	for _, c := range list(t, answer, "truncation") {
		got = append(got, fmt.Sprint(c["reason"], " ", c["limit"]))
	}
	if diff := cmp.Diff(rule, got); diff != "" {
		t.Errorf("%s from %s to %s at %d: (-rule +answer)\n%s", mode, from, to, depth, diff)
	}
	return len(want.List)
}

func keyOf(id store.ID) string { return strings.ToLower(id.Kind()) + ":" + id.Key() }

// inputOf names a thing as the API wants it: by its slug or its global id.
func inputOf(id store.ID) object {
	if id.Kind() == "Branch" || id.Kind() == "Service" {
		return object{strings.ToLower(id.Kind()): id.Key()}
	}
	return object{strings.ToLower(id.Kind()): kritis.GlobalID(id)}
}
