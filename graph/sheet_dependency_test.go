package graph_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

const dependencyHeader = "provider;dependent;need;kind;strength;time_to_impact;time_from;time_until;substitute;figures;rationale;source;as_of;confidence"

func TestASpreadsheetOfDependenciesIsImported(t *testing.T) { checkDependencyImport(t, onSQLite(t)) }

func checkDependencyImport(t *testing.T, w *world) {
	p := w.caller(t, operatorOne)
	csv := lines(dependencyHeader,
		"demo-fa-0001;demo-fa-0002;cooling;PHYSICAL;0,6275;PT2H;PT1H;PT4H;PT6H;ESTIMATED;one main only;plan of the works;01.10.2026;MEMORY",
		"demo-op-0001;demo-fa-0003;;ORGANISATIONAL;1;P1D;;;;SOURCED;;;;",
		"demo-fa-0002;demo-op-0001;;CYBER;0,5;PT30M;;;;ESTIMATED;;;;")
	input := object{"operator": operatorID(1), "csv": csv, "clientMutationId": "first", "reason": "analysis"}
	before := w.head(t)
	dry := w.imports(t, p, "dependencyImport", with(input, object{"dryRun": true}))
	if dry.counts() != [3]int{3, 0, 0} || len(dry.RowErrors)+len(dry.UserErrors) > 0 || dry.ConsistencyToken != nil || w.head(t) != before {
		t.Fatalf("dry run: %+v", dry)
	}
	first := w.imports(t, p, "dependencyImport", input)
	if first.counts() != [3]int{3, 0, 0} || len(first.UserErrors) > 0 || first.ConsistencyToken == nil || w.head(t) != before+1 {
		t.Fatalf("import: %+v", first)
	}
	if again := w.imports(t, p, "dependencyImport", input); again.counts() != first.counts() || w.head(t) != before+1 {
		t.Errorf("the same again: %+v", again)
	}
	id := kritis.GlobalID(kritis.DependencyID("Facility/demo-fa-0001", "Facility/demo-fa-0002", "cooling"))
	made := w.dependency(t, p, id)
	delete(made, "key")
	want := `{"confirmedAt":null,"dependent":{"reference":"demo-fa-0002"},"evidence":{"asOf":"2026-10-01","confidence":"MEMORY","source":"plan of the works"},"figures":"ESTIMATED","id":"` + id + `","kind":"PHYSICAL",` +
		`"need":"cooling","provider":{"reference":"demo-fa-0001"},"rationale":"one main only","strength":0.6275,"substitute":"PT6H","timeRange":{"from":"PT1H","to":"PT4H"},` +
		`"timeToImpact":"PT2H","validity":{"from":"2026-11-01","until":null},"version":1}`
	if diff := cmp.Diff(want, jsonText(t, made)); diff != "" {
		t.Error(diff)
	}
	other := w.dependency(t, p, kritis.GlobalID(kritis.DependencyID("Operator/demo-op-0001", "Facility/demo-fa-0003", "")))
	if got := jsonText(t, []any{other["strength"], other["figures"], other["evidence"]}); got != `[1,"SOURCED",{"asOf":"2026-10-30","confidence":"VERIFIED","source":"registration portal"}]` {
		t.Errorf("by the evidence of the import: %s", got)
	}
	w.green(t)

	// What is so already stays; an empty cell says nothing, a minus takes a value away; what was withdrawn is stated again.
	w.must(t, p, "dependencyWithdraw", object{"id": kritis.GlobalID(kritis.DependencyID("Facility/demo-fa-0002", "Operator/demo-op-0001", "")), "reason": "x"}, "")
	second := object{"operator": operatorID(1), "clientMutationId": "second", "asOf": "2026-11-01", "csv": lines("provider,dependent,need,kind,strength,time_to_impact,time_from,time_until,substitute,figures,rationale",
		"demo-fa-0001,demo-fa-0002,cooling,,0.7,,PT2H,,-,,-", "demo-op-0001,demo-fa-0003,,ORGANISATIONAL,1,P1D,,,,,", "demo-fa-0002,demo-op-0001,,CYBER,0.4,PT1H,,,,ESTIMATED,",
		"demo-fa-0003,demo-op-0001,,CYBER,0.4,PT1H,,,,ESTIMATED,")}
	for range 2 { // the same again tells the same
		if got := w.imports(t, p, "dependencyImport", second); got.counts() != [3]int{1, 2, 1} || len(got.UserErrors) > 0 {
			t.Fatalf("second: %+v", got)
		}
	}
	after := w.dependency(t, p, id)
	if got := jsonText(t, []any{after["strength"], after["timeRange"], after["substitute"], after["rationale"], after["kind"], after["version"], after["evidence"]}); got !=
		`[0.7,{"from":"PT2H","to":"PT4H"},null,null,"PHYSICAL",2,{"asOf":"2026-11-01","confidence":"VERIFIED","source":"registration portal"}]` {
		t.Errorf("after: %s", got)
	}
	stated := w.dependency(t, p, kritis.GlobalID(kritis.DependencyID("Facility/demo-fa-0002", "Operator/demo-op-0001", "")))
	if got := jsonText(t, []any{stated["strength"], stated["validity"], stated["version"]}); got != `[0.4,{"from":"2026-11-01","until":null},3]` {
		t.Errorf("stated again: %s", got)
	}
	same := w.imports(t, p, "dependencyImport", object{"operator": operatorID(1), "csv": lines("provider,dependent,need", "demo-fa-0001,demo-fa-0002,cooling")})
	if same.counts() != [3]int{0, 0, 1} || same.ConsistencyToken != nil {
		t.Errorf("nothing new: %+v", same)
	}
	seenAgain := w.imports(t, p, "dependencyImport", object{"operator": operatorID(1), "csv": lines("provider,dependent,need,as_of", "demo-fa-0001,demo-fa-0002,cooling,2026-10-31")})
	if seenAgain.counts() != [3]int{0, 1, 0} {
		t.Errorf("seen on another day, as the row itself says: %+v", seenAgain)
	}
	w.green(t)
}

