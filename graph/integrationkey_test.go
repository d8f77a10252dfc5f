package graph_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

const createKey = `mutation($input: IntegrationKeyCreateInput!) { integrationKeyCreate(input: $input) {
	integrationKey { id version prefix name authority { slug } operator { reference } federalStates { code } maxTlp documents { name sha256 text }
		status expiresAt revokedAt lastUsedAt createdAt createdBy }
	secret userErrors { code path message } consistencyToken
} }`

type keyShown struct {
	ID        string
	Version   int
	Prefix    string
	Status    string
	MaxTlp    string
	Documents []struct{ Name, Sha256, Text string }
}

type keyCreated struct {
	IntegrationKey   *keyShown
	Secret           *string
	UserErrors       []userError
	ConsistencyToken *string
}

func (w *world) createKey(t testing.TB, p kritis.Principal, input object) keyCreated {
	t.Helper()
	return queryAs[struct{ IntegrationKeyCreate keyCreated }](t, w, p, createKey, object{"input": input}).IntegrationKeyCreate
}

// The documents of the keys of these tests, one with a variable and one with a fragment.
const (
	landDocument   = `query Land($code: FederalStateCode!) { federalState(code: $code) { name(lang: DE) contactPoints { nodes { ...point } } } } fragment point on ContactPoint { role status }`
	openDocument   = `query Open { incidents(where: {status: {eq: OPEN}}) { totalCount nodes { reference federalStates { code } } } viewer { subject roles } }`
	sectorDocument = `{ sectors { slug } }`
)

// keyInput asks for a key of the ZKL of Bavaria with the three documents, with changes; a nil value takes a field away.
func keyInput(changes object) object {
	in := object{
		"name": "Lagebild", "actsFor": object{"authority": "zkl-de-by"}, "expiresAt": moment.Add(24 * time.Hour).Format(time.RFC3339),
		"documents": []any{object{"name": "Land", "text": landDocument}, object{"name": "Open", "text": openDocument}, object{"name": "Sectors", "text": sectorDocument}},
	}
	maps.Copy(in, changes)
	maps.DeleteFunc(in, func(_ string, value any) bool { return value == nil })
	return in
}

// program makes a key and returns its secret.
func (w *world) program(t testing.TB, changes object) string {
	t.Helper()
	created := w.createKey(t, developer, keyInput(changes))
	if len(created.UserErrors) > 0 || created.Secret == nil {
		t.Fatalf("no key: %+v", created)
	}
	return *created.Secret
}

// enters is the view of a program with a secret, nil where it is not accepted.
func (w *world) enters(t testing.TB, secret string) *kritis.View {
	t.Helper()
	k, err := kritis.ParseKeySecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.app.EnterKey(t.Context(), k)
	if err != nil && kritis.AsError(err).Code != kritis.CodeUnauthenticated {
		t.Fatal(err)
	}
	return v
}

// run sends a request of a program, as JSON or, for text, as a query string.
func (w *world) run(t testing.TB, v *kritis.View, body any) reply {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/graphql", nil)
	if text, ok := body.(string); ok {
		r.URL.RawQuery = text
	} else {
		sent, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r = httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(sent))
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept", modern)
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r.WithContext(kritis.WithView(r.Context(), v)))
	out := reply{status: answer.Code, header: answer.Header(), text: answer.Body.String()}
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil {
		t.Fatalf("no JSON: %v: %.300s", err, out.text)
	}
	return out
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestAProgramRunsTheDocumentsOfItsKeyAndNothingElse(t *testing.T) { checkKeys(t, onSQLite(t)) }

