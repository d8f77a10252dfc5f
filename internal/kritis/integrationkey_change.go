package kritis

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kritisgraph/internal/store"
)

// IntegrationKeyCreateInput asks for a key.
type IntegrationKeyCreateInput struct {
	ClientMutationID *string
	Name             string
	ActsFor          IntegrationKeyHolderInput
	Documents        []*TrustedDocumentInput
	FederalStates    []FederalStateCode
	MaxTlp           *Tlp
	ExpiresAt        time.Time
	Reason           *string
}

// IntegrationKeyHolderInput names for whom a program acts: one of the two.
type IntegrationKeyHolderInput struct {
	Authority *string // slug
	Operator  *string // global id
}

// TrustedDocumentInput is a document that a key shall run.
type TrustedDocumentInput struct {
	Name string
	Text string
}

// IntegrationKeyCreatePayload is what became of a wish for a key. Secret is there once.
type IntegrationKeyCreatePayload struct {
	IntegrationKey   *IntegrationKey
	Secret           *string
	UserErrors       []*UserError
	ConsistencyToken *string
}

// IntegrationKeyRevokeInput asks to end a key.
type IntegrationKeyRevokeInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Reason           *string
}

// IntegrationKeyRevokePayload is what became of the end of a key.
type IntegrationKeyRevokePayload struct {
	IntegrationKey   *IntegrationKey
	UserErrors       []*UserError
	ConsistencyToken *string
}

// The bounds of a key.
const (
	maxKeyDocuments = 20
	maxKeyName      = 100
	maxDocument     = 64 << 10
)

// DocumentCheck judges the text of a document that a caller with a key shall run: nothing, or what is wrong with it, for people. It
// is the API's, for only the API knows its schema.
type DocumentCheck func(text string, caller Principal) (problem string)

// CreateIntegrationKey makes a key from a source of randomness, with documents that pass the check. A repetition under the same
// clientMutationId gives the same key without its secret, which nothing can show again.
func (v *View) CreateIntegrationKey(ctx context.Context, in IntegrationKeyCreateInput, check DocumentCheck, random io.Reader) (*IntegrationKeyCreatePayload, error) {
	var drawn KeySecret
	m := mutation{name: "integrationKeyCreate", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		if problems := append(v.mayMakeKeys(), in.problems(v)...); len(problems) > 0 {
			return refuse(problems...), nil
		}
		key, problem, err := v.draftKey(ctx, in)
		if err != nil || problem != nil {
			return refuse(problem), err
		}
		if problems, err := v.checkDocuments(ctx, key, in.Documents, check); err != nil || len(problems) > 0 {
			return refuse(problems...), err
		}
		if drawn, err = NewKeySecret(random); err != nil {
			return draft{}, err
		}
		return v.keyDraft(ctx, key, drawn, in.Documents)
	})
	if err != nil {
		return nil, err
	}
	p := &IntegrationKeyCreatePayload{UserErrors: append([]*UserError{}, out.errors...), ConsistencyToken: out.token}
	if p.IntegrationKey, err = resultOf[*IntegrationKey](ctx, out); err != nil {
		return nil, err
	}
	if k := p.IntegrationKey; k != nil && drawn.matches(k.text("secretDigest")) {
		secret := drawn.Reveal()
		p.Secret = &secret
	}
	return p, nil
}

func noKeyManager() *UserError {
	return userError(UserForbidden, inputPath(), "Integration keys are made and revoked by administrators.")
}

// mayMakeKeys says why the caller may not make keys: nothing where it may. With a token that is narrowed one could else make a key
// that sees more.
func (v *View) mayMakeKeys() []*UserError {
	p := v.principal
	switch {
	case !p.has(needs[ActionIntegrationKeyEdit]...):
		return []*UserError{noKeyManager()}
	case p.partial || p.maxTLP < keyMaxTLP:
		return []*UserError{userError(UserForbidden, inputPath(),
			"Your token is narrowed to some Länder or to a marking: integration keys need one of an administrator that is not.")}
	}
	return nil
}

