package impact

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
)

// PathSelection says which paths are wanted.
type PathSelection string

// The selections of paths.
const (
	AllShortest PathSelection = "ALL_SHORTEST" // those with the fewest hops
	KStrongest  PathSelection = "K_STRONGEST"  // those that lose least
)

// PathsQuestion asks how a failure could spread from a provider to a dependent.
type PathsQuestion struct {
	Dependent, Provider string // keys of two different nodes
	Select              PathSelection
	MaxDepth            int // hops, 1 to 10
	First               int // paths, 1 to 50
}

// Path is a way from the provider to the dependent, without a node twice. It is a possibility: alternatives are not weighed.
type Path struct {
	Steps       []Step
	Strength    Strength
	StartsAfter Seconds
	Figures     Figures
}

// Paths are the ways between two nodes.
type Paths struct {
	Exists      bool   // within the depth asked
	List        []Path // strongest first; of equally strong ones the earliest, then that with the fewest hops, then by the keys of the edges
	Truncations []Truncation
}

const (
	mostPaths = 50
	// mostTries bounds the beginnings of paths that a search holds.
	mostTries = 1_000_000
)

// Paths lists the ways in which a failure could spread, over all kinds of edge, Länder left aside, without assumptions. A search that would
// hold more than a million beginnings of paths ends with what it has found, and says so by NODE_BUDGET. Errors are those of [Graph.Impact].
func (g *Graph) Paths(ctx context.Context, q PathsQuestion) (Paths, error) {
	from, to, err := g.ends(q)
	if err != nil {
		return Paths{}, err
	}
	if err := q.Check(); err != nil {
		return Paths{}, err
	}
	s := &search{g: g, to: to, left: g.distances(to), limit: q.MaxDepth}
	s.queue.before = s.before
	out := Paths{List: []Path{}, Truncations: []Truncation{}}
	nearest, reachable := s.left[from]
	if !reachable {
		return out, nil
	}
	if int(nearest) > q.MaxDepth {
		out.Truncations = append(out.Truncations, Truncation{ByMaxDepth, strconv.Itoa(q.MaxDepth)})
		return out, nil
	}
	out.Exists = true
	if q.Select == AllShortest {
		s.limit = int(nearest)
	}
	found, cut, err := s.run(ctx, from, q.First+1)
	if err != nil {
		return Paths{}, err
	}
	for _, i := range found[:min(len(found), q.First)] {
		out.List = append(out.List, s.path(i))
	}
	if len(found) > q.First {
		out.Truncations = append(out.Truncations, Truncation{ResultLimit, strconv.Itoa(q.First)})
	} else if cut {
		out.Truncations = append(out.Truncations, Truncation{NodeBudget, strconv.Itoa(mostTries)})
	}
	return out, nil
}

func (g *Graph) ends(q PathsQuestion) (from, to int32, err error) {
	if from, err = g.find("provider", q.Provider); err != nil {
		return 0, 0, err
	}
	to, err = g.find("dependent", q.Dependent)
	return from, to, err
}

// Check gives an [InputError] for a question that no graph can answer.
func (q PathsQuestion) Check() error {
	switch {
	case q.Dependent == q.Provider:
		return &InputError{"dependent", q.Dependent + " is the provider too", "give two different ends"}
	case q.Select != AllShortest && q.Select != KStrongest:
		return &InputError{"select", fmt.Sprintf("there is no selection %q", q.Select), "give ALL_SHORTEST or K_STRONGEST"}
	case q.MaxDepth < 1 || q.MaxDepth > deepest:
		return &InputError{"maxDepth", fmt.Sprintf("%d is out of range", q.MaxDepth), "give 1 to 10"}
	case q.First < 1 || q.First > mostPaths:
		return &InputError{"first", fmt.Sprintf("%d is out of range", q.First), "give 1 to 50"}
	}
	return nil
}

