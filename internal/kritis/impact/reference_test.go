package impact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/seed"
)

// reference are the Länder, branches and dependencies that the program ships.
func reference(t testing.TB) impact.Data {
	t.Helper()
	ref, err := seed.Load()
	if err != nil {
		t.Fatal(err)
	}
	var d impact.Data
	for _, s := range ref.States.States {
		d.FederalStates = append(d.FederalStates, impact.FederalState{Code: strings.TrimPrefix(s.ISO3166, "DE-"), ARS: s.ARS, Population: s.Population})
	}
	branches := map[string]bool{}
	for _, x := range ref.Dependencies.Dependencies {
		branches[x.Provider], branches[x.Dependent] = true, true
		until := impact.Seconds(x.TimeRangeHours[1]) * hour
		figures := impact.Estimated
		if x.Numbers == "from_source" {
			figures = impact.Sourced
		}
		d.Edges = append(d.Edges, impact.Edge{
			Key: x.ID, Provider: "branch:" + x.Provider, Dependent: "branch:" + x.Dependent, Kind: impact.Kind(strings.ToUpper(x.Kind)),
			Strength: decimal(string(x.Strength)), TimeToImpact: hours(string(x.TimeToImpactHours)), TimeUntil: &until, Figures: figures,
		})
	}
	for slug := range branches {
		d.Nodes = append(d.Nodes, impact.Node{Key: "branch:" + slug})
	}
	return d
}

// rows writes the entries in which a test is interested, all if none is named, as "subject time strength".
func rows(a impact.Answer, subjects ...string) string {
	var b strings.Builder
	for _, e := range a.Entries {
		if slug := strings.TrimPrefix(e.Subject, "branch:"); len(subjects) == 0 || slices.Contains(subjects, slug) {
			fmt.Fprintln(&b, slug, e.StartsAfter, e.Strength)
		}
	}
	return b.String()
}

func TestWorkedExample8OfTheFill(t *testing.T) {
	d := reference(t)
	d.Nodes = append(d.Nodes,
		impact.Node{Key: "facility:S", Branch: "electricity", Site: "BY"}, impact.Node{Key: "facility:H", Branch: "medical-care", Site: "BY", BackupPower: span(24)})
	d.Edges = append(d.Edges, edges("reg-1 S H 1 0.9 PHYSICAL")...)
	q := ask(func(q *impact.Question) {
		q.Bounds.MaxDepth, q.Bounds.MinStrength, q.Bounds.Horizon = 2, 700_000, 24*hour
	}, "S")
	got := short(answer(t, build(t, d), q))
	for _, want := range []string{
		"H P1D 0.9 1 by reg-1\n",
		"branch:public-water-supply PT12H 0.9 1 ESTIMATED by dep-004@facility:S\n",
		"branch:medical-care PT20H 0.765 2 ESTIMATED by dep-004@facility:S dep-063\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if strings.Contains(got, "dep-006") {
		t.Errorf("dep-006 is used in\n%s", got)
	}
	q.RegisteredOnly = true
	if diff := cmp.Diff("S PT0S 1 0\nH P1D 0.9 1 by reg-1\n", short(answer(t, build(t, d), q))); diff != "" {
		t.Errorf("registered only (-want +got)\n%s", diff)
	}
}

