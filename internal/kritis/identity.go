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

// situationCentre are the bodies that keep the situation picture of the BSI.
var situationCentre = []string{"bsi", "bsi-situation-centre"}

// principal turns an identity into a caller: its roles and its sight, from the rulebook of this moment. A body or operator that
// gives no right leaves the public directory.
func (r *Rulebook) principal(id Identity) (Principal, error) {
	p := Principal{Subject: id.Subject, lands: []FederalStateCode{}, maxTLP: store.TLPGreen, known: true}
	grants := []store.Grant{{Audience: AudiencePublic, Max: store.TLPGreen}}
	allow := func(role ViewerRole, most store.TLP, audiences ...string) {
		p.Roles = append(p.Roles, role)
		p.maxTLP = max(p.maxTLP, most)
		for _, audience := range audiences {
			grants = append(grants, store.Grant{Audience: audience, Max: most})
		}
	}
	switch lands := r.landsOf[id.Body]; {
	case slices.Contains(situationCentre, id.Body):
		p.lands = landCodes
		allow(RoleSituationCentre, store.TLPRed, append(landAudiences(landCodes), AudienceSituationCentre, AudiencePublic)...)
	case len(lands) > 0:
		p.lands = lands
		allow(RoleLandContact, store.TLPAmberStrict, landAudiences(lands)...)
	}
	if id.Operator != "" {
		allow(RoleOperator, store.TLPRed, AudienceOperator(id.Operator))
	}
	for _, role := range []ViewerRole{RoleAuditor, RoleAdministrator} {
		if slices.Contains(id.Roles, string(role)) {
			p.Roles = append(p.Roles, role)
		}
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

// narrowed cuts the sight to what the token asks for. Where it names Länder, what is for no Land is left out as well.
func (p Principal) narrowed(id Identity, grants []store.Grant) (Principal, error) {
	limit := store.TLPRed
	if id.MaxTLP != "" {
		if err := limit.UnmarshalText([]byte(id.MaxTLP)); err != nil || limit == 0 {
			return Principal{}, &Error{Code: CodeUnauthenticated, Message: "The token names an unknown TLP marking."}
		}
	}
	kept := grants[:0]
	for _, g := range grants {
		if id.FederalStates != nil && g.Audience != AudiencePublic && !slices.ContainsFunc(id.FederalStates, func(code string) bool {
			return g.Audience == AudienceLand(code)
		}) {
			continue
		}
		g.Max = min(g.Max, limit)
		kept = append(kept, g)
	}
	if id.FederalStates != nil {
		p.lands = slices.DeleteFunc(slices.Clone(p.lands), func(c FederalStateCode) bool { return !slices.Contains(id.FederalStates, string(c)) })
	}
	p.maxTLP = min(p.maxTLP, limit)
	p.scope = store.NewScope(kept...)
	return p, nil
}
