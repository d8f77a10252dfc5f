package kritis

import (
	"context"
	"fmt"
	"sync"

	"kritisgraph/internal/store"
)

// subjectSet finds the things with keys of the rule, those that are registered by one read for all that were added.
type subjectSet struct {
	view *View
	ids  []store.ID

	once  sync.Once
	nodes map[store.ID]Node
	err   error
}

func (v *View) subjectSet() *subjectSet { return &subjectSet{view: v} }

// add names things before the first is asked for.
func (s *subjectSet) add(keys ...string) {
	for _, key := range keys {
		if isRegistered(key) {
			s.ids = append(s.ids, subjectID(key))
		}
	}
}

func (s *subjectSet) read(ctx context.Context) error {
	s.once.Do(func() {
		found, err := s.view.reader.Nodes(ctx, s.ids)
		s.nodes, s.err = map[store.ID]Node{}, err
		for _, n := range found {
			if s.nodes[n.ID], s.err = s.view.object(ctx, n); s.err != nil {
				return
			}
		}
	})
	return s.err
}

// one returns a thing. What was hidden between two reads of a request is an error like that of what does not exist.
func (s *subjectSet) one(ctx context.Context, key string) (DependencySubject, error) {
	id := subjectID(key)
	var found Node
	if isRegistered(key) {
		if err := s.read(ctx); err != nil {
			return nil, err
		}
		found = s.nodes[id]
	} else {
		book, err := s.view.Rulebook(ctx)
		if err != nil {
			return nil, err
		}
		found = book.Node(id)
	}
	subject, ok := found.(DependencySubject)
	if !ok {
		return nil, fmt.Errorf("%w: %s", store.ErrNotFound, id)
	}
	return subject, nil
}

func (s *subjectSet) all(ctx context.Context, keys []string) ([]DependencySubject, error) {
	out := []DependencySubject{}
	for _, key := range keys {
		subject, err := s.one(ctx, key)
		if err != nil {
			return nil, err
		}
		out = append(out, subject)
	}
	return out, nil
}
