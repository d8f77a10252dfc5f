package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"kritisgraph/internal/store"
)

// NewModel returns the naive driver: everything in memory, no index, every answer by looking at everything. A commit works
// on a copy of the whole state and settles every node anew. It is what other drivers are compared with, and is quick
// enough for tests of other packages.
func NewModel() store.Driver { return &model{changed: make(chan struct{})} }

type model struct {
	mu       sync.RWMutex
	schema   store.Schema
	identity store.Identity
	state    *state        // never altered once it stands here
	changed  chan struct{} // closed at the next commit
}

// state is the whole content at one moment.
type state struct {
	nodes map[store.ID]store.Node
	edges map[store.ID]store.Edge
	gone  map[store.ID][]store.Visibility // of each deleted thing, what it showed by at last
	log   []entry
}

// entry is a commit and, for each thing in it, what it showed by at that moment: the visibility of a node, those of both
// ends of an edge.
type entry struct {
	record store.Record
	then   map[store.ID][]store.Visibility
}

func newState() *state {
	return &state{
		nodes: map[store.ID]store.Node{},
		edges: map[store.ID]store.Edge{},
		gone:  map[store.ID][]store.Visibility{},
	}
}

func (s *state) clone() *state {
	return &state{nodes: maps.Clone(s.nodes), edges: maps.Clone(s.edges), gone: maps.Clone(s.gone), log: slices.Clip(s.log)}
}

func (m *model) Identity(ctx context.Context) (store.Identity, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.state == nil {
		return store.Identity{}, store.ErrNoStore
	}
	return m.identity, ctx.Err()
}

func (m *model) Migrate(ctx context.Context, schema store.Schema) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if schema.Version < m.schema.Version {
		return fmt.Errorf("%w: %d, not %d", store.ErrSchema, m.schema.Version, schema.Version)
	}
	if m.state == nil {
		m.state = newState()
		m.identity = store.Identity{Store: "model " + rand.Text(), Key: make([]byte, 32)}
		if _, err := rand.Read(m.identity.Key); err != nil {
			return fmt.Errorf("making a key: %w", err)
		}
	}
	m.schema = schema
	m.identity.Schema = schema.Version
	return nil
}

func (m *model) Close(context.Context) error { return nil }

// current returns the state that reads answer from.
func (m *model) current(ctx context.Context) (*state, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case m.state == nil:
		return nil, store.ErrNoStore
	case m.identity.Loading:
		return nil, store.ErrLoading
	}
	return m.state, nil
}

func (m *model) Head(ctx context.Context, atLeast store.Mark) (store.Mark, error) {
	timeout := time.NewTimer(time.Second) // nobody but this process can commit here, so it need not be five
	defer timeout.Stop()
	for {
		m.mu.RLock()
		changed := m.changed
		m.mu.RUnlock()
		s, err := m.current(ctx)
		if err != nil {
			return store.Mark{}, err
		}
		if head := store.Seq(len(s.log)); head >= atLeast.Seq {
			return store.Mark{Seq: head}, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return store.Mark{}, ctx.Err()
		case <-timeout.C:
			return store.Mark{}, fmt.Errorf("%w: sequence %d was not reached", store.ErrUnavailable, atLeast.Seq)
		}
	}
}

func (m *model) Commit(ctx context.Context, c store.Change) (store.Mark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return store.Mark{}, ctx.Err()
	case m.state == nil:
		return store.Mark{}, store.ErrNoStore
	case m.identity.Loading:
		return store.Mark{}, store.ErrLoading
	}
	next := m.state.clone()
	if err := next.commit(m.schema, c); err != nil {
		return store.Mark{}, err
	}
	m.publish(next)
	return store.Mark{Seq: store.Seq(len(next.log))}, nil
}

func (m *model) publish(s *state) {
	m.state = s
	close(m.changed)
	m.changed = make(chan struct{})
}

func (m *model) Load(ctx context.Context, records iter.Seq2[store.Record, error]) error {
	if err := m.begin(); err != nil {
		return err
	}
	next, err := m.fold(ctx, records)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.identity.Loading = false
	if err != nil {
		return err
	}
	m.publish(next)
	return nil
}

func (m *model) begin() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.state == nil:
		return store.ErrNoStore
	case m.identity.Loading:
		return store.ErrLoading
	case len(m.state.log) > 0:
		return fmt.Errorf("%w: the store is not empty", store.ErrExists)
	}
	m.identity.Loading = true
	return nil
}

func (m *model) fold(ctx context.Context, records iter.Seq2[store.Record, error]) (*state, error) {
	s := newState()
	for r, err := range records {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = s.commit(m.schema, r.Change)
		}
		if err != nil {
			return nil, err
		}
	}
	return s, ctx.Err()
}
