package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// settled is the visibility that a thing has.
func (w *world) settled(t *testing.T, id store.ID) store.Visibility {
	t.Helper()
	found, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{id})
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	return found[0].Settled
}

// What two mutations of one request do is judged one after the other.
func TestTheSecondMutationOfARequestSeesTheFirst(t *testing.T) {
	w := onSQLite(t)
	who := w.people(t)
	add := waterRow(object{
		"legalAct": "baydig", "authority": "ministry-by", "subject": object{"kind": "BRANCH", "slug": "government-administration"},
		"appliesWhen": []object{{"attribute": "administrationLevel", "values": []string{"STATE"}}},
	})
	w.done(t, who.admin, "Approve", object{"id": w.done(t, who.bavaria, "Propose", waterSet(object{"add": []object{add}})).CompetenceSet.ID})
	var sets [2]string
	for i, row := range []string{"c121", "c10001"} {
		sets[i] = w.done(t, who.bavaria, "Propose", waterSet(object{"end": []string{row}, "add": []object{}, "validFrom": "2027-01-01"})).CompetenceSet.ID
	}
	admin := w.caller(t, kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}})
	type approved struct{ UserErrors []userError }
	both := queryAs[struct{ A, B approved }](t, w, admin, fmt.Sprintf(`mutation {
		a: competenceSetApprove(input: {id: %q}) { userErrors { code path message } } b: competenceSetApprove(input: {id: %q}) { userErrors { code path message } }
	}`, sets[0], sets[1]), nil)
	if len(both.A.UserErrors) > 0 || code(t, both.B.UserErrors) != "UNSUPERVISED" {
		t.Errorf("two sets of which each leaves the last supervisor to the other: %+v", both)
	}

	type body struct {
		Authority struct {
			Parent       *struct{ Slug string }
			ServesStates []struct{ Code string }
		}
	}
	id := authorityID("lsi-by")
	changed := queryAs[struct{ A, B body }](t, w, admin, `mutation($a: AuthorityChangeInput!, $b: AuthorityChangeInput!) {
		a: authorityChange(input: $a) { authority { slug } } b: authorityChange(input: $b) { authority { parent { slug } servesStates { code } } }
	}`, object{"a": with(seen, object{"id": id, "servesStates": []string{"HE"}, "parent": "ministry-by"}), "b": with(seen, object{"id": id, "seat": "Hof"})}).B.Authority
	if changed.Parent == nil || changed.Parent.Slug != "ministry-by" || len(changed.ServesStates) != 2 {
		t.Errorf("what the second change did not name: %+v", changed)
	}
	w.refuses(t, admin, "authorityChange", with(seen, object{"id": authorityID("ministry-by"), "parent": "lsi-by"}), "BAD_INPUT", "input.parent")
	w.green(t)

	// A body that serves another Land too is not the contact's of its own Land alone.
	officer := w.caller(t, officerOfBY)
	w.refuses(t, officer, "authorityChange", with(seen, object{"id": id, "servesStates": nil}), "FORBIDDEN", "input.id")
	w.refuses(t, officer, "authorityWithdraw", object{"id": id, "reason": "x"}, "FORBIDDEN", "input.id")
	can := string(w.ask(t, officer, `query($id: ID!) { viewer { can(actions: [AUTHORITY_EDIT], on: $id) { allowed } } }`, object{"id": id}))
	if !strings.Contains(can, `"allowed":false`) {
		t.Error(can)
	}
}

