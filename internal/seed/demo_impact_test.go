package seed_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

// isFixed reports whether something is a fixed operator or facility.
func isFixed(id store.ID) bool {
	switch id.Kind() {
	case string(kritis.LabelOperator):
		return id.Key() <= "demo-op-0010" && len(id.Key()) == len("demo-op-0010")
	case string(kritis.LabelFacility):
		return id.Key() <= "demo-fa-0018" && len(id.Key()) == len("demo-fa-0018")
	}
	return false
}

// nameOf is what a key names.
func nameOf(key string) string {
	_, name, _ := strings.Cut(key, ":")
	return name
}

// atRisk tells dependents and inhabitants of a single point as the document does.
func atRisk(p impact.SinglePoint) string {
	return fmt.Sprintf("%d, %d", p.DependentCount, *p.PopulationAtRisk)
}

// pointsOf are the single points of failure among the facilities of a graph, in order.
func pointsOf(t *testing.T, g *impact.Graph) []impact.SinglePoint {
	t.Helper()
	points, err := g.SinglePointsOfFailure(t.Context(), impact.PointsQuestion{})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(points, func(p impact.SinglePoint) bool { return !strings.HasPrefix(p.Subject, "facility:") })
}

// takenDown tells what fails with a facility, and when and how strongly.
func takenDown(t *testing.T, g *impact.Graph, key string) string {
	t.Helper()
	a, err := g.Impact(t.Context(), impact.Question{Roots: []impact.Root{{Key: key}}, Bounds: impact.PointBounds(), RegisteredOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range a.Entries[1:] {
		out = append(out, fmt.Sprint(nameOf(e.Subject), " ", e.StartsAfter, " ", e.Strength))
	}
	return strings.Join(out, ", ")
}

func TestPlantedSinglePointsOfFailureAreAsTheDocumentSays(t *testing.T) {
	var want [][]string
	all := map[seed.Size]map[string]impact.SinglePoint{}
	for _, size := range []seed.Size{seed.Small, seed.Medium} {
		all[size] = map[string]impact.SinglePoint{}
		for _, p := range pointsOf(t, collect(t, demo(size)).dependencies(t, nil).graph(t)) {
			all[size][p.Subject] = p
		}
	}
	planted := collect(t, demo(seed.Small))
	g := planted.dependencies(t, isFixed).graph(t)
	for i, p := range pointsOf(t, g) {
		land := planted.nodes[store.NewID(string(kritis.LabelFacility), nameOf(p.Subject))].Prop("siteCode").Text()
		want = append(want, []string{fmt.Sprint(i + 1), nameOf(p.Subject), land, takenDown(t, g, p.Subject), atRisk(p),
			atRisk(all[seed.Small][p.Subject]), atRisk(all[seed.Medium][p.Subject])})
	}
	if d := cmp.Diff(want, table(t, "^\\| [0-9]+ \\| `demo-fa-")); d != "" {
		t.Errorf("the engine and the document differ (-engine +document): %s", d)
	}
}

// causesOf tells the common causes of facilities, and when and how strongly the last and least of these is affected.
func causesOf(t *testing.T, g *impact.Graph, facilities string) string {
	t.Helper()
	q := impact.CausesQuestion{Bounds: impact.DefaultBounds()}
	for name := range strings.SplitSeq(facilities, ", ") {
		q.Subjects = append(q.Subjects, "facility:"+name)
	}
	causes, _, err := g.CommonCauses(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range causes {
		out = append(out, fmt.Sprint(nameOf(c.Subject), " ", c.StartsAfter, " ", c.Strength))
	}
	return strings.Join(out, ", ")
}

func TestPlantedPointsAndCommonCausesAreTheSameWithEverySeedAndSize(t *testing.T) {
	causes := table(t, "^\\| `demo-fa-[0-9]+`, `demo-fa-")
	if len(causes) != 4 {
		t.Errorf("the document lists the causes of %d sets", len(causes))
	}
	first := pointsOf(t, collect(t, demo(seed.Small)).dependencies(t, isFixed).graph(t))
	for _, o := range []seed.Options{{Seed: 1, Size: seed.Small, Day: demoDay}, {Seed: 99, Size: seed.Small, Day: demoDay}, {Seed: 1, Size: seed.Medium, Day: demoDay}} {
		w := collect(t, seed.Demo(o))
		if d := cmp.Diff(first, pointsOf(t, w.dependencies(t, isFixed).graph(t))); d != "" {
			t.Errorf("%+v: %s", o, d)
		}
		g := w.dependencies(t, nil).graph(t)
		for _, row := range causes {
			if d := cmp.Diff(causesOf(t, g, row[0]), row[1]); d != "" {
				t.Errorf("%+v: %s (-engine +document): %s", o, row[0], d)
			}
		}
	}
}

// Of real cascades about 80 percent end at the first order and about 18 percent at the second (reference/dependencies.yaml).
func TestMostCascadesEndAtTheFirstOrder(t *testing.T) {
	d := collect(t, demo(seed.Medium)).dependencies(t, nil)
	d.checkShape(t)
	g := d.graph(t)
	ends, roots, affected := map[int]int{}, 0, 0
	for key := range d.nodes {
		if !strings.HasPrefix(key, "facility:") {
			continue
		}
		a, err := g.Impact(t.Context(), impact.Question{Roots: []impact.Root{{Key: key}}, Bounds: impact.PointBounds(), RegisteredOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		last := 0
		for _, e := range a.Entries {
			last = max(last, e.Hops)
		}
		ends[last]++
		roots++
		affected += len(a.Entries) - 1
	}
	spread := roots - ends[0]
	if first, second := 100*ends[1]/spread, 100*ends[2]/spread; first < 65 || second < 10 || second > 30 {
		t.Errorf("%d percent of the cascades end at the first order, %d at the second", first, second)
	}
	if affected < roots || affected > 5*roots {
		t.Errorf("%d roots affect %d", roots, affected)
	}
}
