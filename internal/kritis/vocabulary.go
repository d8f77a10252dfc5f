package kritis

import (
	"slices"

	"kritisgraph/internal/store"
)

// The labels of the graph.
const (
	LabelFederalState     store.Label = "FederalState"
	LabelLegalAct         store.Label = "LegalAct"
	LabelAuthority        store.Label = "Authority"
	LabelContactPoint     store.Label = "ContactPoint"
	LabelChannel          store.Label = "Channel"
	LabelCompetence       store.Label = "Competence"
	LabelSector           store.Label = "Sector"
	LabelBranch           store.Label = "Branch"
	LabelService          store.Label = "Service"
	LabelFacilityCategory store.Label = "FacilityCategory"
	LabelCriterion        store.Label = "Criterion"
	LabelDeadline         store.Label = "Deadline"
	LabelCalendarRule     store.Label = "CalendarRule"
	LabelMirtCriterion    store.Label = "MirtCriterion"
	LabelTerm             store.Label = "Term"
	LabelReportField      store.Label = "ReportField"
	LabelStatistic        store.Label = "Statistic"
	LabelDataset          store.Label = "Dataset"
	LabelOperator         store.Label = "Operator"
	LabelFacility         store.Label = "Facility"
	LabelIncident         store.Label = "Incident"

	LabelIntegrationKey    store.Label = "IntegrationKey"
	LabelIntegrationKeyUse store.Label = "IntegrationKeyUse" // when a key was used last; apart from it, so that no use makes another version of the key
	LabelTrustedDocument   store.Label = "TrustedDocument"
	LabelCompetenceSet     store.Label = "CompetenceSet"
	LabelAccessGrant       store.Label = "AccessGrant"
)

// The edge types of the graph, from the thing that says it to the thing it is said of.
const (
	EdgeNeighbourOf  store.EdgeType = "NEIGHBOUR_OF"  // FederalState to FederalState, both ways
	EdgeHasMinistry  store.EdgeType = "HAS_MINISTRY"  // FederalState to Authority
	EdgeHasCert      store.EdgeType = "HAS_CERT"      // FederalState to Authority
	EdgeHasAgency    store.EdgeType = "HAS_AGENCY"    // FederalState to Authority: cyber security agency
	EdgeHasNis2Body  store.EdgeType = "HAS_NIS2_BODY" // FederalState to Authority: supervisor of its own administration
	EdgeLawOf        store.EdgeType = "LAW_OF"        // LegalAct to FederalState, acts of a Land
	EdgeLocatedIn    store.EdgeType = "LOCATED_IN"    // Authority to FederalState: a body of that Land
	EdgeServes       store.EdgeType = "SERVES"        // Authority to FederalState: its own Land and those it serves
	EdgePartOf       store.EdgeType = "PART_OF"       // Authority to its superior Authority
	EdgeHeldBy       store.EdgeType = "HELD_BY"       // ContactPoint to Authority, a placeholder where the holder is not public
	EdgeContactFor   store.EdgeType = "CONTACT_FOR"   // ContactPoint to FederalState
	EdgeUnder        store.EdgeType = "UNDER"         // ContactPoint to LegalAct
	EdgeHasChannel   store.EdgeType = "HAS_CHANNEL"   // ContactPoint to Channel
	EdgeAssignedTo   store.EdgeType = "ASSIGNED_TO"   // Competence to Authority
	EdgeCompetentIn  store.EdgeType = "COMPETENT_IN"  // Competence to FederalState
	EdgeBasedOn      store.EdgeType = "BASED_ON"      // Competence to LegalAct
	EdgeCovers       store.EdgeType = "COVERS"        // Competence to Sector, Branch or Service
	EdgeDisplaces    store.EdgeType = "DISPLACES"     // Competence to the LegalAct that gives way
	EdgeInSector     store.EdgeType = "IN_SECTOR"     // Branch, Service or Operator to Sector
	EdgeInBranch     store.EdgeType = "IN_BRANCH"     // Service, FacilityCategory or Facility to Branch
	EdgeCategoryOf   store.EdgeType = "CATEGORY_OF"   // FacilityCategory to Service
	EdgeHasCriterion store.EdgeType = "HAS_CRITERION" // FacilityCategory to Criterion
	EdgeSupplies     store.EdgeType = "SUPPLIES"      // provider to dependent: Branch to Branch, or among Facility and Operator
	EdgeDueUnder     store.EdgeType = "DUE_UNDER"     // Deadline to LegalAct
	EdgeOwedTo       store.EdgeType = "OWED_TO"       // Deadline to Authority
	EdgeDefinedIn    store.EdgeType = "DEFINED_IN"    // Term or ReportField to LegalAct
	EdgeIssuedBy     store.EdgeType = "ISSUED_BY"     // Term to Authority
	EdgeOfTeam       store.EdgeType = "OF_TEAM"       // MirtCriterion to Authority
	EdgeSeatIn       store.EdgeType = "SEAT_IN"       // Operator to FederalState
	EdgeOperates     store.EdgeType = "OPERATES"      // Operator to Facility
	EdgeSiteIn       store.EdgeType = "SITE_IN"       // Facility to FederalState
	EdgeSuppliesTo   store.EdgeType = "SUPPLIES_TO"   // Facility to FederalState: its supply area reaches into it
	EdgeProvides     store.EdgeType = "PROVIDES"      // Facility to Service
	EdgeOfCategory   store.EdgeType = "OF_CATEGORY"   // Facility to FacilityCategory
	EdgeReportedBy   store.EdgeType = "REPORTED_BY"   // Incident to Operator
	EdgeAffects      store.EdgeType = "AFFECTS"       // Incident to Facility
	EdgeTouches      store.EdgeType = "TOUCHES"       // Incident to FederalState
	EdgeConcerns     store.EdgeType = "CONCERNS"      // Incident to Branch, where it names no operator or facility
	EdgeRuns         store.EdgeType = "RUNS"          // IntegrationKey to TrustedDocument
)

