package sqlitestore

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"kritisgraph/internal/store"
)

// rowsPerCommit is by how much the sequence is multiplied in the keys of log_row and log_event.
const rowsPerCommit = 1 << 20

// What a log_row says was done.
const (
	opPut = iota
	opLink
	opDelete
)

func (p *plan) writeDeletes() error {
	for _, id := range p.record.Change.Delete {
		have := p.have[id]
		statement, key := "DELETE FROM edge WHERE e = ?", have.edge
		if have.node != 0 {
			statement, key = "DELETE FROM node WHERE n = ?", have.node
			if err := writeWords(p.ctx, p.c, key, "", true); err != nil {
				return err
			}
		}
		if _, err := p.c.exec(p.ctx, statement, key); err != nil {
			return err
		}
		if _, err := p.c.exec(p.ctx, "INSERT INTO gone (id, vis, vis2) VALUES (?, ?, ?)", string(id), have.vis, have.vis2); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) writeNodes() error {
	for _, n := range p.record.Change.Put {
		own, err := p.intern(n.Own)
		if err != nil {
			return err
		}
		have := p.have[n.ID]
		vis, ok := p.settled[n.ID]
		if !ok {
			vis = have.vis
		}
		delete(p.settled, n.ID)
		d := derive(&p.schema, n)
		args := []any{
			string(n.ID), string(n.Label()), n.Version, own, vis, day(n.Props, store.ValidFrom), day(n.Props, store.ValidUntil),
			d.title, d.names, d.keys, d.sort, encodeProps(n.Props),
		}
		update := have.node != 0
		if update {
			_, err = p.c.exec(p.ctx, `UPDATE node SET id = ?, label = ?, version = ?, own = ?, vis = ?, valid_from = ?, valid_until = ?,
				title = ?, names = ?, keys = ?, sort = ?, props = ? WHERE n = ?`, append(args, have.node)...)
		} else {
			have.node, err = p.insert(`INSERT INTO node (id, label, version, own, vis, valid_from, valid_until, title, names, keys, sort, props)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
		}
		if err != nil {
			return err
		}
		have.vis = vis
		p.have[n.ID] = have
		if err := writeWords(p.ctx, p.c, have.node, d.tokens, update); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) insert(statement string, args ...any) (int64, error) {
	result, err := p.c.exec(p.ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// day returns a bound of validity for its column, nil where it is open.
func day(props map[string]store.Value, name string) any {
	if d := props[name].Text(); d != "" {
		return d
	}
	return nil
}

// writeWords replaces what a text query finds of a node.
func writeWords(ctx context.Context, c *conn, key int64, tokens string, there bool) error {
	if there {
		if _, err := c.exec(ctx, "DELETE FROM words WHERE rowid = ?", key); err != nil {
			return err
		}
	}
	if tokens == "" {
		return nil
	}
	_, err := c.exec(ctx, "INSERT INTO words (rowid, tokens) VALUES (?, ?)", key, tokens)
	return err
}

func (p *plan) writeEdges() error {
	for _, e := range p.record.Change.Link {
		props := encodeProps(e.Props)
		from, until := day(e.Props, store.ValidFrom), day(e.Props, store.ValidUntil)
		var err error
		if have := p.have[e.ID]; have.edge != 0 {
			_, err = p.c.exec(p.ctx, "UPDATE edge SET version = ?, valid_from = ?, valid_until = ?, props = ? WHERE e = ?",
				e.Version, from, until, props, have.edge)
		} else {
			_, err = p.c.exec(p.ctx, "INSERT INTO edge (id, type, src, dst, version, valid_from, valid_until, props) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
				string(e.ID), string(e.Type()), p.have[e.From].node, p.have[e.To].node, e.Version, from, until, props)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeMoved writes the visibility of nodes that the change itself does not touch.
func (p *plan) writeMoved() error {
	for id, vis := range p.settled {
		have := p.have[id]
		if _, err := p.c.exec(p.ctx, "UPDATE node SET vis = ? WHERE n = ?", vis, have.node); err != nil {
			return err
		}
		have.vis = vis
		p.have[id] = have
	}
	return nil
}

func (p *plan) writeLog() error {
	r, c := p.record, p.record.Change
	extra, err := p.extraConds()
	if err != nil {
		return err
	}
	var result any
	if len(c.Result) > 0 {
		body, err := json.Marshal(c.Result)
		if err != nil {
			return err
		}
		result = string(body)
	}
	_, err = p.c.exec(p.ctx, `INSERT INTO log (seq, prev, hash, at, actor, action, reason, request, digest, owner, once, conds, result)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, int64(r.Seq), r.Prev[:], r.Hash[:], c.Meta.At, c.Meta.Actor, c.Meta.Action,
		c.Meta.Reason, c.Meta.Request, c.Once.Digest, c.Once.Owner, c.Once.Key, extra, result)
	if err != nil {
		return err
	}
	if c.Once.Key != "" {
		if _, err := p.c.exec(p.ctx, "INSERT INTO once (owner, key, seq) VALUES (?, ?, ?)", c.Once.Owner, c.Once.Key, int64(r.Seq)); err != nil {
			return err
		}
	}
	if err := p.writeRows(); err != nil {
		return err
	}
	return p.writeEvents()
}

// extraConds returns the preconditions on things that the change does not touch; those of the others follow from their rows.
func (p *plan) extraConds() (any, error) {
	c := p.record.Change
	touched := make(map[store.ID]bool, len(c.Link))
	for _, e := range c.Link {
		touched[e.ID] = true
	}
	var extra []store.Cond
	for _, cond := range c.If {
		if _, put := p.put[cond.ID]; !put && !touched[cond.ID] && !p.deleted[cond.ID] {
			extra = append(extra, cond)
		}
	}
	if len(extra) == 0 {
		return nil, nil
	}
	body, err := json.Marshal(extra)
	return string(body), err
}

func (p *plan) writeRows() error {
	c := p.record.Change
	if c.Size() > rowsPerCommit {
		return fmt.Errorf("%w: a change touches at most %d things", store.ErrInvalid, rowsPerCommit)
	}
	key := int64(p.record.Seq) * rowsPerCommit
	write := func(op int64, id store.ID, version, vis, vis2 int64, rest ...any) error {
		_, err := p.c.exec(p.ctx, `INSERT INTO log_row (r, op, id, kind, version, vis, vis2, own, src, dst, props)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, append([]any{key, op, string(id), id.Kind(), version, vis, vis2}, rest...)...)
		key++
		return err
	}
	for _, n := range c.Put {
		own, err := p.intern(n.Own)
		if err != nil {
			return err
		}
		if err := write(opPut, n.ID, n.Version, p.have[n.ID].vis, 0, own, nil, nil, encodeProps(n.Props)); err != nil {
			return err
		}
	}
	for _, e := range c.Link {
		if err := write(opLink, e.ID, e.Version, p.have[e.From].vis, p.have[e.To].vis, nil, string(e.From), string(e.To), encodeProps(e.Props)); err != nil {
			return err
		}
	}
	for _, id := range c.Delete {
		have := p.have[id]
		if err := write(opDelete, id, have.version+1, have.vis, have.vis2, nil, nil, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) writeEvents() error {
	for i, e := range p.record.Change.Events {
		var props any
		if len(e.Props) > 0 {
			props = encodeProps(e.Props)
		}
		if i >= rowsPerCommit {
			return fmt.Errorf("%w: a change announces at most %d events", store.ErrInvalid, rowsPerCommit)
		}
		if _, err := p.c.exec(p.ctx, "INSERT INTO log_event (r, type, subject, props) VALUES (?, ?, ?, ?)",
			int64(p.record.Seq)*rowsPerCommit+int64(i), e.Type, string(e.Subject), props); err != nil {
			return err
		}
	}
	return nil
}

// readHead returns the sequence and the hash of the newest record.
func readHead(ctx context.Context, c *conn) (seq store.Seq, hash store.Hash, err error) {
	err = c.query(ctx, "SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1", nil, func(row []driver.Value) error {
		seq = store.Seq(number(row[0]))
		copy(hash[:], bytes(row[1]))
		return nil
	})
	return seq, hash, err
}
