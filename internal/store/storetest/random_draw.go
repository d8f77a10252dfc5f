package storetest

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kritisgraph/internal/store"
)

// drawing draws a sequence. It applies the changes to a model of its own, so that most of them are possible.
type drawing struct {
	*rapid.T
	world *world
	model *model
}

// sequences generates sequences of up to 120 steps, changes first, then mostly reads.
func sequences(t testing.TB) *rapid.Generator[sequence] {
	return rapid.Custom(func(rt *rapid.T) sequence {
		m := NewModel()
		d := drawing{T: rt, world: newWorld(t, func(testing.TB) store.Driver { return m }), model: m.(*model)}
		steps := make(sequence, d.between(1, 120))
		for i := range steps {
			if i < 8 || d.chance(25) {
				steps[i].change = d.change()
			} else {
				steps[i].read = d.read()
			}
		}
		return steps
	})
}

// below draws a number from 0 to n-1, each as likely: the generators for integers and samples prefer small ones so much that
// hardly anything would ever happen.
func (d drawing) below(n int) int {
	const bits = 8
	drawn := 0
	for range bits {
		drawn *= 2
		if rapid.Bool().Draw(d.T, "bit") {
			drawn++
		}
	}
	return drawn * n >> bits
}

func (d drawing) between(low, high int) int { return low + d.below(high-low+1) }

func (d drawing) chance(percent int) bool { return d.below(100) >= 100-percent }

func pick[T any](d drawing, from ...T) T { return from[d.below(len(from))] }

// some draws a few of the elements, in their order.
func some[T any](d drawing, from ...T) []T {
	return slices.DeleteFunc(slices.Clone(from), func(T) bool { return d.chance(50) })
}

func (d drawing) text() string {
	return pick(d, "a", "b", "B", "ä", "München", "Muenchen Nord", "munchen", "Straße 1", "a b", "b a", "x'y", "100%", "", "Ab", "日本", "z\x00z")
}

func (d drawing) list() store.Value { return list(some(d, "a", "b", "b", "ä", "")...) }

func (d drawing) day() string { return pick(d, "", "", "2026-01-01", "2026-01-02", "2026-01-03") }

func (d drawing) id() store.ID {
	return store.NewID(string(pick(d, labels()...)), pick(d, "a", "b", "c", "d", "e"))
}

func (d drawing) visibility() store.Visibility {
	return visible(pick(d, store.TLPClear, store.TLPGreen, store.TLPAmber, store.TLPRed, 0, store.TLPClear, store.TLPClear), some(d, "x", "y", "public")...)
}

func (d drawing) scope() store.Scope {
	return pick(d, all(), public(), grant("x", store.TLPRed), grant("y", store.TLPGreen), store.Scope{},
		store.NewScope(store.Grant{Audience: "x", Max: store.TLPGreen}, store.Grant{Audience: "y", Max: store.TLPAmber}, store.Grant{Audience: "public", Max: store.TLPClear}))
}

// node draws an after-image of any label.
func (d drawing) node() store.Node {
	n := store.Node{ID: d.id(), Own: d.visibility(), Props: props{}}
	for _, label := range Schema().Labels {
		if label.Label == n.Label() {
			n.Props = d.props(label.Props)
		}
	}
	return n
}

func (d drawing) props(defs []store.PropDef) props {
	drawn := props{}
	for _, p := range defs {
		switch {
		case !p.Required && d.chance(50):
		case p.Name == store.ValidFrom, p.Name == store.ValidUntil:
			drawn[p.Name] = orAbsent(d.day())
		case p.Kind == store.StringKind:
			drawn[p.Name] = text(d.text())
		case p.Kind == store.IntKind:
			drawn[p.Name] = num(int64(d.between(-2, 4)))
		case p.Kind == store.BoolKind:
			drawn[p.Name] = truth(d.chance(50))
		case p.Kind == store.StringsKind:
			drawn[p.Name] = d.list()
		}
	}
	return drawn
}

// edge draws an edge, mostly between nodes that exist.
func (d drawing) edge() (store.Edge, bool) {
	def := pick(d, Schema().Edges...)
	from, to := d.end(def.From), d.end(def.To)
	id := store.EdgeID(def.Type, from, to)
	if d.chance(20) {
		id = store.NewID(string(def.Type), pick(d, "1", "2"))
	}
	return store.Edge{ID: id, From: from, To: to, Props: d.props(def.Props)}, from != to
}

func (d drawing) end(of []store.Label) store.ID {
	var there []store.ID
	for _, id := range slices.Sorted(maps.Keys(d.model.state.nodes)) {
		if slices.Contains(of, store.Label(id.Kind())) {
			there = append(there, id)
		}
	}
	if len(there) == 0 || d.chance(5) {
		return store.NewID(string(pick(d, of...)), "a")
	}
	return pick(d, there...)
}

// gone draws what to delete: an edge, or a node, mostly with its edges.
func (d drawing) gone() []store.ID {
	if edges := slices.Sorted(maps.Keys(d.model.state.edges)); len(edges) > 0 && d.chance(50) {
		return []store.ID{pick(d, edges...)}
	}
	nodes := slices.Sorted(maps.Keys(d.model.state.nodes))
	if len(nodes) == 0 {
		return nil
	}
	id := pick(d, nodes...)
	ids := []store.ID{id}
	if d.chance(85) {
		for _, edge := range slices.Sorted(maps.Keys(d.model.state.edges)) {
			if e := d.model.state.edges[edge]; e.From == id || e.To == id {
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

func (d drawing) change() *store.Change {
	var c store.Change
	touches := map[store.ID]bool{}
	fresh := func(id store.ID) bool {
		if touches[id] {
			return false
		}
		touches[id] = true
		return true
	}
	for range d.between(1, 5) {
		switch pick(d, "put", "put", "put", "link", "link", "delete") {
		case "put":
			if n := d.node(); fresh(n.ID) {
				c.Put = append(c.Put, n)
			}
		case "link":
			if e, ok := d.edge(); ok && fresh(e.ID) {
				c.Link = append(c.Link, e)
			}
		case "delete":
			for _, id := range d.gone() {
				if fresh(id) {
					c.Delete = append(c.Delete, id)
				}
			}
		}
	}
	if d.chance(10) {
		id := d.id()
		c.If = append(c.If, store.Cond{ID: id, Version: max(int64(d.between(0, 3)), 1)})
	}
	if d.chance(15) {
		c.Once = store.Once{Owner: "o", Key: pick(d, "1", "2", "3"), Digest: "d"}
	}
	for range d.between(0, 2) {
		c.Events = append(c.Events, store.Event{Type: pick(d, "MADE", "SEEN"), Subject: d.id(), Props: props{"n": text(d.text())}})
	}
	c = d.world.canonical(c)
	if _, err := d.model.Commit(d.world.Context(), c); err == nil {
		d.world.learn(c)
	}
	return &c
}
