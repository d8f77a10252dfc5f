package kritis

import (
	"context"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

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

// The actions that the domain decides on itself.
const (
	ActionContactPointEdit     Action = "CONTACT_POINT_EDIT"
	ActionIntegrationKeyEdit   Action = "INTEGRATION_KEY_EDIT"
	ActionCompetenceSetPropose Action = "COMPETENCE_SET_PROPOSE"
	ActionCompetenceSetApprove Action = "COMPETENCE_SET_APPROVE"
	ActionOperatorEdit         Action = "OPERATOR_EDIT"
	ActionFacilityEdit         Action = "FACILITY_EDIT"
	ActionAuthorityEdit        Action = "AUTHORITY_EDIT"
)

// needs are the roles of which one is enough for an action, as a rule: what the action is done to decides too.
var needs = map[Action][]ViewerRole{
	"INCIDENT_REPORT":          {RoleSituationCentre, RoleOperator},
	"BRIEFING_PUBLISH":         {RoleSituationCentre},
	ActionContactPointEdit:     {RoleAdministrator, RoleSituationCentre, RoleLandContact},
	ActionIntegrationKeyEdit:   {RoleAdministrator},
	ActionCompetenceSetPropose: {RoleAdministrator, RoleSituationCentre, RoleLandContact},
	ActionCompetenceSetApprove: {RoleAdministrator, RoleSituationCentre},
	ActionOperatorEdit:         {RoleAdministrator, RoleSituationCentre, RoleOperator, RoleSupervisor},
	ActionFacilityEdit:         {RoleAdministrator, RoleSituationCentre, RoleOperator, RoleSupervisor},
	ActionAuthorityEdit:        {RoleAdministrator, RoleLandContact},
}

func joined(roles []ViewerRole, separator string) string {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = string(r)
	}
	return strings.Join(texts, separator)
}

// decide is the access rule for actions: what each needs, and what the caller has.
func (p Principal) decide(a Action) *ActionDecision {
	needed := needs[a]
	for _, role := range needed {
		if slices.Contains(p.Roles, role) {
			return &ActionDecision{
				Action: a, Allowed: true,
				de: "Erlaubt durch die Rolle " + string(role) + ".", en: "Allowed by the role " + string(role) + ".",
			}
		}
	}
	return &ActionDecision{
		Action: a, de: "Es fehlt eine der Rollen " + joined(needed, " oder ") + ".",
		en: "One of the roles " + joined(needed, " or ") + " is missing.",
	}
}

// has reports whether the caller has one of the roles.
func (p Principal) has(roles ...ViewerRole) bool {
	return slices.ContainsFunc(roles, func(r ViewerRole) bool { return slices.Contains(p.Roles, r) })
}

// within reports whether what is for these Länder, or for none, lies within what the caller manages by its roles: for an
// administrator and the situation centre everything, unless the token names Länder.
func (p Principal) within(codes []string) bool {
	if !p.partial && p.has(RoleAdministrator, RoleSituationCentre) {
		return true
	}
	inside := func(code string) bool { return slices.Contains(p.lands, FederalStateCode(code)) }
	return len(codes) > 0 && !slices.ContainsFunc(codes, func(code string) bool { return !inside(code) })
}

// mayEditContact reports whether the caller may change a contact point that a body holds: who runs the directory all, the
// contact of a Land those of its Land, a body its own office.
func (p Principal) mayEditContact(point store.Node, holder string) bool {
	if ContactPointRole(point.Prop("role").Text()) == ContactOffice && p.body != "" && p.body == holder {
		return true
	}
	return p.has(needs[ActionContactPointEdit]...) && p.within(point.Prop("landCodes").List())
}

// mayEditRegistered reports whether the caller may change an operator, or a facility of it, that has this visibility: who runs the
// directory, the operator itself, and a supervisory authority that sees it by one of its competences.
func (p Principal) mayEditRegistered(operator string, seen store.Visibility) bool {
	var lands []string
	for _, audience := range seen.Audiences {
		if code, ok := strings.CutPrefix(audience, "land:"); ok {
			lands = append(lands, code)
		}
	}
	switch {
	case p.has(RoleAdministrator, RoleSituationCentre) && p.within(lands), p.operator != "" && p.operator == operator:
		return true
	case p.supervises == nil || seen.TLP.Effective() > p.supervises.maxTLP:
		return false
	}
	return slices.ContainsFunc(seen.Audiences, func(a string) bool { return slices.Contains(p.supervises.audiences, a) })
}

// runs reports whether the caller may do with an operator what no supervisory authority does.
func (p Principal) runs(operator string) bool {
	return p.has(RoleAdministrator, RoleSituationCentre) || p.operator != "" && p.operator == operator
}

// mayEditAuthority reports whether the caller may change a body: administrators each, the contact of a Land those of its Land.
func (p Principal) mayEditAuthority(level AuthorityLevel, land string) bool {
	if p.has(RoleAdministrator) && p.within([]string{land}) {
		return true
	}
	return p.has(RoleLandContact) && level == "STATE" && slices.Contains(p.lands, FederalStateCode(land))
}