// distances are the fewest hops from each node to one, for those from which a path leads there.
func (g *Graph) distances(to int32) map[int32]int32 {
	in := make([][]int32, len(g.nodes))
	for i := range g.edges {
		in[g.edges[i].to] = append(in[g.edges[i].to], int32(i))
	}
	left := map[int32]int32{to: 0}
	queue := []int32{to}
	for head := 0; head < len(queue); head++ {
		n := queue[head]
		reach := func(from int32) {
			if _, seen := left[from]; !seen {
				left[from] = left[n] + 1
				queue = append(queue, from)
			}
		}
		for _, e := range in[n] {
			x := &g.edges[e]
			reach(x.from)
			if !x.isReference(g) {
				continue
			}
			for _, f := range g.ofBranch[g.nodes[x.from].slug()] {
				if g.fills(&g.nodes[f], x) {
					reach(f)
				}
			}
		}
	}
	return left
}

// search finds paths best first. Neither strength nor time nor hops of a path get better when it grows, so complete ones leave the queue in
// the order in which they are wanted.
type search struct {
	g     *Graph
	to    int32
	left  map[int32]int32
	limit int
	tries []try
	queue queue
}

// try is the beginning of a path.
type try struct {
	strength Strength
	time     Seconds
	hops     int32
	node     int32
	by       int32 // the try that it continues, -1 for the first
	via      usedEdge
}

// run returns the first complete paths, and whether the search was cut.
func (s *search) run(ctx context.Context, from int32, most int) (found []int32, cut bool, err error) {
	s.add(try{strength: Whole, node: from, by: -1, via: nothing})
	for n := 0; len(s.queue.items) > 0 && len(found) < most; n++ {
		if n%patience == 0 && ctx.Err() != nil {
			return nil, false, context.Cause(ctx)
		}
		if len(s.tries) > mostTries {
			return found, true, nil
		}
		i := s.queue.pop()
		if s.tries[i].node == s.to {
			found = append(found, i)
			continue
		}
		s.extend(i)
	}
	return found, false, nil
}

func (s *search) add(t try) {
	s.tries = append(s.tries, t)
	s.queue.push(int32(len(s.tries) - 1))
}

func (s *search) extend(i int32) {
	n := s.tries[i].node
	for _, e := range s.g.out[n] {
		s.step(i, usedEdge{e, -1})
	}
	for _, e := range s.g.reference[s.g.nodes[n].slug()] {
		switch s.g.nodes[n].kind {
		case branch:
			s.step(i, usedEdge{e, -1})
		case facility, service:
			if s.g.fills(&s.g.nodes[n], &s.g.edges[e]) {
				s.step(i, usedEdge{e, n})
			}
		}
	}
}

// step adds a try that is one edge longer, unless it cannot end in time or comes back to a node.
func (s *search) step(i int32, u usedEdge) {
	x, last := &s.g.edges[u.edge], s.tries[i]
	left, ends := s.left[x.to]
	if !ends || int(last.hops+1+left) > s.limit {
		return
	}
	for k := i; k >= 0; k = s.tries[k].by {
		if s.tries[k].node == x.to {
			return
		}
	}
	s.add(try{last.strength.through(x.Strength), last.time + (&Assumptions{}).delay(s.g, x), last.hops + 1, x.to, i, u})
}

func (s *search) before(a, b int32) bool {
	x, y := &s.tries[a], &s.tries[b]
	order := cmp.Or(cmp.Compare(y.strength, x.strength), cmp.Compare(x.time, y.time), cmp.Compare(x.hops, y.hops))
	if order == 0 {
		order = slices.CompareFunc(s.edges(a), s.edges(b), s.g.compareUsed)
	}
	return order < 0
}

func (s *search) edges(i int32) []usedEdge {
	var list []usedEdge
	for ; s.tries[i].by >= 0; i = s.tries[i].by {
		list = append(list, s.tries[i].via)
	}
	slices.Reverse(list)
	return list
}

func (s *search) path(i int32) Path {
	p := Path{Strength: s.tries[i].strength, StartsAfter: s.tries[i].time, Figures: Sourced}
	for _, u := range s.edges(i) {
		step := s.g.step(u, &Assumptions{})
		if step.Filled || step.Edge.Figures == Estimated {
			p.Figures = Estimated
		}
		p.Steps = append(p.Steps, step)
	}
	return p
}
