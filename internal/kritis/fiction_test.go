package kritis_test

import (
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

func TestFictionIsFoundInAStore(t *testing.T) {
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, kritis.Berlin)
	s, err := store.Create(t.Context(), storetest.NewModel(), kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), s.Sealed(seed.ReferenceChanges(at))); err != nil {
		t.Fatal(err)
	}
	find := func(name string, want store.ID) {
		t.Helper()
		if got, err := kritis.Fiction(t.Context(), s); err != nil || got != want {
			t.Errorf("%s: found %q, %v", name, got, err)
		}
	}
	commit := func(c store.Change) {
		t.Helper()
		c.Meta = store.Meta{Actor: "test", Action: "ENTER", At: at.UnixMicro()}
		if _, err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	find("the reference data", "")
	nodes, err := s.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"Channel/office-bsi.website.1"})
	if err != nil || len(nodes) != 1 {
		t.Fatal(nodes, err)
	}
	version := nodes[0].Version
	for address, want := range map[string]store.ID{
		"https://www.example.de/":                  "",
		"https://testing.de:8443/a@b.example":      "",
		"https://kritis.example/kontakt":           nodes[0].ID,
		"lage@situation.TEST":                      nodes[0].ID,
		"https://user@www.example.org:8443/?x=y.z": nodes[0].ID,
		"example.com":                              nodes[0].ID,
	} {
		n := nodes[0].Clone()
		n.Props["value"] = store.String(address)
		commit(store.Change{Put: []store.Node{n}, If: []store.Cond{{ID: n.ID, Version: version}}})
		version++
		find(address, want)
	}
	for c, err := range seed.Demo(seed.Options{Seed: 1, Size: seed.Small, Day: kritis.DayOf(at)}) {
		if err != nil {
			t.Fatal(err)
		}
		commit(c)
		break
	}
	find("demo data", "Facility/demo-fa-0001")
}
