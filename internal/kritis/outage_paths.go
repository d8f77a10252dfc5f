package kritis

import (
	"context"
	"strconv"
	"time"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/store"
)

// PathMode says which paths are wanted.
type PathMode string

// DependencyPathsQuestion asks how something depends on something else.
type DependencyPathsQuestion struct {
	Dependent DependencySubjectInput
	Provider  DependencySubjectInput
	MaxDepth  *int32
	Mode      *PathMode
	First     *int32
	AsOf      *time.Time
}

// DependencyPaths are the ways in which a failure spreads from a provider to a dependent.
type DependencyPaths struct {
	Exists     bool
	Paths      []*DependencyPath
	Truncation []*Truncation
}

// DependencyPath is one of them. It is a possibility: alternatives are not weighed.
type DependencyPath struct {
	Strength    float64
	StartsAfter time.Duration
	Figures     Figures
	Hops        []*DependencyStep
}

// Length returns how many dependencies it has.
func (p *DependencyPath) Length() int32 { return int32(len(p.Hops)) } //nolint:gosec // at most ten

const (
	defaultPathDepth = 4
	defaultPaths     = 10
	farthestPath     = 64 // dependencies: how far it is looked for a path that is longer than asked
)

func (in DependencyPathsQuestion) question(provider, dependent string) impact.PathsQuestion {
	q := impact.PathsQuestion{Dependent: dependent, Provider: provider, Select: impact.AllShortest, MaxDepth: defaultPathDepth, First: defaultPaths}
	if in.MaxDepth != nil {
		q.MaxDepth = int(*in.MaxDepth)
	}
	if in.Mode != nil {
		q.Select = impact.PathSelection(*in.Mode)
	}
	if in.First != nil {
		q.First = int(*in.First)
	}
	return q
}

// DependencyPaths finds the shortest or the strongest ways from a provider to a dependent, over branches, facilities and operators.
func (v *View) DependencyPaths(ctx context.Context, in DependencyPathsQuestion) (*DependencyPaths, error) {
	x, end, err := v.excerpt(ctx, in.AsOf)
	if err != nil {
		return nil, err
	}
	defer end()
	dependent, err := x.subject("dependent", &in.Dependent)
	if err != nil {
		return nil, err
	}
	provider, err := x.subject("provider", &in.Provider)
	if err != nil {
		return nil, err
	}
	q := in.question(provider, dependent)
	if err := q.Check(); err != nil {
		return nil, outageError(err)
	}
	if err := x.ends(ctx, q, q.MaxDepth); err != nil {
		return nil, err
	}
	found, err := x.paths(ctx, q)
	if err != nil {
		return nil, err
	}
	// Whether there is a longer path is asked only where there is none, for it can lead through the whole graph. Of what was met last the dependents are not
	// known, so that it may seem to use what its branch has.
	if !found.Exists && !x.cut && isRegistered(provider) {
		if err := x.ends(ctx, q, farthestPath); err != nil {
			return nil, err
		}
		if found, err = x.paths(ctx, q); err != nil {
			return nil, err
		}
	}
	return x.shownPaths(found), nil
}

func (x *excerpt) paths(ctx context.Context, q impact.PathsQuestion) (impact.Paths, error) {
	g, err := x.graph()
	if err != nil {
		return impact.Paths{}, err
	}
	found, err := g.Paths(ctx, q)
	return found, outageError(err)
}

// ends reads what lies between two ends: what the dependent needs where it is registered, else what depends on the provider. Nothing leads from a branch to what is registered.
func (x *excerpt) ends(ctx context.Context, q impact.PathsQuestion, depth int) error {
	var from, others []store.ID
	dir := store.In
	switch provider, dependent := isRegistered(q.Provider), isRegistered(q.Dependent); {
	case dependent:
		from = append(from, subjectID(q.Dependent))
		if provider {
			others = append(others, subjectID(q.Provider))
		} else {
			depth = 0
		}
	case provider:
		from, dir = append(from, subjectID(q.Provider)), store.Out
	default:
		return nil
	}
	if _, err := x.walk(ctx, depth, from, store.Step{Edge: EdgeSupplies, Dir: dir}); err != nil {
		return err
	}
	if _, met := x.nodes[subjectID(q.Provider)]; !met && len(others) > 0 {
		if _, err := x.walk(ctx, 0, others); err != nil {
			return err
		}
	}
	return x.present()
}

