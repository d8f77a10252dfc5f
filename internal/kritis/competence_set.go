package kritis

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// CompetenceSetState says what became of a proposed set of changes.
type CompetenceSetState string

// The states. A set that was decided on stays as it is.
const (
	SetProposed  CompetenceSetState = "PROPOSED"
	SetPublished CompetenceSetState = "PUBLISHED"
	SetRejected  CompetenceSetState = "REJECTED"
	SetWithdrawn CompetenceSetState = "WITHDRAWN"
)

// CompetenceSet is a set of changes of the competences that somebody proposes and somebody else approves.
type CompetenceSet struct {
	object
	view *View
}

// Title names the set.
func (s *CompetenceSet) Title() string { return s.text("title") }

// Reason returns why it was proposed.
func (s *CompetenceSet) Reason() string { return s.text("reason") }

// State returns what became of it.
func (s *CompetenceSet) State() CompetenceSetState { return CompetenceSetState(s.text("setState")) }

// ValidFrom returns the first day of the rows that it begins, on which those that it ends hold no more.
func (s *CompetenceSet) ValidFrom() Day { return Day(s.text("firstDay")) }

// ProposedBy returns who proposed it.
func (s *CompetenceSet) ProposedBy() *Actor { return &Actor{Name: s.text("proposedBy")} }

// ProposedAt returns when it was proposed.
func (s *CompetenceSet) ProposedAt() time.Time {
	return time.UnixMicro(s.number("proposedAt")).UTC()
}

// DecidedBy returns who approved, rejected or withdrew it, nil while nobody has.
func (s *CompetenceSet) DecidedBy() *Actor {
	if name := s.text("decidedBy"); name != "" {
		return &Actor{Name: name}
	}
	return nil
}

// DecidedAt returns when that was.
func (s *CompetenceSet) DecidedAt() *time.Time { return s.instant("decidedAt") }

// Decision returns why it was decided so, nil where nobody said.
func (s *CompetenceSet) Decision() *string { return s.optional("decision") }

// FederalStates returns the Länder of its rows, all for rows of the Bund, by code.
func (s *CompetenceSet) FederalStates(ctx context.Context) ([]*FederalState, error) {
	return s.states(ctx, s.list("landCodes"))
}

// AcknowledgedUnsupervised returns the Länder of which who approved it said that they know of the lost supervisor.
func (s *CompetenceSet) AcknowledgedUnsupervised(ctx context.Context) ([]*FederalState, error) {
	return s.states(ctx, s.list("acknowledged"))
}

func (s *CompetenceSet) states(ctx context.Context, codes []string) ([]*FederalState, error) {
	book, err := s.view.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	out := []*FederalState{}
	for _, land := range book.states {
		if slices.Contains(codes, string(land.Code())) {
			out = append(out, land)
		}
	}
	return out, nil
}

// CompetenceSetChange is one change of a set: a row that ends, or one that begins.
type CompetenceSetChange struct {
	// Key is the number of the row; nil for one that begins only when the set is published.
	Key *string
	// Ends is the row that ends, nil where one begins or the row is there no more.
	Ends *Competence
	// Begins is what the row says that begins, nil where one ends.
	Begins *CompetenceDraft
}

// CompetenceDraft is what a row says that is to begin, whether it does or not.
type CompetenceDraft struct {
	*Competence
}

// Changes returns the rows that end, then those that begin, in the order in which they were proposed.
func (s *CompetenceSet) Changes(ctx context.Context) ([]*CompetenceSetChange, error) {
	book, err := s.view.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.proposal()
	if err != nil {
		return nil, err
	}
	out := []*CompetenceSetChange{}
	for _, number := range p.end {
		row, _ := lookup[*Competence](book, LabelCompetence, number)
		out = append(out, &CompetenceSetChange{Key: &number, Ends: row})
	}
	for i := range p.add {
		row := p.row(i)
		c := &CompetenceSetChange{Begins: &CompetenceDraft{row.object(book)}}
		if i < len(p.numbers) {
			c.Key = &p.numbers[i]
		}
		out = append(out, c)
	}
	return out, nil
}

// Effects returns what the set changes: of one that is proposed what would differ from today's competences, of a published one
// what would be otherwise without it. It is nil for a set that will not be published, and for one that does not fit today's
// competences: see Obstacles.
func (s *CompetenceSet) Effects(ctx context.Context) (*CompetenceEffects, error) {
	book, err := s.view.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.proposal()
	if err != nil {
		return nil, err
	}
	switch s.State() {
	case SetProposed:
		effects, errs, err := p.effects(book)
		if len(errs) > 0 {
			return nil, err
		}
		return effects, err
	case SetPublished:
		without, err := book.rule.Without(p.amendment(p.numbers))
		if err != nil {
			return nil, fmt.Errorf("taking %s back: %w", s.StoreID(), err)
		}
		return compare(book, without, book.rule, p.from)
	case SetRejected, SetWithdrawn:
	}
	return nil, nil //nolint:nilnil // null in the API
}

