package guard

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Limits are what one request may ask for; a zero field is the default, which the description of Query in schema.graphqls tells.
type Limits struct {
	BodyBytes  int           // of the HTTP body or the query string
	Tokens     int           // of the document
	Depth      int           // nested fields, fragments expanded
	Aliases    int           // fragments expanded
	RootFields int           // of one operation, fragments expanded
	Selections int           // fields and fragments of one operation, fragments expanded
	Repeats    int           // of one field in one place, fragments expanded: validation compares them in pairs
	Cost       int           // see [Cost]
	Answer     int           // fields of the response
	InputDepth int           // nested lists and objects of a value
	InputItems int           // of one list in the variables
	Time       time.Duration // for the whole request
}

// Defaults are the limits of the documentation.
func Defaults() Limits { return Limits{}.WithDefaults() }

// WithDefaults gives the limits with each zero field at its default.
func (l Limits) WithDefaults() Limits {
	return l.Or(Limits{
		BodyBytes: 256 << 10, Tokens: 5_000, Depth: 20, Aliases: 50, RootFields: 20, Selections: 2_000, Repeats: 100, Cost: 50_000, Answer: 500_000,
		InputDepth: 20, InputItems: 500, Time: 30 * time.Second,
	})
}

// Or gives the limits with each zero field as in the others.
func (l Limits) Or(others Limits) Limits {
	return Limits{
		BodyBytes:  cmp.Or(l.BodyBytes, others.BodyBytes),
		Tokens:     cmp.Or(l.Tokens, others.Tokens),
		Depth:      cmp.Or(l.Depth, others.Depth),
		Aliases:    cmp.Or(l.Aliases, others.Aliases),
		RootFields: cmp.Or(l.RootFields, others.RootFields),
		Selections: cmp.Or(l.Selections, others.Selections),
		Repeats:    cmp.Or(l.Repeats, others.Repeats),
		Cost:       cmp.Or(l.Cost, others.Cost),
		Answer:     cmp.Or(l.Answer, others.Answer),
		InputDepth: cmp.Or(l.InputDepth, others.InputDepth),
		InputItems: cmp.Or(l.InputItems, others.InputItems),
		Time:       cmp.Or(l.Time, others.Time),
	}
}

// Named is a limit as people read it.
type Named struct {
	Name  string // as in the errors
	What  string
	Value string
}

// Named returns every limit, always in the same order.
func (l Limits) Named() []Named {
	return []Named{
		{"body", "bytes of the body, or of the query string", strconv.Itoa(l.BodyBytes)},
		{"tokens", "tokens of the document", strconv.Itoa(l.Tokens)},
		{"depth", "levels of nested fields, fragments expanded", strconv.Itoa(l.Depth)},
		{"aliases", "aliases, fragments expanded", strconv.Itoa(l.Aliases)},
		{"rootFields", "fields of Query, fragments expanded", strconv.Itoa(l.RootFields)},
		{"selections", "fields and fragments, fragments expanded", strconv.Itoa(l.Selections)},
		{"repeats", "repeats of one field in one place", strconv.Itoa(l.Repeats)},
		{"cost", "points of cost, as the description of Query counts them", strconv.Itoa(l.Cost)},
		{"answer", "fields of the answer, every item of a list counted", strconv.Itoa(l.Answer)},
		{"inputDepth", "nested lists and objects of a value", strconv.Itoa(l.InputDepth)},
		{"inputItems", "items of one list in the variables", strconv.Itoa(l.InputItems)},
		{"time", "time until the error TIMEOUT", l.Time.String()},
	}
}

// most is where counts stop growing: far above every limit, and the sum of two of them still fits an int.
const most = math.MaxInt32 / 2

func add(a, b int) int { return min(a+b, most) }

func multiply(a, b int) int {
	if a == 0 || b == 0 {
		return 0
	}
	if a > most/b {
		return most
	}
	return a * b
}

// CodeLimit is the extensions.code of an error about a limit.
const CodeLimit = "LIMIT_EXCEEDED"

// Exceeded is the error for a limit that was passed: which one, the value found and the allowed one.
func Exceeded(limit, what string, found, allowed int) *gqlerror.Error {
	more := ""
	if found >= most {
		more = "more than "
	}
	return &gqlerror.Error{
		Message: fmt.Sprintf("The request has %s%d %s; %d are allowed (limit %s).", more, found, what, allowed, limit),
		Extensions: map[string]any{
			"code": CodeLimit, "limit": limit, "found": found, "allowed": allowed,
		},
	}
}
