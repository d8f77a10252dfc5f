package kritis

import (
	"context"
	"time"

	"kritisgraph/internal/store"
)

// DurationRangeInput is a range of lengths of time, both ends included.
type DurationRangeInput struct {
	From time.Duration
	To   time.Duration
}

// DependencyFields are what can be said of a dependency and need not be; nil is nothing, unless it is null in a change.
type DependencyFields struct {
	TimeRange  *DurationRangeInput
	Substitute *time.Duration
	Rationale  *string
}

// DependencyCreateInput states a dependency.
type DependencyCreateInput struct {
	ClientMutationID *string
	Provider         DependencySubjectInput
	Dependent        DependencySubjectInput
	Kind             DependencyKind
	Strength         float64
	TimeToImpact     time.Duration
	Need             *string
	Figures          Figures
	ValidFrom        *Day
	DependencyFields
	Statement
	Reason *string
}

// DependencyChangeInput changes a dependency.
type DependencyChangeInput struct {
	Editing
	Kind         *DependencyKind
	Strength     *float64
	TimeToImpact *time.Duration
	Figures      *Figures
	DependencyFields
	Statement
}

// DependencyConfirmInput asks to note that a dependency still is as it stands.
type DependencyConfirmInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Reason           *string
}

// DependencyWithdrawInput ends a dependency.
type DependencyWithdrawInput struct{ WithdrawInput }

// DependencyPayload is what became of a change of a dependency.
type DependencyPayload struct {
	Dependency       *Dependency
	UserErrors       []*UserError
	ConsistencyToken *string
}

// CreateDependency states a dependency among facilities and operators that the caller sees. One that was withdrawn is valid again
// as the same.
func (v *View) CreateDependency(ctx context.Context, in DependencyCreateInput) (*DependencyPayload, error) {
	m := mutation{name: "dependencyCreate", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) { return v.newDependencyDraft(ctx, &in) })
	return dependencyPayload(ctx, out, err)
}

func (v *View) newDependencyDraft(ctx context.Context, in *DependencyCreateInput) (draft, error) {
	ends, refused, err := v.endsFor(ctx, in)
	if err != nil || len(refused) > 0 {
		return refuse(refused...), err
	}
	change := v.edit(map[string]store.Value{})
	need := change.need(in.Need)
	change.dependency(&DependencyChangeInput{
		Kind: &in.Kind, Strength: &in.Strength, TimeToImpact: &in.TimeToImpact, Figures: &in.Figures, DependencyFields: in.DependencyFields, Statement: in.Statement,
	})
	first := change.first(in.ValidFrom)
	if refused := ends.over(max(first, change.now), "provider", "dependent"); refused != nil {
		change.errors = append(change.errors, refused)
	}
	if len(change.errors) > 0 {
		return refuse(change.errors...), nil
	}
	id := DependencyID(ends.provider.ID, ends.dependent.ID, need)
	found, err := v.dependencies(ctx, []store.ID{id})
	if err != nil {
		return draft{}, err
	}
	had := found[id]
	if had != nil {
		until := had.text(store.ValidUntil)
		if until == "" {
			return refuse(userError(UserExists, inputPath(), "It is registered as %s already: change or confirm that one, with the id %s.", had.Key(), had.ID())), nil
		}
		if from := had.text(store.ValidFrom); string(first) < until { // its end is taken back: it holds without a gap
			first = min(first, Day(from))
		}
	}
	return ends.draft(ends.stated(need, first, change.props, had)), nil
}

// ChangeDependency changes what the input names, and leaves the rest as it is.
func (v *View) ChangeDependency(ctx context.Context, in DependencyChangeInput) (*DependencyPayload, error) {
	m := mutation{name: "dependencyChange", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		return v.dependencyDraft(ctx, in.ID, in.ExpectedVersion, func(change *edit, ends *dependencyEnds) {
			change.lasting(ends)
			change.dependency(&in)
			delete(change.props, "confirmedAt")
		})
	})
	return dependencyPayload(ctx, out, err)
}

// ConfirmDependency notes that a dependency was looked at at the moment of the request and is as it stands.
func (v *View) ConfirmDependency(ctx context.Context, in DependencyConfirmInput) (*DependencyPayload, error) {
	m := mutation{name: "dependencyConfirm", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		return v.dependencyDraft(ctx, in.ID, in.ExpectedVersion, func(change *edit, ends *dependencyEnds) {
			change.lasting(ends)
			change.props["confirmedAt"] = store.Int(v.now.UnixMicro())
		})
	})
	return dependencyPayload(ctx, out, err)
}

// WithdrawDependency ends a dependency.
func (v *View) WithdrawDependency(ctx context.Context, in DependencyWithdrawInput) (*DependencyPayload, error) {
	m := mutation{name: "dependencyWithdraw", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		return v.dependencyDraft(ctx, in.ID, in.ExpectedVersion, func(change *edit, _ *dependencyEnds) {
			if refused := reasoned(in.Reason); refused != nil {
				change.errors = append(change.errors, refused)
			}
			change.endDependency(in.ValidUntil)
		})
	})
	return dependencyPayload(ctx, out, err)
}

// dependencyDraft commits what is done to a dependency that the caller may change, or says why not.
func (v *View) dependencyDraft(ctx context.Context, globalID string, expected *int32, do func(*edit, *dependencyEnds)) (draft, error) {
	d, ends, refused, err := v.editableDependency(ctx, globalID, expected)
	if err != nil || refused != nil {
		return refuse(refused), err
	}
	change := v.edit(d.node.Clone().Props)
	do(change, ends)
	if len(change.errors) > 0 {
		return refuse(change.errors...), nil
	}
	return ends.draft(store.Edge{ID: d.node.ID, From: d.edge.From, To: d.edge.To, Props: change.props, Version: d.node.Version}), nil
}

func dependencyPayload(ctx context.Context, out outcome, err error) (*DependencyPayload, error) {
	if err != nil {
		return nil, err
	}
	p := &DependencyPayload{UserErrors: append([]*UserError{}, out.errors...), ConsistencyToken: out.token}
	if len(out.result) == 0 {
		return p, nil
	}
	found, err := out.dependencies(ctx, out.result)
	p.Dependency = found[out.result[0]]
	return p, err
}
