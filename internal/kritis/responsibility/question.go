package responsibility

import (
	"fmt"
	"strings"
)

// Question asks who is responsible for the units of one subject.
type Question struct {
	// Units of the subject; their order and repetition do not matter. Without any the answer is UNRESOLVED.
	Units   []Unit
	Purpose Purpose
	// Acts cuts the finished answer to these acts, by slug; empty: all. It never changes what displaces what.
	Acts []string
	Day  Day
}

// Answer applies the rule. It gives an [InputError] for a question that cannot be asked; the answer itself never fails.
// Equal questions have equal answers.
func (rb *Rulebook) Answer(q Question) (Answer, error) {
	e, err := rb.evaluation(q.Purpose, q.Acts, q.Day)
	if err != nil {
		return Answer{}, err
	}
	units := make([]facts, 0, len(q.Units))
	for i, u := range q.Units {
		f, err := rb.resolve(u)
		if err != nil {
			return Answer{}, within(err, i)
		}
		if !repeated(units, &f) {
			units = append(units, f)
		}
	}
	return e.answer(units), nil
}

// within puts the place of the unit before the field.
func within(err error, unit int) error {
	if in, ok := err.(*InputError); ok {
		return &InputError{fmt.Sprintf("units[%d].%s", unit, in.Field), in.Problem, in.Remedy}
	}
	return err
}

func repeated(units []facts, f *facts) bool {
	for i := range units {
		u := &units[i]
		if u.site == f.site && u.affected == f.affected && u.leaves == f.leaves && u.values == f.values {
			return true
		}
	}
	return false
}

func (rb *Rulebook) evaluation(p Purpose, acts []string, day Day) (*evaluation, error) {
	e := &evaluation{rb: rb, purpose: purposeIndex(p), day: day}
	if e.purpose < 0 {
		names := make([]string, len(purposeTable))
		for i := range purposeTable {
			names[i] = string(purposeTable[i].purpose)
		}
		return nil, &InputError{"purpose", fmt.Sprintf("there is no purpose %q", p), "give one of " + strings.Join(names, ", ")}
	}
	if !day.Valid() {
		return nil, &InputError{"day", fmt.Sprintf("%q is no day", day), "give a day of the calendar as YYYY-MM-DD"}
	}
	if len(acts) == 0 {
		return e, nil
	}
	e.filter = make([]bool, len(rb.acts))
	for _, slug := range acts {
		i, ok := rb.actBySlug[slug]
		if !ok {
			return nil, unknownSlug("legalActs", "legal act", slug)
		}
		e.filter[i] = true
	}
	return e, nil
}
