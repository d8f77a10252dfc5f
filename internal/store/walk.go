package store

import (
	"cmp"
	"slices"
)

// Crossing is an edge met by a walk and the node at its far end.
type Crossing struct {
	Edge Edge
	Far  Node
}

// WalkLevels runs the walk for a driver that answers level by level: start returns the visible ones of the starting ids,
// cross the edges of a walk step at any of the given nodes, with their visible far ends, each valid on the day asked, all
// with those properties that the walk wants. The result is that of Driver.Traverse.
func WalkLevels(w Walk, start func([]ID) ([]Node, error), cross func([]ID) ([]Crossing, error)) (Subgraph, error) {
	nodes, err := start(w.From)
	if err != nil {
		return Subgraph{}, err
	}
	l := walker{walk: w, shown: map[ID]bool{}, met: map[ID]bool{}}
	first := make([]*Node, len(nodes))
	for i := range nodes {
		first[i] = &nodes[i]
	}
	level := l.show(first)
	for depth := 0; depth < w.Depth && len(level) > 0; depth++ {
		from := l.leave(level)
		if len(from) == 0 {
			break
		}
		crossings, err := cross(from)
		if err != nil {
			return Subgraph{}, err
		}
		level = l.cross(crossings)
	}
	return l.graph, nil
}

type walker struct {
	walk  Walk
	graph Subgraph
	shown map[ID]bool
	met   map[ID]bool
}

// show adds new nodes by id up to the bound and returns those added.
func (l *walker) show(nodes []*Node) []Node {
	fresh := nodes[:0] // a node may come over many edges, so they are sorted once each
	met := map[ID]bool{}
	for _, n := range nodes {
		if !l.shown[n.ID] && !met[n.ID] {
			met[n.ID] = true
			fresh = append(fresh, n)
		}
	}
	slices.SortFunc(fresh, func(a, b *Node) int { return cmp.Compare(a.ID, b.ID) })
	if room := l.walk.MaxNodes - len(l.graph.Nodes); len(fresh) > room {
		l.graph.Truncated = true
		fresh = fresh[:max(room, 0)]
	}
	added := make([]Node, len(fresh))
	for i, n := range fresh {
		l.shown[n.ID] = true
		added[i] = *n
	}
	l.graph.Nodes = append(l.graph.Nodes, added...)
	return added
}

// leave returns the ids of the nodes that the walk may leave.
func (l *walker) leave(level []Node) []ID {
	var ids []ID
	for _, n := range level {
		if !slices.Contains(l.walk.Stop, n.Label()) {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

func (l *walker) cross(crossings []Crossing) []Node {
	order := make([]*Crossing, 0, len(crossings))
	for i := range crossings {
		if c := &crossings[i]; !l.met[c.Edge.ID] {
			order = append(order, c)
		}
	}
	slices.SortFunc(order, func(a, b *Crossing) int { return cmp.Compare(a.Edge.ID, b.Edge.ID) })
	order = slices.CompactFunc(order, func(a, b *Crossing) bool { return a.Edge.ID == b.Edge.ID })
	if room := l.walk.MaxEdges - len(l.met); len(order) > room {
		l.graph.Truncated = true
		order = order[:max(room, 0)]
	}
	far := make([]*Node, len(order))
	for i, c := range order {
		l.met[c.Edge.ID] = true
		far[i] = &c.Far
	}
	added := l.show(far)
	for _, c := range order {
		if l.shown[c.Edge.From] && l.shown[c.Edge.To] {
			l.graph.Edges = append(l.graph.Edges, c.Edge)
		}
	}
	return added
}
