package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

func TestNothingIsStatedOnWhatOthersWithdrawMeanwhile(t *testing.T) {
	checkWithdrawnBeside(t, onSQLite(t))
}

// checkWithdrawnBeside lets editors state, import, change and withdraw dependencies among the facilities of an operator while these, and then the operator, are
// withdrawn. In the order of the log nothing is stated on what had ended.
func checkWithdrawnBeside(t *testing.T, w *world) {
	begin := w.head(t)
	by := func(name string, input object) string {
		return w.code(t, developer, fmt.Sprintf(`mutation($input: %sInput!) { m: %s(input: $input) { userErrors { code } } }`, strings.ToUpper(name[:1])+name[1:], name), object{"input": input})
	}
	codes := atOnce(editors, func(i int) string {
		need := fmt.Sprintf("n%d", i)
		from, to := store.ID("Facility/demo-fa-0001"), store.ID("Facility/demo-fa-0002")
		made := by("dependencyCreate", supply(from, to, object{"need": need}))
		switch i % 5 {
		case 0:
			return by("dependencyImport", with(seen, object{"operator": operatorID(1), "csv": lines(dependencyHeader,
				"demo-fa-0003;demo-fa-0001;"+need+";CYBER;0,5;PT1H;;;;ESTIMATED;;;;", "demo-fa-0001;demo-fa-0002;"+need+";CYBER;0,4;PT1H;;;;ESTIMATED;;;;")}))
		case 1:
			return by("facilityChange", with(seen, object{"id": facilityID(1 + i%3), "backupPower": fmt.Sprintf("PT%dH", i)}))
		case 2:
			return by("dependencyWithdraw", object{"id": kritis.GlobalID(kritis.DependencyID(from, to, need)), "reason": "beside"})
		case 3:
			return by("facilityImport", with(seen, object{"operator": operatorID(1), "csv": lines("reference;backup_power", fmt.Sprintf("demo-fa-0001;PT%dM", i))}))
		}
		if i == editors-1 {
			return by("operatorWithdraw", object{"id": operatorID(1), "reason": "insolvent"})
		}
		if i == 9 {
			return by("facilityWithdraw", object{"id": facilityID(2), "reason": "closed"})
		}
		return made
	})
	ended := map[store.ID]bool{}
	page, err := w.store.Log(t.Context(), kritis.Maintenance(), store.LogQuery{After: begin, Limit: store.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	stated := 0
	for _, r := range page.Records {
		for _, e := range r.Change.Link {
			if e.Type() != kritis.EdgeSupplies || !e.Prop(store.ValidUntil).IsZero() {
				continue
			}
			stated++
			if ended[e.From] || ended[e.To] {
				t.Errorf("%s is stated by %s in %d on what had ended", e.ID, r.Change.Meta.Action, r.Seq)
			}
		}
		for _, n := range r.Change.Put {
			if !n.Prop(store.ValidUntil).IsZero() {
				ended[n.ID] = true
			}
		}
	}
	if !ended["Operator/demo-op-0001"] || stated == 0 {
		t.Errorf("%d were stated: %v", stated, codes)
	}
	w.green(t)
}
