package seed_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

// rowsOf are the audiences of supervisory authorities among those of a node, sorted.
func rowsOf(n store.Node) []string {
	rows := []string{}
	for _, a := range n.Own.Audiences {
		if strings.HasPrefix(a, "row:") {
			rows = append(rows, a)
		}
	}
	slices.Sort(rows)
	return rows
}

func TestFixedDemoOperatorsAreForTheirSupervisors(t *testing.T) {
	w := collect(t, demo(seed.Small))
	for id, want := range map[store.ID][]string{
		"Operator/demo-op-0001": {"row:c025", "row:c054"}, // electricity network: BNetzA by EnWG and KRITISDachG
		"Facility/demo-fa-0001": {"row:c025", "row:c054"},
		"Incident/demo-1":       {"row:c025", "row:c054"},
		"Operator/demo-op-0003": {"row:c013", "row:c080/NI"}, // hospitals: BSI, and an authority of Lower Saxony
		"Operator/demo-op-0004": {"row:c038", "row:c074"},    // bank: BaFin by DORA and KRITISDachG
		"Operator/demo-op-0006": {"row:c034", "row:c057"},    // telecommunications: BNetzA by TKG and KRITISDachG
		"Operator/demo-op-0005": {"row:c014", "row:c081/NW"}, // water that supplies Lower Saxony too: where it stands counts
	} {
		if d := cmp.Diff(want, rowsOf(w.nodes[id])); d != "" {
			t.Errorf("%s: %s", id, d)
		}
	}
}

func TestDemoDataAreForTheSupervisorsOfTheirParts(t *testing.T) {
	reference := collect(t, seed.ReferenceChanges(time.Date(2026, 11, 1, 12, 0, 0, 0, kritis.Berlin)))
	nodes, edges := []store.Node{}, []store.Edge{}
	for _, n := range reference.nodes {
		nodes = append(nodes, n)
	}
	for _, e := range reference.edges {
		edges = append(edges, e)
	}
	book, err := kritis.NewRulebook(nodes, edges)
	if err != nil {
		t.Fatal(err)
	}
	w := collect(t, demo(seed.Medium))
	facilities, reporter, affected := map[store.ID][]store.Node{}, map[store.ID]store.ID{}, map[store.ID][]store.ID{}
	for _, e := range w.edges {
		switch e.Type() {
		case kritis.EdgeOperates:
			facilities[e.From] = append(facilities[e.From], w.nodes[e.To])
		case kritis.EdgeReportedBy:
			reporter[e.From] = e.To
		case kritis.EdgeAffects:
			affected[e.From] = append(affected[e.From], e.To)
		}
	}
	without := 0
	for id, n := range w.nodes {
		var want []string
		switch n.Label() {
		case kritis.LabelOperator:
			if want, err = book.OperatorRows(demoDay, n, facilities[id]); err != nil {
				t.Fatal(err)
			}
		case kritis.LabelIncident:
			about := affected[id]
			if len(about) == 0 {
				about = []store.ID{reporter[id]}
			}
			for _, x := range about {
				want = append(want, rowsOf(w.nodes[x])...)
			}
			slices.Sort(want)
			want = slices.Compact(want)
		default:
			continue
		}
		if len(want) == 0 {
			without++
		}
		if d := cmp.Diff(want, rowsOf(n), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%s: %s", id, d)
		}
	}
	if without > len(w.nodes)/50 { // some sectors have no supervisor under the acts of the directory
		t.Errorf("%d of %d things are for no supervisor", without, len(w.nodes))
	}
}
