package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// seen is what every change of the register says of its origin.
var seen = object{"source": "registration portal", "asOf": "2026-10-30", "confidence": "VERIFIED"}

// with returns objects merged into one, the later ones first.
func with(parts ...object) object {
	out := object{}
	for _, p := range parts {
		maps.Copy(out, p)
	}
	return out
}

// changed is what became of a mutation of the register: the object as far as selected.
type changed struct {
	Object           object
	UserErrors       []userError
	ConsistencyToken *string
}

// mutate runs a mutation such as operatorChange with an input, and selects fields of its object.
func (w *world) mutate(t testing.TB, p kritis.Principal, name string, input object, fields string) changed {
	t.Helper()
	noun := ""
	for _, n := range []string{"operator", "facility", "authority", "dependency"} {
		if strings.HasPrefix(name, n) {
			noun = n
		}
	}
	document := fmt.Sprintf(`mutation($input: %sInput!) { m: %s(input: $input) { object: %s { id version %s } userErrors { code path message } consistencyToken } }`,
		strings.ToUpper(name[:1])+name[1:], name, noun, fields)
	return queryAs[struct{ M changed }](t, w, p, document, object{"input": input}).M
}

// must is mutate where nothing may be refused.
func (w *world) must(t testing.TB, p kritis.Principal, name string, input object, fields string) object {
	t.Helper()
	c := w.mutate(t, p, name, input, fields)
	if len(c.UserErrors) > 0 || c.Object == nil || c.ConsistencyToken == nil {
		t.Fatalf("%s %v: %+v", name, input, c)
	}
	return c.Object
}

// refuses is mutate where something must be, at one place.
func (w *world) refuses(t testing.TB, p kritis.Principal, name string, input object, code, path string) {
	t.Helper()
	c := w.mutate(t, p, name, input, "")
	if len(c.UserErrors) != 1 || c.UserErrors[0].Code != code || strings.Join(c.UserErrors[0].Path, ".") != path || c.Object != nil || c.ConsistencyToken != nil {
		t.Errorf("%s %v: %+v, want %s at %s", name, input, c, code, path)
	}
}

// green fails unless the whole store is as it has to be.
func (w *world) green(t testing.TB) {
	t.Helper()
	r, err := kritis.Check(t.Context(), w.store)
	if err != nil {
		t.Fatal(err)
	}
	if r.Errors() > 0 {
		t.Errorf("%d errors, such as %v", r.Errors(), r.Findings[:min(3, len(r.Findings))])
	}
}

// jsonText is a part of an answer as JSON, its keys sorted.
func jsonText(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func operatorID(number int) string {
	return kritis.GlobalID(store.ID(fmt.Sprintf("Operator/demo-op-%04d", number)))
}

func facilityID(number int) string {
	return kritis.GlobalID(store.ID(fmt.Sprintf("Facility/demo-fa-%04d", number)))
}

var (
	centre       = kritis.Identity{Subject: "centre", Body: "bsi-situation-centre"}
	maintainer   = kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}}
	networks     = kritis.Identity{Subject: "networks", Body: "bnetza"}
	banking      = kritis.Identity{Subject: "banking", Body: "bafin"}
	operatorOne  = kritis.Identity{Subject: "operator", Operator: "demo-op-0001"}
	officerOfBY  = kritis.Identity{Subject: "officer", Body: "zkl-de-by"}
	newOperator  = with(object{"name": "Stadtwerke Probstadt", "sectors": []string{"energy"}, "federalState": "BY"}, seen)
	newFacility  = with(object{"name": "Umspannwerk Nord", "classification": object{"branch": "electricity"}, "site": object{"federalState": "BY"}}, seen)
	electricity  = object{"energyRole": "NETWORK_OPERATOR", "ownership": "MUNICIPAL"}
	newAuthority = with(object{"slug": "amt-probstadt", "nameDe": "Amt Probstadt", "nameEn": "Office of Probstadt", "kind": "AGENCY", "level": "STATE", "federalState": "BY"}, seen)
)

func TestAnOperatorIsRegisteredChangedAndWithdrawn(t *testing.T) { checkOperatorLife(t, onSQLite(t)) }