// SchemaVersion is the version of the vocabulary.
const SchemaVersion = 4

// supplyAreas holds official regional keys, each alone or as "key:inhabitants".
//
// informed holds who was told of an incident and when, as "slug of the authority=instant", each authority once.
//
// Some properties repeat the natural key of a node that an edge leads to (landCode, landCodes, actSlug, authoritySlug,
// holderSlug where the holder is no placeholder, seatCode, sectorSlugs, siteCode, supplyCodes, sectorSlug, branchSlug, serviceSlug, categoryCode,
// documents): filters and indexes need them, and a natural key never changes. Who writes the edge writes the property; check
// compares them. Instants such as verifiedAt and awareAt are microseconds since 1970 UTC.

// Schema returns the vocabulary of the graph. Every node and edge carries evidence: source, the day on which it was seen
// there (asOf), status, confidence (verified, memory, unverified), and its validity.
func Schema() store.Schema {
	return store.Schema{Version: SchemaVersion, Labels: labels(), Edges: edges()}
}

// Short constructors keep the tables below readable.
func text(name string) store.PropDef { return store.PropDef{Name: name, Kind: store.StringKind} }
func number(name string) store.PropDef {
	return store.PropDef{Name: name, Kind: store.IntKind}
}
func flag(name string) store.PropDef { return store.PropDef{Name: name, Kind: store.BoolKind} }
func list(name string) store.PropDef { return store.PropDef{Name: name, Kind: store.StringsKind} }
func required(p store.PropDef) store.PropDef {
	p.Required = true
	return p
}
func indexed(p store.PropDef) store.PropDef {
	p.Index = true
	return p
}
func sorted(p store.PropDef) store.PropDef {
	p.Required, p.Sort = true, true
	return p
}
func title(p store.PropDef) store.PropDef {
	p.Title = true
	return p
}
func searched(p store.PropDef) store.PropDef {
	p.Text = true
	return p
}
func naturalKey(name string) store.PropDef {
	return store.PropDef{Name: name, Kind: store.StringKind, Required: true, Unique: true, Sort: true, Key: true}
}
func key(p store.PropDef) store.PropDef {
	p.Key = true
	return p
}

// evidence are the properties that every node and edge carries, as far as known. status says what kind of statement it
// is: STATED (from a source) or DEMO (made up by the generator).
func evidence() []store.PropDef {
	return []store.PropDef{
		text("source"), text("asOf"), text("status"), text("confidence"), text(store.ValidFrom), text(store.ValidUntil),
	}
}

