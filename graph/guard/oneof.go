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
		value, given := variables[def.Variable]
		if !given {
			continue
		}
		path := ast.Path{ast.PathName(def.Variable)}
		if err := oneOf(schema, def.Type, value, path); err != nil {
			return err
		}
	}
	return nil
}

func oneOf(schema *ast.Schema, typ *ast.Type, value any, path ast.Path) *gqlerror.Error {
	if value == nil {
		return nil
	}
	if typ.Elem != nil {
		list := reflect.ValueOf(value)
		if list.Kind() != reflect.Slice {
			return oneOf(schema, typ.Elem, value, path)
		}
		for i := range list.Len() {
			below := append(slices.Clip(path), ast.PathIndex(i))
			if err := oneOf(schema, typ.Elem, list.Index(i).Interface(), below); err != nil {
				return err
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
		if err := exactlyOne(def, object, path); err != nil {
			return err
		}
	}
	for _, field := range def.Fields {
		below := append(slices.Clip(path), ast.PathName(field.Name))
		if err := oneOf(schema, field.Type, object[field.Name], below); err != nil {
			return err
		}
	}
	return nil
}

func exactlyOne(def *ast.Definition, object map[string]any, path ast.Path) *gqlerror.Error {
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
	return &gqlerror.Error{
		Message: fmt.Sprintf("Variable %s: %s takes exactly one of %s; %s.", path, def.Name, strings.Join(known, ", "), found),
		Extensions: map[string]any{
			"code": CodeInvalid, "fields": []string{dotted(path)},
		},
	}
}

func dotted(path ast.Path) string {
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i] = fmt.Sprint(p)
	}
	return strings.Join(parts, ".")
}
