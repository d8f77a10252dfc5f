package neo4jstore

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// delta is what is to be written of things: nodes and edges by label and type, apart for those that exist already.
type delta struct {
	createNodes map[store.Label][]any
	updateNodes []any
	updated     map[store.Label][]string // ids of updateNodes
	createEdges map[store.EdgeType][]any
	updateEdges map[store.EdgeType][]any
	deleteNodes []string
	deleteEdges map[store.EdgeType][]string
}

func newDelta() *delta {
	return &delta{
		createNodes: map[store.Label][]any{},
		updated:     map[store.Label][]string{},
		createEdges: map[store.EdgeType][]any{},
		updateEdges: map[store.EdgeType][]any{},
		deleteEdges: map[store.EdgeType][]string{},
	}
}

func (d *delta) putNode(l store.Label, id store.ID, row map[string]any, exists bool) {
	if !exists {
		d.createNodes[l] = append(d.createNodes[l], row)
		return
	}
	d.updateNodes = append(d.updateNodes, row)
	d.updated[l] = append(d.updated[l], string(id))
}

func (d *delta) putEdge(e store.Edge, exists bool) {
	rows := d.createEdges
	if exists {
		rows = d.updateEdges
	}
	rows[e.Type()] = append(rows[e.Type()], edgeRow(e))
}

// delete takes a thing away; the vocabulary says which kind it is.
func (d *delta) delete(v *vocabulary, id store.ID) {
	t := store.EdgeType(id.Kind())
	if _, ok := v.edges[t]; ok {
		d.deleteEdges[t] = append(d.deleteEdges[t], string(id))
		return
	}
	d.deleteNodes = append(d.deleteNodes, string(id))
}

// ends are the two nodes of an edge.
type ends struct{ from, to store.ID }

// deleteEdges deletes edges and returns their ends.
func (w writer) deleteEdges(d *delta) (map[store.ID]ends, error) {
	all := map[store.ID]ends{}
	for _, t := range slices.Sorted(maps.Keys(d.deleteEdges)) {
		name, err := w.words.edge(t)
		if err != nil {
			return nil, err
		}
		values, err := w.one(stmtDeleteEdges(name), params{"ids": d.deleteEdges[t]})
		if err != nil {
			return nil, err
		}
		list, _ := values[0].([]any)
		for _, one := range list {
			triple, err := decodeStrings(one)
			if err != nil || len(triple) != 3 {
				return nil, malformed("a deleted edge", one)
			}
			all[store.ID(triple[0])] = ends{store.ID(triple[1]), store.ID(triple[2])}
		}
	}
	return all, nil
}

// deleteNodes deletes nodes and returns those at which an edge was left.
func (w writer) deleteNodes(d *delta) ([]string, error) {
	if len(d.deleteNodes) == 0 {
		return nil, nil
	}
	values, err := w.one(stmtDeleteNodes, params{"ids": d.deleteNodes})
	if err != nil {
		return nil, err
	}
	return decodeStrings(values[0])
}

// putNodes writes nodes, those that exist first: they may give up a value that another takes.
func (w writer) putNodes(d *delta) error {
	for _, l := range slices.Sorted(maps.Keys(d.updated)) {
		unique := w.words.unique(l)
		if len(unique) == 0 || len(d.updated[l]) < 2 {
			continue
		}
		if err := w.do(stmtUnset(unique), params{"ids": d.updated[l]}); err != nil {
			return err
		}
	}
	if len(d.updateNodes) > 0 {
		if err := w.do(stmtUpdateNodes, params{"rows": d.updateNodes}); err != nil {
			return err
		}
	}
	for _, l := range slices.Sorted(maps.Keys(d.createNodes)) {
		name, err := w.words.label(l)
		if err != nil {
			return err
		}
		if err := w.do(stmtCreateNodes(name), params{"rows": d.createNodes[l]}); err != nil {
			return err
		}
	}
	return nil
}

