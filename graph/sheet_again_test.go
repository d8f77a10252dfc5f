package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// A client that sends an import again because it got no answer must not undo what others did meanwhile.
func TestAKeyIsUsedUpByAnImportThatChangesNothing(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, operatorOne)
	in := object{"operator": operatorID(1), "csv": lines("reference,name,backup_power", "demo-fa-0001,,PT8H")}
	w.imports(t, p, "facilityImport", in)
	again := with(in, object{"clientMutationId": "again"})
	first := w.imports(t, p, "facilityImport", again)
	w.must(t, w.caller(t, centre), "facilityChange", with(seen, object{"id": facilityID(1), "backupPower": "PT99H"}), "")
	if second := w.imports(t, p, "facilityImport", again); fmt.Sprint(second.counts()) != fmt.Sprint(first.counts()) || len(second.UserErrors) > 0 {
		t.Errorf("first %v, then %v %v", first.counts(), second.counts(), second.UserErrors)
	}
	facility := query[map[string]object](t, w, `{ facility(reference: "demo-fa-0001") { backupPower } }`, nil)["facility"]
	if facility["backupPower"] != "P4DT3H" {
		t.Errorf("the repetition wrote %v", facility["backupPower"])
	}
	other := w.imports(t, p, "facilityImport", with(again, object{"csv": lines("reference,name,backup_power", "demo-fa-0001,,PT7H")}))
	if !strings.Contains(fmt.Sprint(other.UserErrors), "IDEMPOTENCY_CONFLICT") {
		t.Errorf("another input under the key: %v", other.UserErrors)
	}
}

func TestAnImportThatIsTooLargeTellsNothingOfHiddenIncidents(t *testing.T) {
	w := onSQLite(t)
	rows := []string{"name;branch;federal_state;supply_area;public_telecom"}
	for i := range 1_200 {
		rows = append(rows, fmt.Sprintf("T%d;telecommunications;BY;01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16;TRUE", i))
	}
	ask := func() string {
		got := w.imports(t, w.caller(t, networks), "facilityImport", object{"operator": operatorID(1), "csv": lines(rows...), "dryRun": true})
		return fmt.Sprint(got.counts(), got.UserErrors, got.RowErrors)
	}
	before := ask()
	if !strings.Contains(before, "split the file") {
		t.Fatal(before)
	}
	id := store.NewID(string(kritis.LabelIncident), "hidden")
	reported := store.Edge{ID: store.EdgeID(kritis.EdgeReportedBy, id, "Operator/demo-op-0001"), From: id, To: "Operator/demo-op-0001"}
	w.commit(t, store.Change{
		If: []store.Cond{{ID: id}, {ID: reported.ID}}, Link: []store.Edge{reported},
		Put: []store.Node{{ID: id, Own: store.Visibility{TLP: store.TLPRed, Audiences: []string{kritis.AudienceSituationCentre}}, Props: map[string]store.Value{
			"reference": store.String("hidden"), "title": store.String("x"), "incidentStatus": store.String("OPEN"), "severity": store.String("LOW"), "kind": store.String("CYBER"), "awareAt": store.Int(0),
		}}},
	})
	if after := ask(); after != before {
		t.Errorf("first %s, then %s", before, after)
	}
}
