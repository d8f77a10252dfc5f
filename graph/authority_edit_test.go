package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

func authorityID(slug string) string { return kritis.GlobalID(store.ID("Authority/" + slug)) }

func TestABodyIsEnteredChangedAndWithdrawn(t *testing.T) { checkAuthorityLife(t, onSQLite(t)) }

func checkAuthorityLife(t *testing.T, w *world) {
	p := w.caller(t, maintainer)
	const fields = `slug nameDe: name(lang: DE) nameEn: name(lang: EN) abbreviation kind level status roles parent { slug } seat website
		federalState { code } servesStates { code } validity { until } evidence { asOf }`
	made := w.must(t, p, "authorityCreate", with(newAuthority, object{
		"abbreviation": "AP", "parent": "ministry-by", "seat": "Probstadt", "website": "https://www.probstadt.example", "roles": []string{"WARNING", "OPERATOR_SUPPORT"}, "servesStates": []string{"HE"},
	}), fields)
	id := made["id"]
	if got, want := jsonText(t, made), fmt.Sprintf(`{"abbreviation":"AP","evidence":{"asOf":"2026-10-30"},"federalState":{"code":"BY"},"id":"%s","kind":"AGENCY","level":"STATE",`+
		`"nameDe":"Amt Probstadt","nameEn":"Office of Probstadt","parent":{"slug":"ministry-by"},"roles":["WARNING","OPERATOR_SUPPORT"],"seat":"Probstadt",`+
		`"servesStates":[{"code":"BY"},{"code":"HE"}],"slug":"amt-probstadt","status":"NAMED","validity":{"until":null},"version":1,"website":"https://www.probstadt.example"}`, id); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	w.refuses(t, p, "authorityCreate", newAuthority, "EXISTS", "input.slug")
	w.refuses(t, p, "authorityChange", with(seen, object{"id": id, "expectedVersion": 7}), "CONFLICT", "input.expectedVersion")
	listed := func() string {
		return string(w.ask(t, kritis.Anonymous(), `{ authorities(where: {slug: {eq: "amt-probstadt"}}) { totalCount } federalState(code: BY) { authorities(where: {slug: {eq: "amt-probstadt"}}) { totalCount } } authority(slug: "amt-probstadt") { validity { until } } }`, nil))
	}
	if got := listed(); !strings.Contains(got, `"authorities":{"totalCount":1},"federalState":{"authorities":{"totalCount":1}}`) {
		t.Errorf("everybody sees %s", got)
	}
	for _, land := range []string{"HE", "BY", "HE"} {
		after := w.must(t, p, "authorityChange", with(seen, object{"id": id, "federalState": land, "servesStates": []string{}, "parent": nil, "abbreviation": nil, "roles": nil}), fields)
		want := fmt.Sprintf(`[null,{"code":"%s"},[{"code":"%s"}],null,[]]`, land, land)
		if got := jsonText(t, []any{after["abbreviation"], after["federalState"], after["servesStates"], after["parent"], after["roles"]}); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		w.green(t)
	}
	w.must(t, p, "authorityWithdraw", object{"id": id, "reason": "merged"}, "")
	if got := listed(); got != `{"data":{"authorities":{"totalCount":0},"federalState":{"authorities":{"totalCount":0}},"authority":{"validity":{"until":"2026-11-01"}}}}` {
		t.Errorf("after the end everybody sees %s", got)
	}
	w.green(t)
}

func TestAnswersNameABodyAsItIs(t *testing.T) {
	w := onSQLite(t)
	const ask = `query($asOf: DateTime) { responsibility(input: {subject: {place: {federalState: BY, branch: "banks", attributes: {doraEntity: true}}}, purpose: SUPERVISION, asOf: $asOf}) {
		regimes { chain { authority { slug name } because { explanation } } } } }`
	before := string(w.ask(t, developer, ask, nil))
	w.must(t, w.caller(t, maintainer), "authorityChange", with(seen, object{"id": authorityID("bafin"), "nameDe": "Aufsicht Neu"}), "")
	after := string(w.ask(t, developer, ask, nil))
	if !strings.Contains(before, `"slug":"bafin"`) || strings.Contains(before, "Aufsicht Neu") || !strings.Contains(after, `{"slug":"bafin","name":"Aufsicht Neu"}`) {
		t.Errorf("before %.400s\nafter %.400s", before, after)
	}
}

