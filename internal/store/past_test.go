package store_test

import (
	"testing"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

func TestThePastOfThingsIsWhatTheLogSaysLast(t *testing.T) {
	s, err := store.Create(t.Context(), storetest.NewModel(), storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	commit := func(actor string, c store.Change) {
		t.Helper()
		c.Meta.Actor = actor
		if _, err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	at := func(id store.ID, version int64) []store.Cond { return []store.Cond{{ID: id, Version: version}} }
	commit("first", store.Change{Put: []store.Node{land("BY")}, If: at("Land/BY", 0)})
	commit("first", store.Change{Put: []store.Node{land("HE")}, If: at("Land/HE", 0)})
	for version := range int64(600) { // more commits than one question to the log answers
		commit("second", store.Change{Put: []store.Node{land("BY")}, If: at("Land/BY", version+1)})
	}
	commit("third", store.Change{Delete: []store.ID{"Land/HE"}, If: at("Land/HE", 1)})
	past, err := s.Past(t.Context(), store.Unrestricted(), []store.ID{"Land/BY", "Land/HE", "Land/SN"})
	if err != nil {
		t.Fatal(err)
	}
	if p := past["Land/BY"]; p.Version != 601 || p.Actor != "second" || p.Gone || !p.Node.SameContent(land("BY")) || p.Node.SameContent(land("HE")) {
		t.Errorf("changed: %+v", p)
	}
	if p := past["Land/HE"]; p.Version != 0 || p.Actor != "third" || !p.Gone {
		t.Errorf("deleted: %+v", p)
	}
	if _, known := past["Land/SN"]; known || len(past) != 2 {
		t.Errorf("what never was: %+v", past)
	}
}
