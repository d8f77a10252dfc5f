package kritis

import (
	"context"
	"slices"
	"time"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/store"
)

// FederalStateMatch asks for one Land.
type FederalStateMatch struct {
	Eq FederalStateCode
}

// SlugMatch asks for one thing by its slug.
type SlugMatch struct {
	Eq string
}

// SinglePointOfFailureWhere says which single points of failure are meant.
type SinglePointOfFailureWhere struct {
	FederalState *FederalStateMatch
	Sector       *SlugMatch
}

// SinglePointOfFailure is a facility or operator whose failure alone takes others down.
type SinglePointOfFailure struct {
	DependentCount   int32
	PopulationAtRisk *int32
	Figures          Figures

	subject  string
	subjects *subjectSet
}

// Subject returns the facility or operator.
func (p *SinglePointOfFailure) Subject(ctx context.Context) (DependencySubject, error) {
	return p.subjects.one(ctx, p.subject)
}

// SinglePointOfFailureConnection is a page of single points of failure.
type SinglePointOfFailureConnection struct {
	connection
	Edges []*SinglePointOfFailureEdge
	Nodes []*SinglePointOfFailure
}

// SinglePointOfFailureEdge is a single point of failure in a list.
type SinglePointOfFailureEdge struct {
	edgeOf
	Node *SinglePointOfFailure
}

// SinglePointsOfFailure lists the facilities and operators whose failure alone takes others down in a Land (all where none is asked): those that put most inhabitants at risk
// first. Each request computes the whole list, once for all its pages.
func (v *View) SinglePointsOfFailure(ctx context.Context, where *SinglePointOfFailureWhere, asOf *time.Time, page PageArgs) (*SinglePointOfFailureConnection, error) {
	if where == nil {
		where = &SinglePointOfFailureWhere{}
	}
	x, end, err := v.excerpt(ctx, asOf)
	if err != nil {
		return nil, err
	}
	defer end()
	x.terse = true
	asked := pointsAsked{day: x.day}
	if where.FederalState != nil {
		asked.land = where.FederalState.Eq
	}
	if s := where.Sector; s != nil {
		asked.sector = s.Eq
		if _, ok := lookup[*Sector](x.book, LabelSector, s.Eq); !ok {
			return nil, NotFound("where.sector.eq", "The sector "+quoted(s.Eq))
		}
	}
	points, err := x.singlePoints(ctx, asked)
	if err != nil {
		return nil, err
	}
	return v.pointsPage(points, *where, page)
}

// pointsAsked says of which single points of failure a list is.
type pointsAsked struct {
	land   FederalStateCode // empty for all
	sector string           // slug, empty for all
	day    Day
}

// singlePoints is the whole list. The request finds it once, for other pages and aliases ask for it too.
func (x *excerpt) singlePoints(ctx context.Context, asked pointsAsked) ([]impact.SinglePoint, error) {
	known := x.view.points // guarded by the turn
	if points, found := known[asked]; found {
		return points, nil
	}
	points, err := x.findPoints(ctx, asked)
	if err == nil {
		known[asked] = points
	}
	return points, err
}

func (x *excerpt) findPoints(ctx context.Context, asked pointsAsked) ([]impact.SinglePoint, error) {
	if err := x.around(ctx, asked.land); err != nil {
		return nil, err
	}
	q := impact.PointsQuestion{FederalState: string(asked.land)}
	for id := range x.nodes {
		if asked.sector == "" || slices.Contains(x.sectors[id], asked.sector) {
			q.Candidates = append(q.Candidates, subjectKey(id))
		}
	}
	if len(q.Candidates) == 0 {
		return nil, nil
	}
	g, err := x.graph()
	if err != nil {
		return nil, err
	}
	return g.SinglePointsOfFailure(ctx, q)
}

// around reads what stands or supplies in a Land, empty for all, with all that it depends on.
func (x *excerpt) around(ctx context.Context, land FederalStateCode) error {
	in := func(edge store.EdgeType) store.Step { return store.Step{Edge: edge, Dir: store.In} }
	from, depth := ids(LabelFederalState, string(land)), 2
	follow := []store.Step{in(EdgeSiteIn), in(EdgeSuppliesTo), in(EdgeSeatIn), in(EdgeOperates)}
	if land == "" { // by sector, for some stand in no Land; and by branch and site, for who runs something may be hidden
		from, depth = nil, 3
		for _, s := range x.book.sectors {
			from = append(from, s.StoreID())
		}
		for _, s := range x.book.states {
			from = append(from, s.StoreID())
		}
		follow = []store.Step{in(EdgeInSector), in(EdgeInBranch), in(EdgeProvides), in(EdgeSiteIn), in(EdgeOperates), {Edge: EdgeOperates, Dir: store.Out}}
	}
	if _, err := x.walk(ctx, depth, from, follow...); err != nil {
		return err
	}
	return x.upstream(ctx, impact.PointBounds())
}

