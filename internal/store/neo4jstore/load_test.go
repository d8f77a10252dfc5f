//go:build neo4j

package neo4jstore

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// interrupted leaves the store of a driver as a process does that died in the middle of a load.
func interrupted(t *testing.T, d *Driver) {
	t.Helper()
	seed(t, d, 300)
	cypher(t, d, `MATCH (c:_Counter) SET c.loading = 'dead', c.beat = timestamp() - $lease - 1 RETURN 1`, params{"lease": int64(loadLease)})
}

func TestTheNextWriterWipesAnInterruptedLoad(t *testing.T) {
	for name, write := range map[string]func(*store.Store) error{
		"a commit": func(s *store.Store) error {
			mark, err := s.Commit(t.Context(), store.Change{If: []store.Cond{{ID: "Memo/m"}}, Put: []store.Node{{ID: "Memo/m"}}})
			if err == nil && mark.Seq != 1 {
				t.Errorf("the sequence of the commit is %d", mark.Seq)
			}
			return err
		},
		"a load": func(s *store.Store) error { return s.Load(t.Context(), s.Sealed(changes(2))) },
	} {
		t.Run(name, func(t *testing.T) {
			d := openServer(t)
			interrupted(t, d)
			s, err := store.Create(t.Context(), d, storetest.Schema(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Head(t.Context(), store.Mark{}); !errors.Is(err, store.ErrLoading) {
				t.Errorf("Head before: %v", err)
			}
			if err := write(s); err != nil {
				t.Fatal(err)
			}
			page, err := s.Log(t.Context(), store.Unrestricted(), store.LogQuery{Total: true})
			if err != nil || page.Total != 1 {
				t.Errorf("the log holds %d records, %v", page.Total, err)
			}
			left := cypher(t, d, `MATCH (n:Land) WHERE n.id > 'Land/L000001' RETURN count(n)`, nil)
			if left[0] != int64(0) {
				t.Errorf("%v nodes of the interrupted load are left", left[0])
			}
		})
	}
}

func TestALoadOfAnotherProcessIsLeftAlone(t *testing.T) {
	first, second := openServer(t), openAs(t, server(t))
	s := seed(t, first, 0)
	other, err := store.Create(t.Context(), second, storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Load(t.Context(), func(yield func(store.Record, error) bool) {
		for r, err := range s.Sealed(changes(200)) {
			if _, err := other.Nodes(t.Context(), store.Unrestricted(), []store.ID{"Land/L000000"}); !errors.Is(err, store.ErrLoading) {
				t.Errorf("a read meanwhile: %v", err)
			}
			if _, err := other.Commit(t.Context(), store.Change{}); !errors.Is(err, store.ErrLoading) {
				t.Errorf("a commit meanwhile: %v", err)
			}
			if err := other.Load(t.Context(), other.Sealed(changes(1))); !errors.Is(err, store.ErrLoading) {
				t.Errorf("a load meanwhile: %v", err)
			}
			if !yield(r, err) {
				return
			}
		}
	})
	if err != nil {
		t.Fatalf("the first load: %v", err)
	}
	count, err := other.Count(t.Context(), store.Unrestricted(), store.Query{Labels: []store.Label{"Land"}})
	if err != nil || count[0].Count != 200 {
		t.Errorf("after the load: %v, %v", count, err)
	}
}

func TestALoadThatLostItsMarkGivesWay(t *testing.T) {
	d := openServer(t)
	s := seed(t, d, 0)
	err := s.Load(t.Context(), func(yield func(store.Record, error) bool) {
		for r, err := range s.Sealed(changes(100)) {
			cypher(t, d, `MATCH (c:_Counter) SET c.loading = 'other' RETURN 1`, nil)
			if !yield(r, err) {
				return
			}
		}
	})
	if !errors.Is(err, store.ErrInUse) {
		t.Errorf("Load: %v", err)
	}
}

func TestDerivedDataFollowsTheSchema(t *testing.T) {
	d := openServer(t)
	old := seed(t, d, 3)
	hidden := store.Node{ID: "Body/L000001", Own: store.Visibility{TLP: store.TLPRed, Audiences: []string{"few"}},
		Props: map[string]store.Value{"slug": store.String("L000001"), "name": store.String("Amt")}}
	if _, err := old.Commit(t.Context(), store.Change{If: []store.Cond{{ID: hidden.ID, Version: 1}}, Put: []store.Node{hidden}}); err != nil {
		t.Fatal(err)
	}
	newer := storetest.Schema()
	newer.Version++
	newer.Labels[1].Props[3].Text = true                   // Body.kind is searched
	newer.Labels[2].Props[0].Title = true                  // Contact.role is a name
	newer.Labels[0].Props[2].Sort = false                  // Land.population loses an index
	newer.Labels[1].Props[0].Unique = false                // Body.slug loses a constraint
	newer.Edges[0].Owns, newer.Edges[2].Owns = false, true // HOLDS owns no longer, SERVES does
	s, err := store.Create(t.Context(), d, newer, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	search := func(text string, label store.Label) []store.ID {
		t.Helper()
		p, err := s.List(t.Context(), store.Unrestricted(), store.Query{Labels: []store.Label{label}, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		var ids []store.ID
		for _, h := range p.Hits {
			ids = append(ids, h.Node.ID)
		}
		return ids
	}
	if diff := cmp.Diff([]store.ID{"Body/L000002"}, search("2 amt sicherheit 2", "Body")); diff != "" {
		t.Errorf("a property that came to be searched: %s", diff)
	}
	if got := search("dut", "Contact"); len(got) != 3 {
		t.Errorf("a property that became a name finds %v", got)
	}
	nodes, err := s.Nodes(t.Context(), store.Unrestricted(), []store.ID{"Contact/L000001", "Land/L000001"})
	if err != nil {
		t.Fatal(err)
	}
	if got := []store.TLP{nodes[0].Settled.TLP, nodes[1].Settled.TLP}; got[0] != store.TLPClear || got[1] != store.TLPRed {
		t.Errorf("what is owned no longer and what came to be owned are marked %v", got)
	}
	rules := cypher(t, d, stmtRules, nil)
	names, err := decodeStrings(rules[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if name == "_sort.Land.population" || name == "_unique.Body.slug" {
			t.Errorf("%s is left", name)
		}
	}
}

func TestTheGreatestChangeFitsIntoOneCommit(t *testing.T) {
	d := openServer(t)
	s := seed(t, d, 0)
	var c store.Change
	for i := range store.MaxChange / 5 {
		addLand(&c, i)
	}
	if c.Size() != store.MaxChange {
		t.Fatalf("the change touches %d things", c.Size())
	}
	if _, err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	// All of it in one restricted record, read back and changed once more.
	public := store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear})
	page, err := s.Log(t.Context(), public, store.LogQuery{})
	if err != nil || len(page.Records) != 1 || page.Records[0].Change.Size() != store.MaxChange {
		t.Fatalf("the log: %d records, %v", len(page.Records), err)
	}
	for i := range c.If {
		c.If[i].Version = 1
	}
	if _, err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}
