package seed

import (
	"fmt"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/responsibility"
)

// everyLand is the state of a row that stands for one body in each Land.
const everyLand = "all"

func (b *builder) competences() {
	for i, c := range b.ref.Competences.Competences {
		row := competenceRow(c)
		row.Order = int64(i + 1)
		if code(c.Level) != string(row.Level()) {
			b.fail(fmt.Errorf("reference data competences.yaml: %s is of the level %s, but its state is %q", c.ID, c.Level, c.State))
		}
		if kritis.EnteredCompetence(c.ID) {
			b.fail(fmt.Errorf("reference data competences.yaml: %s is a number of rows that people enter: take a smaller one", c.ID))
		}
		n, edges := row.Graph()
		b.put(n)
		b.edges = append(b.edges, edges...)
	}
}

// competenceRow reads a row of the file. One without a first day of its own begins with its act: the rule knows, so the day stays
// empty.
func competenceRow(c Competence) kritis.CompetenceRow {
	row := kritis.CompetenceRow{Number: c.ID, From: kritis.Day(c.ValidFrom), Until: kritis.Day(c.ValidUntil)}
	row.CompetenceInput = kritis.CompetenceInput{
		LegalAct: c.LegalAct, Provision: c.Provision,
		Subject:           kritis.CompetenceSubjectInput{Kind: kritis.SubjectKind(code(c.SubjectKind)), Slug: c.Subject},
		EveryFederalState: c.State == everyLand, Authority: c.Authority, Role: responsibility.Role(code(c.Role)),
		NotFor: c.NotFor, Gate: c.Gate, Holder: kritis.CompetenceHolder(code(c.Holder)), Displaces: c.Displaces,
		Condition: c.Condition, Note: c.Note,
		Source: c.Source, AsOf: kritis.Day(c.AsOf), Confidence: kritis.Confidence(code(c.Confidence)),
	}
	if c.State != "" && c.State != everyLand {
		row.FederalState = kritis.FederalStateCode(land(c.State))
	}
	for _, cond := range c.AppliesWhen {
		row.AppliesWhen = append(row.AppliesWhen, &kritis.AttributeConditionInput{Attribute: cond.Attribute, Values: cond.Values})
	}
	return row
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
