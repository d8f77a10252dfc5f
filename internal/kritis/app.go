package kritis

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/store"
)

// App is the domain over one store: it answers requests through the View that it makes for each, and keeps the rulebook
// between them. It is safe for concurrent use.
type App struct {
	store   *store.Store
	now     func() time.Time
	auditor *Auditor // nil: reads are not recorded
	real    bool     // what cannot be real is refused

	book    atomic.Pointer[Rulebook]
	reading chan struct{} // holds one token: one caller at a time reads a new rulebook, the others wait for it
	changed chan struct{} // holds one token while the audiences have to be settled

	turns     turns   // of questions that read a part of the dependencies, of all callers
	queues    *queues // of each caller for such a turn
	uses      *keyUses
	documents documentMemory
}

// NewApp returns the domain over s, with a clock.
func NewApp(s *store.Store, now func() time.Time) *App {
	return &App{store: s, now: now, reading: make(chan struct{}, 1), changed: make(chan struct{}, 1), turns: asManyAsProcessors(), queues: noQueues(), uses: newKeyUses()}
}

// RefuseFiction has mutations refuse addresses at domains that nobody can have. Call it before the first view is made.
func (a *App) RefuseFiction() { a.real = true }

// Ready reports whether requests can be answered: the store can be reached and holds the reference data.
func (a *App) Ready(ctx context.Context) error {
	_, err := a.rulebook(ctx)
	return err
}

// rulebook returns the rulebook of this moment: one read of the log says whether the one in memory still holds.
func (a *App) rulebook(ctx context.Context) (*Rulebook, error) {
	book := a.book.Load()
	if holds, err := a.holds(ctx, book); holds || err != nil {
		return book, err
	}
	select {
	case a.reading <- struct{}{}:
		defer func() { <-a.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if other := a.book.Load(); other != book { // somebody read it while this caller waited
		if holds, err := a.holds(ctx, other); holds || err != nil {
			return other, err
		}
	}
	fresh, err := readRulebook(ctx, a.store)
	if err != nil {
		return nil, err
	}
	a.book.Store(fresh)
	if book != nil {
		a.CompetencesChanged()
	}
	return fresh, nil
}

// holdsPage is how many commits a look at the log for changes of the rulebook reads at once.
const holdsPage = 20

// holds reports whether nothing of a rulebook has changed since it was read. It looks at the whole log, for what has left the
// sight of everybody is a change too.
func (a *App) holds(ctx context.Context, book *Rulebook) (bool, error) {
	if book == nil {
		return false, nil
	}
	for {
		after := book.unchanged.Load()
		page, err := a.store.Log(ctx, Maintenance(), store.LogQuery{After: store.Seq(after), Labels: rulebookKinds(), Limit: holdsPage})
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(page.Records, changesRulebook) {
			return false, nil
		}
		if n := len(page.Records); n > 0 {
			book.unchanged.CompareAndSwap(after, int64(page.Records[n-1].Seq))
		}
		if !page.More {
			return true, nil
		}
	}
}

// AtLeast waits until the store has reached the consistency token.
func (a *App) AtLeast(ctx context.Context, token string) error {
	mark, err := a.store.Mark(token)
	if err != nil {
		return BadInput("Consistency-Token", "The consistency token is damaged or of another store: leave it out.")
	}
	_, err = a.store.Head(ctx, mark)
	return err
}

// View is what one caller sees during one request. All reads of a request go through its view, so that concurrent ones
// become few calls. Make one for each request.
type View struct {
	app       *App
	principal Principal
	reader    *store.Reader
	now       time.Time
	reads     *reads
	points    map[pointsAsked][]impact.SinglePoint // found by this request

	bookOnce sync.Once
	book     *Rulebook
	bookErr  error
}

// View returns the view of a caller, at the moment at which the request came.
func (a *App) View(p Principal) *View {
	return &View{app: a, principal: p, reader: store.NewReader(a.store, p.Scope()), now: a.now(), reads: &reads{}, points: map[pointsAsked][]impact.SinglePoint{}}
}

// Enter returns the view of a caller whose token was verified, from the rulebook and the grants of this moment: one read of the
// log and one list.
func (a *App) Enter(ctx context.Context, id Identity) (*View, error) {
	book, err := a.rulebook(ctx)
	if err != nil {
		return nil, err
	}
	now := a.now()
	p, err := book.Principal(id, DayOf(now))
	if err != nil {
		return nil, err
	}
	if p, err = a.granted(ctx, p, now); err != nil {
		return nil, err
	}
	return a.entered(p, book, now), nil
}

// entered is the view of a caller at a moment with the rulebook that says who it is.
func (a *App) entered(p Principal, book *Rulebook, now time.Time) *View {
	v := a.View(p)
	v.now = now
	v.bookOnce.Do(func() { v.book = book })
	return v
}

type viewKey struct{}

// WithView returns a context that carries the view of a request.
func WithView(ctx context.Context, v *View) context.Context {
	return context.WithValue(ctx, viewKey{}, v)
}

// ViewFrom returns the view of the request. A context without one sees nothing of the store: it panics, for that is a
// mistake in the wiring.
func ViewFrom(ctx context.Context) *View {
	v, ok := ctx.Value(viewKey{}).(*View)
	if !ok {
		panic("kritis: the context carries no view")
	}
	return v
}

// Principal returns the caller.
func (v *View) Principal() Principal { return v.principal }

// again returns a view of the same request at this moment.
func (v *View) again() *View {
	fresh := v.app.View(v.principal)
	fresh.reads = v.reads
	return fresh
}

// Now returns the moment of the request.
func (v *View) Now() time.Time { return v.now }

// Rulebook returns the reference data as they are in this request.
func (v *View) Rulebook(ctx context.Context) (*Rulebook, error) {
	v.bookOnce.Do(func() { v.book, v.bookErr = v.app.rulebook(ctx) })
	return v.book, v.bookErr
}
