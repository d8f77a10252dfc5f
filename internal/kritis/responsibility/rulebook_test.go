package responsibility_test

import (
	"strings"
	"testing"

	"kritisgraph/internal/kritis/responsibility"
)

func TestNewRulebookNamesTheRowThatDoesNotHold(t *testing.T) {
	row := func(edit func(*responsibility.Competence)) func(*responsibility.Data) {
		return func(d *responsibility.Data) { edit(&d.Competences[40]) }
	}
	act := func(edit func(*responsibility.Act)) func(*responsibility.Data) {
		return func(d *responsibility.Data) { edit(&d.Acts[1]) }
	}
	tests := []struct {
		name string
		edit func(*responsibility.Data)
		want string
	}{
		{"act of a row", row(func(c *responsibility.Competence) { c.Act = "law" }), `competence c041 names the act "law", which does not exist`},
		{"body of a row", row(func(c *responsibility.Competence) { c.Body = "king" }), `competence c041 names the body "king"`},
		{"role of a row", row(func(c *responsibility.Competence) { c.Role = "ruling" }), `competence c041 has the unknown role "RULING"`},
		{"Land of a row", row(func(c *responsibility.Competence) { c.Land = "XX" }), `competence c041 names the Land "XX"`},
		{"branch of a row", row(func(c *responsibility.Competence) { c.Subject = "pubs" }), `competence c041 names the branch "pubs"`},
		{"sector of a row", row(func(c *responsibility.Competence) { c.Kind = responsibility.SectorWide }), `names the sector "exchanges"`},
		{"service of a row", row(func(c *responsibility.Competence) { c.Kind = responsibility.ServiceOnly }), `names the service "exchanges"`},
		{"subject across sectors", row(func(c *responsibility.Competence) { c.Kind = responsibility.CrossSector }), `unknown subject "exchanges" across sectors`},
		{"no kind of subject", row(func(c *responsibility.Competence) { c.Kind = 0 }), "unknown kind of subject"},
		{"exception of a row", row(func(c *responsibility.Competence) { c.NotFor = []string{"pubs"} }), `takes out "pubs"`},
		{"displaced act", row(func(c *responsibility.Competence) { c.Displaces = []string{"law"} }), `names the act "law"`},
		{"first day of a row", row(func(c *responsibility.Competence) { c.ValidFrom = "tomorrow" }), `"tomorrow" as first day`},
		{"end of a row", row(func(c *responsibility.Competence) { c.ValidUntil = "2026-02-30" }), `"2026-02-30" as end`},
		{"a row that ends before it begins", row(func(c *responsibility.Competence) { c.ValidFrom, c.ValidUntil = "2026-02-02", "2026-02-02" }), "not after its first day"},
		{"confidence of a row", row(func(c *responsibility.Competence) { c.Confidence = "sure" }), `unknown confidence "SURE"`},
		{"a row that stands twice", func(d *responsibility.Data) { d.Competences[40].ID = "c001" }, "competence c001 stands twice"},
		{"a row without id", row(func(c *responsibility.Competence) { c.ID = "" }), "competence number 41 has no key"},
		{"attribute of a condition", row(func(c *responsibility.Competence) {
			c.AppliesWhen = []responsibility.Condition{{Attribute: "mood", Values: []string{"true"}}}
		}), `unknown attribute "mood"`},
		{"value of a condition", row(func(c *responsibility.Competence) {
			c.AppliesWhen = []responsibility.Condition{{Attribute: "doraEntity", Values: []string{"yes"}}}
		}), `doraEntity = "yes"`},
		{"a condition without values", row(func(c *responsibility.Competence) {
			c.AppliesWhen = []responsibility.Condition{{Attribute: "doraEntity"}}
		}), "doraEntity without a value"},
		{"a condition that stands twice", row(func(c *responsibility.Competence) {
			c.AppliesWhen = append(c.AppliesWhen, c.AppliesWhen...)
		}), "asks twice for doraEntity"},
		{"level of an act", act(func(a *responsibility.Act) { a.Level = "world" }), `act kritisdachg has the unknown level "WORLD"`},
		{"status of an act", act(func(a *responsibility.Act) { a.Status = "gone" }), `act kritisdachg has the unknown status "GONE"`},
		{"Land of an act", act(func(a *responsibility.Act) { a.Land = "XX" }), `act kritisdachg names the Land "XX"`},
		{"an act without any day", act(func(a *responsibility.Act) { a.InForceSince, a.AsOf = "", "" }), "neither a first day"},
		{"scheme of a scope", act(func(a *responsibility.Act) { a.Scope = &responsibility.Scope{CoveredBy: []string{"stars"}} }), `covers by "stars"`},
		{"status of a body", func(d *responsibility.Data) { d.Bodies[0].Status = "asleep" }, `body bmi has the unknown status "ASLEEP"`},
		{"sector of a branch", func(d *responsibility.Data) {
			d.Branches = append([]responsibility.Branch{{Slug: "pubs", Sector: "fun"}}, d.Branches...)
		}, `branch pubs names the sector "fun"`},
		{"branch of a service in another sector", func(d *responsibility.Data) {
			d.Services = append([]responsibility.Service{{Slug: "beer", Sector: "food", Branch: "rail"}}, d.Services...)
		}, `service beer is of the sector "food"`},
		{"role of a designation", func(d *responsibility.Data) {
			d.Designations = []responsibility.Designation{{Act: "bsig", Role: "ruling", Provision: "§ 0"}}
		}, `designation § 0 has the unknown role "RULING"`},
		{"act of a held contact point", func(d *responsibility.Data) { d.Held = []responsibility.Held{{Act: "law"}} }, `names the act "law"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := shippedData(t)
			tt.edit(&d)
			_, err := responsibility.NewRulebook(d)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestNewRulebookNamesAllErrorsAtOnce(t *testing.T) {
	d := shippedData(t)
	d.Competences[0].Body, d.Competences[9].Role = "king", "ruling"
	_, err := responsibility.NewRulebook(d)
	for _, id := range []string{"c001", "c010"} {
		if err == nil || !strings.Contains(err.Error(), id) {
			t.Errorf("error = %v, want one that names %s", err, id)
		}
	}
}

func TestRulebookFindsWhatItHolds(t *testing.T) {
	rb := shipped(t)
	if a := rb.Act("bsig"); a == nil || a.Short != "BSIG" {
		t.Errorf("act = %+v", a)
	}
	if b := rb.Body("zkl-de-by"); b == nil || !b.Placeholder() || rb.Body("bsi").Placeholder() {
		t.Errorf("body = %+v", b)
	}
	if rb.Act("law") != nil || rb.Body("king") != nil {
		t.Error("found what is not there")
	}
	if len(rb.Acts()) != 30 || len(rb.Sectors()) != 16 || rb.Lands()[0].Code != "BB" {
		t.Errorf("%d acts, %d sectors, first Land %s", len(rb.Acts()), len(rb.Sectors()), rb.Lands()[0].Code)
	}
}
