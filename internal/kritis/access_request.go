package kritis

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kritisgraph/internal/store"
)

// AccessThingInput names what somebody asks to see: exactly one of these.
type AccessThingInput struct {
	ID       *string
	Operator *string
	Facility *string
	Incident *string
}

// AccessRequestInput asks to see something that the caller knows of and does not see.
type AccessRequestInput struct {
	ClientMutationID *string
	Thing            AccessThingInput
	Reason           string
	Duration         *time.Duration
}

// BreakGlassInput asks for sight of RED content as an administrator.
type BreakGlassInput struct {
	ClientMutationID *string
	Reason           string
	Duration         *time.Duration
}

// AccessGrantPayload is what became of a change of a grant.
type AccessGrantPayload struct {
	AccessGrant      *AccessGrant
	UserErrors       []*UserError
	ConsistencyToken *string
}

const (
	defaultAccess = 7 * 24 * time.Hour
	maxAccess     = 30 * 24 * time.Hour
	maxOpen       = 50 // requests of one requester that are not decided

	defaultBreakGlass   = time.Hour
	maxBreakGlass       = 4 * time.Hour
	minBreakGlassReason = 20
)

// grantable are the labels of what somebody may ask to see.
var grantable = []store.Label{LabelOperator, LabelFacility, LabelIncident, LabelContactPoint}

// storeID returns the id of what is asked for, or why it can be none. It looks at the form alone.
func (in AccessThingInput) storeID() (store.ID, *UserError) {
	for _, named := range []struct {
		field string
		label store.Label
		key   *string
	}{{"operator", LabelOperator, in.Operator}, {"facility", LabelFacility, in.Facility}, {"incident", LabelIncident, in.Incident}} {
		if named.key == nil {
			continue
		}
		id := store.NewID(string(named.label), *named.key)
		if !id.Valid() {
			return "", userError(UserBadInput, inputPath("thing", named.field), "This cannot be a reference.")
		}
		return id, nil
	}
	refused := userError(UserBadInput, inputPath("thing", "id"), "This is not the id of an operator, facility, incident or contact point.")
	if in.ID == nil {
		return "", refused
	}
	id, err := ParseGlobalID(*in.ID)
	if err != nil || !id.Valid() || !slices.Contains(grantable, store.Label(id.Kind())) {
		return "", refused
	}
	return id, nil
}

// length checks a length of time, absent for the usual one, in whole seconds.
func length(asked *time.Duration, usual, most time.Duration, name string) (time.Duration, *UserError) {
	if asked == nil {
		return usual, nil
	}
	if *asked < time.Second || *asked > most {
		return 0, userError(UserBadInput, inputPath("duration"), "A duration is from PT1S to %s.", name)
	}
	return asked.Truncate(time.Second), nil
}

// stated checks a reason that must be given.
func stated(reason string, least int) *UserError {
	if utf8.RuneCountInString(strings.TrimSpace(reason)) >= least {
		return nil
	}
	if least == 1 {
		return userError(UserBadInput, inputPath("reason"), "A reason is needed.")
	}
	return userError(UserBadInput, inputPath("reason"), "A reason of at least %d characters is needed: say what for.", least)
}

// RequestAccess records that the caller asks to see something. Whether there is such a thing changes neither the answer nor
// which reads are made for it.
func (v *View) RequestAccess(ctx context.Context, in AccessRequestInput) (*AccessGrantPayload, error) {
	thing, badThing := in.Thing.storeID()
	span, badSpan := length(in.Duration, defaultAccess, maxAccess, "P30D")
	if refused := refusals(badThing, badSpan, stated(in.Reason, 1)); refused != nil {
		return refusedAccess(refused), nil
	}
	m := mutation{name: "accessRequest", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		if refused, err := v.mayAsk(ctx, thing); err != nil || refused != nil {
			return refuse(refused), err
		}
		// Who it belongs to has to be told, though the caller does not see it. Nothing of this read goes to the caller.
		owners, err := v.owners(ctx, Maintenance(), thing)
		if err != nil {
			return draft{}, err
		}
		grant := v.newGrant(GrantRequest, v.principal.requester(), in.Reason, span, owners...)
		grant.Props["thing"] = store.String(string(thing))
		return newGrantDraft(grant, EventAccessRequested), nil
	})
	return accessPayload(ctx, out, err)
}

