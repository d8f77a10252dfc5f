package responsibility

// Lang is a language of names and sentences.
type Lang uint8

// The languages of the product.
const (
	DE Lang = iota
	EN
)

// Names is a name in both languages.
type Names struct{ DE, EN string }

// In gives the name in a language, the other one where it is missing.
func (n Names) In(lang Lang) string {
	if (lang == EN && n.EN != "") || n.DE == "" {
		return n.EN
	}
	return n.DE
}

// Data is what the rule works on, each list in data order; the order of Acts is the order of regimes and that of
// Competences the order of bodies with equal rank. Codes (roles, kinds, levels, statuses, values of attributes) may be
// written in capitals as the API does or in small letters as the YAML files do.
type Data struct {
	Acts         []Act
	Competences  []Competence
	Bodies       []Body
	Sectors      []Sector
	Branches     []Branch
	Services     []Service
	Lands        []Land
	Designations []Designation
	Held         []Held
}

// Act is a legal act. Scope is nil where the act reaches as far as its competences.
type Act struct {
	Slug         string
	Name         string
	Short        string
	Level        string // FEDERAL, STATE, EU
	Land         string // of a state act
	Status       string // IN_FORCE, PROPOSED, NOT_CONFIRMED
	InForceSince Day    // empty: not known
	Scope        *Scope
	Source       string
	AsOf         Day
}

// Scope says which sectors an act reaches (one key of Sector.CoveredBy is enough) and which attributes keep a subject inside.
type Scope struct {
	CoveredBy   []string
	AppliesWhen []Condition
}

// Condition holds if the attribute has one of the values; "true" and "false" for yes-or-no attributes.
type Condition struct {
	Attribute string
	Values    []string
}

// Competence is one row: under Act, for the subject and the Land, Body has Role if AppliesWhen holds.
type Competence struct {
	ID          string
	Act         string
	Provision   string
	Kind        Specificity // of the subject
	Subject     string      // slug; "all" or "maritime-infrastructure" across sectors
	Land        string      // a Land, AllLands, or empty for a federal row
	Body        string
	Role        Role
	ValidFrom   Day // inclusive; empty: from the first day of the act
	ValidUntil  Day // exclusive; empty: no end
	AppliesWhen []Condition
	NotFor      []string
	Gate        bool
	NotRecorded bool // holder: not_recorded
	Displaces   []string
	Confidence  string // VERIFIED, MEMORY, UNVERIFIED
	Source      string
	AsOf        Day
}

// AllLands as the Land of a competence means one body in each Land.
const AllLands = "all"

// Body is an authority or a placeholder for one.
type Body struct {
	Slug         string
	Names        Names
	Abbreviation string
	Kind         string // CENTRAL_CONTACT_POINT and PLACEHOLDER stand for a holder that nobody knows
	Level        string
	Status       string // empty, or one of the Body… constants
	Land         string
}

// Statuses of a body whose holder is not known.
const (
	BodyDesignatedNotPublished = "DESIGNATED_NOT_PUBLISHED"
	BodyDueNotPublished        = "DUE_2026_04_17_NOT_PUBLISHED"
	BodyToBeDesignated         = "TO_BE_DESIGNATED"
	BodyOnePerLand             = "ONE_PER_LAND"
)

// Placeholder says whether the body only names a role: it has no channel, and lists do not show it.
func (b *Body) Placeholder() bool {
	return b.Kind == "CENTRAL_CONTACT_POINT" || b.Kind == "PLACEHOLDER"
}

// Sector is the top of the taxonomy, above Branch and Service.
type Sector struct {
	Slug      string
	Names     Names
	CoveredBy []string // keys of the schemes that name the sector
}

// Branch is a part of a sector.
type Branch struct {
	Slug   string
	Sector string
	Names  Names
}

// Service is a critical service. One without Branch spans those of its sector.
type Service struct {
	Slug   string
	Sector string
	Branch string
	Names  Names
}

// Land is a federal state. Code sorts (de-bb before de-be); callers choose its spelling.
type Land struct {
	Code  string
	Names Names
}

// Designation is the duty to designate the bodies of a role: by a day, or within Period (ISO 8601) after Trigger.
type Designation struct {
	Act       string
	Role      Role
	Provision string
	By        Day
	Period    string
	Trigger   string // ENTRY_INTO_FORCE, ENTRY_INTO_FORCE_OF_ORDINANCE
}

// Held says that a contact point of this act, role and Land (empty for federal bodies) has a published holder, from one day until
// another (open where empty): on these days it closes the gap of the step, and nothing else changes.
type Held struct {
	Act                   string
	Role                  Role
	Land                  string
	ValidFrom, ValidUntil Day
}

// place is what a contact point is held for.
type place struct {
	act  string
	role Role
	land string
}

func (h *Held) place() place { return place{h.Act, h.Role, h.Land} }

// on reports whether it is held on the day.
func (h *Held) on(day Day) bool {
	return (h.ValidFrom == "" || h.ValidFrom <= day) && (h.ValidUntil == "" || day < h.ValidUntil)
}