func checkKeys(t *testing.T, w *world) {
	if err := w.app.Ready(t.Context()); err != nil { // as a server does before it answers
		t.Fatal(err)
	}
	secret := w.program(t, nil)
	v := w.enters(t, secret)
	bavaria := object{"code": "BY"}
	want := w.run(t, v, object{"query": landDocument, "variables": bavaria})
	if want.status != 200 || len(want.Errors) > 0 || !strings.Contains(want.text, `"name":"Bayern"`) || !strings.Contains(want.text, `"role":"ZKL"`) {
		t.Fatalf("by its text: %d %s", want.status, want.text)
	}
	id := "sha256:" + hashOf(landDocument)
	for name, body := range map[string]any{
		"by its hash":                     object{"documentId": id, "variables": bavaria},
		"by its hash and name":            object{"documentId": id, "operationName": "Land", "variables": bavaria},
		"by its hash by GET":              "documentId=" + url.QueryEscape(id) + "&variables=" + url.QueryEscape(`{"code":"BY"}`),
		"by its text by GET":              "query=" + url.QueryEscape(landDocument) + "&variables=" + url.QueryEscape(`{"code":"BY"}`),
		"as Apollo clients ask":           object{"extensions": object{"persistedQuery": object{"version": 1, "sha256Hash": hashOf(landDocument)}}, "variables": bavaria},
		"by its text and hash":            object{"query": landDocument, "documentId": id, "variables": bavaria},
		"by its hash with an empty query": object{"query": "", "documentId": id, "variables": bavaria},
	} {
		if got := w.run(t, v, body); got.text != want.text {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
	}
	if got := w.run(t, v, object{"query": openDocument}); !strings.Contains(got.text, `"roles":["INTEGRATION"]`) || !strings.Contains(got.text, `"code":"BY"`) {
		t.Errorf("what the ZKL of Bavaria sees: %s", got.text)
	}
	other := `query Other { viewer { subject } }`
	w.program(t, object{"documents": []any{object{"name": "Other", "text": other}}}) // trusted, but not for this key
	refused := w.run(t, v, object{"query": other})
	if refused.code() != "FORBIDDEN" || refused.Data != nil || !strings.Contains(refused.Errors[0].Message, "Land, Open, Sectors") {
		t.Fatalf("another document: %s", refused.text)
	}
	for name, body := range map[string]any{
		"another document by its hash":   object{"documentId": "sha256:" + hashOf(other)},
		"a hash that nobody has":         object{"documentId": "sha256:" + hashOf("nobody")},
		"another document by GET":        "query=" + url.QueryEscape(other),
		"one space more":                 object{"query": sectorDocument + " "},
		"other line breaks":              object{"query": strings.ReplaceAll(sectorDocument, " ", "\n")},
		"the introspection":              object{"query": introspection},
		"the name of a type":             object{"query": "{ __typename }"},
		"no GraphQL":                     object{"query": "{"},
		"a mutation":                     object{"query": createKey, "variables": object{"input": keyInput(nil)}},
		"its own document with a second": object{"query": sectorDocument + openDocument, "operationName": "Open"},
	} {
		if got := w.run(t, v, body); got.text != refused.text || got.status != refused.status {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
	}
	if got := w.run(t, v, object{"query": sectorDocument, "documentId": id}); got.code() != "BAD_REQUEST" {
		t.Errorf("the text of one document with the hash of another: %s", got.text)
	}
	if findings, err := kritis.Check(t.Context(), w.store); err != nil || findings.Errors() > 0 {
		t.Errorf("the check finds %+v, %v", findings.Findings, err)
	}
}

func TestADocumentByItsHashCostsOneReadMoreThanForPeople(t *testing.T) {
	w := onSQLite(t)
	secret := w.program(t, nil)
	w.run(t, w.enters(t, secret), object{"documentId": "sha256:" + hashOf(sectorDocument)}) // reads the document
	calls := 1 << 30
	for range 5 {
		w.calls.Reset()
		w.run(t, w.enters(t, secret), object{"documentId": "sha256:" + hashOf(sectorDocument)})
		calls = min(calls, w.calls.Total())
	}
	if calls != 2 { // the log for the rulebook, the key
		t.Errorf("%d driver calls: %v", calls, w.calls.Counts())
	}
}

func TestAKeyIsShownOnceAndItsSecretOnlyThen(t *testing.T) {
	w := onSQLite(t)
	admin := w.caller(t, kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}})
	in := keyInput(object{"clientMutationId": "a", "maxTlp": "AMBER", "federalStates": []string{"HE", "BY", "HE"}, "reason": "for the wall"})
	first := w.createKey(t, admin, in)
	if len(first.UserErrors) > 0 || first.Secret == nil || first.ConsistencyToken == nil {
		t.Fatalf("%+v", first)
	}
	if k := first.IntegrationKey; !strings.HasPrefix(*first.Secret, k.Prefix+"_") || k.Version != 1 || k.Status != "ACTIVE" || k.MaxTlp != "AMBER" ||
		len(k.Documents) != 3 || k.Documents[0].Name != "Land" || k.Documents[0].Text != landDocument || k.Documents[0].Sha256 != hashOf(landDocument) {
		t.Errorf("%+v", k)
	}
	again := w.createKey(t, admin, in)
	if len(again.UserErrors) > 0 || again.Secret != nil || again.IntegrationKey == nil || again.IntegrationKey.ID != first.IntegrationKey.ID {
		t.Errorf("the same again: %+v", again)
	}
	other := w.createKey(t, admin, keyInput(object{"clientMutationId": "a"}))
	if code(t, other.UserErrors) != "IDEMPOTENCY_CONFLICT" || other.Secret != nil || other.IntegrationKey != nil {
		t.Errorf("another input: %+v", other)
	}
	key, err := kritis.ParseKeySecret(*first.Secret)
	if err != nil {
		t.Fatal(err)
	}
	everywhere := ""
	for _, document := range []string{
		fmt.Sprintf(`{ changes(of: %q) { nodes { action actor { name } reason fieldChanges { field before after } } } }`, first.IntegrationKey.ID),
		fmt.Sprintf(`{ node(id: %q) { ... on IntegrationKey { name prefix documents { name } createdBy authority { slug } federalStates { code } } } }`, first.IntegrationKey.ID),
		`{ integrationKeys { totalCount nodes { id name status lastUsedAt } edges { cursor } } }`,
		fmt.Sprintf(`{ search(text: %q) { totalCount } }`, key.ID()),
		fmt.Sprintf(`{ search(text: %q) { totalCount } }`, hashOf(landDocument)),
	} {
		r := w.reply(t, admin, document, nil)
		if len(r.Errors) > 0 {
			t.Errorf("%s: %s", document, r.text)
		}
		everywhere += r.text
	}
	for _, want := range []string{`"reason":"for the wall"`, `"field":"authority.slug","before":null,"after":"zkl-de-by"`, `"createdBy":"admin"`, `"totalCount":1`, `[{"code":"BY"},{"code":"HE"}]`} {
		if !strings.Contains(everywhere, want) {
			t.Errorf("%s is not shown: %s", want, everywhere)
		}
	}
	if strings.Contains(everywhere, key.Digest()) || strings.Contains(everywhere, (*first.Secret)[14:]) || strings.Count(everywhere, `"totalCount":0`) != 2 {
		t.Errorf("the secret or its digest shows, or a search finds the key: %s", everywhere)
	}
}

