package kritis_test

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

func TestADependencyIsNamedByItsEndsAndItsNeed(t *testing.T) {
	for _, c := range []struct{ need, want string }{
		{"", "SUPPLIES/Facility/a>Operator/b"},
		{"emergency power", "SUPPLIES/Facility/a>Operator/b#emergency power"},
	} {
		if got := kritis.DependencyID("Facility/a", "Operator/b", c.need); string(got) != c.want || !got.Valid() {
			t.Errorf("%q: %s", c.need, got)
		}
	}
}

func TestANeedIsAShortLineOfText(t *testing.T) {
	for need, fits := range map[string]bool{
		"electricity": true, "Kühlwasser": true, strings.Repeat("ä", 60): true, "": false, " ": false, " x": false, "x ": false, strings.Repeat("ä", 61): false,
		"a\nb": false, "a#b": false, "a>b": false, "a/b": false, "a\u007fb": false, "a\ufffdb": false, "a\xffb": false,
	} {
		if err := kritis.CheckNeed(need); (err == nil) != fits {
			t.Errorf("%q: %v", need, err)
		}
	}
}

func TestADependencyThatTheRuleCannotUseFitsNoSchema(t *testing.T) {
	schema := kritis.Schema()
	const from, to = "Facility/a", "Facility/b"
	right := map[string]store.Value{
		"kind": store.String("PHYSICAL"), "strengthMillionths": store.Int(1_000_000), "timeToImpactSeconds": store.Int(0), "figures": store.String("SOURCED"), "need": store.String("power"),
	}
	check := func(id store.ID, props map[string]store.Value) error {
		return schema.CheckEdge(store.Edge{ID: id, From: from, To: to, Props: props})
	}
	if err := check(kritis.DependencyID(from, to, "power"), right); err != nil {
		t.Fatal(err)
	}
	if err := check(kritis.DependencyID(from, to, ""), right); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("it is in a need that its id does not name: %v", err)
	}
	if err := schema.CheckEdge(store.Edge{ID: "SUPPLIES/Branch/a>Facility/b", From: "Branch/a", To: to, Props: right}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("it links a branch and something registered: %v", err)
	}
	for prop, values := range map[string][]store.Value{
		"need": {store.String("a/b"), store.String("")},
		"kind": {store.String("MAGICAL")}, "figures": {store.String("GUESSED")}, "strengthMillionths": {store.Int(0), store.Int(-1), store.Int(1_000_001), store.Int(150)},
		"timeToImpactSeconds": {store.Int(-1)}, "substituteSeconds": {store.Int(-1)}, "timeUntilSeconds": {store.Int(-5), store.Int(5)}, "timeFromSeconds": {store.Int(1)},
	} {
		for _, value := range values {
			props := maps.Clone(right)
			props[prop] = value
			if err := check(kritis.DependencyID(from, to, "power"), props); !errors.Is(err, store.ErrInvalid) {
				t.Errorf("%s %#v: %v", prop, value, err)
			}
		}
	}
}
