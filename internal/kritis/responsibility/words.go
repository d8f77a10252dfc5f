package responsibility

import (
	"slices"
	"strings"
)

var roleNames = map[Role]Names{
	Supervision:           {"Aufsicht", "supervision"},
	Reporting:             {"Meldestelle", "reporting office"},
	Registration:          {"Registrierung", "registration"},
	SituationPicture:      {"Lagebild", "situation picture"},
	Feedback:              {"Rückmeldung", "feedback"},
	ImpactAssessment:      {"Bewertung der Auswirkungen", "impact assessment"},
	NationalLiaisonOffice: {"nationale Verbindungsstelle", "national liaison office"},
	SinglePointOfContact:  {"zentrale Anlaufstelle", "single point of contact"},
	BSIContactPoint:       {"zentrale Kontaktstelle für das BSI", "central contact point for the BSI"},
	BBKContactPoint:       {"zentraler Ansprechpartner für das BBK", "central contact for the BBK"},
	IncidentResponse:      {"Vorfallunterstützung", "incident response"},
	Crisis:                {"Krisenmanagement", "crisis management"},
	Coordination:          {"Abstimmung", "coordination"},
	OrdinanceMaker:        {"Verordnungsgeber", "ordinance maker"},
	StandardApproval:      {"Anerkennung von Standards", "approval of standards"},
	LawEnforcementContact: {"Ansprechstelle der Strafverfolgung", "law enforcement contact"},
}

// pick chooses the words of a language.
func pick(lang Lang, de, en string) string { return Names{de, en}.In(lang) }

