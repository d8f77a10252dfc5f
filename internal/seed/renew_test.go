package seed_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

var renewedAt = loadedAt.Add(24 * time.Hour)

// loaded returns a store with the embedded reference data.
func loaded(t *testing.T) *store.Store {
	t.Helper()
	s := open(t)
	load(t, s, seed.ReferenceChanges(loadedAt))
	return s
}

func graphOf(t *testing.T, change func(*seed.Reference)) ([]store.Node, []store.Edge) {
	t.Helper()
	ref, err := seed.Load()
	if err != nil {
		t.Fatal(err)
	}
	change(&ref)
	nodes, edges, err := seed.Graph(ref, "another digest")
	if err != nil {
		t.Fatal(err)
	}
	return nodes, edges
}

func node(t *testing.T, s *store.Store, id store.ID) store.Node {
	t.Helper()
	nodes, err := s.Nodes(t.Context(), store.Unrestricted(), []store.ID{id})
	if err != nil {
		t.Fatal(err)
	}
	if len(nodes) == 0 {
		return store.Node{}
	}
	return nodes[0]
}

func commit(t *testing.T, s *store.Store, c store.Change) {
	t.Helper()
	c.Meta = store.Meta{Actor: "somebody", Action: "EDIT", At: loadedAt.UnixMicro()}
	if _, err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func head(t *testing.T, s *store.Store) store.Seq {
	t.Helper()
	mark, err := s.Head(t.Context(), store.Mark{})
	if err != nil {
		t.Fatal(err)
	}
	return mark.Seq
}

func TestRenewWritesNothingWhereTheDigestIsTheSame(t *testing.T) {
	s := loaded(t)
	before := head(t, s)
	got, err := seed.Renew(t.Context(), s, store.Unrestricted(), renewedAt)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(seed.Renewal{}, got); d != "" || head(t, s) != before {
		t.Errorf("renewal %+v, head %d after %d", got, head(t, s), before)
	}
}

func TestRenewFillsAStoreThatHoldsOtherThings(t *testing.T) {
	s := open(t)
	got, err := seed.Renew(t.Context(), s, store.Unrestricted(), renewedAt)
	if err != nil {
		t.Fatal(err)
	}
	nodes, edges := graphOf(t, func(*seed.Reference) {})
	if want := len(nodes) + len(edges); got.Written != want || len(got.Left) > 0 {
		t.Errorf("written %d, want %d; left %v", got.Written, want, got.Left)
	}
	if again, err := seed.Renew(t.Context(), s, store.Unrestricted(), renewedAt); err != nil || again.Written != 0 {
		t.Errorf("a second renewal wrote %d things, %v", again.Written, err)
	}
}

func TestRenewLeavesWhatSomebodyElseWrote(t *testing.T) {
	s := loaded(t)
	bsi := node(t, s, "Authority/bsi").Clone()
	bsi.Props["seat"] = store.String("Freital")
	commit(t, s, store.Change{Put: []store.Node{bsi}, If: []store.Cond{{ID: bsi.ID, Version: 1}}})
	channel := store.ID("Channel/office-bmi.phone.1")
	edge := store.EdgeID("HAS_CHANNEL", "ContactPoint/office-bmi", channel)
	commit(t, s, store.Change{Delete: []store.ID{channel, edge}, If: []store.Cond{{ID: channel, Version: 1}, {ID: edge, Version: 1}}})

	nodes, edges := graphOf(t, func(r *seed.Reference) {
		for i := range r.Authorities.Authorities {
			switch a := &r.Authorities.Authorities[i]; a.Slug {
			case "bsi", "bbk":
				a.Notes = "Renewed."
			}
		}
	})
	got, err := seed.RenewTo(t.Context(), s, store.Unrestricted(), nodes, edges, renewedAt)
	if err != nil {
		t.Fatal(err)
	}
	want := seed.Renewal{Written: 2, Left: []store.ID{"Authority/bsi", channel, edge}} // the BBK and the digest
	slices.Sort(want.Left)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if n := node(t, s, "Authority/bsi"); n.Prop("seat").Text() != "Freital" || n.Version != 2 {
		t.Errorf("the change of somebody else is gone: %v", n)
	}
	if n := node(t, s, "Authority/bbk"); n.Prop("note").Text() != "Renewed." || n.Version != 2 {
		t.Errorf("the body was not renewed: %v", n)
	}
	changed, err := seed.Changed(t.Context(), s, store.Unrestricted())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want.Left, changed); d != "" {
		t.Error(d)
	}
	page, err := s.Log(t.Context(), store.Unrestricted(), store.LogQuery{Newest: true, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	meta := store.Meta{Actor: "seed", Action: "REFERENCE_RENEW", At: renewedAt.UnixMicro()}
	if d := cmp.Diff(meta, page.Records[0].Change.Meta); d != "" {
		t.Error(d)
	}
}

func TestRenewAddsWhatIsNewAndRemovesWhatIsShippedNoLonger(t *testing.T) {
	s := loaded(t)
	var gone, moved string
	nodes, edges := graphOf(t, func(r *seed.Reference) {
		rows := r.Competences.Competences
		gone, moved = rows[0].ID, rows[1].ID
		added := rows[0]
		added.ID = "c999"
		rows[1].Authority = "bbk"
		r.Competences.Competences = append(rows[1:], added)
	})
	got, err := seed.RenewTo(t.Context(), s, store.Unrestricted(), nodes, edges, renewedAt)
	if err != nil {
		t.Fatal(err)
	}
	if got.Written == 0 || len(got.Left) > 0 {
		t.Errorf("renewal %+v", got)
	}
	if n := node(t, s, store.NewID("Competence", gone)); n.ID != "" {
		t.Errorf("%s is still there", n.ID)
	}
	if n := node(t, s, "Competence/c999"); n.Version != 1 {
		t.Errorf("the new row is not there: %v", n)
	}
	pages, err := s.Neighbors(t.Context(), store.Unrestricted(), []store.Hop{{From: []store.ID{store.NewID("Competence", moved)}, Edge: "ASSIGNED_TO"}})
	if err != nil {
		t.Fatal(err)
	}
	var bodies []store.ID
	for _, hit := range pages[0][0].Hits {
		bodies = append(bodies, hit.Node.ID)
	}
	if d := cmp.Diff([]store.ID{"Authority/bbk"}, bodies); d != "" {
		t.Errorf("the row that moved: %s", d)
	}
}

func TestRenewKeepsANodeToWhichSomebodyElseRefers(t *testing.T) {
	s := loaded(t)
	facility := store.Node{ID: "Facility/own-1", Props: map[string]store.Value{"reference": store.String("own-1"), "name": store.String("Own")}}
	edge := store.Edge{ID: "IN_BRANCH/Facility/own-1>Branch/symbolic-buildings", From: facility.ID, To: "Branch/symbolic-buildings"}
	commit(t, s, store.Change{Put: []store.Node{facility}, Link: []store.Edge{edge}, If: []store.Cond{{ID: facility.ID}, {ID: edge.ID}}})
	nodes, edges := graphOf(t, func(r *seed.Reference) {
		r.Taxonomy.Branches = slices.DeleteFunc(r.Taxonomy.Branches, func(x seed.Branch) bool { return x.Slug == "symbolic-buildings" })
	})
	got, err := seed.RenewTo(t.Context(), s, store.Unrestricted(), nodes, edges, renewedAt)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]store.ID{"Branch/symbolic-buildings"}, got.Left); d != "" {
		t.Error(d)
	}
	if n := node(t, s, "Branch/symbolic-buildings"); n.ID == "" {
		t.Error("the branch is gone")
	}
}
