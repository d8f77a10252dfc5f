package archive

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"kritisgraph/internal/store"
)

// key stands for an id in little memory.
type key [16]byte

func keyOf(text string) (k key) {
	sum := sha256.Sum256([]byte(text))
	copy(k[:], sum[:])
	return k
}

// known is what there is to know of a thing in a log: its version (negative: deleted), the ends of an edge, the number of
// edges of a node.
type known struct {
	version  int64
	edges    int64
	from, to key
}

// dated is an image that fits another version of the schema only, which is in order where a later one replaces it.
type dated struct {
	line int
	err  error
}

// logState is what a log needs to be checked commit by commit.
type logState struct {
	things map[key]known
	once   map[key]bool
	dated  map[store.ID]dated
}

func newLogState() logState {
	return logState{things: map[key]known{}, once: map[key]bool{}, dated: map[store.ID]dated{}}
}

// before returns the version that a thing of the commit had before it.
func (s *logState) before(id store.ID) int64 {
	version := s.things[keyOf(string(id))].version
	return max(version, -version) - 1
}

// conditions checks what a commit demands of things that it does not touch, and its key.
func (s *logState) conditions(c *commitLine) error {
	for i, cond := range c.If {
		if i > 0 && c.If[i-1].ID >= cond.ID {
			return errors.New("the preconditions do not stand by id")
		}
		if have := s.things[keyOf(string(cond.ID))].version; have != cond.Version {
			return fmt.Errorf("it demands version %d of %s, which has %d", cond.Version, cond.ID, have)
		}
	}
	if c.Once.Key == "" {
		return nil
	}
	k := keyOf(c.Once.Owner + "\x00" + c.Once.Key)
	if s.once[k] {
		return fmt.Errorf("its key %q was used before", c.Once.Key)
	}
	s.once[k] = true
	return nil
}

func (s *logState) step(id store.ID, version int64) (key, known, error) {
	k := keyOf(string(id))
	have := s.things[k]
	switch {
	case have.version < 0:
		return k, have, fmt.Errorf("%s was deleted before, and an id is never used again", id)
	case version != have.version+1:
		return k, have, fmt.Errorf("%s has version %d, but the one before is %d", id, version, have.version)
	}
	have.version = version
	return k, have, nil
}

func (s *logState) fit(id store.ID, line int, err error) error {
	switch {
	case err == nil:
		delete(s.dated, id)
	case errors.Is(err, store.ErrDated):
		s.dated[id] = dated{line, err}
	default:
		return err
	}
	return nil
}

func (s *logState) put(schema *store.Schema, n *store.Node, line int) error {
	if a := n.Own.Audiences; !slices.IsSorted(a) || len(slices.Compact(slices.Clone(a))) != len(a) {
		return fmt.Errorf("the audiences of %s are not sorted, or one stands twice", n.ID)
	}
	if err := s.fit(n.ID, line, schema.CheckNode(*n)); err != nil {
		return err
	}
	k, have, err := s.step(n.ID, n.Version)
	s.things[k] = have
	return err
}

func (s *logState) link(schema *store.Schema, e *store.Edge, line int) error {
	if err := s.fit(e.ID, line, schema.CheckEdge(*e)); err != nil {
		return err
	}
	k, have, err := s.step(e.ID, e.Version)
	if err != nil {
		return err
	}
	from, to := keyOf(string(e.From)), keyOf(string(e.To))
	if have.version > 1 && (have.from != from || have.to != to) {
		return fmt.Errorf("the ends of %s cannot change", e.ID)
	}
	if have.version == 1 {
		s.count(from, 1)
		s.count(to, 1)
	}
	have.from, have.to = from, to
	s.things[k] = have
	for i, end := range []store.ID{e.From, e.To} {
		if s.things[[]key{from, to}[i]].version <= 0 {
			return fmt.Errorf("the edge %s ends at %s, which does not exist", e.ID, end)
		}
	}
	return nil
}

func (s *logState) count(end key, n int64) {
	node := s.things[end]
	node.edges += n
	s.things[end] = node
}

func (s *logState) remove(d *deleteLine) error {
	k, have, err := s.step(d.ID, d.Version)
	switch {
	case err != nil:
		return err
	case d.Version == 1:
		return fmt.Errorf("%s is deleted, but never was", d.ID)
	}
	if have.from != (key{}) {
		s.count(have.from, -1)
		s.count(have.to, -1)
	}
	have.version = -d.Version
	s.things[k] = have
	delete(s.dated, d.ID)
	return nil
}

// whole checks a commit at its end: no edge may have lost a node. The line is that of the commit.
func (s *logState) whole(c *store.Change, line int) error {
	for i, id := range c.Delete {
		if s.things[keyOf(string(id))].edges > 0 {
			return failAt(line+1+len(c.Put)+len(c.Link)+i, "%s is deleted, but an edge still ends there", id)
		}
	}
	return nil
}
