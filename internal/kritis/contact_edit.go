package kritis

import (
	"context"
	"errors"

	"kritisgraph/internal/kritis/channel"
	"kritisgraph/internal/store"
)

// ContactPointConfirmInput asks to note that a contact point is still right.
type ContactPointConfirmInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Reason           *string
}

// ContactPointPayload is what became of a change of a contact point.
type ContactPointPayload struct {
	ContactPoint     *ContactPoint
	UserErrors       []*UserError
	ConsistencyToken *string
}

// ConfirmContactPoint notes that a contact point was verified at the moment of the request and is unchanged.
func (v *View) ConfirmContactPoint(ctx context.Context, in ContactPointConfirmInput) (*ContactPointPayload, error) {
	m := mutation{name: "contactPointConfirm", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		point, refused, err := v.editableContact(ctx, in.ID, in.ExpectedVersion)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		point.Props["verifiedAt"] = store.Int(v.now.UnixMicro())
		return contactDraft(point), nil
	})
	return contactPayload(ctx, out, err)
}

// CreateContactPoint enters a new contact point.
func (v *View) CreateContactPoint(ctx context.Context, in ContactPointCreateInput) (*ContactPointPayload, error) {
	m := mutation{name: "contactPointCreate", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) { return v.newContact(ctx, &in) })
	return contactPayload(ctx, out, err)
}

// newContact writes a contact point that is not there yet.
func (v *View) newContact(ctx context.Context, in *ContactPointCreateInput) (draft, error) {
	book, err := v.Rulebook(ctx)
	if err != nil {
		return draft{}, err
	}
	e := v.entryOf(book, store.Node{
		ID:    store.NewID(string(LabelContactPoint), newKey()),
		Props: map[string]store.Value{"role": store.String(string(in.Role)), "contactStatus": store.String(string(ContactPublished))},
	})
	lands, refused := e.landsFor(in)
	if refused != nil {
		return refuse(refused), nil
	}
	if len(lands) > 0 {
		e.point.Props["landCodes"] = store.Strings(lands...)
	}
	holder, refused := e.setHolder(in.Holder)
	if refused != nil {
		return refuse(refused), nil
	}
	change := in.asChange()
	if change.Validity == nil {
		change.Validity = &ValidityInput{From: &e.day}
	}
	e.setFields(change)
	e.published(change)
	d := &store.Change{}
	if err := e.setAct(ctx, d, in); err != nil {
		return draft{}, err
	}
	e.link(d, EdgeHeldBy, holder.StoreID())
	for _, code := range lands {
		e.link(d, EdgeContactFor, store.NewID(string(LabelFederalState), code))
	}
	if err := e.setChannels(ctx, d, in.Channels, change.evidence()); err != nil {
		return draft{}, err
	}
	return e.draft(d), nil
}

// ChangeContactPoint changes what the input names, and leaves the rest as it is.
func (v *View) ChangeContactPoint(ctx context.Context, in ContactPointChangeInput) (*ContactPointPayload, error) {
	m := mutation{name: "contactPointChange", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		point, refused, err := v.editableContact(ctx, in.ID, in.ExpectedVersion)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		return v.changedContact(ctx, point, &in)
	})
	return contactPayload(ctx, out, err)
}

// changedContact writes what becomes another at a contact point.
func (v *View) changedContact(ctx context.Context, point store.Node, in *ContactPointChangeInput) (draft, error) {
	book, err := v.Rulebook(ctx)
	if err != nil {
		return draft{}, err
	}
	e, d := v.entryOf(book, point), &store.Change{}
	if e.role().ofLand() && in.Validity != nil && !v.principal.has(RoleAdministrator, RoleSituationCentre) {
		return refuse(userError(UserForbidden, inputPath("validity"),
			"While it holds a contact role of a Land, its holder sees the Land, so administrators and the situation centre enter the days.")), nil
	}
	if in.Holder != nil && *in.Holder != e.point.Prop("holderSlug").Text() {
		holder, refused := e.setHolder(*in.Holder)
		if refused != nil {
			return refuse(refused), nil
		}
		if err := e.reholds(ctx, d, holder.StoreID()); err != nil {
			return draft{}, err
		}
	}
	e.setFields(in)
	e.published(in)
	if in.Validity != nil {
		if err := e.moved(ctx, d); err != nil {
			return draft{}, err
		}
	}
	if in.Channels != nil {
		if err := e.setChannels(ctx, d, in.Channels, in.evidence()); err != nil {
			return draft{}, err
		}
	}
	return e.draft(d), nil
}

