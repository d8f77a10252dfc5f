package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"kritisgraph/graph/generated"
	"kritisgraph/internal/kritis"
)

// NewSchema returns the executable schema. Its resolvers take the kritis.View of the request from the context; they hold no
// logic beyond calling one method of it.
func NewSchema() graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{Resolvers: resolver{}})
}

// resolver is the root of the resolvers; those of a type stand in the file of its noun.
type resolver struct{}

var _ generated.ResolverRoot = resolver{}

func (resolver) Query() generated.QueryResolver               { return query{} }
func (resolver) Mutation() generated.MutationResolver         { return mutation{} }
func (resolver) FederalState() generated.FederalStateResolver { return federalState{} }
func (resolver) Authority() generated.AuthorityResolver       { return authority{} }
func (resolver) LegalAct() generated.LegalActResolver         { return legalAct{} }
func (resolver) Branch() generated.BranchResolver             { return branch{} }
func (resolver) Coverage() generated.CoverageResolver         { return coverage{} }
func (resolver) Operator() generated.OperatorResolver         { return operator{} }
func (resolver) Facility() generated.FacilityResolver         { return facility{} }
func (resolver) Incident() generated.IncidentResolver         { return incident{} }
func (resolver) Impact() generated.ImpactResolver             { return outage{} }

// page gathers the arguments of a connection. The total is read only where the document asks for it, and the items are given
// only where it asks for more than that.
func page(ctx context.Context, first *int32, after *string, last *int32, before *string) kritis.PageArgs {
	fields := graphql.CollectAllFields(ctx)
	more := func(field string) bool {
		return field != "totalCount" && field != "redactions" && field != "__typename"
	}
	return kritis.PageArgs{
		First: first, After: after, Last: last, Before: before,
		Total: slices.Contains(fields, "totalCount"), Bare: !slices.ContainsFunc(fields, more),
	}
}
