package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/store"
)

func runIdentity(t *testing.T, open func(testing.TB) store.Driver) {
	t.Run("a database that was never migrated is no store", func(t *testing.T) {
		w := &world{TB: t, driver: open(t)}
		_, err := w.driver.Identity(t.Context())
		w.fails("Identity", err, store.ErrNoStore)
	})
	t.Run("the first migrate makes an identity with a key that later ones keep", func(t *testing.T) {
		w := newWorld(t, open)
		first := w.identity()
		if first.Store == "" || len(first.Key) != 32 || first.Schema != Schema().Version || first.Loading {
			t.Fatalf("the identity is %+v", first)
		}
		w.put(land("BY", "Bayern", 1))
		w.migrate(Schema())
		w.same("the identity after another migrate", w.identity(), first)
		w.everything()
	})
	t.Run("a newer schema extends the store and an older one is refused", func(t *testing.T) {
		w := newWorld(t, open)
		w.put(land("BY", "Bayern", 1), contact("c1", "duty"))
		newer := newerSchema()
		w.migrate(newer)
		w.canon = w.storeOf(newer)
		w.same("the schema of the store", w.identity().Schema, newer.Version)
		w.put(node("Topic", "t", props{"name": text("Thema München"), "order": num(3)}), with(contact("c1", "duty"), "mail", text("a@b.test")))
		w.link(edge("TREATS", "Topic/t", "Land/BY"))
		w.wantIDs("a label that came later is searched", w.list(all(), store.Query{Labels: []store.Label{"Topic"}, Text: "munch"}), "Topic/t")
		w.wantIDs("a property that came later is filtered",
			w.list(all(), store.Query{Labels: []store.Label{"Contact"}, Where: store.Where("mail", store.EQ, text("a@b.test"))}), "Contact/c1")
		w.refuse(store.ErrExists, store.Change{Put: []store.Node{with(contact("c2", "duty"), "mail", text("a@b.test"))}})
		w.fails("Migrate to the older schema", w.driver.Migrate(t.Context(), Schema()), store.ErrSchema)
		w.same("the schema after that", w.identity().Schema, newer.Version)
		w.everything()
	})
	t.Run("two stores have different names and keys", func(t *testing.T) {
		a := newWorld(t, open).identity()
		b := newWorld(t, open).identity()
		if a.Store == b.Store || cmp.Equal(a.Key, b.Key) {
			t.Fatalf("both stores are %q, or share a key", a.Store)
		}
	})
}

func (w *world) identity() store.Identity {
	w.Helper()
	identity, err := w.driver.Identity(w.Context())
	if err != nil {
		w.Fatalf("Identity: %v", err)
	}
	return identity
}

func (w *world) migrate(schema store.Schema) {
	w.Helper()
	for _, d := range []store.Driver{w.driver, w.model} {
		if err := d.Migrate(w.Context(), schema); err != nil {
			w.Fatalf("Migrate: %v", err)
		}
	}
}

func (w *world) storeOf(schema store.Schema) *store.Store {
	w.Helper()
	s, err := store.Create(w.Context(), NewModel(), schema, store.Options{})
	if err != nil {
		w.Fatalf("a store of the schema: %v", err)
	}
	return s
}

// newerSchema has a label, an edge type and a unique property more.
func newerSchema() store.Schema {
	s := Schema()
	s.Version++
	s.Labels[2].Props = append(s.Labels[2].Props, store.PropDef{Name: "mail", Kind: store.StringKind, Unique: true})
	s.Labels = append(s.Labels, store.LabelDef{Label: "Topic", Props: []store.PropDef{
		{Name: "name", Kind: store.StringKind, Required: true, Sort: true, Title: true},
		{Name: "order", Kind: store.IntKind, Required: true, Sort: true},
	}})
	s.Edges = append(s.Edges, store.EdgeDef{Type: "TREATS", From: []store.Label{"Topic"}, To: []store.Label{"Land"}})
	return s
}
