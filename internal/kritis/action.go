package kritis

import (
	"context"
	"errors"
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

// Can decides about actions, in the order asked: as a rule, or for one object. A hidden object has the answer of a missing one.
func (v *Viewer) Can(ctx context.Context, actions []Action, on *string) ([]*ActionDecision, error) {
	if len(actions) > maxActions {
		return nil, BadInput("actions", "actions takes at most %d actions, not %d: ask several times.", maxActions, len(actions))
	}
	out := make([]*ActionDecision, len(actions))
	for i, a := range actions {
		out[i] = v.decide(a)
		if on == nil {
			continue
		}
		var err error
		if out[i], err = v.decideOn(ctx, out[i], *on); err != nil {
			return nil, err
		}
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
	ActionDependencyEdit       Action = "DEPENDENCY_EDIT"
	ActionAccessRequest        Action = "ACCESS_REQUEST"
	ActionAccessDecide         Action = "ACCESS_DECIDE"
	ActionBreakGlass           Action = "BREAK_GLASS"
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
	ActionDependencyEdit:       {RoleAdministrator, RoleSituationCentre, RoleOperator, RoleSupervisor},
	ActionAccessDecide:         {RoleSituationCentre, RoleOperator, RoleLandContact, RoleAdministrator},
	ActionBreakGlass:           {RoleAdministrator},
}

// words are the same words in both languages.
type words struct{ de, en string }

var supervised = words{"das, was der Aufsicht unterliegt", "what is supervised"}

// doneTo are the things that an action is done to, where a role does it to a part of them only.
var doneTo = map[Action]map[ViewerRole]words{
	ActionCompetenceSetPropose: {RoleLandContact: {"Zuständigkeiten von", "competences of"}},
	ActionContactPointEdit:     {RoleLandContact: {"Kontaktstellen von", "contact points of"}},
	ActionAuthorityEdit:        {RoleLandContact: {"Behörden von", "bodies of"}},
	ActionOperatorEdit:         {RoleOperator: {"den eigenen Betreiber", "the own operator"}, RoleSupervisor: supervised},
	ActionFacilityEdit:         {RoleOperator: {"die eigenen Anlagen", "the own facilities"}, RoleSupervisor: supervised},
	ActionDependencyEdit: {
		RoleOperator:   {"das, wovon der eigene Betreiber und seine Anlagen abhängen", "what the own operator and its facilities depend on"},
		RoleSupervisor: {"das, wovon abhängt, was der Aufsicht unterliegt", "the providers of what is supervised"},
	},
	ActionAccessDecide: {
		RoleLandContact: {"Anfragen nach Kontaktstellen von", "requests for contact points of"}, RoleAdministrator: {"Anfragen nach Kontaktstellen", "requests for contact points"},
		RoleOperator: {"Anfragen nach dem, was dem Betreiber gehört", "requests for what belongs to the operator"},
	},
}

func joined(roles []ViewerRole, separator string) string {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = string(r)
	}
	return strings.Join(texts, separator)
}

// decide is the access rule for actions: what each needs, what the caller has, and how far that goes.
func (v *Viewer) decide(a Action) *ActionDecision {
	p, d := v.principal, &ActionDecision{Action: a}
	for _, role := range needs[a] {
		if !p.has(role) {
			continue
		}
		limit, some := v.limit(a, role)
		if !some {
			d.de, d.en = "Das Token lässt von der Rolle "+string(role)+" kein Land übrig.", "The token leaves no Land of the role "+string(role)+"."
			continue
		}
		d.Allowed = true
		d.de, d.en = "Erlaubt durch die Rolle "+string(role)+limit.de+".", "Allowed by the role "+string(role)+limit.en+"."
		return d
	}
	switch {
	case a == ActionAccessRequest && p.key != nil:
		d.de, d.en = "Programme mit einem Schlüssel ändern nichts.", "Programs with a key change nothing."
	case a == ActionAccessRequest && p.known:
		d.Allowed = true
		d.de, d.en = "Erlaubt mit einem Token, für das, was Sie nicht sehen.", "Allowed with a token, for what you do not see."
	case a == ActionAccessRequest:
		d.de, d.en = "Es fehlt ein Token.", "A token is missing."
	case a == ActionContactPointEdit && v.holdsOffice():
		d.Allowed = true
		d.de, d.en = "Erlaubt für die eigenen Kontakte der Behörde "+p.body+".", "Allowed for the own contacts of the body "+p.body+"."
	case d.de == "" && len(needs[a]) == 1:
		d.de, d.en = "Es fehlt die Rolle "+string(needs[a][0])+".", "The role "+string(needs[a][0])+" is missing."
	case d.de == "":
		d.de, d.en = "Es fehlt eine der Rollen "+joined(needs[a], " oder ")+".", "One of the roles "+joined(needs[a], " or ")+" is missing."
	}
	return d
}

// holdsOffice reports whether the caller acts for a body of the directory.
func (v *Viewer) holdsOffice() bool {
	body, ok := lookup[*Authority](v.book, LabelAuthority, v.principal.body)
	return ok && !body.Placeholder()
}

// limit says how far a role goes for an action; false: not at all, for the token leaves no Land.
func (v *Viewer) limit(a Action, role ViewerRole) (words, bool) {
	p := v.principal
	things, part := doneTo[a][role]
	byLand := len(doneTo[a]) > 0 && role != RoleOperator && role != RoleSupervisor && (role == RoleLandContact || p.partial)
	switch {
	case !byLand && !part:
		return words{}, true
	case !byLand:
		return words{", für " + things.de, ", for " + things.en}, true
	case len(p.lands) == 0:
		return words{}, false
	}
	lands := v.landNames()
	if !part {
		return words{", für " + lands.de, ", for " + lands.en}, true
	}
	return words{", für " + things.de + " " + lands.de, ", for " + things.en + " " + lands.en}, true
}

// landNames are the names of the Länder of the caller.
func (v *Viewer) landNames() words {
	var de, en []string
	for _, s := range v.book.states {
		if slices.Contains(v.principal.lands, s.Code()) {
			de, en = append(de, s.text("nameDe")), append(en, s.text("nameEn"))
		}
	}
	return words{strings.Join(de, ", "), strings.Join(en, ", ")}
}

// decideOn decides about an action for one object, given what holds as a rule.
func (v *Viewer) decideOn(ctx context.Context, rule *ActionDecision, on string) (*ActionDecision, error) {
	var labels []store.Label
	switch rule.Action {
	case ActionContactPointEdit:
		labels = []store.Label{LabelContactPoint}
	case ActionOperatorEdit:
		labels = []store.Label{LabelOperator}
	case ActionFacilityEdit:
		labels = []store.Label{LabelFacility}
	case ActionAuthorityEdit:
		labels = []store.Label{LabelAuthority}
	case ActionDependencyEdit: // one that there is, or a new one of a dependent
		labels = []store.Label{labelDependency, LabelFacility, LabelOperator}
	case ActionAccessDecide:
		labels = []store.Label{LabelAccessGrant}
	case ActionAccessRequest:
		labels = grantable
	default:
		return rule, nil // it is done to nothing that exists before
	}
	d := &ActionDecision{Action: rule.Action}
	id, err := ParseGlobalID(on)
	if err == nil && !slices.Contains(labels, store.Label(id.Kind())) {
		d.de, d.en = "Das geht nicht mit einem solchen Objekt.", "This is not done to such an object."
		return d, nil
	}
	n, err := v.view.actedOn(ctx, id)
	hidden := errors.Is(err, store.ErrNotFound)
	switch {
	case rule.Action == ActionAccessRequest && hidden:
		return rule, nil
	case hidden:
		d.de, d.en = "Das Objekt gibt es nicht, oder Sie sehen es nicht.", "The object does not exist, or is not visible for you."
		return d, nil
	case err != nil:
		return nil, err
	case rule.Action == ActionAccessRequest:
		d.de, d.en = "Sie sehen es schon.", "You see it already."
		return d, nil
	}
	if d.Allowed, err = v.may(ctx, rule.Action, n); err != nil {
		return nil, err
	}
	switch {
	case d.Allowed && rule.Allowed:
		d.de, d.en = rule.de, rule.en
	case d.Allowed:
		d.de, d.en = "Erlaubt.", "Allowed."
	default:
		d.de, d.en = "Für dieses Objekt nicht. "+rule.de, "Not for this object. "+rule.en
	}
	return d, nil
}

// actedOn reads the node that says whether something may be done to a thing: the thing itself, of a dependency its dependent.
func (v *View) actedOn(ctx context.Context, id store.ID) (store.Node, error) {
	if store.Label(id.Kind()) != labelDependency {
		return v.reader.Node(ctx, id)
	}
	found, err := v.dependencies(ctx, []store.ID{id})
	if err != nil {
		return store.Node{}, err
	}
	d := found[id]
	if d == nil {
		return store.Node{}, store.ErrNotFound
	}
	return v.reader.Node(ctx, d.edge.To)
}

// may reports whether the caller may do something to a node that it sees, as the mutation decides.
func (v *Viewer) may(ctx context.Context, a Action, n store.Node) (bool, error) {
	switch p := v.principal; a {
	case ActionAccessDecide:
		allowed, _, err := v.view.mayDecideAccess(ctx, n)
		return allowed, err
	case ActionDependencyEdit:
		if !slices.Contains(registeredLabels, n.Label()) { // it is reference data
			return false, nil
		}
		owners, err := v.view.ownersOf(ctx, n.ID)
		ends := dependencyEnds{dependent: n, owners: owners}
		return err == nil && ends.mayState(p), err
	case ActionOperatorEdit:
		return p.mayEditRegistered(n.ID.Key(), n.Settled), nil
	case ActionFacilityEdit:
		hits, err := v.view.neighbors(ctx, n.ID, EdgeOperates, store.In, LabelOperator)
		operator := "" // hidden: then it is not the caller
		if len(hits) > 0 {
			operator = hits[0].Node.ID.Key()
		}
		return err == nil && p.mayEditRegistered(operator, n.Settled), err
	case ActionAuthorityEdit:
		had, err := v.view.authorityEdges(ctx, n.ID)
		return err == nil && !n.Prop("placeholder").True() && p.mayEditBody(object{n}, had), err
	}
	holder, err := far[*Authority](ctx, v.view, n.ID, EdgeHeldBy, LabelAuthority)
	return err == nil && v.principal.mayEditContact(n, slugOf(holder)), err
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
	switch {
	case p.runs(operator, seen):
		return true
	case p.supervises == nil || seen.TLP.Effective() > p.supervises.maxTLP:
		return false
	}
	return slices.ContainsFunc(seen.Audiences, func(a string) bool { return slices.Contains(p.supervises.audiences, a) })
}

// landsIn are the codes of the Länder among audiences.
func landsIn(audiences []string) []string {
	var codes []string
	for _, audience := range audiences {
		if code, ok := strings.CutPrefix(audience, "land:"); ok {
			codes = append(codes, code)
		}
	}
	return codes
}

// runs reports whether the caller may do with an operator what no supervisory authority does.
func (p Principal) runs(operator string, seen store.Visibility) bool {
	return p.has(RoleAdministrator, RoleSituationCentre) && p.within(landsIn(seen.Audiences)) || p.operator != "" && p.operator == operator
}

// mayEditAuthority reports whether the caller may change a body: administrators each, the contact of a Land those of its Land.
func (p Principal) mayEditAuthority(level AuthorityLevel, land string) bool {
	if p.has(RoleAdministrator) && p.within([]string{land}) {
		return true
	}
	return p.has(RoleLandContact) && level == "STATE" && slices.Contains(p.lands, FederalStateCode(land))
}
