package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
)

func TestWhoMayEditContactPoints(t *testing.T) {
	w := onSQLite(t)
	zkl := office("lsi-by", object{"role": "ZKL", "federalStates": []string{"BY"}})
	hesse := kritis.Identity{Subject: "officer-he", Body: "zkl-de-he"}
	lsi := kritis.Identity{Subject: "lsi", Body: "lsi-by"}
	partial := kritis.Identity{Subject: "admin-he", Roles: []string{"ADMINISTRATOR"}, FederalStates: []string{"HE"}}
	for _, c := range []struct {
		name     string
		id       kritis.Identity
		mutation string
		input    object
		want     string
	}{
		{"a Land enters the office of a body of its own", bavaria, "contactPointCreate", office("lsi-by", nil), ""},
		{"a Land enters the office of a body of another one", hesse, "contactPointCreate", office("lsi-by", nil), "FORBIDDEN input.holder"},
		{"a Land enters the office of a body of the Federation", bavaria, "contactPointCreate", office("bka", nil), "FORBIDDEN input.holder"},
		{"a Land enters a contact role of its own", bavaria, "contactPointCreate", zkl, "FORBIDDEN input.holder"},
		{"a body enters its own office", lsi, "contactPointCreate", office("lsi-by", nil), ""},
		{"a body enters the office of another one", lsi, "contactPointCreate", office("bka", nil), "FORBIDDEN input.holder"},
		{"a body enters its own contact role", lsi, "contactPointCreate", zkl, "FORBIDDEN input.holder"},
		{"an auditor enters an office", kritis.Identity{Subject: "a", Roles: []string{"AUDITOR"}}, "contactPointCreate", office("lsi-by", nil), "FORBIDDEN input.holder"},
		{"the BBK enters an office of a Land", kritis.Identity{Subject: "b", Body: "bbk"}, "contactPointCreate", office("lsi-by", nil), "FORBIDDEN input.holder"},
		{"an administrator of one Land enters an office of another", partial, "contactPointCreate", office("lsi-by", nil), "FORBIDDEN input.holder"},
		{"an administrator enters what is there", administrator, "contactPointCreate", zkl, "EXISTS input.federalStates"},
		{"the situation centre enters what is there", kritis.Identity{Subject: "s", Body: "bsi"}, "contactPointCreate", zkl, "EXISTS input.federalStates"},

		{"a Land changes what its body shows", bavaria, "contactPointChange", object{"id": officeOfLSI, "hours": "Mo-Fr 09:00-12:00"}, ""},
		{"a Land changes its own contact role", bavaria, "contactPointChange", object{"id": zklOfBavaria, "hours": "Mo-Fr 09:00-12:00"}, ""},
		{"a Land names another holder of its contact role", bavaria, "contactPointChange", object{"id": zklOfBavaria, "holder": "lsi-by"}, "FORBIDDEN input.holder"},
		{"a Land prolongs its contact role", bavaria, "contactPointChange", object{"id": zklOfBavaria, "validity": object{}}, "FORBIDDEN input.validity"},
		{"a Land changes that of another one", hesse, "contactPointChange", object{"id": zklOfBavaria, "hours": "x"}, "FORBIDDEN input.id"},
		{"a Land gives an office to a body of the Federation", bavaria, "contactPointChange", object{"id": officeOfLSI, "holder": "bka"}, "FORBIDDEN input.holder"},
		{"a body changes its own office", lsi, "contactPointChange", object{"id": officeOfLSI, "hours": "Mo-Fr 10:00-12:00"}, ""},
		{"a body changes the contact role of its Land", lsi, "contactPointChange", object{"id": zklOfBavaria, "hours": "x"}, "FORBIDDEN input.id"},
		{"an operator changes an office", kritis.Identity{Subject: "o", Operator: "demo-op-0001"}, "contactPointChange", object{"id": officeOfLSI, "hours": "x"}, "FORBIDDEN input.id"},
		{"an administrator of one Land changes that of another", partial, "contactPointChange", object{"id": zklOfBavaria, "holder": "lsi-by"}, "FORBIDDEN input.id"},
		{"an administrator names a holder", administrator, "contactPointChange", object{"id": zklOfBavaria, "holder": "lsi-by"}, ""},
		{"somebody withdraws that of another Land", hesse, "contactPointWithdraw", object{"id": zklOfBavaria, "reason": "mine"}, "FORBIDDEN input.id"},
		{"somebody withdraws what does not exist", hesse, "contactPointWithdraw", object{"id": kritis.GlobalID("ContactPoint/none"), "reason": "mine"}, "NOT_FOUND input.id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.edit(t, w.caller(t, c.id), c.mutation, c.input)
			if p := strings.Join(got.problems(), ", "); p != c.want || (got.ContactPoint == nil) != (c.want != "") {
				t.Errorf("%q, %+v", p, got)
			}
		})
	}
	r := w.reply(t, kritis.Anonymous(), editDocument("contactPointChange"), object{"input": object{"id": officeOfLSI}})
	if r.code() != "UNAUTHENTICATED" {
		t.Errorf("without a name: %s", r.text)
	}
	w.wantChecked(t)
}

