package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

func TestTheCallerIsToldWhatItMayDoAndWhyNot(t *testing.T) {
	w := onSQLite(t)
	officer := kritis.Identity{Subject: "officer", Body: "zkl-de-by"}
	asked := w.requested(t, w.caller(t, hospital), object{"incident": "demo-1"})
	for _, c := range []struct {
		name   string
		p      kritis.Principal
		action string
		on     string
		can    bool
		de, en string
	}{
		{"the officer of Bavaria, as a rule", w.caller(t, officer), "CONTACT_POINT_EDIT", "", true, "für Kontaktstellen von Bayern", "for contact points of Bavaria"},
		{"its own", w.caller(t, officer), "CONTACT_POINT_EDIT", "ContactPoint/zkl-de-by", true, "LAND_CONTACT", "LAND_CONTACT"},
		{"that of another Land", w.caller(t, officer), "CONTACT_POINT_EDIT", "ContactPoint/zkl-de-he", false, "Für dieses Objekt nicht", "Not for this object"},
		{"one that does not exist", w.caller(t, officer), "CONTACT_POINT_EDIT", "ContactPoint/none", false, "gibt es nicht, oder Sie sehen es nicht", "does not exist, or is not visible"},
		{"something that is none", w.caller(t, officer), "CONTACT_POINT_EDIT", "Authority/bsi", false, "nicht mit einem solchen Objekt", "not done to such an object"},
		{"a token without a Land", w.caller(t, kritis.Identity{Subject: "o", Body: "zkl-de-by", FederalStates: []string{"HE"}}), "CONTACT_POINT_EDIT", "", false, "kein Land übrig", "leaves no Land"},
		{"a narrowed administrator", w.caller(t, kritis.Identity{Subject: "a", Roles: []string{"ADMINISTRATOR"}, FederalStates: []string{"HE", "SL"}}), "CONTACT_POINT_EDIT", "", true, "für Hessen, Saarland", "for Hesse, Saarland"},
		{"a body, as a rule", w.caller(t, kritis.Identity{Subject: "b", Body: "bsi"}), "CONTACT_POINT_EDIT", "ContactPoint/office-bsi", true, "SITUATION_CENTRE", "SITUATION_CENTRE"},
		{"the own office of a body", w.caller(t, kritis.Identity{Subject: "b", Body: "bnetza"}), "CONTACT_POINT_EDIT", "", true, "eigenen Kontakte der Behörde bnetza", "own contacts of the body bnetza"},
		{"the office of another body", w.caller(t, kritis.Identity{Subject: "b", Body: "bnetza"}), "CONTACT_POINT_EDIT", "ContactPoint/office-bsi", false, "Für dieses Objekt nicht", "Not for this object"},
		{"an operator", w.caller(t, hospital), "CONTACT_POINT_EDIT", "", false, "Es fehlt eine der Rollen ADMINISTRATOR oder", "One of the roles ADMINISTRATOR or"},
		{"an operator decides on its own", w.caller(t, grid), "ACCESS_DECIDE", "", true, "was dem Betreiber gehört", "what belongs to the operator"},
		{"on this request", w.caller(t, grid), "ACCESS_DECIDE", asked.ID, true, "OPERATOR", "OPERATOR"},
		{"not on its own request", w.caller(t, hospital), "ACCESS_DECIDE", asked.ID, false, "Für dieses Objekt nicht", "Not for this object"},
		{"not on one that it does not see", w.caller(t, bank), "ACCESS_DECIDE", asked.ID, false, "gibt es nicht", "does not exist"},
		{"anybody with a token asks", w.caller(t, hospital), "ACCESS_REQUEST", "Incident/demo-1", true, "für das, was Sie nicht sehen", "for what you do not see"},
		{"not for what it sees", w.caller(t, grid), "ACCESS_REQUEST", "Incident/demo-1", false, "schon", "already"},
		{"nobody asks without a token", kritis.Anonymous(), "ACCESS_REQUEST", "", false, "fehlt ein Token", "token is missing"},
		{"an administrator breaks the glass", w.caller(t, admin), "BREAK_GLASS", "", true, "ADMINISTRATOR", "ADMINISTRATOR"},
		{"an officer does not", w.caller(t, officer), "BREAK_GLASS", "", false, "Es fehlt die Rolle ADMINISTRATOR", "The role ADMINISTRATOR is missing"},
		{"a report is about nothing that exists before", w.caller(t, grid), "INCIDENT_REPORT", "Incident/demo-1", true, "OPERATOR", "OPERATOR"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var on any
			switch {
			case strings.Contains(c.on, "/"):
				parts := strings.SplitN(c.on, "/", 2)
				on = kritis.GlobalID(store.NewID(parts[0], parts[1]))
			case c.on != "":
				on = c.on
			}
			got := queryAs[struct {
				Viewer struct {
					Can []struct {
						Allowed bool
						De, En  string
					}
				}
			}](t, w, c.p, fmt.Sprintf(`query($on: ID) { viewer { can(actions: [%s], on: $on) { allowed de: reason(lang: DE) en: reason(lang: EN) } } }`, c.action), object{"on": on}).Viewer.Can[0]
			if got.Allowed != c.can || !strings.Contains(got.De, c.de) || !strings.Contains(got.En, c.en) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestEveryActionHasAReason(t *testing.T) {
	w := onSQLite(t)
	var actions []string
	for _, v := range loadSchema(t).Types["Action"].EnumValues {
		actions = append(actions, v.Name)
	}
	for _, p := range []kritis.Principal{developer, kritis.Anonymous(), w.caller(t, hospital), w.caller(t, admin)} {
		got := queryAs[struct {
			Viewer struct {
				Can []struct {
					Action string
					De, En string
				}
			}
		}](t, w, p, `query($a: [Action!]!) { viewer { can(actions: $a) { action de: reason(lang: DE) en: reason(lang: EN) } } }`, object{"a": actions})
		for i, c := range got.Viewer.Can {
			if c.Action != actions[i] || c.De == c.En || !strings.HasSuffix(c.De, ".") || strings.Contains(c.De, "Rollen .") {
				t.Errorf("%s: %+v", p.Subject, c)
			}
		}
	}
}
