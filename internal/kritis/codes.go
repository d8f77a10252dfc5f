package kritis

// Codes are the enumerations of the API that the data holds; their values and meaning are described in schema.graphqls.
// A value is kept as written, so one that a newer version wrote survives.
type (
	// FederalStateCode is the second part of the ISO 3166-2 code of a Land, such as BY.
	FederalStateCode string
	// Tlp is a marking of the Traffic Light Protocol, such as AMBER.
	Tlp string
	// Confidence says how sure a statement is: VERIFIED, MEMORY or UNVERIFIED.
	Confidence string
	// Figures says where a figure comes from: SOURCED or ESTIMATED.
	Figures string
	// YesNoUnknown is a fact that a report can only suspect.
	YesNoUnknown string
	// AuthorityRole is what a body does.
	AuthorityRole string
	// AuthorityLevel is FEDERAL, STATE, JOINT or EU.
	AuthorityLevel string
	// AuthorityKind is the kind of a body, such as AGENCY.
	AuthorityKind string
	// AuthorityStatus is what is known about the holder of a role.
	AuthorityStatus string
	// ContactPointRole is ZKL, BBK_CONTACT or OFFICE.
	ContactPointRole string
	// ContactPointStatus says whether a contact point can be used.
	ContactPointStatus string
	// ChannelKind is the kind of a channel, such as PHONE.
	ChannelKind string
	// ChannelPurpose is what a channel is for.
	ChannelPurpose string
	// LegalActLevel is FEDERAL, STATE or EU.
	LegalActLevel string
	// LegalActStatus is IN_FORCE, PROPOSED or NOT_CONFIRMED.
	LegalActStatus string
	// SectorScheme is a scheme or act that names sectors.
	SectorScheme string
	// ServiceDefinition is where a service is defined.
	ServiceDefinition string
	// CompetenceLevel is FEDERAL or STATE.
	CompetenceLevel string
	// CompetenceHolder says whether the body behind a competence is recorded.
	CompetenceHolder string
	// DependencyKind is the kind of a dependency, such as PHYSICAL.
	DependencyKind string
	// Ownership says who owns a facility; UNKNOWN where not known.
	Ownership string
	// AdministrationLevel is the level of an administration; UNKNOWN where not known.
	AdministrationLevel string
	// EnergyRole is the part that a company plays in energy supply; UNKNOWN where not known.
	EnergyRole string
	// EntityClass is the class of an entity under § 28 BSIG; UNKNOWN where not known.
	EntityClass string
	// Nis2AdministrationStatus is what was found of the supervision of a Land's own administration.
	Nis2AdministrationStatus string
	// IncidentStatus is OPEN or CLOSED.
	IncidentStatus string
	// IncidentSeverity is LOW, MEDIUM or HIGH.
	IncidentSeverity string
	// IncidentKind is CYBER, PHYSICAL or MIXED.
	IncidentKind string
	// IntegrationKeyStatus is ACTIVE, EXPIRED or REVOKED.
	IntegrationKeyStatus string
	// SubjectKind is what a competence names: CROSS_SECTOR, SECTOR, BRANCH or SERVICE.
	SubjectKind string
	// SearchType is what a search looks for.
	SearchType string
	// AccessGrantKind is what a permission to see something comes from.
	AccessGrantKind string
	// AccessGrantState is where such a permission stands.
	AccessGrantState string
	// RedactionReason is why items are withheld.
	RedactionReason string
	// ViewerRole is a role of the caller.
	ViewerRole string
	// Action is something that a caller may be allowed to do.
	Action string
)

// The codes that the domain itself decides on.
const (
	ContactZKL    ContactPointRole = "ZKL"
	ContactBBK    ContactPointRole = "BBK_CONTACT"
	ContactOffice ContactPointRole = "OFFICE"

	ContactPublished ContactPointStatus = "PUBLISHED"
	ContactWithdrawn ContactPointStatus = "WITHDRAWN"

	ChannelPhone         ChannelKind = "PHONE"
	ChannelEmail         ChannelKind = "EMAIL"
	ChannelWebsite       ChannelKind = "WEBSITE"
	ChannelPostalAddress ChannelKind = "POSTAL_ADDRESS"
	ChannelPOBox         ChannelKind = "PO_BOX"

	ChannelGeneral ChannelPurpose = "GENERAL"
)
