package kritis

import (
	"cmp"
	"context"
	"time"

	"kritisgraph/internal/kritis/channel"
	"kritisgraph/internal/store"
)

// StaleAfter is how long a contact counts as verified.
const StaleAfter = 90 * 24 * time.Hour

// ContactPoint is a role that a body holds under an act, for a Land.
type ContactPoint struct {
	named
	view *View
	at   time.Time // the moment that reachability and staleness speak of
	// channels are set where they were read with the contact point.
	channels []*ContactChannel
	loaded   bool
}

// contactPoint returns a contact point that the caller is given.
func (v *View) contactPoint(n store.Node) *ContactPoint {
	v.noteRead(n)
	return v.unreadContactPoint(n)
}

// unreadContactPoint returns one that may become part of an answer: who gives it to the caller notes it.
func (v *View) unreadContactPoint(n store.Node) *ContactPoint {
	return &ContactPoint{named: named{object{n}}, view: v, at: v.now}
}

// Role returns what kind of contact point it is.
func (c *ContactPoint) Role() ContactPointRole { return ContactPointRole(c.text("role")) }

// Status returns whether it can be used.
func (c *ContactPoint) Status() ContactPointStatus {
	return ContactPointStatus(c.text("contactStatus"))
}

// Provision returns where the role stands in its act.
func (c *ContactPoint) Provision() *string { return c.optional("provision") }

// VerifiedAt returns when the contact was last verified, nil where it never was.
func (c *ContactPoint) VerifiedAt() *time.Time { return c.instant("verifiedAt") }

// Stale reports whether it was not verified within 90 days before the moment asked.
func (c *ContactPoint) Stale() bool {
	at := c.VerifiedAt()
	return at == nil || c.at.Sub(*at) > StaleAfter
}

// LegalAct returns the act under which the role is held, nil for an office.
func (c *ContactPoint) LegalAct(ctx context.Context) (*LegalAct, error) {
	return far[*LegalAct](ctx, c.view, c.node.ID, EdgeUnder, LabelLegalAct)
}

// FederalState returns its Land, nil where it has none or serves several.
func (c *ContactPoint) FederalState(ctx context.Context) (*FederalState, error) {
	if len(c.list("landCodes")) != 1 {
		return nil, nil //nolint:nilnil // the API's null
	}
	book, err := c.view.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	s, _ := lookup[*FederalState](book, LabelFederalState, c.list("landCodes")[0])
	return s, nil
}

// FederalStates returns the Länder that it is for, by code.
func (c *ContactPoint) FederalStates(ctx context.Context) ([]*FederalState, error) {
	return findAll[*FederalState](ctx, c.view, LabelFederalState, c.list("landCodes"))
}

// Holder returns the body that holds the role, nil where it is not known.
func (c *ContactPoint) Holder(ctx context.Context) (*Authority, error) {
	a, err := far[*Authority](ctx, c.view, c.node.ID, EdgeHeldBy, LabelAuthority)
	if err != nil || a == nil || a.Placeholder() {
		return nil, err
	}
	return a, nil
}

// far returns the first visible neighbor over an edge as the thing of the rulebook that it is.
func far[T Node](ctx context.Context, v *View, from store.ID, edge store.EdgeType, label store.Label) (T, error) {
	var none T
	hits, err := v.neighbors(ctx, from, edge, store.Out, label)
	if err != nil || len(hits) == 0 {
		return none, err
	}
	n, err := v.object(ctx, hits[0].Node)
	if err != nil {
		return none, err
	}
	x, _ := n.(T)
	return x, nil
}

// Channels returns the channels that the caller may see and that hold at the moment that the contact point speaks of, in order of
// preference.
func (c *ContactPoint) Channels(ctx context.Context) ([]*ContactChannel, error) {
	if c.loaded {
		for _, x := range c.channels {
			c.view.noteChannel(x, c.node.ID)
		}
		return c.channels, nil
	}
	pages, err := c.view.reader.Neighbors(ctx, store.Hop{
		From: []store.ID{c.node.ID}, Edge: EdgeHasChannel, Dir: store.Out,
		Query: store.Query{Labels: []store.Label{LabelChannel}, ValidOn: DayOf(c.at), Order: []store.Order{{Prop: "order"}}, Limit: store.MaxPage},
	})
	if err != nil {
		return nil, err
	}
	hits := pages[0].Hits
	out := make([]*ContactChannel, len(hits))
	for i, h := range hits {
		out[i] = c.view.channel(h.Node)
		c.view.noteChannel(out[i], c.node.ID)
	}
	return out, nil
}

// Reachability returns when it can be reached.
func (c *ContactPoint) Reachability(ctx context.Context) (*Reachability, error) {
	channels, err := c.Channels(ctx)
	if err != nil {
		return nil, err
	}
	return reachability(channels, c.at, c.optional("hours")), nil
}

// ContactChannel is a way to reach a contact point.
type ContactChannel struct {
	object
	now time.Time // of the request
}

func (v *View) channel(n store.Node) *ContactChannel { return &ContactChannel{object{n}, v.now} }

// Kind returns the kind of channel.
func (c *ContactChannel) Kind() ChannelKind { return ChannelKind(c.text("kind")) }

// Value returns the number as its source prints it, the address or link.
func (c *ContactChannel) Value() string { return cmp.Or(c.text("printed"), c.text("value")) }

// Purpose returns what it is for.
func (c *ContactChannel) Purpose() ChannelPurpose { return ChannelPurpose(c.text("purpose")) }

// Label returns what the source calls or prints it.
func (c *ContactChannel) Label() *string { return c.optional("label") }

// Windows returns the hours in which it is answered, none where they are not recorded.
func (c *ContactChannel) Windows() []string { return append([]string{}, c.list("windows")...) }

// Always reports whether it is answered at all hours.
func (c *ContactChannel) Always() bool { return c.flag("always") }

// Reachability says when a contact point can be reached. Now is nil where hours are not recorded.
type Reachability struct {
	Always     bool
	Now        *bool
	NextWindow *TimeWindow
	Hours      *string
}

// TimeWindow is a span of time, half-open.
type TimeWindow struct {
	Start time.Time
	End   time.Time
}

func reachability(channels []*ContactChannel, at time.Time, hours *string) *Reachability {
	r := &Reachability{Hours: hours}
	for _, c := range channels {
		if c.Always() {
			yes := true
			r.Always, r.Now, r.NextWindow = true, &yes, nil
			return r
		}
		w := window(c.list("windows"), at)
		if w == nil {
			continue
		}
		open := !w.Start.After(at)
		if r.Now == nil || open {
			r.Now = &open
		}
		if r.NextWindow == nil || w.Start.Before(r.NextWindow.Start) {
			r.NextWindow = w
		}
	}
	return r
}

// window returns the window that holds the moment or is the next one, nil where none is recorded. Hours are those of
// Europe/Berlin; what is no window is none.
func window(texts []string, at time.Time) *TimeWindow {
	windows := make([]channel.Window, 0, len(texts))
	for _, text := range texts {
		if w, err := channel.ParseWindow(text); err == nil {
			windows = append(windows, w)
		}
	}
	if len(windows) == 0 {
		return nil
	}
	span, ok := channel.Next(windows, at, Berlin)
	if !ok {
		return nil
	}
	return &TimeWindow{Start: span.Start, End: span.End}
}
