package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"kritisgraph/internal/kritis"
)

func (mutation) OperatorCreate(ctx context.Context, input kritis.OperatorCreateInput) (*kritis.OperatorPayload, error) {
	return kritis.ViewFrom(ctx).CreateOperator(ctx, input)
}

func (mutation) OperatorChange(ctx context.Context, input kritis.OperatorChangeInput) (*kritis.OperatorPayload, error) {
	input.Nulls = nulls(ctx)
	return kritis.ViewFrom(ctx).ChangeOperator(ctx, input)
}

func (mutation) OperatorWithdraw(ctx context.Context, input kritis.OperatorWithdrawInput) (*kritis.OperatorPayload, error) {
	return kritis.ViewFrom(ctx).WithdrawOperator(ctx, input)
}

func (mutation) FacilityCreate(ctx context.Context, input kritis.FacilityCreateInput) (*kritis.FacilityPayload, error) {
	return kritis.ViewFrom(ctx).CreateFacility(ctx, input)
}

func (mutation) FacilityChange(ctx context.Context, input kritis.FacilityChangeInput) (*kritis.FacilityPayload, error) {
	input.Nulls = nulls(ctx)
	return kritis.ViewFrom(ctx).ChangeFacility(ctx, input)
}

func (mutation) FacilityWithdraw(ctx context.Context, input kritis.FacilityWithdrawInput) (*kritis.FacilityPayload, error) {
	return kritis.ViewFrom(ctx).WithdrawFacility(ctx, input)
}

func (mutation) DependencyCreate(ctx context.Context, input kritis.DependencyCreateInput) (*kritis.DependencyPayload, error) {
	return kritis.ViewFrom(ctx).CreateDependency(ctx, input)
}

func (mutation) DependencyChange(ctx context.Context, input kritis.DependencyChangeInput) (*kritis.DependencyPayload, error) {
	input.Nulls = nulls(ctx)
	return kritis.ViewFrom(ctx).ChangeDependency(ctx, input)
}

func (mutation) DependencyConfirm(ctx context.Context, input kritis.DependencyConfirmInput) (*kritis.DependencyPayload, error) {
	return kritis.ViewFrom(ctx).ConfirmDependency(ctx, input)
}

func (mutation) DependencyWithdraw(ctx context.Context, input kritis.DependencyWithdrawInput) (*kritis.DependencyPayload, error) {
	return kritis.ViewFrom(ctx).WithdrawDependency(ctx, input)
}

func (mutation) AuthorityCreate(ctx context.Context, input kritis.AuthorityCreateInput) (*kritis.AuthorityPayload, error) {
	return kritis.ViewFrom(ctx).CreateAuthority(ctx, input)
}

func (mutation) AuthorityChange(ctx context.Context, input kritis.AuthorityChangeInput) (*kritis.AuthorityPayload, error) {
	input.Nulls = nulls(ctx)
	return kritis.ViewFrom(ctx).ChangeAuthority(ctx, input)
}

func (mutation) AuthorityWithdraw(ctx context.Context, input kritis.AuthorityWithdrawInput) (*kritis.AuthorityPayload, error) {
	return kritis.ViewFrom(ctx).WithdrawAuthority(ctx, input)
}

// nulls returns the paths, with dots, of the fields of the input that are null; those that are absent are not among them. Structs of
// the domain do not tell the two apart.
func nulls(ctx context.Context) []string {
	arguments := graphql.GetFieldContext(ctx).Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	input, _ := arguments["input"].(map[string]any)
	return appendNulls(nil, "", input)
}

func appendNulls(found []string, place string, fields map[string]any) []string {
	for name, value := range fields {
		switch below, ok := value.(map[string]any); {
		case value == nil:
			found = append(found, place+name)
		case ok:
			found = appendNulls(found, place+name+".", below)
		}
	}
	slices.Sort(found)
	return found
}
