package kritis

import (
	"context"
	"errors"
	"slices"
	"time"

	"kritisgraph/internal/store"
)

// AccessDecideInput grants or refuses what somebody asked to see.
type AccessDecideInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Grant            bool
	MaxTlp           *Tlp
	Until            *time.Time
	Reason           string
}

// AccessRevokeInput takes back a grant or a request.
type AccessRevokeInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Reason           string
}

// maxGranted is how far ahead a grant ends at the latest.
const maxGranted = 90 * 24 * time.Hour

// DecideAccess grants or refuses a request. What is granted is for its requester in the same commit.
func (v *View) DecideAccess(ctx context.Context, in AccessDecideInput) (*AccessGrantPayload, error) {
	if refused := stated(in.Reason, 1); refused != nil {
		return refusedAccess(refusals(refused)), nil
	}
	m := mutation{name: "accessDecide", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		grant, refused, err := v.readGrant(ctx, in.ID)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		may, thing, err := v.mayDecideAccess(ctx, grant)
		if err != nil {
			return draft{}, err
		}
		if refused := decidable(grant, may, in.ExpectedVersion); refused != nil {
			return refuse(refused), nil
		}
		v.grantDecided(grant, GrantDenied, in.Reason)
		if !in.Grant {
			return grantDraft(EventAccessDecided, grant), nil
		}
		if thing == nil {
			return refuse(userError(UserBadInput, inputPath("grant"), "There is nothing to grant: what was asked for does not exist, or you do not see it.")), nil
		}
		if refused := v.grant(grant, *thing, in); refused != nil {
			return refuse(refused), nil
		}
		return grantDraft(EventAccessDecided, grant, withAccess(*thing, grant.ID)), nil
	})
	return accessPayload(ctx, out, err)
}

// decidable says why a request cannot be decided by the caller, nil where it can.
func decidable(grant store.Node, may bool, expected *int32) *UserError {
	if !may {
		return userError(UserForbidden, inputPath("id"), "You may not decide on this: whom it belongs to and the situation centre may, and nobody on its own request.")
	}
	if refused := outdated(grant, expected); refused != nil {
		return refused
	}
	if state := grant.Prop("state").Text(); state != string(GrantRequested) {
		return userError(UserConflict, inputPath("id"), "It is %s already.", state)
	}
	return nil
}

// grant writes into a grant what of a thing it shows, and until when.
func (v *View) grant(grant, thing store.Node, in AccessDecideInput) *UserError {
	marking := thing.Settled.TLP.Effective()
	most := marking
	if in.MaxTlp != nil {
		if err := most.UnmarshalText([]byte(*in.MaxTlp)); err != nil {
			return userError(UserBadInput, inputPath("maxTlp"), "This is no marking.")
		}
	}
	until := v.now.Add((&AccessGrant{object{grant}, v}).Duration())
	if in.Until != nil {
		until = *in.Until
	}
	switch {
	case most < marking:
		return userError(UserBadInput, inputPath("maxTlp"), "What was asked for is marked %s, so a grant up to %s would show nothing.", marking, most)
	case most > store.TLPAmberStrict && !v.principal.has(RoleSituationCentre):
		return userError(UserForbidden, inputPath("maxTlp"), "Only the situation centre grants sight of RED content.")
	case !until.After(v.now) || until.After(v.now.Add(maxGranted)):
		return userError(UserBadInput, inputPath("until"), "A grant ends in the future, at most 90 days ahead.")
	}
	grant.Props["state"] = store.String(string(GrantGranted))
	grant.Props["maxTlp"] = store.String(most.String())
	grant.Props["endsAt"] = store.Int(until.UnixMicro())
	return nil
}

