package kritis

import (
	"context"
	"time"

	"kritisgraph/internal/store"
)

// IntegrationKey is a key with which a program runs named documents. Its secret is nowhere but with its holder.
type IntegrationKey struct {
	object
	view *View
}

// Prefix returns how the key begins: all that is not secret.
func (k *IntegrationKey) Prefix() string { return KeyPrefix + k.text("keyId") }

// Name returns what the key is for.
func (k *IntegrationKey) Name() string { return k.text("name") }

// Authority returns the body that the program acts for, nil for an operator. It may be one that stands for the contact of a Land.
func (k *IntegrationKey) Authority(ctx context.Context) (*Authority, error) {
	return find[*Authority](ctx, k.view, LabelAuthority, k.text("authoritySlug"))
}

// Operator returns the operator that the program acts for, nil for a body.
func (k *IntegrationKey) Operator(ctx context.Context) (*Operator, error) {
	if k.text("operatorReference") == "" {
		return nil, nil //nolint:nilnil // the API's null
	}
	return k.view.Operator(ctx, k.text("operatorReference"))
}

// FederalStates returns the Länder to which the sight is narrowed, none where it is not.
func (k *IntegrationKey) FederalStates(ctx context.Context) ([]*FederalState, error) {
	book, err := k.view.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	out := []*FederalState{}
	for _, code := range k.list("federalStates") {
		if s, ok := lookup[*FederalState](book, LabelFederalState, code); ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// MaxTlp returns the strictest marking that the program sees.
func (k *IntegrationKey) MaxTlp() Tlp {
	var most store.TLP
	if err := most.UnmarshalText([]byte(k.text("maxTlp"))); err != nil || most == 0 {
		most = keyMaxTLP
	}
	return Tlp(min(most, keyMaxTLP).String())
}

// Documents returns the documents that the key runs, by name.
func (k *IntegrationKey) Documents(ctx context.Context) ([]*TrustedDocument, error) {
	hits, err := k.view.neighbors(ctx, k.node.ID, EdgeRuns, store.Out, LabelTrustedDocument, store.Order{Prop: "name"})
	if err != nil {
		return nil, err
	}
	out := make([]*TrustedDocument, len(hits))
	for i, h := range hits {
		out[i] = &TrustedDocument{object{h.Node}}
	}
	return out, nil
}

// Status says whether the key opens at the moment of the request.
func (k *IntegrationKey) Status() IntegrationKeyStatus {
	switch end := k.instant("expiresAt"); {
	case k.RevokedAt() != nil:
		return "REVOKED"
	case end == nil || !k.view.now.Before(*end):
		return "EXPIRED"
	}
	return "ACTIVE"
}

// ExpiresAt returns from when on the key does not open.
func (k *IntegrationKey) ExpiresAt() time.Time { return k.moment("expiresAt") }

// RevokedAt returns when it was revoked, nil where it was not.
func (k *IntegrationKey) RevokedAt() *time.Time { return k.instant("revokedAt") }

// CreatedAt returns when it was made.
func (k *IntegrationKey) CreatedAt() time.Time { return k.moment("createdAt") }

// CreatedBy returns who made it.
func (k *IntegrationKey) CreatedBy() string { return k.text("createdBy") }

// LastUsedAt returns when the key was used last, up to ten minutes ago; nil where it never was.
func (k *IntegrationKey) LastUsedAt(ctx context.Context) (*time.Time, error) {
	found, err := k.view.reader.Nodes(ctx, []store.ID{keyUseID(k.text("keyId"))})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return object{found[0]}.instant("lastUsedAt"), nil
}

// moment returns an instant that is always there.
func (k *IntegrationKey) moment(prop string) time.Time {
	if at := k.instant(prop); at != nil {
		return *at
	}
	return time.Time{}
}

// TrustedDocument is a query that was checked, and is known by the SHA-256 of its text.
type TrustedDocument struct {
	object
}

// Name returns what people call it.
func (d *TrustedDocument) Name() string { return d.text("name") }

// Sha256 returns the hash of its text, in lower-case hexadecimal, by which a program asks for it.
func (d *TrustedDocument) Sha256() string { return d.text("sha256") }

// Text returns the document itself.
func (d *TrustedDocument) Text() string { return d.text("text") }

// IntegrationKeyConnection is a page of integration keys.
type IntegrationKeyConnection struct {
	connection
	Edges []*IntegrationKeyEdge
	Nodes []*IntegrationKey
}

// IntegrationKeyEdge is an integration key in a list.
type IntegrationKeyEdge struct {
	edgeOf
	Node *IntegrationKey
}

// IntegrationKeys lists the integration keys, the newest first.
func (v *View) IntegrationKeys(ctx context.Context, page PageArgs) (*IntegrationKeyConnection, error) {
	q := ListArgs{}.query(LabelIntegrationKey, store.Order{Prop: "createdAt", Desc: true})
	c, err := v.listPage(ctx, q, page)
	if err != nil {
		return nil, err
	}
	out := &IntegrationKeyConnection{connection: c}
	out.Edges, out.Nodes, err = items(ctx, v, c, func(e edgeOf, k *IntegrationKey) *IntegrationKeyEdge { return &IntegrationKeyEdge{e, k} })
	return out, err
}
