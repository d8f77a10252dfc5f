package kritis

import "kritisgraph/internal/store"

// AuthorityMatch are conditions on a body alone.
type AuthorityMatch struct {
	Slug  *StringFilter
	Name  *StringFilter
	Kind  *CodeFilter
	Level *CodeFilter
	Roles *CodeFilter
}

func (m *AuthorityMatch) where() *where {
	if m == nil {
		return nil
	}
	w := &where{}
	w.text("slug", m.Slug)
	w.text("nameDe", m.Name)
	w.code("kind", m.Kind)
	w.code("level", m.Level)
	w.has("roles", m.Roles)
	return w
}

// AuthorityRelationFilter says whether related bodies fit.
type AuthorityRelationFilter struct {
	Some *AuthorityMatch
	None *AuthorityMatch
}

// AuthorityWhere selects bodies.
type AuthorityWhere struct {
	And, Or       []*AuthorityWhere
	Not           *AuthorityWhere
	Slug          *StringFilter
	Name          *StringFilter
	Kind          *CodeFilter
	Level         *CodeFilter
	FederalState  *CodeFilter
	Roles         *CodeFilter
	Competences   *CompetenceRelationFilter
	ContactPoints *ContactPointRelationFilter
}

// Filter returns the filter of the store; nil selects everything.
func (f *AuthorityWhere) Filter() (store.Filter, error) {
	if f == nil {
		return store.Filter{}, nil
	}
	w := (&AuthorityMatch{Slug: f.Slug, Name: f.Name, Kind: f.Kind, Level: f.Level, Roles: f.Roles}).where()
	w.code("landCode", f.FederalState)
	if r := f.Competences; r != nil {
		w.related(EdgeAssignedTo, store.In, LabelCompetence, r.Some.where(), r.None.where())
	}
	if r := f.ContactPoints; r != nil {
		w.related(EdgeHeldBy, store.In, LabelContactPoint, r.Some.where(), r.None.where())
	}
	err := combine(w, f.And, f.Or, f.Not, (*AuthorityWhere).Filter)
	return w.filter(), err
}

// ContactPointMatch are conditions on a contact point alone.
type ContactPointMatch struct {
	Name       *StringFilter
	Role       *CodeFilter
	Status     *CodeFilter
	VerifiedAt *DateTimeFilter
}

func (m *ContactPointMatch) where() *where {
	if m == nil {
		return nil
	}
	w := &where{}
	w.text("nameDe", m.Name)
	w.code("role", m.Role)
	w.code("contactStatus", m.Status)
	w.instant("verifiedAt", m.VerifiedAt)
	return w
}

// ContactPointRelationFilter says whether related contact points fit.
type ContactPointRelationFilter struct {
	Some *ContactPointMatch
	None *ContactPointMatch
}

// ContactPointWhere selects contact points.
type ContactPointWhere struct {
	And, Or      []*ContactPointWhere
	Not          *ContactPointWhere
	Name         *StringFilter
	Role         *CodeFilter
	Status       *CodeFilter
	FederalState *CodeFilter
	VerifiedAt   *DateTimeFilter
	Holder       *AuthorityRelationFilter
}

// Filter returns the filter of the store; nil selects everything.
func (f *ContactPointWhere) Filter() (store.Filter, error) {
	if f == nil {
		return store.Filter{}, nil
	}
	w := (&ContactPointMatch{Name: f.Name, Role: f.Role, Status: f.Status, VerifiedAt: f.VerifiedAt}).where()
	w.has("landCodes", f.FederalState)
	if r := f.Holder; r != nil {
		w.related(EdgeHeldBy, store.Out, LabelAuthority, r.Some.where().named(), r.None.where().named())
	}
	err := combine(w, f.And, f.Or, f.Not, (*ContactPointWhere).Filter)
	return w.filter(), err
}

// named keeps the bodies that are no placeholders: who is not known is no holder.
func (w *where) named() *where {
	if w != nil {
		w.add("placeholder", store.EQ, store.Bool(false))
	}
	return w
}

