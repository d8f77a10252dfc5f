package schemacheck

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

var (
	pascal    = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	camel     = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	screaming = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	idOutput  = regexp.MustCompile(`[a-z]Ids?$`)
	bounded   = regexp.MustCompile(`(?i)\bat most\b|\bsixteen\b|\bsix\b|\bone per\b|\bin the order asked\b`)
	inputName = regexp.MustCompile(`(Input|Where|Match|Filter|Order)$`)
)

// unreachable are the types that document something outside of the data, so that nothing of Query leads to them.
var unreachable = []string{"ErrorCode"}

// holes are the lists that have null at the place of what is not there.
var holes = []string{"Query.nodes", "Query.responsibilities"}

// Lint gives the findings of the conventions, in the order of names; none for a schema that keeps them.
func Lint(schema *ast.Schema) []string {
	l := linter{schema: schema}
	for _, name := range sortedNames(schema.Types) {
		if def := schema.Types[name]; !def.BuiltIn {
			l.definition(def)
		}
	}
	for _, name := range sortedNames(schema.Directives) {
		if def := schema.Directives[name]; !builtIn(def) {
			l.described("@"+name, def.Description)
			l.arguments("@"+name, def.Arguments)
		}
	}
	l.reachable()
	return l.findings
}

type linter struct {
	schema   *ast.Schema
	findings []string
}

func (l *linter) report(where, format string, args ...any) {
	l.findings = append(l.findings, where+": "+fmt.Sprintf(format, args...))
}

func (l *linter) described(where, description string) {
	text := strings.TrimRight(description, " \n)")
	switch {
	case text == "":
		l.report(where, "has no description")
	case !strings.ContainsAny(text[len(text)-1:], ".?"):
		l.report(where, "the description is no sentence")
	}
}

func (l *linter) definition(def *ast.Definition) {
	l.described(def.Name, def.Description)
	if !pascal.MatchString(def.Name) {
		l.report(def.Name, "the name is not PascalCase")
	}
	switch def.Kind {
	case ast.Scalar:
		l.scalar(def)
	case ast.Enum:
		l.enum(def)
	case ast.InputObject:
		l.input(def)
	case ast.Object, ast.Interface:
		l.output(def)
	}
}

func (l *linter) scalar(def *ast.Definition) {
	specified := def.Directives.ForName("specifiedBy")
	if specified == nil || !strings.HasPrefix(specified.Arguments.ForName("url").Value.Raw, "https://") {
		l.report(def.Name, "no specification is named (@specifiedBy with an https address)")
	}
	if slices.Contains([]string{"JSON", "Json", "Map", "Any", "Object"}, def.Name) {
		l.report(def.Name, "free JSON has no contract")
	}
}

func (l *linter) enum(def *ast.Definition) {
	for _, value := range def.EnumValues {
		where := def.Name + "." + value.Name
		l.described(where, value.Description)
		l.deprecation(where, value.Directives)
		if !screaming.MatchString(value.Name) {
			l.report(where, "the name is not SCREAMING_CASE")
		}
	}
}

func (l *linter) input(def *ast.Definition) {
	if !inputName.MatchString(def.Name) {
		l.report(def.Name, "an input is named …Input, …Where, …Match, …Filter or …Order")
	}
	for _, field := range def.Fields {
		where := def.Name + "." + field.Name
		l.described(where, field.Description)
		l.deprecation(where, field.Directives)
		l.value(where, field.Name, field.Description, field.Type)
	}
}

// value checks an argument or a field of an input.
func (l *linter) value(where, name, description string, typ *ast.Type) {
	if !camel.MatchString(name) {
		l.report(where, "the name is not camelCase")
	}
	if typ.Elem == nil {
		return
	}
	named := l.schema.Types[typ.Name()]
	if !bounded.MatchString(description) && (named == nil || named.Kind != ast.Enum) {
		l.report(where, "the description does not say how long the list may be")
	}
	if !typ.Elem.NonNull {
		l.report(where, "an element of the list may be null")
	}
}

func (l *linter) output(def *ast.Definition) {
	if strings.HasSuffix(def.Name, "Connection") {
		l.connection(def)
	}
	for _, field := range def.Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		where := def.Name + "." + field.Name
		l.described(where, field.Description)
		l.deprecation(where, field.Directives)
		if !camel.MatchString(field.Name) {
			l.report(where, "the name is not camelCase")
		}
		if idOutput.MatchString(field.Name) {
			l.report(where, "give the object, not its id")
		}
		l.arguments(where, field.Arguments)
		l.list(def, field)
	}
}

