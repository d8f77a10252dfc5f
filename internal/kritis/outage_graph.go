package kritis

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/store"
)

// DependencyDirection says which dependencies of something are wanted.
type DependencyDirection string

// The directions of dependencies.
const (
	TowardsProviders  DependencyDirection = "PROVIDERS"
	TowardsDependents DependencyDirection = "DEPENDENTS"
	BothDirections    DependencyDirection = "BOTH"
)

// DependencyGraphQuestion asks for what lies around something.
type DependencyGraphQuestion struct {
	Root      DependencySubjectInput
	Depth     *int32
	Direction *DependencyDirection
	MaxNodes  *int32
	AsOf      *time.Time
}

// DependencyGraph is the part of the stated dependencies around something, as nodes and edges.
type DependencyGraph struct {
	Nodes      []*DependencyGraphNode
	Edges      []*DependencyStep
	Truncation []*Truncation
}

// DependencyGraphNode is something in the graph.
type DependencyGraphNode struct {
	Distance int32 // in dependencies from the root

	subject  string
	subjects *subjectSet
}

// Subject returns the branch, service, facility or operator.
func (n *DependencyGraphNode) Subject(ctx context.Context) (DependencySubject, error) {
	return n.subjects.one(ctx, n.subject)
}

const (
	defaultGraphDepth, mostGraphDepth = 2, 5
	defaultGraphNodes, mostGraphNodes = 200, 2_000
)

// vicinity is a search through the stated dependencies, level by level.
type vicinity struct {
	excerpt  *excerpt
	distance map[string]int
	edges    map[string]impact.Edge
	most     int
	cut      bool
}

// DependencyGraph returns what depends on something and what it needs, to a depth. What a facility would use of its branch is no part of it.
func (v *View) DependencyGraph(ctx context.Context, in DependencyGraphQuestion) (*DependencyGraph, error) {
	depth, most, direction := defaultGraphDepth, defaultGraphNodes, BothDirections
	if in.Depth != nil {
		depth = int(*in.Depth)
	}
	if in.MaxNodes != nil {
		most = int(*in.MaxNodes)
	}
	if in.Direction != nil {
		direction = *in.Direction
	}
	switch {
	case depth < 1 || depth > mostGraphDepth:
		return nil, BadInput("depth", "depth takes 1 to %d, not %d.", mostGraphDepth, depth)
	case most < 1 || most > mostGraphNodes:
		return nil, BadInput("maxNodes", "maxNodes takes 1 to %d, not %d.", mostGraphNodes, most)
	}
	x, end, err := v.excerpt(ctx, in.AsOf)
	if err != nil {
		return nil, err
	}
	defer end()
	root, err := x.subject("root", &in.Root)
	if err != nil {
		return nil, err
	}
	s := &vicinity{excerpt: x, distance: map[string]int{}, edges: map[string]impact.Edge{}, most: most}
	from, err := s.begin(ctx, root)
	if err != nil {
		return nil, err
	}
	var ways []*way
	if direction != TowardsProviders {
		ways = append(ways, &way{dir: store.Out, level: from, seen: map[string]bool{}})
	}
	if direction != TowardsDependents {
		ways = append(ways, &way{dir: store.In, level: from, seen: map[string]bool{}})
	}
	for distance := 1; distance <= depth; distance++ { // both at once, so that the nearest things come first
		for _, w := range ways {
			if err := s.follow(ctx, w, distance); err != nil {
				return nil, err
			}
		}
	}
	return s.graph(), nil
}

// begin reads the root; an operator brings its facilities.
func (s *vicinity) begin(ctx context.Context, root string) ([]string, error) {
	s.distance[root] = 0
	if !isRegistered(root) {
		return []string{root}, nil
	}
	x := s.excerpt
	if _, err := x.walk(ctx, 1, []store.ID{subjectID(root)}, store.Step{Edge: EdgeOperates, Dir: store.Out}); err != nil {
		return nil, err
	}
	if err := x.present(); err != nil {
		return nil, err
	}
	from := []string{root}
	for _, facility := range slices.Sorted(maps.Keys(x.runs)) {
		if s.admit(subjectKey(facility), 0) {
			from = append(from, subjectKey(facility))
		}
	}
	return from, nil
}

