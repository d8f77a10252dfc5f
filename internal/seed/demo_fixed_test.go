package seed_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

// table returns the rows of the document whose cells begin with such references, without their code marks.
func table(t *testing.T, form string) [][]string {
	t.Helper()
	raw, err := os.ReadFile("../../docs/demo-data.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(form)
	var rows [][]string
	for line := range strings.Lines(string(raw)) {
		if !row.MatchString(line) {
			continue
		}
		cells := strings.Split(strings.ReplaceAll(strings.Trim(strings.TrimSpace(line), "|"), "`", ""), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

// attributeNames are the facts that conditions ask for, in the order of the vocabulary.
func attributeNames() []string {
	var names []string
	for _, l := range kritis.Schema().Labels {
		if l.Label == kritis.LabelOperator {
			for _, p := range l.Props {
				names = append(names, p.Name)
			}
		}
	}
	return names[slices.Index(names, "ownership") : slices.Index(names, "stateLawItProvider")+1]
}

// operatorRow tells an operator as the document does.
func operatorRow(w world, reference string) []string {
	id := store.NewID("Operator", reference)
	n := w.nodes[id]
	var facilities, facts []string
	for _, e := range w.edges {
		if e.From == id && e.Type() == kritis.EdgeOperates {
			facilities = append(facilities, e.To.Key())
		}
	}
	slices.Sort(facilities)
	for _, name := range attributeNames() {
		if v := n.Prop(name); !v.IsZero() {
			facts = append(facts, fmt.Sprintf("%s=%v", name, v.Any()))
		}
	}
	return []string{
		reference, n.Prop("name").Text(), n.Prop("seatCode").Text(), strings.Join(n.Prop("sectorSlugs").List(), ", "), strings.Join(facilities, ", "),
		strings.Join(facts, " "),
	}
}

func TestFixedOperatorsAreAsTheDocumentSaysWithEverySeed(t *testing.T) {
	rows := table(t, "^\\| `demo-op-")
	if len(rows) != 10 {
		t.Fatalf("the document lists %d operators", len(rows))
	}
	for _, number := range []int64{1, 99} {
		w := collect(t, seed.Demo(seed.Options{Seed: number, Size: seed.Small, Day: demoDay}))
		for _, row := range rows {
			if d := cmp.Diff(row, operatorRow(w, row[0])); d != "" {
				t.Errorf("seed %d: %s", number, d)
			}
		}
	}
	if facts := strings.Fields(rows[0][5]); len(facts) != len(attributeNames()) {
		t.Errorf("%s lacks an attribute: %v", rows[0][0], facts)
	}
}

func TestFixedFacilitiesAndPlantedDependenciesAreAsTheDocumentSays(t *testing.T) {
	w := collect(t, demo(seed.Small))
	hours := func(v store.Value) string {
		if v.IsZero() {
			return "unknown"
		}
		return fmt.Sprintf("%d h", v.Num()/3600)
	}
	rows := table(t, "^\\| `demo-fa-[0-9]+` \\| [^`]")
	for _, row := range rows {
		n := w.nodes[store.NewID("Facility", row[0])]
		got := []string{
			row[0], n.Prop("name").Text(), n.Prop("branchSlug").Text(), n.Prop("siteCode").Text(), strings.Join(n.Prop("supplyAreas").List(), " "),
			hours(n.Prop("backupPowerSeconds")), hours(n.Prop("recoverySeconds")),
		}
		if d := cmp.Diff(row, got); d != "" {
			t.Error(d)
		}
	}
	if len(rows) != 18 {
		t.Errorf("the document lists %d facilities", len(rows))
	}
	span := func(seconds int64) string {
		switch {
		case seconds == 0:
			return "–"
		case seconds%3600 == 0:
			return fmt.Sprintf("%d h", seconds/3600)
		}
		return fmt.Sprintf("%d min", seconds/60)
	}
	var got [][]string
	for _, e := range w.edges {
		if e.Type() != kritis.EdgeSupplies || e.To.Key() > "demo-fa-0018" || e.To.Kind() != "Facility" {
			continue
		}
		need := e.Prop("need").Text()
		if need == "" {
			need = "–"
		}
		strength := strconv.FormatFloat(float64(e.Prop("strengthMillionths").Num())/1e6, 'f', -1, 64)
		got = append(got, []string{e.From.Key(), e.To.Key(), e.Prop("kind").Text(), need, strength, span(e.Prop("timeToImpactSeconds").Num()), span(e.Prop("substituteSeconds").Num())})
	}
	slices.SortFunc(got, func(a, b []string) int { return slices.Compare(a, b) })
	if d := cmp.Diff(table(t, "^\\| `demo-fa-[0-9]+` \\| `demo-fa"), got); d != "" {
		t.Error(d)
	}
}

func TestFixedIncidentsAreAsTheDocumentSaysWithEverySeed(t *testing.T) {
	rows := table(t, "^\\| `demo-[0-9]")
	if len(rows) != 3 {
		t.Errorf("the document lists %d incidents", len(rows))
	}
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, kritis.Berlin)
	ago := func(micros int64) string { return fmt.Sprintf("%d h", int(start.Sub(time.UnixMicro(micros)).Hours())) }
	for _, number := range []int64{1, 99} {
		w := collect(t, seed.Demo(seed.Options{Seed: number, Size: seed.Small, Day: demoDay}))
		for _, row := range rows {
			n := w.nodes[store.NewID("Incident", row[0])]
			var about, told []string
			for _, e := range w.edges {
				if e.From == n.ID && e.To.Kind() != "FederalState" {
					about = append(about, e.To.Key())
				}
			}
			slices.SortFunc(about, func(a, b string) int { return strings.Compare(b, a) })
			for _, part := range n.Prop("informed").List() {
				body, at := informing(t, part)
				told = append(told, body+" "+ago(at))
			}
			got := []string{row[0], n.Prop("kind").Text(), strings.Join(about, ", "), n.Prop("title").Text(), ago(n.Prop("awareAt").Num()), ago(n.Prop("reportedAt").Num()),
				strings.Join(told, ", ")}
			if d := cmp.Diff(row, got); d != "" {
				t.Errorf("seed %d: %s", number, d)
			}
			if status, severity := n.Prop("incidentStatus").Text(), n.Prop("severity").Text(); status != "OPEN" || severity != "HIGH" || n.Own.TLP != store.TLPAmber {
				t.Errorf("%s is %s, %s and %v", row[0], status, severity, n.Own.TLP)
			}
		}
	}
}
