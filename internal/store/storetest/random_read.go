package storetest

import (
	"fmt"
	"maps"
	"slices"

	"kritisgraph/internal/store"
)

// read draws a read.
func (d drawing) read() readStep {
	scope := d.scope()
	say := func(ask func(*world), parts ...any) readStep {
		return readStep{fmt.Sprintf("%+v in %+v", parts, scope), ask}
	}
	switch pick(d, "nodes", "list", "list", "search", "count", "neighbors", "neighbors", "walk", "walk", "log", "log") {
	case "nodes":
		ids := []store.ID{d.id(), d.id(), d.id(), d.id()}
		return say(func(w *world) { w.nodes(scope, ids...) }, "nodes", ids)
	case "list":
		q := d.query(false)
		return say(func(w *world) { w.twoPages(scope, q) }, "list", q)
	case "search":
		q := d.query(false)
		q.Order, q.Text = nil, pick(d, "munch", "muenchen", "a", "b a", "str 1", "ä", "?", "nord muen", "日本")
		return say(func(w *world) { w.twoPages(scope, q) }, "search", q)
	case "count":
		q := d.query(false)
		keys := d.keys(q.Labels)
		return say(func(w *world) { w.count(scope, q, keys...) }, "count", q, keys)
	case "neighbors":
		hops := []store.Hop{d.hop()}
		if d.chance(50) {
			hops = append(hops, d.hop())
		}
		return say(func(w *world) { w.neighbors(scope, slices.Clone(hops)...) }, "neighbors", hops)
	case "walk":
		walk := d.walk()
		return say(func(w *world) { w.traverse(scope, walk) }, "walk", walk)
	}
	q := d.logQuery()
	return say(func(w *world) { w.log(scope, q) }, "log", q)
}

// twoPages reads a page and the one behind it.
func (w *world) twoPages(scope store.Scope, q store.Query) {
	w.Helper()
	p := w.list(scope, q)
	if len(p.Hits) == 0 {
		return
	}
	q.Start = &p.Hits[len(p.Hits)-1].Position
	if q.Backwards {
		q.Start = &p.Hits[0].Position
	}
	w.list(scope, q)
}

// query draws a query of one label, or of several by what they share.
func (d drawing) query(anyLabel bool) store.Query {
	q := store.Query{ValidOn: store.Day(d.day()), Limit: d.between(1, 6), Backwards: d.chance(30), Total: d.chance(50)}
	if q.Labels = []store.Label{pick(d, labels()...)}; d.chance(25) {
		q.Labels = []store.Label{"Body", "Land"}
	}
	if anyLabel && d.chance(50) {
		q.Labels = nil
		return q
	}
	q.Where = d.filter(d.shared(q.Labels), 2, true)
	for _, p := range d.shared(q.Labels) {
		if p.Sort && d.chance(40) {
			q.Order = append(q.Order, store.Order{Prop: p.Name, Desc: d.chance(50)})
		}
	}
	return q
}

// shared returns the properties that all of the labels have.
func (d drawing) shared(of []store.Label) []store.PropDef {
	var shared []store.PropDef
	for i, label := range of {
		def := Schema().Labels[slices.Index(labels(), label)].Props
		if i == 0 {
			shared = def
			continue
		}
		shared = slices.DeleteFunc(slices.Clone(shared), func(p store.PropDef) bool {
			return !slices.ContainsFunc(def, func(q store.PropDef) bool { return q.Name == p.Name })
		})
	}
	return shared
}

func (d drawing) filter(defs []store.PropDef, depth int, rels bool) store.Filter {
	if depth > 0 && d.chance(50) {
		var parts []store.Filter
		for range d.between(0, 3) {
			parts = append(parts, d.filter(defs, depth-1, rels))
		}
		switch pick(d, "all", "any", "not") {
		case "all":
			return store.Filter{All: parts}
		case "any":
			return store.Filter{Any: append([]store.Filter{}, parts...)}
		}
		not := d.filter(defs, depth-1, rels)
		return store.Filter{Not: &not}
	}
	if d.chance(20) {
		return store.Filter{}
	}
	if rels && d.chance(25) {
		return d.relation()
	}
	return d.condition(pick(d, append(slices.Clone(defs), store.PropDef{Name: "id", Kind: store.StringKind})...))
}

