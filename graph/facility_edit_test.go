package graph_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

// wrong is an input that is refused at one place.
type wrong struct {
	name  string
	input object
	path  string
}

func checkWrong(t *testing.T, w *world, mutation string, base object, cases []wrong) {
	t.Helper()
	p := w.caller(t, centre)
	if strings.HasPrefix(mutation, "authority") {
		p = w.caller(t, maintainer)
	}
	before := w.head(t)
	for _, c := range cases {
		t.Run(mutation+" with "+c.name, func(t *testing.T) {
			w.refuses(t, p, mutation, with(base, c.input), "BAD_INPUT", "input."+c.path)
		})
	}
	if after := w.head(t); after != before {
		t.Errorf("%s: what was refused was committed, %d and %d", mutation, before, after)
	}
}

func (w *world) head(t *testing.T) store.Seq {
	t.Helper()
	mark, err := w.store.Head(t.Context(), store.Mark{})
	if err != nil {
		t.Fatal(err)
	}
	return mark.Seq
}

func TestWhatCannotBeRegisteredIsRefusedAtItsPlace(t *testing.T) {
	w := onSQLite(t)
	long := strings.Repeat("x", 201)
	checkWrong(t, w, "operatorCreate", newOperator, []wrong{
		{"an empty name", object{"name": ""}, "name"},
		{"a name of spaces", object{"name": "  "}, "name"},
		{"a long name", object{"name": long}, "name"},
		{"a name with a control character", object{"name": "a\u0007b"}, "name"},
		{"a name with a mark that turns the writing round", object{"name": "Netz \u202Egnyl"}, "name"},
		{"no sector", object{"sectors": []string{}}, "sectors"},
		{"an unknown sector", object{"sectors": []string{"energy", "magic"}}, "sectors"},
		{"an address without a domain", object{"email": "lage@probstadt"}, "email"},
		{"a name beside the address", object{"email": "Lage <lage@probstadt.example>"}, "email"},
		{"two addresses", object{"email": "a@b.example, c@d.example"}, "email"},
		{"letters for a phone number", object{"phone": "rathaus"}, "phone"},
		{"half a phone number", object{"phone": "+49 8"}, "phone"},
		{"emergency power for ever", object{"backupPower": "P4000D"}, "backupPower"},
		{"no source", object{"source": ""}, "source"},
		{"a source of tomorrow", object{"asOf": "2026-11-02"}, "asOf"},
		{"a long reason", object{"reason": strings.Repeat("x", 1001)}, "reason"},
		{"a long key", object{"clientMutationId": strings.Repeat("x", 129)}, "clientMutationId"},
	})
	checkWrong(t, w, "facilityCreate", with(newFacility, object{"operator": operatorID(1)}), []wrong{
		{"nothing that it is", object{"classification": object{}}, "classification"},
		{"an unknown branch", object{"classification": object{"branch": "magic"}}, "classification.branch"},
		{"an unknown service", object{"classification": object{"service": "magic"}}, "classification.service"},
		{"an unknown sector", object{"classification": object{"sector": "magic"}}, "classification.sector"},
		{"an unknown category", object{"classification": object{"category": "9.9.9"}}, "classification.category"},
		{"a category of another service", object{"classification": object{"category": "1.1.3.1", "service": "inpatient-care"}}, "classification.category"},
		{"a branch of another service", object{"classification": object{"service": "electricity-supply", "branch": "rail"}}, "classification.branch"},
		{"a sector of another branch", object{"classification": object{"branch": "rail", "sector": "energy"}}, "classification.sector"},
		{"no place", object{"site": object{}}, "site"},
		{"two places", object{"site": object{"federalState": "BY", "exclusiveEconomicZone": true}}, "site"},
		{"a key of another Land", object{"site": object{"federalState": "BY", "ars": "06411"}}, "site.ars"},
		{"a key at sea", object{"site": object{"exclusiveEconomicZone": true, "ars": "01"}}, "site.ars"},
		{"a long municipality", object{"site": object{"federalState": "BY", "municipality": long}}, "site.municipality"},
		{"a point in Paris", object{"site": object{"federalState": "BY", "coordinates": object{"longitude": 2.35, "latitude": 48.85}}}, "site.coordinates"},
		{"a point at sea with Munich", object{"site": object{"exclusiveEconomicZone": true, "coordinates": object{"longitude": 11.5, "latitude": 48.1}}}, "site.coordinates"},
		{"a zone that the site denies", object{"attributes": object{"inExclusiveEconomicZone": true}}, "attributes.inExclusiveEconomicZone"},
		{"a site that the fact denies", object{"site": object{"exclusiveEconomicZone": true}, "attributes": object{"inExclusiveEconomicZone": false}}, "attributes.inExclusiveEconomicZone"},
		{"no supply area", object{"supplyArea": object{}}, "supplyArea"},
		{"a key of another Land in the supply area", object{"supplyArea": object{"federalStates": []string{"BY"}, "ars": []string{"09162", "06411"}}}, "supplyArea.ars.1"},
		{"a key twice in the supply area", object{"supplyArea": object{"ars": []string{"09162"}, "parts": []object{{"ars": "09162", "population": 1}}}}, "supplyArea.parts.0"},
		{"a key within another one", object{"supplyArea": object{"parts": []object{{"ars": "09162"}, {"ars": "09"}, {"ars": "06411"}}}}, "supplyArea.parts.0"},
		{"a part in another Land", object{"supplyArea": object{"federalStates": []string{"BY"}, "parts": []object{{"ars": "06411", "population": 1}}}}, "supplyArea.parts.0"},
		{"a part with fewer than nobody", object{"supplyArea": object{"parts": []object{{"ars": "09162", "population": -1}}}}, "supplyArea.parts.0"},
		{"fewer people than in its parts", object{"supplyArea": object{"parts": []object{{"ars": "09162", "population": 2}}, "population": 1}}, "supplyArea.population"},
		{"too many people in its parts", object{"supplyArea": object{"parts": []object{{"ars": "09", "population": 90_000_000}, {"ars": "06", "population": 90_000_000}}}}, "supplyArea"},
		{"too many people", object{"supplyArea": object{"federalStates": []string{"BY"}, "population": 200_000_000}}, "supplyArea.population"},
		{"a recovery that takes for ever", object{"recovery": "P4000D"}, "recovery"},
		{"fewer than nobody", object{"supplyArea": object{"federalStates": []string{"BY"}, "population": -1}}, "supplyArea.population"},
	})
	checkWrong(t, w, "authorityCreate", newAuthority, []wrong{
		{"a slug with capitals", object{"slug": "Amt"}, "slug"},
		{"a slug of one letter", object{"slug": "a"}, "slug"},
		{"a slug with two hyphens", object{"slug": "amt--x"}, "slug"},
		{"a long slug", object{"slug": strings.Repeat("a", 61)}, "slug"},
		{"a placeholder", object{"kind": "PLACEHOLDER"}, "kind"},
		{"a body of a Land without a Land", object{"federalState": nil}, "federalState"},
		{"a federal body of a Land", object{"level": "FEDERAL"}, "federalState"},
		{"an unknown superior", object{"parent": "magic"}, "parent"},
		{"a placeholder above", object{"parent": "zkl-de-by"}, "parent"},
	})
	checkWrong(t, w, "authorityChange", with(seen, object{"id": kritis.GlobalID("Authority/bmi")}), []wrong{
		{"a superior below itself", object{"parent": "bsi"}, "parent"},
		{"itself as superior", object{"parent": "bmi"}, "parent"},
	})
	w.green(t)
}

