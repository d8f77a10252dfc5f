package kritis

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kritisgraph/internal/kritis/channel"
	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// AuthorityFields are what can be said of a body; nil is nothing, unless it is null in a change.
type AuthorityFields struct {
	Abbreviation *string
	FederalState *FederalStateCode
	ServesStates []FederalStateCode
	Parent       *string
	Seat         *string
	Website      *string
	Roles        []AuthorityRole
}

// AuthorityCreateInput enters a body.
type AuthorityCreateInput struct {
	ClientMutationID *string
	Slug             string
	NameDe, NameEn   string
	Kind             AuthorityKind
	Level            AuthorityLevel
	AuthorityFields
	Statement
	Reason *string
}

// AuthorityChangeInput changes a body.
type AuthorityChangeInput struct {
	Editing
	NameDe, NameEn *string
	Kind           *AuthorityKind
	Level          *AuthorityLevel
	AuthorityFields
	Statement
}

// AuthorityPayload is what became of a change of a body.
type AuthorityPayload struct {
	Authority        *Authority
	UserErrors       []*UserError
	ConsistencyToken *string
}

var slugPattern = regexp.MustCompile(`^[a-z0-9](-?[a-z0-9]+)+$`)

const (
	maxSlug         = 60
	maxAbbreviation = 40
)

// placeholderKinds are the kinds of what stands for a body that is not known.
var placeholderKinds = []AuthorityKind{"CENTRAL_CONTACT_POINT", "PLACEHOLDER"}

// authority writes what is said of a body.
func (e *edit) authority(p Principal, in AuthorityChangeInput) {
	e.text("nameDe", "nameDe", in.NameDe, false, maxName)
	e.text("nameEn", "nameEn", in.NameEn, false, maxName)
	e.text("abbreviation", "abbreviation", in.Abbreviation, in.cleared("abbreviation"), maxAbbreviation)
	e.text("kind", "kind", (*string)(in.Kind), false, maxName)
	e.text("level", "level", (*string)(in.Level), false, maxName)
	e.text("landCode", "federalState", (*string)(in.FederalState), in.cleared("federalState"), maxName)
	e.text("seat", "seat", in.Seat, in.cleared("seat"), maxName)
	e.address("website", in.Website, in.cleared("website"), channel.Website)
	if in.Kind != nil && slices.Contains(placeholderKinds, *in.Kind) {
		e.bad(inputPath("kind"), "%s stands for a body that is not known: give the kind of the body.", *in.Kind)
	}
	if in.cleared("roles") {
		delete(e.props, "roles")
	} else if in.Roles != nil {
		e.roles(p, in.Roles)
	}
	said := in.Level != nil || in.FederalState != nil || in.cleared("federalState")
	if state := AuthorityLevel(e.props["level"].Text()) == "STATE"; said && state == e.props["landCode"].IsZero() {
		e.bad(inputPath("federalState"), "A body of level STATE has a Land, others have none.")
	}
	e.statement(in.Statement)
}

// roles writes the tasks of a body. One that competences give is for an administrator to state without a competence.
func (e *edit) roles(p Principal, roles []AuthorityRole) {
	var kept []string
	for _, r := range roles {
		if responsibility.Role(r).Known() && !p.has(RoleAdministrator) && !slices.Contains(e.props["roles"].List(), string(r)) {
			e.bad(inputPath("roles"), "%s is what a competence gives: propose the competence, or ask an administrator.", r)
		}
		if !slices.Contains(kept, string(r)) {
			kept = append(kept, string(r))
		}
	}
	delete(e.props, "roles")
	if len(kept) > 0 {
		e.props["roles"] = store.Strings(kept...)
	}
}

// authorityLinks are the edges that repeat what is said of a body: its Land, those that it serves, its superior body.
func (e *edit) authorityLinks(book *Rulebook, self store.ID, had []store.Edge, in AuthorityChangeInput) []links {
	land := e.props["landCode"].Text()
	serves := servedBesides(had)
	switch {
	case in.ServesStates != nil:
		serves = nil
		for _, code := range in.ServesStates {
			serves = append(serves, string(code))
		}
	case in.cleared("servesStates"):
		serves = nil
	}
	if land != "" {
		serves = append(serves, land)
	}
	var parent string
	switch above := keysOf(had, EdgePartOf); {
	case in.Parent != nil:
		parent = *in.Parent
		e.parent(book, self, parent)
	case len(above) > 0 && !in.cleared("parent"):
		parent = above[0]
	}
	return []links{
		{EdgeLocatedIn, ids(LabelFederalState, land)}, {EdgeServes, ids(LabelFederalState, sortedSet(serves)...)}, {EdgePartOf, ids(LabelAuthority, parent)},
	}
}

// keysOf returns the keys of the things at the far ends of edges of a type.
func keysOf(edges []store.Edge, t store.EdgeType) []string {
	var out []string
	for _, edge := range edges {
		if edge.Type() == t {
			out = append(out, edge.To.Key())
		}
	}
	return out
}

