package impact

import (
	"cmp"
	"slices"
	"strings"
)

// population is, of each Land, how many inhabitants are supplied by what is affected, nil where not known. Areas are sets of regional keys: none
// counts twice, neither by two facilities nor as a part of a larger one. A branch or service that is a root counts the whole Land.
func (c *cascade) population() []*int64 {
	out := make([]*int64, len(c.g.states))
	for s, sum := range c.supplied() {
		if sum >= 0 {
			n := min(sum, c.g.states[s].Population)
			out[s] = &n
		}
	}
	for _, at := range c.touched {
		p := c.g.places[at]
		if c.g.nodes[p.node].perState() && c.labels[c.oldest(at)].by < 0 {
			whole := c.g.states[p.state].Population
			out[p.state] = &whole
		}
	}
	return out
}

// oldest is the first label that a place kept: that of a root, if it is one.
func (c *cascade) oldest(at int32) int32 {
	i := c.kept[at]
	for c.labels[i].next >= 0 {
		i = c.labels[i].next
	}
	return i
}

// supplied adds up the supply areas of the affected facilities per Land, -1 where none is known.
func (c *cascade) supplied() []int64 {
	var areas []Area
	for _, i := range c.shown {
		for _, a := range c.g.nodes[c.nodeOf(i)].SupplyArea {
			if a.Population != nil {
				areas = append(areas, a)
			}
		}
	}
	// By key, of each the largest figure first: whatever a key is a prefix of comes right after it.
	slices.SortFunc(areas, func(a, b Area) int {
		return cmp.Or(strings.Compare(a.ARS, b.ARS), cmp.Compare(*b.Population, *a.Population))
	})
	sums := make([]int64, len(c.g.states))
	for s := range sums {
		sums[s] = -1
	}
	last := "none"
	for _, a := range areas {
		if strings.HasPrefix(a.ARS, last) {
			continue
		}
		last = a.ARS
		s := c.g.stateOf(a.ARS)
		// Never more than the Land has: so no sum overflows.
		sums[s] = min(max(sums[s], 0)+*a.Population, c.g.states[s].Population)
	}
	return sums
}
