package store

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
)

// Store is the type that the domain reads and writes through: it checks queries and changes against the schema, clamps
// limits, signs cursors and tokens, and shows each driver call to an observer. It is safe for concurrent use.
type Store struct {
	driver   Driver
	schema   Schema
	identity Identity
	observe  func(Call)
}

// Call describes one finished driver call to an observer.
type Call struct {
	Op       string // the method of Driver, such as "List"
	Duration time.Duration
	Err      error
}

// Options of Open and Create. The zero value is useful.
type Options struct {
	// Observe is called after each driver call, from the goroutine that made it.
	Observe func(Call)
}

// The bounds to which Store clamps what a caller asks for.
const (
	MaxPage  = 1_000     // nodes of a page
	MaxWalk  = 100_000   // nodes of a walk
	MaxEdges = 2_000_000 // edges of a walk
	MaxLog   = 5_000     // records of a log page
)

// Open takes a store that was migrated to exactly this schema and loaded; it changes nothing. It is ErrNoStore,
// ErrSchema or ErrLoading where that does not hold.
func Open(ctx context.Context, d Driver, schema Schema, o Options) (*Store, error) {
	if err := schema.Check(); err != nil {
		return nil, err
	}
	identity, err := d.Identity(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	switch {
	case identity.Loading:
		return nil, ErrLoading
	case identity.Schema != schema.Version:
		return nil, fmt.Errorf("%w: %d, this program needs %d", ErrSchema, identity.Schema, schema.Version)
	}
	return &Store{driver: d, schema: schema, identity: identity, observe: o.Observe}, nil
}

// Create migrates the database to the schema, which makes a store where there is none, and opens it. A store whose load
// was interrupted opens too: the next Load wipes it.
func Create(ctx context.Context, d Driver, schema Schema, o Options) (*Store, error) {
	if err := schema.Check(); err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx, schema); err != nil {
		return nil, fmt.Errorf("migrating the store: %w", err)
	}
	identity, err := d.Identity(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	return &Store{driver: d, schema: schema, identity: identity, observe: o.Observe}, nil
}

// Schema returns the vocabulary of the store.
func (s *Store) Schema() Schema { return s.schema }

// Close closes the driver.
func (s *Store) Close(ctx context.Context) error { return s.driver.Close(ctx) }

func call[T any](s *Store, op string, f func() (T, error)) (T, error) {
	start := time.Now()
	result, err := f()
	if err != nil {
		err = fmt.Errorf("%s: %w", op, err)
	}
	if s.observe != nil {
		s.observe(Call{Op: op, Duration: time.Since(start), Err: err})
	}
	return result, err
}

// Head returns the newest mark, at least as new as atLeast.
func (s *Store) Head(ctx context.Context, atLeast Mark) (Mark, error) {
	return call(s, "Head", func() (Mark, error) { return s.driver.Head(ctx, atLeast) })
}

// Nodes returns those of ids that show, once each, in the order asked.
func (s *Store) Nodes(ctx context.Context, scope Scope, ids []ID) ([]Node, error) {
	ids = distinct(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	return call(s, "Nodes", func() ([]Node, error) { return s.driver.Nodes(ctx, scope, ids) })
}

// distinct drops repeated and malformed ids; a malformed one names nothing.
func distinct(ids []ID) []ID {
	seen := make(map[ID]bool, len(ids))
	out := make([]ID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] && id.check() == nil {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// List returns a page of nodes.
func (s *Store) List(ctx context.Context, scope Scope, q Query) (Page, error) {
	if err := s.checkQuery(&q, true); err != nil {
		return Page{}, err
	}
	if q.Text != "" && len(Fold(q.Text)) == 0 {
		return Page{Total: total(q.Total)}, nil
	}
	return call(s, "List", func() (Page, error) { return s.driver.List(ctx, scope, q) })
}

func total(asked bool) int64 {
	if asked {
		return 0
	}
	return -1
}

// Count counts nodes in groups.
func (s *Store) Count(ctx context.Context, scope Scope, q Query, by ...Key) ([]Group, error) {
	q.Order, q.Start, q.Limit = nil, nil, 1
	if err := s.checkQuery(&q, true); err != nil {
		return nil, err
	}
	for _, k := range by {
		if err := s.checkKey(q, k); err != nil {
			return nil, err
		}
	}
	return call(s, "Count", func() ([]Group, error) { return s.driver.Count(ctx, scope, q, by...) })
}

// Neighbors returns, for each hop and each of its parents, a page of neighbors.
func (s *Store) Neighbors(ctx context.Context, scope Scope, hops []Hop) ([][]Page, error) {
	hops = slices.Clone(hops)
	for i := range hops {
		h := &hops[i]
		def := s.schema.edge(h.Edge)
		if def == nil {
			return nil, fmt.Errorf("%w: unknown edge type %q", ErrInvalid, h.Edge)
		}
		if h.Query.Text != "" {
			return nil, fmt.Errorf("%w: a hop takes no text", ErrInvalid)
		}
		if err := s.checkFilter(h.Via, def.Props, false); err != nil {
			return nil, err
		}
		if len(h.Query.Labels) == 0 {
			h.Query.Labels = def.To
			if h.Dir == In {
				h.Query.Labels = def.From
			}
		}
		if err := s.checkQuery(&h.Query, true); err != nil {
			return nil, err
		}
	}
	if len(hops) == 0 {
		return nil, nil
	}
	return call(s, "Neighbors", func() ([][]Page, error) { return s.driver.Neighbors(ctx, scope, hops) })
}

// Traverse walks breadth-first. Without bounds it shows 10,000 nodes and 100,000 edges at the most.
func (s *Store) Traverse(ctx context.Context, scope Scope, w Walk) (Subgraph, error) {
	if w.MaxNodes <= 0 {
		w.MaxNodes = 10_000
	}
	if w.MaxEdges <= 0 {
		w.MaxEdges = 10 * w.MaxNodes
	}
	w.MaxNodes, w.MaxEdges = min(w.MaxNodes, MaxWalk), min(w.MaxEdges, MaxEdges)
	for _, step := range w.Follow {
		if s.schema.edge(step.Edge) == nil {
			return Subgraph{}, fmt.Errorf("%w: unknown edge type %q", ErrInvalid, step.Edge)
		}
	}
	w.From = distinct(w.From)
	return call(s, "Traverse", func() (Subgraph, error) { return s.driver.Traverse(ctx, scope, w) })
}

// Commit checks the change against the schema, brings it into canonical order and applies it; see Driver.Commit.
func (s *Store) Commit(ctx context.Context, c Change) (Mark, error) {
	if err := s.Canonical(&c); err != nil {
		return Mark{}, err
	}
	return call(s, "Commit", func() (Mark, error) { return s.driver.Commit(ctx, c) })
}

// Canonical checks a change against the schema and brings it into the order in which it is sealed.
func (s *Store) Canonical(c *Change) error {
	if size := c.Size(); size > MaxChange {
		return fmt.Errorf("%w: a change touches at most %d things, this one %d: split it", ErrInvalid, MaxChange, size)
	}
	c.Put, c.Link = slices.Clone(c.Put), slices.Clone(c.Link)
	c.If, c.Delete = slices.Clone(c.If), slices.Clone(c.Delete)
	if err := c.normalize(); err != nil {
		return err
	}
	for _, n := range c.Put {
		if err := s.schema.CheckNode(n); err != nil {
			return err
		}
	}
	for _, e := range c.Link {
		if err := s.schema.CheckEdge(e); err != nil {
			return err
		}
	}
	return c.checkHeader()
}

// Load fills an empty store; see Driver.Load. The records are as Seal left them.
func (s *Store) Load(ctx context.Context, records iter.Seq2[Record, error]) error {
	_, err := call(s, "Load", func() (struct{}, error) { return struct{}{}, s.driver.Load(ctx, records) })
	return err
}

// Sealed turns changes into the records of a load, from sequence 1 on. Each change is checked like one to be committed.
func (s *Store) Sealed(changes iter.Seq2[Change, error]) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		var prev Hash
		var seq Seq
		for c, err := range changes {
			if err == nil {
				err = s.Canonical(&c)
			}
			var r Record
			if err == nil {
				seq++
				r, err = Seal(prev, seq, c)
				prev = r.Hash
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Log returns commit records in order.
func (s *Store) Log(ctx context.Context, scope Scope, q LogQuery) (LogPage, error) {
	if q.Limit <= 0 || q.Limit > MaxLog {
		q.Limit = MaxLog
	}
	return call(s, "Log", func() (LogPage, error) { return s.driver.Log(ctx, scope, q) })
}
