package neo4jstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kritisgraph/internal/store"
)

// errUnfinished is a load that was found begun; it is resolved by wipeUnfinished.
var errUnfinished = fmt.Errorf("%w", store.ErrLoading)

// Commit applies a change in one transaction that begins with the lock of the counter node.
func (d *Driver) Commit(ctx context.Context, c store.Change) (store.Mark, error) {
	if err := d.lockWriting(ctx); err != nil {
		return store.Mark{}, err
	}
	defer d.unlockWriting()
	mark, err := d.commit(ctx, c)
	if errors.Is(err, errUnfinished) {
		if err := d.wipeUnfinished(ctx); err != nil {
			return store.Mark{}, err
		}
		return d.commit(ctx, c)
	}
	return mark, err
}

func (d *Driver) commit(ctx context.Context, c store.Change) (store.Mark, error) {
	var mark store.Mark
	bookmark, err := d.writeMark(ctx, func(w writer) error {
		p, err := w.lock(d, c)
		if err != nil {
			return err
		}
		w.words = p.words
		record, err := store.Seal(p.prev, p.seq, c)
		if err != nil {
			return err
		}
		mark.Seq = p.seq
		return w.apply(record)
	})
	if err != nil {
		return store.Mark{}, err
	}
	mark.Bookmark = bookmark
	return mark, nil
}

// place is where a commit goes in the log.
type place struct {
	seq   store.Seq
	prev  store.Hash
	words *vocabulary
}

// lock takes the next place in the log and checks Once and If there.
func (w writer) lock(d *Driver, c store.Change) (place, error) {
	ids := make([]string, len(c.If))
	for i, cond := range c.If {
		ids[i] = string(cond.ID)
	}
	values, err := w.one(stmtLock, params{"once": onceKey(c.Once.Owner, c.Once.Key), "ids": ids})
	if err != nil {
		return place{}, err
	}
	if values[0] != false {
		return place{}, errUnfinished
	}
	if values[5] != nil {
		return place{}, fmt.Errorf("%w: commit %v", store.ErrReplayed, values[5])
	}
	var p place
	seq, _ := values[1].(int64)
	p.seq = store.Seq(seq)
	if hash, _ := values[2].(string); hash != "" {
		if err := p.prev.UnmarshalText([]byte(hash)); err != nil {
			return p, fmt.Errorf("%w: the hash of the last commit: %w", errMalformed, err)
		}
	}
	// Another process may have migrated the store since this one looked.
	if p.words = w.words; p.words == nil || int64(p.words.Version) != values[3] {
		if p.words, err = d.learn(values[4]); err != nil {
			return p, err
		}
	}
	return p, presume(c.If, values[6])
}

// presume checks the preconditions against [id, version, kind] of the newest log row of each thing.
func presume(conditions []store.Cond, have any) error {
	list, _ := have.([]any)
	type newest struct {
		version int64
		gone    bool
	}
	found := make(map[store.ID]newest, len(list))
	for _, one := range list {
		row, ok := one.([]any)
		if !ok || len(row) != 3 {
			return malformed("the newest row of a thing", one)
		}
		id, _ := row[0].(string)
		version, _ := row[1].(int64)
		found[store.ID(id)] = newest{version, row[2] == rowDelete}
	}
	for _, cond := range conditions {
		now := found[cond.ID]
		if now.gone {
			return &store.ConflictError{ID: cond.ID, Want: cond.Version, Have: 0}
		}
		if now.version != cond.Version {
			return &store.ConflictError{ID: cond.ID, Want: cond.Version, Have: now.version}
		}
	}
	return nil
}

// apply writes the things of a record, settles and appends the record to the log.
func (w writer) apply(r store.Record) error {
	c, d := r.Change, newDelta()
	for _, n := range c.Put {
		d.putNode(n.Label(), n.ID, w.words.nodeRow(n), n.Version > 1)
	}
	for _, e := range c.Link {
		d.putEdge(e, e.Version > 1)
	}
	for _, id := range c.Delete {
		d.delete(w.words, id)
	}
	gone, err := w.deleteEdges(d)
	if err != nil {
		return err
	}
	// The rows of what is deleted show by what shows it now.
	if err := w.appendRows(stmtRows, deletedRows(r, gone)); err != nil {
		return err
	}
	held, err := w.deleteNodes(d)
	if err != nil {
		return err
	}
	if err := w.putNodes(d); err != nil {
		return err
	}
	if len(held) > 0 {
		return fmt.Errorf("%w: %s is deleted without all its edges", store.ErrInvalid, held[0])
	}
	if err := w.putEdges(d); err != nil {
		return err
	}
	if err := w.settle(w.words.changed(c, gone)); err != nil {
		return err
	}
	rows, err := writtenRows(r)
	if err != nil {
		return err
	}
	if err := w.appendRows(stmtRows, rows); err != nil {
		return err
	}
	return w.appendHeaders([]store.Record{r})
}

