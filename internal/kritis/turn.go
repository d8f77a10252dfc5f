package kritis

import (
	"context"
	"runtime"
)

// turns are the questions that may be answered at once.
type turns chan struct{}

func oneAtATime() turns { return make(turns, 1) }

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

// turn waits until the request may answer a question for which it reads a part of the dependencies, and returns what ends its turn. Such
// questions can each take much memory and time, and a document holds many: of one request one is answered at a time, of all
// requests as many as there are processors. Whoever has the turn waits for nobody who wants it: the turn ends before the fields of the answer
// are resolved, and who has it does not ask for another.
func (v *View) turn(ctx context.Context) (end func(), err error) {
	if err := v.turns.begin(ctx); err != nil {
		return nil, err
	}
	if err := v.app.turns.begin(ctx); err != nil {
		v.turns.end()
		return nil, err
	}
	return func() {
		v.app.turns.end()
		v.turns.end()
	}, nil
}
