package responsibility_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/responsibility"
)

func TestEveryGapOfTheRuleSaysWhatIsMissingAndWhatClosesIt(t *testing.T) {
	d := shippedData(t)
	d.Acts = append(d.Acts,
		responsibility.Act{Slug: "draft", Short: "Draft", Level: "state", Land: "MV", Status: "proposed", AsOf: "2025-12-11", Source: "https://draft.example"},
		responsibility.Act{Slug: "undated", Short: "Undated", Level: "state", Land: "SL", Status: "in_force", AsOf: "2026-06-01", Source: "https://undated.example"},
	)
	row := func(id, act, land string) responsibility.Competence {
		return responsibility.Competence{
			ID: id, Act: act, Provision: "§ 1", Kind: responsibility.BranchWide, Subject: "parliament", Land: land, Body: "cert-mv",
			Role: responsibility.Supervision, Confidence: "verified",
		}
	}
	d.Competences = append(d.Competences, row("x1", "draft", "MV"), row("x2", "undated", "SL"))
	rb := rulebook(t, d)
	tests := []struct {
		name              string
		unit              responsibility.Unit
		purpose           responsibility.Purpose
		day               string
		act               string
		want              string // code role Land
		message, message2 string
		remedy, remedy2   string
	}{
		{
			"holder designated, not published", sector("BY", "water"), responsibility.ForCrisis, today, "bsig", "NOT_PUBLISHED BSI_CONTACT_POINT BY",
			"BSIG, zentrale Kontaktstelle für das BSI (Bayern): Der Inhaber ist benannt, aber nicht veröffentlicht (seit 06.12.2025).",
			"BSIG, central contact point for the BSI (Bavaria): the holder is designated but not published (since 6 December 2025).",
			"Den Inhaber aus einer amtlichen Quelle eintragen.", "Enter the holder from an official source.",
		},
		{
			"holder due, not published", sector("BY", "water"), responsibility.ForPhysicalIncident, today, "kritisdachg", "NOT_PUBLISHED BBK_CONTACT_POINT BY",
			"KRITISDachG, zentraler Ansprechpartner für das BBK (Bayern): Der Inhaber war zu benennen bis 17.04.2026 und ist nicht veröffentlicht.",
			"KRITISDachG, central contact for the BBK (Bavaria): the holder was to be named by 17 April 2026 and is not published.",
			"Den Inhaber aus einer amtlichen Quelle eintragen.", "Enter the holder from an official source.",
		},
		{
			"body to be designated by the Land", sector("BY", "water"), responsibility.ForSupervision, today, "kritisdachg", "NOT_DESIGNATED SUPERVISION BY",
			"KRITISDachG, Aufsicht (Bayern): Niemand ist benannt (seit 17.03.2026).",
			"KRITISDachG, supervision (Bavaria): nobody is designated (since 17 March 2026).",
			"Land Bayern benennt die Behörde binnen 3 Monaten nach dem Inkrafttreten der Verordnung (KRITISDachG § 3 Abs. 6). Nach der Veröffentlichung eintragen.",
			"Land Bavaria designates the authority within 3 months after entry into force of the ordinance (KRITISDachG § 3 Abs. 6). Enter it once it is published.",
		},
		{
			"body to be designated by ordinance", sector("HB", "space"), responsibility.ForSupervision, today, "kritisdachg", "NOT_DESIGNATED SUPERVISION HB",
			"KRITISDachG, Aufsicht (Bremen): Niemand ist benannt (seit 17.03.2026).",
			"KRITISDachG, supervision (Bremen): nobody is designated (since 17 March 2026).",
			"Bundesministerium für Forschung, Technologie und Raumfahrt kann die Behörde durch Verordnung bestimmen (KRITISDachG § 3 Abs. 3 Satz 2); dann eintragen.",
			"Federal Ministry of Research, Technology and Space may fix the authority by ordinance (KRITISDachG § 3 Abs. 3 Satz 2); enter it then.",
		},
		{
			"required role without any row", branch("HH", "government-administration", "administrationLevel=STATE"), responsibility.ForCyberIncident, today,
			"nis2-directive", "NOT_DESIGNATED REPORTING HH",
			"NIS2, Meldestelle (Hamburg): Niemand ist benannt (seit 16.01.2023).",
			"NIS2, reporting office (Hamburg): nobody is designated (since 16 January 2023).",
			"Land Hamburg benennt die Behörde; eine Frist ist nicht bekannt. Nach der Veröffentlichung eintragen.",
			"Land Hamburg designates the authority; no time limit is known. Enter it once it is published.",
		},
		{
			"required role without a place", responsibility.Unit{Subject: responsibility.Subject{Sector: "water"}, Attributes: facts("inExclusiveEconomicZone=true")},
			responsibility.ForSupervision, today, "kritisdachg", "NOT_DESIGNATED SUPERVISION ",
			"KRITISDachG, Aufsicht: Niemand ist benannt (seit 17.03.2026).", "KRITISDachG, supervision: nobody is designated (since 17 March 2026).",
			"Zu benennen; von wem und bis wann, ist nicht bekannt. Nach der Veröffentlichung eintragen.",
			"To be designated; by whom and by when is not known. Enter it once it is published.",
		},
		{
			"the row knows no holder", branch("HB", "government-administration", "administrationLevel=STATE"), responsibility.ForSupervision, today,
			"vv-nis2ums-fhb", "NOT_RECORDED SUPERVISION HB",
			"VV NIS2Ums FHB, Aufsicht (Bremen): Die Stelle gibt es, sie ist hier nicht erfasst (seit 15.01.2025).",
			"VV NIS2Ums FHB, supervision (Bremen): the body exists, the directory lacks it (since 15 January 2025).",
			"Die Stelle gibt es; sie hier eintragen.", "The body exists; enter it in the directory.",
		},
		{
			"one body in each Land", sector("BY", "water", "personalDataBreach=true"), responsibility.ForCyberIncident, today, "gdpr", "NOT_RECORDED REPORTING BY",
			"GDPR, Meldestelle (Bayern): Die Stelle gibt es, sie ist hier nicht erfasst (seit 25.05.2018).",
			"GDPR, reporting office (Bavaria): the body exists, the directory lacks it (since 25 May 2018).",
			"Die Stelle gibt es; sie hier eintragen.", "The body exists; enter it in the directory.",
		},
		{
			"the act begins later", sector("BY", "water"), responsibility.ForRegistration, "2026-03-16", "kritisdachg", "NOT_YET_IN_FORCE  ",
			"KRITISDachG gilt erst ab 17.03.2026.", "KRITISDachG applies only from 17 March 2026.",
			"Erster Tag: 17.03.2026.", "First day: 17 March 2026.",
		},
		{
			"the row begins later", sector("BY", "water"), responsibility.ForCrisis, "2026-04-16", "kritisdachg", "NOT_YET_IN_FORCE BBK_CONTACT_POINT BY",
			"KRITISDachG, zentraler Ansprechpartner für das BBK (Bayern): gilt erst ab 17.04.2026.",
			"KRITISDachG, central contact for the BBK (Bavaria): applies only from 17 April 2026.",
			"Erster Tag: 17.04.2026.", "First day: 17 April 2026.",
		},
		{
			"the act is only proposed", branch("MV", "parliament"), responsibility.ForSupervision, today, "draft", "NOT_CONFIRMED  ",
			"Draft ist nur vorgeschlagen.", "Draft is only proposed.",
			"Die Quelle prüfen: https://draft.example", "Check the source: https://draft.example",
		},
		{
			"the act begins on an unknown day", branch("SL", "parliament"), responsibility.ForSupervision, "2026-05-31", "undated", "NOT_CONFIRMED  ",
			"Undated gilt; der erste Tag ist nicht bekannt, belegt ist er erst ab 01.06.2026.",
			"Undated is in force; its first day is not known, there is proof only from 1 June 2026.",
			"Die Quelle prüfen: https://undated.example", "Check the source: https://undated.example",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := answer(t, rb, tt.unit, tt.purpose, tt.day, tt.act)
			if len(a.Regimes) != 1 {
				t.Fatalf("regimes: %s", transcript(a))
			}
			for i := range a.Regimes[0].Gaps {
				g := &a.Regimes[0].Gaps[i]
				if string(g.Code)+" "+string(g.Role)+" "+g.Land != tt.want {
					continue
				}
				want := []string{tt.message, tt.message2, tt.remedy, tt.remedy2}
				got := []string{g.Message(responsibility.DE), g.Message(responsibility.EN), g.Remedy(responsibility.DE), g.Remedy(responsibility.EN)}
				if d := cmp.Diff(want, got); d != "" {
					t.Error(d)
				}
				return
			}
			t.Errorf("no gap %q in\n%s", tt.want, transcript(a))
		})
	}
}