// changed returns where settling begins.
func (v *vocabulary) changed(c store.Change, gone map[store.ID]ends) []store.ID {
	var ids []store.ID
	for _, n := range c.Put {
		ids = append(ids, n.ID)
	}
	for _, e := range c.Link {
		if v.owning[e.Type()] {
			ids = append(ids, e.To)
		}
	}
	for _, id := range c.Delete {
		if e, ok := gone[id]; ok && v.owning[store.EdgeType(id.Kind())] {
			ids = append(ids, e.to)
		}
	}
	return ids
}

// The kinds of log rows.
const (
	rowPut    = "put"
	rowLink   = "link"
	rowDelete = "delete"
)

// logRow is a row of the log but for its visibility: a and b are the nodes by which it shows.
func logRow(r store.Record, pos int, kind string, id, a, b store.ID) map[string]any {
	version, _ := r.Change.VersionOf(id)
	row := map[string]any{
		"seq": int64(r.Seq), "pos": int64(pos), "kind": kind, "of": string(id), "label": id.Kind(),
		"version": version + 1, "a": string(a),
	}
	if b != "" {
		row["b"] = string(b)
	}
	return row
}

func deletedRows(r store.Record, gone map[store.ID]ends) []any {
	rows := make([]any, len(r.Change.Delete))
	for i, id := range r.Change.Delete {
		a, b := id, store.ID("")
		if e, ok := gone[id]; ok {
			a, b = e.from, e.to
		}
		rows[i] = logRow(r, i, rowDelete, id, a, b)
	}
	return rows
}

// writtenRows carry the image of their thing.
func writtenRows(r store.Record) ([]any, error) {
	rows := make([]any, 0, len(r.Change.Put)+len(r.Change.Link))
	add := func(kind string, id, a, b store.ID, thing any) error {
		image, err := json.Marshal(thing)
		if err != nil {
			return fmt.Errorf("writing the image of %s: %w", id, err)
		}
		row := logRow(r, len(rows), kind, id, a, b)
		row["image"] = string(image)
		rows = append(rows, row)
		return nil
	}
	for _, n := range r.Change.Put {
		if err := add(rowPut, n.ID, n.ID, "", n); err != nil {
			return nil, err
		}
	}
	for _, e := range r.Change.Link {
		if err := add(rowLink, e.ID, e.From, e.To, e); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (w writer) appendRows(statement string, rows []any) error {
	if len(rows) == 0 {
		return nil
	}
	return w.do(statement, params{"rows": rows})
}

// appendHeaders appends the headers of records, which is all of them but their things, and moves the counter on.
func (w writer) appendHeaders(records []store.Record) error {
	headers, events := make([]any, len(records)), []any{}
	for i, r := range records {
		c := r.Change
		for pos, e := range c.Events {
			events = append(events, map[string]any{
				"seq": int64(r.Seq), "pos": int64(pos), "type": e.Type, "subject": string(e.Subject),
			})
		}
		size := c.Size()
		c.Put, c.Link, c.Delete = nil, nil, nil
		content, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("writing commit %d: %w", r.Seq, err)
		}
		headers[i] = map[string]any{
			"seq": int64(r.Seq), "prev": hexOf(r.Prev), "hash": hexOf(r.Hash), "size": int64(size), "change": string(content),
			"once": onceKey(c.Once.Owner, c.Once.Key),
		}
	}
	newest := records[len(records)-1]
	return w.do(stmtHeaders, params{
		"seq": int64(newest.Seq), "hash": hexOf(newest.Hash), "headers": headers, "events": events,
	})
}

func hexOf(h store.Hash) string { return fmt.Sprintf("%x", h[:]) }
