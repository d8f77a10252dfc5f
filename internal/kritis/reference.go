package kritis

import (
	"context"
	"slices"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// FederalState is a Land.
type FederalState struct {
	named
	neighbours []*FederalState
	ministry   *Authority
	cert       *Authority
	agency     *Authority
	nis2       *Authority
}

// Code returns the code of the Land, such as BY.
func (s *FederalState) Code() FederalStateCode { return FederalStateCode(s.text("code")) }

// Ars returns the first two digits of the official regional key.
func (s *FederalState) Ars() string { return s.text("ars") }

// Nuts returns the NUTS 1 code.
func (s *FederalState) Nuts() string { return s.text("nuts") }

// Capital returns the capital.
func (s *FederalState) Capital() string { return s.text("capital") }

// CityState reports whether it is Berlin, Bremen or Hamburg.
func (s *FederalState) CityState() bool { return s.flag("cityState") }

// Population returns the number of inhabitants on PopulationAsOf.
func (s *FederalState) Population() int32 { return int32(s.number("population")) } //nolint:gosec // below 2^31

// PopulationAsOf returns the day of the population figure.
func (s *FederalState) PopulationAsOf() store.Day { return store.Day(s.text("populationAsOf")) }

// AreaKm2 returns the area in square kilometres.
func (s *FederalState) AreaKm2() float64 { return float64(s.number("areaKm2Hundredths")) / 100 }

// Neighbours returns the Länder that share a border, by code.
func (s *FederalState) Neighbours() []*FederalState { return s.neighbours }

// NeighbourCountries returns the other states that share a border.
func (s *FederalState) NeighbourCountries() []string { return s.list("neighbourCountries") }

// Ministry returns the ministry responsible for cyber security or the interior, nil where not recorded.
func (s *FederalState) Ministry() *Authority { return s.ministry }

// Cert returns the computer emergency response team that serves the Land.
func (s *FederalState) Cert() *Authority { return s.cert }

// CyberAgency returns the cyber security agency of the Land, nil where it has none.
func (s *FederalState) CyberAgency() *Authority { return s.agency }

// Nis2Administration returns what is known of the supervision of the Land's own administration.
func (s *FederalState) Nis2Administration() *Nis2Administration {
	n := &Nis2Administration{
		Authority: s.nis2,
		Citation:  s.optional("nis2Act"),
		Status:    Nis2AdministrationStatus(s.text("nis2Status")),
		Note:      s.optional("nis2Note"),
	}
	if source := s.text("nis2Source"); source != "" {
		n.Evidence = &Evidence{Source: source, AsOf: store.Day(s.text("asOf")), Confidence: Confidence(s.text("nis2Confidence"))}
	}
	return n
}

// Nis2Administration is what is known of the supervision of a Land's own administration under the NIS2 Directive.
type Nis2Administration struct {
	Authority *Authority
	Citation  *string
	Status    Nis2AdministrationStatus
	Note      *string
	Evidence  *Evidence
}

// LegalAct is a legal act.
type LegalAct struct {
	object
	land *FederalState
}

// Slug returns the stable key.
func (a *LegalAct) Slug() string { return a.text("slug") }

// Short returns the short title.
func (a *LegalAct) Short() string { return a.text("short") }

// Name returns the title as in the source.
func (a *LegalAct) Name() string { return a.text("name") }

// Level returns whose law it is.
func (a *LegalAct) Level() LegalActLevel { return LegalActLevel(a.text("level")) }

// FederalState returns the Land of an act of a Land, else nil.
func (a *LegalAct) FederalState() *FederalState { return a.land }

// Status returns whether it is in force.
func (a *LegalAct) Status() LegalActStatus { return LegalActStatus(a.text("actStatus")) }

// InForceSince returns the first day on which it applies, nil where not known.
func (a *LegalAct) InForceSince() *store.Day { return optionalDay(a.text("inForceSince")) }

// Scope returns how far an act reaches that covers whole sectors, nil for the others.
func (a *LegalAct) Scope() *LegalActScope {
	covered := a.list("scopeCoveredBy")
	if len(covered) == 0 {
		return nil
	}
	return &LegalActScope{CoveredBy: convert[SectorScheme](covered), AppliesWhen: conditions(a.list("scopeAppliesWhen"))}
}

// LegalActScope is how far an act reaches: sectors that one of the schemes covers, where the conditions hold.
type LegalActScope struct {
	CoveredBy   []SectorScheme
	AppliesWhen []*AttributeCondition
}

// Authority is a body, or a placeholder for one that is not known.
type Authority struct {
	named
	parent *Authority
	land   *FederalState
	serves []*FederalState
	duties []responsibility.Role // of its competences
}

// Slug returns the stable key.
func (a *Authority) Slug() string { return a.text("slug") }

// Abbreviation returns the abbreviation, nil where there is none.
func (a *Authority) Abbreviation() *string { return a.optional("abbreviation") }

// Kind returns the kind of body.
func (a *Authority) Kind() AuthorityKind { return AuthorityKind(a.text("kind")) }

// Level returns the level on which it stands.
func (a *Authority) Level() AuthorityLevel { return AuthorityLevel(a.text("level")) }

// Status returns what is known about who it is.
func (a *Authority) Status() AuthorityStatus {
	if s := a.text("authorityStatus"); s != "" {
		return AuthorityStatus(s)
	}
	return "NAMED"
}

// Placeholder reports whether it stands for a body that is not known.
func (a *Authority) Placeholder() bool { return a.flag("placeholder") }

// Roles returns the recorded tasks and the roles of its competences, each once.
func (a *Authority) Roles() []AuthorityRole {
	roles := convert[AuthorityRole](a.list("roles"))
	for _, r := range a.duties {
		if role := AuthorityRole(r); !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return roles
}

// Parent returns the superior body, nil where there is none.
func (a *Authority) Parent() *Authority { return a.parent }

// Seat returns the place of its seat.
func (a *Authority) Seat() *string { return a.optional("seat") }

// Website returns its address on the web.
func (a *Authority) Website() *string { return a.optional("website") }

// FederalState returns its Land, nil for federal, joint and European bodies.
func (a *Authority) FederalState() *FederalState { return a.land }

// ServesStates returns the Länder that it serves, by code.
func (a *Authority) ServesStates() []*FederalState { return a.serves }

// Sector is a sector.
type Sector struct {
	named
	branches []*Branch
	services []*Service
	acts     map[SectorScheme]*LegalAct
}

// Slug returns the stable key.
func (s *Sector) Slug() string { return s.text("slug") }

// Branches returns its branches in the order of the data.
func (s *Sector) Branches() []*Branch { return s.branches }

// Services returns its services in the order of the data.
func (s *Sector) Services() []*Service { return s.services }

// Nace returns its NACE codes.
func (s *Sector) Nace() []string { return s.list("nace") }

// NaceConfidence returns how sure the NACE codes are, nil where there are none.
func (s *Sector) NaceConfidence() *Confidence {
	return optionalCode[Confidence](s.text("naceConfidence"))
}

// schemes are the schemes in the order of the API and the slug of the act behind each.
var schemes = []struct {
	scheme SectorScheme
	act    string
}{
	{"BUND_LAENDER_2011", ""}, {"BSIG_KRITISV", "bsi-kritisv"}, {"KRITISDACHG", "kritisdachg"},
	{"BSIG_ANNEX_1", "bsig"}, {"BSIG_ANNEX_2", "bsig"}, {"NIS2_DIRECTIVE", "nis2-directive"},
}

// CoveredBy returns for each scheme whether it names the sector.
func (s *Sector) CoveredBy() []*SectorCoverage {
	covered := s.list("coveredBy")
	out := make([]*SectorCoverage, 0, len(schemes))
	for _, sc := range schemes {
		c := &SectorCoverage{Scheme: sc.scheme, LegalAct: s.acts[sc.scheme], Covered: slices.Contains(covered, string(sc.scheme))}
		if annex := s.text("nis2Directive"); sc.scheme == "NIS2_DIRECTIVE" && annex != "" {
			n := int32(1)
			if annex == "ANNEX_2" {
				n = 2
			}
			c.Covered, c.Annex = true, &n
		}
		out = append(out, c)
	}
	return out
}

// SectorCoverage says whether a scheme names a sector.
type SectorCoverage struct {
	Scheme   SectorScheme
	LegalAct *LegalAct
	Covered  bool
	Annex    *int32
}

// Branch is a branch of a sector.
type Branch struct {
	named
	sector     *Sector
	services   []*Service
	providers  []*Dependency
	dependents []*Dependency
}

// Slug returns the stable key.
func (b *Branch) Slug() string { return b.text("slug") }

// Sector returns its sector.
func (b *Branch) Sector() *Sector { return b.sector }

// Services returns the services that name it.
func (b *Branch) Services() []*Service { return b.services }

// Taxonomy returns the scheme from which it comes.
func (b *Branch) Taxonomy() SectorScheme { return SectorScheme(b.text("taxonomy")) }

// Nace returns its NACE codes.
func (b *Branch) Nace() []string { return b.list("nace") }

// NaceConfidence returns how sure the NACE codes are, nil where there are none.
func (b *Branch) NaceConfidence() *Confidence {
	return optionalCode[Confidence](b.text("naceConfidence"))
}

// IsDependencySubject marks that a branch can depend and be depended on.
func (b *Branch) IsDependencySubject() {}

// IsDependencySubject marks that a service uses the dependencies of its branch.
func (s *Service) IsDependencySubject() {}

// Service is a critical service.
type Service struct {
	named
	sector     *Sector
	branch     *Branch
	categories []*FacilityCategory
}

// Slug returns the stable key.
func (s *Service) Slug() string { return s.text("slug") }

// Sector returns its sector.
func (s *Service) Sector() *Sector { return s.sector }

// Branch returns its branch, nil for a service that spans the branches of its sector.
func (s *Service) Branch() *Branch { return s.branch }

// DefinedBy returns where it is defined.
func (s *Service) DefinedBy() ServiceDefinition { return ServiceDefinition(s.text("definedBy")) }

// Annex returns the annex of the BSI-Kritisverordnung.
func (s *Service) Annex() *int32 { return s.optionalInt("annex") }

// FacilityCategories returns its facility categories in the order of the annex.
func (s *Service) FacilityCategories() []*FacilityCategory { return s.categories }

// FacilityCategory is a category of facilities of the BSI-Kritisverordnung.
type FacilityCategory struct {
	object
	service  *Service
	branch   *Branch
	criteria []*FacilityCriterion
}

// Code returns the number of the category.
func (c *FacilityCategory) Code() string { return c.text("code") }

// Name returns the name; the ordinance is German only.
func (c *FacilityCategory) Name(_ context.Context, lang *Language) string { return c.text("nameDe") }

// Area returns the part of the service.
func (c *FacilityCategory) Area(_ context.Context, lang *Language) *string {
	return c.optional("areaDe")
}

// Service returns its service.
func (c *FacilityCategory) Service() *Service { return c.service }

// Branch returns its branch where the service spans several.
func (c *FacilityCategory) Branch() *Branch { return c.branch }

// Criteria returns the thresholds, any of which makes a facility critical.
func (c *FacilityCategory) Criteria() []*FacilityCriterion { return c.criteria }

// FacilityCriterion is a threshold of a facility category.
type FacilityCriterion struct {
	object
}

// Metric returns what is measured; the ordinance is German only.
func (c *FacilityCriterion) Metric(_ context.Context, lang *Language) string {
	return c.text("metricDe")
}

// Threshold returns the number, nil where the law gives none.
func (c *FacilityCriterion) Threshold() *float64 {
	v := c.node.Prop("thresholdMillionths")
	if v.Kind() != store.IntKind {
		return nil
	}
	f := float64(v.Num()) / 1e6
	return &f
}

// ThresholdText returns the threshold in words, nil where it is a number.
func (c *FacilityCriterion) ThresholdText(_ context.Context, lang *Language) *string {
	return c.optional("thresholdTextDe")
}

func optionalDay(s string) *store.Day {
	if s == "" {
		return nil
	}
	return (*store.Day)(&s)
}

func optionalCode[C ~string](s string) *C {
	if s == "" {
		return nil
	}
	c := C(s)
	return &c
}

func convert[C ~string](list []string) []C {
	out := make([]C, len(list))
	for i, s := range list {
		out[i] = C(s)
	}
	return out
}
