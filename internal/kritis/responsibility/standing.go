package responsibility

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// standing finds how a role stands. One that has neither body nor gap stands as its act does.
func standing(in map[part]Standing, p part) Standing {
	if s, ok := in[p]; ok {
		return s
	}
	if whole, ok := in[part{act: p.act}]; ok {
		return Standing{Status: whole.Status}
	}
	return Standing{Status: NotApplicableStatus}
}

// standings sums the answer for a leaf up: for each act as a whole, and for each role of it that has a body or a gap.
func (rb *Rulebook) standings(a *Answer) map[part]Standing {
	out := map[part]Standing{}
	for i := range a.Regimes {
		r := &a.Regimes[i]
		act := rb.actBySlug[r.Act.Slug]
		out[part{act: act}] = Standing{Status: r.Status, Gaps: r.Codes}
		roles := map[Role]*Standing{}
		of := func(role Role) *Standing {
			if roles[role] == nil {
				roles[role] = &Standing{Status: r.Status}
			}
			return roles[role]
		}
		gap := func(g *Gap) {
			if g != nil && g.Role != "" {
				of(g.Role).Gaps = append(of(g.Role).Gaps, g.Code)
			}
		}
		for j := range r.Chain {
			s := of(r.Chain[j].Role)
			s.Bodies = append(s.Bodies, r.Chain[j].Body.Slug)
		}
		for j := range r.Alternatives {
			s := of(r.Alternatives[j].Role)
			s.Alternatives = append(s.Alternatives, r.Alternatives[j].conditional())
			gap(r.Alternatives[j].Gap)
		}
		for j := range r.Gaps {
			gap(&r.Gaps[j])
		}
		for role, s := range roles {
			out[part{act, role}] = s.inOrder()
		}
	}
	return out
}

func (a *Alternative) conditional() Conditional {
	c := Conditional{Body: a.Body.Slug}
	for _, u := range a.Unknowns {
		c.When = append(c.When, Condition{Attribute: u.Attribute, Values: u.Values})
	}
	return c
}

// inOrder sorts the lists; each entry once.
func (s *Standing) inOrder() Standing {
	slices.Sort(s.Bodies)
	slices.SortFunc(s.Alternatives, compareConditionals)
	slices.SortFunc(s.Gaps, func(a, b GapCode) int { return cmp.Compare(codeIndex(a), codeIndex(b)) })
	s.Bodies, s.Gaps = slices.Compact(s.Bodies), slices.Compact(s.Gaps)
	return *s
}

func compareConditionals(a, b Conditional) int {
	return cmp.Or(cmp.Compare(a.Body, b.Body), slices.CompareFunc(a.When, b.When, func(x, y Condition) int {
		return cmp.Or(cmp.Compare(x.Attribute, y.Attribute), slices.Compare(x.Values, y.Values))
	}))
}

// key is equal for equal standings.
func (s Standing) key() string {
	return fmt.Sprintf("%q", []any{s.Status, s.Bodies, s.Alternatives, s.Gaps})
}

// effectKey is what differences share that are one effect in a Land.
type effectKey struct {
	purpose, land, sector int
	part
	from, until   Day
	before, after string
}

// grouped turns differences into effects: first the leaves of a sector, then the Länder in which the same is so.
func (c *comparer) grouped() []Effect {
	rb := c.books[0]
	leaves := map[effectKey][]int{}
	sample := map[effectKey]*delta{}
	for _, d := range c.done {
		k := effectKey{d.purpose, d.land, rb.sectorBySlug[rb.leaves[d.leaf].sector.Slug], d.part, d.from, d.until, d.before.key(), d.after.key()}
		leaves[k] = append(leaves[k], d.leaf)
		sample[k] = d
	}
	type everywhere struct {
		effectKey
		leaves string
	}
	lands := map[everywhere][]int{}
	for k, list := range leaves {
		slices.Sort(list)
		land := k.land
		k.land = 0
		e := everywhere{k, fmt.Sprint(list)}
		lands[e] = append(lands[e], land)
	}
	out := make([]Effect, 0, len(lands))
	for e, list := range lands {
		slices.Sort(list)
		k := e.effectKey
		k.land = list[0]
		d := sample[k]
		x := Effect{
			Act: &rb.acts[d.act].Act, Purpose: purposeTable[d.purpose].purpose, Role: d.role, Sector: rb.sectors[k.sector].Slug,
			Parts: rb.parts(k.sector, leaves[k]), From: d.from, Until: d.until, Before: d.before, After: d.after,
		}
		for _, land := range list {
			x.Lands = append(x.Lands, rb.lands[land].Code)
		}
		out = append(out, x)
	}
	slices.SortFunc(out, rb.compareEffects)
	return out
}

// parts names the leaves of a sector, nil for all of them.
func (rb *Rulebook) parts(sector int, leaves []int) []Subject {
	var out []Subject
	whole := true
	for i := range rb.leaves {
		switch l := &rb.leaves[i]; {
		case l.sector.Slug != rb.sectors[sector].Slug:
		case slices.Contains(leaves, i):
			out = append(out, l.subject())
		default:
			whole = false
		}
	}
	if whole {
		return nil
	}
	return out
}

// subject names a leaf as a question does.
func (l *leaf) subject() Subject {
	switch {
	case l.service != nil && l.service.Branch == "" && l.branch != nil:
		return Subject{Service: l.service.Slug, Branch: l.branch.Slug}
	case l.service != nil:
		return Subject{Service: l.service.Slug}
	case l.branch != nil:
		return Subject{Branch: l.branch.Slug}
	default:
		return Subject{Sector: l.sector.Slug}
	}
}

func (rb *Rulebook) compareEffects(a, b Effect) int {
	return cmp.Or(
		cmp.Compare(rb.actBySlug[a.Act.Slug], rb.actBySlug[b.Act.Slug]), cmp.Compare(purposeIndex(a.Purpose), purposeIndex(b.Purpose)),
		cmp.Compare(a.Role, b.Role), cmp.Compare(rb.sectorBySlug[a.Sector], rb.sectorBySlug[b.Sector]),
		slices.Compare(a.Lands, b.Lands), cmp.Compare(a.From, b.From), cmp.Compare(partsText(a.Parts), partsText(b.Parts)),
		cmp.Compare(a.Before.key(), b.Before.key()), cmp.Compare(a.After.key(), b.After.key()),
	)
}

func partsText(parts []Subject) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Service + "/" + p.Branch + " ")
	}
	return b.String()
}
