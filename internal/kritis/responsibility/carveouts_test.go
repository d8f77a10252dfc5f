package responsibility_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/responsibility"
)

// stepsOf gives "act role body" of the certain steps.
func stepsOf(a responsibility.Answer) []string {
	var out []string
	for i := range a.Regimes {
		for j := range a.Regimes[i].Chain {
			s := &a.Regimes[i].Chain[j]
			out = append(out, a.Regimes[i].Act.Slug+" "+lower(s.Role)+" "+s.Body.Slug)
		}
	}
	return out
}

func reasonFor(a responsibility.Answer, act string) responsibility.Reason {
	for i := range a.NotApplicable {
		if a.NotApplicable[i].Act.Slug == act {
			return a.NotApplicable[i].Reason
		}
	}
	return ""
}

func hasStep(a responsibility.Answer, act string, role responsibility.Role) bool {
	return slices.ContainsFunc(stepsOf(a), func(s string) bool { return strings.HasPrefix(s, act+" "+lower(role)+" ") })
}

// TestEveryDisplacingRowTakesItsRoleOnly asks, for each row with displaces, where it is a certain step: the acts that it
// displaces have no step of its role there. Without any displacement they have one, except under Land law: the BSIG does not
// cover the administration of a Land anyway.
func TestEveryDisplacingRowTakesItsRoleOnly(t *testing.T) {
	d := shippedData(t)
	rb := rulebook(t, d)
	tame := shippedData(t)
	for i := range tame.Competences {
		tame.Competences[i].Displaces = nil
	}
	without := rulebook(t, tame)
	displacing := slices.DeleteFunc(slices.Clone(d.Competences), func(c responsibility.Competence) bool { return len(c.Displaces) == 0 })
	if len(displacing) != 42 {
		t.Errorf("rows with displaces = %d, want 42", len(displacing))
	}
	for _, c := range displacing {
		t.Run(c.ID, func(t *testing.T) {
			var hits []asked
			for _, q := range questionsFor(d, c) {
				if a := answer(t, rb, q.unit, q.purpose, today); find(a, c.ID).certain {
					givesWay(t, a, c)
					hits = append(hits, q)
				}
			}
			if hits == nil {
				t.Fatal("no question has the row as a certain step")
			}
			for _, slug := range c.Displaces {
				back := slices.ContainsFunc(hits, func(q asked) bool {
					return hasStep(answer(t, without, q.unit, q.purpose, today), slug, roleOf(c))
				})
				if back != (rb.Act(c.Act).Level != "STATE") {
					t.Errorf("without displacement %s has a step for %s: %v", slug, roleOf(c), back)
				}
			}
		})
	}
}

// givesWay checks that an answer with the row as a step has none of its role under the acts that it displaces, and says so.
func givesWay(t *testing.T, a responsibility.Answer, c responsibility.Competence) {
	t.Helper()
	r := regimeOf(a, c.Act)
	for _, slug := range c.Displaces {
		if hasStep(a, slug, roleOf(c)) {
			t.Errorf("%s still has a step for %s:\n%s", slug, roleOf(c), transcript(a))
		}
		if !slices.ContainsFunc(r.Displaces, func(x *responsibility.Act) bool { return x.Slug == slug }) {
			t.Errorf("the regime does not say that it displaces %s", slug)
		}
	}
}

