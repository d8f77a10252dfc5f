package responsibility

import (
	"errors"
	"fmt"
	"slices"
)

// maxLands is how many Länder a set of them can hold.
const maxLands = 64

// verifier collects what does not hold, each with the row that says it.
type verifier struct {
	errs                                             []error
	acts, bodies, lands, sectors, branches, services map[string]bool
	schemes                                          map[string]bool
	field                                            string // of the competence that is judged
}

func (d *Data) verify() error {
	v := &verifier{schemes: map[string]bool{}}
	v.acts = unique(v, "act", d.Acts, func(a Act) string { return a.Slug })
	v.bodies = unique(v, "body", d.Bodies, func(b Body) string { return b.Slug })
	v.lands = unique(v, "Land", d.Lands, func(l Land) string { return l.Code })
	v.sectors = unique(v, "sector", d.Sectors, func(s Sector) string { return s.Slug })
	v.branches = unique(v, "branch", d.Branches, func(b Branch) string { return b.Slug })
	v.services = unique(v, "service", d.Services, func(s Service) string { return s.Slug })
	unique(v, "competence", d.Competences, func(c Competence) string { return c.ID })
	if len(d.Lands) > maxLands {
		v.fail("Land", d.Lands[maxLands].Code, "is one too many: at most %d", maxLands)
	}
	v.taxonomy(d)
	for i := range d.Acts {
		v.act(&d.Acts[i])
	}
	for i := range d.Bodies {
		v.body(&d.Bodies[i])
	}
	for i := range d.Competences {
		v.competence(&d.Competences[i])
	}
	for _, g := range d.Designations {
		v.ref("designation", g.Provision, "act", g.Act, v.acts)
		if !g.Role.Known() {
			v.fail("designation", g.Provision, "has the unknown role %q", g.Role)
		}
	}
	for _, h := range d.Held {
		name := h.Act + " " + string(h.Role)
		v.ref("held contact point", name, "act", h.Act, v.acts)
		if h.Land != "" {
			v.ref("held contact point", name, "Land", h.Land, v.lands)
		}
	}
	return errors.Join(v.errs...)
}

// Flaw is one thing that does not hold in the data: the kind and key of the row, and what is wrong with it. Field is the place in a
// competence, by the lower-case names of its fields, such as body or appliesWhen.0.values.1, where known.
type Flaw struct{ Kind, Key, Field, Text string }

// Error names the row and says what is wrong.
func (f *Flaw) Error() string { return f.Kind + " " + f.Key + " " + f.Text }

func (v *verifier) fail(kind, key, format string, args ...any) {
	v.errs = append(v.errs, &Flaw{Kind: kind, Key: key, Field: v.field, Text: fmt.Sprintf(format, args...)})
}

func unique[T any](v *verifier, kind string, list []T, key func(T) string) map[string]bool {
	seen := make(map[string]bool, len(list))
	for i, x := range list {
		k := key(x)
		switch {
		case k == "":
			v.fail(kind, fmt.Sprintf("number %d", i+1), "has no key")
		case seen[k]:
			v.fail(kind, k, "stands twice")
		}
		seen[k] = true
	}
	return seen
}

func (v *verifier) ref(kind, key, what, slug string, in map[string]bool) {
	if !in[slug] {
		v.fail(kind, key, "names the %s %q, which does not exist", what, slug)
	}
}

func (v *verifier) day(kind, key, what string, d Day) {
	if d != "" && !d.Valid() {
		v.fail(kind, key, "has %q as %s, which is no day", d, what)
	}
}

func (v *verifier) taxonomy(d *Data) {
	for _, s := range d.Sectors {
		for _, key := range s.CoveredBy {
			v.schemes[key] = true
		}
	}
	sectorOf := make(map[string]string, len(d.Branches))
	for _, b := range d.Branches {
		v.ref("branch", b.Slug, "sector", b.Sector, v.sectors)
		sectorOf[b.Slug] = b.Sector
	}
	for _, s := range d.Services {
		v.ref("service", s.Slug, "sector", s.Sector, v.sectors)
		if s.Branch == "" {
			continue
		}
		v.ref("service", s.Slug, "branch", s.Branch, v.branches)
		if of := sectorOf[s.Branch]; of != s.Sector {
			v.fail("service", s.Slug, "is of the sector %q, its branch %q of %q", s.Sector, s.Branch, of)
		}
	}
}

