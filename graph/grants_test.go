package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// The callers of these tests: demo-1 is an incident of demo-op-0001, and neither the hospital nor the bank sees it.
var (
	hospital = kritis.Identity{Subject: "hospital", Operator: "demo-op-0003"}
	bank     = kritis.Identity{Subject: "bank", Operator: "demo-op-0004"}
	grid     = kritis.Identity{Subject: "grid", Operator: "demo-op-0001"}
	admin    = kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}}
)

const grantFields = `accessGrant {
	id version kind state active requester subject asked thing { id } reason duration requestedAt maxTlp until decidedBy decidedAt decisionReason
} userErrors { code path message } consistencyToken`

type grant struct {
	ID, State, Requester, Subject string
	Version                       int
	Active                        bool
	Asked, MaxTlp, Until          *string
	DecidedBy                     *string
	Thing                         *struct{ ID string }
}

type granted struct {
	AccessGrant      *grant
	UserErrors       []userError
	ConsistencyToken *string
}

// accessDocument calls one of the mutations of access.
func accessDocument(name string) string {
	input := strings.ToUpper(name[:1]) + name[1:] + "Input!"
	return "mutation($input: " + input + ") { " + name + "(input: $input) { " + grantFields + " } }"
}

func (w *world) access(t testing.TB, p kritis.Principal, name string, input object) granted {
	t.Helper()
	return queryAs[map[string]granted](t, w, p, accessDocument(name), object{"input": input})[name]
}

// requested asks for a thing, and returns the request.
func (w *world) requested(t testing.TB, p kritis.Principal, thing object) grant {
	t.Helper()
	got := w.access(t, p, "accessRequest", object{"thing": thing, "reason": "we depend on it", "duration": "P2D"})
	if len(got.UserErrors) > 0 || got.AccessGrant == nil {
		t.Fatalf("asking for %v: %+v", thing, got.UserErrors)
	}
	return *got.AccessGrant
}

// decided decides on a request, and wants no error.
func (w *world) decided(t testing.TB, id kritis.Identity, g grant, yes bool, more object) grant {
	t.Helper()
	input := object{"id": g.ID, "grant": yes, "reason": "decided"}
	maps.Copy(input, more)
	got := w.access(t, w.caller(t, id), "accessDecide", input)
	if len(got.UserErrors) > 0 || got.AccessGrant == nil {
		t.Fatalf("deciding on %+v: %+v", g, got.UserErrors)
	}
	return *got.AccessGrant
}

// sees reports whether somebody who comes now sees demo-1 by its reference, by its id and in the list.
func (w *world) sees(t *testing.T, id kritis.Identity) bool {
	t.Helper()
	got := queryAs[struct {
		Incident, Node *struct{ ID string }
		Incidents      struct{ TotalCount int }
	}](t, w, w.caller(t, id), `query($id: ID!) { incident(reference: "demo-1") { id } node(id: $id) { id } incidents(where: {reference: {eq: "demo-1"}}) { totalCount } }`,
		object{"id": kritis.GlobalID("Incident/demo-1")})
	by := got.Incident != nil
	if (got.Node != nil) != by || (got.Incidents.TotalCount > 0) != by {
		t.Errorf("%s sees it on one path and not on another: %+v", id.Subject, got)
	}
	return by
}

// listed are the references of what somebody finds among the grants in a state.
func (w *world) listed(t *testing.T, id kritis.Identity, state string) []grant {
	t.Helper()
	return queryAs[struct{ AccessGrants struct{ Nodes []grant } }](t, w, w.caller(t, id),
		`query($state: AccessGrantState!) { accessGrants(where: {state: {eq: $state}}) { nodes { id state asked thing { id } decidedBy } } }`, object{"state": state}).AccessGrants.Nodes
}

func TestTheOwnerGrantsSightOfOneThing(t *testing.T) { checkGrant(t, onSQLite(t)) }

