package seed

// SituationFile is threat_levels.yaml: warning levels, the Traffic Light Protocol and the regular situation products.
type SituationFile struct {
	ThreatLevels              []ThreatLevel      `yaml:"threat_levels"`
	TLPVersion                string             `yaml:"tlp_version"`
	TLP                       []TLPLabel         `yaml:"tlp"`
	SituationDimensions       []string           `yaml:"situation_dimensions"`
	SituationDimensionsSource string             `yaml:"situation_dimensions_source"`
	SituationProducts         []SituationProduct `yaml:"situation_products"`
}

// ThreatLevel is a level of a single warning, 1 to 4.
type ThreatLevel struct {
	Level        int    `yaml:"level"`
	Colour       string `yaml:"colour"`
	ColourDE     string `yaml:"colour_de"`
	NameEN       string `yaml:"name_en"`
	Meaning      string `yaml:"meaning"`
	SecondSource string `yaml:"second_source"`
	Provenance   `yaml:",inline"`
}

// TLPLabel is a label of the Traffic Light Protocol; a higher Order is stricter.
type TLPLabel struct {
	Slug       string `yaml:"slug"`
	Label      string `yaml:"label"`
	Order      int    `yaml:"order"`
	Sharing    string `yaml:"sharing"`
	Provenance `yaml:",inline"`
}

// SituationProduct is a regular report or notice. Issuer is a slug of an authority.
type SituationProduct struct {
	Slug       string            `yaml:"slug"`
	NameDE     string            `yaml:"name_de"`
	NameEN     string            `yaml:"name_en"`
	Issuer     string            `yaml:"issuer"`
	Frequency  string            `yaml:"frequency"`
	Recipients []string          `yaml:"recipients"`
	Content    []string          `yaml:"content"`
	Categories []ProductCategory `yaml:"categories"`
	Note       string            `yaml:"note"`
	Provenance `yaml:",inline"`
}

// ProductCategory is a kind of notice within a product.
type ProductCategory struct {
	NameDE string `yaml:"name_de"`
	Use    string `yaml:"use"`
}

// IncidentTaxonomy is incident_taxonomy.yaml.
type IncidentTaxonomy struct {
	Definitions            []Definition       `yaml:"definitions"`
	RootCauses             []Term             `yaml:"root_causes"`
	ThreatSeverity         []Term             `yaml:"threat_severity"`
	ImpactSeverity         []Term             `yaml:"impact_severity"`
	Outlook                []Term             `yaml:"outlook"`
	Categories             []IncidentCategory `yaml:"categories"`
	ReportFields           []ReportField      `yaml:"report_fields"`
	BranchImpairmentLevels []ImpairmentLevel  `yaml:"branch_impairment_levels"`
}

// Definition is a legal term.
type Definition struct {
	Slug       string `yaml:"slug"`
	LegalAct   string `yaml:"legal_act"`
	Provision  string `yaml:"provision"`
	Meaning    string `yaml:"meaning"`
	Provenance `yaml:",inline"`
}

// Term is an entry of a code list.
type Term struct {
	Slug       string `yaml:"slug"`
	LabelEN    string `yaml:"label_en"`
	Meaning    string `yaml:"meaning"`
	Provenance `yaml:",inline"`
}

// IncidentCategory is a category of the Reference Security Incident Taxonomy with its types.
type IncidentCategory struct {
	Slug       string         `yaml:"slug"`
	LabelEN    string         `yaml:"label_en"`
	Types      []IncidentType `yaml:"types"`
	Provenance `yaml:",inline"`
}

// IncidentType is a type within a category.
type IncidentType struct {
	Slug    string `yaml:"slug"`
	LabelEN string `yaml:"label_en"`
}

// ReportField is a field of a report: the stages that ask for it and, where the law gives a list, its values.
type ReportField struct {
	Field      string   `yaml:"field"`
	Stages     []string `yaml:"stages"` // early_warning, notification, intermediate, final
	LegalAct   string   `yaml:"legal_act"`
	Values     []string `yaml:"values"`
	Provenance `yaml:",inline"`
}

// ImpairmentLevel is a step of a situation report by Land and branch, 0 to 3.
type ImpairmentLevel struct {
	Level      int    `yaml:"level"`
	Slug       string `yaml:"slug"`
	LabelEN    string `yaml:"label_en"`
	Provenance `yaml:",inline"`
}