func TestAKeyThatMayNotBeIsNotMade(t *testing.T) {
	w := onSQLite(t)
	operator := w.id(t, "operator", "demo-op-0001")
	document := func(text string) object {
		return object{"documents": []any{object{"name": "Sectors", "text": sectorDocument}, object{"name": "Other", "text": text}}}
	}
	named := func(names ...string) object {
		var documents []any
		for i, name := range names {
			documents = append(documents, object{"name": name, "text": fmt.Sprintf("query q%d { sectors { slug } }", i)})
		}
		return object{"documents": documents}
	}
	const inText = "input documents 1 text"
	for _, c := range []struct {
		name    string
		changes object
		code    string
		path    string
		says    string
	}{
		{"a mutation", document(createKey), "BAD_INPUT", inText, "exactly one query"},
		{"a subscription", document("subscription { x }"), "BAD_INPUT", inText, "exactly one query"},
		{"two operations", document("query a { sectors { slug } } query b { sectors { slug } }"), "BAD_INPUT", inText, "exactly one query"},
		{"fragments alone", document("fragment f on Sector { slug }"), "BAD_INPUT", inText, "exactly one query"},
		{"a broken document", document("{ sectors {"), "BAD_INPUT", inText, "no GraphQL document"},
		{"an empty document", document(""), "BAD_INPUT", inText, "exactly one query"},
		{"a document with an unknown field", document("{ sectors { colour } }"), "BAD_INPUT", inText, "colour"},
		{"a document with an unused fragment", document("{ sectors { slug } } fragment f on Sector { slug }"), "BAD_INPUT", inText, "never used"},
		{"the introspection", document(introspection), "BAD_INPUT", inText, "introspection"},
		{"a type of the schema in a fragment", document(`{ ...f } fragment f on Query { sectors { slug } __type(name: "X") { name } }`), "BAD_INPUT", inText, "introspection"},
		{"a field for people", document("{ integrationKeys { totalCount } }"), "BAD_INPUT", inText, "ADMINISTRATOR"},
		{"a document that is too deep", document(`{ authority(slug: "x") ` + strings.Repeat("{ parent ", 20) + "{ slug }" + strings.Repeat("}", 21)), "BAD_INPUT", inText, "limit depth"},
		{"a document that costs too much", document("{ authorities(first: 100) { nodes { competences(first: 100) { nodes { authority { competences(first: 100) { nodes { key } } } } } } } }"), "BAD_INPUT", inText, "limit cost"},
		{"a document that costs too much as a rule", document("query($n: Int = 100) { authorities(first: $n) { nodes { competences(first: $n) { nodes { authority { competences(first: $n) { nodes { key } } } } } } } }"), "BAD_INPUT", inText, "limit cost"},
		{"a document of more than 64 KiB", document("{ sectors { slug } } #" + strings.Repeat("x", 64<<10)), "BAD_INPUT", inText, "65536"},
		{"one text twice", document(sectorDocument), "BAD_INPUT", inText, "give it once"},
		{"one name twice", named("a", "a"), "BAD_INPUT", "input documents 1 name", "this name"},
		{"a document without a name", named(""), "BAD_INPUT", "input documents 0 name", "1 to 100"},
		{"a document with a long name", named(strings.Repeat("x", 101)), "BAD_INPUT", "input documents 0 name", "1 to 100"},
		{"no document", object{"documents": []any{}}, "BAD_INPUT", "input documents", "1 to 20"},
		{"21 documents", named(slices.Repeat([]string{"x"}, 21)...), "BAD_INPUT", "input documents", "not 21"},
		{"no name", object{"name": ""}, "BAD_INPUT", "input name", "1 to 100"},
		{"a name with a line break", object{"name": "a\nb"}, "BAD_INPUT", "input name", "printable"},
		{"a name of blanks", object{"name": " "}, "BAD_INPUT", "input name", "printable"},
		{"an end in the past", object{"expiresAt": moment.Format(time.RFC3339)}, "BAD_INPUT", "input expiresAt", "2027-11-01T11:00:00Z"},
		{"an end in more than a year", object{"expiresAt": moment.AddDate(1, 0, 1).Format(time.RFC3339)}, "BAD_INPUT", "input expiresAt", "one year"},
		{"RED", object{"maxTlp": "RED"}, "BAD_INPUT", "input maxTlp", "AMBER_STRICT"},
		{"no Land", object{"federalStates": []string{}}, "BAD_INPUT", "input federalStates", "at least one Land"},
		{"a body that there is not", object{"actsFor": object{"authority": "nobody"}}, "NOT_FOUND", "input actsFor authority", "does not exist"},
		{"a placeholder", object{"actsFor": object{"authority": "state-competent-authority"}}, "NOT_FOUND", "input actsFor authority", "does not exist"},
		{"an operator that there is not", object{"actsFor": object{"operator": kritis.GlobalID("Operator/nobody")}}, "NOT_FOUND", "input actsFor operator", "does not exist"},
		{"a facility for an operator", object{"actsFor": object{"operator": w.id(t, "facility", "demo-fa-0001")}}, "NOT_FOUND", "input actsFor operator", "does not exist"},
		{"a long reason", object{"reason": strings.Repeat("x", 1001)}, "BAD_INPUT", "input reason", "1000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.createKey(t, developer, keyInput(c.changes))
			if len(got.UserErrors) != 1 || got.Secret != nil || got.IntegrationKey != nil || got.ConsistencyToken != nil {
				t.Fatalf("%+v", got)
			}
			if e := got.UserErrors[0]; e.Code != c.code || strings.Join(e.Path, " ") != c.path || !strings.Contains(e.Message, c.says) {
				t.Errorf("%+v", e)
			}
		})
	}
	for name, actsFor := range map[string]object{"for nobody": {}, "for two": {"authority": "zkl-de-by", "operator": operator}} {
		if r := w.reply(t, developer, createKey, object{"input": keyInput(object{"actsFor": actsFor})}); r.code() != "GRAPHQL_VALIDATION_FAILED" {
			t.Errorf("%s: %s", name, r.text)
		}
	}
	if r := w.reply(t, developer, `{ integrationKeys { totalCount } }`, nil); !strings.Contains(r.text, `"totalCount":0`) {
		t.Errorf("a key was made all the same: %s", r.text)
	}
	w.program(t, nil)
	renamed := w.createKey(t, developer, keyInput(object{"documents": []any{object{"name": "Sektoren", "text": sectorDocument}}}))
	if code(t, renamed.UserErrors) != "BAD_INPUT" || !strings.Contains(renamed.UserErrors[0].Message, `"Sectors"`) {
		t.Errorf("a known document under another name: %+v", renamed)
	}
	w.program(t, object{"documents": []any{object{"name": "Sectors", "text": sectorDocument}}, "actsFor": object{"operator": operator}})
}

