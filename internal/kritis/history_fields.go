package kritis

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kritisgraph/internal/store"
)

// historyNames are the fields of the API that show a property, where the name differs: by "label.property", else by property.
// The empty name is for what no field of the API shows; it has no place in the history either.
var historyNames = map[string]string{
	"nameDe": "name(lang: DE)", "nameEn": "name(lang: EN)",
	"source": "evidence.source", "asOf": "evidence.asOf", "confidence": "evidence.confidence", "status": "",
	store.ValidFrom: "", store.ValidUntil: "", "order": "",
	"ContactPoint." + store.ValidFrom: "validity.from", "ContactPoint." + store.ValidUntil: "validity.until",
	"Competence." + store.ValidFrom: "validity.from", "Competence." + store.ValidUntil: "validity.until",
	"Authority." + store.ValidFrom: "validity.from", "Authority." + store.ValidUntil: "validity.until",
	"Operator." + store.ValidFrom: "validity.from", "Operator." + store.ValidUntil: "validity.until",
	"Facility." + store.ValidFrom: "validity.from", "Facility." + store.ValidUntil: "validity.until",

	"incidentStatus": "status", "actStatus": "status", "authorityStatus": "status", "contactStatus": "status",
	"landCode": "federalState.code", "seatCode": "federalState.code", "siteCode": "site.federalState.code",
	"ContactPoint.landCodes": "federalStates.code", "holderSlug": "holder.slug", "Incident.landCodes": "federalStates.code", "CompetenceSet.landCodes": "federalStates.code",
	"sectorSlugs": "sectors.slug", "sectorSlug": "sector.slug", "branchSlug": "branch.slug", "serviceSlug": "service.slug",
	"actSlug": "legalAct.slug", "authoritySlug": "authority.slug",

	"SUPPLIES." + store.ValidFrom: "validity.from", "SUPPLIES." + store.ValidUntil: "validity.until", "SUPPLIES.number": "key",
	"strengthMillionths": "strength", "strengthLevel": "", "timeToImpactSeconds": "timeToImpact", "timeFromSeconds": "timeRange.from", "timeUntilSeconds": "timeRange.to",
	"substituteSeconds": "substitute",

	"FederalState.iso": "", "FederalState.note": "", "zklStatus": "", "bbkContactStatus": "", "ministryName": "", "nis2ActKind": "",
	"codesSource": "", "nutsSource": "", "areaConfidence": "", "neighboursConfidence": "", "ministryConfidence": "", "populationConfidence": "",
	"areaKm2Hundredths": "areaKm2", "nis2Status": "nis2Administration.status", "nis2Note": "nis2Administration.note",
	"nis2Source": "nis2Administration.evidence.source", "nis2Confidence": "nis2Administration.evidence.confidence", "nis2Act": "nis2Administration.citation",
	"scopeCoveredBy": "scope.coveredBy", "scopeAppliesWhen": "scope.appliesWhen", "placeholder": "",
	"ContactPoint.hours": "reachability.hours", "ContactPoint.note": "",
	"Sector.coveredBy": "coveredBy.scheme", "nis2Directive": "coveredBy.annex",
	"setState": "state", "firstDay": "validFrom", "proposedBy": "proposedBy.name", "decidedBy": "decidedBy.name", "numbers": "changes.key",
	"acknowledged": "acknowledgedUnsupervised.code", "CompetenceSet.source": "", "CompetenceSet.asOf": "", "CompetenceSet.confidence": "",
	"Competence.number": "key", "subjectKind": "subject.kind", "Competence.subject": "subject.slug", "perState": "everyFederalState",
	"Channel." + store.ValidFrom: "validity.from", "Channel." + store.ValidUntil: "validity.until",
	"Channel.printed": "", "pgpKey": "", "pgpFingerprint": "pgp.fingerprint", "pgpExpiresAt": "pgp.expiresAt",
	"smimeKey": "", "smimeFingerprint": "smime.fingerprint", "smimeExpiresAt": "smime.expiresAt",
	"secretDigest": "", "keyId": "", "operatorReference": "operator.reference", "IntegrationKey.federalStates": "federalStates.code", "documents": "documents.sha256",
	"backupPowerSeconds": "backupPower", "recoverySeconds": "recovery",
	"municipality": "site.municipality", "siteArs": "site.ars", "categoryCode": "category.code", "supplyCodes": "supplyArea.federalStates.code", "supplyAreas": "supplyArea.ars", "supplyPopulation": "supplyArea.population",
	"longitudeMillionths": "site.coordinates.longitude", "latitudeMillionths": "site.coordinates.latitude", "Incident.description": "", "informed": "", "Incident.occurredAt": "",
}

