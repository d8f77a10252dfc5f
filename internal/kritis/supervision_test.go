package kritis_test

import (
	"slices"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

const (
	yesterday kritis.Day = "2026-10-31"
	today     kritis.Day = "2026-11-01"
	tomorrow  kritis.Day = "2026-11-02"
)

// bookWith builds the rulebook of the shipped reference data in which one competence is another.
func bookWith(t *testing.T, number string, edit func(map[string]store.Value)) *kritis.Rulebook {
	t.Helper()
	var nodes []store.Node
	var edges []store.Edge
	for c, err := range seed.ReferenceChanges(testNow) {
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range c.Put {
			if n.ID == store.NewID(string(kritis.LabelCompetence), number) {
				n = n.Clone()
				edit(n.Props)
			}
			nodes = append(nodes, n)
		}
		edges = append(edges, c.Link...)
	}
	book, err := kritis.NewRulebook(nodes, edges)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// as is the caller that a body is on the day.
func as(t *testing.T, book *kritis.Rulebook, id kritis.Identity) kritis.Principal {
	t.Helper()
	p, err := book.Principal(id, today)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// seenAs reports whether somebody sees what one row reaches, marked AMBER_STRICT.
func seenAs(p kritis.Principal, row string) bool {
	return p.Scope().Shows(store.Visibility{TLP: store.TLPAmberStrict, Audiences: []string{row}})
}

func TestARowGivesSightOnTheDaysOnWhichItIsValid(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(map[string]store.Value)
		want bool
	}{
		{"a row of an act in force gives sight", func(map[string]store.Value) {}, true},
		{"a row whose last day is today gives sight", func(p map[string]store.Value) { p[store.ValidUntil] = store.String(string(tomorrow)) }, true},
		{"a row that ended yesterday gives none", func(p map[string]store.Value) { p[store.ValidUntil] = store.String(string(today)) }, false},
		{"a row that begins today gives sight", func(p map[string]store.Value) { p[store.ValidFrom] = store.String(string(today)) }, true},
		{"a row that begins tomorrow gives none yet", func(p map[string]store.Value) { p[store.ValidFrom] = store.String(string(tomorrow)) }, false},
		{"another role than supervision gives none", func(p map[string]store.Value) { p["role"] = store.String("REPORTING") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := as(t, bookWith(t, "c054", c.edit), kritis.Identity{Body: "bnetza"})
			if got := seenAs(p, kritis.AudienceRow("c054", "")); got != c.want {
				t.Errorf("sees %t", got)
			}
			if !seenAs(p, kritis.AudienceRow("c025", "")) || !slices.Contains(p.Roles, kritis.RoleSupervisor) {
				t.Error("the other rows of the body give nothing") // or the test could not fail
			}
		})
	}
}

func TestABodySeesByItsOwnRowsOnly(t *testing.T) {
	book := bookWith(t, "", nil)
	for _, c := range []struct {
		name string
		id   kritis.Identity
		row  string
		want bool
	}{
		{"a federal body sees by its row", kritis.Identity{Body: "bnetza"}, "row:c025", true},
		{"and not by that of another body", kritis.Identity{Body: "bnetza"}, "row:c038", false},
		{"a body of a Land sees by its row in its Land", kritis.Identity{Body: "lsi-by"}, "row:c121/BY", true},
		{"and in no other Land", kritis.Identity{Body: "lsi-by"}, "row:c121/HE", false},
		{"a row of every Land is not of a body of a Land", kritis.Identity{Body: "lsi-by"}, "row:c081/BY", false},
		{"a placeholder sees nothing", kritis.Identity{Body: "state-competent-authority"}, "row:c081/BY", false},
		{"a token narrows to a Land", kritis.Identity{Body: "lsi-by", FederalStates: []string{"BY"}}, "row:c121/BY", true},
		{"and away from it", kritis.Identity{Body: "lsi-by", FederalStates: []string{"HE"}}, "row:c121/BY", false},
		{"a federal row is for no Land, so a token with Länder leaves it out", kritis.Identity{Body: "bnetza", FederalStates: []string{"BY"}}, "row:c025", false},
		{"a token narrows the marking", kritis.Identity{Body: "bnetza", MaxTLP: "AMBER"}, "row:c025", false},
		{"nobody has a row without a body", kritis.Identity{}, "row:c025", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := seenAs(as(t, book, c.id), c.row); got != c.want {
				t.Errorf("sees %t", got)
			}
		})
	}
	if as(t, book, kritis.Identity{Body: "bnetza"}).Scope().Shows(store.Visibility{TLP: store.TLPRed, Audiences: []string{"row:c025"}}) {
		t.Error("a supervisor sees RED")
	}
}

// A row of every Land that a body holds itself counts in all of them: no shipped row is like this.
func TestARowOfEveryLandCountsForItsBody(t *testing.T) {
	book := bookWith(t, "c025", func(p map[string]store.Value) { p["perState"] = store.Bool(true) })
	p := as(t, book, kritis.Identity{Body: "bnetza"})
	if !seenAs(p, "row:c025/BY") || !seenAs(p, "row:c025/SH") || seenAs(p, "row:c025") {
		t.Error("the body does not see by its row in every Land")
	}
}

func TestRowsOfTheDayReachAnOperator(t *testing.T) {
	operator := store.Node{ID: "Operator/x", Props: map[string]store.Value{
		"reference": store.String("x"), "seatCode": store.String("BY"), "sectorSlugs": store.Strings("health"),
	}}
	facility := store.Node{ID: "Facility/x", Props: map[string]store.Value{
		"reference": store.String("x"), "siteCode": store.String("HE"), "serviceSlug": store.String("electricity-supply"), "energyRole": store.String("NETWORK_OPERATOR"),
	}}
	ended := bookWith(t, "c054", func(p map[string]store.Value) { p[store.ValidUntil] = store.String(string(today)) })
	for _, c := range []struct {
		name       string
		book       *kritis.Rulebook
		day        kritis.Day
		facilities []store.Node
		has, lacks string
	}{
		{"without facilities its sectors at its seat count", ended, today, nil, "row:c080/BY", "row:c025"},
		{"with facilities these count", ended, today, []store.Node{facility}, "row:c025", "row:c080/BY"},
		{"a row reaches on its last day", ended, yesterday, []store.Node{facility}, "row:c054", "row:c080/BY"},
		{"a row that has ended reaches no more", ended, today, []store.Node{facility}, "row:c025", "row:c054"},
		{"another fact, another row", ended, today, []store.Node{plant(facility)}, "row:c163", "row:c025"},
		{"facts that are not known lead to each row", ended, today, []store.Node{unknown(facility)}, "row:c163", "row:c080/HE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, err := c.book.OperatorRows(c.day, operator, c.facilities)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(rows, c.has) || slices.Contains(rows, c.lacks) || !slices.IsSorted(rows) {
				t.Errorf("rows %v", rows)
			}
		})
	}
}

