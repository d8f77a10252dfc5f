package kritis

import (
	"context"
	"time"

	"kritisgraph/internal/store"
)

// SubjectAttributes are the facts about an operator or facility that decide between competences.
type SubjectAttributes struct {
	object
}

func unknownCode[C ~string](o object, prop string) C {
	if s := o.text(prop); s != "" {
		return C(s)
	}
	return "UNKNOWN"
}

// Ownership says who owns it.
func (a *SubjectAttributes) Ownership() Ownership {
	return unknownCode[Ownership](a.object, "ownership")
}

// AdministrationLevel is the level of an administration.
func (a *SubjectAttributes) AdministrationLevel() AdministrationLevel {
	return unknownCode[AdministrationLevel](a.object, "administrationLevel")
}

// EnergyRole is the part that it plays in energy supply.
func (a *SubjectAttributes) EnergyRole() EnergyRole {
	return unknownCode[EnergyRole](a.object, "energyRole")
}

// EntityClass is its class under § 28 BSIG.
func (a *SubjectAttributes) EntityClass() EntityClass {
	return unknownCode[EntityClass](a.object, "entityClass")
}

// PublicTelecom says whether it runs a public telecommunications network or service.
func (a *SubjectAttributes) PublicTelecom() *bool { return a.optionalFlag("publicTelecom") }

// DoraEntity says whether it is a financial entity under DORA.
func (a *SubjectAttributes) DoraEntity() *bool { return a.optionalFlag("doraEntity") }

// FederallySupervised says whether it is under federal supervision.
func (a *SubjectAttributes) FederallySupervised() *bool { return a.optionalFlag("federallySupervised") }

// NuclearLicence says whether it holds a licence under the Atomgesetz.
func (a *SubjectAttributes) NuclearLicence() *bool { return a.optionalFlag("nuclearLicence") }

// EuMainEstablishmentInGermany says whether its main establishment in the EU is in Germany.
func (a *SubjectAttributes) EuMainEstablishmentInGermany() *bool {
	return a.optionalFlag("euMainEstablishmentInGermany")
}

// InExclusiveEconomicZone says whether it stands in the exclusive economic zone.
func (a *SubjectAttributes) InExclusiveEconomicZone() *bool {
	return a.optionalFlag("inExclusiveEconomicZone")
}

// PersonalDataBreach says whether personal data are concerned.
func (a *SubjectAttributes) PersonalDataBreach() *bool { return a.optionalFlag("personalDataBreach") }

// ExchangeOperator says whether it is an exchange or its operator.
func (a *SubjectAttributes) ExchangeOperator() *bool { return a.optionalFlag("exchangeOperator") }

// WebsiteCertificates says whether it issues certificates for website authentication.
func (a *SubjectAttributes) WebsiteCertificates() *bool { return a.optionalFlag("websiteCertificates") }

// CriticalFacility says whether it is a critical facility.
func (a *SubjectAttributes) CriticalFacility() *bool { return a.optionalFlag("criticalFacility") }

// StateLawItProvider says whether it is an IT provider of a Land under Land law.
func (a *SubjectAttributes) StateLawItProvider() *bool { return a.optionalFlag("stateLawItProvider") }

// registered is what operators and facilities have in common.
type registered struct {
	object
	view *View
}

// Reference returns the key that people use.
func (r registered) Reference() string { return r.text("reference") }

// Name returns the name; it is not translated.
func (r registered) Name() string { return r.text("name") }

// Demo reports whether it is fictional.
func (r registered) Demo() bool { return r.flag("demo") }

// BackupPower returns how long it works without power from the network, nil where not known.
func (r registered) BackupPower() *time.Duration { return r.length("backupPowerSeconds") }

// Attributes returns what is known of it and decides between competences.
func (r registered) Attributes() *SubjectAttributes { return &SubjectAttributes{r.object} }

// IsDependencySubject marks that it can depend and be depended on.
func (r registered) IsDependencySubject() {}

