package kritis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// Statement says where what is entered was seen, on which day, and how sure it is.
type Statement struct {
	Source     string
	AsOf       Day
	Confidence Confidence
}

// Editing is what all inputs of changes of one object have in common. Nulls are the fields of the input, as paths with dots, that are
// null and not absent: in a change that is another thing. Whoever reads an input sets them.
type Editing struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Reason           *string
	Nulls            []string
}

// cleared reports whether a field of the input is null.
func (e *Editing) cleared(field string) bool { return slices.Contains(e.Nulls, field) }

// clearedAny reports whether something of a field is null.
func (e *Editing) clearedAny(prefix string) bool {
	return slices.ContainsFunc(e.Nulls, func(field string) bool { return strings.HasPrefix(field, prefix) })
}

// ended says that something has ended by a day, nil where it has not.
func ended(n store.Node, day Day, path ...string) *UserError {
	if until := n.Prop(store.ValidUntil).Text(); until != "" && until <= string(day) {
		return userError(UserConflict, inputPath(path...), "%s ended on %s.", n.ID.Key(), until)
	}
	return nil
}

// WithdrawInput ends an operator, a facility, a body or a dependency.
type WithdrawInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	ValidUntil       *Day
	Reason           string
}

// edit is a node or a dependency under change: it writes what an input says into the properties and collects what is wrong with it.
type edit struct {
	props    map[string]store.Value
	errors   []*UserError
	relies   []store.Cond // what was decided on besides
	now      Day
	earliest Day // on which a dependency can be said to begin
	latest   Day // on which something can be said to end
}

// maxAhead is how many years ahead an end can be entered.
const maxAhead = 10

// edit begins to change properties.
func (v *View) edit(props map[string]store.Value) *edit {
	return &edit{props: props, now: DayOf(v.now), earliest: DayOf(v.now.AddDate(-maxBefore, 0, 0)), latest: DayOf(v.now.AddDate(maxAhead, 0, 0))}
}

func (e *edit) bad(path []string, format string, args ...any) {
	if len(e.errors) == maxErrors {
		return
	}
	e.errors = append(e.errors, userError(UserBadInput, path, format, args...))
}

// field is a place in the input as a path.
func field(name string) []string { return inputPath(strings.Split(name, ".")...) }

// text writes a text that is given, of at least one character; a field that is null is removed.
func (e *edit) text(prop, place string, value *string, cleared bool, most int) {
	switch {
	case cleared:
		delete(e.props, prop)
	case value == nil:
	case strings.TrimSpace(*value) == "" || *value != strings.TrimSpace(*value) || utf8.RuneCountInString(*value) > most || !printable(*value):
		e.bad(field(place), "%s takes 1 to %d printable characters without spaces around them.", place, most)
	default:
		e.props[prop] = store.String(*value)
	}
}

// address writes the address of a channel in the form in which it is held.
func (e *edit) address(prop string, value *string, cleared bool, format func(string) (string, error)) {
	if cleared {
		delete(e.props, prop)
	}
	if value == nil {
		return
	}
	written, err := format(*value)
	if err != nil {
		e.bad(inputPath(prop), "%s.", upperFirst(err.Error()))
		return
	}
	e.props[prop] = store.String(written)
}

// statement writes the evidence of a node.
func (e *edit) statement(s Statement) {
	e.text("source", "source", &s.Source, false, maxSource)
	if s.AsOf > e.now {
		e.bad(inputPath("asOf"), "asOf is the day on which it was seen: it is not after today, %s.", e.now)
	}
	for name, value := range s.props() {
		if name != "source" {
			e.props[name] = value
		}
	}
}

// props are the evidence of an edge or node.
func (s Statement) props() map[string]store.Value {
	return map[string]store.Value{
		"source": store.String(s.Source), "asOf": store.String(string(s.AsOf)), "status": store.String("STATED"),
		"confidence": store.String(string(s.Confidence)),
	}
}