func TestNobodyLeavesItsSupervisorsOrWidensItsOwnSight(t *testing.T) {
	w := onSQLite(t)
	own := w.must(t, w.caller(t, centre), "operatorCreate", newOperator, "reference")
	reference, _ := own["reference"].(string)
	operator := w.caller(t, kritis.Identity{Subject: "o", Operator: reference})
	w.refuses(t, operator, "operatorChange", with(seen, object{"id": own["id"], "federalState": nil}), "BAD_INPUT", "input.federalState")
	w.refuses(t, operator, "operatorChange", with(seen, object{"id": own["id"], "tlp": "RED"}), "BAD_INPUT", "input.tlp")

	// Its attributes and its seat decide who supervises all facilities of an operator.
	supervisor := w.caller(t, networks)
	for name, change := range map[string]object{
		"an attribute": {"attributes": object{"doraEntity": true}}, "an attribute that is not known any more": {"attributes": object{"doraEntity": nil}},
		"the seat": {"federalState": "HE"}, "no seat": {"federalState": nil},
	} {
		t.Run(name, func(t *testing.T) {
			w.refuses(t, supervisor, "operatorChange", with(seen, change, object{"id": operatorID(1)}), "FORBIDDEN", "input")
		})
	}
	w.must(t, supervisor, "operatorChange", with(seen, object{"id": operatorID(1), "phone": "089 99998124"}), "")
}

func TestRedIsForTheSituationCentreToTakeAway(t *testing.T) {
	w := onSQLite(t)
	for _, id := range []store.ID{"Facility/demo-fa-0001", "ContactPoint/zkl-de-by"} {
		w.amend(t, id, store.TLPRed, nil)
	}
	if got := w.access(t, w.caller(t, admin), "breakGlass", object{"reason": emergency}); len(got.UserErrors) > 0 {
		t.Fatal(got.UserErrors)
	}
	broken := w.caller(t, admin)
	w.refuses(t, broken, "facilityChange", with(seen, object{"id": facilityID(1), "tlp": "AMBER"}), "BAD_INPUT", "input.tlp")
	w.refuses(t, w.caller(t, operatorOne), "facilityChange", with(seen, object{"id": facilityID(1), "tlp": "AMBER"}), "BAD_INPUT", "input.tlp")
	e := w.edit(t, broken, "contactPointChange", object{"id": zklOfBavaria, "tlp": "CLEAR"})
	if code(t, e.UserErrors) != "BAD_INPUT" {
		t.Errorf("%+v", e)
	}
	for _, id := range []store.ID{"Facility/demo-fa-0001", "ContactPoint/zkl-de-by"} {
		if v := w.settled(t, id); v.TLP != store.TLPRed {
			t.Errorf("%s is %s", id, v.TLP)
		}
	}
	w.must(t, w.caller(t, centre), "facilityChange", with(seen, object{"id": facilityID(1), "tlp": "AMBER"}), "")
}

func TestAGrantOutlivesAChangeButNotAMove(t *testing.T) {
	w := onSQLite(t)
	const point, facility = "ContactPoint/zkl-de-by", "Facility/demo-fa-0001"
	w.amend(t, point, store.TLPAmber, nil)
	found, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{point, facility})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range found {
		n = n.Clone()
		n.Own.Audiences = append(n.Own.Audiences, "access:somebody")
		w.commit(t, store.Change{Put: []store.Node{n}, If: []store.Cond{{ID: n.ID, Version: n.Version}}})
	}
	if e := w.edit(t, developer, "contactPointChange", object{"id": zklOfBavaria, "tlp": "GREEN"}); len(e.UserErrors) > 0 {
		t.Fatal(e.UserErrors)
	}
	p := w.caller(t, centre)
	w.must(t, p, "facilityChange", with(seen, object{"id": facilityID(1), "recovery": "PT5H"}), "")
	for _, id := range []store.ID{point, facility} {
		if v := w.settled(t, id); !slices.Contains(v.Audiences, "access:somebody") {
			t.Errorf("after a change %s is for %v", id, v.Audiences)
		}
	}
	w.must(t, p, "facilityChange", with(seen, object{"id": facilityID(1), "operator": operatorID(3)}), "")
	if v := w.settled(t, facility); slices.Contains(v.Audiences, "access:somebody") {
		t.Error("the new operator did not grant it")
	}
}

