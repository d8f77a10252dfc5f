package transport

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// asked is what a request asks: the parameters and, where it sends no document, the SHA-256 of the one to run.
type asked struct {
	graphql.RawParams
	document string
}

// name takes over the document that a request names: by documentId, as the draft on persisted documents of GraphQL over HTTP says, or by
// the extension persistedQuery of Apollo clients. One that is sent and named has to be the same; without one there is nothing to run.
func (a *asked) name(documentID string) *refusal {
	hash, isID := strings.CutPrefix(documentID, "sha256:")
	if documentID == "" {
		persisted, _ := a.Extensions["persistedQuery"].(map[string]any)
		hash, isID = persisted["sha256Hash"].(string)
	}
	switch named := isID && isHash(hash); {
	case a.Query == "" && hash == "":
		return refuse(http.StatusBadRequest, "%s", wants["query"])
	case a.Query == "" && !named:
		return refuse(http.StatusBadRequest, "%s", wants["documentId"])
	case a.Query == "":
		a.document = hash
	case named && hash != hashOf(a.Query):
		return refuse(http.StatusBadRequest, "The document is another one than its hash says: correct one of them, or leave one out.")
	}
	return nil
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// isHash reports whether a text is a SHA-256 in lower-case hexadecimal.
func isHash(text string) bool {
	return len(text) == hex.EncodedLen(sha256.Size) && strings.Trim(text, "0123456789abcdef") == ""
}