// moved judges a contact point that has other days than before.
func (e *contactEntry) moved(ctx context.Context, d *store.Change) error {
	if err := e.unbound(ctx, d); err != nil || !e.role().ofLand() {
		return err
	}
	for _, land := range e.point.Prop("landCodes").List() {
		o, err := e.view.othersOf(ctx, e.role(), land, e.point.ID)
		if err != nil {
			return err
		}
		e.alone(d, o, inputPath("validity"))
		d.If = append(d.If, store.Cond{ID: o.next})
	}
	return nil
}

// WithdrawContactPoint ends a contact point for good: it cannot be changed any more.
func (v *View) WithdrawContactPoint(ctx context.Context, in ContactPointWithdrawInput) (*ContactPointPayload, error) {
	m := mutation{name: "contactPointWithdraw", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		point, refused, err := v.editableContact(ctx, in.ID, in.ExpectedVersion)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		day := DayOf(v.now)
		if in.Until != nil {
			day = *in.Until
		}
		switch {
		case channel.Placeholder(in.Reason):
			return refuse(userError(UserBadInput, inputPath("reason"), "Say why it is withdrawn.")), nil
		case day > DayOf(v.now):
			return refuse(userError(UserBadInput, inputPath("until"),
				"A withdrawal takes effect at once: for a day to come set the validity by contactPointChange.")), nil
		}
		point.Props["contactStatus"] = store.String(string(ContactWithdrawn))
		end(point, day)
		return contactDraft(point), nil
	})
	return contactPayload(ctx, out, err)
}

// maxErrors is the greatest number of errors of one input that are told.
const maxErrors = 100

// draft commits the contact point with what goes with it, if nothing stands against it.
func (e *contactEntry) draft(d *store.Change) draft {
	if len(e.errs) > 0 {
		return refuse(e.errs[:min(len(e.errs), maxErrors)]...)
	}
	out := contactDraft(e.point)
	out.Put, out.If = append(out.Put, d.Put...), append(out.If, d.If...)
	out.Link, out.Delete = d.Link, d.Delete
	return out
}

// contactDraft commits a contact point.
func contactDraft(point store.Node) draft {
	return draft{Change: store.Change{
		Put: []store.Node{point}, If: []store.Cond{{ID: point.ID, Version: point.Version}}, Result: []store.ID{point.ID},
		Events: []store.Event{{Type: EventContactPointChanged, Subject: point.ID}},
	}}
}

// editableContact reads a contact point that the caller may change, or says why not.
func (v *View) editableContact(ctx context.Context, globalID string, expected *int32) (store.Node, *UserError, error) {
	id, err := ParseGlobalID(globalID)
	if err != nil || store.Label(id.Kind()) != LabelContactPoint {
		return store.Node{}, missing("The contact point", "id"), nil
	}
	point, err := v.reader.Node(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return store.Node{}, missing("The contact point", "id"), nil
	}
	if err != nil {
		return store.Node{}, nil, err
	}
	holder, err := far[*Authority](ctx, v, id, EdgeHeldBy, LabelAuthority)
	if err != nil {
		return store.Node{}, nil, err
	}
	if !v.principal.mayEditContact(point, slugOf(holder)) {
		return store.Node{}, userError(UserForbidden, inputPath("id"),
			"You may not change this contact point: the contact of its Land, the body itself for its office, and administrators may."), nil
	}
	if ContactPointStatus(point.Prop("contactStatus").Text()) == ContactWithdrawn {
		return store.Node{}, userError(UserConflict, inputPath("id"), "The contact point was withdrawn: enter a new one by contactPointCreate."), nil
	}
	if refused := outdated(point, expected); refused != nil {
		return store.Node{}, refused, nil
	}
	return point.Clone(), nil, nil
}

func contactPayload(ctx context.Context, out outcome, err error) (*ContactPointPayload, error) {
	if err != nil {
		return nil, err
	}
	p := &ContactPointPayload{UserErrors: append([]*UserError{}, out.errors...), ConsistencyToken: out.token}
	p.ContactPoint, err = resultOf[*ContactPoint](ctx, out)
	return p, err
}
