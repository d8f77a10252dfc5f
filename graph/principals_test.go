package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
)

func TestTheGraphAndNotTheTokenSaysWhatACallerSees(t *testing.T) {
	w := onSQLite(t)
	const ask = `{ operators(first: 1) { totalCount } viewer { roles scopes { federalStates { code } maxTlp } can(actions: [INCIDENT_REPORT, BRIEFING_PUBLISH, CONTACT_POINT_EDIT, OPERATOR_EDIT, FACILITY_EDIT, AUTHORITY_EDIT]) { allowed } } }`
	for _, c := range []struct {
		name  string
		id    kritis.Identity
		some  bool
		roles string
		lands int
		tlp   string
		can   string
	}{
		{"the situation centre sees all", kritis.Identity{Body: "bsi-situation-centre"}, true, "[SITUATION_CENTRE]", 16, "RED", "[true true true true true false]"},
		{"the officer of a Land sees the Land", kritis.Identity{Body: "zkl-de-by"}, true, "[LAND_CONTACT]", 1, "AMBER_STRICT", "[false false true false false true]"},
		{"an operator sees itself", kritis.Identity{Operator: "demo-op-0003"}, true, "[OPERATOR]", 0, "RED", "[true false false true true false]"},
		{"an auditor sees the public directory", kritis.Identity{Roles: []string{"AUDITOR"}}, false, "[AUDITOR]", 0, "GREEN", "[false false false false false false]"},
		{"an administrator sees what it maintains", kritis.Identity{Roles: []string{"ADMINISTRATOR"}}, true, "[ADMINISTRATOR]", 16, "AMBER_STRICT", "[false false true true true true]"},
		{"the BBK sees all Länder", kritis.Identity{Body: "bbk"}, true, "[BBK]", 16, "AMBER_STRICT", "[false false true false false false]"},
		{"a role that only a body gives is not taken from a token", kritis.Identity{Roles: []string{"SITUATION_CENTRE", "LAND_CONTACT"}}, false, "[]", 0, "GREEN", "[false false false false false false]"},
		{"a body that nobody knows gives nothing", kritis.Identity{Body: "zkl-de-xx"}, false, "[]", 0, "GREEN", "[false false false false false false]"},
		{"a body without a contact role or competence gives nothing", kritis.Identity{Body: "zac-de-by"}, false, "[]", 0, "GREEN", "[false false true false false false]"},
		{"a placeholder gives nothing", kritis.Identity{Body: "state-competent-authority"}, false, "[]", 0, "GREEN", "[false false false false false false]"},
		{"a federal supervisor sees what it supervises", kritis.Identity{Body: "bnetza"}, true, "[SUPERVISOR]", 16, "AMBER_STRICT", "[false false true true true false]"},
		{"another one likewise", kritis.Identity{Body: "bafin"}, true, "[SUPERVISOR]", 16, "AMBER_STRICT", "[false false true true true false]"},
		{"a supervisor of a Land has the Land", kritis.Identity{Body: "lsi-by"}, false, "[SUPERVISOR]", 1, "AMBER_STRICT", "[false false true true true false]"},
		{"a token narrows the marking of a supervisor", kritis.Identity{Body: "bnetza", MaxTLP: "CLEAR"}, false, "[SUPERVISOR]", 16, "CLEAR", "[false false true true true false]"},
		{"a token with Länder leaves federal competences out", kritis.Identity{Body: "bnetza", FederalStates: []string{"BY"}}, false, "[SUPERVISOR]", 0, "AMBER_STRICT", "[false false true true true false]"},
		{"a token narrows the Länder", kritis.Identity{Body: "bsi", FederalStates: []string{"HE", "NI"}}, true, "[SITUATION_CENTRE SUPERVISOR]", 2, "RED", "[true true true true true false]"},
		{"a token does not widen the Länder", kritis.Identity{Body: "zkl-de-by", FederalStates: []string{"HE"}}, false, "[LAND_CONTACT]", 0, "AMBER_STRICT", "[false false false false false false]"},
		{"a token narrows the marking", kritis.Identity{Body: "bsi", MaxTLP: "CLEAR"}, false, "[SITUATION_CENTRE SUPERVISOR]", 16, "CLEAR", "[true true true true true false]"},
		{"a token does not widen the marking", kritis.Identity{Body: "zkl-de-by", MaxTLP: "RED"}, true, "[LAND_CONTACT]", 1, "AMBER_STRICT", "[false false true false false true]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := queryAs[struct {
				Operators struct{ TotalCount int }
				Viewer    struct {
					Roles  []string
					Scopes []struct {
						FederalStates []struct{ Code string }
						MaxTlp        string
					}
					Can []struct{ Allowed bool }
				}
			}](t, w, w.caller(t, c.id), ask, nil)
			if got := answer.Operators.TotalCount > 0; got != c.some {
				t.Errorf("%d operators", answer.Operators.TotalCount)
			}
			var can []bool
			for _, d := range answer.Viewer.Can {
				can = append(can, d.Allowed)
			}
			scope := answer.Viewer.Scopes[0]
			if fmt.Sprint(answer.Viewer.Roles) != c.roles || len(scope.FederalStates) != c.lands || scope.MaxTlp != c.tlp || fmt.Sprint(can) != c.can {
				t.Errorf("roles %v, %d Länder up to %s, can %v", answer.Viewer.Roles, len(scope.FederalStates), scope.MaxTlp, can)
			}
		})
	}
	if _, err := w.app.Enter(t.Context(), kritis.Identity{MaxTLP: "PINK"}); err == nil {
		t.Error("a marking that there is not was taken")
	}
}

