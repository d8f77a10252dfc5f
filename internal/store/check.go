package store

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// checkQuery refuses what the schema does not know and clamps the limit. A filter may name a property that only some of
// the labels have; on nodes of the others it is absent.
func (s *Store) checkQuery(q *Query, rels bool) error {
	if q.Limit <= 0 || q.Limit > MaxPage {
		q.Limit = MaxPage
	}
	if len(q.Labels) == 0 {
		return fmt.Errorf("%w: a query names at least one label", ErrInvalid)
	}
	if q.Text != "" && len(q.Order) > 0 {
		return fmt.Errorf("%w: a text query has an order of its own", ErrInvalid)
	}
	var props []PropDef
	for _, label := range q.Labels {
		def := s.schema.label(label)
		if def == nil {
			return fmt.Errorf("%w: unknown label %q", ErrInvalid, label)
		}
		for _, o := range q.Order {
			if p := def.prop(o.Prop); p == nil || !p.Sort {
				return fmt.Errorf("%w: %s does not sort by %q", ErrInvalid, label, o.Prop)
			}
		}
		props = append(props, def.Props...)
	}
	if err := s.checkFilter(q.Where, props, rels); err != nil {
		return err
	}
	if q.Start != nil {
		want := len(q.Order)
		if q.Text != "" {
			want = 2
		}
		if len(q.Start.Keys) != want {
			return fmt.Errorf("%w: the start is of another order", ErrInvalid)
		}
	}
	return nil
}

func (s *Store) checkFilter(f Filter, props []PropDef, rels bool) error {
	for _, g := range slices.Concat(f.All, f.Any) {
		if err := s.checkFilter(g, props, rels); err != nil {
			return err
		}
	}
	if f.Not != nil {
		if err := s.checkFilter(*f.Not, props, rels); err != nil {
			return err
		}
	}
	for _, rel := range []*Rel{f.Some, f.None} {
		if rel != nil {
			if err := s.checkRel(*rel, rels); err != nil {
				return err
			}
		}
	}
	if f.Prop == "" {
		return nil
	}
	kind := StringKind
	if f.Prop != "id" {
		p := propOf(props, f.Prop)
		if p == nil {
			return fmt.Errorf("%w: there is no property %q to filter on", ErrInvalid, f.Prop)
		}
		kind = p.Kind
	}
	return checkOp(f, kind)
}

func (s *Store) checkRel(rel Rel, allowed bool) error {
	def := s.schema.edge(rel.Edge)
	switch {
	case !allowed:
		return fmt.Errorf("%w: a relation filter goes one hop only", ErrInvalid)
	case def == nil:
		return fmt.Errorf("%w: unknown edge type %q", ErrInvalid, rel.Edge)
	}
	labels := def.To
	if rel.Dir == In {
		labels = def.From
	}
	if rel.Label != "" {
		labels = []Label{rel.Label}
	}
	for _, l := range labels {
		far := s.schema.label(l)
		if far == nil {
			return fmt.Errorf("%w: unknown label %q", ErrInvalid, l)
		}
		if err := s.checkFilter(rel.Where, far.Props, false); err != nil {
			return err
		}
	}
	return nil
}

func checkOp(f Filter, kind Kind) error {
	bad := func(why string) error {
		return fmt.Errorf("%w: %s on %q: %s", ErrInvalid, f.Op, f.Prop, why)
	}
	want := kind
	switch f.Op {
	case EQ:
	case LT, LTE, GT, GTE:
		if kind != StringKind && kind != IntKind {
			return bad("only strings and integers are ordered")
		}
	case PREFIX, CONTAINS:
		if kind != StringKind {
			return bad("the property is no string")
		}
	case HAS:
		if kind != StringsKind {
			return bad("the property is no list")
		}
		want = StringKind
	case IN:
	case ABSENT:
		return nil
	default:
		return bad("unknown operator")
	}
	if f.Op != IN && f.Op != HAS && len(f.Values) != 1 {
		return bad("takes one value")
	}
	for _, v := range f.Values {
		if v.Kind() != want {
			return bad(fmt.Sprintf("takes values of kind %s, not %s", want, v.Kind()))
		}
	}
	return nil
}

