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
	code := string(text)
	for _, def := range loadSchema(t).Types {
		if def.Kind != ast.Object || def.BuiltIn {
			continue
		}
		for _, field := range def.Fields {
			if len(field.Arguments) == 0 || strings.HasPrefix(field.Name, "__") {
				continue
			}
			_, body, found := strings.Cut(code, "func (ec *executionContext) _"+def.Name+"_"+field.Name+"(")
			if !found {
				t.Errorf("%s.%s is not generated", def.Name, field.Name)
				continue
			}
			body, _, _ = strings.Cut(body, "\nfunc ")
			for _, arg := range field.Arguments {
				if !strings.Contains(body, `fc.Args["`+arg.Name+`"]`) {
					t.Errorf("%s.%s ignores its argument %s", def.Name, field.Name, arg.Name)
				}
			}
		}
	}
}
