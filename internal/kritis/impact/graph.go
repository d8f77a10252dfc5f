package impact

import (
	"cmp"
	"slices"
	"strings"
)

// Graph is a checked and indexed graph of dependencies. It never changes and may be used by several goroutines at once.
//
// Nodes and edges are numbered in the order of their keys, so that comparing numbers compares keys. A branch or service fails in each Land
// for itself: it has a place for each of them, any other node has one.
type Graph struct {
	states []FederalState // by code
	nodes  []node         // by key
	edges  []edge         // by key
	index  map[string]int32
	places []place
	needs  [][]int32 // edges of each need with alternatives, by key
	// Registered edges out of each node, and reference edges out of each branch by its slug.
	out       [][]int32
	reference map[string][]int32
	// The facilities and services of a branch by its slug, and the facilities of an operator by its number.
	ofBranch map[string][]int32
	runs     map[int32][]int32
}

type nodeKind int8

const (
	branch nodeKind = iota
	service
	facility
	operator
)

var kindNames = map[string]nodeKind{"branch": branch, "service": service, "facility": facility, "operator": operator}

type node struct {
	Node
	kind     nodeKind
	first    int32   // its first place
	states   []int32 // its Länder, ascending: of a facility or operator
	covered  []int32 // branches, as numbers of their nodes, that it has a registered dependent of: of a facility
	operator int32   // of a facility: who runs it, or -1
}

func (n *node) perState() bool { return n.kind == branch || n.kind == service }

func (n *node) slug() string {
	if n.kind == branch {
		return n.Key[len("branch:"):]
	}
	return n.Branch
}

type place struct {
	node  int32
	state int32 // of a branch or service
}

type edge struct {
	*Edge
	from, to int32
	need     int32 // of those with alternatives, or -1
	power    bool  // backup power counts
}

func (e *edge) isReference(g *Graph) bool { return g.nodes[e.from].kind == branch }

// NewGraph checks the data and indexes them. It gives an [InputError] that names the node or edge that cannot be used. The data
// must not be changed afterwards.
func NewGraph(d Data) (*Graph, error) {
	g := &Graph{index: make(map[string]int32, len(d.Nodes)), reference: map[string][]int32{}, ofBranch: map[string][]int32{}, runs: map[int32][]int32{}}
	g.states = slices.SortedFunc(slices.Values(d.FederalStates), func(a, b FederalState) int { return cmp.Compare(a.Code, b.Code) })
	if err := g.checkStates(); err != nil {
		return nil, err
	}
	if err := g.addNodes(d.Nodes); err != nil {
		return nil, err
	}
	if err := g.addEdges(d.Edges); err != nil {
		return nil, err
	}
	g.placeOperators()
	g.cover()
	return g, nil
}

func (g *Graph) addNodes(list []Node) error {
	g.nodes = make([]node, len(list))
	for i, n := range list {
		g.nodes[i] = node{Node: n, operator: -1}
	}
	slices.SortFunc(g.nodes, func(a, b node) int { return cmp.Compare(a.Key, b.Key) })
	for i := range g.nodes {
		n := &g.nodes[i]
		if err := g.checkNode(n); err != nil {
			return err
		}
		if _, twice := g.index[n.Key]; twice {
			return &InputError{nodeField(n.Key, ""), "the key is there twice", "give every node once"}
		}
		g.index[n.Key] = int32(i)
		g.addPlaces(int32(i))
		if n.kind == facility || n.kind == service {
			g.ofBranch[n.Branch] = append(g.ofBranch[n.Branch], int32(i))
		}
	}
	return nil
}

func (g *Graph) addPlaces(i int32) {
	n := &g.nodes[i]
	n.first = int32(len(g.places))
	if !n.perState() {
		g.places = append(g.places, place{i, 0})
		return
	}
	for s := range g.states {
		g.places = append(g.places, place{i, int32(s)})
	}
}

func (g *Graph) addEdges(list []Edge) error {
	sorted := make([]*Edge, len(list))
	for i := range list {
		sorted[i] = &list[i]
	}
	slices.SortFunc(sorted, func(a, b *Edge) int { return strings.Compare(a.Key, b.Key) })
	g.edges = make([]edge, len(sorted))
	g.out = make([][]int32, len(g.nodes))
	for i, x := range sorted {
		e, err := g.checkEdge(x)
		if err != nil {
			return err
		}
		if i > 0 && x.Key == sorted[i-1].Key {
			return &InputError{edgeField(x.Key, ""), "the key is there twice", "give every dependency once, with a key of its own"}
		}
		g.edges[i] = e
		if e.isReference(g) {
			slug := g.nodes[e.from].slug()
			g.reference[slug] = append(g.reference[slug], int32(i))
		} else {
			g.out[e.from] = append(g.out[e.from], int32(i))
		}
	}
	return g.addNeeds()
}

// addNeeds numbers the needs with alternatives in the order of their first edges.
func (g *Graph) addNeeds() error {
	type key struct {
		to   int32
		need string
	}
	first := map[key]int32{}
	for i := range g.edges {
		e := &g.edges[i]
		if e.Need == "" {
			continue
		}
		k := key{e.to, e.Need}
		f, ok := first[k]
		if !ok {
			first[k] = int32(i)
			continue
		}
		if g.edges[f].need < 0 {
			g.edges[f].need = int32(len(g.needs))
			g.needs = append(g.needs, []int32{f})
		}
		e.need = g.edges[f].need
		g.needs[e.need] = append(g.needs[e.need], int32(i))
	}
	return g.checkNeeds()
}

// placeOperators joins facilities and operators, and gives an operator without a Land of its own those of its facilities.
func (g *Graph) placeOperators() {
	for i := range g.nodes {
		n := &g.nodes[i]
		if o, ok := g.index[n.Operator]; ok && n.kind == facility {
			n.operator = o
			g.runs[o] = append(g.runs[o], int32(i))
		}
	}
	for i := range g.nodes {
		n := &g.nodes[i]
		if n.kind != operator || len(n.states) > 0 {
			continue
		}
		for _, f := range g.runs[int32(i)] {
			n.states = append(n.states, g.nodes[f].states...)
		}
		n.states = sortedSet(n.states)
	}
}

// cover notes of which branches a facility has a registered dependent.
func (g *Graph) cover() {
	for i := range g.nodes {
		n := &g.nodes[i]
		if n.kind != facility {
			continue
		}
		for _, e := range g.out[i] {
			to := &g.nodes[g.edges[e].to]
			if to.kind != facility || to.Branch == "" {
				continue
			}
			if b, ok := g.index["branch:"+to.Branch]; ok && !slices.Contains(n.covered, b) {
				n.covered = append(n.covered, b)
			}
		}
	}
}

// fills reports whether a facility or service uses a reference edge of its branch as an edge of its own.
func (g *Graph) fills(n *node, e *edge) bool { return !slices.Contains(n.covered, e.to) }

// edgeKey is the key under which an edge is used: that of a filled one names who uses it. filler is -1 for an edge that is not filled.
func (g *Graph) edgeKey(e, filler int32) string {
	if filler < 0 {
		return g.edges[e].Key
	}
	return g.edges[e].Key + "@" + g.nodes[filler].Key
}

// codes are the codes of Länder given as ascending numbers.
func (g *Graph) codes(states []int32) []string {
	out := make([]string, len(states))
	for i, s := range states {
		out[i] = g.states[s].Code
	}
	return out
}

func sortedSet(list []int32) []int32 {
	slices.Sort(list)
	return slices.Compact(list)
}