// RevokeAccess takes back what was granted, at once, or a request that nobody decided.
func (v *View) RevokeAccess(ctx context.Context, in AccessRevokeInput) (*AccessGrantPayload, error) {
	if refused := stated(in.Reason, 1); refused != nil {
		return refusedAccess(refusals(refused)), nil
	}
	m := mutation{name: "accessRevoke", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		grant, refused, err := v.readGrant(ctx, in.ID)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		may, thing, err := v.mayRevoke(ctx, grant)
		if err != nil {
			return draft{}, err
		}
		if !may {
			return refuse(userError(UserForbidden, inputPath("id"), "You may not take this back: who asked for it, whom it belongs to and the situation centre may.")), nil
		}
		if refused := outdated(grant, in.ExpectedVersion); refused != nil {
			return refuse(refused), nil
		}
		switch state := AccessGrantState(grant.Prop("state").Text()); {
		case state == GrantRequested && !v.principal.asked(grant):
			return refuse(userError(UserBadInput, inputPath("id"), "It is not decided: refuse it with accessDecide.")), nil
		case state != GrantRequested && state != GrantGranted:
			return refuse(userError(UserConflict, inputPath("id"), "It is %s already.", state)), nil
		}
		v.grantDecided(grant, GrantRevoked, in.Reason)
		if thing != nil {
			if less, changed := withoutAccess(*thing, grant.ID); changed {
				return grantDraft(EventAccessRevoked, grant, less), nil
			}
		}
		return grantDraft(EventAccessRevoked, grant), nil
	})
	return accessPayload(ctx, out, err)
}

// readGrant reads a grant to be changed, or says that there is none that the caller sees.
func (v *View) readGrant(ctx context.Context, globalID string) (store.Node, *UserError, error) {
	id, err := ParseGlobalID(globalID)
	if err != nil || store.Label(id.Kind()) != LabelAccessGrant {
		return store.Node{}, missing("The permission", "id"), nil
	}
	n, err := v.reader.Node(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return store.Node{}, missing("The permission", "id"), nil
	}
	return n.Clone(), nil, err
}

// mayDecideAccess reports whether the caller decides on a request, and returns what was asked for, nil where it does not show: the
// situation centre, the operator to whom it belongs, for a contact point the contact of its Land and administrators. Who does not
// see a thing learns nothing of it here: it may not decide, and the situation centre sees what there is.
func (v *View) mayDecideAccess(ctx context.Context, grant store.Node) (bool, *store.Node, error) {
	p, id := v.principal, store.ID(grant.Prop("thing").Text())
	found, err := v.reader.Nodes(ctx, []store.ID{id})
	if err != nil || p.asked(grant) || AccessGrantKind(grant.Prop("kind").Text()) != GrantRequest {
		return false, nil, err
	}
	if len(found) == 0 {
		return p.has(RoleSituationCentre) && !p.partial && p.limit >= store.TLPRed, nil, nil
	}
	thing := &found[0]
	if p.has(RoleSituationCentre) {
		return true, thing, nil
	}
	if thing.Label() == LabelContactPoint {
		return p.has(RoleAdministrator, RoleLandContact) && p.within(thing.Prop("landCodes").List()), thing, nil
	}
	owners, err := v.owners(ctx, v.reader.Scope(), id)
	return p.operator != "" && slices.Contains(owners, AudienceOperator(p.operator)), thing, err
}

// mayRevoke reports whether the caller takes a grant back, and returns what it shows, nil where it does not show.
func (v *View) mayRevoke(ctx context.Context, grant store.Node) (bool, *store.Node, error) {
	may, thing, err := v.mayDecideAccess(ctx, grant)
	if err != nil || may {
		return may, thing, err
	}
	if v.principal.asked(grant) {
		found, err := v.reader.Nodes(ctx, []store.ID{store.ID(grant.Prop("thing").Text())})
		if err != nil || len(found) == 0 {
			return true, nil, err
		}
		return true, &found[0], nil
	}
	return AccessGrantKind(grant.Prop("kind").Text()) == GrantBreakGlass && v.principal.has(RoleSituationCentre), nil, nil
}

// grantDecided writes into a grant who decided, when and why.
func (v *View) grantDecided(grant store.Node, state AccessGrantState, reason string) {
	grant.Props["state"] = store.String(string(state))
	grant.Props["decidedBy"] = store.String(v.principal.Subject)
	grant.Props["decidedAt"] = store.Int(v.now.UnixMicro())
	grant.Props["decisionReason"] = store.String(reason)
}

// grantDraft commits a grant that exists, and what it is about.
func grantDraft(event string, grant store.Node, things ...store.Node) draft {
	d := draft{Change: store.Change{Result: []store.ID{grant.ID}, Events: []store.Event{{Type: event, Subject: grant.ID}}}}
	for _, n := range append(things, grant) {
		d.Put, d.If = append(d.Put, n), append(d.If, store.Cond{ID: n.ID, Version: n.Version})
	}
	return d
}
