package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/picture"
)

// estimated is the word of the API for figures that no source gives.
const estimated = kritis.Figures("ESTIMATED")

// drawIncident draws what fails by an incident.
func drawIncident(reference string, bounds kritis.OutageBounds) draw {
	return func(ctx context.Context, v *kritis.View) (picture.Picture, error) {
		i, err := v.Incident(ctx, reference)
		if err != nil {
			return picture.Picture{}, err
		}
		if i == nil {
			return picture.Picture{}, fmt.Errorf("there is no incident %q", reference)
		}
		fails, err := i.Impact(ctx, &kritis.ImpactInput{OutageBounds: bounds})
		if err != nil {
			return picture.Picture{}, err
		}
		if fails == nil {
			return picture.Picture{}, fmt.Errorf("the incident %q names nothing that can fail: no facility, operator or branch", reference)
		}
		return drawImpact(ctx, "What fails by incident "+reference, fails)
	}
}

// drawOutage draws what fails in a simulated outage.
func drawOutage(roots []subjectName, in kritis.SimulateOutageInput) draw {
	return func(ctx context.Context, v *kritis.View) (picture.Picture, error) {
		var names []string
		for _, r := range roots {
			root, err := r.input(ctx, v)
			if err != nil {
				return picture.Picture{}, err
			}
			in.Roots, names = append(in.Roots, root), append(names, r.String())
		}
		fails, err := v.SimulateOutage(ctx, in)
		if err != nil {
			return picture.Picture{}, err
		}
		title := "What fails with " + strings.Join(names, ", ")
		for n, code := range in.FederalStates {
			title += []string{" in ", ", "}[min(n, 1)] + string(code)
		}
		return drawImpact(ctx, title, fails)
	}
}

// drawImpact draws the entries of an answer and every dependency on their paths.
func drawImpact(ctx context.Context, title string, fails *kritis.Impact) (picture.Picture, error) {
	p := picture.Picture{Title: titled(title, fails.Truncation())}
	edges := map[string]int{} // places in the picture by key
	for _, e := range fails.Entries() {
		subject, err := e.Subject(ctx)
		if err != nil {
			return p, err
		}
		n := drawSubject(ctx, subject)
		n.FederalStates = codesOf(e.FederalStates())
		n.Root = e.Hops() == 0
		n.Loss = &picture.Loss{
			StartsAfter: inSeconds(e.StartsAfter()), Strength: millionths(e.Strength()), Wave: int(e.Hops()), Estimated: e.Figures() == estimated,
		}
		p.Nodes = append(p.Nodes, n)
		path := e.Path()
		for i, step := range path {
			at, known := edges[step.Key]
			if !known {
				edge, err := drawStep(ctx, step)
				if err != nil {
					return p, err
				}
				at = len(p.Edges)
				edges[step.Key], p.Edges = at, append(p.Edges, edge)
			}
			p.Edges[at].Causing = p.Edges[at].Causing || i == len(path)-1
		}
	}
	for _, s := range fails.FederalStates() {
		state := drawState(ctx, s.FederalState)
		state.Entries = int(s.EntryCount)
		if s.Population != nil {
			state.Population = new(int64(*s.Population))
		}
		p.States = append(p.States, state)
	}
	return p, nil
}

// drawAround draws the stated dependencies around something.
func drawAround(root subjectName, in kritis.DependencyGraphQuestion) draw {
	return func(ctx context.Context, v *kritis.View) (picture.Picture, error) {
		subject, err := root.input(ctx, v)
		if err != nil {
			return picture.Picture{}, err
		}
		in.Root = *subject
		g, err := v.DependencyGraph(ctx, in)
		if err != nil {
			return picture.Picture{}, err
		}
		return drawGraph(ctx, titled("Dependencies around "+root.String(), g.Truncation), g)
	}
}

