package impact

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// SinglePoint is a facility or operator whose failure alone takes others down.
type SinglePoint struct {
	Subject          string
	DependentCount   int     // facilities and operators that it takes down, itself and what it runs not counted
	PopulationAtRisk *int64  // nil where not known
	Figures          Figures // SOURCED if those on the paths to all that it takes down are
}

// PointsQuestion asks for single points of failure.
type PointsQuestion struct {
	FederalState string   // code: only what is taken down in this Land counts; empty for all
	Candidates   []string // keys of facilities and operators, empty for all
}

// PointBounds are those of single points of failure: 3 hops, 7 days, a half.
func PointBounds() Bounds {
	return Bounds{MaxDepth: 3, Horizon: 7 * day, MinStrength: Whole / 2, MaxNodes: MostNodes}
}

// SinglePointsOfFailure tries each candidate as the only root, over 3 hops, 7 days and a strength of a half, among what is registered. Those that
// put most inhabitants at risk come first, those of which that is not known last; then those that take most down. Errors are those of [Graph.Impact].
func (g *Graph) SinglePointsOfFailure(ctx context.Context, q PointsQuestion) ([]SinglePoint, error) {
	state := int32(-1)
	if q.FederalState != "" {
		states, err := g.statesOf("federalState", []string{q.FederalState})
		if err != nil {
			return nil, err
		}
		state = states[0]
	}
	candidates, err := g.candidates(q.Candidates)
	if err != nil {
		return nil, err
	}
	p := premise{Bounds: PointBounds(), removed: nothing}
	c := g.cascade()
	points := []SinglePoint{}
	for n, i := range candidates {
		if n%patience == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		roots := sortedSet(g.falling(i))
		if !g.hasDependents(roots) {
			continue
		}
		c.begin(p, roots)
		if err := c.run(ctx); err != nil {
			return nil, err
		}
		if count, figures := c.dependents(state); count > 0 {
			points = append(points, SinglePoint{g.nodes[i].Key, count, c.atRisk(state), figures})
		}
	}
	slices.SortFunc(points, func(a, b SinglePoint) int {
		return cmp.Or(cmp.Compare(orLess(b.PopulationAtRisk), orLess(a.PopulationAtRisk)), cmp.Compare(b.DependentCount, a.DependentCount), cmp.Compare(a.Subject, b.Subject))
	})
	return points, nil
}

func orLess(n *int64) int64 {
	if n == nil {
		return math.MinInt64
	}
	return *n
}

func (g *Graph) candidates(keys []string) ([]int32, error) {
	var list []int32
	for _, key := range keys {
		i, err := g.find("candidates", key)
		if err != nil {
			return nil, err
		}
		if g.nodes[i].perState() {
			return nil, &InputError{"candidates", key + " is no point", "give facilities and operators"}
		}
		list = append(list, i)
	}
	for i := range g.nodes {
		if len(keys) == 0 && !g.nodes[i].perState() {
			list = append(list, int32(i))
		}
	}
	return sortedSet(list), nil
}

func (g *Graph) hasDependents(places []int32) bool {
	return slices.ContainsFunc(places, func(at int32) bool { return len(g.out[g.places[at].node]) > 0 })
}

// dependents counts the facilities and operators that fall and are no roots, in a Land, -1 for all, and says where the figures on the paths to them come from.
func (c *cascade) dependents(state int32) (count int, figures Figures) {
	figures = Sourced
	for _, i := range c.shown {
		n := &c.g.nodes[c.nodeOf(i)]
		if c.labels[i].by >= 0 && !n.perState() && (state < 0 || slices.Contains(n.states, state)) {
			count++
			if c.labels[i].estimated {
				figures = Estimated
			}
		}
	}
	return count, figures
}

// atRisk is the population of the answer in a Land, the sum over all for -1, nil where nothing is known.
func (c *cascade) atRisk(state int32) *int64 {
	all := c.population()
	if state >= 0 {
		return all[state]
	}
	var sum *int64
	for _, n := range all {
		if n != nil {
			total := *n
			if sum != nil {
				total += *sum
			}
			sum = &total
		}
	}
	return sum
}
