package seed_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/seed"
)

func TestLoadReadsEveryRowOfTheEmbeddedFiles(t *testing.T) {
	r, err := seed.Load()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{
		"authorities": len(r.Authorities.Authorities), "competences": len(r.Competences.Competences),
		"dependencies": len(r.Dependencies.Dependencies), "legal acts": len(r.LegalActs.LegalActs),
		"criteria": len(r.MIRT.Criteria), "deadlines": len(r.Deadlines.Deadlines), "sectors": len(r.Taxonomy.Sectors),
		"branches": len(r.Taxonomy.Branches), "services": len(r.Taxonomy.Services), "states": len(r.States.States),
		"statistics": len(r.Statistics.Statistics), "products": len(r.Situation.SituationProducts),
		"report fields": len(r.IncidentTaxonomy.ReportFields),
	}
	want := map[string]int{
		"authorities": 121, "competences": 182, "dependencies": 97, "legal acts": 30, "criteria": 24, "deadlines": 67,
		"sectors": 16, "branches": 47, "services": 28, "states": 16, "statistics": 15, "products": 6, "report fields": 20,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestLoadKeepsConditionsInTheOrderOfTheFileAndBooleansAsWords(t *testing.T) {
	r, err := seed.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Competences.Competences {
		if c.ID != "c040" {
			continue
		}
		want := seed.Conditions{{Attribute: "doraEntity", Values: []string{"true"}}, {Attribute: "exchangeOperator", Values: []string{"false"}}}
		if d := cmp.Diff(want, c.AppliesWhen); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{"bsig"}, c.Displaces); d != "" {
			t.Errorf("anchor of another row: %s", d)
		}
		if c.Source == "" || c.Confidence != "verified" {
			t.Errorf("provenance = %+v", c.Provenance)
		}
		return
	}
	t.Fatal("row c040 not found")
}

func TestLoadRefusesBadFiles(t *testing.T) {
	tests := []struct {
		name, file, old, new, want string
	}{
		{"an unknown key in a row", "states.yaml", "    capital: Stuttgart\n", "    capitol: Stuttgart\n", "capitol"},
		{"an unknown key in an inlined part", "statistics.yaml", "    confidence: verified\n", "    confidance: verified\n", "confidance"},
		{"a key that stands twice in a row", "statistics.yaml", "    value: 1119\n", "    value: 1119\n    value: 1120\n", "value"},
		{"a row that stands twice", "statistics.yaml", "  - id: kritis-facilities\n", "  - id: kritis-operators\n", "kritis-operators stands twice"},
		{"a row without source", "statistics.yaml", "    source: https://drhellberg.de/news/news013535.htm\n", "", "has no source"},
		{"words for a number", "states.yaml", "    area_km2: 35747.85\n", "    area_km2: large\n", "states.yaml"},
		{"a condition that is no list", "competences.yaml", "      euMainEstablishmentInGermany:\n        - true\n", "      euMainEstablishmentInGermany: true\n", "want a list"},
		{"a facility category that stands twice", "sectors.yaml", "code: '1.1.1.2'", "code: '1.1.1.1'", "1.1.1.1"},
		{"a confidence that is none", "statistics.yaml", "    confidence: verified\n", "    confidence: sure\n", "sure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := seed.LoadFrom(replaced(t, tt.file, tt.old, tt.new))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.file) {
				t.Errorf("error = %v, want one that names %s and %q", err, tt.file, tt.want)
			}
		})
	}
}

// replaced returns the files of the reference with one place changed.
func replaced(t *testing.T, file, old, changed string) fs.FS {
	t.Helper()
	dir := fstest.MapFS{}
	entries, err := os.ReadDir("reference")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		raw, err := os.ReadFile("reference/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() == file {
			if !strings.Contains(string(raw), old) {
				t.Fatalf("%s lacks %q", file, old)
			}
			raw = []byte(strings.Replace(string(raw), old, changed, 1))
		}
		dir[e.Name()] = &fstest.MapFile{Data: raw}
	}
	return dir
}

func TestDecimalScalesWithoutRounding(t *testing.T) {
	tests := []struct {
		in     seed.Decimal
		digits int
		want   int64
		fails  bool
	}{
		{"35747.85", 2, 3574785, false}, {"0.3", 2, 30, false}, {"12", 1, 120, false}, {"-1.5", 1, -15, false},
		{"0.333", 2, 0, true}, {"", 2, 0, true}, {"1e3", 2, 0, true}, {"1.2.3", 4, 0, true},
	}
	for _, tt := range tests {
		got, err := tt.in.Scaled(tt.digits)
		if got != tt.want || (err != nil) != tt.fails {
			t.Errorf("Decimal(%q).Scaled(%d) = %d, %v; want %d, fails %v", tt.in, tt.digits, got, err, tt.want, tt.fails)
		}
	}
}
