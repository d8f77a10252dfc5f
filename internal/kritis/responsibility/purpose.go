package responsibility

import "strings"

// Role is what a body does under an act.
type Role string

// The roles of competences.
const (
	Supervision           Role = "SUPERVISION"
	Reporting             Role = "REPORTING"
	Registration          Role = "REGISTRATION"
	SituationPicture      Role = "SITUATION_PICTURE"
	Feedback              Role = "FEEDBACK"
	ImpactAssessment      Role = "IMPACT_ASSESSMENT"
	NationalLiaisonOffice Role = "NATIONAL_LIAISON_OFFICE"
	SinglePointOfContact  Role = "SINGLE_POINT_OF_CONTACT"
	BSIContactPoint       Role = "BSI_CONTACT_POINT" // ZKL as a role of contact points
	BBKContactPoint       Role = "BBK_CONTACT_POINT" // BBK_CONTACT as a role of contact points
	IncidentResponse      Role = "INCIDENT_RESPONSE"
	Crisis                Role = "CRISIS"
	Coordination          Role = "COORDINATION"
	OrdinanceMaker        Role = "ORDINANCE_MAKER"
	StandardApproval      Role = "STANDARD_APPROVAL"
	LawEnforcementContact Role = "LAW_ENFORCEMENT_CONTACT"
)

// ContactPoint says whether the role is held once per affected Land; every other role lies at the site.
func (r Role) ContactPoint() bool { return r == BSIContactPoint || r == BBKContactPoint }

// Known says whether r is one of the roles.
func (r Role) Known() bool { return roleNames[r].DE != "" }

// In names the role in a language.
func (r Role) In(lang Lang) string { return roleNames[r].In(lang) }

// Purpose is what a responsible body is asked for.
type Purpose string

// The purposes. The first four are duty purposes: the scope and the gates of acts count for them only.
const (
	ForCyberIncident    Purpose = "CYBER_INCIDENT"
	ForPhysicalIncident Purpose = "PHYSICAL_INCIDENT"
	ForSupervision      Purpose = "SUPERVISION"
	ForRegistration     Purpose = "REGISTRATION"
	ForCrisis           Purpose = "CRISIS"
	ForLawEnforcement   Purpose = "LAW_ENFORCEMENT"
	ForIncidentResponse Purpose = "INCIDENT_RESPONSE"
	ForSituationPicture Purpose = "SITUATION_PICTURE"
	ForCrossBorder      Purpose = "CROSS_BORDER"
)

// Purposes gives all purposes in the order of the table.
func Purposes() []Purpose {
	out := make([]Purpose, len(purposeTable))
	for i, p := range purposeTable {
		out[i] = p.purpose
	}
	return out
}

// AtAllHours says whether a body asked for this purpose ought to be reachable at all hours.
func (p Purpose) AtAllHours() bool {
	switch p {
	case ForCyberIncident, ForPhysicalIncident, ForCrisis, ForLawEnforcement, ForIncidentResponse:
		return true
	default:
		return false
	}
}

type roleUse struct {
	role     Role
	required bool // a missing body is a gap wherever the act applies
}

// actLine is a cell of the purpose table: the acts and their roles in chain order. A line for landActs is for all acts of level STATE.
type actLine struct {
	acts  []string
	roles []roleUse
}

type purposeLine struct {
	purpose Purpose
	duty    bool
	lines   []actLine
}

const landActs = "*"

// uses reads "reporting! supervision" into roles; ! marks a required one.
func uses(words string) []roleUse {
	var out []roleUse
	for w := range strings.FieldsSeq(words) {
		name, required := strings.CutSuffix(w, "!")
		out = append(out, roleUse{Role(strings.ToUpper(name)), required})
	}
	return out
}

var purposeTable = []purposeLine{
	{ForCyberIncident, true, []actLine{
		{[]string{"bsig"}, uses("reporting! supervision! bsi_contact_point! crisis!")},
		{[]string{"enwg"}, uses("reporting supervision impact_assessment")},
		{[]string{"tkg", "dora", "atg", "eidas", landActs}, uses("reporting supervision")},
		{[]string{"nis2-directive"}, uses("reporting! supervision!")},
		{[]string{"gdpr"}, uses("reporting")},
	}},
	{ForPhysicalIncident, true, []actLine{
		{[]string{"kritisdachg"}, uses("reporting! supervision! bbk_contact_point!")},
		{[]string{"tkg"}, uses("reporting supervision")}, // sections 165 and 168 TKG reach physical causes
		{[]string{"gdpr"}, uses("reporting")},
	}},
	{ForSupervision, true, []actLine{
		{[]string{"bsig", "kritisdachg"}, uses("supervision! coordination")},
		{[]string{"nis2-directive"}, uses("supervision!")},
		{[]string{"enwg", "tkg", "dora", "atg", "eidas", landActs}, uses("supervision")},
	}},
	{ForRegistration, true, []actLine{
		{[]string{"bsig", "kritisdachg"}, uses("registration!")},
	}},
	{ForCrisis, false, []actLine{
		{[]string{"bsig"}, uses("bsi_contact_point! crisis!")},
		{[]string{"kritisdachg"}, uses("situation_picture! bbk_contact_point!")},
		{[]string{"zskg"}, uses("crisis!")},
	}},
	{ForLawEnforcement, false, []actLine{
		{[]string{"stpo", "bkag"}, uses("law_enforcement_contact!")},
	}},
	{ForIncidentResponse, false, []actLine{
		{[]string{"bsig"}, uses("incident_response!")},
	}},
	{ForSituationPicture, false, []actLine{
		{[]string{"bsig", "kritisdachg"}, uses("situation_picture!")},
	}},
	{ForCrossBorder, false, []actLine{
		{[]string{"bsig"}, uses("national_liaison_office!")},
		{[]string{"kritisdachg"}, uses("single_point_of_contact!")},
	}},
}

// rolesOf gives the roles that the act plays for a purpose; none: it plays no part.
func (p *purposeLine) rolesOf(a *Act) []roleUse {
	var ofLand []roleUse
	for _, l := range p.lines {
		for _, slug := range l.acts {
			if slug == a.Slug {
				return l.roles
			}
			if slug == landActs && a.Level == "STATE" {
				ofLand = l.roles
			}
		}
	}
	return ofLand
}

func purposeIndex(p Purpose) int {
	for i := range purposeTable {
		if purposeTable[i].purpose == p {
			return i
		}
	}
	return -1
}

// Specificity is how closely the subject of a row fits; the higher one wins.
type Specificity uint8

// The kinds of subject from general to specific.
const (
	CrossSector Specificity = iota + 1
	SectorWide
	BranchWide
	ServiceOnly
)

var specificityCodes = [...]string{"", "CROSS_SECTOR", "SECTOR", "BRANCH", "SERVICE"}

// String gives the code of the API.
func (s Specificity) String() string {
	if int(s) >= len(specificityCodes) {
		return ""
	}
	return specificityCodes[s]
}

// ParseSpecificity reads a subject kind of the data, in either case of letters.
func ParseSpecificity(code string) (Specificity, bool) {
	for i, c := range specificityCodes {
		if i > 0 && strings.EqualFold(c, code) {
			return Specificity(i), true
		}
	}
	return 0, false
}
