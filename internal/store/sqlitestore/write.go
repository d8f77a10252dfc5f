package sqlitestore

import (
	"context"
	"errors"
	"fmt"

	"kritisgraph/internal/store"
)

// write runs f in a transaction on the one connection that writes, and done after its commit. An error of the commit itself
// leaves the outcome open: what SQLite could not confirm may still be found after a crash.
func (d *Driver) write(ctx context.Context, op string, f func(*conn) error, done func()) error {
	if d.readOnly {
		return fmt.Errorf("%s: %w: the store was opened for reading only", op, store.ErrInvalid)
	}
	c, err := d.writer.take(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer d.writer.put(c)
	err = c.within(ctx, "BEGIN IMMEDIATE", func() error { return f(c) })
	switch {
	case errors.Is(err, errCommit):
		return fmt.Errorf("%w: %w", store.ErrUnknownOutcome, failure(op, err))
	case err != nil:
		return failure(op, err)
	}
	done()
	return nil
}

// Commit applies a change; see store.Driver. Commits of one process wait for each other. Once its writes have begun, a
// commit is not cancelled.
func (d *Driver) Commit(ctx context.Context, change store.Change) (store.Mark, error) {
	var mark store.Mark
	err := d.write(ctx, "committing", func(c *conn) error {
		words, err := d.vocabulary(ctx, c)
		if err != nil {
			return err
		}
		id, err := readIdentity(ctx, c)
		if err == nil && id.Loading {
			err = store.ErrLoading
		}
		if err != nil {
			return err
		}
		head, prev, err := readHead(ctx, c)
		if err != nil {
			return err
		}
		record, err := store.Seal(prev, head+1, change)
		if err != nil {
			return err
		}
		mark.Seq = record.Seq
		if err := newApplier(ctx, c, words).apply(record); err != nil {
			return err
		}
		return ctx.Err()
	}, func() {})
	if err != nil {
		return store.Mark{}, err
	}
	return mark, nil
}
