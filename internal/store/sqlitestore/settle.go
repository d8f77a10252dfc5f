package sqlitestore

import (
	"database/sql/driver"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// settle computes the visibilities that follow from the change before it is written, so that each node is written once:
// ownership reads the file as if the change were in it.
func (p *plan) settle() error {
	o := &ownership{plan: p, owners: map[store.ID][]store.ID{}, owned: map[store.ID][]store.ID{}, linked: map[store.ID]bool{}}
	var changed []store.ID
	for _, n := range p.record.Change.Put {
		changed = append(changed, n.ID)
	}
	for _, e := range p.record.Change.Link {
		o.linked[e.ID] = true
		if slices.Contains(p.owning, e.Type()) {
			o.owners[e.To] = append(o.owners[e.To], e.From)
			o.owned[e.From] = append(o.owned[e.From], e.To)
			changed = append(changed, e.To)
		}
	}
	lost, err := o.lost()
	if err != nil {
		return err
	}
	changed = append(changed, lost...)
	slices.Sort(changed)
	moved, err := store.Settle(slices.Compact(changed), o)
	if err != nil {
		return err
	}
	for id, v := range moved {
		if p.settled[id], err = p.intern(v); err != nil {
			return err
		}
	}
	return nil
}

// ownership is the store.OwnershipReader over the file and the change together.
type ownership struct {
	*plan
	owners map[store.ID][]store.ID // by linked edges
	owned  map[store.ID][]store.ID
	linked map[store.ID]bool
}

// lost returns the nodes that an owning edge led to which the change deletes.
func (o *ownership) lost() ([]store.ID, error) {
	var keys []int64
	for id := range o.deleted {
		if have := o.have[id]; have.edge != 0 && slices.Contains(o.owning, store.EdgeType(id.Kind())) {
			keys = append(keys, have.dst)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	var ids []store.ID
	err := o.c.query(o.ctx, "SELECT n.id FROM json_each(?) j CROSS JOIN node n ON n.n = j.value", []any{encodeInts(keys)}, func(row []driver.Value) error {
		if id := store.ID(text(row[0])); !o.deleted[id] {
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}

// Owners returns what is known of each of ids that exists after the change.
func (o *ownership) Owners(ids []store.ID) (map[store.ID]store.Ownership, error) {
	found := make(map[store.ID]store.Ownership, len(ids))
	for _, id := range ids {
		if i, ok := o.put[id]; ok {
			found[id] = store.Ownership{Own: o.record.Change.Put[i].Own}
		}
	}
	err := o.c.query(o.ctx, "SELECT j.key, n.n, n.own, n.vis FROM json_each(?) j CROSS JOIN node n ON n.id = j.value", []any{encodeTexts(ids)},
		func(row []driver.Value) error {
			id := ids[number(row[0])]
			if o.deleted[id] {
				return nil
			}
			f, put := found[id]
			var err error
			if !put {
				if f.Own, err = o.visibility(number(row[2])); err != nil {
					return err
				}
				o.have[id] = stored{node: number(row[1]), vis: number(row[3]), version: o.have[id].version}
			}
			f.Settled, err = o.visibility(number(row[3]))
			found[id] = f
			return err
		})
	if err != nil {
		return nil, err
	}
	owners, err := o.across(ids, store.In)
	if err != nil {
		return nil, err
	}
	for id, f := range found {
		f.Owners = distinct(append(owners[id], o.owners[id]...))
		found[id] = f
	}
	return found, nil
}

// Owned returns the nodes that each of ids owns after the change.
func (o *ownership) Owned(ids []store.ID) (map[store.ID][]store.ID, error) {
	found, err := o.across(ids, store.Out)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if list := o.owned[id]; len(list) > 0 {
			found[id] = distinct(append(found[id], list...))
		}
	}
	return found, nil
}

// across follows the owning edges of the file that the change leaves as they are.
func (o *ownership) across(ids []store.ID, dir store.Dir) (map[store.ID][]store.ID, error) {
	found := map[store.ID][]store.ID{}
	if len(o.owning) == 0 {
		return found, nil
	}
	near, far := ends(dir)
	statement := strings.NewReplacer("NEAR", near, "FAR", far, "TYPES", "'"+strings.Join(texts(o.owning), "', '")+"'").Replace(
		`SELECT j.key, x.id, f.id FROM json_each(?) j CROSS JOIN node n ON n.id = j.value
		CROSS JOIN edge x ON x.NEAR = n.n AND x.type IN (TYPES) CROSS JOIN node f ON f.n = x.FAR`)
	err := o.c.query(o.ctx, statement, []any{encodeTexts(ids)}, func(row []driver.Value) error {
		if edge := store.ID(text(row[1])); o.deleted[edge] || o.linked[edge] {
			return nil
		}
		id := ids[number(row[0])]
		found[id] = append(found[id], store.ID(text(row[2])))
		return nil
	})
	return found, err
}
