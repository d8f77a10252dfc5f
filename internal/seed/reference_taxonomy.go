package seed

// TaxonomyFile is sectors.yaml.
type TaxonomyFile struct {
	RegularThresholdInhabitants int64     `yaml:"regular_threshold_inhabitants"`
	RegularThresholdSource      string    `yaml:"regular_threshold_source"`
	ThresholdRegimeNote         string    `yaml:"threshold_regime_note"`
	ThresholdRegimeConfidence   string    `yaml:"threshold_regime_confidence"`
	Sectors                     []Sector  `yaml:"sectors"`
	Branches                    []Branch  `yaml:"branches"`
	Services                    []Service `yaml:"services"`
}

// Sector is a sector of any of the schemes that CoveredBy names.
type Sector struct {
	Slug           string    `yaml:"slug"`
	NameDE         string    `yaml:"name_de"`
	NameEN         string    `yaml:"name_en"`
	CoveredBy      CoveredBy `yaml:"covered_by"`
	NACE           []string  `yaml:"nace"`
	NACEConfidence string    `yaml:"nace_confidence"`
	Note           string    `yaml:"note"`
	Provenance     `yaml:",inline"`
}

// CoveredBy says which scheme or act names a sector. NIS2Directive is annex_1, annex_2 or empty.
type CoveredBy struct {
	BundLaender2011 bool   `yaml:"bund_laender_2011"`
	BSIGKritisV     bool   `yaml:"bsig_kritisv"`
	KRITISDachG     bool   `yaml:"kritisdachg"`
	BSIGAnnex1      bool   `yaml:"bsig_annex_1"`
	BSIGAnnex2      bool   `yaml:"bsig_annex_2"`
	NIS2Directive   string `yaml:"nis2_directive"`
}

// Keys gives the keys that are true, in the order of the file: what Scope.CoveredBy is compared with.
func (c CoveredBy) Keys() []string {
	var keys []string
	for _, k := range []struct {
		name string
		on   bool
	}{
		{"bund_laender_2011", c.BundLaender2011},
		{"bsig_kritisv", c.BSIGKritisV},
		{"kritisdachg", c.KRITISDachG},
		{"bsig_annex_1", c.BSIGAnnex1},
		{"bsig_annex_2", c.BSIGAnnex2},
	} {
		if k.on {
			keys = append(keys, k.name)
		}
	}
	return keys
}

// Branch is a part of a sector; Taxonomy is the scheme that it comes from.
type Branch struct {
	Slug           string   `yaml:"slug"`
	Sector         string   `yaml:"sector"`
	NameDE         string   `yaml:"name_de"`
	NameEN         string   `yaml:"name_en"`
	Taxonomy       string   `yaml:"taxonomy"`
	NACE           []string `yaml:"nace"`
	NACEConfidence string   `yaml:"nace_confidence"`
	Note           string   `yaml:"note"`
	Provenance     `yaml:",inline"`
}

// Service is a critical service (or a kind of entity of Annex 1 BSIG); without a Branch it spans those of its sector.
// Annex is the number in the BSI-KritisV, 0 where it has none.
type Service struct {
	Slug               string             `yaml:"slug"`
	NameDE             string             `yaml:"name_de"`
	NameEN             string             `yaml:"name_en"`
	Sector             string             `yaml:"sector"`
	Branch             string             `yaml:"branch"`
	DefinedBy          string             `yaml:"defined_by"` // bsi-kritisv, kritisdachg, bsig
	Annex              int                `yaml:"annex"`
	FacilityCategories []FacilityCategory `yaml:"facility_categories"`
	Note               string             `yaml:"note"`
	Provenance         `yaml:",inline"`
}

// FacilityCategory is a kind of facility; any one of its Criteria makes it critical. Code is unique in the whole file.
type FacilityCategory struct {
	Code     string      `yaml:"code"`
	NameDE   string      `yaml:"name_de"`
	AreaDE   string      `yaml:"area_de"`
	Branch   string      `yaml:"branch"` // where the service spans several
	Criteria []Criterion `yaml:"criteria"`
}

// Criterion is a measure with its threshold: a number, or empty and ThresholdTextDE says it in words.
type Criterion struct {
	MetricDE        string  `yaml:"metric_de"`
	Threshold       Decimal `yaml:"threshold"`
	ThresholdTextDE string  `yaml:"threshold_text_de"`
}

// DependencyFile is dependencies.yaml.
type DependencyFile struct {
	Direction      string       `yaml:"direction"`
	EvidenceNote   string       `yaml:"evidence_note"`
	EvidenceSource string       `yaml:"evidence_source"`
	LegalNote      string       `yaml:"legal_note"`
	LegalSource    string       `yaml:"legal_source"`
	Dependencies   []Dependency `yaml:"dependencies"`
}

// Dependency is an edge between two branches: Dependent needs Provider. TimeRangeHours is the pair (from, to).
type Dependency struct {
	ID                string   `yaml:"id"`
	Provider          string   `yaml:"provider"`
	Dependent         string   `yaml:"dependent"`
	Kind              string   `yaml:"kind"`
	Strength          Decimal  `yaml:"strength"` // 0 to 1, two digits
	StrengthLevel     string   `yaml:"strength_level"`
	TimeToImpactHours Decimal  `yaml:"time_to_impact_hours"`
	TimeRangeHours    [2]int64 `yaml:"time_range_hours"`
	Numbers           string   `yaml:"numbers"` // from_source, estimate
	Rationale         string   `yaml:"rationale"`
	Provenance        `yaml:",inline"`
}