func checkGrant(t *testing.T, w *world) {
	if w.sees(t, hospital) {
		t.Fatal("the hospital sees the incident already, so the test could not fail")
	}
	asked := w.requested(t, w.caller(t, hospital), object{"incident": "demo-1"})
	if asked.State != "REQUESTED" || asked.Active || asked.Requester != "operator:demo-op-0003" || asked.Thing != nil || w.sees(t, hospital) {
		t.Errorf("asking gives %+v", asked)
	}
	for _, c := range []struct {
		name string
		id   kritis.Identity
		want int
	}{{"the owner", grid, 1}, {"the situation centre", centre, 1}, {"an administrator", admin, 1}, {"who asked", hospital, 1}, {"another operator", bank, 0},
		{"a supervisor", kritis.Identity{Subject: "s", Body: "bnetza"}, 0}, {"the officer of the Land", kritis.Identity{Subject: "o", Body: "zkl-de-by"}, 0},
		{"an auditor", kritis.Identity{Subject: "a", Roles: []string{"AUDITOR"}}, 0}} {
		if got := w.listed(t, c.id, "REQUESTED"); len(got) != c.want {
			t.Errorf("%s finds %d requests", c.name, len(got))
		}
	}
	if owner := w.listed(t, grid, "REQUESTED"); owner[0].Thing == nil || owner[0].Asked == nil {
		t.Errorf("the owner is not told what for: %+v", owner[0])
	}
	given := w.decided(t, grid, asked, true, nil)
	if given.State != "GRANTED" || !given.Active || *given.MaxTlp != "AMBER" || *given.DecidedBy != "grid" || *given.Until != "2026-11-03T11:00:00Z" {
		t.Errorf("granted: %+v", given)
	}
	if !w.sees(t, hospital) || w.sees(t, bank) {
		t.Error("not exactly who asked sees it")
	}
	other := queryAs[struct {
		Operators  struct{ TotalCount int }
		Facilities struct {
			Nodes []struct{ Operator struct{ Reference string } }
		}
		Incident struct{ Operator *struct{ Reference string } }
	}](t, w, w.caller(t, hospital), `{ operators { totalCount } facilities { nodes { operator { reference } } } incident(reference: "demo-1") { operator { reference } } }`, nil)
	if other.Operators.TotalCount != 1 || other.Incident.Operator != nil {
		t.Errorf("more than the one thing shows: %+v", other)
	}
	for _, narrowed := range []kritis.Identity{
		{Subject: "hospital", Operator: "demo-op-0003", MaxTLP: "GREEN"}, {Subject: "hospital", Operator: "demo-op-0003", FederalStates: []string{"BY"}},
		{Subject: "hospital"}, {Subject: "hospital", Operator: "demo-op-0004"},
	} {
		if w.sees(t, narrowed) {
			t.Errorf("%+v sees it", narrowed)
		}
	}
	w.amend(t, "Incident/demo-1", store.TLPAmber, map[string]store.Value{"severity": store.String("LOW")})
	w.amend(t, "Operator/demo-op-0001", store.TLPAmber, map[string]store.Value{"name": store.String("Another name")})
	if !w.sees(t, hospital) {
		t.Error("an edit takes the grant away")
	}
	w.amend(t, "Incident/demo-1", store.TLPAmberStrict, nil)
	if w.sees(t, hospital) {
		t.Error("a grant shows more than the marking up to which it was given")
	}
	w.amend(t, "Incident/demo-1", store.TLPAmber, nil)
	*w.clock = moment.Add(48*time.Hour - time.Second)
	if !w.sees(t, hospital) {
		t.Error("the grant ends early")
	}
	*w.clock = moment.Add(48 * time.Hour)
	if w.sees(t, hospital) {
		t.Error("the grant does not end by the clock")
	}
	if ended := w.listed(t, hospital, "GRANTED"); len(ended) != 1 || ended[0].Active || ended[0].Thing != nil || ended[0].Asked == nil {
		t.Errorf("after its end: %+v", ended)
	}
}

