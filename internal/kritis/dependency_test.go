package kritis_test

import (
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
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
