package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ID names a node or an edge: "<label>/<key>" or "<edge type>/<key>", where the key is the natural key at birth or a
// ULID. An ID never changes, is never used again after its thing was deleted, and is equal in every database.
type ID string

// NewID joins a label (or edge type) and a key.
func NewID(kind, key string) ID { return ID(kind + "/" + key) }

// EdgeID names the only edge of a type between two nodes.
func EdgeID(edgeType EdgeType, from, to ID) ID {
	return ID(string(edgeType) + "/" + string(from) + ">" + string(to))
}

// Kind returns the part before the first slash: the label of a node, the type of an edge.
func (id ID) Kind() string {
	kind, _, _ := strings.Cut(string(id), "/")
	return kind
}

// Key returns the part after the first slash.
func (id ID) Key() string {
	_, key, _ := strings.Cut(string(id), "/")
	return key
}

// Valid reports whether id has the form of an ID. Nothing has another one.
func (id ID) Valid() bool { return id.check() == nil }

// maxID is the greatest length of an ID in bytes.
const maxID = 512

func (id ID) check() error {
	kind, key, ok := strings.Cut(string(id), "/")
	switch {
	case !ok || kind == "" || key == "":
		return fmt.Errorf("%w: id %q is not of the form label/key", ErrInvalid, string(id))
	case len(id) > maxID:
		return fmt.Errorf("%w: an id has at most %d bytes, this one %d", ErrInvalid, maxID, len(id))
	}
	for _, r := range string(id) {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return fmt.Errorf("%w: id %q holds a control character", ErrInvalid, string(id))
		}
	}
	return nil
}

// Label is the kind of a node, such as Authority.
type Label string

// EdgeType is the kind of an edge, such as HELD_BY.
type EdgeType string

// Seq numbers commits from 1 without gaps; sequence order is commit order. 0 is "before the first".
type Seq int64

// Day is a calendar day in Europe/Berlin as "2026-04-17"; days sort as strings. The empty Day is "not asked".
type Day string

// TLP is the Traffic Light Protocol 2.0 marking, ordered by strictness. The zero value is "not stated" and counts as
// Red.
type TLP uint8

// The TLP markings from the most open to the strictest.
const (
	TLPClear TLP = iota + 1
	TLPGreen
	TLPAmber
	TLPAmberStrict
	TLPRed
)

var tlpNames = [...]string{"", "CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED"}

// String returns the marking as the API writes it, such as AMBER_STRICT; "" if none is stated.
func (t TLP) String() string {
	if int(t) < len(tlpNames) {
		return tlpNames[t]
	}
	return fmt.Sprintf("TLP(%d)", uint8(t))
}

// Effective returns t, or Red where none is stated.
func (t TLP) Effective() TLP {
	if t == 0 || t > TLPRed {
		return TLPRed
	}
	return t
}

// MarshalText writes the name of the marking.
func (t TLP) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the name of a marking.
func (t *TLP) UnmarshalText(text []byte) error {
	i := slices.Index(tlpNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("unknown TLP marking %q: use CLEAR, GREEN, AMBER, AMBER_STRICT or RED", text)
	}
	*t = TLP(i)
	return nil
}

// Visibility says who may see a node: those with a grant for one of Audiences up to a marking that is at least TLP.
// Audiences are strings that only the domain reads ("public", "land:BY", "operator:…").
type Visibility struct {
	Audiences []string `json:"audiences,omitempty"`
	TLP       TLP      `json:"tlp,omitzero"`
}

// Node is a thing with properties. Own is the visibility that was stated for it. Settled is what the driver settled from
// Own and the owners; it is set on reads only, and neither part of a change nor of a log image.
type Node struct {
	ID      ID               `json:"id"`
	Own     Visibility       `json:"own,omitzero"`
	Props   map[string]Value `json:"props"`
	Version int64            `json:"version"`
	Settled Visibility       `json:"-"`
}

// Label returns the label of the node, which is the first part of its id.
func (n Node) Label() Label { return Label(n.ID.Kind()) }

// Prop returns a property, absent as the zero Value.
func (n Node) Prop(name string) Value { return n.Props[name] }

// Edge is a directed, typed connection with properties. It shows to whom both ends show.
type Edge struct {
	From    ID               `json:"from"`
	ID      ID               `json:"id"`
	Props   map[string]Value `json:"props"`
	To      ID               `json:"to"`
	Version int64            `json:"version"`
}

// Type returns the type of the edge, which is the first part of its id.
func (e Edge) Type() EdgeType { return EdgeType(e.ID.Kind()) }

// Prop returns a property, absent as the zero Value.
func (e Edge) Prop(name string) Value { return e.Props[name] }

// The property names that every driver judges where a read sets ValidOn: the first day on which a node or edge holds,
// and the first on which it does no longer.
const (
	ValidFrom  = "validFrom"
	ValidUntil = "validUntil"
)

// ValidOn reports whether a thing with these properties holds on the day; an absent bound is open, an empty day is not
// judged.
func ValidOn(props map[string]Value, day Day) bool {
	if day == "" {
		return true
	}
	from, until := props[ValidFrom].Text(), props[ValidUntil].Text()
	return (from == "" || from <= string(day)) && (until == "" || string(day) < until)
}

// Clone returns a copy that shares no map with n.
func (n Node) Clone() Node {
	n.Props = maps.Clone(n.Props)
	n.Own.Audiences = slices.Clone(n.Own.Audiences)
	n.Settled.Audiences = slices.Clone(n.Settled.Audiences)
	return n
}
