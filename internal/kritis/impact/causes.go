package impact

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// CommonCause is something outside a set of subjects whose failure alone affects all of them.
type CommonCause struct {
	Subject     string
	StartsAfter Seconds  // until the last of them is affected
	Strength    Strength // of the least affected
}

// CausesQuestion asks what the subjects have in common.
type CausesQuestion struct {
	Subjects []string // keys, at least two different ones
	Bounds   Bounds
}

// CommonCauses tries every facility, operator and branch, a branch in all Länder, from which a path leads to every subject. Filled edges do not count. The
// operator of all subjects is one: they fall with it. The one that affects all of them first comes first, then the strongest. Errors are
// those of [Graph.Impact].
func (g *Graph) CommonCauses(ctx context.Context, q CausesQuestion) ([]CommonCause, error) {
	if err := q.Bounds.Check(); err != nil {
		return nil, err
	}
	var subjects []int32
	for i, key := range q.Subjects {
		s, err := g.find(fmt.Sprintf("subjects[%d]", i), key)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, s)
	}
	if subjects = sortedSet(subjects); len(subjects) < 2 {
		return nil, &InputError{"subjects", "there are fewer than two", "give at least two different ones"}
	}
	c := g.cascade()
	causes := []CommonCause{}
	for _, i := range g.ancestors(subjects, q.Bounds.MaxDepth) {
		c.begin(premise{Bounds: q.Bounds, removed: nothing}, sortedSet(g.falling(i)))
		if err := c.run(ctx); err != nil {
			return nil, err
		}
		if cause, all := c.cause(subjects); all {
			cause.Subject = g.nodes[i].Key
			causes = append(causes, cause)
		}
	}
	slices.SortFunc(causes, func(a, b CommonCause) int {
		return cmp.Or(cmp.Compare(a.StartsAfter, b.StartsAfter), cmp.Compare(b.Strength, a.Strength), cmp.Compare(a.Subject, b.Subject))
	})
	return causes, nil
}

// cause is the latest time and the weakest strength of the subjects, false if one is not affected.
func (c *cascade) cause(subjects []int32) (CommonCause, bool) {
	out := CommonCause{Strength: Whole}
	for _, s := range subjects {
		if c.entry[s] < 0 {
			return out, false
		}
		l := &c.labels[c.shown[c.entry[s]]]
		out.StartsAfter, out.Strength = max(out.StartsAfter, l.time), min(out.Strength, l.strength)
	}
	return out, true
}

// ancestors are the nodes, other than the subjects and services, from which a path of at most so many edges leads to every subject,
// by number. From an operator a path begins at any of its facilities.
func (g *Graph) ancestors(subjects []int32, depth int) []int32 {
	in := make([][]int32, len(g.nodes))
	for i := range g.edges {
		in[g.edges[i].to] = append(in[g.edges[i].to], g.edges[i].from)
	}
	reached := map[int32]int{} // how many of the subjects
	for _, s := range subjects {
		for n := range g.above(s, in, depth) {
			reached[n]++
		}
	}
	var out []int32
	for n, count := range reached {
		if count == len(subjects) && !slices.Contains(subjects, n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// above are the nodes from which a path leads to one, and the operators of these.
func (g *Graph) above(to int32, in [][]int32, depth int) map[int32]bool {
	seen := map[int32]bool{to: true}
	level := []int32{to}
	for ; depth > 0 && len(level) > 0; depth-- {
		var next []int32
		for _, n := range level {
			for _, from := range in[n] {
				if !seen[from] {
					seen[from] = true
					next = append(next, from)
				}
			}
		}
		level = next
	}
	operators := []int32{}
	for n := range seen {
		if o := g.nodes[n].operator; o >= 0 {
			operators = append(operators, o)
		}
	}
	for _, o := range operators {
		seen[o] = true
	}
	return seen
}
