package kritis

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// contactDirectory holds the contact points that the steps of some answers need, with their channels.
type contactDirectory struct {
	view   *View
	points map[store.ID]*ContactPoint // at the moment of the request
	ofLand map[string][]*ContactPoint
	ofBody map[string][]*ContactPoint
	act    map[store.ID]string // of a contact point
}

// addContacts reads the contact points of all steps and alternatives in one walk.
func (v *View) addContacts(ctx context.Context, answers []*Responsibility) error {
	from := map[store.ID]bool{}
	for _, r := range answers {
		if r == nil {
			continue
		}
		for i := range r.answer.Regimes {
			regime := &r.answer.Regimes[i]
			for j := range regime.Chain {
				from[contactSource(&regime.Chain[j])] = true
			}
			for j := range regime.Alternatives {
				from[contactSource(&regime.Alternatives[j].Step)] = true
			}
		}
	}
	d, err := v.readContacts(ctx, from)
	if err != nil {
		return err
	}
	for _, r := range answers {
		if r != nil {
			r.contacts = d
		}
	}
	return nil
}

// contactSource is where the walk to the contact point of a step begins: the Land for a contact role, else the body.
func contactSource(s *responsibility.Step) store.ID {
	if s.Role.ContactPoint() {
		return store.NewID(string(LabelFederalState), s.Land)
	}
	return store.NewID(string(LabelAuthority), s.Body.Slug)
}

func (v *View) readContacts(ctx context.Context, from map[store.ID]bool) (*contactDirectory, error) {
	d := &contactDirectory{
		view: v, points: map[store.ID]*ContactPoint{}, ofLand: map[string][]*ContactPoint{}, ofBody: map[string][]*ContactPoint{},
		act: map[store.ID]string{},
	}
	if len(from) == 0 {
		return d, nil
	}
	w := store.Walk{
		Follow: []store.Step{
			{Edge: EdgeContactFor, Dir: store.In}, {Edge: EdgeHeldBy, Dir: store.In}, {Edge: EdgeUnder, Dir: store.Out},
			{Edge: EdgeHasChannel, Dir: store.Out},
		},
		Stop: []store.Label{LabelLegalAct, LabelChannel}, Depth: 2, MaxNodes: store.MaxWalk,
	}
	for id := range from {
		w.From = append(w.From, id)
	}
	slices.Sort(w.From)
	graph, err := v.app.store.Traverse(ctx, v.reader.Scope(), w)
	if err != nil {
		return nil, err
	}
	if graph.Truncated {
		return nil, &Error{Code: CodeLimit, Message: "The answer has too many contact points: ask for fewer subjects at once."}
	}
	channels := map[store.ID]*ContactChannel{}
	for _, n := range graph.Nodes {
		switch n.Label() {
		case LabelContactPoint:
			p := v.unreadContactPoint(n)
			p.channels, p.loaded = []*ContactChannel{}, true
			d.points[n.ID] = p
		case LabelChannel:
			channels[n.ID] = v.channel(n)
		}
	}
	d.connect(graph.Edges, channels)
	return d, nil
}

func (d *contactDirectory) connect(edges []store.Edge, channels map[store.ID]*ContactChannel) {
	for _, e := range edges {
		p := d.points[e.From]
		if p == nil {
			continue
		}
		switch e.Type() {
		case EdgeContactFor:
			d.ofLand[e.To.Key()] = append(d.ofLand[e.To.Key()], p)
		case EdgeHeldBy:
			d.ofBody[e.To.Key()] = append(d.ofBody[e.To.Key()], p)
		case EdgeUnder:
			d.act[e.From] = e.To.Key()
		case EdgeHasChannel:
			if c := channels[e.To]; c != nil {
				p.channels = append(p.channels, c)
			}
		}
	}
	for _, p := range d.points {
		slices.SortFunc(p.channels, func(a, b *ContactChannel) int {
			return cmp.Or(cmp.Compare(a.number("order"), b.number("order")), cmp.Compare(a.node.ID, b.node.ID))
		})
	}
}

// contact returns the contact point of a step at the moment of the answer, nil where there is none.
func (r *Responsibility) contact(s *responsibility.Step, act *responsibility.Act) *ContactPoint {
	p := r.contacts.find(s, act, r.Day)
	if p == nil {
		return nil
	}
	at := *p
	at.at, at.channels = r.at, channelsOn(p.channels, r.Day)
	return &at
}

// channelsOn keeps the channels that hold on the day.
func channelsOn(channels []*ContactChannel, day Day) []*ContactChannel {
	out := make([]*ContactChannel, 0, len(channels))
	for _, c := range channels {
		if store.ValidOn(c.node.Props, day) {
			out = append(out, c)
		}
	}
	return out
}

func (d *contactDirectory) find(s *responsibility.Step, act *responsibility.Act, day store.Day) *ContactPoint {
	if s.Role.ContactPoint() {
		return firstContact(d.ofLand[s.Land], day, func(p *ContactPoint) bool { return roleOfContact[p.Role()] == s.Role })
	}
	held := d.ofBody[s.Body.Slug]
	if own := firstContact(held, day, func(p *ContactPoint) bool { return d.act[p.node.ID] == act.Slug }); own != nil {
		return own
	}
	return firstContact(held, day, func(p *ContactPoint) bool { return p.Role() == ContactOffice })
}

