package graph_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// supply is the statement of a dependency.
func supply(provider, dependent store.ID, more ...object) object {
	stated := with(seen, object{
		"provider": inputOf(provider), "dependent": inputOf(dependent), "kind": "PHYSICAL", "strength": 0.9, "timeToImpact": "PT2H", "figures": "ESTIMATED",
	})
	return with(append([]object{stated}, more...)...)
}

const dependencyFields = `key provider { ... on Facility { reference } ... on Operator { reference } } dependent { ... on Facility { reference } ... on Operator { reference } }
	kind strength timeToImpact timeRange { from to } need substitute figures rationale confirmedAt validity { from until } evidence { source asOf confidence }`

func TestADependencyIsStatedChangedConfirmedAndWithdrawn(t *testing.T) {
	checkDependencyLife(t, onSQLite(t))
}

func checkDependencyLife(t *testing.T, w *world) {
	p := w.caller(t, centre)
	input := supply("Facility/demo-fa-0001", "Operator/demo-op-0003", object{
		"need": "cooling water", "strength": 0.6275, "timeRange": object{"from": "PT1H", "to": "PT4H"}, "substitute": "PT6H", "rationale": "one main only",
		"clientMutationId": "one", "reason": "risk analysis",
	})
	made := w.must(t, p, "dependencyCreate", input, dependencyFields)
	if again := w.must(t, p, "dependencyCreate", input, dependencyFields); jsonText(t, again) != jsonText(t, made) {
		t.Errorf("the same again makes %v", again)
	}
	w.refuses(t, p, "dependencyCreate", with(input, object{"clientMutationId": nil}), "EXISTS", "input")
	exists := w.mutate(t, p, "dependencyCreate", with(input, object{"clientMutationId": nil}), "").UserErrors[0].Message
	id, key := fmt.Sprint(made["id"]), fmt.Sprint(made["key"])
	if !strings.Contains(exists, id) || !strings.Contains(exists, key) || !strings.HasPrefix(key, "dep-") {
		t.Errorf("it is not named: %s", exists)
	}
	if want := kritis.GlobalID(kritis.DependencyID("Facility/demo-fa-0001", "Operator/demo-op-0003", "cooling water")); id != want {
		t.Errorf("id %s, want %s", id, want)
	}
	was := maps.Clone(made)
	delete(made, "id")
	delete(made, "key")
	want := `{"confirmedAt":null,"dependent":{"reference":"demo-op-0003"},"evidence":{"asOf":"2026-10-30","confidence":"VERIFIED","source":"registration portal"},"figures":"ESTIMATED","kind":"PHYSICAL",` +
		`"need":"cooling water","provider":{"reference":"demo-fa-0001"},"rationale":"one main only","strength":0.6275,"substitute":"PT6H","timeRange":{"from":"PT1H","to":"PT4H"},` +
		`"timeToImpact":"PT2H","validity":{"from":"2026-11-01","until":null},"version":1}`
	if got := jsonText(t, made); got != want {
		t.Errorf("made %s\nwant %s", got, want)
	}
	w.must(t, p, "dependencyConfirm", object{"id": id, "expectedVersion": 1, "reason": "yearly review"}, "")
	w.refuses(t, p, "dependencyConfirm", object{"id": id, "expectedVersion": 1}, "CONFLICT", "input.expectedVersion")
	if got := w.dependency(t, p, id); got["confirmedAt"] != "2026-11-01T11:00:00Z" || got["version"] != 2.0 {
		t.Errorf("confirmed %v", got)
	}
	after := w.must(t, p, "dependencyChange", with(seen, object{"id": id, "expectedVersion": 2, "strength": 1, "timeRange": nil, "rationale": nil, "kind": nil}), dependencyFields)
	if got := jsonText(t, []any{after["strength"], after["timeRange"], after["rationale"], after["substitute"], after["kind"], after["confirmedAt"], after["key"]}); got != `[1,null,null,"PT6H","PHYSICAL",null,"`+key+`"]` {
		t.Errorf("changed %s", got)
	}
	w.refuses(t, p, "dependencyWithdraw", object{"id": id, "reason": " "}, "BAD_INPUT", "input.reason")
	w.must(t, p, "dependencyWithdraw", object{"id": id, "reason": "own well", "validUntil": "2026-12-01"}, "")
	lists := func() string {
		return string(w.ask(t, p, `{ facility(reference: "demo-fa-0001") { dependents(last: 1) { nodes { need } } } operator(reference: "demo-op-0003") { providers { totalCount } } }`, nil))
	}
	if got := lists(); got != `{"data":{"facility":{"dependents":{"nodes":[{"need":"cooling water"}]}},"operator":{"providers":{"totalCount":1}}}}` {
		t.Errorf("before the end %s", got)
	}
	// An end that is announced is taken back by stating it again, and it holds without a gap.
	again := w.must(t, p, "dependencyCreate", with(input, object{"clientMutationId": nil, "validFrom": "2026-11-20"}), dependencyFields)
	if got := jsonText(t, []any{again["id"], again["key"], again["version"], again["validity"]}); got != `["`+id+`","`+key+`",5,{"from":"2026-11-01","until":null}]` {
		t.Errorf("stated again %s", got)
	}
	w.must(t, p, "dependencyWithdraw", object{"id": id, "reason": "own well"}, "")
	if got := lists(); strings.Contains(got, "cooling") || !strings.Contains(got, `"providers":{"totalCount":0}`) {
		t.Errorf("after the end %s", got)
	}
	w.refuses(t, p, "dependencyWithdraw", object{"id": id, "reason": "again"}, "CONFLICT", "input.id")
	w.refuses(t, p, "dependencyChange", with(seen, object{"id": id}), "CONFLICT", "input.id")
	w.refuses(t, p, "dependencyConfirm", object{"id": id}, "CONFLICT", "input.id")
	last := w.must(t, p, "dependencyCreate", with(input, object{"clientMutationId": nil, "validFrom": "2027-01-01"}), dependencyFields)
	if got := jsonText(t, []any{last["id"], last["version"], last["validity"]}); got != `["`+id+`",7,{"from":"2027-01-01","until":null}]` {
		t.Errorf("valid again %s", got)
	}
	if got := lists(); strings.Contains(got, "cooling") {
		t.Errorf("before it begins again %s", got)
	}
	w.must(t, p, "dependencyWithdraw", object{"id": id, "reason": "by mistake"}, "") // it never held again
	w.green(t)
	checkDependencyHistory(t, w, was)
}

