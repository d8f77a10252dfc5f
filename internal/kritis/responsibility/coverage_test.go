package responsibility_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/responsibility"
)

func TestCoverageIsTheMatrixOfLaenderAndSectors(t *testing.T) {
	rb := shipped(t)
	rows, err := rb.Coverage("kritisdachg", today, responsibility.ForSupervision)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, row := range rows {
		order = append(order, row[0].Land)
		if len(row) != 16 {
			t.Errorf("%s has %d cells, want 16", row[0].Land, len(row))
		}
	}
	if got := strings.Join(order, " "); got != "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH" {
		t.Errorf("order of Länder: %s", got)
	}
	var got []string
	for _, cell := range rows[3] {
		got = append(got, strings.TrimSpace(fmt.Sprintln(cell.Land, cell.Sector, cell.Status, cell.Codes)))
	}
	want := []string{
		"BY energy AMBIGUOUS [NOT_DESIGNATED]",
		"BY water PARTIAL [NOT_DESIGNATED]",
		"BY food PARTIAL [NOT_DESIGNATED]",
		"BY ict AMBIGUOUS []",
		"BY health PARTIAL [NOT_DESIGNATED]",
		"BY finance AMBIGUOUS [NOT_DESIGNATED]",
		"BY social-insurance AMBIGUOUS [NOT_DESIGNATED]",
		"BY transport AMBIGUOUS [NOT_DESIGNATED]",
		"BY municipal-waste PARTIAL [NOT_DESIGNATED]",
		"BY space PARTIAL [NOT_DESIGNATED]",
		"BY state-administration AMBIGUOUS []",
		"BY media-culture NOT_APPLICABLE []",
		"BY chemicals NOT_APPLICABLE []",
		"BY manufacturing NOT_APPLICABLE []",
		"BY digital-providers NOT_APPLICABLE []",
		"BY research NOT_APPLICABLE []",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestCoverageCellsAreAnswers compares every cell of every act and duty purpose with the answer that it sums up.
func TestCoverageCellsAreAnswers(t *testing.T) {
	rb := shipped(t)
	for _, act := range []string{"bsig", "kritisdachg", "enwg", "nis2-directive", "baydig", "gdpr"} {
		for _, p := range []responsibility.Purpose{responsibility.ForSupervision, responsibility.ForCyberIncident, responsibility.ForCrisis} {
			rows, err := rb.Coverage(act, today, p)
			if err != nil {
				t.Fatal(err)
			}
			for _, cell := range slices.Concat(rows...) {
				want := responsibility.Cell{Land: cell.Land, Sector: cell.Sector, Status: responsibility.NotApplicableStatus}
				if r := regimeOf(answer(t, rb, sector(cell.Land, cell.Sector), p, today), act); r != nil {
					want.Status, want.Codes = r.Status, r.Codes
				}
				if d := cmp.Diff(want, cell); d != "" {
					t.Errorf("%s %s: %s", act, p, d)
				}
			}
		}
	}
}

func TestCoverageBeforeTheActHasOnlyTheGapOfTime(t *testing.T) {
	rb := shipped(t)
	rows, err := rb.Coverage("kritisdachg", "2026-03-16", responsibility.ForSupervision)
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range rows[3][:10] {
		if cell.Status != responsibility.Unresolved || len(cell.Codes) != 1 || cell.Codes[0] != responsibility.NotYetInForce {
			t.Errorf("%+v, want UNRESOLVED for NOT_YET_IN_FORCE alone", cell)
		}
	}
}

func TestCoverageRefusesUnknownInput(t *testing.T) {
	rb := shipped(t)
	tests := []struct{ name, act, day, purpose, field string }{
		{"act", "bsi-law", today, "SUPERVISION", "legalActs"},
		{"no act", "", today, "SUPERVISION", "legalAct"},
		{"day", "bsig", "2026-13-01", "SUPERVISION", "day"},
		{"purpose", "bsig", today, "FUN", "purpose"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := rb.Coverage(tt.act, responsibility.Day(tt.day), responsibility.Purpose(tt.purpose))
			var in *responsibility.InputError
			if !errors.As(err, &in) || in.Field != tt.field {
				t.Errorf("error = %v, want one for %s", err, tt.field)
			}
		})
	}
}
