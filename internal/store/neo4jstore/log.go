package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"kritisgraph/internal/store"
)

// logRows bounds how many rows of records one statement reads.
const logRows = 20_000

// Log finds the sequences of a page by one statement and reads their records by others.
func (d *Driver) Log(ctx context.Context, scope store.Scope, q store.LogQuery) (store.LogPage, error) {
	if q.Once != nil {
		return d.logOnce(ctx, q)
	}
	l := newLogReading(scope, q)
	answer, err := d.read(ctx, l.page(q), l.params)
	if err != nil {
		return store.LogPage{}, err
	}
	parts, ok := answer[0].([]any)
	if !ok || len(parts) == 0 {
		return store.LogPage{}, malformed("a page of the log", answer[0])
	}
	p := store.LogPage{Total: -1}
	if len(parts) > 1 {
		p.Total, _ = parts[1].(int64)
	}
	found, err := decodeFound(parts[0])
	if err != nil {
		return p, err
	}
	if p.More = len(found) > q.Limit; p.More {
		found = found[:q.Limit]
	}
	for len(found) > 0 {
		var seqs []int64
		for rows := int64(0); len(found) > 0 && (len(seqs) == 0 || rows+found[0].size <= logRows); found = found[1:] {
			rows += found[0].size
			seqs = append(seqs, found[0].seq)
		}
		records, err := d.logRecords(ctx, l, seqs)
		if err != nil {
			return p, err
		}
		p.Records = append(p.Records, records...)
	}
	return p, nil
}

// sized is a record by its sequence and the number of its rows.
type sized struct{ seq, size int64 }

func decodeFound(x any) ([]sized, error) {
	list, ok := x.([]any)
	if !ok {
		return nil, malformed("the sequences of a page", x)
	}
	found := make([]sized, len(list))
	for i, one := range list {
		pair, ok := one.([]any)
		if !ok || len(pair) != 2 {
			return nil, malformed("a sequence of a page", one)
		}
		found[i].seq, _ = pair[0].(int64)
		found[i].size, _ = pair[1].(int64)
	}
	return found, nil
}

// logReading is what a log query and its scope ask of rows and events.
type logReading struct {
	scope  store.Scope
	byRow  bool
	params params
	row    string // the condition that a row r is kept
	event  string // the condition that an event e is kept
}

func newLogReading(scope store.Scope, q store.LogQuery) *logReading {
	l := &logReading{scope: scope, byRow: len(q.Of) > 0 || len(q.Labels) > 0, params: params{}}
	var asked []string
	if len(q.Of) > 0 {
		l.params["of"] = distinct(q.Of)
		asked = append(asked, "r.of IN $of")
	}
	if len(q.Labels) > 0 {
		l.params["labels"] = q.Labels
		asked = append(asked, "r.label IN $labels")
	}
	l.event = "true"
	if !scope.All() {
		l.params["scope"] = grants(scope)
		asked = append(asked, rowShowed("r"), thingShows("r.of"))
		l.event = thingShows("e.subject")
	}
	l.row = and(asked...)
	return l
}

// page returns the statement that finds the sequences of a page.
func (l *logReading) page(q store.LogQuery) string {
	l.params["after"] = int64(q.After)
	l.params["upTo"] = int64(q.UpTo)
	if q.UpTo <= 0 {
		l.params["upTo"] = int64(math.MaxInt64)
	}
	l.params["limit"] = int64(q.Limit + 1)
	announced := ""
	if len(q.Events) > 0 {
		l.params["events"] = q.Events
		announced = "e.type IN $events AND " + l.event
	}
	source, where := fromHeaders, ""
	switch {
	case l.byRow:
		from := fromRowLabels
		if len(q.Of) > 0 {
			if from = fromRowsOf; !l.scope.All() {
				from = fromShownRowsOf()
			}
		}
		source = rowSource(from, l.row)
		if announced != "" {
			where = hasEvent(announced)
		}
	case announced != "":
		source = eventSource(fromEvents, l.event)
	case !l.scope.All():
		where = "(" + hasRow(l.row) + " OR " + hasEvent(l.event) + ")"
	}
	order, count := "", ""
	if q.Newest {
		order = " DESC"
	}
	if q.Total {
		count = "total"
	}
	return stmtLogPage(source, where, order, count)
}

