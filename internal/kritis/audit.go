package kritis

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"kritisgraph/internal/store"
)

const (
	actorSelf  = "kritisgraph" // who writes what the program itself records
	actionRead = "READ"

	gatherTime = time.Second      // how long reads wait for others
	writeTime  = 10 * time.Second // bounds one attempt to write
	maxCommit  = 256 << 10        // bytes of events in one commit, about
	maxWaiting = 8 << 20          // bytes of events that wait in memory, about
)

// Auditor writes to the log what callers read. It gathers for up to a second, so that many reads become one commit. What it
// accepted is written unless the process dies before; while it cannot write, it accepts nothing. It is safe for concurrent use.
type Auditor struct {
	store   *store.Store
	now     func() time.Time
	changed func(error)

	wake    chan struct{} // holds a token while something waits
	full    chan struct{} // holds a token while a commit is full
	writing chan struct{} // holds a token: one goroutine at a time writes
	pending *store.Change // what was taken out but not confirmed; of the goroutine that writes
	taken   int           // number of its events

	mu                sync.Mutex
	waiting           []store.Event
	size              int   // of waiting, in bytes, about
	accepted, written int64 // events so far
	failed            error // of the last attempt to write
}

// NewAuditor returns an auditor that writes to s. Changed, which may be nil, is told when writing begins to fail, with the
// reason, and with nil when it succeeds again.
func NewAuditor(s *store.Store, now func() time.Time, changed func(error)) *Auditor {
	return &Auditor{
		store: s, now: now, changed: changed,
		wake: make(chan struct{}, 1), full: make(chan struct{}, 1), writing: make(chan struct{}, 1),
	}
}

// RecordReads has what callers read recorded. Without it, nothing is. Call it before the first view is made.
func (a *App) RecordReads(to *Auditor) { a.auditor = to }

var errFull = errors.New("too many reads wait for the log")

func unrecorded(err error) *Error {
	return &Error{Code: CodeUnavailable, Message: "The audit log cannot be written, so this is refused: try again shortly.", Err: err}
}

// accept takes events to be written soon.
func (a *Auditor) accept(events []store.Event) error {
	size := 0
	for _, e := range events {
		size += sizeOf(e)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.failed != nil:
		return fmt.Errorf("the last attempt failed: %w", a.failed)
	case a.size+size > maxWaiting:
		return errFull
	}
	a.waiting = append(a.waiting, events...)
	a.size += size
	a.accepted += int64(len(events))
	put(a.wake)
	if a.size >= maxCommit {
		put(a.full)
	}
	return nil
}

func put(token chan struct{}) {
	select {
	case token <- struct{}{}:
	default:
	}
}

// sizeOf is about how many bytes an event has in the log.
func sizeOf(e store.Event) int {
	const overhead = 200
	size := overhead
	for _, v := range e.Props {
		size += len(v.Text())
		for _, s := range v.List() {
			size += len(s) + 3
		}
	}
	return size
}

// Run writes what is accepted until the context ends, and then what is left. End it after the last request.
func (a *Auditor) Run(ctx context.Context) error {
	for {
		select {
		case <-a.wake:
		case <-ctx.Done():
			return a.attempt(context.WithoutCancel(ctx))
		}
		pause := time.NewTimer(gatherTime)
		select {
		case <-pause.C:
		case <-a.full:
		case <-ctx.Done():
		}
		pause.Stop()
		if a.attempt(context.WithoutCancel(ctx)) != nil {
			put(a.wake)
		}
	}
}

func (a *Auditor) attempt(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	err := a.write(ctx)
	a.settle(err)
	return err
}

// Flush writes what was accepted so far, and returns when it is in the log.
func (a *Auditor) Flush(ctx context.Context) error {
	err := a.write(ctx)
	if err == nil || ctx.Err() == nil { // a caller that gives up says nothing of the log
		a.settle(err)
	}
	return err
}

// settle remembers whether the last attempt to write failed.
func (a *Auditor) settle(err error) {
	a.mu.Lock()
	turned := (err == nil) != (a.failed == nil)
	a.failed = err
	a.mu.Unlock()
	if turned && a.changed != nil {
		a.changed(err)
	}
}

// failing reports whether the last attempt to write failed.
func (a *Auditor) failing() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.failed != nil
}

func (a *Auditor) write(ctx context.Context) error {
	a.mu.Lock()
	until := a.accepted
	a.mu.Unlock()
	select {
	case a.writing <- struct{}{}:
		defer func() { <-a.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for a.next(until) {
		_, err := a.store.Commit(ctx, *a.pending)
		if err != nil && !errors.Is(err, store.ErrReplayed) { // replayed: an attempt was successful and did not know it
			return fmt.Errorf("recording reads: %w", err)
		}
		a.mu.Lock()
		a.written += int64(a.taken)
		a.mu.Unlock()
		a.pending = nil
	}
	return nil
}

// next makes sure that there is a pending change, unless all events up to a number are written. A change that was not confirmed
// is tried again under its key.
func (a *Auditor) next(until int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pending != nil || a.written >= until {
		return a.written < until
	}
	n, size := 0, 0
	for n < len(a.waiting) && (n == 0 || size+sizeOf(a.waiting[n]) <= maxCommit) {
		size += sizeOf(a.waiting[n])
		n++
	}
	key := rand.Text()
	a.pending = &store.Change{
		Meta:   store.Meta{Action: actionRead, Actor: actorSelf, At: a.now().UnixMicro()},
		Once:   store.Once{Owner: actorSelf, Key: key, Digest: key},
		Events: a.waiting[:n:n],
	}
	a.taken = n
	a.waiting, a.size = a.waiting[n:], a.size-size
	return true
}
