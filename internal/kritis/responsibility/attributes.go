package responsibility

import (
	"slices"
	"strings"
)

// Unknown is the value of an attribute that nobody knows; an absent or empty one means the same.
const Unknown = "UNKNOWN"

// Attributes are the known facts of a subject by the names of [AllAttributes]; yes-or-no facts are "true" and "false".
type Attributes map[string]string

// Over gives the attributes of a part with those of the whole beneath: a known value of the part wins.
func (a Attributes) Over(whole Attributes) Attributes {
	out := make(Attributes, len(a)+len(whole))
	for k, v := range whole {
		out[k] = v
	}
	for k, v := range a {
		if known(v) || !known(out[k]) {
			out[k] = v
		}
	}
	return out
}

func known(v string) bool { return v != "" && !strings.EqualFold(v, Unknown) }

// Attribute is a fact that conditions ask for.
type Attribute struct {
	Name     string // camelCase, as in the data and the API
	Values   []string
	Label    Names
	Words    []Names // of the values, in the same order
	Question Names
	// Default is the value that an unknown one counts as; empty: it stays unknown.
	Default string
	// UnknownIn is the sector in which there is no Default.
	UnknownIn string
}

// Bool says whether the attribute is a yes-or-no fact.
func (a *Attribute) Bool() bool { return slices.Equal(a.Values, yesNo) }

// AllAttributes gives the attributes in the order in which unknowns are reported. The caller owns the slice, not what it holds.
func AllAttributes() []Attribute { return slices.Clone(attributes[:]) }

var (
	yesNo      = []string{"false", "true"}
	yesNoWords = []Names{{"nein", "false"}, {"ja", "true"}}
)

func yesOrNo(name, labelDE, questionDE, questionEN, byDefault string) Attribute {
	return Attribute{
		Name: name, Values: yesNo, Words: yesNoWords, Label: Names{labelDE, name},
		Question: Names{questionDE, questionEN}, Default: byDefault,
	}
}

const attributeCount = 15

var attributes = [attributeCount]Attribute{
	{
		Name: "ownership", Values: []string{"FEDERAL", "STATE", "MUNICIPAL", "PRIVATE"},
		Words:    []Names{{"Bund", "FEDERAL"}, {"Land", "STATE"}, {"Kommune", "MUNICIPAL"}, {"privat", "PRIVATE"}},
		Label:    Names{"Eigentum", "ownership"},
		Question: Names{"Wem gehört die Anlage?", "Who owns the facility?"},
	},
	{
		Name: "administrationLevel", Values: []string{"FEDERAL", "STATE", "MUNICIPAL"},
		Words:    []Names{{"Bund", "FEDERAL"}, {"Land", "STATE"}, {"Kommune", "MUNICIPAL"}},
		Label:    Names{"Verwaltungsebene", "administrationLevel"},
		Question: Names{"Welche Verwaltungsebene?", "Which level of administration?"},
	},
	{
		Name: "energyRole", Values: []string{"NETWORK_OPERATOR", "PLANT_OR_DIGITAL_SERVICE", "OTHER"},
		Words: []Names{
			{"Netzbetreiber", "NETWORK_OPERATOR"}, {"Anlage oder digitaler Energiedienst", "PLANT_OR_DIGITAL_SERVICE"}, {"Sonstiges", "OTHER"},
		},
		Label: Names{"Rolle in der Energieversorgung", "energyRole"},
		Question: Names{
			"Netz, Anlage oder digitaler Energiedienst, oder etwas anderes?", "Network, plant or digital energy service, or other?",
		},
	},
	yesOrNo("publicTelecom", "öffentliche Telekommunikation",
		"Ein öffentliches Telekommunikationsnetz oder ein öffentlich zugänglicher Telekommunikationsdienst?",
		"A public telecommunications network or service?", ""),
	{
		Name: "doraEntity", Values: yesNo, Words: yesNoWords, Label: Names{"Finanzunternehmen nach DORA", "doraEntity"},
		Question: Names{"Ein Finanzunternehmen nach DORA?", "A financial entity under DORA?"},
		Default:  "false", UnknownIn: "finance",
	},
	yesOrNo("federallySupervised", "Aufsicht des Bundes", "Unter Aufsicht des Bundes?", "Under federal supervision?", ""),
	yesOrNo("nuclearLicence", "atomrechtliche Genehmigung", "Eine Anlage mit atomrechtlicher Genehmigung?", "Under a nuclear licence?", "false"),
	yesOrNo("euMainEstablishmentInGermany", "Hauptniederlassung in der EU liegt in Deutschland",
		"Liegt die Hauptniederlassung in der EU in Deutschland?", "Is the main establishment in the EU in Germany?", ""),
	yesOrNo("inExclusiveEconomicZone", "in der ausschließlichen Wirtschaftszone",
		"Liegt die Anlage in der ausschließlichen Wirtschaftszone?", "In the exclusive economic zone?", "false"),
	yesOrNo("personalDataBreach", "Verletzung des Schutzes personenbezogener Daten",
		"Sind personenbezogene Daten verletzt?", "A personal data breach?", "false"),
	yesOrNo("exchangeOperator", "Börse oder ihr Träger", "Eine Börse nach dem BörsG oder ihr Träger?",
		"An exchange under the BörsG or its operator?", ""),
	yesOrNo("websiteCertificates", "Zertifikate für Website-Authentifizierung", "Zertifikate für die Website-Authentifizierung?",
		"Certificates for website authentication?", ""),
	{
		Name: "entityClass", Values: []string{"PARTICULARLY_IMPORTANT", "IMPORTANT", "NONE"},
		Words: []Names{
			{"besonders wichtige Einrichtung", "PARTICULARLY_IMPORTANT"}, {"wichtige Einrichtung", "IMPORTANT"}, {"keine", "NONE"},
		},
		Label:    Names{"Einstufung nach dem BSIG", "entityClass"},
		Question: Names{"Besonders wichtige oder wichtige Einrichtung, oder keine?", "A particularly important or important entity, or none?"},
		Default:  "PARTICULARLY_IMPORTANT",
	},
	yesOrNo("criticalFacility", "kritische Anlage", "Eine kritische Anlage?", "A critical facility?", "true"),
	yesOrNo("stateLawItProvider", "durch Landesrecht geregelter IT-Dienstleister", "Ein IT-Dienstleister, den Landesrecht regelt (§ 28 Abs. 8 BSIG)?",
		"An IT provider regulated by the law of a Land (section 28(8) BSIG)?", "false"),
}

// Facts about the leaf are reported as unknowns beside the attributes.
const (
	unknownBranch  = attributeCount
	unknownService = attributeCount + 1
	unknownCount   = attributeCount + 2
)

var (
	branchFact  = Attribute{Name: "branch", Label: Names{"Branche", "branch"}, Question: Names{"Welche Branche?", "Which one?"}}
	serviceFact = Attribute{Name: "service", Label: Names{"Dienstleistung", "service"}, Question: Names{"Welche Dienstleistung?", "Which one?"}}
)

func factOf(i int) *Attribute {
	switch i {
	case unknownBranch:
		return &branchFact
	case unknownService:
		return &serviceFact
	default:
		return &attributes[i]
	}
}

func attributeIndex(name string) int {
	for i := range attributes {
		if attributes[i].Name == name {
			return i
		}
	}
	return -1
}

func (a *Attribute) valueIndex(value string) int {
	for i, v := range a.Values {
		if strings.EqualFold(v, value) {
			return i
		}
	}
	return -1
}