func (s *Store) checkKey(q Query, k Key) error {
	if k.Edge != "" {
		if s.schema.edge(k.Edge) == nil {
			return fmt.Errorf("%w: unknown edge type %q", ErrInvalid, k.Edge)
		}
		return nil
	}
	for _, label := range q.Labels {
		p := s.schema.label(label).prop(k.Prop)
		if p == nil {
			return fmt.Errorf("%w: %s has no property %q to count by", ErrInvalid, label, k.Prop)
		}
		if len(k.Bounds) > 0 && p.Kind != IntKind {
			return fmt.Errorf("%w: ranges need an integer property, %q is none", ErrInvalid, k.Prop)
		}
	}
	return nil
}

// CheckNode refuses a node that does not fit the schema with ErrInvalid, which is ErrDated too where nothing else is wrong
// than an unknown property or a missing one.
func (s *Schema) CheckNode(n Node) error {
	if err := n.ID.check(); err != nil {
		return err
	}
	def := s.label(n.Label())
	if def == nil {
		return fmt.Errorf("%w: unknown label in id %s", ErrInvalid, n.ID)
	}
	if err := checkValues(n.ID, def.Props, n.Props); err != nil {
		return err
	}
	return checkSize(n.ID, textSize(n.Props)+listSize(n.Own.Audiences), n)
}

// CheckEdge refuses an edge that does not fit the schema, like CheckNode.
func (s *Schema) CheckEdge(e Edge) error {
	if err := e.ID.check(); err != nil {
		return err
	}
	def := s.edge(e.Type())
	switch {
	case def == nil:
		return fmt.Errorf("%w: unknown edge type in id %s", ErrInvalid, e.ID)
	case !slices.Contains(def.From, Label(e.From.Kind())):
		return fmt.Errorf("%w: %s cannot begin at %s", ErrInvalid, e.ID, e.From)
	case !slices.Contains(def.To, Label(e.To.Kind())):
		return fmt.Errorf("%w: %s cannot end at %s", ErrInvalid, e.ID, e.To)
	case e.From == e.To:
		return fmt.Errorf("%w: %s begins and ends at one node", ErrInvalid, e.ID)
	}
	if err := checkValues(e.ID, def.Props, e.Props); err != nil {
		return err
	}
	if def.Check != nil {
		if err := def.Check(e); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrInvalid, e.ID, err)
		}
	}
	return checkSize(e.ID, textSize(e.Props), e)
}

// ErrDated is an ErrInvalid of an image that an older or a newer version of the schema may have allowed.
var ErrDated = fmt.Errorf("%w under this version of the schema", ErrInvalid)

// maxText is the greatest size of one property in bytes.
const maxText = 256 << 10

func checkValues(id ID, defs []PropDef, props map[string]Value) error {
	dated := ""
	for name, v := range props {
		p := propOf(defs, name)
		if p == nil {
			dated = fmt.Sprintf("has the unknown property %q", name)
			continue
		}
		if p.Kind != v.Kind() {
			return fmt.Errorf("%w: property %q of %s is a %s, not a %s", ErrInvalid, name, id, p.Kind, v.Kind())
		}
		size := len(v.text)
		valid := utf8.ValidString(v.text)
		for _, t := range v.list {
			size += len(t)
			valid = valid && utf8.ValidString(t)
		}
		if !valid || size > maxText {
			return fmt.Errorf("%w: property %q of %s is no UTF-8 or larger than %d bytes", ErrInvalid, name, id, maxText)
		}
	}
	for _, p := range defs {
		if _, ok := props[p.Name]; p.Required && !ok {
			dated = fmt.Sprintf("lacks the property %q", p.Name)
		}
	}
	if dated != "" {
		return fmt.Errorf("%w: %s %s", ErrDated, id, dated)
	}
	return nil
}
