package seed

// StateFile is states.yaml.
type StateFile struct {
	Country         string  `yaml:"country"`
	PopulationTotal int64   `yaml:"population_total"`
	PopulationAsOf  string  `yaml:"population_as_of"`
	States          []State `yaml:"states"`
}

// State is a Land. Source is the page of its population.
type State struct {
	ID                   string             `yaml:"id"` // de-by
	ISO3166              string             `yaml:"iso_3166_2"`
	ARS                  string             `yaml:"ars"`
	NUTS1                string             `yaml:"nuts_1"`
	NameDE               string             `yaml:"name_de"`
	NameEN               string             `yaml:"name_en"`
	Capital              string             `yaml:"capital"`
	CityState            bool               `yaml:"city_state"`
	Population           int64              `yaml:"population"`
	PopulationAsOf       string             `yaml:"population_as_of"`
	PopulationConfidence string             `yaml:"population_confidence"`
	AreaKM2              Decimal            `yaml:"area_km2"` // two digits
	AreaConfidence       string             `yaml:"area_confidence"`
	Neighbours           []string           `yaml:"neighbours"`
	NeighbourCountries   []string           `yaml:"neighbour_countries"`
	NeighboursConfidence string             `yaml:"neighbours_confidence"`
	Ministry             string             `yaml:"ministry"`
	MinistryNameDE       string             `yaml:"ministry_name_de"`
	MinistryConfidence   string             `yaml:"ministry_confidence"`
	CERT                 string             `yaml:"cert"`
	CyberAgency          string             `yaml:"cyber_agency"`
	ZKL                  StateContact       `yaml:"zkl"`
	KRITISDachGContact   StateContact       `yaml:"kritisdachg_contact"`
	NIS2Administration   NIS2Administration `yaml:"nis2_administration"`
	CodesSource          string             `yaml:"codes_source"`
	NUTSSource           string             `yaml:"nuts_source"`
	Note                 string             `yaml:"note"`
	Provenance           `yaml:",inline"`
}

// StateContact is a contact role of a Land: the placeholder in authorities.yaml and what is known of its holder.
type StateContact struct {
	Authority string `yaml:"authority"`
	Status    string `yaml:"status"`
}

// NIS2Administration is the supervisor of a Land's own administration, as far as found.
type NIS2Administration struct {
	Authority  string `yaml:"authority"`
	LegalAct   string `yaml:"legal_act"` // a citation, not a slug
	ActKind    string `yaml:"act_kind"`  // statute, ordinance, administrative
	Status     string `yaml:"status"`    // named, act_found_body_not_seen, not_found
	Note       string `yaml:"note"`
	Source     string `yaml:"source"`
	Confidence string `yaml:"confidence"`
}

// StatisticsFile is statistics.yaml.
type StatisticsFile struct {
	Statistics []Statistic `yaml:"statistics"`
}

// Statistic is a published figure. Period is a day, month, year or an interval of two days; Provenance.AsOf is empty.
type Statistic struct {
	ID         string `yaml:"id"`
	LabelEN    string `yaml:"label_en"`
	Value      int64  `yaml:"value"`
	Unit       string `yaml:"unit"`
	Period     string `yaml:"period"`
	Note       string `yaml:"note"`
	Provenance `yaml:",inline"`
}
