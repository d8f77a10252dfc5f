package graph_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

// emptySQLite returns a store without anything over a fresh SQLite file.
func emptySQLite(t testing.TB) *store.Store {
	t.Helper()
	driver, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := driver.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s, err := store.Create(t.Context(), driver, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// records is the whole log of a world.
func (w *world) records(t testing.TB) []store.Record {
	t.Helper()
	head, err := w.store.Head(t.Context(), store.Mark{})
	if err != nil {
		t.Fatal(err)
	}
	var out []store.Record
	for r, err := range w.store.Records(t.Context(), kritis.Maintenance(), 0, head.Seq) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// sight knows the visibility of each node after some commits, by the definition and not by the code that it tests: the
// strictest marking of the node and all that own it, its own audiences or else those that its owners share.
type sight struct {
	own    map[store.ID]store.Visibility
	owners map[store.ID]map[store.ID]store.ID // node, owning edge, owner
	gone   map[store.ID]store.Visibility      // what was deleted, as it was last
}

func newSight() *sight {
	return &sight{own: map[store.ID]store.Visibility{}, owners: map[store.ID]map[store.ID]store.ID{}, gone: map[store.ID]store.Visibility{}}
}

// owning are the types of edges by which one node owns another.
var owning = func() map[store.EdgeType]bool {
	out := map[store.EdgeType]bool{}
	for _, e := range kritis.Schema().Edges {
		out[e.Type] = e.Owns
	}
	return out
}()

func (s *sight) apply(c store.Change) {
	for _, n := range c.Put {
		s.own[n.ID] = n.Own
	}
	for _, e := range c.Link {
		if owning[e.Type()] {
			if s.owners[e.To] == nil {
				s.owners[e.To] = map[store.ID]store.ID{}
			}
			s.owners[e.To][e.ID] = e.From
		}
	}
	for _, id := range c.Delete {
		if _, node := s.own[id]; node {
			s.gone[id] = s.of(id)
		}
	}
	for _, id := range c.Delete {
		delete(s.own, id)
		for _, edges := range s.owners {
			delete(edges, id)
		}
	}
}

// of is the visibility of a node, its last one if it was deleted, none if it never was.
func (s *sight) of(id store.ID) store.Visibility {
	own, there := s.own[id]
	if !there {
		return s.gone[id]
	}
	v := store.Visibility{TLP: own.TLP.Effective(), Audiences: own.Audiences}
	var shared []string
	for i, owner := range slices.Collect(maps.Values(s.owners[id])) {
		above := s.of(owner)
		v.TLP = max(v.TLP, above.TLP.Effective())
		if i == 0 {
			shared = slices.Clone(above.Audiences)
		}
		shared = slices.DeleteFunc(shared, func(a string) bool { return !slices.Contains(above.Audiences, a) })
	}
	if len(v.Audiences) == 0 {
		v.Audiences = shared
	}
	return v
}

// shadow is a history of the same world in which what a scope hides never was: its nodes, their edges, their rows of the log,
// and the commits of which nothing is left. Of what shows now and was hidden for a while only the count of versions remains,
// without their content: the version of an object counts those too.
func shadow(t testing.TB, records []store.Record, scope store.Scope) (changes []store.Change, hidden int) {
	t.Helper()
	now := newSight()
	for _, r := range records {
		now.apply(r.Change)
	}
	shown := images(records, scope, now)
	then, here, waiting := newSight(), map[store.ID]bool{}, []store.Edge{}
	for _, r := range records {
		c := store.Change{Meta: r.Change.Meta}
		for _, id := range r.Change.Delete {
			if here[id] {
				version, _ := r.Change.VersionOf(id)
				c.Delete, c.If = append(c.Delete, id), append(c.If, store.Cond{ID: id, Version: version})
				delete(here, id)
			}
		}
		then.apply(r.Change)
		for _, n := range r.Change.Put {
			if len(shown[n.ID]) == 0 {
				hidden++
				continue
			}
			if !scope.Shows(then.of(n.ID)) {
				hidden++
				n = blank(n, shown[n.ID])
			}
			here[n.ID] = true
			c.Put, c.If = append(c.Put, n), append(c.If, store.Cond{ID: n.ID, Version: n.Version - 1})
		}
		// An edge comes when both its ends are there, which may be later than it was made.
		waiting = slices.DeleteFunc(waiting, func(e store.Edge) bool {
			return slices.ContainsFunc(r.Change.Link, func(newer store.Edge) bool { return newer.ID == e.ID })
		})
		waiting = slices.DeleteFunc(append(waiting, r.Change.Link...), func(e store.Edge) bool {
			there := here[e.From] && here[e.To]
			if there {
				here[e.ID] = true
				c.Link, c.If = append(c.Link, e), append(c.If, store.Cond{ID: e.ID, Version: e.Version - 1})
			}
			return there || slices.Contains(r.Change.Delete, e.ID)
		})
		if c.Size() > 0 {
			changes = append(changes, c)
		}
	}
	for id := range now.own {
		if here[id] != scope.Shows(now.of(id)) {
			t.Fatalf("%s shows now, but not when it was last written: the world without what is hidden cannot be built", id)
		}
	}
	return changes, hidden
}

// images are, of each node that shows now, those images that showed when they were written.
func images(records []store.Record, scope store.Scope, now *sight) map[store.ID][]store.Node {
	then, out := newSight(), map[store.ID][]store.Node{}
	for _, r := range records {
		then.apply(r.Change)
		for _, n := range r.Change.Put {
			if scope.Shows(now.of(n.ID)) && scope.Shows(then.of(n.ID)) {
				out[n.ID] = append(out[n.ID], n)
			}
		}
	}
	return out
}

// blank is a hidden version of a node with the content of one that showed, the last one before it if there is.
func blank(n store.Node, shown []store.Node) store.Node {
	image := shown[0]
	for _, other := range shown {
		if other.Version < n.Version {
			image = other
		}
	}
	image.Own, image.Version = store.Visibility{TLP: store.TLPRed, Audiences: []string{"nobody"}}, n.Version
	return image
}

// shadows builds the worlds without what callers may not see, one for all who see the same.
type shadows struct {
	records []store.Record
	made    map[store.Hash]*world
}

// of returns the world of a scope, and how many images of nodes it lacks.
func (s *shadows) of(t testing.TB, scope store.Scope) (w *world, hidden int) {
	t.Helper()
	changes, hidden := shadow(t, s.records, scope)
	there := emptySQLite(t)
	var last store.Hash
	var records []store.Record
	for r, err := range there.Sealed(func(yield func(store.Change, error) bool) {
		for _, c := range changes {
			if !yield(c, nil) {
				return
			}
		}
	}) {
		if err != nil {
			t.Fatal(err)
		}
		records, last = append(records, r), r.Hash
	}
	if w := s.made[last]; w != nil {
		return w, hidden
	}
	if err := there.Load(t.Context(), func(yield func(store.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	w = &world{store: there, app: kritis.NewApp(there, func() time.Time { return moment })}
	if s.made == nil {
		s.made = map[store.Hash]*world{}
	}
	s.made[last] = w
	return w, hidden
}

// fullWorld adds to a world what is hidden from most: a restricted channel, things of all markings, a past in which things
// came into sight, left it and were deleted, and what somebody asked for and was granted.
func fullWorld(t testing.TB, w *world) *world {
	t.Helper()
	withSecretChannel(t, w)
	state := func(s string) map[string]store.Value {
		return map[string]store.Value{"description": store.String(s), "title": store.String(s)}
	}
	const office = "ContactPoint/office-bsi"
	w.amend(t, "Incident/demo-1", store.TLPRed, state("Ransomware, in confidence"))
	w.amend(t, "Incident/demo-1", store.TLPAmber, state("Ransomware at a grid"))
	w.amend(t, "Incident/demo-2", store.TLPRed, state("Ransomware, kept back"))
	w.amend(t, office, store.TLPRed, map[string]store.Value{"nameEn": store.String("in confidence")})
	w.amend(t, office, store.TLPClear, map[string]store.Value{"nameEn": store.String("Federal Office")})
	w.amend(t, secretChannel, store.TLPAmber, map[string]store.Value{"label": store.String("night line")})
	for i, v := range []store.Visibility{kritis.Public(), {TLP: store.TLPAmber, Audiences: []string{kritis.AudienceLand("BY")}}, {TLP: store.TLPRed, Audiences: []string{kritis.AudienceSituationCentre}}} {
		reference := []string{"gone-public", "gone-by", "gone-centre"}[i]
		id := store.NewID("Incident", reference)
		w.commit(t, store.Change{If: []store.Cond{{ID: id}}, Put: []store.Node{{ID: id, Own: v, Props: map[string]store.Value{
			"reference": store.String(reference), "title": store.String(reference), "incidentStatus": store.String("OPEN"), "severity": store.String("LOW"), "kind": store.String("CYBER"),
			"awareAt": store.Int(0),
		}}}})
		w.commit(t, store.Change{If: []store.Cond{{ID: id, Version: 1}}, Delete: []store.ID{id}})
	}
	run := w.caller(t, centre)
	for _, ends := range [][2]store.ID{
		{"Operator/demo-op-0001", "Operator/demo-op-0003"}, {"Operator/demo-op-0003", "Operator/demo-op-0004"}, {"Facility/demo-fa-0001", "Operator/demo-op-0003"}, {"Facility/demo-fa-0006", "Facility/demo-fa-0001"},
	} {
		w.must(t, run, "dependencyCreate", supply(ends[0], ends[1]), "")
	}
	restated := object{"id": one("SUPPLIES/Facility/demo-fa-0001>Facility/demo-fa-0002")}
	for strength, tlp := range []store.TLP{store.TLPRed, store.TLPAmber} {
		w.amend(t, "Facility/demo-fa-0002", tlp, nil)
		w.must(t, run, "dependencyChange", with(seen, restated, object{"strength": float64(strength+1) / 4}), "")
	}
	published := w.done(t, kritis.Development("proposer"), "Propose", waterSet())
	w.done(t, kritis.Development("approver"), "Approve", object{"id": published.CompetenceSet.ID})
	w.done(t, kritis.Development("proposer"), "Propose", waterSet(object{"end": []string{"c121"}, "add": []object{}}))
	asker := w.caller(t, hospital)
	for _, thing := range []object{{"incident": "demo-2"}, {"incident": "demo-9999"}, {"id": one("ContactPoint/zkl-de-xx")}} {
		w.requested(t, asker, thing)
	}
	w.decided(t, grid, w.requested(t, asker, object{"incident": "demo-1"}), true, nil)
	return w
}
