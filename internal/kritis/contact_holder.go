package kritis

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/oklog/ulid/v2"

	"kritisgraph/internal/store"
)

// newKey is a key that nothing has or had.
func newKey() string { return ulid.Make().String() }

// ofLand reports whether the role is one of a Land, whose holder sees what concerns the Land.
func (r ContactPointRole) ofLand() bool { return r == ContactZKL || r == ContactBBK }

// mayName reports whether the caller may enter a body as holder of a role for these Länder, or the days on which it holds it. A
// contact role of a Land gives sight of the Land: who runs the directory enters it. An office is entered by who runs the directory, by
// the contact of the Land of the body, and by the body itself.
func (p Principal) mayName(holder *Authority, role ContactPointRole, lands []string) bool {
	if role.ofLand() {
		return p.has(RoleAdministrator, RoleSituationCentre) && p.within(lands)
	}
	if p.body != "" && p.body == holder.Slug() {
		return true
	}
	return p.has(needs[ActionContactPointEdit]...) && p.within(append(slices.Clone(lands), landCode(holder.land)))
}

// setHolder has a body hold the contact point. The caller may name it.
func (e *contactEntry) setHolder(slug string) (*Authority, *UserError) {
	holder, ok := lookup[*Authority](e.book, LabelAuthority, slug)
	if !ok {
		return nil, missing("The holder", "holder")
	}
	if refused := ended(holder.node, e.day, "holder"); refused != nil {
		return nil, refused
	}
	if !e.view.principal.mayName(holder, e.role(), e.point.Prop("landCodes").List()) {
		text := "You may not enter this body: for an office the body itself, the contact of its Land and who runs the directory may."
		if e.role().ofLand() {
			text = "Who holds a contact role of a Land sees the Land, so administrators and the situation centre enter it."
		}
		return nil, userError(UserForbidden, inputPath("holder"), "%s", text)
	}
	delete(e.point.Props, "holderSlug")
	if !holder.Placeholder() {
		e.point.Props["holderSlug"] = store.String(holder.Slug())
	}
	return holder, nil
}

// published judges that a contact point that can be used has a holder who is known.
func (e *contactEntry) published(in *ContactPointChangeInput) {
	if ContactPointStatus(e.point.Prop("contactStatus").Text()) != ContactPublished || !e.point.Prop("holderSlug").IsZero() {
		return
	}
	switch {
	case in.Status != nil:
		e.bad(inputPath("status"), "A published contact point has a holder that is known: enter the holder too.")
	case in.Holder != nil:
		e.bad(inputPath("holder"), "The contact point is published, so its holder is a body that is known.")
	}
}

// relations reads the edges from a contact point to its holder, Länder and acts: all of them, for one that stays gives sight.
func (v *View) relations(ctx context.Context, point store.ID) ([]store.Edge, error) {
	g, err := v.app.store.Traverse(ctx, Maintenance(), store.Walk{
		From: []store.ID{point}, Depth: 1,
		Follow: []store.Step{{Edge: EdgeHeldBy, Dir: store.Out}, {Edge: EdgeContactFor, Dir: store.Out}, {Edge: EdgeUnder, Dir: store.Out}},
	})
	if err == nil && g.Truncated {
		err = fmt.Errorf("%s has more edges than one walk shows", point)
	}
	return g.Edges, err
}

// reholds replaces the edges to the holder of a contact point.
func (e *contactEntry) reholds(ctx context.Context, d *store.Change, holder store.ID) error {
	edges, err := e.view.relations(ctx, e.point.ID)
	if err != nil {
		return err
	}
	held := false
	for _, x := range edges {
		switch {
		case x.Type() != EdgeHeldBy:
		case x.To == holder && !held:
			held = true
		default:
			d.Delete = append(d.Delete, x.ID)
			d.If = append(d.If, store.Cond{ID: x.ID, Version: x.Version})
		}
	}
	if !held {
		e.link(d, EdgeHeldBy, holder)
	}
	return nil
}

// unbound takes the days from the edges of a contact point that stay: those of the contact point count.
func (e *contactEntry) unbound(ctx context.Context, d *store.Change) error {
	edges, err := e.view.relations(ctx, e.point.ID)
	if err != nil {
		return err
	}
	for _, x := range edges {
		if slices.Contains(d.Delete, x.ID) || x.Prop(store.ValidFrom).IsZero() && x.Prop(store.ValidUntil).IsZero() {
			continue
		}
		d.If = append(d.If, store.Cond{ID: x.ID, Version: x.Version})
		x.Props[store.ValidFrom], x.Props[store.ValidUntil] = store.Value{}, store.Value{}
		d.Link = append(d.Link, x)
	}
	return nil
}

