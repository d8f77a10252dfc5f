package neo4jstore

import (
	"fmt"
	"maps"
	"slices"

	"kritisgraph/internal/store"
)

// batch is what one transaction of a load writes: the last image of each thing that its records put or link, and the
// log rows of all of them.
type batch struct {
	records []store.Record
	size    int
	nodes   map[store.ID]store.Node
	edges   map[store.ID]store.Edge
	created map[store.ID]bool
	deleted []store.ID
	moved   map[store.ID]bool
	rows    []any
	// forgotten: what the batch deletes was taken out of the mirror; a transaction may be tried again.
	forgotten bool
}

func newBatch() *batch {
	return &batch{
		nodes:   map[store.ID]store.Node{},
		edges:   map[store.ID]store.Edge{},
		created: map[store.ID]bool{},
		moved:   map[store.ID]bool{},
	}
}

// add takes the next record. One that deletes stands alone in its batch and is settled when it is written.
func (b *batch) add(words *vocabulary, m *mirror, r store.Record) error {
	b.records = append(b.records, r)
	b.size += 1 + r.Change.Size()
	for _, n := range r.Change.Put {
		b.created[n.ID] = b.created[n.ID] || n.Version == 1
		b.nodes[n.ID] = n
		m.put(n)
	}
	for _, e := range r.Change.Link {
		b.created[e.ID] = b.created[e.ID] || e.Version == 1
		b.edges[e.ID] = e
		if m.nodes[e.From] == nil || m.nodes[e.To] == nil {
			return fmt.Errorf("%w: an end of %s is missing", store.ErrInvalid, e.ID)
		}
		if e.Version == 1 {
			m.link(e.Type(), ends{e.From, e.To})
		}
	}
	b.deleted = append(b.deleted, r.Change.Delete...)
	if len(b.deleted) > 0 {
		return nil
	}
	return b.settle(words, m, r, nil)
}

// settle settles a record in the mirror and gathers the rows of what it puts and links.
func (b *batch) settle(words *vocabulary, m *mirror, r store.Record, gone map[store.ID]ends) error {
	moved, err := m.settle(words.changed(r.Change, gone))
	if err != nil {
		return err
	}
	for id := range moved {
		b.moved[id] = true
	}
	rows, err := writtenRows(r)
	if err != nil {
		return err
	}
	m.stamp(rows)
	b.rows = append(b.rows, rows...)
	return nil
}

// stamp sets the visibility of log rows to that of the mirror.
func (m *mirror) stamp(rows []any) {
	for _, one := range rows {
		row := one.(map[string]any)
		a, _ := row["a"].(string)
		putVisibility(row, "tlp", "aud", m.shows(store.ID(a)))
		if b, ok := row["b"].(string); ok {
			putVisibility(row, "tlp2", "aud2", m.shows(store.ID(b)))
		}
	}
}

// write writes the batch.
func (b *batch) write(w writer, m *mirror) error {
	d := newDelta()
	for _, id := range b.deleted {
		d.delete(w.words, id)
	}
	gone, err := w.deleteEdges(d)
	if err != nil {
		return err
	}
	if err := b.forget(w.words, m, gone); err != nil {
		return err
	}
	held, err := w.deleteNodes(d)
	if err != nil {
		return err
	}
	if len(held) > 0 {
		return fmt.Errorf("%w: %s is deleted without all its edges", store.ErrInvalid, held[0])
	}
	b.gather(w.words, m, d)
	if err := w.putNodes(d); err != nil {
		return err
	}
	if err := w.putEdges(d); err != nil {
		return err
	}
	settled := map[store.ID]store.Visibility{}
	for id := range b.moved {
		if !b.created[id] {
			settled[id] = m.shows(id)
		}
	}
	if err := w.writeSettled(settled); err != nil {
		return err
	}
	if err := w.appendRows(stmtLoadedRows, b.rows); err != nil {
		return err
	}
	return w.appendHeaders(b.records)
}

// forget takes what the only record of a batch deletes out of the mirror and settles the record. The rows of what is
// deleted show by what showed it before.
func (b *batch) forget(words *vocabulary, m *mirror, gone map[store.ID]ends) error {
	if len(b.deleted) == 0 || b.forgotten {
		return nil
	}
	b.forgotten = true
	b.rows = deletedRows(b.records[0], gone)
	m.stamp(b.rows)
	for id, e := range gone {
		m.unlink(store.EdgeType(id.Kind()), e)
	}
	for _, id := range b.deleted {
		delete(m.nodes, id)
	}
	return b.settle(words, m, b.records[0], gone)
}

// gather makes rows of the last images; new nodes carry their settled visibility.
func (b *batch) gather(words *vocabulary, m *mirror, d *delta) {
	for _, id := range slices.Sorted(maps.Keys(b.nodes)) {
		n := b.nodes[id]
		row := words.nodeRow(n)
		if b.created[id] {
			putVisibility(row, propTLP, propAud, m.shows(id))
		}
		d.putNode(n.Label(), id, row, !b.created[id])
	}
	for _, id := range slices.Sorted(maps.Keys(b.edges)) {
		d.putEdge(b.edges[id], !b.created[id])
	}
}
