package responsibility_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/seed"
)

var reference = sync.OnceValues(func() (responsibility.Data, error) {
	r, err := seed.Load()
	if err != nil {
		return responsibility.Data{}, err
	}
	return dataOf(r)
})

// shippedData is the reference data; each caller gets lists of its own.
func shippedData(tb testing.TB) responsibility.Data {
	tb.Helper()
	d, err := reference()
	if err != nil {
		tb.Fatal(err)
	}
	d.Acts = append([]responsibility.Act(nil), d.Acts...)
	d.Competences = append([]responsibility.Competence(nil), d.Competences...)
	d.Bodies = append([]responsibility.Body(nil), d.Bodies...)
	return d
}

func shipped(tb testing.TB) *responsibility.Rulebook {
	tb.Helper()
	return rulebook(tb, shippedData(tb))
}

func rulebook(tb testing.TB, d responsibility.Data) *responsibility.Rulebook {
	tb.Helper()
	rb, err := responsibility.NewRulebook(d)
	if err != nil {
		tb.Fatal(err)
	}
	return rb
}

// dataOf maps the reference data; Länder get the short codes of the API.
func dataOf(r seed.Reference) (responsibility.Data, error) {
	var d responsibility.Data
	for _, a := range r.LegalActs.LegalActs {
		act := responsibility.Act{
			Slug: a.Slug, Name: a.Name, Short: a.Short, Level: a.Level, Land: landCode(a.State), Status: a.Status,
			InForceSince: responsibility.Day(a.InForceSince), Source: a.Source, AsOf: responsibility.Day(a.AsOf),
		}
		if a.Scope != nil {
			act.Scope = &responsibility.Scope{CoveredBy: a.Scope.CoveredBy, AppliesWhen: conditionsOf(a.Scope.AppliesWhen)}
		}
		d.Acts = append(d.Acts, act)
	}
	for _, c := range r.Competences.Competences {
		kind, ok := responsibility.ParseSpecificity(c.SubjectKind)
		if !ok {
			return d, fmt.Errorf("competence %s: subject kind %q", c.ID, c.SubjectKind)
		}
		d.Competences = append(d.Competences, responsibility.Competence{
			ID: c.ID, Act: c.LegalAct, Provision: c.Provision, Kind: kind, Subject: c.Subject, Land: landCode(c.State), Body: c.Authority,
			Role: responsibility.Role(c.Role), ValidFrom: responsibility.Day(c.ValidFrom), ValidUntil: responsibility.Day(c.ValidUntil),
			AppliesWhen: conditionsOf(c.AppliesWhen), NotFor: c.NotFor, Gate: c.Gate, NotRecorded: c.Holder == "not_recorded",
			Displaces: c.Displaces, Confidence: c.Confidence, Source: c.Source, AsOf: responsibility.Day(c.AsOf),
		})
	}
	for _, a := range r.Authorities.Authorities {
		d.Bodies = append(d.Bodies, responsibility.Body{
			Slug: a.Slug, Names: responsibility.Names{DE: a.NameDE, EN: a.NameEN}, Abbreviation: a.Abbreviation, Kind: a.Kind, Level: a.Level,
			Status: a.Status, Land: landCode(a.State),
		})
	}
	for _, s := range r.Taxonomy.Sectors {
		d.Sectors = append(d.Sectors, responsibility.Sector{
			Slug: s.Slug, Names: responsibility.Names{DE: s.NameDE, EN: s.NameEN}, CoveredBy: s.CoveredBy.Keys(),
		})
	}
	for _, b := range r.Taxonomy.Branches {
		d.Branches = append(d.Branches, responsibility.Branch{
			Slug: b.Slug, Sector: b.Sector, Names: responsibility.Names{DE: b.NameDE, EN: b.NameEN},
		})
	}
	for _, s := range r.Taxonomy.Services {
		d.Services = append(d.Services, responsibility.Service{
			Slug: s.Slug, Sector: s.Sector, Branch: s.Branch, Names: responsibility.Names{DE: s.NameDE, EN: s.NameEN},
		})
	}
	for _, s := range r.States.States {
		d.Lands = append(d.Lands, responsibility.Land{Code: landCode(s.ID), Names: responsibility.Names{DE: s.NameDE, EN: s.NameEN}})
	}
	d.Designations = designationsOf(r)
	return d, nil
}

