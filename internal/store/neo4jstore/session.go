package neo4jstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"kritisgraph/internal/store"
)

type params = map[string]any

func (d *Driver) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return d.neo.NewSession(ctx, neo4j.SessionConfig{
		AccessMode:      mode,
		DatabaseName:    d.database,
		BookmarkManager: d.bookmarks,
		FetchSize:       neo4j.FetchAll,
	})
}

// ask runs one reading statement by itself, which is the cheapest way, and returns the values of its only record; none
// is store.ErrNoStore, for every statement but the ping begins at the counter node.
func (d *Driver) ask(ctx context.Context, statement string, p params) ([]any, error) {
	var values []any
	err := repeatedly(ctx, func() error {
		s := d.session(ctx, neo4j.AccessModeRead)
		result, err := s.Run(ctx, statement, p)
		if err == nil {
			values, err = only(ctx, result)
		}
		return errors.Join(err, s.Close(ctx))
	})
	return values, failed(ctx, err)
}

func only(ctx context.Context, result neo4j.ResultWithContext) ([]any, error) {
	records, err := result.Collect(ctx)
	switch {
	case err != nil:
		return nil, err
	case len(records) == 0:
		return nil, store.ErrNoStore
	}
	return records[0].Values, nil
}

// read answers one reading statement of the form guarded: its record begins with whether the store is being loaded, which
// is ErrLoading. The rest is returned.
func (d *Driver) read(ctx context.Context, statement string, p params) ([]any, error) {
	values, err := d.ask(ctx, statement, p)
	if err != nil {
		return nil, err
	}
	return unguard(values)
}

func unguard(values []any) ([]any, error) {
	if loading, ok := values[0].(bool); !ok || loading {
		return nil, store.ErrLoading
	}
	return values[1:], nil
}

// reading does work that needs several guarded statements, in one transaction. The work is repeated where the
// transaction failed for a passing reason.
func (d *Driver) reading(ctx context.Context, work func(read func(statement string, p params) ([]any, error)) error) error {
	err := repeatedly(ctx, func() error {
		s := d.session(ctx, neo4j.AccessModeRead)
		return errors.Join(d.inTransaction(ctx, s, work), s.Close(ctx))
	})
	return failed(ctx, err)
}

func (d *Driver) inTransaction(ctx context.Context, s neo4j.SessionWithContext, work func(func(string, params) ([]any, error)) error) error {
	tx, err := s.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	err = work(func(statement string, p params) ([]any, error) {
		result, err := tx.Run(ctx, statement, p)
		if err != nil {
			return nil, err
		}
		values, err := only(ctx, result)
		if err != nil {
			return nil, err
		}
		return unguard(values)
	})
	if err != nil {
		return errors.Join(err, tx.Close(ctx))
	}
	return tx.Commit(ctx)
}

// lockWriting takes the place of the writer of this process.
func (d *Driver) lockWriting(ctx context.Context) error {
	select {
	case d.writing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for another write: %w", ctx.Err())
	}
}

func (d *Driver) unlockWriting() { <-d.writing }
