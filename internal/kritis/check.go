package kritis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// Severity says what a finding means.
type Severity string

// An error is something that must not be; an info is worth knowing.
const (
	SeverityError Severity = "ERROR"
	SeverityInfo  Severity = "INFO"
)

// Finding is something that a check found. Place is the id of the thing, or names a commit.
type Finding struct {
	Severity Severity
	Place    store.ID
	Message  string
}

// CheckReport is what a check looked at and what it found: errors first, then by place. More counts the findings beyond
// those listed, at most 1,000.
type CheckReport struct {
	Seq          store.Seq // the log was read up to here
	Nodes, Edges int64
	Findings     []Finding
	More         int
}

// Errors returns the number of findings that are errors, those not listed included.
func (r *CheckReport) Errors() int {
	n := r.More
	for _, f := range r.Findings {
		if f.Severity == SeverityError {
			n++
		}
	}
	return n
}

// maxFindings bounds the findings of a report.
const maxFindings = 1_000

// Check verifies a whole store: the log is a chain without gaps, the state is what the log leads to, visibility is settled
// as it follows, every edge has its ends, every relation that a thing must have is there, what repeats the key of another
// thing agrees with its edge, every node and edge has its evidence, and each competence can be decided. Others may write
// meanwhile: what they touch is not judged. It holds some 500 bytes in memory for each thing that ever was. An error says
// that the check could not be done.
func Check(ctx context.Context, s *store.Store) (CheckReport, error) {
	head, err := s.Head(ctx, store.Mark{})
	if err != nil {
		return CheckReport{}, err
	}
	c := &checker{store: s, scope: Maintenance(), schema: s.Schema(), sectorOf: map[store.ID]string{}, lacking: map[[2]string]*lack{}, keys: map[string]store.ID{}}
	c.ledger = newLedger(c.schema, c.fail)
	for r, err := range s.Records(ctx, c.scope, 0, head.Seq) {
		if err != nil {
			return CheckReport{}, fmt.Errorf("reading the log: %w", err)
		}
		c.ledger.add(&r)
	}
	if err := c.readState(ctx); err != nil {
		return CheckReport{}, err
	}
	c.ledger.compare()
	if err := c.rule(ctx); err != nil {
		return CheckReport{}, err
	}
	moved, err := c.moved(ctx, head.Seq)
	if err != nil {
		return CheckReport{}, err
	}
	return c.report(head.Seq, moved), nil
}

// checker is a check under way.
type checker struct {
	store    *store.Store
	scope    store.Scope
	schema   store.Schema
	ledger   *ledger
	findings []Finding
	sectorOf map[store.ID]string // of each branch and service: the slug of its sector
	lacking  map[[2]string]*lack // by label or edge type, and property
	keys     map[string]store.ID // of dependencies
	nodes    int64
	edges    int64
}

// lack counts things without some evidence.
type lack struct {
	count int
	first store.ID
}

func (c *checker) fail(place store.ID, format string, args ...any) {
	c.findings = append(c.findings, Finding{SeverityError, place, fmt.Sprintf(format, args...)})
}

// rule builds the rulebook, which refuses what it cannot decide.
func (c *checker) rule(ctx context.Context) error {
	_, err := readRulebook(ctx, c.store)
	var flaw *responsibility.Flaw
	if err == nil {
		return nil
	}
	if !errors.As(err, &flaw) {
		return err
	}
	for _, f := range flaws(err) {
		c.fail(flawPlace(f), "the rule cannot decide: %s %s %s", f.Kind, f.Key, f.Text)
	}
	return nil
}

// flaws takes a joined error apart.
func flaws(err error) []*responsibility.Flaw {
	switch e := err.(type) {
	case *responsibility.Flaw:
		return []*responsibility.Flaw{e}
	case interface{ Unwrap() error }:
		return flaws(e.Unwrap())
	case interface{ Unwrap() []error }:
		var all []*responsibility.Flaw
		for _, part := range e.Unwrap() {
			all = append(all, flaws(part)...)
		}
		return all
	}
	return nil
}

func flawPlace(f *responsibility.Flaw) store.ID {
	label, ok := map[string]store.Label{
		"act": LabelLegalAct, "body": LabelAuthority, "Land": LabelFederalState, "sector": LabelSector, "branch": LabelBranch,
		"service": LabelService, "competence": LabelCompetence,
	}[f.Kind]
	if !ok {
		return store.ID(f.Kind)
	}
	return store.NewID(string(label), f.Key)
}

// moved returns the things that commits after a sequence touched, with the ends of their edges and all that they own.
func (c *checker) moved(ctx context.Context, after store.Seq) (map[store.ID]bool, error) {
	head, err := c.store.Head(ctx, store.Mark{})
	if err != nil {
		return nil, err
	}
	moved := map[store.ID]bool{}
	for r, err := range c.store.Records(ctx, c.scope, after, head.Seq) {
		if err != nil {
			return nil, fmt.Errorf("reading the log: %w", err)
		}
		for _, n := range r.Change.Put {
			moved[n.ID] = true
		}
		for _, e := range r.Change.Link {
			moved[e.ID], moved[e.From], moved[e.To] = true, true, true
		}
		for _, id := range r.Change.Delete {
			moved[id] = true
			if e := c.ledger.things[id]; e != nil && e.from != nil && e.to != nil {
				moved[e.from.id], moved[e.to.id] = true, true
			}
		}
	}
	c.ledger.below(moved)
	return moved, nil
}

func (c *checker) report(seq store.Seq, moved map[store.ID]bool) CheckReport {
	r := CheckReport{Seq: seq, Nodes: c.nodes, Edges: c.edges}
	r.Findings = slices.DeleteFunc(c.findings, func(f Finding) bool { return moved[f.Place] })
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return cmp.Compare(a.Place, b.Place) })
	r.Findings = slices.Compact(r.Findings)
	if len(r.Findings) > maxFindings {
		r.More, r.Findings = len(r.Findings)-maxFindings, r.Findings[:maxFindings]
	}
	var notes []Finding
	for what, l := range c.lacking {
		notes = append(notes, Finding{SeverityInfo, l.first, fmt.Sprintf("it has no %s, as %d of %s", what[1], l.count, what[0])})
	}
	slices.SortFunc(notes, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Message, b.Message))
	})
	r.Findings = append(r.Findings, notes...)
	if len(moved) > 0 {
		r.Findings = append(r.Findings, Finding{SeverityInfo, "log", fmt.Sprintf("%d things changed during the check and were not judged", len(moved))})
	}
	return r
}
