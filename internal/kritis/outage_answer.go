package kritis

import (
	"context"
	"slices"
	"sync"
	"time"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// Impact is what fails, when, where, and who has to be told. A planning aid, never an official finding.
type Impact struct {
	excerpt  *excerpt
	graph    *impact.Graph
	question impact.Question
	answer   impact.Answer
	purposes []responsibility.Purpose
	incident *Incident // nil in a simulation
	subjects *subjectSet
	open     []store.ID // facilities of which it was not asked what depends on them
	entries  []*ImpactEntry
	inform   informing
	critical criticality
}

// impact asks a question of which the roots were read.
func (x *excerpt) impact(ctx context.Context, q impact.Question, purposes []responsibility.Purpose, of *Incident) (*Impact, error) {
	i := &Impact{excerpt: x, question: q, purposes: purposes, incident: of}
	var err error
	if i.graph, i.answer, err = x.cascade(ctx, q); err != nil {
		return nil, outageError(err)
	}
	x.forget(i.answer)
	i.subjects = x.view.subjectSet()
	for _, e := range i.answer.Entries {
		if id := subjectID(e.Subject); store.Label(id.Kind()) == LabelFacility && !x.left[id] {
			i.open = append(i.open, id)
		}
	}
	i.entries = make([]*ImpactEntry, len(i.answer.Entries))
	for n := range i.answer.Entries {
		i.entries[n] = &ImpactEntry{of: i, entry: &i.answer.Entries[n]}
		i.subjects.add(i.answer.Entries[n].Subject)
	}
	return i, nil
}

// Entries returns what fails: earliest first, then strongest, then with the fewest hops, then by key.
func (i *Impact) Entries() []*ImpactEntry { return i.entries }

func (i *Impact) numbered(list []int) []*ImpactEntry {
	out := make([]*ImpactEntry, len(list))
	for n, at := range list {
		out[n] = i.entries[at]
	}
	return out
}

// ImpactWave are the effects of one order: the entries that are reached after the same number of dependencies.
type ImpactWave struct {
	Index       int32
	StartsAfter time.Duration
	Entries     []*ImpactEntry
}

// Waves returns the entries by the number of dependencies on their path, roots first.
func (i *Impact) Waves() []*ImpactWave {
	out := []*ImpactWave{}
	for _, w := range i.answer.Waves() {
		out = append(out, &ImpactWave{Index: int32(w.Hops), StartsAfter: duration(w.StartsAfter), Entries: i.numbered(w.Entries)}) //nolint:gosec // at most ten
	}
	return out
}

// ImpactMoment are the entries that fail at the same time.
type ImpactMoment struct {
	StartsAfter time.Duration
	Entries     []*ImpactEntry
}

// Timeline returns the entries by when they fail.
func (i *Impact) Timeline() []*ImpactMoment {
	out := []*ImpactMoment{}
	for _, m := range i.answer.Timeline() {
		out = append(out, &ImpactMoment{StartsAfter: duration(m.StartsAfter), Entries: i.numbered(m.Entries)})
	}
	return out
}

// FederalStateImpact is what is affected in a Land.
type FederalStateImpact struct {
	FederalState *FederalState
	EntryCount   int32
	Population   *int32
}

// FederalStates returns the affected Länder, by code.
func (i *Impact) FederalStates() []*FederalStateImpact {
	out := []*FederalStateImpact{}
	for _, s := range i.answer.FederalStates {
		out = append(out, &FederalStateImpact{i.excerpt.book.land(s.Code), int32(s.Entries), people(s.Population)}) //nolint:gosec // at most ten thousand
	}
	return out
}

// people is a number of inhabitants, which fits: a Land has fewer than 2^31.
func people(n *int64) *int32 {
	if n == nil {
		return nil
	}
	return new(int32(min(*n, 1<<31-1))) //nolint:gosec // clamped
}

// Truncation says that an answer is not all there is, and which limit did it.
type Truncation struct {
	Reason TruncationReason
	Limit  string
}

// TruncationReason says what cut an answer.
type TruncationReason string

func truncations(list []impact.Truncation) []*Truncation {
	out := []*Truncation{}
	for _, t := range list {
		out = append(out, &Truncation{TruncationReason(t.Reason), t.Limit})
	}
	return out
}

// Truncation says what cut the answer; empty where nothing did.
func (i *Impact) Truncation() []*Truncation { return truncations(i.answer.Truncations) }

// ImpactUnknown says of how many entries something is not known.
type ImpactUnknown struct {
	Code  ImpactUnknownCode
	Count int32
}

// ImpactUnknownCode says what is not known.
type ImpactUnknownCode string

// Unknowns says what is not known of the entries, by code, without zeros.
func (i *Impact) Unknowns(ctx context.Context) ([]*ImpactUnknown, error) {
	supplying, err := i.excerpt.supplying(ctx, i.open)
	if err != nil {
		return nil, err
	}
	informed, err := i.informed(ctx)
	if err != nil {
		return nil, err
	}
	counts := map[ImpactUnknownCode]int32{
		ImpactUnknownCode(impact.NoRegisteredDependents): int32(len(i.open) - supplying), //nolint:gosec // at most ten thousand
		"RESPONSIBILITY_UNRESOLVED":                      informed.unresolved,
	}
	for _, u := range i.answer.Unknowns {
		counts[ImpactUnknownCode(u.Code)] += int32(u.Count) //nolint:gosec // as above
	}
	out := []*ImpactUnknown{}
	for code, count := range counts {
		if count > 0 {
			out = append(out, &ImpactUnknown{code, count})
		}
	}
	slices.SortFunc(out, func(a, b *ImpactUnknown) int { return compareText(string(a.Code), string(b.Code)) })
	return out, nil
}

// CriticalDependency is a dependency on the paths of an answer and what would be spared without it.
type CriticalDependency struct {
	Dependency   *DependencyStep
	SparedCount  int32
	DelayedCount int32
}

// criticality is what the dependencies are worth. It is found once, when somebody wants to know.
type criticality struct {
	once sync.Once
	list []*CriticalDependency
	err  error
}

// CriticalDependencies returns the dependencies without which most would be spared, at most ten.
func (i *Impact) CriticalDependencies(ctx context.Context) ([]*CriticalDependency, error) {
	i.critical.once.Do(func() { i.critical.list, i.critical.err = i.mostCritical(ctx) })
	return i.critical.list, i.critical.err
}

func (i *Impact) mostCritical(ctx context.Context) ([]*CriticalDependency, error) {
	end, err := i.excerpt.view.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	graph := i.graph
	if cutBy(i.answer, impact.NodeBudget) {
		// Without a dependency others come within the budget, which were not read.
		more := i.question
		more.Bounds.MaxNodes = impact.MostNodes
		if graph, err = i.extend(ctx, more); err != nil {
			return nil, err
		}
	}
	found, err := graph.CriticalDependencies(ctx, i.question)
	if err != nil {
		return nil, err
	}
	out := []*CriticalDependency{}
	for n := range found {
		out = append(out, &CriticalDependency{i.step(&found[n].Step), int32(found[n].SparedCount), int32(found[n].DelayedCount)}) //nolint:gosec // at most ten thousand
	}
	return out, nil
}

// ImpactComparison says how the answer under other assumptions differs.
type ImpactComparison struct {
	of         *Impact
	comparison impact.Comparison
	subjects   *subjectSet
}

// CompareWith asks the same question under other assumptions.
func (i *Impact) CompareWith(ctx context.Context, in OutageAssumptionsInput) (*ImpactComparison, error) {
	end, err := i.excerpt.view.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	there := i.question
	there.Assumptions = in.assumptions()
	graph, err := i.extend(ctx, there)
	if err != nil {
		return nil, outageError(err)
	}
	c, err := graph.Compare(ctx, i.question, there.Assumptions)
	if err != nil {
		return nil, outageError(err)
	}
	out := &ImpactComparison{of: i, comparison: c, subjects: i.excerpt.view.subjectSet()}
	out.subjects.add(c.OnlyHere...)
	out.subjects.add(c.OnlyThere...)
	for _, s := range c.Shifted {
		out.subjects.add(s.Subject)
	}
	return out, nil
}

// extend reads what another question of the same roots needs besides.
func (i *Impact) extend(ctx context.Context, q impact.Question) (*impact.Graph, error) {
	x := i.excerpt
	x.mu.Lock()
	defer x.mu.Unlock()
	g, _, err := x.cascade(ctx, q)
	x.forget(i.answer)
	return g, err
}

// OnlyHere returns what fails under the assumptions of the answer only, by key.
func (c *ImpactComparison) OnlyHere(ctx context.Context) ([]DependencySubject, error) {
	return c.subjects.all(ctx, c.comparison.OnlyHere)
}

// OnlyThere returns what fails under the other assumptions only, by key.
func (c *ImpactComparison) OnlyThere(ctx context.Context) ([]DependencySubject, error) {
	return c.subjects.all(ctx, c.comparison.OnlyThere)
}

// ImpactShift is something that fails both times, but not at the same time.
type ImpactShift struct {
	Here, There time.Duration
	subject     string
	subjects    *subjectSet
}

// Subject returns what fails.
func (s *ImpactShift) Subject(ctx context.Context) (DependencySubject, error) {
	return s.subjects.one(ctx, s.subject)
}

// Shifted returns what fails both times, but not at the same time, by key.
func (c *ImpactComparison) Shifted() []*ImpactShift {
	out := []*ImpactShift{}
	for _, s := range c.comparison.Shifted {
		out = append(out, &ImpactShift{duration(s.Here), duration(s.There), s.Subject, c.subjects})
	}
	return out
}

// ImpactEntry is something that fails, by the best of its ways: the earliest, of these the strongest, of these the shortest.
type ImpactEntry struct {
	of    *Impact
	entry *impact.Entry
}

// Subject returns what fails.
func (e *ImpactEntry) Subject(ctx context.Context) (DependencySubject, error) {
	return e.of.subjects.one(ctx, e.entry.Subject)
}

// FederalStates returns the Länder that it touches, by code.
func (e *ImpactEntry) FederalStates() []*FederalState {
	out := []*FederalState{}
	for _, code := range e.entry.FederalStates {
		out = append(out, e.of.excerpt.book.land(code))
	}
	return out
}

// StartsAfter returns how long after the roots it fails.
func (e *ImpactEntry) StartsAfter() time.Duration { return duration(e.entry.StartsAfter) }

// Strength returns the share of its service that goes, from 0 to 1.
func (e *ImpactEntry) Strength() float64 { return fraction(e.entry.Strength) }

func fraction(s impact.Strength) float64 { return float64(s) / float64(impact.Whole) }

// Hops returns how many dependencies lie between the root and it.
func (e *ImpactEntry) Hops() int32 { return int32(e.entry.Hops) } //nolint:gosec // at most ten

// Figures says whether all figures on its path are sourced.
func (e *ImpactEntry) Figures() Figures { return Figures(e.entry.Figures) }

// Via returns the dependency that makes it fail, nil for a root.
func (e *ImpactEntry) Via() *DependencyStep {
	if via := e.entry.Via(); via != nil {
		return e.of.step(via)
	}
	return nil
}

// Path returns the dependencies from the root to it.
func (e *ImpactEntry) Path() []*DependencyStep {
	out := []*DependencyStep{}
	for n := range e.entry.Path {
		out = append(out, e.of.step(&e.entry.Path[n]))
	}
	return out
}

// Recovery returns how long after the beginning of the outage it works again, nil where that is not known.
func (e *ImpactEntry) Recovery() *time.Duration {
	if e.entry.Recovery == nil {
		return nil
	}
	return new(duration(*e.entry.Recovery))
}

func (i *Impact) step(s *impact.Step) *DependencyStep { return i.excerpt.step(s, i.subjects) }