func TestUndatedActCountsFromTheDayOfItsSource(t *testing.T) {
	d := shippedData(t)
	for i := range d.Acts {
		if d.Acts[i].Slug == "zskg" {
			d.Acts[i].InForceSince, d.Acts[i].AsOf = "", "2026-04-29"
		}
	}
	rb := rulebook(t, d)
	for day, want := range map[string]responsibility.Status{"2026-04-28": responsibility.Unresolved, "2026-04-29": responsibility.Resolved} {
		if got := answer(t, rb, sector("BY", "water"), responsibility.ForCrisis, day, "zskg").Status; got != want {
			t.Errorf("on %s: %s, want %s", day, got, want)
		}
	}
}

func TestReachabilityGapsAreMadeFromSteps(t *testing.T) {
	rb := shipped(t)
	a := answer(t, rb, sector("TH", "health"), responsibility.ForLawEnforcement, today)
	step := &a.Regimes[0].Chain[0]
	tests := []struct {
		code                     responsibility.GapCode
		verified                 responsibility.Day
		de, en, remedyDE, remedy string
	}{
		{
			responsibility.NoChannel, "", "Es ist kein Kanal bekannt.", "no channel is known.", "Einen Kanal eintragen.", "Enter a channel.",
		},
		{
			responsibility.StaleContact, "2024-01-17", "Die Kontaktdaten wurden zuletzt bestätigt am 17.01.2024.",
			"the contact was last verified on 17 January 2024.", "Die Kontaktdaten bestätigen.", "Confirm the contact.",
		},
		{
			responsibility.StaleContact, "", "Die Kontaktdaten wurden nie bestätigt.", "the contact was never verified.", "Die Kontaktdaten bestätigen.",
			"Confirm the contact.",
		},
		{responsibility.No247Channel, "", "Kein Kanal ist jederzeit erreichbar.", "no channel is reachable at all hours.", "", ""},
	}
	placeDE := "StPO, Ansprechstelle der Strafverfolgung (Thüringen), Zentrale Ansprechstelle Cybercrime Thüringen: "
	placeEN := "StPO, law enforcement contact (Thuringia), Central cybercrime contact, Thuringia: "
	for _, tt := range tests {
		g := step.Reachability(tt.code, tt.verified)
		got := []string{g.Message(responsibility.DE), g.Message(responsibility.EN), g.Remedy(responsibility.DE), g.Remedy(responsibility.EN)}
		if d := cmp.Diff([]string{placeDE + tt.de, placeEN + tt.en, tt.remedyDE, tt.remedy}, got); d != "" {
			t.Errorf("%s: %s", tt.code, d)
		}
	}
}

