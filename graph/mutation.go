package graph

import (
	"context"

	"kritisgraph/internal/kritis"
)

type mutation struct{}

func (mutation) ContactPointCreate(ctx context.Context, input kritis.ContactPointCreateInput) (*kritis.ContactPointPayload, error) {
	return kritis.ViewFrom(ctx).CreateContactPoint(ctx, input)
}

func (mutation) ContactPointChange(ctx context.Context, input kritis.ContactPointChangeInput) (*kritis.ContactPointPayload, error) {
	return kritis.ViewFrom(ctx).ChangeContactPoint(ctx, input)
}

func (mutation) ContactPointWithdraw(ctx context.Context, input kritis.ContactPointWithdrawInput) (*kritis.ContactPointPayload, error) {
	return kritis.ViewFrom(ctx).WithdrawContactPoint(ctx, input)
}

func (mutation) ContactPointConfirm(ctx context.Context, input kritis.ContactPointConfirmInput) (*kritis.ContactPointPayload, error) {
	return kritis.ViewFrom(ctx).ConfirmContactPoint(ctx, input)
}

func (mutation) CompetenceSetPropose(ctx context.Context, input kritis.CompetenceSetProposeInput) (*kritis.CompetenceSetPayload, error) {
	return kritis.ViewFrom(ctx).ProposeCompetenceSet(ctx, input)
}

func (mutation) CompetenceSetApprove(ctx context.Context, input kritis.CompetenceSetApproveInput) (*kritis.CompetenceSetPayload, error) {
	return kritis.ViewFrom(ctx).ApproveCompetenceSet(ctx, input)
}

func (mutation) CompetenceSetReject(ctx context.Context, input kritis.CompetenceSetRejectInput) (*kritis.CompetenceSetPayload, error) {
	return kritis.ViewFrom(ctx).RejectCompetenceSet(ctx, input)
}

func (mutation) CompetenceSetWithdraw(ctx context.Context, input kritis.CompetenceSetWithdrawInput) (*kritis.CompetenceSetPayload, error) {
	return kritis.ViewFrom(ctx).WithdrawCompetenceSet(ctx, input)
}

func (mutation) AccessRequest(ctx context.Context, input kritis.AccessRequestInput) (*kritis.AccessGrantPayload, error) {
	return kritis.ViewFrom(ctx).RequestAccess(ctx, input)
}

func (mutation) AccessDecide(ctx context.Context, input kritis.AccessDecideInput) (*kritis.AccessGrantPayload, error) {
	return kritis.ViewFrom(ctx).DecideAccess(ctx, input)
}

func (mutation) AccessRevoke(ctx context.Context, input kritis.AccessRevokeInput) (*kritis.AccessGrantPayload, error) {
	return kritis.ViewFrom(ctx).RevokeAccess(ctx, input)
}

func (mutation) BreakGlass(ctx context.Context, input kritis.BreakGlassInput) (*kritis.AccessGrantPayload, error) {
	return kritis.ViewFrom(ctx).BreakGlass(ctx, input)
}