func designationsOf(r seed.Reference) []responsibility.Designation {
	roles := map[string]responsibility.Role{
		"name_contact": responsibility.BBKContactPoint, "name_authorities": responsibility.Supervision,
	}
	var out []responsibility.Designation
	for _, x := range r.Deadlines.Deadlines {
		if role, ok := roles[x.Stage]; ok {
			out = append(out, responsibility.Designation{
				Act: x.LegalAct, Role: role, Provision: x.Provision, By: responsibility.Day(x.Date), Period: x.Duration, Trigger: x.Trigger,
			})
		}
	}
	return out
}

// landCode turns de-by into BY; "all" and "" stay.
func landCode(id string) string {
	if code, ok := strings.CutPrefix(id, "de-"); ok {
		return strings.ToUpper(code)
	}
	return id
}

func conditionsOf(list seed.Conditions) []responsibility.Condition {
	var out []responsibility.Condition
	for _, c := range list {
		out = append(out, responsibility.Condition{Attribute: c.Attribute, Values: c.Values})
	}
	return out
}

// answer asks about one unit.
func answer(tb testing.TB, rb *responsibility.Rulebook, u responsibility.Unit, p responsibility.Purpose, day string, acts ...string) responsibility.Answer {
	tb.Helper()
	a, err := rb.Answer(responsibility.Question{Units: []responsibility.Unit{u}, Purpose: p, Acts: acts, Day: responsibility.Day(day)})
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func service(land, slug string, known ...string) responsibility.Unit {
	return responsibility.Unit{Site: land, Subject: responsibility.Subject{Service: slug}, Attributes: facts(known...)}
}

func branch(land, slug string, known ...string) responsibility.Unit {
	return responsibility.Unit{Site: land, Subject: responsibility.Subject{Branch: slug}, Attributes: facts(known...)}
}

func sector(land, slug string, known ...string) responsibility.Unit {
	return responsibility.Unit{Site: land, Subject: responsibility.Subject{Sector: slug}, Attributes: facts(known...)}
}

// facts reads "ownership=FEDERAL".
func facts(known ...string) responsibility.Attributes {
	out := responsibility.Attributes{}
	for _, k := range known {
		name, value, _ := strings.Cut(k, "=")
		out[name] = value
	}
	return out
}

// transcript writes an answer as lines that tests compare: status; per regime its status and what it displaces, steps with
// ! and the code of their gap, ? alternatives with unknowns, further gaps; acts that do not apply.
func transcript(a responsibility.Answer) string {
	var b strings.Builder
	fmt.Fprintln(&b, a.Status)
	for i := range a.Regimes {
		r := &a.Regimes[i]
		fmt.Fprintf(&b, "%s %s", r.Act.Slug, r.Status)
		for _, d := range r.Displaces {
			fmt.Fprintf(&b, " -%s", d.Slug)
		}
		fmt.Fprintln(&b)
		for j := range r.Chain {
			s := &r.Chain[j]
			fmt.Fprintf(&b, "  %d %s\n", s.Position, stepLine(s))
		}
		for j := range r.Alternatives {
			alt := &r.Alternatives[j]
			fmt.Fprintf(&b, "  ? %s if", stepLine(&alt.Step))
			for _, u := range alt.Unknowns {
				fmt.Fprintf(&b, " %s=%s", u.Attribute, strings.Join(u.Values, "|"))
			}
			fmt.Fprintln(&b)
		}
		for j := range r.Gaps {
			if g := &r.Gaps[j]; g.Body == nil {
				fmt.Fprintf(&b, "  ! %s\n", strings.TrimRight(fmt.Sprintf("%s %s %s", g.Code, lower(g.Role), g.Land), " "))
			}
		}
	}
	for i := range a.NotApplicable {
		n := &a.NotApplicable[i]
		fmt.Fprintf(&b, "not %s %s\n", n.Act.Slug, n.Reason)
	}
	return strings.TrimSpace(b.String())
}

func stepLine(s *responsibility.Step) string {
	words := []string{lower(s.Role), s.Body.Slug}
	if s.Land != "" {
		words = append(words, "("+s.Land+")")
	}
	words = append(words, s.Specificity.String())
	if s.Gap != nil {
		words = append(words, "! "+string(s.Gap.Code))
	}
	return strings.Join(words, " ")
}

func lower(r responsibility.Role) string { return strings.ToLower(string(r)) }

// trim removes the indentation that a table gives its texts.
func trim(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(lines[i], "\t\t\t"), "\t")
	}
	return strings.Join(lines, "\n")
}
