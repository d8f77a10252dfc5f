package responsibility

import "math/bits"

// tally gathers what one act gives over all completions of all units.
type tally struct {
	act       *act
	roles     []rolePlan
	steps     []stepTally
	gaps      []gapTally
	ambiguous bool
	regimes   bool
	codes     uint16 // gap codes that occur in any completion
	inUnit    int    // completions of the current unit with a regime

	reasons uint8 // why it does not apply: bit per index in reasonOrder
	because *row
	failed  condition
	sectors []*Sector
}

var reasonOrder = []Reason{NotCovered, OutOfScope, Excluded, Displaced}

// stepTally is a step and where it occurs. Two hits are one step if role, Land and body are equal.
type stepTally struct {
	role, land, body int
	certain          bool
	rows             []contribution
	unknown          uint32 // facts that decide it
	values           [attributeCount]uint8
	leaves           []*leaf // where it occurs, if the leaf decides

	present []uint64 // completions of the current unit
	inUnit  int
}

// contribution is a row that gives the step.
type contribution struct {
	row     *row
	leaves  int    // in how many leaves of units
	last    [2]int // unit and leaf counted last
	known   uint32 // attributes of its conditions that a unit knows
	assumed uint32 // those that count as their default
	seen    [attributeCount]uint8
}

type gapTally struct {
	gapHit
	certain bool
	inUnit  int
}

// pair is two completions that differ in one fact.
type pair struct{ a, b, fact int }

// unitTally runs all completions of the unit and folds them into the tallies, one per act.
func (e *evaluation) unitTally(tallies []*tally) {
	e.completions()
	e.pairsKnown = false
	for i := range e.list {
		c := &e.list[i]
		for j := range c.plan.acts {
			ap := &c.plan.acts[j]
			if !e.wanted(ap.act) {
				continue
			}
			t := tallies[ap.act.index]
			if t == nil {
				t = &tally{act: ap.act, roles: ap.roles}
				tallies[ap.act.index] = t
			}
			o := e.judge(c, ap)
			switch o.kind {
			case applies:
				e.count(t, i)
			case notApplied:
				t.refuse(o, c.plan.leaf.sector)
			case absent:
			}
		}
	}
	for _, t := range tallies {
		if t != nil && t.inUnit > 0 {
			e.fold(t)
		}
	}
}

func (e *evaluation) count(t *tally, completion int) {
	t.inUnit++
	for _, h := range e.steps {
		t.step(h).add(e, h, completion)
	}
	for _, h := range e.gaps {
		t.codes |= 1 << codeIndex(h.code)
		t.gap(h).inUnit++
	}
}

func (t *tally) refuse(o outcome, sector *Sector) {
	for i, r := range reasonOrder {
		if r == o.reason {
			t.reasons |= 1 << i
		}
	}
	if o.because != nil && (t.because == nil || o.because.index < t.because.index) {
		t.because = o.because
	}
	if o.reason == OutOfScope {
		if t.failed.values == 0 || o.failed.attribute < t.failed.attribute {
			t.failed = o.failed
		}
	}
	for _, s := range t.sectors {
		if s == sector {
			return
		}
	}
	t.sectors = append(t.sectors, sector)
}

func (t *tally) step(h stepHit) *stepTally {
	for i := range t.steps {
		if s := &t.steps[i]; s.role == h.role && s.land == h.land && s.body == h.row.bodyIndex {
			return s
		}
	}
	t.steps = append(t.steps, stepTally{role: h.role, land: h.land, body: h.row.bodyIndex})
	return &t.steps[len(t.steps)-1]
}

func (t *tally) gap(h gapHit) *gapTally {
	for i := range t.gaps {
		g := &t.gaps[i]
		if g.code != h.code || g.role != h.role || g.land != h.land || g.body != h.body {
			continue
		}
		if h.row.order() < g.row.order() {
			g.row = h.row
		}
		if g.maker == nil {
			g.maker = h.maker
		}
		return g
	}
	t.gaps = append(t.gaps, gapTally{gapHit: h})
	return &t.gaps[len(t.gaps)-1]
}

