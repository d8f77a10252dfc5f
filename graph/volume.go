package graph

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"kritisgraph/graph/guard"
	"kritisgraph/internal/kritis"
)

// volume bounds what one response holds: cost is judged before execution, by how long lists can be expected to be, and a response grows in memory
// until it is sent. It also ends the forming of a response whose context has ended.
type volume struct {
	most    int64 // fields
	present graphql.ErrorPresenterFunc
}

var _ interface {
	graphql.HandlerExtension
	graphql.ResponseInterceptor
	graphql.FieldInterceptor
} = volume{}

type formedKey struct{}

// formed counts the fields of a response.
type formed struct {
	fields  atomic.Int64
	stopped atomic.Bool // the context ended
}

// patience is after how many fields the context is looked at again.
const patience = 256

// ExtensionName names the extension.
func (volume) ExtensionName() string { return "Volume" }

// Validate has nothing to check.
func (volume) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField refuses a field beyond the bound; what was to stand below it is not formed.
func (v volume) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	f, ok := ctx.Value(formedKey{}).(*formed)
	if !ok {
		return next(ctx)
	}
	n := f.fields.Add(1)
	if n > v.most {
		return nil, v.exceeded()
	}
	if n%patience == 0 && ctx.Err() != nil {
		f.stopped.Store(true)
	}
	if f.stopped.Load() {
		return nil, context.Cause(ctx)
	}
	return next(ctx)
}

// InterceptResponse answers with one error in place of a response that was not formed to its end.
func (v volume) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	f := &formed{}
	response := next(context.WithValue(ctx, formedKey{}, f))
	switch {
	case response == nil:
		return nil
	case f.fields.Load() > v.most:
		return &graphql.Response{Errors: gqlerror.List{v.exceeded()}}
	case f.stopped.Load():
		return &graphql.Response{Errors: gqlerror.List{v.present(ctx, kritis.AsError(context.Cause(ctx)))}}
	}
	return response
}

func (v volume) exceeded() *gqlerror.Error {
	err := guard.Exceeded("answer", "fields in its answer, or more", int(v.most)+1, int(v.most))
	err.Message += " Ask for fewer items, or for less of each."
	return err
}
