package storetest

import (
	"maps"
	"strings"

	"kritisgraph/internal/store"
)

// The scopes of the suite: everything, what is public, and what one audience sees up to a marking.
func all() store.Scope { return store.Unrestricted() }

func public() store.Scope { return grant("public", store.TLPClear) }

func grant(audience string, most store.TLP) store.Scope {
	return store.NewScope(store.Grant{Audience: audience, Max: most})
}

type props = map[string]store.Value

var (
	text  = store.String
	num   = store.Int
	truth = store.Bool
	list  = store.Strings
)

// land, body, contact and memo build public nodes of the labels of the schema.
func land(code, name string, population int64) store.Node {
	return node("Land", code, props{"code": text(code), "name": text(name), "population": num(population)})
}

func body(slug, name string) store.Node {
	return node("Body", slug, props{"slug": text(slug), "name": text(name)})
}

func contact(key, role string) store.Node { return node("Contact", key, props{"role": text(role)}) }

func memo(key string, p props) store.Node { return node("Memo", key, p) }

func node(label, key string, p props) store.Node {
	return store.Node{ID: store.NewID(label, key), Props: p, Own: visible(store.TLPClear, "public")}
}

func visible(tlp store.TLP, audiences ...string) store.Visibility {
	return store.Visibility{TLP: tlp, Audiences: audiences}
}

// with returns the node with another property; the zero Value takes it away.
func with(n store.Node, name string, v store.Value) store.Node {
	n = n.Clone()
	if n.Props == nil {
		n.Props = props{}
	}
	n.Props[name] = v
	return n
}

// seenBy returns the node with another visibility of its own.
func seenBy(n store.Node, tlp store.TLP, audiences ...string) store.Node {
	n = n.Clone()
	n.Own = visible(tlp, audiences...)
	return n
}

// edge builds the only edge of a type between two nodes, numbered one of several.
func edge(kind store.EdgeType, from, to store.ID, p ...props) store.Edge {
	return numbered(store.EdgeID(kind, from, to), from, to, p...)
}

func numbered(id, from, to store.ID, p ...props) store.Edge {
	e := store.Edge{ID: id, From: from, To: to, Props: props{}}
	for _, one := range p {
		maps.Copy(e.Props, one)
	}
	return e
}

// germany fills the world: the Länder with umlauts, cities, tags and neighbors; bodies that serve them and hold contacts,
// some of them hidden from the public.
func (w *world) germany() {
	w.Helper()
	lands := []store.Node{
		with(with(land("BY", "Bayern", 13_176_989), "tags", list("Alpen", "Süd")), "city", truth(false)),
		with(with(land("BW", "Baden-Württemberg", 11_230_740), "tags", list("Süd")), "city", truth(false)),
		with(with(land("BE", "Berlin", 3_662_381), "city", truth(true)), "tags", list()),
		with(with(land("HB", "Bremen", 691_703), "city", truth(true)), "tags", list("Küste", "Nord")),
		with(with(land("HH", "Hamburg", 1_851_596), "city", truth(true)), "tags", list("Küste", "Nord", "Hafen")),
		land("OE", "Österreich", 9_104_772),
		land("OZ", "Ozeanien", 9_104_772),
		with(with(land("TH", "Thüringen", 2_114_870), store.ValidFrom, text("1990-10-03")), "tags", list("Mitte")),
		with(with(land("XX", "Ülzen Altland", 0), store.ValidFrom, text("1946-01-01")), store.ValidUntil, text("1952-04-25")),
		seenBy(land("ZZ", "Zz Geheim", 17), store.TLPAmber, "land:BY"),
	}
	bodies := []store.Node{
		with(with(body("bbk", "Bundesamt für Bevölkerungsschutz"), "kind", text("federal")), "aliases", list("BBK", "Katastrophenschutz des Bundes")),
		with(with(body("bsi", "Bundesamt für Sicherheit"), "kind", text("federal")), "note", text("Ansprechstelle für München, Straße und Fluß")),
		with(body("stmi", "Staatsministerium des Innern"), "kind", text("land")),
		seenBy(with(body("geheim", "Amt Geheim"), "kind", text("land")), store.TLPAmber, "land:BY"),
	}
	contacts := []store.Node{
		with(with(contact("c1", "press"), "rank", num(1)), "number", num(100)),
		with(contact("c2", "duty"), "rank", num(2)),
		seenBy(contact("c3", "duty"), store.TLPGreen),
	}
	memos := []store.Node{
		memo("m1", props{"text": text("Notiz zu München")}), memo("m2", props{}),
		seenBy(memo("m3", props{"text": text("geheime Notiz")}), store.TLPRed, "land:BY"),
	}
	w.put(append(append(append(lands, bodies...), contacts...), memos...)...)
	id := func(short string) store.ID { return germanID(short) }
	next := func(a, b string) store.Edge { return edge("NEXT_TO", id(a), id(b)) }
	serves := func(a, b string, strength int64, p ...props) store.Edge {
		return edge("SERVES", id(a), id(b), append(p, props{"strength": num(strength)})...)
	}
	w.link(
		next("BY", "BW"), next("BW", "BY"), next("BY", "TH"), next("HB", "HH"), next("TH", "BE"), next("BY", "ZZ"), next("ZZ", "HH"),
		next("BE", "BY"),
		serves("bbk", "BY", 3), serves("bbk", "BW", 2), serves("bbk", "BE", 1), serves("bbk", "ZZ", 9),
		serves("bsi", "BY", 5, props{store.ValidFrom: text("2020-01-01"), store.ValidUntil: text("2026-01-01")}),
		numbered("SERVES/second", id("bsi"), id("BY"), props{"strength": num(4), "role": text("deputy")}),
		serves("stmi", "BY", 8), serves("geheim", "BY", 7), serves("geheim", "HH", 1), serves("c1", "BE", 6),
		edge("HOLDS", id("bbk"), id("c1")), edge("HOLDS", id("bsi"), id("c2"), props{store.ValidUntil: text("2025-07-01")}),
		edge("HOLDS", id("geheim"), id("c3")), edge("PART_OF", id("bbk"), id("bsi")),
		edge("ABOUT", id("m1"), id("BY")), edge("ABOUT", id("m1"), id("bsi")), edge("ABOUT", id("m1"), id("c2")),
		edge("ABOUT", id("m3"), id("BY")), edge("ABOUT", id("m2"), id("m1")),
	)
}

// germanID returns the id of a node of germany by its key.
func germanID(key string) store.ID {
	switch {
	case strings.ToUpper(key) == key:
		return store.NewID("Land", key)
	case key[0] == 'c':
		return store.NewID("Contact", key)
	case key[0] == 'm':
		return store.NewID("Memo", key)
	}
	return store.NewID("Body", key)
}

// german returns the ids of nodes of germany by their keys.
func german(keys ...string) []store.ID {
	ids := make([]store.ID, len(keys))
	for i, key := range keys {
		ids[i] = germanID(key)
	}
	return ids
}
