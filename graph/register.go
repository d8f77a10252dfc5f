package graph

import (
	"context"

	"kritisgraph/internal/kritis"
)

type operator struct{}

func (operator) Facilities(ctx context.Context, o *kritis.Operator, where *kritis.FacilityWhere, orderBy *kritis.FacilityOrder, first *int32, after *string, last *int32, before *string) (*kritis.FacilityConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).FacilitiesOf(ctx, o, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: page(ctx, first, after, last, before)})
}

func (operator) Incidents(ctx context.Context, o *kritis.Operator, where *kritis.IncidentWhere, orderBy *kritis.IncidentOrder, first *int32, after *string, last *int32, before *string) (*kritis.IncidentConnection, error) {
	return incidentsOf(ctx, o, where, orderBy, page(ctx, first, after, last, before))
}

func (operator) Providers(ctx context.Context, of *kritis.Operator, first *int32, after *string, last *int32, before *string) (*kritis.DependencyConnection, error) {
	return kritis.ViewFrom(ctx).Providers(ctx, of, page(ctx, first, after, last, before))
}

func (operator) Dependents(ctx context.Context, of *kritis.Operator, first *int32, after *string, last *int32, before *string) (*kritis.DependencyConnection, error) {
	return kritis.ViewFrom(ctx).Dependents(ctx, of, page(ctx, first, after, last, before))
}

type facility struct{}

func (facility) Incidents(ctx context.Context, f *kritis.Facility, where *kritis.IncidentWhere, orderBy *kritis.IncidentOrder, first *int32, after *string, last *int32, before *string) (*kritis.IncidentConnection, error) {
	return incidentsOf(ctx, f, where, orderBy, page(ctx, first, after, last, before))
}

func (facility) Providers(ctx context.Context, of *kritis.Facility, first *int32, after *string, last *int32, before *string) (*kritis.DependencyConnection, error) {
	return kritis.ViewFrom(ctx).Providers(ctx, of, page(ctx, first, after, last, before))
}

func (facility) Dependents(ctx context.Context, of *kritis.Facility, first *int32, after *string, last *int32, before *string) (*kritis.DependencyConnection, error) {
	return kritis.ViewFrom(ctx).Dependents(ctx, of, page(ctx, first, after, last, before))
}

type incident struct{}

func (incident) Facilities(ctx context.Context, i *kritis.Incident, where *kritis.FacilityWhere, orderBy *kritis.FacilityOrder, first *int32, after *string, last *int32, before *string) (*kritis.FacilityConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).FacilitiesIn(ctx, i, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: page(ctx, first, after, last, before)})
}

func incidentsOf(ctx context.Context, of kritis.Node, where *kritis.IncidentWhere, orderBy *kritis.IncidentOrder, args kritis.PageArgs) (*kritis.IncidentConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).IncidentsOf(ctx, of, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: args})
}
