package storetest

import (
	"errors"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kritisgraph/internal/store"
)

// world is a driver under test and the model, kept in step: each commit goes to both, each read is answered by both alike.
type world struct {
	testing.TB
	driver   store.Driver
	model    store.Driver
	canon    *store.Store
	versions map[store.ID]int64
	clock    int64
}

// newWorld opens and migrates an empty driver.
func newWorld(t testing.TB, open func(testing.TB) store.Driver) *world {
	t.Helper()
	w := &world{TB: t, driver: open(t), versions: map[store.ID]int64{}}
	if err := w.driver.Migrate(t.Context(), Schema()); err != nil {
		t.Fatalf("migrating the empty driver: %v", err)
	}
	w.model, w.canon = newModel(t)
	return w
}

// newModel returns a migrated model and a Store around it that brings changes into canonical form.
func newModel(t testing.TB) (store.Driver, *store.Store) {
	t.Helper()
	m := NewModel()
	canon, err := store.Create(t.Context(), m, Schema(), store.Options{})
	if err != nil {
		t.Fatalf("the schema of the suite: %v", err)
	}
	return m, canon
}

// sub runs a part of a case as a subtest on the same content.
func (w *world) sub(name string, run func(*world)) {
	w.TB.(*testing.T).Run(name, func(t *testing.T) {
		part := *w
		part.TB = t
		run(&part)
	})
}

var empties = cmpopts.EquateEmpty()

// same fails the test if got differs from want.
func (w *world) same(what string, got, want any) {
	w.Helper()
	if reflect.DeepEqual(want, got) { // by far the quickest, and nearly always so
		return
	}
	if diff := cmp.Diff(want, got, empties); diff != "" {
		w.Fatalf("%s: got +, want -\n%s", what, diff)
	}
}

// read returns the answer of the driver after it was compared with that of the model.
func read[T any](w *world, what string, ask func(store.Driver) (T, error)) T {
	w.Helper()
	got, err := ask(w.driver)
	if err != nil {
		w.Fatalf("%s: %v", what, err)
	}
	want, err := ask(w.model)
	if err != nil {
		w.Fatalf("%s, asked of the model: %v", what, err)
	}
	w.same(what+", compared with the model", got, want)
	return got
}

func (w *world) nodes(scope store.Scope, ids ...store.ID) []store.Node {
	w.Helper()
	return read(w, "Nodes", func(d store.Driver) ([]store.Node, error) { return d.Nodes(w.Context(), scope, ids) })
}

// list asks for a page; without a limit for 1,000 nodes.
func (w *world) list(scope store.Scope, q store.Query) store.Page {
	w.Helper()
	q.Limit = orElse(q.Limit, store.MaxPage)
	return read(w, "List", func(d store.Driver) (store.Page, error) { return d.List(w.Context(), scope, q) })
}

func (w *world) count(scope store.Scope, q store.Query, by ...store.Key) []store.Group {
	w.Helper()
	q.Limit = orElse(q.Limit, 1)
	return read(w, "Count", func(d store.Driver) ([]store.Group, error) { return d.Count(w.Context(), scope, q, by...) })
}

// neighbors asks for pages of neighbors; without a limit for 1,000 each.
func (w *world) neighbors(scope store.Scope, hops ...store.Hop) [][]store.Page {
	w.Helper()
	for i := range hops {
		hops[i].Query.Limit = orElse(hops[i].Query.Limit, store.MaxPage)
	}
	return read(w, "Neighbors", func(d store.Driver) ([][]store.Page, error) { return d.Neighbors(w.Context(), scope, hops) })
}

// traverse walks; without bounds to 10,000 nodes and 100,000 edges.
func (w *world) traverse(scope store.Scope, walk store.Walk) store.Subgraph {
	w.Helper()
	walk.MaxNodes, walk.MaxEdges = orElse(walk.MaxNodes, 10_000), orElse(walk.MaxEdges, 100_000)
	return read(w, "Traverse", func(d store.Driver) (store.Subgraph, error) { return d.Traverse(w.Context(), scope, walk) })
}

// log asks for records; without a limit for 5,000.
func (w *world) log(scope store.Scope, q store.LogQuery) store.LogPage {
	w.Helper()
	q.Limit = orElse(q.Limit, store.MaxLog)
	return read(w, "Log", func(d store.Driver) (store.LogPage, error) { return d.Log(w.Context(), scope, q) })
}

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// head returns the newest sequence.
func (w *world) head() store.Seq {
	w.Helper()
	mark := read(w, "Head", func(d store.Driver) (store.Seq, error) {
		m, err := d.Head(w.Context(), store.Mark{})
		return m.Seq, err
	})
	return mark
}

