package impact_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kritisgraph/internal/kritis/impact"
)

func TestAGraphThatCannotBeUsedIsRefusedWithItsPlace(t *testing.T) {
	negative := span(-1)
	people := int64(-1)
	tests := []struct {
		name string
		data impact.Data
		want string
	}{
		{"an edge to itself", country(edges("e1 A A 1 0.5")), "edges[e1]: facility:A depends on itself; give two different ends"},
		{"no strength", country(edges("e1 A B 1 0")), "edges[e1].strength: 0 is out of range; give more than 0, at most 1"},
		{"too much strength", country(edges("e1 A B 1 1.1")), "edges[e1].strength: 1.1 is out of range; give more than 0, at most 1"},
		{"a negative time", country(edges("e1 A B -1 0.5")), "edges[e1].timeToImpact: -3600 seconds are out of range; give 0 or more"},
		{"a negative substitute", country(edges("e1 A B 1 0.5 substitute=-1")), "edges[e1].substitute: -3600 seconds are out of range; give 0 or more"},
		{"a negative range", country(edges("e1 A B 1 0.5 until=-1")), "edges[e1].timeUntil: -3600 seconds are out of range; give 0 or more"},
		{"a time that overflows", country(edges("e1 A B 1e12 0.5")), "edges[e1].timeToImpact: 3600000000000000 seconds are out of range; give 0 or more"},
		{"one provider twice in one need", country(edges("e1 A B 1 0.5 need=n\ne2 A B 2 0.5 need=n")),
			"edges[e2].need: another dependency, e1, has the same provider and the same need n; alternatives have different providers"},
		{"one key twice", country(edges("e1 A B 1 0.5\ne1 A C 1 0.5")), "edges[e1]: the key is there twice; give every dependency once, with a key of its own"},
		{"an unknown provider", impact.Data{Nodes: []impact.Node{{Key: "facility:B"}}, Edges: edges("e1 A B 1 0.5")},
			`edges[e1].provider: there is no node "facility:A"; give the key of a node of the graph`},
		{"an unknown dependent", impact.Data{Nodes: []impact.Node{{Key: "facility:A"}}, Edges: edges("e1 A B 1 0.5")},
			`edges[e1].dependent: there is no node "facility:B"; give the key of a node of the graph`},
		{"a branch that needs a facility", country(edges("e1 A branch:gas 1 0.5")),
			"edges[e1]: no dependency goes from facility:A to branch:gas; join two branches, or facilities and operators"},
		{"alternatives of branches", country(edges("e1 branch:gas branch:rail 1 0.5 need=n")), "edges[e1].need: branches have no alternatives; leave need out"},
		{"an edge without a key", impact.Data{Edges: []impact.Edge{{Provider: "a", Dependent: "b"}}}, "edges[]: the key is empty, from a to b; give every dependency a key"},
		{"a node twice", impact.Data{Nodes: []impact.Node{{Key: "facility:A"}, {Key: "facility:A"}}}, "nodes[facility:A]: the key is there twice; give every node once"},
		{"a node of no kind", impact.Data{Nodes: []impact.Node{{Key: "person:A"}}},
			"nodes[person:A]: the key is not of the form kind:name; give branch:, service:, facility: or operator: and a name"},
		{"a facility that runs a facility", country(nil, impact.Node{Key: "facility:A", Operator: "facility:B"}), "nodes[facility:A].operator: facility:B is no operator; give the key of an operator"},
		{"negative backup power", country(nil, impact.Node{Key: "facility:A", BackupPower: negative}), "nodes[facility:A].backupPower: -3600 seconds are out of range; give 0 or more"},
		{"a negative recovery time", country(nil, impact.Node{Key: "facility:A", RecoveryTime: negative}), "nodes[facility:A].recoveryTime: -3600 seconds are out of range; give 0 or more"},
		{"an unknown Land", country(nil, impact.Node{Key: "facility:A", Site: "XX"}), `nodes[facility:A].federalStates: there is no Land "XX"; give the code of a Land of the graph`},
		{"no regional key", country(nil, impact.Node{Key: "facility:A", SupplyArea: []impact.Area{{ARS: "09x"}}}), "nodes[facility:A].supplyArea[09x]: this is no regional key; give 2 to 12 digits"},
		{"a regional key of no Land", country(nil, impact.Node{Key: "facility:A", SupplyArea: []impact.Area{{ARS: "99"}}}),
			"nodes[facility:A].supplyArea[99]: no Land has this regional key; begin it with the two digits of a Land of the graph"},
		{"negative inhabitants", country(nil, impact.Node{Key: "facility:A", SupplyArea: []impact.Area{{ARS: "09", Population: &people}}}),
			"nodes[facility:A].supplyArea[09].population: -1 is out of range; give the number of inhabitants"},
		{"no kind of dependency", country([]impact.Edge{{Key: "e1", Provider: "facility:A", Dependent: "facility:B", Strength: 1, Kind: "MAGIC", Figures: impact.Sourced}}),
			`edges[e1].kind: there is no kind "MAGIC"; give PHYSICAL, CYBER, GEOGRAPHIC, LOGICAL or ORGANISATIONAL`},
		{"no origin of figures", country([]impact.Edge{{Key: "e1", Provider: "facility:A", Dependent: "facility:B", Strength: 1, Kind: impact.Cyber}}),
			`edges[e1].figures: there is no origin ""; give SOURCED or ESTIMATED`},
		{"a Land twice", impact.Data{FederalStates: []impact.FederalState{{Code: "BY", ARS: "09"}, {Code: "BY", ARS: "10"}}},
			"federalStates[BY]: the code or regional key is empty or there twice; give every Land once"},
		{"a Land without a regional key", impact.Data{FederalStates: []impact.FederalState{{Code: "BY"}}}, `federalStates[BY].ars: "" is no regional key of a Land; give two digits`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, err := impact.NewGraph(tt.data)
			if g != nil || !errors.Is(err, impact.ErrInput) || err.Error() != tt.want {
				t.Errorf("got %v, %v", g, err)
			}
		})
	}
}

