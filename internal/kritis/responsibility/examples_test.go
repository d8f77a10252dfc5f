package responsibility_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/responsibility"
)

const today = "2026-11-01"

// TestWorkedExamples holds the worked examples of the rule, in its order and with its numbers.
func TestWorkedExamples(t *testing.T) {
	rb := shipped(t)
	facility := service("HH", "drinking-water-supply")
	facility.Affected = []string{"SH", "NI"}
	tests := []struct {
		name    string
		unit    responsibility.Unit
		purpose responsibility.Purpose
		acts    []string
		day     string
		want    string
	}{
		{
			"1 rail in Hesse depends on ownership", branch("HE", "rail"), responsibility.ForSupervision, []string{"kritisdachg"}, today, `
			AMBIGUOUS
			kritisdachg AMBIGUOUS
			  ? supervision eba-rail BRANCH if ownership=FEDERAL
			  ? supervision state-competent-authority (HE) BRANCH ! NOT_DESIGNATED if ownership=STATE|MUNICIPAL|PRIVATE`,
		},
		{
			"2 rail owned by the Federation is resolved", branch("HE", "rail", "ownership=FEDERAL"), responsibility.ForSupervision, nil, today, `
			RESOLVED
			bsig RESOLVED
			  1 supervision bsi SECTOR
			kritisdachg RESOLVED
			  1 supervision eba-rail BRANCH`,
		},
		{
			"3 electricity supply depends on the energy role", service("NW", "electricity-supply"), responsibility.ForSupervision, nil, today, `
			AMBIGUOUS
			enwg AMBIGUOUS -bsig
			  ? supervision bnetza BRANCH if energyRole=NETWORK_OPERATOR|PLANT_OR_DIGITAL_SERVICE
			bsig AMBIGUOUS
			  ? supervision bsi SECTOR if energyRole=OTHER
			kritisdachg RESOLVED
			  1 supervision bnetza SERVICE`,
		},
		{
			"4 a network operator reports under the EnWG, the contact point stays",
			branch("BW", "electricity", "energyRole=NETWORK_OPERATOR"), responsibility.ForCyberIncident, nil, today, `
			PARTIAL
			enwg RESOLVED -bsig
			  1 reporting bsi-joint-reporting-office BRANCH
			  2 supervision bnetza BRANCH
			  3 impact_assessment bnetza BRANCH
			bsig PARTIAL
			  1 bsi_contact_point zkl-de-bw (BW) CROSS_SECTOR ! NOT_PUBLISHED
			  2 crisis bsi-situation-centre CROSS_SECTOR`,
		},
		{
			"5 a data breach in public telecoms displaces the GDPR",
			branch("HH", "telecommunications", "publicTelecom=true", "personalDataBreach=true"), responsibility.ForCyberIncident, nil, today, `
			PARTIAL
			tkg RESOLVED -bsig -gdpr
			  1 reporting bnetza BRANCH
			  2 reporting bsi BRANCH
			  3 reporting bfdi BRANCH
			  4 supervision bnetza BRANCH
			bsig PARTIAL
			  1 bsi_contact_point zkl-de-hh (HH) CROSS_SECTOR ! NOT_PUBLISHED
			  2 crisis bsi-situation-centre CROSS_SECTOR
			not gdpr DISPLACED`,
		},
		{
			"6 administration of Saxony reports under its law",
			branch("SN", "government-administration", "administrationLevel=STATE"), responsibility.ForCyberIncident, nil, today, `
			RESOLVED
			saechsisichg RESOLVED -bsig
			  1 reporting sax-cert (SN) BRANCH
			  2 supervision ciso-sn (SN) BRANCH
			not bsig NOT_COVERED`,
		},
		{
			"7 the supervisor of Bremen's administration is not recorded",
			branch("HB", "government-administration", "administrationLevel=STATE"), responsibility.ForSupervision, nil, today, `
			PARTIAL
			vv-nis2ums-fhb PARTIAL -bsig
			  1 supervision state-competent-authority (HB) BRANCH ! NOT_RECORDED
			not bsig NOT_COVERED
			not kritisdachg NOT_COVERED`,
		},
		{
			"8 federal administration has no contact point of a Land",
			branch("BE", "government-administration", "administrationLevel=FEDERAL"), responsibility.ForCyberIncident, nil, today, `
			RESOLVED
			bsig RESOLVED
			  1 reporting bsi-joint-reporting-office CROSS_SECTOR
			  2 supervision bsi BRANCH
			  3 crisis bsi-situation-centre CROSS_SECTOR`,
		},
		{
			"9 water before both acts", sector("BY", "water"), responsibility.ForSupervision, nil, "2025-11-01", `
			UNRESOLVED
			bsig UNRESOLVED
			  ! NOT_YET_IN_FORCE
			kritisdachg UNRESOLVED
			  ! NOT_YET_IN_FORCE`,
		},
		{
			"9 water between both acts", sector("BY", "water"), responsibility.ForSupervision, nil, "2026-01-15", `
			PARTIAL
			bsig RESOLVED
			  1 supervision bsi SECTOR
			kritisdachg UNRESOLVED
			  ! NOT_YET_IN_FORCE`,
		},
		{
			"9 water under both acts", sector("BY", "water"), responsibility.ForSupervision, nil, today, `
			PARTIAL
			bsig RESOLVED
			  1 supervision bsi SECTOR
			kritisdachg PARTIAL
			  1 supervision state-competent-authority (BY) SECTOR ! NOT_DESIGNATED`,
		},
		{
			"10 the day before the contact of the Land is due", sector("BY", "water"), responsibility.ForPhysicalIncident, nil, "2026-04-16", `
			PARTIAL
			kritisdachg PARTIAL
			  1 reporting bsi-joint-reporting-office CROSS_SECTOR
			  2 reporting bbk CROSS_SECTOR
			  3 supervision state-competent-authority (BY) SECTOR ! NOT_DESIGNATED
			  ! NOT_YET_IN_FORCE bbk_contact_point BY`,
		},
		{
			"10 the day on which it is due", sector("BY", "water"), responsibility.ForPhysicalIncident, nil, "2026-04-17", `
			PARTIAL
			kritisdachg PARTIAL
			  1 reporting bsi-joint-reporting-office CROSS_SECTOR
			  2 reporting bbk CROSS_SECTOR
			  3 supervision state-competent-authority (BY) SECTOR ! NOT_DESIGNATED
			  4 bbk_contact_point kritisdachg-contact-de-by (BY) CROSS_SECTOR ! NOT_PUBLISHED`,
		},
		{
			"11 a facility whose supply area spans Länder", facility, responsibility.ForCyberIncident, nil, today, `
			PARTIAL
			bsig PARTIAL
			  1 reporting bsi-joint-reporting-office CROSS_SECTOR
			  2 supervision bsi SECTOR
			  3 bsi_contact_point zkl-de-hh (HH) CROSS_SECTOR ! NOT_PUBLISHED
			  4 bsi_contact_point zkl-de-ni (NI) CROSS_SECTOR ! NOT_PUBLISHED
			  5 bsi_contact_point zkl-de-sh (SH) CROSS_SECTOR ! NOT_PUBLISHED
			  6 crisis bsi-situation-centre CROSS_SECTOR`,
		},
		{
			"12 banks report physical incidents unless DORA takes them out", branch("BE", "banks"), responsibility.ForPhysicalIncident, nil, today, `
			AMBIGUOUS
			kritisdachg AMBIGUOUS
			  ? reporting bsi-joint-reporting-office CROSS_SECTOR if doraEntity=false
			  ? reporting bbk CROSS_SECTOR if doraEntity=false
			  ? supervision state-competent-authority (BE) CROSS_SECTOR ! NOT_DESIGNATED if doraEntity=false
			  ? bbk_contact_point kritisdachg-contact-de-be (BE) CROSS_SECTOR ! NOT_PUBLISHED if doraEntity=false`,
		},
		{
			"12 a DORA entity does not report them", branch("BE", "banks", "doraEntity=true"), responsibility.ForPhysicalIncident, nil, today, `
			UNRESOLVED
			not kritisdachg EXCLUDED`,
		},
		{
			"13 the press is covered by no act", branch("BY", "press"), responsibility.ForCyberIncident, nil, today, `
			UNRESOLVED
			not bsig NOT_COVERED`,
		},
		{
			"14 law enforcement needs no scope", sector("TH", "health"), responsibility.ForLawEnforcement, nil, today, `
			RESOLVED
			stpo RESOLVED
			  1 law_enforcement_contact zac-de-th (TH) CROSS_SECTOR
			bkag RESOLVED
			  1 law_enforcement_contact zac-bka CROSS_SECTOR`,
		},
		{
			"15 forecasts depend on the service", branch("NW", "weather-tide-forecast"), responsibility.ForSupervision, []string{"kritisdachg"}, today, `
			AMBIGUOUS
			kritisdachg AMBIGUOUS
			  ? supervision bsh SERVICE if service=tide-water-level-forecasting
			  ? supervision dwd SERVICE if service=weather-forecasting`,
		},
		{
			"16 exchanges depend on who operates them", branch("SN", "exchanges", "doraEntity=true"), responsibility.ForSupervision, nil, today, `
			AMBIGUOUS
			dora AMBIGUOUS -bsig
			  ? supervision bafin BRANCH if exchangeOperator=false
			  ? supervision state-exchange-supervisor (SN) BRANCH ! NOT_RECORDED if exchangeOperator=true
			kritisdachg AMBIGUOUS
			  ? supervision bafin SERVICE if exchangeOperator=false
			  ? supervision state-competent-authority (SN) CROSS_SECTOR ! NOT_DESIGNATED if exchangeOperator=true
			not bsig DISPLACED`,
		},
		{
			"17 digital infrastructure depends on the service",
			branch("BE", "digital-infrastructure", "euMainEstablishmentInGermany=false", "publicTelecom=false"), responsibility.ForSupervision, nil, today, `
			AMBIGUOUS
			bsig AMBIGUOUS
			  ? supervision bsi SECTOR if service=internet-exchange-points|trust-services
			kritisdachg RESOLVED
			  1 supervision bsi BRANCH
			eidas AMBIGUOUS
			  ? supervision bnetza SERVICE if websiteCertificates=false service=trust-services
			  ? supervision bsi SERVICE if websiteCertificates=true service=trust-services`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := transcript(answer(t, rb, tt.unit, tt.purpose, tt.day, tt.acts...))
			if d := cmp.Diff(trim(tt.want), got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDiffOfWaterInBavariaOverBothActs(t *testing.T) {
	rb := shipped(t)
	before, after, got := changesBetween(t, rb, sector("BY", "water"), responsibility.ForSupervision, "2025-11-01", today)
	want := []string{"ADDED bsig SUPERVISION  bsi § 59", "ADDED kritisdachg SUPERVISION BY state-competent-authority § 3 Abs. 6"}
	if d := cmp.Diff(want, changeLines(got)); d != "" {
		t.Error(d)
	}
	if before.Status != responsibility.Unresolved || after.Status != responsibility.Partial {
		t.Errorf("statuses = %s, %s; want UNRESOLVED, PARTIAL", before.Status, after.Status)
	}
}
