package graph_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// kind is a kind of caller, as its token names it. Nobody has none, a program has a key instead.
type kind struct {
	name    string
	nobody  bool
	program bool // with an integration key of the officer of Bavaria
	id      kritis.Identity
	seesAll bool
}

// kinds are callers of every role and of none, some of them narrowed by their token.
var kinds = []kind{
	{name: "nobody", nobody: true},
	{name: "a token that gives nothing", id: kritis.Identity{Subject: "stranger", Body: "zac-de-by"}},
	{name: "an operator", id: kritis.Identity{Subject: "hospital", Operator: "demo-op-0003"}},
	{name: "the officer of Bavaria", id: kritis.Identity{Subject: "officer", Body: "zkl-de-by"}},
	{name: "the officer of Bavaria, up to GREEN", id: kritis.Identity{Subject: "officer", Body: "zkl-de-by", MaxTLP: "GREEN"}},
	{name: "a federal supervisor of networks", id: kritis.Identity{Subject: "networks", Body: "bnetza"}},
	{name: "a federal supervisor of banks", id: kritis.Identity{Subject: "banks", Body: "bafin"}},
	{name: "a supervisor in one Land", id: kritis.Identity{Subject: "agency", Body: "lsi-by"}},
	{name: "the BBK", id: kritis.Identity{Subject: "bbk", Body: "bbk"}},
	{name: "the situation centre", id: kritis.Identity{Subject: "centre", Body: "bsi-situation-centre"}, seesAll: true},
	{name: "the situation centre, for Hesse only", id: kritis.Identity{Subject: "centre", Body: "bsi-situation-centre", FederalStates: []string{"HE"}}},
	{name: "a program of the officer of Bavaria", program: true},
	{name: "an auditor", id: kritis.Identity{Subject: "auditor", Roles: []string{"AUDITOR"}}},
	{name: "an administrator", id: kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}}},
}