// CompetenceMatch are conditions on a competence alone.
type CompetenceMatch struct {
	Key         *StringFilter
	Subject     *StringFilter
	SubjectKind *CodeFilter
	Role        *CodeFilter
	Level       *CodeFilter
	Confidence  *CodeFilter
}

func (m *CompetenceMatch) where() *where {
	if m == nil {
		return nil
	}
	w := &where{}
	w.text("number", m.Key)
	w.text("subject", m.Subject)
	w.code("subjectKind", m.SubjectKind)
	w.code("role", m.Role)
	w.code("level", m.Level)
	w.code("confidence", m.Confidence)
	return w
}

// CompetenceRelationFilter says whether related competences fit.
type CompetenceRelationFilter struct {
	Some *CompetenceMatch
	None *CompetenceMatch
}

// CompetenceWhere selects competences.
type CompetenceWhere struct {
	And, Or      []*CompetenceWhere
	Not          *CompetenceWhere
	Key          *StringFilter
	LegalAct     *StringFilter
	Authority    *StringFilter
	Subject      *StringFilter
	SubjectKind  *CodeFilter
	Role         *CodeFilter
	Level        *CodeFilter
	FederalState *CodeFilter
	Confidence   *CodeFilter
}

// Filter returns the filter of the store; nil selects everything.
func (f *CompetenceWhere) Filter() (store.Filter, error) {
	if f == nil {
		return store.Filter{}, nil
	}
	w := (&CompetenceMatch{
		Key: f.Key, Subject: f.Subject, SubjectKind: f.SubjectKind, Role: f.Role, Level: f.Level, Confidence: f.Confidence,
	}).where()
	w.text("actSlug", f.LegalAct)
	w.text("authoritySlug", f.Authority)
	w.code("landCode", f.FederalState)
	err := combine(w, f.And, f.Or, f.Not, (*CompetenceWhere).Filter)
	return w.filter(), err
}

// OperatorMatch are conditions on an operator alone.
type OperatorMatch struct {
	Reference   *StringFilter
	Name        *StringFilter
	EntityClass *CodeFilter
	Demo        *BooleanFilter
}

func (m *OperatorMatch) where() *where {
	if m == nil {
		return nil
	}
	w := &where{}
	w.text("reference", m.Reference)
	w.text("name", m.Name)
	w.unknownCode("entityClass", m.EntityClass)
	w.flag("demo", m.Demo)
	return w
}

// OperatorRelationFilter says whether related operators fit.
type OperatorRelationFilter struct {
	Some *OperatorMatch
	None *OperatorMatch
}

// OperatorWhere selects operators.
type OperatorWhere struct {
	And, Or      []*OperatorWhere
	Not          *OperatorWhere
	Reference    *StringFilter
	Name         *StringFilter
	EntityClass  *CodeFilter
	FederalState *CodeFilter
	Sector       *StringFilter
	Demo         *BooleanFilter
	Facilities   *FacilityRelationFilter
	Incidents    *IncidentRelationFilter
}

// Filter returns the filter of the store; nil selects everything.
func (f *OperatorWhere) Filter() (store.Filter, error) {
	if f == nil {
		return store.Filter{}, nil
	}
	w := (&OperatorMatch{Reference: f.Reference, Name: f.Name, EntityClass: f.EntityClass, Demo: f.Demo}).where()
	w.code("seatCode", f.FederalState)
	if r := f.Facilities; r != nil {
		w.related(EdgeOperates, store.Out, LabelFacility, r.Some.where(), r.None.where())
	}
	if r := f.Incidents; r != nil {
		w.related(EdgeReportedBy, store.In, LabelIncident, r.Some.where(), r.None.where())
	}
	err := w.sectors(f.Sector)
	if err == nil {
		err = combine(w, f.And, f.Or, f.Not, (*OperatorWhere).Filter)
	}
	return w.filter(), err
}

// sectors is a condition on the slugs of the sectors, of which there are several.
func (w *where) sectors(f *StringFilter) error {
	if f == nil {
		return nil
	}
	if f.Contains != nil || f.StartsWith != nil {
		return BadInput("where.sector", "A sector is compared as a whole: use eq or in with its slug.")
	}
	w.has("sectorSlugs", &CodeFilter{Eq: f.Eq, In: f.In})
	return nil
}