// listed joins words with commas and a last word for "and" or "or".
func listed(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

func or(lang Lang) string  { return pick(lang, "oder", "or") }
func and(lang Lang) string { return pick(lang, "und", "and") }

// citation is the short title and the provision, without saying the title twice.
func citation(a *act, provision string) string {
	if strings.Contains(provision, a.Short) {
		return provision
	}
	return a.Short + " " + provision
}

// landName gives the name of a Land by code, or the code.
func (rb *Rulebook) landName(code string, lang Lang) string {
	if i, ok := rb.landByCode[code]; ok {
		return rb.lands[i].Names.In(lang)
	}
	return code
}

// subjectOf names the kind and the name of the subject of a row.
func (rb *Rulebook) subjectOf(c *Competence, lang Lang) string {
	switch c.Kind {
	case ServiceOnly:
		return pick(lang, "Dienstleistung ", "service ") + rb.services[rb.serviceBySlug[c.Subject]].Names.In(lang)
	case BranchWide:
		return pick(lang, "Branche ", "branch ") + rb.branches[rb.branchBySlug[c.Subject]].Names.In(lang)
	case SectorWide:
		return pick(lang, "Sektor ", "sector ") + rb.sectors[rb.sectorBySlug[c.Subject]].Names.In(lang)
	}
	if c.Subject == acrossMaritime {
		return pick(lang, "maritime Infrastruktur", "maritime infrastructure")
	}
	return pick(lang, "alle Sektoren", "all sectors")
}

// valueWords names the values of a set, joined with "or".
func (a *Attribute) valueWords(set uint8, lang Lang) string {
	var words []string
	for i, w := range a.Words {
		if set&(1<<i) != 0 {
			words = append(words, w.In(lang))
		}
	}
	return listed(words, or(lang))
}

// Explanation says in one sentence why the body is responsible: act, provision, body, subject, conditions, what gives way and
// how sure the row is.
func (s *Step) Explanation(lang Lang) string { return s.explain(lang, nil) }

// Explanation is that of the step, with the facts that would have to be so.
func (a *Alternative) Explanation(lang Lang) string { return a.explain(lang, a.Unknowns) }

func (s *Step) explain(lang Lang, unknowns []UnknownFact) string {
	var b strings.Builder
	b.WriteString(citation(s.act, s.Competence.Provision) + ": " + s.Body.Names.In(lang))
	if s.Land != "" && s.Body.Land == "" {
		b.WriteString(" (" + s.rb.landName(s.Land, lang) + ")")
	}
	var reasons []string
	if !asksForSubject(unknowns, s.Specificity) {
		reasons = append(reasons, s.rb.subjectOf(s.Competence, lang))
	}
	for _, r := range s.reasons {
		a := &attributes[r.attribute]
		words := a.Label.In(lang) + " = " + a.valueWords(r.values, lang)
		if r.assumed {
			words += pick(lang, " (angenommen)", " (assumed)")
		}
		reasons = append(reasons, words)
	}
	if len(reasons) > 0 {
		b.WriteString(pick(lang, ", weil ", ", because ") + strings.Join(reasons, " "+and(lang)+" "))
	}
	if ifs := conditionsOn(unknowns, lang); ifs != "" {
		b.WriteString(", " + ifs)
	}
	if len(s.Competence.Displaces) > 0 {
		var acts []string
		for _, i := range s.row.displaces {
			acts = append(acts, s.rb.acts[i].Short)
		}
		b.WriteString(pick(lang, "; an Stelle von ", "; in place of ") + listed(acts, and(lang)))
	}
	switch s.Competence.Confidence {
	case "MEMORY":
		b.WriteString(pick(lang, " (aus dem Gedächtnis)", " (from memory)"))
	case "UNVERIFIED":
		b.WriteString(pick(lang, " (nicht bestätigt)", " (unverified)"))
	}
	b.WriteString(".")
	return b.String()
}

// asksForSubject says whether the subject of a row is itself one of the facts that would have to be so.
func asksForSubject(unknowns []UnknownFact, s Specificity) bool {
	return slices.ContainsFunc(unknowns, func(u UnknownFact) bool {
		return (u.fact == unknownBranch && s == BranchWide) || (u.fact == unknownService && s == ServiceOnly)
	})
}

// conditionsOn words the facts that would have to be so: "if ownership is FEDERAL".
func conditionsOn(unknowns []UnknownFact, lang Lang) string {
	var ifs, depends []string
	for i := range unknowns {
		u := &unknowns[i]
		a := factOf(u.fact)
		if len(u.Values) == 0 || len(u.Values) == len(a.Values) {
			depends = append(depends, a.Label.In(lang))
			continue
		}
		words := make([]string, len(u.names))
		for j, n := range u.names {
			words[j] = n.In(lang)
		}
		ifs = append(ifs, a.Label.In(lang)+pick(lang, " = ", " is ")+listed(words, or(lang)))
	}
	var parts []string
	if len(ifs) > 0 {
		parts = append(parts, pick(lang, "falls ", "if ")+strings.Join(ifs, " "+and(lang)+" "))
	}
	if len(depends) > 0 {
		parts = append(parts, pick(lang, "je nach ", "depending on ")+listed(depends, and(lang)))
	}
	return strings.Join(parts, ", ")
}

// Provision cites what keeps the act from applying; empty where no single row does.
func (n *NotApplicable) Provision() string {
	if n.row == nil {
		return ""
	}
	return citation(n.row.act, n.Because.Provision)
}

// Message says why the act does not apply.
func (n *NotApplicable) Message(lang Lang) string {
	switch n.Reason {
	case NotCovered:
		return n.act.Short + pick(lang, " erfasst nicht: ", " does not cover: ") + n.sectorNames(lang) + "."
	case OutOfScope:
		a := &attributes[n.failed.attribute]
		return n.act.Short + pick(lang, " gilt nur, wenn ", " applies only if ") + a.Label.In(lang) + " = " +
			a.valueWords(n.failed.values, lang) + "."
	case Excluded:
		return n.act.Short + pick(lang, " nimmt dies selbst aus (", " itself takes this out (") + n.Provision() + ")."
	case Displaced:
		return n.act.Short + pick(lang, " tritt zurück hinter ", " gives way to ") + n.row.act.Short + " (" + n.Provision() + ")."
	default:
		return n.act.Short + pick(lang, " gilt nicht; der Grund hängt von Unbekanntem oder vom Teil des Betreibers ab.",
			" does not apply; the reason depends on unknown facts or on the part of the operator.")
	}
}

func (n *NotApplicable) sectorNames(lang Lang) string {
	words := make([]string, len(n.sectors))
	for i, s := range n.sectors {
		words[i] = pick(lang, "Sektor ", "sector ") + s.Names.In(lang)
	}
	return listed(slices.Compact(words), and(lang))
}
