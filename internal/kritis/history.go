package kritis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"kritisgraph/internal/store"
)

// ChangeConnection is a page of the history of one object, newest first.
type ChangeConnection struct {
	connection
	Edges []*ChangeEdge
	Nodes []*Change
}

// ChangeEdge is a change in a list.
type ChangeEdge struct {
	edgeOf
	Node *Change
}

// Change is what one commit did to an object and its parts, as far as the caller may see it.
type Change struct {
	At     time.Time
	Action string
	// Actor and Reason are nil for callers without a role: they name people, and speak of more than the object.
	Actor        *Actor
	Reason       *string
	FieldChanges []*FieldChange

	row rowKey // the first of its rows
}

// ID returns a global id that names the change of this object; it tells nothing of other commits.
func (c *Change) ID() string {
	return GlobalID(store.NewID("Change", fmt.Sprintf("%s@%d", c.row.id, c.row.version)))
}

// Actor is who committed a change: the subject of a token, or a part of this program.
type Actor struct {
	Name string
}

// FieldChange is a field before and after a change, as text; nil where it had or has no value.
type FieldChange struct {
	Field  string
	Before *string
	After  *string
}

// Changes lists the changes of an object, newest first. Its parts without a global id (partNames) count, as far as they hang
// on it now. Something hidden has the same history as something that does not exist: none.
func (v *View) Changes(ctx context.Context, of string, args PageArgs) (*ChangeConnection, error) {
	id, err := ParseGlobalID(of)
	label := store.Label(id.Kind())
	known := err == nil && id.Valid() && apiLabels[label] && historyFields[label] != nil
	h := &history{view: v, list: store.List{Parent: id}, images: map[rowKey]*store.Node{}}
	if err := args.apply(v.app.store, &h.list); err != nil {
		return nil, err
	}
	out := &ChangeConnection{connection: connection{store: v.app.store}}
	if known {
		if err := h.read(ctx); err != nil {
			return nil, err
		}
	}
	out.list, out.page = h.list, h.page
	if args.Bare {
		return out, nil
	}
	if err := h.noteRead(ctx); err != nil {
		return nil, err
	}
	for i := range h.records {
		c := h.change(&h.records[i])
		out.Edges = append(out.Edges, &ChangeEdge{out.edge(i), c})
		out.Nodes = append(out.Nodes, c)
	}
	return out, nil
}

// rowKey names a row of the log: a thing and the version that a commit gave it.
type rowKey struct {
	id      store.ID
	version int64
}

// history reads a page of the history of the object list.Parent.
type history struct {
	view    *View
	list    store.List
	things  []store.ID // the object and its parts
	records []store.Record
	images  map[rowKey]*store.Node // nil after a deletion
	page    store.Page
	marking store.TLP // the strictest of what was read
}

// partNames are the labels of things that have no global id and belong to the history of what owns them, and the field of
// the owner that shows them.
var partNames = map[store.Label]string{LabelChannel: "channels"}

// readThings finds the parts that hang on the object now.
func (h *history) readThings(ctx context.Context) error {
	id := h.list.Parent
	h.things = []store.ID{id}
	for _, e := range h.view.app.store.Schema().Edges {
		if !e.Owns || !slices.Contains(e.From, store.Label(id.Kind())) || partNames[e.To[0]] == "" {
			continue
		}
		hop := store.Hop{From: []store.ID{id}, Edge: e.Type, Query: store.Query{Labels: e.To, Limit: store.MaxPage}}
		pages, err := h.view.reader.Neighbors(ctx, hop)
		if err != nil {
			return err
		}
		for _, hit := range pages[0].Hits {
			h.things = append(h.things, hit.Node.ID)
			h.marking = max(h.marking, hit.Node.Settled.TLP.Effective())
		}
	}
	return nil
}

// read reads the records of the page, one more, and the images before them.
func (h *history) read(ctx context.Context) error {
	if err := h.readThings(ctx); err != nil {
		return err
	}
	q := h.list.Query
	log := store.LogQuery{Of: h.things, Newest: !q.Backwards, Limit: q.Limit + 1, Total: q.Total && q.Start == nil}
	var err error
	if q.Start != nil {
		if q.Total {
			if h.page.Total, err = h.total(ctx); err != nil {
				return err
			}
		}
		at := store.Seq(q.Start.Keys[0].Num())
		if q.Backwards {
			log.After = at
		} else if log.UpTo = at - 1; log.UpTo == 0 { // which would be "to the end"
			return nil
		}
	}
	found, err := h.view.app.store.Log(ctx, h.view.reader.Scope(), log)
	if err != nil {
		return err
	}
	if log.Total {
		h.page.Total = found.Total
	}
	h.records = found.Records
	h.keep(h.records)
	h.page.More = len(h.records) > q.Limit
	oldest, older := h.oldest(), h.page.More || q.Backwards && q.Start != nil
	h.records = h.records[:min(len(h.records), q.Limit)]
	if q.Backwards {
		slices.Reverse(h.records)
	}
	for _, r := range h.records {
		h.page.Hits = append(h.page.Hits, store.Hit{Position: store.Position{Keys: []store.Value{store.Int(int64(r.Seq))}, Node: h.list.Parent}})
	}
	if older {
		return h.readBefore(ctx, oldest)
	}
	return nil
}

