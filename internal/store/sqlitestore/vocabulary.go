package sqlitestore

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"

	"kritisgraph/internal/store"
)

// vocabulary is the schema of the store, prepared for looking things up. It stands in the file, so that a reading process
// has it without migrating.
type vocabulary struct {
	schema store.Schema
	props  map[string][]store.PropDef // by label or edge type
	edges  map[store.EdgeType]store.EdgeDef
	owning []store.EdgeType
	names  map[string]bool // every label, edge type and property: all that may stand as a name in a statement
}

func newVocabulary(schema store.Schema) *vocabulary {
	v := &vocabulary{
		schema: schema, owning: schema.Owning(),
		props: map[string][]store.PropDef{}, edges: map[store.EdgeType]store.EdgeDef{}, names: map[string]bool{},
	}
	for _, l := range schema.Labels {
		v.props[string(l.Label)] = l.Props
	}
	for _, e := range schema.Edges {
		v.props[string(e.Type)] = e.Props
		v.edges[e.Type] = e
	}
	for of, props := range v.props {
		v.names[of] = true
		for _, p := range props {
			v.names[p.Name] = true
		}
	}
	return v
}

// prop returns the definition of a property of a label or edge type.
func (v *vocabulary) prop(of, name string) (store.PropDef, bool) {
	i := slices.IndexFunc(v.props[of], func(p store.PropDef) bool { return p.Name == name })
	if i < 0 {
		return store.PropDef{}, false
	}
	return v.props[of][i], true
}

// kind returns the kind that a property has in all of the labels or edge types given, None if it is not the same in all.
func (v *vocabulary) kind(of []string, name string) store.Kind {
	var kind store.Kind
	for i, label := range of {
		p, _ := v.prop(label, name)
		if i > 0 && p.Kind != kind {
			return store.None
		}
		kind = p.Kind
	}
	return kind
}

// ends returns the labels at the far end of an edge type.
func (v *vocabulary) ends(edge store.EdgeType, dir store.Dir) []store.Label {
	if dir == store.In {
		return v.edges[edge].From
	}
	return v.edges[edge].To
}

// vocabulary returns the schema of the store, read from the file the first time. It is ErrNoStore before the first Migrate.
func (d *Driver) vocabulary(ctx context.Context, c *conn) (*vocabulary, error) {
	if v := d.words.Load(); v != nil {
		return v, nil
	}
	made := false
	if err := c.query(ctx, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'", nil, func([]driver.Value) error {
		made = true
		return nil
	}); err != nil {
		return nil, failure("reading the schema", err)
	}
	var schema store.Schema
	found := false
	if made {
		if err := c.query(ctx, "SELECT value FROM meta WHERE name = 'schema'", nil, func(row []driver.Value) error {
			found = true
			return json.Unmarshal([]byte(text(row[0])), &schema)
		}); err != nil {
			return nil, failure("reading the schema", err)
		}
	}
	if !found {
		return nil, fmt.Errorf("%w in %s yet", store.ErrNoStore, d.dir)
	}
	v := newVocabulary(schema)
	d.words.Store(v)
	return v, nil
}

// texts converts labels or edge types to strings.
func texts[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
