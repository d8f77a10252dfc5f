package impact_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/impact"
)

// randomData draws a small graph with everything that the rule knows: both layers, the fill, alternatives, reserves, substitutes, circles.
func randomData(t *rapid.T) impact.Data {
	branches := []string{"electricity", "gas", "banks"}[:rapid.IntRange(0, 3).Draw(t, "branches")]
	d := impact.Data{FederalStates: []impact.FederalState{{Code: "BY", ARS: "09", Population: 13_000_000}, {Code: "BW", ARS: "08", Population: 11_000_000}}}
	var registered []string
	for i := range rapid.IntRange(2, 5).Draw(t, "facilities") {
		n := impact.Node{Key: fmt.Sprintf("facility:%c", 'A'+i), BackupPower: randomSpan(t), RecoveryTime: randomSpan(t)}
		if len(branches) > 0 {
			n.Branch = rapid.SampledFrom(append(branches, "")).Draw(t, "branch")
		}
		n.Site = rapid.SampledFrom([]string{"BY", "BW", ""}).Draw(t, "site")
		n.FederalStates = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"BY", "BW"}), 0, 2, rapid.ID).Draw(t, "supply")
		n.Operator = rapid.SampledFrom([]string{"", "operator:o"}).Draw(t, "operator")
		d.Nodes = append(d.Nodes, n)
		registered = append(registered, n.Key)
	}
	d.Nodes = append(d.Nodes, impact.Node{Key: "operator:o", BackupPower: randomSpan(t)})
	registered = append(registered, "operator:o")
	for _, b := range branches {
		d.Nodes = append(d.Nodes, impact.Node{Key: "branch:" + b})
		d.Nodes = append(d.Nodes, impact.Node{Key: "service:" + b, Branch: b})
	}
	for i := range rapid.IntRange(1, 9).Draw(t, "registered") {
		e := randomEdge(t, fmt.Sprintf("r%d", i), registered)
		e.Need = rapid.SampledFrom([]string{"", "", "x", "y"}).Draw(t, "need")
		d.Edges = append(d.Edges, e)
	}
	if len(branches) > 1 {
		for i := range rapid.IntRange(0, 5).Draw(t, "reference") {
			keys := make([]string, len(branches))
			for k, b := range branches {
				keys[k] = "branch:" + b
			}
			d.Edges = append(d.Edges, randomEdge(t, fmt.Sprintf("d%d", i), keys))
		}
	}
	d.Edges = valid(d.Edges)
	return d
}

// alternativesData draws a graph in which nearly everything hangs on alternatives that are affected in several ways.
func alternativesData(t *rapid.T) impact.Data {
	d := impact.Data{FederalStates: []impact.FederalState{{Code: "BY", ARS: "09", Population: 13_000_000}}}
	var keys []string
	for i := range 6 {
		keys = append(keys, fmt.Sprintf("facility:%c", 'A'+i))
		d.Nodes = append(d.Nodes, impact.Node{Key: keys[i]})
	}
	for i := range rapid.IntRange(6, 12).Draw(t, "edges") {
		from := rapid.IntRange(0, 4).Draw(t, "from")
		to := from + rapid.IntRange(1, 5-from).Draw(t, "to")
		if rapid.IntRange(0, 9).Draw(t, "back") == 0 {
			from, to = to, from
		}
		need := rapid.SampledFrom([]string{"", "x", "x", "y"}).Draw(t, "need")
		if to == 5 {
			need = "x" // all that the last one has, so that there are needs of three and more
		} else if to < 3 {
			need = "" // ways add up before there are alternatives
		}
		d.Edges = append(d.Edges, impact.Edge{
			Key: fmt.Sprintf("r%d", i), Provider: keys[from], Dependent: keys[to], Kind: impact.Logical, Figures: impact.Sourced,
			Strength:     rapid.SampledFrom([]impact.Strength{400_000, 600_000, 900_000, impact.Whole}).Draw(t, "strength"),
			TimeToImpact: hour * impact.Seconds(rapid.IntRange(0, 4).Draw(t, "time")), Need: need,
		})
	}
	d.Edges = valid(d.Edges)
	return d
}