// unique returns the unique properties of a label.
func (v *vocabulary) unique(l store.Label) []string {
	var names []string
	for _, p := range v.labels[l].Props {
		if p.Unique {
			names = append(names, p.Name)
		}
	}
	return names
}

// putEdges writes edges. Both ends must exist, and those of an edge that exists stay.
func (w writer) putEdges(d *delta) error {
	for _, group := range []struct {
		rows      map[store.EdgeType][]any
		statement func(string) string
		flaw      string
	}{
		{d.updateEdges, stmtUpdateEdges, "the ends of an edge cannot change"},
		{d.createEdges, stmtCreateEdges, "an end of an edge is missing"},
	} {
		for _, t := range slices.Sorted(maps.Keys(group.rows)) {
			name, err := w.words.edge(t)
			if err != nil {
				return err
			}
			n, err := w.number(group.statement(name), params{"rows": group.rows[t]})
			if err != nil {
				return err
			}
			if n != int64(len(group.rows[t])) {
				return fmt.Errorf("%w: %s of type %s", store.ErrInvalid, group.flaw, t)
			}
		}
	}
	return nil
}

// settle settles what lies at and below the changed nodes.
func (w writer) settle(changed []store.ID) error {
	if len(changed) == 0 {
		return nil
	}
	moved, err := store.Settle(changed, w)
	if err != nil {
		return err
	}
	return w.writeSettled(moved)
}

func (w writer) writeSettled(moved map[store.ID]store.Visibility) error {
	if len(moved) == 0 {
		return nil
	}
	rows := make([]any, 0, len(moved))
	for id, v := range moved {
		row := map[string]any{"id": string(id)}
		putVisibility(row, "tlp", "aud", v)
		rows = append(rows, row)
	}
	return w.do(stmtSettled, params{"rows": rows})
}

// owningTypes returns the types that own as Cypher has alternatives, for none a type that no edge has.
func (v *vocabulary) owningTypes() string {
	if len(v.Owning()) == 0 {
		return "_none"
	}
	var names []string
	for _, t := range v.Owning() {
		names = append(names, "`"+string(t)+"`")
	}
	return strings.Join(names, "|")
}

// Owners is a read of store.Settle.
func (w writer) Owners(ids []store.ID) (map[store.ID]store.Ownership, error) {
	statement := stmtOwners(w.words.owningTypes())
	values, err := w.one(statement, params{"ids": distinct(ids)})
	if err != nil {
		return nil, err
	}
	list, _ := values[0].([]any)
	owners := make(map[store.ID]store.Ownership, len(list))
	for _, one := range list {
		row, ok := one.([]any)
		if !ok || len(row) != 6 {
			return nil, malformed("an ownership", one)
		}
		var o store.Ownership
		if o.Own, err = decodeVisibility(row[1], row[2]); err != nil {
			return nil, err
		}
		if o.Settled, err = decodeVisibility(row[3], row[4]); err != nil {
			return nil, err
		}
		if o.Owners, err = decodeIDs(row[5]); err != nil {
			return nil, err
		}
		id, _ := row[0].(string)
		owners[store.ID(id)] = o
	}
	return owners, nil
}

// Owned is a read of store.Settle.
func (w writer) Owned(ids []store.ID) (map[store.ID][]store.ID, error) {
	values, err := w.one(stmtOwned(w.words.owningTypes()), params{"ids": distinct(ids)})
	if err != nil {
		return nil, err
	}
	list, _ := values[0].([]any)
	owned := make(map[store.ID][]store.ID, len(list))
	for _, one := range list {
		row, ok := one.([]any)
		if !ok || len(row) != 2 {
			return nil, malformed("what a node owns", one)
		}
		id, _ := row[0].(string)
		if owned[store.ID(id)], err = decodeIDs(row[1]); err != nil {
			return nil, err
		}
	}
	return owned, nil
}

func decodeIDs(x any) ([]store.ID, error) {
	list, err := decodeStrings(x)
	if err != nil {
		return nil, err
	}
	ids := make([]store.ID, len(list))
	for i, s := range list {
		ids[i] = store.ID(s)
	}
	return ids, nil
}
