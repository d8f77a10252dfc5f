package guard

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Price is what a field costs beyond the rule of [Cost].
type Price struct {
	Own   int    // instead of 1 for an object, 0 for a scalar
	Times int    // how often its children count, for a list bounded by nature; 0 = the default
	Per   string // argument or argument.field whose length says how often its children, and Own, count
}

// Rates are the prices of fields by "Type.field".
type Rates map[string]Price

const (
	defaultPage  = 20 // of a connection without first and last
	defaultTimes = 3  // of a list that is bounded by nature
)

// Cost is an upper bound of the work of an operation: an object costs 1, a scalar nothing; what stands below nodes and edges
// of a connection counts as often as items are asked for, below another list a few times. Fragments are counted once and
// remembered, sums saturate: the time is linear in the document. It needs a valid document and coerced variables.
func Cost(schema *ast.Schema, doc *ast.QueryDocument, op *ast.OperationDefinition, variables map[string]any, rates Rates) int {
	c := costs{schema: schema, doc: doc, variables: variables, rates: rates, fragments: map[string]bill{}}
	root := schema.Query
	switch op.Operation {
	case ast.Mutation:
		root = schema.Mutation
	case ast.Subscription:
		root = schema.Subscription
	}
	if root == nil {
		return 0
	}
	b := c.set(op.SelectionSet)
	return add(b.once, b.item)
}

// CheckCost is the error for an operation whose cost passes the limit; nil for any other.
func CheckCost(cost int, limits Limits) *gqlerror.Error {
	if cost <= limits.Cost {
		return nil
	}
	err := Exceeded("cost", "points of cost", cost, limits.Cost)
	err.Message += " Ask for fewer items a page, or for less below lists."
	return err
}

// bill is the cost of a selection set: what counts once, and what counts for each item if the set is that of a connection.
type bill struct {
	once, item int
}

type costs struct {
	schema    *ast.Schema
	doc       *ast.QueryDocument
	variables map[string]any
	rates     Rates
	fragments map[string]bill
}

func (c *costs) set(set ast.SelectionSet) bill {
	var sum bill
	for _, selection := range set {
		var b bill
		switch selection := selection.(type) {
		case *ast.Field:
			b = c.field(selection)
		case *ast.InlineFragment:
			b = c.set(selection.SelectionSet)
		case *ast.FragmentSpread:
			b = c.fragment(selection.Name)
		}
		sum.once = add(sum.once, b.once)
		sum.item = add(sum.item, b.item)
	}
	return sum
}

func (c *costs) fragment(name string) bill {
	if b, ok := c.fragments[name]; ok {
		return b
	}
	c.fragments[name] = bill{}
	if f := c.doc.Fragments.ForName(name); f != nil {
		c.fragments[name] = c.set(f.SelectionSet)
	}
	return c.fragments[name]
}

func (c *costs) field(f *ast.Field) bill {
	if f.Definition == nil || f.ObjectDefinition == nil {
		return bill{}
	}
	price, priced := c.rates[f.ObjectDefinition.Name+"."+f.Name]
	own := price.Own
	if named := c.schema.Types[f.Definition.Type.Name()]; !priced || own == 0 {
		own = 0
		if named != nil && named.IsCompositeType() {
			own = 1
		}
	}
	below := c.set(f.SelectionSet)
	inConnection := isConnection(f.ObjectDefinition.Name) && (f.Name == "nodes" || f.Name == "edges")
	switch {
	case inConnection: // the field of the connection itself multiplies
		return bill{item: add(own, below.once)}
	case isConnection(f.Definition.Type.Name()):
		return bill{once: add(own, add(below.once, multiply(c.page(f), below.item)))}
	case price.Per != "":
		return bill{once: multiply(c.length(f, price.Per), add(own, below.once))}
	case f.Definition.Type.Elem != nil && !strings.HasPrefix(f.ObjectDefinition.Name, "__"):
		times := price.Times
		if times == 0 {
			times = defaultTimes
		}
		return bill{once: multiply(times, add(own, below.once))}
	}
	return bill{once: add(own, below.once)}
}

func isConnection(typeName string) bool { return strings.HasSuffix(typeName, "Connection") }

// page is how many items a connection is asked for.
func (c *costs) page(f *ast.Field) int {
	size, given := 0, false
	for _, name := range [...]string{"first", "last"} {
		if n, ok := c.number(f.Arguments.ForName(name)); ok {
			size, given = max(size, n), true
		}
	}
	if !given {
		return defaultPage
	}
	return size
}

func (c *costs) number(arg *ast.Argument) (int, bool) {
	if arg == nil {
		return 0, false
	}
	value, err := arg.Value.Value(c.variables)
	if err != nil || value == nil {
		return 0, false
	}
	var n int64
	switch v := value.(type) {
	case json.Number:
		n, err = strconv.ParseInt(v.String(), 10, 64)
		if err != nil {
			return most, true // no whole number of 64 bits: refused later, expensive until then
		}
	default:
		r := reflect.ValueOf(v)
		switch {
		case r.CanInt():
			n = r.Int()
		case r.CanFloat():
			n = int64(math.Min(r.Float(), most))
		}
	}
	return int(max(0, min(n, most))), true
}

// length is the number of elements of a list argument; a value that is no list is one.
func (c *costs) length(f *ast.Field, path string) int {
	name, field, nested := strings.Cut(path, ".")
	arg := f.Arguments.ForName(name)
	if arg == nil {
		return 1
	}
	value, err := arg.Value.Value(c.variables)
	if err != nil {
		return 1
	}
	if object, ok := value.(map[string]any); nested && ok {
		value = object[field]
	}
	if r := reflect.ValueOf(value); r.Kind() == reflect.Slice {
		return r.Len()
	}
	return 1
}