// mayAsk says why the caller cannot ask to see a thing: it sees it, or has asked for it, or for much.
func (v *View) mayAsk(ctx context.Context, thing store.ID) (*UserError, error) {
	if !v.principal.known {
		return userError(UserForbidden, inputPath(), "Asking for access needs a token."), nil
	}
	_, err := v.reader.Node(ctx, thing)
	if err == nil {
		return userError(UserBadInput, inputPath("thing"), "You see this already."), nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	page, err := v.app.store.List(ctx, v.principal.ownGrants(), store.Query{
		Labels: []store.Label{LabelAccessGrant}, Limit: maxOpen,
		Where: store.Filter{All: []store.Filter{
			store.Where("requester", store.EQ, store.String(v.principal.requester())), store.Where("state", store.EQ, store.String(string(GrantRequested))),
		}},
	})
	switch {
	case err != nil:
		return nil, err
	case slices.ContainsFunc(page.Hits, func(h store.Hit) bool { return h.Node.Prop("thing").Text() == string(thing) }):
		return userError(UserExists, inputPath("thing"), "You have asked for this already: accessGrants has the request."), nil
	case len(page.Hits) == maxOpen:
		return userError(UserBadInput, inputPath(), "%d of your requests are not decided: wait, or give some up with accessRevoke.", maxOpen), nil
	}
	return nil, nil //nolint:nilnil // nothing is wrong
}

// owners are the audiences of those to whom a thing belongs, none where it does not show. The reads are the same for all
// things of a label.
func (v *View) owners(ctx context.Context, scope store.Scope, thing store.ID) ([]string, error) {
	found, err := v.app.store.Nodes(ctx, scope, []store.ID{thing})
	if err != nil {
		return nil, err
	}
	hop := store.Hop{From: []store.ID{thing}, Query: store.Query{Labels: []store.Label{LabelOperator}, Limit: MaxPage}}
	switch store.Label(thing.Kind()) {
	case LabelFacility:
		hop.Edge, hop.Dir = EdgeOperates, store.In
	case LabelIncident:
		hop.Edge, hop.Dir = EdgeReportedBy, store.Out
	default:
		return ownersOf(found), nil
	}
	pages, err := v.app.store.Neighbors(ctx, scope, []store.Hop{hop})
	if err != nil {
		return nil, err
	}
	operators := make([]store.Node, len(pages[0][0].Hits))
	for i, hit := range pages[0][0].Hits {
		operators[i] = hit.Node
	}
	return ownersOf(operators), nil
}

// ownersOf are the audiences of operators and of the contacts of the Länder of contact points.
func ownersOf(nodes []store.Node) []string {
	var out []string
	for _, n := range nodes {
		switch n.Label() {
		case LabelOperator:
			out = append(out, AudienceOperator(n.Prop("reference").Text()))
		case LabelContactPoint:
			for _, code := range n.Prop("landCodes").List() {
				out = append(out, AudienceLand(code))
			}
		}
	}
	return out
}

// BreakGlass lets an administrator see RED content for some hours. It is in the log before anything is seen.
func (v *View) BreakGlass(ctx context.Context, in BreakGlassInput) (*AccessGrantPayload, error) {
	span, badSpan := length(in.Duration, defaultBreakGlass, maxBreakGlass, "PT4H")
	refused := refusals(badSpan, stated(in.Reason, minBreakGlassReason))
	switch p := v.principal; {
	case !p.has(RoleAdministrator):
		refused = refusals(userError(UserForbidden, inputPath(), "Break-glass is for administrators."))
	case p.has(RoleSituationCentre) && !p.partial && p.limit >= store.TLPRed:
		refused = refusals(userError(UserBadInput, inputPath(), "You see RED content already."))
	case p.limit < store.TLPRed:
		refused = refusals(userError(UserBadInput, inputPath(), "Your token limits you to %s, so this would show nothing: take another one.", p.limit))
	}
	if refused != nil {
		return refusedAccess(refused), nil
	}
	m := mutation{name: "breakGlass", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(_ context.Context, v *View) (draft, error) {
		grant := v.newGrant(GrantBreakGlass, v.principal.person(), in.Reason, span)
		grant.Props["state"] = store.String(string(GrantGranted))
		grant.Props["maxTlp"] = store.String(store.TLPRed.String())
		grant.Props["endsAt"] = store.Int(v.now.Add(span).UnixMicro())
		return newGrantDraft(grant, EventBreakGlass), nil
	})
	return accessPayload(ctx, out, err)
}

// newGrantDraft commits a grant that did not exist.
func newGrantDraft(grant store.Node, event string) draft {
	return draft{Change: store.Change{
		Put: []store.Node{grant}, If: []store.Cond{{ID: grant.ID}}, Result: []store.ID{grant.ID},
		Events: []store.Event{{Type: event, Subject: grant.ID}},
	}}
}

// refusals are those of the errors that are some, nil where none is.
func refusals(errs ...*UserError) []*UserError {
	var out []*UserError
	for _, e := range errs {
		if e != nil {
			out = append(out, e)
		}
	}
	return out
}

func refusedAccess(errs []*UserError) *AccessGrantPayload {
	return &AccessGrantPayload{UserErrors: errs}
}

func accessPayload(ctx context.Context, out outcome, err error) (*AccessGrantPayload, error) {
	if err != nil {
		return nil, err
	}
	p := &AccessGrantPayload{UserErrors: append([]*UserError{}, out.errors...), ConsistencyToken: out.token}
	p.AccessGrant, err = resultOf[*AccessGrant](ctx, out)
	return p, err
}
