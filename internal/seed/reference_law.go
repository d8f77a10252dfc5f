package seed

// LegalActFile is legal_acts.yaml; the order of its rows is the order of regimes.
type LegalActFile struct {
	LegalActs []LegalAct `yaml:"legal_acts"`
}

// LegalAct is a statute, ordinance, EU act or administrative rule. InForceSince is a day or empty (not known).
type LegalAct struct {
	Slug         string `yaml:"slug"`
	Name         string `yaml:"name"`
	Short        string `yaml:"short"`
	Level        string `yaml:"level"`  // federal, state, eu
	Status       string `yaml:"status"` // in_force, proposed, not_confirmed
	InForceSince string `yaml:"in_force_since"`
	Scope        *Scope `yaml:"scope"` // nil: the act reaches as far as its competences
	State        string `yaml:"state"` // the Land of a state act
	Note         string `yaml:"note"`
	Provenance   `yaml:",inline"`
}

// Scope says which sectors an act reaches (keys of CoveredBy, one true key is enough) and which attributes keep a subject inside.
type Scope struct {
	CoveredBy   []string   `yaml:"covered_by"`
	AppliesWhen Conditions `yaml:"applies_when"`
}

// CompetenceFile is competences.yaml.
type CompetenceFile struct {
	Competences []Competence `yaml:"competences"`
}

// Competence is one row: under LegalAct, for the subject and the Land, Authority has Role, if AppliesWhen holds.
type Competence struct {
	ID          string     `yaml:"id"`
	LegalAct    string     `yaml:"legal_act"`
	Provision   string     `yaml:"provision"`
	SubjectKind string     `yaml:"subject_kind"` // cross_sector, sector, branch, service
	Subject     string     `yaml:"subject"`
	Level       string     `yaml:"level"` // federal, state
	State       string     `yaml:"state"` // id of a Land, "all", or empty for federal rows
	Authority   string     `yaml:"authority"`
	Role        string     `yaml:"role"`
	ValidFrom   string     `yaml:"valid_from"`  // empty: from InForceSince of the act
	ValidUntil  string     `yaml:"valid_until"` // exclusive; empty: no end
	AppliesWhen Conditions `yaml:"applies_when"`
	NotFor      []string   `yaml:"not_for"`
	Gate        bool       `yaml:"gate"`
	Holder      string     `yaml:"holder"` // not_recorded, or empty
	Displaces   []string   `yaml:"displaces"`
	Condition   string     `yaml:"condition"`
	Note        string     `yaml:"note"`
	Provenance  `yaml:",inline"`
}

// AuthorityFile is authorities.yaml.
type AuthorityFile struct {
	Authorities []Authority `yaml:"authorities"`
}

// Authority is a body or, for the kinds central_contact_point and placeholder, a role whose holder is not recorded.
type Authority struct {
	Slug         string   `yaml:"slug"`
	NameDE       string   `yaml:"name_de"`
	NameEN       string   `yaml:"name_en"`
	Abbreviation string   `yaml:"abbreviation"`
	Kind         string   `yaml:"kind"`
	Level        string   `yaml:"level"` // federal, state, joint, eu
	Status       string   `yaml:"status"`
	State        string   `yaml:"state"`
	ServesStates []string `yaml:"serves_states"`
	Parent       string   `yaml:"parent"`
	Seat         string   `yaml:"seat"`
	Roles        []string `yaml:"roles"`
	Website      string   `yaml:"website"`
	Contact      *Contact `yaml:"contact"` // nil on purpose where nothing official was seen
	Notes        string   `yaml:"notes"`
	Provenance   `yaml:",inline"`
}

// Contact holds the published general contact data of a body, with a source and day of its own. It never names a natural person.
type Contact struct {
	PostalAddress string `yaml:"postal_address"`
	POBox         string `yaml:"po_box"`
	Phone         string `yaml:"phone"`
	Phone247      string `yaml:"phone_24_7"`
	Phone247Label string `yaml:"phone_24_7_label"`
	Email         string `yaml:"email"`
	EmailSource   string `yaml:"email_source"`
	EmailAsOf     string `yaml:"email_as_of"`
	Hours         string `yaml:"hours"`
	Source        string `yaml:"source"`
	AsOf          string `yaml:"as_of"`
	NaturalPerson bool   `yaml:"natural_person"`
}

// DeadlineFile is reporting_deadlines.yaml.
type DeadlineFile struct {
	CalendarRules []CalendarRule `yaml:"calendar_rules"`
	Deadlines     []Deadline     `yaml:"deadlines"`
}

// CalendarRule says how a period is counted.
type CalendarRule struct {
	Slug        string `yaml:"slug"`
	Law         string `yaml:"law"`          // german, dora
	PeriodKind  string `yaml:"period_kind"`  // hours, days_or_longer
	WeekendRule string `yaml:"weekend_rule"` // next_working_day, none, noon_of_next_working_day
	LabelEN     string `yaml:"label_en"`
	Provision   string `yaml:"provision"`
	Note        string `yaml:"note"`
	Provenance  `yaml:",inline"`
}

// Deadline is one period: Obliged owes Content to Recipients within Duration (ISO 8601) after Trigger, or by Date.
// AppliesFrom is a day or, in one row, words.
type Deadline struct {
	ID            string   `yaml:"id"`
	LegalAct      string   `yaml:"legal_act"`
	Provision     string   `yaml:"provision"`
	Obligation    string   `yaml:"obligation"`
	Stage         string   `yaml:"stage"`
	Obliged       string   `yaml:"obliged"`
	NotFor        []string `yaml:"not_for"`
	Recipients    []string `yaml:"recipients"`
	Trigger       string   `yaml:"trigger"`
	Duration      string   `yaml:"duration"`
	OuterTrigger  string   `yaml:"outer_trigger"`
	OuterDuration string   `yaml:"outer_duration"`
	Date          string   `yaml:"date"`
	Immediately   bool     `yaml:"immediately"`
	Content       []string `yaml:"content"`
	AppliesFrom   string   `yaml:"applies_from"`
	Note          string   `yaml:"note"`
	Provenance    `yaml:",inline"`
}

// MIRTFile is mirt_criteria.yaml.
type MIRTFile struct {
	Team       string          `yaml:"team"`
	LegalBasis string          `yaml:"legal_basis"`
	Criteria   []MIRTCriterion `yaml:"criteria"`
}

// MIRTCriterion is a condition, ground, target, limit, cost, power, step or integration of a deployment (Kind).
type MIRTCriterion struct {
	ID          string   `yaml:"id"`
	Kind        string   `yaml:"kind"`
	LabelDE     string   `yaml:"label_de"`
	LabelEN     string   `yaml:"label_en"`
	Provision   string   `yaml:"provision"`
	Required    bool     `yaml:"required"`
	RequestedBy []string `yaml:"requested_by"`
	AnyOf       []string `yaml:"any_of"`
	Access      string   `yaml:"access"` // regular, exceptional
	Exceptions  []string `yaml:"exceptions"`
	Payer       string   `yaml:"payer"` // bsi, requester
	Order       int      `yaml:"order"` // of the steps, from 1; 0 elsewhere
	Note        string   `yaml:"note"`
	Provenance  `yaml:",inline"`
}
