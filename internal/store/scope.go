package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Grant lets its holder see what is for Audience, up to and including Max.
type Grant struct {
	Audience string
	Max      TLP
}

// Scope is a set of grants. Its zero value sees nothing. A Scope is immutable.
type Scope struct {
	all    bool
	grants []Grant
}

// NewScope returns the scope of these grants; of two for one audience the wider holds.
func NewScope(grants ...Grant) Scope {
	sorted := slices.Clone(grants)
	slices.SortFunc(sorted, func(a, b Grant) int {
		if c := strings.Compare(a.Audience, b.Audience); c != 0 {
			return c
		}
		return int(b.Max) - int(a.Max)
	})
	return Scope{grants: slices.CompactFunc(sorted, func(a, b Grant) bool { return a.Audience == b.Audience })}
}

// Unrestricted returns the scope that sees everything, also what has no audience. It is for the process itself (export,
// backup, check, migration), never for a caller; lint holds that one place in the domain calls it.
func Unrestricted() Scope { return Scope{all: true} }

// All reports whether the scope is unrestricted.
func (s Scope) All() bool { return s.all }

// Grants returns the grants in the order of their audiences.
func (s Scope) Grants() []Grant { return slices.Clone(s.grants) }

// UpTo returns the scope in which each grant reaches at least most.
func (s Scope) UpTo(most TLP) Scope {
	out := Scope{all: s.all, grants: slices.Clone(s.grants)}
	for i := range out.grants {
		out.grants[i].Max = max(out.grants[i].Max, most)
	}
	return out
}

// Shows reports whether a node with this settled visibility shows.
func (s Scope) Shows(v Visibility) bool {
	if s.all {
		return true
	}
	tlp := v.TLP.Effective()
	for _, audience := range v.Audiences {
		i, ok := slices.BinarySearchFunc(s.grants, audience, func(g Grant, a string) int { return strings.Compare(g.Audience, a) })
		if ok && s.grants[i].Max >= tlp {
			return true
		}
	}
	return false
}

// Key returns a digest that two scopes share exactly if they are equal: a key for caches.
func (s Scope) Key() string {
	h := sha256.New()
	fmt.Fprintf(h, "%t", s.all)
	for _, g := range s.grants {
		fmt.Fprintf(h, "\x00%d %s", g.Max, g.Audience)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
