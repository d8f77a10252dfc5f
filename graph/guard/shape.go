package guard

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
)

// Text checks the size of a document: its bytes and tokens. It needs no valid document.
func Text(query string, limits Limits) *gqlerror.Error {
	if len(query) > limits.BodyBytes {
		return Exceeded("body", "bytes in its document", len(query), limits.BodyBytes)
	}
	lex := lexer.New(&ast.Source{Input: query})
	for tokens := 0; ; tokens++ {
		token, err := lex.ReadToken()
		if err != nil || token.Kind == lexer.EOF { // a broken document is the parser's to report
			if tokens > limits.Tokens {
				return Exceeded("tokens", "tokens", tokens, limits.Tokens)
			}
			return nil
		}
	}
}

// Shape checks the shape of a parsed document, valid or not: depth, aliases, root fields, selections and repeats of its
// greediest operation, with all fragments expanded. Each fragment is measured once.
func Shape(doc *ast.QueryDocument, limits Limits) *gqlerror.Error {
	m := measurer{doc: doc, fragments: map[string]size{}, inputDepth: limits.InputDepth + 1}
	for _, op := range doc.Operations {
		s := m.measure(op.SelectionSet)
		for _, variable := range op.VariableDefinitions {
			s.input = max(s.input, literal(variable.DefaultValue, m.inputDepth))
		}
		switch {
		case s.input > limits.InputDepth:
			return tooDeep(s.input, limits)
		case s.depth > limits.Depth:
			return Exceeded("depth", "levels of nested fields", s.depth, limits.Depth)
		case s.roots > limits.RootFields:
			return Exceeded("rootFields", "root fields", s.roots, limits.RootFields)
		case s.aliases > limits.Aliases:
			return Exceeded("aliases", "aliases", s.aliases, limits.Aliases)
		case s.selections > limits.Selections:
			return Exceeded("selections", "selections with all fragments expanded", s.selections, limits.Selections)
		}
		r := repeats{doc: doc, budget: limits.Selections, spread: map[string]bool{}}
		if r.count(op.SelectionSet, &place{}); r.most > limits.Repeats {
			return Exceeded("repeats", "repeats of one field in one place", r.most, limits.Repeats)
		}
	}
	return unusedFragments(m, limits)
}

// unusedFragments bounds the fragments that no operation spreads: validation refuses them, but walks them first.
func unusedFragments(m measurer, limits Limits) *gqlerror.Error {
	r := repeats{doc: m.doc, budget: limits.Selections, spread: map[string]bool{}}
	total := 0
	for _, f := range m.doc.Fragments {
		if _, used := m.fragments[f.Name]; used {
			continue
		}
		total = add(total, m.measure(f.SelectionSet).selections)
		r.count(f.SelectionSet, &place{})
	}
	switch {
	case total > limits.Selections:
		return Exceeded("selections", "selections in fragments without use", total, limits.Selections)
	case r.most > limits.Repeats:
		return Exceeded("repeats", "repeats of one field in one place", r.most, limits.Repeats)
	}
	return nil
}

// Values checks how deep the values of variables nest and how long their lists are, before anything else walks them.
func Values(variables map[string]any, limits Limits) *gqlerror.Error {
	depth, items := nesting(variables, limits.InputDepth+2)
	depth-- // the variables themselves
	switch {
	case depth > limits.InputDepth:
		return tooDeep(depth, limits)
	case items > limits.InputItems:
		return Exceeded("inputItems", "items in a list of its variables", items, limits.InputItems)
	}
	return nil
}

func tooDeep(depth int, limits Limits) *gqlerror.Error {
	return Exceeded("inputDepth", "or more nested levels in a value", depth, limits.InputDepth)
}

// nesting is the depth of a decoded value and the length of its longest list, looked at down to most levels.
func nesting(value any, most int) (depth, items int) {
	if most == 0 {
		return 0, 0
	}
	visit := func(v any) {
		d, n := nesting(v, most-1)
		depth, items = max(depth, d+1), max(items, n)
	}
	switch value := value.(type) {
	case map[string]any:
		for _, v := range value {
			visit(v)
		}
	case []any:
		items = len(value)
		for _, v := range value {
			visit(v)
		}
	}
	return depth, items
}

// literal is the depth of a value in a document, looked at down to most levels.
func literal(value *ast.Value, most int) int {
	if value == nil || most == 0 {
		return 0
	}
	depth := 0
	for _, child := range value.Children {
		depth = max(depth, 1+literal(child.Value, most-1))
	}
	return depth
}

// size is what a selection set expands to.
type size struct {
	depth, roots, aliases, selections, input int
}

type measurer struct {
	doc        *ast.QueryDocument
	fragments  map[string]size
	inputDepth int // down to which values are looked at
}

func (m *measurer) measure(set ast.SelectionSet) size {
	var sum size
	for _, selection := range set {
		var s size
		switch selection := selection.(type) {
		case *ast.Field:
			below := m.measure(selection.SelectionSet)
			s = size{depth: add(below.depth, 1), roots: 1, aliases: below.aliases, selections: below.selections, input: below.input}
			for _, arg := range selection.Arguments {
				s.input = max(s.input, literal(arg.Value, m.inputDepth))
			}
			if selection.Alias != selection.Name {
				s.aliases = add(s.aliases, 1)
			}
		case *ast.InlineFragment:
			s = m.measure(selection.SelectionSet)
		case *ast.FragmentSpread:
			s = m.fragment(selection.Name)
		}
		sum.depth = max(sum.depth, s.depth)
		sum.input = max(sum.input, s.input)
		sum.roots = add(sum.roots, s.roots)
		sum.aliases = add(sum.aliases, s.aliases)
		sum.selections = add(sum.selections, add(s.selections, 1))
	}
	return sum
}

func (m *measurer) fragment(name string) size {
	if s, ok := m.fragments[name]; ok {
		return s
	}
	m.fragments[name] = size{} // a fragment within itself counts nothing; validation refuses it
	if f := m.doc.Fragments.ForName(name); f != nil {
		m.fragments[name] = m.measure(f.SelectionSet)
	}
	return m.fragments[name]
}

// repeats expands an operation, which the limit of selections bounds, and counts the fields that answer to one name in one
// place. Fragments in a circle end with the budget; validation refuses them.
type repeats struct {
	doc    *ast.QueryDocument
	budget int
	spread map[string]bool // fragments around the current place
	most   int
}

// place is where a field stands in the answer.
type place struct {
	fields int
	below  map[string]*place
}

func (p *place) at(name string) *place {
	if p.below == nil {
		p.below = map[string]*place{}
	}
	if p.below[name] == nil {
		p.below[name] = &place{}
	}
	return p.below[name]
}

func (r *repeats) count(set ast.SelectionSet, at *place) {
	for _, selection := range set {
		if r.budget--; r.budget < 0 {
			return
		}
		switch selection := selection.(type) {
		case *ast.Field:
			below := at.at(selection.Alias)
			below.fields++
			r.most = max(r.most, below.fields)
			r.count(selection.SelectionSet, below)
		case *ast.InlineFragment:
			r.count(selection.SelectionSet, at)
		case *ast.FragmentSpread:
			f := r.doc.Fragments.ForName(selection.Name)
			if f == nil || r.spread[selection.Name] {
				continue
			}
			r.spread[selection.Name] = true
			r.count(f.SelectionSet, at)
			delete(r.spread, selection.Name)
		}
	}
}
