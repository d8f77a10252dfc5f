package seed

import (
	"strconv"
	"strings"

	"kritisgraph/internal/store"
)

// fixedOperator is an operator that is the same with every seed. What is not in its attributes is unknown on purpose.
type fixedOperator struct {
	name, place, land, sector string
	attributes                func() props
	facilities                []fixedFacility
}

// fixedFacility is one of its facilities. Negative backup or recovery hours are unknown.
type fixedFacility struct {
	name, branch, service, category, land string
	areas                                 []string
	backup, recovery                      int64 // hours
}

// The fixed facilities that other places name.
const (
	fixedFacilities    = 18 // of the fixed operators
	hospitalDataCentre = 14 // on which hospitals in and around Hesse and in Lower Saxony depend
)

// company is what is common to the fixed operators: a regulated company with a critical facility and no special case.
func company(ownership string) props {
	p := props{}.text("entityClass", "PARTICULARLY_IMPORTANT").text("ownership", ownership)
	for _, no := range []string{"publicTelecom", "doraEntity", "federallySupervised", "nuclearLicence", "inExclusiveEconomicZone", "personalDataBreach",
		"exchangeOperator", "websiteCertificates", "stateLawItProvider"} {
		p.flag(no, false)
	}
	return p.flag("euMainEstablishmentInGermany", true).flag("criticalFacility", true)
}

var fixedOperators = []fixedOperator{
	{"Stadtwerke Musterau Netz GmbH", "Musterau", "BY", "energy",
		func() props {
			return company("MUNICIPAL").text("administrationLevel", "MUNICIPAL").text("energyRole", "NETWORK_OPERATOR")
		},
		[]fixedFacility{
			{"Stromverteilernetz Musterau", "electricity", "electricity-supply", "1.1.3.1", "BY", []string{"09801:240000", "09802:180000"}, 24, 12},
			{"Stromverteilernetz Glommwinkel", "electricity", "electricity-supply", "1.1.3.1", "BY", []string{"09803:210000"}, 24, 12},
			{"Stromverteilernetz Zwerlried", "electricity", "electricity-supply", "1.1.3.1", "BY", []string{"09804:150000"}, 8, 24},
		}},
	{"Regionalbahn Flisptal GmbH", "Flisptal", "HE", "transport",
		func() props { return company("") },
		[]fixedFacility{
			{"Schienennetz Flisptal", "rail", "passenger-freight-transport", "7.1.2.4", "HE", []string{"06801:230000", "06802:200000"}, 4, 24},
			{"Leitzentrale Flisptal", "rail", "passenger-freight-transport", "7.1.2.6", "HE", []string{"06801:230000", "06802:200000"}, 8, 6},
		}},
	{"Klinikum Drunzfurt gGmbH", "Drunzfurt", "NI", "health",
		func() props { return company("MUNICIPAL") },
		[]fixedFacility{
			{"Krankenhaus Drunzfurt", "medical-care", "inpatient-care", "5.1.1", "NI", []string{"03801:190000"}, 24, 6},
			{"Krankenhaus Knarlmoor", "medical-care", "inpatient-care", "5.1.1", "NI", []string{"03802:160000"}, -1, 6},
		}},
	{"Bankhaus Quormburg AG", "Quormburg", "HE", "finance",
		func() props { return company("PRIVATE").flag("doraEntity", true) },
		[]fixedFacility{
			{"Kontoführungssystem Quormburg", "banks", "conventional-payments", "6.3.3.1", "HE", []string{"06:900000", "07:300000"}, 48, 12},
		}},
	{"Wasserwerke Trolbhausen", "Trolbhausen", "NW", "water",
		func() props { return company("MUNICIPAL") },
		[]fixedFacility{
			{"Wasserwerk Trolbhausen", "public-water-supply", "drinking-water-supply", "2.1.2.1", "NW", []string{"05801:220000", "03803:140000"}, 12, 24},
			{"Wasserverteilung Trolbhausen", "public-water-supply", "drinking-water-supply", "2.1.3.1", "NW", []string{"05801:220000", "03802:90000"}, 8, 24},
		}},
	{"Glasfaser Krelzmoor GmbH", "Krelzmoor", "HH", "ict",
		func() props { return company("PRIVATE").flag("publicTelecom", true) },
		[]fixedFacility{
			{"Zugangsnetz Krelzmoor", "telecommunications", "voice-data-transmission", "4.1.1.1", "HH", []string{"02801:260000"}, 4, 12},
			{"Übertragungsnetz Krelzmoor", "telecommunications", "voice-data-transmission", "4.1.2.1", "HH", []string{"02801:260000", "01801:200000"}, 8, 12},
		}},
	{"Landesdatenhaus Schwenzwald", "Schwenzwald", "SN", "ict",
		func() props { return company("STATE").flag("stateLawItProvider", true) },
		[]fixedFacility{
			{"Rechenzentrum Schwenzwald", "information-technology", "data-storage-processing", "4.2.2.1", "SN", []string{"14:4000000"}, 72, 12},
		}},
	{"Datenhaus Pfelmstadt AG", "Pfelmstadt", "HE", "ict",
		func() props { return company("PRIVATE") },
		[]fixedFacility{
			{"Rechenzentrum Pfelmstadt", "information-technology", "data-storage-processing", "4.2.1.1", "HE", []string{"06:1500000", "03:900000"}, 72, 8},
			{"Rechenzentrum Pfelmstadt Nord", "information-technology", "data-storage-processing", "4.2.2.1", "HE", []string{"06:800000"}, 48, 8},
		}},
	{"Netzgesellschaft Hurlmstedt mbH", "Hurlmstedt", "NI", "energy",
		func() props { return company("PRIVATE").text("energyRole", "NETWORK_OPERATOR") },
		[]fixedFacility{
			{"Stromverteilernetz Hurlmstedt", "electricity", "electricity-supply", "1.1.3.1", "NI", []string{"03801:240000", "03802:230000"}, 24, 24},
		}},
	{"Telenetz Jorlfeld GmbH", "Jorlfeld", "NI", "ict",
		func() props { return company("PRIVATE").flag("publicTelecom", true) },
		[]fixedFacility{
			{"Zugangsnetz Jorlfeld", "telecommunications", "voice-data-transmission", "4.1.1.1", "NI", []string{"03801:240000"}, 8, 12},
			{"Zugangsnetz Jorlfeld Süd", "telecommunications", "voice-data-transmission", "4.1.1.1", "NI", []string{"03802:230000"}, 8, 12},
		}},
}

