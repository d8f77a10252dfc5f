package seed

import (
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// subjectLabels say which label a subject of a competence has; cross-sector rows have none.
var subjectLabels = map[string]store.Label{
	"sector": kritis.LabelSector, "branch": kritis.LabelBranch, "service": kritis.LabelService,
}

// everyLand is the state of a row that stands for one body in each Land.
const everyLand = "all"

func (b *builder) competences() {
	for i, c := range b.ref.Competences.Competences {
		e := of(c.Provenance)
		// A row without a first day of its own begins with its act: the rule knows, so the day stays absent.
		e.from, e.until = c.ValidFrom, c.ValidUntil
		p := props{}.num("order", int64(i+1)).text("number", c.ID).text("provision", c.Provision).code("subjectKind", c.SubjectKind).
			text("subject", c.Subject).code("role", c.Role).code("level", c.Level).flag("perState", c.State == everyLand).
			list("appliesWhen", conditions(c.AppliesWhen)).list("notFor", c.NotFor).flag("gate", c.Gate).code("holder", c.Holder).
			text("condition", c.Condition).text("note", c.Note).text("actSlug", c.LegalAct).text("authoritySlug", c.Authority)
		inLand := c.State != "" && c.State != everyLand
		if inLand {
			p.text("landCode", land(c.State))
		}
		id := b.node(kritis.LabelCompetence, c.ID, e, p)
		b.edge(kritis.EdgeBasedOn, id, kritis.LabelLegalAct, c.LegalAct, e, nil)
		b.edge(kritis.EdgeAssignedTo, id, kritis.LabelAuthority, c.Authority, e, nil)
		if inLand {
			b.edge(kritis.EdgeCompetentIn, id, kritis.LabelFederalState, land(c.State), e, nil)
		}
		if label, ok := subjectLabels[c.SubjectKind]; ok {
			b.edge(kritis.EdgeCovers, id, label, c.Subject, e, nil)
		}
		for _, act := range c.Displaces {
			b.edge(kritis.EdgeDisplaces, id, kritis.LabelLegalAct, act, e, nil)
		}
	}
}

// notBodies are the recipients of a deadline that are no body of authorities.yaml.
var notBodies = map[string]bool{"reporting_entity": true, "zkl_of_affected_states": true, "commission": true}

func (b *builder) deadlines() {
	for i, r := range b.ref.Deadlines.CalendarRules {
		b.node(kritis.LabelCalendarRule, r.Slug, of(r.Provenance), props{}.num("order", int64(i+1)).text("slug", r.Slug).code("law", r.Law).
			code("periodKind", r.PeriodKind).code("weekendRule", r.WeekendRule).text("labelEn", r.LabelEN).text("provision", r.Provision).
			text("note", r.Note))
	}
	for i, d := range b.ref.Deadlines.Deadlines {
		e := of(d.Provenance)
		if isDay(d.AppliesFrom) {
			e.from = d.AppliesFrom
		}
		id := b.node(kritis.LabelDeadline, d.ID, e, props{}.num("order", int64(i+1)).text("slug", d.ID).text("provision", d.Provision).
			code("obligation", d.Obligation).code("stage", d.Stage).code("obliged", d.Obliged).list("notFor", d.NotFor).
			list("recipients", d.Recipients).code("trigger", d.Trigger).text("duration", d.Duration).code("outerTrigger", d.OuterTrigger).
			text("outerDuration", d.OuterDuration).text("date", d.Date).flag("immediately", d.Immediately).list("content", d.Content).
			text("appliesFrom", d.AppliesFrom).text("note", d.Note))
		b.edge(kritis.EdgeDueUnder, id, kritis.LabelLegalAct, d.LegalAct, e, nil)
		for _, slug := range d.Recipients {
			if !notBodies[slug] {
				b.edge(kritis.EdgeOwedTo, id, kritis.LabelAuthority, slug, e, nil)
			}
		}
	}
}

func (b *builder) teams() {
	for i, c := range b.ref.MIRT.Criteria {
		e := of(c.Provenance)
		p := props{}.num("order", int64(i+1)).text("slug", c.ID).code("kind", c.Kind).text("labelDe", c.LabelDE).text("labelEn", c.LabelEN).
			text("provision", c.Provision).flag("required", c.Required).codes("requestedBy", c.RequestedBy).list("anyOf", c.AnyOf).
			code("access", c.Access).codes("exceptions", c.Exceptions).code("payer", c.Payer).text("note", c.Note)
		if c.Order > 0 {
			p.num("step", int64(c.Order))
		}
		id := b.node(kritis.LabelMirtCriterion, c.ID, e, p)
		b.edge(kritis.EdgeOfTeam, id, kritis.LabelAuthority, b.ref.MIRT.Team, e, nil)
	}
}
