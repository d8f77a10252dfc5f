package impact

import (
	"fmt"
	"slices"
	"strings"
)

func nodeField(key, part string) string { return "nodes[" + key + "]" + part }

func edgeField(key, part string) string { return "edges[" + key + "]" + part }

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func (g *Graph) checkStates() error {
	seen := map[string]bool{}
	for i, s := range g.states {
		field := "federalStates[" + s.Code + "]"
		if s.Code == "" || i > 0 && s.Code == g.states[i-1].Code || seen[s.ARS] {
			return &InputError{field, "the code or regional key is empty or there twice", "give every Land once"}
		}
		if len(s.ARS) != 2 || !isDigits(s.ARS) {
			return &InputError{field + ".ars", fmt.Sprintf("%q is no regional key of a Land", s.ARS), "give two digits"}
		}
		if s.Population < 0 {
			return &InputError{field + ".population", "it is negative", "give the number of inhabitants"}
		}
		seen[s.ARS] = true
	}
	return nil
}

func (g *Graph) state(code string) (int32, bool) {
	i, ok := slices.BinarySearchFunc(g.states, code, func(s FederalState, code string) int { return strings.Compare(s.Code, code) })
	return int32(i), ok
}

// stateOf finds the Land of a regional key, -1 for none.
func (g *Graph) stateOf(ars string) int32 {
	return int32(slices.IndexFunc(g.states, func(s FederalState) bool { return strings.HasPrefix(ars, s.ARS) }))
}

func (g *Graph) checkNode(n *node) error {
	name, rest, _ := strings.Cut(n.Key, ":")
	kind, ok := kindNames[name]
	if !ok || rest == "" {
		return &InputError{nodeField(n.Key, ""), "the key is not of the form kind:name", "give branch:, service:, facility: or operator: and a name"}
	}
	n.kind = kind
	if n.Operator != "" && !strings.HasPrefix(n.Operator, "operator:") {
		return &InputError{nodeField(n.Key, ".operator"), n.Operator + " is no operator", "give the key of an operator"}
	}
	if err := g.checkStatesOf(n); err != nil {
		return err
	}
	if n.BackupPower != nil && !inRange(*n.BackupPower) {
		return outOfRange(nodeField(n.Key, ".backupPower"), *n.BackupPower)
	}
	if n.RecoveryTime != nil && !inRange(*n.RecoveryTime) {
		return outOfRange(nodeField(n.Key, ".recoveryTime"), *n.RecoveryTime)
	}
	return nil
}

// inRange is false for a time that is negative or so long that sums of it could overflow.
func inRange(span Seconds) bool { return span >= 0 && span <= longest }

func outOfRange(field string, span Seconds) error {
	return &InputError{field, fmt.Sprintf("%d seconds are out of range", span), "give 0 or more"}
}

// checkStatesOf notes the Länder of a facility or operator.
func (g *Graph) checkStatesOf(n *node) error {
	codes := n.FederalStates
	if n.Site != "" {
		codes = append(slices.Clone(codes), n.Site)
	}
	for _, code := range codes {
		s, ok := g.state(code)
		if !ok {
			return &InputError{nodeField(n.Key, ".federalStates"), fmt.Sprintf("there is no Land %q", code), "give the code of a Land of the graph"}
		}
		n.states = append(n.states, s)
	}
	for _, a := range n.SupplyArea {
		field := nodeField(n.Key, ".supplyArea["+a.ARS+"]")
		if !isDigits(a.ARS) || len(a.ARS) < 2 || len(a.ARS) > 12 {
			return &InputError{field, "this is no regional key", "give 2 to 12 digits"}
		}
		if a.Population != nil && (*a.Population < 0 || *a.Population > 1<<40) {
			return &InputError{field + ".population", fmt.Sprintf("%d is out of range", *a.Population), "give the number of inhabitants"}
		}
		s := g.stateOf(a.ARS)
		if s < 0 {
			return &InputError{field, "no Land has this regional key", "begin it with the two digits of a Land of the graph"}
		}
		n.states = append(n.states, s)
	}
	n.states = sortedSet(n.states)
	return nil
}

func (g *Graph) checkEdge(x *Edge) (edge, error) {
	e := edge{Edge: x, need: -1}
	fail := func(part, problem, remedy string) (edge, error) {
		return edge{}, &InputError{edgeField(x.Key, part), problem, remedy}
	}
	if x.Key == "" {
		return fail("", "the key is empty, from "+x.Provider+" to "+x.Dependent, "give every dependency a key")
	}
	from, ok := g.index[x.Provider]
	if !ok {
		return fail(".provider", fmt.Sprintf("there is no node %q", x.Provider), "give the key of a node of the graph")
	}
	to, ok := g.index[x.Dependent]
	if !ok {
		return fail(".dependent", fmt.Sprintf("there is no node %q", x.Dependent), "give the key of a node of the graph")
	}
	if e.from, e.to = from, to; from == to {
		return fail("", fmt.Sprintf("%s depends on itself", x.Provider), "give two different ends")
	}
	provider, dependent := &g.nodes[from], &g.nodes[to]
	if provider.kind == service || dependent.kind == service || (provider.kind == branch) != (dependent.kind == branch) {
		return fail("", "no dependency goes from "+x.Provider+" to "+x.Dependent, "join two branches, or facilities and operators")
	}
	if provider.kind == branch && x.Need != "" {
		return fail(".need", "branches have no alternatives", "leave need out")
	}
	if x.Strength <= 0 || x.Strength > Whole {
		return fail(".strength", x.Strength.String()+" is out of range", "give more than 0, at most 1")
	}
	switch x.Kind {
	case Physical, Cyber, Geographic, Logical, Organisational:
	default:
		return fail(".kind", fmt.Sprintf("there is no kind %q", x.Kind), "give PHYSICAL, CYBER, GEOGRAPHIC, LOGICAL or ORGANISATIONAL")
	}
	if x.Figures != Sourced && x.Figures != Estimated {
		return fail(".figures", fmt.Sprintf("there is no origin %q", x.Figures), "give SOURCED or ESTIMATED")
	}
	e.power = x.Kind == Physical && isElectricity(&provider.Node)
	return e, checkSpans(x)
}

// isElectricity reports whether a provider supplies power: the branch itself, or something of it.
func isElectricity(provider *Node) bool {
	return provider.Branch == "electricity" || provider.Key == "branch:electricity"
}

func checkSpans(x *Edge) error {
	switch {
	case !inRange(x.TimeToImpact):
		return outOfRange(edgeField(x.Key, ".timeToImpact"), x.TimeToImpact)
	case !inRange(x.Substitute):
		return outOfRange(edgeField(x.Key, ".substitute"), x.Substitute)
	case !inRange(orZero(x.TimeUntil)):
		return outOfRange(edgeField(x.Key, ".timeUntil"), *x.TimeUntil)
	}
	return nil
}

func orZero(s *Seconds) Seconds {
	if s == nil {
		return 0
	}
	return *s
}

// checkNeeds refuses a need in which a provider stands twice.
func (g *Graph) checkNeeds() error {
	edges := map[int32]int32{} // of a need, by provider
	for _, need := range g.needs {
		clear(edges)
		for _, i := range need {
			e := &g.edges[i]
			if other, twice := edges[e.from]; twice {
				return &InputError{edgeField(e.Key, ".need"), "another dependency, " + g.edges[other].Key + ", has the same provider and the same need " + e.Need, "alternatives have different providers"}
			}
			edges[e.from] = i
		}
	}
	return nil
}
