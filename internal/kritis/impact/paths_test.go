package impact_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/graph/flow"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/impact"
)

// allPaths walks through every simple path, Länder left aside.
func allPaths(d impact.Data, from, to string, depth int) []bruteLabel {
	nodes := map[string]impact.Node{}
	for _, n := range d.Nodes {
		nodes[n.Key] = n
	}
	var found []bruteLabel
	var walk func(at string, seen []string, l bruteLabel)
	walk = func(at string, seen []string, l bruteLabel) {
		if at == to {
			found = append(found, l)
			return
		}
		if l.h == depth {
			return
		}
		for _, e := range d.Edges {
			key := e.Key
			if e.Provider != at {
				slug := strings.TrimPrefix(e.Provider, "branch:")
				if nodes[at].Branch != slug || slug == "" || hasDependent(d, at, strings.TrimPrefix(e.Dependent, "branch:")) {
					continue
				}
				key += "@" + at
			}
			if slices.Contains(seen, e.Dependent) {
				continue
			}
			delay := bruteDelay(e, strings.TrimPrefix(e.Provider, "branch:"), nodes[e.Dependent], impact.Assumptions{})
			if e.Provider == at && !strings.HasPrefix(at, "branch:") {
				delay = bruteDelay(e, nodes[at].Branch, nodes[e.Dependent], impact.Assumptions{})
			}
			walk(e.Dependent, append(slices.Clone(seen), e.Dependent), bruteLabel{l.t + delay, through(l.s, e.Strength), l.h + 1, l.path + key + " "})
		}
	}
	walk(from, []string{from}, bruteLabel{s: impact.Whole})
	slices.SortFunc(found, func(a, b bruteLabel) int {
		return cmp.Or(cmp.Compare(b.s, a.s), cmp.Compare(a.t, b.t), cmp.Compare(a.h, b.h), strings.Compare(a.path, b.path))
	})
	return found
}

func TestPathsAreThoseThatATrialOfAllFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, _ := drawn(t)
		from, to := rapid.SampledFrom(d.Nodes).Draw(t, "from").Key, rapid.SampledFrom(d.Nodes).Draw(t, "to").Key
		if from == to {
			return
		}
		q := impact.PathsQuestion{Provider: from, Dependent: to, MaxDepth: rapid.IntRange(1, 5).Draw(t, "depth"), First: rapid.IntRange(1, 4).Draw(t, "first"), Select: impact.KStrongest}
		want := allPaths(d, from, to, q.MaxDepth)
		exists, longer := len(want) > 0, len(allPaths(d, from, to, 10)) > 0
		if rapid.Bool().Draw(t, "shortest") {
			q.Select = impact.AllShortest
			fewest := 99
			for _, l := range want {
				fewest = min(fewest, l.h)
			}
			want = slices.DeleteFunc(want, func(l bruteLabel) bool { return l.h > fewest })
		}
		text := ""
		for _, l := range want[:min(q.First, len(want))] {
			text += fmt.Sprintln(l.path, l.s, l.t)
		}
		if len(want) > q.First {
			text += "RESULT_LIMIT\n"
		}
		if !exists && longer {
			text += "MAX_DEPTH\n"
		}
		g, err := impact.NewGraph(d)
		if err != nil {
			t.Fatal(err)
		}
		paths, err := g.Paths(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range paths.List {
			line := ""
			for _, s := range p.Steps {
				line += s.Key + " "
			}
			got += fmt.Sprintln(line, p.Strength, p.StartsAfter)
		}
		for _, c := range paths.Truncations {
			got += fmt.Sprintln(c.Reason)
		}
		if diff := gocmp.Diff(text, got); diff != "" || paths.Exists != exists {
			t.Fatalf("exists %v, want %v (-want +got)\n%s", paths.Exists, exists, diff)
		}
	})
}

// thinned draws a graph with at most one edge between two nodes, as gonum has them.
func thinned(t *rapid.T) (impact.Data, *simple.DirectedGraph) {
	d := alternativesData(t)
	other := simple.NewDirectedGraph()
	for i := range d.Nodes {
		other.AddNode(simple.Node(i))
	}
	d.Edges = slices.DeleteFunc(d.Edges, func(e impact.Edge) bool {
		from, to := simple.Node(e.Provider[len("facility:")]-'A'), simple.Node(e.Dependent[len("facility:")]-'A')
		if other.HasEdgeFromTo(from.ID(), to.ID()) {
			return true
		}
		other.SetEdge(simple.Edge{F: from, T: to})
		return false
	})
	return d, other
}

func TestShortestPathsAreThoseOfGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, other := thinned(t)
		g, err := impact.NewGraph(d)
		if err != nil {
			t.Fatal(err)
		}
		got, err := g.Paths(context.Background(), impact.PathsQuestion{Provider: "facility:A", Dependent: "facility:F", Select: impact.AllShortest, MaxDepth: 10, First: 50})
		if err != nil {
			t.Fatal(err)
		}
		all, _ := path.DijkstraAllFrom(simple.Node(0), other).AllTo(5)
		var want, have []string
		for _, p := range all {
			nodes := ""
			for _, n := range p {
				nodes += string(rune('A' + n.ID()))
			}
			want = append(want, nodes)
		}
		for _, p := range got.List {
			nodes := "A"
			for _, s := range p.Steps {
				nodes += strings.TrimPrefix(s.Dependent, "facility:")
			}
			have = append(have, nodes)
		}
		slices.Sort(want)
		slices.Sort(have)
		if diff := gocmp.Diff(want, have); diff != "" {
			t.Fatalf("(-gonum +engine)\n%s", diff)
		}
	})
}

// TestDominatorsAreSinglePointsWhereEverythingIsAnAlternative shows where the dominator tree gives the same answer: where all edges into each
// node are alternatives of one need and nothing runs in a circle.
func TestDominatorsAreSinglePointsWhereEverythingIsAnAlternative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, other := thinned(t)
		d.Edges = slices.DeleteFunc(d.Edges, func(e impact.Edge) bool {
			back := e.Provider > e.Dependent
			if back {
				other.RemoveEdge(int64(e.Provider[len("facility:")]-'A'), int64(e.Dependent[len("facility:")]-'A'))
			}
			return back
		})
		for i := range d.Edges {
			d.Edges[i].Need, d.Edges[i].Strength, d.Edges[i].TimeToImpact = "x", impact.Whole, 0
		}
		g, err := impact.NewGraph(d)
		if err != nil {
			t.Fatal(err)
		}
		const sources = 99 // before everything that needs nothing
		for i := range d.Nodes {
			if other.To(int64(i)).Len() == 0 {
				other.SetEdge(simple.Edge{F: simple.Node(sources), T: simple.Node(i)})
			}
		}
		tree := flow.Dominators(simple.Node(sources), other)
		for i, n := range d.Nodes {
			bounds := impact.DefaultBounds()
			bounds.MaxDepth = 10
			a, err := g.Impact(context.Background(), impact.Question{Roots: []impact.Root{{Key: n.Key}}, Bounds: bounds})
			if err != nil {
				t.Fatal(err)
			}
			for k, other := range d.Nodes {
				dominated := false
				for x := tree.DominatorOf(int64(k)); x != nil && !dominated; x = tree.DominatorOf(x.ID()) {
					dominated = x.ID() == int64(i)
				}
				affected := slices.ContainsFunc(a.Entries, func(e impact.Entry) bool { return e.Subject == other.Key })
				if k != i && dominated != affected {
					t.Fatalf("%s dominates %s: %v; takes it down: %v", n.Key, other.Key, dominated, affected)
				}
			}
		}
	})
}
