package guard_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"pgregory.net/rapid"

	"kritisgraph"
	"kritisgraph/graph/guard"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: kritisgraph.Schema})

// check does what a request does, in the same order, up to execution.
func check(query string, variables map[string]any, limits guard.Limits) (int, error) {
	if err := guard.Values(variables, limits); err != nil {
		return 0, err
	}
	if err := guard.Text(query, limits); err != nil {
		return 0, err
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, limits.Tokens)
	if err != nil {
		return 0, err
	}
	if err := guard.Shape(doc, limits); err != nil {
		return 0, err
	}
	if errs := validator.ValidateWithRules(schema, doc, nil); len(errs) > 0 {
		return 0, errs
	}
	if len(doc.Operations) == 0 {
		return 0, gqlerror.Errorf("no operation")
	}
	op := doc.Operations[0]
	coerced, err := validator.VariableValues(schema, op, variables)
	if err != nil {
		return 0, err
	}
	if err := guard.OneOf(schema, op, coerced); err != nil {
		return 0, err
	}
	cost := guard.Cost(schema, doc, op, coerced, guard.Rates{
		"Query.search":           {Own: 10},
		"Query.federalStates":    {Times: 16},
		"Query.responsibilities": {Own: 10, Per: "inputs"},
		"Query.nodes":            {Per: "ids"},
	})
	if err := guard.CheckCost(cost, limits); err != nil {
		return cost, err
	}
	return cost, nil
}

func TestCostCountsObjectsPagesAndLists(t *testing.T) {
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		want        int
	}{
		{"a scalar costs nothing", `{ authority(slug: "bsi") { slug } }`, nil, 1},
		{"an object costs one", `{ authority(slug: "bsi") { parent { parent { slug } } } }`, nil, 3},
		{"a page multiplies", `{ authorities(first: 7) { nodes { slug } } }`, nil, 1 + 7},
		{"a page by variable multiplies", `query($n: Int) { authorities(first: $n) { nodes { slug } } }`, map[string]any{"n": json.Number("9")}, 1 + 9},
		{"a default of a variable counts", `query($n: Int = 3) { authorities(first: $n) { nodes { slug } } }`, nil, 1 + 3},
		{"last multiplies too", `{ authorities(last: 4) { nodes { slug } } }`, nil, 1 + 4},
		{"no size is the default page", `{ authorities { nodes { slug } } }`, nil, 1 + 20},
		{"nodes and edges both count", `{ authorities(first: 5) { nodes { slug } edges { node { slug } } } }`, nil, 1 + 5*(1+2)},
		{"page information is not multiplied", `{ authorities(first: 50) { totalCount pageInfo { endCursor } } }`, nil, 2},
		{"pages in pages multiply", `{ authorities(first: 10) { nodes { competences(first: 10) { nodes { key } } } } }`, nil, 1 + 10*(1+1+10)},
		{"a connection through a fragment has the page of its field",
			`{ authorities(first: 30) { ...p } } fragment p on AuthorityConnection { nodes { slug } totalCount }`, nil, 1 + 30},
		{"a list bounded by nature counts three times", `{ sectors { branches { slug } } }`, nil, 3 * (1 + 3)},
		{"a list with a rate counts as often", `{ federalStates { code } }`, nil, 16},
		{"a list of inputs counts each", `query($i: [ResponsibilityInput!]!) { responsibilities(inputs: $i) { status } }`,
			map[string]any{"i": []any{subject("HE"), subject("BY"), subject("BE")}}, 3 * 10},
		{"ids count each", `{ nodes(ids: ["a", "b", "c", "d"]) { id } }`, nil, 4},
		{"a rate replaces the one of an object", `{ search(text: "x", first: 5) { nodes { id } } }`, nil, 10 + 5},
		{"introspection does not multiply", `{ __schema { types { fields { name } } } }`, nil, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := check(c.query, c.variables, guard.Defaults())
			if err != nil || got != c.want {
				t.Fatalf("got %d, %v, want %d", got, err, c.want)
			}
		})
	}
}

func subject(land string) map[string]any {
	return map[string]any{
		"purpose": "SUPERVISION",
		"subject": map[string]any{"place": map[string]any{"federalState": land, "sector": "water"}},
	}
}

