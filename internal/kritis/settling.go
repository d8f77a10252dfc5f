package kritis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kritisgraph/internal/store"
)

// The bounds of a settlement.
const (
	settleChunk  = 500    // things that are read and written at once
	settleBranch = 100    // things whose neighbors are read at once, and neighbors of each that are read first
	settleTries  = 5      // for one chunk, when others write in it
	settleMemory = 20_000 // answers of the rule that are remembered
)

// registeredKinds are the labels and edge types on which the audiences of what is registered depend beside the rulebook.
var registeredKinds = []string{
	string(LabelOperator), string(LabelFacility), string(LabelIncident), string(EdgeOperates), string(EdgeAffects), string(EdgeReportedBy),
}

// settling goes once through everything that is registered: facilities first, then operators, then incidents, which take theirs
// over from what was written before.
type settling struct {
	store *store.Store
	book  *Rulebook
	day   Day
	at    time.Time

	seen    int
	written int
	commits []store.Seq         // own ones
	rows    map[string][]string // by facts
	flaw    error               // of the first thing that the rule cannot judge
}

func newSettling(s *store.Store, book *Rulebook, now time.Time) *settling {
	return &settling{store: s, book: book, day: DayOf(now), at: now, rows: map[string][]string{}}
}

// run reports whether the store reflects the rulebook, which it does not for certain if others wrote meanwhile.
func (s *settling) run(ctx context.Context) (bool, error) {
	want := s.book.AudienceMark(s.day)
	held, err := s.store.Nodes(ctx, Maintenance(), []store.ID{want.ID})
	if err != nil {
		return false, fmt.Errorf("reading what the audiences reflect: %w", err)
	}
	if len(held) == 1 && held[0].Prop("digest").Equal(want.Prop("digest")) {
		return true, nil
	}
	start, err := s.store.Head(ctx, store.Mark{})
	if err != nil {
		return false, err
	}
	for _, pass := range []struct {
		label store.Label
		rows  func(context.Context, []store.Node) ([][]string, error)
	}{{LabelFacility, s.facilities}, {LabelOperator, s.operators}, {LabelIncident, s.incidents}} {
		if err := s.pass(ctx, pass.label, pass.rows); err != nil {
			return false, err
		}
	}
	if s.flaw != nil {
		return false, fmt.Errorf("some things cannot be judged, such as %w", s.flaw)
	}
	if alone, err := s.alone(ctx, start.Seq); !alone || err != nil {
		return false, err
	}
	if s.seen == 0 {
		return true, nil
	}
	version := int64(0)
	if len(held) == 1 {
		version = held[0].Version
	}
	_, err = s.store.Commit(ctx, store.Change{Put: []store.Node{want}, If: []store.Cond{{ID: want.ID, Version: version}}, Meta: s.meta()})
	if lostRace(err) { // with another process that settles: the next round sees what it marked
		return false, nil
	}
	return err == nil, err
}

func (s *settling) meta() store.Meta {
	return store.Meta{Action: ActionAudiencesSettle, Actor: "kritisgraph", At: s.at.UnixMicro()}
}

// lostRace reports whether somebody else wrote first what a change meant to write.
func lostRace(err error) bool {
	return errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrNotFound)
}

// pass settles the nodes of a label, page by page.
func (s *settling) pass(ctx context.Context, label store.Label, rows func(context.Context, []store.Node) ([][]string, error)) error {
	q := store.Query{Labels: []store.Label{label}, Limit: settleChunk}
	for {
		page, err := s.store.List(ctx, Maintenance(), q)
		if err != nil {
			return err
		}
		nodes := make([]store.Node, len(page.Hits))
		for i, hit := range page.Hits {
			nodes[i] = hit.Node
		}
		s.seen += len(nodes)
		if err := s.chunk(ctx, nodes, rows); err != nil {
			return err
		}
		if !page.More {
			return nil
		}
		q.Start = &page.Hits[len(page.Hits)-1].Position
	}
}

// chunk writes those of the nodes that have other rows, in one commit. Nodes in which somebody else writes meanwhile are read again.
func (s *settling) chunk(ctx context.Context, nodes []store.Node, rows func(context.Context, []store.Node) ([][]string, error)) error {
	ids := make([]store.ID, len(nodes))
	for i, n := range nodes {
		ids[i] = n.ID
	}
	for try := 1; len(nodes) > 0; try++ {
		wanted, err := rows(ctx, nodes)
		if err != nil {
			return err
		}
		change := store.Change{Meta: s.meta()}
		for i, n := range nodes {
			others := WithRows(n.Own.Audiences, nil)
			if len(others) == 0 || slices.Equal(RowAudiences(n.Own.Audiences), wanted[i]) {
				continue
			}
			n.Own.Audiences = append(others, wanted[i]...)
			change.Put, change.If = append(change.Put, n), append(change.If, store.Cond{ID: n.ID, Version: n.Version})
		}
		if change.Size() == 0 {
			return nil
		}
		mark, err := s.store.Commit(ctx, change)
		switch {
		case err == nil:
			s.written += change.Size()
			s.commits = append(s.commits, mark.Seq)
			return nil
		case !lostRace(err) || try == settleTries:
			return err
		}
		if nodes, err = s.store.Nodes(ctx, Maintenance(), ids); err != nil {
			return err
		}
	}
	return nil
}

