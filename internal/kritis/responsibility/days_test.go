package responsibility_test

import (
	"slices"
	"testing"
	"time"

	"kritisgraph/internal/kritis/responsibility"
)

func dayBefore(t *testing.T, d responsibility.Day) string {
	t.Helper()
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		t.Fatal(err)
	}
	return at.AddDate(0, 0, -1).Format(time.DateOnly)
}

func regimeOf(a responsibility.Answer, act string) *responsibility.Regime {
	for i := range a.Regimes {
		if a.Regimes[i].Act.Slug == act {
			return &a.Regimes[i]
		}
	}
	return nil
}

// TestEveryRowBeginsWithItsActOrItsOwnFirstDay asks, for each row that is a certain step today, on the day before its first
// day and on that day. Before the act the regime has one gap; before the row the role has none of its bodies.
func TestEveryRowBeginsWithItsActOrItsOwnFirstDay(t *testing.T) {
	d := shippedData(t)
	rb := rulebook(t, d)
	acts := map[string]bool{}
	for _, c := range d.Competences {
		hit, _ := certainFor(t, rb, d, c)
		if hit == nil {
			continue
		}
		acts[c.Act] = true
		t.Run(c.ID, func(t *testing.T) {
			first := max(c.ValidFrom, rb.Act(c.Act).InForceSince)
			if !find(answer(t, rb, hit.unit, hit.purpose, string(first), c.Act), c.ID).certain {
				t.Errorf("no step on its first day %s", first)
			}
			before := answer(t, rb, hit.unit, hit.purpose, dayBefore(t, first), c.Act)
			if find(before, c.ID) != (found{}) {
				t.Errorf("a step on the day before %s", first)
			}
			announces(t, before, c, first, first == rb.Act(c.Act).InForceSince)
		})
	}
	for _, c := range d.Competences {
		if !acts[c.Act] {
			t.Errorf("no row of %s was asked", c.Act)
			acts[c.Act] = true
		}
	}
}

// announces checks the gap on the day before: one of the whole act, or one of the row's role and Land.
func announces(t *testing.T, before responsibility.Answer, c responsibility.Competence, first responsibility.Day, withAct bool) {
	t.Helper()
	r := regimeOf(before, c.Act)
	if r == nil {
		t.Fatalf("no regime before the first day: %s", transcript(before))
	}
	if withAct && (r.Status != responsibility.Unresolved || len(r.Chain) > 0 || len(r.Gaps) != 1) {
		t.Errorf("before the act: %s", transcript(before))
	}
	role, land := roleOf(c), c.Land
	if withAct {
		role, land = "", ""
	}
	if !slices.ContainsFunc(r.Gaps, func(g responsibility.Gap) bool {
		return g.Code == responsibility.NotYetInForce && g.Role == role && g.Land == land && g.FirstDay() == first
	}) {
		t.Errorf("no gap for %q in %q until %s: %s", role, land, first, transcript(before))
	}
}

func TestRowThatBeginsAfterItsActIsAGapWithRoleAndLand(t *testing.T) {
	rb := shipped(t)
	u := branch("SN", "government-administration", "administrationLevel=STATE")
	a := answer(t, rb, u, responsibility.ForCyberIncident, "2024-06-11")
	want := trim(`
			UNRESOLVED
			saechsisichg UNRESOLVED
			  ! NOT_YET_IN_FORCE reporting SN
			  ! NOT_YET_IN_FORCE supervision SN
			not bsig NOT_COVERED`)
	if got := transcript(a); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRowEndsOnItsLastDay(t *testing.T) {
	d := shippedData(t)
	for i := range d.Competences {
		if c := &d.Competences[i]; c.ID == "c025" || c.ID == "c026" || c.ID == "c027" {
			c.ValidUntil = "2026-10-01"
		}
	}
	rb := rulebook(t, d)
	u := branch("BW", "electricity", "energyRole=NETWORK_OPERATOR")
	tests := []struct{ day, want string }{
		{"2026-09-30", `
			RESOLVED
			enwg RESOLVED -bsig
			  1 supervision bnetza BRANCH
			kritisdachg RESOLVED
			  1 supervision bnetza SERVICE
			not bsig DISPLACED`},
		{"2026-10-01", `
			RESOLVED
			bsig RESOLVED
			  1 supervision bsi SECTOR
			kritisdachg RESOLVED
			  1 supervision bnetza SERVICE`},
	}
	for _, tt := range tests {
		if got := transcript(answer(t, rb, u, responsibility.ForSupervision, tt.day)); got != trim(tt.want) {
			t.Errorf("on %s:\n%s\nwant\n%s", tt.day, got, trim(tt.want))
		}
	}
}

func TestBeforeTwoActsDisplacementIsJudgedAsIfBothWereInForce(t *testing.T) {
	rb := shipped(t)
	a := answer(t, rb, branch("BW", "electricity", "energyRole=NETWORK_OPERATOR"), responsibility.ForSupervision, "2025-11-01", "enwg", "bsig")
	want := trim(`
			UNRESOLVED
			enwg UNRESOLVED
			  ! NOT_YET_IN_FORCE
			not bsig DISPLACED`)
	if got := transcript(a); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDayIsTheCalendarDayInBerlin(t *testing.T) {
	tests := []struct {
		instant string
		want    responsibility.Day
	}{
		{"2026-03-16T23:00:00Z", "2026-03-17"},
		{"2026-03-16T22:59:59Z", "2026-03-16"},
		{"2026-07-01T21:59:59Z", "2026-07-01"},
		{"2026-07-01T22:00:00Z", "2026-07-02"},
		{"2026-11-01T00:30:00+14:00", "2026-10-31"},
	}
	for _, tt := range tests {
		at, err := time.Parse(time.RFC3339, tt.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := responsibility.DayOf(at); got != tt.want {
			t.Errorf("DayOf(%s) = %s, want %s", tt.instant, got, tt.want)
		}
	}
	for _, bad := range []responsibility.Day{"", "2026-02-29", "2026-1-1", "17.04.2026", "2026-04-17T00:00:00Z"} {
		if bad.Valid() {
			t.Errorf("%q is said to be a day", bad)
		}
	}
}
