package responsibility

import (
	"cmp"
	"math/bits"
	"slices"
)

// Status sums an answer or a regime up.
type Status string

// The statuses. NotApplicableStatus is for cells of [Coverage] only.
const (
	Resolved            Status = "RESOLVED"
	Partial             Status = "PARTIAL"
	Ambiguous           Status = "AMBIGUOUS"
	Unresolved          Status = "UNRESOLVED"
	NotApplicableStatus Status = "NOT_APPLICABLE"
)

// Answer is who is responsible. Regimes stand in the order of the rule, NotApplicable likewise.
type Answer struct {
	Status        Status
	Regimes       []Regime
	NotApplicable []NotApplicable
}

// Regime is what one act says.
type Regime struct {
	Act       *Act
	Status    Status
	Displaces []*Act // that give way to steps or alternatives of this regime, in data order
	// Chain holds the certain steps in the order in which one acts.
	Chain []Step
	// Alternatives depend on facts that are not known; the likeliest to be right comes first: more specific, better known.
	Alternatives []Alternative
	// Gaps are certain.
	Gaps []Gap
	// Codes are those of the gaps in any completion of the unknown facts, in the order of [GapCodes].
	Codes []GapCode
}

// Step is a body that is responsible.
type Step struct {
	Position    int // in the chain, from 1; 0 for an alternative
	Role        Role
	Land        string // code; empty for a federal body
	Body        *Body
	Competence  *Competence // the row that names the body
	Specificity Specificity // of that row
	// Others are further rows that lead to the same body, where facts are unknown or there are several units.
	Others []*Competence
	// Gap is what is missing for this step, or nil.
	Gap *Gap

	rb      *Rulebook
	act     *act
	row     *row
	reasons []reason
}

// Alternative is a step that stands only if facts that are not known are so.
type Alternative struct {
	Step
	// Unknowns are the facts that decide, in the order of [AllAttributes], then branch and service.
	Unknowns []UnknownFact
}

// UnknownFact is a fact that decides an alternative.
type UnknownFact struct {
	// Attribute is a name of [AllAttributes], or branch or service.
	Attribute string
	// Values are those with which the alternative can stand: values of the attribute, or slugs. All values: it depends on
	// other facts too.
	Values []string

	fact  int
	names []Names
}

// Question asks for the fact.
func (u *UnknownFact) Question(lang Lang) string { return factOf(u.fact).Question.In(lang) }

// NotApplicable is an act of the purpose that has no regime.
type NotApplicable struct {
	Act *Act
	// Reason is empty where unknown facts, or the units, lead to different ones. Where some of them keep the act away without a
	// reason, because none of its rows reaches, the reason of the others stands.
	Reason Reason
	// Because is the gate, or the row that displaces the act; nil for the other reasons.
	Because *Competence

	rb      *Rulebook
	act     *act
	row     *row
	failed  condition
	sectors []*Sector
}

// answer judges all units and unites what they give.
func (e *evaluation) answer(units []facts) Answer {
	tallies := make([]*tally, len(e.rb.acts))
	var sites uint64
	for i := range units {
		e.unit, e.number = units[i], i
		if e.unit.site >= 0 {
			sites |= 1 << e.unit.site
		}
		e.unitTally(tallies)
	}
	var out Answer
	for _, i := range e.rb.regimeOrder {
		switch t := tallies[i]; {
		case t == nil:
		case t.regimes:
			out.Regimes = append(out.Regimes, e.regime(t, sites))
		case t.reasons != 0:
			out.NotApplicable = append(out.NotApplicable, e.refusal(t))
		}
	}
	out.Status = sum(out.Regimes)
	return out
}

func sum(regimes []Regime) Status {
	count := map[Status]int{}
	for i := range regimes {
		count[regimes[i].Status]++
	}
	switch {
	case count[Ambiguous] > 0:
		return Ambiguous
	case count[Unresolved] == len(regimes):
		return Unresolved
	case count[Resolved] == len(regimes):
		return Resolved
	default:
		return Partial
	}
}

func (e *evaluation) refusal(t *tally) NotApplicable {
	n := NotApplicable{Act: &t.act.Act, rb: e.rb, act: t.act, failed: t.failed, sectors: t.sectors}
	slices.SortFunc(n.sectors, func(a, b *Sector) int { return cmp.Compare(a.Slug, b.Slug) })
	if bits.OnesCount8(t.reasons) != 1 {
		return n
	}
	n.Reason = reasonOrder[bits.TrailingZeros8(t.reasons)]
	if t.because != nil {
		n.row, n.Because = t.because, t.because.Competence
	}
	return n
}

