package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/sheet"
)

type rowError struct {
	Line    int
	Column  *string
	Message string
}

type imported struct {
	Created, Changed, Unchanged int
	References                  []struct {
		Line      int
		Reference string
	}
	RowErrors        []rowError
	UserErrors       []userError
	ConsistencyToken *string
}

// counts are the numbers of rows.
func (i imported) counts() [3]int { return [3]int{i.Created, i.Changed, i.Unchanged} }

// told are the errors of the rows as a command tells them.
func (i imported) told() string {
	var b strings.Builder
	for _, e := range i.RowErrors {
		column := ""
		if e.Column != nil {
			column = *e.Column + ": "
		}
		fmt.Fprintf(&b, "%d: %s%s\n", e.Line, column, e.Message)
	}
	return b.String()
}

// imports sends a spreadsheet.
func (w *world) imports(t testing.TB, p kritis.Principal, name string, input object) imported {
	t.Helper()
	document := fmt.Sprintf(`mutation($input: %sInput!) { m: %s(input: $input) {
		created changed unchanged references { line reference } rowErrors { line column message } userErrors { code path message } consistencyToken } }`,
		strings.ToUpper(name[:1])+name[1:], name)
	return queryAs[struct{ M imported }](t, w, p, document, object{"input": with(seen, input)}).M
}

// lines joins the lines of a sheet.
func lines(rows ...string) string { return strings.Join(rows, "\n") + "\n" }

const facilityHeader = "reference;name;category;service;branch;federal_state;ars;municipality;longitude;latitude;supply_area;backup_power;recovery;ownership;critical_facility"

// theFacilities are two new facilities and two that are there.
var theFacilities = lines(facilityHeader,
	";Umspannwerk Nord;1.1.3.1;electricity-supply;;BY;09162;München;11,575;48,137;09162:1500000 09178;PT24H;PT6H;MUNICIPAL;WAHR",
	`;"Wasserwerk ""Süd""";;;public-water-supply;BY;;;;;;;;;`,
	"demo-fa-0001;;;;;;;;;;;PT8H;;;",
	"demo-fa-0002;Stromverteilernetz Glommwinkel;;;electricity;BY;;;;;09803:210000;PT24H;;;")

func TestASpreadsheetOfFacilitiesIsImported(t *testing.T) { checkFacilityImport(t, onSQLite(t)) }

