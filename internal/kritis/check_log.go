package kritis

import (
	"encoding/binary"
	"hash/maphash"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kritisgraph/internal/store"
)

// ledger folds the log to what the state has to agree with: of each thing the version, a digest of the content and how it
// hangs together, not the content itself.
type ledger struct {
	things map[store.ID]*entry
	owning map[store.EdgeType]bool
	fail   func(store.ID, string, ...any)
	seed   maphash.Seed
	sights map[string]*store.Visibility // one of each
	prev   store.Hash
	seq    store.Seq
	owners map[store.ID][]store.ID
	owned  map[store.ID][]store.ID
}

// entry is a thing of the log. An edge has ends, as far as they exist.
type entry struct {
	id           store.ID
	version      int64 // negative: deleted
	digest       uint64
	edge         bool
	seen         bool // in the state
	from, to     *entry
	own, settled *store.Visibility // as the log and as the state say
}

func newLedger(schema store.Schema, fail func(store.ID, string, ...any)) *ledger {
	l := &ledger{
		things: map[store.ID]*entry{}, owning: map[store.EdgeType]bool{}, fail: fail, seed: maphash.MakeSeed(),
		sights: map[string]*store.Visibility{}, owners: map[store.ID][]store.ID{}, owned: map[store.ID][]store.ID{},
	}
	for _, t := range schema.Owning() {
		l.owning[t] = true
	}
	return l
}

// add folds the next commit. After a flaw in the chain it goes on with what the commit says of itself.
func (l *ledger) add(r *store.Record) {
	place := store.ID("commit " + strconv.FormatInt(int64(r.Seq), 10))
	if err := r.Verify(l.prev, l.seq+1); err != nil {
		l.fail(place, "the audit chain is broken: %v", err)
	}
	l.prev, l.seq = r.Hash, r.Seq
	for i := range r.Change.Put {
		n := &r.Change.Put[i]
		e := l.step(n.ID, n.Version)
		e.digest, e.own = l.digestNode(n), l.sight(n.Own)
	}
	for i := range r.Change.Link {
		link := &r.Change.Link[i]
		e := l.step(link.ID, link.Version)
		e.edge, e.digest = true, l.digestEdge(link)
		e.from, e.to = l.things[link.From], l.things[link.To]
		for _, end := range []struct {
			id store.ID
			at *entry
		}{{link.From, e.from}, {link.To, e.to}} {
			if end.at == nil || end.at.version < 0 {
				l.fail(link.ID, "commit %d links it to %s, which did not exist", r.Seq, end.id)
			}
		}
	}
	for _, id := range r.Change.Delete {
		version, _ := r.Change.VersionOf(id)
		e := l.step(id, version+1)
		e.version = -e.version
	}
}

func (l *ledger) step(id store.ID, version int64) *entry {
	e := l.things[id]
	if e == nil {
		e = &entry{id: id}
		l.things[id] = e
	}
	switch {
	case e.version < 0:
		l.fail(id, "the log uses the id again after it was deleted")
	case version != e.version+1:
		l.fail(id, "the log goes from version %d to %d", e.version, version)
	}
	e.version = version
	return e
}

func (l *ledger) sight(v store.Visibility) *store.Visibility {
	name := v.TLP.String() + "\x00" + strings.Join(v.Audiences, "\x00")
	if known := l.sights[name]; known != nil {
		return known
	}
	l.sights[name] = &v
	return &v
}

func (l *ledger) digestNode(n *store.Node) uint64 {
	h := l.digest(n.Props)
	write(h, n.Own.TLP.String())
	for _, a := range n.Own.Audiences {
		write(h, a)
	}
	return h.Sum64()
}

func (l *ledger) digestEdge(e *store.Edge) uint64 {
	h := l.digest(e.Props)
	write(h, string(e.From))
	write(h, string(e.To))
	return h.Sum64()
}

func (l *ledger) digest(props map[string]store.Value) *maphash.Hash {
	h := &maphash.Hash{}
	h.SetSeed(l.seed)
	for _, name := range slices.Sorted(maps.Keys(props)) {
		write(h, name)
		v := props[name]
		_ = h.WriteByte(byte(v.Kind()))
		write(h, v.GoString())
	}
	return h
}