func (d drawing) condition(p store.PropDef) store.Filter {
	ops := []store.Op{store.EQ, store.IN, store.ABSENT}
	switch p.Kind {
	case store.StringKind:
		ops = append(ops, store.LT, store.LTE, store.GT, store.GTE, store.PREFIX, store.CONTAINS)
	case store.IntKind:
		ops = append(ops, store.LT, store.LTE, store.GT, store.GTE)
	case store.StringsKind:
		ops = append(ops, store.HAS, store.HAS)
	case store.BoolKind, store.None:
	}
	op := pick(d, ops...)
	switch op {
	case store.ABSENT:
		return store.Where(p.Name, op)
	case store.IN:
		return store.Where(p.Name, op, d.value(p.Kind), d.value(p.Kind))
	case store.HAS:
		return store.Where(p.Name, op, text(d.text()), text(d.text()))
	}
	if p.Name == "id" {
		return store.Where(p.Name, op, text(string(d.id())))
	}
	return store.Where(p.Name, op, d.value(p.Kind))
}

func (d drawing) value(kind store.Kind) store.Value {
	switch kind {
	case store.IntKind:
		return num(int64(d.between(-2, 4)))
	case store.BoolKind:
		return truth(d.chance(50))
	case store.StringsKind:
		return d.list()
	}
	return text(d.text())
}

func (d drawing) relation() store.Filter {
	def := pick(d, Schema().Edges...)
	rel := store.Rel{Edge: def.Type, Dir: pick(d, store.Out, store.In)}
	ends := def.To
	if rel.Dir == store.In {
		ends = def.From
	}
	if d.chance(70) {
		rel.Label = pick(d, ends...)
		rel.Where = d.filter(d.shared([]store.Label{rel.Label}), 1, false)
	}
	if d.chance(50) {
		return store.Filter{None: &rel}
	}
	return store.Filter{Some: &rel}
}

func (d drawing) keys(of []store.Label) []store.Key {
	var keys []store.Key
	for _, p := range d.shared(of) {
		if d.chance(25) && len(keys) < 2 {
			key := store.Key{Prop: p.Name}
			if p.Kind == store.IntKind && d.chance(60) {
				key.Bounds = []store.Value{num(0), num(2)}
			}
			keys = append(keys, key)
		}
	}
	if d.chance(40) {
		keys = append(keys, store.Key{Edge: pick(d, Schema().Edges...).Type, Dir: pick(d, store.Out, store.In)})
	}
	return keys
}

func (d drawing) hop() store.Hop {
	def := pick(d, Schema().Edges...)
	hop := store.Hop{Edge: def.Type, Dir: pick(d, store.Out, store.In), Query: d.query(true)}
	near, far := def.From, def.To
	if hop.Dir == store.In {
		near, far = far, near
	}
	for range d.between(1, 4) {
		hop.From = append(hop.From, store.NewID(string(pick(d, near...)), pick(d, "a", "b", "c", "d", "e")))
	}
	if hop.Query.Labels != nil && !slices.Contains(far, hop.Query.Labels[0]) {
		hop.Query.Labels, hop.Query.Where, hop.Query.Order = nil, store.Filter{}, nil
	}
	if d.chance(30) {
		hop.Via = d.filter(def.Props, 1, false)
	}
	return hop
}

func (d drawing) walk() store.Walk {
	walk := store.Walk{From: []store.ID{d.id(), d.id()}, ValidOn: store.Day(d.day()), Depth: d.between(0, 4), Stop: some(d, labels()...)}
	for _, e := range Schema().Edges {
		for _, dir := range some(d, store.Out, store.In) {
			walk.Follow = append(walk.Follow, store.Step{Edge: e.Type, Dir: dir})
		}
	}
	if d.chance(40) {
		walk.Stop = nil
	}
	if d.chance(30) {
		walk.Props = some(d, "name", "role", "strength")
	}
	if d.chance(40) {
		walk.MaxNodes = d.between(1, 6)
	}
	if d.chance(30) {
		walk.MaxEdges = d.between(1, 6)
	}
	return walk
}

func (d drawing) logQuery() store.LogQuery {
	q := store.LogQuery{After: store.Seq(d.between(0, 4)), UpTo: store.Seq(d.between(0, 9)), Newest: d.chance(40), Limit: d.between(1, 5), Total: d.chance(50)}
	switch pick(d, "plain", "of", "labels", "events", "once") {
	case "of":
		q.Of = []store.ID{d.id(), d.id()}
		for _, id := range slices.Sorted(maps.Keys(d.model.state.edges)) {
			if d.chance(30) {
				q.Of = append(q.Of, id)
			}
		}
	case "labels":
		q.Labels = some(d, "Land", "Body", "HOLDS", "ABOUT", "SERVES")
	case "events":
		q.Events = some(d, "MADE", "SEEN")
	case "once":
		return store.LogQuery{Once: &store.OnceKey{Owner: "o", Key: pick(d, "1", "2", "9")}, Limit: 1}
	}
	return q
}
