package responsibility

// Reason says why an act does not apply.
type Reason string

// The reasons.
const (
	NotCovered Reason = "NOT_COVERED"  // the act does not cover the sector
	OutOfScope Reason = "OUT_OF_SCOPE" // it covers the sector, but a fact of the subject keeps it out
	Excluded   Reason = "EXCLUDED"     // a gate: the act itself takes the subject out
	Displaced  Reason = "DISPLACED"    // another act takes its place
)

type outcomeKind uint8

const (
	absent     outcomeKind = iota // an act without scope that no row reaches, or of which nothing is left
	notApplied                    // with a reason
	applies                       // a regime
)

// outcome is what one act gives in one completion; the steps and gaps of a regime stand in the evaluation.
type outcome struct {
	kind    outcomeKind
	reason  Reason
	because *row // the gate or the displacing row
	failed  condition
}

// evaluation answers for one unit after the other. It is not safe for concurrent use.
type evaluation struct {
	rb      *Rulebook
	purpose int
	day     Day
	filter  []bool // by act; nil: all
	unit    facts
	number  int // of the unit

	list          []completion
	free, assumed uint32    // attributes that are open, and that count as their default
	steps         []stepHit // of the act and completion that is judged
	gaps          []gapHit
	pairs         []pair // completions that differ in one fact
	pairsKnown    bool
}

func (e *evaluation) wanted(a *act) bool { return e.filter == nil || e.filter[a.index] }

// counts says whether the row has a place among the Länder of the unit and has not ended.
func (e *evaluation) counts(r *row) bool {
	if r.ValidUntil != "" && r.ValidUntil <= e.day {
		return false
	}
	switch {
	case r.land == federal:
		return true
	case r.Role.ContactPoint():
		return (r.land == everyOne && e.unit.affected != 0) || (r.land >= 0 && e.unit.affected&(1<<r.land) != 0)
	default:
		return e.unit.site >= 0 && (r.land == everyOne || r.land == e.unit.site)
	}
}

func (e *evaluation) reaches(c *completion, r *row) bool { return e.counts(r) && c.holds(r.conds) }

// validToday expects a row that counts, so its end lies ahead.
func (e *evaluation) validToday(r *row) bool { return r.from != "" && r.from <= e.day }

// actState says how an act stands on the day.
type actState uint8

const (
	inForce actState = iota
	notYet
	notConfirmed
)

func (e *evaluation) state(a *act) actState {
	switch {
	case !a.confirmed:
		return notConfirmed
	case a.start <= e.day:
		return inForce
	case a.startSeen:
		return notYet
	default:
		return notConfirmed
	}
}

// judge gives the outcome of an act in a completion: scope, gate, displacement, time, bodies. It leaves steps and gaps in e.
func (e *evaluation) judge(c *completion, ap *actPlan) outcome {
	e.steps, e.gaps = e.steps[:0], e.gaps[:0]
	if o := e.entry(c, ap); o.kind != applies {
		return o
	}
	state := e.state(ap.act)
	var displacer *row
	plays := false
	for i := range ap.roles {
		rp := &ap.roles[i]
		if d := e.displacer(c, rp, state); d != nil {
			if displacer == nil {
				displacer = d
			}
			continue
		}
		if state != inForce {
			plays = plays || e.plays(c, rp)
			continue
		}
		e.bodies(c, ap, i)
	}
	if plays {
		e.gaps = append(e.gaps, gapHit{code: timeGap(state), role: wholeAct, land: federal, body: noBody})
	}
	switch {
	case len(e.steps) > 0 || len(e.gaps) > 0:
		return outcome{kind: applies}
	case displacer != nil:
		return outcome{kind: notApplied, reason: Displaced, because: displacer}
	default:
		return outcome{kind: absent}
	}
}

func timeGap(s actState) GapCode {
	if s == notYet {
		return NotYetInForce
	}
	return NotConfirmed
}

// entry judges scope and gate, and for an act without scope whether a row reaches.
func (e *evaluation) entry(c *completion, ap *actPlan) outcome {
	if c.plan.duty {
		if ap.act.Scope != nil {
			if o := e.scope(c, ap); o.kind != applies {
				return o
			}
		}
		for _, g := range ap.gates {
			if e.counts(g.row) && (g.takenOut || !c.holds(g.conds)) {
				return outcome{kind: notApplied, reason: Excluded, because: g.row}
			}
		}
	}
	if ap.act.Scope != nil {
		return outcome{kind: applies}
	}
	for i := range ap.roles {
		for _, r := range ap.roles[i].rows {
			if e.reaches(c, r) {
				return outcome{kind: applies}
			}
		}
	}
	return outcome{kind: absent}
}

func (e *evaluation) scope(c *completion, ap *actPlan) outcome {
	if ap.covered {
		if failed, ok := c.inside(ap.act.scope); !ok {
			return outcome{kind: notApplied, reason: OutOfScope, failed: failed}
		}
		return outcome{kind: applies}
	}
	for _, r := range ap.openers {
		if e.reaches(c, r) {
			return outcome{kind: applies}
		}
	}
	return outcome{kind: notApplied, reason: NotCovered}
}

// displacer finds the first row that takes the role from the act. For an act that is not in force every row counts as in force.
func (e *evaluation) displacer(c *completion, rp *rolePlan, state actState) *row {
	for _, r := range rp.displacers {
		if e.reaches(c, r) && (state != inForce || e.validToday(r)) {
			return r
		}
	}
	return nil
}

// plays says whether the act would have a step or gap in the role if it were in force.
func (e *evaluation) plays(c *completion, rp *rolePlan) bool {
	for _, r := range rp.rows {
		if e.reaches(c, r) {
			return true
		}
	}
	return rp.required && !e.exempt(rp)
}

// exempt says whether a row of the role takes the subject out, so that a missing body is no gap.
func (e *evaluation) exempt(rp *rolePlan) bool {
	for _, r := range rp.takenOut {
		if e.counts(r) {
			return true
		}
	}
	return false
}
