package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph"
	"kritisgraph/graph/policy"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	interface Face { id: ID }
	type Thing implements Face { id: ID note: String log: String thing: Thing odd: String }
	type Query { thing: Thing face: Face mine: Thing }
	type Mutation { thingChange: Thing }
`})

var table = policy.Table{
	"Query.thing": {Rule: policy.Public}, "Query.face": {Rule: policy.Public}, "Query.mine": {Rule: policy.Caller},
	"Face.id": {Rule: policy.Scoped}, "Thing.id": {Rule: policy.Scoped}, "Thing.thing": {Rule: policy.Scoped}, "Thing.note": {Rule: policy.Redacted},
	"Thing.log":            {Rule: policy.Roles, Roles: []kritis.ViewerRole{kritis.RoleAuditor, kritis.RoleAdministrator}},
	"Mutation.thingChange": {Rule: policy.Roles, Roles: []kritis.ViewerRole{kritis.RoleAdministrator}},
}

// caller is a principal with a token.
func caller(t *testing.T, roles ...string) kritis.Principal {
	t.Helper()
	s, err := store.Create(t.Context(), storetest.NewModel(), kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := kritis.NewApp(s, func() time.Time { return time.Unix(0, 0) }).Enter(t.Context(), kritis.Identity{Subject: "x", Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	return v.Principal()
}

func parse(t *testing.T, text string) *ast.QueryDocument {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(schema, text, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	return doc
}

func TestAnOperationIsRefusedForAFieldThatItsCallerMayNotAskFor(t *testing.T) {
	const login = "UNAUTHENTICATED: %s needs a token: sign in and send it as bearer token."
	const role = "FORBIDDEN: You are not allowed to ask for Thing.log: one of the roles AUDITOR, ADMINISTRATOR is needed."
	log := fmt.Sprintf(login, "Thing.log")
	for _, c := range []struct{ name, document, nobody, reader, auditor string }{
		{"what everybody may ask for", `{ thing { id note thing { id } } face { id } }`, "", "", ""},
		{"the schema itself", `{ __typename __schema { types { name fields { name } } } __type(name: "Thing") { name } thing { __typename } }`, "", "", ""},
		{"what needs a token", `{ mine { id } }`, fmt.Sprintf(login, "Query.mine"), "", ""},
		{"what needs a role", `{ thing { log } }`, log, role, ""},
		{"under another name", `{ thing { id: log } }`, log, role, ""},
		{"deep down", `{ thing { thing { thing { id log } } } }`, log, role, ""},
		{"in a fragment on a type", `{ face { id ... on Thing { log } } }`, log, role, ""},
		{"in a fragment of a fragment", `{ thing { ...a } } fragment a on Thing { thing { ...b } } fragment b on Thing { ... { log } }`, log, role, ""},
		{"in a fragment that is used twice", `{ thing { ...a thing { ...a } } } fragment a on Thing { log }`, log, role, ""},
		{"where it is skipped", `{ thing { id log @skip(if: true) } }`, log, role, ""},
		{"where it is not included", `{ thing { id ... @include(if: false) { log } } }`, log, role, ""},
		{"a mutation", `mutation { thingChange { id } }`, fmt.Sprintf(login, "Mutation.thingChange"),
			"FORBIDDEN: You are not allowed to ask for Mutation.thingChange: one of the roles ADMINISTRATOR is needed.",
			"FORBIDDEN: You are not allowed to ask for Mutation.thingChange: one of the roles ADMINISTRATOR is needed."},
		{"a field that the table lacks", `{ thing { odd } }`, "INTERNAL: Something went wrong on the server.", "INTERNAL: Something went wrong on the server.", "INTERNAL: Something went wrong on the server."},
		{"the first of several", `{ thing { log } mine { id } }`, log, role, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := parse(t, c.document)
			for _, asks := range []struct {
				who  string
				p    kritis.Principal
				want string
			}{{"nobody", kritis.Anonymous(), c.nobody}, {"a principal that nobody made", kritis.Principal{}, c.nobody}, {"a token", caller(t), c.reader}, {"an auditor", caller(t, "AUDITOR"), c.auditor}} {
				got := ""
				if err := table.Check(doc, doc.Operations[0], asks.p); err != nil {
					shown := kritis.AsError(err)
					got = string(shown.Code) + ": " + shown.Message
				}
				if got != asks.want {
					t.Errorf("%s: got %q, want %q", asks.who, got, asks.want)
				}
			}
		})
	}
}

func TestOnlyTheOperationThatRunsIsLookedAt(t *testing.T) {
	doc := parse(t, `query a { thing { id } } query b { thing { ...log } } fragment log on Thing { log }`)
	if err := table.Check(doc, doc.Operations[0], kritis.Anonymous()); err != nil {
		t.Error(err)
	}
	if err := table.Check(doc, doc.Operations[1], kritis.Anonymous()); err == nil {
		t.Error("the other operation passed")
	}
}

func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	doc := parse(t, `{ thing { id } }`)
	for name, broken := range map[string]struct {
		table policy.Table
		doc   *ast.QueryDocument
	}{
		"no table":                             {nil, doc},
		"a rule of tomorrow":                   {policy.Table{"Query.thing": {Rule: "FRIENDS"}, "Thing.id": {Rule: policy.Public}}, doc},
		"a policy without a rule":              {policy.Table{"Query.thing": {}, "Thing.id": {Rule: policy.Public}}, doc},
		"a document that nobody validated":     {table, &ast.QueryDocument{Operations: ast.OperationList{{SelectionSet: ast.SelectionSet{&ast.Field{Name: "thing"}}}}}},
		"a fragment that the document has not": {table, &ast.QueryDocument{Operations: ast.OperationList{{SelectionSet: ast.SelectionSet{&ast.FragmentSpread{Name: "x"}}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := broken.table.Check(broken.doc, broken.doc.Operations[0], kritis.Development("x")); err == nil {
				t.Error("it passed")
			}
		})
	}
}

// A hundred fragments that each spread the next one twice are 2^100 fields.
func TestEachFragmentIsLookedAtOnce(t *testing.T) {
	var text strings.Builder
	text.WriteString(`{ thing { ...f0 } } `)
	for i := range 100 {
		fmt.Fprintf(&text, "fragment f%d on Thing { ...f%d thing { ...f%d } } ", i, i+1, i+1)
	}
	text.WriteString(`fragment f100 on Thing { log }`)
	doc, err := gqlparser.LoadQueryWithRules(schema, text.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Check(doc, doc.Operations[0], caller(t)); err == nil {
		t.Error("it passed")
	}
}

func TestEveryFieldOfTheSchemaHasAPolicy(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: kritisgraph.Schema})
	fields := 0
	for _, def := range schema.Types {
		if def.BuiltIn || def.Kind != ast.Object && def.Kind != ast.Interface {
			continue
		}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			fields++
			if p, ok := policy.Of(def.Name, f.Name); !ok || p.Rule == "" {
				t.Errorf("%s.%s has none", def.Name, f.Name)
			}
		}
	}
	if fields < 300 {
		t.Errorf("only %d fields were looked at", fields)
	}
	if _, ok := policy.Of("Query", "nothing"); ok {
		t.Error("a field that there is not has one")
	}
}
