package graph

import (
	"context"
	"time"

	"kritisgraph/internal/kritis"
)

type federalState struct{}

func (federalState) ContactPoints(ctx context.Context, s *kritis.FederalState, where *kritis.ContactPointWhere, first *int32, after *string, last *int32, before *string) (*kritis.ContactPointConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).ContactPointsOf(ctx, s, kritis.ListArgs{Where: filter, Page: page(ctx, first, after, last, before)})
}

func (federalState) Authorities(ctx context.Context, s *kritis.FederalState, where *kritis.AuthorityWhere, orderBy *kritis.AuthorityOrder, first *int32, after *string, last *int32, before *string) (*kritis.AuthorityConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).AuthoritiesOf(ctx, s, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: page(ctx, first, after, last, before)})
}

func (federalState) Incidents(ctx context.Context, s *kritis.FederalState, where *kritis.IncidentWhere, orderBy *kritis.IncidentOrder, first *int32, after *string, last *int32, before *string) (*kritis.IncidentConnection, error) {
	return incidentsOf(ctx, s, where, orderBy, page(ctx, first, after, last, before))
}

type authority struct{}

func (authority) Competences(ctx context.Context, a *kritis.Authority, where *kritis.CompetenceWhere, orderBy *kritis.CompetenceOrder, first *int32, after *string, last *int32, before *string) (*kritis.CompetenceConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).CompetencesOf(ctx, a, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: page(ctx, first, after, last, before)})
}

func (authority) ContactPoints(ctx context.Context, a *kritis.Authority, where *kritis.ContactPointWhere, first *int32, after *string, last *int32, before *string) (*kritis.ContactPointConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).ContactPointsHeldBy(ctx, a, kritis.ListArgs{Where: filter, Page: page(ctx, first, after, last, before)})
}

type legalAct struct{}

func (legalAct) Competences(ctx context.Context, a *kritis.LegalAct, where *kritis.CompetenceWhere, orderBy *kritis.CompetenceOrder, first *int32, after *string, last *int32, before *string) (*kritis.CompetenceConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).CompetencesUnder(ctx, a, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: page(ctx, first, after, last, before)})
}

type branch struct{}

func (branch) Providers(ctx context.Context, b *kritis.Branch, first *int32, after *string, last *int32, before *string) (*kritis.DependencyConnection, error) {
	return kritis.ViewFrom(ctx).Providers(ctx, b, page(ctx, first, after, last, before))
}

func (branch) Dependents(ctx context.Context, b *kritis.Branch, first *int32, after *string, last *int32, before *string) (*kritis.DependencyConnection, error) {
	return kritis.ViewFrom(ctx).Dependents(ctx, b, page(ctx, first, after, last, before))
}

type coverage struct{}

func (coverage) StaleContactPoints(ctx context.Context, c *kritis.Coverage, olderThan *time.Duration, first *int32, after *string, last *int32, before *string) (*kritis.ContactPointConnection, error) {
	return c.StaleContactPoints(ctx, olderThan, page(ctx, first, after, last, before))
}
