package kritis

import (
	"context"
	"slices"

	"kritisgraph/internal/store"
)

// The roles of a caller.
const (
	RoleSituationCentre ViewerRole = "SITUATION_CENTRE"
	RoleAdministrator   ViewerRole = "ADMINISTRATOR"
)

// Principal is a caller: who it is, which roles it has and what it may see.
type Principal struct {
	Subject string
	Roles   []ViewerRole
	scope   store.Scope
	lands   []FederalStateCode // nil: all
	maxTLP  store.TLP
}

// Scope returns what the caller sees.
func (p Principal) Scope() store.Scope { return p.scope }

// landCodes are the sixteen Länder.
var landCodes = []FederalStateCode{
	"BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH",
}

// Development returns the principal of a server without authentication: situation centre and administrator, all Länder
// and sectors up to RED. It takes the same path as any other.
func Development(subject string) Principal {
	grants := []store.Grant{
		{Audience: AudiencePublic, Max: store.TLPRed},
		{Audience: AudienceSituationCentre, Max: store.TLPRed},
	}
	for _, code := range landCodes {
		grants = append(grants, store.Grant{Audience: AudienceLand(string(code)), Max: store.TLPRed})
	}
	return Principal{
		Subject: subject, Roles: []ViewerRole{RoleSituationCentre, RoleAdministrator},
		scope: store.NewScope(grants...), maxTLP: store.TLPRed,
	}
}

// Anonymous returns the principal of a caller without a name: the public directory only.
func Anonymous() Principal {
	return Principal{Subject: "anonymous", scope: publicScope(), lands: []FederalStateCode{}, maxTLP: store.TLPClear}
}

// publicScope is the sight of everybody.
func publicScope() store.Scope {
	return store.NewScope(store.Grant{Audience: AudiencePublic, Max: store.TLPClear})
}

// Viewer tells the caller about itself.
type Viewer struct {
	principal Principal
	book      *Rulebook
}

// Viewer returns what the caller may know of itself.
func (v *View) Viewer(ctx context.Context) (*Viewer, error) {
	book, err := v.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	return &Viewer{principal: v.principal, book: book}, nil
}

// Subject returns the name of the caller.
func (v *Viewer) Subject() string { return v.principal.Subject }

// Roles returns the roles of the caller.
func (v *Viewer) Roles() []ViewerRole { return slices.Clone(v.principal.Roles) }

// ViewerScope is a part of what the caller may see beyond the public directory.
type ViewerScope struct {
	FederalStates []*FederalState
	Sectors       []*Sector
	MaxTlp        Tlp
}

// Scopes returns what the caller may see.
func (v *Viewer) Scopes() []*ViewerScope {
	states := []*FederalState{}
	for _, s := range v.book.states {
		if v.principal.lands == nil || slices.Contains(v.principal.lands, s.Code()) {
			states = append(states, s)
		}
	}
	return []*ViewerScope{{FederalStates: states, Sectors: v.book.sectors, MaxTlp: Tlp(v.principal.maxTLP.String())}}
}

// ActionDecision says whether the caller may do something, and why.
type ActionDecision struct {
	Action  Action
	Allowed bool
	de, en  string
}

// Reason returns the reason in the language asked.
func (d *ActionDecision) Reason(ctx context.Context, lang *Language) string {
	return pick(language(ctx, lang), d.de, d.en)
}

// maxActions is the greatest number of actions in one question.
const maxActions = 20

// Can decides about actions, in the order asked.
func (v *Viewer) Can(actions []Action) ([]*ActionDecision, error) {
	if len(actions) > maxActions {
		return nil, BadInput("actions", "actions takes at most %d actions, not %d: ask several times.", maxActions, len(actions))
	}
	out := make([]*ActionDecision, len(actions))
	for i, a := range actions {
		out[i] = v.principal.decide(a)
	}
	return out, nil
}

// decide is the access rule for actions: what each needs, and what the caller has.
func (p Principal) decide(a Action) *ActionDecision {
	needs := map[Action]ViewerRole{
		"INCIDENT_REPORT": RoleSituationCentre, "BRIEFING_PUBLISH": RoleSituationCentre, "CONTACT_POINT_EDIT": RoleAdministrator,
	}
	role := needs[a]
	d := &ActionDecision{Action: a, Allowed: slices.Contains(p.Roles, role)}
	if d.Allowed {
		d.de, d.en = "Erlaubt durch die Rolle "+string(role)+".", "Allowed by the role "+string(role)+"."
		return d
	}
	d.de, d.en = "Es fehlt die Rolle "+string(role)+".", "The role "+string(role)+" is missing."
	return d
}
