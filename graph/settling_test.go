package graph_test

import (
	"slices"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// checkSettling moves electricity networks from one row of the Bundesnetzagentur to another, and looks at what is registered after the audiences
// are settled.
func checkSettling(t *testing.T, w *world) {
	rows, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"Competence/c025", "Competence/c163"})
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	// The row of plants takes networks over, so the act still displaces the BSIG and the body stays the same one.
	change := store.Change{Meta: store.Meta{Actor: "test", Action: "PUBLISH"}}
	rows[0].Props[store.ValidUntil] = store.String(string(kritis.DayOf(moment)))
	rows[1].Props["appliesWhen"] = store.Strings("energyRole=NETWORK_OPERATOR|PLANT_OR_DIGITAL_SERVICE")
	for _, n := range rows {
		change.Put, change.If = append(change.Put, n), append(change.If, store.Cond{ID: n.ID, Version: n.Version})
	}
	if _, err := w.store.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		written, err := w.app.SettleAudiences(t.Context())
		if err != nil || written > 0 != want {
			t.Errorf("wrote %d things: %v", written, err)
		}
	}
	found, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"Operator/demo-op-0001", "Facility/demo-fa-0001", "Incident/demo-1"})
	if err != nil || len(found) != 3 {
		t.Fatalf("%d things: %v", len(found), err)
	}
	for _, n := range found {
		for _, audiences := range [][]string{n.Own.Audiences, n.Settled.Audiences} {
			if rows := kritis.RowAudiences(audiences); !slices.Equal(rows, []string{"row:c054", "row:c163"}) {
				t.Errorf("%s is for %v", n.ID, rows)
			}
		}
	}
}

func TestSettlingOnSQLite(t *testing.T) { checkSettling(t, onSQLite(t)) }
