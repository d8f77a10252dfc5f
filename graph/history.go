package graph

import (
	"context"

	"kritisgraph/internal/kritis"
)

func (query) Changes(ctx context.Context, of string, first *int32, after *string, last *int32, before *string) (*kritis.ChangeConnection, error) {
	return kritis.ViewFrom(ctx).Changes(ctx, of, page(ctx, first, after, last, before))
}
