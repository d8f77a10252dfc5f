package store_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"kritisgraph/internal/store"
)

func TestSpellingsOfOneWordFoldAlike(t *testing.T) {
	for _, words := range [][]string{
		{"München", "Muenchen", "munchen", "MÜNCHEN", norm.NFD.String("München")},
		{"Straße", "Strasse", "STRASSE"},
		{"Größe", "Groesse", "grosse"},
		{"Œuvre", "oeuvre", "ouvre"},
	} {
		for _, w := range words[1:] {
			if got, want := store.FoldKey(w), store.FoldKey(words[0]); got != want {
				t.Errorf("%q folds to %q, %q to %q", w, got, words[0], want)
			}
		}
	}
}

func TestFoldKeepsLettersAndDigitsOnly(t *testing.T) {
	for text, want := range map[string]string{
		"§ 40 Abs. 3 Nr. 4 d": "40 abs 3 nr 4 d", "a-b_c/d": "a b c d", "": "", " \x00\t": "", "日本": "", "C3-PO": "c3 po",
	} {
		if got := store.FoldKey(text); got != want {
			t.Errorf("%q folds to %q, not %q", text, got, want)
		}
	}
}

func TestTheBeginningOfAWordFoldsToTheBeginningOfItsFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zäöüßeéA-Z0-9]{1,12}`).Draw(t, "word")
		runes := []rune(word)
		part := string(runes[:rapid.IntRange(1, len(runes)).Draw(t, "length")])
		whole, begin := store.FoldKey(word), store.FoldKey(part)
		if !strings.HasPrefix(whole, begin) {
			t.Fatalf("%q folds to %q, but its beginning %q to %q", word, whole, part, begin)
		}
	})
}
