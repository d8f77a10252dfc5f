package kritis

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"kritisgraph/internal/store"
)

// StringFilter is a condition on a text; all that is given must hold. It compares letter by letter.
type StringFilter struct {
	Eq         *string
	In         []string
	Contains   *string
	StartsWith *string
}

// CodeFilter is a condition on a code of an enumeration; all that is given must hold.
type CodeFilter struct {
	Eq *string
	In []string
}

// DateTimeFilter is a condition on an instant; all that is given must hold.
type DateTimeFilter struct {
	Lt, Lte, Gt, Gte *time.Time
}

// BooleanFilter is a condition on a fact.
type BooleanFilter struct {
	Eq *bool
}

// where collects what must hold together, and the first reason why it cannot be asked.
type where struct {
	all []store.Filter
	err error
}

// maxIn is the greatest number of values of in.
const maxIn = 100

// check says whether the list of in is short enough; field is the name in the API.
func (w *where) check(field string, in []string) {
	if len(in) > maxIn && w.err == nil {
		place := "where." + field + ".in"
		w.err = BadInput(place, "%s takes at most %d values, not %d: ask several times.", place, maxIn, len(in))
	}
}

// within names the place of an error of a filter that stands inside another one.
func within(place string, err error) error {
	var e *Error
	if !errors.As(err, &e) || len(e.Fields) != 1 {
		return err
	}
	move := func(s string) string { return "where." + place + strings.TrimPrefix(s, "where") }
	return &Error{Code: e.Code, Message: move(e.Message), Fields: []string{move(e.Fields[0])}, Err: e.Err}
}

func (w *where) add(prop string, op store.Op, values ...store.Value) {
	w.all = append(w.all, store.Where(prop, op, values...))
}

func values(list []string) []store.Value {
	out := make([]store.Value, len(list))
	for i, s := range list {
		out[i] = store.String(s)
	}
	return out
}

// text adds the conditions on a text; field is the name in the API, as in the methods below.
func (w *where) text(field, prop string, f *StringFilter) {
	if f == nil {
		return
	}
	w.codes(field, prop, store.EQ, store.IN, &CodeFilter{Eq: f.Eq, In: f.In})
	if f.Contains != nil {
		w.add(prop, store.CONTAINS, store.String(*f.Contains))
	}
	if f.StartsWith != nil {
		w.add(prop, store.PREFIX, store.String(*f.StartsWith))
	}
}

func (w *where) code(field, prop string, f *CodeFilter) {
	w.codes(field, prop, store.EQ, store.IN, f)
}

// codes adds the conditions on a code, by the operator for one and that for a list.
func (w *where) codes(field, prop string, one, list store.Op, f *CodeFilter) {
	if f == nil {
		return
	}
	w.check(field, f.In)
	if f.Eq != nil {
		w.add(prop, one, store.String(*f.Eq))
	}
	if f.In != nil {
		w.add(prop, list, values(f.In)...)
	}
}

// unknownCode is code for properties that are absent where the API says UNKNOWN.
func (w *where) unknownCode(field, prop string, f *CodeFilter) {
	if f == nil {
		return
	}
	w.check(field, f.In)
	one := func(codes []string) store.Filter {
		either := []store.Filter{} // none of no codes
		for _, c := range codes {
			if c == "UNKNOWN" {
				either = append(either, store.Where(prop, store.ABSENT))
			} else {
				either = append(either, store.Where(prop, store.EQ, store.String(c)))
			}
		}
		return store.Filter{Any: either}
	}
	if f.Eq != nil {
		w.all = append(w.all, one([]string{*f.Eq}))
	}
	if f.In != nil {
		w.all = append(w.all, one(f.In))
	}
}

// has is code for properties that are lists: one element fits.
func (w *where) has(field, prop string, f *CodeFilter) {
	w.codes(field, prop, store.HAS, store.HAS, f)
}

func (w *where) instant(prop string, f *DateTimeFilter) {
	if f == nil {
		return
	}
	for _, c := range []struct {
		op store.Op
		at *time.Time
	}{{store.LT, f.Lt}, {store.LTE, f.Lte}, {store.GT, f.Gt}, {store.GTE, f.Gte}} {
		if c.at != nil {
			w.add(prop, c.op, store.Int(c.at.UnixMicro()))
		}
	}
}

func (w *where) flag(prop string, f *BooleanFilter) {
	if f != nil && f.Eq != nil {
		w.add(prop, store.EQ, store.Bool(*f.Eq))
	}
}

// related adds the conditions on the neighbors over an edge; a nil match is not asked.
func (w *where) related(field string, edge store.EdgeType, dir store.Dir, label store.Label, some, none *where) {
	rel := func(name string, m *where) *store.Rel {
		if m.err != nil && w.err == nil {
			w.err = within(field+"."+name, m.err)
		}
		return &store.Rel{Edge: edge, Dir: dir, Label: label, Where: m.filter()}
	}
	if some != nil {
		w.all = append(w.all, store.Filter{Some: rel("some", some)})
	}
	if none != nil {
		w.all = append(w.all, store.Filter{None: rel("none", none)})
	}
}

func (w *where) filter() store.Filter {
	if len(w.all) == 0 {
		return store.Filter{}
	}
	return store.Filter{All: w.all}
}

// maxBranches is the greatest number of filters in and, or.
const maxBranches = 10

// combine adds the filters of and, or and not, and returns all that must hold.
func combine[W any](w *where, and, or []*W, not *W, filter func(*W) (store.Filter, error)) (store.Filter, error) {
	list := func(name string, in []*W) []store.Filter {
		if len(in) > maxBranches && w.err == nil {
			w.err = BadInput("where."+name, "where.%s takes at most %d filters, not %d: nest them.", name, maxBranches, len(in))
		}
		out := make([]store.Filter, 0, len(in))
		for i, f := range in {
			g, err := filter(f)
			if err != nil && w.err == nil {
				w.err = within(fmt.Sprintf("%s.%d", name, i), err)
			}
			out = append(out, g)
		}
		return out
	}
	w.all = append(w.all, list("and", and)...)
	if or != nil {
		w.all = append(w.all, store.Filter{Any: list("or", or)})
	}
	if not != nil {
		g, err := filter(not)
		if err != nil && w.err == nil {
			w.err = within("not", err)
		}
		w.all = append(w.all, store.Filter{Not: &g})
	}
	return w.filter(), w.err
}