// write adds a text and its length, so that no two lists of texts are alike.
func write(h *maphash.Hash, text string) {
	var size [8]byte
	binary.LittleEndian.PutUint64(size[:], uint64(len(text)))
	_, _ = h.Write(size[:])
	_, _ = h.WriteString(text)
}

// node compares a node of the state with the log.
func (l *ledger) node(n *store.Node) {
	if e := l.meet(n.ID, n.Version, l.digestNode(n)); e != nil {
		e.settled = l.sight(n.Settled)
	}
}

// edge compares an edge of the state with the log.
func (l *ledger) edge(e *store.Edge) { l.meet(e.ID, e.Version, l.digestEdge(e)) }

func (l *ledger) meet(id store.ID, version int64, digest uint64) *entry {
	e := l.things[id]
	switch {
	case e == nil:
		l.fail(id, "it is in the state, but not in the log")
		return nil
	case e.version < 0:
		l.fail(id, "it is in the state, but the log deleted it")
		return nil
	case e.version != version:
		l.fail(id, "its version is %d, but %d in the log", version, e.version)
	case e.digest != digest:
		l.fail(id, "its content is not what the log says")
	}
	e.seen = true
	return e
}

// compare judges what needs all of the state: what it lacks, edges without their ends, and settled visibility.
func (l *ledger) compare() {
	var nodes []store.ID
	for id, e := range l.things {
		switch {
		case e.version < 0:
			continue
		case !e.seen:
			l.fail(id, "it is in the log, but not in the state")
		case !e.edge:
			nodes = append(nodes, id)
		}
		if !e.edge {
			continue
		}
		for _, end := range []*entry{e.from, e.to} {
			if end != nil && end.version < 0 {
				l.fail(id, "it ends at %s, which was deleted", end.id)
			}
		}
		if l.owning[store.EdgeType(id.Kind())] && e.from != nil && e.to != nil {
			l.owners[e.to.id] = append(l.owners[e.to.id], e.from.id)
			l.owned[e.from.id] = append(l.owned[e.from.id], e.to.id)
		}
	}
	l.owns(nodes)
	l.settle(nodes)
}

// settle compares the settled visibilities of the state with those that follow from the log.
func (l *ledger) settle(nodes []store.ID) {
	slices.Sort(nodes)
	follow, err := store.Settle(nodes, l)
	if err != nil {
		l.fail("log", "visibility cannot be settled: %v", err)
		return
	}
	for _, id := range slices.Sorted(maps.Keys(follow)) {
		want, have := follow[id], l.things[id].settled
		if have != nil && (want.TLP != have.TLP || !slices.Equal(want.Audiences, have.Audiences)) {
			l.fail(id, "it shows as %s %v, but as %s %v it has to", have.TLP, have.Audiences, want.TLP, want.Audiences)
		}
	}
}

// Owners and Owned read the log for store.Settle.
func (l *ledger) Owners(ids []store.ID) (map[store.ID]store.Ownership, error) {
	found := make(map[store.ID]store.Ownership, len(ids))
	for _, id := range ids {
		e := l.things[id]
		if e == nil || e.version < 0 || e.own == nil {
			continue
		}
		o := store.Ownership{Own: *e.own, Owners: l.owners[id]}
		if e.settled != nil {
			o.Settled = *e.settled
		}
		found[id] = o
	}
	return found, nil
}

// Owned returns what each of ids owns.
func (l *ledger) Owned(ids []store.ID) (map[store.ID][]store.ID, error) {
	found := make(map[store.ID][]store.ID, len(ids))
	for _, id := range ids {
		found[id] = l.owned[id]
	}
	return found, nil
}

// below adds to a set all that its nodes own.
func (l *ledger) below(set map[store.ID]bool) {
	level := slices.Collect(maps.Keys(set))
	for len(level) > 0 {
		var next []store.ID
		for _, id := range level {
			for _, owned := range l.owned[id] {
				if !set[owned] {
					set[owned] = true
					next = append(next, owned)
				}
			}
		}
		level = next
	}
}