// facilities returns the rows of facilities.
func (s *settling) facilities(ctx context.Context, nodes []store.Node) ([][]string, error) {
	out := make([][]string, len(nodes))
	err := s.eachNeighbor(ctx, nodes, EdgeOperates, store.In, func(i int, operator store.Node) {
		out[i] = sortedSet(append(out[i], s.ofFacility(operator, nodes[i])...))
	})
	return out, err
}

// operators returns the rows of operators.
func (s *settling) operators(ctx context.Context, nodes []store.Node) ([][]string, error) {
	out, some := make([][]string, len(nodes)), make([]bool, len(nodes))
	err := s.eachNeighbor(ctx, nodes, EdgeOperates, store.Out, func(i int, facility store.Node) {
		out[i], some[i] = sortedSet(append(out[i], s.ofFacility(nodes[i], facility)...)), true
	})
	for i, operator := range nodes {
		if !some[i] {
			rows, flaw := s.book.OperatorRows(s.day, operator, nil)
			out[i] = s.judged(operator.ID, rows, flaw)
		}
	}
	return out, err
}

// incidents returns the rows of incidents, from those that show the facilities and operators which they are about.
func (s *settling) incidents(ctx context.Context, nodes []store.Node) ([][]string, error) {
	affected, reporter := make([][][]string, len(nodes)), make([][]string, len(nodes))
	err := errors.Join(
		s.eachNeighbor(ctx, nodes, EdgeAffects, store.Out, func(i int, facility store.Node) {
			affected[i] = append(affected[i], RowAudiences(facility.Settled.Audiences))
		}),
		s.eachNeighbor(ctx, nodes, EdgeReportedBy, store.Out, func(i int, operator store.Node) {
			reporter[i] = append(reporter[i], RowAudiences(operator.Settled.Audiences)...)
		}))
	out := make([][]string, len(nodes))
	for i := range nodes {
		out[i] = IncidentRows(reporter[i], affected[i]...)
	}
	return out, err
}

// eachNeighbor visits the neighbors of each of the nodes, by its index. It holds a part of them at a time.
func (s *settling) eachNeighbor(ctx context.Context, nodes []store.Node, edge store.EdgeType, dir store.Dir, visit func(int, store.Node)) error {
	for first := 0; first < len(nodes); first += settleBranch {
		h := store.Hop{Edge: edge, Dir: dir, Query: store.Query{Limit: settleBranch}}
		for _, n := range nodes[first:min(first+settleBranch, len(nodes))] {
			h.From = append(h.From, n.ID)
		}
		pages, err := s.store.Neighbors(ctx, Maintenance(), []store.Hop{h})
		if err != nil {
			return err
		}
		for i, page := range pages[0] {
			if err := s.onwards(ctx, h, h.From[i], page, func(n store.Node) { visit(first+i, n) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// onwards visits the neighbors of one node, from its first page on.
func (s *settling) onwards(ctx context.Context, h store.Hop, of store.ID, page store.Page, visit func(store.Node)) error {
	for {
		for _, hit := range page.Hits {
			visit(hit.Node)
		}
		if !page.More {
			return nil
		}
		h.From, h.Query = []store.ID{of}, store.Query{Limit: settleChunk, Start: &page.Hits[len(page.Hits)-1].Position}
		pages, err := s.store.Neighbors(ctx, Maintenance(), []store.Hop{h})
		if err != nil {
			return err
		}
		page = pages[0][0]
	}
}

// ofFacility returns the rows of a facility. Many facilities share the facts that decide.
func (s *settling) ofFacility(operator, facility store.Node) []string {
	facts := fmt.Sprintf("%q", facilityOf(facility, nil).Unit(attributesOf(object{operator})))
	if rows, ok := s.rows[facts]; ok {
		return rows
	}
	rows, err := s.book.FacilityRows(s.day, operator, facility)
	rows = s.judged(facility.ID, rows, err)
	if len(s.rows) == settleMemory {
		clear(s.rows)
	}
	s.rows[facts] = rows
	return rows
}

// judged notes what the rule cannot judge, which is for no supervisory authority.
func (s *settling) judged(id store.ID, rows []string, err error) []string {
	if err != nil && s.flaw == nil {
		s.flaw = fmt.Errorf("%s: %w", id, err)
	}
	return rows
}

// alone reports whether nobody else wrote since a sequence what the audiences depend on. Dependencies give nobody sight.
func (s *settling) alone(ctx context.Context, start store.Seq) (bool, error) {
	head, err := s.store.Head(ctx, store.Mark{})
	if err != nil {
		return false, err
	}
	kinds := slices.DeleteFunc(slices.Concat(registeredKinds, rulebookKinds()), func(kind string) bool { return kind == string(EdgeSupplies) })
	after := start
	for _, own := range append(slices.Clone(s.commits), head.Seq+1) {
		if own > after+1 {
			page, err := s.store.Log(ctx, Maintenance(), store.LogQuery{After: after, UpTo: own - 1, Labels: kinds, Limit: 1})
			if err != nil || len(page.Records) > 0 {
				return false, err
			}
		}
		after = own
	}
	return true, nil
}

func sortedSet(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