func (h *history) total(ctx context.Context) (int64, error) {
	p, err := h.view.app.store.Log(ctx, h.view.reader.Scope(), store.LogQuery{Of: h.things, Limit: 1, Total: true})
	return p.Total, err
}

// oldest is the first sequence of the records that were read, whichever way round they stand.
func (h *history) oldest() store.Seq {
	if len(h.records) == 0 {
		return 0
	}
	return min(h.records[0].Seq, h.records[len(h.records)-1].Seq)
}

// noteRead notes that the caller is given a part of the history: that is a read of the object, if it or one of its parts is
// restricted, or was in an image that is shown. Nothing owns the things of which reads are noted, so the marking that an image
// states is settled; the newest one, on the first page, is that of the object.
func (h *history) noteRead(ctx context.Context) error {
	id := h.list.Parent
	label := store.Label(id.Kind())
	if h.view.app.auditor == nil || len(h.records) == 0 || !restrictedAs(label, store.TLPRed) {
		return nil
	}
	for _, n := range h.images {
		if n != nil {
			h.marking = max(h.marking, n.Own.TLP.Effective())
		}
	}
	if h.list.Query.Start != nil && !restrictedAs(label, h.marking) {
		n, err := h.view.reader.Node(ctx, id)
		switch {
		case err == nil:
			h.marking = n.Settled.TLP
		case errors.Is(err, store.ErrNotFound): // it was deleted
		default:
			return err
		}
	}
	if restrictedAs(label, h.marking) {
		h.view.reads.add(id)
	}
	return nil
}

// keep remembers the images of records.
func (h *history) keep(records []store.Record) {
	for i := range records {
		for _, row := range rows(&records[i]) {
			h.images[row.rowKey] = row.after
		}
	}
}

// readBefore reads what the oldest visible row of each thing on the page replaced, from records before oldest. The newest
// visible row there decides: if it is not of the version before, that one is hidden.
func (h *history) readBefore(ctx context.Context, oldest store.Seq) error {
	open := h.open()
	for more := true; more && len(open) > 0 && oldest > 1; {
		q := store.LogQuery{Of: slices.Sorted(maps.Keys(open)), UpTo: oldest - 1, Newest: true, Limit: MaxPage}
		if len(open) == 1 {
			q.Limit = 1
		}
		p, err := h.view.app.store.Log(ctx, h.view.reader.Scope(), q)
		if err != nil {
			return err
		}
		more = p.More
		for i := range p.Records {
			oldest = p.Records[i].Seq
			h.close(open, &p.Records[i])
		}
	}
	return nil
}

// open are the things on the page of which no row was read that is older than those of the page.
func (h *history) open() map[store.ID]bool {
	lowest := map[store.ID]int64{}
	for key := range h.images {
		if low, ok := lowest[key.id]; !ok || key.version < low {
			lowest[key.id] = key.version
		}
	}
	open := map[store.ID]bool{}
	for i := range h.records {
		for _, row := range rows(&h.records[i]) {
			if row.version > 1 && row.version == lowest[row.id] {
				open[row.id] = true
			}
		}
	}
	return open
}

// close keeps the rows of a record for the things that are open.
func (h *history) close(open map[store.ID]bool, r *store.Record) {
	for _, row := range rows(r) {
		if open[row.id] {
			h.images[row.rowKey] = row.after
			delete(open, row.id)
		}
	}
}

// logRow is what a record says of one node, or of one edge as a node without ends; after is nil where it was deleted.
type logRow struct {
	rowKey
	after *store.Node
}

// rows returns the rows of a record, by id.
func rows(r *store.Record) []logRow {
	var out []logRow
	for i := range r.Change.Put {
		n := &r.Change.Put[i]
		out = append(out, logRow{rowKey{n.ID, n.Version}, n})
	}
	for _, e := range r.Change.Link {
		n := edgeObject(e).node
		out = append(out, logRow{rowKey{e.ID, e.Version}, &n})
	}
	for _, id := range r.Change.Delete {
		version, _ := r.Change.VersionOf(id)
		out = append(out, logRow{rowKey{id, version + 1}, nil})
	}
	slices.SortFunc(out, func(a, b logRow) int { return cmp.Compare(a.id, b.id) })
	return out
}

// change says what a record did: to the object first, then to its parts by id.
func (h *history) change(r *store.Record) *Change {
	meta := r.Change.Meta
	c := &Change{At: time.UnixMicro(meta.At).UTC(), Action: meta.Action, FieldChanges: []*FieldChange{}}
	if len(h.view.principal.Roles) > 0 {
		c.Actor, c.Reason = &Actor{Name: meta.Actor}, optional(meta.Reason)
	}
	all := rows(r)
	slices.SortStableFunc(all, func(a, b logRow) int {
		switch h.list.Parent {
		case a.id:
			return -1
		case b.id:
			return 1
		}
		return 0
	})
	c.row = all[0].rowKey
	for _, row := range all {
		prefix := ""
		if row.id != h.list.Parent {
			prefix = partNames[store.Label(row.id.Kind())] + "[" + row.id.Key() + "]."
		}
		before := h.images[rowKey{row.id, row.version - 1}]
		c.FieldChanges = append(c.FieldChanges, fieldChanges(prefix, before, row.after)...)
	}
	return c
}
