package kritis

import (
	"encoding/base64"
	"strings"

	"kritisgraph/internal/store"
)

// GlobalID returns the opaque, versioned id by which clients know a node.
func GlobalID(id store.ID) string {
	return base64.RawURLEncoding.EncodeToString([]byte("1:" + string(id)))
}

// ParseGlobalID reads a global id. What is none, or of another version, is not found: like an id that nobody has.
func ParseGlobalID(text string) (store.ID, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", store.ErrNotFound
	}
	id, ok := strings.CutPrefix(string(raw), "1:")
	if !ok || id == "" {
		return "", store.ErrNotFound
	}
	return store.ID(id), nil
}
