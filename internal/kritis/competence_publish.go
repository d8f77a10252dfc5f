package kritis

import (
	"context"
	"maps"

	"kritisgraph/internal/store"
)

// publicationID names the node that each publication writes: two sets that are approved at the same moment are judged one after
// the other, since each may leave the last supervisor to the other. It knows the last number that was given, so that none is given
// again.
var publicationID = store.NewID(string(LabelDataset), "competences")

// publicationGuard reads that node, or makes it. What a publication judges has to be read after it.
func (v *View) publicationGuard(ctx context.Context) (store.Node, error) {
	found, err := v.app.store.Nodes(ctx, Maintenance(), []store.ID{publicationID})
	if err != nil {
		return store.Node{}, err
	}
	if len(found) == 1 {
		return found[0].Clone(), nil
	}
	return store.Node{
		ID: publicationID, Own: store.Visibility{TLP: store.TLPAmber, Audiences: []string{AudienceAdministration}},
		Props: map[string]store.Value{
			"slug": store.String(publicationID.Key()), "order": store.Int(2), "source": store.String("kritisgraph"),
			"asOf": store.String(string(DayOf(v.now))), "confidence": store.String("VERIFIED"), "status": store.String("STATED"),
		},
	}, nil
}

// publish adds to a change what publishes a proposal: rows that end, rows that begin with new numbers, and an event for each.
func (v *View) publish(ctx context.Context, book *Rulebook, guard store.Node, p *proposal, change *store.Change) error {
	p.numbers = book.nextNumbers(guard.Prop("last").Num(), len(p.add))
	put := func(n store.Node) {
		change.Put, change.If = append(change.Put, n), append(change.If, store.Cond{ID: n.ID, Version: n.Version})
	}
	link := func(e store.Edge) {
		change.Link, change.If = append(change.Link, e), append(change.If, store.Cond{ID: e.ID, Version: e.Version})
	}
	if n := len(p.numbers); n > 0 {
		guard.Props["last"] = store.Int(ownNumber(p.numbers[n-1]))
		change.Put[0].Props["numbers"] = store.Strings(p.numbers...)
	}
	put(guard)
	for i := range p.add {
		n, edges := p.row(i).Graph()
		put(n)
		for _, e := range edges {
			link(e)
		}
		change.Events = append(change.Events, store.Event{Type: EventCompetenceChanged, Subject: n.ID})
	}
	return v.endRows(ctx, book, p, change, put, link)
}

// endRows ends rows with the edges that leave them: both carry the day.
func (v *View) endRows(ctx context.Context, book *Rulebook, p *proposal, change *store.Change, put func(store.Node), link func(store.Edge)) error {
	until := store.String(string(p.from))
	var ended []store.ID
	for _, number := range p.end {
		row, ok := lookup[*Competence](book, LabelCompetence, number)
		if !ok {
			continue // the checks refuse it
		}
		n := row.node.Clone()
		n.Props[store.ValidUntil] = until
		put(n)
		ended = append(ended, n.ID)
		change.Events = append(change.Events, store.Event{Type: EventCompetenceChanged, Subject: n.ID})
	}
	if len(ended) == 0 {
		return nil
	}
	hops := make([]store.Hop, len(competenceEdges))
	for i, edge := range competenceEdges {
		hops[i] = store.Hop{From: ended, Edge: edge, Dir: store.Out}
	}
	pages, err := v.app.store.Neighbors(ctx, Maintenance(), hops)
	if err != nil {
		return err
	}
	for _, parents := range pages {
		for _, page := range parents {
			for _, hit := range page.Hits {
				e := hit.Edge
				e.Props = maps.Clone(e.Props)
				e.Props[store.ValidUntil] = until
				link(e)
			}
		}
	}
	return nil
}

// competenceEdges are the edges that leave a competence; each has at most ten of one type.
var competenceEdges = []store.EdgeType{EdgeAssignedTo, EdgeCompetentIn, EdgeBasedOn, EdgeCovers, EdgeDisplaces}
