package impact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/impact"
)

func minStrength(s impact.Strength) func(*impact.Question) {
	return func(q *impact.Question) { q.Bounds.MinStrength = s }
}

func runtime(hours float64) func(*impact.Question) {
	return func(q *impact.Question) { q.Assumptions.GeneratorRuntime = span(hours) }
}

// example 6: a power plant and a hospital.
func hospital(backup *impact.Seconds, options string) impact.Data {
	return country(edges("e1 S H 1 0.9 PHYSICAL "+options),
		impact.Node{Key: "facility:S", Branch: "electricity"}, impact.Node{Key: "facility:H", BackupPower: backup})
}

// TestWorkedExamplesOfCascades holds the worked examples 1 to 6 of the rule with their numbers.
func TestWorkedExamplesOfCascades(t *testing.T) {
	chain := country(edges(`
		e1 A B 2 0.9
		e2 B C 3 0.5`))
	detour := country(edges(`
		e1 A D 1 0.4
		e2 A B 2 0.9
		e3 B D 2 0.9
		e4 D E 1 0.9`))
	long := country(edges(`
		e1 A B 1 0.9
		e2 B D 1 0.9
		e3 A D 5 0.9
		e4 D E 1 0.9`))
	circle := country(edges(`
		e1 A B 2 0.8
		e2 A C 1 0.9
		e3 C B 1 0.9
		e4 B A 1 0.9`))
	alternatives := country(edges(`
		e1 F1 W 2 0.9 need=fuel
		e2 F2 W 4 0.8 need=fuel
		e3 U F1 1 1
		e4 U F2 3 0.5`))
	tests := []struct {
		name   string
		data   impact.Data
		roots  string
		change func(*impact.Question)
		want   string
	}{
		{"1 times add and strengths multiply", chain, "A", nil, `
			A PT0S 1 0
			B PT2H 0.9 1 by e1
			C PT5H 0.45 2 by e1 e2`},
		{"1 the horizon is inclusive", chain, "A", func(q *impact.Question) { q.Bounds.Horizon = 5 * hour }, `
			A PT0S 1 0
			B PT2H 0.9 1 by e1
			C PT5H 0.45 2 by e1 e2`},
		{"1 the strength of the chain counts", chain, "A", minStrength(500_000), `
			A PT0S 1 0
			B PT2H 0.9 1 by e1
			cut MIN_STRENGTH "0.5"`},
		{"1 what lasts as long as the outage suffices", chain, "A", func(q *impact.Question) { q.Duration = span(5) }, `
			A PT0S 1 0
			B PT2H 0.9 1 by e1`},
		{"2 the earliest way may go on", detour, "A", minStrength(300_000), `
			A PT0S 1 0
			D PT1H 0.4 1 by e1
			B PT2H 0.9 1 by e2
			E PT2H 0.36 2 by e1 e4`},
		{"2 the earliest way is too weak to go on", detour, "A", minStrength(380_000), `
			A PT0S 1 0
			D PT1H 0.4 1 by e1
			B PT2H 0.9 1 by e2
			E PT5H 0.729 3 by e2 e3 e4`},
		{"2 the earliest way is too weak at all", detour, "A", minStrength(500_000), `
			A PT0S 1 0
			B PT2H 0.9 1 by e2
			D PT4H 0.81 2 by e2 e3
			E PT5H 0.729 3 by e2 e3 e4`},
		{"3 the earliest way is too long to go on", long, "A", func(q *impact.Question) { q.Bounds.MaxDepth = 2 }, `
			A PT0S 1 0
			B PT1H 0.9 1 by e1
			D PT2H 0.81 2 by e1 e2
			E PT6H 0.81 2 by e3 e4`},
		{"4 of equally early ways the stronger is shown, and a circle ends", circle, "A", nil, `
			A PT0S 1 0
			C PT1H 0.9 1 by e2
			B PT2H 0.81 2 by e2 e3`},
		{"5 one of two alternatives is not enough", alternatives, "F1", nil, `
			F1 PT0S 1 0`},
		{"5 the last alternative decides when, the least lost how much", alternatives, "F2 F1", nil, `
			F1 PT0S 1 0
			F2 PT0S 1 0
			W PT4H 0.8 1 by e2`},
		{"5 both alternatives fall with what is before them", alternatives, "U", nil, `
			U PT0S 1 0
			F1 PT1H 1 1 by e3
			F2 PT3H 0.5 1 by e4
			W PT7H 0.4 2 by e4 e2`},
		{"5 of equally late alternatives that with the smaller key is the cause", country(edges("e2 F1 W 2 0.9 need=n\ne1 F2 W 2 0.8 need=n")), "F1 F2", nil, `
			F1 PT0S 1 0
			F2 PT0S 1 0
			W PT2H 0.8 1 by e1`},
		{"5 of the ways in which an alternative is gone before the last the one that loses most counts", country(edges(`
			e1 A P 1 0.4
			e2 A B 1 1
			e3 B C 1 1
			e4 C P 1 0.9
			e5 P W 1 1 need=n
			e6 Q W 9 0.95 need=n`)), "A Q", func(q *impact.Question) { q.Bounds.MaxDepth = 4 }, `
			A PT0S 1 0
			Q PT0S 1 0
			B PT1H 1 1 by e2
			P PT1H 0.4 1 by e1
			C PT2H 1 2 by e2 e3
			W PT9H 0.9 4 by e6`},
		{"5 a third alternative that is gone later leaves the choice", country(edges(`
			e1 A P 1 0.4
			e2 A B 1 1
			e3 B C 1 1
			e4 C P 1 0.9
			e5 P W 1 1 need=n
			e6 Q W 9 0.95 need=n
			e7 A R 5 1
			e8 R W 1 1 need=n
			e9 W X 1 1`)), "A Q", func(q *impact.Question) { q.Bounds.MaxDepth = 4 }, `
			A PT0S 1 0
			Q PT0S 1 0
			B PT1H 1 1 by e2
			P PT1H 0.4 1 by e1
			C PT2H 1 2 by e2 e3
			R PT5H 1 1 by e7
			W PT9H 0.9 4 by e6
			X PT10H 0.4 3 by e6 e9`},
		{"5 a way that is too long to count is no way in which an alternative is gone", country(edges(`
			e1 A P 1 0.4
			e2 A B 1 1
			e3 B C 1 1
			e4 C P 1 0.9
			e5 P W 1 1 need=n
			e6 Q W 9 0.95 need=n`)), "A Q", nil, `
			A PT0S 1 0
			Q PT0S 1 0
			B PT1H 1 1 by e2
			P PT1H 0.4 1 by e1
			C PT2H 1 2 by e2 e3
			W PT9H 0.4 2 by e6`},
		{"5 two that stand in for each other keep each other up", country(edges(`
			e1 X A 1 0.9 need=n
			e2 B A 1 0.9 need=n
			e3 X B 1 0.9 need=n
			e4 A B 1 0.9 need=n`)), "X", nil, `
			X PT0S 1 0`},
		{"6 backup power bridges", hospital(span(24), ""), "S", nil, `
			S PT0S 1 0
			H P1D 0.9 1 by e1`},
		{"6 an assumption takes the place of backup power", hospital(span(24), ""), "S", runtime(48), `
			S PT0S 1 0
			H P2D 0.9 1 ESTIMATED by e1`},
		{"6 no backup power", hospital(span(0), ""), "S", nil, `
			S PT0S 1 0
			H PT1H 0.9 1 by e1`},
		{"6 no backup power, whatever is assumed", hospital(span(0), ""), "S", runtime(48), `
			S PT0S 1 0
			H PT1H 0.9 1 by e1`},
		{"6 backup power is not known", hospital(nil, ""), "S", nil, `
			S PT0S 1 0
			H PT1H 0.9 1 by e1
			? BACKUP_POWER_UNKNOWN 1`},
		{"6 backup power is not known but assumed", hospital(nil, ""), "S", runtime(48), `
			S PT0S 1 0
			H P2D 0.9 1 ESTIMATED by e1`},
		{"6 a substitute adds to backup power", hospital(span(24), "substitute=6"), "S", nil, `
			S PT0S 1 0
			H P1DT6H 0.9 1 by e1`},
		{"6 an assumption takes the substitute away", hospital(span(24), "substitute=6"), "S", func(q *impact.Question) { q.Assumptions.WithoutSubstitutes = true }, `
			S PT0S 1 0
			H P1D 0.9 1 ESTIMATED by e1`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := short(answer(t, build(t, tt.data), ask(tt.change, strings.Fields(tt.roots)...)))
			if diff := cmp.Diff(lines(tt.want), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestWorkedExample5OfPointsAndCauses(t *testing.T) {
	g := build(t, country(edges(`
		e1 F1 W 2 0.9 need=fuel
		e2 F2 W 4 0.8 need=fuel
		e3 U F1 1 1
		e4 U F2 3 0.5`)))
	points, err := g.SinglePointsOfFailure(t.Context(), impact.PointsQuestion{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]impact.SinglePoint{{Subject: "facility:U", DependentCount: 2, Figures: impact.Sourced}}, points); diff != "" {
		t.Errorf("single points (-want +got)\n%s", diff)
	}
	causes, _, err := g.CommonCauses(t.Context(), impact.CausesQuestion{Subjects: []string{"facility:F1", "facility:W"}, Bounds: impact.DefaultBounds()})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]impact.CommonCause{{Subject: "facility:U", StartsAfter: 7 * hour, Strength: 400_000, Figures: impact.Sourced}}, causes); diff != "" {
		t.Errorf("common causes (-want +got)\n%s", diff)
	}
}

func TestWorkedExample7OfPopulation(t *testing.T) {
	area := func(ars string, population int64) impact.Area { return impact.Area{ARS: ars, Population: &population} }
	g := build(t, country(nil,
		impact.Node{Key: "facility:A", SupplyArea: []impact.Area{area("09162", 1_500_000)}},
		impact.Node{Key: "facility:B", SupplyArea: []impact.Area{area("09178", 180_000)}},
		impact.Node{Key: "facility:C", SupplyArea: []impact.Area{area("09162000", 1_500_000)}},
		impact.Node{Key: "facility:D", SupplyArea: []impact.Area{area("09178", 182_000)}, Site: "BW"}))
	want := "BW 1 entries, population not known\nBY 4 entries, population 1682000\n"
	if got := inhabitants(answer(t, g, ask(nil, "A", "B", "C", "D"))); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func inhabitants(a impact.Answer) string {
	var b strings.Builder
	for _, s := range a.FederalStates {
		population := "not known"
		if s.Population != nil {
			population = fmt.Sprint(*s.Population)
		}
		fmt.Fprintf(&b, "%s %d entries, population %s\n", s.Code, s.Entries, population)
	}
	return b.String()
}