func (v *verifier) act(a *Act) {
	if !slices.Contains([]string{"FEDERAL", "STATE", "EU"}, a.Level) {
		v.fail("act", a.Slug, "has the unknown level %q", a.Level)
	}
	if !slices.Contains([]string{"IN_FORCE", "PROPOSED", "NOT_CONFIRMED"}, a.Status) {
		v.fail("act", a.Slug, "has the unknown status %q", a.Status)
	}
	if a.Land != "" {
		v.ref("act", a.Slug, "Land", a.Land, v.lands)
	}
	v.day("act", a.Slug, "first day", a.InForceSince)
	v.day("act", a.Slug, "day of its source", a.AsOf)
	if a.InForceSince == "" && a.AsOf == "" {
		v.fail("act", a.Slug, "has neither a first day nor a day of its source")
	}
	if a.Scope == nil {
		return
	}
	for _, key := range a.Scope.CoveredBy {
		if !v.schemes[key] {
			v.fail("act", a.Slug, "covers by %q, which no sector has", key)
		}
	}
	v.conditions("act", a.Slug, a.Scope.AppliesWhen)
}

func (v *verifier) body(b *Body) {
	known := []string{"", BodyDesignatedNotPublished, BodyDueNotPublished, BodyToBeDesignated, BodyOnePerLand}
	if !slices.Contains(known, b.Status) {
		v.fail("body", b.Slug, "has the unknown status %q", b.Status)
	}
}

func (v *verifier) competence(c *Competence) {
	const kind = "competence"
	defer v.in("")
	v.in("act").ref(kind, c.ID, "act", c.Act, v.acts)
	v.in("body").ref(kind, c.ID, "body", c.Body, v.bodies)
	if !c.Role.Known() {
		v.in("role").fail(kind, c.ID, "has the unknown role %q", c.Role)
	}
	if c.Land != "" && c.Land != AllLands {
		v.in("land").ref(kind, c.ID, "Land", c.Land, v.lands)
	}
	v.subject(c)
	for i, slug := range c.NotFor {
		if !v.sectors[slug] && !v.branches[slug] && !v.services[slug] {
			v.in(fmt.Sprintf("notFor.%d", i)).fail(kind, c.ID, "takes out %q, which does not exist", slug)
		}
	}
	for i, slug := range c.Displaces {
		v.in(fmt.Sprintf("displaces.%d", i)).ref(kind, c.ID, "act", slug, v.acts)
	}
	v.in("validFrom").day(kind, c.ID, "first day", c.ValidFrom)
	v.in("validUntil").day(kind, c.ID, "end", c.ValidUntil)
	if c.ValidUntil != "" && c.ValidUntil <= c.ValidFrom {
		v.fail(kind, c.ID, "ends on %s, not after its first day %s", c.ValidUntil, c.ValidFrom)
	}
	if !slices.Contains([]string{"VERIFIED", "MEMORY", "UNVERIFIED"}, c.Confidence) {
		v.in("confidence").fail(kind, c.ID, "has the unknown confidence %q", c.Confidence)
	}
	v.conditions(kind, c.ID, c.AppliesWhen)
}

// in says which field the flaws that follow are about.
func (v *verifier) in(field string) *verifier {
	v.field = field
	return v
}

func (v *verifier) subject(c *Competence) {
	const kind = "competence"
	v.in("subject")
	switch c.Kind {
	case CrossSector:
		if c.Subject != acrossAll && c.Subject != acrossMaritime {
			v.fail(kind, c.ID, "has the unknown subject %q across sectors", c.Subject)
		}
	case SectorWide:
		v.ref(kind, c.ID, "sector", c.Subject, v.sectors)
	case BranchWide:
		v.ref(kind, c.ID, "branch", c.Subject, v.branches)
	case ServiceOnly:
		v.ref(kind, c.ID, "service", c.Subject, v.services)
	default:
		v.in("kind").fail(kind, c.ID, "has an unknown kind of subject")
	}
}

func (v *verifier) conditions(kind, key string, conds []Condition) {
	defer v.in("")
	seen := map[string]bool{}
	for n, c := range conds {
		v.in(fmt.Sprintf("appliesWhen.%d.attribute", n))
		i := attributeIndex(c.Attribute)
		if i < 0 {
			v.fail(kind, key, "asks for the unknown attribute %q", c.Attribute)
			continue
		}
		if seen[c.Attribute] {
			v.fail(kind, key, "asks twice for %s", c.Attribute)
		}
		seen[c.Attribute] = true
		if len(c.Values) == 0 {
			v.in(fmt.Sprintf("appliesWhen.%d.values", n)).fail(kind, key, "asks for %s without a value", c.Attribute)
		}
		for m, value := range c.Values {
			if attributes[i].valueIndex(value) < 0 {
				v.in(fmt.Sprintf("appliesWhen.%d.values.%d", n, m)).
					fail(kind, key, "asks for %s = %q, which is not among %v", c.Attribute, value, attributes[i].Values)
			}
		}
	}
}