// problems are what is wrong with the input by itself.
func (in *IntegrationKeyCreateInput) problems(v *View) []*UserError {
	var out []*UserError
	bad := func(path []string, format string, args ...any) {
		out = append(out, userError(UserBadInput, path, format, args...))
	}
	if !isName(in.Name) {
		bad(inputPath("name"), "A name has 1 to %d printable characters.", maxKeyName)
	}
	if end := v.now.AddDate(1, 0, 0); !in.ExpiresAt.After(v.now) || in.ExpiresAt.After(end) {
		bad(inputPath("expiresAt"), "A key ends in the future, at most one year from now: by %s.", end.UTC().Format(time.RFC3339))
	}
	if in.FederalStates != nil && len(in.FederalStates) == 0 {
		bad(inputPath("federalStates"), "Name at least one Land, or leave federalStates out for a key that is not narrowed.")
	}
	if in.MaxTlp != nil && in.maxTLP() > keyMaxTLP {
		bad(inputPath("maxTlp"), "An integration key shows at most %s: RED is for named people.", keyMaxTLP)
	}
	if n := len(in.Documents); n < 1 || n > maxKeyDocuments {
		bad(inputPath("documents"), "A key runs 1 to %d documents, not %d.", maxKeyDocuments, n)
		return out
	}
	names, texts := map[string]bool{}, map[string]bool{}
	for i, d := range in.Documents {
		place := inputPath("documents", strconv.Itoa(i))
		switch {
		case !isName(d.Name):
			bad(append(place, "name"), "A name has 1 to %d printable characters.", maxKeyName)
		case names[d.Name]:
			bad(append(place, "name"), "Two documents have this name: name each by what it asks.")
		}
		switch {
		case len(d.Text) > maxDocument:
			bad(append(place, "text"), "A document has at most %d bytes, not %d.", maxDocument, len(d.Text))
		case !utf8.ValidString(d.Text):
			bad(append(place, "text"), "A document is UTF-8.")
		case texts[d.Text]:
			bad(append(place, "text"), "Two documents have this text: give it once.")
		}
		names[d.Name], texts[d.Text] = true, true
	}
	return out
}

func isName(text string) bool {
	n := utf8.RuneCountInString(text)
	return n > 0 && n <= maxKeyName && printable(text) && strings.TrimSpace(text) == text
}

// maxTLP is the marking asked for, RED where it is none.
func (in *IntegrationKeyCreateInput) maxTLP() store.TLP {
	if in.MaxTlp == nil {
		return keyMaxTLP
	}
	var most store.TLP
	if err := most.UnmarshalText([]byte(*in.MaxTlp)); err != nil {
		return store.TLPRed
	}
	return most.Effective()
}

// draftKey is the key without id and secret, or why there is none.
func (v *View) draftKey(ctx context.Context, in IntegrationKeyCreateInput) (store.Node, *UserError, error) {
	props := v.entered()
	switch holder := in.ActsFor; {
	case holder.Authority != nil:
		book, err := v.Rulebook(ctx)
		if err != nil {
			return store.Node{}, nil, err
		}
		body, ok := lookup[*Authority](book, LabelAuthority, *holder.Authority)
		if !ok || body.Placeholder() && len(book.landsOf(body.Slug(), DayOf(v.now))) == 0 {
			return store.Node{}, missing("The body", "actsFor", "authority"), nil
		}
		props["authoritySlug"] = store.String(body.Slug())
	case holder.Operator != nil:
		n, err := v.Node(ctx, *holder.Operator)
		if err != nil {
			return store.Node{}, nil, err
		}
		operator, ok := n.(*Operator)
		if !ok {
			return store.Node{}, missing("The operator", "actsFor", "operator"), nil
		}
		props["operatorReference"] = store.String(operator.Reference())
	}
	if in.FederalStates != nil {
		codes := make([]string, len(in.FederalStates))
		for i, code := range in.FederalStates {
			codes[i] = string(code)
		}
		slices.Sort(codes)
		props["federalStates"] = store.Strings(slices.Compact(codes)...)
	}
	var hashes []string
	for _, d := range in.Documents {
		hashes = append(hashes, documentHash(d.Text))
	}
	slices.Sort(hashes)
	props["name"], props["maxTlp"], props["documents"] = store.String(in.Name), store.String(in.maxTLP().String()), store.Strings(hashes...)
	props["expiresAt"], props["createdAt"] = store.Int(in.ExpiresAt.UnixMicro()), store.Int(v.now.UnixMicro())
	props["createdBy"] = store.String(v.principal.Subject)
	return store.Node{Own: administrative(), Props: props}, nil, nil
}

// entered is the evidence of what somebody enters at this moment.
func (v *View) entered() map[string]store.Value {
	return map[string]store.Value{
		"source": store.String("entered by " + v.principal.Subject), "asOf": store.String(string(DayOf(v.now))),
		"status": store.String("STATED"), "confidence": store.String("VERIFIED"),
	}
}

