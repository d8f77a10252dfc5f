package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// vocabulary is the schema with what statements need to know of it. Names reach a statement only through it.
type vocabulary struct {
	store.Schema
	labels    map[store.Label]store.LabelDef
	edges     map[store.EdgeType]store.EdgeDef
	nodeKinds map[string][]store.Kind // by property, over all labels
	edgeKinds map[string][]store.Kind
	owning    map[store.EdgeType]bool
}

func newVocabulary(schema store.Schema) *vocabulary {
	v := &vocabulary{
		Schema:    schema,
		labels:    map[store.Label]store.LabelDef{},
		edges:     map[store.EdgeType]store.EdgeDef{},
		nodeKinds: map[string][]store.Kind{"id": {store.StringKind}},
		edgeKinds: map[string][]store.Kind{"id": {store.StringKind}},
		owning:    map[store.EdgeType]bool{},
	}
	for _, l := range schema.Labels {
		v.labels[l.Label] = l
		for _, p := range l.Props {
			v.nodeKinds[p.Name] = append(v.nodeKinds[p.Name], p.Kind)
		}
	}
	for _, e := range schema.Edges {
		v.edges[e.Type] = e
		v.owning[e.Type] = e.Owns
		for _, p := range e.Props {
			v.edgeKinds[p.Name] = append(v.edgeKinds[p.Name], p.Kind)
		}
	}
	return v
}

// words returns the vocabulary, which the counter node holds; it is read once.
func (d *Driver) vocabulary(ctx context.Context) (*vocabulary, error) {
	if v := d.words.Load(); v != nil {
		return v, nil
	}
	values, err := d.ask(ctx, stmtWords, nil)
	if err != nil {
		return nil, err
	}
	return d.learn(values[0])
}

// learn takes the vocabulary as the counter node holds it.
func (d *Driver) learn(words any) (*vocabulary, error) {
	text, _ := words.(string)
	var schema store.Schema
	if err := json.Unmarshal([]byte(text), &schema); err != nil {
		return nil, fmt.Errorf("%w: the database holds no readable schema: %w", store.ErrSchema, err)
	}
	v := newVocabulary(schema)
	d.words.Store(v)
	return v, nil
}

// label returns the quoted name of a label that the schema knows.
func (v *vocabulary) label(l store.Label) (string, error) {
	if _, ok := v.labels[l]; !ok {
		return "", fmt.Errorf("%w: unknown label %q", store.ErrInvalid, l)
	}
	return "`" + string(l) + "`", nil
}

// anyOf returns the label expression of these labels, of the base label for none.
func (v *vocabulary) anyOf(labels []store.Label) (string, error) {
	if len(labels) == 0 {
		return "_Node", nil
	}
	names := make([]string, len(labels))
	for i, l := range labels {
		var err error
		if names[i], err = v.label(l); err != nil {
			return "", err
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "|"), nil
}

// edge returns the quoted name of an edge type that the schema knows.
func (v *vocabulary) edge(t store.EdgeType) (string, error) {
	if _, ok := v.edges[t]; !ok {
		return "", fmt.Errorf("%w: unknown edge type %q", store.ErrInvalid, t)
	}
	return "`" + string(t) + "`", nil
}

// pattern returns one hop between two bound or unbound variables; far carries its label expression.
func (v *vocabulary) pattern(near, edge string, t store.EdgeType, dir store.Dir, far string) (string, error) {
	name, err := v.edge(t)
	if err != nil {
		return "", err
	}
	if dir == store.In {
		return fmt.Sprintf("(%s)<-[%s:%s]-(%s)", near, edge, name, far), nil
	}
	return fmt.Sprintf("(%s)-[%s:%s]->(%s)", near, edge, name, far), nil
}

// prop returns the property of a variable; kinds says which exist.
func prop(variable, name string, kinds map[string][]store.Kind) (string, error) {
	if _, ok := kinds[name]; !ok {
		return "", fmt.Errorf("%w: unknown property %q", store.ErrInvalid, name)
	}
	return variable + ".`" + name + "`", nil
}

// sortsText reports whether a property is text on the labels (none: on all).
func (v *vocabulary) sortsText(labels []store.Label, name string) bool {
	for _, l := range v.Labels {
		if len(labels) > 0 && !slices.Contains(labels, l.Label) {
			continue
		}
		for _, p := range l.Props {
			if p.Name == name {
				return p.Kind == store.StringKind
			}
		}
	}
	return false
}

// indexed reports whether a label has an index on the property by itself.
func (v *vocabulary) indexed(l store.Label, name string) bool {
	for _, p := range v.labels[l].Props {
		if p.Name == name {
			return p.Index || p.Unique
		}
	}
	return name == "id"
}