// state finds a Land by its code, nil for no code.
func (v *View) state(ctx context.Context, code string) (*FederalState, error) {
	return find[*FederalState](ctx, v, LabelFederalState, code)
}

// find returns a thing of the rulebook by label and natural key, nil where there is none.
func find[T any](ctx context.Context, v *View, label store.Label, key string) (T, error) {
	var none T
	if key == "" {
		return none, nil
	}
	book, err := v.Rulebook(ctx)
	if err != nil {
		return none, err
	}
	x, _ := lookup[T](book, label, key)
	return x, nil
}

// findAll returns things of the rulebook by their natural keys, in the order given; keys without a thing are left out.
func findAll[T any](ctx context.Context, v *View, label store.Label, keys []string) ([]T, error) {
	out := []T{}
	book, err := v.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if x, ok := lookup[T](book, label, k); ok {
			out = append(out, x)
		}
	}
	return out, nil
}

// Operator is a registered operator.
type Operator struct {
	registered
}

// EntityClass returns its class under § 28 BSIG.
func (o *Operator) EntityClass() EntityClass {
	return unknownCode[EntityClass](o.object, "entityClass")
}

// FederalState returns the Land of its seat, nil where it is abroad or not known.
func (o *Operator) FederalState(ctx context.Context) (*FederalState, error) {
	return o.view.state(ctx, o.text("seatCode"))
}

// Website returns its address on the web.
func (o *Operator) Website() *string { return o.optional("website") }

// Email returns its address for mail.
func (o *Operator) Email() *string { return o.optional("email") }

// Phone returns its phone number.
func (o *Operator) Phone() *string { return o.optional("phone") }

// Sectors returns the sectors in which it works.
func (o *Operator) Sectors(ctx context.Context) ([]*Sector, error) {
	return findAll[*Sector](ctx, o.view, LabelSector, o.list("sectorSlugs"))
}

// Facility is a registered facility.
type Facility struct {
	registered
}

// Recovery returns how long it takes until it works again, nil where not known.
func (f *Facility) Recovery() *time.Duration { return f.length("recoverySeconds") }

// Operator returns who runs it.
func (f *Facility) Operator(ctx context.Context) (*Operator, error) {
	hits, err := f.view.neighbors(ctx, f.node.ID, EdgeOperates, store.In, LabelOperator)
	if err != nil {
		return nil, err
	}
	if len(hits) == 0 {
		return nil, store.ErrNotFound
	}
	return &Operator{registered{object{hits[0].Node}, f.view}}, nil
}

// Category returns its category of the BSI-Kritisverordnung, nil where it has none.
func (f *Facility) Category(ctx context.Context) (*FacilityCategory, error) {
	return far[*FacilityCategory](ctx, f.view, f.node.ID, EdgeOfCategory, LabelFacilityCategory)
}

// Service returns the service that it provides, nil where only the branch is known.
func (f *Facility) Service(ctx context.Context) (*Service, error) {
	return find[*Service](ctx, f.view, LabelService, f.text("serviceSlug"))
}

// Branch returns its branch, nil where none is recorded.
func (f *Facility) Branch(ctx context.Context) (*Branch, error) {
	return find[*Branch](ctx, f.view, LabelBranch, f.text("branchSlug"))
}

// Sector returns its sector.
func (f *Facility) Sector(ctx context.Context) (*Sector, error) {
	return find[*Sector](ctx, f.view, LabelSector, f.text("sectorSlug"))
}

// Site returns where it stands.
func (f *Facility) Site() *Site { return &Site{facility: f} }

// SupplyArea returns where it supplies, nil where not known.
func (f *Facility) SupplyArea(ctx context.Context) (*SupplyArea, error) {
	hits, err := f.view.neighbors(ctx, f.node.ID, EdgeSuppliesTo, store.Out, LabelFederalState, store.Order{Prop: "code"})
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	states := make([]string, len(hits))
	for i, h := range hits {
		states[i] = h.Node.ID.Key()
	}
	lands, err := findAll[*FederalState](ctx, f.view, LabelFederalState, states)
	if err != nil {
		return nil, err
	}
	return &SupplyArea{FederalStates: lands, Parts: supplyParts(f.list(propSupplyAreas)), Population: f.optionalInt(propSupplyPopulation)}, nil
}