func TestTheMarkingDecidesWhoSeesAContactPoint(t *testing.T) {
	w := onSQLite(t)
	callers := []kritis.Identity{
		{}, {Subject: "any", Body: "zac-de-by"}, {Subject: "he", Body: "zkl-de-he"}, bavaria, {Subject: "bbk", Body: "bbk"}, administrator, {Subject: "bsi", Body: "bsi"},
	}
	for tlp, want := range map[string]string{
		"CLEAR": "yyyyyyy", "GREEN": "nyyyyyy", "AMBER": "nnnyyyy", "AMBER_STRICT": "nnnyyyy", "RED": "nnnnnny",
	} {
		made := w.entered(t, w.caller(t, kritis.Identity{Subject: "bsi", Body: "bsi"}), "contactPointCreate", office("lsi-by", object{"tlp": tlp, "channels": []object{{"kind": "PHONE", "value": "0911 215490"}}}))
		got := ""
		for _, id := range callers {
			p := kritis.Anonymous()
			if id.Subject != "" {
				p = w.caller(t, id)
			}
			n := queryAs[struct{ Node *contactPoint }](t, w, p, `query($id: ID!) { node(id: $id) { ... on ContactPoint { channels { value } } } }`, object{"id": made.ID})
			if n.Node != nil && len(n.Node.Channels) == 1 {
				got += "y"
			} else {
				got += "n"
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", tlp, got, want)
		}
	}
	w.wantChecked(t)
}

func TestWhoHoldsAContactRoleSeesTheLandAtOnceAndNoLonger(t *testing.T) { checkHolders(t, onSQLite(t)) }

func checkHolders(t *testing.T, w *world) {
	admin := w.caller(t, administrator)
	sees := func(body string) bool {
		n := queryAs[struct{ Operator *struct{ Reference string } }](t, w, w.caller(t, kritis.Identity{Subject: "x", Body: body}), `{ operator(reference: "demo-op-0001") { reference } }`, nil)
		return n.Operator != nil
	}
	want := func(when string, before, after bool) {
		t.Helper()
		if sees("zkl-de-by") != before || sees("zac-de-by") != after {
			t.Errorf("%s: the one before %t, the other %t", when, sees("zkl-de-by"), sees("zac-de-by"))
		}
	}
	want("at first", true, false)
	named := w.entered(t, admin, "contactPointChange", object{"id": zklOfBavaria, "holder": "zac-de-by", "status": "PUBLISHED"})
	want("after the change", false, true)
	if named.Holder.Slug != "zac-de-by" {
		t.Errorf("%+v", named)
	}
	history := string(w.ask(t, admin, `query($id: ID!) { changes(of: $id, first: 1) { nodes { fieldChanges { field before after } } } }`, object{"id": zklOfBavaria}))
	if !strings.Contains(history, `{"field":"holder.slug","before":null,"after":"zac-de-by"}`) {
		t.Errorf("the history does not name the holder: %s", history)
	}
	w.entered(t, admin, "contactPointChange", object{"id": zklOfBavaria, "holder": "zkl-de-by", "status": "DESIGNATED_NOT_PUBLISHED"})
	want("after the change back", true, false)
	w.entered(t, admin, "contactPointChange", object{"id": zklOfBavaria, "holder": "zac-de-by", "status": "PUBLISHED", "validity": object{"from": "2026-11-02"}})
	want("with days to come", false, false)
	w.entered(t, admin, "contactPointChange", object{"id": zklOfBavaria, "validity": object{"from": "2026-11-01", "until": "2027-01-01"}})
	want("with days of now", false, true)

	// A second one for the same days is refused, one for later days is not.
	zkl := func(from string) object {
		return office("lsi-by", object{"role": "ZKL", "federalStates": []string{"BY"}, "nameDe": "ZKL", "nameEn": "ZKL", "validity": object{"from": from}})
	}
	again := w.edit(t, admin, "contactPointCreate", zkl("2026-12-31"))
	if code(t, again.UserErrors) != "EXISTS" || !strings.Contains(again.UserErrors[0].Message, zklOfBavaria) {
		t.Errorf("a second one: %+v", again.UserErrors)
	}
	follows := w.entered(t, admin, "contactPointCreate", zkl("2027-01-01"))
	if follows.LegalAct == nil || follows.LegalAct.Slug != "bsig" || follows.Provision == nil {
		t.Errorf("the one that follows: %+v", follows)
	}
	longer := w.edit(t, admin, "contactPointChange", object{"id": zklOfBavaria, "validity": object{"from": "2026-11-01"}})
	if code(t, longer.UserErrors) != "EXISTS" {
		t.Errorf("prolonged over the one that follows: %+v", longer)
	}
	w.entered(t, w.caller(t, kritis.Identity{Subject: "officer", Body: "zac-de-by"}), "contactPointWithdraw", object{"id": zklOfBavaria, "reason": "the Land named another body"})
	want("after the withdrawal", false, false)
	w.wantChecked(t)
}

func TestOfManyWhoEnterAContactPointOneWins(t *testing.T) {
	w := onSQLite(t)
	w.entered(t, developer, "contactPointWithdraw", object{"id": zklOfBavaria, "reason": "the Land names another body"})
	codes := atOnce(8, func(i int) string {
		e := w.edit(t, developer, "contactPointCreate", office("lsi-by", object{"role": "ZKL", "federalStates": []string{"BY"}, "legalAct": "bsig", "reason": fmt.Sprint(i)}))
		if len(e.UserErrors) > 0 {
			return e.UserErrors[0].Code
		}
		return won
	})
	if codes[0] != "EXISTS" || codes[len(codes)-2] != "EXISTS" || codes[len(codes)-1] != won {
		t.Errorf("%v", codes)
	}
	w.wantChecked(t)
}