func (l *linter) arguments(where string, arguments ast.ArgumentDefinitionList) {
	for _, arg := range arguments {
		at := where + "(" + arg.Name + ")"
		l.described(at, arg.Description)
		l.value(at, arg.Name, arg.Description, arg.Type)
	}
}

func builtIn(def *ast.DirectiveDefinition) bool { return def.Position.Src.BuiltIn }

// list checks that a list is a connection or bounded by nature.
func (l *linter) list(def *ast.Definition, field *ast.FieldDefinition) {
	where := def.Name + "." + field.Name
	if strings.HasSuffix(field.Type.Name(), "Connection") {
		for _, arg := range [...]string{"first: Int", "after: String", "last: Int", "before: String"} {
			name, typ, _ := strings.Cut(arg, ": ")
			if given := field.Arguments.ForName(name); given == nil || given.Type.String() != typ {
				l.report(where, "a connection takes the argument %s", arg)
			}
		}
		if !field.Type.NonNull {
			l.report(where, "a connection is never null")
		}
		return
	}
	if field.Type.Elem == nil || strings.HasSuffix(def.Name, "Connection") {
		return
	}
	if !bounded.MatchString(field.Description) {
		l.report(where, "the description does not say what bounds the list; make it a connection if nothing does")
	}
	if !field.Type.NonNull || !field.Type.Elem.NonNull && !slices.Contains(holes, where) {
		l.report(where, "a list and its elements are never null")
	}
}

func (l *linter) connection(def *ast.Definition) {
	item := strings.TrimSuffix(def.Name, "Connection")
	want := map[string]string{
		"edges": "[" + item + "Edge!]!", "pageInfo": "PageInfo!", "totalCount": "Int!",
	}
	for _, name := range sortedNames(want) {
		if field := def.Fields.ForName(name); field == nil || field.Type.String() != want[name] {
			l.report(def.Name, "lacks %s: %s", name, want[name])
		}
	}
	edge := l.schema.Types[item+"Edge"]
	nodes := def.Fields.ForName("nodes")
	if edge == nil || nodes == nil {
		l.report(def.Name, "lacks nodes or the type %sEdge", item)
		return
	}
	node, cursor := edge.Fields.ForName("node"), edge.Fields.ForName("cursor")
	if node == nil || nodes.Type.String() != "["+node.Type.String()+"]!" {
		l.report(edge.Name, "its node differs from the nodes of %s", def.Name)
	}
	if cursor == nil || cursor.Type.String() != "String!" {
		l.report(edge.Name, "lacks cursor: String!")
	}
}

func (l *linter) deprecation(where string, directives ast.DirectiveList) {
	deprecated := directives.ForName("deprecated")
	if deprecated == nil {
		return
	}
	if reason := deprecated.Arguments.ForName("reason"); reason == nil || strings.TrimSpace(reason.Value.Raw) == "" {
		l.report(where, "a deprecation says what to use instead")
	}
}

// reachable reports the types that no question and no directive leads to.
func (l *linter) reachable() {
	seen := map[string]bool{}
	for _, root := range []*ast.Definition{l.schema.Query, l.schema.Mutation, l.schema.Subscription} {
		if root != nil {
			l.visit(root.Name, seen)
		}
	}
	for _, def := range l.schema.Directives {
		for _, arg := range def.Arguments {
			l.visit(arg.Type.Name(), seen)
		}
	}
	for _, name := range sortedNames(l.schema.Types) {
		if !l.schema.Types[name].BuiltIn && !seen[name] && !slices.Contains(unreachable, name) {
			l.report(name, "nothing leads to it")
		}
	}
}

func (l *linter) visit(name string, seen map[string]bool) {
	def := l.schema.Types[name]
	if def == nil || seen[name] {
		return
	}
	seen[name] = true
	for _, field := range def.Fields {
		l.visit(field.Type.Name(), seen)
		for _, arg := range field.Arguments {
			l.visit(arg.Type.Name(), seen)
		}
	}
	for _, other := range l.schema.PossibleTypes[name] {
		l.visit(other.Name, seen)
	}
	for _, face := range def.Interfaces {
		l.visit(face, seen)
	}
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