// plant is a facility that is no network, of a class that the acts name.
func plant(f store.Node) store.Node {
	f = f.Clone()
	f.Props["energyRole"], f.Props["entityClass"] = store.String("PLANT_OR_DIGITAL_SERVICE"), store.String("IMPORTANT")
	return f
}

// unknown is a facility of which nobody knows whether it is a network.
func unknown(f store.Node) store.Node {
	f = f.Clone()
	delete(f.Props, "energyRole")
	return f
}

// The rows that reach an electricity network: c025 under the EnWG, which displaces c011 of the BSIG, and c054 under the KRITISDachG.
func TestRowsThatBeginLaterReachAFacilityAlready(t *testing.T) {
	operator := store.Node{ID: "Operator/x", Props: map[string]store.Value{
		"reference": store.String("x"), "seatCode": store.String("BY"), "sectorSlugs": store.Strings("energy"),
	}}
	facility := store.Node{ID: "Facility/x", Props: map[string]store.Value{
		"reference": store.String("x"), "siteCode": store.String("HE"), "serviceSlug": store.String("electricity-supply"), "energyRole": store.String("NETWORK_OPERATOR"),
	}}
	begins := bookWith(t, "c025", func(p map[string]store.Value) { p[store.ValidFrom] = store.String(string(tomorrow)) })
	ends := bookWith(t, "c025", func(p map[string]store.Value) { p[store.ValidUntil] = store.String(string(tomorrow)) })
	for _, c := range []struct {
		name string
		book *kritis.Rulebook
		day  kritis.Day
		want []string
	}{
		{"a row that begins later stands beside the one that it displaces then", begins, yesterday, []string{"row:c011", "row:c025", "row:c054"}},
		{"also on the day before", begins, today, []string{"row:c011", "row:c025", "row:c054"}},
		{"and displaces it on its first day", begins, tomorrow, []string{"row:c025", "row:c054"}},
		{"a row that holds, but reaches only when another one has ended, is left out", ends, today, []string{"row:c025", "row:c054"}},
		{"and reaches from that day on", ends, tomorrow, []string{"row:c011", "row:c054"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, err := c.book.FacilityRows(c.day, operator, facility)
			if err != nil {
				t.Fatal(err)
			}
			of, err := c.book.OperatorRows(c.day, operator, []store.Node{facility})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(rows, c.want) || !slices.Equal(of, c.want) {
				t.Errorf("the facility is for %v, its operator for %v, want %v", rows, of, c.want)
			}
		})
	}
	if seenAs(as(t, begins, kritis.Identity{Body: "bnetza"}), "row:c025") {
		t.Error("a row gives sight before its first day")
	}
	if !seenAs(as(t, bookWith(t, "", nil), kritis.Identity{Body: "bsi"}), "row:c011") {
		t.Error("the body of c011 does not see by it, so leaving it out is for nothing")
	}
}
