package neo4jstore

import (
	"fmt"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// builder makes the conditions of one statement and gathers its parameters. The text depends on the shape of a query
// only, so that the server plans each shape once.
type builder struct {
	words  *vocabulary
	params params
	err    error // the first name that the vocabulary does not know
}

func newBuilder(words *vocabulary) *builder { return &builder{words: words, params: params{}} }

func (b *builder) param(value any) string {
	name := fmt.Sprintf("p%d", len(b.params))
	b.params[name] = value
	return "$" + name
}

// never returns a condition that does not hold; a constant would be folded into plans that index hints do not fit.
func (b *builder) never() string { return b.param(false) }

func (b *builder) fail(err error) string {
	if b.err == nil {
		b.err = err
	}
	return "false"
}

// and joins conditions; empty ones hold always.
func and(conditions ...string) string {
	conditions = slices.DeleteFunc(slices.Clone(conditions), func(c string) bool { return c == "" })
	if len(conditions) == 0 {
		return "true"
	}
	return strings.Join(conditions, " AND ")
}

// scope returns the condition that a node shows, "" for the unrestricted scope. The parameter maps each audience to the
// strictest marking that is granted for it.
func (b *builder) scope(scope store.Scope, variable string) string {
	if scope.All() {
		return ""
	}
	b.params["scope"] = grants(scope)
	return shows(variable+"._aud", variable+"._tlp")
}

func grants(scope store.Scope) map[string]any {
	granted := map[string]any{}
	for _, g := range scope.Grants() {
		granted[g.Audience] = int64(g.Max)
	}
	return granted
}

func shows(audiences, tlp string) string {
	return "any(a IN " + audiences + " WHERE $scope[a] >= " + tlp + ")"
}

// validOn returns the condition that a thing holds on a day, "" for no day.
func (b *builder) validOn(day store.Day, variable string) string {
	if day == "" {
		return ""
	}
	b.params["day"] = string(day)
	from, until := variable+"."+store.ValidFrom, variable+"."+store.ValidUntil
	return "coalesce(" + from + ", '') <= $day AND (coalesce(" + until + ", '') = '' OR $day < " + until + ")"
}

// nodes returns the condition of a filter on nodes, edges that of a filter on edges. The latter uses no index: edges are
// reached from a node.
func (b *builder) nodes(scope store.Scope, variable string, f store.Filter) string {
	return filtering{b, scope, variable, b.words.nodeKinds}.condition(f, false)
}

func (b *builder) edges(variable string, f store.Filter) string {
	return filtering{b, store.Scope{}, variable, b.words.edgeKinds}.condition(f, true)
}

// filtering is a filter on what one variable stands for.
type filtering struct {
	*builder
	scope    store.Scope
	variable string
	kinds    map[string][]store.Kind
}

// condition returns the condition of a filter. Under a negation it must not be null, which Cypher makes of an absent
// property; elsewhere null is as good as false, and a bare comparison can use an index.
func (f filtering) condition(of store.Filter, negated bool) string {
	switch {
	case of.IsZero():
		return ""
	case of.Prop != "":
		condition := f.compare(of)
		if negated && of.Op != store.ABSENT {
			return "coalesce(" + condition + ", false)"
		}
		return condition
	case of.Not != nil:
		inner := f.condition(*of.Not, true)
		if inner == "" {
			return f.never()
		}
		return "NOT (" + inner + ")"
	case of.Some != nil:
		return f.related(*of.Some)
	case of.None != nil:
		return "NOT " + f.related(*of.None)
	case of.Any != nil:
		return f.either(of.Any, negated)
	}
	parts := make([]string, len(of.All))
	for i, part := range of.All {
		parts[i] = f.condition(part, negated)
	}
	if joined := and(parts...); joined != "true" {
		return "(" + joined + ")"
	}
	return ""
}

func (f filtering) either(parts []store.Filter, negated bool) string {
	if len(parts) == 0 {
		return f.never()
	}
	conditions := make([]string, len(parts))
	for i, part := range parts {
		if conditions[i] = f.condition(part, negated); conditions[i] == "" {
			return ""
		}
	}
	return "(" + strings.Join(conditions, " OR ") + ")"
}

func (f filtering) related(r store.Rel) string {
	labels := ""
	if r.Label != "" {
		name, err := f.words.label(r.Label)
		if err != nil {
			return f.fail(err)
		}
		labels = ":" + name
	}
	pattern, err := f.words.pattern(f.variable, "", r.Edge, r.Dir, "m"+labels)
	if err != nil {
		return f.fail(err)
	}
	where := filtering{f.builder, f.scope, "m", f.words.nodeKinds}.condition(r.Where, false)
	return "EXISTS { MATCH " + pattern + " WHERE " + and(f.builder.scope(f.scope, "m"), where) + " }"
}

var comparisons = map[store.Op]string{
	store.EQ: "=", store.LT: "<", store.LTE: "<=", store.GT: ">", store.GTE: ">=",
	store.PREFIX: "STARTS WITH", store.CONTAINS: "CONTAINS",
}

func (f filtering) compare(of store.Filter) string {
	property, err := prop(f.variable, of.Prop, f.kinds)
	if err != nil {
		return f.fail(err)
	}
	switch of.Op {
	case store.ABSENT:
		return property + " IS NULL"
	case store.IN:
		return property + " IN " + f.param(anys(of.Values))
	case store.HAS:
		return f.has(property, of)
	}
	operator, ok := comparisons[of.Op]
	if !ok {
		return f.fail(fmt.Errorf("%w: unknown operator %q", store.ErrInvalid, of.Op))
	}
	if len(of.Values) != 1 {
		return f.never()
	}
	if text := of.Values[0]; text.Kind() == store.StringKind && strings.ContainsAny(operator, "<>") {
		return f.compareText(property, operator, text.Text())
	}
	return property + " " + operator + " " + f.param(of.Values[0].Any())
}

// has is a type error of Cypher on anything but a list, so where labels differ in the kind it asks first.
func (f filtering) has(property string, of store.Filter) string {
	condition := "any(x IN " + property + " WHERE x IN " + f.param(anys(of.Values)) + ")"
	kinds := f.kinds[of.Prop]
	switch {
	case !slices.Contains(kinds, store.StringsKind):
		return f.never()
	case slices.ContainsFunc(kinds, func(k store.Kind) bool { return k != store.StringsKind }):
		return "CASE WHEN " + property + " IS :: LIST<STRING NOT NULL> THEN " + condition + " ELSE false END"
	}
	return condition
}

func anys(values []store.Value) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v.Any()
	}
	return list
}