// attributes writes the facts that are given; UNKNOWN and null remove them.
func (e *edit) attributes(in *SubjectAttributesInput, cleared func(string) bool) {
	given := in.attributes()
	for _, p := range attributes() {
		value, set := given[p.Name]
		switch {
		case cleared("attributes."+p.Name) || value == responsibility.Unknown:
			delete(e.props, p.Name)
		case !set:
		case p.Kind == store.BoolKind:
			e.props[p.Name] = store.Bool(value == "true")
		default:
			e.props[p.Name] = store.String(value)
		}
	}
}

// end writes the first day on which something no longer holds.
func (e *edit) end(until *Day) {
	if ended := e.props[store.ValidUntil].Text(); ended != "" && ended <= string(e.now) {
		e.errors = append(e.errors, userError(UserConflict, inputPath("id"), "It ended on %s: enter a new one.", ended))
		return
	}
	day := e.now
	if until != nil {
		day = *until
	}
	if day > e.latest {
		e.bad(inputPath("validUntil"), "validUntil takes a day up to %s.", e.latest)
		return
	}
	if from := e.props[store.ValidFrom].Text(); from != "" && string(day) <= from {
		e.bad(inputPath("validUntil"), "validUntil takes a day after the first one, %s.", from)
		return
	}
	e.props[store.ValidUntil] = store.String(string(day))
}

// reasoned refuses a reason that is empty.
func reasoned(reason string) *UserError {
	if strings.TrimSpace(reason) == "" {
		return userError(UserBadInput, inputPath("reason"), "Give a reason: it stands in the history.")
	}
	return nil
}

// editable reads a thing that the caller sees by its global id. What is hidden and what does not exist are missing alike.
func (v *View) editable(ctx context.Context, globalID string, label store.Label, what string, path ...string) (store.Node, *UserError, error) {
	id, err := ParseGlobalID(globalID)
	if err != nil || store.Label(id.Kind()) != label || !id.Valid() {
		return store.Node{}, missing(what, path...), nil
	}
	n, err := v.reader.Node(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return store.Node{}, missing(what, path...), nil
	}
	return n.Clone(), nil, err
}

// links are the edges of one type that are to leave a node. Edges that are there and lead where they are to stay as they are.
type links struct {
	edge store.EdgeType
	to   []store.ID
}

// relink brings the edges of a node to what is wanted. had are those that leave it; version is that of the node before the change. An id
// of an edge is never used again, so one of a later version of the node bears that in its id.
func (c *changing) relink(from store.ID, version int64, had []store.Edge, wanted []links) {
	for _, w := range wanted {
		kept := map[store.ID]bool{}
		for _, e := range had {
			if e.Type() != w.edge {
				continue
			}
			if slices.Contains(w.to, e.To) && !kept[e.To] {
				kept[e.To] = true
				continue
			}
			c.unlink(e)
		}
		for _, to := range w.to {
			if !kept[to] {
				kept[to] = true
				c.link(w.edge, from, to, version)
			}
		}
	}
}

// changing is a change in the making.
type changing struct {
	store.Change
	evidence map[string]store.Value // of the edges that are made
}

func (c *changing) link(t store.EdgeType, from, to store.ID, version int64) {
	id := store.EdgeID(t, from, to)
	if version > 0 {
		id = store.ID(fmt.Sprintf("%s#%d", id, version+1))
	}
	c.Link = append(c.Link, store.Edge{ID: id, From: from, To: to, Props: c.evidence})
	c.If = append(c.If, store.Cond{ID: id})
}

func (c *changing) unlink(e store.Edge) {
	c.Delete = append(c.Delete, e.ID)
	c.If = append(c.If, store.Cond{ID: e.ID, Version: e.Version})
}

func (c *changing) put(n store.Node) {
	c.Put = append(c.Put, n)
	c.If = append(c.If, store.Cond{ID: n.ID, Version: n.Version})
}

// ids names things of a label by their keys; an empty key names none.
func ids(label store.Label, keys ...string) []store.ID {
	var out []store.ID
	for _, k := range keys {
		if k != "" {
			out = append(out, store.NewID(string(label), k))
		}
	}
	return out
}
