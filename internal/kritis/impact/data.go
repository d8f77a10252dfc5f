package impact

import (
	"errors"
	"fmt"
)

// Data are the nodes and edges of a graph as the caller may see them on the day asked. Their order does not matter.
type Data struct {
	FederalStates []FederalState // all in which a branch can fail
	Nodes         []Node
	Edges         []Edge
}

// FederalState is a Land.
type FederalState struct {
	Code       string // BW
	ARS        string // first two digits of the regional key: 08
	Population int64
}

// Node is something that can fail. Its key has the form kind:name, with the kind branch, service, facility or operator.
type Node struct {
	Key           string   // branch:electricity, facility:demo-fa-0001
	Branch        string   // of a service or facility: the slug of its branch, empty where none is recorded
	Operator      string   // of a facility: the key of who runs it, empty where not known; it need not be in the graph
	Site          string   // of a facility: the Land in which it stands, empty outside all Länder
	FederalStates []string // of a facility: the Länder of its supply area; of an operator: its own, empty for those of its facilities
	SupplyArea    []Area   // of a facility
	BackupPower   *Seconds // of a facility or operator: how long it works without power, 0 for not at all, nil where not known
	RecoveryTime  *Seconds // of a facility: how long it takes to work again, nil where not known
	Open          bool     // of a facility or operator: not all that depends on it is given, so nothing is filled in for it and nobody says that nothing is registered
}

// Area is a part of a supply area.
type Area struct {
	ARS        string // official regional key, 2 to 12 digits
	Population *int64 // inhabitants supplied, nil where not known
}

// Kind is the nature of a dependency.
type Kind string

// The kinds of dependency. Backup power counts for PHYSICAL ones only.
const (
	Physical       Kind = "PHYSICAL"
	Cyber          Kind = "CYBER"
	Geographic     Kind = "GEOGRAPHIC"
	Logical        Kind = "LOGICAL"
	Organisational Kind = "ORGANISATIONAL"
)

// Figures says where figures come from.
type Figures string

// The origins of figures.
const (
	Sourced   Figures = "SOURCED"
	Estimated Figures = "ESTIMATED"
)

// Edge says that a dependent needs a provider. Both are branches (a reference edge), or each is a facility or an operator (a registered edge).
type Edge struct {
	Key          string // unique in the graph
	Provider     string // key of a node
	Dependent    string // key of a node
	Kind         Kind
	Strength     Strength // how much of the dependent's service goes when the provider is gone, above 0
	TimeToImpact Seconds  // from the provider's failure to the dependent's
	TimeUntil    *Seconds // upper end of the range of TimeToImpact, nil where the source gives none
	Need         string   // registered edges into one dependent with the same need are alternatives; empty: stands alone
	Substitute   Seconds  // for how long something else bridges the loss, 0 for nothing
	Figures      Figures
}

// longest bounds every time of the input, so that no sum of times overflows.
const longest Seconds = 1 << 40

// ErrInput is what every [InputError] is.
var ErrInput = errors.New("impact cannot be computed")

// InputError names the part of a graph or question that cannot be used, why, and what would do.
type InputError struct {
	Field   string // such as edges[dep-001].strength or roots[0]
	Problem string
	Remedy  string
}

// Error says field, problem and remedy.
func (e *InputError) Error() string { return fmt.Sprintf("%s: %s; %s", e.Field, e.Problem, e.Remedy) }

// Is makes every InputError an ErrInput.
func (e *InputError) Is(target error) bool { return target == ErrInput }
