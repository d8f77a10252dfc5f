package responsibility

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Boundaries gives the days, sorted, from which on an answer for the purpose can have other steps than the day before: those on which
// rows that play a part in it begin, no earlier than their act, or hold no longer.
func (rb *Rulebook) Boundaries(p Purpose) []Day {
	i := purposeIndex(p)
	if i < 0 {
		return nil
	}
	line := &purposeTable[i]
	var days []Day
	for j := range rb.rows {
		r := &rb.rows[j]
		plays := rb.playsIn(line, r)
		if plays && r.from != "" {
			days = append(days, r.from)
		}
		opens := r.Kind != CrossSector && line.rolesOf(&r.act.Act) != nil // its act in a sector, until it ends
		if (plays || opens) && r.ValidUntil != "" {
			days = append(days, r.ValidUntil)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// playsIn says whether a row names a body of the purpose, or displaces an act of it.
func (rb *Rulebook) playsIn(p *purposeLine, r *row) bool {
	plays := func(a *act) bool {
		return slices.ContainsFunc(p.rolesOf(&a.Act), func(u roleUse) bool { return u.role == r.Role })
	}
	return plays(r.act) || slices.ContainsFunc(r.displaces, func(i int) bool { return plays(&rb.acts[i]) })
}

// Holds says whether a row of this rulebook is valid on the day and its act in force.
func (rb *Rulebook) Holds(c *Competence, day Day) bool {
	i := slices.IndexFunc(rb.rows, func(r row) bool { return r.Competence == c })
	return i >= 0 && rb.rows[i].holds(day)
}

func (r *row) holds(day Day) bool {
	return r.from != "" && r.from <= day && (r.ValidUntil == "" || day < r.ValidUntil)
}

// Fingerprint gives a digest of all that steps can depend on beside the question, and on none of the texts and sources: two rulebooks that
// share it name the same rows for the same units on the same day.
func (rb *Rulebook) Fingerprint() string {
	h := sha256.New()
	for i := range rb.lands {
		fmt.Fprintf(h, "land %q\n", rb.lands[i].Code)
	}
	for _, s := range rb.sectors {
		fmt.Fprintf(h, "sector %q %q\n", s.Slug, s.CoveredBy)
	}
	for _, b := range rb.branches {
		fmt.Fprintf(h, "branch %q %q\n", b.Slug, b.Sector)
	}
	for _, s := range rb.services {
		fmt.Fprintf(h, "service %q %q %q\n", s.Slug, s.Sector, s.Branch)
	}
	for i := range rb.acts {
		a := &rb.acts[i]
		fmt.Fprintf(h, "act %q %q %t %q", a.Slug, a.Level, a.confirmed, a.start)
		if a.Scope != nil {
			fmt.Fprintf(h, " %q %q", a.Scope.CoveredBy, a.Scope.AppliesWhen)
		}
		fmt.Fprintln(h)
	}
	for i := range rb.rows {
		r := &rb.rows[i]
		fmt.Fprintf(h, "row %q %q %q %q %q %q %t %q %q %q %q %q %t %q\n", r.ID, r.Act, r.Kind, r.Subject, r.Land, r.Body, r.body.Placeholder(),
			r.Role, r.from, r.ValidUntil, r.AppliesWhen, r.NotFor, r.Gate, slices.Sorted(slices.Values(r.Displaces)))
	}
	return hex.EncodeToString(h.Sum(nil))
}
