package graph

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// What the parser says of a value that an enum lacks, and of one of another type.
var (
	noSuchValue = regexp.MustCompile(`(?s)^(.*) is not a valid (\w+)$`)
	otherType   = regexp.MustCompile(`(?s)^cannot use .* as (\w+)$`)
)

// explainVariable gives an error about the value of a variable in the form of all errors: the message names the place and
// what would do, the extensions the field, and the path is left to the response. Other errors stay as they are.
func explainVariable(ctx context.Context, schema *ast.Schema, err *gqlerror.Error) *gqlerror.Error {
	if len(err.Path) < 2 || err.Path[0] != ast.PathName("variable") {
		return err
	}
	place := err.Path[1:]
	shown := &gqlerror.Error{
		Message:    fmt.Sprintf("Variable %s: %s.", place, err.Message),
		Locations:  err.Locations,
		Extensions: map[string]any{"code": err.Extensions["code"], "fields": []string{dotted(place)}},
	}
	if m := noSuchValue.FindStringSubmatch(err.Message); m != nil && schema.Types[m[2]] != nil {
		var values []string
		for _, v := range schema.Types[m[2]].EnumValues {
			values = append(values, v.Name)
		}
		shown.Message = fmt.Sprintf("Variable %s: %q is no %s: give one of %s.", place, cut(m[1]), m[2], strings.Join(values, ", "))
	}
	if m := otherType.FindStringSubmatch(err.Message); m != nil {
		shown.Message = fmt.Sprintf("Variable %s: the value is no %s.", place, m[1])
	}
	if err.Message == "unknown field" {
		shown.Message = fmt.Sprintf("Variable %s: there is no such field", place)
		if def := inputAt(ctx, schema, place[:len(place)-1]); def != nil {
			var fields []string
			for _, f := range def.Fields {
				fields = append(fields, f.Name)
			}
			shown.Message += fmt.Sprintf("; %s has %s", def.Name, strings.Join(fields, ", "))
		}
		shown.Message += "."
	}
	return shown
}

// cut keeps the beginning of a value of the caller for a message.
func cut(value string) string {
	const most = 40
	if runes := []rune(value); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return value
}

// inputAt is the input type of what stands at a place of the variables, nil where it is not known.
func inputAt(ctx context.Context, schema *ast.Schema, place ast.Path) *ast.Definition {
	if !graphql.HasOperationContext(ctx) || len(place) == 0 {
		return nil
	}
	op := graphql.GetOperationContext(ctx).Operation
	name, _ := place[0].(ast.PathName)
	if op == nil || op.VariableDefinitions.ForName(string(name)) == nil {
		return nil
	}
	typ := op.VariableDefinitions.ForName(string(name)).Type
	for _, step := range place[1:] {
		if _, item := step.(ast.PathIndex); item && typ.Elem != nil {
			typ = typ.Elem
			continue
		}
		field := schema.Types[typ.Name()].Fields.ForName(fmt.Sprint(step))
		if field == nil {
			return nil
		}
		typ = field.Type
	}
	return schema.Types[typ.Name()]
}

func dotted(path ast.Path) string {
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i] = fmt.Sprint(p)
	}
	return strings.Join(parts, ".")
}
