package store

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
)

// Schema is the vocabulary of a store as data: which labels and edge types exist and which properties they have. Drivers
// derive constraints and indexes from it. Version grows with every change; additions are derived by Migrate.
type Schema struct {
	Version int
	Labels  []LabelDef
	Edges   []EdgeDef
}

// LabelDef describes the nodes of a label.
type LabelDef struct {
	Label Label
	Props []PropDef
}

// PropDef describes a property.
type PropDef struct {
	Name string
	Kind Kind
	// Required: present on every node or edge of the kind.
	Required bool
	// Unique: no two nodes of the label share it. String or integer.
	Unique bool
	// Sort: may order lists; needs Required. Text sorts by its folded copy.
	Sort bool
	// Index: is filtered on often enough to be worth an index.
	Index bool
	// Text: its words are found by text queries.
	Text bool
	// Title: is a name (implies Text): a text that begins it ranks RankName; the first title of a label sorts search
	// results.
	Title bool
	// Key: is a natural key (implies Text): a text that equals it ranks RankKey.
	Key bool
}

// EdgeDef describes the edges of a type. Owns marks that From owns To: the visibility of From bounds that of To. Check, where there is one,
// refuses an edge that has the right properties with wrong values.
type EdgeDef struct {
	Type  EdgeType
	From  []Label
	To    []Label
	Owns  bool
	Props []PropDef
	Check func(Edge) error `json:"-"`
}

var nameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// Check reports the first flaw of the schema: it is for start-up and tests.
func (s *Schema) Check() error {
	seen := map[string]bool{}
	name := func(what, n string) error {
		if !nameForm.MatchString(n) || seen[n] {
			return fmt.Errorf("schema: %s %q is no name or stands twice", what, n)
		}
		seen[n] = true
		return nil
	}
	for _, l := range s.Labels {
		if err := name("label", string(l.Label)); err != nil {
			return err
		}
		if err := checkProps(string(l.Label), l.Props); err != nil {
			return err
		}
	}
	for _, e := range s.Edges {
		if err := name("edge type", string(e.Type)); err != nil {
			return err
		}
		for _, l := range slices.Concat(e.From, e.To) {
			if s.label(l) == nil {
				return fmt.Errorf("schema: edge type %s names the unknown label %s", e.Type, l)
			}
		}
		if err := checkProps(string(e.Type), e.Props); err != nil {
			return err
		}
	}
	return nil
}

func checkProps(of string, props []PropDef) error {
	seen := map[string]bool{"id": true}
	for _, p := range props {
		switch {
		case !nameForm.MatchString(p.Name) || seen[p.Name]:
			return fmt.Errorf("schema: property %s.%s is no name or stands twice", of, p.Name)
		case p.Kind == None:
			return fmt.Errorf("schema: property %s.%s has no kind", of, p.Name)
		case p.Sort && (!p.Required || p.Kind == StringsKind):
			return fmt.Errorf("schema: property %s.%s sorts but is not required, or is a list", of, p.Name)
		}
		seen[p.Name] = true
	}
	return nil
}

func (s *Schema) label(l Label) *LabelDef {
	for i := range s.Labels {
		if s.Labels[i].Label == l {
			return &s.Labels[i]
		}
	}
	return nil
}

func (s *Schema) edge(t EdgeType) *EdgeDef {
	for i := range s.Edges {
		if s.Edges[i].Type == t {
			return &s.Edges[i]
		}
	}
	return nil
}

func (d *LabelDef) prop(name string) *PropDef { return propOf(d.Props, name) }

func propOf(props []PropDef, name string) *PropDef {
	for i := range props {
		if props[i].Name == name {
			return &props[i]
		}
	}
	return nil
}

// Owning returns the edge types that own, in schema order.
func (s *Schema) Owning() []EdgeType {
	var types []EdgeType
	for _, e := range s.Edges {
		if e.Owns {
			types = append(types, e.Type)
		}
	}
	return types
}

// Derive computes what a driver keeps beside the node for search and sorting.
func (s *Schema) Derive(n Node) Derived {
	d := Derived{Sort: map[string]string{}}
	def := s.label(n.Label())
	if def == nil {
		return d
	}
	for _, p := range def.Props {
		if v, ok := n.Props[p.Name]; ok {
			d.add(p, v)
		}
	}
	slices.Sort(d.Tokens)
	d.Tokens = slices.Compact(d.Tokens)
	return d
}

func (d *Derived) add(p PropDef, v Value) {
	texts := v.list
	if v.kind == StringKind {
		texts = []string{v.text}
	}
	for _, t := range texts {
		if p.Text || p.Title || p.Key {
			d.Tokens = append(d.Tokens, Fold(t)...)
		}
		if p.Key {
			d.Keys = append(d.Keys, FoldKey(t))
		}
		if p.Title {
			d.Names = append(d.Names, FoldKey(t))
		}
	}
	if p.Sort && v.kind == StringKind {
		d.Sort[p.Name] = FoldKey(v.text)
	}
}

// sortKey returns the value by which the node sorts under a property: the folded copy of text, else the value itself.
func (d Derived) sortKey(n Node, prop string) Value {
	if folded, ok := d.Sort[prop]; ok {
		return String(folded)
	}
	return n.Props[prop]
}

// PositionOf returns the place of a node in the order of a query. Rank is that of a text query, edge that of a hop.
func (s *Schema) PositionOf(q Query, n Node, edge ID, rank Rank) Position {
	d := s.Derive(n)
	p := Position{Node: n.ID, Edge: edge}
	if q.Text != "" {
		p.Keys = []Value{Int(int64(rank)), String(d.Name())}
		return p
	}
	for _, o := range q.Order {
		p.Keys = append(p.Keys, d.sortKey(n, o.Prop))
	}
	return p
}

// ComparePositions orders two places of one query: negative if a comes first.
func ComparePositions(q Query, a, b Position) int {
	for i := range a.Keys {
		if i >= len(b.Keys) {
			break
		}
		c := a.Keys[i].Compare(b.Keys[i])
		if desc := q.Text != "" && i == 0 || q.Text == "" && i < len(q.Order) && q.Order[i].Desc; desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Edge, b.Edge))
}
