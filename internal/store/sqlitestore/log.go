package sqlitestore

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"kritisgraph/internal/store"
)

// Log returns commit records in order; see store.LogQuery. Which records are selected, is found first, then their headers,
// rows and events are read by their keys.
func (d *Driver) Log(ctx context.Context, scope store.Scope, q store.LogQuery) (page store.LogPage, err error) {
	err = d.read(ctx, "reading the log", scope, func(v *view) error {
		l := &logReader{view: v, query: q}
		if q.Once != nil {
			page, err = l.once(*q.Once)
			return err
		}
		page, err = l.page()
		return err
	})
	return page, err
}

type logReader struct {
	*view
	query store.LogQuery
}

const headerColumns = "l.seq, l.prev, l.hash, l.at, l.actor, l.action, l.reason, l.request, l.digest, l.owner, l.once, l.conds, l.result"

func header(row []driver.Value) (store.Record, error) {
	r := store.Record{Seq: store.Seq(number(row[0]))}
	copy(r.Prev[:], bytes(row[1]))
	copy(r.Hash[:], bytes(row[2]))
	r.Change.Meta = store.Meta{At: number(row[3]), Actor: text(row[4]), Action: text(row[5]), Reason: text(row[6]), Request: text(row[7])}
	r.Change.Once = store.Once{Digest: text(row[8]), Owner: text(row[9]), Key: text(row[10])}
	if conds := text(row[11]); conds != "" {
		if err := json.Unmarshal([]byte(conds), &r.Change.If); err != nil {
			return r, fmt.Errorf("reading commit %d: %w", r.Seq, err)
		}
	}
	if result := text(row[12]); result != "" {
		if err := json.Unmarshal([]byte(result), &r.Change.Result); err != nil {
			return r, fmt.Errorf("reading commit %d: %w", r.Seq, err)
		}
	}
	return r, nil
}

func (l *logReader) once(key store.OnceKey) (store.LogPage, error) {
	p := store.LogPage{Total: -1}
	s := l.statement()
	s.add("SELECT ", headerColumns, " FROM once o CROSS JOIN log l ON l.seq = o.seq WHERE o.owner = ", s.param(key.Owner), " AND o.key = ", s.param(key.Key))
	err := l.rows(s, func(row []driver.Value) error {
		r, err := header(row)
		r.Change.If = nil
		p.Records = append(p.Records, r)
		return err
	})
	if l.query.Total {
		p.Total = int64(len(p.Records))
	}
	return p, err
}

func (l *logReader) page() (store.LogPage, error) {
	p := store.LogPage{Total: -1}
	s := l.statement()
	direction := ""
	if l.query.Newest {
		direction = " DESC"
	}
	s.add("SELECT ", headerColumns, " FROM log l WHERE ", l.selected(s), " ORDER BY l.seq", direction, " LIMIT ", s.param(int64(l.query.Limit)+1))
	err := l.rows(s, func(row []driver.Value) error {
		r, err := header(row)
		p.Records = append(p.Records, r)
		return err
	})
	if err != nil {
		return p, err
	}
	if p.More = len(p.Records) > l.query.Limit; p.More {
		p.Records = p.Records[:l.query.Limit]
	}
	if l.query.Total {
		if p.Total, err = l.total(); err != nil {
			return p, err
		}
	}
	return p, l.fill(p.Records)
}

func (l *logReader) total() (total int64, err error) {
	s := l.statement()
	s.add("SELECT count(*) FROM log l WHERE ", l.selected(s))
	err = l.rows(s, func(row []driver.Value) error {
		total = number(row[0])
		return nil
	})
	return total, err
}

// bounds are the sequences asked for: more than after, at most until.
func (l *logReader) bounds() (after, until int64) {
	until = math.MaxInt64 / rowsPerCommit / 2
	if l.query.UpTo > 0 {
		until = min(until, int64(l.query.UpTo))
	}
	return min(int64(l.query.After), until), until
}

func (l *logReader) byRow() bool { return len(l.query.Of) > 0 || len(l.query.Labels) > 0 }

// selected is the condition that a record l is selected. What rows or events it must have, is found from their indexes.
func (l *logReader) selected(s *statement) string {
	after, until := l.bounds()
	conditions := []string{"l.seq > " + s.param(after), "l.seq <= " + s.param(until)}
	from, to := s.param((after+1)*rowsPerCommit), s.param((until+1)*rowsPerCommit)
	if l.byRow() {
		conditions = append(conditions, fmt.Sprintf("l.seq IN (SELECT r.r / %d FROM log_row r WHERE r.r >= %s AND r.r < %s AND %s)",
			rowsPerCommit, from, to, l.rowShows(s)))
	}
	if len(l.query.Events) > 0 {
		conditions = append(conditions, fmt.Sprintf("l.seq IN (SELECT e.r / %d FROM log_event e WHERE e.r >= %s AND e.r < %s AND e.type IN (SELECT value FROM json_each(%s)) AND %s)",
			rowsPerCommit, from, to, s.param(encodeTexts(l.query.Events)), l.eventShows()))
	}
	if len(conditions) == 2 && !l.all {
		within := fmt.Sprintf("BETWEEN l.seq * %[1]d AND l.seq * %[1]d + %[2]d", rowsPerCommit, rowsPerCommit-1)
		conditions = append(conditions, fmt.Sprintf("(EXISTS (SELECT 1 FROM log_row r WHERE r.r %s AND %s) OR EXISTS (SELECT 1 FROM log_event e WHERE e.r %s AND %s))",
			within, l.rowShows(s), within, l.eventShows()))
	}
	return strings.Join(conditions, " AND ")
}

