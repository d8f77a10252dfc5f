package kritis

import (
	"slices"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// ruleData brings the rulebook into the form in which the responsibility rule reads it.
func (b *bookBuilder) ruleData() responsibility.Data {
	var d responsibility.Data
	for _, s := range b.book.states {
		d.Lands = append(d.Lands, responsibility.Land{Code: s.text("code"), Names: ruleNames(s.object)})
	}
	for _, a := range b.book.acts {
		d.Acts = append(d.Acts, ruleAct(a))
	}
	for _, a := range b.book.authorities {
		d.Bodies = append(d.Bodies, responsibility.Body{
			Slug: a.Slug(), Names: ruleNames(a.object), Abbreviation: a.text("abbreviation"), Kind: a.text("kind"),
			Level: a.text("level"), Status: bodyStatus(a), Land: landCode(a.land),
		})
	}
	b.ruleTaxonomy(&d)
	for _, c := range b.book.competences {
		d.Competences = append(d.Competences, ruleCompetence(c))
	}
	d.Designations = b.designations()
	d.Held = b.held()
	return d
}

func ruleNames(o object) responsibility.Names {
	return responsibility.Names{DE: o.text("nameDe"), EN: o.text("nameEn")}
}

func landCode(s *FederalState) string {
	if s == nil {
		return ""
	}
	return s.text("code")
}

// bodyStatus is the status of a body in the words of the rule, empty for a body that is known.
func bodyStatus(a *Authority) string {
	switch s := a.text("authorityStatus"); s {
	case "DUE_NOT_PUBLISHED":
		return responsibility.BodyDueNotPublished
	case "NAMED":
		return ""
	default:
		return s
	}
}

func ruleAct(a *LegalAct) responsibility.Act {
	act := responsibility.Act{
		Slug: a.Slug(), Name: a.Name(), Short: a.Short(), Level: a.text("level"), Land: landCode(a.land),
		Status: a.text("actStatus"), InForceSince: responsibility.Day(a.text("inForceSince")),
		Source: a.text("source"), AsOf: responsibility.Day(a.text("asOf")),
	}
	if scope := a.Scope(); scope != nil {
		act.Scope = &responsibility.Scope{AppliesWhen: ruleConditions(scope.AppliesWhen)}
		for _, s := range scope.CoveredBy {
			act.Scope.CoveredBy = append(act.Scope.CoveredBy, string(s))
		}
	}
	return act
}

func ruleConditions(list []*AttributeCondition) []responsibility.Condition {
	out := make([]responsibility.Condition, len(list))
	for i, c := range list {
		out[i] = responsibility.Condition{Attribute: c.Attribute, Values: c.Values}
	}
	return out
}

func (b *bookBuilder) ruleTaxonomy(d *responsibility.Data) {
	for _, s := range b.book.sectors {
		d.Sectors = append(d.Sectors, responsibility.Sector{Slug: s.Slug(), Names: ruleNames(s.object), CoveredBy: s.list("coveredBy")})
	}
	for _, x := range b.book.branches {
		d.Branches = append(d.Branches, responsibility.Branch{Slug: x.Slug(), Sector: slugOf(x.sector), Names: ruleNames(x.object)})
	}
	for _, s := range b.book.services {
		d.Services = append(d.Services, responsibility.Service{
			Slug: s.Slug(), Sector: slugOf(s.sector), Branch: slugOf(s.branch), Names: ruleNames(s.object),
		})
	}
}

// slugOf returns the slug of a thing that may be missing.
func slugOf[T interface {
	comparable
	Slug() string
}](x T) string {
	var none T
	if x == none {
		return ""
	}
	return x.Slug()
}

func ruleCompetence(c *Competence) responsibility.Competence {
	kind, _ := responsibility.ParseSpecificity(c.text("subjectKind"))
	row := responsibility.Competence{
		ID: c.Key(), Act: slugOf(c.act), Provision: c.Provision(), Kind: kind, Subject: c.text("subject"),
		Land: landCode(c.land), Body: slugOf(c.authority), Role: c.Role(),
		ValidFrom: responsibility.Day(c.text(store.ValidFrom)), ValidUntil: responsibility.Day(c.text(store.ValidUntil)),
		AppliesWhen: ruleConditions(c.AppliesWhen()), NotFor: c.list("notFor"), Gate: c.Gate(),
		NotRecorded: c.Holder() == holderNotRecorded, Confidence: c.text("confidence"),
		Source: c.text("source"), AsOf: responsibility.Day(c.text("asOf")),
	}
	if c.EveryFederalState() {
		row.Land = responsibility.AllLands
	}
	for _, a := range c.displaces {
		row.Displaces = append(row.Displaces, a.Slug())
	}
	return row
}

// designations are the duties of the Länder to name bodies.
func (b *bookBuilder) designations() []responsibility.Designation {
	roles := map[string]responsibility.Role{
		"NAME_CONTACT": responsibility.BBKContactPoint, "NAME_AUTHORITIES": responsibility.Supervision,
	}
	var out []responsibility.Designation
	for _, n := range b.book.deadlines {
		o := object{n}
		role, ok := roles[o.text("stage")]
		act := to[*LegalAct](b, n.ID, EdgeDueUnder)
		if o.text("obligation") != "DESIGNATION" || !ok || act == nil {
			continue
		}
		out = append(out, responsibility.Designation{
			Act: act.Slug(), Role: role, Provision: o.text("provision"), By: responsibility.Day(o.text("date")),
			Period: o.text("duration"), Trigger: o.text("trigger"),
		})
	}
	return out
}

// roleOfContact is the role of competences that a contact point stands for; offices stand for none.
var roleOfContact = map[ContactPointRole]responsibility.Role{
	ContactZKL: responsibility.BSIContactPoint, ContactBBK: responsibility.BBKContactPoint,
}

// held lists the contact points whose holder is published, with the days on which they hold.
func (b *bookBuilder) held() []responsibility.Held {
	var out []responsibility.Held
	for _, n := range b.book.contacts {
		o := object{n}
		role, ok := roleOfContact[ContactPointRole(o.text("role"))]
		if !ok || ContactPointStatus(o.text("contactStatus")) != ContactPublished {
			continue
		}
		for _, act := range toAll[*LegalAct](b, n.ID, EdgeUnder) {
			for _, land := range toAll[*FederalState](b, n.ID, EdgeContactFor) {
				out = append(out, responsibility.Held{
					Act: act.Slug(), Role: role, Land: landCode(land),
					ValidFrom: responsibility.Day(o.text(store.ValidFrom)), ValidUntil: responsibility.Day(o.text(store.ValidUntil)),
				})
			}
		}
	}
	slices.SortFunc(out, func(x, y responsibility.Held) int {
		return compareText(x.Act+string(x.Role)+x.Land, y.Act+string(y.Role)+y.Land)
	})
	return out
}
