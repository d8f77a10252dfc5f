package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"kritisgraph/internal/store"
)

// Load fills an empty store in one transaction, of which an interruption leaves nothing. A mark that it has begun is
// committed before, by which every process answers ErrLoading meanwhile; the next Open for writing wipes the mark of a load
// that was killed.
func (d *Driver) Load(ctx context.Context, records iter.Seq2[store.Record, error]) error {
	const op = "loading"
	if err := d.write(ctx, op, func(c *conn) error { return beginLoad(ctx, d, c) }, func() {}); err != nil {
		return err
	}
	err := d.write(ctx, op, func(c *conn) error {
		words, err := d.vocabulary(ctx, c)
		if err != nil {
			return err
		}
		// Pages that do not fit are written twice, so the load gets a large cache; it is given back at the end.
		defer func() { _, _ = c.exec(context.Background(), "PRAGMA cache_size = -65536") }()
		if _, err := c.exec(ctx, "PRAGMA cache_size = -524288"); err != nil {
			return err
		}
		if err := applyAll(ctx, newApplier(ctx, c, words), records); err != nil {
			return err
		}
		return setLoading(context.WithoutCancel(ctx), c, false)
	}, func() {})
	if err == nil {
		return d.tidy(ctx)
	}
	wipe := d.write(context.WithoutCancel(ctx), op, func(c *conn) error { return setLoading(context.Background(), c, false) }, func() {})
	return errors.Join(err, wipe)
}

func beginLoad(ctx context.Context, d *Driver, c *conn) error {
	if _, err := d.vocabulary(ctx, c); err != nil {
		return err
	}
	id, err := readIdentity(ctx, c)
	if err != nil {
		return err
	}
	if id.Loading {
		return store.ErrLoading
	}
	seq, _, err := readHead(ctx, c)
	if err != nil {
		return err
	}
	if seq > 0 {
		return fmt.Errorf("%w: the store is not empty", store.ErrExists)
	}
	return setLoading(ctx, c, true)
}

// applyAll applies records that must begin with sequence 1 and follow each other.
func applyAll(ctx context.Context, a *applier, records iter.Seq2[store.Record, error]) error {
	var prev store.Hash
	seq := store.Seq(0)
	for r, err := range records {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		seq++
		if r.Seq != seq || r.Prev != prev {
			return fmt.Errorf("%w: commit %d does not follow commit %d", store.ErrInvalid, r.Seq, seq-1)
		}
		if err := a.apply(r); err != nil {
			return fmt.Errorf("commit %d: %w", r.Seq, err)
		}
		prev = r.Hash
	}
	return ctx.Err()
}

// tidy brings what was loaded from the log of SQLite into the file, as far as no reader stands in the way.
func (d *Driver) tidy(ctx context.Context) error {
	c, err := d.writer.take(ctx)
	if err != nil {
		return err
	}
	defer d.writer.put(c)
	_, err = c.exec(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return failure("writing the store file", err)
}