func TestOnlyAdministratorsManageKeys(t *testing.T) {
	w := onSQLite(t)
	secret := w.program(t, nil)
	key := w.createKey(t, developer, keyInput(nil)).IntegrationKey.ID
	const revoke = `mutation($id: ID!) { integrationKeyRevoke(input: {id: $id}) { userErrors { code } } }`
	const read = `query($id: ID!) { node(id: $id) { ... on IntegrationKey { name } } }`
	for name, c := range map[string]struct {
		id    kritis.Identity
		lists bool
	}{
		"an officer":           {kritis.Identity{Subject: "x", Body: "zkl-de-by"}, false},
		"an operator":          {kritis.Identity{Subject: "x", Operator: "demo-op-0003"}, false},
		"an auditor":           {kritis.Identity{Subject: "x", Roles: []string{"AUDITOR"}}, false},
		"a claimed role":       {kritis.Identity{Subject: "x", Roles: []string{"INTEGRATION"}}, false},
		"the situation centre": {kritis.Identity{Subject: "x", Body: "bsi-situation-centre"}, true},
	} {
		p := w.caller(t, c.id)
		for _, r := range []reply{w.reply(t, p, createKey, object{"input": keyInput(nil)}), w.reply(t, p, revoke, object{"id": key})} {
			if r.code() != "FORBIDDEN" || r.Data != nil {
				t.Errorf("%s: %s", name, r.text)
			}
		}
		for _, r := range []reply{w.reply(t, p, `{ integrationKeys { totalCount } }`, nil), w.reply(t, p, read, object{"id": key})} {
			if (r.code() == nil) != c.lists {
				t.Errorf("%s reads: %s", name, r.text)
			}
		}
		if r := w.reply(t, p, `query($id: ID!) { node(id: $id) { id } changes(of: $id) { totalCount } }`, object{"id": key}); strings.Contains(r.text, `"node":null`) == c.lists {
			t.Errorf("%s sees: %s", name, r.text)
		}
	}
	if r := w.reply(t, kritis.Anonymous(), createKey, object{"input": keyInput(nil)}); r.code() != "UNAUTHENTICATED" {
		t.Errorf("nobody: %s", r.text)
	}
	for name, id := range map[string]kritis.Identity{
		"to a Land": {Subject: "x", Roles: []string{"ADMINISTRATOR"}, FederalStates: []string{"BY"}}, "to AMBER": {Subject: "x", Roles: []string{"ADMINISTRATOR"}, MaxTLP: "AMBER"},
	} {
		if got := w.createKey(t, w.caller(t, id), keyInput(nil)); code(t, got.UserErrors) != "FORBIDDEN" || got.Secret != nil {
			t.Errorf("an administrator with a token that is narrowed %s: %+v", name, got)
		}
	}
	v := w.enters(t, secret) // past the door, a program changes nothing either
	free := func(string, kritis.Principal) string { return "" }
	got, err := v.CreateIntegrationKey(t.Context(), kritis.IntegrationKeyCreateInput{}, free, strings.NewReader(strings.Repeat("x", 64)))
	if err != nil || len(got.UserErrors) != 1 || got.UserErrors[0].Code != "FORBIDDEN" {
		t.Errorf("a program: %+v, %v", got, err)
	}
}