func TestABodyThatSomethingIsAssignedToStays(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, maintainer)
	refused := w.mutate(t, p, "authorityWithdraw", object{"id": authorityID("bafin"), "reason": "x"}, "")
	if code(t, refused.UserErrors) != "BAD_INPUT" || !strings.Contains(refused.UserErrors[0].Message, "competence c038, competence c039") {
		t.Errorf("%+v", refused)
	}
	// A contact role counts like a competence.
	made := w.must(t, p, "authorityCreate", newAuthority, "")
	point, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"ContactPoint/zkl-de-by"})
	if err != nil {
		t.Fatal(err)
	}
	held := store.Edge{ID: "HELD_BY/test", From: point[0].ID, To: "Authority/amt-probstadt", Props: map[string]store.Value{"source": store.String("test"), "status": store.String("STATED")}}
	if _, err := w.store.Commit(t.Context(), store.Change{Meta: store.Meta{Actor: "test", Action: "test"}, Link: []store.Edge{held}, If: []store.Cond{{ID: held.ID}}}); err != nil {
		t.Fatal(err)
	}
	refused = w.mutate(t, p, "authorityWithdraw", object{"id": made["id"], "reason": "x"}, "")
	if code(t, refused.UserErrors) != "BAD_INPUT" || !strings.Contains(refused.UserErrors[0].Message, "contact role ZKL for BY") {
		t.Errorf("%+v", refused)
	}
}

// mutationBudgets is how many driver calls a mutation may cost, the look for its key and the reading of its answer among them; after a change
// of a body that is a new rulebook.
var mutationBudgets = []struct {
	mutation string
	input    object
	calls    int
}{
	{"operatorCreate", newOperator, 4},
	{"operatorChange", with(seen, object{"id": operatorID(2), "website": nil}), 6},
	{"operatorWithdraw", object{"id": operatorID(2), "reason": "x"}, 5},
	{"facilityCreate", with(newFacility, object{"operator": operatorID(1)}), 6},
	{"facilityChange", with(seen, object{"id": facilityID(1), "recovery": "PT5H"}), 6},
	{"facilityWithdraw", object{"id": facilityID(1), "reason": "x"}, 5},
	{"dependencyCreate", supply("Facility/demo-fa-0009", "Facility/demo-fa-0006", object{"need": "budget"}), 6},
	{"dependencyChange", with(seen, object{"id": budgeted, "strength": 0.5}), 6},
	{"dependencyConfirm", object{"id": budgeted}, 6},
	{"dependencyWithdraw", object{"id": budgeted, "reason": "x"}, 6},
	{"authorityCreate", newAuthority, 11},
	{"authorityChange", with(seen, object{"id": authorityID("bafin"), "seat": "Bonn"}), 12},
	{"authorityWithdraw", object{"id": authorityID("amt-probstadt"), "reason": "x"}, 13},
}

var budgeted = kritis.GlobalID(kritis.DependencyID("Facility/demo-fa-0009", "Facility/demo-fa-0006", "budget"))

func TestMutationsStayWithinTheirBudgets(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, kritis.Identity{Subject: "both", Body: "bsi-situation-centre", Roles: []string{"ADMINISTRATOR"}})
	for _, b := range mutationBudgets {
		t.Run(b.mutation, func(t *testing.T) {
			input := with(b.input, object{"clientMutationId": b.mutation})
			w.ask(t, p, `{ sectors { slug } }`, nil) // the rulebook is in memory
			w.calls.Reset()
			w.must(t, p, b.mutation, input, "")
			if got := w.calls.Total(); got != b.calls {
				t.Errorf("%d driver calls (%v), the budget is %d", got, w.calls.Counts(), b.calls)
			}
		})
	}
}
