package responsibility_test

import (
	"slices"
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
		{
			"a row that has ended is no gate", change(t, "c008", func(c *responsibility.Competence) { c.ValidUntil = "2026-10-01" }),
			[]responsibility.Unit{service("HE", "eu-wide-digital-services", "euMainEstablishmentInGermany=false")}, responsibility.ForSupervision, []string{"bsig"}, `
			RESOLVED
			bsig RESOLVED
			  1 supervision bsi SECTOR`,
		},
		{
			"a row displaces nothing for what it takes out", change(t, "c038", func(c *responsibility.Competence) { c.NotFor = []string{"cash-supply"} }),
			[]responsibility.Unit{service("HE", "cash-supply", "doraEntity=true")}, responsibility.ForSupervision, []string{"bsig", "dora"}, `
			RESOLVED
			bsig RESOLVED
			  1 supervision bsi SECTOR`,
		},
		{
			"what opens an act may be unknown", rb, []responsibility.Unit{branch("HE", "government-administration")}, responsibility.ForRegistration, nil, `
			AMBIGUOUS
			bsig AMBIGUOUS
			  ? registration bsi CROSS_SECTOR if administrationLevel=FEDERAL
			kritisdachg AMBIGUOUS
			  ? registration bbk CROSS_SECTOR if administrationLevel=FEDERAL`,
		},
		{
			"a fact that only some narrower subjects ask for has every value in the others", rb,
			[]responsibility.Unit{branch("HE", "digital-infrastructure", "publicTelecom=false")}, responsibility.ForSupervision, []string{"bsig"}, `
			AMBIGUOUS
			bsig AMBIGUOUS
			  ? supervision bsi SECTOR if euMainEstablishmentInGermany=false|true service=eu-wide-digital-services|internet-exchange-points|trust-services`,
		},
		{
			"of two rows for one body the one for most narrower subjects is named",
			change(t, "c008", func(c *responsibility.Competence) {
				c.Kind, c.Subject = responsibility.BranchWide, "digital-infrastructure"
			}),
			[]responsibility.Unit{sector("HE", "ict", "euMainEstablishmentInGermany=true", "publicTelecom=false")}, responsibility.ForSupervision, []string{"bsig"}, `
			RESOLVED
			bsig RESOLVED
			  1 supervision bsi BRANCH`,
		},
		{
			"among those the less specific one", change(t, "c080 c081", func(c *responsibility.Competence) {
				if c.Land, c.Body, c.Kind, c.Subject = "", "bmi", responsibility.BranchWide, "public-water-supply"; c.ID == "c080" {
					c.Kind, c.Subject = responsibility.ServiceOnly, "wastewater-disposal"
				}
			}),
			[]responsibility.Unit{sector("HE", "water")}, responsibility.ForSupervision, []string{"kritisdachg"}, `
			RESOLVED
			kritisdachg RESOLVED
			  1 supervision bmi BRANCH`,
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

func TestAnActThatSeveralDisplaceNamesTheFirstRow(t *testing.T) {
	rb := shipped(t)
	units := []responsibility.Unit{branch("HE", "telecommunications", "publicTelecom=true"), branch("HE", "banks", "doraEntity=true")}
	for range 2 {
		a, err := rb.Answer(responsibility.Question{Units: units, Purpose: responsibility.ForSupervision, Day: today})
		if err != nil {
			t.Fatal(err)
		}
		if n := a.NotApplicable[0]; n.Act.Slug != "bsig" || n.Reason != responsibility.Displaced || n.Because.ID != "c034" {
			t.Errorf("%s %s because of %s, want bsig DISPLACED because of c034", n.Act.Slug, n.Reason, n.Because.ID)
		}
		slices.Reverse(units)
	}
}

func TestAnActOfWhichNothingIsLeftHasNoRegimeBeforeItsFirstDayEither(t *testing.T) {
	rb := change(t, "c002", func(c *responsibility.Competence) { c.NotFor = []string{"water"} })
	for _, day := range []string{"2025-11-01", today} {
		if got := transcript(answer(t, rb, sector("HE", "water"), responsibility.ForRegistration, day, "bsig")); got != "UNRESOLVED" {
			t.Errorf("on %s: %s", day, got)
		}
	}
}

func TestFirstDayOfAGapIsTheEarliest(t *testing.T) {
	rb := change(t, "c081 c169", func(c *responsibility.Competence) {
		c.ValidFrom = map[string]responsibility.Day{"c081": "2027-01-01", "c169": "2027-02-01"}[c.ID]
	})
	r := answer(t, rb, sector("HE", "water"), responsibility.ForSupervision, today, "kritisdachg").Regimes[0]
	if got := r.Gaps[0].FirstDay(); got != "2027-01-01" {
		t.Errorf("first day = %s, want 2027-01-01", got)
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