func TestWhatIsTakenBackEndsAtOnce(t *testing.T) {
	w := onSQLite(t)
	own := func() []string {
		n, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"Incident/demo-1"})
		if err != nil {
			t.Fatal(err)
		}
		return n[0].Own.Audiences
	}
	before := own()
	for _, by := range []kritis.Identity{grid, hospital, centre} {
		given := w.decided(t, grid, w.requested(t, w.caller(t, hospital), object{"incident": "demo-1"}), true, nil)
		if !w.sees(t, hospital) {
			t.Fatal("what is granted does not show")
		}
		back := w.access(t, w.caller(t, by), "accessRevoke", object{"id": given.ID, "reason": "no longer", "expectedVersion": given.Version})
		if len(back.UserErrors) > 0 || back.AccessGrant.State != "REVOKED" || w.sees(t, hospital) {
			t.Errorf("%s takes it back: %+v", by.Subject, back)
		}
		if diff := cmp.Diff(before, own()); diff != "" {
			t.Errorf("the audiences of the thing: %s", diff)
		}
	}
	open := w.requested(t, w.caller(t, hospital), object{"incident": "demo-1"})
	if back := w.access(t, w.caller(t, hospital), "accessRevoke", object{"id": open.ID, "reason": "not needed"}); len(back.UserErrors) > 0 || back.AccessGrant.State != "REVOKED" {
		t.Errorf("giving up a request: %+v", back)
	}
}

func TestWhatMayNotBeAskedOrDecidedChangesNothing(t *testing.T) {
	w := onSQLite(t)
	w.amend(t, "Incident/demo-2", store.TLPRed, nil)
	amber := w.requested(t, w.caller(t, hospital), object{"incident": "demo-1"})
	nothing := w.requested(t, w.caller(t, hospital), object{"incident": "demo-9999"})
	contact := w.contactRequest(t)
	red, redOwner := w.redRequest(t)
	officer := kritis.Identity{Subject: "officer", Body: "zkl-de-by"}
	decide := func(g grant, more object) object {
		input := object{"id": g.ID, "grant": true, "reason": "yes"}
		maps.Copy(input, more)
		return input
	}
	for _, c := range []struct {
		name     string
		id       kritis.Identity
		mutation string
		input    object
		code     string
	}{
		{"what one sees is not asked for", grid, "accessRequest", object{"thing": object{"incident": "demo-1"}, "reason": "x"}, "BAD_INPUT"},
		{"a reason is needed", hospital, "accessRequest", object{"thing": object{"incident": "demo-3"}, "reason": "  "}, "BAD_INPUT"},
		{"at most thirty days are asked for", hospital, "accessRequest", object{"thing": object{"incident": "demo-3"}, "reason": "x", "duration": "P31D"}, "BAD_INPUT"},
		{"a channel is not asked for", hospital, "accessRequest", object{"thing": object{"id": kritis.GlobalID(secretChannel)}, "reason": "x"}, "BAD_INPUT"},
		{"once is enough", hospital, "accessRequest", object{"thing": object{"incident": "demo-1"}, "reason": "x"}, "EXISTS"},
		{"nobody decides on its own request", hospital, "accessDecide", decide(amber, nil), "FORBIDDEN"},
		{"nor does an administrator on an incident", admin, "accessDecide", decide(amber, nil), "FORBIDDEN"},
		{"nor on what does not exist", admin, "accessDecide", decide(nothing, nil), "FORBIDDEN"},
		{"for another the request does not exist", bank, "accessDecide", decide(amber, nil), "NOT_FOUND"},
		{"nor for the officer of a Land", officer, "accessDecide", decide(amber, nil), "NOT_FOUND"},
		{"what does not exist is not granted", centre, "accessDecide", decide(nothing, nil), "BAD_INPUT"},
		{"of another version", grid, "accessDecide", decide(amber, object{"expectedVersion": 9}), "CONFLICT"},
		{"up to less than its marking", grid, "accessDecide", decide(amber, object{"maxTlp": "GREEN"}), "BAD_INPUT"},
		{"up to RED by an operator", grid, "accessDecide", decide(amber, object{"maxTlp": "RED"}), "FORBIDDEN"},
		{"something RED by an operator", redOwner, "accessDecide", decide(red, nil), "FORBIDDEN"},
		{"for more than ninety days", grid, "accessDecide", decide(amber, object{"until": "2027-02-01T00:00:00Z"}), "BAD_INPUT"},
		{"until yesterday", grid, "accessDecide", decide(amber, object{"until": "2026-10-31T00:00:00Z"}), "BAD_INPUT"},
		{"without a reason", grid, "accessDecide", decide(amber, object{"reason": ""}), "BAD_INPUT"},
		{"taking back what is not decided", grid, "accessRevoke", object{"id": amber.ID, "reason": "x"}, "BAD_INPUT"},
		{"taking back by who has no part in it", admin, "accessRevoke", object{"id": amber.ID, "reason": "x"}, "FORBIDDEN"},
		{"a contact point of another Land", kritis.Identity{Subject: "o", Body: "zkl-de-he"}, "accessDecide", decide(contact, nil), "NOT_FOUND"},
		{"a contact point by an operator", grid, "accessDecide", decide(contact, nil), "NOT_FOUND"},
		{"something that is no permission", grid, "accessDecide", object{"id": kritis.GlobalID("Incident/demo-1"), "grant": true, "reason": "x"}, "NOT_FOUND"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.access(t, w.caller(t, c.id), c.mutation, c.input)
			if code(t, got.UserErrors) != c.code || got.AccessGrant != nil || got.ConsistencyToken != nil {
				t.Errorf("got %+v", got)
			}
		})
	}
	// And what may be decided is.
	if got := w.decided(t, officer, contact, true, nil); got.State != "GRANTED" {
		t.Errorf("the officer of the Land: %+v", got)
	}
	if got := w.decided(t, centre, red, true, nil); *got.MaxTlp != "RED" {
		t.Errorf("the situation centre: %+v", got)
	}
	w.decided(t, centre, nothing, false, nil)
	w.decided(t, grid, amber, false, nil)
	for _, g := range w.listed(t, hospital, "DENIED") {
		if g.DecidedBy != nil {
			t.Errorf("who asked learns who refused: %+v", g)
		}
	}
	if got := w.access(t, w.caller(t, grid), "accessDecide", decide(amber, nil)); code(t, got.UserErrors) != "CONFLICT" {
		t.Errorf("deciding twice: %+v", got)
	}
}