func TestEveryErrorOfASpreadsheetOfDependenciesIsToldWithItsPlace(t *testing.T) {
	w := onSQLite(t)
	before := w.head(t)
	got := w.imports(t, w.caller(t, centre), "dependencyImport", object{"operator": operatorID(1), "csv": lines(dependencyHeader,
		"demo-fa-0001;demo-fa-0002;n;;;;;;;;;;;",
		"demo-fa-0001;demo-fa-0001;x;CYBER;1;PT1H;;;;ESTIMATED;;;;",
		"demo-fa-9999;demo-fa-0002;;CYBER;1;PT1H;;;;ESTIMATED;;;;",
		";a/b;;CYBER;1;PT1H;;;;ESTIMATED;;;;",
		"demo-fa-0001;demo-fa-0006;;CYBER;1;PT1H;;;;ESTIMATED;;;;",
		"demo-fa-0001;demo-fa-0002;a#b;CYBER;0,12345;PT1H;PT2H;PT3H;;ESTIMATED;;;;",
		"demo-fa-0001;demo-fa-0002;b;MAGIC;eins;1;PT2H;;;;;;2026-13-01;",
		"demo-fa-0001;demo-fa-0002;c;CYBER;2;P4000D;;;P4000D;ESTIMATED;;;01.12.2026;SURE",
		"demo-fa-0001;demo-fa-0002;d;CYBER;1;PT1H;;;;ESTIMATED;;;;",
		"demo-fa-0001;demo-fa-0002;d;CYBER;1;PT2H;;;;ESTIMATED;;;;",
		"demo-fa-0001;demo-op-0001;-;-;1;PT1H;;;;ESTIMATED;;;;",
	)})
	want := lines(
		`2: kind: A new dependency needs this.`, `2: strength: A new dependency needs this.`, `2: time_to_impact: A new dependency needs this.`, `2: figures: A new dependency needs this.`,
		`3: provider: Nothing depends on itself: give another provider or dependent.`,
		`4: provider: The provider does not exist, or is not visible for you.`,
		`5: provider: Give the reference of a facility or an operator, such as demo-fa-0001.`,
		`5: dependent: The dependent does not exist, or is not visible for you.`,
		`6: dependent: The operator of the import does not run demo-fa-0006: what depends is the operator or one of its facilities.`,
		`7: need: A need takes 1 to 60 printable characters without spaces around them, and none of # > /.`,
		`7: strength: strength takes a number above 0 up to 1 with at most four decimals.`,
		`7: time_from: A timeRange from PT2H to PT3H does not hold a timeToImpact of PT1H.`,
		`8: kind: "MAGIC" is none of PHYSICAL, CYBER, GEOGRAPHIC, LOGICAL, ORGANISATIONAL.`,
		`8: figures: A new dependency needs this.`,
		`8: strength: "eins" is no number: write it like 0.95 or 0,95.`,
		`8: time_to_impact: "1" is no length of time: write it as ISO 8601, like PT2H, PT30M or P1DT12H.`,
		`8: time_until: Give the upper end of the time too, or take both ends away.`,
		`8: as_of: "2026-13-01" is no day: write it like 2026-11-01 or 01.11.2026.`,
		`9: confidence: "SURE" is none of VERIFIED, MEMORY, UNVERIFIED.`,
		`9: strength: strength takes a number above 0 up to 1 with at most four decimals.`,
		`9: time_to_impact: time_to_impact takes a length of time from PT0S to P3650D.`,
		`9: substitute: substitute takes a length of time from PT0S to P3650D.`,
		`9: as_of: as_of is the day on which it was seen: it is not after today, 2026-11-01.`,
		`11: provider: The lines 10 and 11 state the same dependency: keep one.`,
		`12: kind: This cannot be taken away: leave the cell empty, and it stays.`,
		`12: need: This cannot be taken away: leave the cell empty, and it stays.`,
	)
	if diff := cmp.Diff(want, got.told()); diff != "" {
		t.Error(diff)
	}
	if code(t, got.UserErrors) != "BAD_INPUT" || got.counts() != [3]int{} || w.head(t) != before {
		t.Errorf("%+v", got)
	}
}

