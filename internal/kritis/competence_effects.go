package kritis

import (
	"kritisgraph/internal/kritis/responsibility"
)

// CompetenceEffects is what a set of changes does to the answers about responsibility.
type CompetenceEffects struct {
	book       *Rulebook
	comparison responsibility.Comparison
}

// maxDifferences is the greatest number of differences that are listed.
const maxDifferences = 1_000

// compare says what differs between two rules of the same directory from a day on.
func compare(book *Rulebook, before, after *responsibility.Rulebook, from Day) (*CompetenceEffects, error) {
	c, err := before.Compare(after, responsibility.Day(from))
	if err != nil {
		return nil, err
	}
	return &CompetenceEffects{book: book, comparison: c}, nil
}

// DifferenceCount returns how many differences there are.
func (e *CompetenceEffects) DifferenceCount() int32 {
	return int32(len(e.comparison.Effects)) //nolint:gosec // far below 2^31
}

// Differences returns them by act, purpose, role and sector, at most 1,000.
func (e *CompetenceEffects) Differences() []*CompetenceDifference {
	out := []*CompetenceDifference{}
	for i := range e.comparison.Effects[:min(len(e.comparison.Effects), maxDifferences)] {
		out = append(out, &CompetenceDifference{effect: &e.comparison.Effects[i], book: e.book})
	}
	return out
}

// Losses returns who would lose their supervisor, by act, Land and sector.
func (e *CompetenceEffects) Losses() []*SupervisionLoss {
	out := []*SupervisionLoss{}
	for i := range e.comparison.Losses {
		l := &e.comparison.Losses[i]
		out = append(out, &SupervisionLoss{
			LegalAct: e.book.act(l.Act), FederalState: e.book.land(l.Land), Sector: e.book.sector(l.Sector), From: Day(l.From),
		})
	}
	return out
}

// SupervisionLoss says that somebody in a sector of a Land had a supervisor under an act and has none from a day on.
type SupervisionLoss struct {
	LegalAct     *LegalAct
	FederalState *FederalState
	Sector       *Sector
	From         Day
}

// CompetenceDifference is a difference for a sector in some Länder.
type CompetenceDifference struct {
	effect *responsibility.Effect
	book   *Rulebook
}

// LegalAct returns the act.
func (d *CompetenceDifference) LegalAct() *LegalAct { return d.book.act(d.effect.Act) }

// Purpose returns the purpose that was asked for.
func (d *CompetenceDifference) Purpose() responsibility.Purpose { return d.effect.Purpose }

// Role returns the role, nil where no role differs but the act as a whole.
func (d *CompetenceDifference) Role() *responsibility.Role {
	if d.effect.Role == "" {
		return nil
	}
	return &d.effect.Role
}

// Sector returns the sector.
func (d *CompetenceDifference) Sector() *Sector { return d.book.sector(d.effect.Sector) }

// Parts returns the branches and services of the sector for which it is so, none for the whole sector.
func (d *CompetenceDifference) Parts() []*CompetenceSubject {
	out := []*CompetenceSubject{}
	seen := map[string]bool{}
	for _, p := range d.effect.Parts {
		s := &CompetenceSubject{Kind: "BRANCH", Slug: p.Branch}
		if p.Service != "" {
			s.Kind, s.Slug = "SERVICE", p.Service
		}
		if key := string(s.Kind) + s.Slug; !seen[key] {
			seen[key] = true
			s.node, _ = lookup[taxon](d.book, subjectLabels[s.Kind], s.Slug)
			out = append(out, s)
		}
	}
	return out
}

// FederalStates returns the Länder in which it is so, by code.
func (d *CompetenceDifference) FederalStates() []*FederalState {
	out := make([]*FederalState, len(d.effect.Lands))
	for i, code := range d.effect.Lands {
		out[i] = d.book.land(code)
	}
	return out
}

// Validity returns on which days it is so.
func (d *CompetenceDifference) Validity() *Validity {
	from, until := Day(d.effect.From), Day(d.effect.Until)
	out := &Validity{From: &from}
	if until != "" {
		out.Until = &until
	}
	return out
}

// Before returns how it stands without the set.
func (d *CompetenceDifference) Before() *CompetenceStanding {
	return &CompetenceStanding{standing: d.effect.Before, book: d.book}
}

// After returns how it stands with the set.
func (d *CompetenceDifference) After() *CompetenceStanding {
	return &CompetenceStanding{standing: d.effect.After, book: d.book}
}

// CompetenceStanding is how an act stands for a role.
type CompetenceStanding struct {
	standing responsibility.Standing
	book     *Rulebook
}

// Status returns that of the act's regime.
func (s *CompetenceStanding) Status() responsibility.Status { return s.standing.Status }

// Authorities returns the bodies that are certain, by slug.
func (s *CompetenceStanding) Authorities() []*Authority {
	out := make([]*Authority, len(s.standing.Bodies))
	for i, slug := range s.standing.Bodies {
		out[i], _ = lookup[*Authority](s.book, LabelAuthority, slug)
	}
	return out
}

// Alternatives returns the bodies that depend on facts that are not known, by slug.
func (s *CompetenceStanding) Alternatives() []*ConditionalAuthority {
	out := make([]*ConditionalAuthority, len(s.standing.Alternatives))
	for i, a := range s.standing.Alternatives {
		body, _ := lookup[*Authority](s.book, LabelAuthority, a.Body)
		out[i] = &ConditionalAuthority{Authority: body, AppliesWhen: []*AttributeCondition{}}
		for _, c := range a.When {
			out[i].AppliesWhen = append(out[i].AppliesWhen, &AttributeCondition{Attribute: c.Attribute, Values: c.Values})
		}
	}
	return out
}

// Gaps returns the codes of what is missing.
func (s *CompetenceStanding) Gaps() []responsibility.GapCode {
	return append([]responsibility.GapCode{}, s.standing.Gaps...)
}

// ConditionalAuthority is a body that depends on facts that are not known.
type ConditionalAuthority struct {
	Authority   *Authority
	AppliesWhen []*AttributeCondition
}

func (r *Rulebook) sector(slug string) *Sector {
	x, _ := lookup[*Sector](r, LabelSector, slug)
	return x
}