func TestWorkedExample9OfAWidePowerCut(t *testing.T) {
	g := build(t, reference(t))
	q := ask(func(q *impact.Question) {
		q.Roots[0].FederalStates = []string{"BY", "BW"}
		q.Bounds.Horizon = 72 * hour
		q.Assumptions.GeneratorRuntime = span(48)
	}, "branch:electricity")
	a := answer(t, g, q)
	want := lines(`
		rail PT2H 0.95
		telecommunications PT8H 0.95
		information-technology PT8H30M 0.855
		medical-care PT12H30M 0.5985
		public-water-supply P1D 0.9
		digital-infrastructure P2D 0.95`)
	if diff := cmp.Diff(want, rows(a, "rail", "telecommunications", "information-technology", "public-water-supply", "medical-care", "digital-infrastructure")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(a.Entries) != 31 || len(a.Truncations) != 0 {
		t.Errorf("%d entries, cut by %v", len(a.Entries), a.Truncations)
	}
	if want := "BW 31 entries, population 11245898\nBY 31 entries, population 13248928\n"; inhabitants(a) != want {
		t.Errorf("got %s, want %s", inhabitants(a), want)
	}
	if !strings.Contains(short(a), "branch:medical-care PT12H30M 0.5985 3 ESTIMATED by dep-001 dep-038 dep-045\n") {
		t.Errorf("no path of medical care in\n%s", short(a))
	}
	critical, err := g.CriticalDependencies(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if first := critical[0]; first.Step.Key != "dep-001" || first.SparedCount != 1 || first.DelayedCount != 15 {
		t.Errorf("most critical is %s, spares %d, delays %d", first.Step.Key, first.SparedCount, first.DelayedCount)
	}
}

func TestWorkedExample10OfTelecommunications(t *testing.T) {
	q := ask(func(q *impact.Question) {
		q.Roots[0].FederalStates = []string{"BW"}
		q.Bounds = impact.Bounds{MaxDepth: 2, Horizon: 6 * hour, MinStrength: 600_000, MaxNodes: 2000}
	}, "branch:telecommunications")
	a := answer(t, build(t, reference(t)), q)
	want := lines(`
		telecommunications PT0S 1
		exchanges PT6M 0.95
		emergency-services PT30M 0.9
		information-technology PT30M 0.9
		banks PT1H 0.9
		aviation PT1H 0.8
		rail PT1H 0.8
		government-administration PT2H 0.75
		broadcasting PT2H 0.6
		laboratories PT2H30M 0.72
		logistics PT4H 0.75
		medical-care PT4H30M 0.63`)
	if diff := cmp.Diff(want, rows(a)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]impact.Truncation{{Reason: impact.ByMaxDepth, Limit: "2"}, {Reason: impact.ByHorizon, Limit: "PT6H"}}, a.Truncations); diff != "" {
		t.Errorf("truncations (-want +got)\n%s", diff)
	}
}

func TestWorkedExample11OfPaths(t *testing.T) {
	g := build(t, reference(t))
	q := impact.PathsQuestion{Provider: "branch:mineral-oil", Dependent: "branch:medical-care", Select: impact.AllShortest, MaxDepth: 4, First: 10}
	tests := []struct {
		name string
		sel  impact.PathSelection
		n    int
		want string
	}{
		{"the shortest", impact.AllShortest, 10, "dep-059 0.5 P2D\n"},
		{"the three strongest", impact.KStrongest, 3, lines(`
			dep-061 dep-077 dep-080 0.65025 P7D
			dep-061 dep-078 0.63 P4D
			dep-058 dep-070 dep-077 dep-080 0.617738 P7DT4H
			cut RESULT_LIMIT "3"`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q.Select, q.First = tt.sel, tt.n
			if diff := cmp.Diff(tt.want, ways(t, g, q)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// ways writes the paths as lines "edges strength time", then what cut.
func ways(t testing.TB, g *impact.Graph, q impact.PathsQuestion) string {
	t.Helper()
	paths, err := g.Paths(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range paths.List {
		for _, s := range p.Steps {
			b.WriteString(s.Key + " ")
		}
		fmt.Fprintln(&b, p.Strength, p.StartsAfter)
	}
	for _, c := range paths.Truncations {
		fmt.Fprintf(&b, "cut %s %q\n", c.Reason, c.Limit)
	}
	if paths.Exists != (len(paths.List) > 0) {
		t.Errorf("exists %v with %d paths", paths.Exists, len(paths.List))
	}
	return b.String()
}
