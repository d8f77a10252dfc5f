package impact

import (
	"context"
	"strconv"
)

// cascade is one run of the rule. It may be used again: [cascade.begin] forgets the run before at the cost of what that touched.
type cascade struct {
	g       *Graph
	premise premise
	labels  []label
	queue   queue
	kept    []int32 // of each place: its newest kept label, -1 for none
	touched []int32 // places with a kept label
	entry   []int32 // of each node: its entry, -1 for none
	shown   []int32 // labels of the entries, in the order of the walk
	peaks   []peak
	steps   int        // looks at labels of alternatives
	cut     Truncation // by which budget, if its reason is not empty
}

// label is one way in which a place is affected.
type label struct {
	time      Seconds
	strength  Strength
	hops      int32
	place     int32
	via       int32 // causing edge, -1 for a root
	by        int32 // label of its provider, -1 for a root
	next      int32 // older kept label of the place, -1 for none
	peak      int32 // of the place, if kept
	estimated bool
}

// peak is, by hops, the greatest strength with which a place is affected within so many.
type peak [deepest + 1]Strength

var unaffected = peak{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}

func (g *Graph) cascade() *cascade {
	c := &cascade{g: g, kept: make([]int32, len(g.places)), entry: make([]int32, len(g.nodes))}
	c.queue.before = c.before
	for i := range c.kept {
		c.kept[i] = -1
	}
	for i := range c.entry {
		c.entry[i] = -1
	}
	return c
}

// begin prepares a run from places that fail at 0.
func (c *cascade) begin(p premise, roots []int32) {
	for _, at := range c.touched {
		c.kept[at] = -1
	}
	for _, l := range c.shown {
		c.entry[c.nodeOf(l)] = -1
	}
	c.premise, c.cut, c.steps, c.peaks = p, Truncation{}, 0, c.peaks[:0]
	c.labels, c.touched, c.shown, c.queue.items = c.labels[:0], c.touched[:0], c.shown[:0], c.queue.items[:0]
	for _, at := range roots {
		c.labels = append(c.labels, label{strength: Whole, place: at, via: -1, by: -1})
		c.queue.push(int32(len(c.labels) - 1))
	}
}

// patience is after how many labels the cascade looks whether it is still wanted.
const patience = 1024

// Where nodes are affected in very many ways, these bound the memory and the time of a run.
const (
	mostLabels = 2_000_000
	mostSteps  = 100_000_000
)

// run lets the failure spread until nothing more counts or the budget is used up. It gives the error of a context that ends before.
func (c *cascade) run(ctx context.Context) error {
	for n := 0; len(c.queue.items) > 0; n++ {
		if n%patience == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if len(c.labels) > mostLabels {
			c.cut = Truncation{NodeBudget, strconv.Itoa(mostLabels)}
			return nil
		}
		if c.steps > mostSteps {
			c.cut = Truncation{NodeBudget, strconv.Itoa(mostSteps)}
			return nil
		}
		i := c.queue.pop()
		l := &c.labels[i]
		if c.dominated(l.place, l.strength, l.hops) {
			continue
		}
		if !c.keep(i) {
			c.cut = Truncation{NodeBudget, strconv.Itoa(c.premise.MaxNodes)}
			return nil
		}
		c.spread(i)
	}
	return nil
}

// nodeOf is the node of a label.
func (c *cascade) nodeOf(i int32) int32 { return c.g.places[c.labels[i].place].node }

// dominated reports whether a kept label of a place is as strong and as near; it is as early by the order of the queue.
func (c *cascade) dominated(at int32, s Strength, hops int32) bool {
	k := c.kept[at]
	return k >= 0 && c.peaks[c.labels[k].peak][hops] >= s
}

// keep keeps a label and shows its node if it is new. It reports false if there is no room to show it.
func (c *cascade) keep(i int32) bool {
	l := &c.labels[i]
	if n := c.nodeOf(i); c.entry[n] < 0 {
		if len(c.shown) == c.premise.MaxNodes {
			return false
		}
		c.entry[n] = int32(len(c.shown))
		c.shown = append(c.shown, i)
	}
	if l.next = c.kept[l.place]; l.next < 0 {
		c.touched = append(c.touched, l.place)
		l.peak = int32(len(c.peaks))
		c.peaks = append(c.peaks, unaffected)
	} else {
		l.peak = c.labels[l.next].peak
	}
	for h := l.hops; h <= deepest; h++ {
		c.peaks[l.peak][h] = max(c.peaks[l.peak][h], l.strength)
	}
	c.kept[l.place] = i
	return true
}

// spread pushes what follows from a kept label.
func (c *cascade) spread(i int32) {
	at := c.g.places[c.labels[i].place]
	for _, e := range c.g.out[at.node] {
		if c.g.edges[e].need < 0 {
			c.follow(e, i, c.g.nodes[c.g.edges[e].to].first)
		} else {
			c.lose(e, i)
		}
	}
	c.g.eachReference(at, c.premise.fill, func(e, to int32) { c.follow(e, i, to) })
}

// eachReference calls back for each use of a reference edge out of a place, with the place of the dependent: of a branch in its Land,
// of others, if they are filled, in each of their Länder.
func (g *Graph) eachReference(at place, fill bool, use func(e, to int32)) {
	n := &g.nodes[at.node]
	if n.kind == operator || n.Open || n.kind != branch && !fill {
		return
	}
	for _, e := range g.reference[n.slug()] {
		x := &g.edges[e]
		first := g.nodes[x.to].first
		if n.perState() {
			use(e, first+at.state)
		} else if g.fills(n, x) {
			for _, s := range n.states {
				use(e, first+s)
			}
		}
	}
}

// used is an edge as it is used from a label.
func (c *cascade) used(e, by int32) usedEdge {
	n := c.nodeOf(by)
	if c.g.edges[e].from == n {
		return usedEdge{e, -1}
	}
	return usedEdge{e, n}
}

// follow pushes the label that an edge which stands alone gives the place of its dependent.
func (c *cascade) follow(e, by, to int32) {
	l := &c.labels[by]
	if c.premise.removed.edge == e && c.used(e, by) == c.premise.removed {
		return
	}
	c.push(l.time+c.delay(e), l.strength.through(c.g.edges[e].Strength), l.hops+1, e, by, to)
}

// push queues a label unless it breaks a bound or is dominated already.
func (c *cascade) push(t Seconds, s Strength, hops int32, e, by, to int32) {
	p := &c.premise
	if int(hops) > p.MaxDepth || t > p.Horizon || s < p.MinStrength || p.duration != nil && t >= *p.duration || c.dominated(to, s, hops) {
		return
	}
	soft := c.labels[by].estimated || c.g.edges[e].Figures == Estimated || c.g.edges[e].from != c.nodeOf(by) || p.changes(c.g, e)
	c.labels = append(c.labels, label{t, s, hops, to, e, by, -1, -1, soft})
	c.queue.push(int32(len(c.labels) - 1))
}

func (c *cascade) delay(e int32) Seconds { return c.premise.delay(c.g, &c.g.edges[e]) }