// Obstacles returns why a proposed set cannot be published as it is; none for other sets.
func (s *CompetenceSet) Obstacles(ctx context.Context) ([]*UserError, error) {
	if s.State() != SetProposed {
		return []*UserError{}, nil
	}
	book, err := s.view.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.proposal()
	if err != nil {
		return nil, err
	}
	_, errs, err := p.effects(book)
	return append(p.check(book, DayOf(s.view.now)), errs...), err
}

// proposal reads what the set holds.
func (s *CompetenceSet) proposal() (*proposal, error) {
	p := &proposal{from: s.ValidFrom(), numbers: s.list("numbers")}
	for _, text := range s.list("changes") {
		var c storedChange
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			return nil, fmt.Errorf("reading a change of %s: %w", s.StoreID(), err)
		}
		if c.Add != nil {
			p.add = append(p.add, c.Add)
		} else {
			p.end = append(p.end, c.End)
		}
	}
	return p, nil
}

// storedChange is one change as a property holds it.
type storedChange struct {
	Add *CompetenceInput `json:"add,omitempty"`
	End string           `json:"end,omitempty"`
}

// proposal is a set of changes: rows that end on a day, by number, and rows that begin on it.
type proposal struct {
	from    Day
	end     []string
	add     []*CompetenceInput
	numbers []string // of the added rows, where it is published
}

// stored returns the changes as a property holds them: those that end rows first, each as canonical JSON.
func (p *proposal) stored() ([]string, error) {
	var out []string
	keep := func(c storedChange) error {
		text, err := json.Marshal(c)
		out = append(out, string(text))
		return err
	}
	for _, number := range p.end {
		if err := keep(storedChange{End: number}); err != nil {
			return nil, err
		}
	}
	for _, row := range p.add {
		if err := keep(storedChange{Add: row}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// row returns an added row as it is stored, without a number where it has none yet.
func (p *proposal) row(i int) *CompetenceRow {
	r := &CompetenceRow{CompetenceInput: *p.add[i], From: p.from}
	if i < len(p.numbers) {
		r.Number, r.Order = p.numbers[i], ownNumber(p.numbers[i])
	}
	return r
}

// amendment returns the proposal in the words of the rule, the added rows with these numbers.
func (p *proposal) amendment(numbers []string) responsibility.Amendment {
	a := responsibility.Amendment{From: responsibility.Day(p.from), End: p.end}
	for i, number := range numbers {
		row := p.row(i).rule()
		row.ID = number
		a.Add = append(a.Add, row)
	}
	return a
}

// landCodes returns the Länder of the rows, sorted: all where a row is of the Bund or of every Land.
func (p *proposal) landCodes(book *Rulebook) []string {
	var out []string
	add := func(code FederalStateCode, every bool) {
		if code == "" || every {
			for _, c := range landCodes {
				out = append(out, string(c))
			}
			return
		}
		out = append(out, string(code))
	}
	for _, number := range p.end {
		if row, ok := lookup[*Competence](book, LabelCompetence, number); ok {
			add(FederalStateCode(landCode(row.land)), row.EveryFederalState())
		}
	}
	for _, row := range p.add {
		add(row.FederalState, row.EveryFederalState)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// CompetenceSetConnection is a page of sets.
type CompetenceSetConnection struct {
	connection
	Edges []*CompetenceSetEdge
	Nodes []*CompetenceSet
}

// CompetenceSetEdge is a set in a list.
type CompetenceSetEdge struct {
	edgeOf
	Node *CompetenceSet
}

// CompetenceSets lists the sets that the caller may see, the newest first.
func (v *View) CompetenceSets(ctx context.Context, a ListArgs) (*CompetenceSetConnection, error) {
	c, err := v.listPage(ctx, a.query(LabelCompetenceSet, store.Order{Prop: "proposedAt", Desc: true}), a.Page)
	if err != nil {
		return nil, err
	}
	out := &CompetenceSetConnection{connection: c}
	out.Edges, out.Nodes, err = items(ctx, v, c, func(e edgeOf, n *CompetenceSet) *CompetenceSetEdge { return &CompetenceSetEdge{e, n} })
	return out, err
}

// CompetenceSetWhere selects sets; all that is given must hold.
type CompetenceSetWhere struct {
	State        *CodeFilter
	FederalState *CodeFilter
}

// Filter returns the filter of the store; nil selects everything.
func (f *CompetenceSetWhere) Filter() (store.Filter, error) {
	if f == nil {
		return store.Filter{}, nil
	}
	w := &where{}
	w.code("state", "setState", f.State)
	w.has("federalState", "landCodes", f.FederalState)
	return w.filter(), w.err
}
