package storetest

import (
	"testing"

	"kritisgraph/internal/store"
)

// scenario is one case of the suite: it gets a world of its own with an empty, migrated driver.
type scenario struct {
	name string
	run  func(*world)
}

// Run holds a driver to the contract of store.Driver, case by case, and compares it with the model over random sequences.
// open returns an empty driver that was never migrated, a new one or the same one emptied, and leaves closing it to
// t.Cleanup; one is open at a time.
func Run(t *testing.T, open func(t testing.TB) store.Driver) {
	t.Run("identity", func(t *testing.T) { runIdentity(t, open) })
	for _, topic := range []struct {
		name  string
		cases []scenario
	}{
		{"nodes", nodeCases()},
		{"filters", filterCases()},
		{"relations", relationCases()},
		{"pages", pageCases()},
		{"text", textCases()},
		{"counts", countCases()},
		{"neighbors", neighborCases()},
		{"walks", walkCases()},
		{"commits", commitCases()},
		{"values", valueCases()},
		{"sequences", sequenceCases()},
		{"settling", settleCases()},
		{"scopes", scopeCases()},
		{"log", logCases()},
		{"log scopes", logScopeCases()},
		{"load", loadCases()},
		{"contexts", contextCases()},
	} {
		t.Run(topic.name, func(t *testing.T) {
			for _, c := range topic.cases {
				t.Run(c.name, func(t *testing.T) { c.run(newWorld(t, open)) })
			}
		})
	}
	t.Run("random sequences", func(t *testing.T) { RunModel(t, open) })
}