func checkFacilityImport(t *testing.T, w *world) {
	p := w.caller(t, operatorOne)
	input := object{"operator": operatorID(1), "csv": theFacilities, "clientMutationId": "facilities", "reason": "list of October"}
	before := w.head(t)
	dry := w.imports(t, p, "facilityImport", with(input, object{"dryRun": true}))
	if dry.counts() != [3]int{2, 1, 1} || len(dry.RowErrors)+len(dry.UserErrors)+len(dry.References) > 0 || dry.ConsistencyToken != nil || w.head(t) != before {
		t.Fatalf("dry run: %+v", dry)
	}
	first := w.imports(t, p, "facilityImport", input)
	if first.counts() != [3]int{2, 1, 1} || len(first.RowErrors)+len(first.UserErrors) > 0 || first.ConsistencyToken == nil || w.head(t) != before+1 {
		t.Fatalf("import: %+v", first)
	}
	again := w.imports(t, p, "facilityImport", input)
	first.ConsistencyToken, again.ConsistencyToken = nil, nil
	if diff := cmp.Diff(first, again); diff != "" || w.head(t) != before+1 {
		t.Errorf("the same again: %s", diff)
	}
	if first.References[0].Line != 2 || first.References[1].Line != 3 {
		t.Fatalf("references %v", first.References)
	}
	const fields = `name operator { reference } category { code } service { slug } branch { slug } site { federalState { code } ars municipality coordinates { longitude latitude } }
		supplyArea { federalStates { code } ars parts { ars population } population } backupPower recovery attributes { ownership criticalFacility } evidence { source }`
	for reference, want := range map[string]string{
		first.References[0].Reference: `{"attributes":{"criticalFacility":true,"ownership":"MUNICIPAL"},"backupPower":"P1D","branch":{"slug":"electricity"},"category":{"code":"1.1.3.1"},"evidence":{"source":"registration portal"},` +
			`"name":"Umspannwerk Nord","operator":{"reference":"demo-op-0001"},"recovery":"PT6H","service":{"slug":"electricity-supply"},` +
			`"site":{"ars":"09162","coordinates":{"latitude":48.137,"longitude":11.575},"federalState":{"code":"BY"},"municipality":"München"},` +
			`"supplyArea":{"ars":["09162","09178"],"federalStates":[{"code":"BY"}],"parts":[{"ars":"09162","population":1500000},{"ars":"09178","population":null}],"population":null}}`,
		first.References[1].Reference: `{"attributes":{"criticalFacility":null,"ownership":"UNKNOWN"},"backupPower":null,"branch":{"slug":"public-water-supply"},"category":null,"evidence":{"source":"registration portal"},` +
			`"name":"Wasserwerk \"Süd\"","operator":{"reference":"demo-op-0001"},"recovery":null,"service":null,` +
			`"site":{"ars":null,"coordinates":null,"federalState":{"code":"BY"},"municipality":null},"supplyArea":null}`,
	} {
		got := queryAs[object](t, w, p, `query($r: String!) { facility(reference: $r) { `+fields+` } }`, object{"r": reference})
		if diff := cmp.Diff(want, jsonText(t, got["facility"])); diff != "" {
			t.Errorf("%s: %s", reference, diff)
		}
	}
	kept := queryAs[object](t, w, p, `{ changed: facility(reference: "demo-fa-0001") { name backupPower supplyArea { population } evidence { source } } same: facility(reference: "demo-fa-0002") { version evidence { source } } }`, nil)
	if got := jsonText(t, kept); got != `{"changed":{"backupPower":"PT8H","evidence":{"source":"registration portal"},"name":"Stromverteilernetz Musterau","supplyArea":{"population":420000}},"same":{"evidence":{"source":"demo"},"version":1}}` {
		t.Errorf("what was there: %s", got)
	}
	history := string(w.ask(t, p, `query($id: ID!) { changes(of: $id) { nodes { action reason } } }`, object{"id": facilityID(1)}))
	if !strings.Contains(history, `{"action":"facilityImport","reason":"list of October"}`) {
		t.Errorf("history %s", history)
	}
	w.green(t)

	// With the references, the spreadsheet changes what it made; a cell with a minus takes a value away.
	second := w.imports(t, p, "facilityImport", object{"operator": operatorID(1), "csv": lines("reference,name,supply_area,supply_population,category,longitude,latitude,ownership,sector",
		first.References[0].Reference+",,-,,-,-,-,-,", first.References[1].Reference+",Wasserwerk,09 06411:1000,5000,,,,,", "demo-fa-0003,,,200000,,,,,energy")})
	if second.counts() != [3]int{0, 3, 0} {
		t.Fatalf("second: %+v", second)
	}
	got := queryAs[object](t, w, p, `query($a: String!, $b: String!) { a: facility(reference: $a) { ...f } b: facility(reference: $b) { ...f } c: facility(reference: "demo-fa-0003") { ...f } }
		fragment f on Facility { name category { code } branch { slug } site { coordinates { longitude } } supplyArea { federalStates { code } parts { ars population } population } attributes { ownership } }`,
		object{"a": first.References[0].Reference, "b": first.References[1].Reference})
	want := `{"a":{"attributes":{"ownership":"UNKNOWN"},"branch":{"slug":"electricity"},"category":null,"name":"Umspannwerk Nord","site":{"coordinates":null},"supplyArea":null},` +
		`"b":{"attributes":{"ownership":"UNKNOWN"},"branch":{"slug":"public-water-supply"},"category":null,"name":"Wasserwerk","site":{"coordinates":null},` +
		`"supplyArea":{"federalStates":[{"code":"BY"},{"code":"HE"}],"parts":[{"ars":"06411","population":1000},{"ars":"09","population":null}],"population":5000}},`
	if !strings.HasPrefix(jsonText(t, got), want) || !strings.HasSuffix(jsonText(t, got), `"supplyArea":{"federalStates":[{"code":"BY"}],"parts":[{"ars":"09804","population":150000}],"population":200000}}}`) {
		t.Errorf("got  %s\nwant %s", jsonText(t, got), want)
	}
	same := w.imports(t, p, "facilityImport", object{"operator": operatorID(1), "csv": lines("reference,name", "demo-fa-0003,"), "asOf": "2026-11-01"})
	if same.counts() != [3]int{0, 0, 1} || same.ConsistencyToken != nil || len(same.UserErrors) > 0 {
		t.Errorf("nothing new: %+v", same)
	}
	w.green(t)
}

