package responsibility_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/responsibility"
)

func TestExplanationsSayWhyInBothLanguages(t *testing.T) {
	rb := shipped(t)
	tests := []struct {
		name    string
		unit    responsibility.Unit
		purpose responsibility.Purpose
		act     string
		de, en  []string // of chain and alternatives
	}{
		{
			"a condition with the subject's value", branch("HE", "rail", "ownership=FEDERAL"), responsibility.ForSupervision, "kritisdachg",
			[]string{"KRITISDachG § 3 Abs. 2 Nr. 4: Eisenbahn-Bundesamt, weil Branche Schienenverkehr und Eigentum = Bund."},
			[]string{"KRITISDachG § 3 Abs. 2 Nr. 4: Federal Railway Authority, because branch Rail and ownership = FEDERAL."},
		},
		{
			"alternatives say if", branch("HE", "rail"), responsibility.ForSupervision, "kritisdachg",
			[]string{
				"KRITISDachG § 3 Abs. 2 Nr. 4: Eisenbahn-Bundesamt, weil Branche Schienenverkehr, falls Eigentum = Bund.",
				"KRITISDachG § 3 Abs. 2 Nr. 13: Nach Landesrecht zuständige Behörde (nicht benannt) (Hessen), weil Branche Schienenverkehr, " +
					"falls Eigentum = Land, Kommune oder privat.",
			},
			[]string{
				"KRITISDachG § 3 Abs. 2 Nr. 4: Federal Railway Authority, because branch Rail, if ownership is FEDERAL.",
				"KRITISDachG § 3 Abs. 2 Nr. 13: Competent state authority, not named (Hesse), because branch Rail, " +
					"if ownership is STATE, MUNICIPAL or PRIVATE.",
			},
		},
		{
			"a service that is itself unknown stands in the if only", branch("NW", "weather-tide-forecast"), responsibility.ForSupervision, "kritisdachg",
			[]string{
				"KRITISDachG § 3 Abs. 2 Nr. 6: Bundesamt für Seeschifffahrt und Hydrographie, falls Dienstleistung = Wasserstands- und Gezeitenvorhersage.",
				"KRITISDachG § 3 Abs. 2 Nr. 8: Deutscher Wetterdienst, falls Dienstleistung = Wettervorhersage.",
			},
			[]string{
				"KRITISDachG § 3 Abs. 2 Nr. 6: Federal Maritime and Hydrographic Agency, if service is Tide and water level forecasting.",
				"KRITISDachG § 3 Abs. 2 Nr. 8: German Weather Service, if service is Weather forecasting.",
			},
		},
		{
			"a body that all narrower subjects share is explained by what they share", sector("BE", "ict", "euMainEstablishmentInGermany=true", "publicTelecom=false"),
			responsibility.ForSupervision, "bsig",
			[]string{"BSIG § 59: Bundesamt für Sicherheit in der Informationstechnik, weil Sektor Informationstechnik und Telekommunikation."},
			[]string{"BSIG § 59: Federal Office for Information Security, because sector Information technology and telecommunications."},
		},
		{
			"what gives way, and an assumed value", branch("HH", "hydrogen", "energyRole=PLANT_OR_DIGITAL_SERVICE"), responsibility.ForSupervision, "enwg",
			[]string{
				"EnWG § 5c Abs. 1 Nr. 2 und 3 und Abs. 2, § 5d: Bundesnetzagentur für Elektrizität, Gas, Telekommunikation, Post und Eisenbahnen, weil Branche Wasserstoff " +
					"und Rolle in der Energieversorgung = Anlage oder digitaler Energiedienst und Einstufung nach dem BSIG = besonders wichtige Einrichtung " +
					"(angenommen); an Stelle von BSIG (aus dem Gedächtnis).",
			},
			[]string{
				"EnWG § 5c Abs. 1 Nr. 2 und 3 und Abs. 2, § 5d: Federal Network Agency, because branch Hydrogen and energyRole = PLANT_OR_DIGITAL_SERVICE " +
					"and entityClass = PARTICULARLY_IMPORTANT (assumed); in place of BSIG (from memory).",
			},
		},
		{
			"a provision that names its act, an unverified row", branch("HH", "government-administration", "administrationLevel=STATE"),
			responsibility.ForSupervision, "nis2-directive",
			[]string{
				"NIS2 Art. 2 Abs. 2 lit. f ii, Art. 8: Nach Landesrecht zuständige Behörde (nicht benannt) (Hamburg), weil Branche Regierung und Verwaltung " +
					"und Verwaltungsebene = Land (nicht bestätigt).",
			},
			[]string{
				"NIS2 Art. 2 Abs. 2 lit. f ii, Art. 8: Competent state authority, not named (Hamburg), because branch Government and administration " +
					"and administrationLevel = STATE (unverified).",
			},
		},
		{
			"all sectors", sector("TH", "health"), responsibility.ForLawEnforcement, "stpo",
			[]string{"StPO § 158 Abs. 1, § 163 Abs. 1: Zentrale Ansprechstelle Cybercrime Thüringen, weil alle Sektoren."},
			[]string{"StPO § 158 Abs. 1, § 163 Abs. 1: Central cybercrime contact, Thuringia, because all sectors."},
		},
		{
			"facts that decide only together with others", branch("SN", "exchanges"), responsibility.ForSupervision, "bsig",
			[]string{
				"BSIG § 59: Bundesamt für Sicherheit in der Informationstechnik, weil Sektor Finanzwesen, falls Finanzunternehmen nach DORA = nein " +
					"und Börse oder ihr Träger = nein.",
			},
			[]string{"BSIG § 59: Federal Office for Information Security, because sector Finance, if doraEntity is false and exchangeOperator is false."},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := answer(t, rb, tt.unit, tt.purpose, today, tt.act).Regimes[0]
			for lang, want := range map[responsibility.Lang][]string{responsibility.DE: tt.de, responsibility.EN: tt.en} {
				var got []string
				for i := range r.Chain {
					got = append(got, r.Chain[i].Explanation(lang))
				}
				for i := range r.Alternatives {
					got = append(got, r.Alternatives[i].Explanation(lang))
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

func TestActsThatDoNotApplySayWhy(t *testing.T) {
	rb := shipped(t)
	tests := []struct {
		name                       string
		unit                       responsibility.Unit
		purpose                    responsibility.Purpose
		act, de, en, provision, id string
	}{
		{
			"sector not covered", branch("BY", "press"), responsibility.ForCyberIncident, "bsig",
			"BSIG erfasst nicht: Sektor Medien und Kultur.", "BSIG does not cover: sector Media and culture.", "", "",
		},
		{
			"out of scope", sector("BY", "water", "entityClass=NONE"), responsibility.ForCyberIncident, "bsig",
			"BSIG gilt nur, wenn Einstufung nach dem BSIG = besonders wichtige Einrichtung oder wichtige Einrichtung.",
			"BSIG applies only if entityClass = PARTICULARLY_IMPORTANT or IMPORTANT.", "", "",
		},
		{
			"taken out by the act", sector("BY", "ict"), responsibility.ForPhysicalIncident, "kritisdachg",
			"KRITISDachG nimmt dies selbst aus (KRITISDachG § 18, § 3 Abs. 2 Nr. 12, § 4 Abs. 2).",
			"KRITISDachG itself takes this out (KRITISDachG § 18, § 3 Abs. 2 Nr. 12, § 4 Abs. 2).", "KRITISDachG § 18, § 3 Abs. 2 Nr. 12, § 4 Abs. 2", "c050",
		},
		{
			"displaced", branch("BY", "banks", "doraEntity=true"), responsibility.ForSupervision, "bsig",
			"BSIG tritt zurück hinter DORA (DORA Art. 19, Art. 46).", "BSIG gives way to DORA (DORA Art. 19, Art. 46).", "DORA Art. 19, Art. 46", "c038",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := &answer(t, rb, tt.unit, tt.purpose, today, tt.act).NotApplicable[0]
			got := []string{n.Message(responsibility.DE), n.Message(responsibility.EN), n.Provision()}
			if d := cmp.Diff([]string{tt.de, tt.en, tt.provision}, got); d != "" {
				t.Error(d)
			}
			if (n.Because != nil || tt.id != "") && n.Because.ID != tt.id {
				t.Errorf("because = %s, want %s", n.Because.ID, tt.id)
			}
		})
	}
}

func TestQuestionsOfTheAttributes(t *testing.T) {
	want := map[string]string{
		"ownership":                    "Who owns the facility?",
		"administrationLevel":          "Which level of administration?",
		"energyRole":                   "Network, plant or digital energy service, or other?",
		"publicTelecom":                "A public telecommunications network or service?",
		"doraEntity":                   "A financial entity under DORA?",
		"federallySupervised":          "Under federal supervision?",
		"euMainEstablishmentInGermany": "Is the main establishment in the EU in Germany?",
		"exchangeOperator":             "An exchange under the BörsG or its operator?",
		"websiteCertificates":          "Certificates for website authentication?",
	}
	got := map[string]string{}
	for _, a := range responsibility.AllAttributes() {
		if a.Default == "" || a.UnknownIn != "" {
			got[a.Name] = a.Question.In(responsibility.EN)
		}
		if a.Question.DE == "" || a.Label.DE == "" || len(a.Words) != len(a.Values) || a.Bool() != slices.Contains(a.Values, "true") {
			t.Errorf("%s lacks words", a.Name)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRolesHaveNamesInBothLanguages(t *testing.T) {
	for _, r := range []responsibility.Role{responsibility.Supervision, responsibility.OrdinanceMaker, responsibility.BBKContactPoint} {
		if !r.Known() || r.In(responsibility.DE) == r.In(responsibility.EN) {
			t.Errorf("%s: %q, %q", r, r.In(responsibility.DE), r.In(responsibility.EN))
		}
	}
	if responsibility.Role("KING").Known() {
		t.Error("an unknown role is known")
	}
}
