package kritis

import (
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

// where collects what must hold together.
type where struct {
	all []store.Filter
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

func (w *where) text(prop string, f *StringFilter) {
	if f == nil {
		return
	}
	if f.Eq != nil {
		w.add(prop, store.EQ, store.String(*f.Eq))
	}
	if f.In != nil {
		w.add(prop, store.IN, values(f.In)...)
	}
	if f.Contains != nil {
		w.add(prop, store.CONTAINS, store.String(*f.Contains))
	}
	if f.StartsWith != nil {
		w.add(prop, store.PREFIX, store.String(*f.StartsWith))
	}
}

func (w *where) code(prop string, f *CodeFilter) {
	if f == nil {
		return
	}
	if f.Eq != nil {
		w.add(prop, store.EQ, store.String(*f.Eq))
	}
	if f.In != nil {
		w.add(prop, store.IN, values(f.In)...)
	}
}

// unknownCode is code for properties that are absent where the API says UNKNOWN.
func (w *where) unknownCode(prop string, f *CodeFilter) {
	if f == nil {
		return
	}
	one := func(codes []string) store.Filter {
		var any []store.Filter
		for _, c := range codes {
			if c == "UNKNOWN" {
				any = append(any, store.Where(prop, store.ABSENT))
			} else {
				any = append(any, store.Where(prop, store.EQ, store.String(c)))
			}
		}
		if any == nil {
			any = []store.Filter{}
		}
		return store.Filter{Any: any}
	}
	if f.Eq != nil {
		w.all = append(w.all, one([]string{*f.Eq}))
	}
	if f.In != nil {
		w.all = append(w.all, one(f.In))
	}
}

// has is code for properties that are lists: one element fits.
func (w *where) has(prop string, f *CodeFilter) {
	if f == nil {
		return
	}
	if f.Eq != nil {
		w.add(prop, store.HAS, store.String(*f.Eq))
	}
	if f.In != nil {
		w.add(prop, store.HAS, values(f.In)...)
	}
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
func (w *where) related(edge store.EdgeType, dir store.Dir, label store.Label, some, none *where) {
	rel := func(m *where) *store.Rel {
		return &store.Rel{Edge: edge, Dir: dir, Label: label, Where: m.filter()}
	}
	if some != nil {
		w.all = append(w.all, store.Filter{Some: rel(some)})
	}
	if none != nil {
		w.all = append(w.all, store.Filter{None: rel(none)})
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

// combine adds the filters of and, or and not.
func combine[W any](w *where, and, or []*W, not *W, filter func(*W) (store.Filter, error)) error {
	if len(and) > maxBranches || len(or) > maxBranches {
		return BadInput("where", "and, or take at most %d filters each.", maxBranches)
	}
	list := func(in []*W) ([]store.Filter, error) {
		out := make([]store.Filter, 0, len(in))
		for _, f := range in {
			g, err := filter(f)
			if err != nil {
				return nil, err
			}
			out = append(out, g)
		}
		return out, nil
	}
	all, err := list(and)
	if err != nil {
		return err
	}
	w.all = append(w.all, all...)
	if or != nil {
		any, err := list(or)
		if err != nil {
			return err
		}
		w.all = append(w.all, store.Filter{Any: any})
	}
	if not != nil {
		g, err := filter(not)
		if err != nil {
			return err
		}
		w.all = append(w.all, store.Filter{Not: &g})
	}
	return nil
}