func checkOperatorLife(t *testing.T, w *world) {
	p := w.caller(t, centre)
	const fields = `reference name tlp federalState { code } sectors { slug } website email phone backupPower attributes { ownership energyRole criticalFacility } validity { until } demo evidence { source }`
	input := with(newOperator, object{
		"website": "https://www.probstadt.example", "email": "lage@probstadt.example", "phone": "089 99998123", "backupPower": "PT4H",
		"attributes": object{"ownership": "MUNICIPAL", "criticalFacility": true}, "clientMutationId": "one", "reason": "registered",
	})
	made := w.must(t, p, "operatorCreate", input, fields)
	if again := w.must(t, p, "operatorCreate", input, fields); jsonText(t, again) != jsonText(t, made) {
		t.Errorf("the same again makes %v", again)
	}
	w.refuses(t, p, "operatorCreate", with(input, object{"phone": nil}), "IDEMPOTENCY_CONFLICT", "input.clientMutationId")
	reference, _ := made["reference"].(string)
	if !strings.HasPrefix(reference, "op-") {
		t.Errorf("reference %s", reference)
	}
	id := made["id"]
	delete(made, "id")
	delete(made, "reference")
	want := `{"attributes":{"criticalFacility":true,"energyRole":"UNKNOWN","ownership":"MUNICIPAL"},"backupPower":"PT4H","demo":false,"email":"lage@probstadt.example",` +
		`"evidence":{"source":"registration portal"},"federalState":{"code":"BY"},"name":"Stadtwerke Probstadt","phone":"+498999998123","sectors":[{"slug":"energy"}],` +
		`"tlp":"AMBER","validity":{"until":null},"version":1,"website":"https://www.probstadt.example"}`
	if got := jsonText(t, made); got != want {
		t.Errorf("made %s\nwant %s", got, want)
	}
	after := w.must(t, p, "operatorChange", with(seen, object{
		"id": id, "expectedVersion": 1, "name": "Stadtwerke Probstadt GmbH", "website": nil, "phone": nil, "federalState": "HE",
		"attributes": object{"ownership": "UNKNOWN", "criticalFacility": nil, "energyRole": "OTHER"}, "tlp": "GREEN",
	}), fields)
	delete(after, "reference")
	want = `{"attributes":{"criticalFacility":null,"energyRole":"OTHER","ownership":"UNKNOWN"},"backupPower":"PT4H","demo":false,"email":"lage@probstadt.example",` +
		`"evidence":{"source":"registration portal"},"federalState":{"code":"HE"},"id":"` + fmt.Sprint(id) + `","name":"Stadtwerke Probstadt GmbH","phone":null,"sectors":[{"slug":"energy"}],` +
		`"tlp":"GREEN","validity":{"until":null},"version":2,"website":null}`
	if got := jsonText(t, after); got != want {
		t.Errorf("changed %s\nwant %s", got, want)
	}
	cleared := with(seen, object{"id": id, "email": nil, "clientMutationId": "two"})
	w.must(t, p, "operatorChange", cleared, "")
	delete(cleared, "email") // absent is another input than null
	w.refuses(t, p, "operatorChange", cleared, "IDEMPOTENCY_CONFLICT", "input.clientMutationId")
	w.must(t, p, "operatorChange", with(seen, object{"id": id, "federalState": "BY", "sectors": []string{"water"}}), "") // back: no id of an edge is used again
	w.must(t, p, "operatorChange", with(seen, object{"id": id, "federalState": "HE", "sectors": []string{"energy", "water"}}), "")
	w.green(t)

	history := string(w.ask(t, p, `query($id: ID!) { changes(of: $id) { nodes { action reason fieldChanges { field before after } } } }`, object{"id": id}))
	for _, part := range []string{
		`{"action":"operatorCreate","reason":"registered"`, `{"field":"website","before":"https://www.probstadt.example","after":null}`,
		`{"field":"attributes.ownership","before":"MUNICIPAL","after":null}`, `{"field":"federalState.code","before":"BY","after":"HE"}`, `{"field":"tlp","before":"AMBER","after":"GREEN"}`,
	} {
		if !strings.Contains(history, part) {
			t.Errorf("the history lacks %s: %s", part, history)
		}
	}

	fa := w.must(t, p, "facilityCreate", with(newFacility, object{"operator": id}), `validity { until }`)
	listed := func() string {
		return string(w.ask(t, p, `query($r: String!) { operators(where: {reference: {eq: $r}}) { totalCount } operator(reference: $r) { validity { until } facilities { totalCount } } }`, object{"r": reference}))
	}
	if got := listed(); got != `{"data":{"operators":{"totalCount":1},"operator":{"validity":{"until":null},"facilities":{"totalCount":1}}}}` {
		t.Errorf("before the end: %s", got)
	}
	w.refuses(t, p, "operatorWithdraw", object{"id": id, "reason": " "}, "BAD_INPUT", "input.reason")
	w.refuses(t, p, "operatorWithdraw", object{"id": id, "reason": "x", "validUntil": "2099-01-01"}, "BAD_INPUT", "input.validUntil")
	w.must(t, p, "operatorWithdraw", object{"id": id, "reason": "insolvent", "validUntil": "2026-11-02"}, "")
	if got := listed(); !strings.Contains(got, `"operators":{"totalCount":1}`) {
		t.Errorf("a day before the end: %s", got)
	}
	w.must(t, p, "operatorWithdraw", object{"id": id, "reason": "insolvent"}, "")
	if got := listed(); got != `{"data":{"operators":{"totalCount":0},"operator":{"validity":{"until":"2026-11-01"},"facilities":{"totalCount":0}}}}` {
		t.Errorf("after the end: %s", got)
	}
	ended := query[struct {
		Node struct{ Validity struct{ Until string } }
	}](t, w, `query($id: ID!) { node(id: $id) { ... on Facility { validity { until } } } }`, object{"id": fa["id"]})
	if ended.Node.Validity.Until != "2026-11-01" {
		t.Errorf("the facility ends on %s", ended.Node.Validity.Until)
	}
	w.green(t)
}