func TestAQuestionThatCannotBeAskedIsRefusedWithItsPlace(t *testing.T) {
	g := build(t, country(edges("e1 A B 1 0.5"), impact.Node{Key: "branch:gas"}))
	tests := []struct {
		name   string
		change func(*impact.Question)
		want   string
	}{
		{"no roots", func(q *impact.Question) { q.Roots = nil }, "roots: there is none; say what fails"},
		{"an unknown root", func(q *impact.Question) { q.Roots = append(q.Roots, impact.Root{Key: "facility:X"}) }, `roots[1]: "facility:X" is not known;`},
		{"an unknown Land", func(q *impact.Question) { q.Roots = []impact.Root{{Key: "branch:gas", FederalStates: []string{"XX"}}} }, `roots[0].federalStates: there is no Land "XX";`},
		{"a facility in a Land", func(q *impact.Question) { q.Roots[0].FederalStates = []string{"BY"} }, "roots[0]: facility:A is where it is;"},
		{"depth 0", func(q *impact.Question) { q.Bounds.MaxDepth = 0 }, "maxDepth: 0 is out of range; give 1 to 10"},
		{"depth 11", func(q *impact.Question) { q.Bounds.MaxDepth = 11 }, "maxDepth: 11 is out of range; give 1 to 10"},
		{"no horizon", func(q *impact.Question) { q.Bounds.Horizon = 0 }, "horizon: PT0S is out of range;"},
		{"a horizon beyond 90 days", func(q *impact.Question) { q.Bounds.Horizon = 90*24*hour + 1 }, "horizon: P90DT1S is out of range;"},
		{"a negative strength", minStrength(-1), "minStrength: -1 millionths are out of range;"},
		{"a strength above 1", minStrength(1_000_001), "minStrength: 1000001 millionths are out of range;"},
		{"no nodes", func(q *impact.Question) { q.Bounds.MaxNodes = 0 }, "maxNodes: 0 is out of range;"},
		{"too many nodes", func(q *impact.Question) { q.Bounds.MaxNodes = 10_001 }, "maxNodes: 10001 is out of range;"},
		{"an outage of no time", func(q *impact.Question) { q.Duration = span(0) }, "duration: PT0S is out of range;"},
		{"a negative runtime", runtime(-1), "assumptions.generatorRuntime: -PT1H is out of range;"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := g.Impact(t.Context(), ask(tt.change, "A"))
			if !errors.Is(err, impact.ErrInput) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
			if _, err := g.CriticalDependencies(t.Context(), ask(tt.change, "A")); !errors.Is(err, impact.ErrInput) {
				t.Errorf("critical dependencies: %v", err)
			}
			if _, err := g.Compare(t.Context(), ask(tt.change, "A"), impact.Assumptions{}); !errors.Is(err, impact.ErrInput) {
				t.Errorf("comparison: %v", err)
			}
		})
	}
}

