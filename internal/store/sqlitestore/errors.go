package sqlitestore

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"kritisgraph/internal/store"
)

// fault is an error of SQLite. Its text says what was tried and what is wrong, without SQL; the cause is for errors.As.
type fault struct {
	op       string
	what     string
	sentinel error
	cause    error
}

func (f *fault) Error() string   { return fmt.Sprintf("%s: %s", f.op, f.what) }
func (f *fault) Unwrap() []error { return []error{f.sentinel, f.cause} }

// failure turns an error of SQLite into a fault and leaves others as they are.
func failure(op string, err error) error {
	var e *sqlite.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	f := &fault{op: op, sentinel: store.ErrUnavailable, cause: err}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_INTERRUPT:
		return fmt.Errorf("%s: %w", op, context.Canceled)
	case sqlite3.SQLITE_NOTADB:
		f.what = "the store file is no database of kritisgraph: use another data directory"
	case sqlite3.SQLITE_CORRUPT:
		f.what = "the store file is damaged: restore a backup into an empty data directory"
	case sqlite3.SQLITE_FULL:
		f.what = "the disk is full"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		f.what = "the store file or its directory may not be written"
	case sqlite3.SQLITE_CANTOPEN:
		f.what = "the store file cannot be opened"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		f.what = "the store file is locked by another program"
	case sqlite3.SQLITE_IOERR:
		f.what = "the disk reports an error"
	default:
		f.what = fmt.Sprintf("unexpected database error %d", e.Code())
	}
	return f
}
