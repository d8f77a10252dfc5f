package kritis

import (
	"context"
	"errors"
	"slices"
	"time"

	"kritisgraph/internal/kritis/responsibility"
)

// ResponsibilityDiffInput asks what changes between two moments.
type ResponsibilityDiffInput struct {
	Subject   SubjectInput
	Purpose   responsibility.Purpose
	LegalActs []string
	From      time.Time
	To        time.Time
}

// ResponsibilityDiff is how responsibility differs between two moments.
type ResponsibilityDiff struct {
	StatusBefore responsibility.Status
	StatusAfter  responsibility.Status
	Changes      []*ResponsibilityChange
}

// ResponsibilityChange is one difference between two moments.
type ResponsibilityChange struct {
	change        responsibility.Change
	before, after *Responsibility
}

// Kind returns what happened to the step.
func (c *ResponsibilityChange) Kind() responsibility.ChangeKind { return c.change.Kind }

// LegalAct returns the act.
func (c *ResponsibilityChange) LegalAct() *LegalAct { return c.before.book.act(c.change.Act) }

// Role returns the role.
func (c *ResponsibilityChange) Role() responsibility.Role { return c.change.Role }

// FederalState returns the Land, nil for federal bodies.
func (c *ResponsibilityChange) FederalState() *FederalState { return c.before.book.land(c.change.Land) }

// Before returns the step at the earlier moment, nil if it was added.
func (c *ResponsibilityChange) Before() *ResponsibilityStep {
	return c.step(c.change.Before, c.before)
}

// After returns the step at the later moment, nil if it was removed.
func (c *ResponsibilityChange) After() *ResponsibilityStep { return c.step(c.change.After, c.after) }

func (c *ResponsibilityChange) step(s *responsibility.Step, of *Responsibility) *ResponsibilityStep {
	if s == nil {
		return nil
	}
	return &ResponsibilityStep{step: s, act: c.change.Act, of: of}
}

// Provision returns that of the new step, or of the old one where nothing is new.
func (c *ResponsibilityChange) Provision() string { return c.change.Provision() }

// ResponsibilityDiff compares the certain steps at two moments, the earlier one first.
func (v *View) ResponsibilityDiff(ctx context.Context, in ResponsibilityDiffInput) (*ResponsibilityDiff, error) {
	if in.From.After(in.To) {
		return nil, BadInput("from", "from lies after to: give the earlier instant as from.")
	}
	ask := func(at time.Time) ResponsibilityInput {
		return ResponsibilityInput{Subject: in.Subject, Purpose: in.Purpose, LegalActs: in.LegalActs, AsOf: &at}
	}
	answers, errs := v.Responsibilities(ctx, []ResponsibilityInput{ask(in.From), ask(in.To)})
	if err := errors.Join(errs...); err != nil {
		return nil, errs[slices.IndexFunc(errs, func(err error) bool { return err != nil })]
	}
	before, after := answers[0], answers[1]
	d := &ResponsibilityDiff{StatusBefore: before.answer.Status, StatusAfter: after.answer.Status, Changes: []*ResponsibilityChange{}}
	for _, c := range before.book.rule.Changes(&before.answer, &after.answer) {
		d.Changes = append(d.Changes, &ResponsibilityChange{change: c, before: before, after: after})
	}
	return d, nil
}
