package seed_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

func TestDependenciesAreInRangeAndHaveAlternativesAndCircles(t *testing.T) {
	w := collect(t, demo(seed.Medium))
	needs, circles, substitutes, figures := map[string]int{}, 0, 0, map[string]int{}
	ends := map[[2]store.ID]bool{}
	for _, e := range w.edges {
		if e.Type() == kritis.EdgeSupplies {
			ends[[2]store.ID{e.From, e.To}] = true
		}
	}
	numbers := map[string]bool{}
	for id, e := range w.edges {
		if e.Type() != kritis.EdgeSupplies {
			continue
		}
		number := e.Prop("number").Text()
		if numbers[number] {
			t.Errorf("%s stands twice", number)
		}
		numbers[number] = true
		strength, delay := e.Prop("strengthMillionths").Num(), e.Prop("timeToImpactSeconds").Num()
		if strength <= 0 || strength > 1_000_000 || strength%100 != 0 || delay < 0 {
			t.Errorf("%s: strength %d, delay %d", id, strength, delay)
		}
		need := e.Prop("need").Text()
		if need != "" {
			needs[string(e.To)+" "+need]++
		}
		if want := kritis.DependencyID(e.From, e.To, need); id != want {
			t.Errorf("%s is not %s", id, want)
		}
		if ends[[2]store.ID{e.To, e.From}] {
			circles++
		}
		if e.Prop("substituteSeconds").Num() > 0 {
			substitutes++
		}
		figures[e.Prop("figures").Text()]++
	}
	for need, alternatives := range needs {
		if alternatives < 2 {
			t.Errorf("%s has one provider and needs no name", need)
		}
	}
	if len(needs) < 1_000 || circles < 100 || substitutes < 100 || figures["SOURCED"] == 0 || figures["ESTIMATED"] == 0 {
		t.Errorf("%d needs with alternatives, %d edges in circles of two, %d substitutes, figures %v", len(needs), circles, substitutes, figures)
	}
}

func TestProvidersStandNearTheirDependents(t *testing.T) {
	w := collect(t, demo(seed.Medium))
	district := func(id store.ID) int {
		ars := w.nodes[id].Prop("siteArs").Text()
		if ars == "" {
			return 0
		}
		n, err := strconv.Atoi(ars)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	distances := func(pairs [][2]store.ID) float64 {
		sum := 0
		for _, p := range pairs {
			away := district(p[0]) - district(p[1])
			sum += max(away, -away)
		}
		return float64(sum) / float64(len(pairs))
	}
	var pairs, shifted [][2]store.ID // of one Land; shifted joins each dependent with the provider of another one
	for _, e := range w.edges {
		if site := w.nodes[e.From].Prop("siteCode").Text(); e.Type() == kritis.EdgeSupplies && site == "NW" && site == w.nodes[e.To].Prop("siteCode").Text() {
			pairs = append(pairs, [2]store.ID{e.From, e.To})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]store.ID) int { return slices.Compare(a[:], b[:]) })
	for i := range pairs {
		shifted = append(shifted, [2]store.ID{pairs[i][0], pairs[(i+len(pairs)/2)%len(pairs)][1]})
	}
	if near, far := distances(pairs), distances(shifted); 3*near > 2*far {
		t.Errorf("providers stand %.1f districts away, any others %.1f", near, far)
	}
}

func TestSupplyAreasOfAFacilityDoNotOverlapAndHaveFewerInhabitantsThanTheLand(t *testing.T) {
	ref, err := seed.Load()
	if err != nil {
		t.Fatal(err)
	}
	inhabitants := map[string]int64{}
	for _, s := range ref.States.States {
		inhabitants[s.ARS] = s.Population
	}
	for id, n := range collect(t, demo(seed.Medium)).nodes {
		sums := map[string]int64{}
		areas := supplyArea(t, n)
		slices.SortFunc(areas, func(a, b impact.Area) int { return strings.Compare(a.ARS, b.ARS) })
		for i, a := range areas {
			if i > 0 && strings.HasPrefix(a.ARS, areas[i-1].ARS) {
				t.Errorf("%s: %s lies in %s", id, a.ARS, areas[i-1].ARS)
			}
			sums[a.ARS[:2]] += *a.Population
		}
		for land, sum := range sums {
			if sum <= 0 || sum > inhabitants[land] {
				t.Errorf("%s supplies %d in a Land of %d", id, sum, inhabitants[land])
			}
		}
	}
}
