package impact_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/impact"
)

// drawn is a random graph with its question.
func drawn(t *rapid.T) (impact.Data, impact.Question) {
	if rapid.Bool().Draw(t, "alternatives") {
		return alternativesData(t), alternativesQuestion(t)
	}
	d := randomData(t)
	return d, randomQuestion(t, d)
}

func starts(t *rapid.T, d impact.Data, q impact.Question) map[string]impact.Seconds {
	g, err := impact.NewGraph(d)
	if err != nil {
		t.Fatal(err)
	}
	a, err := g.Impact(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]impact.Seconds{}
	for _, e := range a.Entries {
		out[e.Subject] = e.StartsAfter
	}
	return out
}

// within fails unless everything that less affects is affected by more, and no later.
func within(t *rapid.T, less, more map[string]impact.Seconds) {
	for subject, at := range less {
		if earlier, ok := more[subject]; !ok || earlier > at {
			t.Fatalf("%s is affected after %s by less, after %s (%v) by more", subject, at, earlier, ok)
		}
	}
}

func TestWiderBoundsAndMoreRootsNeverAffectLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, q := drawn(t)
		before := starts(t, d, q)
		wider := map[string]func(q *impact.Question){
			"horizon":  func(q *impact.Question) { q.Bounds.Horizon += 2 * hour },
			"depth":    func(q *impact.Question) { q.Bounds.MaxDepth++ },
			"strength": func(q *impact.Question) { q.Bounds.MinStrength /= 2 },
			"roots":    func(q *impact.Question) { q.Roots = append(slices.Clone(q.Roots), randomRoot(t, d)) },
		}
		for _, bound := range []string{"horizon", "depth", "strength", "roots"} {
			more := q
			wider[bound](&more)
			within(t, before, starts(t, d, more))
		}
	})
}

func TestALongerGeneratorRuntimeNeverAffectsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, q := drawn(t)
		q.Assumptions.GeneratorRuntime = span(1)
		short := starts(t, d, q)
		q.Assumptions.GeneratorRuntime = span(2)
		within(t, starts(t, d, q), short)
	})
}

// TestWithoutAnEdgeNeverMoreIsAffected takes each critical dependency out of the data, with the needs that it belongs to: they are never lost
// without it. The answer then differs by what the engine says.
func TestWithoutAnEdgeNeverMoreIsAffected(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, q := drawn(t)
		q.RegisteredOnly = true // else the dependency of the branch would fill the gap
		before := starts(t, d, q)
		g, err := impact.NewGraph(d)
		if err != nil {
			t.Fatal(err)
		}
		critical, err := g.CriticalDependencies(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string][2]int{}
		for _, c := range critical {
			found[c.Step.Key] = [2]int{c.SparedCount, c.DelayedCount}
		}
		a, err := g.Impact(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range usedEdges(a) {
			without := d
			without.Edges = slices.DeleteFunc(slices.Clone(d.Edges), func(x impact.Edge) bool {
				return x.Key == e.Key || x.Need != "" && x.Need == e.Need && x.Dependent == e.Dependent
			})
			after := starts(t, without, q)
			within(t, after, before)
			var want [2]int
			for subject, at := range before {
				if later, ok := after[subject]; !ok {
					want[0]++
				} else if later > at {
					want[1]++
				}
			}
			if len(usedEdges(a)) <= 10 && found[e.Key] != want {
				t.Fatalf("without %s: %v, want %v", e.Key, found[e.Key], want)
			}
		}
	})
}

func usedEdges(a impact.Answer) []*impact.Edge {
	var out []*impact.Edge
	for _, entry := range a.Entries {
		for _, s := range entry.Path {
			if !slices.Contains(out, s.Edge) {
				out = append(out, s.Edge)
			}
		}
	}
	return out
}

func TestTheOrderOfTheInputDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, q := drawn(t)
		first := everything(t, d, q)
		r := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed")))
		d.Nodes, d.Edges, q.Roots, d.FederalStates = slices.Clone(d.Nodes), slices.Clone(d.Edges), append(slices.Clone(q.Roots), q.Roots...), slices.Clone(d.FederalStates)
		r.Shuffle(len(d.Nodes), func(i, j int) { d.Nodes[i], d.Nodes[j] = d.Nodes[j], d.Nodes[i] })
		r.Shuffle(len(d.Edges), func(i, j int) { d.Edges[i], d.Edges[j] = d.Edges[j], d.Edges[i] })
		r.Shuffle(len(q.Roots), func(i, j int) { q.Roots[i], q.Roots[j] = q.Roots[j], q.Roots[i] })
		slices.Reverse(d.FederalStates)
		if diff := gocmp.Diff(first, everything(t, d, q)); diff != "" {
			t.Fatalf("(-sorted +shuffled)\n%s", diff)
		}
	})
}