// alternativesQuestion lets one or two of the first facilities fail.
func alternativesQuestion(t *rapid.T) impact.Question {
	q := impact.Question{Bounds: impact.Bounds{
		MaxDepth: rapid.IntRange(2, 5).Draw(t, "depth"), Horizon: hour * impact.Seconds(rapid.IntRange(5, 15).Draw(t, "horizon")),
		MinStrength: impact.Strength(rapid.SampledFrom([]int{0, 200_000, 500_000}).Draw(t, "minStrength")), MaxNodes: 100,
	}}
	for _, r := range []string{"facility:A", "facility:B"}[:rapid.IntRange(1, 2).Draw(t, "roots")] {
		q.Roots = append(q.Roots, impact.Root{Key: r})
	}
	return q
}

// valid takes out the edges to themselves and the second of two with one provider in one need.
func valid(edges []impact.Edge) []impact.Edge {
	seen := map[string]bool{}
	return slices.DeleteFunc(edges, func(e impact.Edge) bool {
		k := e.Provider + e.Dependent + e.Need
		again := e.Need != "" && seen[k]
		seen[k] = true
		return again || e.Provider == e.Dependent
	})
}

func randomSpan(t *rapid.T) *impact.Seconds {
	return rapid.SampledFrom([]*impact.Seconds{nil, span(0), span(1), span(3)}).Draw(t, "span")
}

func randomEdge(t *rapid.T, key string, ends []string) impact.Edge {
	return impact.Edge{
		Key: key, Provider: rapid.SampledFrom(ends).Draw(t, "provider"), Dependent: rapid.SampledFrom(ends).Draw(t, "dependent"),
		Kind:         rapid.SampledFrom([]impact.Kind{impact.Physical, impact.Cyber}).Draw(t, "kind"),
		Strength:     rapid.SampledFrom([]impact.Strength{500_000, 900_000, impact.Whole}).Draw(t, "strength"),
		TimeToImpact: rapid.SampledFrom([]impact.Seconds{0, hour, 2 * hour}).Draw(t, "time"), TimeUntil: randomSpan(t),
		Substitute: rapid.SampledFrom([]impact.Seconds{0, 0, hour}).Draw(t, "substitute"),
		Figures:    rapid.SampledFrom([]impact.Figures{impact.Sourced, impact.Estimated}).Draw(t, "figures"),
	}
}

func randomQuestion(t *rapid.T, d impact.Data) impact.Question {
	q := impact.Question{
		Bounds: impact.Bounds{
			MaxDepth: rapid.IntRange(1, 4).Draw(t, "depth"), Horizon: hour * impact.Seconds(rapid.IntRange(1, 9).Draw(t, "horizon")),
			MinStrength: impact.Strength(rapid.SampledFrom([]int{0, 400_000, 700_000}).Draw(t, "minStrength")), MaxNodes: 100,
		},
		Assumptions: impact.Assumptions{GeneratorRuntime: randomSpan(t), WithoutSubstitutes: rapid.Bool().Draw(t, "without")},
		Duration:    rapid.SampledFrom([]*impact.Seconds{nil, nil, span(2), span(6)}).Draw(t, "duration"),
	}
	q.RegisteredOnly = rapid.Bool().Draw(t, "registeredOnly")
	for range rapid.IntRange(1, 2).Draw(t, "roots") {
		q.Roots = append(q.Roots, randomRoot(t, d))
	}
	return q
}

func randomRoot(t *rapid.T, d impact.Data) impact.Root {
	r := impact.Root{Key: rapid.SampledFrom(d.Nodes).Draw(t, "root").Key}
	if strings.HasPrefix(r.Key, "branch:") || strings.HasPrefix(r.Key, "service:") {
		r.FederalStates = rapid.SliceOfN(rapid.SampledFrom([]string{"BY", "BW"}), 0, 2).Draw(t, "states")
		r.IncludeFacilities = rapid.Bool().Draw(t, "include")
	}
	return r
}
