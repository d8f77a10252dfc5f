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
// cross the edges of a walk step at any of the given nodes, with their visible far ends, each valid on the day asked.
// The result is that of Driver.Traverse.
func WalkLevels(w Walk, start func([]ID) ([]Node, error), cross func([]ID) ([]Crossing, error)) (Subgraph, error) {
	nodes, err := start(w.From)
	if err != nil {
		return Subgraph{}, err
	}
	l := walker{walk: w, shown: map[ID]bool{}, met: map[ID]bool{}}
	level := l.show(nodes)
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
func (l *walker) show(nodes []Node) []Node {
	slices.SortFunc(nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	var added []Node
	for _, n := range nodes {
		if l.shown[n.ID] {
			continue
		}
		if len(l.graph.Nodes) >= l.walk.MaxNodes {
			l.graph.Truncated = true
			break
		}
		l.shown[n.ID] = true
		added = append(added, n)
		n.Props = Project(n.Props, l.walk.Props)
		l.graph.Nodes = append(l.graph.Nodes, n)
	}
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
	slices.SortFunc(crossings, func(a, b Crossing) int { return cmp.Compare(a.Edge.ID, b.Edge.ID) })
	var fresh []Crossing
	for _, c := range crossings {
		if l.met[c.Edge.ID] {
			continue
		}
		if len(l.met) >= l.walk.MaxEdges {
			l.graph.Truncated = true
			break
		}
		l.met[c.Edge.ID] = true
		fresh = append(fresh, c)
	}
	far := make([]Node, len(fresh))
	for i, c := range fresh {
		far[i] = c.Far
	}
	added := l.show(far)
	for _, c := range fresh {
		if l.shown[c.Edge.From] && l.shown[c.Edge.To] {
			c.Edge.Props = Project(c.Edge.Props, l.walk.Props)
			l.graph.Edges = append(l.graph.Edges, c.Edge)
		}
	}
	return added
}
