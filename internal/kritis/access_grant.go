package kritis

import (
	"context"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"kritisgraph/internal/store"
)

// The kinds and states of an AccessGrant.
const (
	GrantRequest    AccessGrantKind = "REQUEST"
	GrantBreakGlass AccessGrantKind = "BREAK_GLASS"

	GrantRequested AccessGrantState = "REQUESTED"
	GrantGranted   AccessGrantState = "GRANTED"
	GrantDenied    AccessGrantState = "DENIED"
	GrantRevoked   AccessGrantState = "REVOKED"
)

// grantMarking is that of grants themselves: they name people and reasons.
const grantMarking = store.TLPAmber

// AccessGrant is a permission to see one thing for some time, or the request for one.
type AccessGrant struct {
	object
	view *View
}

// requester is the name under which the caller asks for access and is given it: that of its body or operator, else its own.
func (p Principal) requester() string {
	switch {
	case p.body != "":
		return "body:" + p.body
	case p.operator != "":
		return "operator:" + p.operator
	}
	return p.person()
}

// person is the name of the caller itself.
func (p Principal) person() string { return "subject:" + p.Subject }

// ownGrants is the sight of the grants that the caller asked for, whatever else its token lets it see.
func (p Principal) ownGrants() store.Scope {
	return store.NewScope(
		store.Grant{Audience: AudienceCaller(p.requester()), Max: store.TLPRed}, store.Grant{Audience: AudienceCaller(p.person()), Max: store.TLPRed},
	)
}

// asked reports whether the caller asked for the grant, itself or as one of those that speak for the same body.
func (p Principal) asked(grant store.Node) bool {
	return p.known && (grant.Prop("requester").Text() == p.requester() || grant.Prop("subject").Text() == p.Subject)
}

// newGrant is a grant that the caller asks for under a name. It shows to who asked, to those who run the directory, and to others
// that are named.
func (v *View) newGrant(kind AccessGrantKind, requester, reason string, length time.Duration, audiences ...string) store.Node {
	return store.Node{
		ID:  store.NewID(string(LabelAccessGrant), ulid.Make().String()),
		Own: store.Visibility{TLP: grantMarking, Audiences: append(audiences, AudienceCaller(requester), AudienceAdministration)},
		Props: map[string]store.Value{
			"kind": store.String(string(kind)), "state": store.String(string(GrantRequested)), "requester": store.String(requester),
			"subject": store.String(v.principal.Subject), "reason": store.String(reason), "requestedAt": store.Int(v.now.UnixMicro()),
			"durationSeconds": store.Int(int64(length / time.Second)), "source": store.String(actorSelf), "status": store.String("STATED"),
			"asOf": store.String(string(DayOf(v.now))), "confidence": store.String("VERIFIED"),
		},
	}
}

// maxGrants is how many grants of one caller count: the newest.
const maxGrants = 100

// granted returns a caller with what it was granted besides, at this moment: single things, and RED for an administrator that
// broke the glass. The token narrows that too.
func (a *App) granted(ctx context.Context, p Principal, now time.Time) (Principal, error) {
	page, err := a.store.List(ctx, p.ownGrants(), store.Query{
		Labels: []store.Label{LabelAccessGrant}, Order: []store.Order{{Prop: "requestedAt", Desc: true}}, Limit: maxGrants,
		Where: store.Filter{All: []store.Filter{
			store.Where("requester", store.IN, store.String(p.requester()), store.String(p.person())),
			store.Where("state", store.EQ, store.String(string(GrantGranted))), store.Where("endsAt", store.GT, store.Int(now.UnixMicro())),
		}},
	})
	if err != nil {
		return Principal{}, err
	}
	var things []store.Grant
	for _, hit := range page.Hits {
		switch AccessGrantKind(hit.Node.Prop("kind").Text()) {
		case GrantBreakGlass:
			if until := (object{hit.Node}).instant("endsAt"); p.has(RoleAdministrator) && (p.breakGlass == nil || until.After(*p.breakGlass)) {
				p.breakGlass = until
			}
		case GrantRequest:
			var most store.TLP
			if most.UnmarshalText([]byte(hit.Node.Prop("maxTlp").Text())) == nil && most > 0 && !p.partial {
				things = append(things, store.Grant{Audience: AudienceAccess(hit.Node.ID), Max: min(most, p.limit)})
			}
		}
	}
	if p.breakGlass != nil {
		p.told, p.maxTLP = p.told.UpTo(p.limit), p.limit
	}
	p.scope = store.NewScope(append(p.told.Grants(), things...)...)
	return p, nil
}

// Kind returns what it comes from.
func (g *AccessGrant) Kind() AccessGrantKind { return AccessGrantKind(g.text("kind")) }

// State returns where it stands.
func (g *AccessGrant) State() AccessGrantState { return AccessGrantState(g.text("state")) }

