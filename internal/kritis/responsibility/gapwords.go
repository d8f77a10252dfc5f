package responsibility

import "strings"

// Message says what is missing, for which role and Land, and since when.
func (g *Gap) Message(lang Lang) string {
	place := g.place(lang)
	switch g.Code {
	case NotPublished:
		return place + g.unpublished(lang)
	case NotDesignated:
		return place + pick(lang, "Niemand ist benannt", "nobody is designated") + g.start(lang) + "."
	case NotRecorded:
		return place + pick(lang, "Die Stelle gibt es, sie ist hier nicht erfasst", "the body exists, the directory lacks it") + g.start(lang) + "."
	case NotYetInForce:
		return place + pick(lang, "gilt erst ab ", "applies only from ") + g.FirstDay().in(lang) + "."
	case NotConfirmed:
		return place + g.unconfirmed(lang)
	case StaleContact:
		if g.since == "" {
			return place + pick(lang, "Die Kontaktdaten wurden nie bestätigt.", "the contact was never verified.")
		}
		return place + pick(lang, "Die Kontaktdaten wurden zuletzt bestätigt am ", "the contact was last verified on ") + g.since.in(lang) + "."
	case NoChannel:
		return place + pick(lang, "Es ist kein Kanal bekannt.", "no channel is known.")
	case No247Channel:
		return place + pick(lang, "Kein Kanal ist jederzeit erreichbar.", "no channel is reachable at all hours.")
	default:
		return ""
	}
}

// Remedy says what closes the gap; empty for NO_24_7_CHANNEL, for which there is nothing to enter.
func (g *Gap) Remedy(lang Lang) string {
	switch g.Code {
	case NotPublished:
		return pick(lang, "Den Inhaber aus einer amtlichen Quelle eintragen.", "Enter the holder from an official source.")
	case NotDesignated:
		return g.designation(lang)
	case NotRecorded:
		return pick(lang, "Die Stelle gibt es; sie hier eintragen.", "The body exists; enter it in the directory.")
	case NotYetInForce:
		return pick(lang, "Erster Tag: ", "First day: ") + g.FirstDay().in(lang) + "."
	case NotConfirmed:
		return pick(lang, "Die Quelle prüfen: ", "Check the source: ") + g.act.Source
	case StaleContact:
		return pick(lang, "Die Kontaktdaten bestätigen.", "Confirm the contact.")
	case NoChannel:
		return pick(lang, "Einen Kanal eintragen.", "Enter a channel.")
	default:
		return ""
	}
}

// place names act, role, Land and, for a body that is no placeholder, the body.
func (g *Gap) place(lang Lang) string {
	if g.Role == "" {
		return g.act.Short + " "
	}
	words := g.act.Short + ", " + g.Role.In(lang)
	if g.Land != "" {
		words += " (" + g.rb.landName(g.Land, lang) + ")"
	}
	if g.Body != nil && !g.Body.Placeholder() {
		words += ", " + g.Body.Names.In(lang)
	}
	return words + ": "
}

// start says since when, if that is known.
func (g *Gap) start(lang Lang) string {
	day := g.act.start
	if g.row != nil {
		day = g.row.from
	}
	return pick(lang, " (seit ", " (since ") + day.in(lang) + ")"
}

func (g *Gap) unpublished(lang Lang) string {
	if g.Body.Status != BodyDueNotPublished {
		return pick(lang, "Der Inhaber ist benannt, aber nicht veröffentlicht", "the holder is designated but not published") + g.start(lang) + "."
	}
	due := Day("2026-04-17") // the status names the day
	if d := g.rb.designation(g.act.Slug, g.Role); d != nil && d.By != "" {
		due = d.By
	}
	return pick(lang, "Der Inhaber war zu benennen bis ", "the holder was to be named by ") + due.in(lang) +
		pick(lang, " und ist nicht veröffentlicht.", " and is not published.")
}

func (g *Gap) unconfirmed(lang Lang) string {
	switch {
	case g.act.Status == "PROPOSED":
		return pick(lang, "ist nur vorgeschlagen.", "is only proposed.")
	case !g.act.confirmed:
		return pick(lang, "ist nicht bestätigt.", "is not confirmed.")
	default:
		return pick(lang, "gilt; der erste Tag ist nicht bekannt, belegt ist er erst ab ", "is in force; its first day is not known, there is proof only from ") +
			g.act.start.in(lang) + "."
	}
}

// designation says who designates the body, and by when.
func (g *Gap) designation(lang Lang) string {
	if g.maker != nil {
		return g.maker.body.Names.In(lang) + pick(lang, " kann die Behörde durch Verordnung bestimmen (", " may fix the authority by ordinance (") +
			citation(g.maker.act, g.maker.Provision) + pick(lang, "); dann eintragen.", "); enter it then.")
	}
	if g.Land == "" {
		return pick(lang, "Zu benennen; von wem und bis wann, ist nicht bekannt. Nach der Veröffentlichung eintragen.",
			"To be designated; by whom and by when is not known. Enter it once it is published.")
	}
	when, cite := "", ""
	if d := g.rb.designation(g.act.Slug, g.Role); d != nil {
		when, cite = d.deadline(lang), " ("+citation(g.act, d.Provision)+")"
	}
	if when == "" {
		when = pick(lang, "; eine Frist ist nicht bekannt", "; no time limit is known")
	}
	return "Land " + g.rb.landName(g.Land, lang) + pick(lang, " benennt die Behörde", " designates the authority") + when + cite +
		pick(lang, ". Nach der Veröffentlichung eintragen.", ". Enter it once it is published.")
}

// deadline words the day, or the period and what it runs from.
func (d *Designation) deadline(lang Lang) string {
	if d.By != "" {
		return pick(lang, " bis ", " by ") + d.By.in(lang)
	}
	months, ok := strings.CutSuffix(strings.TrimPrefix(d.Period, "P"), "M")
	if !ok || months == "" {
		return ""
	}
	after := Names{"dem Inkrafttreten", "entry into force"}
	if d.Trigger == "ENTRY_INTO_FORCE_OF_ORDINANCE" {
		after = Names{"dem Inkrafttreten der Verordnung", "entry into force of the ordinance"}
	}
	return pick(lang, " binnen "+months+" Monaten nach ", " within "+months+" months after ") + after.In(lang)
}
