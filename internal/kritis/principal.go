package kritis

import (
	"time"

	"kritisgraph/internal/store"
)

// The roles of a caller.
const (
	RoleSituationCentre ViewerRole = "SITUATION_CENTRE"
	RoleBBK             ViewerRole = "BBK"
	RoleLandContact     ViewerRole = "LAND_CONTACT"
	RoleSupervisor      ViewerRole = "SUPERVISOR"
	RoleOperator        ViewerRole = "OPERATOR"
	RoleIntegration     ViewerRole = "INTEGRATION"
	RoleAuditor         ViewerRole = "AUDITOR"
	RoleAdministrator   ViewerRole = "ADMINISTRATOR"
)

// Principal is a caller: who it is, which roles it has and what it may see.
type Principal struct {
	Subject string
	Roles   []ViewerRole
	scope   store.Scope
	told    store.Scope        // what follows from its body, operator and roles alone: scope without grants
	lands   []FederalStateCode // nil: all
	maxTLP  store.TLP
	known   bool // false: somebody without a token

	body, operator string // for whom it acts, by slug and reference; at most one is set
	partial        bool   // its token names Länder

	limit      store.TLP  // the strictest marking that its token lets it see
	breakGlass *time.Time // until when it sees RED by break-glass; nil: not

	// supervises is what the competences of its body let it see besides; nil: it supervises nothing.
	supervises *supervision

	key *integration // of a program with a key; nil: people, or nobody
}

// Known reports whether the caller said who it is; what nobody made is unknown.
func (p Principal) Known() bool { return p.known }

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
		{Audience: AudienceAdministration, Max: store.TLPRed},
	}
	grants = append(grants, store.Grant{Audience: AudienceCaller("subject:" + subject), Max: store.TLPRed})
	for _, code := range landCodes {
		grants = append(grants, store.Grant{Audience: AudienceLand(string(code)), Max: store.TLPRed})
	}
	return Principal{
		Subject: subject, Roles: []ViewerRole{RoleSituationCentre, RoleAdministrator},
		scope: store.NewScope(grants...), told: store.NewScope(grants...), maxTLP: store.TLPRed, limit: store.TLPRed, known: true,
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
