package responsibility_test

import (
	"errors"
	"strings"
	"testing"

	"kritisgraph/internal/kritis/responsibility"
)

func TestCheckNamesTheFieldAndTheRemedy(t *testing.T) {
	rb := shipped(t)
	subject := func(s responsibility.Subject) responsibility.Unit { return responsibility.Unit{Site: "HE", Subject: s} }
	affected := sector("HE", "water")
	affected.Affected = []string{"BE", "XX"}
	tests := []struct {
		name           string
		unit           responsibility.Unit
		field, problem string
	}{
		{"no subject", subject(responsibility.Subject{}), "service", "is missing"},
		{"sector beside a branch", subject(responsibility.Subject{Sector: "water", Branch: "rail"}), "sector", "stands beside"},
		{"sector beside a service", subject(responsibility.Subject{Sector: "water", Service: "gas-supply"}), "sector", "stands beside"},
		{"unknown sector", sector("HE", "watr"), "sector", `"watr"`},
		{"unknown branch", branch("HE", "trains"), "branch", `"trains"`},
		{"unknown service", service("HE", "beer"), "service", `"beer"`},
		{"a sector where a branch is asked", branch("HE", "water"), "branch", `"water"`},
		{"unknown branch beside a service", subject(responsibility.Subject{Service: "food-supply", Branch: "pubs"}), "branch", `"pubs"`},
		{"a branch of another sector", subject(responsibility.Subject{Service: "food-supply", Branch: "rail"}), "branch", "no branch of the sector"},
		{"a branch beside a service that has another", subject(responsibility.Subject{Service: "gas-supply", Branch: "electricity"}), "branch", `belongs to the branch "gas"`},
		{"unknown attribute", sector("HE", "water", "owner=FEDERAL", "zebra=1"), "attributes.owner", "no such attribute"},
		{"unknown value", branch("HE", "rail", "ownership=KING"), "attributes.ownership", `"KING"`},
		{"a word for yes or no", branch("HE", "rail", "doraEntity=yes"), "attributes.doraEntity", `"yes"`},
		{"unknown Land", sector("XX", "water"), "federalState", `"XX"`},
		{"the code of the data where the directory has others", sector("de-he", "water"), "federalState", `"de-he"`},
		{"no Land", sector("", "water"), "federalState", "is missing"},
		{"no Land outside the exclusive economic zone", sector("", "water", "inExclusiveEconomicZone=false"), "federalState", "is missing"},
		{"unknown affected Land", affected, "affected", `"XX"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := rb.Check(tt.unit)
			var in *responsibility.InputError
			if !errors.As(err, &in) || !errors.Is(err, responsibility.ErrInput) {
				t.Fatalf("error = %v, want an InputError", err)
			}
			if in.Field != tt.field || !strings.Contains(in.Problem, tt.problem) || in.Remedy == "" {
				t.Errorf("error = %+v, want %s: %s", in, tt.field, tt.problem)
			}
			good := sector("HE", "water")
			_, err = rb.Answer(responsibility.Question{
				Units: []responsibility.Unit{good, tt.unit}, Purpose: responsibility.ForSupervision, Day: today,
			})
			if !errors.As(err, &in) || in.Field != "units[1]."+tt.field {
				t.Errorf("asked as the second unit: %v", err)
			}
		})
	}
}

func TestCheckAcceptsWhatCanBeAsked(t *testing.T) {
	rb := shipped(t)
	tests := map[string]responsibility.Unit{
		"a sector":                               sector("HE", "water"),
		"unknown values":                         branch("HE", "rail", "ownership=UNKNOWN", "publicTelecom=", "doraEntity=unknown"),
		"values in small letters":                branch("HE", "rail", "ownership=federal"),
		"no Land in the exclusive economic zone": sector("", "energy", "inExclusiveEconomicZone=true"),
		"a spanning service in a branch":         {Site: "HE", Subject: responsibility.Subject{Service: "passenger-freight-transport", Branch: "rail"}},
		"a service beside its own branch":        {Site: "HE", Subject: responsibility.Subject{Service: "gas-supply", Branch: "gas"}},
	}
	for name, u := range tests {
		if err := rb.Check(u); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnswerRefusesUnknownPurposesActsAndDays(t *testing.T) {
	rb := shipped(t)
	good := responsibility.Question{Units: []responsibility.Unit{sector("HE", "water")}, Purpose: responsibility.ForSupervision, Day: today}
	tests := []struct {
		field string
		edit  func(*responsibility.Question)
	}{
		{"purpose", func(q *responsibility.Question) { q.Purpose = "supervision" }},
		{"legalActs", func(q *responsibility.Question) { q.Acts = []string{"bsig", "bsi-law"} }},
		{"day", func(q *responsibility.Question) { q.Day = "" }},
		{"day", func(q *responsibility.Question) { q.Day = "2026-02-30" }},
	}
	for _, tt := range tests {
		q := good
		tt.edit(&q)
		_, err := rb.Answer(q)
		var in *responsibility.InputError
		if !errors.As(err, &in) || in.Field != tt.field || !errors.Is(err, responsibility.ErrInput) {
			t.Errorf("error = %v, want one for %s", err, tt.field)
		}
	}
}

func TestExclusiveEconomicZoneHasNoLand(t *testing.T) {
	rb := shipped(t)
	u := branch("", "electricity", "inExclusiveEconomicZone=true", "energyRole=NETWORK_OPERATOR")
	want := trim(`
			RESOLVED
			enwg RESOLVED -bsig
			  1 supervision bnetza BRANCH
			kritisdachg RESOLVED
			  1 supervision bnetza SERVICE
			  2 coordination bsh CROSS_SECTOR
			not bsig DISPLACED`)
	if got := transcript(answer(t, rb, u, responsibility.ForSupervision, today)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	u.Affected = []string{"SH", "NI"}
	a := answer(t, rb, u, responsibility.ForCrisis, today, "bsig")
	want = trim(`
			PARTIAL
			bsig PARTIAL
			  1 bsi_contact_point zkl-de-ni (NI) CROSS_SECTOR ! NOT_PUBLISHED
			  2 bsi_contact_point zkl-de-sh (SH) CROSS_SECTOR ! NOT_PUBLISHED
			  3 crisis bsi-situation-centre CROSS_SECTOR`)
	if got := transcript(a); got != want {
		t.Errorf("with a supply area on land\n%s\nwant\n%s", got, want)
	}
}
