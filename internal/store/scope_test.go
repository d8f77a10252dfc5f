package store_test

import (
	"testing"

	"kritisgraph/internal/store"
)

func TestOneGrantMustFitAudienceAndMarkingTogether(t *testing.T) {
	scope := store.NewScope(
		store.Grant{Audience: "land:BY", Max: store.TLPAmber}, store.Grant{Audience: "public", Max: store.TLPClear},
		store.Grant{Audience: "land:BY", Max: store.TLPGreen},
	)
	for _, c := range []struct {
		name string
		v    store.Visibility
		want bool
	}{
		{"an audience up to its marking shows", store.Visibility{Audiences: []string{"land:BY"}, TLP: store.TLPAmber}, true},
		{"a stricter marking is hidden", store.Visibility{Audiences: []string{"land:BY"}, TLP: store.TLPAmberStrict}, false},
		{"two grants do not add up", store.Visibility{Audiences: []string{"public"}, TLP: store.TLPGreen}, false},
		{"no marking counts as red", store.Visibility{Audiences: []string{"land:BY"}}, false},
		{"no audience is nobody's", store.Visibility{TLP: store.TLPClear}, false},
		{"another audience is hidden", store.Visibility{Audiences: []string{"land:HE"}, TLP: store.TLPClear}, false},
	} {
		if got := scope.Shows(c.v); got != c.want {
			t.Errorf("%s: shows = %t", c.name, got)
		}
	}
	if (store.Scope{}).Shows(store.Visibility{Audiences: []string{"public"}, TLP: store.TLPClear}) {
		t.Error("the zero scope shows something")
	}
	if !store.Unrestricted().Shows(store.Visibility{}) {
		t.Error("the unrestricted scope hides something")
	}
}

func TestScopesHaveEqualKeysExactlyIfTheyAreEqual(t *testing.T) {
	a := store.NewScope(store.Grant{Audience: "x", Max: store.TLPRed}, store.Grant{Audience: "y", Max: store.TLPClear})
	b := store.NewScope(store.Grant{Audience: "y", Max: store.TLPClear}, store.Grant{Audience: "x", Max: store.TLPRed})
	c := store.NewScope(store.Grant{Audience: "x", Max: store.TLPAmber}, store.Grant{Audience: "y", Max: store.TLPClear})
	if a.Key() != b.Key() || a.Key() == c.Key() || a.Key() == (store.Scope{}).Key() {
		t.Error("keys do not tell scopes apart")
	}
}

func TestAScopeUpToAMarkingHasTheSameAudiences(t *testing.T) {
	narrow := store.NewScope(store.Grant{Audience: "land:BY", Max: store.TLPAmber}, store.Grant{Audience: "operator:x", Max: store.TLPRed})
	wide := narrow.UpTo(store.TLPAmberStrict)
	for _, c := range []struct {
		name     string
		audience string
		tlp      store.TLP
		want     bool
	}{
		{"up to the marking", "land:BY", store.TLPAmberStrict, true},
		{"not above it", "land:BY", store.TLPRed, false},
		{"a grant that reaches further is kept", "operator:x", store.TLPRed, true},
		{"no other audience", "land:HE", store.TLPClear, false},
	} {
		if got := wide.Shows(store.Visibility{Audiences: []string{c.audience}, TLP: c.tlp}); got != c.want {
			t.Errorf("%s: shows = %t", c.name, got)
		}
	}
	if narrow.Shows(store.Visibility{Audiences: []string{"land:BY"}, TLP: store.TLPAmberStrict}) {
		t.Error("the scope itself became wider")
	}
	if (store.Scope{}).UpTo(store.TLPRed).Shows(store.Visibility{Audiences: []string{"x"}, TLP: store.TLPClear}) || !store.Unrestricted().UpTo(store.TLPClear).All() {
		t.Error("a scope of nothing or of everything became another one")
	}
}
