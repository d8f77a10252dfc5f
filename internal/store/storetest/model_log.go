package storetest

import (
	"context"
	"slices"

	"kritisgraph/internal/store"
)

func (m *model) Log(ctx context.Context, scope store.Scope, q store.LogQuery) (store.LogPage, error) {
	v, err := m.view(ctx, scope)
	if err != nil {
		return store.LogPage{}, err
	}
	p := store.LogPage{Total: -1}
	for _, e := range v.log {
		if q.Once != nil {
			if once := e.record.Change.Once; once.Key != "" && once.Key == q.Once.Key && once.Owner == q.Once.Owner {
				p.Records = append(p.Records, header(e.record))
			}
			continue
		}
		if e.record.Seq <= q.After || q.UpTo > 0 && e.record.Seq > q.UpTo {
			continue
		}
		if r, ok := v.trim(q, e); ok {
			p.Records = append(p.Records, r)
		}
	}
	if q.Newest {
		slices.Reverse(p.Records)
	}
	if q.Total {
		p.Total = int64(len(p.Records))
	}
	if len(p.Records) > q.Limit {
		p.More = true
		p.Records = p.Records[:q.Limit]
	}
	return p, nil
}

// header returns a record without rows, conditions and events.
func header(r store.Record) store.Record {
	r.Change = store.Change{Meta: r.Change.Meta, Once: r.Change.Once, Result: r.Change.Result}
	return r
}

// trim returns what the query and the scope leave of a record, and whether it is selected at all.
func (v view) trim(q store.LogQuery, e entry) (store.Record, bool) {
	r := e.record
	byRow := len(q.Of) > 0 || len(q.Labels) > 0
	if byRow || !v.scope.All() {
		r.Change = v.rows(q, e)
	}
	if !v.scope.All() {
		r.Change.Once, r.Change.Result = store.Once{}, nil
		r.Change.Events = nil
		for _, event := range e.record.Change.Events {
			if v.shows(v.shownBy(event.Subject)) {
				r.Change.Events = append(r.Change.Events, event)
			}
		}
		if r.Change.Size() == 0 && len(r.Change.Events) == 0 {
			return r, false
		}
	}
	if byRow && r.Change.Size() == 0 {
		return r, false
	}
	announces := func(event store.Event) bool { return slices.Contains(q.Events, event.Type) }
	return r, len(q.Events) == 0 || slices.ContainsFunc(r.Change.Events, announces)
}

// rows returns the change of an entry with the rows that the query and the scope leave, and their conditions.
func (v view) rows(q store.LogQuery, e entry) store.Change {
	drop := func(id store.ID) bool {
		asked := (len(q.Of) == 0 || slices.Contains(q.Of, id)) && (len(q.Labels) == 0 || slices.Contains(q.Labels, id.Kind()))
		return !asked || !v.shows(e.then[id]) || !v.shows(v.shownBy(id))
	}
	c := e.record.Change
	c.Put = slices.DeleteFunc(slices.Clone(c.Put), func(n store.Node) bool { return drop(n.ID) })
	c.Link = slices.DeleteFunc(slices.Clone(c.Link), func(e store.Edge) bool { return drop(e.ID) })
	c.Delete = slices.DeleteFunc(slices.Clone(c.Delete), drop)
	c.If = slices.DeleteFunc(slices.Clone(c.If), func(cond store.Cond) bool {
		_, row := e.then[cond.ID]
		return !row || drop(cond.ID)
	})
	return c
}

// shows reports whether all of the visibilities show; a thing that never was has none and does not.
func (v view) shows(all []store.Visibility) bool {
	return v.scope.All() || len(all) > 0 && !slices.ContainsFunc(all, func(one store.Visibility) bool { return !v.scope.Shows(one) })
}
