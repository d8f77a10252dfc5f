package store

import (
	"context"
	"encoding/json"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Reader coalesces the concurrent reads of one response into driver calls: all nodes asked for at one moment become one
// call of Nodes, all hops one call of Neighbors. It batches and forgets; it is no cache. Make one for each request; it is
// safe for concurrent use by the goroutines of that request.
type Reader struct {
	store *Store
	scope Scope

	mu      sync.Mutex
	pending *batch
}

// NewReader returns a reader with the sight of scope.
func NewReader(s *Store, scope Scope) *Reader { return &Reader{store: s, scope: scope} }

// Store returns the store that r reads.
func (r *Reader) Store() *Store { return r.store }

// Scope returns the scope with which r reads.
func (r *Reader) Scope() Scope { return r.scope }

// batch collects reads until nobody joins any more.
type batch struct {
	joins   int
	waiting int // how many joined and have not given up
	cancel  context.CancelFunc
	ids     []ID
	hops    []*hopJoin
	done    chan struct{}

	nodes   map[ID]Node
	nodeErr error
	hopErr  error
}

// hopJoin is one hop of a batch, for the parents of all who asked for the same hop.
type hopJoin struct {
	key   string
	hop   Hop
	pages map[ID]Page
}

// Node returns the node, or ErrNotFound if it does not show.
func (r *Reader) Node(ctx context.Context, id ID) (Node, error) {
	nodes, err := r.Nodes(ctx, []ID{id})
	if err != nil {
		return Node{}, err
	}
	if len(nodes) == 0 {
		return Node{}, ErrNotFound
	}
	return nodes[0], nil
}

// Nodes returns those of ids that show, once each, in the order asked.
func (r *Reader) Nodes(ctx context.Context, ids []ID) ([]Node, error) {
	ids = distinct(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	b := r.join(ctx, func(b *batch) { b.ids = append(b.ids, ids...) })
	if err := r.wait(ctx, b); err != nil {
		return nil, err
	}
	if b.nodeErr != nil {
		return nil, b.nodeErr
	}
	found := make([]Node, 0, len(ids))
	for _, id := range ids {
		if n, ok := b.nodes[id]; ok {
			found = append(found, n)
		}
	}
	return found, nil
}

// Neighbors returns, for each parent of the hop, a page of neighbors.
func (r *Reader) Neighbors(ctx context.Context, h Hop) ([]Page, error) {
	if len(h.From) == 0 {
		return nil, nil
	}
	from := h.From
	h.From = nil
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	key := string(text)
	var j *hopJoin
	b := r.join(ctx, func(b *batch) {
		i := slices.IndexFunc(b.hops, func(other *hopJoin) bool { return other.key == key })
		if i < 0 {
			i = len(b.hops)
			b.hops = append(b.hops, &hopJoin{key: key, hop: h})
		}
		j = b.hops[i]
		j.hop.From = append(j.hop.From, from...)
	})
	if err := r.wait(ctx, b); err != nil {
		return nil, err
	}
	if b.hopErr != nil {
		return nil, b.hopErr
	}
	pages := make([]Page, len(from))
	for i, id := range from {
		pages[i] = j.pages[id]
	}
	return pages, nil
}

func (r *Reader) wait(ctx context.Context, b *batch) error {
	select {
	case <-b.done:
		return nil
	case <-ctx.Done():
		r.leave(b)
		return ctx.Err()
	}
}

// leave gives up a read. A batch that nobody waits for any more ends; one that gives up takes nothing from the others.
func (r *Reader) leave(b *batch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b.waiting--; b.waiting > 0 {
		return
	}
	b.cancel()
	r.close(b)
}

// close lets nobody join the batch any more. The caller holds the lock.
func (r *Reader) close(b *batch) {
	if r.pending == b {
		r.pending = nil
	}
}

// join adds a read to the batch that is open, or opens one.
func (r *Reader) join(ctx context.Context, add func(*batch)) *batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.pending
	if b == nil {
		// The batch is not only of the caller that opens it: it ends with the last one that waits for it.
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		b = &batch{cancel: cancel, done: make(chan struct{})}
		r.pending = b
		go r.dispatch(shared, b)
	}
	b.joins++
	b.waiting++
	add(b)
	return b
}

// quiet is how long nobody may join before a batch is sent. The dispatcher yields meanwhile, so on a busy machine it
// waits for all who can run, and on an idle one it adds little.
const quiet = 40 * time.Microsecond

func (r *Reader) dispatch(ctx context.Context, b *batch) {
	defer b.cancel()
	defer close(b.done)
	joins, since := 0, time.Now()
	for {
		for range 4 {
			runtime.Gosched()
		}
		r.mu.Lock()
		if b.joins == joins && time.Since(since) >= quiet {
			r.close(b)
			r.mu.Unlock()
			break
		}
		if b.joins != joins {
			joins, since = b.joins, time.Now()
		}
		r.mu.Unlock()
	}
	var sent sync.WaitGroup
	if len(b.ids) > 0 {
		sent.Go(func() { b.readNodes(ctx, r) })
	}
	if len(b.hops) > 0 {
		sent.Go(func() { b.readHops(ctx, r) })
	}
	sent.Wait()
}

func (b *batch) readNodes(ctx context.Context, r *Reader) {
	nodes, err := r.store.Nodes(ctx, r.scope, b.ids)
	b.nodeErr = err
	b.nodes = make(map[ID]Node, len(nodes))
	for _, n := range nodes {
		b.nodes[n.ID] = n
	}
}

func (b *batch) readHops(ctx context.Context, r *Reader) {
	hops := make([]Hop, len(b.hops))
	for i, j := range b.hops {
		j.hop.From = distinct(j.hop.From)
		hops[i] = j.hop
	}
	pages, err := r.store.Neighbors(ctx, r.scope, hops)
	if err != nil {
		b.hopErr = err
		return
	}
	for i, j := range b.hops {
		j.pages = make(map[ID]Page, len(j.hop.From))
		for k, id := range j.hop.From {
			j.pages[id] = pages[i][k]
		}
	}
}