// caller enters a world with an identity.
func (w *world) caller(t testing.TB, id kritis.Identity) kritis.Principal {
	t.Helper()
	v, err := w.app.Enter(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v.Principal()
}

// principal is the caller of a kind.
func (m *matrix) principal(t *testing.T, k kind, depth int) kritis.Principal {
	t.Helper()
	switch {
	case k.nobody:
		return kritis.Anonymous()
	case k.program:
		return m.program(t, depth)
	}
	return m.full.caller(t, k.id)
}

// program is a caller with a key that may run all that the matrix asks.
func (m *matrix) program(t *testing.T, depth int) kritis.Principal {
	t.Helper()
	secret := m.full.program(t, nil)
	x := newExplorer(t, m.schema, m.full.enters(t, secret).Principal(), depth)
	var hashes []string
	for _, q := range slices.Concat(x.explore(), x.filters(), publicPaths(t, m.schema).explore()) {
		hashes = append(hashes, fmt.Sprintf("%x", sha256.Sum256([]byte(q.text))))
	}
	key, err := kritis.ParseKeySecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	m.full.amend(t, store.NewID(string(kritis.LabelIntegrationKey), key.ID()), store.TLPAmber, map[string]store.Value{"documents": store.Strings(hashes...)})
	return m.full.enters(t, secret).Principal()
}

// minPairs is how many pairs of a path and a caller the matrix holds at least. A pair is one path through fields of the schema,
// from a field of Query down to a value that is not null for who sees all, and one caller; with how many arguments it is asked
// does not count.
const minPairs = 20_000

func TestWhatACallerMayNotSeeChangesNoByteOfItsAnswers(t *testing.T) {
	checkMatrix(t, fullWorld(t, onSQLite(t)), maxDepth)
}

// checkMatrix asks a world that holds everything and, for each caller, one that holds only what shows to it, for all paths. The
// worlds without what is hidden are on SQLite whatever database the full one is on, for both give the same bytes.
func checkMatrix(t *testing.T, full *world, depth int) {
	began := time.Now()
	m := newMatrix(t, full, depth)
	built := time.Since(began)
	for _, d := range m.documents {
		for _, r := range m.rows {
			if !r.asks[d.text] {
				continue
			}
			got := m.ask(t, full, r, d)
			if want := m.ask(t, r.part, r, d); got != want {
				t.Errorf("%s: %s: %s", r.name, d.name, difference(t, got, want))
			}
			r.remember(t, got)
		}
	}
	m.checkPublic(t)
	paths, refused := m.answered(t), 0
	pairs, all := 0, 0
	for _, r := range m.rows {
		all += len(r.explorer.paths)
		for path := range r.explorer.paths {
			if paths[path] {
				pairs++
			}
		}
		refused += m.checkRefusals(t, r)
		r.checkSecrets(t)
	}
	t.Logf("%d pairs of a path with a value and a caller: %d callers, %d such paths (%d pairs with those that are null for everybody), in %d documents; %d refusals; "+
		"%.1f MB of answers; %.1f s to build %d worlds, %.1f s in all",
		pairs, len(m.rows), len(paths), all, len(m.documents), refused, float64(m.bytes)/1e6, built.Seconds(), len(m.made)+1, time.Since(began).Seconds())
	if pairs < minPairs {
		t.Errorf("only %d pairs", pairs)
	}
}

// answered are the paths that had a value for who sees all.
func (m *matrix) answered(t *testing.T) map[string]bool {
	t.Helper()
	for _, r := range m.rows {
		if r.seesAll {
			maps.DeleteFunc(r.values, func(path string, _ bool) bool { return !r.explorer.paths[path] })
			return r.values
		}
	}
	t.Fatal("nobody sees all")
	return nil
}

// publicPaths explores the fields that all have, over such fields alone.
func publicPaths(t *testing.T, schema *ast.Schema) *explorer {
	x := newExplorer(t, schema, kritis.Anonymous(), maxDepth-1)
	x.only = "PUBLIC"
	return x
}

// checkPublic checks what the rule PUBLIC promises: everybody gets it, and all get the same.
func (m *matrix) checkPublic(t *testing.T) {
	t.Helper()
	x := publicPaths(t, m.schema)
	for _, q := range x.explore() {
		want := m.ask(t, m.full, m.rows[0], q)
		for _, r := range m.rows[1:] {
			if got := m.ask(t, m.full, r, q); got != want {
				t.Errorf("%s, unlike %s: %s: %s", r.name, m.rows[0].name, q.name, difference(t, got, want))
			}
		}
	}
	if len(x.paths) < 300 {
		t.Errorf("only %d public paths", len(x.paths))
	}
}

// matrix is what is asked, by whom, of which worlds.
type matrix struct {
	schema    *ast.Schema
	full      *world
	rows      []*row
	documents []question // of all callers, each once
	handler   http.Handler
	bytes     int
	shadows
}

// row is a caller, what it asks and the world that holds only what shows to it.
type row struct {
	kind
	p        kritis.Principal
	part     *world
	explorer *explorer
	asks     map[string]bool // texts of documents
	words    map[string]bool // of secrets, that its answers had
	values   map[string]bool // paths that had a value
}

// secrets are words that only hidden things hold.
var secrets = []string{secret, "Musterau", "Ransomware"}

func newMatrix(t *testing.T, full *world, depth int, only ...string) *matrix {
	t.Helper()
	m := &matrix{schema: loadSchema(t), full: full, handler: unlimited()}
	for _, k := range kinds {
		if len(only) == 0 || slices.Contains(only, k.name) {
			m.rows = append(m.rows, &row{kind: k, p: m.principal(t, k, depth), asks: map[string]bool{}, words: map[string]bool{}, values: map[string]bool{}})
		}
	}
	m.records = full.records(t)
	known, roles := map[string]bool{}, map[kritis.ViewerRole]bool{}
	for _, r := range m.rows {
		for _, role := range r.p.Roles {
			roles[role] = true
		}
		var hidden int
		if r.part, hidden = m.of(t, r.p.Scope()); (hidden == 0) != r.seesAll {
			t.Errorf("%d images of things are hidden from %s", hidden, r.name)
		}
		r.explorer = newExplorer(t, m.schema, r.p, depth)
		for _, d := range append(r.explorer.explore(), r.explorer.filters()...) {
			r.asks[d.text] = true
			if !known[d.text] {
				known[d.text], m.documents = true, append(m.documents, d)
			}
		}
	}
	for _, role := range m.schema.Types["ViewerRole"].EnumValues {
		if len(only) == 0 && !roles[kritis.ViewerRole(role.Name)] {
			t.Errorf("no caller has the role %s: add one to kinds", role.Name)
		}
	}
	return m
}

// ask returns the answer of a world to a caller, in the form in which two worlds are compared.
func (m *matrix) ask(t *testing.T, w *world, r *row, d question) string {
	t.Helper()
	w.handler = m.handler // which remembers the documents for all worlds
	body := w.ask(t, r.p, d.text, nil)
	m.bytes += len(body)
	for _, code := range []string{"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT", "INTERNAL", "FORBIDDEN", "UNAUTHENTICATED", "LIMIT_EXCEEDED", "UNAVAILABLE", "TIMEOUT"} {
		if bytes.Contains(body, []byte(`"code":"`+code+`"`)) {
			t.Fatalf("%s: %s: %.500s", r.name, d.name, body)
		}
	}
	return unsigned(body, d.history)
}

var signed = regexp.MustCompile(`"(cursor|startCursor|endCursor)":"([^"]+)"`)

// unsigned puts the position into the place of each cursor, whose signature is that of one store. A position in a history is a
// place in the log, which is another in another world.
func unsigned(body []byte, history bool) string {
	if !bytes.Contains(body, []byte(`ursor":"`)) {
		return string(body)
	}
	return string(signed.ReplaceAllFunc(body, func(text []byte) []byte {
		part := signed.FindSubmatch(text)
		raw, err := base64.RawURLEncoding.DecodeString(string(part[2]))
		const mac = 16
		if err != nil || len(raw) < mac || history {
			return fmt.Appendf(nil, `"%s":"?"`, part[1])
		}
		return fmt.Appendf(nil, `"%s":%q`, part[1], raw[mac:])
	}))
}

func difference(t *testing.T, got, want string) string {
	t.Helper()
	return firstDifference(stable(t, []byte(got)), stable(t, []byte(want)))
}

// remember notes which secrets an answer holds and, of who sees all, which paths had a value.
func (r *row) remember(t *testing.T, answer string) {
	t.Helper()
	for _, word := range secrets {
		r.words[word] = r.words[word] || strings.Contains(answer, word)
	}
	if !r.seesAll {
		return
	}
	var body struct{ Data map[string]any }
	if err := json.Unmarshal([]byte(answer), &body); err != nil {
		t.Fatal(err)
	}
	for field, value := range body.Data {
		r.walk(field, value)
	}
}

func (r *row) walk(path string, value any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			r.walk(path, item)
		}
	case object:
		for name, below := range value {
			if of, field, in := strings.Cut(name, "_"); in && !strings.HasPrefix(name, "_") {
				r.walk(path+"/"+of+"."+field, below)
				continue
			}
			r.walk(path+"."+name, below)
		}
	case nil:
	default:
		r.values[path] = true
	}
}

