package graph_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

func TestWhoMayStateADependency(t *testing.T) {
	w := onSQLite(t)
	narrowed := kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}, FederalStates: []string{"SL"}}
	const network, hospitals = store.ID("Facility/demo-fa-0002"), store.ID("Facility/demo-fa-0006")
	own := w.must(t, w.caller(t, centre), "dependencyCreate", supply("Facility/demo-fa-0003", network), "")["id"]
	steam := object{"need": "steam"}
	checkAttempts(t, w, []attempt{
		{"an operator says what its facility needs", grid, "dependencyCreate", supply("Facility/demo-fa-0001", network, steam), "", ""},
		{"and what it needs itself", grid, "dependencyCreate", supply("Facility/demo-fa-0001", "Operator/demo-op-0001", steam), "", ""},
		{"and changes it", grid, "dependencyChange", with(seen, object{"id": own, "strength": 0.5}), "", ""},
		{"a supplier does not say what others need that it does not see", grid, "dependencyCreate", supply("Facility/demo-fa-0001", hospitals), "NOT_FOUND", "input.dependent"},
		{"a supplier that is hidden is asked for first", hospital, "dependencyCreate", supply("Facility/demo-fa-0001", hospitals, steam), "NOT_FOUND", "input.provider"},
		{"a facility is no operator", centre, "dependencyCreate", supply(network, hospitals, object{"provider": object{"operator": facilityID(2)}}), "NOT_FOUND", "input.provider"},
		{"a supervisor says what it needs that is supervised", networks, "dependencyCreate", supply("Facility/demo-fa-0001", network, object{"need": "cooling"}), "", ""},
		{"and confirms it", networks, "dependencyConfirm", object{"id": own}, "", ""},
		{"not what another one supervises", networks, "dependencyCreate", supply("Facility/demo-fa-0001", "Facility/demo-fa-0008"), "NOT_FOUND", "input.dependent"},
		{"the contact of a Land sees both and does not say it", officerOfBY, "dependencyCreate", supply("Facility/demo-fa-0001", network, object{"need": "gas"}), "FORBIDDEN", "input.dependent"},
		{"nor does it confirm", officerOfBY, "dependencyConfirm", object{"id": own}, "FORBIDDEN", "input.id"},
		{"an administrator states all", maintainer, "dependencyCreate", supply("Facility/demo-fa-0001", hospitals), "", ""},
		{"one for the Saarland alone does not see it", narrowed, "dependencyWithdraw", object{"id": own, "reason": "x"}, "NOT_FOUND", "input.id"},
		{"an auditor sees nothing of it", kritis.Identity{Subject: "a", Roles: []string{"AUDITOR"}}, "dependencyConfirm", object{"id": own}, "NOT_FOUND", "input.id"},
		{"another operator sees nothing of it", hospital, "dependencyWithdraw", object{"id": own, "reason": "x"}, "NOT_FOUND", "input.id"},
		{"a supervisor withdraws it", networks, "dependencyWithdraw", object{"id": own, "reason": "x"}, "", ""},
	})
}

func TestASupplierThatOneWasGrantedCanBeStatedButNotChangedByIt(t *testing.T) {
	w := onSQLite(t)
	w.decided(t, grid, w.requested(t, w.caller(t, hospital), object{"facility": "demo-fa-0001"}), true, nil)
	id := w.must(t, w.caller(t, hospital), "dependencyCreate", supply("Facility/demo-fa-0001", "Facility/demo-fa-0006", object{"need": "heat"}), "")["id"]
	// The supplier sees it once it sees the dependent, and has no say in what that needs.
	w.refuses(t, w.caller(t, grid), "dependencyConfirm", object{"id": id}, "NOT_FOUND", "input.id")
	w.decided(t, hospital, w.requested(t, w.caller(t, grid), object{"facility": "demo-fa-0006"}), true, nil)
	w.refuses(t, w.caller(t, grid), "dependencyConfirm", object{"id": id}, "FORBIDDEN", "input.id")
	w.green(t)
}