// landsFor returns the codes of the Länder of a new contact point: one for a role of a Land, those that the holder serves for an
// office.
func (e *contactEntry) landsFor(in *ContactPointCreateInput) ([]string, *UserError) {
	path := inputPath("federalStates")
	if in.Role.ofLand() {
		if len(in.FederalStates) != 1 {
			return nil, userError(UserBadInput, path, "A contact role of a Land is for exactly one.")
		}
		return []string{string(in.FederalStates[0])}, nil
	}
	holder, ok := lookup[*Authority](e.book, LabelAuthority, in.Holder)
	if !ok {
		return nil, missing("The holder", "holder")
	}
	var serves, asked []string
	for _, s := range holder.serves {
		serves = append(serves, s.text("code"))
	}
	if in.FederalStates == nil {
		return serves, nil
	}
	for _, code := range in.FederalStates {
		if !slices.Contains(serves, string(code)) {
			return nil, userError(UserBadInput, path, "An office is for Länder that its body serves; this one does not serve %s.", code)
		}
		asked = append(asked, string(code))
	}
	slices.Sort(asked)
	return slices.Compact(asked), nil
}

// setAct says under which act and where a new contact point of a Land has its role, as that which the Land had if the caller does not
// say; it is the only one of its role.
func (e *contactEntry) setAct(ctx context.Context, d *store.Change, in *ContactPointCreateInput) error {
	if !e.role().ofLand() {
		if in.LegalAct != nil {
			e.bad(inputPath("legalAct"), "An office is held under no act: leave it out.")
		}
		return nil
	}
	o, err := e.view.othersOf(ctx, e.role(), e.point.Prop("landCodes").List()[0], "")
	if err != nil {
		return err
	}
	e.point.ID = o.next
	e.alone(d, o, inputPath("federalStates"))
	if in.LegalAct != nil {
		act, ok := lookup[*LegalAct](e.book, LabelLegalAct, *in.LegalAct)
		if !ok {
			e.errs = append(e.errs, missing("The act", "legalAct"))
			return nil
		}
		e.link(d, EdgeUnder, act.StoreID())
		return nil
	}
	for _, p := range o.points {
		if !e.view.principal.scope.Shows(p.Settled) {
			continue
		}
		hits, err := e.view.neighbors(ctx, p.ID, EdgeUnder, store.Out, LabelLegalAct)
		if err != nil {
			return err
		}
		for _, hit := range hits {
			e.link(d, EdgeUnder, hit.Node.ID)
		}
		if len(hits) == 0 {
			continue
		}
		if in.Provision == nil {
			e.point.Props["provision"] = p.Prop("provision")
		}
		return nil
	}
	e.bad(inputPath("legalAct"), "Name the act under which the role is held.")
	return nil
}

// others are the contact points of a role and Land beside one. next is the id of one that would follow; that it stays free is how
// two callers who enter one at the same moment notice each other.
type others struct {
	points []store.Node
	next   store.ID
}

// othersOf reads all contact points of a role of a Land, hidden ones too, for there is one at a time whoever may know of it.
func (v *View) othersOf(ctx context.Context, role ContactPointRole, land string, beside store.ID) (others, error) {
	pages, err := v.app.store.Neighbors(ctx, Maintenance(), []store.Hop{{
		From: []store.ID{store.NewID(string(LabelFederalState), land)}, Edge: EdgeContactFor, Dir: store.In,
		Query: store.Query{Labels: []store.Label{LabelContactPoint}, Where: store.Where("role", store.EQ, store.String(string(role))), Limit: store.MaxPage},
	}})
	if err != nil {
		return others{}, err
	}
	name := strings.ToLower(strings.ReplaceAll(string(role), "_", "-") + "-" + land + "-")
	var out others
	last := len(pages[0][0].Hits)
	for _, hit := range pages[0][0].Hits {
		if number, ok := strings.CutPrefix(hit.Node.ID.Key(), name); ok {
			if n, err := strconv.Atoi(number); err == nil {
				last = max(last, n)
			}
		}
		if hit.Node.ID != beside {
			out.points = append(out.points, hit.Node)
		}
	}
	out.next = store.NewID(string(LabelContactPoint), name+strconv.Itoa(last+1))
	return out, nil
}

// alone judges that no other contact point of the role and Land holds on a day of this one, and has the commit see that it stays so.
func (e *contactEntry) alone(d *store.Change, o others, path []string) {
	for _, p := range o.points {
		d.If = append(d.If, store.Cond{ID: p.ID, Version: p.Version})
		if !overlap(p, e.point) {
			continue
		}
		text := "Another contact point of this role is there for the Land on some of these days: change it, or withdraw it first."
		if e.view.principal.scope.Shows(p.Settled) {
			text = fmt.Sprintf("%q (id %s) is there for the Land on some of these days: change it, or withdraw it first.", p.Prop("nameDe").Text(), GlobalID(p.ID))
		}
		e.errs = append(e.errs, userError(UserExists, path, "%s", text))
		return
	}
}

// overlap reports whether two things hold on the same day.
func overlap(a, b store.Node) bool {
	bounds := func(n store.Node) (string, string) {
		until := n.Prop(store.ValidUntil).Text()
		if until == "" {
			until = "9999-99-99"
		}
		return n.Prop(store.ValidFrom).Text(), until
	}
	aFrom, aUntil := bounds(a)
	bFrom, bUntil := bounds(b)
	return max(aFrom, bFrom) < min(aUntil, bUntil)
}
