package neo4jstore

import (
	"slices"

	"kritisgraph/internal/store"
)

// mirror holds, during a load, what settling needs of each node, so that each record can be settled without the
// database. It is a store.OwnershipReader.
type mirror struct {
	words *vocabulary
	nodes map[store.ID]*owned
}

// owned is a node of the mirror; a node that owns another over two edges stands twice.
type owned struct {
	own     store.Visibility
	settled store.Visibility
	owners  []store.ID
	owns    []store.ID
}

func newMirror(words *vocabulary) *mirror {
	return &mirror{words: words, nodes: map[store.ID]*owned{}}
}

func (m *mirror) put(n store.Node) {
	if known := m.nodes[n.ID]; known != nil {
		known.own = n.Own
		return
	}
	m.nodes[n.ID] = &owned{own: n.Own}
}

// link takes a new owning edge, unlink one that was deleted; others settle nothing.
func (m *mirror) link(t store.EdgeType, e ends) {
	from, to := m.nodes[e.from], m.nodes[e.to]
	if m.words.owning[t] && from != nil && to != nil {
		from.owns, to.owners = append(from.owns, e.to), append(to.owners, e.from)
	}
}

func (m *mirror) unlink(t store.EdgeType, e ends) {
	from, to := m.nodes[e.from], m.nodes[e.to]
	if m.words.owning[t] && from != nil && to != nil {
		from.owns, to.owners = without(from.owns, e.to), without(to.owners, e.from)
	}
}

func without(ids []store.ID, id store.ID) []store.ID {
	if i := slices.Index(ids, id); i >= 0 {
		return slices.Delete(ids, i, i+1)
	}
	return ids
}

// settle settles what lies at and below the changed nodes and returns what moved.
func (m *mirror) settle(changed []store.ID) (map[store.ID]store.Visibility, error) {
	moved, err := store.Settle(changed, m)
	for id, v := range moved {
		m.nodes[id].settled = v
	}
	return moved, err
}

// shows returns the settled visibility of a node.
func (m *mirror) shows(id store.ID) store.Visibility {
	if n := m.nodes[id]; n != nil {
		return n.settled
	}
	return store.Visibility{}
}

// Owners is a read of store.Settle.
func (m *mirror) Owners(ids []store.ID) (map[store.ID]store.Ownership, error) {
	found := make(map[store.ID]store.Ownership, len(ids))
	for _, id := range ids {
		if n := m.nodes[id]; n != nil {
			found[id] = store.Ownership{Own: n.own, Settled: n.settled, Owners: n.owners}
		}
	}
	return found, nil
}

// Owned is a read of store.Settle.
func (m *mirror) Owned(ids []store.ID) (map[store.ID][]store.ID, error) {
	found := make(map[store.ID][]store.ID, len(ids))
	for _, id := range ids {
		if n := m.nodes[id]; n != nil {
			found[id] = n.owns
		}
	}
	return found, nil
}
