package kritis

import (
	"slices"

	"kritisgraph/internal/store"
)

// Identity is what a verified token says of a caller. Body and Operator name who it speaks for; what that lets it see follows
// from the graph, not from the token. FederalStates and MaxTLP can only narrow it. Roles are those that no body gives:
// ADMINISTRATOR and AUDITOR; others are ignored.
type Identity struct {
	Subject       string
	Body          string // slug of an authority
	Operator      string // reference of an operator
	Roles         []string
	FederalStates []string // nil: not narrowed
	MaxTLP        string   // empty: not narrowed
}

// situationCentre are the bodies that keep the situation picture of the BSI, bbkBody is the slug of the BBK.
var situationCentre = []string{"bsi", "bsi-situation-centre"}

const bbkBody = "bbk"

// Principal turns an identity into a caller: its roles and its sight, from this rulebook on a day. A body or operator that
// gives no right leaves the public directory.
func (r *Rulebook) Principal(id Identity, day Day) (Principal, error) {
	p := Principal{
		Subject: id.Subject, body: id.Body, operator: id.Operator, lands: []FederalStateCode{}, maxTLP: store.TLPGreen, known: true,
		partial: id.FederalStates != nil,
	}
	grants := []store.Grant{{Audience: AudiencePublic, Max: store.TLPGreen}}
	allow := func(role ViewerRole, most store.TLP, audiences ...string) {
		p.Roles = append(p.Roles, role)
		p.maxTLP = max(p.maxTLP, most)
		for _, audience := range audiences {
			grants = append(grants, store.Grant{Audience: audience, Max: most})
		}
	}
	everywhere := append(landAudiences(landCodes), AudiencePublic)
	switch lands := r.landsOf(id.Body, day); {
	case slices.Contains(situationCentre, id.Body):
		p.lands = landCodes
		allow(RoleSituationCentre, store.TLPRed, append(everywhere, AudienceSituationCentre, AudienceAdministration)...)
	case id.Body == bbkBody:
		p.lands = landCodes
		allow(RoleBBK, store.TLPAmberStrict, everywhere...)
		grants = append(grants, store.Grant{Audience: AudienceBBK, Max: store.TLPRed})
	case len(lands) > 0:
		p.lands = lands
		allow(RoleLandContact, store.TLPAmberStrict, landAudiences(lands)...)
	}
	if s := r.supervisionOf(id.Body, day); len(s.audiences) > 0 {
		p.supervises = &s
		p.Roles = append(p.Roles, RoleSupervisor)
		for _, audience := range s.audiences {
			grants = append(grants, store.Grant{Audience: audience, Max: s.maxTLP})
		}
	}
	if id.Operator != "" {
		allow(RoleOperator, store.TLPRed, AudienceOperator(id.Operator))
	}
	if slices.Contains(id.Roles, string(RoleAuditor)) {
		p.Roles = append(p.Roles, RoleAuditor)
	}
	if slices.Contains(id.Roles, string(RoleAdministrator)) {
		p.lands = landCodes
		allow(RoleAdministrator, store.TLPAmberStrict, append(everywhere, AudienceSituationCentre, AudienceAdministration)...)
	}
	return p.narrowed(id, grants)
}

func landAudiences(codes []FederalStateCode) []string {
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = AudienceLand(string(code))
	}
	return out
}

// narrowed cuts the sight to what the token asks for. Where it names Länder, what is for no Land is left out as well. What the
// caller asked for itself is its own.
func (p Principal) narrowed(id Identity, grants []store.Grant) (Principal, error) {
	limit := store.TLPRed
	if id.MaxTLP != "" {
		if err := limit.UnmarshalText([]byte(id.MaxTLP)); err != nil || limit == 0 {
			return Principal{}, &Error{Code: CodeUnauthenticated, Message: "The token names an unknown TLP marking."}
		}
	}
	kept := grants[:0]
	for _, g := range grants {
		if g.Audience != AudiencePublic && !id.covers(g.Audience) {
			continue
		}
		g.Max = min(g.Max, limit)
		kept = append(kept, g)
	}
	for _, name := range []string{p.requester(), p.person()} {
		kept = append(kept, store.Grant{Audience: AudienceCaller(name), Max: limit})
	}
	if id.FederalStates != nil {
		p.lands = slices.DeleteFunc(slices.Clone(p.lands), func(c FederalStateCode) bool { return !slices.Contains(id.FederalStates, string(c)) })
	}
	p.maxTLP = min(p.maxTLP, limit)
	if s := p.supervises; s != nil {
		s.maxTLP = min(s.maxTLP, limit)
		s.audiences = slices.DeleteFunc(s.audiences, func(audience string) bool { return !id.covers(audience) })
	}
	p.limit = limit
	p.told = store.NewScope(kept...)
	p.scope = p.told
	return p, nil
}

// covers reports whether the token leaves an audience in the sight: where it names Länder, those that are bound to one of them.
func (id Identity) covers(audience string) bool {
	code := landOf(audience)
	return id.FederalStates == nil || code != "" && slices.Contains(id.FederalStates, code)
}