func TestAFacilityIsAsItWasEntered(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, centre)
	const fields = `name operator { reference } category { code } service { slug } branch { slug } sector { slug }
		site { federalState { code } ars municipality coordinates { longitude latitude } } supplyArea { federalStates { code } ars population }
		backupPower recovery attributes { inExclusiveEconomicZone energyRole }`
	for _, c := range []struct {
		name  string
		input object
		want  string
	}{
		{
			"by its category, with all that can be said",
			object{
				"classification": object{"category": "1.1.3.1", "service": "electricity-supply"}, "backupPower": "PT36H", "recovery": "PT0S",
				"site":       object{"federalState": "BY", "ars": "09162", "municipality": "München", "coordinates": object{"longitude": 11.575, "latitude": 48.137}},
				"supplyArea": object{"ars": []string{"09162", "06411"}, "population": 1850000},
			},
			`{"attributes":{"energyRole":"UNKNOWN","inExclusiveEconomicZone":null},"backupPower":"P1DT12H","branch":{"slug":"electricity"},"category":{"code":"1.1.3.1"},` +
				`"name":"Umspannwerk Nord","operator":{"reference":"demo-op-0001"},"recovery":"PT0S","sector":{"slug":"energy"},"service":{"slug":"electricity-supply"},` +
				`"site":{"ars":"09162","coordinates":{"latitude":48.137,"longitude":11.575},"federalState":{"code":"BY"},"municipality":"München"},` +
				`"supplyArea":{"ars":["06411","09162"],"federalStates":[{"code":"BY"},{"code":"HE"}],"population":1850000},"version":1}`,
		},
		{
			"in the exclusive economic zone, by its sector",
			object{"classification": object{"sector": "energy"}, "site": object{"exclusiveEconomicZone": true, "coordinates": object{"longitude": 6.5, "latitude": 54}}},
			`{"attributes":{"energyRole":"UNKNOWN","inExclusiveEconomicZone":true},"backupPower":null,"branch":null,"category":null,"name":"Umspannwerk Nord",` +
				`"operator":{"reference":"demo-op-0001"},"recovery":null,"sector":{"slug":"energy"},"service":null,` +
				`"site":{"ars":null,"coordinates":{"latitude":54,"longitude":6.5},"federalState":null,"municipality":null},"supplyArea":null,"version":1}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			made := w.must(t, p, "facilityCreate", with(newFacility, object{"operator": operatorID(1)}, c.input), fields)
			id := made["id"]
			delete(made, "id")
			if got := jsonText(t, made); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			ashore := w.must(t, p, "facilityChange", with(seen, object{"id": id, "site": object{"federalState": "HH"}, "supplyArea": nil, "recovery": nil}), fields)
			part := jsonText(t, []any{ashore["site"], ashore["supplyArea"], ashore["recovery"], ashore["attributes"]})
			if want := `[{"ars":null,"coordinates":null,"federalState":{"code":"HH"},"municipality":null},null,null,{"energyRole":"UNKNOWN","inExclusiveEconomicZone":null}]`; part != want {
				t.Errorf("ashore %s", part)
			}
			w.green(t)
		})
	}
	// A facility in another sector makes it one of the operator, and nothing takes it away while the facility is there.
	w.must(t, p, "facilityCreate", with(newFacility, object{"operator": operatorID(1), "classification": object{"branch": "public-water-supply"}}), "")
	op := w.must(t, p, "operatorChange", with(seen, object{"id": operatorID(1), "sectors": []string{"energy"}}), `sectors { slug }`)
	if got := jsonText(t, op["sectors"]); got != `[{"slug":"energy"},{"slug":"water"}]` {
		t.Errorf("sectors %s", got)
	}
	w.green(t)
}

func TestTheInhabitantsOfASupplyAreaAreThoseOfItsParts(t *testing.T) {
	w := onSQLite(t)
	for _, c := range []struct {
		name string
		area object
		want string
	}{
		{"all known", object{"parts": []object{{"ars": "09178", "population": 180000}, {"ars": "09162", "population": 1500000}}}, `{"ars":["09162","09178"],"parts":[{"ars":"09162","population":1500000},{"ars":"09178","population":180000}],"population":1680000}`},
		{"one not known", object{"parts": []object{{"ars": "09162", "population": 1500000}}, "ars": []string{"09178"}}, `{"ars":["09162","09178"],"parts":[{"ars":"09162","population":1500000},{"ars":"09178","population":null}],"population":null}`},
		{"more elsewhere", object{"parts": []object{{"ars": "09162", "population": 1500000}}, "population": 1600000}, `{"ars":["09162"],"parts":[{"ars":"09162","population":1500000}],"population":1600000}`},
		{"a Land alone", object{"federalStates": []string{"BY"}}, `{"ars":[],"parts":[],"population":null}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			made := w.must(t, w.caller(t, centre), "facilityCreate", with(newFacility, object{"operator": operatorID(1), "supplyArea": c.area}), `supplyArea { ars parts { ars population } population }`)
			if got := jsonText(t, made["supplyArea"]); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	w.green(t)
}

func TestAFacilityThatEndedIsNotListedAndCountsNoMore(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, centre)
	made := w.must(t, p, "facilityCreate", with(newFacility, object{
		"operator": operatorID(1), "classification": object{"branch": "banks"}, "attributes": object{"doraEntity": true},
	}), `reference`)
	ask := func() string {
		return string(w.ask(t, p, `query($op: ID!, $fa: ID!, $reference: String!, $at: DateTime!) {
			operator(reference: "demo-op-0001") { facilities { totalCount } }
			facilities(where: {reference: {eq: $reference}}) { totalCount }
			today: responsibility(input: {subject: {operator: $op}, purpose: SUPERVISION}) { ...bodies }
			then: responsibility(input: {subject: {operator: $op}, purpose: SUPERVISION, asOf: $at}) { ...bodies }
			named: responsibility(input: {subject: {facility: $fa}, purpose: SUPERVISION}) { ...bodies }
		} fragment bodies on Responsibility { regimes { chain { authority { slug } } } }`,
			object{"op": operatorID(1), "fa": made["id"], "reference": made["reference"], "at": "2026-10-01T00:00:00+02:00"}))
	}
	supervised := func(answer, alias string) bool {
		_, part, _ := strings.Cut(answer, `"`+alias+`":`)
		part, _, _ = strings.Cut(part, `}]},"`)
		return strings.Contains(part, `"bafin"`)
	}
	for _, c := range []struct {
		name  string
		until string
		own   string
		list  string
		today bool
	}{
		{"before", "", `"facilities":{"totalCount":4}`, `"facilities":{"totalCount":1}`, true},
		{"until tomorrow", "2026-11-02", `"facilities":{"totalCount":4}`, `"facilities":{"totalCount":1}`, true},
		{"until today", "2026-11-01", `"facilities":{"totalCount":3}`, `"facilities":{"totalCount":0}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.until != "" {
				w.must(t, p, "facilityWithdraw", object{"id": made["id"], "reason": "over", "validUntil": c.until}, "")
			}
			got := ask()
			if !strings.Contains(got, `"operator":{`+c.own) || !strings.Contains(got, `},`+c.list) {
				t.Errorf("lists: %.300s", got)
			}
			if supervised(got, "today") != c.today || !supervised(got, "then") || !supervised(got, "named") {
				t.Errorf("supervised today %t, then %t, named %t", supervised(got, "today"), supervised(got, "then"), supervised(got, "named"))
			}
		})
	}
}

func TestWhatMutationsWroteIsExportedAndImported(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, centre)
	made := w.must(t, p, "operatorCreate", newOperator, "")
	w.must(t, p, "facilityCreate", with(newFacility, object{"operator": made["id"]}), "")
	w.must(t, p, "facilityChange", with(seen, object{"id": facilityID(1), "operator": operatorID(3), "site": object{"federalState": "HE"}}), "")
	w.must(t, p, "operatorWithdraw", object{"id": operatorID(5), "reason": "over"}, "")
	w.must(t, w.caller(t, maintainer), "authorityCreate", newAuthority, "")
	var first, second bytes.Buffer
	if _, err := archive.Write(t.Context(), &first, w.store, kritis.Maintenance()); err != nil {
		t.Fatal(err)
	}
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
	if _, err := archive.Import(t.Context(), bytes.NewReader(first.Bytes()), s, kritis.Maintenance(), archive.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Write(t.Context(), &second, s, kritis.Maintenance()); err != nil {
		t.Fatal(err)
	}
	if first.Len() == 0 || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the import exports something else")
	}
	(&world{store: s}).green(t)
}
