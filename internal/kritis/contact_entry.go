package kritis

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kritisgraph/internal/kritis/channel"
	"kritisgraph/internal/store"
)

// The greatest lengths of texts in characters.
const (
	maxName   = 200
	maxText   = 500
	maxLabel  = 100
	maxWindow = 20 // windows of a channel
)

// contactEntry writes what a caller says of a contact point and its channels into nodes, and gathers what cannot be.
type contactEntry struct {
	view  *View
	book  *Rulebook
	day   Day // of the request
	point store.Node
	errs  []*UserError
}

func (v *View) entryOf(book *Rulebook, point store.Node) *contactEntry {
	return &contactEntry{view: v, book: book, day: DayOf(v.now), point: point}
}

func (e *contactEntry) bad(path []string, format string, args ...any) {
	e.errs = append(e.errs, userError(UserBadInput, path, format, args...))
}

// role is that of the contact point.
func (e *contactEntry) role() ContactPointRole { return ContactPointRole(e.point.Prop("role").Text()) }

// setText sets a property to a text that is given; an empty one removes it unless it is needed.
func (e *contactEntry) setText(n store.Node, prop string, text *string, limit int, needed bool, path []string) {
	if text == nil {
		return
	}
	given := strings.TrimSpace(*text)
	switch {
	case given == "" && !needed:
		delete(n.Props, prop)
		return
	case channel.Placeholder(given):
		e.bad(path, "This looks like a placeholder: write what is known.")
	case utf8.RuneCountInString(given) > limit || !channel.Printable(given):
		e.bad(path, "Write one line of at most %d characters.", limit)
	}
	n.Props[prop] = store.String(given)
}

// setFields sets what a contact point says of itself. Its holder is set elsewhere.
func (e *contactEntry) setFields(in *ContactPointChangeInput) {
	n := e.point
	e.setText(n, "nameDe", in.NameDe, maxName, true, inputPath("nameDe"))
	e.setText(n, "nameEn", in.NameEn, maxName, true, inputPath("nameEn"))
	e.setText(n, "provision", in.Provision, maxName, false, inputPath("provision"))
	e.setText(n, "hours", in.Hours, maxName, false, inputPath("hours"))
	if in.Status != nil {
		if *in.Status == ContactWithdrawn {
			e.bad(inputPath("status"), "A contact point is withdrawn by contactPointWithdraw.")
		}
		n.Props["contactStatus"] = store.String(string(*in.Status))
	}
	e.setEvidence(n, in.evidence(), inputPath())
	if in.AsOf != nil {
		seen, err := time.ParseInLocation(time.DateOnly, string(*in.AsOf), Berlin)
		if err == nil {
			n.Props["verifiedAt"] = store.Int(max(n.Prop("verifiedAt").Num(), seen.UnixMicro()))
		}
	}
	e.setValidity(in.Validity)
	if in.Tlp != nil {
		was := e.point.Own
		if n.Version > 0 && !e.view.principal.mayMark(was.TLP, tlpOf(*in.Tlp)) {
			e.bad(inputPath("tlp"), "%s", mayNotMark)
			return
		}
		e.point.Own = contactVisibility(tlpOf(*in.Tlp), n.Prop("landCodes").List())
		e.point.Own.Audiences = append(e.point.Own.Audiences, slices.DeleteFunc(was.Audiences, func(a string) bool { return !isAccess(a) })...)
		if !e.view.principal.scope.Shows(e.point.Own) {
			e.bad(inputPath("tlp"), "You would not see the contact point yourself with this marking: take a lower one, or ask who sees more.")
		}
	}
}

// setEvidence sets where a statement was seen, as far as it is said.
func (e *contactEntry) setEvidence(n store.Node, in evidenceInput, path []string) {
	at := func(field string) []string { return append(slices.Clone(path), field) }
	e.setText(n, "source", in.source, maxText, true, at("source"))
	if in.asOf != nil {
		if *in.asOf > e.day {
			e.bad(at("asOf"), "asOf is the day on which it was seen in the source: it is not later than today, %s.", e.day)
		}
		n.Props["asOf"] = store.String(string(*in.asOf))
	}
	if in.confidence != nil {
		n.Props["confidence"] = store.String(string(*in.confidence))
	}
	n.Props["status"] = store.String("STATED")
}

// setValidity sets both bounds of the days on which the contact point holds.
func (e *contactEntry) setValidity(in *ValidityInput) {
	if in == nil {
		return
	}
	setDay(e.point, store.ValidFrom, in.From)
	setDay(e.point, store.ValidUntil, in.Until)
	if in.From != nil && in.Until != nil && *in.Until <= *in.From {
		e.bad(inputPath("validity", "until"), "until is the first day on which it does not hold any more: it is later than from.")
	}
}

func setDay(n store.Node, prop string, day *Day) {
	delete(n.Props, prop)
	if day != nil {
		n.Props[prop] = store.String(string(*day))
	}
}

// end has a node hold no longer from the day on, or never where it begins later.
func end(n store.Node, day Day) {
	last := max(string(day), n.Prop(store.ValidFrom).Text())
	if until := n.Prop(store.ValidUntil).Text(); until == "" || last < until {
		n.Props[store.ValidUntil] = store.String(last)
	}
}

// tlpOf reads a marking of the API, whose parser knows the values; another one is the strictest.
func tlpOf(t Tlp) store.TLP {
	var out store.TLP
	if err := out.UnmarshalText([]byte(t)); err != nil {
		return store.TLPRed
	}
	return out.Effective()
}

// contactVisibility is who may see a contact point or channel with a marking: up to GREEN the public, each as far as it may; above
// it those of its Länder and who runs this directory.
func contactVisibility(tlp store.TLP, lands []string) store.Visibility {
	if tlp <= store.TLPGreen {
		return store.Visibility{TLP: tlp, Audiences: []string{AudiencePublic}}
	}
	audiences := []string{AudienceAdministration, AudienceSituationCentre}
	for _, code := range lands {
		audiences = append(audiences, AudienceLand(code))
	}
	return store.Visibility{TLP: tlp, Audiences: audiences}
}

// statement gives the properties of an edge that is stated together with the contact point.
func (e *contactEntry) statement() map[string]store.Value {
	props := map[string]store.Value{}
	for _, name := range []string{"source", "asOf", "confidence", "status"} {
		props[name] = e.point.Prop(name)
	}
	return props
}

// link connects the contact point with something over an edge that was never there.
func (e *contactEntry) link(d *store.Change, t store.EdgeType, to store.ID) {
	id := store.NewID(string(t), newKey())
	d.Link = append(d.Link, store.Edge{ID: id, From: e.point.ID, To: to, Props: e.statement()})
	d.If = append(d.If, store.Cond{ID: id})
}
