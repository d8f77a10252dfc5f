package impact

import (
	"cmp"
	"strings"
)

// queue is a binary heap of numbers in an order that is given.
type queue struct {
	before func(a, b int32) bool
	items  []int32
}

func (q *queue) push(x int32) {
	q.items = append(q.items, x)
	for i := len(q.items) - 1; i > 0; {
		up := (i - 1) / 2
		if !q.before(q.items[i], q.items[up]) {
			return
		}
		q.items[i], q.items[up] = q.items[up], q.items[i]
		i = up
	}
}

func (q *queue) pop() int32 {
	first, last := q.items[0], len(q.items)-1
	q.items[0] = q.items[last]
	q.items = q.items[:last]
	for i := 0; ; {
		least := i
		for _, down := range [2]int{2*i + 1, 2*i + 2} {
			if down < last && q.before(q.items[down], q.items[least]) {
				least = down
			}
		}
		if least == i {
			return first
		}
		q.items[i], q.items[least] = q.items[least], q.items[i]
		i = least
	}
}

// before is the order of the walk: earliest, strongest, fewest hops, key, smallest path; the Länder of a branch by code.
func (c *cascade) before(a, b int32) bool {
	x, y := &c.labels[a], &c.labels[b]
	if x.time != y.time {
		return x.time < y.time
	}
	if x.strength != y.strength {
		return x.strength > y.strength
	}
	if x.hops != y.hops {
		return x.hops < y.hops
	}
	if m, n := c.nodeOf(a), c.nodeOf(b); m != n {
		return m < n
	}
	return cmp.Or(c.comparePaths(a, b), cmp.Compare(x.place, y.place)) < 0
}

// path are the edges from the root to a label.
func (c *cascade) path(i int32, room []usedEdge) []usedEdge {
	if c.labels[i].by < 0 {
		return room
	}
	return append(c.path(c.labels[i].by, room), c.used(c.labels[i].via, c.labels[i].by))
}

func (c *cascade) comparePaths(a, b int32) int {
	var left, right [deepest]usedEdge
	p, q := c.path(a, left[:0]), c.path(b, right[:0])
	for k := range min(len(p), len(q)) {
		if order := c.g.compareUsed(p[k], q[k]); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(p), len(q))
}

// compareUsed compares the keys of edges as they are used.
func (g *Graph) compareUsed(a, b usedEdge) int {
	if a.filler < 0 && b.filler < 0 {
		return cmp.Compare(a.edge, b.edge)
	}
	return strings.Compare(g.edgeKey(a.edge, a.filler), g.edgeKey(b.edge, b.filler))
}
