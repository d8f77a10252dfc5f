package kritis

import (
	"context"
	"errors"

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

// contactDraft commits a contact point that exists.
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
