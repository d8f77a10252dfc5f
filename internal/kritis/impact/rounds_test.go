package impact_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/impact"
)

// TestAGraphReadRoundByRoundGivesTheAnswerOfTheWholeOne reads as a caller with a database would: the layer of the branches at once, then the
// edges of the entries that are new, with the needs of their dependents. Those at the greatest depth come last, one by one, until one says that depth cut.
func TestAGraphReadRoundByRoundGivesTheAnswerOfTheWholeOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, q := drawn(t)
		ask := func(d impact.Data) impact.Answer {
			g, err := impact.NewGraph(d)
			if err != nil {
				t.Fatal(err)
			}
			a, err := g.Impact(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		read := map[string]bool{}
		part := impact.Data{FederalStates: d.FederalStates}
		isRoot := func(n impact.Node) bool {
			return slices.ContainsFunc(q.Roots, func(r impact.Root) bool {
				return r.Key == n.Key || r.Key == n.Operator || r.IncludeFacilities && strings.HasSuffix(r.Key, ":"+n.Branch)
			})
		}
		for _, n := range d.Nodes {
			if strings.HasPrefix(n.Key, "branch:") || strings.HasPrefix(n.Key, "service:") || isRoot(n) {
				part.Nodes = append(part.Nodes, n)
			}
		}
		for _, e := range d.Edges {
			if strings.HasPrefix(e.Provider, "branch:") {
				part.Edges = append(part.Edges, e)
			}
		}
		open := func(part impact.Data) impact.Data {
			part.Nodes = slices.Clone(part.Nodes)
			for i, n := range part.Nodes {
				part.Nodes[i].Open = isRegistered(n.Key) && !read[n.Key]
			}
			return part
		}
		var a impact.Answer
		rounds := 0
		for grew := true; grew; rounds++ {
			a, grew = ask(open(part)), false
			for _, e := range a.Entries {
				if !read[e.Subject] && e.Nearest < q.Bounds.MaxDepth {
					read[e.Subject], grew = true, true
					part = withEdgesOf(d, part, e.Subject)
				}
			}
		}
		for _, e := range a.Entries {
			if isRegistered(e.Subject) && !read[e.Subject] && !cutBy(a, impact.ByMaxDepth) && !cutBy(a, impact.NodeBudget) {
				read[e.Subject] = true
				part = withEdgesOf(d, part, e.Subject)
				a = ask(open(part))
			}
		}
		whole := ask(d)
		if diff := gocmp.Diff(short(whole), short(a)); diff != "" {
			t.Fatalf("(-whole +part)\n%s", diff)
		}
		if rounds > q.Bounds.MaxDepth+2 {
			t.Fatalf("%d rounds for a depth of %d", rounds, q.Bounds.MaxDepth)
		}
	})
}

func isRegistered(key string) bool {
	return strings.HasPrefix(key, "facility:") || strings.HasPrefix(key, "operator:")
}

func cutBy(a impact.Answer, reason impact.TruncationReason) bool {
	return slices.ContainsFunc(a.Truncations, func(t impact.Truncation) bool { return t.Reason == reason })
}

// withEdgesOf adds the edges out of a node, the needs that these belong to, and their ends.
func withEdgesOf(d, part impact.Data, provider string) impact.Data {
	for _, out := range d.Edges {
		if out.Provider != provider {
			continue
		}
		for _, e := range d.Edges {
			if e.Key != out.Key && (e.Dependent != out.Dependent || e.Need != out.Need || e.Need == "") {
				continue
			}
			if !slices.ContainsFunc(part.Edges, func(x impact.Edge) bool { return x.Key == e.Key }) {
				part.Edges = append(part.Edges, e)
			}
			for _, n := range d.Nodes {
				if (n.Key == e.Provider || n.Key == e.Dependent) && !slices.ContainsFunc(part.Nodes, func(x impact.Node) bool { return x.Key == n.Key }) {
					part.Nodes = append(part.Nodes, n)
				}
			}
		}
	}
	return part
}