func TestDisplacementLeavesOtherRolesAndPurposesInPlace(t *testing.T) {
	rb := shipped(t)
	telecom := branch("HH", "telecommunications", "publicTelecom=true")
	tests := []struct {
		name    string
		unit    responsibility.Unit
		purpose responsibility.Purpose
		want    []string
	}{
		{"telecoms register with the BSI", telecom, responsibility.ForRegistration, []string{
			"bsig registration bsi", "kritisdachg registration bbk",
		}},
		{"telecoms keep contact point and situation centre", telecom, responsibility.ForCrisis, []string{
			"bsig bsi_contact_point zkl-de-hh", "bsig crisis bsi-situation-centre", "kritisdachg situation_picture bbk",
			"kritisdachg bbk_contact_point kritisdachg-contact-de-hh", "zskg crisis gmlz",
		}},
		{"telecoms report physical causes under the TKG", telecom, responsibility.ForPhysicalIncident, []string{
			"tkg reporting bnetza", "tkg reporting bsi", "tkg supervision bnetza",
		}},
		{
			"a plant that is no entity reports under neither act",
			branch("BW", "electricity", "energyRole=PLANT_OR_DIGITAL_SERVICE", "entityClass=NONE"), responsibility.ForCyberIncident,
			[]string{"enwg impact_assessment bnetza"},
		},
		{
			"a nuclear plant has its own reports beside",
			branch("NI", "electricity", "energyRole=OTHER", "nuclearLicence=true"), responsibility.ForCyberIncident, []string{
				"enwg impact_assessment bnetza", "bsig reporting bsi-joint-reporting-office", "bsig supervision bsi", "bsig bsi_contact_point zkl-de-ni",
				"bsig crisis bsi-situation-centre", "atg reporting bsi", "atg supervision state-competent-authority",
			},
		},
		{
			"a city may report under the law of Saxony, which has no supervisor for it",
			branch("SN", "government-administration", "administrationLevel=MUNICIPAL"), responsibility.ForCyberIncident,
			[]string{"saechsisichg reporting sax-cert"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, stepsOf(answer(t, rb, tt.unit, tt.purpose, today))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDisplacementIsJudgedPerUnit(t *testing.T) {
	rb := shipped(t)
	utility := responsibility.Operator{
		Seat: "HE", Sectors: []string{"energy", "water"}, Attributes: facts("ownership=MUNICIPAL"),
		Facilities: []responsibility.Facility{
			{Site: "HE", Subject: responsibility.Subject{Service: "electricity-supply"}, Attributes: facts("energyRole=NETWORK_OPERATOR")},
			{Site: "HE", Subject: responsibility.Subject{Service: "drinking-water-supply"}},
		},
	}
	a, err := rb.Answer(responsibility.Question{Units: utility.Units(), Purpose: responsibility.ForSupervision, Day: today})
	if err != nil {
		t.Fatal(err)
	}
	want := `
			PARTIAL
			enwg RESOLVED -bsig
			  1 supervision bnetza BRANCH
			bsig RESOLVED
			  1 supervision bsi SECTOR
			kritisdachg PARTIAL
			  1 supervision bnetza SERVICE
			  2 supervision state-competent-authority (HE) SECTOR ! NOT_DESIGNATED`
	if d := cmp.Diff(trim(want), transcript(a)); d != "" {
		t.Error(d)
	}
}

// TestEveryExceptionTakesItsSubjectsOut asks, for each slug in not_for of a row, where the row would else reach.
func TestEveryExceptionTakesItsSubjectsOut(t *testing.T) {
	d := shippedData(t)
	rb := rulebook(t, d)
	for i, c := range d.Competences {
		if len(c.NotFor) == 0 {
			continue
		}
		open := shippedData(t)
		open.Competences[i].NotFor = nil
		free := rulebook(t, open)
		for _, slug := range c.NotFor {
			t.Run(c.ID+" not for "+slug, func(t *testing.T) {
				differs := false
				for _, q := range questionsOn(d, c, slug) {
					if f := find(answer(t, rb, q.unit, q.purpose, today), c.ID); f != (found{}) {
						t.Errorf("%s %v: the row shows", q.purpose, q.unit.Subject)
					}
					differs = differs || find(answer(t, free, q.unit, q.purpose, today), c.ID).certain || gateOpens(t, free, q.unit, q.purpose, c)
				}
				if !differs {
					t.Error("the exception changes nothing")
				}
			})
		}
	}
}

// questionsOn asks about everything that a slug names, with the conditions of the row met and the act open.
func questionsOn(d responsibility.Data, c responsibility.Competence, slug string) []asked {
	known := facts("administrationLevel=FEDERAL").Over(met(c).Over(plain))
	var out []asked
	for _, s := range subjects(d) {
		if !slices.Contains(s.named, slug) {
			continue
		}
		for _, p := range responsibility.Purposes() {
			out = append(out, asked{responsibility.Unit{Site: placeFor(c), Subject: s.Subject, Attributes: known}, p, s.sector})
		}
	}
	return out
}

// gateOpens says whether only the other gates of the act still exclude the subject.
func gateOpens(t *testing.T, rb *responsibility.Rulebook, u responsibility.Unit, p responsibility.Purpose, c responsibility.Competence) bool {
	t.Helper()
	a := answer(t, rb, u, p, today)
	for i := range a.NotApplicable {
		n := &a.NotApplicable[i]
		if n.Act.Slug == c.Act && n.Reason == responsibility.Excluded && n.Because.ID != c.ID {
			return true
		}
	}
	return false
}

func TestGatesCloseTheirActForDutyPurposesOfTheirRole(t *testing.T) {
	rb := shipped(t)
	tests := []struct {
		name    string
		unit    responsibility.Unit
		purpose responsibility.Purpose
		act     string
		want    responsibility.Reason
	}{
		{"DNS abroad is not supervised here", service("BE", "eu-wide-digital-services", "euMainEstablishmentInGermany=false"), responsibility.ForSupervision, "bsig", responsibility.Excluded},
		{"DNS at home is", service("BE", "eu-wide-digital-services", "euMainEstablishmentInGermany=true"), responsibility.ForSupervision, "bsig", ""},
		{"DNS abroad does not report here", service("BE", "eu-wide-digital-services", "euMainEstablishmentInGermany=false"), responsibility.ForCyberIncident, "bsig", responsibility.Excluded},
		{"DNS abroad: registration has no gate", service("BE", "eu-wide-digital-services", "euMainEstablishmentInGermany=false"), responsibility.ForRegistration, "bsig", ""},
		{"a crisis is no duty and has no gate", service("BE", "eu-wide-digital-services", "euMainEstablishmentInGermany=false"), responsibility.ForCrisis, "bsig", ""},
		{"market places abroad are not supervised here", sector("BE", "digital-providers", "euMainEstablishmentInGermany=false"), responsibility.ForSupervision, "bsig", responsibility.Excluded},
		{"exchange points have no gate", service("BE", "internet-exchange-points", "euMainEstablishmentInGermany=false"), responsibility.ForSupervision, "bsig", ""},
		{"DORA entities do not report physical incidents", branch("BE", "insurance", "doraEntity=true"), responsibility.ForPhysicalIncident, "kritisdachg", responsibility.Excluded},
		{"DORA entities are supervised all the same", branch("BE", "insurance", "doraEntity=true"), responsibility.ForSupervision, "kritisdachg", ""},
		{"telecoms do not report physical incidents to the BBK", sector("BE", "ict"), responsibility.ForPhysicalIncident, "kritisdachg", responsibility.Excluded},
		{"waste neither", sector("BE", "municipal-waste"), responsibility.ForPhysicalIncident, "kritisdachg", responsibility.Excluded},
		{"social insurance neither", sector("BE", "social-insurance"), responsibility.ForPhysicalIncident, "kritisdachg", responsibility.Excluded},
		{"waste is registered all the same", sector("BE", "municipal-waste"), responsibility.ForRegistration, "kritisdachg", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := answer(t, rb, tt.unit, tt.purpose, today)
			if got := reasonFor(a, tt.act); got != tt.want {
				t.Errorf("reason = %q, want %q\n%s", got, tt.want, transcript(a))
			}
			if applies := slices.ContainsFunc(a.Regimes, func(r responsibility.Regime) bool { return r.Act.Slug == tt.act }); applies != (tt.want == "") {
				t.Errorf("a regime = %v\n%s", applies, transcript(a))
			}
		})
	}
}

func TestScopeKeepsSubjectsInAndOut(t *testing.T) {
	rb := shipped(t)
	tests := []struct {
		name    string
		unit    responsibility.Unit
		purpose responsibility.Purpose
		act     string
		want    responsibility.Reason
	}{
		{"no entity of the BSIG", sector("BE", "water", "entityClass=NONE"), responsibility.ForSupervision, "bsig", responsibility.OutOfScope},
		{"an important one", sector("BE", "water", "entityClass=IMPORTANT"), responsibility.ForSupervision, "bsig", ""},
		{"an IT provider of a Land", sector("BE", "ict", "stateLawItProvider=true", "euMainEstablishmentInGermany=true"), responsibility.ForRegistration, "bsig", responsibility.OutOfScope},
		{"no critical facility", sector("BE", "water", "criticalFacility=false"), responsibility.ForPhysicalIncident, "kritisdachg", responsibility.OutOfScope},
		{"a critical one", sector("BE", "water", "criticalFacility=true"), responsibility.ForPhysicalIncident, "kritisdachg", ""},
		{"research is in no list of the KRITISDachG", sector("BE", "research"), responsibility.ForSupervision, "kritisdachg", responsibility.NotCovered},
		{"a federal ministry opens the KRITISDachG", branch("BE", "government-administration", "administrationLevel=FEDERAL"), responsibility.ForSupervision, "kritisdachg", ""},
		{"a parliament does not", branch("BE", "parliament", "administrationLevel=FEDERAL"), responsibility.ForSupervision, "kritisdachg", responsibility.NotCovered},
		{"a situation picture asks for no scope", branch("BE", "press", "entityClass=NONE"), responsibility.ForSituationPicture, "bsig", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := answer(t, rb, tt.unit, tt.purpose, today)
			if got := reasonFor(a, tt.act); got != tt.want {
				t.Errorf("reason = %q, want %q\n%s", got, tt.want, transcript(a))
			}
		})
	}
}

func TestReasonIsLeftOutWhereUnknownFactsLeadToDifferentOnes(t *testing.T) {
	rb := shipped(t)
	u := service("BE", "eu-wide-digital-services", "euMainEstablishmentInGermany=false")
	out := sector("BE", "water", "entityClass=NONE")
	a, err := rb.Answer(responsibility.Question{Units: []responsibility.Unit{u, out}, Purpose: responsibility.ForSupervision, Acts: []string{"bsig"}, Day: today})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.NotApplicable) != 1 || a.NotApplicable[0].Reason != "" || a.NotApplicable[0].Provision() != "" {
		t.Errorf("not applicable = %s, want bsig without reason", transcript(a))
	}
}
