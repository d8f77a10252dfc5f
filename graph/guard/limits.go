package guard

import (
	"fmt"
	"math"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Limits are what one request may ask for; a zero field is the documented default (see Query in schema.graphqls).
type Limits struct {
	BodyBytes  int           // of the HTTP body or the query string
	Tokens     int           // of the document
	Depth      int           // nested fields, fragments expanded
	Aliases    int           // fragments expanded
	RootFields int           // of one operation, fragments expanded
	Selections int           // fields and fragments of one operation, fragments expanded
	Repeats    int           // of one field in one place, fragments expanded: validation compares them in pairs
	Cost       int           // see [Cost]
	InputDepth int           // nested lists and objects of a value
	InputItems int           // of one list in the variables
	Time       time.Duration // for the whole request
}

// Defaults are the limits of the documentation.
func Defaults() Limits { return Limits{}.WithDefaults() }

// WithDefaults gives the limits with each zero field at its default.
func (l Limits) WithDefaults() Limits {
	set := func(field *int, value int) {
		if *field == 0 {
			*field = value
		}
	}
	set(&l.BodyBytes, 256<<10)
	set(&l.Tokens, 5_000)
	set(&l.Depth, 20)
	set(&l.Aliases, 50)
	set(&l.RootFields, 20)
	set(&l.Selections, 2_000)
	set(&l.Repeats, 100)
	set(&l.Cost, 50_000)
	set(&l.InputDepth, 20)
	set(&l.InputItems, 500)
	if l.Time == 0 {
		l.Time = 30 * time.Second
	}
	return l
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
