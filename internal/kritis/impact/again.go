package impact

import (
	"cmp"
	"context"
	"slices"
)

// CriticalDependency is an edge on the paths of an answer and what would be spared without it.
type CriticalDependency struct {
	Step         Step
	SparedCount  int // entries that would not be affected
	DelayedCount int // entries that would be affected later
}

// mostCritical is how many dependencies are tried.
const mostCritical = 10

// CriticalDependencies tries the ten edges that lie on most paths of the answer: it runs the cascade again without each. Those that
// would spare most come first; one that neither spares nor delays anything is left out. Errors are those of [Graph.Impact].
func (g *Graph) CriticalDependencies(ctx context.Context, q Question) ([]CriticalDependency, error) {
	p, roots, err := g.plan(q)
	if err != nil {
		return nil, err
	}
	c := g.cascade()
	c.begin(p, roots)
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	before := c.times()
	out := []CriticalDependency{}
	for _, u := range c.busiest() {
		without := p
		without.removed = u
		c.begin(without, roots)
		if err := c.run(ctx); err != nil {
			return nil, err
		}
		d := CriticalDependency{Step: g.step(u, &p.Assumptions)}
		for _, s := range before {
			if i := c.entry[s.node]; i < 0 {
				d.SparedCount++
			} else if c.labels[c.shown[i]].time > s.time {
				d.DelayedCount++
			}
		}
		if d.SparedCount+d.DelayedCount > 0 {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b CriticalDependency) int {
		return cmp.Or(cmp.Compare(b.SparedCount, a.SparedCount), cmp.Compare(b.DelayedCount, a.DelayedCount), cmp.Compare(a.Step.Key, b.Step.Key))
	})
	return out, nil
}

type start struct {
	node int32
	time Seconds
}

// times are the entries and when they begin.
func (c *cascade) times() []start {
	out := make([]start, len(c.shown))
	for i, l := range c.shown {
		out[i] = start{c.nodeOf(l), c.labels[l].time}
	}
	return out
}

// busiest are the edges that lie on most paths.
func (c *cascade) busiest() []usedEdge {
	count := map[usedEdge]int{}
	for _, l := range c.shown {
		for _, u := range c.path(l, nil) {
			count[u]++
		}
	}
	edges := make([]usedEdge, 0, len(count))
	for u := range count {
		edges = append(edges, u)
	}
	slices.SortFunc(edges, func(a, b usedEdge) int { return cmp.Or(cmp.Compare(count[b], count[a]), c.g.compareUsed(a, b)) })
	return edges[:min(len(edges), mostCritical)]
}

// Comparison says how the answer under other assumptions differs. Subjects are keys, in order.
type Comparison struct {
	OnlyHere  []string // affected under the assumptions of the question only
	OnlyThere []string // affected under the others only
	Shifted   []Shift
}

// Shift is something that is affected both times, but not at the same time.
type Shift struct {
	Subject     string
	Here, There Seconds
}

// Compare asks the question again under other assumptions. Errors are those of [Graph.Impact].
func (g *Graph) Compare(ctx context.Context, q Question, other Assumptions) (Comparison, error) {
	p, roots, err := g.plan(q)
	if err != nil {
		return Comparison{}, err
	}
	if err := other.check(); err != nil {
		return Comparison{}, err
	}
	c := g.cascade()
	c.begin(p, roots)
	if err := c.run(ctx); err != nil {
		return Comparison{}, err
	}
	here := c.times()
	p.Assumptions = other
	c.begin(p, roots)
	if err := c.run(ctx); err != nil {
		return Comparison{}, err
	}
	return g.compare(here, c.times()), nil
}

func (g *Graph) compare(here, there []start) Comparison {
	out := Comparison{OnlyHere: []string{}, OnlyThere: []string{}, Shifted: []Shift{}}
	first := map[int32]Seconds{}
	for _, s := range here {
		first[s.node] = s.time
	}
	for _, s := range there {
		key := g.nodes[s.node].Key
		t, both := first[s.node]
		if !both {
			out.OnlyThere = append(out.OnlyThere, key)
		} else if t != s.time {
			out.Shifted = append(out.Shifted, Shift{key, t, s.time})
		}
		delete(first, s.node)
	}
	for node := range first {
		out.OnlyHere = append(out.OnlyHere, g.nodes[node].Key)
	}
	slices.Sort(out.OnlyHere)
	slices.Sort(out.OnlyThere)
	slices.SortFunc(out.Shifted, func(a, b Shift) int { return cmp.Compare(a.Subject, b.Subject) })
	return out
}