func TestWhoMayImportDependencies(t *testing.T) {
	w := onSQLite(t)
	row := func(provider, dependent, need string) string {
		return lines("provider,dependent,need,kind,strength,time_to_impact,figures", provider+","+dependent+","+need+",PHYSICAL,0.9,PT2H,ESTIMATED")
	}
	of := func(number int) any { return operatorID(number) }
	for _, c := range []struct {
		name     string
		id       kritis.Identity
		operator any
		csv      string
		code     string
		rows     string
	}{
		{"an operator for its facility", operatorOne, of(1), row("demo-fa-0001", "demo-fa-0002", "a"), "", ""},
		{"an operator for itself", operatorOne, of(1), row("demo-fa-0001", "demo-op-0001", "a"), "", ""},
		{"an operator names itself", operatorOne, nil, row("demo-fa-0001", "demo-fa-0002", "b"), "FORBIDDEN", ""},
		{"an operator does not see another one", operatorOne, of(3), row("demo-fa-0001", "demo-fa-0006", "a"), "NOT_FOUND", ""},
		{"nor one that does not exist", operatorOne, of(9999), row("demo-fa-0001", "demo-fa-0006", "a"), "NOT_FOUND", ""},
		{"nor its facilities", operatorOne, of(1), row("demo-fa-0001", "demo-fa-0006", "a"), "BAD_INPUT", "2: dependent: The dependent does not exist, or is not visible for you.\n"},
		{"nor its facilities as suppliers", operatorOne, of(1), row("demo-fa-0006", "demo-fa-0001", "a"), "BAD_INPUT", "2: provider: The provider does not exist, or is not visible for you.\n"},
		{"a supervisor for what it supervises", networks, of(1), row("demo-fa-0001", "demo-fa-0002", "c"), "", ""},
		{"a supervisor of others", banking, of(1), row("demo-fa-0001", "demo-fa-0002", "d"), "NOT_FOUND", ""},
		{"the contact of a Land sees it and does not say it", officerOfBY, of(1), row("demo-fa-0001", "demo-fa-0002", "e"), "BAD_INPUT", "2: dependent: You may not say what it depends on: its operator, its supervisory authorities, administrators and the situation centre may.\n"},
		{"an administrator for anybody", maintainer, nil, row("demo-fa-0001", "demo-fa-0006", "f"), "", ""},
		{"the situation centre for one operator alone", centre, of(3), row("demo-fa-0001", "demo-fa-0002", "g"), "BAD_INPUT", "2: dependent: The operator of the import does not run demo-fa-0002: what depends is the operator or one of its facilities.\n"},
		{"an auditor sees nothing of it", kritis.Identity{Subject: "a", Roles: []string{"AUDITOR"}}, of(1), row("demo-fa-0001", "demo-fa-0002", "h"), "NOT_FOUND", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := w.head(t)
			got := w.imports(t, w.caller(t, c.id), "dependencyImport", object{"operator": c.operator, "csv": c.csv})
			if code(t, got.UserErrors) != c.code || got.told() != c.rows || (c.code == "") != (w.head(t) == before+1) {
				t.Errorf("%+v", got)
			}
		})
	}
	w.green(t)
}

