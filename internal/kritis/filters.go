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
	w.text("slug", "slug", m.Slug)
	w.text("name", "nameDe", m.Name)
	w.code("kind", "kind", m.Kind)
	w.code("level", "level", m.Level)
	w.has("roles", "roles", m.Roles)
	return w
}

// tasks is a condition on what a body does: a recorded task, or the role of one of its competences.
func (w *where) tasks(f *CodeFilter) {
	if f == nil {
		return
	}
	w.check("roles", f.In)
	one := func(codes ...string) {
		competent := store.Where("role", store.IN, values(codes)...)
		w.all = append(w.all, store.Filter{Any: []store.Filter{
			store.Where("roles", store.HAS, values(codes)...),
			{Some: &store.Rel{Edge: EdgeAssignedTo, Dir: store.In, Label: LabelCompetence, Where: competent}},
		}})
	}
	if f.Eq != nil {
		one(*f.Eq)
	}
	if f.In != nil {
		one(f.In...)
	}
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
	w := (&AuthorityMatch{Slug: f.Slug, Name: f.Name, Kind: f.Kind, Level: f.Level}).where()
	w.tasks(f.Roles)
	w.code("federalState", "landCode", f.FederalState)
	if r := f.Competences; r != nil {
		w.related("competences", EdgeAssignedTo, store.In, LabelCompetence, r.Some.where(), r.None.where())
	}
	if r := f.ContactPoints; r != nil {
		w.related("contactPoints", EdgeHeldBy, store.In, LabelContactPoint, r.Some.where(), r.None.where())
	}
	return combine(w, f.And, f.Or, f.Not, (*AuthorityWhere).Filter)
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
	w.text("name", "nameDe", m.Name)
	w.code("role", "role", m.Role)
	w.code("status", "contactStatus", m.Status)
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
	w.has("federalState", "landCodes", f.FederalState)
	if r := f.Holder; r != nil {
		w.related("holder", EdgeHeldBy, store.Out, LabelAuthority, r.Some.where().named(), r.None.where().named())
	}
	return combine(w, f.And, f.Or, f.Not, (*ContactPointWhere).Filter)
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
	w.text("key", "number", m.Key)
	w.text("subject", "subject", m.Subject)
	w.code("subjectKind", "subjectKind", m.SubjectKind)
	w.code("role", "role", m.Role)
	w.code("level", "level", m.Level)
	w.code("confidence", "confidence", m.Confidence)
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
	w.text("legalAct", "actSlug", f.LegalAct)
	w.text("authority", "authoritySlug", f.Authority)
	w.code("federalState", "landCode", f.FederalState)
	return combine(w, f.And, f.Or, f.Not, (*CompetenceWhere).Filter)
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
	w.text("reference", "reference", m.Reference)
	w.text("name", "name", m.Name)
	w.unknownCode("entityClass", "entityClass", m.EntityClass)
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
	w.code("federalState", "seatCode", f.FederalState)
	if r := f.Facilities; r != nil {
		w.related("facilities", EdgeOperates, store.Out, LabelFacility, r.Some.where(), r.None.where())
	}
	if r := f.Incidents; r != nil {
		w.related("incidents", EdgeReportedBy, store.In, LabelIncident, r.Some.where(), r.None.where())
	}
	w.sectors(f.Sector)
	return combine(w, f.And, f.Or, f.Not, (*OperatorWhere).Filter)
}

// sectors is a condition on the slugs of the sectors, of which there are several.
func (w *where) sectors(f *StringFilter) {
	if f == nil {
		return
	}
	if (f.Contains != nil || f.StartsWith != nil) && w.err == nil {
		w.err = BadInput("where.sector", "where.sector is compared as a whole: use eq or in with a slug.")
	}
	w.has("sector", "sectorSlugs", &CodeFilter{Eq: f.Eq, In: f.In})
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
	w.text("reference", "reference", m.Reference)
	w.text("name", "name", m.Name)
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
	w.code("federalState", "siteCode", f.FederalState)
	w.text("branch", "branchSlug", f.Branch)
	w.text("service", "serviceSlug", f.Service)
	w.text("category", "categoryCode", f.Category)
	if r := f.Operator; r != nil {
		w.related("operator", EdgeOperates, store.In, LabelOperator, r.Some.where(), r.None.where())
	}
	if r := f.Incidents; r != nil {
		w.related("incidents", EdgeAffects, store.In, LabelIncident, r.Some.where(), r.None.where())
	}
	return combine(w, f.And, f.Or, f.Not, (*FacilityWhere).Filter)
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
	w.text("reference", "reference", m.Reference)
	w.text("title", "title", m.Title)
	w.code("status", "incidentStatus", m.Status)
	w.code("severity", "severity", m.Severity)
	w.code("kind", "kind", m.Kind)
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
	w.has("federalState", "landCodes", f.FederalState)
	if r := f.Operator; r != nil {
		w.related("operator", EdgeReportedBy, store.Out, LabelOperator, r.Some.where(), r.None.where())
	}
	if r := f.Facilities; r != nil {
		w.related("facilities", EdgeAffects, store.Out, LabelFacility, r.Some.where(), r.None.where())
	}
	return combine(w, f.And, f.Or, f.Not, (*IncidentWhere).Filter)
}
