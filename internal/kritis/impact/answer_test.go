package impact_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/impact"
)

func TestQuantitiesAreWrittenCanonically(t *testing.T) {
	for s, want := range map[impact.Seconds]string{
		0: "PT0S", 360: "PT6M", 26 * hour: "P1DT2H", 7 * 24 * hour: "P7D", 90061: "P1DT1H1M1S", 59: "PT59S", -hour: "-PT1H",
	} {
		if got := s.String(); got != want {
			t.Errorf("%d seconds are %s, want %s", int64(s), got, want)
		}
	}
	for s, want := range map[impact.Strength]string{0: "0", 1: "0.000001", 450_000: "0.45", 617_738: "0.617738", impact.Whole: "1", 1_100_000: "1.1"} {
		if got := s.String(); got != want {
			t.Errorf("%d millionths are %s, want %s", int32(s), got, want)
		}
	}
}

func TestAWayThatLosesNothingThatCanBeMeasuredStillCounts(t *testing.T) {
	g := build(t, country(edges(`
		e1 A B 1 0.0001
		e2 B C 1 0.0001
		e3 C D 1 0.0001
		e4 B D 9 0.0001
		e5 D E 1 0.0001`)))
	a := answer(t, g, ask(func(q *impact.Question) { q.Bounds.MinStrength, q.Bounds.MaxDepth = 0, 3 }, "A"))
	want := "A PT0S 1 0\nB PT1H 0.0001 1 by e1\nC PT2H 0 2 by e1 e2\nD PT3H 0 3 by e1 e2 e3\nE PT11H 0 3 by e1 e4 e5\n"
	if diff := cmp.Diff(want, short(a)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWavesGoByHopsAndTheTimelineByTime(t *testing.T) {
	a := answer(t, build(t, country(edges(`
		e1 A B 5 0.9
		e2 A C 2 0.9
		e3 C D 1 0.9
		e4 C E 3 0.9`))), ask(nil, "A"))
	waves := []impact.Wave{{0, 0, []int{0}}, {1, 2 * hour, []int{1, 3}}, {2, 3 * hour, []int{2, 4}}}
	if diff := cmp.Diff(waves, a.Waves()); diff != "" {
		t.Errorf("waves (-want +got)\n%s", diff)
	}
	line := []impact.Moment{{0, []int{0}}, {2 * hour, []int{1}}, {3 * hour, []int{2}}, {5 * hour, []int{3, 4}}}
	if diff := cmp.Diff(line, a.Timeline()); diff != "" {
		t.Errorf("timeline (-want +got)\n%s", diff)
	}
	if a.Entries[0].Via() != nil || a.Entries[2].Via().Key != "e3" {
		t.Errorf("via %v, %v", a.Entries[0].Via(), a.Entries[2].Via())
	}
}

func TestRecoveryAddsUpAlongThePathAndIsNotKnownWhereAPartIsNot(t *testing.T) {
	g := build(t, country(edges("e1 A B 1 0.9\ne2 B C 1 0.9\ne3 A D 1 0.9"),
		impact.Node{Key: "facility:A", RecoveryTime: span(2)}, impact.Node{Key: "facility:B", RecoveryTime: span(3)},
		impact.Node{Key: "facility:C", RecoveryTime: span(0)}, impact.Node{Key: "facility:D"}))
	recovery := func(duration *impact.Seconds) (list []string) {
		for _, e := range answer(t, g, ask(func(q *impact.Question) { q.Duration = duration }, "A")).Entries {
			text := "not known"
			if e.Recovery != nil {
				text = e.Recovery.String()
			}
			list = append(list, e.Subject+" "+text)
		}
		return list
	}
	if diff := cmp.Diff([]string{"facility:A P1DT2H", "facility:B P1DT5H", "facility:D not known", "facility:C P1DT5H"}, recovery(span(24))); diff != "" {
		t.Errorf("a day (-want +got)\n%s", diff)
	}
	if got := recovery(nil)[0]; got != "facility:A not known" {
		t.Errorf("open end: %s", got)
	}
}

func TestUnknownsAreCountedByCode(t *testing.T) {
	g := build(t, country(edges("e1 S B 1 0.9 PHYSICAL\ne2 S operator:o 1 0.9 PHYSICAL\ne3 B C 1 0.9 PHYSICAL\ne4 S D 1 0.9"),
		impact.Node{Key: "facility:S", Branch: "electricity", Site: "BY", SupplyArea: []impact.Area{{ARS: "09162"}}},
		impact.Node{Key: "facility:D", FederalStates: []string{"BY"}}))
	want := []impact.Unknown{{Code: impact.BackupPowerUnknown, Count: 2}, {Code: impact.NoRegisteredDependents, Count: 2}, {Code: impact.SupplyAreaUnknown, Count: 2}}
	if diff := cmp.Diff(want, answer(t, g, ask(nil, "S")).Unknowns); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPopulation(t *testing.T) {
	area := func(ars string, population int64) impact.Area { return impact.Area{ARS: ars, Population: &population} }
	d := country(edges("e1 A B 1 0.9\nd1 branch:gas branch:rail 1 0.9"),
		impact.Node{Key: "facility:A", Branch: "gas", Site: "BY", SupplyArea: []impact.Area{area("09162", 2_000_000), {ARS: "09"}, {ARS: "08"}}},
		impact.Node{Key: "facility:B", SupplyArea: []impact.Area{area("09178", 12_000_000)}},
		impact.Node{Key: "service:gas-supply", Branch: "gas"})
	tests := []struct {
		name string
		root impact.Root
		want string
	}{
		{"never exceeds that of the Land and is not known where no figure is", impact.Root{Key: "facility:A"}, "BW 2 entries, population not known\nBY 3 entries, population 13000000\n"},
		{"of a branch that is a root is the whole Land, of one that is not nothing", impact.Root{Key: "branch:gas", FederalStates: []string{"BW"}}, "BW 2 entries, population 11000000\n"},
		{"of a service that is a root is the whole Land", impact.Root{Key: "service:gas-supply", FederalStates: []string{"BW"}}, "BW 2 entries, population 11000000\n"},
		{"counts the facilities that fall with a branch", impact.Root{Key: "branch:gas", FederalStates: []string{"BY"}, IncludeFacilities: true},
			"BW 2 entries, population not known\nBY 4 entries, population 13000000\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := answer(t, build(t, d), impact.Question{Roots: []impact.Root{tt.root}, Bounds: impact.DefaultBounds()})
			if got := inhabitants(a); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

func TestAnOperatorFallsWithItsFacilitiesAndStandsWhereTheyDo(t *testing.T) {
	g := build(t, country(edges("e1 A C 1 0.9"), impact.Node{Key: "operator:o"},
		impact.Node{Key: "facility:A", Operator: "operator:o", Site: "BY"}, impact.Node{Key: "facility:B", Operator: "operator:o", Site: "BW"}))
	a := answer(t, g, ask(nil, "operator:o"))
	if diff := cmp.Diff("A PT0S 1 0\nB PT0S 1 0\noperator:o PT0S 1 0\nC PT1H 0.9 1 by e1\n", short(a)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"BW", "BY"}, a.Entries[2].FederalStates); diff != "" {
		t.Errorf("Länder (-want +got)\n%s", diff)
	}
	causes, _, err := g.CommonCauses(t.Context(), impact.CausesQuestion{Subjects: []string{"facility:A", "facility:B"}, Bounds: impact.DefaultBounds()})
	if diff := cmp.Diff([]impact.CommonCause{{Subject: "operator:o", Strength: impact.Whole, Figures: impact.Sourced}}, causes); err != nil || diff != "" {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
}

func TestCommonCausesComeFirstThatHitAllFirst(t *testing.T) {
	g := build(t, country(edges(`
		a1 A X 5 0.5
		a2 A Y 1 0.9
		b1 B X 2 0.9
		b2 B Y 1 0.9
		c1 C X 2 0.9 ESTIMATED
		c2 C Y 1 0.6`)))
	causes, _, err := g.CommonCauses(t.Context(), impact.CausesQuestion{Subjects: []string{"facility:X", "facility:Y"}, Bounds: impact.DefaultBounds()})
	want := []impact.CommonCause{{"facility:B", 2 * hour, 900_000, impact.Sourced}, {"facility:C", 2 * hour, 600_000, impact.Estimated}, {"facility:A", 5 * hour, 500_000, impact.Sourced}}
	if diff := cmp.Diff(want, causes); err != nil || diff != "" {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
}

func TestSinglePointsComeFirstThatPutMostAtRisk(t *testing.T) {
	area := func(ars string, population int64) []impact.Area {
		return []impact.Area{{ARS: ars, Population: &population}}
	}
	g := build(t, country(edges("e1 A X 1 0.9\ne2 B Y 1 0.9\ne3 C Z 1 0.9\ne4 Z Z2 1 0.9 ESTIMATED\ne5 C X 1 0.4"),
		impact.Node{Key: "facility:X", SupplyArea: area("09162", 5000)}, impact.Node{Key: "facility:Y", SupplyArea: area("08111", 9000)},
		impact.Node{Key: "facility:A", SupplyArea: area("08112", 1000)}))
	people := func(n int64) *int64 { return &n }
	tests := []struct {
		name, state string
		want        []impact.SinglePoint
	}{
		{"anywhere", "", []impact.SinglePoint{
			{"facility:B", 1, people(9000), impact.Sourced}, {"facility:A", 1, people(6000), impact.Sourced}, {"facility:C", 2, nil, impact.Estimated}, {"facility:Z", 1, nil, impact.Estimated},
		}},
		{"in a Land", "BY", []impact.SinglePoint{{"facility:A", 1, people(5000), impact.Sourced}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := g.SinglePointsOfFailure(t.Context(), impact.PointsQuestion{FederalState: tt.state})
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v, (-want +got)\n%s", err, diff)
			}
		})
	}
	one, err := g.SinglePointsOfFailure(t.Context(), impact.PointsQuestion{Candidates: []string{"facility:Z", "facility:Y"}})
	if diff := cmp.Diff([]impact.SinglePoint{{"facility:Z", 1, nil, impact.Estimated}}, one); err != nil || diff != "" {
		t.Errorf("of two candidates: %v, (-want +got)\n%s", err, diff)
	}
}

func TestAComparisonListsWhatDiffers(t *testing.T) {
	g := build(t, country(edges("e1 S A 1 0.9 PHYSICAL\ne2 S B 1 0.9 PHYSICAL\ne3 S C 1 0.9\ne4 S D 1 0.9 PHYSICAL"),
		impact.Node{Key: "facility:S", Branch: "electricity"}, impact.Node{Key: "facility:A", BackupPower: span(2)},
		impact.Node{Key: "facility:B", BackupPower: span(9)}, impact.Node{Key: "facility:D", BackupPower: span(30)}))
	q := ask(func(q *impact.Question) { q.Bounds.Horizon = 10 * hour; q.Assumptions.GeneratorRuntime = span(5) }, "S")
	got, err := g.Compare(t.Context(), q, impact.Assumptions{})
	want := impact.Comparison{OnlyHere: []string{"facility:D"}, OnlyThere: []string{}, Shifted: []impact.Shift{{"facility:A", 5 * hour, 2 * hour}, {"facility:B", 5 * hour, 9 * hour}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
	q.Assumptions, want.OnlyHere, want.OnlyThere = impact.Assumptions{}, want.OnlyThere, want.OnlyHere
	for i, s := range want.Shifted {
		want.Shifted[i].Here, want.Shifted[i].There = s.There, s.Here
	}
	got, err = g.Compare(t.Context(), q, impact.Assumptions{GeneratorRuntime: span(5)})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("the other way round: %v, (-want +got)\n%s", err, diff)
	}
}

func TestAGraphTooLargeIsCutAndTheAnswerSaysSo(t *testing.T) {
	var list []impact.Edge
	for i := range 20_000 {
		list = append(list, impact.Edge{
			Key: fmt.Sprintf("e%05d", i), Provider: "facility:root", Dependent: fmt.Sprintf("facility:f%05d", i), Kind: impact.Logical,
			Strength: impact.Whole, TimeToImpact: impact.Seconds(20_000 - i), Figures: impact.Sourced,
		})
	}
	g := build(t, country(list))
	for _, most := range []int{1, 2000, 10_000} {
		a := answer(t, g, ask(func(q *impact.Question) { q.Bounds.MaxNodes = most }, "root"))
		last := fmt.Sprintf("facility:f%05d", 20_001-most)
		if most == 1 {
			last = "facility:root"
		}
		if len(a.Entries) != most || a.Entries[most-1].Subject != last {
			t.Errorf("%d entries, the last is %s, want %s", len(a.Entries), a.Entries[most-1].Subject, last)
		}
		if diff := cmp.Diff([]impact.Truncation{{Reason: impact.NodeBudget, Limit: fmt.Sprint(most)}}, a.Truncations); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestNodesAffectedInVeryManyWaysAreCut has layers of nodes where each way is earlier or stronger than the others.
func TestNodesAffectedInVeryManyWaysAreCut(t *testing.T) {
	var list []impact.Edge
	const wide = 60
	name := func(layer, i int) string { return fmt.Sprintf("facility:%d-%02d", layer, i) }
	for layer := range 8 {
		for i := range wide {
			for k := range wide {
				n := (layer*7919 + i*104729 + k*1299709) % 9973
				list = append(list, impact.Edge{
					Key: fmt.Sprintf("e%d-%02d-%02d", layer, i, k), Provider: name(layer, i), Dependent: name(layer+1, k), Kind: impact.Logical,
					Strength: impact.Strength(900_000 + 10*n), TimeToImpact: impact.Seconds(1 + n), Figures: impact.Sourced,
				})
			}
		}
	}
	q := ask(func(q *impact.Question) { q.Bounds.MaxDepth, q.Bounds.MaxNodes = 10, 10_000 })
	for i := range wide {
		q.Roots = append(q.Roots, impact.Root{Key: name(0, i)})
	}
	a := answer(t, build(t, country(list)), q)
	if diff := cmp.Diff([]impact.Truncation{{Reason: impact.NodeBudget, Limit: "2000000"}}, a.Truncations); diff != "" {
		t.Errorf("%d entries, (-want +got)\n%s", len(a.Entries), diff)
	}
}
