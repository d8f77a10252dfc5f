package seed

import (
	"fmt"

	"kritisgraph/internal/kritis"
)

func (b *builder) states() {
	for _, s := range b.ref.States.States {
		e := of(s.Provenance)
		p := props{}.names(s.NameDE, s.NameEN).text("code", land(s.ID)).text("iso", s.ISO3166).text("ars", s.ARS).text("nuts", s.NUTS1).
			text("capital", s.Capital).flag("cityState", s.CityState).num("population", s.Population).text("populationAsOf", s.PopulationAsOf).
			code("populationConfidence", s.PopulationConfidence).num("areaKm2Hundredths", b.scaled(s.AreaKM2, 2)).
			code("areaConfidence", s.AreaConfidence).list("neighbourCountries", s.NeighbourCountries).
			code("neighboursConfidence", s.NeighboursConfidence).text("ministryName", s.MinistryNameDE).code("ministryConfidence", s.MinistryConfidence).
			text("zklStatus", holderStatus(s.ZKL.Status)).text("bbkContactStatus", holderStatus(s.KRITISDachGContact.Status)).
			text("codesSource", s.CodesSource).text("nutsSource", s.NUTSSource).text("note", s.Note)
		n := s.NIS2Administration
		p.code("nis2Status", n.Status).text("nis2Act", n.LegalAct).code("nis2ActKind", n.ActKind).text("nis2Note", n.Note).
			text("nis2Source", n.Source).code("nis2Confidence", n.Confidence)
		id := b.node(kritis.LabelFederalState, land(s.ID), e, p)
		for _, other := range s.Neighbours {
			b.edge(kritis.EdgeNeighbourOf, id, kritis.LabelFederalState, land(other), e.sure(s.NeighboursConfidence), nil)
		}
		b.edge(kritis.EdgeHasMinistry, id, kritis.LabelAuthority, s.Ministry, e.sure(s.MinistryConfidence), nil)
		b.edge(kritis.EdgeHasCert, id, kritis.LabelAuthority, s.CERT, e, nil)
		b.edge(kritis.EdgeHasAgency, id, kritis.LabelAuthority, s.CyberAgency, e, nil)
		nis2 := e.sure(n.Confidence)
		if n.Source != "" {
			nis2.source = n.Source
		}
		b.edge(kritis.EdgeHasNis2Body, id, kritis.LabelAuthority, n.Authority, nis2, nil)
	}
}

func (b *builder) acts() {
	for i, a := range b.ref.LegalActs.LegalActs {
		p := props{}.num("order", int64(i+1)).text("slug", a.Slug).text("name", a.Name).text("short", a.Short).code("level", a.Level).
			code("actStatus", a.Status).text("inForceSince", a.InForceSince).text("note", a.Note)
		if a.Scope != nil {
			p.codes("scopeCoveredBy", a.Scope.CoveredBy).list("scopeAppliesWhen", conditions(a.Scope.AppliesWhen))
		}
		e := of(a.Provenance)
		id := b.node(kritis.LabelLegalAct, a.Slug, e, p)
		if a.State != "" {
			b.edge(kritis.EdgeLawOf, id, kritis.LabelFederalState, land(a.State), e, nil)
		}
	}
}

// holderStatus writes what is known of the holder of a role as the API does. The data name the day in the code itself.
func holderStatus(status string) string {
	switch status {
	case "":
		return "NAMED"
	case "due_2026_04_17_not_published":
		return "DUE_NOT_PUBLISHED"
	}
	return code(status)
}

func (a Authority) placeholder() bool {
	return a.Kind == "central_contact_point" || a.Kind == "placeholder"
}

// serves lists the codes of the Länder of the body and of those that it serves.
func (a Authority) serves() []string {
	ids := a.ServesStates
	if a.State != "" {
		ids = append([]string{a.State}, ids...)
	}
	return lands(ids)
}

func (b *builder) authorities() {
	for i, a := range b.ref.Authorities.Authorities {
		p := props{}.names(a.NameDE, a.NameEN).num("order", int64(i+1)).text("slug", a.Slug).text("abbreviation", a.Abbreviation).
			code("kind", a.Kind).code("level", a.Level).flag("placeholder", a.placeholder()).text("authorityStatus", holderStatus(a.Status)).
			text("seat", a.Seat).text("website", a.Website).codes("roles", a.Roles).text("note", a.Notes)
		if a.State != "" {
			p.text("landCode", land(a.State))
		}
		e := of(a.Provenance)
		id := b.node(kritis.LabelAuthority, a.Slug, e, p)
		if a.State != "" {
			b.edge(kritis.EdgeLocatedIn, id, kritis.LabelFederalState, land(a.State), e, nil)
		}
		for _, code := range a.serves() {
			b.edge(kritis.EdgeServes, id, kritis.LabelFederalState, code, e, nil)
		}
		// Superiors are general knowledge: the confidence of a row speaks of the body and its role.
		b.edge(kritis.EdgePartOf, id, kritis.LabelAuthority, a.Parent, e.sure("memory"), nil)
	}
}

func (b *builder) statistics() {
	for i, s := range b.ref.Statistics.Statistics {
		e := of(s.Provenance)
		if isDay(s.Period) {
			e.asOf = s.Period
		}
		b.node(kritis.LabelStatistic, s.ID, e, props{}.num("order", int64(i+1)).text("slug", s.ID).text("labelEn", s.LabelEN).
			num("value", s.Value).text("unit", s.Unit).text("period", s.Period).text("note", s.Note))
	}
}

// dataset adds the node that holds the digest and what the heads of the files say.
func (b *builder) dataset(digest string) {
	r := b.ref
	facts := []string{
		"country=" + r.States.Country,
		fmt.Sprintf("populationTotal=%d", r.States.PopulationTotal),
		"populationAsOf=" + r.States.PopulationAsOf,
		fmt.Sprintf("regularThresholdInhabitants=%d", r.Taxonomy.RegularThresholdInhabitants),
		"regularThresholdSource=" + r.Taxonomy.RegularThresholdSource,
		"thresholdRegimeNote=" + r.Taxonomy.ThresholdRegimeNote,
		"thresholdRegimeConfidence=" + code(r.Taxonomy.ThresholdRegimeConfidence),
		"dependencyDirection=" + r.Dependencies.Direction,
		"dependencyEvidenceNote=" + r.Dependencies.EvidenceNote,
		"dependencyEvidenceSource=" + r.Dependencies.EvidenceSource,
		"dependencyLegalNote=" + r.Dependencies.LegalNote,
		"dependencyLegalSource=" + r.Dependencies.LegalSource,
		"mirtTeam=" + r.MIRT.Team,
		"mirtLegalBasis=" + r.MIRT.LegalBasis,
		"tlpVersion=" + r.Situation.TLPVersion,
	}
	b.node(kritis.LabelDataset, datasetID.Key(), evidence{source: "kritisgraph reference data", confidence: "verified"},
		props{}.num("order", 1).text("slug", datasetID.Key()).text("digest", digest).list("facts", facts).
			text("note", "Each fact is name=value; the sources of single rows stand on the rows."))
}