// fixedLinks are the planted dependencies, told in docs/demo-data.md: single points of failure in five Länder (1, 5, 9, 12, 14, 16),
// common causes behind alternatives (16 behind 17 and 18, 12 behind 14 and 15), a circle (16 and 17), a loss that a tanker bridges (10).
var fixedLinks = []struct {
	provider, dependent int
	link
}{
	{16, 6, link{kind: "PHYSICAL", strength: 900_000, delay: 3600}},
	{16, 7, link{kind: "PHYSICAL", strength: 900_000, delay: 3600}},
	{16, 17, link{kind: "PHYSICAL", strength: 950_000, delay: 1800}},
	{16, 18, link{kind: "PHYSICAL", strength: 950_000, delay: 1800}},
	{17, 6, link{need: "telecommunications", kind: "CYBER", strength: 700_000, delay: 7200}},
	{18, 6, link{need: "telecommunications", kind: "CYBER", strength: 650_000, delay: 7200}},
	{17, 7, link{need: "telecommunications", kind: "CYBER", strength: 700_000, delay: 7200}},
	{18, 7, link{need: "telecommunications", kind: "CYBER", strength: 650_000, delay: 7200}},
	{17, 16, link{kind: "CYBER", strength: 600_000, delay: 12 * 3600}},
	{14, 6, link{kind: "CYBER", strength: 800_000, delay: 3600}},
	{14, 7, link{need: "information-technology", kind: "CYBER", strength: 800_000, delay: 3600}},
	{15, 7, link{need: "information-technology", kind: "CYBER", strength: 750_000, delay: 3600}},
	{14, 8, link{kind: "CYBER", strength: 600_000, delay: 4 * 3600}},
	{12, 14, link{kind: "CYBER", strength: 850_000, delay: 3600}},
	{12, 15, link{kind: "CYBER", strength: 800_000, delay: 7200}},
	{9, 10, link{kind: "PHYSICAL", strength: 900_000, delay: 6 * 3600}},
	{10, 7, link{kind: "PHYSICAL", strength: 800_000, delay: 6 * 3600, substitute: 6 * 3600}},
	{12, 11, link{kind: "CYBER", strength: 900_000, delay: 300}},
	{1, 2, link{kind: "PHYSICAL", strength: 700_000, delay: 600}},
	{1, 3, link{kind: "PHYSICAL", strength: 700_000, delay: 600}},
	{5, 4, link{kind: "CYBER", strength: 950_000, delay: 900}},
}

func (d *demo) landIndex(key func(demoLand) bool) int {
	for i, l := range d.lands {
		if key(l) {
			return i
		}
	}
	panic("demo data name a Land that the reference data lack")
}

func (d *demo) byCode(code string) int {
	return d.landIndex(func(l demoLand) bool { return l.code == code })
}

// fixed fills the draft of a fixed operator.
func (d *demo) fixed(o *operatorDraft, x fixedOperator) {
	o.name, o.place, o.sector, o.land, o.attributes = x.name, x.place, x.sector, d.byCode(x.land), x.attributes()
	for i, y := range x.facilities {
		f := facilityDraft{number: o.first + i, name: y.name, service: y.service, category: y.category, areas: y.areas, attributes: props{}}
		f.operator, f.land, f.branch, f.place = o.number, d.byCode(y.land), d.branchOf[y.branch], x.place
		for _, area := range y.areas {
			key, people, _ := strings.Cut(area, ":")
			f.supplied = f.supplied.with(d.landIndex(func(l demoLand) bool { return l.ars == key[:2] }))
			n, err := strconv.ParseInt(people, 10, 64)
			if err != nil {
				panic("demo data name a supply area without inhabitants: " + area)
			}
			f.inhabitant += n
		}
		f.lands = f.supplied.with(f.land)
		f.attributes.flag("criticalFacility", true)
		if y.backup >= 0 {
			f.attributes.num("backupPowerSeconds", y.backup*3600)
		}
		if y.recovery >= 0 {
			f.attributes.num("recoverySeconds", y.recovery*3600)
		}
		o.facilities = append(o.facilities, f)
	}
}

func (d *demo) fixedEdges(edges []store.Edge) []store.Edge {
	for _, x := range fixedLinks {
		l := x.link
		l.provider, l.dependent, l.figures = facilityReference(x.provider), facilityReference(x.dependent), "SOURCED"
		edges = append(edges, d.supplies(l))
	}
	return edges
}
