package kritis

import (
	"context"
	"slices"
	"time"

	"kritisgraph/internal/store"
)

// Viewer tells the caller about itself.
type Viewer struct {
	principal Principal
	book      *Rulebook
	view      *View
}

// Viewer returns what the caller may know of itself.
func (v *View) Viewer(ctx context.Context) (*Viewer, error) {
	book, err := v.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	return &Viewer{principal: v.principal, book: book, view: v}, nil
}

// Subject returns the name of the caller.
func (v *Viewer) Subject() string { return v.principal.Subject }

// Roles returns the roles of the caller.
func (v *Viewer) Roles() []ViewerRole { return slices.Clone(v.principal.Roles) }

// BreakGlassUntil returns until when the caller sees RED content by break-glass, nil where it does not.
func (v *Viewer) BreakGlassUntil() *time.Time { return v.principal.breakGlass }

// ViewerScope is a part of what the caller may see beyond the public directory.
type ViewerScope struct {
	FederalStates []*FederalState
	Sectors       []*Sector
	MaxTlp        Tlp
}

// Scopes returns what the caller may see: what its body or operator is told of in all sectors, and what its body supervises.
func (v *Viewer) Scopes() []*ViewerScope {
	p := v.principal
	all := func(*Sector) bool { return true }
	told := v.scope(p.lands, all, p.maxTLP)
	s, roles := p.supervises, p.Roles
	if p.key != nil {
		roles = p.key.sight
	}
	switch {
	case s == nil || slices.Contains(roles, RoleSituationCentre): // who sees all supervises nothing besides
		return []*ViewerScope{told}
	case slices.Contains(roles, RoleLandContact) || slices.Contains(roles, RoleOperator):
		return []*ViewerScope{told, v.scope(s.lands(), s.covers, s.maxTLP)}
	default:
		return []*ViewerScope{v.scope(s.lands(), s.covers, s.maxTLP)}
	}
}

// scope names Länder, nil for all, and the sectors that are covered, in the order of the directory.
func (v *Viewer) scope(lands []FederalStateCode, covers func(*Sector) bool, most store.TLP) *ViewerScope {
	out := &ViewerScope{FederalStates: []*FederalState{}, Sectors: []*Sector{}, MaxTlp: Tlp(most.String())}
	for _, s := range v.book.states {
		if lands == nil || slices.Contains(lands, s.Code()) {
			out.FederalStates = append(out.FederalStates, s)
		}
	}
	for _, s := range v.book.sectors {
		if covers(s) {
			out.Sectors = append(out.Sectors, s)
		}
	}
	return out
}