// admit notes something at a distance, unless the graph is full. It reports whether it is in the graph and new.
func (s *vicinity) admit(key string, distance int) bool {
	if before, met := s.distance[key]; met {
		s.distance[key] = min(before, distance)
		return false
	}
	if len(s.distance) >= s.most {
		s.cut = true
		return false
	}
	s.distance[key] = distance
	return true
}

// way is how far a search has come in one direction.
type way struct {
	dir   store.Dir
	level []string
	seen  map[string]bool
}

// follow goes one level on; what is registered of it is one read.
func (s *vicinity) follow(ctx context.Context, w *way, distance int) error {
	if len(w.level) == 0 {
		return nil
	}
	found, err := s.level(ctx, w.level, w.dir)
	if err != nil {
		return err
	}
	w.level = nil
	for _, e := range found {
		far := e.Dependent
		if w.dir == store.In {
			far = e.Provider
		}
		s.admit(far, distance)
		if _, in := s.distance[far]; !in {
			continue
		}
		s.edges[e.Key] = e
		if !w.seen[far] {
			w.seen[far] = true
			w.level = append(w.level, far)
		}
	}
	return nil
}

// level returns the dependencies of some things in one direction, by key.
func (s *vicinity) level(ctx context.Context, keys []string, dir store.Dir) ([]impact.Edge, error) {
	x, out := s.excerpt, []impact.Edge{}
	var registered []store.ID
	for _, key := range keys {
		if isRegistered(key) {
			registered = append(registered, subjectID(key))
			continue
		}
		uses := string(x.branchOf(key))
		for _, e := range x.data.Edges {
			switch {
			case dir == store.Out && string(subjectID(e.Provider)) == uses:
				e.Provider = key // a service uses what its branch has
				out = append(out, e)
			case dir == store.In && e.Dependent == key:
				out = append(out, e)
			}
		}
	}
	if len(registered) > 0 {
		g, err := x.walk(ctx, 1, registered, store.Step{Edge: EdgeSupplies, Dir: dir})
		if err != nil {
			return nil, err
		}
		if x.cut {
			return nil, tooMuch()
		}
		for _, e := range g.Edges {
			i := impactEdge(e)
			x.byKey[i.Key] = e
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b impact.Edge) int {
		return cmp.Or(compareText(a.Key, b.Key), compareText(a.Provider, b.Provider))
	})
	return out, nil
}

// delay is the time that passes at a dependency without assumptions.
func (x *excerpt) delay(e *impact.Edge) impact.Seconds {
	end := func(key string) *impact.Node {
		if at, registered := x.nodes[subjectID(key)]; registered {
			return &x.data.Nodes[at]
		}
		return &impact.Node{Key: key}
	}
	return impact.Delay(e, end(e.Provider), end(e.Dependent))
}

func (s *vicinity) graph() *DependencyGraph {
	out := &DependencyGraph{Nodes: []*DependencyGraphNode{}, Edges: []*DependencyStep{}, Truncation: []*Truncation{}}
	subjects := s.excerpt.view.subjectSet()
	for key, distance := range s.distance {
		subjects.add(key)
		out.Nodes = append(out.Nodes, &DependencyGraphNode{int32(distance), key, subjects}) //nolint:gosec // at most five
	}
	slices.SortFunc(out.Nodes, func(a, b *DependencyGraphNode) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), compareText(a.subject, b.subject))
	})
	for _, e := range s.edges {
		step := impact.Step{Key: e.Key, Edge: &e, Provider: e.Provider, Dependent: e.Dependent, Delay: s.excerpt.delay(&e)}
		if store.Label(subjectID(e.Provider).Kind()) == LabelService {
			step.Key, step.Filled = e.Key+"@"+e.Provider, true
		}
		out.Edges = append(out.Edges, s.excerpt.step(&step, subjects))
	}
	slices.SortFunc(out.Edges, func(a, b *DependencyStep) int { return compareText(a.Key, b.Key) })
	if s.cut {
		out.Truncation = append(out.Truncation, &Truncation{TruncationReason(impact.NodeBudget), strconv.Itoa(s.most)})
	}
	return out
}