// servedBesides are the Länder that a body serves besides its own.
func servedBesides(had []store.Edge) []string {
	own := keysOf(had, EdgeLocatedIn)
	return slices.DeleteFunc(keysOf(had, EdgeServes), func(code string) bool { return slices.Contains(own, code) })
}

// parent judges a superior body: one that there is, and not below the body itself. That rests on all bodies above it.
func (e *edit) parent(book *Rulebook, self store.ID, slug string) {
	above, ok := lookup[*Authority](book, LabelAuthority, slug)
	if !ok || above.Placeholder() {
		e.bad(inputPath("parent"), "There is no body %q: give the slug of one.", slug)
		return
	}
	seen := map[store.ID]bool{}
	for a := above; a != nil && !seen[a.StoreID()]; a = a.parent {
		if a.StoreID() == self {
			e.bad(inputPath("parent"), "%s would be its own superior.", self.Key())
			return
		}
		seen[a.StoreID()] = true
		e.relies = append(e.relies, store.Cond{ID: a.StoreID(), Version: a.node.Version})
	}
}

const mayNotEditAuthority = "You may not change it: administrators may, and the contact of a Land may the bodies of level STATE in its Land that serve no other."

// CreateAuthority enters a body.
func (v *View) CreateAuthority(ctx context.Context, in AuthorityCreateInput) (*AuthorityPayload, error) {
	m := mutation{name: "authorityCreate", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		if !v.principal.mayEditAuthority(in.Level, deref((*string)(in.FederalState))) || !v.principal.withinServed(in.ServesStates) {
			return refuse(userError(UserForbidden, inputPath(), mayNotEditAuthority)), nil
		}
		book, err := v.Rulebook(ctx)
		if err != nil {
			return draft{}, err
		}
		id := store.NewID(string(LabelAuthority), in.Slug)
		order := int64(1)
		for _, a := range book.authorities {
			order = max(order, a.number("order")+1)
		}
		n := store.Node{ID: id, Own: Public(), Props: map[string]store.Value{
			"slug": store.String(in.Slug), "order": store.Int(order), "placeholder": store.Bool(false), "authorityStatus": store.String("NAMED"),
		}}
		change := v.edit(n.Props)
		if len(in.Slug) > maxSlug || !slugPattern.MatchString(in.Slug) {
			change.bad(inputPath("slug"), "A slug has 2 to %d small letters, digits and single hyphens between them, such as lsi-by.", maxSlug)
			return refuse(change.errors...), nil
		}
		past, err := v.app.store.Past(ctx, Maintenance(), []store.ID{id})
		if err != nil {
			return draft{}, err
		}
		if _, taken := past[id]; taken {
			return refuse(userError(UserExists, inputPath("slug"), "There is or was a body %q: take another slug.", in.Slug)), nil
		}
		all := AuthorityChangeInput{
			NameDe: &in.NameDe, NameEn: &in.NameEn, Kind: &in.Kind, Level: &in.Level, AuthorityFields: in.AuthorityFields, Statement: in.Statement,
		}
		change.authority(v.principal, all)
		wanted := change.authorityLinks(book, id, nil, all)
		return authorityDraft(change, n, nil, wanted, in.props()), nil
	})
	return authorityPayload(ctx, out, err)
}

// ChangeAuthority changes a body.
func (v *View) ChangeAuthority(ctx context.Context, in AuthorityChangeInput) (*AuthorityPayload, error) {
	m := mutation{name: "authorityChange", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		book, err := v.Rulebook(ctx)
		if err != nil {
			return draft{}, err
		}
		n, had, refused, err := v.editableAuthority(ctx, in.ID, in.ExpectedVersion)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		change := v.edit(n.Props)
		change.authority(v.principal, in)
		wanted := change.authorityLinks(book, n.ID, had, in)
		level, land := AuthorityLevel(n.Prop("level").Text()), n.Prop("landCode").Text()
		if !v.principal.mayEditAuthority(level, land) || !v.principal.withinServed(in.ServesStates) {
			return refuse(userError(UserForbidden, inputPath(), mayNotEditAuthority)), nil
		}
		return authorityDraft(change, n, had, wanted, in.props()), nil
	})
	return authorityPayload(ctx, out, err)
}

// withinServed reports whether the caller may let a body serve these Länder: administrators all, the contact of a Land its own.
func (p Principal) withinServed(codes []FederalStateCode) bool {
	if p.has(RoleAdministrator) && !p.partial {
		return true
	}
	return !slices.ContainsFunc(codes, func(c FederalStateCode) bool { return !slices.Contains(p.lands, c) })
}

// AuthorityWithdrawInput ends a body.
type AuthorityWithdrawInput struct{ WithdrawInput }