// contactRequest makes the ZKL of Bavaria for the Land only, and asks for it.
func (w *world) contactRequest(t *testing.T) grant {
	t.Helper()
	found, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"ContactPoint/zkl-de-by"})
	if err != nil {
		t.Fatal(err)
	}
	n := found[0].Clone()
	n.Own = store.Visibility{TLP: store.TLPAmber, Audiences: []string{kritis.AudienceLand("BY")}}
	w.commit(t, store.Change{Put: []store.Node{n}, If: []store.Cond{{ID: n.ID, Version: n.Version}}})
	return w.requested(t, w.caller(t, hospital), object{"id": kritis.GlobalID(n.ID)})
}

// redRequest asks for demo-2, which is marked RED, and names its operator.
func (w *world) redRequest(t *testing.T) (grant, kritis.Identity) {
	t.Helper()
	of := query[struct {
		Incident struct{ Operator struct{ Reference string } }
	}](t, w, `{ incident(reference: "demo-2") { operator { reference } } }`, nil).Incident.Operator.Reference
	asker := bank
	if of == bank.Operator {
		asker = hospital
	}
	return w.requested(t, w.caller(t, asker), object{"incident": "demo-2"}), kritis.Identity{Subject: "owner", Operator: of}
}

var ownOfARequest = regexp.MustCompile(`"(id|asked|consistencyToken)":"[^"]+"`)

func TestAskingForSomethingHiddenIsAskingForSomethingMissing(t *testing.T) {
	checkAsking(t, onSQLite(t))
}