func TestContractDocumentsAreWithinTheLimits(t *testing.T) {
	for _, name := range []string{"01_state_page", "05_responsibility_diff", "06_coverage", "15_search", "19_viewer", "20_sector_catalogue", "04_responsibilities_bulk"} {
		t.Run(name, func(t *testing.T) {
			base := filepath.Join("..", "testdata", "contract", name)
			query, err := os.ReadFile(base + ".graphql")
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(base + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var variables map[string]any
			if err := json.Unmarshal(text, &variables); err != nil {
				t.Fatal(err)
			}
			if name == "04_responsibilities_bulk" {
				inputs := make([]any, 500)
				for i := range inputs {
					inputs[i] = subject("HE")
				}
				variables["inputs"] = inputs
			}
			cost, err := check(string(query), variables, guard.Defaults())
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("cost %d", cost)
		})
	}
}

func TestEveryLimitNamesItselfWhatWasFoundAndWhatIsAllowed(t *testing.T) {
	for _, c := range []struct {
		limit, query   string
		found, allowed int
		limits         guard.Limits
	}{
		{"body", `{ viewer { subject } }`, 22, 10, guard.Limits{BodyBytes: 10}},
		{"tokens", `{ viewer { subject } }`, 6, 5, guard.Limits{Tokens: 5}},
		{"depth", `{ authority(slug: "x") { parent { parent { slug } } } }`, 4, 3, guard.Limits{Depth: 3}},
		{"depth", `{ ...q } fragment q on Query { authority(slug: "x") { ... on Authority { parent { slug } } } }`, 3, 2, guard.Limits{Depth: 2}},
		{"aliases", `{ a: viewer { subject } b: viewer { s: subject } }`, 3, 2, guard.Limits{Aliases: 2}},
		{"rootFields", `{ viewer { subject } sectors { slug } ...q } fragment q on Query { legalActs { slug } }`, 3, 2, guard.Limits{RootFields: 2}},
		{"inputDepth", `{ operators(where: {not: {not: {demo: {eq: true}}}}) { totalCount } }`, 4, 3, guard.Limits{InputDepth: 3}},
		{"inputDepth", `query($w: OperatorWhere = {not: {not: {demo: {eq: true}}}}) { operators(where: $w) { totalCount } }`, 4, 3, guard.Limits{InputDepth: 3}},
		{"selections", `{ viewer { subject roles } }`, 3, 2, guard.Limits{Selections: 2}},
		{"repeats", `{ viewer { subject ...f } viewer { ... on Viewer { subject } } } fragment f on Viewer { subject }`, 3, 2, guard.Limits{Repeats: 2}},
		{"selections", `{ viewer { subject } } fragment q on Query { legalActs { slug name short } }`, 4, 2, guard.Limits{Selections: 2}},
		{"cost", `{ authorities(first: 100) { nodes { slug } } }`, 101, 100, guard.Limits{Cost: 100}},
	} {
		t.Run(c.limit, func(t *testing.T) {
			_, err := check(c.query, nil, c.limits.WithDefaults())
			assertExceeded(t, err, c.limit)
			got := err.(*gqlerror.Error).Extensions
			if got["found"] != c.found || got["allowed"] != c.allowed {
				t.Fatalf("found %v of %v, want %d of %d", got["found"], got["allowed"], c.found, c.allowed)
			}
		})
	}
}

func assertExceeded(t *testing.T, err error, limit string) {
	t.Helper()
	e, ok := err.(*gqlerror.Error)
	if !ok || e.Extensions["code"] != guard.CodeLimit || e.Extensions["limit"] != limit {
		t.Fatalf("got %v, want an error about the limit %s", err, limit)
	}
}

// nested are fragments that each spread the next one n times over.
func nested(levels, times int) string {
	var b strings.Builder
	b.WriteString("{authority(slug:\"x\"){...f0}}")
	for i := range levels {
		fmt.Fprintf(&b, "fragment f%d on Authority{", i)
		for j := range times {
			fmt.Fprintf(&b, "a%d:parent{...f%d}", j, i+1)
		}
		b.WriteString("}")
	}
	fmt.Fprintf(&b, "fragment f%d on Authority{slug}", levels)
	return b.String()
}

// siblings are fragments that each spread the next one twice without a field between.
func siblings(levels int) string {
	var b strings.Builder
	b.WriteString("{authority(slug:\"x\"){...f0}}")
	for i := range levels {
		fmt.Fprintf(&b, "fragment f%d on Authority{...f%d ...on Authority{...f%d}}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, "fragment f%d on Authority{slug}", levels)
	return b.String()
}

// allSpreadAll are fragments each of which spreads every one.
func allSpreadAll(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "fragment f%d on Query{%s}", i, repeat(n, "...f%d "))
	}
	return b.String()
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestHostileDocumentsAreRefusedCheaply(t *testing.T) {
	limits := guard.Defaults()
	for _, c := range []struct{ name, query, limit string }{ // no limit: within them, or refused by validation
		{"nested fragments, 1.3 KB", nested(18, 2), "aliases"},
		{"nested fragments, deep", nested(60, 3), "depth"},
		{"sibling fragments", siblings(30), "selections"},
		{"sibling fragments of a document", siblings(300), "selections"},
		{"a fragment within itself", `{ ...f } fragment f on Query { ...f ...f }`, ""},
		{"fragments in a circle", `{ ...f } fragment f on Query { ...g ...g } fragment g on Query { ...f ...f }`, ""},
		{"one field over and over", "{viewer{" + strings.Repeat("subject ", 4_990) + "}}", "selections"},
		{"one field as often as allowed", "{viewer{" + strings.Repeat("subject ", 1_990) + "}}", "repeats"},
		{"one object as often as allowed", "{viewer{" + strings.Repeat("scopes{maxTlp}", 990) + "}}", "repeats"},
		{"fragments of one field as often as allowed", "{viewer{" + strings.Repeat("...on Viewer{subject}", 800) + "}}", "repeats"},
		{"spreads of one fragment as often as allowed", "{viewer{" + strings.Repeat("...f ", 660) + "}} fragment f on Viewer{subject roles}", "repeats"},
		{"fields repeated as often as allowed", "{viewer{" + strings.Repeat("scopes{maxTlp federalStates{code ars nuts}}", 100) + strings.Repeat(" subject roles", 100) + "}}", ""},
		{"fragments that all spread all", "{...f0}" + allSpreadAll(40), ""},
		{"many aliases", "{" + repeat(700, "a%d:viewer{subject}") + "}", "rootFields"},
		{"many aliases below", "{viewer{" + repeat(1_000, "a%d:subject ") + "}}", "aliases"},
		{"deep inline fragments", "{viewer" + strings.Repeat("{...on Viewer", 1_200) + "{subject}" + strings.Repeat("}", 1_200) + "}", ""},
		{"deep braces", strings.Repeat("{a", 2_400), ""},
		{"deep values", "{nodes(ids:" + strings.Repeat("[", 4_900) + ")}", ""},
		{"many tokens", "{" + strings.Repeat("a ", 100_000) + "}", "tokens"},
		{"many variables", "query(" + repeat(1_200, "$v%d:Int ") + "){viewer{subject}}", ""},
		{"many fragments without use", "{viewer{subject}}" + repeat(500, "fragment f%d on Viewer{subject}"), ""},
		{"a fragment without use", "{viewer{subject}}fragment f on Viewer{" + strings.Repeat("subject ", 1_990) + "}", "repeats"},
		{"fragments without use that spread each other", "{viewer{subject}}" + siblings(300)[len("{authority(slug:\"x\"){...f0}}"):], "selections"},
		{"many operations", repeat(600, "query q%d{viewer{subject}}"), ""},
		{"many unknown fields", "{viewer{" + repeat(1_900, "x%d ") + "}}", ""},
		{"pages in pages", `{authorities(first:100){nodes{competences(first:100){nodes{authority{competences(first:100){nodes{key}}}}}}}}`, "cost"},
		{"a huge page", `{authorities(first:2147483647){nodes{competences(first:2147483647){nodes{key}}}}}`, "cost"},
		{"a number beyond 64 bits", `{authorities(first:99999999999999999999){nodes{slug}}}`, ""},
		{"introspection in introspection", "{__schema{types" + strings.Repeat("{fields{type", 8) + "{name}" + strings.Repeat("}}", 8) + "}}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			begin := time.Now()
			_, err := check(c.query, nil, limits)
			took := time.Since(begin)
			runtime.ReadMemStats(&after)
			if c.limit != "" {
				assertExceeded(t, err, c.limit)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
				t.Errorf("%d bytes of text took %d MiB", len(c.query), used>>20)
			}
			if took > 50*time.Millisecond*raceFactor {
				t.Errorf("%d bytes of text took %v", len(c.query), took)
			}
			t.Logf("%d bytes, %v, %d KiB: %.120v", len(c.query), took, (after.TotalAlloc-before.TotalAlloc)>>10, err)
		})
	}
}

func TestVariablesThatNestDeepAreRefusedCheaply(t *testing.T) {
	text := strings.Repeat(`{"not":`, 9_000) + "null" + strings.Repeat("}", 9_000)
	var where any
	if err := json.Unmarshal([]byte(text), &where); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	_, err := check(`query($w: OperatorWhere) { operators(where: $w) { totalCount } }`, map[string]any{"w": where}, guard.Defaults())
	assertExceeded(t, err, "inputDepth")
	if took := time.Since(begin); took > 50*time.Millisecond*raceFactor {
		t.Errorf("took %v", took)
	}
}

func TestALongListInVariablesIsRefused(t *testing.T) {
	ids := make([]any, 501)
	for i := range ids {
		ids[i] = "x"
	}
	const query = `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`
	_, err := check(query, map[string]any{"ids": ids}, guard.Defaults())
	assertExceeded(t, err, "inputItems")
	if _, err := check(query, map[string]any{"ids": ids[:500]}, guard.Defaults()); err != nil {
		t.Error(err)
	}
}

func TestOneOfHoldsForVariables(t *testing.T) {
	place := map[string]any{"federalState": "HE", "sector": "water"}
	ask := func(subject any) map[string]any {
		return map[string]any{"i": []any{map[string]any{"purpose": "CRISIS", "subject": map[string]any{"place": place}},
			map[string]any{"purpose": "CRISIS", "subject": subject}}}
	}
	const query = `query($i: [ResponsibilityInput!]!) { responsibilities(inputs: $i) { status } }`
	for _, c := range []struct {
		name      string
		variables map[string]any
		says      string
	}{
		{"one field", ask(map[string]any{"place": place}), ""},
		{"two fields", ask(map[string]any{"place": place, "operator": "x"}),
			"Variable i[1].subject: SubjectInput takes exactly one of operator, facility, place; operator and place are given."},
		{"no field", ask(map[string]any{}), "none is given"},
		{"null", ask(map[string]any{"operator": nil}), "operator is null"},
		{"one field and a null one", ask(map[string]any{"operator": nil, "place": place}), "operator and place are given"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := check(query, c.variables, guard.Defaults())
			if c.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e, ok := err.(*gqlerror.Error)
			if !ok || !strings.Contains(e.Message, c.says) {
				t.Fatalf("got %v, want an error that says %q", err, c.says)
			}
			if fields, _ := e.Extensions["fields"].([]string); len(fields) != 1 || fields[0] != "i.1.subject" {
				t.Fatalf("the error names the place %v", e.Extensions["fields"])
			}
		})
	}
}

