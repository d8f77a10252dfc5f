package seed

import (
	"fmt"
	"strings"
)

// Place names are made of invented stems and usual endings, so that they sound German and name no place that exists.
var (
	placeFirst = []string{"", "", "", "", "", "Alt", "Neu", "Ober", "Nieder", "Groß", "Klein"}
	placeStem  = []string{
		"zwerl", "quorm", "flisp", "drunz", "morsk", "pfelm", "trolb", "schwenz", "knarl", "glomm", "vrisch", "wulgr", "zarb", "nolk", "frimm",
		"grolz", "tramst", "plunz", "kwell", "hurlm", "schnarp", "dolz", "brumsk", "lirz", "munkl", "stulf", "krelz", "zimpf", "jorl", "wormk",
	}
	placeEnd = []string{"au", "bach", "berg", "burg", "dorf", "feld", "furt", "hain", "hausen", "heim", "hofen", "ingen", "kirchen", "leben", "mar",
		"moor", "ried", "roda", "stadt", "stedt", "tal", "wald", "weiler", "winkel"}
)

// placeName invents a municipality.
func placeName(d *dice) string {
	name := pick(d, placeFirst) + pick(d, placeStem) + pick(d, placeEnd)
	return strings.ToUpper(name[:1]) + name[1:]
}

// operatorForms are names of operators by sector; %s is the place.
var operatorForms = map[string][]string{
	"energy":               {"Stadtwerke %s GmbH", "Energieversorgung %s AG", "Netzgesellschaft %s mbH", "Kraftwerksbetrieb %s GmbH", "Fernwärme %s GmbH"},
	"water":                {"Wasserverband %s", "Wasserwerke %s", "Abwasserzweckverband %s", "Stadtentwässerung %s"},
	"food":                 {"Molkerei %s eG", "Lebensmittellogistik %s GmbH", "Großbäckerei %s GmbH", "Frischemarkt %s eG"},
	"ict":                  {"Rechenzentrum %s GmbH", "Telenetz %s GmbH", "Datenhaus %s AG", "Glasfaser %s GmbH"},
	"health":               {"Klinikum %s gGmbH", "Kreiskrankenhaus %s", "Labor %s MVZ GmbH", "Arzneigroßhandel %s GmbH"},
	"finance":              {"Volkskasse %s eG", "Bankhaus %s AG", "Zahlungsverkehr %s GmbH", "Versicherung %s a. G."},
	"social-insurance":     {"Gesundheitskasse %s", "Rentenstelle %s", "Unfallkasse %s"},
	"transport":            {"Verkehrsbetriebe %s GmbH", "Hafenbetrieb %s GmbH", "Flughafen %s GmbH", "Regionalbahn %s GmbH", "Logistikzentrum %s GmbH"},
	"municipal-waste":      {"Abfallwirtschaft %s", "Entsorgungsbetriebe %s", "Müllheizkraftwerk %s GmbH"},
	"space":                {"Bodenstation %s GmbH"},
	"state-administration": {"Verwaltungsamt %s", "Leitstelle %s", "Kreisverwaltung %s"},
	"media-culture":        {"Rundfunk %s", "Zeitungshaus %s GmbH"},
}

// facilityNames are short names of facilities by branch, where that of the category is long or missing.
var facilityNames = map[string]string{
	"electricity": "Umspannwerk", "gas": "Gasnetz", "mineral-oil": "Tanklager", "district-heating": "Heizwerk", "hydrogen": "Elektrolyse",
	"public-water-supply": "Wasserwerk", "public-wastewater": "Kläranlage", "food-industry": "Lebensmittelwerk", "food-retail": "Zentrallager",
	"telecommunications": "Vermittlungsstelle", "information-technology": "Rechenzentrum", "digital-infrastructure": "Netzknoten",
	"medical-care": "Krankenhaus", "medicines-vaccines": "Arzneimittellager", "laboratories": "Labor", "banks": "Zahlungssystem",
	"exchanges": "Handelssystem", "insurance": "Leistungssystem", "aviation": "Flugplatz", "maritime-shipping": "Seehafen", "inland-shipping": "Binnenhafen",
	"rail": "Stellwerk", "road": "Verkehrszentrale", "logistics": "Logistikzentrum", "public-transport": "Betriebsleitstelle",
	"weather-tide-forecast": "Vorhersagezentrum", "postal-courier": "Briefzentrum", "municipal-waste-management": "Abfallanlage",
	"space-ground-infrastructure": "Bodenstation", "government-administration": "Verwaltungsrechenzentrum", "parliament": "Parlamentsgebäude",
	"judiciary": "Justizrechenzentrum", "emergency-services": "Leitstelle", "broadcasting": "Sendezentrum", "press": "Druckzentrum",
	"statutory-social-insurance": "Leistungssystem", "job-seeker-support": "Auszahlungssystem",
}

// maxCategoryName is the length up to which the name of a category serves as that of a facility.
const maxCategoryName = 34

func facilityName(branch, category, place string) string {
	name := category
	if name == "" || len(name) > maxCategoryName {
		name = facilityNames[branch]
	}
	if name == "" {
		name = "Anlage"
	}
	return name + " " + place
}

// domain makes the domain of an operator of its place and number, under the reserved .example.
func domain(place string, number int) string {
	ascii := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(strings.ToLower(place))
	return fmt.Sprintf("%s-%04d.example", ascii, number)
}

// fictionRanges are the numbers that the Bundesnetzagentur keeps free for films: beginning (E.164) and digits that follow.
var fictionRanges = map[string]string{
	"BE": "+493023125", "BB": "+493023125", "ST": "+493023125", "SN": "+493023125", "HE": "+496990009", "RP": "+496990009", "SL": "+496990009", "TH": "+496990009",
	"HH": "+494066969", "SH": "+494066969", "MV": "+494066969", "NI": "+494066969", "HB": "+494066969", "NW": "+492214710", "BY": "+498999998", "BW": "+498999998",
}

func phone(d *dice, land string) string {
	return fmt.Sprintf("%s%03d", fictionRanges[land], d.below(1000))
}
