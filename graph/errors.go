package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"kritisgraph/graph/scalar"
	"kritisgraph/internal/kritis"
)

// present turns any error into one of the API: a code of ErrorCode, a message for people, and the fields it is about. What
// nobody expected is INTERNAL: the answer has the request id, the log has the error.
func present(log *slog.Logger, schema *ast.Schema) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := &gqlerror.Error{Path: graphql.GetPath(ctx)}
		if framed, ok := errors.AsType[*gqlerror.Error](err); ok {
			if _, coded := framed.Extensions["code"]; coded {
				return explainVariable(ctx, schema, framed)
			}
			shown.Locations = framed.Locations
			if framed.Path != nil {
				shown.Path = framed.Path
			}
		}
		if input, ok := errors.AsType[*scalar.InputError](err); ok {
			shown.Message = input.Error()
			shown.Extensions = map[string]any{"code": string(kritis.CodeBadInput)}
			return shown
		}
		e := kritis.AsError(err)
		shown.Message = e.Message
		shown.Extensions = map[string]any{"code": string(e.Code)}
		if len(e.Fields) > 0 {
			shown.Extensions["fields"] = e.Fields
		}
		report(ctx, log, shown, e)
		return shown
	}
}

// report logs what the caller cannot be told, and gives the caller the id to name it by.
func report(ctx context.Context, log *slog.Logger, shown *gqlerror.Error, e *kritis.Error) {
	switch e.Code {
	case kritis.CodeInternal:
		attributes := []any{"requestId", kritis.RequestID(ctx), "path", shown.Path.String(), "error", e.Err}
		if p, ok := errors.AsType[*panicError](e.Err); ok {
			attributes = append(attributes, "stack", string(p.stack))
		}
		log.ErrorContext(ctx, "request failed", attributes...)
		if id := kritis.RequestID(ctx); id != "" {
			shown.Extensions["requestId"] = id
		}
	case kritis.CodeUnavailable:
		log.WarnContext(ctx, "store unavailable", "requestId", kritis.RequestID(ctx), "error", e.Err)
	}
}

// panicError is a panic of a resolver, caught so that the process and the rest of the response live on.
type panicError struct {
	value any
	stack []byte
}

// Error says what the panic was about, for the log.
func (p *panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

func recovered(_ context.Context, value any) error {
	return &panicError{value: value, stack: debug.Stack()}
}
