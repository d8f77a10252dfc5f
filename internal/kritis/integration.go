package kritis

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"kritisgraph/internal/store"
)

// keyMaxTLP is the strictest marking that a key shows, whatever its body or operator sees: RED is for named people.
const keyMaxTLP = store.TLPAmberStrict

// integration is what a caller with a key may run: these documents, by SHA-256. Its sight is that of somebody with these roles.
type integration struct {
	documents []string
	sight     []ViewerRole
}

// Integration reports whether the caller is a program with a key: it runs the documents of the key and changes nothing.
func (p Principal) Integration() bool { return p.key != nil }

// keyScope is the sight of the door, for the keys and their documents alone.
func keyScope() store.Scope {
	return store.NewScope(store.Grant{Audience: AudienceAdministration, Max: store.TLPRed})
}

// noDigest is no SHA-256 that anybody knows a secret for.
var noDigest = strings.Repeat("0", 2*sha256.Size)

// The reasons why a key is refused, for the log.
var (
	errKeyUnknown = errors.New("integration key refused: there is no such key, or its secret is another one")
	errKeyRevoked = errors.New("integration key refused: revoked")
	errKeyExpired = errors.New("integration key refused: expired")
)

// EnterKey returns the view of a program with a key: it sees what the body or operator of the key sees at this moment, up to
// AMBER_STRICT, narrowed by the key. A key that is not known, revoked or expired is CodeUnauthenticated. Beside the rulebook it
// is one read, whether there is such a key or not.
func (a *App) EnterKey(ctx context.Context, k KeySecret) (*View, error) {
	book, err := a.rulebook(ctx)
	if err != nil {
		return nil, err
	}
	found, err := a.store.Nodes(ctx, keyScope(), []store.ID{store.NewID(string(LabelIntegrationKey), k.ID())})
	if err != nil {
		return nil, err
	}
	now := a.now()
	o := object{}
	if len(found) == 1 {
		o.node = found[0]
	}
	known := k.matches(cmp.Or(o.text("secretDigest"), noDigest)) // compared also where there is no key, for the same time
	switch expires := o.instant("expiresAt"); {
	case !known:
		err = errKeyUnknown
	case o.instant("revokedAt") != nil:
		err = errKeyRevoked
	case expires == nil || !now.Before(*expires):
		err = errKeyExpired
	}
	if err != nil {
		return nil, Unauthenticated(fmt.Errorf("%s: %w", k, err))
	}
	p, err := book.integration(o, DayOf(now))
	if err != nil {
		return nil, err
	}
	a.uses.note(k.ID(), now)
	return a.entered(p, book, now), nil
}

// integration is the caller of a key: the sight of its body or operator and nothing else of it, not what those who run the
// directory have for themselves, and not what people asked for and were granted.
func (r *Rulebook) integration(key object, day Day) (Principal, error) {
	id := Identity{
		Subject: "integration-key:" + key.text("keyId"), Body: key.text("authoritySlug"), Operator: key.text("operatorReference"),
		MaxTLP: keyMaxTLP.String(),
	}
	if most := key.text("maxTlp"); most != "" {
		var limit store.TLP
		if err := limit.UnmarshalText([]byte(most)); err != nil {
			return Principal{}, fmt.Errorf("the marking of %s: %w", key.StoreID(), err)
		}
		id.MaxTLP = min(limit.Effective(), keyMaxTLP).String()
	}
	if lands := key.node.Prop("federalStates"); lands.Kind() == store.StringsKind {
		id.FederalStates = append([]string{}, lands.List()...)
	}
	p, err := r.Principal(id, day)
	if err != nil {
		return Principal{}, err
	}
	p.key = &integration{documents: key.list("documents"), sight: p.Roles}
	p.Roles = []ViewerRole{RoleIntegration}
	p.told = store.NewScope(slices.DeleteFunc(p.scope.Grants(), func(g store.Grant) bool {
		return g.Audience == AudienceAdministration || isCaller(g.Audience)
	})...)
	p.scope = p.told
	return p, nil
}

// documentHash is the SHA-256 of the text of a document, in hexadecimal.
func documentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// MayRun reports whether the caller may run a document with this text: nil, or CodeForbidden. Only programs with a key are
// bound to documents; a change of one space makes another document.
func (v *View) MayRun(ctx context.Context, text string) error {
	if key := v.principal.key; key != nil && !slices.Contains(key.documents, documentHash(text)) {
		return v.foreignDocument(ctx)
	}
	return nil
}

// StoredDocument returns the text of a document of the key of the caller by its SHA-256 in lower-case hexadecimal. For another
// document it is CodeForbidden, and CodeBadInput for a caller without a key.
func (v *View) StoredDocument(ctx context.Context, hash string) (string, error) {
	key := v.principal.key
	switch {
	case key == nil:
		return "", BadInput("documentId", "Documents by their hash are for integration keys: send the text as query.")
	case !slices.Contains(key.documents, hash):
		return "", v.foreignDocument(ctx)
	}
	found, err := v.app.documents.read(ctx, v.app.store, []string{hash})
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", v.foreignDocument(ctx)
	}
	return found[0].text, nil
}

// foreignDocument is the error for a document that is not of the key.
func (v *View) foreignDocument(ctx context.Context) error {
	own, err := v.app.documents.read(ctx, v.app.store, v.principal.key.documents)
	if err != nil {
		return err
	}
	names := make([]string, len(own))
	for i, d := range own {
		names[i] = d.name
	}
	slices.Sort(names)
	return &Error{Code: CodeForbidden, Message: "This key runs only the documents " + strings.Join(names, ", ") +
		", byte for byte: ask an administrator for a key with another one."}
}

// trustedDocument is a document as it is stored.
type trustedDocument struct {
	name, text string
}

// rememberedDocuments bounds the documents in memory; each has at most 64 KiB.
const rememberedDocuments = 256

// documentMemory remembers trusted documents by their hash. Nothing of them ever changes.
type documentMemory struct {
	mu     sync.Mutex
	byHash map[string]trustedDocument
}

// read returns the documents with these hashes that there are. What is not remembered is one read.
func (m *documentMemory) read(ctx context.Context, s *store.Store, hashes []string) ([]trustedDocument, error) {
	var out []trustedDocument
	var missing []store.ID
	m.mu.Lock()
	for _, hash := range hashes {
		if d, ok := m.byHash[hash]; ok {
			out = append(out, d)
		} else {
			missing = append(missing, store.NewID(string(LabelTrustedDocument), hash))
		}
	}
	m.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	found, err := s.Nodes(ctx, keyScope(), missing)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byHash == nil || len(m.byHash)+len(found) > rememberedDocuments {
		m.byHash = map[string]trustedDocument{}
	}
	for _, n := range found {
		d := trustedDocument{name: n.Prop("name").Text(), text: n.Prop("text").Text()}
		if hash := n.ID.Key(); documentHash(d.text) == hash { // an import could bring anything
			m.byHash[hash] = d
			out = append(out, d)
		}
	}
	return out, nil
}
