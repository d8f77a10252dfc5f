package storetest

import (
	"context"
	"iter"
	"maps"
	"sync"

	"kritisgraph/internal/store"
)

// Counter is a driver that counts the calls that go through it to another. It is safe for concurrent use.
type Counter struct {
	driver store.Driver
	mu     sync.Mutex
	counts map[string]int
}

// NewCounter returns a counter before a driver.
func NewCounter(d store.Driver) *Counter { return &Counter{driver: d, counts: map[string]int{}} }

// Counts returns the number of calls by the name of the method, since the last Reset.
func (c *Counter) Counts() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.counts)
}

// Total returns the number of all calls since the last Reset.
func (c *Counter) Total() int {
	total := 0
	for _, n := range c.Counts() {
		total += n
	}
	return total
}

// Reset begins to count from zero.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.counts)
}

func (c *Counter) count(method string) store.Driver {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[method]++
	return c.driver
}

// Identity counts and calls the driver.
func (c *Counter) Identity(ctx context.Context) (store.Identity, error) {
	return c.count("Identity").Identity(ctx)
}

// Migrate counts and calls the driver.
func (c *Counter) Migrate(ctx context.Context, schema store.Schema) error {
	return c.count("Migrate").Migrate(ctx, schema)
}

// Head counts and calls the driver.
func (c *Counter) Head(ctx context.Context, atLeast store.Mark) (store.Mark, error) {
	return c.count("Head").Head(ctx, atLeast)
}

// Nodes counts and calls the driver.
func (c *Counter) Nodes(ctx context.Context, scope store.Scope, ids []store.ID) ([]store.Node, error) {
	return c.count("Nodes").Nodes(ctx, scope, ids)
}

// List counts and calls the driver.
func (c *Counter) List(ctx context.Context, scope store.Scope, q store.Query) (store.Page, error) {
	return c.count("List").List(ctx, scope, q)
}

// Count counts and calls the driver.
func (c *Counter) Count(ctx context.Context, scope store.Scope, q store.Query, by ...store.Key) ([]store.Group, error) {
	return c.count("Count").Count(ctx, scope, q, by...)
}

// Neighbors counts and calls the driver.
func (c *Counter) Neighbors(ctx context.Context, scope store.Scope, hops []store.Hop) ([][]store.Page, error) {
	return c.count("Neighbors").Neighbors(ctx, scope, hops)
}

// Traverse counts and calls the driver.
func (c *Counter) Traverse(ctx context.Context, scope store.Scope, w store.Walk) (store.Subgraph, error) {
	return c.count("Traverse").Traverse(ctx, scope, w)
}

// Commit counts and calls the driver.
func (c *Counter) Commit(ctx context.Context, change store.Change) (store.Mark, error) {
	return c.count("Commit").Commit(ctx, change)
}

// Load counts and calls the driver.
func (c *Counter) Load(ctx context.Context, records iter.Seq2[store.Record, error]) error {
	return c.count("Load").Load(ctx, records)
}

// Log counts and calls the driver.
func (c *Counter) Log(ctx context.Context, scope store.Scope, q store.LogQuery) (store.LogPage, error) {
	return c.count("Log").Log(ctx, scope, q)
}

// Close counts and calls the driver.
func (c *Counter) Close(ctx context.Context) error { return c.count("Close").Close(ctx) }
