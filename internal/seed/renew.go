package seed

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"kritisgraph/internal/store"
)

// Renewal says what a renewal did.
type Renewal struct {
	// Written is the number of nodes and edges that were added, renewed or removed. 0: nothing was committed.
	Written int
	// Left are the ids, sorted, of what differs from the shipped data because somebody else wrote or deleted it.
	Left []store.ID
}

// Renew brings a store to the shipped reference data. Where the store holds the same digest it reads one node and writes
// nothing. Else one commit renews what the seed wrote last, adds what is new and removes what is shipped no longer and
// nobody refers to; what somebody else wrote or deleted is left alone. The scope has to see everything; a commit of
// somebody else in between is store.ErrConflict, and nothing is written.
func Renew(ctx context.Context, s *store.Store, scope store.Scope, at time.Time) (Renewal, error) {
	digest, err := Digest()
	if err != nil {
		return Renewal{}, err
	}
	held, err := s.Nodes(ctx, scope, []store.ID{datasetID})
	if err != nil {
		return Renewal{}, fmt.Errorf("reading the digest of the reference data: %w", err)
	}
	if len(held) == 1 && held[0].Prop("digest").Text() == digest {
		return Renewal{}, nil
	}
	nodes, edges, err := embeddedGraph()
	if err != nil {
		return Renewal{}, err
	}
	return renewTo(ctx, s, scope, nodes, edges, at)
}

// Changed returns the ids, sorted, of what differs from the shipped reference data because somebody else than the seed
// wrote or deleted it. The scope has to see everything.
func Changed(ctx context.Context, s *store.Store, scope store.Scope) ([]store.ID, error) {
	nodes, edges, err := embeddedGraph()
	if err != nil {
		return nil, err
	}
	p, err := planRenewal(ctx, s, scope, nodes, edges)
	return p.left, err
}

func renewTo(ctx context.Context, s *store.Store, scope store.Scope, nodes []store.Node, edges []store.Edge, at time.Time) (Renewal, error) {
	p, err := planRenewal(ctx, s, scope, nodes, edges)
	if err != nil {
		return Renewal{}, err
	}
	r := Renewal{Written: p.change.Size(), Left: p.left}
	if r.Written == 0 {
		return r, nil
	}
	p.change.Meta = store.Meta{Actor: Actor, Action: ActionReferenceRenew, At: at.UnixMicro()}
	if _, err := s.Commit(ctx, p.change); err != nil {
		return Renewal{}, fmt.Errorf("renewing the reference data: %w", err)
	}
	return r, nil
}

type plan struct {
	change store.Change
	left   []store.ID
	past   map[store.ID]store.Past
}

func planRenewal(ctx context.Context, s *store.Store, scope store.Scope, nodes []store.Node, edges []store.Edge) (plan, error) {
	ids, err := shippedBefore(ctx, s, scope)
	if err != nil {
		return plan{}, err
	}
	for _, n := range nodes {
		ids[n.ID] = true
	}
	for _, e := range edges {
		ids[e.ID] = true
	}
	p := plan{}
	if p.past, err = s.Past(ctx, scope, slices.Sorted(maps.Keys(ids))); err != nil {
		return plan{}, err
	}
	wanted := make(map[store.ID]bool, len(ids))
	for _, n := range nodes {
		wanted[n.ID] = true
		had := p.past[n.ID]
		if p.writes(n.ID, had.Node.SameContent(n)) {
			p.change.Put = append(p.change.Put, n)
		}
	}
	for _, e := range edges {
		wanted[e.ID] = true
		had := p.past[e.ID]
		if p.past[e.From].Gone || p.past[e.To].Gone {
			p.left = append(p.left, e.ID)
		} else if p.writes(e.ID, had.Edge.SameContent(e)) {
			p.change.Link = append(p.change.Link, e)
		}
	}
	if err := p.remove(ctx, s, scope, wanted); err != nil {
		return plan{}, err
	}
	slices.Sort(p.left)
	return p, nil
}

// writes decides whether a wanted thing is written, and if so under which version.
func (p *plan) writes(id store.ID, equal bool) bool {
	had, known := p.past[id]
	switch {
	case known && (had.Gone || had.Actor != Actor && !equal):
		p.left = append(p.left, id)
		return false
	case known && equal:
		return false
	}
	p.change.If = append(p.change.If, store.Cond{ID: id, Version: had.Version})
	return true
}

// remove deletes what the seed shipped once and does no longer: edges that nobody else wrote, then nodes that nobody
// else wrote and that have no other edge.
func (p *plan) remove(ctx context.Context, s *store.Store, scope store.Scope, wanted map[store.ID]bool) error {
	deleted := map[store.ID]bool{}
	var nodes []store.ID
	for _, id := range slices.Sorted(maps.Keys(p.past)) {
		had := p.past[id]
		switch {
		case wanted[id] || had.Gone:
		case had.Actor != Actor:
			p.left = append(p.left, id)
		case had.Node.ID != "":
			nodes = append(nodes, id)
		default:
			p.delete(id, deleted)
		}
	}
	for _, id := range nodes {
		g, err := s.Traverse(ctx, scope, store.Walk{From: []store.ID{id}, Follow: everyStep(s.Schema()), Depth: 1, Props: []string{}})
		if err != nil {
			return fmt.Errorf("looking for what refers to %s: %w", id, err)
		}
		used := g.Truncated || slices.ContainsFunc(g.Edges, func(e store.Edge) bool { return !deleted[e.ID] })
		if used {
			p.left = append(p.left, id)
			continue
		}
		p.delete(id, deleted)
	}
	return nil
}

func (p *plan) delete(id store.ID, deleted map[store.ID]bool) {
	deleted[id] = true
	p.change.Delete = append(p.change.Delete, id)
	p.change.If = append(p.change.If, store.Cond{ID: id, Version: p.past[id].Version})
}

func everyStep(schema store.Schema) []store.Step {
	var steps []store.Step
	for _, e := range schema.Edges {
		steps = append(steps, store.Step{Edge: e.Type, Dir: store.Out}, store.Step{Edge: e.Type, Dir: store.In})
	}
	return steps
}

// shippedBefore returns the ids of everything that commits of the seed wrote together with the dataset node: what was
// reference data at some time.
func shippedBefore(ctx context.Context, s *store.Store, scope store.Scope) (map[store.ID]bool, error) {
	ids := map[store.ID]bool{}
	err := eachRecord(ctx, s, scope, store.LogQuery{Of: []store.ID{datasetID}}, func(mine store.Record) error {
		if mine.Change.Meta.Actor != Actor {
			return nil
		}
		whole := store.LogQuery{After: mine.Seq - 1, UpTo: mine.Seq}
		return eachRecord(ctx, s, scope, whole, func(r store.Record) error {
			for _, n := range r.Change.Put {
				ids[n.ID] = true
			}
			for _, e := range r.Change.Link {
				ids[e.ID] = true
			}
			return nil
		})
	})
	return ids, err
}

func eachRecord(ctx context.Context, s *store.Store, scope store.Scope, q store.LogQuery, do func(store.Record) error) error {
	for {
		page, err := s.Log(ctx, scope, q)
		if err != nil {
			return fmt.Errorf("reading the log: %w", err)
		}
		for _, r := range page.Records {
			if err := do(r); err != nil {
				return err
			}
			q.After = r.Seq
		}
		if !page.More || len(page.Records) == 0 {
			return nil
		}
	}
}
