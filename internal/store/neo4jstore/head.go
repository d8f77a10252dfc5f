package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"kritisgraph/internal/store"
)

// headWait is how long Head waits for a mark.
const headWait = 5 * time.Second

// Head answers from a server that has reached the bookmark of atLeast, and so do all later reads of this driver.
func (d *Driver) Head(ctx context.Context, atLeast store.Mark) (store.Mark, error) {
	bounded, cancel := context.WithTimeout(ctx, headWait)
	defer cancel()
	for {
		mark, err := d.head(bounded, atLeast.Bookmark)
		switch {
		case ctx.Err() != nil:
			return store.Mark{}, fmt.Errorf("waiting for neo4j: %w", ctx.Err())
		case err == nil && mark.Seq >= atLeast.Seq:
			return mark, nil
		case err != nil && bounded.Err() == nil:
			return store.Mark{}, err
		case !pause(bounded):
			return store.Mark{}, fmt.Errorf("%w: commit %d was not reached in %s", store.ErrUnavailable, atLeast.Seq, headWait)
		}
	}
}

// pause waits a moment; false where the context ends before.
func pause(ctx context.Context) bool {
	timer := time.NewTimer(50 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// head reads the newest mark; the session hands the bookmark on to the bookmark manager.
func (d *Driver) head(ctx context.Context, bookmark string) (store.Mark, error) {
	var mark store.Mark
	err := repeatedly(ctx, func() error {
		config := neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead, DatabaseName: d.database, BookmarkManager: d.bookmarks}
		if bookmark != "" {
			config.Bookmarks = neo4j.BookmarksFromRawValues(bookmark)
		}
		s := d.neo.NewSession(ctx, config)
		result, err := s.Run(ctx, stmtHead, nil)
		var values []any
		if err == nil {
			values, err = only(ctx, result)
		}
		if err == nil {
			values, err = unguard(values)
		}
		if err == nil {
			seq, _ := values[0].(int64)
			mark = store.Mark{Seq: store.Seq(seq), Bookmark: last(s.LastBookmarks())}
		}
		return errors.Join(err, s.Close(ctx))
	})
	return mark, failed(ctx, err)
}

func last(bookmarks neo4j.Bookmarks) string {
	raw := neo4j.BookmarksToRawValues(bookmarks)
	if len(raw) == 0 {
		return ""
	}
	return raw[len(raw)-1]
}
