package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
)

// refused is a question that cannot be asked: what says so, where, and with which remedy.
type refused struct {
	name      string
	query     string
	variables object
	status    int
	code      string
	path      string // of the first error, dotted; empty: the document or its variables
	fields    string // extensions.fields, joined
	says      string // part of the message
}

const (
	invalid  = "GRAPHQL_VALIDATION_FAILED"
	badInput = "BAD_USER_INPUT"
)

func checkRefused(t *testing.T, w *world, cases []refused) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := w.reply(t, developer, c.query, c.variables)
			if len(r.Errors) == 0 {
				t.Fatalf("no error: %.500s", r.text)
			}
			first := r.Errors[0]
			if r.status != c.status || r.code() != c.code {
				t.Errorf("got %d %v, want %d %s", r.status, r.code(), c.status, c.code)
			}
			if path := joined(first.Path); path != c.path {
				t.Errorf("path %q, want %q", path, c.path)
			}
			fields, _ := first.Extensions["fields"].([]any)
			if got := joined(fields); got != c.fields {
				t.Errorf("fields %q, want %q", got, c.fields)
			}
			if !strings.Contains(first.Message, c.says) {
				t.Errorf("%q does not say %q", first.Message, c.says)
			}
			if c.status >= 400 && r.Data != nil {
				t.Errorf("a request that was not executed has data: %s", r.text)
			}
		})
	}
}

func joined(parts []any) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = fmt.Sprint(p)
	}
	return strings.Join(out, ".")
}

// place asks for a place, given as GraphQL.
func place(text string) string {
	return `{ responsibility(input: {subject: {place: ` + text + `}, purpose: CRISIS}) { status } }`
}

const askSubject = `query($s: SubjectInput!) { responsibility(input: {subject: $s, purpose: CRISIS}) { status } }`