func TestASupervisorSeesWhatItsCompetencesReach(t *testing.T) {
	w := onSQLite(t)
	const ask = `{
		operators(first: 100) { nodes { reference } } facilities(first: 100) { nodes { reference } } incident(reference: "demo-1") { reference }
		viewer { scopes { sectors { slug } } }
	}`
	type list struct{ Nodes []struct{ Reference string } }
	has := func(l list, reference string) bool {
		return slices.ContainsFunc(l.Nodes, func(n struct{ Reference string }) bool { return n.Reference == reference })
	}
	for _, c := range []struct {
		name, body string
		sees       []string // operators, and facilities
		hidden     []string
		incident   bool
		sectors    string
	}{
		{
			"the Bundesnetzagentur sees networks of electricity and telecommunications, no hospital, water or bank", "bnetza",
			[]string{"demo-op-0001", "demo-fa-0001", "demo-op-0006", "demo-op-0009", "demo-op-0010"},
			[]string{"demo-op-0003", "demo-op-0004", "demo-op-0005", "demo-fa-0006", "demo-fa-0008"}, true, "energy ict",
		},
		{
			"the BaFin sees banks only", "bafin", []string{"demo-op-0004", "demo-fa-0008"},
			[]string{"demo-op-0001", "demo-op-0003", "demo-op-0006", "demo-fa-0001"}, false, "finance",
		},
		{
			"the LSI sees the administration of Bavaria, not its networks", "lsi-by", nil,
			[]string{"demo-op-0001", "demo-op-0003", "demo-fa-0001"}, false, "state-administration",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := queryAs[struct {
				Operators, Facilities list
				Incident              *struct{ Reference string }
				Viewer                struct {
					Scopes []struct{ Sectors []struct{ Slug string } }
				}
			}](t, w, w.caller(t, kritis.Identity{Body: c.body}), ask, nil)
			for _, reference := range c.sees {
				if !has(answer.Operators, reference) && !has(answer.Facilities, reference) {
					t.Errorf("does not see %s", reference)
				}
			}
			for _, reference := range c.hidden {
				if has(answer.Operators, reference) || has(answer.Facilities, reference) {
					t.Errorf("sees %s", reference)
				}
			}
			if (answer.Incident != nil) != c.incident {
				t.Errorf("incident: %v", answer.Incident)
			}
			var sectors []string
			for _, s := range answer.Viewer.Scopes[0].Sectors {
				sectors = append(sectors, s.Slug)
			}
			if got := strings.Join(sectors, " "); got != c.sectors {
				t.Errorf("sectors %s", got)
			}
		})
	}
}