// marked are the labels whose fields include the marking.
var marked = map[store.Label]bool{
	LabelContactPoint: true, LabelChannel: true, LabelOperator: true, LabelFacility: true, LabelIncident: true, LabelCompetenceSet: true,
}

// historyFields are the properties that the history shows and the field of each, by label.
var historyFields = makeHistoryFields()

func makeHistoryFields() map[store.Label]map[string]string {
	attribute := map[string]bool{}
	for _, p := range attributes() {
		attribute[p.Name] = true
	}
	fields := func(label store.Label, props []store.PropDef) map[string]string {
		out := map[string]string{}
		for _, p := range props {
			field, named := historyNames[string(label)+"."+p.Name]
			if !named {
				field, named = historyNames[p.Name]
			}
			switch {
			case !named && attribute[p.Name]:
				field = "attributes." + p.Name
			case !named:
				field = p.Name
			case field == "":
				continue
			}
			out[p.Name] = field
		}
		return out
	}
	all := map[store.Label]map[string]string{}
	for _, def := range labels() {
		if apiLabels[def.Label] && def.Label != LabelAccessGrant || partNames[def.Label] != "" { // a grant shows its past in its fields
			all[def.Label] = fields(def.Label, def.Props)
		}
	}
	for _, def := range edges() {
		if label := store.Label(def.Type); apiLabels[label] {
			all[label] = fields(label, def.Props)
		}
	}
	return all
}

// HistoryFields returns the properties of a label that the history shows, and the path of the field of the API that shows each.
// A label without a history has none. A property that is not named here stays out of the history.
func HistoryFields(label store.Label) map[string]string { return maps.Clone(historyFields[label]) }

// fieldTexts returns the fields of an image as text. An absent image has none.
func fieldTexts(n *store.Node) map[string]string {
	out := map[string]string{}
	if n == nil {
		return out
	}
	for prop, field := range historyFields[n.Label()] {
		if v := n.Prop(prop); !v.IsZero() {
			out[field] = historyText(prop, v)
		}
	}
	if printed := n.Prop("printed").Text(); n.Label() == LabelChannel && printed != "" {
		out["value"] = printed // which the API shows instead
	}
	if marked[n.Label()] {
		out["tlp"] = n.Own.TLP.Effective().String()
	}
	return out
}

// fieldChanges returns what differs between two images, by field.
func fieldChanges(prefix string, before, after *store.Node) []*FieldChange {
	was, is := fieldTexts(before), fieldTexts(after)
	names := slices.Collect(maps.Keys(was))
	names = slices.AppendSeq(names, maps.Keys(is))
	slices.Sort(names)
	var out []*FieldChange
	for _, name := range slices.Compact(names) {
		old, had := was[name]
		now, has := is[name]
		if had && has && old == now {
			continue
		}
		c := &FieldChange{Field: prefix + name}
		if had {
			c.Before = &old
		}
		if has {
			c.After = &now
		}
		out = append(out, c)
	}
	return out
}

// historyText writes a value as the API shows it: instants (…At) in RFC 3339, scaled figures as decimals, lists joined by ", ".
func historyText(prop string, v store.Value) string {
	switch v.Kind() {
	case store.StringsKind:
		return strings.Join(v.List(), ", ")
	case store.BoolKind:
		return strconv.FormatBool(v.True())
	case store.IntKind:
		return numberText(prop, v.Num())
	case store.StringKind, store.None:
	}
	if prop == "nis2Directive" {
		return strings.TrimPrefix(v.Text(), "ANNEX_")
	}
	return v.Text()
}

// durationText writes seconds as the API writes a length of time: ISO 8601, days first.
func durationText(n int64) string {
	out := "P"
	for _, u := range []struct {
		seconds int64
		before  string
		letter  string
	}{{86_400, "", "D"}, {3_600, "T", "H"}, {60, "T", "M"}, {1, "T", "S"}} {
		count := n / u.seconds
		n %= u.seconds
		if count == 0 {
			continue
		}
		if !strings.Contains(out, u.before) {
			out += u.before
		}
		out += strconv.FormatInt(count, 10) + u.letter
	}
	if out == "P" {
		return "PT0S"
	}
	return out
}

func numberText(prop string, n int64) string {
	switch {
	case strings.HasSuffix(prop, "At"):
		return time.UnixMicro(n).UTC().Format(time.RFC3339Nano)
	case strings.HasSuffix(prop, "Seconds"):
		return durationText(n)
	case strings.HasSuffix(prop, "Millionths"):
		return strconv.FormatFloat(float64(n)/1e6, 'f', -1, 64)
	case strings.HasSuffix(prop, "Hundredths"):
		return strconv.FormatFloat(float64(n)/100, 'f', -1, 64)
	}
	return strconv.FormatInt(n, 10)
}
