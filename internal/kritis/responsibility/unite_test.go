package responsibility_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/responsibility"
)

func change(t *testing.T, ids string, edit func(*responsibility.Competence)) *responsibility.Rulebook {
	t.Helper()
	d := shippedData(t)
	n := 0
	for i := range d.Competences {
		if strings.Contains(ids, d.Competences[i].ID) {
			edit(&d.Competences[i])
			n++
		}
	}
	if n == 0 {
		t.Fatalf("no row of %s", ids)
	}
	return rulebook(t, d)
}

func TestUnitsAreUnited(t *testing.T) {
	rb := shipped(t)
	with := func(u responsibility.Unit, affected ...string) responsibility.Unit {
		u.Affected = affected
		return u
	}
	tests := []struct {
		name    string
		rb      *responsibility.Rulebook
		units   []responsibility.Unit
		purpose responsibility.Purpose
		acts    []string
		want    string
	}{
		{
			"the site comes before the supply area", rb, []responsibility.Unit{with(sector("SH", "water"), "BY", "HH")}, responsibility.ForCrisis, []string{"bsig"}, `
			PARTIAL
			bsig PARTIAL
			  1 bsi_contact_point zkl-de-sh (SH) CROSS_SECTOR ! NOT_PUBLISHED
			  2 bsi_contact_point zkl-de-by (BY) CROSS_SECTOR ! NOT_PUBLISHED
			  3 bsi_contact_point zkl-de-hh (HH) CROSS_SECTOR ! NOT_PUBLISHED
			  4 crisis bsi-situation-centre CROSS_SECTOR`,
		},
		{
			"police and supervision stay at the site", rb, []responsibility.Unit{with(sector("BY", "health"), "TH")}, responsibility.ForLawEnforcement, nil, `
			RESOLVED
			stpo RESOLVED
			  1 law_enforcement_contact zac-de-by (BY) CROSS_SECTOR
			bkag RESOLVED
			  1 law_enforcement_contact zac-bka CROSS_SECTOR`,
		},
		{
			"Land law of a supply area plays no part", rb,
			[]responsibility.Unit{with(branch("HH", "government-administration", "administrationLevel=STATE"), "SN")}, responsibility.ForSupervision, nil, `
			PARTIAL
			nis2-directive PARTIAL
			  1 supervision state-competent-authority (HH) BRANCH ! NOT_DESIGNATED
			not bsig NOT_COVERED
			not kritisdachg NOT_COVERED`,
		},
		{
			"what is certain for one facility is no alternative, the regime stays ambiguous", rb,
			[]responsibility.Unit{branch("HE", "rail"), branch("HE", "rail", "ownership=FEDERAL")}, responsibility.ForSupervision, []string{"kritisdachg"}, `
			AMBIGUOUS
			kritisdachg AMBIGUOUS
			  1 supervision eba-rail BRANCH
			  ? supervision state-competent-authority (HE) BRANCH ! NOT_DESIGNATED if ownership=STATE|MUNICIPAL|PRIVATE`,
		},
		{
			"an act that one facility is under is not listed as not applicable", rb,
			[]responsibility.Unit{sector("HE", "water"), branch("HE", "press")}, responsibility.ForRegistration, []string{"bsig"}, `
			RESOLVED
			bsig RESOLVED
			  1 registration bsi CROSS_SECTOR`,
		},
		{
			"a facility that no row reaches leaves the reason of the other", rb, []responsibility.Unit{
				branch("HE", "telecommunications", "publicTelecom=true", "personalDataBreach=true"), branch("HE", "telecommunications", "publicTelecom=true"),
			}, responsibility.ForCyberIncident, []string{"gdpr"}, `
			UNRESOLVED
			not gdpr DISPLACED`,
		},
		{
			"a broad subject depends on the branch", rb, []responsibility.Unit{sector("HE", "energy", "energyRole=OTHER")}, responsibility.ForSupervision, []string{"kritisdachg"}, `
			AMBIGUOUS
			kritisdachg AMBIGUOUS
			  ? supervision bnetza SERVICE if branch=electricity|gas|hydrogen
			  ? supervision bmwe BRANCH if branch=mineral-oil
			  ? supervision state-competent-authority (HE) BRANCH ! NOT_DESIGNATED if branch=district-heating`,
		},
		{
			"a service that spans branches depends on the branch", rb, []responsibility.Unit{service("HE", "social-benefits", "federallySupervised=true")},
			responsibility.ForSupervision, []string{"kritisdachg"}, `
			AMBIGUOUS
			kritisdachg AMBIGUOUS
			  ? supervision bas BRANCH if branch=statutory-social-insurance
			  ? supervision ba BRANCH if branch=job-seeker-support`,
		},
		{
			"and is narrowed by it", rb, []responsibility.Unit{{
				Site: "HE", Subject: responsibility.Subject{Service: "social-benefits", Branch: "job-seeker-support"}, Attributes: facts("federallySupervised=true"),
			}}, responsibility.ForSupervision, []string{"kritisdachg"}, `
			RESOLVED
			kritisdachg RESOLVED
			  1 supervision ba BRANCH`,
		},
		{
			"a better known row comes first among equals", change(t, "c059", func(c *responsibility.Competence) { c.Confidence = "unverified" }),
			[]responsibility.Unit{branch("HE", "rail")}, responsibility.ForSupervision, []string{"kritisdachg"}, `
			AMBIGUOUS
			kritisdachg AMBIGUOUS
			  ? supervision state-competent-authority (HE) BRANCH ! NOT_DESIGNATED if ownership=STATE|MUNICIPAL|PRIVATE
			  ? supervision eba-rail BRANCH if ownership=FEDERAL`,
		},
		{
			"a body that every value leads to is certain, a gap that only some have is not",
			change(t, "c059 c060", func(c *responsibility.Competence) {
				c.Land, c.Body, c.NotRecorded = "", "eba-rail", c.ID == "c060"
			}),
			[]responsibility.Unit{branch("HE", "rail")}, responsibility.ForSupervision, []string{"kritisdachg"}, `
			AMBIGUOUS
			kritisdachg AMBIGUOUS
			  1 supervision eba-rail BRANCH`,
		},
		{
			"a row that begins later displaces nothing yet",
			change(t, "c025", func(c *responsibility.Competence) { c.ValidFrom = "2026-11-02" }),
			[]responsibility.Unit{branch("HE", "electricity", "energyRole=NETWORK_OPERATOR")}, responsibility.ForSupervision, []string{"bsig", "enwg"}, `
			PARTIAL
			enwg UNRESOLVED
			  ! NOT_YET_IN_FORCE supervision
			bsig RESOLVED
			  1 supervision bsi SECTOR`,
		},
		{"no facility and no sector", rb, nil, responsibility.ForSupervision, nil, "UNRESOLVED"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := tt.rb.Answer(responsibility.Question{Units: tt.units, Purpose: tt.purpose, Acts: tt.acts, Day: today})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(trim(tt.want), transcript(a)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCodesOfARegimeAreThoseOfAnyCompletion(t *testing.T) {
	rb := shipped(t)
	r := answer(t, rb, branch("HE", "rail"), responsibility.ForSupervision, today, "kritisdachg").Regimes[0]
	if len(r.Gaps) != 0 || len(r.Codes) != 1 || r.Codes[0] != responsibility.NotDesignated {
		t.Errorf("gaps = %v, codes = %v; want no certain gap, and NOT_DESIGNATED", r.Gaps, r.Codes)
	}
}

func TestOperatorIsItsFacilitiesOrItsSectorsAtItsSeat(t *testing.T) {
	operator := responsibility.Operator{
		Seat: "BE", Sectors: []string{"water", "energy"}, Attributes: facts("ownership=MUNICIPAL", "entityClass=IMPORTANT"),
	}
	want := []responsibility.Unit{
		{Site: "BE", Subject: responsibility.Subject{Sector: "water"}, Attributes: operator.Attributes},
		{Site: "BE", Subject: responsibility.Subject{Sector: "energy"}, Attributes: operator.Attributes},
	}
	if d := cmp.Diff(want, operator.Units()); d != "" {
		t.Errorf("without facilities: %s", d)
	}
	operator.Facilities = []responsibility.Facility{
		{
			Site: "BB", Supply: []string{"BE"}, Subject: responsibility.Subject{Service: "gas-supply"},
			Attributes: facts("ownership=PRIVATE", "entityClass=UNKNOWN", "energyRole=OTHER", "publicTelecom=UNKNOWN"),
		},
	}
	want = []responsibility.Unit{{
		Site: "BB", Affected: []string{"BE"}, Subject: responsibility.Subject{Service: "gas-supply"},
		Attributes: facts("ownership=PRIVATE", "entityClass=IMPORTANT", "energyRole=OTHER", "publicTelecom=UNKNOWN"),
	}}
	if d := cmp.Diff(want, operator.Units()); d != "" {
		t.Errorf("with a facility: %s", d)
	}
}
