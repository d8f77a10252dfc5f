package neo4jstore

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"kritisgraph/internal/store"
)

// Neo4j orders stored strings, and those in an index, by code points, but compares a stored string with a parameter by
// UTF-16 units. The two differ where, at the first difference, one string has a character beyond the basic plane (which
// begins with a surrogate) and the other one of U+E000 to U+FFFF. The conditions made here are exact for both orders.

// maxPrefixes bounds the parameters of one comparison in bytes.
const maxPrefixes = 1 << 20

// compareText returns the condition that a text property compares in this way with a value.
func (b *builder) compareText(expression, operator, value string) string {
	plain := expression + " " + operator + " " + b.param(value)
	beyond, below := []string{}, []string{} // what precedes a character beyond the basic plane, one of U+E000 to U+FFFF
	size := 0
	for i, r := range value {
		switch {
		case r > 0xFFFF:
			beyond = append(beyond, value[:i])
		case r >= 0xE000:
			below = append(below, value[:i])
		default:
			continue
		}
		if size += i; size > maxPrefixes {
			return b.fail(fmt.Errorf("%w: a text of %d characters of such rare kinds cannot be compared in order",
				store.ErrInvalid, utf8.RuneCountInString(value)))
		}
	}
	if len(beyond)+len(below) == 0 {
		return plain
	}
	// The sum with an empty string keeps an index, which has the other order, from answering these.
	less := "any(q IN " + b.param(beyond) + " WHERE " + expression + " STARTS WITH q AND " + expression + " + '' >= q + '\\uE000')"
	more := "any(q IN " + b.param(below) + " WHERE " + expression + " STARTS WITH q AND " +
		expression + " + '' >= q + '\\uD800\\uDC00' AND " + expression + " + '' < q + '\\uE000')"
	if strings.HasPrefix(operator, ">") {
		less, more = more, less
	}
	return "((" + plain + " OR " + less + ") AND NOT " + more + ")"
}

// commonOrder returns the longest beginning of a text that no other text can differ from in one order only, and whether
// it is the whole text.
func commonOrder(text string) (string, bool) {
	if i := strings.IndexFunc(text, func(r rune) bool { return r >= 0xE000 }); i >= 0 {
		return text[:i], false
	}
	return text, true
}
