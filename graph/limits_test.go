package graph_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kritisgraph/graph"
	"kritisgraph/graph/guard"
	"kritisgraph/internal/kritis"
)

// asks make requests that have exactly n of what each limit counts, and more of nothing else than it takes. Cost goes in steps
// of a hundred: n, rounded down.
var asks = map[string]func(n int) (query string, variables object){
	"body": func(n int) (string, object) {
		const query = "{ viewer { subject } } #"
		return query + strings.Repeat("x", n-len(document(query, nil))), nil
	},
	"tokens": func(n int) (string, object) {
		return `{ nodes(ids: [` + strings.Repeat(`"x" `, n-12) + `]) { id } }`, nil
	},
	"depth": func(n int) (string, object) {
		return `{ authority(slug: "x") ` + strings.Repeat("{ parent ", n-2) + "{ slug }" + strings.Repeat(" }", n-2) + " }", nil
	},
	"aliases": func(n int) (string, object) {
		return `{ authority(slug: "x") { ` + numbered(n, "a%d: slug ") + "} }", nil
	},
	"rootFields": func(n int) (string, object) { return "{ " + strings.Repeat("__typename ", n) + "}", nil },
	"selections": func(n int) (string, object) {
		const leaves = "slug id __typename "
		level := leaves + leaves + strings.Repeat(leaves, 40)
		size := len(strings.Fields(level)) + 1 // with the parent below
		levels, rest := (n-1)/size, (n-1)%size
		return `{ authority(slug: "x") { ` + strings.Repeat(level+"parent { ", levels) + strings.Join(strings.Fields(level)[:rest], " ") +
			strings.Repeat(" }", levels) + " } }", nil
	},
	"repeats": func(n int) (string, object) {
		return `{ authority(slug: "x") { ` + strings.Repeat("slug ", n) + "} }", nil
	},
	"cost": func(n int) (string, object) {
		return fmt.Sprintf(`{ authorities(first: 100) { nodes { competences(first: %d) { nodes { key } } } } }`, (n-201)/100), nil
	},
	"inputDepth": func(n int) (string, object) {
		where := object{"demo": object{"eq": true}}
		for range n - 2 {
			where = object{"not": where}
		}
		return `query($where: OperatorWhere) { operators(where: $where) { totalCount } }`, object{"where": where}
	},
	"inputItems": func(n int) (string, object) {
		return `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, object{"ids": times(n, "x")}
	},
}

func numbered(n int, format string) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, format, i)
	}
	return out.String()
}

// callersByRow are callers for each row of the table of limits.
func callersByRow(t *testing.T, w *world) []map[string]kritis.Principal {
	return []map[string]kritis.Principal{
		{"somebody without a token": kritis.Anonymous(), "a principal that nobody made": {}},
		{
			"a token without a role": w.caller(t, kritis.Identity{Subject: "x"}),
			"the officer of Bavaria": w.caller(t, kritis.Identity{Subject: "x", Body: "zkl-de-by"}),
			"an operator":            w.caller(t, kritis.Identity{Subject: "x", Operator: "demo-op-0003"}),
			"an auditor":             w.caller(t, kritis.Identity{Subject: "x", Roles: []string{"AUDITOR"}}),
			"a token that is named anonymous and claims a role of a body": w.caller(t, kritis.Identity{Subject: "anonymous", Roles: []string{"SITUATION_CENTRE"}}),
		},
		{
			"the situation centre":             w.caller(t, kritis.Identity{Subject: "x", Body: "bsi"}),
			"an administrator":                 w.caller(t, kritis.Identity{Subject: "x", Roles: []string{"ADMINISTRATOR"}}),
			"an officer who administers":       w.caller(t, kritis.Identity{Subject: "x", Body: "zkl-de-by", Roles: []string{"ADMINISTRATOR"}}),
			"a server where nobody has to log": developer,
		},
	}
}

func TestEachRoleHasItsLimits(t *testing.T) {
	w := onSQLite(t)
	for i, callers := range callersByRow(t, w) {
		limits := graph.LimitsByRole()[i].Limits
		for who, p := range callers {
			t.Run(who, func(t *testing.T) {
				for _, limit := range limits.Named() {
					ask, ok := asks[limit.Name]
					if !ok {
						if limit.Name != "time" && limit.Name != "answer" {
							t.Errorf("%s is not tested", limit.Name)
						}
						continue
					}
					allowed, err := strconv.Atoi(limit.Value)
					if err != nil {
						t.Fatal(err)
					}
					step := 1
					if limit.Name == "cost" {
						step = 100
					}
					query, variables := ask(allowed)
					if r := w.reply(t, p, query, variables); r.code() == guard.CodeLimit {
						t.Errorf("%s: %d are refused: %.300s", limit.Name, allowed, r.text)
					}
					query, variables = ask(allowed + step)
					r := w.reply(t, p, query, variables)
					if r.code() != guard.CodeLimit || r.Errors[0].Extensions["limit"] != limit.Name {
						t.Fatalf("%s: %d are not refused: %.300s", limit.Name, allowed+step, r.text)
					}
					told := r.Errors[0].Extensions
					if found, ok := told["found"].(float64); limit.Name != "body" && (!ok || int(found) <= allowed) || told["allowed"] != float64(allowed) {
						t.Errorf("%s: found and allowed are told wrong: %s", limit.Name, r.text)
					}
				}
			})
		}
	}
}

func TestEachRowOfTheLimitsAllowsAtLeastWhatTheOneBeforeAllows(t *testing.T) {
	rows := graph.LimitsByRole()
	for i, row := range rows[1:] {
		less, more := rows[i].Limits, row.Limits
		if more != (guard.Limits{
			BodyBytes: max(less.BodyBytes, more.BodyBytes), Tokens: max(less.Tokens, more.Tokens), Depth: max(less.Depth, more.Depth),
			Aliases: max(less.Aliases, more.Aliases), RootFields: max(less.RootFields, more.RootFields),
			Selections: max(less.Selections, more.Selections), Repeats: max(less.Repeats, more.Repeats), Cost: max(less.Cost, more.Cost), Answer: max(less.Answer, more.Answer),
			InputDepth: max(less.InputDepth, more.InputDepth), InputItems: max(less.InputItems, more.InputItems), Time: max(less.Time, more.Time),
		}) {
			t.Errorf("%s: %+v after %+v", row.Callers, more, less)
		}
	}
}

func TestTheTimeOfARequestIsThatOfTheRole(t *testing.T) {
	for i, p := range map[int]kritis.Principal{0: kritis.Anonymous(), 2: developer} {
		want := graph.LimitsByRole()[i].Limits.Time
		var left time.Duration
		server, _ := newServerFor(t, p, graph.Options{}, func(ctx context.Context, _ string) (*kritis.Authority, error) {
			if end, ok := ctx.Deadline(); ok {
				left = time.Until(end)
			}
			return nil, nil
		})
		post(t, server.URL, `{"query":"{ authority(slug: \"x\") { slug } }"}`)
		if left > want || left < want-5*time.Second {
			t.Errorf("row %d: %v are left of %v", i, left, want)
		}
	}
}

func TestADocumentThatPassedForOneRoleDoesNotPassForAnother(t *testing.T) {
	w := onSQLite(t)
	for _, limit := range []string{"tokens", "depth", "aliases", "rootFields", "selections", "repeats"} {
		allowed := map[string]int{"tokens": 2_500, "depth": 18, "aliases": 30, "rootFields": 15, "selections": 1_200, "repeats": 60}[limit]
		query, variables := asks[limit](allowed)
		for range 2 { // the second time the richer caller's document is remembered
			if r := w.reply(t, developer, query, variables); r.code() == guard.CodeLimit {
				t.Fatalf("%s: %.300s", limit, r.text)
			}
			if r := w.reply(t, kritis.Anonymous(), query, variables); r.code() != guard.CodeLimit || r.Errors[0].Extensions["limit"] != limit {
				t.Errorf("%s: got %.300s", limit, r.text)
			}
		}
	}
}

func TestFiveHundredSubjectsAreForCallersWithAToken(t *testing.T) {
	w := onSQLite(t)
	subject := object{"purpose": "SUPERVISION", "subject": object{"place": object{"federalState": "BY", "branch": "medical-care"}}}
	const bulk = `query($inputs: [ResponsibilityInput!]!) { responsibilities(inputs: $inputs) { status } }`
	all := object{"inputs": times(500, subject)}
	if r := w.reply(t, w.caller(t, kritis.Identity{Subject: "x"}), bulk, all); len(r.Errors) > 0 {
		t.Errorf("with a token: %.300s", r.text)
	}
	parts := "query($inputs: [ResponsibilityInput!]!) { " + numbered(10, "p%d: responsibilities(inputs: $inputs) { status } ") + "}"
	one := "query($one: ResponsibilityInput!) { responsibilities(inputs: [" + strings.Repeat("$one ", 500) + "]) { status } }"
	for name, c := range map[string]struct {
		query     string
		variables object
		limit     string
	}{
		"in one list":           {bulk, all, "inputItems"},
		"in ten lists":          {parts, object{"inputs": times(50, subject)}, "cost"},
		"in a list of literals": {one, object{"one": subject}, "cost"},
	} {
		if r := w.reply(t, kritis.Anonymous(), c.query, c.variables); r.code() != guard.CodeLimit || r.Errors[0].Extensions["limit"] != c.limit {
			t.Errorf("%s: got %.300s", name, r.text)
		}
	}
}

// introspection is what GraphiQL asks first, of the depth that graphql-js asks for.
var introspection = `query IntrospectionQuery {
  __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind } types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } }
}
fragment FullType on __Type { kind name description specifiedByURL
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ` + strings.Repeat("ofType { kind name ", 9) + strings.Repeat("}", 9) + ` }`

func TestWithoutATokenEveryContractDocumentAndIntrospectionAreWithinTheLimits(t *testing.T) {
	w := onSQLite(t)
	if r := w.reply(t, kritis.Anonymous(), introspection, nil); len(r.Errors) > 0 {
		t.Errorf("introspection: %.300s", r.text)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "contract", "*.graphql"))
	if err != nil || len(files) != 20 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	for _, file := range files {
		query, variables := w.document(t, strings.TrimSuffix(filepath.Base(file), ".graphql"))
		if r := w.reply(t, kritis.Anonymous(), query, variables); r.code() == guard.CodeLimit {
			t.Errorf("%s: %.300s", file, r.text)
		}
	}
}

func TestTheDocumentationListsTheLimitsOfEachRole(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "limits.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := graph.LimitsByRole()
	lines := []string{"| limit | what | "}
	for i, limit := range rows[0].Limits.Named() {
		line := "| `" + limit.Name + "` | " + limit.What + " | "
		for _, row := range rows {
			line += row.Limits.Named()[i].Value + " | "
		}
		lines = append(lines, line)
	}
	for _, row := range rows {
		lines[0] += row.Callers + " | "
	}
	lines = append(lines[:1], append([]string{"|---|---|---|---|---|"}, lines[1:]...)...)
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	if want := strings.Join(lines, "\n") + "\n\n"; !strings.Contains(string(text), want) {
		t.Errorf("docs/limits.md lacks this table:\n%s", want)
	}
}
