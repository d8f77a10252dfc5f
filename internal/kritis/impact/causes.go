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
	Figures     Figures  // SOURCED if those on the paths to all of them are
}

// CausesQuestion asks what the subjects have in common.
type CausesQuestion struct {
	Subjects []string // keys, at least two different ones
	Bounds   Bounds
}

// CommonCauses tries every facility, operator and branch, a branch in all Länder, from which a path leads to every subject. Filled edges do not count. The
// operator of all subjects is one: they fall with it. The one that affects all of them first comes first, then the strongest. It also says whether
// a cascade met the budget of nodes before it met all subjects, so that a cause may be missing. Errors are those of [Graph.Impact].
func (g *Graph) CommonCauses(ctx context.Context, q CausesQuestion) (causes []CommonCause, cut bool, err error) {
	if err := q.Bounds.Check(); err != nil {
		return nil, false, err
	}
	var subjects []int32
	for i, key := range q.Subjects {
		s, err := g.find(fmt.Sprintf("subjects[%d]", i), key)
		if err != nil {
			return nil, false, err
		}
		subjects = append(subjects, s)
	}
	if subjects = sortedSet(subjects); len(subjects) < 2 {
		return nil, false, &InputError{"subjects", "there are fewer than two", "give at least two different ones"}
	}
	candidates, err := g.ancestors(ctx, subjects, q.Bounds.MaxDepth)
	if err != nil {
		return nil, false, err
	}
	c := g.cascade()
	causes = []CommonCause{}
	for _, i := range candidates {
		c.begin(premise{Bounds: q.Bounds, removed: nothing}, sortedSet(g.falling(i)))
		if err := c.run(ctx); err != nil {
			return nil, false, err
		}
		if cause, all := c.cause(subjects); all {
			cause.Subject = g.nodes[i].Key
			causes = append(causes, cause)
		} else {
			cut = cut || c.cut.Reason != ""
		}
	}
	slices.SortFunc(causes, func(a, b CommonCause) int {
		return cmp.Or(cmp.Compare(a.StartsAfter, b.StartsAfter), cmp.Compare(b.Strength, a.Strength), cmp.Compare(a.Subject, b.Subject))
	})
	return causes, cut, nil
}

// cause is the latest time, the weakest strength and the least certain figures of the subjects, false if one is not affected.
func (c *cascade) cause(subjects []int32) (CommonCause, bool) {
	out := CommonCause{Strength: Whole, Figures: Sourced}
	for _, s := range subjects {
		if c.entry[s] < 0 {
			return out, false
		}
		l := &c.labels[c.shown[c.entry[s]]]
		out.StartsAfter, out.Strength = max(out.StartsAfter, l.time), min(out.Strength, l.strength)
		if l.estimated {
			out.Figures = Estimated
		}
	}
	return out, true
}

// ancestors are the nodes, other than the subjects and services, from which a path of at most so many edges leads to every subject,
// by number. From an operator a path begins at any of its facilities. Subjects are ascending.
func (g *Graph) ancestors(ctx context.Context, subjects []int32, depth int) ([]int32, error) {
	above := make([]uint64, len(g.nodes))
	var common []int32
	for i := range g.nodes {
		if _, subject := slices.BinarySearch(subjects, int32(i)); !subject {
			common = append(common, int32(i))
		}
	}
	for some := range slices.Chunk(subjects, 64) {
		if len(common) == 0 {
			break
		}
		if err := g.above(ctx, some, depth, above); err != nil {
			return nil, err
		}
		all := ^uint64(0) >> (64 - len(some))
		common = slices.DeleteFunc(common, func(n int32) bool { return above[n] != all })
	}
	return common, nil
}

// above marks from which nodes a path leads to some nodes, at most 64, a bit for each, and their operators like them. All paths grow by
// an edge at once, so that however many ends they have, each edge is looked at once for each hop.
func (g *Graph) above(ctx context.Context, to []int32, depth int, marks []uint64) error {
	clear(marks)
	for i, n := range to {
		marks[n] = 1 << i
	}
	for level := slices.Clone(marks); depth > 0; depth-- {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		grew := false
		for i := range g.edges {
			e := &g.edges[i]
			if more := level[e.to] &^ marks[e.from]; more != 0 {
				marks[e.from] |= more
				grew = true
			}
		}
		if !grew {
			break
		}
		copy(level, marks)
	}
	for i := range g.nodes {
		if o := g.nodes[i].operator; o >= 0 {
			marks[o] |= marks[i]
		}
	}
	return nil
}