// checkDocuments says what is wrong with the documents for the caller that the key will be.
func (v *View) checkDocuments(ctx context.Context, key store.Node, documents []*TrustedDocumentInput, check DocumentCheck) ([]*UserError, error) {
	book, err := v.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	caller, err := book.integration(object{key}, DayOf(v.now))
	if err != nil {
		return nil, err
	}
	var out []*UserError
	for i, d := range documents {
		if problem := check(d.Text, caller); problem != "" {
			out = append(out, userError(UserBadInput, inputPath("documents", strconv.Itoa(i), "text"), "%s", problem))
		}
	}
	return out, nil
}

// keyDraft commits the key with the documents that are not there yet. A document has one name, by whichever key it came.
func (v *View) keyDraft(ctx context.Context, key store.Node, drawn KeySecret, documents []*TrustedDocumentInput) (draft, error) {
	key.ID = store.NewID(string(LabelIntegrationKey), drawn.ID())
	key.Props["keyId"], key.Props["secretDigest"] = store.String(drawn.ID()), store.String(drawn.Digest())
	c := store.Change{
		Put: []store.Node{key}, If: []store.Cond{{ID: key.ID}}, Result: []store.ID{key.ID},
		Events: []store.Event{{Type: EventIntegrationKeyChanged, Subject: key.ID}},
	}
	ids := make([]store.ID, len(documents))
	for i, d := range documents {
		ids[i] = store.NewID(string(LabelTrustedDocument), documentHash(d.Text))
	}
	found, err := v.reader.Nodes(ctx, ids)
	if err != nil {
		return draft{}, err
	}
	for i, d := range documents {
		known := slices.IndexFunc(found, func(n store.Node) bool { return n.ID == ids[i] })
		if known < 0 {
			n := store.Node{ID: ids[i], Own: administrative(), Props: v.entered()}
			n.Props["sha256"], n.Props["name"], n.Props["text"] = store.String(ids[i].Key()), store.String(d.Name), store.String(d.Text)
			c.Put, c.If = append(c.Put, n), append(c.If, store.Cond{ID: n.ID})
		} else if name := found[known].Prop("name").Text(); name != d.Name {
			return refuse(userError(UserBadInput, inputPath("documents", strconv.Itoa(i), "name"),
				"This document is there already under the name %q: call it so here too.", name)), nil
		}
		link := store.Edge{ID: store.EdgeID(EdgeRuns, key.ID, ids[i]), From: key.ID, To: ids[i], Props: v.entered()}
		c.Link, c.If = append(c.Link, link), append(c.If, store.Cond{ID: link.ID})
	}
	return draft{Change: c}, nil
}

// RevokeIntegrationKey ends a key: from the next request on it does not open.
func (v *View) RevokeIntegrationKey(ctx context.Context, in IntegrationKeyRevokeInput) (*IntegrationKeyRevokePayload, error) {
	m := mutation{name: "integrationKeyRevoke", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		if !v.principal.has(needs[ActionIntegrationKeyEdit]...) {
			return refuse(noKeyManager()), nil
		}
		n, err := v.Node(ctx, in.ID)
		if err != nil {
			return draft{}, err
		}
		k, ok := n.(*IntegrationKey)
		if !ok {
			return refuse(missing("The integration key", "id")), nil
		}
		if problem := outdated(k.node, in.ExpectedVersion); problem != nil {
			return refuse(problem), nil
		}
		if at := k.RevokedAt(); at != nil {
			return refuse(userError(UserConflict, inputPath("id"), "The key was revoked already, at %s.", at.Format(time.RFC3339))), nil
		}
		ended := k.node.Clone()
		ended.Props["revokedAt"] = store.Int(v.now.UnixMicro())
		return draft{Change: store.Change{
			Put: []store.Node{ended}, If: []store.Cond{{ID: ended.ID, Version: ended.Version}}, Result: []store.ID{ended.ID},
			Events: []store.Event{{Type: EventIntegrationKeyChanged, Subject: ended.ID}},
		}}, nil
	})
	if err != nil {
		return nil, err
	}
	p := &IntegrationKeyRevokePayload{UserErrors: append([]*UserError{}, out.errors...), ConsistencyToken: out.token}
	if p.IntegrationKey, err = resultOf[*IntegrationKey](ctx, out); err != nil {
		return nil, fmt.Errorf("reading the revoked key: %w", err)
	}
	return p, nil
}
