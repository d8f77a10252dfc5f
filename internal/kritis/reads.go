package kritis

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"kritisgraph/internal/store"
)

// EventRead is the type of the events that say who read what. They have no subject, so that no scope of a caller shows them.
const EventRead = "READ"

// restricted reports whether it is recorded who reads the node: contact points and channels above CLEAR, incidents from AMBER on.
func restricted(n store.Node) bool {
	return restrictedAs(n.Label(), n.Settled.TLP)
}

func restrictedAs(label store.Label, tlp store.TLP) bool {
	switch label {
	case LabelContactPoint, LabelChannel:
		return tlp.Effective() > store.TLPClear
	case LabelIncident:
		return tlp.Effective() >= store.TLPAmber
	}
	return false
}

// reads are the restricted things that a request was given and that are not accepted for the log yet. It is safe for
// concurrent use.
type reads struct {
	mu  sync.Mutex
	ids map[store.ID]bool
}

func (r *reads) add(ids ...store.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids == nil {
		r.ids = map[store.ID]bool{}
	}
	for _, id := range ids {
		r.ids[id] = true
	}
}

// take returns all of them by id, and begins anew.
func (r *reads) take() []store.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := slices.Sorted(maps.Keys(r.ids))
	r.ids = nil
	return ids
}

// noteRead notes that the caller is given a node.
func (v *View) noteRead(n store.Node) {
	if v.app.auditor != nil && restricted(n) {
		v.reads.add(n.ID)
	}
}

// noteChannel notes that the caller is given a channel: with one that is restricted it reads the contact point.
func (v *View) noteChannel(c *ContactChannel, of store.ID) {
	if v.app.auditor != nil && restricted(c.node) {
		v.reads.add(of)
	}
}

// maxRead is the greatest number of ids in one event.
const maxRead = 100

// Record has what the caller was given since the last call accepted for the log. An error is CodeUnavailable: nothing of it
// may then be shown. Call it after all reads of a response, before it is sent.
func (v *View) Record(ctx context.Context) error {
	_, err := v.record(ctx)
	return err
}

// record also says whether there was something.
func (v *View) record(ctx context.Context) (some bool, err error) {
	a := v.app.auditor
	if a == nil {
		return false, nil
	}
	ids := v.reads.take()
	if len(ids) == 0 {
		return false, nil
	}
	if err := a.accept(v.readEvents(ids, RequestID(ctx))); err != nil {
		v.reads.add(ids...) // for a part of the response that is sent nevertheless
		return true, unrecorded(err)
	}
	return true, nil
}

// RecordNow is Record, and returns when what the caller was given is in the log. Call it before a change is made: with an error,
// which is CodeUnavailable, it must not be.
func (v *View) RecordNow(ctx context.Context) error {
	some, err := v.record(ctx)
	if a := v.app.auditor; err != nil || a == nil || !some && !a.failing() {
		return err
	}
	if err := v.app.auditor.Flush(ctx); err != nil {
		return unrecorded(err)
	}
	return nil
}

// readEvents says what was read: an event for each label, several where there are many ids.
func (v *View) readEvents(ids []store.ID, request string) []store.Event {
	byLabel := map[string][]string{}
	for _, id := range ids {
		byLabel[id.Kind()] = append(byLabel[id.Kind()], string(id))
	}
	roles := make([]string, len(v.principal.Roles))
	for i, r := range v.principal.Roles {
		roles[i] = string(r)
	}
	var events []store.Event
	for _, label := range slices.Sorted(maps.Keys(byLabel)) {
		for part := range slices.Chunk(byLabel[label], maxRead) {
			props := map[string]store.Value{
				"actor": store.String(v.principal.Subject), "at": store.Int(v.now.UnixMicro()), "label": store.String(label),
				"ids": store.Strings(part...), "count": store.Int(int64(len(byLabel[label]))),
			}
			if len(roles) > 0 {
				props["roles"] = store.Strings(roles...)
			}
			if request != "" {
				props["request"] = store.String(request)
			}
			events = append(events, store.Event{Type: EventRead, Props: props})
		}
	}
	return events
}

// Reading is one event of the log: who was given which things of a kind in a request, or some of them.
type Reading struct {
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Roles   []string  `json:"roles,omitempty"`
	Request string    `json:"request,omitempty"`
	Label   string    `json:"label"`
	Count   int64     `json:"count"` // of the kind in the whole request
	IDs     []string  `json:"ids"`
	Commit  store.Seq `json:"commit"`
}

// ReadingsIn returns the readings that a record holds.
func ReadingsIn(r *store.Record) []Reading {
	var found []Reading
	for _, e := range r.Change.Events {
		if e.Type == EventRead {
			found = append(found, Reading{
				At: time.UnixMicro(e.Props["at"].Num()).UTC(), Actor: e.Props["actor"].Text(), Roles: e.Props["roles"].List(),
				Request: e.Props["request"].Text(), Label: e.Props["label"].Text(), Count: e.Props["count"].Num(), IDs: e.Props["ids"].List(), Commit: r.Seq,
			})
		}
	}
	return found
}

// ReadingRecords yields the records of a store that hold readings, for those who may read the log as a whole.
func ReadingRecords(ctx context.Context, s *store.Store) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		q := store.LogQuery{Events: []string{EventRead}, Limit: MaxPage}
		for more := true; more; {
			page, err := s.Log(ctx, Maintenance(), q)
			if err != nil {
				yield(store.Record{}, err)
				return
			}
			for _, r := range page.Records {
				q.After = r.Seq
				if !yield(r, nil) {
					return
				}
			}
			more = page.More && len(page.Records) > 0
		}
	}
}