func TestOtherQuestionsThatCannotBeAsked(t *testing.T) {
	g := build(t, country(edges("e1 A B 1 0.5"), impact.Node{Key: "branch:gas"}))
	paths := func(change func(*impact.PathsQuestion)) error {
		q := impact.PathsQuestion{Provider: "facility:A", Dependent: "facility:B", Select: impact.AllShortest, MaxDepth: 3, First: 10}
		change(&q)
		_, err := g.Paths(t.Context(), q)
		return err
	}
	points := func(q impact.PointsQuestion) error { _, err := g.SinglePointsOfFailure(t.Context(), q); return err }
	causes := func(subjects ...string) error {
		_, _, err := g.CommonCauses(t.Context(), impact.CausesQuestion{Subjects: subjects, Bounds: impact.DefaultBounds()})
		return err
	}
	_, shifted := g.Compare(t.Context(), ask(nil, "A"), impact.Assumptions{GeneratorRuntime: span(-1)})
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"equal ends", paths(func(q *impact.PathsQuestion) { q.Dependent = q.Provider }), "dependent: facility:A is the provider too;"},
		{"an unknown provider", paths(func(q *impact.PathsQuestion) { q.Provider = "x" }), `provider: "x" is not known;`},
		{"an unknown dependent", paths(func(q *impact.PathsQuestion) { q.Dependent = "x" }), `dependent: "x" is not known;`},
		{"no selection", paths(func(q *impact.PathsQuestion) { q.Select = "" }), `select: there is no selection "";`},
		{"depth 11", paths(func(q *impact.PathsQuestion) { q.MaxDepth = 11 }), "maxDepth: 11 is out of range;"},
		{"51 paths", paths(func(q *impact.PathsQuestion) { q.First = 51 }), "first: 51 is out of range;"},
		{"points of an unknown Land", points(impact.PointsQuestion{FederalState: "XX"}), `federalState: there is no Land "XX";`},
		{"a branch as a point", points(impact.PointsQuestion{Candidates: []string{"branch:gas"}}), "candidates: branch:gas is no point;"},
		{"an unknown point", points(impact.PointsQuestion{Candidates: []string{"x"}}), `candidates: "x" is not known;`},
		{"one subject, twice", causes("facility:A", "facility:A"), "subjects: there are fewer than two;"},
		{"an unknown subject", causes("facility:A", "x"), `subjects[1]: "x" is not known;`},
		{"another assumption", shifted, "assumptions.generatorRuntime: -PT1H is out of range;"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !errors.Is(tt.err, impact.ErrInput) || !strings.HasPrefix(tt.err.Error(), tt.want) {
				t.Errorf("got %v", tt.err)
			}
		})
	}
}

func TestACancelledQuestionEndsEverywhere(t *testing.T) {
	g := build(t, country(edges("e1 A B 1 0.5\ne2 B A 1 0.5\ne3 A C 1 0.5")))
	gone := errors.New("the client is gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	ends := map[string]func() error{
		"impact":   func() error { _, err := g.Impact(ctx, ask(nil, "A")); return err },
		"critical": func() error { _, err := g.CriticalDependencies(ctx, ask(nil, "A")); return err },
		"compare":  func() error { _, err := g.Compare(ctx, ask(nil, "A"), impact.Assumptions{}); return err },
		"single":   func() error { _, err := g.SinglePointsOfFailure(ctx, impact.PointsQuestion{}); return err },
		"common": func() error {
			_, _, err := g.CommonCauses(ctx, impact.CausesQuestion{Subjects: []string{"facility:B", "facility:C"}, Bounds: impact.DefaultBounds()})
			return err
		},
		"ways": func() error {
			_, err := g.Paths(ctx, impact.PathsQuestion{Provider: "facility:A", Dependent: "facility:B", Select: impact.AllShortest, MaxDepth: 3, First: 1})
			return err
		},
	}
	for name, end := range ends {
		if err := end(); !errors.Is(err, gone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
