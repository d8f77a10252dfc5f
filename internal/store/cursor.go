package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrCursor is what a cursor or token gives that was altered, or that belongs to another list or another store.
var ErrCursor = errors.New("this cursor or token is not valid here: it belongs to another list or store, or was altered")

// List names the list that a cursor belongs to: a query, and for a hop its parent, edge and direction. Limit, start,
// direction and total of the query do not matter.
type List struct {
	Parent ID
	Edge   EdgeType
	Dir    Dir
	Via    Filter
	Query  Query
}

func (l List) digest() ([]byte, error) {
	l.Query.Start, l.Query.Limit, l.Query.Backwards, l.Query.Total = nil, 0, false, false
	body, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	return sum[:], nil
}

const macSize = 16

// Cursor signs a position in a list. Cursors are valid in this store only.
func (s *Store) Cursor(l List, p Position) (string, error) {
	digest, err := l.digest()
	if err != nil {
		return "", err
	}
	return s.sign("cursor", digest, p)
}

// Position reads a cursor of the same list; any other is ErrCursor.
func (s *Store) Position(l List, cursor string) (Position, error) {
	digest, err := l.digest()
	if err != nil {
		return Position{}, err
	}
	var p Position
	return p, s.unsign("cursor", digest, cursor, &p)
}

// Token signs a mark as the consistency token that clients pass on.
func (s *Store) Token(m Mark) (string, error) { return s.sign("token", nil, m) }

// Mark reads a consistency token of this store; any other is ErrCursor.
func (s *Store) Mark(token string) (Mark, error) {
	var m Mark
	return m, s.unsign("token", nil, token, &m)
}

func (s *Store) mac(purpose string, digest, body []byte) []byte {
	h := hmac.New(sha256.New, s.identity.Key)
	fmt.Fprintf(h, "%s\x00%s\x00%d\x00", purpose, s.identity.Store, len(digest))
	h.Write(digest)
	h.Write(body)
	return h.Sum(nil)[:macSize]
}

func (s *Store) sign(purpose string, digest []byte, x any) (string, error) {
	body, err := marshal(x)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(s.mac(purpose, digest, body), body...)), nil
}

func (s *Store) unsign(purpose string, digest []byte, text string, x any) error {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) <= macSize {
		return ErrCursor
	}
	if !hmac.Equal(raw[:macSize], s.mac(purpose, digest, raw[macSize:])) {
		return ErrCursor
	}
	if err := json.Unmarshal(raw[macSize:], x); err != nil {
		return ErrCursor
	}
	return nil
}