// canonical completes a change: a precondition with the version that the world knows for each thing that has none, an
// origin, and the canonical order.
func (w *world) canonical(c store.Change) store.Change {
	w.Helper()
	c.If = append([]store.Cond(nil), c.If...)
	stated := map[store.ID]bool{}
	for _, cond := range c.If {
		stated[cond.ID] = true
	}
	for _, id := range touched(c) {
		if !stated[id] {
			c.If = append(c.If, store.Cond{ID: id, Version: w.versions[id]})
		}
	}
	if c.Meta == (store.Meta{}) {
		w.clock++
		c.Meta = store.Meta{Action: "edit", Actor: "suite", At: 1_776_000_000_000_000 + w.clock}
	}
	if err := w.canon.Canonical(&c); err != nil {
		w.Fatalf("a change of the suite is not valid: %v", err)
	}
	return c
}

// touched returns the ids of what a change puts, links and deletes.
func touched(c store.Change) []store.ID {
	ids := append([]store.ID(nil), c.Delete...)
	for _, n := range c.Put {
		ids = append(ids, n.ID)
	}
	for _, e := range c.Link {
		ids = append(ids, e.ID)
	}
	return ids
}

// commit applies a change to the driver and the model.
func (w *world) commit(c store.Change) store.Mark {
	w.Helper()
	c = w.canonical(c)
	got, err := w.driver.Commit(w.Context(), c)
	if err != nil {
		w.Fatalf("Commit: %v", err)
	}
	want, err := w.model.Commit(w.Context(), c)
	if err != nil {
		w.Fatalf("Commit to the model: %v", err)
	}
	w.same("the sequence of a commit", got.Seq, want.Seq)
	w.learn(c)
	return got
}

func (w *world) learn(c store.Change) {
	for _, n := range c.Put {
		w.versions[n.ID] = n.Version
	}
	for _, e := range c.Link {
		w.versions[e.ID] = e.Version
	}
	for _, id := range c.Delete {
		delete(w.versions, id)
	}
}

// put, link and remove are commits of one kind.
func (w *world) put(nodes ...store.Node) { w.Helper(); w.commit(store.Change{Put: nodes}) }

func (w *world) link(edges ...store.Edge) { w.Helper(); w.commit(store.Change{Link: edges}) }

func (w *world) remove(ids ...store.ID) { w.Helper(); w.commit(store.Change{Delete: ids}) }

// refuse expects that driver and model refuse a change with an error that wraps want, and that nothing changed.
func (w *world) refuse(want error, c store.Change) {
	w.Helper()
	_ = w.refusal(want, c)
}

// refusal is refuse, with the error of the driver.
func (w *world) refusal(want error, c store.Change) error {
	w.Helper()
	c = w.canonical(c)
	if _, err := w.model.Commit(w.Context(), c); !errors.Is(err, want) {
		w.Fatalf("Commit to the model: got %v, want %v", err, want)
	}
	_, err := w.driver.Commit(w.Context(), c)
	if !errors.Is(err, want) {
		w.Fatalf("Commit: got error %v, want %v", err, want)
	}
	w.everything()
	return err
}

// everything compares the whole content of driver and model: nodes, edges, log.
func (w *world) everything() {
	w.Helper()
	all := store.Unrestricted()
	w.head()
	p := w.list(all, store.Query{Labels: labels()})
	var ids []store.ID
	for _, h := range p.Hits {
		ids = append(ids, h.Node.ID)
	}
	var follow []store.Step
	for _, e := range Schema().Edges {
		follow = append(follow, store.Step{Edge: e.Type})
	}
	w.traverse(all, store.Walk{From: ids, Follow: follow, Depth: 1})
	w.log(all, store.LogQuery{Total: true})
}

// fails expects an error that wraps want.
func (w *world) fails(what string, err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Fatalf("%s: got error %v, want %v", what, err, want)
	}
}

// wantIDs expects the nodes of a page.
func (w *world) wantIDs(what string, p store.Page, want ...store.ID) {
	w.Helper()
	w.same(what, ids(p), want)
}

func ids(p store.Page) []store.ID {
	var ids []store.ID
	for _, h := range p.Hits {
		ids = append(ids, h.Node.ID)
	}
	return ids
}

func nodeIDs(nodes []store.Node) []store.ID {
	var ids []store.ID
	for _, n := range nodes {
		ids = append(ids, n.ID)
	}
	return ids
}

func edgeIDs(edges []store.Edge) []store.ID {
	var ids []store.ID
	for _, e := range edges {
		ids = append(ids, e.ID)
	}
	return ids
}
