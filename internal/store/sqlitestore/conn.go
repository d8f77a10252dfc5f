package sqlitestore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"

	"modernc.org/sqlite"
)

// conn is one connection to the file with its prepared statements. It speaks to the SQLite driver directly, not through
// database/sql: a transaction belongs to one connection here anyway, and rows come without conversions and locks. It is
// used by one goroutine at a time.
type conn struct {
	c     driver.Conn
	stmts map[string]driver.Stmt
}

// maxStmts bounds the prepared statements of a connection.
const maxStmts = 400

// dial opens a connection to the file. mode is that of an SQLite URI: ro or rw.
func dial(path, mode string, pragmas ...string) (*conn, error) {
	query := url.Values{"mode": {mode}, "_dqs": {"0"}, "_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	name := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	c, err := new(sqlite.Driver).Open(name.String())
	if err != nil {
		return nil, failure("opening the store file", err)
	}
	return &conn{c: c, stmts: map[string]driver.Stmt{}}, nil
}

func (c *conn) close() error {
	for _, s := range c.stmts {
		_ = s.Close()
	}
	return c.c.Close()
}

func (c *conn) prepare(ctx context.Context, text string) (driver.Stmt, error) {
	if s, ok := c.stmts[text]; ok {
		return s, nil
	}
	if len(c.stmts) >= maxStmts {
		for _, s := range c.stmts {
			_ = s.Close()
		}
		clear(c.stmts)
	}
	s, err := c.c.(driver.ConnPrepareContext).PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	c.stmts[text] = s
	return s, nil
}

// exec runs a statement without rows.
func (c *conn) exec(ctx context.Context, text string, args ...any) (driver.Result, error) {
	s, err := c.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.(driver.StmtExecContext).ExecContext(ctx, named(args))
}

// query calls f for each row; the slice is valid only during the call.
func (c *conn) query(ctx context.Context, text string, args []any, f func(row []driver.Value) error) error {
	s, err := c.prepare(ctx, text)
	if err != nil {
		return err
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(ctx, named(args))
	if err != nil {
		return err
	}
	row := make([]driver.Value, len(rows.Columns()))
	for {
		err = rows.Next(row)
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = f(row)
		}
		if err != nil {
			break
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, rows.Close())
}

func named(args []any) []driver.NamedValue {
	values := make([]driver.NamedValue, len(args))
	for i, a := range args {
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return values
}

// within runs f in a transaction that begins with the given statement. Where f fails, or does not return, nothing is
// changed. The COMMIT itself is not cancelled, so that its outcome is known; an error of it wraps errCommit.
func (c *conn) within(ctx context.Context, begin string, f func() error) error {
	if _, err := c.exec(ctx, begin); err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			// SQLite may have rolled back on its own already: then this fails and nothing is lost.
			_, _ = c.exec(context.Background(), "ROLLBACK")
		}
	}()
	if err := f(); err != nil {
		return err
	}
	if _, err := c.exec(context.Background(), "COMMIT"); err != nil {
		return fmt.Errorf("%w: %w", errCommit, err)
	}
	committed = true
	return nil
}

var errCommit = errors.New("the commit failed")

// text, number and bytes read a column that may be NULL.
func text(v driver.Value) string {
	s, _ := v.(string)
	return s
}

func number(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

func bytes(v driver.Value) []byte {
	b, _ := v.([]byte)
	return b
}
