package storetest

import (
	"fmt"
	"maps"
	"slices"

	"kritisgraph/internal/store"
)

// commit alters the state by a change. After an error the state is of no use.
func (s *state) commit(schema store.Schema, c store.Change) error {
	for _, e := range s.log {
		if once := e.record.Change.Once; c.Once.Key != "" && once.Owner == c.Once.Owner && once.Key == c.Once.Key {
			return store.ErrReplayed
		}
	}
	for _, cond := range c.If {
		if err := s.check(cond); err != nil {
			return err
		}
	}
	then := map[store.ID][]store.Visibility{}
	for _, id := range c.Delete {
		then[id] = s.shownBy(id)
		s.gone[id] = then[id]
	}
	if err := s.apply(c); err != nil {
		return err
	}
	if err := s.unique(schema); err != nil {
		return err
	}
	for _, e := range s.edges {
		_, from := s.nodes[e.From]
		_, to := s.nodes[e.To]
		if !from || !to {
			return fmt.Errorf("%w: an end of %s is missing", store.ErrInvalid, e.ID)
		}
	}
	if err := s.settle(schema); err != nil {
		return err
	}
	for _, n := range c.Put {
		then[n.ID] = s.shownBy(n.ID)
	}
	for _, e := range c.Link {
		then[e.ID] = s.shownBy(e.ID)
	}
	var prev store.Hash
	if len(s.log) > 0 {
		prev = s.log[len(s.log)-1].record.Hash
	}
	record, err := store.Seal(prev, store.Seq(len(s.log)+1), c)
	if err != nil {
		return err
	}
	s.log = append(s.log, entry{record: record, then: then})
	return nil
}

func (s *state) check(cond store.Cond) error {
	have := s.version(cond.ID)
	_, gone := s.gone[cond.ID]
	if have != cond.Version || gone {
		return &store.ConflictError{ID: cond.ID, Want: cond.Version, Have: have}
	}
	return nil
}

func (s *state) version(id store.ID) int64 {
	if n, ok := s.nodes[id]; ok {
		return n.Version
	}
	return s.edges[id].Version
}

// shownBy returns what decides whether a thing shows: the visibility of a node, those of both ends of an edge, the last
// ones of a deleted thing; nil for what never was.
func (s *state) shownBy(id store.ID) []store.Visibility {
	if n, ok := s.nodes[id]; ok {
		return []store.Visibility{n.Settled}
	}
	if e, ok := s.edges[id]; ok {
		return []store.Visibility{s.nodes[e.From].Settled, s.nodes[e.To].Settled}
	}
	return s.gone[id]
}

func (s *state) apply(c store.Change) error {
	for _, id := range c.Delete {
		delete(s.nodes, id)
		delete(s.edges, id)
	}
	for _, n := range c.Put {
		s.nodes[n.ID] = n.Clone()
	}
	for _, e := range c.Link {
		if old, ok := s.edges[e.ID]; ok && (old.From != e.From || old.To != e.To) {
			return fmt.Errorf("%w: the ends of %s cannot change", store.ErrInvalid, e.ID)
		}
		e.Props = maps.Clone(e.Props)
		s.edges[e.ID] = e
	}
	return nil
}

func (s *state) unique(schema store.Schema) error {
	for _, label := range schema.Labels {
		for _, p := range label.Props {
			if !p.Unique {
				continue
			}
			seen := map[any]bool{}
			for _, n := range s.nodes {
				v, ok := n.Props[p.Name]
				if n.Label() != label.Label || !ok {
					continue
				}
				if seen[v.Any()] {
					return fmt.Errorf("%w: two nodes %s have the same %s", store.ErrExists, label.Label, p.Name)
				}
				seen[v.Any()] = true
			}
		}
	}
	return nil
}

// settle settles all nodes from scratch, not by store.Settle, which it helps to test.
func (s *state) settle(schema store.Schema) error {
	owners := map[store.ID][]store.ID{}
	for _, e := range s.edges {
		if slices.Contains(schema.Owning(), e.Type()) {
			owners[e.To] = append(owners[e.To], e.From)
		}
	}
	settled := map[store.ID]store.Visibility{}
	under := map[store.ID]bool{}
	var visit func(id store.ID) error
	visit = func(id store.ID) error {
		if _, ok := settled[id]; ok {
			return nil
		}
		if under[id] {
			return fmt.Errorf("%w: %s would own itself", store.ErrInvalid, id)
		}
		under[id] = true
		own := s.nodes[id].Own
		v := store.Visibility{TLP: own.TLP.Effective(), Audiences: slices.Clone(own.Audiences)}
		for _, owner := range owners[id] {
			if err := visit(owner); err != nil {
				return err
			}
			v.TLP = max(v.TLP, settled[owner].TLP)
		}
		if len(own.Audiences) == 0 && len(owners[id]) > 0 {
			for _, a := range settled[owners[id][0]].Audiences {
				lacks := func(owner store.ID) bool { return !slices.Contains(settled[owner].Audiences, a) }
				if !slices.ContainsFunc(owners[id], lacks) {
					v.Audiences = append(v.Audiences, a)
				}
			}
		}
		delete(under, id)
		settled[id] = v
		return nil
	}
	for id := range s.nodes {
		if err := visit(id); err != nil {
			return err
		}
	}
	for id, n := range s.nodes {
		n.Settled = settled[id]
		s.nodes[id] = n
	}
	return nil
}