// dependency reads a dependency by its id.
func (w *world) dependency(t *testing.T, p kritis.Principal, id string) object {
	t.Helper()
	return queryAs[struct{ Node object }](t, w, p, `query($id: ID!) { node(id: $id) { ... on Dependency { id version `+dependencyFields+` } } }`, object{"id": id}).Node
}

func checkDependencyHistory(t *testing.T, w *world, made object) {
	history := string(w.ask(t, w.caller(t, centre), `query($id: ID!) { changes(of: $id) { totalCount nodes { action reason actor { name } fieldChanges { field before after } } } }`, object{"id": made["id"]}))
	for _, part := range []string{
		`"totalCount":8`, `{"action":"dependencyCreate","reason":"risk analysis","actor":{"name":"centre"},"fieldChanges":[{"field":"evidence.asOf","before":null,"after":"2026-10-30"}`,
		`{"field":"strength","before":"0.6275","after":"1"}`, `{"field":"timeRange.from","before":"PT1H","after":null}`, `{"field":"validity.until","before":null,"after":"2026-12-01"}`,
		fmt.Sprintf(`{"field":"key","before":null,"after":"%s"}`, made["key"]), `"action":"dependencyConfirm","reason":"yearly review","actor":{"name":"centre"},"fieldChanges":[{"field":"confirmedAt","before":null,`,
	} {
		if !strings.Contains(history, part) {
			t.Errorf("the history lacks %s: %s", part, history)
		}
	}
}

