package graph

import (
	"context"

	"kritisgraph/internal/kritis"
)

type mutation struct{}

func (mutation) ContactPointConfirm(ctx context.Context, input kritis.ContactPointConfirmInput) (*kritis.ContactPointPayload, error) {
	return kritis.ViewFrom(ctx).ConfirmContactPoint(ctx, input)
}
