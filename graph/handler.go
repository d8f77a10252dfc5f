package graph

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"kritisgraph/graph/guard"
	"kritisgraph/graph/policy"
	"kritisgraph/graph/transport"
	"kritisgraph/internal/kritis"
)

// Options are what a handler needs beside its schema; the zero value is useful.
type Options struct {
	Limits guard.Limits // of every caller; zero fields are those of the caller's role (see LimitsByRole)
	Log    *slog.Logger // nil: the default logger
}

// NewHandler serves a schema over HTTP: POST, and GET for queries, with the limits of the caller's role, one error presenter,
// introspection, and the language of the request in the context (see kritis.WithLanguage). Authentication, rates, CORS and the
// kritis.View of the caller, without which it panics, are the server's, around it. A program with an integration key runs the
// documents of its key alone, which it may name by their hash.
func NewHandler(schema graphql.ExecutableSchema, options Options) http.Handler {
	log := options.Log
	if log == nil {
		log = slog.Default()
	}
	// Each row of the table has a handler of its own, so what is remembered for one role lets nothing pass for another.
	var rows [rowCount]http.Handler
	for i, row := range LimitsByRole() {
		rows[i] = newLimited(schema, options.Limits.Or(row.Limits), log)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows[rowOf(kritis.ViewFrom(r.Context()).Principal())].ServeHTTP(w, r)
	})
}

// newLimited serves a schema to callers that have the same limits.
func newLimited(schema graphql.ExecutableSchema, limits guard.Limits, log *slog.Logger) http.Handler {
	documents := newDocuments()
	server := handler.New(schema)
	server.SetQueryCache(documents)
	server.SetParserTokenLimit(limits.Tokens)
	server.SetErrorPresenter(present(log, schema.Schema()))
	server.SetRecoverFunc(recovered)
	server.Use(extension.Introspection{})
	server.Use(recorder{present(log, schema.Schema())})
	server.Use(volume{int64(limits.Answer), present(log, schema.Schema())})
	server.Use(gate{schema: schema.Schema(), limits: limits, documents: documents})
	server.AddTransport(transport.HTTP{MaxBytes: limits.BodyBytes, Stored: storedDocument})

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), limits.Time)
		defer cancel()
		ctx = kritis.WithLanguage(ctx, requestLanguage(r.Header))
		server.ServeHTTP(w, r.WithContext(ctx))
	})
}

// gate refuses what passes a limit, the shape of a document before it is validated, its cost before it is executed; and, before
// that too, what the caller may not ask for.
type gate struct {
	schema    *ast.Schema
	limits    guard.Limits
	documents *documents
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
} = gate{}

// ExtensionName names the extension.
func (gate) ExtensionName() string { return "Limits" }

// Validate checks that the gate has a schema.
func (g gate) Validate(graphql.ExecutableSchema) error {
	if g.schema == nil || g.documents == nil {
		return errors.New("limits need a schema and its documents")
	}
	return nil
}

// MutateOperationParameters refuses a document that the key of the caller does not run, before anything is said of it; variables
// that nest too deep; and a document for its text or shape. A document that is remembered passed before.
func (g gate) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if err := kritis.ViewFrom(ctx).MayRun(ctx, request.Query); err != nil {
		return gqlerror.Wrap(err)
	}
	if err := guard.Values(request.Variables, g.limits); err != nil {
		return err
	}
	if _, known := g.documents.Get(ctx, request.Query); known {
		return nil
	}
	if err := guard.Text(request.Query, g.limits); err != nil {
		return err
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: request.Query}, g.limits.Tokens)
	if err != nil {
		return nil // the executor says what is wrong with it
	}
	return guard.Shape(doc, g.limits)
}

// MutateOperationContext refuses an operation for a field that its caller may not ask for, its one-of variables or its cost, and
// to programs with a key what is no query.
func (g gate) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	caller := kritis.ViewFrom(ctx).Principal()
	if caller.Integration() {
		op.DisableIntrospection = true
		if op.Operation.Operation != ast.Query {
			return gqlerror.Wrap(&kritis.Error{Code: kritis.CodeForbidden, Message: "An integration key reads: it runs queries only."})
		}
	}
	if err := policy.Check(op.Doc, op.Operation, caller); err != nil {
		return gqlerror.Wrap(err) // the presenter gives it the form of all errors
	}
	if err := guard.OneOf(g.schema, op.Operation, op.Variables); err != nil {
		return err
	}
	return guard.CheckCost(guard.Cost(g.schema, op.Doc, op.Operation, op.Variables, rates), g.limits)
}

// documents remembers parsed and validated documents. Both their number and their size are bounded, for callers choose them.
type documents struct {
	*lru.LRU[*ast.QueryDocument]
}

const (
	rememberedDocuments = 256
	rememberedBytes     = 8 << 10 // of text; what is longer is parsed each time
)

func newDocuments() *documents {
	return &documents{lru.New[*ast.QueryDocument](rememberedDocuments)}
}

// Add remembers a document unless its text is too long.
func (d *documents) Add(ctx context.Context, query string, doc *ast.QueryDocument) {
	if len(query) <= rememberedBytes {
		d.LRU.Add(ctx, query, doc)
	}
}