func (d *Driver) logRecords(ctx context.Context, l *logReading, seqs []int64) ([]store.Record, error) {
	l.params["seqs"] = seqs
	answer, err := d.read(ctx, stmtLogRecords(l.row, l.event), l.params)
	if err != nil {
		return nil, err
	}
	list, ok := answer[0].([]any)
	if !ok {
		return nil, malformed("records of the log", answer[0])
	}
	records := make([]store.Record, len(list))
	for i, one := range list {
		parts, ok := one.([]any)
		if !ok || len(parts) != 6 {
			return nil, malformed("a record of the log", one)
		}
		if records[i], err = decodeHeader(parts[:4]); err != nil {
			return nil, err
		}
		if err := l.fill(&records[i], parts[4], parts[5]); err != nil {
			return nil, fmt.Errorf("commit %d: %w", records[i].Seq, err)
		}
	}
	return records, nil
}

// decodeHeader takes [sequence, previous hash, hash, change without its things].
func decodeHeader(parts []any) (store.Record, error) {
	var r store.Record
	seq, _ := parts[0].(int64)
	prev, _ := parts[1].(string)
	hash, _ := parts[2].(string)
	content, _ := parts[3].(string)
	r.Seq = store.Seq(seq)
	if err := r.Prev.UnmarshalText([]byte(prev)); err != nil {
		return r, fmt.Errorf("%w: commit %d: %w", errMalformed, seq, err)
	}
	if err := r.Hash.UnmarshalText([]byte(hash)); err != nil {
		return r, fmt.Errorf("%w: commit %d: %w", errMalformed, seq, err)
	}
	if err := json.Unmarshal([]byte(content), &r.Change); err != nil {
		return r, fmt.Errorf("%w: commit %d: %w", errMalformed, seq, err)
	}
	return r, nil
}

// fill puts the rows that were kept into a record, and drops what goes with those that were not: see store.LogPage.
func (l *logReading) fill(r *store.Record, rows, events any) error {
	list, ok := rows.([]any)
	if !ok {
		return malformed("the rows of a record", rows)
	}
	kept := map[store.ID]bool{}
	for _, one := range list {
		row, err := decodeRow(&r.Change, one)
		if err != nil {
			return err
		}
		kept[row] = true
	}
	if l.byRow || !l.scope.All() {
		r.Change.If = slices.DeleteFunc(r.Change.If, func(c store.Cond) bool { return !kept[c.ID] })
	}
	if l.scope.All() {
		return nil
	}
	r.Change.Once, r.Change.Result = store.Once{}, nil
	shown, ok := events.([]any)
	if !ok {
		return malformed("the events of a record", events)
	}
	pos := int64(-1)
	r.Change.Events = slices.DeleteFunc(r.Change.Events, func(store.Event) bool {
		pos++
		return !slices.Contains(shown, any(pos))
	})
	return nil
}

// decodeRow adds the thing of a row to the change and returns its id.
func decodeRow(c *store.Change, x any) (store.ID, error) {
	row, ok := x.([]any)
	if !ok || len(row) != 3 {
		return "", malformed("a row of the log", x)
	}
	id, _ := row[1].(string)
	image, _ := row[2].(string)
	var err error
	switch row[0] {
	case rowPut:
		var n store.Node
		err = json.Unmarshal([]byte(image), &n)
		c.Put = append(c.Put, n)
	case rowLink:
		var e store.Edge
		err = json.Unmarshal([]byte(image), &e)
		c.Link = append(c.Link, e)
	case rowDelete:
		c.Delete = append(c.Delete, store.ID(id))
	default:
		return "", malformed("the kind of a row", row[0])
	}
	if err != nil {
		return "", fmt.Errorf("%w: the image of %s: %w", errMalformed, id, err)
	}
	return store.ID(id), nil
}

// logOnce finds the one record with a key and returns its header.
func (d *Driver) logOnce(ctx context.Context, q store.LogQuery) (store.LogPage, error) {
	answer, err := d.read(ctx, stmtLogOnce, params{"once": onceKey(q.Once.Owner, q.Once.Key)})
	if err != nil {
		return store.LogPage{}, err
	}
	parts, ok := answer[0].([]any)
	if !ok || len(parts) != 4 {
		return store.LogPage{}, malformed("a header of the log", answer[0])
	}
	p := store.LogPage{Total: -1}
	if parts[0] != nil {
		r, err := decodeHeader(parts)
		if err != nil {
			return p, err
		}
		r.Change = store.Change{Meta: r.Change.Meta, Once: r.Change.Once, Result: r.Change.Result}
		p.Records = []store.Record{r}
	}
	if q.Total {
		p.Total = int64(len(p.Records))
	}
	return p, nil
}
