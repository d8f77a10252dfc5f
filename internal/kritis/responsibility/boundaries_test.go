package responsibility_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/responsibility"
)

// TestStepsChangeOnBoundariesOnly moves days of a few acts and rows about and asks on each day of a span.
func TestStepsChangeOnBoundariesOnly(t *testing.T) {
	w := newWorld(t)
	const span = 30
	dayAt := func(n int) responsibility.Day {
		return responsibility.Day(time.Date(2027, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	changed := 0
	rapid.Check(t, func(t *rapid.T) {
		d := w.data
		d.Acts, d.Competences = slices.Clone(d.Acts), slices.Clone(d.Competences)
		day := rapid.Custom(func(t *rapid.T) responsibility.Day { return dayAt(rapid.IntRange(0, span).Draw(t, "day")) })
		for range rapid.IntRange(0, 3).Draw(t, "acts") {
			d.Acts[rapid.IntRange(0, len(d.Acts)-1).Draw(t, "act")].InForceSince = day.Draw(t, "in force")
		}
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			c := &d.Competences[rapid.IntRange(0, len(d.Competences)-1).Draw(t, "row")]
			if rapid.Bool().Draw(t, "begins") {
				c.ValidFrom, c.ValidUntil = day.Draw(t, "from"), ""
			} else {
				c.ValidFrom, c.ValidUntil = "", day.Draw(t, "until")
			}
		}
		rb, err := responsibility.NewRulebook(d)
		if err != nil {
			t.Fatal(err)
		}
		purpose := w.purpose(t)
		boundaries := rb.Boundaries(purpose)
		u := w.unit(t)
		before := ""
		for n := range span + 2 {
			a, err := rb.Answer(responsibility.Question{Units: []responsibility.Unit{u}, Purpose: purpose, Day: dayAt(n)})
			if err != nil {
				t.Fatal(err)
			}
			steps := stepsAlone(a)
			if n > 0 && steps != before {
				changed++
				if !slices.Contains(boundaries, dayAt(n)) {
					t.Fatalf("%s is none of %v, but\n%s\nbecomes\n%s", dayAt(n), boundaries, before, steps)
				}
			}
			before = steps
		}
	})
	if changed == 0 {
		t.Error("no answer changed, so the test could not fail")
	}
}

// stepsAlone writes the steps and alternatives of an answer with all rows that lead to them.
func stepsAlone(a responsibility.Answer) string {
	var lines []string
	add := func(kind string, s *responsibility.Step) {
		line := []string{kind, string(s.Role), s.Land, s.Body.Slug, s.Competence.ID}
		for _, c := range s.Others {
			line = append(line, c.ID)
		}
		lines = append(lines, strings.Join(line, " "))
	}
	for i := range a.Regimes {
		for j := range a.Regimes[i].Chain {
			add("chain", &a.Regimes[i].Chain[j])
		}
		for j := range a.Regimes[i].Alternatives {
			add("alternative", &a.Regimes[i].Alternatives[j].Step)
		}
	}
	return strings.Join(lines, "\n")
}

func TestBoundariesAreTheDaysOfRowsAndActsOfThePurpose(t *testing.T) {
	d := shippedData(t)
	edit := func(id string, change func(*responsibility.Competence)) {
		i := slices.IndexFunc(d.Competences, func(c responsibility.Competence) bool { return c.ID == id })
		change(&d.Competences[i])
	}
	edit("c025", func(c *responsibility.Competence) { c.ValidUntil = "2027-03-01" }) // supervision under the EnWG
	edit("c054", func(c *responsibility.Competence) { c.ValidFrom = "2027-02-01" })  // supervision under the KRITISDachG
	edit("c144", func(c *responsibility.Competence) {                                // of the GDPR
		c.Role, c.Displaces, c.ValidFrom = responsibility.Supervision, []string{"enwg"}, "2027-04-01"
	})
	rb := rulebook(t, d)
	for _, c := range []struct {
		name    string
		purpose responsibility.Purpose
		day     responsibility.Day
		want    bool
	}{
		{"the first day of a row", responsibility.ForSupervision, "2027-02-01", true},
		{"the day after the last one of a row", responsibility.ForSupervision, "2027-03-01", true},
		{"the first day of an act", responsibility.ForSupervision, rb.Act("kritisdachg").InForceSince, true},
		{"the first day of a row that displaces an act of the purpose", responsibility.ForSupervision, "2027-04-01", true},
		{"not the first day of an act of other purposes", responsibility.ForSupervision, rb.Act("gdpr").InForceSince, false},
		{"not a day on which rows of other purposes begin", responsibility.ForCrisis, "2027-02-01", false},
		{"nothing of a purpose that does not exist", "NONE", "2027-02-01", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := slices.Contains(rb.Boundaries(c.purpose), c.day); got != c.want {
				t.Errorf("boundaries %v", rb.Boundaries(c.purpose))
			}
		})
	}
}