func (e *evaluation) regime(t *tally, sites uint64) Regime {
	r := Regime{Act: &t.act.Act, Displaces: e.displaced(t)}
	place := func(land int) int { // sorts Länder: none, sites, others
		if land < 0 || sites&(1<<land) != 0 {
			return land
		}
		return land + maxLands
	}
	for i := range t.steps {
		slices.SortFunc(t.steps[i].rows, oftenFirst)
	}
	slices.SortFunc(t.steps, func(a, b stepTally) int {
		return cmp.Or(cmp.Compare(a.role, b.role), cmp.Compare(place(a.land), place(b.land)),
			cmp.Compare(a.rows[0].row.index, b.rows[0].row.index), cmp.Compare(a.body, b.body))
	})
	slices.SortFunc(t.gaps, func(a, b gapTally) int {
		return cmp.Or(cmp.Compare(a.role, b.role), cmp.Compare(place(a.land), place(b.land)),
			cmp.Compare(codeIndex(a.code), codeIndex(b.code)), cmp.Compare(a.row.order(), b.row.order()), cmp.Compare(a.body, b.body))
	})
	for i := range t.steps {
		s := &t.steps[i]
		step := e.step(t, s)
		if s.certain {
			step.Position = len(r.Chain) + 1
			r.Chain = append(r.Chain, step)
			continue
		}
		r.Alternatives = append(r.Alternatives, Alternative{Step: step, Unknowns: s.unknowns()})
	}
	slices.SortStableFunc(r.Alternatives, func(a, b Alternative) int {
		return cmp.Or(cmp.Compare(b.Specificity, a.Specificity), cmp.Compare(doubt(a.Competence), doubt(b.Competence)))
	})
	for i := range t.gaps {
		if g := &t.gaps[i]; g.certain {
			r.Gaps = append(r.Gaps, e.gap(t, g))
		}
	}
	for i, code := range gapCodes {
		if t.codes&(1<<i) != 0 {
			r.Codes = append(r.Codes, code)
		}
	}
	switch {
	case t.ambiguous:
		r.Status = Ambiguous
	case len(r.Chain) == 0:
		r.Status = Unresolved
	case len(r.Gaps) > 0:
		r.Status = Partial
	default:
		r.Status = Resolved
	}
	return r
}

// order sorts rows by data order, none first.
func (r *row) order() int {
	if r == nil {
		return -1
	}
	return r.index
}

// oftenFirst puts the row that gives a step in the most leaves first, then the less specific, then data order.
func oftenFirst(a, b contribution) int {
	return cmp.Or(cmp.Compare(b.leaves, a.leaves), cmp.Compare(a.row.Kind, b.row.Kind), cmp.Compare(a.row.index, b.row.index))
}

func doubt(c *Competence) int {
	return slices.Index([]string{"VERIFIED", "MEMORY", "UNVERIFIED"}, c.Confidence)
}

func (e *evaluation) displaced(t *tally) []*Act {
	var set []int
	for i := range t.steps {
		for _, c := range t.steps[i].rows {
			for _, a := range c.row.displaces {
				if !slices.Contains(set, a) {
					set = append(set, a)
				}
			}
		}
	}
	slices.Sort(set)
	var out []*Act
	for _, a := range set {
		out = append(out, &e.rb.acts[a].Act)
	}
	return out
}

func (e *evaluation) step(t *tally, s *stepTally) Step {
	best := &s.rows[0]
	out := Step{
		Role: t.roles[s.role].role, Land: e.rb.landCode(s.land), Body: best.row.body, Competence: best.row.Competence,
		Specificity: best.row.Kind, rb: e.rb, act: t.act, row: best.row, reasons: s.reasons(),
	}
	for _, c := range s.rows[1:] {
		out.Others = append(out.Others, c.row.Competence)
	}
	for i := range t.gaps {
		g := &t.gaps[i]
		if g.role == s.role && g.land == s.land && g.body == s.body && (g.certain || !s.certain) {
			gap := e.gap(t, g)
			out.Gap = &gap
			break
		}
	}
	return out
}

func (e *evaluation) gap(t *tally, g *gapTally) Gap {
	out := Gap{Code: g.code, Land: e.rb.landCode(g.land), rb: e.rb, act: t.act, row: g.row, maker: g.maker}
	if g.role != wholeAct {
		out.Role = t.roles[g.role].role
	}
	if g.body != noBody {
		out.Body = &e.rb.bodies[g.body]
	}
	return out
}

func (rb *Rulebook) landCode(i int) string {
	if i < 0 {
		return ""
	}
	return rb.lands[i].Code
}

// unknowns gives the facts that decide the step.
func (s *stepTally) unknowns() []UnknownFact {
	var out []UnknownFact
	for set := s.unknown; set != 0; set &= set - 1 {
		u := UnknownFact{fact: bits.TrailingZeros32(set)}
		a := factOf(u.fact)
		u.Attribute = a.Name
		for i, v := range a.Values {
			if s.values[u.fact]&(1<<i) != 0 {
				u.Values = append(u.Values, v)
				u.names = append(u.names, a.Words[i])
			}
		}
		if u.fact >= attributeCount {
			s.leafValues(&u)
		}
		out = append(out, u)
	}
	return out
}

func (s *stepTally) leafValues(u *UnknownFact) {
	slices.SortFunc(s.leaves, func(a, b *leaf) int { return cmp.Compare(a.index, b.index) })
	for _, l := range s.leaves {
		slug, names := "", Names{}
		switch {
		case u.fact == unknownBranch && l.branch != nil:
			slug, names = l.branch.Slug, l.branch.Names
		case u.fact == unknownService && l.service != nil:
			slug, names = l.service.Slug, l.service.Names
		}
		if slug != "" && !slices.Contains(u.Values, slug) {
			u.Values = append(u.Values, slug)
			u.names = append(u.names, names)
		}
	}
}

// reason is a condition of the row of a step and how it holds.
type reason struct {
	attribute int
	values    uint8
	assumed   bool
}

// reasons gives the conditions of the chosen row that hold by known or assumed values; those that are open are unknowns.
func (s *stepTally) reasons() []reason {
	c := &s.rows[0]
	var out []reason
	for _, cond := range c.row.conds {
		bit := uint32(1) << cond.attribute
		if (c.known|c.assumed)&bit == 0 || (!s.certain && s.unknown&bit != 0) {
			continue
		}
		out = append(out, reason{cond.attribute, c.seen[cond.attribute], c.known&bit == 0})
	}
	return out
}
