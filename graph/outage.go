package graph

import (
	"context"

	"kritisgraph/internal/kritis"
)

type outage struct{}

func (outage) CompareWith(ctx context.Context, i *kritis.Impact, assumptions kritis.OutageAssumptionsInput) (*kritis.ImpactComparison, error) {
	return i.CompareWith(ctx, assumptions)
}

func (incident) Impact(ctx context.Context, i *kritis.Incident, input *kritis.ImpactInput) (*kritis.Impact, error) {
	return i.Impact(ctx, input)
}