func TestARevokedKeyDoesNotOpen(t *testing.T) {
	w := onSQLite(t)
	admin := w.caller(t, kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}})
	created := w.createKey(t, admin, keyInput(nil))
	kept := w.createKey(t, admin, keyInput(nil))
	revoke := func(input object) keyCreated {
		return queryAs[struct{ IntegrationKeyRevoke keyCreated }](t, w, admin, `mutation($input: IntegrationKeyRevokeInput!) { integrationKeyRevoke(input: $input) {
			integrationKey { id version status } userErrors { code path message } consistencyToken } }`, object{"input": input}).IntegrationKeyRevoke
	}
	id := created.IntegrationKey.ID
	for name, c := range map[string]struct {
		input object
		code  string
	}{
		"another version": {object{"id": id, "expectedVersion": 2}, "CONFLICT"},
		"something else":  {object{"id": kritis.GlobalID("Authority/bsi")}, "NOT_FOUND"},
		"a key of nobody": {object{"id": kritis.GlobalID("IntegrationKey/aaaaaaaa")}, "NOT_FOUND"},
		"its use":         {object{"id": kritis.GlobalID("IntegrationKeyUse/aaaaaaaa")}, "NOT_FOUND"},
	} {
		if got := revoke(c.input); code(t, got.UserErrors) != c.code || got.IntegrationKey != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if w.enters(t, *created.Secret) == nil {
		t.Fatal("it does not open before it is revoked")
	}
	input := object{"id": id, "expectedVersion": 1, "reason": "left in a repository", "clientMutationId": "r"}
	if got := revoke(input); len(got.UserErrors) > 0 || got.IntegrationKey.Status != "REVOKED" || got.IntegrationKey.Version != 2 || got.ConsistencyToken == nil {
		t.Errorf("%+v", got)
	}
	if got := revoke(input); len(got.UserErrors) > 0 || got.IntegrationKey.Version != 2 {
		t.Errorf("the same again: %+v", got)
	}
	if got := revoke(object{"id": id}); code(t, got.UserErrors) != "CONFLICT" {
		t.Errorf("once more: %+v", got)
	}
	if w.enters(t, *created.Secret) != nil {
		t.Error("a revoked key opens")
	}
	if w.enters(t, *kept.Secret) == nil {
		t.Error("another key does not open")
	}
	shown := w.reply(t, admin, `{ integrationKeys { nodes { status revokedAt } } }`, nil)
	if !strings.Contains(shown.text, `{"status":"REVOKED","revokedAt":"2026-11-01T11:00:00Z"}`) || !strings.Contains(shown.text, `{"status":"ACTIVE","revokedAt":null}`) {
		t.Error(shown.text)
	}
}

