package archive

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"

	"kritisgraph/internal/store"
)

// Report says what an import did, or would do.
type Report struct {
	Replayed  bool       // the store was empty: the file was replayed with its history
	Commits   int64      // replayed
	Things    int64      // replayed: put, linked or deleted
	Created   []store.ID // by one commit into a store with data; sorted
	Changed   []store.ID // by that commit; sorted
	Unchanged int
}

// Options of Import. Meta says who imports and when; DryRun writes nothing. EdgeKeys names, for types of edges, the text property that no two
// edges of the type share; a file with history that fills an empty store is not asked.
type Options struct {
	Meta     store.Meta
	DryRun   bool
	EdgeKeys map[store.EdgeType]string
}

// Import brings a file into the store, all or nothing. An empty store replays it with sequences, times and hashes kept.
// Into a store with data goes one commit of what differs, by id: nothing is deleted, the history of the file is left out, and
// at most store.MaxChange things may differ. A file that cannot be used is ErrFile. The scope must be unrestricted.
func Import(ctx context.Context, r io.Reader, s *store.Store, scope store.Scope, o Options) (Report, error) {
	f, err := NewReader(r, s.Schema())
	if err != nil {
		return Report{}, err
	}
	empty, err := isEmpty(ctx, s)
	if err != nil {
		return Report{}, err
	}
	switch {
	case empty && !f.ByHand() && o.DryRun:
		return f.drain()
	case empty && !f.ByHand():
		return replay(ctx, f, s)
	}
	items, err := f.items()
	if err != nil {
		return Report{}, err
	}
	m := merger{store: s, schema: s.Schema(), scope: scope, items: items, empty: empty, change: store.Change{Meta: o.Meta}, edgeKeys: o.EdgeKeys}
	if err := m.compare(ctx); err != nil {
		return Report{}, err
	}
	if o.DryRun || m.change.Size() == 0 {
		return m.report, nil
	}
	if _, err := s.Commit(ctx, m.change); err != nil {
		return Report{}, fmt.Errorf("nothing was imported: %w", err)
	}
	return m.report, nil
}

// ErrNotEmpty is the refusal to restore into a store that has data.
var ErrNotEmpty = errors.New("the store is not empty: restore into a new one, or import")

// Restore fills an empty store from a backup, all or nothing. A store that is not empty is ErrNotEmpty, a file that is no
// whole and unaltered backup ErrFile.
func Restore(ctx context.Context, r io.Reader, s *store.Store) (Report, error) {
	empty, err := isEmpty(ctx, s)
	if err != nil {
		return Report{}, err
	}
	if !empty {
		return Report{}, ErrNotEmpty
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return Report{}, fmt.Errorf("%w: it is no backup: %w; an export is imported, not restored", ErrFile, err)
	}
	f, err := NewReader(z, s.Schema())
	if err != nil {
		return Report{}, err
	}
	if f.ByHand() {
		return Report{}, fmt.Errorf("%w: it is no backup: it holds no log", ErrFile)
	}
	report, err := replay(ctx, f, s)
	if errors.Is(err, store.ErrExists) && !errors.Is(err, ErrFile) {
		err = fmt.Errorf("%w: %w", ErrNotEmpty, err)
	}
	return report, errors.Join(err, z.Close())
}

// isEmpty reports whether the store was never written to. What an interrupted load left counts as nothing: the next
// writer wipes it.
func isEmpty(ctx context.Context, s *store.Store) (bool, error) {
	head, err := s.Head(ctx, store.Mark{})
	if errors.Is(err, store.ErrLoading) {
		return true, nil
	}
	return head.Seq == 0, err
}

// Verify reads a file and says what an import into a new store would do.
func Verify(ctx context.Context, r io.Reader, schema store.Schema) (Report, error) {
	f, err := NewReader(r, schema)
	if err != nil {
		return Report{}, err
	}
	if !f.ByHand() {
		return f.drain()
	}
	items, err := f.items()
	if err != nil {
		return Report{}, err
	}
	m := merger{schema: schema, items: items, empty: true}
	err = m.compare(ctx)
	return m.report, err
}

func (f *Reader) drain() (Report, error) {
	for _, err := range f.Records() {
		if err != nil {
			return Report{}, err
		}
	}
	return f.replayed(), nil
}

func (f *Reader) replayed() Report {
	return Report{Replayed: true, Commits: f.summary.Commits, Things: f.summary.Things}
}

func replay(ctx context.Context, f *Reader, s *store.Store) (Report, error) {
	if err := s.Load(ctx, f.Records()); err != nil {
		return Report{}, err
	}
	return f.replayed(), nil
}
