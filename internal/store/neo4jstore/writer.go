package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"kritisgraph/internal/store"
)

// writer runs statements in one writing transaction.
type writer struct {
	ctx   context.Context
	tx    neo4j.ExplicitTransaction
	words *vocabulary
}

// one runs a statement and returns the values of its only record.
func (w writer) one(statement string, p params) ([]any, error) {
	result, err := w.tx.Run(w.ctx, statement, p)
	if err != nil {
		return nil, err
	}
	return only(w.ctx, result)
}

// number runs a statement that returns one number.
func (w writer) number(statement string, p params) (int64, error) {
	values, err := w.one(statement, p)
	if err != nil {
		return 0, err
	}
	n, ok := values[0].(int64)
	if !ok {
		return 0, malformed("a number", values[0])
	}
	return n, nil
}

// do runs a statement for its effect.
func (w writer) do(statement string, p params) error {
	result, err := w.tx.Run(w.ctx, statement, p)
	if err != nil {
		return err
	}
	_, err = result.Consume(w.ctx)
	return err
}

// write does work in one transaction and commits it; see writeMark.
func (d *Driver) write(ctx context.Context, work func(writer) error) error {
	_, err := d.writeMark(ctx, work)
	return err
}

// writeMark does work in one transaction, commits it and returns its bookmark. It is repeated where the transaction
// failed for a passing reason and nothing was done, never after a COMMIT whose answer was lost.
func (d *Driver) writeMark(ctx context.Context, work func(writer) error) (string, error) {
	var bookmark string
	err := repeatedly(ctx, func() error {
		s := d.session(ctx, neo4j.AccessModeWrite)
		err := d.transact(ctx, s, work)
		if err == nil {
			bookmark = last(s.LastBookmarks())
		}
		return errors.Join(err, s.Close(ctx))
	})
	return bookmark, failed(ctx, err)
}

func (d *Driver) transact(ctx context.Context, s neo4j.SessionWithContext, work func(writer) error) error {
	tx, err := s.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	if err := work(writer{ctx: ctx, tx: tx, words: d.words.Load()}); err != nil {
		return errors.Join(err, tx.Close(ctx))
	}
	// Once COMMIT is sent, giving up early would only make the outcome unknown.
	settled, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitWait)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return errors.Join(err, tx.Close(settled))
	}
	return committed(tx.Commit(settled))
}

// commitWait is how long the answer to a COMMIT is waited for.
const commitWait = time.Minute

// committed tells errors of COMMIT by which the transaction is known to be undone from those that leave it open.
func committed(err error) error {
	var server *neo4j.Neo4jError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &server) && (strings.HasPrefix(server.Code, "Neo.ClientError.") ||
		strings.HasPrefix(server.Code, "Neo.TransientError.Transaction.")):
		return err
	}
	return fmt.Errorf("%w: %w: %w", store.ErrUnavailable, store.ErrUnknownOutcome, err)
}
