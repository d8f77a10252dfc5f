package graph

import (
	"context"
	"time"

	"kritisgraph/internal/kritis"
)

type outage struct{}

func (outage) CompareWith(ctx context.Context, i *kritis.Impact, assumptions kritis.OutageAssumptionsInput) (*kritis.ImpactComparison, error) {
	return i.CompareWith(ctx, assumptions)
}

func (incident) Impact(ctx context.Context, i *kritis.Incident, input *kritis.ImpactInput) (*kritis.Impact, error) {
	return i.Impact(ctx, input)
}

func (query) SimulateOutage(ctx context.Context, input kritis.SimulateOutageInput) (*kritis.Impact, error) {
	return kritis.ViewFrom(ctx).SimulateOutage(ctx, input)
}

func (query) DependencyPaths(ctx context.Context, dependent, provider kritis.DependencySubjectInput, maxDepth *int32, mode *kritis.PathMode, first *int32, asOf *time.Time) (*kritis.DependencyPaths, error) {
	return kritis.ViewFrom(ctx).DependencyPaths(ctx, kritis.DependencyPathsQuestion{Dependent: dependent, Provider: provider, MaxDepth: maxDepth, Mode: mode, First: first, AsOf: asOf})
}

func (query) SinglePointsOfFailure(ctx context.Context, where *kritis.SinglePointOfFailureWhere, asOf *time.Time, first *int32, after *string, last *int32, before *string) (*kritis.SinglePointOfFailureConnection, error) {
	return kritis.ViewFrom(ctx).SinglePointsOfFailure(ctx, where, asOf, page(ctx, first, after, last, before))
}

func (query) CommonCause(ctx context.Context, subjects []*kritis.DependencySubjectInput, maxDepth *int32, horizon *time.Duration, minStrength *float64, first *int32, asOf *time.Time) (*kritis.CommonCauses, error) {
	return kritis.ViewFrom(ctx).CommonCause(ctx, kritis.CommonCauseQuestion{Subjects: subjects, MaxDepth: maxDepth, Horizon: horizon, MinStrength: minStrength, First: first, AsOf: asOf})
}

func (query) DependencyGraph(ctx context.Context, root kritis.DependencySubjectInput, depth *int32, direction *kritis.DependencyDirection, maxNodes *int32, asOf *time.Time) (*kritis.DependencyGraph, error) {
	return kritis.ViewFrom(ctx).DependencyGraph(ctx, kritis.DependencyGraphQuestion{Root: root, Depth: depth, Direction: direction, MaxNodes: maxNodes, AsOf: asOf})
}