func TestHoldersCloseGapsAndChangeNothingElse(t *testing.T) {
	own := responsibility.Competence{
		ID: "own", Act: "kritisdachg", Provision: "§ 3 Abs. 6", Kind: responsibility.SectorWide, Subject: "water", Land: "BY", Body: "lsi-by",
		Role: responsibility.Supervision, Confidence: "verified",
	}
	held := responsibility.Held{Act: "kritisdachg", Role: responsibility.BBKContactPoint, Land: "BY"}
	const tomorrow = "2026-11-02"
	until := func(from, until responsibility.Day) responsibility.Held {
		h := held
		h.ValidFrom, h.ValidUntil = from, until
		return h
	}
	unheld := []string{
		"supervision state-competent-authority (BY) SECTOR ! NOT_DESIGNATED",
		"bbk_contact_point kritisdachg-contact-de-by (BY) CROSS_SECTOR ! NOT_PUBLISHED",
	}
	holding := []string{unheld[0], "bbk_contact_point kritisdachg-contact-de-by (BY) CROSS_SECTOR"}
	tests := []struct {
		name    string
		rows    []responsibility.Competence
		held    []responsibility.Held
		land    string
		want    []string
		partial responsibility.Status
	}{
		{
			"none", nil, nil, "BY", []string{
				"supervision state-competent-authority (BY) SECTOR ! NOT_DESIGNATED",
				"bbk_contact_point kritisdachg-contact-de-by (BY) CROSS_SECTOR ! NOT_PUBLISHED",
			}, responsibility.Partial,
		},
		{
			"an own row", []responsibility.Competence{own}, nil, "BY",
			[]string{"supervision lsi-by (BY) SECTOR", "bbk_contact_point kritisdachg-contact-de-by (BY) CROSS_SECTOR ! NOT_PUBLISHED"}, responsibility.Partial,
		},
		{
			"a published contact point", nil, []responsibility.Held{held}, "BY", []string{
				"supervision state-competent-authority (BY) SECTOR ! NOT_DESIGNATED", "bbk_contact_point kritisdachg-contact-de-by (BY) CROSS_SECTOR",
			}, responsibility.Partial,
		},
		{"one from today on", nil, []responsibility.Held{until(today, "")}, "BY", holding, responsibility.Partial},
		{"one from tomorrow on", nil, []responsibility.Held{until(tomorrow, "")}, "BY", unheld, responsibility.Partial},
		{"one until tomorrow", nil, []responsibility.Held{until("", tomorrow)}, "BY", holding, responsibility.Partial},
		{"one that ends today", nil, []responsibility.Held{until("", today)}, "BY", unheld, responsibility.Partial},
		{"one that ended, and one that follows", nil, []responsibility.Held{until("", today), until(today, "")}, "BY", holding, responsibility.Partial},
		{
			"both", []responsibility.Competence{own}, []responsibility.Held{held}, "BY",
			[]string{"supervision lsi-by (BY) SECTOR", "bbk_contact_point kritisdachg-contact-de-by (BY) CROSS_SECTOR"}, responsibility.Resolved,
		},
		{
			"both, asked elsewhere", []responsibility.Competence{own}, []responsibility.Held{held}, "HE", []string{
				"supervision state-competent-authority (HE) SECTOR ! NOT_DESIGNATED",
				"bbk_contact_point kritisdachg-contact-de-he (HE) CROSS_SECTOR ! NOT_PUBLISHED",
			}, responsibility.Partial,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := shippedData(t)
			d.Competences, d.Held = append(d.Competences, tt.rows...), tt.held
			a := answer(t, rulebook(t, d), sector(tt.land, "water"), responsibility.ForPhysicalIncident, today)
			var got []string
			for i := range a.Regimes[0].Chain[2:] {
				got = append(got, stepLine(&a.Regimes[0].Chain[2+i]))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if a.Status != tt.partial {
				t.Errorf("status = %s, want %s", a.Status, tt.partial)
			}
		})
	}
}