// checkSecrets checks the words of secrets in all answers of a caller: none for who sees the public directory only, all for who
// sees all, or nothing was hidden.
func (r *row) checkSecrets(t *testing.T) {
	t.Helper()
	for _, word := range secrets {
		if r.nobody && r.words[word] || r.seesAll && !r.words[word] {
			t.Errorf("%s: an answer has %s: %v", r.name, word, r.words[word])
		}
	}
}

// checkRefusals asks for each field that a caller may not ask for, and each mutation, and wants a refusal that runs nothing. It
// returns how many there were.
func (m *matrix) checkRefusals(t *testing.T, r *row) int {
	t.Helper()
	if m.schema.Mutation != nil {
		for _, f := range m.schema.Mutation.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				r.explorer.asks(m.schema.Mutation, f, "mutation { "+f.Name+m.sampleArguments(f))
			}
		}
	}
	want := "FORBIDDEN"
	if r.nobody {
		want = "UNAUTHENTICATED"
	}
	before, err := m.full.store.Head(t.Context(), store.Mark{})
	if err != nil {
		t.Fatal(err)
	}
	for field, text := range r.explorer.refused {
		m.full.handler = m.handler
		if got := m.full.reply(t, r.p, text, nil); got.code() != want || got.Data != nil {
			t.Errorf("%s: %s: %s", r.name, field, got.text)
		}
	}
	if after, err := m.full.store.Head(t.Context(), store.Mark{}); err != nil || after.Seq != before.Seq {
		t.Errorf("%s: something that was refused was done: %v", r.name, err)
	}
	return len(r.explorer.refused)
}

// sampleArguments gives a field the arguments that it needs, of the right types and without sense.
func (m *matrix) sampleArguments(f *ast.FieldDefinition) string {
	var out []string
	for _, a := range f.Arguments {
		if a.Type.NonNull {
			out = append(out, a.Name+": "+m.sample(a.Type))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "(" + strings.Join(out, ", ") + ")"
}

func (m *matrix) sample(typ *ast.Type) string {
	if typ.Elem != nil {
		return "[" + m.sample(typ.Elem) + "]"
	}
	switch def := m.schema.Types[typ.Name()]; def.Kind {
	case ast.Enum:
		return def.EnumValues[0].Name
	case ast.InputObject:
		var fields []string
		for _, f := range def.Fields {
			if f.Type.NonNull && f.DefaultValue == nil || len(fields) == 0 && def.Directives.ForName("oneOf") != nil {
				fields = append(fields, f.Name+": "+m.sample(f.Type))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	default:
		if value, ok := samples[def.Name]; ok {
			return value
		}
		return `"x"`
	}
}

// samples are values of the scalars that do not take any text.
var samples = map[string]string{
	"Int": "1", "Float": "1.5", "Boolean": "true", "Date": `"2026-11-01"`, "DateTime": `"2026-11-01T12:00:00Z"`, "Duration": `"PT1H"`, "Ars": `"09"`, "Url": `"https://kritis.example"`,
}
