package seed

import (
	"fmt"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

func (b *builder) taxonomy() {
	t := b.ref.Taxonomy
	for i, s := range t.Sectors {
		b.node(kritis.LabelSector, s.Slug, of(s.Provenance), props{}.names(s.NameDE, s.NameEN).num("order", int64(i+1)).text("slug", s.Slug).
			codes("coveredBy", s.CoveredBy.Keys()).code("nis2Directive", s.CoveredBy.NIS2Directive).list("nace", s.NACE).
			code("naceConfidence", s.NACEConfidence).text("note", s.Note))
	}
	for i, x := range t.Branches {
		e := of(x.Provenance)
		id := b.node(kritis.LabelBranch, x.Slug, e, props{}.names(x.NameDE, x.NameEN).num("order", int64(i+1)).text("slug", x.Slug).
			code("taxonomy", x.Taxonomy).list("nace", x.NACE).code("naceConfidence", x.NACEConfidence).text("note", x.Note))
		b.edge(kritis.EdgeInSector, id, kritis.LabelSector, x.Sector, e, nil)
	}
	order := int64(0)
	for i, s := range t.Services {
		e := of(s.Provenance)
		p := props{}.names(s.NameDE, s.NameEN).num("order", int64(i+1)).text("slug", s.Slug).code("definedBy", s.DefinedBy).text("note", s.Note)
		if s.Annex > 0 {
			p.num("annex", int64(s.Annex))
		}
		id := b.node(kritis.LabelService, s.Slug, e, p)
		b.edge(kritis.EdgeInSector, id, kritis.LabelSector, s.Sector, e, nil)
		b.edge(kritis.EdgeInBranch, id, kritis.LabelBranch, s.Branch, e, nil)
		for _, c := range s.FacilityCategories {
			order++
			b.category(s, c, order, e)
		}
	}
}

// categoryKey is the key of a facility category in the graph.
func categoryKey(service, code string) string { return service + "." + code }

// category adds a facility category with its criteria; both have the source of their service.
func (b *builder) category(s Service, c FacilityCategory, order int64, e evidence) {
	key := categoryKey(s.Slug, c.Code)
	id := b.node(kritis.LabelFacilityCategory, key, e, props{}.num("order", order).text("code", c.Code).text("nameDe", c.NameDE).
		text("areaDe", c.AreaDE))
	b.edge(kritis.EdgeCategoryOf, id, kritis.LabelService, s.Slug, e, nil)
	b.edge(kritis.EdgeInBranch, id, kritis.LabelBranch, c.Branch, e, nil)
	for i, cr := range c.Criteria {
		p := props{}.num("order", int64(i+1)).text("metricDe", cr.MetricDE).text("thresholdTextDe", cr.ThresholdTextDE)
		if cr.Threshold != "" {
			p.num("thresholdMillionths", b.scaled(cr.Threshold, 6))
		}
		child := fmt.Sprintf("%s.%d", key, i+1)
		b.child(kritis.LabelCriterion, child, e, p)
		b.edge(kritis.EdgeHasCriterion, id, kritis.LabelCriterion, child, e, nil)
	}
}

// figures says whether the figures of a dependency come from its source.
func figures(numbers string) string {
	if numbers == "from_source" {
		return "SOURCED"
	}
	return "ESTIMATED"
}

func (b *builder) dependencies() {
	for i, d := range b.ref.Dependencies.Dependencies {
		provider := store.NewID(string(kritis.LabelBranch), d.Provider)
		b.edge(kritis.EdgeSupplies, provider, kritis.LabelBranch, d.Dependent, of(d.Provenance), props{}.num("order", int64(i+1)).
			text("number", d.ID).code("kind", d.Kind).num("strengthMillionths", b.scaled(d.Strength, 6)).code("strengthLevel", d.StrengthLevel).
			num("timeToImpactSeconds", b.seconds(d.TimeToImpactHours)).num("timeFromSeconds", d.TimeRangeHours[0]*3600).
			num("timeUntilSeconds", d.TimeRangeHours[1]*3600).text("figures", figures(d.Numbers)).text("rationale", d.Rationale))
	}
}

// seconds turns hours with at most four digits into whole seconds.
func (b *builder) seconds(hours Decimal) int64 {
	n := b.scaled(hours, 4) * 3600
	if n%10_000 != 0 {
		b.fail(fmt.Errorf("reference data dependencies.yaml: %s hours are no whole seconds", hours))
	}
	return n / 10_000
}
