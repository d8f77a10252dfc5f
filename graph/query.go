package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/responsibility"
)

type query struct{}

func (query) Node(ctx context.Context, id string) (kritis.Node, error) {
	return kritis.ViewFrom(ctx).Node(ctx, id)
}

func (query) Nodes(ctx context.Context, ids []string) ([]kritis.Node, error) {
	return kritis.ViewFrom(ctx).Nodes(ctx, ids)
}

func (query) FederalState(ctx context.Context, code kritis.FederalStateCode) (*kritis.FederalState, error) {
	return kritis.ViewFrom(ctx).FederalState(ctx, code)
}

func (query) FederalStates(ctx context.Context) ([]*kritis.FederalState, error) {
	return kritis.ViewFrom(ctx).FederalStates(ctx)
}

func (query) Authority(ctx context.Context, slug string) (*kritis.Authority, error) {
	return kritis.ViewFrom(ctx).Authority(ctx, slug)
}

func (query) Authorities(ctx context.Context, where *kritis.AuthorityWhere, orderBy *kritis.AuthorityOrder, first *int32, after *string, last *int32, before *string) (*kritis.AuthorityConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).Authorities(ctx, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: page(ctx, first, after, last, before)})
}

func (query) ContactPoints(ctx context.Context, where *kritis.ContactPointWhere, orderBy *kritis.ContactPointOrder, asOf *time.Time, first *int32, after *string, last *int32, before *string) (*kritis.ContactPointConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).ContactPoints(ctx, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), AsOf: asOf, Page: page(ctx, first, after, last, before)})
}

func (query) LegalAct(ctx context.Context, slug string) (*kritis.LegalAct, error) {
	return kritis.ViewFrom(ctx).LegalAct(ctx, slug)
}

func (query) LegalActs(ctx context.Context) ([]*kritis.LegalAct, error) {
	return kritis.ViewFrom(ctx).LegalActs(ctx)
}

func (query) Sector(ctx context.Context, slug string) (*kritis.Sector, error) {
	return kritis.ViewFrom(ctx).Sector(ctx, slug)
}

func (query) Sectors(ctx context.Context) ([]*kritis.Sector, error) {
	return kritis.ViewFrom(ctx).Sectors(ctx)
}

func (query) Branch(ctx context.Context, slug string) (*kritis.Branch, error) {
	return kritis.ViewFrom(ctx).Branch(ctx, slug)
}

func (query) Service(ctx context.Context, slug string) (*kritis.Service, error) {
	return kritis.ViewFrom(ctx).Service(ctx, slug)
}

func (query) Operator(ctx context.Context, reference string) (*kritis.Operator, error) {
	return kritis.ViewFrom(ctx).Operator(ctx, reference)
}

func (query) Operators(ctx context.Context, where *kritis.OperatorWhere, orderBy *kritis.OperatorOrder, first *int32, after *string, last *int32, before *string) (*kritis.OperatorConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).Operators(ctx, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: page(ctx, first, after, last, before)})
}

func (query) Facility(ctx context.Context, reference string) (*kritis.Facility, error) {
	return kritis.ViewFrom(ctx).Facility(ctx, reference)
}

func (query) Facilities(ctx context.Context, where *kritis.FacilityWhere, orderBy *kritis.FacilityOrder, first *int32, after *string, last *int32, before *string) (*kritis.FacilityConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).Facilities(ctx, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: page(ctx, first, after, last, before)})
}

func (query) Incident(ctx context.Context, reference string) (*kritis.Incident, error) {
	return kritis.ViewFrom(ctx).Incident(ctx, reference)
}

func (query) Incidents(ctx context.Context, where *kritis.IncidentWhere, orderBy *kritis.IncidentOrder, first *int32, after *string, last *int32, before *string) (*kritis.IncidentConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).Incidents(ctx, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), Page: page(ctx, first, after, last, before)})
}

func (query) Competences(ctx context.Context, where *kritis.CompetenceWhere, orderBy *kritis.CompetenceOrder, asOf *time.Time, first *int32, after *string, last *int32, before *string) (*kritis.CompetenceConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).Competences(ctx, kritis.ListArgs{Where: filter, Order: orderBy.Orders(), AsOf: asOf, Page: page(ctx, first, after, last, before)})
}

func (query) CompetenceSets(ctx context.Context, where *kritis.CompetenceSetWhere, first *int32, after *string, last *int32, before *string) (*kritis.CompetenceSetConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).CompetenceSets(ctx, kritis.ListArgs{Where: filter, Page: page(ctx, first, after, last, before)})
}

func (query) Responsibility(ctx context.Context, input kritis.ResponsibilityInput) (*kritis.Responsibility, error) {
	return kritis.ViewFrom(ctx).Responsibility(ctx, input)
}

// Responsibilities puts the error of each question that cannot be answered at its place in the list.
func (query) Responsibilities(ctx context.Context, inputs []*kritis.ResponsibilityInput) ([]*kritis.Responsibility, error) {
	questions := make([]kritis.ResponsibilityInput, len(inputs))
	for i, in := range inputs {
		questions[i] = *in
	}
	answers, errs := kritis.ViewFrom(ctx).Responsibilities(ctx, questions)
	for i, err := range errs {
		if err != nil {
			graphql.AddError(graphql.WithPathContext(ctx, graphql.NewPathWithIndex(i)), err)
		}
	}
	return answers, nil
}

func (query) ResponsibilityDiff(ctx context.Context, input kritis.ResponsibilityDiffInput) (*kritis.ResponsibilityDiff, error) {
	return kritis.ViewFrom(ctx).ResponsibilityDiff(ctx, input)
}

func (query) Coverage(ctx context.Context, legalAct string, asOf *time.Time, purpose *responsibility.Purpose) (*kritis.Coverage, error) {
	return kritis.ViewFrom(ctx).Coverage(ctx, legalAct, asOf, purpose)
}

func (query) Search(ctx context.Context, text string, types []kritis.SearchType, first *int32, after *string, last *int32, before *string) (*kritis.SearchConnection, error) {
	return kritis.ViewFrom(ctx).Search(ctx, text, types, page(ctx, first, after, last, before))
}

func (query) AccessGrants(ctx context.Context, where *kritis.AccessGrantWhere, first *int32, after *string, last *int32, before *string) (*kritis.AccessGrantConnection, error) {
	filter, err := where.Filter()
	if err != nil {
		return nil, err
	}
	return kritis.ViewFrom(ctx).AccessGrants(ctx, kritis.ListArgs{Where: filter, Page: page(ctx, first, after, last, before)})
}

func (query) Viewer(ctx context.Context) (*kritis.Viewer, error) {
	return kritis.ViewFrom(ctx).Viewer(ctx)
}
