package sqlitestore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// Traverse walks level by level: one statement for the edges of a level and one for the nodes that are new in it, so that a
// node which many edges reach is read once.
func (d *Driver) Traverse(ctx context.Context, scope store.Scope, w store.Walk) (graph store.Subgraph, err error) {
	err = d.read(ctx, "walking", scope, func(v *view) error {
		t := &traversal{view: v, walk: w, keys: map[store.ID]int64{}, nodes: map[int64]store.Node{}}
		graph, err = store.WalkLevels(w, t.start, t.cross)
		return err
	})
	return graph, err
}

type traversal struct {
	*view
	walk  store.Walk
	keys  map[store.ID]int64
	nodes map[int64]store.Node
}

func (t *traversal) start(ids []store.ID) ([]store.Node, error) {
	s := t.statement()
	s.add("SELECT n.n, ", nodeColumns("n"), " FROM json_each(", s.param(encodeTexts(distinct(ids))), ") j CROSS JOIN node n ON n.id = j.value WHERE ", t.shown("n"))
	return t.read(s)
}

func (t *traversal) read(s *statement) ([]store.Node, error) {
	var nodes []store.Node
	err := t.rows(s, func(row []driver.Value) error {
		n, err := t.node(row[1:], t.walk.Props)
		t.keys[n.ID], t.nodes[number(row[0])] = number(row[0]), n
		nodes = append(nodes, n)
		return err
	})
	return nodes, err
}

// link is an edge by the keys of its ends.
type link struct {
	edge      store.Edge
	near, far int64
	in        bool
}

func (t *traversal) cross(ids []store.ID) ([]store.Crossing, error) {
	if len(t.walk.Follow) == 0 {
		return nil, nil
	}
	var links []link
	wanted := map[int64]bool{}
	err := t.rows(t.crossStatement(ids), func(row []driver.Value) error {
		l := link{edge: store.Edge{ID: store.ID(text(row[0])), Version: number(row[1])}, near: number(row[3]), far: number(row[4])}
		l.in = number(row[5]) != 0
		var err error
		if l.edge.Props, err = decodeProps(bytes(row[2]), t.walk.Props); err != nil {
			return err
		}
		if _, known := t.nodes[l.far]; !known {
			wanted[l.far] = true
		}
		links = append(links, l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := t.fetch(wanted); err != nil {
		return nil, err
	}
	crossings := make([]store.Crossing, len(links))
	for i, l := range links {
		l.edge.From, l.edge.To = t.nodes[l.near].ID, t.nodes[l.far].ID
		if l.in {
			l.edge.From, l.edge.To = l.edge.To, l.edge.From
		}
		crossings[i] = store.Crossing{Edge: l.edge, Far: t.nodes[l.far]}
	}
	return crossings, nil
}

// crossStatement selects the edges of a level: one branch for each direction that the walk follows.
func (t *traversal) crossStatement(ids []store.ID) *statement {
	s := t.statement()
	keys := make([]int64, len(ids))
	for i, id := range ids {
		keys[i] = t.keys[id]
	}
	slices.Sort(keys)
	level := s.param(encodeInts(keys))
	var branches []string
	for _, dir := range []store.Dir{store.Out, store.In} {
		var types []string
		for _, step := range t.walk.Follow {
			if quoted := "'" + t.name(string(step.Edge)) + "'"; step.Dir == dir && !slices.Contains(types, quoted) {
				types = append(types, quoted)
			}
		}
		if len(types) == 0 {
			continue
		}
		near, far := ends(dir)
		branches = append(branches, fmt.Sprintf(
			"SELECT x.id, x.version, x.props, x.%[1]s, x.%[2]s, %[3]d FROM json_each(%[4]s) j CROSS JOIN edge x ON x.%[1]s = j.value AND x.type IN (%[5]s) CROSS JOIN node f ON f.n = x.%[2]s WHERE %[6]s AND %[7]s AND %[8]s",
			near, far, dir, level, strings.Join(types, ", "), t.shown("f"), validOn(s, "x", t.walk.ValidOn), validOn(s, "f", t.walk.ValidOn)))
	}
	s.add(strings.Join(branches, " UNION ALL "))
	return s
}

func (t *traversal) fetch(wanted map[int64]bool) error {
	if len(wanted) == 0 {
		return nil
	}
	keys := make([]int64, 0, len(wanted))
	for key := range wanted {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	s := t.statement()
	s.add("SELECT n.n, ", nodeColumns("n"), " FROM json_each(", s.param(encodeInts(keys)), ") j CROSS JOIN node n ON n.n = j.value")
	_, err := t.read(s)
	return err
}
