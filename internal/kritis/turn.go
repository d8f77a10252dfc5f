package kritis

import (
	"context"
	"runtime"
	"sync"
)

// turns are the questions that may be answered at once.
type turns chan struct{}

func asManyAsProcessors() turns { return make(turns, runtime.GOMAXPROCS(0)) }

// begin waits until there is room for one more. It gives the cause of a context that ends before.
func (t turns) begin(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t turns) end() { <-t }

// queues are the turns of callers, by their subject: one question of each at a time. A caller has a queue while it asks.
type queues struct {
	mu sync.Mutex
	of map[string]*queue
}

func noQueues() *queues { return &queues{of: map[string]*queue{}} }

// queue are the turns of one caller, and how many of its questions are there.
type queue struct {
	turns
	here int
}

func (q *queues) begin(ctx context.Context, subject string) error {
	q.mu.Lock()
	mine, ok := q.of[subject]
	if !ok {
		mine = &queue{turns: make(turns, 1)}
		q.of[subject] = mine
	}
	mine.here++
	q.mu.Unlock()
	err := mine.begin(ctx)
	if err != nil {
		q.leave(subject)
	}
	return err
}

func (q *queues) end(subject string) { q.leave(subject).end() }

// leave takes one question of a caller away.
func (q *queues) leave(subject string) turns {
	q.mu.Lock()
	defer q.mu.Unlock()
	mine := q.of[subject]
	if mine.here--; mine.here == 0 {
		delete(q.of, subject)
	}
	return mine.turns
}

// turn waits until the caller may be answered a question for which a part of the dependencies is read, and returns what ends its turn. Such
// questions can each take much memory and time, and a document holds many: of one caller one is answered at a time, and all without a token are one; of
// all callers as many as there are processors. So who asks very much waits for itself, and everybody else for one question of it at most. Whoever has the
// turn waits for nobody who wants it: the turn ends before the fields of the answer are resolved, and who has it does not ask for another.
func (v *View) turn(ctx context.Context) (end func(), err error) {
	subject := ""
	if v.principal.Known() {
		subject = v.principal.Subject
	}
	if err := v.app.queues.begin(ctx, subject); err != nil {
		return nil, err
	}
	if err := v.app.turns.begin(ctx); err != nil {
		v.app.queues.end(subject)
		return nil, err
	}
	return func() {
		v.app.turns.end()
		v.app.queues.end(subject)
	}, nil
}
