package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

const askExample = `query($in: ResponsibilityInput!) { responsibility(input: $in) {
  status
  regimes {
    legalAct { slug } status displaces { slug }
    chain { position role federalState { code } authority { slug } because { specificity } }
    gaps { code role federalState { code } }
    alternatives { role federalState { code } authority { slug } because { specificity } gap { code } unknowns { attribute question(lang: EN) } }
  }
  notApplicable { legalAct { slug } reason }
} }`

// transcript writes an answer in lines: the status, then for each act its status and what it displaces, certain steps with
// their position, gaps with "!", alternatives with "?", and the acts that do not apply.
func transcript(t *testing.T, r object) string {
	t.Helper()
	var b strings.Builder
	line := func(parts ...string) {
		b.WriteString(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ") + "\n")
	}
	land := func(o object) string { return textOf(o, "federalState.code") }
	line(textOf(r, "status"))
	for _, regime := range list(t, r, "regimes") {
		var displaced string
		for _, act := range list(t, regime, "displaces") {
			displaced += "-" + textOf(act, "slug")
		}
		line(textOf(regime, "legalAct.slug"), textOf(regime, "status"), displaced)
		for _, s := range list(t, regime, "chain") {
			line(fmt.Sprint(s["position"]), textOf(s, "role"), textOf(s, "authority.slug"), land(s), textOf(s, "because.specificity"))
		}
		for _, g := range list(t, regime, "gaps") {
			line("!", textOf(g, "code"), textOf(g, "role"), land(g))
		}
		for _, a := range list(t, regime, "alternatives") {
			unknowns := "if"
			for _, u := range list(t, a, "unknowns") {
				unknowns += " " + textOf(u, "attribute")
				if !strings.HasSuffix(textOf(u, "question"), "?") {
					t.Errorf("%v is no question", u["question"])
				}
			}
			line("?", textOf(a, "role"), textOf(a, "authority.slug"), land(a), textOf(a, "because.specificity"), textOf(a, "gap.code"), unknowns)
		}
	}
	for _, n := range list(t, r, "notApplicable") {
		line("not", textOf(n, "legalAct.slug"), textOf(n, "reason"))
	}
	return b.String()
}

func placed(land string, subject object, attributes object) object {
	p := object{"federalState": land, "attributes": attributes}
	for k, v := range subject {
		p[k] = v
	}
	return object{"place": p}
}

func inBranch(slug string) object  { return object{"branch": slug} }
func inSector(slug string) object  { return object{"sector": slug} }
func inService(slug string) object { return object{"service": slug} }

func demoOperator(reference string) object {
	return object{"operator": kritis.GlobalID(store.ID("Operator/" + reference))}
}

func demoFacility(reference string) object {
	return object{"facility": kritis.GlobalID(store.ID("Facility/" + reference))}
}

// example is a worked example of the rule, by its number there.
type example struct {
	name    string
	subject object
	purpose string
	acts    []string
	asOf    string // empty: now, 1 November 2026
	want    string
}

func TestWorkedExamplesAreAnsweredAsTheRuleSays(t *testing.T) {
	w := onSQLite(t)
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			in := object{"subject": e.subject, "purpose": e.purpose}
			if e.acts != nil {
				in["legalActs"] = e.acts
			}
			if e.asOf != "" {
				in["asOf"] = e.asOf
			}
			r := query[map[string]object](t, w, askExample, object{"in": in})["responsibility"]
			want := strings.TrimSpace(strings.ReplaceAll(e.want, "\t", "")) + "\n"
			if got := transcript(t, r); got != want {
				t.Errorf("%s\n%s", cmp.Diff(want, got), got)
			}
		})
	}
}

