package kritis

import (
	"slices"
	"strings"

	"kritisgraph/internal/kritis/sheet"
)

// The columns that are more than a value.
const (
	columnReference = "reference"
	columnZone      = "in_exclusive_economic_zone"
)

// place leads from an error of a mutation to the cell: what the input calls field stands in the column.
type place struct {
	field, column string
	clears        bool // a cell can take it away
}

// facilityPlaces are the places of a change of a facility, what is within another one first.
var facilityPlaces = []place{
	{"name", "name", false},
	{"classification.category", "category", false}, {"classification.service", "service", false}, {"classification.branch", "branch", false},
	{"classification.sector", "sector", false}, {"classification", "branch", false},
	{"site.ars", "ars", false}, {"site.municipality", "municipality", false}, {"site.coordinates", "longitude", false}, {"site", "federal_state", false},
	{"supplyArea.population", "supply_population", false}, {"supplyArea", "supply_area", true},
	{"backupPower", "backup_power", true}, {"recovery", "recovery", true},
	{"attributes.ownership", "ownership", true}, {"attributes.administrationLevel", "administration_level", true},
	{"attributes.energyRole", "energy_role", true}, {"attributes.entityClass", "entity_class", true},
	{"attributes.publicTelecom", "public_telecom", true}, {"attributes.doraEntity", "dora_entity", true},
	{"attributes.federallySupervised", "federally_supervised", true}, {"attributes.nuclearLicence", "nuclear_licence", true},
	{"attributes.euMainEstablishmentInGermany", "eu_main_establishment_in_germany", true}, {"attributes.personalDataBreach", "personal_data_breach", true},
	{"attributes.exchangeOperator", "exchange_operator", true}, {"attributes.websiteCertificates", "website_certificates", true},
	{"attributes.criticalFacility", "critical_facility", true}, {"attributes.stateLawItProvider", "state_law_it_provider", true},
	{"tlp", "tlp", false},
}

// facilityValues are those of the columns that take some values only.
var facilityValues = map[string][]string{
	"tlp":       {"CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED"},
	"ownership": {"FEDERAL", "STATE", "MUNICIPAL", "PRIVATE", "UNKNOWN"}, "administration_level": {"FEDERAL", "STATE", "MUNICIPAL", "UNKNOWN"},
	"energy_role":  {"NETWORK_OPERATOR", "PLANT_OR_DIGITAL_SERVICE", "OTHER", "UNKNOWN"},
	"entity_class": {"PARTICULARLY_IMPORTANT", "IMPORTANT", "NONE", "UNKNOWN"},
}

// FacilityColumns are the columns of a spreadsheet of facilities. What they mean stands in docs/import.md.
func FacilityColumns() []sheet.Column {
	out := []sheet.Column{{Name: columnReference}}
	for _, name := range []string{
		"name", "category", "service", "branch", "sector", "federal_state", columnZone, "ars", "municipality", "longitude", "latitude", "supply_area",
		"supply_population", "backup_power", "recovery", "tlp",
	} {
		out = append(out, sheet.Column{Name: name, Required: name == "name", Values: facilityValues[name]})
	}
	for i := range out {
		if out[i].Name == "federal_state" {
			for _, code := range landCodes {
				out[i].Values = append(out[i].Values, string(code))
			}
		}
	}
	for _, p := range facilityPlaces {
		if strings.HasPrefix(p.field, "attributes.") {
			out = append(out, sheet.Column{Name: p.column, Values: facilityValues[p.column]})
		}
	}
	return out
}

// supplyAreaOf is the whole supply area of a facility after a row, nil where the row says nothing else than what is so, or takes it away.
func supplyAreaOf(row *sheet.Row, had object, supply []string) *SupplyAreaInput {
	held := had.list(propSupplyAreas)
	area, people := row.Text("supply_area"), row.Whole("supply_population")
	same := area == nil || slices.Equal(sortedSet(strings.Fields(*area)), held)
	switch {
	case row.Cleared("supply_area"), same && !row.Says("supply_population"):
		return nil
	case same:
		in := &SupplyAreaInput{Population: people}
		for _, land := range supply {
			in.FederalStates = append(in.FederalStates, FederalStateCode(land))
		}
		for _, p := range supplyParts(held) {
			in.Parts = append(in.Parts, &SupplyAreaPartInput{p.Ars, p.Population})
		}
		return in
	}
	in := &SupplyAreaInput{Population: people}
	for _, text := range strings.Fields(*area) {
		key, inhabitants, counted := strings.Cut(text, ":")
		part := &SupplyAreaPartInput{Ars: key}
		if !IsRegionalKey(key) {
			row.Bad("supply_area", "%s", noRegionalKey(key))
			return nil
		}
		if counted {
			n, ok := sheet.Whole(inhabitants)
			if !ok {
				row.Bad("supply_area", "%.30q is no part of a supply area: write a key, or a key and its inhabitants, like 09162:1500000, with spaces between the parts.", text)
				return nil
			}
			part.Population = &n
		}
		in.Parts = append(in.Parts, part)
	}
	return in
}