// FacilityMatch are conditions on a facility alone.
type FacilityMatch struct {
	Reference *StringFilter
	Name      *StringFilter
	Demo      *BooleanFilter
}

func (m *FacilityMatch) where() *where {
	if m == nil {
		return nil
	}
	w := &where{}
	w.text("reference", m.Reference)
	w.text("name", m.Name)
	w.flag("demo", m.Demo)
	return w
}

// FacilityRelationFilter says whether related facilities fit.
type FacilityRelationFilter struct {
	Some *FacilityMatch
	None *FacilityMatch
}

// FacilityWhere selects facilities.
type FacilityWhere struct {
	And, Or      []*FacilityWhere
	Not          *FacilityWhere
	Reference    *StringFilter
	Name         *StringFilter
	FederalState *CodeFilter
	Branch       *StringFilter
	Service      *StringFilter
	Category     *StringFilter
	Demo         *BooleanFilter
	Operator     *OperatorRelationFilter
	Incidents    *IncidentRelationFilter
}

// Filter returns the filter of the store; nil selects everything.
func (f *FacilityWhere) Filter() (store.Filter, error) {
	if f == nil {
		return store.Filter{}, nil
	}
	w := (&FacilityMatch{Reference: f.Reference, Name: f.Name, Demo: f.Demo}).where()
	w.code("siteCode", f.FederalState)
	w.text("branchSlug", f.Branch)
	w.text("serviceSlug", f.Service)
	w.text("categoryCode", f.Category)
	if r := f.Operator; r != nil {
		w.related(EdgeOperates, store.In, LabelOperator, r.Some.where(), r.None.where())
	}
	if r := f.Incidents; r != nil {
		w.related(EdgeAffects, store.In, LabelIncident, r.Some.where(), r.None.where())
	}
	err := combine(w, f.And, f.Or, f.Not, (*FacilityWhere).Filter)
	return w.filter(), err
}

// IncidentMatch are conditions on an incident alone.
type IncidentMatch struct {
	Reference *StringFilter
	Title     *StringFilter
	Status    *CodeFilter
	Severity  *CodeFilter
	Kind      *CodeFilter
	AwareAt   *DateTimeFilter
	Demo      *BooleanFilter
}

func (m *IncidentMatch) where() *where {
	if m == nil {
		return nil
	}
	w := &where{}
	w.text("reference", m.Reference)
	w.text("title", m.Title)
	w.code("incidentStatus", m.Status)
	w.code("severity", m.Severity)
	w.code("kind", m.Kind)
	w.instant("awareAt", m.AwareAt)
	w.flag("demo", m.Demo)
	return w
}

// IncidentRelationFilter says whether related incidents fit.
type IncidentRelationFilter struct {
	Some *IncidentMatch
	None *IncidentMatch
}

// IncidentWhere selects incidents.
type IncidentWhere struct {
	And, Or      []*IncidentWhere
	Not          *IncidentWhere
	Reference    *StringFilter
	Title        *StringFilter
	Status       *CodeFilter
	Severity     *CodeFilter
	Kind         *CodeFilter
	FederalState *CodeFilter
	AwareAt      *DateTimeFilter
	Demo         *BooleanFilter
	Operator     *OperatorRelationFilter
	Facilities   *FacilityRelationFilter
}

// Filter returns the filter of the store; nil selects everything.
func (f *IncidentWhere) Filter() (store.Filter, error) {
	if f == nil {
		return store.Filter{}, nil
	}
	w := (&IncidentMatch{
		Reference: f.Reference, Title: f.Title, Status: f.Status, Severity: f.Severity, Kind: f.Kind, AwareAt: f.AwareAt, Demo: f.Demo,
	}).where()
	w.has("landCodes", f.FederalState)
	if r := f.Operator; r != nil {
		w.related(EdgeReportedBy, store.Out, LabelOperator, r.Some.where(), r.None.where())
	}
	if r := f.Facilities; r != nil {
		w.related(EdgeAffects, store.Out, LabelFacility, r.Some.where(), r.None.where())
	}
	err := combine(w, f.And, f.Or, f.Not, (*IncidentWhere).Filter)
	return w.filter(), err
}
