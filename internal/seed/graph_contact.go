package seed

import (
	"fmt"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// contacts adds the contact points: for each Land the one for the BSI and the one for the BBK, then the offices of all
// bodies that have a published contact or a website.
func (b *builder) contacts() {
	bodies := make(map[string]Authority, len(b.ref.Authorities.Authorities))
	for _, a := range b.ref.Authorities.Authorities {
		bodies[a.Slug] = a
	}
	rows := map[string]Competence{}
	for _, c := range b.ref.Competences.Competences {
		if c.Role == "bsi_contact_point" || c.Role == "bbk_contact_point" {
			rows[c.Authority] = c
		}
	}
	for _, s := range b.ref.States.States {
		b.landContact("ZKL", s, s.ZKL, bodies, rows)
		b.landContact("BBK_CONTACT", s, s.KRITISDachGContact, bodies, rows)
	}
	for _, a := range b.ref.Authorities.Authorities {
		if a.Contact != nil || a.Website != "" {
			b.office(a)
		}
	}
}

// landContact adds a contact role of a Land. Its act and provision are those of the competence of its holder.
func (b *builder) landContact(role string, s State, c StateContact, bodies map[string]Authority, rows map[string]Competence) {
	holder, known := bodies[c.Authority]
	row, competent := rows[c.Authority]
	if !known || !competent {
		b.fail(fmt.Errorf("reference data states.yaml: %s of %s names %q, which is no body with that role", role, s.ID, c.Authority))
		return
	}
	e := of(holder.Provenance)
	e.from, e.until = row.ValidFrom, row.ValidUntil
	code := land(s.ID)
	id := b.node(kritis.LabelContactPoint, holder.Slug, e, props{}.names(holder.NameDE, holder.NameEN).text("role", role).
		text("contactStatus", holderStatus(c.Status)).list("landCodes", []string{code}).text("provision", row.Provision).text("note", holder.Notes).text("holderSlug", holderSlug(holder)))
	b.edge(kritis.EdgeHeldBy, id, kritis.LabelAuthority, holder.Slug, e, nil)
	b.edge(kritis.EdgeContactFor, id, kritis.LabelFederalState, code, e, nil)
	b.edge(kritis.EdgeUnder, id, kritis.LabelLegalAct, row.LegalAct, of(row.Provenance), nil)
}

// holderSlug is the slug of a body that is known.
func holderSlug(a Authority) string {
	if a.placeholder() {
		return ""
	}
	return a.Slug
}

// office adds the published contact of a body with its channels. It counts as verified at the beginning of the day of its
// source; an office that is no more than a website on that of its body.
func (b *builder) office(a Authority) {
	e := of(a.Provenance)
	hours := ""
	if a.Contact != nil {
		// The confidence of a body does not speak of its contact: that was seen in the source that it cites.
		e = evidence{source: a.Contact.Source, asOf: a.Contact.AsOf, confidence: "verified"}
		hours = a.Contact.Hours
	}
	verified, err := time.ParseInLocation(time.DateOnly, e.asOf, kritis.Berlin)
	if err != nil {
		b.fail(fmt.Errorf("reference data authorities.yaml: contact of %s: %w", a.Slug, err))
		return
	}
	id := b.node(kritis.LabelContactPoint, "office-"+a.Slug, e, props{}.names(a.NameDE, a.NameEN).text("role", "OFFICE").
		text("contactStatus", "PUBLISHED").num("verifiedAt", verified.UnixMicro()).list("landCodes", a.serves()).text("hours", hours).text("holderSlug", holderSlug(a)))
	b.edge(kritis.EdgeHeldBy, id, kritis.LabelAuthority, a.Slug, e, nil)
	for _, code := range a.serves() {
		b.edge(kritis.EdgeContactFor, id, kritis.LabelFederalState, code, e, nil)
	}
	c := channels{builder: b, contact: id, counts: map[string]int{}}
	if a.Contact != nil {
		c.published(*a.Contact, e)
	}
	if a.Website != "" {
		c.add("WEBSITE", a.Website, of(a.Provenance).sure("memory"), props{})
	}
}

// channels adds the channels of one contact point in the order of preference.
type channels struct {
	*builder
	contact store.ID
	order   int64
	counts  map[string]int
}

func (c *channels) published(contact Contact, e evidence) {
	windows, err := Windows(contact.Hours)
	if err != nil {
		c.fail(fmt.Errorf("reference data authorities.yaml: %s: %w", c.contact, err))
		return
	}
	if contact.Phone247 != "" {
		c.phone(contact.Phone247, e, props{}.text("purpose", "INCIDENT").flag("always", true).text("label", contact.Phone247Label))
	}
	if contact.Phone != "" {
		c.phone(contact.Phone, e, props{}.list("windows", windows))
	}
	if contact.Email != "" {
		mail := e
		if contact.EmailSource != "" {
			mail.source = contact.EmailSource
		}
		if contact.EmailAsOf != "" {
			mail.asOf = contact.EmailAsOf
		}
		c.add("EMAIL", contact.Email, mail, props{}.list("windows", windows))
	}
	if contact.PostalAddress != "" {
		c.add("POSTAL_ADDRESS", contact.PostalAddress, e, props{})
	}
	if contact.POBox != "" {
		c.add("PO_BOX", contact.POBox, e, props{})
	}
}

// phone adds a number: as value in the form of E.164, and as printed in the source.
func (c *channels) phone(printed string, e evidence, p props) {
	number, err := phonenumbers.Parse(printed, "DE")
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		c.fail(fmt.Errorf("reference data authorities.yaml: %s: %q is no phone number", c.contact, printed))
		return
	}
	c.add("PHONE", phonenumbers.Format(number, phonenumbers.E164), e, p.text("printed", printed))
}

// add adds a channel of general purpose that is not always answered, unless p says otherwise.
func (c *channels) add(kind, value string, e evidence, p props) {
	c.order++
	c.counts[kind]++
	if _, ok := p["purpose"]; !ok {
		p.text("purpose", "GENERAL")
	}
	if _, ok := p["always"]; !ok {
		p.flag("always", false)
	}
	key := fmt.Sprintf("%s.%s.%d", c.contact.Key(), strings.ToLower(strings.ReplaceAll(kind, "_", "-")), c.counts[kind])
	c.child(kritis.LabelChannel, key, e, p.num("order", c.order).text("kind", kind).text("value", value))
	c.edge(kritis.EdgeHasChannel, c.contact, kritis.LabelChannel, key, e, nil)
}