// everything is every answer to a question, as values.
func everything(t *rapid.T, d impact.Data, q impact.Question) []any {
	g, err := impact.NewGraph(d)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	subjects := []string{"facility:A", "facility:B"}
	var out []any
	note := func(x any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	a, err := g.Impact(ctx, q)
	note(a, err)
	note([]any{a.Waves(), a.Timeline()}, nil)
	critical, err := g.CriticalDependencies(ctx, q)
	note(critical, err)
	comparison, err := g.Compare(ctx, q, impact.Assumptions{GeneratorRuntime: span(2)})
	note(comparison, err)
	points, err := g.SinglePointsOfFailure(ctx, impact.PointsQuestion{FederalState: "BY"})
	note(points, err)
	causes, _, err := g.CommonCauses(ctx, impact.CausesQuestion{Subjects: subjects, Bounds: q.Bounds})
	note(causes, err)
	paths, err := g.Paths(ctx, impact.PathsQuestion{Provider: subjects[0], Dependent: subjects[1], Select: impact.KStrongest, MaxDepth: 5, First: 20})
	note(paths, err)
	return out
}

// TestPointsAndCausesAreWhatACascadeFromThemSays compares them with the answer for each node as the only root.
func TestPointsAndCausesAreWhatACascadeFromThemSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, q := drawn(t)
		g, err := impact.NewGraph(d)
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		points, err := g.SinglePointsOfFailure(ctx, impact.PointsQuestion{FederalState: "BY"})
		if err != nil {
			t.Fatal(err)
		}
		subjects := []string{"facility:A", "facility:B"}
		causes, _, err := g.CommonCauses(ctx, impact.CausesQuestion{Subjects: subjects, Bounds: q.Bounds})
		if err != nil {
			t.Fatal(err)
		}
		counts, common, soft := map[string]int{}, map[string]string{}, map[string]bool{}
		for _, n := range d.Nodes {
			alone := impact.Question{Roots: []impact.Root{{Key: n.Key}}, Bounds: q.Bounds, RegisteredOnly: true}
			if kind := n.Key[:4]; kind != "serv" && !slices.Contains(subjects, n.Key) {
				if line := affectsAll(starts(t, d, alone), subjects); line != "" {
					common[n.Key] = line
				}
			}
			if kind := n.Key[:4]; kind != "faci" && kind != "oper" {
				continue
			}
			alone.Bounds = impact.Bounds{MaxDepth: 3, Horizon: 7 * 24 * hour, MinStrength: 500_000, MaxNodes: 10_000}
			a, err := g.Impact(ctx, alone)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range a.Entries {
				if len(e.Path) > 0 && slices.Contains(e.FederalStates, "BY") {
					counts[n.Key]++
					soft[n.Key] = soft[n.Key] || e.Figures == impact.Estimated
				}
			}
		}
		got, gotCommon := map[string]int{}, map[string]string{}
		for _, p := range points {
			got[p.Subject] = p.DependentCount
			if (p.Figures == impact.Estimated) != soft[p.Subject] {
				t.Fatalf("the figures behind the point %s are %s", p.Subject, p.Figures)
			}
		}
		for _, c := range causes {
			gotCommon[c.Subject] = c.StartsAfter.String()
		}
		if diff := gocmp.Diff(counts, got); diff != "" {
			t.Fatalf("single points (-want +got)\n%s", diff)
		}
		if diff := gocmp.Diff(common, gotCommon); diff != "" {
			t.Fatalf("common causes (-want +got)\n%s", diff)
		}
	})
}

func affectsAll(at map[string]impact.Seconds, subjects []string) string {
	var last impact.Seconds
	for _, s := range subjects {
		t, ok := at[s]
		if !ok {
			return ""
		}
		last = max(last, t)
	}
	return fmt.Sprint(last)
}
