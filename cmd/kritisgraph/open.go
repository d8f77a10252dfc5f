package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/neo4jstore"
	"kritisgraph/internal/store/sqlitestore"
)

// app is the domain over a store. In a production profile nothing that cannot be real is entered.
func (s settings) app(opened *store.Store) *kritis.App {
	a := kritis.NewApp(opened, time.Now)
	if s.profile == profileProduction {
		a.RefuseFiction()
	}
	return a
}

// openToRead opens the store beside a process that writes: it neither creates nor migrates. The caller closes it.
func (s settings) openToRead(ctx context.Context) (*store.Store, error) {
	return s.open(ctx, true, store.Options{})
}

// openToWrite opens the store for a command that writes, and makes and migrates it where that is needed. On SQLite it takes
// the data directory for this process. The caller closes it.
func (s settings) openToWrite(ctx context.Context) (*store.Store, error) {
	return s.open(ctx, false, store.Options{})
}

// openToChange opens a store that is there to write into it: it neither creates nor migrates. On SQLite it takes the data directory
// for this process. The caller closes it.
func (s settings) openToChange(ctx context.Context) (*store.Store, error) {
	driver, err := s.driver(ctx, false)
	if err != nil {
		return nil, err
	}
	opened, err := store.Open(ctx, driver, kritis.Schema(), store.Options{})
	if err != nil {
		return nil, errors.Join(err, driver.Close(ctx))
	}
	return opened, nil
}

// inProcess lets something be done as the subject local, without a server, over a store that it opens to read, or to change what is there. One that
// was made but holds nothing, for its first load did not end, is [store.ErrNoStore].
func (s settings) inProcess(ctx context.Context, change bool, do func(*kritis.View) error) (err error) {
	open := s.openToRead
	if change {
		open = s.openToChange
	}
	opened, err := open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bounded(ctx, opened.Close)) }()
	head, err := opened.Head(ctx, store.Mark{})
	switch {
	case err != nil:
		return err
	case head.Seq == 0:
		return fmt.Errorf("%w: it is empty", store.ErrNoStore)
	}
	return do(s.app(opened).View(kritis.Development("local")))
}

func (s settings) open(ctx context.Context, readOnly bool, o store.Options) (*store.Store, error) {
	driver, err := s.driver(ctx, readOnly)
	if err != nil {
		return nil, err
	}
	open := store.Create
	if readOnly {
		open = store.Open
	}
	opened, err := open(ctx, driver, kritis.Schema(), o)
	if err != nil {
		return nil, errors.Join(err, driver.Close(ctx))
	}
	return opened, nil
}

func (s settings) driver(ctx context.Context, readOnly bool) (store.Driver, error) {
	if s.store == storeSQLite {
		d, err := sqlitestore.Open(ctx, sqlitestore.Options{Dir: s.data, ReadOnly: readOnly})
		if err != nil {
			return nil, err
		}
		return d, nil
	}
	password, err := s.password()
	if err != nil {
		return nil, err
	}
	d, err := neo4jstore.Open(ctx, neo4jstore.Options{URI: s.store, User: s.neo4jUser, Password: password, Database: s.neo4jDatabase})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// password is that of the file, else that of the environment.
func (s settings) password() (string, error) {
	if s.neo4jPasswordFile == "" {
		return s.neo4jPassword, nil
	}
	if s.neo4jPassword != "" {
		return "", usage("--neo4j-password-file and KRITISGRAPH_NEO4J_PASSWORD are both set: keep one")
	}
	text, err := os.ReadFile(s.neo4jPasswordFile)
	if err != nil {
		return "", usage("reading --neo4j-password-file: %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}