var examples = []example{
	{"1 rail in Hesse", placed("HE", inBranch("rail"), nil), "SUPERVISION", []string{"kritisdachg"}, "", `
		AMBIGUOUS
		kritisdachg AMBIGUOUS
		? SUPERVISION eba-rail BRANCH if ownership
		? SUPERVISION state-competent-authority HE BRANCH NOT_DESIGNATED if ownership
	`},
	{"2 rail of the Bund", placed("HE", inBranch("rail"), object{"ownership": "FEDERAL"}), "SUPERVISION", nil, "", `
		RESOLVED
		bsig RESOLVED
		1 SUPERVISION bsi SECTOR
		! STALE_CONTACT SUPERVISION
		kritisdachg RESOLVED
		1 SUPERVISION eba-rail BRANCH
		! NO_CHANNEL SUPERVISION
	`},
	{"3 electricity in North Rhine-Westphalia", placed("NW", inService("electricity-supply"), nil), "SUPERVISION", nil, "", `
		AMBIGUOUS
		enwg AMBIGUOUS -bsig
		? SUPERVISION bnetza BRANCH if energyRole
		bsig AMBIGUOUS
		? SUPERVISION bsi SECTOR if energyRole
		kritisdachg RESOLVED
		1 SUPERVISION bnetza SERVICE
		! STALE_CONTACT SUPERVISION
	`},
	{"4 a grid operator in Baden-Württemberg", placed("BW", inBranch("electricity"), object{"energyRole": "NETWORK_OPERATOR"}), "CYBER_INCIDENT", nil, "", `
		PARTIAL
		enwg RESOLVED -bsig
		1 REPORTING bsi-joint-reporting-office BRANCH
		2 SUPERVISION bnetza BRANCH
		3 IMPACT_ASSESSMENT bnetza BRANCH
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
		! STALE_CONTACT SUPERVISION
		! NO_24_7_CHANNEL SUPERVISION
		! STALE_CONTACT IMPACT_ASSESSMENT
		! NO_24_7_CHANNEL IMPACT_ASSESSMENT
		bsig PARTIAL
		1 BSI_CONTACT_POINT zkl-de-bw BW CROSS_SECTOR
		2 CRISIS bsi-situation-centre CROSS_SECTOR
		! NOT_PUBLISHED BSI_CONTACT_POINT BW
		! STALE_CONTACT CRISIS
		! NO_24_7_CHANNEL CRISIS
	`},
	{"5 telecoms with a data breach in Hamburg", placed("HH", inBranch("telecommunications"), object{"publicTelecom": true, "personalDataBreach": true}), "CYBER_INCIDENT", nil, "", `
		PARTIAL
		tkg RESOLVED -bsig-gdpr
		1 REPORTING bnetza BRANCH
		2 REPORTING bsi BRANCH
		3 REPORTING bfdi BRANCH
		4 SUPERVISION bnetza BRANCH
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
		! NO_CHANNEL REPORTING
		! STALE_CONTACT SUPERVISION
		! NO_24_7_CHANNEL SUPERVISION
		bsig PARTIAL
		1 BSI_CONTACT_POINT zkl-de-hh HH CROSS_SECTOR
		2 CRISIS bsi-situation-centre CROSS_SECTOR
		! NOT_PUBLISHED BSI_CONTACT_POINT HH
		! STALE_CONTACT CRISIS
		! NO_24_7_CHANNEL CRISIS
		not gdpr DISPLACED
	`},
	{"6 the administration of Saxony", placed("SN", inBranch("government-administration"), object{"administrationLevel": "STATE"}), "CYBER_INCIDENT", nil, "", `
		RESOLVED
		saechsisichg RESOLVED -bsig
		1 REPORTING sax-cert SN BRANCH
		2 SUPERVISION ciso-sn SN BRANCH
		! NO_CHANNEL REPORTING SN
		! NO_CHANNEL SUPERVISION SN
		not bsig NOT_COVERED
	`},
	{"7 the administration of Bremen", placed("HB", inBranch("government-administration"), object{"administrationLevel": "STATE"}), "SUPERVISION", nil, "", `
		PARTIAL
		vv-nis2ums-fhb PARTIAL -bsig
		1 SUPERVISION state-competent-authority HB BRANCH
		! NOT_RECORDED SUPERVISION HB
		not bsig NOT_COVERED
		not kritisdachg NOT_COVERED
	`},
	{"8 the administration of the Bund", placed("BE", inBranch("government-administration"), object{"administrationLevel": "FEDERAL"}), "CYBER_INCIDENT", nil, "", `
		RESOLVED
		bsig RESOLVED
		1 REPORTING bsi-joint-reporting-office CROSS_SECTOR
		2 SUPERVISION bsi BRANCH
		3 CRISIS bsi-situation-centre CROSS_SECTOR
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
		! STALE_CONTACT SUPERVISION
		! NO_24_7_CHANNEL SUPERVISION
		! STALE_CONTACT CRISIS
		! NO_24_7_CHANNEL CRISIS
	`},
	{"9 water in Bavaria before both acts", placed("BY", inSector("water"), nil), "SUPERVISION", nil, "2025-11-01T12:00:00+01:00", `
		UNRESOLVED
		bsig UNRESOLVED
		! NOT_YET_IN_FORCE
		kritisdachg UNRESOLVED
		! NOT_YET_IN_FORCE
	`},
	{"9 water in Bavaria between both acts", placed("BY", inSector("water"), nil), "SUPERVISION", nil, "2026-01-15T12:00:00+01:00", `
		PARTIAL
		bsig RESOLVED
		1 SUPERVISION bsi SECTOR
		! STALE_CONTACT SUPERVISION
		kritisdachg UNRESOLVED
		! NOT_YET_IN_FORCE
	`},
	{"9 water in Bavaria under both acts", placed("BY", inSector("water"), nil), "SUPERVISION", nil, "", `
		PARTIAL
		bsig RESOLVED
		1 SUPERVISION bsi SECTOR
		! STALE_CONTACT SUPERVISION
		kritisdachg PARTIAL
		1 SUPERVISION state-competent-authority BY SECTOR
		! NOT_DESIGNATED SUPERVISION BY
	`},
	{"10 water in Bavaria a day before contact points are due", placed("BY", inSector("water"), nil), "PHYSICAL_INCIDENT", nil, "2026-04-16T12:00:00+02:00", `
		PARTIAL
		kritisdachg PARTIAL
		1 REPORTING bsi-joint-reporting-office CROSS_SECTOR
		2 REPORTING bbk CROSS_SECTOR
		3 SUPERVISION state-competent-authority BY SECTOR
		! NOT_DESIGNATED SUPERVISION BY
		! NOT_YET_IN_FORCE BBK_CONTACT_POINT BY
		! NO_24_7_CHANNEL REPORTING
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
	`},
	{"10 water in Bavaria on the day", placed("BY", inSector("water"), nil), "PHYSICAL_INCIDENT", nil, "2026-04-17T00:00:00+02:00", `
		PARTIAL
		kritisdachg PARTIAL
		1 REPORTING bsi-joint-reporting-office CROSS_SECTOR
		2 REPORTING bbk CROSS_SECTOR
		3 SUPERVISION state-competent-authority BY SECTOR
		4 BBK_CONTACT_POINT kritisdachg-contact-de-by BY CROSS_SECTOR
		! NOT_DESIGNATED SUPERVISION BY
		! NOT_PUBLISHED BBK_CONTACT_POINT BY
		! NO_24_7_CHANNEL REPORTING
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
	`},
	{"12 a bank in Berlin", placed("BE", inBranch("banks"), nil), "PHYSICAL_INCIDENT", nil, "", `
		AMBIGUOUS
		kritisdachg AMBIGUOUS
		? REPORTING bsi-joint-reporting-office CROSS_SECTOR if doraEntity
		? REPORTING bbk CROSS_SECTOR if doraEntity
		? SUPERVISION state-competent-authority BE CROSS_SECTOR NOT_DESIGNATED if doraEntity
		? BBK_CONTACT_POINT kritisdachg-contact-de-be BE CROSS_SECTOR NOT_PUBLISHED if doraEntity
	`},
	{"13 the press in Bavaria", placed("BY", inBranch("press"), nil), "CYBER_INCIDENT", nil, "", `
		UNRESOLVED
		not bsig NOT_COVERED
	`},
	{"14 a crime in Thuringia", placed("TH", inSector("health"), nil), "LAW_ENFORCEMENT", nil, "", `
		RESOLVED
		stpo RESOLVED
		1 LAW_ENFORCEMENT_CONTACT zac-de-th TH CROSS_SECTOR
		! NO_CHANNEL LAW_ENFORCEMENT_CONTACT TH
		bkag RESOLVED
		1 LAW_ENFORCEMENT_CONTACT zac-bka CROSS_SECTOR
		! STALE_CONTACT LAW_ENFORCEMENT_CONTACT
	`},
	{"15 forecasts", placed("NW", inBranch("weather-tide-forecast"), nil), "SUPERVISION", []string{"kritisdachg"}, "", `
		AMBIGUOUS
		kritisdachg AMBIGUOUS
		? SUPERVISION bsh SERVICE if service
		? SUPERVISION dwd SERVICE if service
	`},
	{"16 exchanges in Saxony", placed("SN", inBranch("exchanges"), object{"doraEntity": true}), "SUPERVISION", nil, "", `
		AMBIGUOUS
		dora AMBIGUOUS -bsig
		? SUPERVISION bafin BRANCH if exchangeOperator
		? SUPERVISION state-exchange-supervisor SN BRANCH NOT_RECORDED if exchangeOperator
		kritisdachg AMBIGUOUS
		? SUPERVISION bafin SERVICE if exchangeOperator
		? SUPERVISION state-competent-authority SN CROSS_SECTOR NOT_DESIGNATED if exchangeOperator
		not bsig DISPLACED
	`},
	{"17 digital infrastructure in Berlin", placed("BE", inBranch("digital-infrastructure"), object{"euMainEstablishmentInGermany": false, "publicTelecom": false}), "SUPERVISION", nil, "", `
		AMBIGUOUS
		bsig AMBIGUOUS
		? SUPERVISION bsi SECTOR if service
		kritisdachg RESOLVED
		1 SUPERVISION bsi BRANCH
		! STALE_CONTACT SUPERVISION
		eidas AMBIGUOUS
		? SUPERVISION bnetza SERVICE if websiteCertificates service
		? SUPERVISION bsi SERVICE if websiteCertificates service
	`},

	{"4 a grid operator in Bavaria with three facilities", demoOperator("demo-op-0001"), "CYBER_INCIDENT", nil, "", `
		PARTIAL
		enwg RESOLVED -bsig
		1 REPORTING bsi-joint-reporting-office BRANCH
		2 SUPERVISION bnetza BRANCH
		3 IMPACT_ASSESSMENT bnetza BRANCH
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
		! STALE_CONTACT SUPERVISION
		! NO_24_7_CHANNEL SUPERVISION
		! STALE_CONTACT IMPACT_ASSESSMENT
		! NO_24_7_CHANNEL IMPACT_ASSESSMENT
		bsig PARTIAL
		1 BSI_CONTACT_POINT zkl-de-by BY CROSS_SECTOR
		2 CRISIS bsi-situation-centre CROSS_SECTOR
		! NOT_PUBLISHED BSI_CONTACT_POINT BY
		! STALE_CONTACT CRISIS
		! NO_24_7_CHANNEL CRISIS
	`},
	{"1 a railway in Hesse of unknown owner", demoOperator("demo-op-0002"), "SUPERVISION", []string{"kritisdachg"}, "", `
		AMBIGUOUS
		kritisdachg AMBIGUOUS
		? SUPERVISION eba-rail BRANCH if ownership
		? SUPERVISION state-competent-authority HE BRANCH NOT_DESIGNATED if ownership
	`},
	{"12 a bank under DORA", demoOperator("demo-op-0004"), "PHYSICAL_INCIDENT", nil, "", `
		UNRESOLVED
		not kritisdachg EXCLUDED
	`},
	{"11 a waterworks whose supply area crosses a border", demoFacility("demo-fa-0009"), "CYBER_INCIDENT", nil, "", `
		PARTIAL
		bsig PARTIAL
		1 REPORTING bsi-joint-reporting-office CROSS_SECTOR
		2 SUPERVISION bsi SECTOR
		3 BSI_CONTACT_POINT zkl-de-nw NW CROSS_SECTOR
		4 BSI_CONTACT_POINT zkl-de-ni NI CROSS_SECTOR
		5 CRISIS bsi-situation-centre CROSS_SECTOR
		! NOT_PUBLISHED BSI_CONTACT_POINT NW
		! NOT_PUBLISHED BSI_CONTACT_POINT NI
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
		! STALE_CONTACT SUPERVISION
		! NO_24_7_CHANNEL SUPERVISION
		! STALE_CONTACT CRISIS
		! NO_24_7_CHANNEL CRISIS
	`},
	{"5 telecoms in Hamburg", demoOperator("demo-op-0006"), "CYBER_INCIDENT", nil, "", `
		PARTIAL
		tkg RESOLVED -bsig
		1 REPORTING bnetza BRANCH
		2 REPORTING bsi BRANCH
		3 SUPERVISION bnetza BRANCH
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
		! STALE_CONTACT REPORTING
		! NO_24_7_CHANNEL REPORTING
		! STALE_CONTACT SUPERVISION
		! NO_24_7_CHANNEL SUPERVISION
		bsig PARTIAL
		1 BSI_CONTACT_POINT zkl-de-hh HH CROSS_SECTOR
		2 BSI_CONTACT_POINT zkl-de-sh SH CROSS_SECTOR
		3 CRISIS bsi-situation-centre CROSS_SECTOR
		! NOT_PUBLISHED BSI_CONTACT_POINT HH
		! NOT_PUBLISHED BSI_CONTACT_POINT SH
		! STALE_CONTACT CRISIS
		! NO_24_7_CHANNEL CRISIS
	`},
	{"6 the IT provider of Saxony", demoOperator("demo-op-0007"), "CYBER_INCIDENT", nil, "", `
		UNRESOLVED
		not bsig OUT_OF_SCOPE
	`},
}
