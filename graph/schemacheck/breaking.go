package schemacheck

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Breaking gives what a client of the released schema may trip over in the current one, in the order of names. Additions that
// ask nothing of a client, looser inputs and stricter outputs are none.
func Breaking(released, current *ast.Schema) []string {
	c := comparison{current: current}
	for _, name := range sortedNames(released.Types) {
		if old := released.Types[name]; !old.BuiltIn {
			c.definition(old, current.Types[name], released)
		}
	}
	for _, name := range sortedNames(released.Directives) {
		if current.Directives[name] == nil {
			c.report("@"+name, "the directive is gone")
		}
	}
	return c.findings
}

type comparison struct {
	current  *ast.Schema
	findings []string
}

func (c *comparison) report(where, format string, args ...any) {
	c.findings = append(c.findings, where+": "+fmt.Sprintf(format, args...))
}

func (c *comparison) definition(old, now *ast.Definition, released *ast.Schema) {
	switch {
	case now == nil:
		c.report(old.Name, "the type is gone")
		return
	case now.Kind != old.Kind:
		c.report(old.Name, "was %s, is %s", old.Kind, now.Kind)
		return
	}
	switch old.Kind {
	case ast.Scalar:
		if specification(old) != specification(now) {
			c.report(old.Name, "follows another specification")
		}
	case ast.Enum:
		for _, value := range old.EnumValues {
			if now.EnumValues.ForName(value.Name) == nil {
				c.report(old.Name+"."+value.Name, "the value is gone")
			}
		}
	case ast.InputObject:
		c.input(old, now)
	default:
		c.output(old, now)
	}
	if old.IsAbstractType() {
		for _, member := range released.PossibleTypes[old.Name] {
			if !possible(c.current, now.Name, member.Name) {
				c.report(old.Name, "%s belongs to it no longer", member.Name)
			}
		}
	}
}

func specification(def *ast.Definition) string {
	if d := def.Directives.ForName("specifiedBy"); d != nil {
		return d.Arguments.ForName("url").Value.Raw
	}
	return ""
}

func possible(schema *ast.Schema, abstract, member string) bool {
	for _, def := range schema.PossibleTypes[abstract] {
		if def.Name == member {
			return true
		}
	}
	return false
}

func (c *comparison) output(old, now *ast.Definition) {
	for _, field := range old.Fields {
		where := old.Name + "." + field.Name
		match := now.Fields.ForName(field.Name)
		if match == nil {
			c.report(where, "the field is gone")
			continue
		}
		if !c.narrows(field.Type, match.Type) {
			c.report(where, "was %s, is %s", field.Type, match.Type)
		}
		c.arguments(where, field.Arguments, match.Arguments)
	}
}

func (c *comparison) arguments(where string, old, now ast.ArgumentDefinitionList) {
	for _, arg := range old {
		at := where + "(" + arg.Name + ")"
		match := now.ForName(arg.Name)
		if match == nil {
			c.report(at, "the argument is gone")
			continue
		}
		c.value(at, arg.Type, match.Type, arg.DefaultValue, match.DefaultValue)
	}
	for _, arg := range now {
		if old.ForName(arg.Name) == nil && arg.Type.NonNull && arg.DefaultValue == nil {
			c.report(where+"("+arg.Name+")", "a new argument is required")
		}
	}
}

func (c *comparison) input(old, now *ast.Definition) {
	for _, field := range old.Fields {
		where := old.Name + "." + field.Name
		match := now.Fields.ForName(field.Name)
		if match == nil {
			c.report(where, "the field is gone")
			continue
		}
		c.value(where, field.Type, match.Type, field.DefaultValue, match.DefaultValue)
	}
	for _, field := range now.Fields {
		if old.Fields.ForName(field.Name) == nil && field.Type.NonNull && field.DefaultValue == nil {
			c.report(old.Name+"."+field.Name, "a new field is required")
		}
	}
	if old.Directives.ForName("oneOf") == nil && now.Directives.ForName("oneOf") != nil {
		c.report(old.Name, "takes exactly one field now")
	}
}

// value compares an argument or a field of an input. A default may stand in for a value that became required.
func (c *comparison) value(where string, old, now *ast.Type, oldDefault, nowDefault *ast.Value) {
	if nowDefault != nil && now.NonNull && !old.NonNull {
		loose := *now
		loose.NonNull = false
		now = &loose
	}
	if !accepts(old, now) {
		c.report(where, "took %s, takes %s", old, now)
	}
	if oldDefault != nil && (nowDefault == nil || oldDefault.String() != nowDefault.String()) {
		c.report(where, "the default was %s", oldDefault)
	}
}

// narrows says whether every value of the new output type is one of the old type.
func (c *comparison) narrows(old, now *ast.Type) bool {
	switch {
	case old.NonNull && !now.NonNull, (old.Elem == nil) != (now.Elem == nil):
		return false
	case old.Elem != nil:
		return c.narrows(old.Elem, now.Elem)
	}
	return old.NamedType == now.NamedType || possible(c.current, old.NamedType, now.NamedType)
}

// accepts says whether the new input type takes every value of the old one.
func accepts(old, now *ast.Type) bool {
	switch {
	case now.NonNull && !old.NonNull, now.Elem == nil && old.Elem != nil:
		return false
	case now.Elem != nil && old.Elem == nil: // one value is a list of one
		return accepts(old, now.Elem)
	case now.Elem != nil:
		return accepts(old.Elem, now.Elem)
	}
	return old.NamedType == now.NamedType
}
