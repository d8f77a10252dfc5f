package graph_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kritisgraph/graph"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

// beside is the world of another process over the same database: it has a connection, a rulebook and a memory of its own.
func (w *world) beside(t *testing.T, driver store.Driver) *world {
	t.Helper()
	t.Cleanup(func() {
		if err := driver.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s, err := store.Open(t.Context(), driver, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &world{
		store: s, app: kritis.NewApp(s, func() time.Time { return moment }), handler: graph.NewHandler(graph.NewSchema(), graph.Options{}),
	}
}

func TestATokenIsHonouredByAnotherProcess(t *testing.T) {
	w := onSQLite(t)
	driver, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: w.dir, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	checkToken(t, w, w.beside(t, driver))
}

// checkToken writes in one process and reads with the token in another, again and again: what was written is there, also in what
// the other keeps in memory.
func checkToken(t *testing.T, writes, reads *world) {
	input := object{"id": kritis.GlobalID("ContactPoint/zkl-de-by"), "holder": "", "source": "letter of the ministry", "asOf": "2026-10-30", "confidence": "VERIFIED"}
	for round, holder := range []string{"ministry-by", "lsi-by", "ministry-by", "lsi-by"} {
		input["holder"], input["status"] = holder, "PUBLISHED"
		changed := queryAs[struct {
			ContactPointChange struct {
				UserErrors       []userError
				ConsistencyToken *string
			}
		}](t, writes, developer, `mutation($input: ContactPointChangeInput!) { contactPointChange(input: $input) { userErrors { code path message } consistencyToken } }`, object{"input": input}).ContactPointChange
		if len(changed.UserErrors) > 0 {
			t.Fatalf("round %d: %v", round, changed.UserErrors)
		}
		if err := reads.app.AtLeast(t.Context(), *changed.ConsistencyToken); err != nil {
			t.Fatalf("round %d: the other process refuses the token: %v", round, err)
		}
		read := queryAs[struct {
			Node struct {
				Version int
				Holder  struct{ Slug string }
			}
		}](t, reads, developer, `query($id: ID!) { node(id: $id) { ... on ContactPoint { version holder { slug } } } }`, object{"id": input["id"]}).Node
		if read.Version != round+2 || read.Holder.Slug != holder {
			t.Errorf("round %d: the other process reads %+v", round, read)
		}
		if p := reads.caller(t, kritis.Identity{Subject: "x", Body: holder}); !slices.Contains(p.Roles, kritis.RoleLandContact) {
			t.Errorf("round %d: in the other process %s does not hold the role: %v", round, holder, p.Roles)
		}
	}
}