// firstContact returns the first contact point that fits and is valid on the day, a published one before the others; nil
// where there is none.
func firstContact(points []*ContactPoint, day store.Day, fits func(*ContactPoint) bool) *ContactPoint {
	var first *ContactPoint
	for _, p := range points {
		switch {
		case !store.ValidOn(p.node.Props, day) || !fits(p):
		case p.Status() == ContactPublished:
			return p
		case first == nil:
			first = p
		}
	}
	return first
}

// reachability returns the gaps that the contact point of a certain step shows. They are said of bodies that are known.
func (r *Responsibility) reachability(s *responsibility.Step, act *responsibility.Act) []responsibility.GapCode {
	p := r.contact(s, act)
	held := p != nil && p.Status() == ContactPublished
	if s.Body.Placeholder() && !held {
		return nil
	}
	if p == nil || len(p.channels) == 0 {
		return []responsibility.GapCode{responsibility.NoChannel}
	}
	var codes []responsibility.GapCode
	if p.Stale() {
		codes = append(codes, responsibility.StaleContact)
	}
	always := slices.ContainsFunc(p.channels, (*ContactChannel).Always)
	if !always && r.Purpose.AtAllHours() {
		codes = append(codes, responsibility.No247Channel)
	}
	return codes
}

// verified returns the day on which the contact point of a step was last verified, empty where it never was.
func (r *Responsibility) verified(s *responsibility.Step, act *responsibility.Act) responsibility.Day {
	p := r.contact(s, act)
	if p == nil || p.VerifiedAt() == nil {
		return ""
	}
	return responsibility.Day(DayOf(*p.VerifiedAt()))
}

// Coverage is the matrix Land × sector of one act.
type Coverage struct {
	Purpose responsibility.Purpose
	Day     store.Day
	act     *LegalAct
	view    *View
	book    *Rulebook
	at      time.Time
	asOf    *time.Time // as asked
	cells   [][]responsibility.Cell
}

// LegalAct returns the act.
func (c *Coverage) LegalAct() *LegalAct { return c.act }

// CoverageRow is a row of the matrix.
type CoverageRow struct {
	FederalState *FederalState
	Cells        []*CoverageCell
}

// CoverageCell is a cell of the matrix.
type CoverageCell struct {
	Sector *Sector
	Status responsibility.Status
	Gaps   []*CoverageGap
}

// CoverageGap is a kind of gap in a cell.
type CoverageGap struct {
	Code responsibility.GapCode
}

// Coverage asks how an act stands in each Land for each sector.
func (v *View) Coverage(ctx context.Context, legalAct string, asOf *time.Time, purpose *responsibility.Purpose) (*Coverage, error) {
	book, err := v.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	at := v.moment(asOf)
	c := &Coverage{Purpose: responsibility.ForSupervision, Day: DayOf(at), view: v, book: book, at: at, asOf: asOf}
	if purpose != nil {
		c.Purpose = *purpose
	}
	if c.cells, err = book.rule.Coverage(legalAct, responsibility.Day(c.Day), c.Purpose); err != nil {
		return nil, ruleError(err, map[string]string{"legalActs": "legalAct"})
	}
	c.act, _ = lookup[*LegalAct](book, LabelLegalAct, legalAct)
	return c, nil
}

// Rows returns one row for each Land, by code.
func (c *Coverage) Rows() []*CoverageRow {
	rows := make([]*CoverageRow, len(c.cells))
	for i, cells := range c.cells {
		row := &CoverageRow{FederalState: c.book.land(cells[0].Land), Cells: make([]*CoverageCell, len(cells))}
		for j, cell := range cells {
			sector, _ := lookup[*Sector](c.book, LabelSector, cell.Sector)
			out := &CoverageCell{Sector: sector, Status: cell.Status, Gaps: make([]*CoverageGap, len(cell.Codes))}
			for k, code := range cell.Codes {
				out.Gaps[k] = &CoverageGap{Code: code}
			}
			row.Cells[j] = out
		}
		rows[i] = row
	}
	return rows
}

// LackingContactPoint is a Land without a usable contact point of a role.
type LackingContactPoint struct {
	FederalState *FederalState
	Reason       responsibility.GapCode
}

// LackingContactPoint returns the Länder without a contact point of the role that is published and reachable at all hours.
func (c *Coverage) LackingContactPoint(ctx context.Context, role ContactPointRole) ([]*LackingContactPoint, error) {
	from := map[store.ID]bool{}
	for _, s := range c.book.states {
		from[s.StoreID()] = true
	}
	d, err := c.view.readContacts(ctx, from)
	if err != nil {
		return nil, err
	}
	out := []*LackingContactPoint{}
	for _, s := range c.book.states {
		if reason := c.lack(d.ofLand[s.text("code")], role); reason != "" {
			out = append(out, &LackingContactPoint{FederalState: s, Reason: reason})
		}
	}
	return out, nil
}

// lack returns what keeps the best of the contact points from being usable, empty if it is usable.
func (c *Coverage) lack(points []*ContactPoint, role ContactPointRole) responsibility.GapCode {
	reason := responsibility.NotPublished
	for _, p := range points {
		if p.Role() != role || p.Status() != ContactPublished || !store.ValidOn(p.node.Props, c.Day) {
			continue
		}
		channels := channelsOn(p.channels, c.Day)
		switch {
		case slices.ContainsFunc(channels, (*ContactChannel).Always):
			return ""
		case len(channels) > 0:
			reason = responsibility.No247Channel
		case reason == responsibility.NotPublished:
			reason = responsibility.NoChannel
		}
	}
	return reason
}
