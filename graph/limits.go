package graph

import (
	"slices"
	"time"

	"kritisgraph/graph/guard"
	"kritisgraph/internal/kritis"
)

// RoleLimits are the limits of the requests of some callers.
type RoleLimits struct {
	Callers string              // who they are, in words
	Roles   []kritis.ViewerRole // one of these; none: the words alone say it
	Limits  guard.Limits        // complete: no zero field
}

// The rows of the table of limits. Each allows at least what those before it allow.
const (
	anonymousRow = iota
	callerRow
	centreRow
	rowCount
)

// LimitsByRole is the table of limits, from the narrowest to the widest; a caller has the last row that fits. What somebody
// without a token may ask for holds every document of the contract and the introspection of GraphiQL, but fewer subjects than
// the bulk question takes: by the list limit in one list, by the cost in all of them.
func LimitsByRole() [rowCount]RoleLimits {
	anonymous := guard.Limits{
		BodyBytes: 64 << 10, Tokens: 2_000, Depth: 16, Aliases: 20, RootFields: 10, Selections: 1_000, Repeats: 50, Cost: 4_000, Answer: 100_000,
		InputDepth: 10, InputItems: 50, Time: 10 * time.Second,
	}
	return [rowCount]RoleLimits{
		anonymousRow: {Callers: "without a token", Limits: anonymous.WithDefaults()},
		callerRow:    {Callers: "with a token", Limits: guard.Defaults()},
		centreRow: {
			Callers: "situation centre, administrator", Roles: []kritis.ViewerRole{kritis.RoleSituationCentre, kritis.RoleAdministrator},
			Limits: guard.Limits{Cost: 100_000}.WithDefaults(),
		},
	}
}

// rowOf is the row of the table that a caller has.
func rowOf(p kritis.Principal) int {
	row := anonymousRow
	if p.Known() {
		row = callerRow
	}
	for i, r := range LimitsByRole() {
		if slices.ContainsFunc(p.Roles, func(role kritis.ViewerRole) bool { return slices.Contains(r.Roles, role) }) {
			row = max(row, i)
		}
	}
	return row
}
