package kritis

import (
	"cmp"
	"context"
	"strings"
	"time"
	_ "time/tzdata" // Europe/Berlin on machines without zone data

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// object is what all things of the graph have in common: a node and typed sight of its properties. Absent properties are
// zero values, unknown ones are ignored, so that nodes of other versions can be read.
type object struct {
	node store.Node
}

// ID returns the global id.
func (o object) ID() string { return GlobalID(o.node.ID) }

// Version returns how often it was written: what an expectedVersion is compared with.
func (o object) Version() int32 { return int32(min(o.node.Version, 1<<31-1)) } //nolint:gosec // clamped

// StoreID returns the id in the store.
func (o object) StoreID() store.ID { return o.node.ID }

func (o object) text(prop string) string      { return o.node.Prop(prop).Text() }
func (o object) list(prop string) []string    { return o.node.Prop(prop).List() }
func (o object) flag(prop string) bool        { return o.node.Prop(prop).True() }
func (o object) number(prop string) int64     { return o.node.Prop(prop).Num() }
func (o object) optional(prop string) *string { return optional(o.text(prop)) }

func (o object) instant(prop string) *time.Time {
	v := o.node.Prop(prop)
	if v.Kind() != store.IntKind {
		return nil
	}
	t := time.UnixMicro(v.Num()).UTC()
	return &t
}

// optionalFlag returns a fact, nil where it is not known.
func (o object) optionalFlag(prop string) *bool {
	v := o.node.Prop(prop)
	if v.Kind() != store.BoolKind {
		return nil
	}
	b := v.True()
	return &b
}

// length returns a length of time that is held in seconds, nil where it is not known.
func (o object) length(prop string) *time.Duration {
	v := o.node.Prop(prop)
	if v.Kind() != store.IntKind {
		return nil
	}
	d := seconds(v.Num())
	return &d
}

func (o object) optionalInt(prop string) *int32 {
	v := o.node.Prop(prop)
	if v.Kind() != store.IntKind {
		return nil
	}
	n := int32(min(v.Num(), 1<<31-1)) //nolint:gosec // clamped
	return &n
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Node is a thing with a global id.
type Node interface {
	ID() string
	IsNode()
}

// IsNode marks the things that have a global id.
func (o object) IsNode() {}

// named is an object with a name in two languages.
type named struct {
	object
}

// Name returns the name in the language asked, else in that of the request.
func (n named) Name(ctx context.Context, lang *Language) string {
	return pick(language(ctx, lang), n.text("nameDe"), n.text("nameEn"))
}

// Evidence returns the source of the object.
func (o object) Evidence() *Evidence { return evidenceOf(o.node.Props) }

// Note returns the remark of the data's author.
func (o object) Note() *string { return o.optional("note") }

// Validity returns the days on which it holds.
func (o object) Validity() *Validity { return validityOf(o.node.Props) }

// Tlp returns the settled marking: the strictest of its own and that of all it hangs on.
func (o object) Tlp() Tlp { return Tlp(o.node.Settled.TLP.Effective().String()) }

// Evidence is the source of a statement: where it was seen, on which day, and how sure it is.
type Evidence struct {
	Source     string
	AsOf       store.Day
	Confidence Confidence
}

func evidenceOf(props map[string]store.Value) *Evidence {
	return &Evidence{
		Source:     props["source"].Text(),
		AsOf:       store.Day(props["asOf"].Text()),
		Confidence: Confidence(props["confidence"].Text()),
	}
}

// Validity is a span of days in Europe/Berlin, from the first to the one before Until; nil bounds are open.
type Validity struct {
	From  *store.Day
	Until *store.Day
}

func validityOf(props map[string]store.Value) *Validity {
	day := func(prop string) *store.Day {
		if s := props[prop].Text(); s != "" {
			return (*store.Day)(&s)
		}
		return nil
	}
	return &Validity{From: day(store.ValidFrom), Until: day(store.ValidUntil)}
}

// AttributeCondition holds where the subject's value of the attribute is in Values.
type AttributeCondition struct {
	Attribute string
	Values    []string
}

// conditions reads the list form "attribute=VALUE|VALUE".
func conditions(list []string) []*AttributeCondition {
	out := make([]*AttributeCondition, 0, len(list))
	for _, text := range list {
		name, values, _ := strings.Cut(text, "=")
		out = append(out, &AttributeCondition{Attribute: name, Values: strings.Split(values, "|")})
	}
	return out
}

// Berlin is the zone in which days are counted.
var Berlin = mustZone("Europe/Berlin")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic("the time zone data are built in: " + err.Error())
	}
	return zone
}

// DayOf returns the day in Europe/Berlin in which the instant lies.
func DayOf(t time.Time) store.Day { return store.Day(responsibility.DayOf(t)) }

func compareText(a, b string) int { return cmp.Compare(a, b) }
