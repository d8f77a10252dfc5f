package responsibility_test

import (
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/kritis/responsibility"
)

// beaten are the rows that reach subjects but never win: a more specific row of the same body always does.
var beaten = map[string]string{
	"c001": "each sector that the BSIG covers has a row of its own for the same body",
}

// silent are the roles that serve no purpose.
var silent = []responsibility.Role{responsibility.Feedback, responsibility.StandardApproval, responsibility.OrdinanceMaker}

// asked is a question made for a row.
type asked struct {
	unit    responsibility.Unit
	purpose responsibility.Purpose
	sector  string
}

// subject is a subject with the slugs that name it.
type subject struct {
	responsibility.Subject
	sector string
	named  []string
}

// subjects gives every subject of the taxonomy, the narrow ones first.
func subjects(d responsibility.Data) []subject {
	var out []subject
	for _, s := range d.Services {
		out = append(out, subject{responsibility.Subject{Service: s.Slug}, s.Sector, []string{s.Slug, s.Branch, s.Sector}})
	}
	for _, b := range d.Branches {
		out = append(out, subject{responsibility.Subject{Branch: b.Slug}, b.Sector, []string{b.Slug, b.Sector}})
	}
	for _, s := range d.Sectors {
		out = append(out, subject{responsibility.Subject{Sector: s.Slug}, s.Slug, []string{s.Slug}})
	}
	return out
}

// plain are facts that leave the general rows in place.
var plain = facts("energyRole=OTHER", "publicTelecom=false", "doraEntity=false", "exchangeOperator=false", "euMainEstablishmentInGermany=true")

// placeFor gives a Land in which the row stands.
func placeFor(c responsibility.Competence) string {
	if c.Land == "" || c.Land == responsibility.AllLands {
		return "SN"
	}
	return c.Land
}

// met gives attributes with which all conditions hold.
func met(c responsibility.Competence) responsibility.Attributes {
	out := responsibility.Attributes{}
	for _, cond := range c.AppliesWhen {
		out[cond.Attribute] = cond.Values[0]
	}
	return out
}

// questionsFor gives the questions that a row should answer, if its conditions are met.
func questionsFor(d responsibility.Data, c responsibility.Competence) []asked {
	var out []asked
	for _, p := range responsibility.Purposes() {
		for _, s := range subjects(d) {
			if c.Kind != responsibility.CrossSector && !slices.Contains(s.named, c.Subject) {
				continue
			}
			for _, beneath := range []responsibility.Attributes{nil, plain} {
				u := responsibility.Unit{Site: placeFor(c), Subject: s.Subject, Attributes: met(c).Over(beneath)}
				out = append(out, asked{u, p, s.sector})
			}
		}
	}
	return out
}

// found says how a row shows in an answer.
type found struct{ certain, alternative bool }

func find(a responsibility.Answer, id string) found {
	var f found
	is := func(s *responsibility.Step) bool {
		return s.Competence.ID == id || slices.ContainsFunc(s.Others, func(c *responsibility.Competence) bool { return c.ID == id })
	}
	for i := range a.Regimes {
		for j := range a.Regimes[i].Chain {
			f.certain = f.certain || is(&a.Regimes[i].Chain[j])
		}
		for j := range a.Regimes[i].Alternatives {
			f.alternative = f.alternative || is(&a.Regimes[i].Alternatives[j].Step)
		}
	}
	return f
}

func gives(a responsibility.Answer, c responsibility.Competence) bool {
	for i := range a.Regimes {
		for j := range a.Regimes[i].Chain {
			s := &a.Regimes[i].Chain[j]
			if a.Regimes[i].Act.Slug == c.Act && s.Body.Slug == c.Body && strings.EqualFold(string(s.Role), string(c.Role)) {
				return true
			}
		}
	}
	return false
}

func TestEveryRowIsReachedAndObeysItsConditions(t *testing.T) {
	d := shippedData(t)
	rb := rulebook(t, d)
	for _, c := range d.Competences {
		t.Run(c.ID, func(t *testing.T) {
			hit, body := certainFor(t, rb, d, c)
			switch {
			case slices.Contains(silent, roleOf(c)):
				if hit != nil {
					t.Errorf("a row of the role %s shows for %s", roleOf(c), hit.purpose)
				}
			case beaten[c.ID] != "":
				if hit != nil || !body {
					t.Errorf("named %v, body given %v; want a row that never wins, whose body is given", hit, body)
				}
			case hit == nil:
				t.Error("no question names the row")
			default:
				conditionsDecide(t, rb, c, *hit)
			}
		})
	}
}

// certainFor finds a question that has the row as a certain step, and says whether any has its body.
func certainFor(t *testing.T, rb *responsibility.Rulebook, d responsibility.Data, c responsibility.Competence) (hit *asked, body bool) {
	t.Helper()
	for _, q := range questionsFor(d, c) {
		a := answer(t, rb, q.unit, q.purpose, today)
		body = body || gives(a, c)
		if find(a, c.ID).certain {
			return &q, true
		}
	}
	return nil, body
}

func roleOf(c responsibility.Competence) responsibility.Role {
	return responsibility.Role(strings.ToUpper(string(c.Role)))
}

// conditionsDecide asks again with each condition not met, and unknown.
func conditionsDecide(t *testing.T, rb *responsibility.Rulebook, c responsibility.Competence, q asked) {
	t.Helper()
	for _, cond := range c.AppliesWhen {
		i := slices.IndexFunc(responsibility.AllAttributes(), func(a responsibility.Attribute) bool { return a.Name == cond.Attribute })
		attribute := responsibility.AllAttributes()[i]
		for _, v := range attribute.Values {
			u := q.unit
			u.Attributes = responsibility.Attributes{cond.Attribute: v}.Over(q.unit.Attributes)
			f := find(answer(t, rb, u, q.purpose, today), c.ID)
			if holds := slices.ContainsFunc(cond.Values, func(x string) bool { return strings.EqualFold(x, v) }); f.certain != holds || f.alternative {
				t.Errorf("%s = %s: found %+v, want certain = %v", cond.Attribute, v, f, holds)
			}
		}
		u := q.unit
		u.Attributes = responsibility.Attributes{}.Over(q.unit.Attributes)
		u.Attributes[cond.Attribute] = responsibility.Unknown
		f := find(answer(t, rb, u, q.purpose, today), c.ID)
		want := found{alternative: true}
		if attribute.Default != "" && q.sector != attribute.UnknownIn {
			want = found{certain: slices.ContainsFunc(cond.Values, func(x string) bool { return strings.EqualFold(x, attribute.Default) })}
		}
		if f != want {
			t.Errorf("%s unknown: found %+v, want %+v", cond.Attribute, f, want)
		}
	}
}