func TestADocumentThatDoesNotFitTheSchemaIsRefused(t *testing.T) {
	const authorities = `query($w: AuthorityWhere) { authorities(where: $w) { totalCount } }`
	checkRefused(t, onSQLite(t), []refused{
		{"an unknown argument", `{ authorities(nope: 1) { totalCount } }`, nil, 400, invalid, "", "", `Unknown argument "nope" on field "Query.authorities"`},
		{"an unknown field", `{ authorities { nope } }`, nil, 400, invalid, "", "", `Cannot query field "nope" on type "AuthorityConnection"`},
		{"an unknown key of a filter", `{ authorities(where: {nope: 1}) { totalCount } }`, nil, 400, invalid, "", "", `Field "nope" is not defined by type "AuthorityWhere"`},
		{"an unknown key in variables", authorities, object{"w": object{"nope": 1}}, 400, invalid, "", "w.nope", "Variable w.nope: there is no such field; AuthorityWhere has and, or, not, slug"},
		{"an unknown key in nested lists of variables", authorities, object{"w": object{"and": []any{object{}, object{"slug": object{"nope": 1}}}}}, 400, invalid, "", "w.and.1.slug.nope", "Variable w.and[1].slug.nope: there is no such field; StringFilter has eq, in"},
		{"an unknown code", `{ federalState(code: XX) { code } }`, nil, 400, invalid, "", "", `Value "XX" does not exist in "FederalStateCode!" enum`},
		{"a code as text", `{ federalState(code: "BY") { code } }`, nil, 400, invalid, "", "", `Did you mean the enum value "BY"`},
		{"an unknown code in variables", `query($c: FederalStateCode!) { federalState(code: $c) { code } }`, object{"c": "XX"}, 400, invalid, "", "c", `Variable c: "XX" is no FederalStateCode: give one of BW, BY, BE`},
		{"an unknown code in a list of variables", authorities, object{"w": object{"kind": object{"in": []any{"AGENCY", "XX"}}}}, 400, invalid, "", "w.kind.in.1", `Variable w.kind.in[1]: "XX" is no AuthorityKind: give one of MINISTRY`},
		{"a long unknown code is cut", `query($c: FederalStateCode!) { federalState(code: $c) { code } }`, object{"c": strings.Repeat("X", 500)}, 400, invalid, "", "c", strings.Repeat("X", 40) + `..." is no FederalStateCode`},
		{"an unknown purpose", `{ responsibility(input: {subject: {operator: "x"}, purpose: NOPE}) { status } }`, nil, 400, invalid, "", "", `Value "NOPE" does not exist in "Purpose!" enum`},
		{"an unknown order", `{ operators(orderBy: {field: NOPE}) { totalCount } }`, nil, 400, invalid, "", "", `"OperatorOrderField!" enum`},
		{"an unknown type to search", `{ search(text: "x", types: [NOPE]) { totalCount } }`, nil, 400, invalid, "", "", `"SearchType!" enum`},
		{"an unknown attribute", place(`{federalState: BY, branch: "rail", attributes: {nope: true}}`), nil, 400, invalid, "", "", `Field "nope" is not defined by type "SubjectAttributesInput"`},
		{"an unknown attribute in variables", askSubject, object{"s": object{"place": object{"attributes": object{"nope": true}}}}, 400, invalid, "", "s.place.attributes.nope", "SubjectAttributesInput has ownership"},
		{"an unknown value of an attribute in variables", askSubject, object{"s": object{"place": object{"attributes": object{"ownership": "NOPE"}}}}, 400, invalid, "", "s.place.attributes.ownership", `"NOPE" is no Ownership: give one of FEDERAL, STATE, MUNICIPAL, PRIVATE, UNKNOWN`},
		{"a missing variable", `query($c: FederalStateCode!) { federalState(code: $c) { code } }`, nil, 400, invalid, "", "c", "Variable c: must be defined"},
		{"null where a value must be", `query($c: FederalStateCode!) { federalState(code: $c) { code } }`, object{"c": nil}, 400, invalid, "", "c", "Variable c: cannot be null"},
		{"a fraction as a number of items", `query($n: Int) { authorities(first: $n) { totalCount } }`, object{"n": 1.5}, 400, invalid, "", "n", "Variable n: the value is no Int"},
		{"text as a number of items", `{ authorities(first: "1") { totalCount } }`, nil, 400, invalid, "", "", `Int cannot represent non-integer value: "1"`},

		{"none of a one-of", `{ responsibility(input: {subject: {}, purpose: CRISIS}) { status } }`, nil, 400, invalid, "", "", `"SubjectInput" must specify exactly one key`},
		{"two of a one-of", `{ responsibility(input: {subject: {operator: "a", facility: "b"}, purpose: CRISIS}) { status } }`, nil, 400, invalid, "", "", `"SubjectInput" must specify exactly one key`},
		{"null in a one-of", `{ responsibility(input: {subject: {operator: null}, purpose: CRISIS}) { status } }`, nil, 400, invalid, "", "", `"SubjectInput.operator" must be non-null`},
		{"two of a one-of in a list", `{ responsibilities(inputs: [{subject: {operator: "a", facility: "b"}, purpose: CRISIS}]) { status } }`, nil, 400, invalid, "", "", `"SubjectInput" must specify exactly one key`},
		{"none of a one-of in variables", askSubject, object{"s": object{}}, 400, invalid, "", "s", "Variable s: SubjectInput takes exactly one of operator, facility, place; none is given"},
		{"null in a one-of in variables", askSubject, object{"s": object{"operator": nil}}, 400, invalid, "", "s", "operator is null"},
		{"two of a one-of in a list of variables", `query($i: [ResponsibilityInput!]!) { responsibilities(inputs: $i) { status } }`,
			object{"i": []any{object{"purpose": "CRISIS", "subject": object{"operator": "a"}}, object{"purpose": "CRISIS", "subject": object{"operator": "a", "facility": "b"}}}},
			400, invalid, "", "i.1.subject", "Variable i[1].subject: SubjectInput takes exactly one of operator, facility, place; operator and facility are given"},
		{"a variable that may be null inside a one-of", `query($o: ID) { responsibility(input: {subject: {operator: $o}, purpose: CRISIS}) { status } }`, object{"o": "x"}, 400, invalid, "", "", "must be non-nullable to be used for OneOf Input Object"},
		{"501 questions", `query($i: [ResponsibilityInput!]!) { responsibilities(inputs: $i) { status } }`, object{"i": times(501, object{"purpose": "CRISIS", "subject": object{"operator": "a"}})}, 400, "LIMIT_EXCEEDED", "", "", "501 items in a list of its variables; 500 are allowed"},
	})
}

