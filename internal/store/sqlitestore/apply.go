package sqlitestore

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"kritisgraph/internal/store"
)

// applier applies records inside a write transaction. It remembers the keys of visibilities from record to record.
type applier struct {
	*vocabulary
	ctx   context.Context
	c     *conn
	keys  map[string]int64
	known map[int64]store.Visibility
}

// newApplier returns an applier whose statements are not cancelled one by one: whoever calls it looks at ctx in between.
func newApplier(ctx context.Context, c *conn, words *vocabulary) *applier {
	return &applier{
		vocabulary: words, ctx: context.WithoutCancel(ctx), c: c,
		keys: map[string]int64{}, known: map[int64]store.Visibility{},
	}
}

// stored is what the file holds of a thing, or of the end of an edge, before the change.
type stored struct {
	node, edge int64 // the key, 0 if there is none
	version    int64
	src, dst   int64
	vis, vis2  int64
	gone       bool
}

// plan is one record with everything that was read for it. All checks come before the first write.
type plan struct {
	*applier
	record  store.Record
	have    map[store.ID]stored
	put     map[store.ID]int // place in Put
	deleted map[store.ID]bool
	settled map[store.ID]int64 // key of the visibility after the change, where it moves
}

// apply checks the record against the store and writes it: the change, the visibility that follows from it, and its place
// in the log.
func (a *applier) apply(r store.Record) error {
	p := &plan{
		applier: a, record: r, have: map[store.ID]stored{}, put: make(map[store.ID]int, len(r.Change.Put)),
		deleted: make(map[store.ID]bool, len(r.Change.Delete)), settled: map[store.ID]int64{},
	}
	for i, n := range r.Change.Put {
		p.put[n.ID] = i
	}
	for _, id := range r.Change.Delete {
		p.deleted[id] = true
	}
	for _, step := range []func() error{
		p.checkOnce, p.checkConds, p.readEnds, p.checkUnique, p.checkEnds, p.settle,
		p.writeDeletes, p.writeNodes, p.writeEdges, p.writeMoved, p.writeLog,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) checkOnce() error {
	once := p.record.Change.Once
	if once.Key == "" {
		return nil
	}
	used := false
	err := p.c.query(p.ctx, "SELECT 1 FROM once WHERE owner = ? AND key = ?", []any{once.Owner, once.Key}, func([]driver.Value) error {
		used = true
		return nil
	})
	if err == nil && used {
		err = store.ErrReplayed
	}
	return err
}

// checkConds reads each thing that a precondition names and compares its version.
func (p *plan) checkConds() error {
	conds := p.record.Change.If
	ids := make([]store.ID, len(conds))
	for i, c := range conds {
		ids[i] = c.ID
	}
	err := p.c.query(p.ctx, `SELECT j.key, n.n, n.version, n.vis, x.e, x.version, x.src, x.dst, g.id IS NOT NULL FROM json_each(?) j
		LEFT JOIN node n ON n.id = j.value LEFT JOIN edge x ON x.id = j.value LEFT JOIN gone g ON g.id = j.value`,
		[]any{encodeTexts(ids)}, func(row []driver.Value) error {
			p.have[ids[number(row[0])]] = stored{
				node: number(row[1]), version: number(row[2]) + number(row[5]), vis: number(row[3]),
				edge: number(row[4]), src: number(row[6]), dst: number(row[7]), gone: number(row[8]) != 0,
			}
			return nil
		})
	if err != nil {
		return err
	}
	for _, c := range conds {
		if have := p.have[c.ID]; have.version != c.Version || have.gone {
			return &store.ConflictError{ID: c.ID, Want: c.Version, Have: have.version}
		}
	}
	return nil
}

// readEnds reads the ends of linked edges, and by what deleted edges show; the ends of an edge never change.
func (p *plan) readEnds() error {
	var ids []store.ID
	for _, e := range p.record.Change.Link {
		for _, id := range []store.ID{e.From, e.To} {
			if _, ok := p.have[id]; !ok {
				p.have[id] = stored{}
				ids = append(ids, id)
			}
		}
	}
	if err := p.readNodes(ids); err != nil {
		return err
	}
	for _, e := range p.record.Change.Link {
		have := p.have[e.ID]
		if have.edge != 0 && (have.src != p.have[e.From].node || have.dst != p.have[e.To].node) {
			return fmt.Errorf("%w: the ends of %s cannot change", store.ErrInvalid, e.ID)
		}
	}
	var deleted []store.ID
	for _, id := range p.record.Change.Delete {
		if p.have[id].edge != 0 {
			deleted = append(deleted, id)
		}
	}
	if len(deleted) == 0 {
		return nil
	}
	return p.c.query(p.ctx, `SELECT j.key, a.vis, b.vis FROM json_each(?) j CROSS JOIN edge x ON x.id = j.value
		CROSS JOIN node a ON a.n = x.src CROSS JOIN node b ON b.n = x.dst`, []any{encodeTexts(deleted)}, func(row []driver.Value) error {
		id := deleted[number(row[0])]
		have := p.have[id]
		have.vis, have.vis2 = number(row[1]), number(row[2])
		p.have[id] = have
		return nil
	})
}

func (p *plan) readNodes(ids []store.ID) error {
	if len(ids) == 0 {
		return nil
	}
	return p.c.query(p.ctx, "SELECT j.key, n.n, n.vis FROM json_each(?) j CROSS JOIN node n ON n.id = j.value", []any{encodeTexts(ids)},
		func(row []driver.Value) error {
			p.have[ids[number(row[0])]] = stored{node: number(row[1]), vis: number(row[2])}
			return nil
		})
}

// checkUnique judges uniqueness on the state after the change: values may move from node to node.
func (p *plan) checkUnique() error {
	type field struct{ label, prop string }
	values := map[field][]store.Value{}
	seen := map[field]map[any]bool{}
	taken := func(f field) error {
		return fmt.Errorf("%w: two nodes %s have the same %s", store.ErrExists, f.label, f.prop)
	}
	for _, n := range p.record.Change.Put {
		label := string(n.Label())
		for _, def := range p.props[label] {
			v := n.Prop(def.Name)
			if !def.Unique || v.IsZero() {
				continue
			}
			f := field{label, def.Name}
			if seen[f] == nil {
				seen[f] = map[any]bool{}
			}
			if seen[f][scalar(v)] {
				return taken(f)
			}
			seen[f][scalar(v)] = true
			values[f] = append(values[f], v)
		}
	}
	for f, list := range values {
		err := p.c.query(p.ctx, fmt.Sprintf("SELECT n.id FROM json_each(?) j CROSS JOIN node n ON n.label = '%s' AND %s = j.value",
			f.label, propExpr("n", f.prop)), []any{encodeValues(list)}, func(row []driver.Value) error {
			id := store.ID(text(row[0]))
			if _, put := p.put[id]; put || p.deleted[id] {
				return nil
			}
			return taken(f)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkEnds refuses an edge without one of its ends, be it linked now or left behind.
func (p *plan) checkEnds() error {
	for _, e := range p.record.Change.Link {
		for _, id := range []store.ID{e.From, e.To} {
			if _, put := p.put[id]; !put && (p.have[id].node == 0 || p.deleted[id]) {
				return fmt.Errorf("%w: an end of %s is missing", store.ErrInvalid, e.ID)
			}
		}
	}
	var keys []int64
	for id := range p.deleted {
		if n := p.have[id].node; n != 0 {
			keys = append(keys, n)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return p.c.query(p.ctx, `SELECT x.id FROM json_each(?1) j CROSS JOIN edge x ON x.src = j.value
		UNION ALL SELECT x.id FROM json_each(?1) j CROSS JOIN edge x ON x.dst = j.value`, []any{encodeInts(keys)}, func(row []driver.Value) error {
		if id := store.ID(text(row[0])); !p.deleted[id] {
			return fmt.Errorf("%w: an end of %s is missing", store.ErrInvalid, id)
		}
		return nil
	})
}

// intern returns the key of a visibility, new if need be.
func (a *applier) intern(v store.Visibility) (int64, error) {
	name := strconv.Itoa(int(v.TLP)) + " " + strings.Join(v.Audiences, "\x00")
	if key, ok := a.keys[name]; ok {
		return key, nil
	}
	audiences := []byte("[]")
	if len(v.Audiences) > 0 {
		var err error
		if audiences, err = json.Marshal(v.Audiences); err != nil {
			return 0, err
		}
	}
	args := []any{int64(v.TLP), string(audiences)}
	var key int64
	err := a.c.query(a.ctx, "SELECT v FROM vis WHERE tlp = ? AND audiences = ?", args, func(row []driver.Value) error {
		key = number(row[0])
		return nil
	})
	if err != nil {
		return 0, err
	}
	if key == 0 {
		result, err := a.c.exec(a.ctx, "INSERT INTO vis (tlp, audiences) VALUES (?, ?)", args...)
		if err != nil {
			return 0, err
		}
		if key, err = result.LastInsertId(); err != nil {
			return 0, err
		}
	}
	a.keys[name], a.known[key] = key, v
	return key, nil
}

// visibility returns the visibility with this key.
func (a *applier) visibility(key int64) (store.Visibility, error) {
	if v, ok := a.known[key]; ok {
		return v, nil
	}
	var v store.Visibility
	err := a.c.query(a.ctx, "SELECT tlp, audiences FROM vis WHERE v = ?", []any{key}, func(row []driver.Value) (err error) {
		v, err = decodeVisibility(row)
		return err
	})
	a.known[key] = v
	return v, err
}

// decodeVisibility reads the columns tlp and audiences of vis.
func decodeVisibility(row []driver.Value) (store.Visibility, error) {
	v := store.Visibility{TLP: store.TLP(number(row[0]))}
	if list := text(row[1]); list != "[]" {
		if err := json.Unmarshal([]byte(list), &v.Audiences); err != nil {
			return v, fmt.Errorf("reading a visibility: %w", err)
		}
	}
	return v, nil
}