// attempt is a mutation by somebody who may or may not; an empty code is success.
type attempt struct {
	name     string
	id       kritis.Identity
	mutation string
	input    object
	code     string
	path     string
}

// checkAttempts makes them in this order.
func checkAttempts(t *testing.T, w *world, list []attempt) {
	t.Helper()
	for _, a := range list {
		t.Run(a.name, func(t *testing.T) {
			p := w.caller(t, a.id)
			if a.code == "" {
				w.must(t, p, a.mutation, a.input, "")
			} else {
				w.refuses(t, p, a.mutation, a.input, a.code, a.path)
			}
		})
	}
	w.green(t)
}

func TestWhoMayChangeTheRegister(t *testing.T) {
	w := onSQLite(t)
	narrowed := kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}, FederalStates: []string{"BY"}}
	checkAttempts(t, w, []attempt{
		{"an operator changes itself", operatorOne, "operatorChange", with(seen, object{"id": operatorID(1), "website": "https://www.musterau.example"}), "", ""},
		{"an operator changes its facility", operatorOne, "facilityChange", with(seen, object{"id": facilityID(1), "recovery": "PT6H"}), "", ""},
		{"an operator registers a facility", operatorOne, "facilityCreate", with(newFacility, object{"operator": operatorID(1)}), "", ""},
		{"an operator registers no operator", operatorOne, "operatorCreate", newOperator, "FORBIDDEN", "input"},
		{"an operator does not see another one", operatorOne, "operatorChange", with(seen, object{"id": operatorID(3)}), "NOT_FOUND", "input.id"},
		{"an operator gives no facility away", operatorOne, "facilityChange", with(seen, object{"id": facilityID(1), "operator": operatorID(3)}), "FORBIDDEN", "input.operator"},
		{"a supervisor changes what it supervises", networks, "facilityChange", with(seen, object{"id": facilityID(1), "recovery": "PT7H"}), "", ""},
		{"a supervisor does not see what it does not supervise", banking, "facilityChange", with(seen, object{"id": facilityID(1)}), "NOT_FOUND", "input.id"},
		{"a supervisor registers what it will supervise", networks, "operatorCreate", with(newOperator, object{"attributes": electricity}), "", ""},
		{"a supervisor registers no bank", networks, "operatorCreate", with(newOperator, object{"sectors": []string{"finance"}}), "FORBIDDEN", "input"},
		{"a supervisor registers no hospital of what it supervises", networks, "facilityCreate", with(newFacility, object{"operator": operatorID(1), "classification": object{"branch": "medical-care"}}), "FORBIDDEN", "input"},
		{"a supervisor does not lose sight by mistake", networks, "facilityChange", with(seen, object{"id": facilityID(1), "classification": object{"branch": "banks"}}), "FORBIDDEN", "input"},
		{"a supervisor does not withdraw an operator", networks, "operatorWithdraw", object{"id": operatorID(1), "reason": "x"}, "FORBIDDEN", "input.id"},
		{"the contact of a Land sees it and does not change it", officerOfBY, "operatorChange", with(seen, object{"id": operatorID(1)}), "FORBIDDEN", "input.id"},
		{"the contact of a Land registers nothing", officerOfBY, "operatorCreate", newOperator, "FORBIDDEN", "input"},
		{"an administrator changes all", maintainer, "operatorChange", with(seen, object{"id": operatorID(1)}), "", ""},
		{"an administrator for Bavaria changes what is in Bavaria alone", narrowed, "operatorChange", with(seen, object{"id": operatorID(1)}), "", ""},
		{"and registers nothing elsewhere", narrowed, "operatorCreate", with(newOperator, object{"federalState": "HE"}), "FORBIDDEN", "input"},
		{"an administrator does not mark RED", maintainer, "operatorChange", with(seen, object{"id": operatorID(1), "tlp": "RED"}), "BAD_INPUT", "input.tlp"},
		{"nor does an operator", operatorOne, "operatorChange", with(seen, object{"id": operatorID(1), "tlp": "RED"}), "BAD_INPUT", "input.tlp"},
		{"nobody marks above the own sight", kritis.Identity{Subject: "n", Body: "bnetza", MaxTLP: "AMBER"}, "facilityChange", with(seen, object{"id": facilityID(1), "tlp": "AMBER_STRICT"}), "BAD_INPUT", "input.tlp"},
		{"the situation centre marks RED", centre, "facilityChange", with(seen, object{"id": facilityID(2), "tlp": "RED"}), "", ""},
		{"an auditor sees nothing of it", kritis.Identity{Subject: "a", Roles: []string{"AUDITOR"}}, "operatorChange", with(seen, object{"id": operatorID(1)}), "NOT_FOUND", "input.id"},
		{"the contact of a Land enters a body of its Land", officerOfBY, "authorityCreate", newAuthority, "", ""},
		{"none of another Land", officerOfBY, "authorityCreate", with(newAuthority, object{"slug": "amt-he", "federalState": "HE"}), "FORBIDDEN", "input"},
		{"none of the Bund", officerOfBY, "authorityCreate", with(newAuthority, object{"slug": "amt-bund", "federalState": nil, "level": "FEDERAL"}), "FORBIDDEN", "input"},
		{"none that serves another Land", officerOfBY, "authorityCreate", with(newAuthority, object{"slug": "amt-mehr", "servesStates": []string{"HE"}}), "FORBIDDEN", "input"},
		{"none with what a competence gives", officerOfBY, "authorityCreate", with(newAuthority, object{"slug": "amt-aufsicht", "roles": []string{"SUPERVISION"}}), "BAD_INPUT", "input.roles"},
		{"it does not change a federal body", officerOfBY, "authorityChange", with(seen, object{"id": kritis.GlobalID("Authority/bsi")}), "FORBIDDEN", "input.id"},
		{"the situation centre enters no body", centre, "authorityCreate", with(newAuthority, object{"slug": "amt-x"}), "FORBIDDEN", "input"},
		{"a placeholder is no body", maintainer, "authorityChange", with(seen, object{"id": kritis.GlobalID("Authority/zkl-de-by")}), "NOT_FOUND", "input.id"},
	})
}