func TestAQuestionThatCannotBeAnsweredNamesThePlaceAndTheRemedy(t *testing.T) {
	const (
		byIn = `query($v: [String!]) { authorities(where: {slug: {in: $v}}) { totalCount } }`
		acts = `query($v: [String!]) { responsibility(input: {subject: {place: {federalState: BY, branch: "rail"}}, purpose: CRISIS, legalActs: $v}) { status } }`
		find = `query($t: String!) { search(text: $t) { totalCount } }`
		diff = `query($f: DateTime!, $t: DateTime!) { responsibilityDiff(input: {subject: {place: {federalState: BY, branch: "rail"}}, purpose: CRISIS, from: $f, to: $t}) { statusBefore } }`
	)
	r := "responsibility"
	checkRefused(t, onSQLite(t), []refused{
		{"an unknown branch", place(`{federalState: BY, branch: "nope"}`), nil, 200, badInput, r, "subject.place.branch", `subject.place.branch: there is no branch "nope". Give the key of a branch`},
		{"an unknown sector", place(`{federalState: BY, sector: "nope"}`), nil, 200, badInput, r, "subject.place.sector", `there is no sector "nope"`},
		{"an unknown service", place(`{federalState: BY, service: "nope"}`), nil, 200, badInput, r, "subject.place.service", `there is no service "nope"`},
		{"branch and sector", place(`{federalState: BY, branch: "rail", sector: "transport"}`), nil, 200, badInput, r, "subject.place.sector", "Give exactly one of service, branch and sector"},
		{"service and sector", place(`{federalState: BY, service: "electricity-supply", sector: "energy"}`), nil, 200, badInput, r, "subject.place.sector", "Give exactly one of service, branch and sector"},
		{"none of service, branch and sector", place(`{federalState: BY}`), nil, 200, badInput, r, "subject.place.service", "Give exactly one of service, branch and sector"},
		{"an empty branch", place(`{federalState: BY, branch: ""}`), nil, 200, badInput, r, "subject.place.service", "Give exactly one"},
		{"a service and a branch that is not its own", place(`{federalState: BY, service: "electricity-supply", branch: "rail"}`), nil, 200, badInput, r, "subject.place.branch", `belongs to the branch "electricity", not to "rail". Leave the branch out`},
		{"no Land", place(`{branch: "rail"}`), nil, 200, badInput, r, "subject.place.federalState", "Give the Land of the site, or inExclusiveEconomicZone: true"},
		{"an unknown act", acts, object{"v": []any{"bsig", "nope"}}, 200, badInput, r, "legalActs", `legalActs: there is no legal act "nope"`},
		{"51 acts", acts, object{"v": times(51, "bsig")}, 200, badInput, r, "legalActs", "legalActs takes at most 50 acts, not 51"},
		{"an instant that is a date", `{ responsibility(input: {subject: {place: {federalState: BY, branch: "rail"}}, purpose: CRISIS, asOf: "2026-11-01"}) { status } }`, nil, 200, badInput, "responsibility.input.asOf", "", `"2026-11-01" is not a DateTime: write it like 2026-11-01T12:00:00+01:00`},
		{"a month that is none in variables", diff, object{"f": "2026-13-01T00:00:00Z", "t": "2026-11-01T00:00:00Z"}, 200, badInput, "responsibilityDiff.input.from", "", `"2026-13-01T00:00:00Z" is not a DateTime`},
		{"from after to", diff, object{"f": "2026-11-01T00:00:01Z", "t": "2026-11-01T00:00:00Z"}, 200, badInput, "responsibilityDiff", "from", "from lies after to: give the earlier instant as from"},
		{"an operator that nobody has", `{ responsibility(input: {subject: {operator: "nope"}, purpose: CRISIS}) { status } }`, nil, 200, "NOT_FOUND", r, "subject.operator", "The operator does not exist, or is not visible for you"},
		{"coverage of an unknown act", `{ coverage(legalAct: "nope") { day } }`, nil, 200, badInput, "coverage", "legalAct", `legalAct: there is no legal act "nope"`},
		{"months in a duration", `{ coverage(legalAct: "bsig") { staleContactPoints(olderThan: "P3M") { totalCount } } }`, nil, 200, badInput, "coverage.staleContactPoints.olderThan", "", `"P3M" is not a Duration: write it like P90D`},
		{"months in a duration in variables", `query($d: Duration) { coverage(legalAct: "bsig") { staleContactPoints(olderThan: $d) { totalCount } } }`, object{"d": "P1Y"}, 200, badInput, "coverage.staleContactPoints.olderThan", "", `"P1Y" is not a Duration`},
		{"no length of time", `{ coverage(legalAct: "bsig") { staleContactPoints(olderThan: "PT0S") { totalCount } } }`, nil, 200, badInput, "coverage.staleContactPoints", "olderThan", "above zero, such as P90D"},

		{"first: 0", `{ authorities(first: 0) { totalCount } }`, nil, 200, badInput, "authorities", "first", "first takes 1 to 100, not 0"},
		{"first: 101", `{ authorities(first: 101) { totalCount } }`, nil, 200, badInput, "authorities", "first", "first takes 1 to 100, not 101"},
		{"first: -1", `{ authorities(first: -1) { totalCount } }`, nil, 200, badInput, "authorities", "first", "first takes 1 to 100, not -1"},
		{"last: 0", `{ authorities(last: 0) { totalCount } }`, nil, 200, badInput, "authorities", "last", "last takes 1 to 100, not 0"},
		{"first beyond 32 bits", `{ authorities(first: 99999999999) { totalCount } }`, nil, 200, badInput, "authorities.first", "", "write a whole number of 32 bits"},
		{"first with last", `{ authorities(first: 1, last: 1) { totalCount } }`, nil, 200, badInput, "authorities", "last", "Give first or last, not both"},
		{"last with after", `{ authorities(last: 1, after: "x") { totalCount } }`, nil, 200, badInput, "authorities", "after", "use first with after, or last with before"},
		{"first with before", `{ authorities(first: 1, before: "x") { totalCount } }`, nil, 200, badInput, "authorities", "before", "use first with after, or last with before"},
		{"after with before", `{ authorities(after: "x", before: "y") { totalCount } }`, nil, 200, badInput, "authorities", "before", "use first with after, or last with before"},
		{"first: 0 of a list in memory", `{ branch(slug: "rail") { providers(first: 0) { totalCount } } }`, nil, 200, badInput, "branch.providers", "first", "first takes 1 to 100"},
		{"first: 0 of a list below another", `{ federalState(code: BY) { authorities(first: 0) { totalCount } } }`, nil, 200, badInput, "federalState.authorities", "first", "first takes 1 to 100"},

		{"a text of no characters", find, object{"t": ""}, 200, badInput, "search", "text", "text takes 1 to 200 characters, not 0"},
		{"a text of 201 characters", find, object{"t": strings.Repeat("ü", 201)}, 200, badInput, "search", "text", "text takes 1 to 200 characters, not 201"},
		{"101 ids", `query($v: [ID!]!) { nodes(ids: $v) { id } }`, object{"v": times(101, "x")}, 200, badInput, "nodes", "ids", "ids takes at most 100 ids, not 101"},
		{"21 actions", `query($v: [Action!]!) { viewer { can(actions: $v) { allowed } } }`, object{"v": times(21, "INCIDENT_REPORT")}, 200, badInput, "viewer.can", "actions", "actions takes at most 20 actions, not 21"},
		{"in with 101 values", byIn, object{"v": times(101, "x")}, 200, badInput, "authorities", "where.slug.in", "where.slug.in takes at most 100 values, not 101"},
		{"in with 101 codes", `query($v: [AuthorityKind!]) { authorities(where: {kind: {in: $v}}) { totalCount } }`, object{"v": times(101, "AGENCY")}, 200, badInput, "authorities", "where.kind.in", "where.kind.in takes at most 100 values"},
		{"in with 101 values deep inside", `query($v: [String!]) { operators(where: {and: [{}, {not: {facilities: {none: {name: {in: $v}}}}}]}) { totalCount } }`, object{"v": times(101, "x")}, 200, badInput, "operators", "where.and.1.not.facilities.none.name.in", "where.and.1.not.facilities.none.name.in takes at most 100 values"},
		{"in with 101 sectors", `query($v: [String!]) { operators(where: {sector: {in: $v}}) { totalCount } }`, object{"v": times(101, "x")}, 200, badInput, "operators", "where.sector.in", "at most 100 values"},
		{"and with 11 filters", `query($v: [IncidentWhere!]) { incidents(where: {and: $v}) { totalCount } }`, object{"v": times(11, object{})}, 200, badInput, "incidents", "where.and", "where.and takes at most 10 filters, not 11"},
		{"or with 11 filters inside a list below another", `query($v: [CompetenceWhere!]) { authority(slug: "bsi") { competences(where: {or: [{or: $v}]}) { totalCount } } }`, object{"v": times(11, object{})}, 200, badInput, "authority.competences", "where.or.0.or", "where.or.0.or takes at most 10 filters, not 11"},
		{"a part of a sector", `{ operators(where: {or: [{sector: {contains: "x"}}]}) { totalCount } }`, nil, 200, badInput, "operators", "where.or.0.sector", "use eq or in"},
	})
}

