package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// withheld is what the list of incidents says of what it withholds, one text for each entry.
func (w *world) withheld(t *testing.T, p kritis.Principal, call string) []string {
	t.Helper()
	data := queryAs[object](t, w, p, `{ `+strings.Replace(call, "$", `redactions { reason count description(lang: EN) }`, 1)+` }`, nil)
	for data["redactions"] == nil {
		for _, below := range data {
			data = below.(object)
		}
	}
	var out []string
	for _, r := range list(t, data, "redactions") {
		text := fmt.Sprint(r["reason"], " ", r["count"])
		if few := strings.HasPrefix(r["description"].(string), "Fewer than five"); few != (r["count"] == nil) {
			t.Errorf("%s is described as %s", text, r["description"])
		}
		out = append(out, text)
	}
	return out
}

// A list tells how much of it is withheld to those to whom it is told for what it concerns, from five things on.
func TestAListSaysHowMuchIsWithheld(t *testing.T) { checkRedactions(t, onSQLite(t)) }

func checkRedactions(t *testing.T, w *world) {
	officer := kritis.Identity{Subject: "officer", Body: "zkl-de-by"}
	reds := func() (n int) { // incidents of Bavaria that are marked RED
		page, err := w.store.List(t.Context(), kritis.Maintenance(), store.Query{Labels: []store.Label{kritis.LabelIncident}, Limit: store.MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range page.Hits {
			if hit.Node.Settled.TLP == store.TLPRed && slices.Contains(hit.Node.Settled.Audiences, kritis.AudienceLand("BY")) {
				n++
			}
		}
		return n
	}
	visible := queryAs[struct {
		Incidents struct{ Nodes []struct{ Reference string } }
	}](t, w, w.caller(t, officer), `{ incidents(first: 100) { nodes { reference } } }`, nil).Incidents.Nodes
	first := reds()
	if first > 3 || first+len(visible) < 7 {
		t.Fatalf("%d incidents are RED and %d are not, so the test could not fail", first, len(visible))
	}
	for i := 0; ; i++ {
		have := reds()
		want := "MARKING <nil>"
		if have >= 5 {
			want = fmt.Sprint("MARKING ", have)
		}
		if got := w.withheld(t, w.caller(t, officer), `incidents { $ }`); !slices.Equal(got, []string{want}) {
			t.Errorf("%d are withheld: %v", have, got)
		}
		if have == 6 {
			break
		}
		w.amend(t, store.NewID("Incident", visible[i].Reference), store.TLPRed, nil)
	}
	told, silent := []string{"MARKING 6"}, []string(nil)
	for _, c := range []struct {
		name, call string
		p          kritis.Principal
		want       []string
	}{
		{"of a page", `incidents(first: 1) { $ }`, w.caller(t, officer), told},
		{"of a filter that is none", `incidents(where: {}) { $ }`, w.caller(t, officer), told},
		{"nothing of a filter", `incidents(where: {severity: {eq: HIGH}}) { $ }`, w.caller(t, officer), silent},
		{"nothing of a filter that all pass", `incidents(where: {not: {reference: {eq: "x"}}}) { $ }`, w.caller(t, officer), silent},
		{"nothing of the list of a Land", `federalState(code: BY) { incidents { $ } }`, w.caller(t, officer), silent},
		{"another Land has its own number", `incidents { $ }`, w.caller(t, kritis.Identity{Subject: "o", Body: "zkl-de-sl"}), []string{"MARKING <nil>"}},
		{"operators withhold few", `operators { $ }`, w.caller(t, officer), []string{"MARKING <nil>"}},
		{"an operator sees its own", `incidents { $ }`, w.caller(t, grid), []string{"MARKING <nil>"}},
		{"nobody is told nothing", `incidents { $ }`, kritis.Anonymous(), silent},
		{"an auditor is told nothing", `incidents { $ }`, w.caller(t, kritis.Identity{Subject: "a", Roles: []string{"AUDITOR"}}), silent},
		{"an administrator is told nothing", `facilities { $ }`, w.caller(t, admin), silent},
		{"nor as the officer of a Land", `incidents { $ }`, w.caller(t, kritis.Identity{Subject: "o", Body: "zkl-de-by", Roles: []string{"ADMINISTRATOR"}}), silent},
		{"the situation centre is told none", `incidents { $ }`, w.caller(t, centre), []string{"MARKING 0"}},
		{"the situation centre is told few", `incidents { $ }`, w.caller(t, kritis.Identity{Subject: "c", Body: "bsi-situation-centre", FederalStates: []string{"BY"}, MaxTLP: "AMBER_STRICT"}), told},
	} {
		if got := w.withheld(t, c.p, c.call); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	w.calls.Reset()
	queryAs[object](t, w, w.caller(t, officer), `{ incidents { totalCount } }`, nil)
	if n := w.calls.Counts()["Count"]; n != 0 {
		t.Errorf("%d counts where nobody asks", n)
	}
}

func TestWhoSeesAThingByAGrantIsNotToldThatItIsWithheld(t *testing.T) {
	w := onSQLite(t)
	const document = `{ incidents { totalCount redactions { count } } }`
	before := string(w.ask(t, w.caller(t, hospital), document, nil))
	w.decided(t, grid, w.requested(t, w.caller(t, hospital), object{"incident": "demo-1"}), true, nil)
	seen := string(w.ask(t, w.caller(t, hospital), document, nil))
	w.amend(t, "Incident/demo-1", store.TLPRed, nil)
	if after := string(w.ask(t, w.caller(t, hospital), document, nil)); after != before || seen == before {
		t.Errorf("without %s, with %s, above its marking %s", before, seen, after)
	}
}
