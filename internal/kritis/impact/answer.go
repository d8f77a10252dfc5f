package impact

import (
	"context"
	"slices"
)

// Answer says what fails. Lists that are empty are not nil.
type Answer struct {
	Entries       []Entry // earliest first; of equally early ones the strongest, then that with the fewest hops, then by key
	FederalStates []StateImpact
	Unknowns      []Unknown    // by code, without zeros
	Truncations   []Truncation // in the order of the reasons
}

// Entry is something that fails, by the best of its ways: the earliest, of these the strongest, of these the one with the fewest hops.
type Entry struct {
	Subject       string   // key of the node
	FederalStates []string // codes in order: site and supply area of a facility; for a branch those in which it fails
	StartsAfter   Seconds
	Strength      Strength
	Hops          int
	Nearest       int    // the fewest hops of all its ways that count, those that are not shown included: a caller that reads a graph in rounds need not read further from those at the greatest depth
	Path          []Step // edges from the root; empty for a root
	Figures       Figures
	Recovery      *Seconds // until it works again: the outage and what everything on its path needs; nil where that is not known
}

// Via is the edge that makes it fail, nil for a root.
func (e *Entry) Via() *Step {
	if len(e.Path) == 0 {
		return nil
	}
	return &e.Path[len(e.Path)-1]
}

// Step is an edge as it is used on a path.
type Step struct {
	Key       string // of a filled edge: that of the branches' edge, @ and who uses it
	Edge      *Edge  // as given; that of the branches for a filled one
	Provider  string // key; of a filled edge: who uses it
	Dependent string
	Filled    bool
	Delay     Seconds // under the assumptions
}

// StateImpact is what is affected in a Land.
type StateImpact struct {
	Code       string
	Entries    int    // that touch it
	Population *int64 // inhabitants supplied by what is affected, nil where not known
}

// UnknownCode says what is not known.
type UnknownCode string

// What can be unknown, in their order.
const (
	BackupPowerUnknown     UnknownCode = "BACKUP_POWER_UNKNOWN"
	NoRegisteredDependents UnknownCode = "NO_REGISTERED_DEPENDENTS"
	SupplyAreaUnknown      UnknownCode = "SUPPLY_AREA_UNKNOWN"
)

// Unknown says of how many entries something is not known.
type Unknown struct {
	Code  UnknownCode
	Count int
}

// Impact says what fails. It gives an [InputError] for a question that cannot be asked, and the cause of a context that ends before the answer is found.
func (g *Graph) Impact(ctx context.Context, q Question) (Answer, error) {
	p, roots, err := g.plan(q)
	if err != nil {
		return Answer{}, err
	}
	c := g.cascade()
	c.begin(p, roots)
	if err := c.run(ctx); err != nil {
		return Answer{}, err
	}
	return c.answer(), nil
}

func (c *cascade) answer() Answer {
	a := Answer{Entries: make([]Entry, len(c.shown)), Unknowns: c.unknowns(), Truncations: c.truncations()}
	states := c.affectedStates()
	touched := make([]int, len(c.g.states))
	for i, l := range c.shown {
		a.Entries[i] = c.entryOf(l)
		a.Entries[i].FederalStates = c.g.codes(states[i])
		for _, s := range states[i] {
			touched[s]++
		}
	}
	population := c.population()
	a.FederalStates = []StateImpact{}
	for s, n := range touched {
		if n > 0 {
			a.FederalStates = append(a.FederalStates, StateImpact{c.g.states[s].Code, n, population[s]})
		}
	}
	return a
}

func (c *cascade) entryOf(i int32) Entry {
	l := &c.labels[i]
	e := Entry{Subject: c.g.nodes[c.nodeOf(i)].Key, StartsAfter: l.time, Strength: l.strength, Hops: int(l.hops), Path: []Step{}, Figures: Sourced}
	if l.estimated {
		e.Figures = Estimated
	}
	for _, u := range c.path(i, nil) {
		e.Path = append(e.Path, c.g.step(u, &c.premise.Assumptions))
	}
	e.Nearest = c.nearest(i)
	e.Recovery = c.recovery(i)
	return e
}

// nearest is the fewest hops over the kept labels of a label's node.
func (c *cascade) nearest(i int32) int {
	n, hops := &c.g.nodes[c.nodeOf(i)], c.labels[i].hops
	places := 1
	if n.perState() {
		places = len(c.g.states)
	}
	for _, k := range c.kept[n.first : int(n.first)+places] {
		for ; k >= 0; k = c.labels[k].next {
			hops = min(hops, c.labels[k].hops)
		}
	}
	return int(hops)
}

func (g *Graph) step(u usedEdge, a *Assumptions) Step {
	x := &g.edges[u.edge]
	s := Step{g.edgeKey(u.edge, u.filler), x.Edge, x.Provider, x.Dependent, u.filler >= 0, a.delay(g, x)}
	if s.Filled {
		s.Provider = g.nodes[u.filler].Key
	}
	return s
}

// recovery adds to the duration of the outage the recovery times along the path of a label.
func (c *cascade) recovery(i int32) *Seconds {
	if c.premise.duration == nil {
		return nil
	}
	sum := *c.premise.duration
	for ; i >= 0; i = c.labels[i].by {
		r := c.g.nodes[c.nodeOf(i)].RecoveryTime
		if r == nil {
			return nil
		}
		sum += *r
	}
	return &sum
}

// affectedStates are the Länder of each entry, ascending.
func (c *cascade) affectedStates() [][]int32 {
	states := make([][]int32, len(c.shown))
	for i, l := range c.shown {
		states[i] = c.g.nodes[c.nodeOf(l)].states
	}
	for _, at := range c.touched {
		if p := c.g.places[at]; c.g.nodes[p.node].perState() {
			states[c.entry[p.node]] = append(states[c.entry[p.node]], p.state)
		}
	}
	for i := range states {
		states[i] = sortedSet(slices.Clone(states[i]))
	}
	return states
}

// unknowns counts what is not known of the entries.
func (c *cascade) unknowns() []Unknown {
	count := map[UnknownCode]int{}
	for _, i := range c.shown {
		l, n := &c.labels[i], &c.g.nodes[c.nodeOf(i)]
		if n.perState() {
			continue
		}
		if l.via >= 0 && c.g.edges[l.via].power && n.BackupPower == nil && c.premise.GeneratorRuntime == nil {
			count[BackupPowerUnknown]++
		}
		if n.kind != facility {
			continue
		}
		if len(n.SupplyArea) == 0 && len(n.FederalStates) == 0 {
			count[SupplyAreaUnknown]++
		}
		if len(c.g.out[c.nodeOf(i)]) == 0 && !n.Open {
			count[NoRegisteredDependents]++
		}
	}
	out := []Unknown{}
	for _, code := range []UnknownCode{BackupPowerUnknown, NoRegisteredDependents, SupplyAreaUnknown} {
		if count[code] > 0 {
			out = append(out, Unknown{code, count[code]})
		}
	}
	return out
}