// rowShows is the condition that the row r is asked for, showed then and shows now. Whether a thing that is asked for shows now is
// decided once, before its rows are looked at: something hidden with a long history takes no longer than something missing.
func (l *logReader) rowShows(s *statement) string {
	conditions := []string{"TRUE"}
	if len(l.query.Of) > 0 {
		asked := "SELECT asked.value FROM json_each(" + s.param(encodeTexts(l.query.Of)) + ") asked"
		if !l.all {
			asked += " WHERE " + showsNow("asked.value")
		}
		conditions = append(conditions, "r.id IN ("+asked+")")
	}
	if len(l.query.Labels) > 0 {
		conditions = append(conditions, "r.kind IN (SELECT value FROM json_each("+s.param(encodeTexts(l.query.Labels))+"))")
	}
	if !l.all {
		conditions = append(conditions, both("r"))
		if len(l.query.Of) == 0 {
			conditions = append(conditions, showsNow("r.id"))
		}
	}
	return strings.Join(conditions, " AND ")
}

func (l *logReader) eventShows() string {
	if l.all {
		return "TRUE"
	}
	return showsNow("e.subject")
}

// both is the condition that the visibility in vis shows, and that in vis2 where there is one.
func both(alias string) string {
	return fmt.Sprintf("%s AND (%s.vis2 = 0 OR %s)", shows(alias+".vis"), alias, shows(alias+".vis2"))
}

// showsNow is the condition that the thing with this id shows: a node, an edge by its ends, a deleted thing by what it showed
// by at last.
func showsNow(id string) string {
	return fmt.Sprintf(`(EXISTS (SELECT 1 FROM node n WHERE n.id = %[1]s AND %[2]s)
		OR EXISTS (SELECT 1 FROM edge x CROSS JOIN node a ON a.n = x.src CROSS JOIN node b ON b.n = x.dst WHERE x.id = %[1]s AND %[3]s AND %[4]s)
		OR EXISTS (SELECT 1 FROM gone g WHERE g.id = %[1]s AND %[5]s))`, id, shows("n.vis"), shows("a.vis"), shows("b.vis"), both("g"))
}

// fill reads the rows and events of records whose headers were read, and trims what the query and the scope leave out.
func (l *logReader) fill(records []store.Record) error {
	if len(records) == 0 {
		return nil
	}
	seqs := make([]int64, len(records))
	at := make(map[int64]*store.Record, len(records))
	for i := range records {
		seqs[i] = int64(records[i].Seq)
		at[seqs[i]] = &records[i]
		if l.byRow() || !l.all {
			records[i].Change.If = nil
		}
		if !l.all {
			records[i].Change.Once, records[i].Change.Result = store.Once{}, nil
		}
	}
	list := encodeInts(seqs)
	if err := l.fillRows(list, at); err != nil {
		return err
	}
	if err := l.fillEvents(list, at); err != nil {
		return err
	}
	for i := range records {
		slices.SortFunc(records[i].Change.If, func(a, b store.Cond) int { return strings.Compare(string(a.ID), string(b.ID)) })
	}
	return nil
}

// ofRecord joins the rows or events of the records in a list of sequences.
func ofRecord(table, alias, list string) string {
	n := strconv.Itoa(rowsPerCommit)
	return " FROM json_each(" + list + ") j CROSS JOIN " + table + " " + alias + " ON " + alias + ".r >= j.value * " + n + " AND " + alias + ".r < (j.value + 1) * " + n + " WHERE "
}

func (l *logReader) fillRows(list []byte, at map[int64]*store.Record) error {
	s := l.statement()
	s.add("SELECT j.value, r.op, r.id, r.version, r.own, r.src, r.dst, r.props", ofRecord("log_row", "r", s.param(list)), l.rowShows(s), " ORDER BY j.key, r.r")
	return l.rows(s, func(row []driver.Value) error {
		c := &at[number(row[0])].Change
		id, version := store.ID(text(row[2])), number(row[3])
		c.If = append(c.If, store.Cond{ID: id, Version: version - 1})
		var err error
		switch number(row[1]) {
		case opPut:
			n := store.Node{ID: id, Version: version}
			if n.Own, err = l.visibility(number(row[4])); err != nil {
				return err
			}
			n.Props, err = decodeProps(bytes(row[7]), nil)
			c.Put = append(c.Put, n)
		case opLink:
			e := store.Edge{ID: id, Version: version, From: store.ID(text(row[5])), To: store.ID(text(row[6]))}
			e.Props, err = decodeProps(bytes(row[7]), nil)
			c.Link = append(c.Link, e)
		case opDelete:
			c.Delete = append(c.Delete, id)
		}
		return err
	})
}

func (l *logReader) fillEvents(list []byte, at map[int64]*store.Record) error {
	s := l.statement()
	s.add("SELECT j.value, e.type, e.subject, e.props", ofRecord("log_event", "e", s.param(list)), l.eventShows(), " ORDER BY j.key, e.r")
	return l.rows(s, func(row []driver.Value) error {
		e := store.Event{Type: text(row[1]), Subject: store.ID(text(row[2]))}
		if props := bytes(row[3]); len(props) > 0 {
			var err error
			if e.Props, err = decodeProps(props, nil); err != nil {
				return err
			}
		}
		c := &at[number(row[0])].Change
		c.Events = append(c.Events, e)
		return nil
	})
}