// drawGraph draws dependencies of which nobody asked what fails.
func drawGraph(ctx context.Context, title string, g *kritis.DependencyGraph) (picture.Picture, error) {
	p := picture.Picture{Title: title}
	states := map[string]picture.State{}
	for _, around := range g.Nodes {
		subject, err := around.Subject(ctx)
		if err != nil {
			return p, err
		}
		lands, err := landsOf(ctx, subject)
		if err != nil {
			return p, err
		}
		n := drawSubject(ctx, subject)
		n.Root, n.FederalStates = around.Distance == 0, codesOf(lands)
		p.Nodes = append(p.Nodes, n)
		for _, land := range lands {
			state := drawState(ctx, land)
			state.Entries = states[state.Code].Entries + 1
			states[state.Code] = state
		}
	}
	for _, step := range g.Edges {
		edge, err := drawStep(ctx, step)
		if err != nil {
			return p, err
		}
		p.Edges = append(p.Edges, edge)
	}
	for _, code := range slices.Sorted(maps.Keys(states)) {
		p.States = append(p.States, states[code])
	}
	return p, nil
}

// landsOf are the Länder of a facility's site and supply area, by code, and that of an operator's seat. A branch has none of its own.
func landsOf(ctx context.Context, subject kritis.DependencySubject) ([]*kritis.FederalState, error) {
	var lands []*kritis.FederalState
	switch s := subject.(type) {
	case *kritis.Facility:
		site, err := s.Site().FederalState(ctx)
		if err != nil {
			return nil, err
		}
		area, err := s.SupplyArea(ctx)
		if err != nil {
			return nil, err
		}
		lands = append(lands, site)
		if area != nil {
			lands = append(lands, area.FederalStates...)
		}
	case *kritis.Operator:
		seat, err := s.FederalState(ctx)
		if err != nil {
			return nil, err
		}
		lands = append(lands, seat)
	}
	lands = slices.DeleteFunc(lands, func(land *kritis.FederalState) bool { return land == nil })
	slices.SortFunc(lands, func(a, b *kritis.FederalState) int { return cmp.Compare(a.Code(), b.Code()) })
	return slices.CompactFunc(lands, func(a, b *kritis.FederalState) bool { return a.Code() == b.Code() }), nil
}

func codesOf(lands []*kritis.FederalState) []string {
	var codes []string
	for _, land := range lands {
		codes = append(codes, string(land.Code()))
	}
	return codes
}

// titled is a title that says what cut the answer, so that a part does not look like all of it.
func titled(title string, cut []*kritis.Truncation) string {
	for n, t := range cut {
		title += []string{", cut by ", ", "}[min(n, 1)] + string(t.Reason) + " " + t.Limit
	}
	return title
}

func drawSubject(ctx context.Context, subject kritis.DependencySubject) picture.Node {
	switch s := subject.(type) {
	case *kritis.Branch:
		return picture.Node{Kind: picture.Branch, Key: "branch:" + s.Slug(), Label: s.Name(ctx, nil)}
	case *kritis.Service:
		return picture.Node{Kind: picture.Service, Key: "service:" + s.Slug(), Label: s.Name(ctx, nil)}
	case *kritis.Facility:
		return picture.Node{Kind: picture.Facility, Key: "facility:" + s.Reference(), Label: s.Name()}
	case *kritis.Operator:
		return picture.Node{Kind: picture.Operator, Key: "operator:" + s.Reference(), Label: s.Name()}
	}
	return picture.Node{Key: subject.ID()}
}

func drawStep(ctx context.Context, step *kritis.DependencyStep) (picture.Edge, error) {
	provider, err := step.Provider(ctx)
	if err != nil {
		return picture.Edge{}, err
	}
	dependent, err := step.Dependent(ctx)
	if err != nil {
		return picture.Edge{}, err
	}
	e := picture.Edge{
		Key: step.Key, Provider: drawSubject(ctx, provider).Key, Dependent: drawSubject(ctx, dependent).Key, Kind: string(step.Kind),
		Strength: millionths(step.Strength), Delay: inSeconds(step.Delay), Estimated: step.Figures == estimated, Filled: step.Filled,
	}
	if step.Need != nil {
		e.Need = *step.Need
	}
	return e, nil
}

func drawState(ctx context.Context, land *kritis.FederalState) picture.State {
	return picture.State{Code: string(land.Code()), Name: land.Name(ctx, nil), ARS: land.Ars(), NUTS: land.Nuts()}
}

func inSeconds(d time.Duration) int64 { return int64(d / time.Second) }

func millionths(share float64) int64 { return int64(math.Round(share * 1_000_000)) }
