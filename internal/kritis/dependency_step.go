package kritis

import (
	"context"
	"time"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/store"
)

// DependencyStep is a dependency as a walk uses it. A facility or service uses those of its branch where none is registered: such a step is
// filled, its figures are estimates.
type DependencyStep struct {
	Key          string
	Kind         DependencyKind
	Strength     float64
	TimeToImpact time.Duration
	TimeRange    *DurationRange
	Delay        time.Duration // under the assumptions of the question
	Need         *string
	Substitute   *time.Duration
	Figures      Figures
	Filled       bool
	Evidence     *Evidence

	provider, dependent string
	subjects            *subjectSet
}

// Provider returns what is needed; of a filled step what uses the dependency of its branch.
func (s *DependencyStep) Provider(ctx context.Context) (DependencySubject, error) {
	return s.subjects.one(ctx, s.provider)
}

// Dependent returns what needs it.
func (s *DependencyStep) Dependent(ctx context.Context) (DependencySubject, error) {
	return s.subjects.one(ctx, s.dependent)
}

// step brings a step of the rule into the form of the API. Both ends are, or will be, in the set.
func (x *excerpt) step(s *impact.Step, subjects *subjectSet) *DependencyStep {
	e := s.Edge
	out := &DependencyStep{
		Key: s.Key, Kind: DependencyKind(e.Kind), Strength: fraction(e.Strength), TimeToImpact: duration(e.TimeToImpact), Delay: duration(s.Delay),
		Need: optional(e.Need), Figures: Figures(e.Figures), Filled: s.Filled, provider: s.Provider, dependent: s.Dependent, subjects: subjects,
	}
	if s.Filled {
		out.Figures = Figures(impact.Estimated)
	}
	if e.Substitute > 0 {
		out.Substitute = new(duration(e.Substitute))
	}
	stated := x.stated(e.Key)
	out.Evidence, out.TimeRange = evidenceOf(stated.Props), timeRangeOf(stated)
	return out
}

// stated is the dependency in the store with a key of the rule.
func (x *excerpt) stated(key string) store.Edge {
	if e, ok := x.book.supplies[key]; ok {
		return e
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.byKey[key]
}

func timeRangeOf(e store.Edge) *DurationRange {
	from, until := e.Prop("timeFromSeconds"), e.Prop("timeUntilSeconds")
	if from.IsZero() || until.IsZero() {
		return nil
	}
	return &DurationRange{From: seconds(from.Num()), To: seconds(until.Num())}
}
