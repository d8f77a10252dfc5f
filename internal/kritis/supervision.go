package kritis

import (
	"fmt"
	"slices"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// NewRulebook builds a rulebook from the nodes of the reference data and the edges between them; others are passed over. It
// says why where they do not fit the responsibility rule.
func NewRulebook(nodes []store.Node, edges []store.Edge) (*Rulebook, error) {
	kept := slices.DeleteFunc(slices.Clone(nodes), func(n store.Node) bool { return !slices.Contains(rulebookLabels, n.Label()) })
	links := make(map[store.ID][]store.Edge, len(kept))
	for _, e := range edges {
		links[e.From] = append(links[e.From], e)
	}
	return newRulebook(0, kept, links)
}

// FacilityRows returns the audiences of the supervisory authorities of a facility, sorted: one for each supervision row that
// reaches it on the day or begins to later, for certain or depending on facts that are not known. What begins later gives
// nothing before, for callers are judged on the day of their request; a row that holds already, but reaches the facility only
// later because another one ends, is left out until then. The operator lends the facts that the facility lacks.
func (r *Rulebook) FacilityRows(day Day, operator, facility store.Node) ([]string, error) {
	return r.rows(day, facilityOf(facility, nil).Unit(attributesOf(object{operator})))
}

// OperatorRows returns the audiences of the supervisory authorities of an operator as [Rulebook.FacilityRows] does: those of its
// facilities or, without any, of its sectors at its seat. Without facilities and a seat in Germany it has none.
func (r *Rulebook) OperatorRows(day Day, operator store.Node, facilities []store.Node) ([]string, error) {
	op := operatorOf(operator)
	if op.Seat == "" && len(facilities) == 0 {
		return nil, nil
	}
	for _, f := range facilities {
		op.Facilities = append(op.Facilities, facilityOf(f, nil))
	}
	return r.rows(day, op.Units()...)
}

// rows judges the units one by one: a row may reach one of them already and another one later.
func (r *Rulebook) rows(day Day, units ...responsibility.Unit) ([]string, error) {
	days := r.daysFrom(day)
	var out []string
	for _, u := range units {
		for i, d := range days {
			answer, err := r.rule.Answer(responsibility.Question{Units: []responsibility.Unit{u}, Purpose: responsibility.ForSupervision, Day: d})
			if err != nil {
				return nil, fmt.Errorf("asking who supervises: %w", err)
			}
			for _, x := range supervisors(&answer) {
				if i == 0 || !r.rule.Holds(x.row, days[i-1]) {
					out = append(out, AudienceRow(x.row.ID, x.land))
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// daysFrom returns the day and those after it from which on other authorities may supervise.
func (r *Rulebook) daysFrom(day Day) []responsibility.Day {
	from := responsibility.Day(day)
	later, found := slices.BinarySearch(r.boundaries, from)
	if found {
		later++
	}
	return append([]responsibility.Day{from}, r.boundaries[later:]...)
}

// reach is a supervision row that reaches a unit, in a Land where it is one of a Land.
type reach struct {
	row  *responsibility.Competence
	land string
}

// supervisors are the rows that an answer names for supervision, steps and alternatives alike.
func supervisors(a *responsibility.Answer) []reach {
	var out []reach
	add := func(s *responsibility.Step) {
		if s.Role != responsibility.Supervision {
			return
		}
		out = append(out, reach{s.Competence, s.Land})
		for _, c := range s.Others {
			out = append(out, reach{c, s.Land})
		}
	}
	for i := range a.Regimes {
		regime := &a.Regimes[i]
		for j := range regime.Chain {
			add(&regime.Chain[j])
		}
		for j := range regime.Alternatives {
			add(&regime.Alternatives[j].Step)
		}
	}
	return out
}

// supervision is what the competences of a body let it see on a day.
type supervision struct {
	audiences []string
	sectors   map[string]bool
	maxTLP    store.TLP
}

// supervisionOf finds what the supervision rows let a body see that are assigned to it on the day. A row of every Land counts
// in all of them.
func (r *Rulebook) supervisionOf(body string, day Day) supervision {
	out := supervision{sectors: map[string]bool{}, maxTLP: store.TLPAmberStrict}
	for _, c := range r.rule.Assigned(body, responsibility.Supervision, responsibility.Day(day)) {
		places := []FederalStateCode{FederalStateCode(c.Land)}
		if c.Land == responsibility.AllLands {
			places = landCodes
		}
		for _, code := range places {
			out.audiences = append(out.audiences, AudienceRow(c.ID, string(code)))
		}
		for _, s := range r.sectors {
			if r.reaches(c, s) {
				out.sectors[s.Slug()] = true
			}
		}
	}
	return out
}

// reaches reports whether the subject of a row lies in a sector; a row across sectors lies in all but those that it leaves out.
func (r *Rulebook) reaches(c *responsibility.Competence, s *Sector) bool {
	switch c.Kind {
	case responsibility.SectorWide:
		return c.Subject == s.Slug()
	case responsibility.BranchWide:
		b, ok := lookup[*Branch](r, LabelBranch, c.Subject)
		return ok && b.sector == s
	case responsibility.ServiceOnly:
		x, ok := lookup[*Service](r, LabelService, c.Subject)
		return ok && x.sector == s
	default:
		return !slices.Contains(c.NotFor, s.Slug())
	}
}

// covers reports whether a row of the body lies in the sector.
func (s *supervision) covers(x *Sector) bool { return s.sectors[x.Slug()] }

// lands are the Länder in which the body supervises; a row without one means all.
func (s *supervision) lands() []FederalStateCode {
	out := []FederalStateCode{}
	for _, audience := range s.audiences {
		code := landOf(audience)
		if code == "" {
			return nil
		}
		out = append(out, FederalStateCode(code))
	}
	return out
}
