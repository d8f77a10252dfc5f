package kritis

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"kritisgraph/internal/store"
)

// DependencySubject is something that depends on others or that others depend on: a branch, an operator or a facility.
type DependencySubject interface {
	Node
	IsDependencySubject()
}

// DependencyID names the registered dependency of a facility or operator on another one for a need; an empty need is one of its
// own. A provider so stands at most once in each need of a dependent. Keys hold no '>' and no '#', and need is one that
// [CheckNeed] lets pass.
func DependencyID(from, to store.ID, need string) store.ID {
	id := store.EdgeID(EdgeSupplies, from, to)
	if need == "" {
		return id
	}
	return id + store.ID("#"+need)
}

// maxNeed is the greatest length of a need in characters.
const maxNeed = 60

// CheckNeed reports what is wrong with a need that is given: it has 1 to 60 printable characters, no spaces around them, and none of
// '#', '>' and '/'.
func CheckNeed(need string) error {
	if need == "" || need != strings.TrimSpace(need) || utf8.RuneCountInString(need) > maxNeed || !printable(need) || strings.ContainsAny(need, "#>/") {
		return fmt.Errorf("a need takes 1 to %d printable characters without spaces around them, and none of # > /", maxNeed)
	}
	return nil
}