func checkAsking(t *testing.T, w *world) {
	w.amend(t, "ContactPoint/office-bsi", store.TLPRed, nil)
	p := w.caller(t, hospital)
	for _, c := range []struct {
		name            string
		hidden, missing object
	}{
		{"an operator", object{"operator": "demo-op-0001"}, object{"operator": "demo-op-9999"}},
		{"a facility", object{"facility": "demo-fa-0001"}, object{"facility": "demo-fa-9999"}},
		{"an incident", object{"incident": "demo-1"}, object{"incident": "demo-9999"}},
		{"a contact point by id", object{"id": kritis.GlobalID("ContactPoint/office-bsi")}, object{"id": kritis.GlobalID("ContactPoint/none")}},
		{"a facility by id", object{"id": kritis.GlobalID("Facility/demo-fa-0002")}, object{"id": kritis.GlobalID("Facility/none")}},
		{"an operator by an id", object{"id": kritis.GlobalID("Operator/demo-op-0002")}, object{"id": kritis.GlobalID("Operator/none")}},
		{"an incident by its id", object{"id": kritis.GlobalID("Incident/demo-2")}, object{"id": kritis.GlobalID("Incident/none")}},
		{"one asked for before", object{"incident": "demo-1"}, object{"incident": "demo-9999"}},
		{"an operator, once more", object{"operator": "demo-op-0001"}, object{"operator": "demo-op-9999"}},
	} {
		ask := func(thing object) (string, map[string]int) {
			w.calls.Reset()
			body := w.ask(t, p, accessDocument("accessRequest"), object{"input": object{"thing": thing, "reason": "we depend on it"}})
			return ownOfARequest.ReplaceAllString(string(body), `"$1":""`), maps.Clone(w.calls.Counts())
		}
		hidden, calls := ask(c.hidden)
		missing, others := ask(c.missing)
		if hidden != missing || strings.Contains(hidden, `"errors"`) {
			t.Errorf("%s: hidden gives %s, missing gives %s", c.name, hidden, missing)
		}
		if diff := cmp.Diff(calls, others); diff != "" {
			t.Errorf("%s: other driver calls (-hidden +missing): %s", c.name, diff)
		}
	}
	// An administrator sees the requests, and from none whether there is such a thing.
	w.amend(t, "Incident/demo-1", store.TLPRed, nil)
	told := 0
	for _, g := range w.listed(t, admin, "REQUESTED") {
		if (g.Asked == nil) != (g.Thing == nil) {
			t.Errorf("an administrator is told what was asked for, and does not see it: %s", *g.Asked)
		}
		if g.Asked != nil {
			told++
		}
	}
	if told != 5 { // two operators, two facilities and an incident
		t.Errorf("an administrator sees %d of the things", told)
	}
	const can = `query($on: ID!) { viewer { can(actions: [ACCESS_REQUEST, CONTACT_POINT_EDIT, ACCESS_DECIDE], on: $on) { allowed reason } } }`
	for _, pair := range [][2]store.ID{{"Incident/demo-1", "Incident/none"}, {"ContactPoint/office-bsi", "ContactPoint/none"}, {"Operator/demo-op-0001", "Operator/none"}} {
		hidden, missing := w.ask(t, p, can, object{"on": kritis.GlobalID(pair[0])}), w.ask(t, p, can, object{"on": kritis.GlobalID(pair[1])})
		if string(hidden) != string(missing) {
			t.Errorf("%s: %s, missing: %s", pair[0], hidden, missing)
		}
	}
}

func TestOfTwoDecidersOneDecides(t *testing.T) { checkDeciders(t, onSQLite(t)) }

func checkDeciders(t *testing.T, w *world) {
	for range 5 {
		asked := w.requested(t, w.caller(t, hospital), object{"incident": "demo-1"})
		deciders := []kritis.Principal{w.caller(t, grid), w.caller(t, centre)}
		codes := make([]string, len(deciders))
		var wait sync.WaitGroup
		for i, p := range deciders {
			wait.Go(func() {
				input := object{"id": asked.ID, "grant": i == 0, "reason": fmt.Sprint(i)}
				var r struct{ Data map[string]granted }
				if err := json.Unmarshal(w.ask(t, p, accessDocument("accessDecide"), object{"input": input}), &r); err != nil {
					t.Error(err)
					return
				}
				codes[i] = "DECIDED"
				if errs := r.Data["accessDecide"].UserErrors; len(errs) > 0 {
					codes[i] = errs[0].Code
				}
			})
		}
		wait.Wait()
		won := codes[0] == "DECIDED"
		slices.Sort(codes)
		if !slices.Equal(codes, []string{"CONFLICT", "DECIDED"}) {
			t.Fatalf("got %v", codes)
		}
		if w.sees(t, hospital) != won {
			t.Error("what shows is not what was decided")
		}
		if won {
			w.access(t, w.caller(t, grid), "accessRevoke", object{"id": asked.ID, "reason": "again"})
		}
	}
}
