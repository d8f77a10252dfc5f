package neo4jstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"time"

	"kritisgraph/internal/store"
)

const (
	// loadBatch is about how many things one transaction of a load writes.
	loadBatch = 5_000
	// wipeWait bounds what a failed load does to leave no trace.
	wipeWait = 2 * time.Minute
)

// Load writes in many transactions under a mark on the counter node. Visibility is settled in memory, record by record,
// because each log row keeps that of its moment. What a failed load wrote is wiped at once if that can be done, else by
// the next writer.
func (d *Driver) Load(ctx context.Context, records iter.Seq2[store.Record, error]) error {
	if err := d.lockWriting(ctx); err != nil {
		return err
	}
	defer d.unlockWriting()
	token := rand.Text()
	err := d.mark(ctx, token)
	if errors.Is(err, errUnfinished) {
		if err = d.wipeUnfinished(ctx); err == nil {
			err = d.mark(ctx, token)
		}
	}
	if err != nil {
		return err
	}
	l := &loader{driver: d, token: token, words: d.words.Load(), mirror: newMirror(d.words.Load())}
	if err := l.fill(ctx, records); err != nil {
		return errors.Join(err, d.giveUp(ctx, token))
	}
	return nil
}

// mark begins a load: it sets the mark on an empty store.
func (d *Driver) mark(ctx context.Context, token string) error {
	return d.write(ctx, func(w writer) error {
		m, err := w.mark(token)
		switch {
		case err != nil:
			return err
		case m.live:
			return fmt.Errorf("%w: another process is at it", store.ErrLoading)
		case m.loading:
			return errUnfinished
		case m.seq > 0:
			return fmt.Errorf("%w: the store is not empty, it has %d commits", store.ErrExists, m.seq)
		}
		if _, err := d.learn(m.words); err != nil {
			return err
		}
		return w.do(stmtMarkSet, params{"token": token})
	})
}

// marked is what the counter node says of loading: whether there is a mark, and whether it was renewed of late.
type marked struct {
	seq     int64
	live    bool
	loading bool
	words   any
}

// mark takes the lock of the counter node and reads it.
func (w writer) mark(token string) (marked, error) {
	values, err := w.one(stmtMark, params{"token": token, "lease": int64(loadLease)})
	if err != nil {
		return marked{}, err
	}
	m := marked{words: values[4]}
	m.seq, _ = values[0].(int64)
	m.live, _ = values[1].(bool)
	m.loading, _ = values[2].(bool)
	return m, nil
}

// giveUp wipes what a failed load wrote. If that fails too, the mark says to the next writer that the load is over.
func (d *Driver) giveUp(ctx context.Context, token string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), wipeWait)
	defer cancel()
	if err := d.write(ctx, func(w writer) error { return w.do(stmtRelease, params{"token": token}) }); err != nil {
		return fmt.Errorf("giving up the load: %w", err)
	}
	return d.wipeUnfinished(ctx)
}

// loader gathers records into batches.
type loader struct {
	driver *Driver
	token  string
	words  *vocabulary
	mirror *mirror
	prev   store.Hash
	seq    store.Seq
	batch  *batch
}

func (l *loader) fill(ctx context.Context, records iter.Seq2[store.Record, error]) error {
	l.batch = newBatch()
	for r, err := range records {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("loading after commit %d: %w", l.seq, err)
		}
		if err := r.Verify(l.prev, l.seq+1); err != nil {
			return fmt.Errorf("%w: %w", store.ErrInvalid, err)
		}
		l.prev, l.seq = r.Hash, r.Seq
		if err := l.add(ctx, r); err != nil {
			return fmt.Errorf("loading commit %d: %w", r.Seq, err)
		}
		if l.batch.size < loadBatch {
			continue
		}
		if err := l.flush(ctx); err != nil {
			return err
		}
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	return l.driver.write(ctx, func(w writer) error {
		if err := l.beat(w); err != nil {
			return err
		}
		return w.do(stmtLoaded, nil)
	})
}

// beat renews the mark and takes the lock of the counter node; a load whose mark is gone ends.
func (l *loader) beat(w writer) error {
	values, err := w.one(stmtBeat, params{"token": l.token})
	if err != nil {
		return err
	}
	if values[0] != true {
		return fmt.Errorf("%w: another process has wiped this load", store.ErrInUse)
	}
	return nil
}

// add takes a record into the batch. A record that deletes goes into a batch of its own, for its edges are looked up in
// the database.
func (l *loader) add(ctx context.Context, r store.Record) error {
	if len(r.Change.Delete) > 0 {
		if err := l.flush(ctx); err != nil {
			return err
		}
	}
	if err := l.batch.add(l.words, l.mirror, r); err != nil {
		return err
	}
	if len(r.Change.Delete) > 0 {
		return l.flush(ctx)
	}
	return nil
}

func (l *loader) flush(ctx context.Context) error {
	if len(l.batch.records) == 0 {
		return nil
	}
	err := l.driver.write(ctx, func(w writer) error {
		w.words = l.words
		if err := l.beat(w); err != nil {
			return err
		}
		return l.batch.write(w, l.mirror)
	})
	l.batch = newBatch()
	if err != nil {
		return fmt.Errorf("loading up to commit %d: %w", l.seq, err)
	}
	return nil
}