func TestSightFollowsAChangeAtOnce(t *testing.T) { checkSightFollows(t, onSQLite(t)) }

func checkSightFollows(t *testing.T, w *world) {
	const ask = `query { operator(reference: "demo-op-0001") { reference } facility(reference: "demo-fa-0001") { reference } incident(reference: "demo-1") { reference } }`
	sees := func(id kritis.Identity) string {
		t.Helper()
		var found []string
		for name, o := range queryAs[map[string]*struct{ Reference string }](t, w, w.caller(t, id), ask, nil) {
			if o != nil {
				found = append(found, name)
			}
		}
		slices.Sort(found)
		return strings.Join(found, " ")
	}
	hesse := kritis.Identity{Subject: "officer", Body: "zkl-de-he"}
	expect := func(when string, want map[string]kritis.Identity) {
		t.Helper()
		for sight, id := range want {
			sight, _, _ = strings.Cut(sight, "!")
			if got := sees(id); got != sight {
				t.Errorf("%s: %s sees %q, not %q", when, id.Body, got, sight)
			}
		}
	}
	all := "facility incident operator"
	expect("at first", map[string]kritis.Identity{all: networks, "!": banking, "!2": hesse})
	p := w.caller(t, operatorOne)
	bank := with(seen, object{"classification": object{"branch": "banks"}, "attributes": object{"doraEntity": true}})
	w.must(t, p, "facilityChange", with(bank, object{"id": facilityID(1)}), "")
	expect("as a bank", map[string]kritis.Identity{"operator": networks, all: banking, "!": hesse})
	w.must(t, p, "facilityChange", with(seen, object{"id": facilityID(1), "classification": object{"service": "electricity-supply", "category": "1.1.3.1"}, "attributes": object{"doraEntity": nil}, "supplyArea": object{"federalStates": []string{"HE"}}}), "")
	expect("as a network again, for Hesse", map[string]kritis.Identity{all: networks, "": banking, "facility operator": hesse})
	for n := 2; n <= 3; n++ {
		w.must(t, p, "facilityChange", with(bank, object{"id": facilityID(n)}), "")
	}
	w.must(t, p, "facilityChange", with(bank, object{"id": facilityID(1), "supplyArea": nil}), "")
	expect("as three banks", map[string]kritis.Identity{"": networks, all: banking, "!": hesse})
	w.must(t, p, "operatorChange", with(seen, object{"id": operatorID(1), "federalState": "HE"}), "")
	expect("with a seat in Hesse", map[string]kritis.Identity{all: banking, "facility operator": hesse})
	w.green(t)
}