func (s *stepTally) add(e *evaluation, h stepHit, completion int) {
	for len(s.present) <= completion/64 {
		s.present = append(s.present, 0)
	}
	s.present[completion/64] |= 1 << (completion % 64)
	s.inUnit++
	var c *contribution
	for i := range s.rows {
		if s.rows[i].row == h.row {
			c = &s.rows[i]
		}
	}
	if c == nil {
		s.rows = append(s.rows, contribution{row: h.row, last: [2]int{-1, -1}})
		c = &s.rows[len(s.rows)-1]
	}
	if at := [2]int{e.number, e.list[completion].plan.leaf.index}; c.last != at {
		c.last = at
		c.leaves++
	}
	for _, cond := range h.row.conds {
		bit := uint32(1) << cond.attribute
		if e.free&bit != 0 {
			continue
		}
		c.seen[cond.attribute] |= 1 << e.list[completion].values[cond.attribute]
		if e.assumed&bit != 0 {
			c.assumed |= bit
		} else {
			c.known |= bit
		}
	}
}

func (s *stepTally) in(completion int) bool {
	return completion/64 < len(s.present) && s.present[completion/64]&(1<<(completion%64)) != 0
}

// fold closes a unit: what is in all of its completions is certain. A regime that exists in some only has its steps and gaps in
// some only, so it is ambiguous too.
func (e *evaluation) fold(t *tally) {
	n := len(e.list)
	t.regimes = true
	for i := range t.steps {
		s := &t.steps[i]
		switch s.inUnit {
		case 0:
			continue
		case n:
			s.certain = true
		default:
			t.ambiguous = true
			e.decide(s)
		}
		s.inUnit = 0
		clear(s.present)
	}
	for i := range t.gaps {
		g := &t.gaps[i]
		switch g.inUnit {
		case 0:
			continue
		case n:
			g.certain = true
		default:
			t.ambiguous = true
		}
		g.inUnit = 0
	}
	t.inUnit = 0
}

// decide finds the facts that decide a step: two completions differ in nothing else, and the step is in one of them only.
func (e *evaluation) decide(s *stepTally) {
	if !e.pairsKnown {
		e.pairUp()
	}
	for _, p := range e.pairs {
		if s.in(p.a) != s.in(p.b) {
			s.unknown |= 1 << p.fact
		}
	}
	for i := range e.list {
		if !s.in(i) {
			continue
		}
		for set := e.free; set != 0; set &= set - 1 {
			a := bits.TrailingZeros32(set)
			if v := e.list[i].values[a]; v != unknownValue {
				s.values[a] |= 1 << v
			} else {
				s.values[a] = 1<<len(attributes[a].Values) - 1
			}
		}
		s.at(e.list[i].plan.leaf)
	}
}

func (s *stepTally) at(l *leaf) {
	for _, x := range s.leaves {
		if x == l {
			return
		}
	}
	s.leaves = append(s.leaves, l)
}

func (e *evaluation) pairUp() {
	e.pairs, e.pairsKnown = e.pairs[:0], true
	for a := range e.list {
		for b := a + 1; b < len(e.list); b++ {
			if fact, ok := difference(&e.list[a], &e.list[b]); ok {
				e.pairs = append(e.pairs, pair{a, b, fact})
			}
		}
	}
}

// difference gives the one fact in which two completions differ. An attribute that a leaf does not ask for has any value there.
func difference(a, b *completion) (fact int, one bool) {
	n := 0
	if a.plan != b.plan {
		fact, n = unknownService, 1
		if a.plan.leaf.branch != b.plan.leaf.branch {
			fact = unknownBranch
		}
	}
	for i := range a.values {
		x, y := a.values[i], b.values[i]
		if x == y || x == unknownValue || y == unknownValue {
			continue
		}
		fact = i
		if n++; n > 1 {
			return 0, false
		}
	}
	return fact, n == 1
}