func TestWhatIsAllowedAtTheLimitIsAnswered(t *testing.T) {
	w := onSQLite(t)
	for name, c := range map[string]struct {
		query     string
		variables object
	}{
		"100 values of in":                     {`query($v: [String!]) { authorities(where: {slug: {in: $v}}, first: 100) { totalCount } }`, object{"v": times(100, "bsi")}},
		"10 filters":                           {`query($v: [AuthorityWhere!]) { authorities(where: {and: $v, or: $v}, last: 100) { totalCount } }`, object{"v": times(10, object{})}},
		"50 acts":                              {`query($v: [String!]) { responsibility(input: {subject: {place: {federalState: BY, branch: "rail"}}, purpose: CRISIS, legalActs: $v}) { status } }`, object{"v": times(50, "bsig")}},
		"100 ids":                              {`query($v: [ID!]!) { nodes(ids: $v) { id } }`, object{"v": times(100, "x")}},
		"200 characters":                       {`query($t: String!) { search(text: $t) { totalCount } }`, object{"t": strings.Repeat("ü", 200)}},
		"500 questions":                        {`query($i: [ResponsibilityInput!]!) { responsibilities(inputs: $i) { status } }`, object{"i": times(500, object{"purpose": "REGISTRATION", "subject": object{"place": object{"federalState": "BY", "branch": "rail"}}})}},
		"a diff of one instant":                {`{ responsibilityDiff(input: {subject: {place: {federalState: BY, branch: "rail"}}, purpose: CRISIS, from: "2026-11-01T00:00:00Z", to: "2026-11-01T01:00:00+01:00"}) { changes { kind } } }`, nil},
		"null for what may be so":              {`{ authorities(first: null, after: null, where: null, orderBy: null) { totalCount } }`, nil},
		"a service and its branch":             {place(`{federalState: BY, service: "electricity-supply", branch: "electricity"}`), nil},
		"a service and a branch that it spans": {place(`{federalState: BY, service: "passenger-freight-transport", branch: "rail"}`), nil},
		"the exclusive economic zone":          {place(`{branch: "electricity", attributes: {inExclusiveEconomicZone: true}}`), nil},
	} {
		t.Run(name, func(t *testing.T) { query[object](t, w, c.query, c.variables) })
	}
}

