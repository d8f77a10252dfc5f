package graph_test

import (
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/vektah/gqlparser/v2/ast"
)

// gqlgen reads a scalar that is not mapped as any text, so that "not a date" would pass.
func TestEveryScalarIsMapped(t *testing.T) {
	text, err := os.ReadFile("../gqlgen.yml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Models map[string]struct {
			Model []string `yaml:"model"`
		} `yaml:"models"`
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	for name, def := range loadSchema(t).Types {
		if def.Kind != ast.Scalar {
			continue
		}
		switch models := config.Models[name].Model; {
		case len(models) == 0:
			t.Errorf("%s is not mapped", name)
		case !def.BuiltIn && !strings.HasPrefix(models[0], "kritisgraph/graph/scalar."):
			t.Errorf("%s is read by %s, not strictly", name, models[0])
		}
	}
}

// gqlgen binds a field with arguments to a plain field of a struct where there is one, and ignores the arguments.
func TestNoArgumentIsIgnored(t *testing.T) {
	text, err := os.ReadFile("generated/generated.go")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, def := range loadSchema(t).Types {
		if def.Kind != ast.Object || def.BuiltIn {
			continue
		}
		for _, field := range def.Fields {
			if !strings.HasPrefix(field.Name, "__") {
				checked += len(field.Arguments)
				checkArguments(t, string(text), def.Name, field)
			}
		}
	}
	if checked == 0 {
		t.Fatal("no field with arguments was found")
	}
}

func checkArguments(t *testing.T, code, typeName string, field *ast.FieldDefinition) {
	t.Helper()
	if len(field.Arguments) == 0 {
		return
	}
	_, body, found := strings.Cut(code, "func (ec *executionContext) _"+typeName+"_"+field.Name+"(")
	if !found {
		t.Errorf("%s.%s is not generated", typeName, field.Name)
		return
	}
	body, _, _ = strings.Cut(body, "\nfunc ")
	for _, arg := range field.Arguments {
		if !strings.Contains(body, `fc.Args["`+arg.Name+`"]`) {
			t.Errorf("%s.%s ignores its argument %s", typeName, field.Name, arg.Name)
		}
	}
}