// upstream reads the providers of all that is known, and theirs, as many levels as the bounds have, and who runs them. Where no failure can come from
// within the bounds it reads no further.
func (x *excerpt) upstream(ctx context.Context, b impact.Bounds) error {
	if x.cut {
		return tooMuch()
	}
	ceilings := make(map[store.ID]ceiling, len(x.nodes))
	for id := range x.nodes {
		ceilings[id] = ceiling{strength: impact.Whole}
	}
	for range b.MaxDepth {
		var from []store.ID
		for id, c := range ceilings {
			if !x.complete[id] && c.counts(b) {
				x.complete[id] = true
				from = append(from, id)
			}
		}
		if len(from) == 0 {
			break
		}
		g, err := x.walk(ctx, 1, from, store.Step{Edge: EdgeSupplies, Dir: store.In})
		if err != nil {
			return err
		}
		if x.cut {
			return tooMuch()
		}
		for _, e := range g.Edges {
			longer := ceilings[e.To].before(e)
			if known, met := ceilings[e.From]; met {
				longer = ceiling{max(known.strength, longer.strength), min(known.time, longer.time)}
			}
			ceilings[e.From] = longer
		}
	}
	return x.runners(ctx)
}

// ceiling bounds what a failure of something can do to what was asked for: no chain from there is stronger or faster. Alternatives and reserves only make it weaker and slower.
type ceiling struct {
	strength impact.Strength
	time     impact.Seconds
}

// before is the ceiling one dependency further up.
func (c ceiling) before(e store.Edge) ceiling {
	const whole = int64(impact.Whole)
	return ceiling{
		strength: impact.Strength((int64(c.strength)*e.Prop("strengthMillionths").Num() + whole - 1) / whole), //nolint:gosec // at most whole
		time:     c.time + impact.Seconds(e.Prop("timeToImpactSeconds").Num()+e.Prop("substituteSeconds").Num()),
	}
}

// counts reports whether a chain could be within the bounds. The rule rounds after each dependency, from the other end: that is less than a millionth each time.
func (c ceiling) counts(b impact.Bounds) bool {
	return c.strength+impact.Strength(b.MaxDepth) >= b.MinStrength && c.time <= b.Horizon //nolint:gosec // at most ten
}

// runners reads who runs the facilities of which that is not known yet.
func (x *excerpt) runners(ctx context.Context) error {
	var loose []store.ID
	for id := range x.nodes {
		if _, known := x.runs[id]; !known && store.Label(id.Kind()) == LabelFacility {
			loose = append(loose, id)
		}
	}
	if len(loose) > 0 {
		if _, err := x.walk(ctx, 1, loose, store.Step{Edge: EdgeOperates, Dir: store.In}); err != nil {
			return err
		}
	}
	if x.cut {
		return tooMuch()
	}
	return nil
}

// pointsPage takes a page of the list. Its positions are the keys of the subjects.
func (v *View) pointsPage(points []impact.SinglePoint, where SinglePointOfFailureWhere, page PageArgs) (*SinglePointOfFailureConnection, error) {
	filter := store.Filter{All: []store.Filter{}}
	if where.FederalState != nil {
		filter.All = append(filter.All, store.Where("siteCode", store.EQ, store.String(string(where.FederalState.Eq))))
	}
	if where.Sector != nil {
		filter.All = append(filter.All, store.Where("sectorSlug", store.EQ, store.String(where.Sector.Eq)))
	}
	l := store.List{Edge: EdgeSupplies, Query: store.Query{Labels: []store.Label{LabelFacility, LabelOperator}, Where: filter}}
	part, c, err := v.heldPage(l, len(points), func(i int) string { return points[i].Subject }, page)
	if err != nil {
		return nil, err
	}
	out := &SinglePointOfFailureConnection{connection: c}
	subjects := v.subjectSet()
	for i := range c.page.Hits {
		p := points[part+i]
		subjects.add(p.Subject)
		n := &SinglePointOfFailure{int32(p.DependentCount), people(p.PopulationAtRisk), Figures(p.Figures), p.Subject, subjects} //nolint:gosec // at most ten thousand
		out.Nodes = append(out.Nodes, n)
		out.Edges = append(out.Edges, &SinglePointOfFailureEdge{c.edge(i), n})
	}
	return out, nil
}
