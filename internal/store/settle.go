package store

import (
	"fmt"
	"maps"
	"slices"
)

// Ownership is what settling needs to know of one node: what it states itself, what is settled for it now, and the nodes
// that own it (the From ends of owning edges that lead to it).
type Ownership struct {
	Own     Visibility
	Settled Visibility
	Owners  []ID
}

// OwnershipReader gives Settle its two reads inside the transaction of the driver, after the change was applied.
type OwnershipReader interface {
	// Owners returns the ownership of each of ids that exists.
	Owners(ids []ID) (map[ID]Ownership, error)
	// Owned returns the nodes that each of ids owns (the To ends of its owning edges).
	Owned(ids []ID) (map[ID][]ID, error)
}

// Settle returns the settled visibilities that differ from what the reader says is settled now, beginning with the
// changed nodes (put, or an end To of an owning edge that was linked or deleted) and going down until nothing moves.
// Settled TLP is the strictest of own and all owners; settled audiences are the own ones, or if there are none those that
// all owners share. A cycle of owning edges is ErrInvalid.
func Settle(changed []ID, r OwnershipReader) (map[ID]Visibility, error) {
	s := settler{reader: r, known: map[ID]Ownership{}, result: map[ID]Visibility{}}
	if err := s.load(changed); err != nil {
		return nil, err
	}
	if err := s.climb(changed); err != nil {
		return nil, err
	}
	wave := slices.Clone(changed)
	for len(wave) > 0 {
		next, err := s.settle(wave)
		if err != nil {
			return nil, err
		}
		wave = next
	}
	return s.result, nil
}

type settler struct {
	reader OwnershipReader
	known  map[ID]Ownership
	result map[ID]Visibility
}

func (s *settler) load(ids []ID) error {
	var missing []ID
	for _, id := range ids {
		if _, ok := s.known[id]; !ok {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	found, err := s.reader.Owners(missing)
	if err != nil {
		return fmt.Errorf("reading owners: %w", err)
	}
	maps.Copy(s.known, found)
	return nil
}

// climb loads everything above the changed nodes and refuses a cycle among it.
func (s *settler) climb(changed []ID) error {
	level := changed
	for len(level) > 0 {
		var up []ID
		for _, id := range level {
			for _, owner := range s.known[id].Owners {
				if _, ok := s.known[owner]; !ok {
					up = append(up, owner)
				}
			}
		}
		slices.Sort(up)
		up = slices.Compact(up)
		if err := s.load(up); err != nil {
			return err
		}
		level = up
	}
	c := cycleFinder{known: s.known, done: map[ID]bool{}, onPath: map[ID]bool{}}
	for _, id := range changed {
		if err := c.visit(id); err != nil {
			return err
		}
	}
	return nil
}

// cycleFinder goes up from a node and refuses to meet it again.
type cycleFinder struct {
	known        map[ID]Ownership
	done, onPath map[ID]bool
}

func (c *cycleFinder) visit(id ID) error {
	if c.onPath[id] {
		return fmt.Errorf("%w: %s would own itself", ErrInvalid, id)
	}
	if c.done[id] {
		return nil
	}
	c.onPath[id] = true
	for _, owner := range c.known[id].Owners {
		if err := c.visit(owner); err != nil {
			return err
		}
	}
	delete(c.onPath, id)
	c.done[id] = true
	return nil
}

// settle settles one wave and returns the nodes owned by those that moved.
func (s *settler) settle(wave []ID) ([]ID, error) {
	var moved []ID
	for _, id := range wave {
		o, ok := s.known[id]
		if !ok {
			continue
		}
		v := s.visibility(o)
		if sameVisibility(v, s.now(id)) {
			continue
		}
		s.result[id] = v
		moved = append(moved, id)
	}
	if len(moved) == 0 {
		return nil, nil
	}
	owned, err := s.reader.Owned(moved)
	if err != nil {
		return nil, fmt.Errorf("reading owned nodes: %w", err)
	}
	var next []ID
	for _, ids := range owned {
		next = append(next, ids...)
	}
	slices.Sort(next)
	next = slices.Compact(next)
	if err := s.load(next); err != nil {
		return nil, err
	}
	// Another owner of the next wave may not be known yet.
	var others []ID
	for _, id := range next {
		others = append(others, s.known[id].Owners...)
	}
	return next, s.load(others)
}

func (s *settler) now(id ID) Visibility {
	if v, ok := s.result[id]; ok {
		return v
	}
	return s.known[id].Settled
}

func (s *settler) visibility(o Ownership) Visibility {
	v := Visibility{TLP: o.Own.TLP.Effective(), Audiences: slices.Clone(o.Own.Audiences)}
	var shared []string
	for i, owner := range o.Owners {
		ov := s.now(owner)
		v.TLP = max(v.TLP, ov.TLP.Effective())
		if i == 0 {
			shared = slices.Clone(ov.Audiences)
			continue
		}
		shared = slices.DeleteFunc(shared, func(a string) bool { return !slices.Contains(ov.Audiences, a) })
	}
	if len(v.Audiences) == 0 {
		v.Audiences = shared
	}
	slices.Sort(v.Audiences)
	return v
}

func sameVisibility(a, b Visibility) bool {
	return a.TLP == b.TLP && slices.Equal(a.Audiences, b.Audiences)
}
