package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"kritisgraph/internal/store"
)

// Report says what an import did, or would do.
type Report struct {
	Replayed  bool       // the store was empty: the file was replayed with its history
	Commits   int64      // replayed
	Created   []store.ID // by one commit into a store with data
	Changed   []store.ID
	Unchanged int
}

// Options of Import. Meta says who imports and when; DryRun writes nothing.
type Options struct {
	Meta   store.Meta
	DryRun bool
}

// Import brings a file into the store, all or nothing. An empty store replays it with sequences, times and hashes kept.
// Into a store with data goes one commit of what differs, by id: nothing is deleted, the history of the file is left out, and
// at most store.MaxChange things may differ. The scope must be unrestricted.
func Import(ctx context.Context, r io.Reader, s *store.Store, scope store.Scope, o Options) (Report, error) {
	f, err := NewReader(r, s.Schema().Version)
	if err != nil {
		return Report{}, err
	}
	head, err := s.Head(ctx, store.Mark{})
	if err != nil && !errors.Is(err, store.ErrLoading) {
		return Report{}, err
	}
	if head.Seq == 0 && !f.ByHand() {
		return replay(ctx, f, s, o)
	}
	nodes, edges, err := content(f)
	if err != nil {
		return Report{}, err
	}
	have, err := State(ctx, s, scope)
	if err != nil {
		return Report{}, err
	}
	return difference(ctx, s, have, nodes, edges, o)
}

func replay(ctx context.Context, f *Reader, s *store.Store, o Options) (Report, error) {
	if o.DryRun {
		for _, err := range f.Records() {
			if err != nil {
				return Report{}, err
			}
		}
	} else if err := s.Load(ctx, f.Records()); err != nil {
		return Report{}, err
	}
	return Report{Replayed: true, Commits: f.Summary().Commits}, nil
}

// content returns the things that exist at the end of the file.
func content(f *Reader) ([]store.Node, []store.Edge, error) {
	if f.ByHand() {
		return f.Things()
	}
	state := newState()
	for r, err := range f.Records() {
		if err != nil {
			return nil, nil, err
		}
		state.Apply(&r.Change)
	}
	nodes, edges := state.list()
	return nodes, edges, nil
}

func difference(ctx context.Context, s *store.Store, have *Folded, nodes []store.Node, edges []store.Edge, o Options) (Report, error) {
	var report Report
	change := store.Change{Meta: o.Meta}
	add := func(id store.ID, same bool) error {
		version, used := have.Versions[id]
		switch {
		case version < 0:
			return fmt.Errorf("%w: %s was deleted in this store, and an id is never used again", ErrFile, id)
		case used && same:
			report.Unchanged++
			return nil
		case used:
			report.Changed = append(report.Changed, id)
		default:
			report.Created = append(report.Created, id)
		}
		change.If = append(change.If, store.Cond{ID: id, Version: version})
		return nil
	}
	for _, n := range nodes {
		old, ok := have.Nodes[n.ID]
		same := ok && sameNode(old, n)
		if err := add(n.ID, same); err != nil {
			return Report{}, err
		}
		if !same {
			change.Put = append(change.Put, n)
		}
	}
	for _, e := range edges {
		old, ok := have.Edges[e.ID]
		same := ok && old.From == e.From && old.To == e.To && sameProps(old.Props, e.Props)
		if err := add(e.ID, same); err != nil {
			return Report{}, err
		}
		if !same {
			change.Link = append(change.Link, e)
		}
	}
	slices.Sort(report.Created)
	slices.Sort(report.Changed)
	if n := change.Size(); n > store.MaxChange {
		return Report{}, fmt.Errorf("%w: %d things differ, one import changes at most %d: split it, or import into an empty store", ErrFile, n, store.MaxChange)
	}
	check := change
	if err := s.Canonical(&check); err != nil {
		return Report{}, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if err := have.ends(edges, nodes); err != nil {
		return Report{}, err
	}
	if o.DryRun || change.Size() == 0 {
		return report, nil
	}
	_, err := s.Commit(ctx, change)
	return report, err
}

func sameNode(a, b store.Node) bool {
	slices.Sort(b.Own.Audiences)
	return a.Own.TLP == b.Own.TLP && slices.Equal(a.Own.Audiences, b.Own.Audiences) && sameProps(a.Props, b.Props)
}

func sameProps(a, b map[string]store.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for name, v := range a {
		if w, ok := b[name]; !ok || !v.Equal(w) {
			return false
		}
	}
	return true
}
