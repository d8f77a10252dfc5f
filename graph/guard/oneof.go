package guard

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// CodeInvalid is the extensions.code of a document or variables that do not fit the schema.
const CodeInvalid = "GRAPHQL_VALIDATION_FAILED"

// OneOf checks the variables of an operation for one-of inputs: exactly one field, and that not null. The parser checks the
// same of literals only. The error names the place, for example "inputs.3.subject".
func OneOf(schema *ast.Schema, op *ast.OperationDefinition, variables map[string]any) *gqlerror.Error {
	for _, def := range op.VariableDefinitions {
		v := oneOf(schema, def.Type, variables[def.Variable])
		if v == nil {
			continue
		}
		path := append(ast.Path{ast.PathName(def.Variable)}, v.path()...)
		return &gqlerror.Error{
			Message:    fmt.Sprintf("Variable %s: %s", path, v.problem),
			Extensions: map[string]any{"code": CodeInvalid, "fields": []string{dotted(path)}},
		}
	}
	return nil
}

// violation is a one-of input that is none, and the way to it, innermost step first.
type violation struct {
	problem string
	steps   []ast.PathElement
}

func (v *violation) below(step ast.PathElement) *violation {
	v.steps = append(v.steps, step)
	return v
}

func (v *violation) path() ast.Path {
	slices.Reverse(v.steps)
	return v.steps
}

func oneOf(schema *ast.Schema, typ *ast.Type, value any) *violation {
	if value == nil {
		return nil
	}
	if typ.Elem != nil {
		list := reflect.ValueOf(value)
		if list.Kind() != reflect.Slice {
			return oneOf(schema, typ.Elem, value)
		}
		for i := range list.Len() {
			if v := oneOf(schema, typ.Elem, list.Index(i).Interface()); v != nil {
				return v.below(ast.PathIndex(i))
			}
		}
		return nil
	}
	def := schema.Types[typ.NamedType]
	object, ok := value.(map[string]any)
	if def == nil || def.Kind != ast.InputObject || !ok {
		return nil
	}
	if def.Directives.ForName("oneOf") != nil {
		if v := exactlyOne(def, object); v != nil {
			return v
		}
	}
	for _, field := range def.Fields {
		if v := oneOf(schema, field.Type, object[field.Name]); v != nil {
			return v.below(ast.PathName(field.Name))
		}
	}
	return nil
}

func exactlyOne(def *ast.Definition, object map[string]any) *violation {
	var known, given []string
	for _, field := range def.Fields {
		known = append(known, field.Name)
		if _, ok := object[field.Name]; ok {
			given = append(given, field.Name)
		}
	}
	var found string
	switch {
	case len(given) == 1 && object[given[0]] != nil:
		return nil
	case len(given) == 1:
		found = given[0] + " is null"
	case len(given) == 0:
		found = "none is given"
	default:
		found = strings.Join(given, " and ") + " are given"
	}
	return &violation{problem: fmt.Sprintf("%s takes exactly one of %s; %s.", def.Name, strings.Join(known, ", "), found)}
}

func dotted(path ast.Path) string {
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i] = fmt.Sprint(p)
	}
	return strings.Join(parts, ".")
}
