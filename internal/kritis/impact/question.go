package impact

import (
	"fmt"
	"slices"
)

// Question asks what fails when the roots fail.
type Question struct {
	Roots       []Root // at least one; order and repetition do not matter
	Bounds      Bounds
	Duration    *Seconds // of the outage, nil for open-ended: what lasts as long as the outage suffices
	Assumptions Assumptions
	// RegisteredOnly leaves out the dependencies of the branch that a facility or service uses where nobody registered its own.
	RegisteredOnly bool
}

// Root is something that fails at the beginning. An operator brings its facilities.
type Root struct {
	Key           string
	FederalStates []string // of a branch or service: codes of the Länder in which it fails, empty for all
	// IncludeFacilities lets the facilities of the branch that stand in these Länder fail too.
	IncludeFacilities bool
}

// Bounds say how far the cascade goes. All are inclusive.
type Bounds struct {
	MaxDepth    int      // hops, 1 to 10
	Horizon     Seconds  // above 0, at most 90 days
	MinStrength Strength // of the whole chain
	MaxNodes    int      // entries, 1 to 10,000
}

// DefaultBounds are those of a question that says nothing else: 3 hops, 7 days, a tenth, 2,000 entries.
func DefaultBounds() Bounds {
	return Bounds{MaxDepth: 3, Horizon: 7 * day, MinStrength: Whole / 10, MaxNodes: 2000}
}

// Assumptions replace what is known of reserves. The zero value assumes nothing.
type Assumptions struct {
	// GeneratorRuntime is how long every facility and operator that has backup power, or of which it is not known, works without power;
	// a branch works as long, but not beyond the upper end of the range that its source gives.
	GeneratorRuntime   *Seconds
	WithoutSubstitutes bool
}

// MostNodes is the greatest budget of nodes.
const MostNodes = 10_000

const (
	deepest  = 10
	farthest = 90 * day
)

// Check gives an [InputError] for bounds that are not allowed.
func (b Bounds) Check() error {
	switch {
	case b.MaxDepth < 1 || b.MaxDepth > deepest:
		return &InputError{"maxDepth", fmt.Sprintf("%d is out of range", b.MaxDepth), "give 1 to 10"}
	case b.Horizon <= 0 || b.Horizon > farthest:
		return &InputError{"horizon", b.Horizon.String() + " is out of range", "give more than PT0S, at most P90D"}
	case b.MinStrength < 0 || b.MinStrength > Whole:
		return &InputError{"minStrength", fmt.Sprintf("%d millionths are out of range", b.MinStrength), "give 0 to 1"}
	case b.MaxNodes < 1 || b.MaxNodes > MostNodes:
		return &InputError{"maxNodes", fmt.Sprintf("%d is out of range", b.MaxNodes), "give 1 to 10000"}
	}
	return nil
}

func (a Assumptions) check() error {
	if g := a.GeneratorRuntime; g != nil && (*g < 0 || *g > longest) {
		return &InputError{"assumptions.generatorRuntime", g.String() + " is out of range", "give PT0S or more"}
	}
	return nil
}

// premise is a question without its roots.
type premise struct {
	Bounds
	Assumptions
	duration *Seconds
	fill     bool
	removed  usedEdge
}

// usedEdge is an edge and, if it is filled, the node that uses it, else -1.
type usedEdge struct{ edge, filler int32 }

var nothing = usedEdge{-1, -1}

// plan checks a question and returns its premise and the places of its roots.
func (g *Graph) plan(q Question) (premise, []int32, error) {
	p := premise{q.Bounds, q.Assumptions, q.Duration, !q.RegisteredOnly, nothing}
	if err := q.Bounds.Check(); err != nil {
		return p, nil, err
	}
	if err := q.Assumptions.check(); err != nil {
		return p, nil, err
	}
	if q.Duration != nil && (*q.Duration <= 0 || *q.Duration > longest) {
		return p, nil, &InputError{"duration", q.Duration.String() + " is out of range", "give more than PT0S, or nothing for an open end"}
	}
	if len(q.Roots) == 0 {
		return p, nil, &InputError{"roots", "there is none", "say what fails"}
	}
	var places []int32
	for i, r := range q.Roots {
		more, err := g.root(fmt.Sprintf("roots[%d]", i), r)
		if err != nil {
			return p, nil, err
		}
		places = append(places, more...)
	}
	return p, sortedSet(places), nil
}

// find returns the node with a key that a question names.
func (g *Graph) find(field, key string) (int32, error) {
	i, ok := g.index[key]
	if !ok {
		return 0, &InputError{field, fmt.Sprintf("%q is not known", key), "give the key of a branch, service, facility or operator"}
	}
	return i, nil
}

// root returns the places that a root covers.
func (g *Graph) root(field string, r Root) ([]int32, error) {
	i, err := g.find(field, r.Key)
	if err != nil {
		return nil, err
	}
	n := &g.nodes[i]
	if !n.perState() {
		if len(r.FederalStates) > 0 || r.IncludeFacilities {
			return nil, &InputError{field, r.Key + " is where it is", "give Länder and facilities for a branch or service only"}
		}
		return g.falling(i), nil
	}
	states, err := g.statesOf(field+".federalStates", r.FederalStates)
	if err != nil {
		return nil, err
	}
	var places []int32
	for _, s := range states {
		places = append(places, n.first+s)
	}
	if !r.IncludeFacilities || n.slug() == "" { // a service of several branches brings none of them
		return places, nil
	}
	for _, f := range g.ofBranch[n.slug()] {
		if x := &g.nodes[f]; x.kind == facility && x.Site != "" {
			if s, _ := g.state(x.Site); slices.Contains(states, s) {
				places = append(places, x.first)
			}
		}
	}
	return places, nil
}

// statesOf are the Länder with these codes, all if there is none.
func (g *Graph) statesOf(field string, codes []string) ([]int32, error) {
	var states []int32
	for _, code := range codes {
		s, ok := g.state(code)
		if !ok {
			return nil, &InputError{field, fmt.Sprintf("there is no Land %q", code), "give the code of a Land, such as BY"}
		}
		states = append(states, s)
	}
	for s := range g.states {
		if len(codes) == 0 {
			states = append(states, int32(s))
		}
	}
	return states, nil
}

// falling are the places that fail with a node: a branch or service in all Länder, an operator with its facilities.
func (g *Graph) falling(i int32) []int32 {
	n := &g.nodes[i]
	places := []int32{n.first}
	if n.perState() {
		places = places[:0]
		for s := range g.states {
			places = append(places, n.first+int32(s))
		}
	}
	for _, f := range g.runs[i] {
		places = append(places, g.nodes[f].first)
	}
	return places
}