func (x *excerpt) shownPaths(found impact.Paths) *DependencyPaths {
	out := &DependencyPaths{Exists: found.Exists, Paths: []*DependencyPath{}, Truncation: truncations(found.Truncations)}
	if x.cut && len(found.Truncations) == 0 {
		out.Truncation = append(out.Truncation, &Truncation{TruncationReason(impact.NodeBudget), strconv.Itoa(maxExcerptNodes)})
	}
	subjects := x.view.subjectSet()
	for i := range found.List {
		p := &found.List[i]
		shown := &DependencyPath{Strength: fraction(p.Strength), StartsAfter: duration(p.StartsAfter), Figures: Figures(p.Figures)}
		for k := range p.Steps {
			subjects.add(p.Steps[k].Provider, p.Steps[k].Dependent)
			shown.Hops = append(shown.Hops, x.step(&p.Steps[k], subjects))
		}
		out.Paths = append(out.Paths, shown)
	}
	return out
}

// CommonCauseQuestion asks what takes down all of some subjects.
type CommonCauseQuestion struct {
	Subjects    []*DependencySubjectInput
	MaxDepth    *int32
	Horizon     *time.Duration
	MinStrength *float64
	First       *int32
	AsOf        *time.Time
}

// CommonCauses are what takes down all of some subjects, the first one first.
type CommonCauses struct {
	Causes     []*CommonCause
	Truncation []*Truncation
}

// CommonCause is something whose failure alone affects all of some subjects.
type CommonCause struct {
	StartsAfter time.Duration
	Strength    float64
	Figures     Figures

	subject  string
	subjects *subjectSet
}

// Subject returns what fails.
func (c *CommonCause) Subject(ctx context.Context) (DependencySubject, error) {
	return c.subjects.one(ctx, c.subject)
}

const mostCauses = 100

// CommonCause finds the branches, facilities and operators whose failure alone affects all subjects.
func (v *View) CommonCause(ctx context.Context, in CommonCauseQuestion) (*CommonCauses, error) {
	first := defaultPaths
	if in.First != nil {
		first = int(*in.First)
	}
	if first < 1 || first > mostCauses {
		return nil, BadInput("first", "first takes 1 to %d, not %d.", mostCauses, first)
	}
	q, err := OutageBounds{MaxDepth: in.MaxDepth, Horizon: in.Horizon, MinStrength: in.MinStrength}.question()
	if err != nil {
		return nil, err
	}
	if err := q.Bounds.Check(); err != nil {
		return nil, outageError(err)
	}
	x, end, err := v.excerpt(ctx, in.AsOf)
	if err != nil {
		return nil, err
	}
	defer end()
	x.terse = true
	keys, err := x.subjects("subjects", in.Subjects)
	if err != nil {
		return nil, err
	}
	if len(keys) < 2 {
		return nil, BadInput("subjects", "Give at least two different subjects.")
	}
	if err := x.causesOf(ctx, keys, q.Bounds); err != nil {
		return nil, err
	}
	g, err := x.graph()
	if err != nil {
		return nil, err
	}
	q.Bounds.MaxNodes = impact.MostNodes
	found, cut, err := g.CommonCauses(ctx, impact.CausesQuestion{Subjects: keys, Bounds: q.Bounds})
	if err != nil {
		return nil, outageError(err)
	}
	out := &CommonCauses{Causes: []*CommonCause{}, Truncation: []*Truncation{}}
	if cut {
		out.Truncation = append(out.Truncation, &Truncation{TruncationReason(impact.NodeBudget), strconv.Itoa(impact.MostNodes)})
	}
	if len(found) > first {
		found = found[:first]
		out.Truncation = append(out.Truncation, &Truncation{TruncationReason(impact.ResultLimit), strconv.Itoa(first)})
	}
	subjects := v.subjectSet()
	for _, c := range found {
		subjects.add(c.Subject)
		out.Causes = append(out.Causes, &CommonCause{duration(c.StartsAfter), fraction(c.Strength), Figures(c.Figures), c.Subject, subjects})
	}
	return out, nil
}

// causesOf reads what the registered ones of some subjects depend on.
func (x *excerpt) causesOf(ctx context.Context, keys []string, b impact.Bounds) error {
	var from []store.ID
	for _, key := range keys {
		if isRegistered(key) {
			from = append(from, subjectID(key))
		}
	}
	if len(from) == 0 {
		return nil
	}
	if _, err := x.walk(ctx, 0, from); err != nil {
		return err
	}
	if err := x.present(); err != nil {
		return err
	}
	return x.upstream(ctx, b)
}