func TestOneOfHoldsForLiteralsAndForVariablesInThem(t *testing.T) {
	for name, query := range map[string]string{
		"two fields":          `{ responsibility(input: {purpose: CRISIS, subject: {operator: "a", facility: "b"}}) { status } }`,
		"no field":            `{ responsibility(input: {purpose: CRISIS, subject: {}}) { status } }`,
		"null":                `{ responsibility(input: {purpose: CRISIS, subject: {operator: null}}) { status } }`,
		"a nullable variable": `query($o: ID) { responsibility(input: {purpose: CRISIS, subject: {operator: $o}}) { status } }`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := check(query, nil, guard.Defaults()); err == nil {
				t.Fatal("accepted")
			}
		})
	}
}

func TestAnyTextIsCheckedWithoutPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := []string{"{", "}", "...", "on", "fragment", "f", "g", "Query", "viewer", "subject", "node", "(", ")", "id", ":", "\"x\"", "$v", "query", "[", "]", "1", "Authority"}
		parts := rapid.SliceOfN(rapid.SampledFrom(words), 0, 60).Draw(t, "words")
		if cost, err := check(strings.Join(parts, " "), nil, guard.Defaults()); err == nil && cost < 0 {
			t.Fatalf("cost %d", cost)
		}
	})
}