func TestEveryErrorOfASpreadsheetOfFacilitiesIsToldWithItsPlace(t *testing.T) {
	w := onSQLite(t)
	p := w.caller(t, centre)
	before := w.head(t)
	const header = "reference;name;category;service;branch;sector;federal_state;in_exclusive_economic_zone;ars;longitude;latitude;supply_area;supply_population;backup_power;tlp"
	got := w.imports(t, p, "facilityImport", object{"operator": operatorID(1), "csv": lines(header,
		";;;;electricity;;BY;;;;;;;;",
		";A;;;;;BY;;;;;;;;",
		";B;;;magic;;BY;;;;;;;;",
		";C;;electricity-supply;rail;;BY;;;;;;;;",
		";D;9.9.9;;;;BY;;;;;;;;",
		";E;;;electricity;;;;;;;;;;",
		";F;;;electricity;;BY;true;;;;;;;",
		";G;;;electricity;;BY;;06411;2,35;48,85;;;;",
		";H;;;electricity;;BY;;9162;11,5;;;;;",
		";I;;;electricity;;BY;;;;;09162:1 0916;;;",
		";J;;;electricity;;BY;;;;;09162 09162:5;;;",
		";K;;;electricity;;BY;;;;;09 09162:1 09178:2;;;",
		";L;;;electricity;;BY;;;;;09162:x 1;;;",
		";M;;;electricity;;BY;;;;;09162:5000;4000;P4000D;",
		";N;;;electricity;;XX;;;;;;;2 h;PINK",
		";O;;;electricity;;BY;;;;;;;;",
		";O;;;electricity;;BY;;;;;;;;",
		";Stromverteilernetz Musterau;;;electricity;;BY;;;;;;;;",
		"demo-fa-0001;-;;;rail;;;;;;;;;;-",
		"demo-fa-0001;;;;;;-;;;;;;;;",
		"demo-fa-0006;;;;;;;;;;;;;;",
		"demo-fa-9999;;;;;;;;;;;;;;",
		"demo-fa-0002")})
	want := lines(
		`2: name: A new facility has a name. To change one that is there, give its reference.`,
		`3: branch: Give a category, a service, a branch or a sector.`,
		`4: branch: There is no branch "magic": give a slug of the directory, such as rail.`,
		`5: branch: The service belongs to "electricity", not to "rail": leave the wider one out.`,
		`6: category: There is no category "9.9.9" of this service, or several services have one: give the code and the service, such as 1.1.1 and electricity-supply.`,
		`7: federal_state: Give the Land of the site, or say that it stands in the exclusive economic zone, not both.`,
		`8: federal_state: Give the Land of the site, or say that it stands in the exclusive economic zone, not both.`,
		`9: ars: The regional key begins with that of its Land, 09.`,
		`9: longitude: The point lies outside: longitude 5.8 to 15.1, latitude 47.2 to 55.1.`,
		`10: ars: "9162" is no regional key: it has 2, 3, 5, 9 or 12 digits, a zero at the beginning too, like 09162. Format the column as text.`,
		`10: latitude: Give the latitude too, or take both away.`,
		`11: supply_area: "0916" is no regional key: it has 2, 3, 5, 9 or 12 digits, a zero at the beginning too, like 09162. Format the column as text.`,
		`12: supply_area: The regional key 09162 stands twice: give it once.`,
		`13: supply_area: The regional key 09162 lies within 09 of the same supply area: give one of them.`,
		`14: supply_area: "09162:x" is no part of a supply area: write a key, or a key and its inhabitants, like 09162:1500000, with spaces between the parts.`,
		`15: supply_population: population is 4000, but the parts have 5000: leave it out, and it is their sum.`,
		`15: backup_power: backup_power takes a length of time from PT0S to P3650D.`,
		`16: federal_state: "XX" is none of BB, BE, BW, BY, HB, HE, HH, MV, NI, NW, RP, SH, SL, SN, ST, TH.`,
		`16: tlp: "PINK" is none of CLEAR, GREEN, AMBER, AMBER_STRICT, RED.`,
		`16: backup_power: "2 h" is no length of time: write it as ISO 8601, like PT2H, PT30M or P1DT12H.`,
		`18: name: The lines 17 and 18 give a new facility the same name: keep one.`,
		`19: name: The operator has a facility with this name: give its reference, demo-fa-0001, or another name.`,
		`20: name: This cannot be taken away: leave the cell empty, and it stays.`,
		`20: tlp: This cannot be taken away: leave the cell empty, and it stays.`,
		`20: branch: The service belongs to "electricity", not to "rail": leave the wider one out.`,
		`21: reference: The lines 20 and 21 name the same facility: keep one.`,
		`21: federal_state: Give the Land of the site, or say that it stands in the exclusive economic zone, not both.`,
		`22: reference: The operator has no facility "demo-fa-0006", or it is not visible for you. Leave the cell empty to register a new one.`,
		`23: reference: The operator has no facility "demo-fa-9999", or it is not visible for you. Leave the cell empty to register a new one.`,
		`24: The line has 1 cell, the header 15: the rest of it is missing, or a quote is not closed.`,
	)
	if diff := cmp.Diff(want, got.told()); diff != "" {
		t.Error(diff)
	}
	if code(t, got.UserErrors) != "BAD_INPUT" || got.counts() != [3]int{} || got.ConsistencyToken != nil || w.head(t) != before {
		t.Errorf("%+v", got)
	}
	for _, c := range []struct {
		name, path string
		input      object
	}{
		{"a source that is none", "input.source", object{"csv": theFacilities, "source": " "}},
		{"a day after today", "input.asOf", object{"csv": theFacilities, "asOf": "2026-11-02"}},
		{"more than a request carries", "input.csv", object{"csv": strings.Repeat("x", 192<<10+1)}},
		{"no spreadsheet", "input.csv", object{"csv": ""}},
	} {
		got := w.imports(t, p, "facilityImport", with(object{"operator": operatorID(1)}, c.input))
		if len(got.UserErrors) != 1 || strings.Join(got.UserErrors[0].Path, ".") != c.path || w.head(t) != before {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestWhoMayImportFacilities(t *testing.T) {
	w := onSQLite(t)
	fresh := func(name, branch string) string { return lines("name,branch,federal_state", name+","+branch+",BY") }
	changes := func(reference string) string { return lines("reference,name,recovery", reference+",,PT7H") }
	for _, c := range []struct {
		name     string
		id       kritis.Identity
		operator int
		csv      string
		code     string
		rows     string
	}{
		{"an operator registers its own", operatorOne, 1, fresh("A", "electricity"), "", ""},
		{"an operator changes its own", operatorOne, 1, changes("demo-fa-0001"), "", ""},
		{"an operator does not see another one", operatorOne, 3, fresh("B", "medical-care"), "NOT_FOUND", ""},
		{"nor one that does not exist", operatorOne, 9999, fresh("B", "medical-care"), "NOT_FOUND", ""},
		{"an operator does not change what another one has", operatorOne, 1, changes("demo-fa-0006"), "BAD_INPUT", "2: reference: The operator has no facility \"demo-fa-0006\", or it is not visible for you. Leave the cell empty to register a new one.\n"},
		{"a supervisor registers what it supervises", networks, 1, fresh("C", "electricity"), "", ""},
		{"a supervisor changes what it supervises", networks, 1, changes("demo-fa-0002"), "", ""},
		{"a supervisor registers no hospital", networks, 1, fresh("D", "medical-care"), "BAD_INPUT", "2: You may not enter this: it is not within what you supervise or run.\n"},
		{"a supervisor does not lose sight by mistake", networks, 1, lines("reference,name,category,service,branch", "demo-fa-0003,,-,-,banks"), "BAD_INPUT", "2: You would not see it any more after this change: ask its operator or the situation centre to make it.\n"},
		{"a supervisor does not see what it does not supervise", banking, 1, fresh("E", "banks"), "NOT_FOUND", ""},
		{"the contact of a Land sees it and does not change it", officerOfBY, 1, fresh("F", "electricity"), "FORBIDDEN", ""},
		{"an administrator imports for all", maintainer, 3, fresh("G", "medical-care"), "", ""},
		{"the situation centre too", centre, 3, fresh("H", "medical-care"), "", ""},
		{"an operator does not mark RED", operatorOne, 1, lines("reference,name,tlp", "demo-fa-0001,,RED"), "BAD_INPUT", "2: tlp: Only the situation centre marks something above AMBER_STRICT, or takes such a marking away.\n"},
		{"an auditor sees nothing of it", kritis.Identity{Subject: "a", Roles: []string{"AUDITOR"}}, 1, fresh("I", "electricity"), "NOT_FOUND", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := w.head(t)
			got := w.imports(t, w.caller(t, c.id), "facilityImport", object{"operator": operatorID(c.operator), "csv": c.csv})
			if code(t, got.UserErrors) != c.code || got.told() != c.rows || (c.code == "") != (w.head(t) == before+1) {
				t.Errorf("%+v", got)
			}
		})
	}
	w.green(t)
}

func TestAHiddenFacilityIsAMissingOneForAnImport(t *testing.T) {
	w := onSQLite(t)
	w.must(t, w.caller(t, centre), "facilityChange", with(seen, object{"id": facilityID(2), "tlp": "RED"}), "")
	p := w.caller(t, networks)
	answer := func(csv string) (imported, int) {
		w.calls.Reset()
		return w.imports(t, p, "facilityImport", object{"operator": operatorID(1), "csv": csv, "dryRun": true}), w.calls.Total()
	}
	hidden, calls := answer(lines("reference,name", "demo-fa-0002,"))
	missing, others := answer(lines("reference,name", "demo-fa-0009,"))
	text := func(i imported) string { return strings.ReplaceAll(jsonText(t, i), "demo-fa-0002", "demo-fa-0009") }
	if text(hidden) != text(missing) || calls != others || len(hidden.RowErrors) != 1 {
		t.Errorf("hidden %s in %d calls\nmissing %s in %d", text(hidden), calls, text(missing), others)
	}
	named, _ := answer(lines("name,branch,federal_state", "Stromverteilernetz Glommwinkel,electricity,BY"))
	if named.counts() != [3]int{1, 0, 0} {
		t.Errorf("the name of a hidden facility: %+v", named)
	}
}

func TestTheColumnsOfASpreadsheetTakeTheCodesOfTheSchema(t *testing.T) {
	schema := loadSchema(t)
	for column, enum := range map[string]string{
		"tlp": "Tlp", "ownership": "Ownership", "administration_level": "AdministrationLevel", "energy_role": "EnergyRole", "entity_class": "EntityClass",
		"federal_state": "FederalStateCode", "kind": "DependencyKind", "figures": "Figures", "confidence": "Confidence",
	} {
		var want []string
		for _, v := range schema.Types[enum].EnumValues {
			want = append(want, v.Name)
		}
		columns := append(kritis.FacilityColumns(), kritis.DependencyColumns()...)
		i := slices.IndexFunc(columns, func(c sheet.Column) bool { return c.Name == column })
		got := slices.Clone(columns[i].Values)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", column, diff)
		}
	}
	for _, f := range schema.Types["AttributesInput"].Fields {
		name := snake(f.Name)
		if !slices.ContainsFunc(kritis.FacilityColumns(), func(c sheet.Column) bool { return c.Name == name }) {
			t.Errorf("no column %s", name)
		}
	}
}

// snake writes a name with small letters and underscores.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
