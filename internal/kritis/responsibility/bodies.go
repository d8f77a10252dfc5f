package responsibility

import (
	"math/bits"
	"slices"
)

// stepHit is a body found in one completion. role is an index of the act's roles, land an index or federal.
type stepHit struct {
	role int
	land int
	row  *row
}

// gapHit is a gap found in one completion. row is the row of the step that it belongs to, or the one that begins later.
type gapHit struct {
	code GapCode
	role int // wholeAct: of the act as a whole
	land int
	body int // of the step, or noBody
	row  *row
	// maker is the row of the body that may fix the holder by ordinance, where nobody is designated.
	maker *row
}

const (
	wholeAct = -1
	noBody   = -1
)

// group is where one body is looked for: the Länder of one affected Land for contact points, else everything at once.
type group struct {
	contact bool
	land    int // federal: federal rows only
}

// bodies appends the steps and gaps of a role that is not displaced, in an act that is in force.
func (e *evaluation) bodies(c *completion, ap *actPlan, role int) {
	rp := &ap.roles[role]
	if !rp.role.ContactPoint() {
		if !e.winners(c, ap, role, group{}) {
			e.missing(c, ap, role, group{})
		}
		return
	}
	e.winners(c, ap, role, group{contact: true, land: federal})
	for set := e.unit.affected; set != 0; set &= set - 1 {
		g := group{contact: true, land: bits.TrailingZeros64(set)}
		if !e.winners(c, ap, role, g) {
			e.missing(c, ap, role, g)
		}
	}
}

// in says whether the row, which counts, belongs to the group.
func (g group) in(r *row) bool {
	if !g.contact {
		return true
	}
	if g.land == federal {
		return r.land == federal
	}
	return r.land == everyOne || r.land == g.land
}

// placeOf gives the Land of the step that a row makes in a group.
func (e *evaluation) placeOf(r *row, g group) int {
	switch {
	case r.land == federal:
		return federal
	case g.contact:
		return g.land
	default:
		return e.unit.site
	}
}

// runs says whether the row gives a body today.
func (e *evaluation) runs(c *completion, r *row, g group) bool {
	return g.in(r) && e.reaches(c, r) && e.validToday(r)
}

// level gives the highest specificity of the rows that give a body, 0 without any, and whether one of them names a body of a Land.
func (e *evaluation) level(c *completion, rows []*row, g group) (best Specificity, named bool) {
	for _, r := range rows {
		if r.Kind < best || !e.runs(c, r, g) {
			continue
		}
		if r.Kind > best {
			best, named = r.Kind, false
		}
		named = named || r.names()
	}
	return best, named
}

// names says whether the row is of a Land and its body no placeholder.
func (r *row) names() bool { return r.land != federal && !r.body.Placeholder() }

// winners appends the steps of the most specific rows and says whether there are any.
func (e *evaluation) winners(c *completion, ap *actPlan, role int, g group) bool {
	rows := ap.roles[role].rows
	best, named := e.level(c, rows, g)
	if best == 0 {
		return false
	}
	first := len(e.steps)
	for _, r := range rows {
		if r.Kind != best || !e.runs(c, r, g) || (named && r.land != federal && !r.names()) {
			continue
		}
		hit := stepHit{role: role, land: e.placeOf(r, g), row: r}
		if e.has(first, hit) {
			continue
		}
		e.steps = append(e.steps, hit)
		if code := e.gapOf(ap.act, hit); code != "" {
			e.designate(c, ap, gapHit{code: code, role: role, land: hit.land, body: r.bodyIndex, row: r})
		}
	}
	return true
}

func (e *evaluation) has(first int, hit stepHit) bool {
	for _, s := range e.steps[first:] {
		if s.land == hit.land && s.row.bodyIndex == hit.row.bodyIndex {
			return true
		}
	}
	return false
}

// gapOf gives the gap of a step: the row's holder wins over the status of the body, a published holder closes both.
func (e *evaluation) gapOf(a *act, s stepHit) GapCode {
	code := GapCode("")
	switch {
	case s.row.NotRecorded:
		code = NotRecorded
	case s.row.body.Status == BodyDesignatedNotPublished || s.row.body.Status == BodyDueNotPublished:
		code = NotPublished
	case s.row.body.Status == BodyToBeDesignated:
		code = NotDesignated
	case s.row.body.Status == BodyOnePerLand:
		code = NotRecorded
	}
	if code == "" || len(e.rb.held) == 0 {
		return code
	}
	p := place{act: a.Slug, role: s.row.Role}
	if s.land >= 0 {
		p.land = e.rb.lands[s.land].Code
	}
	if slices.ContainsFunc(e.rb.held[p], func(h Held) bool { return h.on(e.day) }) {
		return ""
	}
	return code
}

// missing appends the gap of a role without a body.
func (e *evaluation) missing(c *completion, ap *actPlan, role int, g group) {
	rp := &ap.roles[role]
	var next *row
	for _, r := range rp.rows {
		if g.in(r) && e.reaches(c, r) && r.from > e.day && (next == nil || r.from < next.from) {
			next = r
		}
	}
	if next != nil {
		e.gaps = append(e.gaps, gapHit{code: NotYetInForce, role: role, land: e.placeOf(next, g), body: noBody, row: next})
		return
	}
	if !rp.required || e.exempt(rp) {
		return
	}
	land := federal
	if g.contact {
		land = g.land
	} else if ap.act.landOnly {
		land = e.unit.site
	}
	e.designate(c, ap, gapHit{code: NotDesignated, role: role, land: land, body: noBody})
}

// designate appends a gap; one that waits for a designation learns who may make an ordinance.
func (e *evaluation) designate(c *completion, ap *actPlan, gap gapHit) {
	if gap.code == NotDesignated && ap.maker != nil && e.reaches(c, ap.maker) {
		gap.maker = ap.maker
	}
	e.gaps = append(e.gaps, gap)
}