func TestAHiddenEndIsAMissingOneForAnImport(t *testing.T) { checkHiddenEnds(t, onSQLite(t)) }

func checkHiddenEnds(t *testing.T, w *world) {
	p := w.caller(t, operatorOne)
	for _, ends := range [][2][2]string{
		{{"demo-fa-0006", "demo-fa-0001"}, {"demo-fa-9999", "demo-fa-0001"}},
		{{"demo-fa-0001", "demo-fa-0006"}, {"demo-fa-0001", "demo-fa-9999"}},
		{{"demo-op-0003", "demo-fa-0001"}, {"demo-op-9999", "demo-fa-0001"}},
	} {
		answer := func(pair [2]string) (string, int) {
			w.calls.Reset()
			csv := lines("provider,dependent,kind,strength,time_to_impact,figures", pair[0]+","+pair[1]+",PHYSICAL,0.9,PT2H,ESTIMATED")
			return jsonText(t, w.imports(t, p, "dependencyImport", object{"operator": operatorID(1), "csv": csv})), w.calls.Total()
		}
		hidden, calls := answer(ends[0])
		missing, others := answer(ends[1])
		if hidden != missing || calls != others || !strings.Contains(hidden, "does not exist") {
			t.Errorf("hidden %s in %d calls\nmissing %s in %d", hidden, calls, missing, others)
		}
	}
}

func TestOfTwentyImportsOfOneDependencyEachSucceeds(t *testing.T) {
	w := onSQLite(t)
	csv := lines("provider,dependent,need,kind,strength,time_to_impact,figures", "demo-fa-0001,demo-fa-0002,steam,PHYSICAL,0.9,PT2H,ESTIMATED")
	codes := atOnce(editors, func(int) string {
		return w.code(t, developer, `mutation($input: DependencyImportInput!) { m: dependencyImport(input: $input) { userErrors { code } } }`, object{"input": with(seen, object{"csv": csv})})
	})
	for _, c := range codes {
		if c != won {
			t.Fatalf("%v", codes)
		}
	}
	if d := w.dependency(t, developer, kritis.GlobalID(kritis.DependencyID("Facility/demo-fa-0001", store.ID("Facility/demo-fa-0002"), "steam"))); d["strength"] != 0.9 {
		t.Errorf("%v", d)
	}
	w.green(t)
}
