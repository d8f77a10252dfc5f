//go:build neo4j

package neo4jstore

import (
	"fmt"
	"iter"
	"testing"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// seed migrates the empty store of a driver and loads n lands, each with a body that serves it and a contact, in commits
// of a hundred lands.
func seed(t testing.TB, d *Driver, n int) *store.Store {
	t.Helper()
	s, err := store.Create(t.Context(), d, storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), s.Sealed(changes(n))); err != nil {
		t.Fatal(err)
	}
	return s
}

func changes(n int) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for first := 0; first < n; first += 100 {
			c := store.Change{Meta: store.Meta{Action: "seed", Actor: "test", At: int64(first)}}
			for i := first; i < min(n, first+100); i++ {
				addLand(&c, i)
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

func addLand(c *store.Change, i int) {
	code := fmt.Sprintf("L%06d", i)
	public := store.Visibility{TLP: store.TLPClear, Audiences: []string{"public"}}
	add := func(label string, props map[string]store.Value) store.ID {
		id := store.NewID(label, code)
		c.Put = append(c.Put, store.Node{ID: id, Own: public, Props: props})
		c.If = append(c.If, store.Cond{ID: id})
		return id
	}
	link := func(kind store.EdgeType, from, to store.ID) {
		id := store.EdgeID(kind, from, to)
		c.Link = append(c.Link, store.Edge{ID: id, From: from, To: to, Props: map[string]store.Value{}})
		c.If = append(c.If, store.Cond{ID: id})
	}
	land := add("Land", map[string]store.Value{"code": store.String(code), "name": store.String(fmt.Sprintf("Land %d am Fluss", i)),
		"population": store.Int(int64(i % 97))})
	body := add("Body", map[string]store.Value{"slug": store.String(code), "name": store.String(fmt.Sprintf("Amt %d für Sicherheit", i)),
		"kind": store.String(fmt.Sprint(i % 50))})
	contact := add("Contact", map[string]store.Value{"role": store.String("duty")})
	link("SERVES", body, land)
	link("HOLDS", body, contact)
}
