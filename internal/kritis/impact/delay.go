package impact

// Delay is the time from the failure of an edge's provider to that of its dependent, without assumptions: the time to impact or, where the provider
// is of the branch electricity, the backup power of the dependent if that is longer, and the substitute.
func Delay(x *Edge, provider, dependent *Node) Seconds {
	g := &Graph{nodes: []node{{Node: *provider}, {Node: *dependent}}}
	e := edge{Edge: x, to: 1, power: x.Kind == Physical && isElectricity(provider)}
	return (&Assumptions{}).delay(g, &e)
}

// delay is the time from the failure of an edge's provider to that of its dependent, under the assumptions.
func (a *Assumptions) delay(g *Graph, e *edge) Seconds {
	substitute := e.Substitute
	if a.WithoutSubstitutes {
		substitute = 0
	}
	if !e.power {
		return e.TimeToImpact + substitute
	}
	return max(e.TimeToImpact, a.reserve(g, e)) + substitute
}

// reserve is how long the dependent of a power edge works without it.
func (a *Assumptions) reserve(g *Graph, e *edge) Seconds {
	n := &g.nodes[e.to]
	own := orZero(n.BackupPower)
	switch {
	case a.GeneratorRuntime == nil:
		return own
	case n.kind == branch:
		// A figure for a whole branch is carried no further than its source holds possible: a train has no generator.
		return min(*a.GeneratorRuntime, orZero(e.TimeUntil))
	case n.BackupPower != nil && own == 0:
		return 0
	}
	return *a.GeneratorRuntime
}

// changes reports whether the assumptions change the delay of an edge.
func (a *Assumptions) changes(g *Graph, e int32) bool {
	if a.GeneratorRuntime == nil && !a.WithoutSubstitutes {
		return false
	}
	x := &g.edges[e]
	return a.delay(g, x) != (&Assumptions{}).delay(g, x)
}