// Active reports whether it gives sight at the moment of the request.
func (g *AccessGrant) Active() bool {
	until := g.Until()
	return g.State() == GrantGranted && until != nil && until.After(g.view.now)
}

// Requester returns for whom it is: a body, an operator or a subject.
func (g *AccessGrant) Requester() string { return g.text("requester") }

// Subject returns the subject of the token that asked.
func (g *AccessGrant) Subject() string { return g.text("subject") }

// Asked returns the global id of what was asked for, which need not exist; nil for who neither asked nor sees it.
func (g *AccessGrant) Asked(ctx context.Context) (*string, error) {
	id := store.ID(g.text("thing"))
	if id == "" {
		return nil, nil //nolint:nilnil // the API's null
	}
	if p := g.view.principal; !p.asked(g.node) && (p.partial || !p.has(RoleSituationCentre)) {
		seen, err := g.view.reader.Nodes(ctx, []store.ID{id})
		if err != nil || len(seen) == 0 {
			return nil, err
		}
	}
	text := GlobalID(id)
	return &text, nil
}

// Thing returns what was asked for, nil where there is none that the caller may see.
func (g *AccessGrant) Thing(ctx context.Context) (Node, error) {
	found, err := g.view.reader.Nodes(ctx, []store.ID{store.ID(g.text("thing"))})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return g.view.object(ctx, found[0])
}

// Reason returns why it was asked for.
func (g *AccessGrant) Reason() string { return g.text("reason") }

// Duration returns for how long it was asked for.
func (g *AccessGrant) Duration() time.Duration {
	return time.Duration(g.number("durationSeconds")) * time.Second
}

// RequestedAt returns when it was asked for.
func (g *AccessGrant) RequestedAt() time.Time {
	return time.UnixMicro(g.number("requestedAt")).UTC()
}

// MaxTlp returns the strictest marking that it shows, nil where nothing was granted.
func (g *AccessGrant) MaxTlp() *Tlp { return (*Tlp)(g.optional("maxTlp")) }

// Until returns when it ends, nil where nothing was granted.
func (g *AccessGrant) Until() *time.Time { return g.instant("endsAt") }

// DecidedBy returns who decided. A refusal does not tell it to who asked: there may be nobody to whom the thing belongs.
func (g *AccessGrant) DecidedBy() *string {
	if g.State() == GrantDenied && g.view.principal.asked(g.node) {
		return nil
	}
	return g.optional("decidedBy")
}

// DecidedAt returns when it was decided or taken back.
func (g *AccessGrant) DecidedAt() *time.Time { return g.instant("decidedAt") }

// DecisionReason returns why.
func (g *AccessGrant) DecisionReason() *string { return g.optional("decisionReason") }

// AccessGrantConnection is a page of grants.
type AccessGrantConnection struct {
	connection
	Edges []*AccessGrantEdge
	Nodes []*AccessGrant
}

// AccessGrantEdge is a grant in a list.
type AccessGrantEdge struct {
	edgeOf
	Node *AccessGrant
}

// AccessGrantWhere selects grants.
type AccessGrantWhere struct {
	State *CodeFilter
	Kind  *CodeFilter
}

// Filter returns the filter of the store; nil selects everything.
func (f *AccessGrantWhere) Filter() (store.Filter, error) {
	if f == nil {
		return store.Filter{}, nil
	}
	w := &where{}
	w.code("state", "state", f.State)
	w.code("kind", "kind", f.Kind)
	return combine(w, nil, nil, nil, (*AccessGrantWhere).Filter)
}

// AccessGrants lists grants and requests, the newest first.
func (v *View) AccessGrants(ctx context.Context, a ListArgs) (*AccessGrantConnection, error) {
	c, err := v.listPage(ctx, a.query(LabelAccessGrant, store.Order{Prop: "requestedAt", Desc: true}), a.Page)
	if err != nil {
		return nil, err
	}
	out := &AccessGrantConnection{connection: c}
	out.Edges, out.Nodes, err = items(ctx, v, c, func(e edgeOf, n *AccessGrant) *AccessGrantEdge { return &AccessGrantEdge{e, n} })
	return out, err
}

// withAccess is a thing that is for the holder of a grant too. One that is for those of its owners is for them as before.
func withAccess(thing store.Node, grant store.ID) store.Node {
	thing = thing.Clone()
	if len(thing.Own.Audiences) == 0 {
		thing.Own.Audiences = slices.Clone(thing.Settled.Audiences)
	}
	thing.Own.Audiences = append(thing.Own.Audiences, AudienceAccess(grant))
	return thing
}

// withoutAccess is a thing that is for the holder of a grant no longer; false where it was not.
func withoutAccess(thing store.Node, grant store.ID) (store.Node, bool) {
	thing = thing.Clone()
	kept := slices.DeleteFunc(thing.Own.Audiences, func(a string) bool { return a == AudienceAccess(grant) })
	changed := len(kept) < len(thing.Own.Audiences)
	thing.Own.Audiences = kept
	return thing, changed
}