func TestWhatHasEndedStaysSo(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, centre)
	w.must(t, p, "operatorWithdraw", object{"id": operatorID(3), "reason": "closed"}, "")
	w.refuses(t, p, "operatorWithdraw", object{"id": operatorID(3), "reason": "open again", "validUntil": "2030-01-01"}, "CONFLICT", "input.id")
	w.refuses(t, p, "facilityCreate", with(newFacility, object{"operator": operatorID(3)}), "CONFLICT", "input.operator")
	w.refuses(t, p, "facilityChange", with(seen, object{"id": facilityID(1), "operator": operatorID(3)}), "CONFLICT", "input.operator")

	maintains := w.caller(t, maintainer)
	body := w.must(t, maintains, "authorityCreate", newAuthority, "")
	w.must(t, maintains, "authorityWithdraw", object{"id": body["id"], "reason": "merged"}, "")
	w.refuses(t, maintains, "authorityWithdraw", object{"id": body["id"], "reason": "x", "validUntil": "2030-01-01"}, "CONFLICT", "input.id")
	if e := w.edit(t, developer, "contactPointCreate", office("amt-probstadt", nil)); code(t, e.UserErrors) != "CONFLICT" {
		t.Errorf("an office of a body that has ended: %+v", e)
	}
}

func TestANumberThatIsNoneIsRefusedAsInput(t *testing.T) {
	w := onSQLite(t)
	for _, value := range []any{"NaN", "Infinity", "11.5", true} {
		r := w.reply(t, developer, `mutation($input: FacilityCreateInput!) { facilityCreate(input: $input) { userErrors { code } } }`, object{"input": with(newFacility, object{
			"operator": operatorID(1), "site": object{"federalState": "BY", "coordinates": object{"longitude": value, "latitude": 48.1}},
		})})
		if c := r.code(); c != "BAD_USER_INPUT" && c != "GRAPHQL_VALIDATION_FAILED" {
			t.Errorf("%v: %s", value, r.text)
		}
	}
}

func TestHowManyFacilitiesOfAnOperatorAreHiddenDecidesNothing(t *testing.T) {
	w := onSQLite(t)
	change := func(p kritis.Principal, hours int) {
		t.Helper()
		w.must(t, p, "facilityChange", with(seen, object{"id": facilityID(1), "backupPower": fmt.Sprintf("PT%dH", hours)}), "")
	}
	w.hide(t, "Facility/demo-fa-0001", 0, 1)
	change(developer, 5) // gives the hidden one what follows from what it says
	w.hide(t, "Facility/fa-hidden-0000", 1, 5_001)
	change(w.caller(t, networks), 6)
}

// hide registers RED facilities of the first operator like another one.
func (w *world) hide(t *testing.T, like store.ID, first, end int) {
	t.Helper()
	found, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{like})
	if err != nil || len(found) != 1 {
		t.Fatal(err)
	}
	c := store.Change{Meta: store.Meta{Action: "test", Actor: "test", At: 1}, Once: store.Once{Owner: "test", Key: fmt.Sprint(first)}}
	for i := first; i < end; i++ {
		f := found[0].Clone()
		f.ID, f.Version, f.Own.TLP = store.ID(fmt.Sprintf("Facility/fa-hidden-%04d", i)), 0, store.TLPRed
		f.Props["reference"] = store.String(f.ID.Key())
		runs := store.Edge{ID: store.EdgeID(kritis.EdgeOperates, "Operator/demo-op-0001", f.ID), From: "Operator/demo-op-0001", To: f.ID, Props: map[string]store.Value{
			"source": f.Prop("source"), "asOf": f.Prop("asOf"), "status": f.Prop("status"), "confidence": f.Prop("confidence"),
		}}
		c.Put, c.Link = append(c.Put, f), append(c.Link, runs)
		c.If = append(c.If, store.Cond{ID: f.ID}, store.Cond{ID: runs.ID})
	}
	if _, err := w.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}
