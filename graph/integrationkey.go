package graph

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"kritisgraph/graph/guard"
	"kritisgraph/graph/policy"
	"kritisgraph/internal/kritis"
)

func (query) IntegrationKeys(ctx context.Context, first *int32, after *string, last *int32, before *string) (*kritis.IntegrationKeyConnection, error) {
	return kritis.ViewFrom(ctx).IntegrationKeys(ctx, page(ctx, first, after, last, before))
}

func (mutation) IntegrationKeyCreate(ctx context.Context, input kritis.IntegrationKeyCreateInput) (*kritis.IntegrationKeyCreatePayload, error) {
	return kritis.ViewFrom(ctx).CreateIntegrationKey(ctx, input, checkDocument, rand.Reader)
}

func (mutation) IntegrationKeyRevoke(ctx context.Context, input kritis.IntegrationKeyRevokeInput) (*kritis.IntegrationKeyRevokePayload, error) {
	return kritis.ViewFrom(ctx).RevokeIntegrationKey(ctx, input)
}

// storedDocument is the document with a hash, for a caller whose key runs it.
func storedDocument(ctx context.Context, hash string) (string, error) {
	return kritis.ViewFrom(ctx).StoredDocument(ctx, hash)
}

// schemaOfDocuments is the schema against which trusted documents are checked.
var schemaOfDocuments = sync.OnceValue(func() *ast.Schema { return NewSchema().Schema() })

// checkDocument says why a caller with a key could not run a document: what the door would refuse, or that it is more than one query.
// Of its cost it judges what the document says itself; values of variables are judged when it runs.
func checkDocument(text string, caller kritis.Principal) (problem string) {
	limits := LimitsByRole()[callerRow].Limits
	if err := guard.Text(text, limits); err != nil {
		return err.Message
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, limits.Tokens)
	if err != nil {
		return "It is no GraphQL document: " + reason(err)
	}
	if err := guard.Shape(doc, limits); err != nil {
		return err.Message
	}
	if len(doc.Operations) != 1 || doc.Operations[0].Operation != ast.Query {
		return "A trusted document is exactly one query, with its fragments: no mutation, no subscription."
	}
	schema, op := schemaOfDocuments(), doc.Operations[0]
	if errs := validator.ValidateWithRules(schema, doc, rules.NewDefaultRules()); len(errs) > 0 {
		return "It does not fit the schema: " + errs[0].Message
	}
	if introspects(doc) {
		return "A trusted document asks for data: introspection is not for integration keys."
	}
	if err := policy.Check(doc, op, caller); err != nil {
		return kritis.AsError(err).Message
	}
	if err := guard.CheckCost(guard.Cost(schema, doc, op, defaultsOf(op), rates), limits); err != nil {
		return err.Message
	}
	return ""
}

// introspects reports whether a valid document asks for the schema.
func introspects(doc *ast.QueryDocument) bool {
	var asks func(ast.SelectionSet) bool
	asks = func(set ast.SelectionSet) bool {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				if s.Name == "__schema" || s.Name == "__type" || asks(s.SelectionSet) {
					return true
				}
			case *ast.InlineFragment:
				if asks(s.SelectionSet) {
					return true
				}
			}
		}
		return false
	}
	if asks(doc.Operations[0].SelectionSet) {
		return true
	}
	for _, f := range doc.Fragments {
		if asks(f.SelectionSet) {
			return true
		}
	}
	return false
}

// defaultsOf are the variables of an operation to which nobody gives a value.
func defaultsOf(op *ast.OperationDefinition) map[string]any {
	values := map[string]any{}
	for _, v := range op.VariableDefinitions {
		if value, err := v.DefaultValue.Value(nil); value != nil && err == nil {
			values[v.Variable] = value
		}
	}
	return values
}

// reason is what the parser says, without the name of a source.
func reason(err error) string {
	return strings.TrimPrefix(err.Error(), "input:")
}
