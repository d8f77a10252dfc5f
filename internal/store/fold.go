package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// expansions are letters that decomposition leaves as they are.
var expansions = map[rune]string{'ß': "ss", 'æ': "a", 'œ': "o", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i"}

// Fold brings text to tokens of [a-z0-9]: lower case, accents dropped, ß as ss, and ae, oe, ue as a, o, u, so that
// "München", "Muenchen" and "munchen" fold alike. Letters of other scripts separate tokens.
func Fold(text string) []string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		r = unicode.ToLower(r)
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case expansions[r] != "":
			b.WriteString(expansions[r])
		default:
			b.WriteByte(' ')
		}
	}
	tokens := strings.Fields(b.String())
	for i, t := range tokens {
		tokens[i] = dropUmlautE.Replace(t)
	}
	return tokens
}

var dropUmlautE = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")

// FoldKey returns the tokens of text joined by one space: the form in which text sorts and in which names and natural keys
// are compared.
func FoldKey(text string) string { return strings.Join(Fold(text), " ") }

// Derived is what a driver keeps beside a node for search and sorting.
type Derived struct {
	Tokens []string          // distinct tokens of all searchable properties, sorted
	Keys   []string          // folded natural keys
	Names  []string          // folded names; the first one sorts search results
	Sort   map[string]string // folded copies of sortable text properties
}

// MatchText returns the rank with which the node fits a folded text, 0 if it does not.
func (d Derived) MatchText(tokens []string) Rank {
	if len(tokens) == 0 {
		return 0
	}
	for _, want := range tokens {
		found := false
		for _, have := range d.Tokens {
			if strings.HasPrefix(have, want) {
				found = true
				break
			}
		}
		if !found {
			return 0
		}
	}
	return d.RankText(strings.Join(tokens, " "))
}

// RankText returns the rank of a node that matches the folded text.
func (d Derived) RankText(folded string) Rank {
	for _, k := range d.Keys {
		if k == folded {
			return RankKey
		}
	}
	for _, n := range d.Names {
		if strings.HasPrefix(n, folded) {
			return RankName
		}
	}
	return RankWords
}

// Name returns the folded name that sorts search results.
func (d Derived) Name() string {
	if len(d.Names) == 0 {
		return ""
	}
	return d.Names[0]
}
