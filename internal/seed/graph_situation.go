package seed

import (
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// The lists of terms, as the property "list" names them.
const (
	listThreatLevel    = "THREAT_LEVEL"
	listTLP            = "TLP"
	listDimension      = "SITUATION_DIMENSION"
	listProduct        = "SITUATION_PRODUCT"
	listDefinition     = "DEFINITION"
	listRootCause      = "ROOT_CAUSE"
	listThreatSeverity = "THREAT_SEVERITY"
	listImpactSeverity = "IMPACT_SEVERITY"
	listOutlook        = "OUTLOOK"
	listCategory       = "INCIDENT_CATEGORY"
	listImpairment     = "BRANCH_IMPAIRMENT_LEVEL"
)

// term adds an entry of a code list.
func (b *builder) term(list, slug string, i int, e evidence, p props) store.ID {
	return b.node(kritis.LabelTerm, list+"."+slug, e, p.num("order", int64(i+1)).text("list", list).text("slug", slug))
}

func (b *builder) situation() {
	s := b.ref.Situation
	for i, t := range s.ThreatLevels {
		b.term(listThreatLevel, t.Colour, i, of(t.Provenance), props{}.names(t.ColourDE, t.NameEN).num("level", int64(t.Level)).
			text("meaning", t.Meaning).text("secondSource", t.SecondSource))
	}
	for i, t := range s.TLP {
		b.term(listTLP, t.Slug, i, of(t.Provenance), props{}.names(t.Label, t.Label).num("level", int64(t.Order)).text("meaning", t.Sharing))
	}
	for i, slug := range s.SituationDimensions {
		b.term(listDimension, slug, i, evidence{source: s.SituationDimensionsSource}, props{})
	}
	for i, t := range s.SituationProducts {
		var categories []string
		for _, c := range t.Categories {
			categories = append(categories, c.NameDE+"="+c.Use)
		}
		e := of(t.Provenance)
		id := b.term(listProduct, t.Slug, i, e, props{}.names(t.NameDE, t.NameEN).code("frequency", t.Frequency).codes("recipients", t.Recipients).
			list("content", t.Content).list("categories", categories).text("note", t.Note))
		b.edge(kritis.EdgeIssuedBy, id, kritis.LabelAuthority, t.Issuer, e, nil)
	}
}

func (b *builder) incidentTaxonomy() {
	t := b.ref.IncidentTaxonomy
	for i, d := range t.Definitions {
		e := of(d.Provenance)
		id := b.term(listDefinition, d.Slug, i, e, props{}.text("provision", d.Provision).text("meaning", d.Meaning))
		b.edge(kritis.EdgeDefinedIn, id, kritis.LabelLegalAct, d.LegalAct, e, nil)
	}
	for _, l := range []struct {
		list  string
		terms []Term
	}{
		{listRootCause, t.RootCauses}, {listThreatSeverity, t.ThreatSeverity}, {listImpactSeverity, t.ImpactSeverity}, {listOutlook, t.Outlook},
	} {
		for i, x := range l.terms {
			b.term(l.list, x.Slug, i, of(x.Provenance), props{}.text("nameEn", x.LabelEN).text("meaning", x.Meaning))
		}
	}
	for i, c := range t.Categories {
		var types []string
		for _, x := range c.Types {
			types = append(types, x.Slug+"="+x.LabelEN)
		}
		b.term(listCategory, c.Slug, i, of(c.Provenance), props{}.text("nameEn", c.LabelEN).list("types", types))
	}
	for i, f := range t.ReportFields {
		e := of(f.Provenance)
		id := b.node(kritis.LabelReportField, f.LegalAct+"."+f.Field, e, props{}.num("order", int64(i+1)).text("field", f.Field).
			codes("stages", f.Stages).codes("values", f.Values))
		b.edge(kritis.EdgeDefinedIn, id, kritis.LabelLegalAct, f.LegalAct, e, nil)
	}
	for i, x := range t.BranchImpairmentLevels {
		b.term(listImpairment, x.Slug, i, of(x.Provenance), props{}.text("nameEn", x.LabelEN).num("level", int64(x.Level)))
	}
}