func TestATextWithoutWordsFindsNothing(t *testing.T) {
	w := onSQLite(t)
	for _, text := range []string{"...!?", "-", " ", "\u0000", "§§"} {
		found := query[struct {
			Search struct {
				TotalCount int
				Nodes      []object
			}
		}](t, w, `query($t: String!) { search(text: $t) { totalCount nodes { id } } }`, object{"t": text}).Search
		if found.TotalCount != 0 || len(found.Nodes) != 0 {
			t.Errorf("%q finds %d", text, found.TotalCount)
		}
	}
}

func TestACursorIsGoodForItsListAlone(t *testing.T) {
	w := onSQLite(t)
	cursor := func(call string) string {
		t.Helper()
		page := query[struct {
			L struct{ PageInfo struct{ EndCursor string } }
		}](t, w, `{ l: `+call+` { pageInfo { endCursor } } }`, nil)
		return page.L.PageInfo.EndCursor
	}
	below := func(call string) string {
		t.Helper()
		page := query[struct {
			B struct {
				L struct{ PageInfo struct{ EndCursor string } }
			}
		}](t, w, strings.Replace(call, "$", "pageInfo { endCursor }", 1), nil)
		return page.B.L.PageInfo.EndCursor
	}
	good := cursor(`authorities(first: 2)`)
	tampered := []byte(good)
	tampered[len(tampered)-3] ^= 1
	for name, bad := range map[string]string{
		"empty": "", "no cursor": "x", "tampered": string(tampered), "cut": good[:len(good)-4], "longer": good + "AAAA",
		"of another list": cursor(`competences(first: 2)`), "of another filter": cursor(`authorities(first: 2, where: {level: {eq: FEDERAL}})`),
		"of another order": cursor(`authorities(first: 2, orderBy: {field: NAME})`), "of a search": cursor(`search(text: "bsi", first: 1)`),
		"of a list below a Land":         below(`{ b: federalState(code: BY) { l: authorities(first: 1) { $ } } }`),
		"of a list in memory":            below(`{ b: branch(slug: "rail") { l: providers(first: 1) { $ } } }`),
		"of another instant of the list": cursor(`contactPoints(first: 1, asOf: "2026-11-01T00:00:00Z")`),
	} {
		for _, argument := range []string{"after", "before"} {
			r := w.reply(t, developer, fmt.Sprintf(`query($c: String) { authorities(%s: $c) { totalCount } }`, argument), object{"c": bad})
			if r.status != 200 || r.code() != "CURSOR_INVALID" || joined(r.Errors[0].Path) != "authorities" ||
				!strings.Contains(r.Errors[0].Message, "start again without it") {
				t.Errorf("%s as %s: got %d %s", name, argument, r.status, r.text)
			}
		}
	}
	providers := below(`{ b: branch(slug: "rail") { l: providers(first: 1) { $ } } }`)
	for name, call := range map[string]string{
		"the other direction of the dependencies": `{ branch(slug: "rail") { dependents(after: %q) { totalCount } } }`,
		"another branch": `{ branch(slug: "road") { providers(after: %q) { totalCount } } }`,
	} {
		if r := w.reply(t, developer, fmt.Sprintf(call, providers), nil); r.code() != "CURSOR_INVALID" {
			t.Errorf("%s: got %s", name, r.text)
		}
	}
}

