package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"kritisgraph/internal/kritis"
)

// recorder has what a response shows recorded before it is sent, and withholds one that cannot be recorded.
type recorder struct {
	present graphql.ErrorPresenterFunc
}

var _ interface {
	graphql.HandlerExtension
	graphql.ResponseInterceptor
} = recorder{}

// ExtensionName names the extension.
func (recorder) ExtensionName() string { return "Recorder" }

// Validate has nothing to check.
func (recorder) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse lets pass what is recorded. Without a response, the context ended and nothing is shown.
func (r recorder) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil {
		return nil
	}
	if err := kritis.ViewFrom(ctx).Record(ctx); err != nil {
		return &graphql.Response{Errors: gqlerror.List{r.present(ctx, err)}}
	}
	return response
}