func TestTheCallerIsToldWhetherItMayStateADependency(t *testing.T) {
	w := onSQLite(t)
	for _, c := range []struct {
		name   string
		id     kritis.Identity
		on     store.ID
		can    bool
		de, en string
	}{
		{"an operator, as a rule", grid, "", true, "für das, wovon der eigene Betreiber", "what the own operator and its facilities depend on"},
		{"a supervisor, as a rule", networks, "", true, "was der Aufsicht unterliegt", "the providers of what is supervised"},
		{"for its facility", grid, "Facility/demo-fa-0002", true, "OPERATOR", "OPERATOR"},
		{"for itself", grid, "Operator/demo-op-0001", true, "OPERATOR", "OPERATOR"},
		{"for a dependency of its facility", grid, "SUPPLIES/Facility/demo-fa-0001>Facility/demo-fa-0002", true, "OPERATOR", "OPERATOR"},
		{"for one that it does not see", grid, "SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-0006", false, "gibt es nicht", "does not exist"},
		{"for one that there is not", grid, "SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-9999", false, "gibt es nicht", "does not exist"},
		{"for the contact of a Land", officerOfBY, "Facility/demo-fa-0002", false, "Für dieses Objekt nicht", "Not for this object"},
		{"for reference data", maintainer, "SUPPLIES/Branch/electricity>Branch/telecommunications", false, "Für dieses Objekt nicht", "Not for this object"},
		{"for an incident", centre, "Incident/demo-1", false, "nicht mit einem solchen Objekt", "not done to such an object"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var on any
			if c.on != "" {
				on = kritis.GlobalID(c.on)
			}
			got := queryAs[struct {
				Viewer struct {
					Can []struct {
						Allowed bool
						De, En  string
					}
				}
			}](t, w, w.caller(t, c.id), `query($on: ID) { viewer { can(actions: [DEPENDENCY_EDIT], on: $on) { allowed de: reason(lang: DE) en: reason(lang: EN) } } }`, object{"on": on}).Viewer.Can[0]
			if got.Allowed != c.can || !strings.Contains(got.De, c.de) || !strings.Contains(got.En, c.en) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestADependencyOfSomethingHiddenAndOneThatThereIsNotAreOneAnswerAtOneCost(t *testing.T) {
	checkHiddenDependencies(t, onSQLite(t))
}

func checkHiddenDependencies(t *testing.T, w *world) {
	const hidden, missing = "SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-0006", "SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-9999"
	half := w.must(t, w.caller(t, centre), "dependencyCreate", supply("Facility/demo-fa-0001", "Facility/demo-fa-0009"), "")["id"] // of which one end shows
	by := func(id string) object { return object{"input": object{"id": id, "reason": "x"}} }
	change := func(id string) object { return object{"input": with(seen, object{"id": id})} }
	create := func(provider, dependent store.ID) object { return object{"input": supply(provider, dependent)} }
	mutation := func(name string) string {
		return fmt.Sprintf(`mutation($input: %sInput!) { %s(input: $input) { dependency { id } userErrors { code path message } consistencyToken } }`, strings.ToUpper(name[:1])+name[1:], name)
	}
	for _, c := range []struct {
		name, document  string
		hidden, missing object
	}{
		{"node", `query($id: ID!) { node(id: $id) { id } }`, object{"id": one(hidden)}, object{"id": one(missing)}},
		{"node of which an end shows", `query($id: ID!) { node(id: $id) { id } }`, object{"id": half}, object{"id": one("SUPPLIES/Facility/demo-fa-0001>Facility/demo-fa-9999")}},
		{"changes", `query($id: ID!) { changes(of: $id, first: 3) { totalCount nodes { id } } }`, object{"id": one(hidden)}, object{"id": one(missing)}},
		{"can", `query($id: ID!) { viewer { can(actions: [DEPENDENCY_EDIT], on: $id) { allowed reason } } }`, object{"id": half}, object{"id": one(missing)}},
		{"dependencyConfirm", mutation("dependencyConfirm"), by(one(hidden)), by(one(missing))},
		{"dependencyConfirm of which an end shows", mutation("dependencyConfirm"), by(fmt.Sprint(half)), by(one(missing))},
		{"dependencyChange", mutation("dependencyChange"), change(one(hidden)), change(one(missing))},
		{"dependencyWithdraw", mutation("dependencyWithdraw"), by(one(hidden)), by(one(missing))},
		{"dependencyCreate by a provider", mutation("dependencyCreate"), create("Facility/demo-fa-0009", "Facility/demo-fa-0001"), create("Facility/demo-fa-9999", "Facility/demo-fa-0001")},
		{"dependencyCreate of a dependent", mutation("dependencyCreate"), create("Facility/demo-fa-0001", "Operator/demo-op-0003"), create("Facility/demo-fa-0001", "Operator/demo-op-9999")},
		{"dependencyCreate of what there is", mutation("dependencyCreate"), create("Facility/demo-fa-0001", "Facility/demo-fa-0009"), create("Facility/demo-fa-0001", "Facility/demo-fa-9999")},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := w.caller(t, grid)
			got, want := string(w.ask(t, p, c.document, c.hidden)), string(w.ask(t, p, c.document, c.missing))
			if got != want || strings.Contains(got, `"errors"`) {
				t.Errorf("hidden gives %s, missing gives %s", got, want)
			}
			if hidden, missing := w.fewest(t, p, c.document, c.hidden), w.fewest(t, p, c.document, c.missing); fmt.Sprint(hidden) != fmt.Sprint(missing) {
				t.Errorf("hidden costs %v, missing costs %v", hidden, missing)
			}
		})
	}
}

func TestOfTwentyEditorsOfADependencyOneWinsPerVersion(t *testing.T) {
	checkDependencyEditors(t, onSQLite(t))
}

func checkDependencyEditors(t *testing.T, w *world) {
	stated := supply("Facility/demo-fa-0001", "Facility/demo-fa-0006", object{"need": "twenty"})
	codes := atOnce(editors, func(int) string {
		return w.code(t, developer, `mutation($input: DependencyCreateInput!) { m: dependencyCreate(input: $input) { userErrors { code } } }`, object{"input": stated})
	})
	if codes[0] != "EXISTS" || codes[editors-2] != "EXISTS" || codes[editors-1] != won {
		t.Fatalf("two were made, or none: %v", codes)
	}
	id := kritis.GlobalID(kritis.DependencyID("Facility/demo-fa-0001", "Facility/demo-fa-0006", "twenty"))
	for version := 1; version <= 3; version++ {
		w.oneWins(t, func(i int) string {
			return w.code(t, developer, `mutation($input: DependencyChangeInput!) { m: dependencyChange(input: $input) { userErrors { code } } }`,
				object{"input": with(seen, object{"id": id, "expectedVersion": version, "strength": float64(i+1) / 100})})
		})
	}
	w.green(t)
}

// meddler is a driver that lets something happen once, just before the next commit.
type meddler struct {
	store.Driver
	mu     sync.Mutex
	before func()
}

func (m *meddler) Commit(ctx context.Context, c store.Change) (store.Mark, error) {
	m.mu.Lock()
	before := m.before
	m.before = nil
	m.mu.Unlock()
	if before != nil {
		before()
	}
	return m.Driver.Commit(ctx, c)
}

func TestWhatADependencyWasStatedOnHoldsWhenItIsCommitted(t *testing.T) {
	for _, c := range []struct {
		name  string
		id    kritis.Identity
		first string
		input object
		code  string
		path  string
	}{
		{"the provider is withdrawn meanwhile", grid, "facilityWithdraw", object{"id": facilityID(1), "reason": "closed"}, "CONFLICT", "input.provider"},
		{"the dependent is withdrawn meanwhile", grid, "facilityWithdraw", object{"id": facilityID(2), "reason": "closed"}, "CONFLICT", "input.dependent"},
		{"the operator is withdrawn meanwhile", grid, "operatorWithdraw", object{"id": operatorID(1), "reason": "closed"}, "CONFLICT", "input.provider"},
		{"the dependent goes to another operator meanwhile", grid, "facilityChange", with(seen, object{"id": facilityID(2), "operator": operatorID(3)}), "NOT_FOUND", "input.dependent"},
		{"the provider is marked RED meanwhile", networks, "facilityChange", with(seen, object{"id": facilityID(1), "tlp": "RED"}), "NOT_FOUND", "input.provider"},
		{"the operator is marked RED meanwhile", networks, "operatorChange", with(seen, object{"id": operatorID(1), "tlp": "RED"}), "NOT_FOUND", "input.provider"},
		{"another one states it meanwhile", grid, "dependencyCreate", supply("Facility/demo-fa-0001", "Facility/demo-fa-0002", object{"need": "steam"}), "EXISTS", "input"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &meddler{}
			w := onSQLiteBy(t, func(d store.Driver) store.Driver { m.Driver = d; return m })
			p, other := w.caller(t, c.id), w.caller(t, centre)
			m.before = func() { w.must(t, other, c.first, c.input, "") }
			got := w.mutate(t, p, "dependencyCreate", supply("Facility/demo-fa-0001", "Facility/demo-fa-0002", object{"need": "steam"}), "")
			if len(got.UserErrors) == 0 || got.UserErrors[0].Code != c.code || strings.Join(got.UserErrors[0].Path, ".") != c.path || got.Object != nil {
				t.Errorf("%+v, want %s at %s", got, c.code, c.path)
			}
			w.green(t)
		})
	}
}

func TestStatingDependenciesReadsNoNewRulebook(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, centre)
	w.ask(t, p, `{ sectors { slug } }`, nil)
	for i := range 2 * holdsPage {
		w.must(t, p, "dependencyCreate", supply("Facility/demo-fa-0001", "Operator/demo-op-0003", object{"need": fmt.Sprint(i)}), "")
	}
	for _, most := range []int{3, 1} { // the pages of the log that nobody looked at, then one
		w.calls.Reset()
		w.ask(t, p, `{ sectors { slug } }`, nil)
		if got := w.calls.Counts(); got["Log"] > most || w.calls.Total() != got["Log"] {
			t.Errorf("the reads are %v", got)
		}
	}
}

// holdsPage is how many commits are looked at in one read for changes of the rulebook.
const holdsPage = 20