func TestWhatIsNotThereIsNull(t *testing.T) {
	w := onSQLite(t)
	for _, field := range []string{
		`node(id: "nope")`, `node(id: "")`, `authority(slug: "nope")`, `authority(slug: "")`, `legalAct(slug: "nope")`, `sector(slug: "nope")`, `branch(slug: "nope")`,
		`service(slug: "nope")`, `operator(reference: "nope")`, `facility(reference: "nope")`, `incident(reference: "nope")`,
		`authority(slug: "state-competent-authority")`, `operator(reference: "DEMO-OP-0001")`,
	} {
		if got := query[map[string]any](t, w, `{ x: `+field+` { id } }`, nil)["x"]; got != nil {
			t.Errorf("%s: got %v", field, got)
		}
	}
}

// subjectIDs are ids that name no operator: damaged ones, and such as others have.
func TestAnIdThatIsNoneOfTheTypeIsLikeOneThatNobodyHas(t *testing.T) {
	w := onSQLite(t)
	operator, facility := w.id(t, "operator", "demo-op-0001"), w.id(t, "facility", "demo-fa-0001")
	missing := kritis.GlobalID("Operator/demo-op-9999")
	ask := func(p kritis.Principal, kind, id string) reply {
		return w.reply(t, p, `query($s: SubjectInput!) { responsibility(input: {subject: $s, purpose: CRISIS}) { status } }`, object{"s": object{kind: id}})
	}
	want := ask(developer, "operator", missing)
	if want.code() != "NOT_FOUND" {
		t.Fatalf("got %s", want.text)
	}
	for name, id := range map[string]string{
		"a facility": facility, "damaged": operator[:len(operator)-1] + "!", "cut": operator[:len(operator)-4], "empty": "", "an authority": kritis.GlobalID("Authority/bsi"),
		"another version": "MjpPcGVyYXRvci9kZW1vLW9wLTAwMDE", "an id of the store": "Operator/demo-op-0001",
	} {
		if got := ask(developer, "operator", id); got.text != want.text || got.status != want.status {
			t.Errorf("%s: got %s, want %s", name, got.text, want.text)
		}
	}
	if got := ask(kritis.Anonymous(), "operator", operator); got.text != want.text {
		t.Errorf("a hidden operator: got %s, want %s", got.text, want.text)
	}
	absent := ask(developer, "facility", kritis.GlobalID("Facility/demo-fa-9999"))
	if got := ask(kritis.Anonymous(), "facility", facility); got.text != absent.text || got.code() != "NOT_FOUND" {
		t.Errorf("a hidden facility: got %s, want %s", got.text, absent.text)
	}
}

