package responsibility_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/responsibility"
)

func changeLines(changes []responsibility.Change) []string {
	var out []string
	for _, c := range changes {
		var bodies []string
		for _, s := range []*responsibility.Step{c.Before, c.After} {
			if s != nil {
				bodies = append(bodies, s.Body.Slug)
			}
		}
		out = append(out, strings.Join([]string{
			string(c.Kind), c.Act.Slug, string(c.Role), c.Land, strings.Join(bodies, " > "), c.Provision(),
		}, " "))
	}
	return out
}

// changesBetween answers the question on two days and compares the answers.
func changesBetween(t *testing.T, rb *responsibility.Rulebook, u responsibility.Unit, purpose responsibility.Purpose, from, to responsibility.Day) (before, after responsibility.Answer, changes []responsibility.Change) {
	t.Helper()
	ask := func(day responsibility.Day) responsibility.Answer {
		a, err := rb.Answer(responsibility.Question{Units: []responsibility.Unit{u}, Purpose: purpose, Day: day})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	before, after = ask(from), ask(to)
	return before, after, rb.Changes(&before, &after)
}

func TestDiffTellsReplacedFromRemovedAndAdded(t *testing.T) {
	d := shippedData(t)
	for i := range d.Competences {
		if c := &d.Competences[i]; c.ID == "c081" || c.ID == "c002" {
			c.ValidUntil = "2026-12-01"
		}
	}
	row := func(id, act, body, land, kind string, role responsibility.Role) responsibility.Competence {
		k, _ := responsibility.ParseSpecificity(kind)
		subject := "water"
		if k == responsibility.CrossSector {
			subject = "all"
		}
		return responsibility.Competence{
			ID: id, Act: act, Provision: "§ new", Kind: k, Subject: subject, Land: land, Body: body, Role: role,
			ValidFrom: "2026-12-01", Confidence: "verified",
		}
	}
	d.Competences = append(d.Competences,
		row("own1", "kritisdachg", "ministry-by", "BY", "sector", responsibility.Supervision),
		row("own2", "bsig", "bbk", "", "cross_sector", responsibility.Registration),
		row("own3", "bsig", "bmi", "", "cross_sector", responsibility.Registration),
	)
	rb := rulebook(t, d)
	tests := []struct {
		name    string
		purpose responsibility.Purpose
		want    []string
	}{
		{
			"one gone and one new in the same place is replaced", responsibility.ForSupervision,
			[]string{"REPLACED kritisdachg SUPERVISION BY state-competent-authority > ministry-by § new"},
		},
		{
			"one gone and two new are removed and added", responsibility.ForRegistration,
			[]string{"REMOVED bsig REGISTRATION  bsi § 33 Abs. 1", "ADDED bsig REGISTRATION  bbk § new", "ADDED bsig REGISTRATION  bmi § new"},
		},
		{"nothing changes", responsibility.ForCrossBorder, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, got := changesBetween(t, rb, sector("BY", "water"), tt.purpose, "2026-11-30", "2026-12-01")
			if d := cmp.Diff(tt.want, changeLines(got)); d != "" {
				t.Error(d)
			}
		})
	}
}