func TestWhatCannotBeStatedIsRefusedAtItsPlace(t *testing.T) {
	w := onSQLite(t)
	const grid, hospital = store.ID("Facility/demo-fa-0001"), store.ID("Operator/demo-op-0003")
	checkWrong(t, w, "dependencyCreate", supply(grid, hospital), []wrong{
		{"a branch", object{"provider": object{"branch": "electricity"}}, "provider.branch"},
		{"a service", object{"dependent": object{"service": "drinking-water-supply"}}, "dependent.service"},
		{"itself", object{"provider": inputOf(hospital)}, "provider"},
		{"no strength", object{"strength": 0}, "strength"},
		{"less than none", object{"strength": -0.5}, "strength"},
		{"more than all", object{"strength": 1.0001}, "strength"},
		{"five decimals", object{"strength": 0.12345}, "strength"},
		{"next to nothing", object{"strength": 1e-300}, "strength"},
		{"a time for ever", object{"timeToImpact": "P4000D"}, "timeToImpact"},
		{"a substitute for ever", object{"substitute": "P4000D"}, "substitute"},
		{"a range below the time", object{"timeRange": object{"from": "PT0S", "to": "PT1H"}}, "timeRange"},
		{"a range above the time", object{"timeRange": object{"from": "PT3H", "to": "PT4H"}}, "timeRange"},
		{"a range the wrong way round", object{"timeRange": object{"from": "PT3H", "to": "PT1H"}}, "timeRange"},
		{"a range for ever", object{"timeRange": object{"from": "PT1H", "to": "P4000D"}}, "timeRange.to"},
		{"an empty need", object{"need": ""}, "need"},
		{"a need with a mark of ids", object{"need": "a#b"}, "need"},
		{"a long need", object{"need": strings.Repeat("x", 61)}, "need"},
		{"an empty rationale", object{"rationale": " "}, "rationale"},
		{"a day long ago", object{"validFrom": "1900-01-01"}, "validFrom"},
		{"a day far ahead", object{"validFrom": "2099-01-01"}, "validFrom"},
		{"no source", object{"source": ""}, "source"},
		{"a source of tomorrow", object{"asOf": "2026-11-02"}, "asOf"},
	})
	p := w.caller(t, centre)
	id := w.must(t, p, "dependencyCreate", supply(grid, hospital, object{"timeRange": object{"from": "PT1H", "to": "PT4H"}}), "")["id"]
	checkWrong(t, w, "dependencyChange", with(seen, object{"id": id}), []wrong{
		{"a time outside the range that there is", object{"timeToImpact": "PT5H"}, "timeRange"},
		{"a range without the time that there is", object{"timeRange": object{"from": "PT3H", "to": "PT5H"}}, "timeRange"},
		{"more than all", object{"strength": 2}, "strength"},
	})
	checkWrong(t, w, "dependencyWithdraw", object{"id": id, "reason": "x"}, []wrong{
		{"a day before the first", object{"validUntil": "2026-10-31"}, "validUntil"},
		{"a day far ahead", object{"validUntil": "2099-01-01"}, "validUntil"},
	})
	months := string(w.ask(t, p, `mutation($input: DependencyCreateInput!) { dependencyCreate(input: $input) { userErrors { code } } }`, object{"input": supply(hospital, grid, object{"timeToImpact": "P1M"})}))
	if !strings.Contains(months, "BAD_INPUT") && !strings.Contains(months, "BAD_USER_INPUT") || strings.Contains(months, `"data":{"dependencyCreate"`) {
		t.Errorf("a month has no fixed length: %s", months)
	}
	w.must(t, p, "dependencyCreate", supply(hospital, grid), "")                          // a circle
	w.must(t, p, "dependencyCreate", supply(grid, hospital, object{"need": "steam"}), "") // the same provider in another need
	w.must(t, p, "dependencyCreate", supply("Operator/demo-op-0001", grid), "")           // its own operator, and the other way round
	w.must(t, p, "dependencyCreate", supply(grid, "Operator/demo-op-0001"), "")
	w.refuses(t, p, "dependencyConfirm", object{"id": one("SUPPLIES/Branch/electricity>Branch/telecommunications")}, "FORBIDDEN", "input.id")
	w.green(t)
}

func TestWhatEndedTakesNoDependency(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, centre)
	id := w.must(t, p, "dependencyCreate", supply("Facility/demo-fa-0001", "Facility/demo-fa-0009"), "")["id"]
	w.must(t, p, "facilityWithdraw", object{"id": facilityID(1), "reason": "closed", "validUntil": "2026-12-01"}, "")
	w.refuses(t, p, "dependencyCreate", supply("Facility/demo-fa-0001", "Facility/demo-fa-0010", object{"validFrom": "2026-12-01"}), "CONFLICT", "input.provider")
	w.refuses(t, p, "dependencyCreate", supply("Facility/demo-fa-0010", "Facility/demo-fa-0001", object{"validFrom": "2026-12-01"}), "CONFLICT", "input.dependent")
	w.must(t, p, "dependencyCreate", supply("Facility/demo-fa-0001", "Facility/demo-fa-0010"), "")
	w.must(t, p, "facilityWithdraw", object{"id": facilityID(1), "reason": "closed"}, "")
	w.refuses(t, p, "dependencyChange", with(seen, object{"id": id}), "CONFLICT", "input.id")
	w.refuses(t, p, "dependencyConfirm", object{"id": id}, "CONFLICT", "input.id")
	w.must(t, p, "dependencyWithdraw", object{"id": id, "reason": "nothing there"}, "")
	w.green(t)
}

func TestDependenciesAreReadInFewCalls(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, centre)
	const ends = `{ key provider { id } dependent { id } }`
	for _, c := range []struct {
		name, document string
		variables      object
		calls          map[string]int
	}{
		{"several by their ids, with their ends", `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Dependency ` + ends + ` } }`, object{"ids": []string{
			one("SUPPLIES/Facility/demo-fa-0001>Facility/demo-fa-0002"), one("SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-0006"), one("SUPPLIES/Facility/demo-fa-0001>Facility/demo-fa-0003"),
		}}, map[string]int{"Neighbors": 1, "Nodes": 1}},
		{"what two facilities need", `{ a: facility(reference: "demo-fa-0006") { providers { nodes ` + ends + ` } } b: facility(reference: "demo-fa-0007") { providers { totalCount nodes ` + ends + ` } } }`, nil,
			map[string]int{"Neighbors": 1, "Nodes": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := w.fewest(t, p, c.document, c.variables); !maps.Equal(got, c.calls) {
				t.Errorf("the calls are %v, not %v", got, c.calls)
			}
			if got := string(w.ask(t, p, c.document, c.variables)); strings.Contains(got, "null") || strings.Count(got, `"key"`) < 3 {
				t.Error(got)
			}
		})
	}
}
