package kritis

import (
	"math"

	"kritisgraph/internal/store"
)

// maxRationale is the greatest length of a rationale in characters.
const maxRationale = 1_000

// dependency writes what is said of a dependency.
func (e *edit) dependency(in *DependencyChangeInput) {
	if in.Kind != nil {
		e.props["kind"] = store.String(string(*in.Kind))
	}
	if in.Figures != nil {
		e.props["figures"] = store.String(string(*in.Figures))
	}
	if in.Strength != nil {
		e.strength(*in.Strength)
	}
	e.length("timeToImpactSeconds", "timeToImpact", in.TimeToImpact, false)
	e.timeRange(in.TimeRange, in.cleared("timeRange"))
	e.length("substituteSeconds", "substitute", in.Substitute, in.cleared("substitute"))
	e.text("rationale", "rationale", in.Rationale, in.cleared("rationale"), maxRationale)
	e.statement(in.Statement)
}

// strength writes the share of the dependent's service that goes. A finer one than four decimals is refused, not rounded: it would not be what
// was said.
func (e *edit) strength(value float64) {
	n := math.Round(value * 1e4)
	if n < 1 || n > 1e4 || math.Abs(value*1e4-n) > 1e-6 {
		e.bad(inputPath("strength"), "strength takes a number above 0 up to 1 with at most four decimals.")
		return
	}
	e.props["strengthMillionths"] = store.Int(int64(n) * 100)
}

// timeRange writes the ends of the time to impact, which lies between them.
func (e *edit) timeRange(r *DurationRangeInput, cleared bool) {
	wrong := len(e.errors)
	if r != nil {
		e.length("timeFromSeconds", "timeRange.from", &r.From, false)
		e.length("timeUntilSeconds", "timeRange.to", &r.To, false)
	}
	if cleared {
		delete(e.props, "timeFromSeconds")
		delete(e.props, "timeUntilSeconds")
	}
	from, to := e.props["timeFromSeconds"], e.props["timeUntilSeconds"]
	if len(e.errors) > wrong || from.IsZero() || to.IsZero() {
		return
	}
	if t := e.props["timeToImpactSeconds"]; !t.IsZero() && (t.Num() < from.Num() || t.Num() > to.Num()) {
		e.bad(inputPath("timeRange"), "A timeRange from %s to %s does not hold a timeToImpact of %s.", durationText(from.Num()), durationText(to.Num()), durationText(t.Num()))
	}
}

// need writes what the provider is needed for and returns it, empty for nothing.
func (e *edit) need(need *string) string {
	if need == nil {
		return ""
	}
	if err := CheckNeed(*need); err != nil {
		e.bad(inputPath("need"), "%s.", upperFirst(err.Error()))
		return ""
	}
	e.props["need"] = store.String(*need)
	return *need
}

// maxBefore is how many years back a dependency can be stated.
const maxBefore = 100

// first returns the first day on which a dependency holds.
func (e *edit) first(from *Day) Day {
	if from == nil {
		return e.now
	}
	if *from > e.latest || *from < e.earliest {
		e.bad(inputPath("validFrom"), "validFrom takes a day from %s to %s.", e.earliest, e.latest)
	}
	return *from
}

// lasting refuses what would be said of a dependency that ended, or of which an end did.
func (e *edit) lasting(ends *dependencyEnds) {
	if until := e.props[store.ValidUntil].Text(); until != "" && until <= string(e.now) {
		e.errors = append(e.errors, userError(UserConflict, inputPath("id"), "It ended on %s: state it again by dependencyCreate.", until))
	}
	if refused := ends.over(e.now, "id", "id"); refused != nil {
		e.errors = append(e.errors, refused)
	}
}

// endDependency writes the first day on which a dependency no longer holds. It may be its first day: then it never held.
func (e *edit) endDependency(until *Day) {
	if ended := e.props[store.ValidUntil].Text(); ended != "" && ended <= string(e.now) {
		e.errors = append(e.errors, userError(UserConflict, inputPath("id"), "It ended on %s.", ended))
		return
	}
	from := Day(e.props[store.ValidFrom].Text())
	day := max(e.now, from)
	if until != nil {
		day = *until
	}
	if day < from || day > e.latest {
		e.bad(inputPath("validUntil"), "validUntil takes a day from its first one, %s, up to %s.", from, e.latest)
		return
	}
	e.props[store.ValidUntil] = store.String(string(day))
}