// WithdrawAuthority ends a body that nothing is assigned to any more.
func (v *View) WithdrawAuthority(ctx context.Context, in AuthorityWithdrawInput) (*AuthorityPayload, error) {
	m := mutation{name: "authorityWithdraw", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		book, err := v.Rulebook(ctx)
		if err != nil {
			return draft{}, err
		}
		n, _, refused, err := v.editableAuthority(ctx, in.ID, in.ExpectedVersion)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		change := v.edit(n.Props)
		change.end(in.ValidUntil)
		if refused := reasoned(in.Reason); refused != nil {
			change.errors = append(change.errors, refused)
		}
		held, err := v.assigned(ctx, book, n.ID, Day(n.Prop(store.ValidUntil).Text()))
		if err != nil {
			return draft{}, err
		}
		if len(held) > 0 {
			change.bad(inputPath("id"), "From that day on these are assigned to it: %s. Let them end or assign them to another body first.", strings.Join(held, ", "))
		}
		return authorityDraft(change, n, nil, nil, nil), nil
	})
	return authorityPayload(ctx, out, err)
}

// maxNamed is how many things a message names.
const maxNamed = 20

// assigned names the competences and, as far as the caller sees them, the contact roles that a body has on a day or later.
func (v *View) assigned(ctx context.Context, book *Rulebook, id store.ID, day Day) ([]string, error) {
	after := func(props map[string]store.Value) bool {
		until := props[store.ValidUntil].Text()
		return until == "" || until > string(day)
	}
	var out []string
	for _, c := range book.competences {
		if c.authority != nil && c.authority.StoreID() == id && after(c.node.Props) {
			out = append(out, "competence "+c.Key())
		}
	}
	hits, err := v.neighbors(ctx, id, EdgeHeldBy, store.In, LabelContactPoint)
	if err != nil {
		return nil, err
	}
	for _, h := range hits {
		o := object{h.Node}
		if role := ContactPointRole(o.text("role")); role != ContactOffice && ContactPointStatus(o.text("contactStatus")) != ContactWithdrawn && after(h.Node.Props) {
			out = append(out, fmt.Sprintf("contact role %s for %s", role, strings.Join(o.list("landCodes"), ", ")))
		}
	}
	if more := len(out) - maxNamed; more > 0 {
		out = append(out[:maxNamed], fmt.Sprintf("and %d more", more))
	}
	return out, nil
}

// editableAuthority reads a body that the caller may change, with its edges, or says why not. A placeholder is none.
func (v *View) editableAuthority(ctx context.Context, globalID string, expected *int32) (store.Node, []store.Edge, *UserError, error) {
	const what = "The body"
	n, refused, err := v.editable(ctx, globalID, LabelAuthority, what, "id")
	if err != nil || refused != nil {
		return n, nil, refused, err
	}
	if n.Prop("placeholder").True() {
		return n, nil, missing(what, "id"), nil
	}
	had, err := v.authorityEdges(ctx, n.ID)
	if err != nil {
		return n, nil, nil, err
	}
	if !v.principal.mayEditBody(object{n}, had) {
		return n, nil, userError(UserForbidden, inputPath("id"), mayNotEditAuthority), nil
	}
	return n, had, outdated(n, expected), nil
}

// mayEditBody reports whether the caller may change a body with these edges: one that serves Länder of others as well is for
// administrators.
func (p Principal) mayEditBody(o object, had []store.Edge) bool {
	serves := make([]FederalStateCode, 0, len(had))
	for _, code := range keysOf(had, EdgeServes) {
		serves = append(serves, FederalStateCode(code))
	}
	return p.mayEditAuthority(AuthorityLevel(o.text("level")), o.text("landCode")) && p.withinServed(serves)
}

// authorityEdges reads the edges that repeat what is said of a body.
func (v *View) authorityEdges(ctx context.Context, id store.ID) ([]store.Edge, error) {
	pages, err := v.app.store.Neighbors(ctx, Maintenance(), []store.Hop{
		{From: []store.ID{id}, Edge: EdgeLocatedIn, Dir: store.Out}, {From: []store.ID{id}, Edge: EdgeServes, Dir: store.Out},
		{From: []store.ID{id}, Edge: EdgePartOf, Dir: store.Out},
	})
	if err != nil {
		return nil, err
	}
	var had []store.Edge
	for _, parents := range pages {
		for _, hit := range parents[0].Hits {
			had = append(had, hit.Edge)
		}
	}
	return had, nil
}

// authorityDraft commits a body with its edges.
func authorityDraft(made *edit, n store.Node, had []store.Edge, wanted []links, evidence map[string]store.Value) draft {
	if len(made.errors) > 0 {
		return refuse(made.errors...)
	}
	c := &changing{evidence: evidence}
	c.put(n)
	c.relink(n.ID, n.Version, had, wanted)
	c.If = append(c.If, made.relies...)
	c.Result = []store.ID{n.ID}
	c.Events = []store.Event{{Type: EventAuthorityChanged, Subject: n.ID}}
	return draft{Change: c.Change}
}

func authorityPayload(ctx context.Context, out outcome, err error) (*AuthorityPayload, error) {
	if err != nil {
		return nil, err
	}
	p := &AuthorityPayload{UserErrors: append([]*UserError{}, out.errors...), ConsistencyToken: out.token}
	p.Authority, err = resultOf[*Authority](ctx, out)
	return p, err
}
