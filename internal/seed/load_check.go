package seed

import "fmt"

// check finds rows without their key or source and keys that stand twice in one list.
func (r *Reference) check() error {
	lists := []struct {
		name string
		rows []row
	}{
		{"authorities.yaml: authorities", rows(r.Authorities.Authorities, func(x Authority) row { return row{x.Slug, x.Provenance} })},
		{"competences.yaml: competences", rows(r.Competences.Competences, func(x Competence) row { return row{x.ID, x.Provenance} })},
		{"dependencies.yaml: dependencies", rows(r.Dependencies.Dependencies, func(x Dependency) row { return row{x.ID, x.Provenance} })},
		{"legal_acts.yaml: legal_acts", rows(r.LegalActs.LegalActs, func(x LegalAct) row { return row{x.Slug, x.Provenance} })},
		{"mirt_criteria.yaml: criteria", rows(r.MIRT.Criteria, func(x MIRTCriterion) row { return row{x.ID, x.Provenance} })},
		{"reporting_deadlines.yaml: calendar_rules", rows(r.Deadlines.CalendarRules, func(x CalendarRule) row { return row{x.Slug, x.Provenance} })},
		{"reporting_deadlines.yaml: deadlines", rows(r.Deadlines.Deadlines, func(x Deadline) row { return row{x.ID, x.Provenance} })},
		{"sectors.yaml: sectors", rows(r.Taxonomy.Sectors, func(x Sector) row { return row{x.Slug, x.Provenance} })},
		{"sectors.yaml: branches", rows(r.Taxonomy.Branches, func(x Branch) row { return row{x.Slug, x.Provenance} })},
		{"sectors.yaml: services", rows(r.Taxonomy.Services, func(x Service) row { return row{x.Slug, x.Provenance} })},
		{"states.yaml: states", rows(r.States.States, func(x State) row { return row{x.ID, x.Provenance} })},
		{"statistics.yaml: statistics", rows(r.Statistics.Statistics, func(x Statistic) row { return row{x.ID, withDay(x.Provenance, x.Period)} })},
		{"threat_levels.yaml: threat_levels", rows(r.Situation.ThreatLevels, func(x ThreatLevel) row { return row{fmt.Sprint(x.Level), x.Provenance} })},
		{"threat_levels.yaml: tlp", rows(r.Situation.TLP, func(x TLPLabel) row { return row{x.Slug, x.Provenance} })},
		{"threat_levels.yaml: situation_products", rows(r.Situation.SituationProducts, func(x SituationProduct) row { return row{x.Slug, x.Provenance} })},
		{"incident_taxonomy.yaml: definitions", rows(r.IncidentTaxonomy.Definitions, func(x Definition) row { return row{x.Slug, x.Provenance} })},
		{"incident_taxonomy.yaml: root_causes", rows(r.IncidentTaxonomy.RootCauses, termRow)},
		{"incident_taxonomy.yaml: threat_severity", rows(r.IncidentTaxonomy.ThreatSeverity, termRow)},
		{"incident_taxonomy.yaml: impact_severity", rows(r.IncidentTaxonomy.ImpactSeverity, termRow)},
		{"incident_taxonomy.yaml: outlook", rows(r.IncidentTaxonomy.Outlook, termRow)},
		{"incident_taxonomy.yaml: categories", rows(r.IncidentTaxonomy.Categories, func(x IncidentCategory) row { return row{x.Slug, x.Provenance} })},
		{"incident_taxonomy.yaml: report_fields", rows(r.IncidentTaxonomy.ReportFields, func(x ReportField) row { return row{x.LegalAct + "/" + x.Field, x.Provenance} })},
		{"incident_taxonomy.yaml: branch_impairment_levels", rows(r.IncidentTaxonomy.BranchImpairmentLevels, func(x ImpairmentLevel) row { return row{x.Slug, x.Provenance} })},
	}
	for _, l := range lists {
		if err := checkRows(l.name, l.rows); err != nil {
			return err
		}
	}
	return r.checkCategories()
}

// checkCategories finds facility categories without a code of their own.
func (r *Reference) checkCategories() error {
	seen := map[string]bool{}
	for _, s := range r.Taxonomy.Services {
		for _, c := range s.FacilityCategories {
			if c.Code == "" || seen[c.Code] {
				return fmt.Errorf("reference data sectors.yaml: services: %s: facility category %q stands twice or has no code", s.Slug, c.Code)
			}
			seen[c.Code] = true
		}
	}
	return nil
}

type row struct {
	key string
	Provenance
}

func rows[T any](list []T, of func(T) row) []row {
	out := make([]row, len(list))
	for i, x := range list {
		out[i] = of(x)
	}
	return out
}

func termRow(t Term) row { return row{t.Slug, t.Provenance} }

func withDay(p Provenance, day string) Provenance {
	p.AsOf = day
	return p
}

func checkRows(list string, rows []row) error {
	if len(rows) == 0 {
		return fmt.Errorf("reference data %s: no rows", list)
	}
	seen := make(map[string]bool, len(rows))
	for i, r := range rows {
		switch {
		case r.key == "":
			return fmt.Errorf("reference data %s: row %d has no key", list, i+1)
		case seen[r.key]:
			return fmt.Errorf("reference data %s: key %s stands twice", list, r.key)
		case r.Source == "":
			return fmt.Errorf("reference data %s: row %s has no source", list, r.key)
		case r.AsOf == "":
			return fmt.Errorf("reference data %s: row %s has no day of its source", list, r.key)
		}
		seen[r.key] = true
		switch r.Confidence {
		case "verified", "memory", "unverified":
		default:
			return fmt.Errorf("reference data %s: row %s: confidence %q is not verified, memory or unverified", list, r.key, r.Confidence)
		}
	}
	return nil
}