func TestTheListOfKeysTellsExpiryAndLastUse(t *testing.T) {
	w := onSQLite(t)
	created := w.createKey(t, developer, keyInput(nil)).IntegrationKey
	w.createKey(t, developer, keyInput(nil))
	id := strings.TrimPrefix(created.Prefix, kritis.KeyPrefix)
	use := store.ID("IntegrationKeyUse/" + id)
	w.commit(t, store.Change{If: []store.Cond{{ID: use}}, Put: []store.Node{{
		ID: use, Own: store.Visibility{TLP: store.TLPAmber, Audiences: []string{kritis.AudienceAdministration}},
		Props: map[string]store.Value{"keyId": store.String(id), "lastUsedAt": store.Int(moment.UnixMicro())},
	}}})
	later := kritis.NewApp(w.store, func() time.Time { return moment.Add(24 * time.Hour) })
	w.calls.Reset()
	r := w.run(t, later.View(developer), object{"query": `{ integrationKeys { nodes { status lastUsedAt } } }`})
	if !strings.Contains(r.text, `{"status":"EXPIRED","lastUsedAt":"2026-11-01T11:00:00Z"}`) || !strings.Contains(r.text, `{"status":"EXPIRED","lastUsedAt":null}`) {
		t.Error(r.text)
	}
	if got := w.calls.Total(); got > 3 {
		t.Errorf("%d driver calls: %v", got, w.calls.Counts())
	}
}
