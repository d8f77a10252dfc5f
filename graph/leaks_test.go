package graph_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// leaky is a database that forgets the scope in one place.
type leaky struct {
	store.Driver
	place string
}

func (d leaky) scope(place string, asked store.Scope) store.Scope {
	if d.place == place {
		return store.Unrestricted()
	}
	return asked
}

func (d leaky) Nodes(ctx context.Context, s store.Scope, ids []store.ID) ([]store.Node, error) {
	return d.Driver.Nodes(ctx, d.scope("nodes", s), ids)
}

func (d leaky) List(ctx context.Context, s store.Scope, q store.Query) (store.Page, error) {
	p, err := d.Driver.List(ctx, d.scope("lists", s), q)
	if err == nil {
		var all store.Page
		all, err = d.Driver.List(ctx, store.Unrestricted(), q)
		d.blur(&p, all, "lists")
	}
	return p, err
}

func (d leaky) Count(ctx context.Context, s store.Scope, q store.Query, by ...store.Key) ([]store.Group, error) {
	return d.Driver.Count(ctx, d.scope("counts", s), q, by...)
}

func (d leaky) Neighbors(ctx context.Context, s store.Scope, hops []store.Hop) ([][]store.Page, error) {
	pages, err := d.Driver.Neighbors(ctx, d.scope("neighbors", s), hops)
	if err != nil {
		return nil, err
	}
	all, err := d.Driver.Neighbors(ctx, store.Unrestricted(), hops)
	for i := range pages {
		for j := range pages[i] {
			d.blur(&pages[i][j], all[i][j], "neighbors")
		}
	}
	return pages, err
}

// blur lets the total or the end of a page speak of what is hidden.
func (d leaky) blur(p *store.Page, all store.Page, of string) {
	switch d.place {
	case "totals of " + of:
		p.Total = all.Total
	case "ends of " + of:
		p.More = all.More
	}
}

func (d leaky) Traverse(ctx context.Context, s store.Scope, w store.Walk) (store.Subgraph, error) {
	if slices.ContainsFunc(w.Follow, func(f store.Step) bool { return f.Edge == kritis.EdgeSupplies }) {
		s = d.scope("walks over dependencies", s)
	}
	return d.Driver.Traverse(ctx, d.scope("walks", s), w)
}

func (d leaky) Log(ctx context.Context, s store.Scope, q store.LogQuery) (store.LogPage, error) {
	p, err := d.Driver.Log(ctx, d.scope("history", s), q)
	if err == nil && d.place == "totals of history" {
		var all store.LogPage
		all, err = d.Driver.Log(ctx, store.Unrestricted(), q)
		p.Total = all.Total
	}
	return p, err
}

// A matrix that finds nothing proves something only if it would find a leak, in each place where there could be one.
func TestTheMatrixFindsALeakInEachPlace(t *testing.T) {
	full := fullWorld(t, onSQLite(t))
	m := newMatrix(t, full, 2, "nobody", "an operator", "the officer of Bavaria")
	want := map[*row]map[string]string{}
	full.calls.Reset()
	for _, r := range m.rows {
		want[r] = map[string]string{}
		for _, q := range m.documents {
			if r.asks[q.text] {
				want[r][q.text] = m.ask(t, full, r, q) // which equals that of the world without what is hidden
			}
		}
	}
	if n := full.calls.Counts()["Count"]; n > 0 {
		t.Errorf("%d answers come from Count: plant a leak of counts below", n)
	}
	for _, place := range []string{
		"nodes", "lists", "totals of lists", "ends of lists", "neighbors", "totals of neighbors", "ends of neighbors", "walks", "walks over dependencies", "history", "totals of history",
	} {
		t.Run(place, func(t *testing.T) {
			s, err := store.Open(t.Context(), leaky{full.calls, place}, kritis.Schema(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			w := &world{store: s, app: kritis.NewApp(s, func() time.Time { return moment })}
			for _, r := range m.rows {
				found := slices.IndexFunc(m.documents, func(q question) bool { return r.asks[q.text] && m.ask(t, w, r, q) != want[r][q.text] })
				if found < 0 {
					t.Errorf("%s sees nothing of it", r.name)
					continue
				}
				q := m.documents[found]
				t.Logf("%s sees it in %s: %s", r.name, q.name, difference(t, m.ask(t, w, r, q), want[r][q.text]))
			}
		})
	}
}