// Site is where a facility stands.
type Site struct {
	facility *Facility
}

// FederalState returns the Land, nil in the exclusive economic zone.
func (s *Site) FederalState(ctx context.Context) (*FederalState, error) {
	return s.facility.view.state(ctx, s.facility.text("siteCode"))
}

// Ars returns the regional key of the place.
func (s *Site) Ars() *string { return s.facility.optional("siteArs") }

// Coordinates returns the point on the map, nil where not recorded.
func (s *Site) Coordinates() *Coordinates {
	longitude, latitude := s.facility.node.Prop("longitudeMillionths"), s.facility.node.Prop("latitudeMillionths")
	if longitude.IsZero() || latitude.IsZero() {
		return nil
	}
	return &Coordinates{Longitude: float64(longitude.Num()) / 1e6, Latitude: float64(latitude.Num()) / 1e6}
}

// Coordinates are a point on the map, in degrees.
type Coordinates struct {
	Longitude float64
	Latitude  float64
}

// Place returns the name of the place.
func (s *Site) Place() *string { return s.facility.optional("municipality") }

// Incident is an incident that was reported.
type Incident struct {
	object
	view *View
}

// incident returns an incident that the caller is given.
func (v *View) incident(n store.Node) *Incident {
	v.noteRead(n)
	return &Incident{object{n}, v}
}

// Reference returns the key that people use.
func (i *Incident) Reference() string { return i.text("reference") }

// Title returns the title.
func (i *Incident) Title() string { return i.text("title") }

// Kind returns which kind of incident it is.
func (i *Incident) Kind() IncidentKind { return IncidentKind(i.text("kind")) }

// Status returns whether it is over.
func (i *Incident) Status() IncidentStatus { return IncidentStatus(i.text("incidentStatus")) }

// Severity returns how severe it is, nil before anybody judged.
func (i *Incident) Severity() *IncidentSeverity {
	return optionalCode[IncidentSeverity](i.text("severity"))
}

// OccurredAt returns when it began, nil where not known.
func (i *Incident) OccurredAt() *time.Time { return i.instant("occurredAt") }

// AwareAt returns when the operator became aware.
func (i *Incident) AwareAt() time.Time { return time.UnixMicro(i.number("awareAt")).UTC() }

// ReportedAt returns when it was first reported.
func (i *Incident) ReportedAt() *time.Time { return i.instant("reportedAt") }

// ClosedAt returns when it was closed.
func (i *Incident) ClosedAt() *time.Time { return i.instant("closedAt") }

// SuspectedMalicious says whether an unlawful or malicious act is suspected.
func (i *Incident) SuspectedMalicious() YesNoUnknown {
	return unknownCode[YesNoUnknown](i.object, "suspectedMalicious")
}

// CrossBorder says whether effects across the border are possible.
func (i *Incident) CrossBorder() YesNoUnknown {
	return unknownCode[YesNoUnknown](i.object, "crossBorder")
}

// Demo reports whether it is fictional.
func (i *Incident) Demo() bool { return i.flag("demo") }

// Operator returns the operator concerned, nil where the report names none.
func (i *Incident) Operator(ctx context.Context) (*Operator, error) {
	hits, err := i.view.neighbors(ctx, i.node.ID, EdgeReportedBy, store.Out, LabelOperator)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	return &Operator{registered{object{hits[0].Node}, i.view}}, nil
}

// FederalStates returns the affected Länder, by code.
func (i *Incident) FederalStates(ctx context.Context) ([]*FederalState, error) {
	return findAll[*FederalState](ctx, i.view, LabelFederalState, i.list("landCodes"))
}
