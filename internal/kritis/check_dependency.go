package kritis

import "kritisgraph/internal/store"

// dependency judges what the rule of impact takes for granted of a dependency, whoever wrote it: that it links either branches or what
// is registered, under the id of its ends and its need, by figures within their ranges.
func (c *checker) dependency(e *store.Edge) {
	if e.Type() != EdgeSupplies {
		return
	}
	need := e.Prop("need").Text()
	reference := store.Label(e.From.Kind()) == LabelBranch
	switch {
	case reference != (store.Label(e.To.Kind()) == LabelBranch):
		c.fail(e.ID, "it links a branch and something registered")
	case need != "" && CheckNeed(need) != nil:
		c.fail(e.ID, "its need %q: %v", need, CheckNeed(need))
	case !reference && e.ID != DependencyID(e.From, e.To, need):
		c.fail(e.ID, "its ends and its need %q give it another id, %s", need, DependencyID(e.From, e.To, need))
	}
	if s := e.Prop("strengthMillionths").Num(); s < 1 || s > 1_000_000 || s%100 != 0 {
		c.fail(e.ID, "its strength is %d millionths, not above 0 up to 1 with four decimals", s)
	}
	for _, name := range []string{"timeToImpactSeconds", "timeFromSeconds", "timeUntilSeconds", "substituteSeconds"} {
		if n := e.Prop(name).Num(); n < 0 {
			c.fail(e.ID, "its %s is %d, below 0", name, n)
		}
	}
	if from, until := e.Prop("timeFromSeconds"), e.Prop("timeUntilSeconds"); from.IsZero() != until.IsZero() || from.Num() > until.Num() {
		c.fail(e.ID, "its time to impact ranges from %d to %d seconds", from.Num(), until.Num())
	}
}