func label(l store.Label, props ...store.PropDef) store.LabelDef {
	return store.LabelDef{Label: l, Props: append(props, evidence()...)}
}

// names are the two names of a thing; the German one sorts.
func names() []store.PropDef {
	return []store.PropDef{title(sorted(text("nameDe"))), title(required(text("nameEn")))}
}

// Attributes are the facts about an operator or facility that conditions ask for, named as in the competences.
func attributes() []store.PropDef {
	return []store.PropDef{
		indexed(text("ownership")), text("administrationLevel"), text("energyRole"), indexed(text("entityClass")),
		flag("publicTelecom"), flag("doraEntity"), flag("federallySupervised"), flag("nuclearLicence"),
		flag("euMainEstablishmentInGermany"), flag("inExclusiveEconomicZone"), flag("personalDataBreach"),
		flag("exchangeOperator"), flag("websiteCertificates"), flag("criticalFacility"), flag("stateLawItProvider"),
	}
}

func join(parts ...[]store.PropDef) []store.PropDef {
	var all []store.PropDef
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func labels() []store.LabelDef {
	return slices.Concat(referenceLabels(), registerLabels(), administrationLabels())
}

// referenceLabels are those of the public directory.
func referenceLabels() []store.LabelDef {
	order := sorted(number("order"))
	slug := naturalKey("slug")
	return []store.LabelDef{
		label(LabelFederalState, join([]store.PropDef{
			naturalKey("code"), text("ars"), text("nuts"), text("iso"), searched(text("capital")), flag("cityState"),
			sorted(number("population")), text("populationAsOf"), number("areaKm2Hundredths"), list("neighbourCountries"), text("note"),
			text("zklStatus"), text("bbkContactStatus"), text("ministryName"), text("nis2Status"), text("nis2Note"),
			text("nis2Source"), text("nis2Act"), text("nis2ActKind"), text("codesSource"), text("nutsSource"),
			text("areaConfidence"), text("neighboursConfidence"), text("ministryConfidence"), text("populationConfidence"), text("nis2Confidence"),
		}, names())...),
		label(LabelLegalAct, slug, order, title(required(text("name"))), key(required(text("short"))), required(text("level")),
			required(text("actStatus")), text("inForceSince"), list("scopeCoveredBy"), list("scopeAppliesWhen"), text("note")),
		label(LabelAuthority, join([]store.PropDef{
			slug, order, key(text("abbreviation")), indexed(required(text("kind"))), indexed(required(text("level"))),
			required(indexed(flag("placeholder"))), text("authorityStatus"), indexed(text("landCode")), searched(text("seat")), text("website"), list("roles"), text("note"),
		}, names())...),
		label(LabelContactPoint, join([]store.PropDef{
			searched(indexed(sorted(text("role")))), indexed(required(text("contactStatus"))), number("verifiedAt"), list("landCodes"), text("provision"), text("hours"), text("holderSlug"), text("note"),
		}, names())...),
		label(LabelChannel, order, required(text("kind")), required(text("value")), required(text("purpose")), required(flag("always")),
			list("windows"), text("printed"), text("label"),
			text("pgpKey"), text("pgpFingerprint"), number("pgpExpiresAt"), text("smimeKey"), text("smimeFingerprint"), number("smimeExpiresAt")),
		label(LabelCompetence, naturalKey("number"), order, required(text("provision")), required(text("subjectKind")), text("subject"),
			indexed(required(text("role"))), required(text("level")), required(flag("perState")), list("appliesWhen"), list("notFor"),
			required(flag("gate")), text("holder"), text("condition"), text("note"),
			indexed(text("actSlug")), indexed(text("authoritySlug")), indexed(text("landCode"))),
		label(LabelSector, join([]store.PropDef{slug, order, list("coveredBy"), text("nis2Directive"), list("nace"),
			text("naceConfidence"), text("note")}, names())...),
		label(LabelBranch, join([]store.PropDef{slug, order, text("taxonomy"), list("nace"), text("naceConfidence"), text("note")}, names())...),
		label(LabelService, join([]store.PropDef{slug, order, text("definedBy"), number("annex"), text("note")}, names())...),
		label(LabelFacilityCategory, order, key(sorted(text("code"))), title(sorted(text("nameDe"))), text("areaDe"), text("note")),
		label(LabelCriterion, order, required(text("metricDe")), number("thresholdMillionths"), text("thresholdTextDe")),
		label(LabelDeadline, slug, order, text("provision"), text("obligation"), text("stage"), text("obliged"), list("notFor"),
			list("recipients"), text("trigger"), text("duration"), text("outerTrigger"), text("outerDuration"), text("date"),
			flag("immediately"), list("content"), text("appliesFrom"), text("note")),
		label(LabelCalendarRule, slug, order, text("law"), text("periodKind"), text("weekendRule"), text("labelEn"), text("provision"), text("note")),
		label(LabelMirtCriterion, slug, order, indexed(text("kind")), text("labelDe"), text("labelEn"), text("provision"), flag("required"),
			list("requestedBy"), list("anyOf"), text("access"), list("exceptions"), text("payer"), number("step"), text("note")),
		label(LabelTerm, sorted(text("slug")), order, indexed(required(text("list"))), text("nameDe"), text("nameEn"), text("meaning"),
			number("level"), list("types"), list("recipients"), list("content"), list("categories"), text("frequency"), text("provision"), text("secondSource"), text("note")),
		label(LabelReportField, order, required(text("field")), list("stages"), list("values"), text("note")),
		label(LabelStatistic, slug, order, text("labelEn"), number("value"), text("unit"), text("period"), text("note")),
		label(LabelDataset, slug, order, text("digest"), text("note"), list("facts"), number("last")),
	}
}

// registerLabels are those of what is registered and reported.
func registerLabels() []store.LabelDef {
	return []store.LabelDef{
		label(LabelOperator, join([]store.PropDef{naturalKey("reference"), title(sorted(text("name"))), flag("demo"),
			indexed(text("seatCode")), list("sectorSlugs"), text("website"), text("email"), text("phone"), number("backupPowerSeconds")}, attributes())...),
		label(LabelFacility, join([]store.PropDef{naturalKey("reference"), title(sorted(text("name"))), flag("demo"), searched(text("municipality")),
			indexed(text("siteCode")), text("siteArs"), indexed(text("sectorSlug")), indexed(text("branchSlug")), indexed(text("serviceSlug")),
			text("categoryCode"), list("supplyCodes"), list("supplyAreas"), number("supplyPopulation"), number("backupPowerSeconds"), number("recoverySeconds"), number("longitudeMillionths"), number("latitudeMillionths")}, attributes())...),
		label(LabelIncident, naturalKey("reference"), title(sorted(text("title"))), indexed(required(text("incidentStatus"))),
			indexed(required(text("severity"))), required(text("kind")), indexed(sorted(number("awareAt"))), number("reportedAt"), number("closedAt"),
			number("occurredAt"), list("landCodes"), text("crossBorder"), text("suspectedMalicious"), flag("demo"), text("description"), list("informed")),
	}
}

// administrationLabels are those of how the directory is run.
func administrationLabels() []store.LabelDef {
	return []store.LabelDef{
		label(LabelIntegrationKey, naturalKey("keyId"), title(sorted(text("name"))), required(text("secretDigest")), text("authoritySlug"),
			text("operatorReference"), list("federalStates"), text("maxTlp"), required(list("documents")), required(number("expiresAt")),
			number("revokedAt"), required(text("createdBy")), sorted(number("createdAt"))),
		label(LabelIntegrationKeyUse, naturalKey("keyId"), number("lastUsedAt")),
		label(LabelTrustedDocument, naturalKey("sha256"), sorted(text("name")), required(text("text"))),
		label(LabelCompetenceSet, required(text("title")), required(text("reason")), indexed(required(text("setState"))), required(text("firstDay")),
			list("changes"), list("landCodes"), required(text("proposedBy")), sorted(number("proposedAt")), text("decidedBy"), number("decidedAt"),
			text("decision"), list("acknowledged"), list("numbers")),
		label(LabelAccessGrant, accessGrantProps()...),
	}
}

// accessGrantProps are those of a grant. Its thing is the id that was asked for, of something that need not exist: it is no edge,
// and nobody learns from it.
func accessGrantProps() []store.PropDef {
	return []store.PropDef{
		required(text("kind")), indexed(required(text("state"))), indexed(required(text("requester"))), required(text("subject")), text("thing"),
		required(text("reason")), required(number("durationSeconds")), sorted(number("requestedAt")), text("maxTlp"), number("endsAt"), text("decidedBy"),
		number("decidedAt"), text("decisionReason"),
	}
}

func edge(t store.EdgeType, from, to []store.Label, props ...store.PropDef) store.EdgeDef {
	return store.EdgeDef{Type: t, From: from, To: to, Props: append(props, evidence()...)}
}

func owning(e store.EdgeDef) store.EdgeDef {
	e.Owns = true
	return e
}

func checked(e store.EdgeDef, check func(store.Edge) error) store.EdgeDef {
	e.Check = check
	return e
}

func edges() []store.EdgeDef {
	on := func(labels ...store.Label) []store.Label { return labels }
	land, act, body := on(LabelFederalState), on(LabelLegalAct), on(LabelAuthority)
	competence, contact, facility := on(LabelCompetence), on(LabelContactPoint), on(LabelFacility)
	return []store.EdgeDef{
		edge(EdgeNeighbourOf, land, land),
		edge(EdgeHasMinistry, land, body),
		edge(EdgeHasCert, land, body),
		edge(EdgeHasAgency, land, body),
		edge(EdgeHasNis2Body, land, body),
		edge(EdgeLawOf, act, land),
		edge(EdgeLocatedIn, body, land),
		edge(EdgeServes, body, land),
		edge(EdgePartOf, body, body),
		edge(EdgeHeldBy, contact, body),
		edge(EdgeContactFor, contact, land),
		edge(EdgeUnder, contact, act),
		owning(edge(EdgeHasChannel, contact, on(LabelChannel))),
		edge(EdgeAssignedTo, competence, body),
		edge(EdgeCompetentIn, competence, land),
		edge(EdgeBasedOn, competence, act),
		edge(EdgeCovers, competence, on(LabelSector, LabelBranch, LabelService)),
		edge(EdgeDisplaces, competence, act),
		edge(EdgeInSector, on(LabelBranch, LabelService, LabelOperator), on(LabelSector)),
		edge(EdgeInBranch, on(LabelService, LabelFacilityCategory, LabelFacility), on(LabelBranch)),
		edge(EdgeCategoryOf, on(LabelFacilityCategory), on(LabelService)),
		owning(edge(EdgeHasCriterion, on(LabelFacilityCategory), on(LabelCriterion))),
		checked(edge(EdgeSupplies, on(LabelBranch, LabelFacility, LabelOperator), on(LabelBranch, LabelFacility, LabelOperator),
			number("order"), text("number"), text("need"), number("substituteSeconds"), required(text("kind")),
			required(number("strengthMillionths")), text("strengthLevel"), required(number("timeToImpactSeconds")), number("timeFromSeconds"),
			number("timeUntilSeconds"), required(text("figures")), text("rationale"), number("confirmedAt")), checkDependency),
		edge(EdgeDueUnder, on(LabelDeadline), act),
		edge(EdgeOwedTo, on(LabelDeadline), body),
		edge(EdgeDefinedIn, on(LabelTerm, LabelReportField), act),
		edge(EdgeIssuedBy, on(LabelTerm), body),
		edge(EdgeOfTeam, on(LabelMirtCriterion), body),
		edge(EdgeSeatIn, on(LabelOperator), land),
		owning(edge(EdgeOperates, on(LabelOperator), facility)),
		edge(EdgeSiteIn, facility, land),
		edge(EdgeSuppliesTo, facility, land),
		edge(EdgeProvides, facility, on(LabelService)),
		edge(EdgeOfCategory, facility, on(LabelFacilityCategory)),
		edge(EdgeReportedBy, on(LabelIncident), on(LabelOperator)),
		edge(EdgeAffects, on(LabelIncident), facility),
		edge(EdgeTouches, on(LabelIncident), land),
		edge(EdgeConcerns, on(LabelIncident), on(LabelBranch)),
		edge(EdgeRuns, on(LabelIntegrationKey), on(LabelTrustedDocument)),
	}
}