func TestAFacilityMovesToAnotherOperatorAndBack(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, centre)
	owner := func() string {
		return query[struct {
			Facility struct{ Operator struct{ Reference string } }
		}](t, w, `{ facility(reference: "demo-fa-0001") { operator { reference } } }`, nil).Facility.Operator.Reference
	}
	for _, to := range []int{3, 1, 3, 1, 1} {
		w.must(t, p, "facilityChange", with(seen, object{"id": facilityID(1), "operator": operatorID(to)}), "")
		if got := owner(); got != fmt.Sprintf("demo-op-%04d", to) {
			t.Fatalf("it is run by %s, not %d", got, to)
		}
		sight := queryAs[object](t, w, w.caller(t, kritis.Identity{Operator: "demo-op-0003"}), `{ facility(reference: "demo-fa-0001") { name } }`, nil)
		if (sight["facility"] != nil) != (to == 3) {
			t.Errorf("with %d the third operator sees %v", to, sight)
		}
		w.green(t)
	}
}

func TestHiddenAndMissingAreTheSameForMutations(t *testing.T) {
	w := onSQLite(t)
	for _, c := range []struct {
		mutation string
		input    object
		field    string
		hidden   store.ID
		missing  store.ID
	}{
		{"operatorChange", seen, "id", "Operator/demo-op-0003", "Operator/demo-op-9999"},
		{"operatorWithdraw", object{"reason": "x"}, "id", "Operator/demo-op-0003", "Operator/demo-op-9999"},
		{"facilityCreate", newFacility, "operator", "Operator/demo-op-0003", "Operator/demo-op-9999"},
		{"facilityChange", seen, "id", "Facility/demo-fa-0006", "Facility/demo-fa-9999"},
		{"facilityWithdraw", object{"reason": "x"}, "id", "Facility/demo-fa-0006", "Facility/demo-fa-9999"},
	} {
		t.Run(c.mutation, func(t *testing.T) {
			p := w.caller(t, operatorOne)
			answer := func(id store.ID) (string, int) {
				document := fmt.Sprintf(`mutation($input: %sInput!) { %s(input: $input) { userErrors { code path message } consistencyToken } }`, strings.ToUpper(c.mutation[:1])+c.mutation[1:], c.mutation)
				w.calls.Reset()
				text := w.ask(t, p, document, object{"input": with(c.input, object{c.field: kritis.GlobalID(id)})})
				return string(text), w.calls.Total()
			}
			hidden, calls := answer(c.hidden)
			missing, others := answer(c.missing)
			if hidden != missing || calls != others || !strings.Contains(hidden, "NOT_FOUND") {
				t.Errorf("hidden %s in %d calls\nmissing %s in %d", hidden, calls, missing, others)
			}
		})
	}
}

func TestOfTwentyEditorsOfAnOperatorOneWinsPerVersion(t *testing.T) {
	checkOperatorEditors(t, onSQLite(t))
}

func checkOperatorEditors(t *testing.T, w *world) {
	for version := 1; version <= 3; version++ {
		w.oneWins(t, func(i int) string {
			return w.code(t, developer, `mutation($input: OperatorChangeInput!) { m: operatorChange(input: $input) { userErrors { code } } }`,
				object{"input": with(seen, object{"id": operatorID(2), "expectedVersion": version, "name": fmt.Sprintf("Bahn %d", i)})})
		})
	}
	w.green(t)
}