func TestOneBadQuestionOfManyIsNullWithAnErrorAtItsPlace(t *testing.T) {
	w := onSQLite(t)
	good := object{"purpose": "SUPERVISION", "subject": object{"place": object{"federalState": "BY", "branch": "rail"}}}
	r := w.reply(t, developer, `query($i: [ResponsibilityInput!]!) { responsibilities(inputs: $i) { status } }`, object{"i": []any{
		good,
		object{"purpose": "SUPERVISION", "subject": object{"operator": "nope"}},
		object{"purpose": "SUPERVISION", "subject": object{"place": object{"federalState": "BY", "branch": "nope"}}},
		good,
		object{"purpose": "SUPERVISION", "subject": object{"place": object{"federalState": "BY", "branch": "rail"}}, "legalActs": []any{"nope"}},
	}})
	if r.status != 200 || string(r.Data) != `{"responsibilities":[{"status":"AMBIGUOUS"},null,null,{"status":"AMBIGUOUS"},null]}` {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	var got []string
	for _, e := range r.Errors {
		got = append(got, fmt.Sprint(joined(e.Path), " ", e.Extensions["code"], " ", e.Extensions["fields"]))
	}
	want := []string{
		"responsibilities.1 NOT_FOUND [subject.operator]", "responsibilities.2 BAD_USER_INPUT [subject.place.branch]", "responsibilities.4 BAD_USER_INPUT [legalActs]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCoverageForAPurposeWithoutTheActIsNowhereApplicable(t *testing.T) {
	matrix := query[struct {
		Coverage struct {
			Rows []struct{ Cells []struct{ Status string } }
		}
	}](t, onSQLite(t), `{ coverage(legalAct: "bsig", purpose: LAW_ENFORCEMENT) { rows { cells { status } } } }`, nil)
	cells := 0
	for _, row := range matrix.Coverage.Rows {
		for _, cell := range row.Cells {
			cells++
			if cell.Status != "NOT_APPLICABLE" {
				t.Fatalf("a cell is %s", cell.Status)
			}
		}
	}
	if cells != 256 {
		t.Errorf("%d cells, want 16 x 16", cells)
	}
}
