package schemacheck_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph"
	"kritisgraph/graph/schemacheck"
)

func load(t *testing.T, text string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestTheSchemaKeepsItsConventions(t *testing.T) {
	for _, finding := range schemacheck.Lint(load(t, kritisgraph.Schema)) {
		t.Error(finding)
	}
}

// The last released schema is kept beside the contract documents. Before the first release there is none.
func TestTheSchemaBreaksNoClientOfTheLastRelease(t *testing.T) {
	released, err := os.ReadFile(filepath.Join("..", "testdata", "released.graphqls"))
	if os.IsNotExist(err) {
		t.Log("no release yet; nothing to break")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range schemacheck.Breaking(load(t, string(released)), load(t, kritisgraph.Schema)) {
		t.Error(finding)
	}
}

func TestLintFindsWhatBreaksAConvention(t *testing.T) {
	const good = `
"A thing." type Thing { "Id." id: ID! }
"Page." type PageInfo { "More." hasNextPage: Boolean! }
"Things." type ThingConnection { "E." edges: [ThingEdge!]! "N." nodes: [Thing!]! "P." pageInfo: PageInfo! "T." totalCount: Int! }
"One." type ThingEdge { "C." cursor: String! "N." node: Thing! }
"Errors." enum ErrorCode { "Bad." BAD }
`
	const page = `("F." first: Int "A." after: String "L." last: Int "B." before: String)`
	for _, c := range []struct{ name, query, rest, want string }{
		{"a schema that keeps them", `"T." things` + page + `: ThingConnection!`, ``, ``},
		{"no description of a field", `things` + page + `: ThingConnection!`, ``, `Query.things: has no description`},
		{"no description of an argument", `"T." x(a: Int): Int`, ``, `Query.x(a): has no description`},
		{"no sentence", `"T" x: Int`, ``, `Query.x: the description is no sentence`},
		{"no description of a type", `"T." x: Other`, `type Other { "A." a: Int }`, `Other: has no description`},
		{"no description of a value", `"T." x: Kind`, `"K." enum Kind { A }`, `Kind.A: has no description`},
		{"a value in small letters", `"T." x: Kind`, `"K." enum Kind { "A." aB }`, `Kind.aB: the name is not SCREAMING_CASE`},
		{"a type with an underscore", `"T." x: A_b`, `"A." type A_b { "A." a: Int }`, `A_b: the name is not PascalCase`},
		{"a field with an underscore", `"T." a_b: Int`, ``, `Query.a_b: the name is not camelCase`},
		{"an id in place of an object", `"T." thingId: ID`, ``, `Query.thingId: give the object, not its id`},
		{"a list without bound", `"All." x: [Thing!]!`, ``, `Query.x: the description does not say what bounds the list; make it a connection if nothing does`},
		{"a list with a bound", `"All, at most 5." x: [Thing!]!`, ``, ``},
		{"a list with holes", `"All, at most 5." x: [Thing]!`, ``, `Query.x: a list and its elements are never null`},
		{"an argument without bound", `"T." x("Ids." ids: [ID!]!): Int`, ``, `Query.x(ids): the description does not say how long the list may be`},
		{"a connection without before", `"T." things("F." first: Int "A." after: String "L." last: Int): ThingConnection!`, ``, `Query.things: a connection takes the argument before: String`},
		{"a connection without totalCount", `"T." o` + page + `: OtherConnection!`,
			`"O." type OtherConnection { "E." edges: [OtherEdge!]! "N." nodes: [Thing!]! "P." pageInfo: PageInfo! } "O." type OtherEdge { "C." cursor: String! "N." node: Thing! }`,
			`OtherConnection: lacks totalCount: Int!`},
		{"a scalar without specification", `"T." x: Odd`, `"O." scalar Odd`, `Odd: no specification is named (@specifiedBy with an https address)`},
		{"an input with another name", `"T." x("A." a: Odd): Int`, `"O." input Odd { "A." a: Int }`, `Odd: an input is named …Input, …Where, …Match, …Filter or …Order`},
		{"an input field without description", `"T." x("A." a: OddInput): Int`, `"O." input OddInput { a: Int }`, `OddInput.a: has no description`},
		{"no description of a directive", `"T." x: Int`, `directive @odd("A." a: Int) on FIELD_DEFINITION`, `@odd: has no description`},
		{"no description of an argument of a directive", `"T." x: Int`, `"O." directive @odd(a: Kind) on FIELD_DEFINITION "K." enum Kind { "A." A }`, `@odd(a): has no description`},
		{"a deprecation without reason", `"T." x: Int @deprecated(reason: "")`, ``, `Query.x: a deprecation says what to use instead`},
		{"a type that nothing leads to", `"T." x: Int`, `"O." type Odd { "A." a: Int }`, `Odd: nothing leads to it`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := good + c.rest + "\n\"Q.\" type Query { \"All.\" base" + page + ": ThingConnection! " + c.query + " }"
			if got := strings.Join(schemacheck.Lint(load(t, text)), "; "); got != c.want {
				t.Fatalf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestBreakingFindsWhatAClientTripsOver(t *testing.T) {
	for _, c := range []struct {
		name, old, now string
		want           []string
	}{
		{"nothing changed", `type Query { a: Int }`, `type Query { a: Int }`, nil},
		{"a type is gone", `type Query { a: Int } type T { a: Int }`, `type Query { a: Int }`, []string{"T: the type is gone"}},
		{"a type is new", `type Query { a: Int }`, `type Query { a: Int } type T { a: Int }`, nil},
		{"a type is of another kind", `type Query { a: E } enum E { A }`, `type Query { a: E } scalar E`, []string{"E: was ENUM, is SCALAR"}},
		{"a field is gone", `type Query { a: Int b: Int }`, `type Query { a: Int }`, []string{"Query.b: the field is gone"}},
		{"a field is new", `type Query { a: Int }`, `type Query { a: Int b: Int }`, nil},
		{"an output may be null", `type Query { a: Int! }`, `type Query { a: Int }`, []string{"Query.a: was Int!, is Int"}},
		{"an output is never null", `type Query { a: [Int] }`, `type Query { a: [Int!]! }`, nil},
		{"an output becomes a list", `type Query { a: Int }`, `type Query { a: [Int] }`, []string{"Query.a: was Int, is [Int]"}},
		{"an output becomes a member of its interface", `type Query { a: I } interface I { x: Int } type T implements I { x: Int }`,
			`type Query { a: T } interface I { x: Int } type T implements I { x: Int }`, nil},
		{"an output becomes its interface", `type Query { a: T } interface I { x: Int } type T implements I { x: Int }`,
			`type Query { a: I } interface I { x: Int } type T implements I { x: Int }`, []string{"Query.a: was T, is I"}},
		{"an argument is gone", `type Query { a(x: Int): Int }`, `type Query { a: Int }`, []string{"Query.a(x): the argument is gone"}},
		{"an argument is new", `type Query { a: Int }`, `type Query { a(x: Int, y: Int! = 1): Int }`, nil},
		{"a new argument is required", `type Query { a: Int }`, `type Query { a(x: Int!): Int }`, []string{"Query.a(x): a new argument is required"}},
		{"an argument becomes required", `type Query { a(x: Int): Int }`, `type Query { a(x: Int!): Int }`, []string{"Query.a(x): took Int, takes Int!"}},
		{"an argument becomes required with a default", `type Query { a(x: Int): Int }`, `type Query { a(x: Int! = 1): Int }`, nil},
		{"an argument becomes optional", `type Query { a(x: Int!): Int }`, `type Query { a(x: Int): Int }`, nil},
		{"an argument becomes a list", `type Query { a(x: Int): Int }`, `type Query { a(x: [Int]): Int }`, nil},
		{"an argument is a list no longer", `type Query { a(x: [Int]): Int }`, `type Query { a(x: Int): Int }`, []string{"Query.a(x): took [Int], takes Int"}},
		{"a default changes", `type Query { a(x: Int = 1): Int }`, `type Query { a(x: Int = 2): Int }`, []string{"Query.a(x): the default was 1"}},
		{"a value is gone", `type Query { a: E } enum E { A B }`, `type Query { a: E } enum E { A }`, []string{"E.B: the value is gone"}},
		{"a value is new", `type Query { a: E } enum E { A }`, `type Query { a: E } enum E { A B }`, nil},
		{"a field of an input is gone", `type Query { a(x: N): Int } input N { a: Int b: Int }`, `type Query { a(x: N): Int } input N { a: Int }`, []string{"N.b: the field is gone"}},
		{"a new field of an input is required", `type Query { a(x: N): Int } input N { a: Int }`, `type Query { a(x: N): Int } input N { a: Int b: Int! }`, []string{"N.b: a new field is required"}},
		{"an input becomes one-of", `type Query { a(x: N): Int } input N { a: Int b: Int }`, `type Query { a(x: N): Int } input N @oneOf { a: Int b: Int }`, []string{"N: takes exactly one field now"}},
		{"an interface loses a member", `type Query { a: I } interface I { x: Int } type T implements I { x: Int } type U implements I { x: Int }`,
			`type Query { a: I } interface I { x: Int } type T implements I { x: Int } type U { x: Int }`, []string{"I: U belongs to it no longer"}},
		{"a union loses a member", `type Query { a: N } union N = T | U type T { x: Int } type U { x: Int }`,
			`type Query { a: N } union N = T type T { x: Int } type U { x: Int }`, []string{"N: U belongs to it no longer"}},
		{"a scalar follows another specification", `type Query { a: S } scalar S @specifiedBy(url: "https://a.example")`,
			`type Query { a: S } scalar S @specifiedBy(url: "https://b.example")`, []string{"S: follows another specification"}},
		{"a directive is gone", `type Query { a: Int } directive @d on FIELD`, `type Query { a: Int }`, []string{"@d: the directive is gone"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, schemacheck.Breaking(load(t, c.old), load(t, c.now))); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}
