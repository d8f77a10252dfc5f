package sheet_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis/sheet"
)

var columns = []sheet.Column{
	{Name: "name", Required: true}, {Name: "strength"}, {Name: "time_to_impact"}, {Name: "people"}, {Name: "critical"},
	{Name: "kind", Values: []string{"PHYSICAL", "CYBER"}},
}

// told are the errors as people read them.
func told(found *sheet.Errors) string {
	var lines []string
	for _, e := range found.List() {
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}

func TestASheetIsReadAsSpreadsheetsSaveIt(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"with commas", "name,strength,time_to_impact\nWerk Nord,0.95,PT2H\n"},
		{"with semicolons and a decimal comma", "name;strength;time_to_impact\nWerk Nord;0,95;PT2H\n"},
		{"with semicolons and a decimal point", "name;strength;time_to_impact\nWerk Nord;0.95;PT2H\n"},
		{"with tabs", "name\tstrength\ttime_to_impact\nWerk Nord\t0,95\tPT2H"},
		{"with the line ends of Windows", "name,strength,time_to_impact\r\nWerk Nord,0.95,PT2H\r\n"},
		{"with the line ends of old Macs", "name,strength,time_to_impact\rWerk Nord,0.95,PT2H\r"},
		{"with a byte order mark", "\ufeffname,strength,time_to_impact\nWerk Nord,0.95,PT2H\n"},
		{"with a quoted header after a byte order mark", "\ufeff\"name\",\"strength\",\"time_to_impact\"\nWerk Nord,0.95,PT2H\n"},
		{"with capitals in the header and spaces around", "Name , STRENGTH,Time_To_Impact\n Werk Nord , 0.95,PT2H \n"},
		{"with columns in another order", "time_to_impact,name,strength\nPT2H,Werk Nord,0.95\n"},
		{"with empty lines and lines of nothing", "\n\nname,strength,time_to_impact\n\n,,\nWerk Nord,0.95,PT2H\n , ,\n"},
		{"with a line break within a cell", "name,strength,time_to_impact\n\"Werk\nNord\",0.95,PT2H\n"},
		{"with a Windows line break within a cell", "name,strength,time_to_impact\r\n\"Werk\r\nNord\",0.95,PT2H\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, found := sheet.Read([]byte(c.text), columns)
			if found.Any() || len(rows) != 1 {
				t.Fatalf("%d rows, %s", len(rows), told(found))
			}
			r := rows[0]
			got := fmt.Sprint(*r.Text("name"), " ", *r.Number("strength"), " ", *r.Duration("time_to_impact"), r.Whole("people"), r.Flag("critical"))
			if want := "Werk Nord 0.95 2h0m0s <nil> <nil>"; got != want || found.Any() {
				t.Errorf("got %s, want %s; %s", got, want, told(found))
			}
		})
	}
}

func TestWhatIsNoSheetIsToldWithItsPlace(t *testing.T) {
	many := "name\n" + strings.Repeat("Werk\n", sheet.MaxRows+1)
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", `1: The file is empty.`},
		{"empty lines alone", "\n\n", `1: The file is empty.`},
		{"a header alone", "\nname,kind\n", `2: No row follows the header.`},
		{"an unknown column", "name,streng\nA,1\n", `1: streng: There is no such column: did you mean "strength"?`},
		{"columns that are like none", "name,Bundesland,Stadt\nA,BY,X\n", "1: bundesland: There is no such column: there are name, strength, time_to_impact, people, critical, kind.\n1: stadt: There is no such column: remove it or name it as one of them."},
		{"a missing column", "strength\n1\n", `1: name: The column is missing. The header names the columns, divided by commas, semicolons or tabs.`},
		{"a doubled column", "name,kind,Name\nA,CYBER,B\n", `1: name: The columns 1 and 3 are both named so: keep one.`},
		{"a column without a name", "name,,kind\nA,,CYBER\n", `1: Column 2 has no name: name it or remove it.`},
		{"another file", "{\"a\":1}\n", "1: A quote stands within the cell: quote the whole cell and double the quotes in it, like \"Werk \"\"Nord\"\"\"."},
		{"a workbook", "PK\x03\x04\x14\x00\"x", `1: The file is a workbook of a spreadsheet program, not CSV: save the file as "CSV UTF-8".`},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1", `1: The file is a workbook of a spreadsheet program, not CSV: save the file as "CSV UTF-8".`},
		{"a formula", "name,strength\nA,=1+1\n", `2: strength: "=1+1" is a formula, or one that failed: enter the value itself.`},
		{"a formula that failed", "name,strength\n#BEZUG!,1\n#NV,1\n#1 Nord,1\n", "2: name: \"#BEZUG!\" is a formula, or one that failed: enter the value itself.\n3: name: \"#NV\" is a formula, or one that failed: enter the value itself."},
		{"half a line", "name,strength,kind\nA,1,CYBER\nB,\n", `3: The line has 2 cells, the header 3: the rest of it is missing, or a quote is not closed.`},
		{"too many cells", "name,strength\nA,0,95\n", `2: The line has 3 cells, the header 2: quote cells in which ',' stands.`},
		{"Latin-1", "name,kind\nA,CYBER\nM\xfcnchen,CYBER\nK\xf6ln,CYBER\n", `3: name: The text is not UTF-8 but probably Latin-1 (Windows-1252): save the file as "CSV UTF-8". What follows was not looked at.`},
		{"Latin-1 in the header", "name,st\xe4rke\n", `1: column 2: The text is not UTF-8 but probably Latin-1 (Windows-1252): save the file as "CSV UTF-8". What follows was not looked at.`},
		{"UTF-16", "\xff\xfen\x00a\x00", `1: The file is UTF-16, not UTF-8: save the file as "CSV UTF-8".`},
		{"UTF-16 without a mark", "n\x00a\x00m\x00e\x00", `1: The file is UTF-16, not UTF-8: save the file as "CSV UTF-8".`},
		{"a quote that is not closed", "name,kind\nA,CYBER\n\"B,CYBER\nC,CYBER\n", `3: name: The quote that opens here is not closed before the next cell; line 4 shows it. Quotes within a quoted cell are doubled.`},
		{"a quote that is closed in another line", "name,kind\n\"A,CYBER\nB,\"CYBER\"\nC,CYBER\n", `2: name: The quote that opens here is not closed before the next cell; line 3 shows it. Quotes within a quoted cell are doubled.`},
		{"a quote behind a line break", "name,kind\n\"A\nB\",\"CYBER\n", `3: kind: The quote that opens here is not closed before the next cell; line 3 shows it. Quotes within a quoted cell are doubled.`},
		{"a quote within a cell", "name,kind\nWerk \"Nord\",CYBER\n", `2: name: A quote stands within the cell: quote the whole cell and double the quotes in it, like "Werk ""Nord""".`},
		{"a control character", "name,kind\nA\x07B,CYBER\n", `2: name: A control character stands in the cell: remove it.`},
		{"a code that is none", "name,kind\nA,cyber\n", `2: kind: "cyber" is none of PHYSICAL, CYBER.`},
		{"too many rows", many, `2002: There are more than 2000 rows: split the file.`},
		{"too many bytes", "name\n" + strings.Repeat("x", sheet.MaxBytes), `1: The file has more than 2097152 bytes: split it.`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, found := sheet.Read([]byte(c.text), columns); told(found) != c.want {
				t.Errorf("got\n%s\nwant\n%s", told(found), c.want)
			}
		})
	}
}

func TestAValueThatIsNoneIsToldWithItsPlace(t *testing.T) {
	const text = "name;strength;time_to_impact;people;critical\nA;1.000,5;2;1.500.000;ja\nB;-;-;-;-\n\"C\nD\";0,5;2 h;1500000;WAHR\nE;;P1M;;\n"
	rows, found := sheet.Read([]byte(text), columns)
	var read []string
	for _, r := range rows {
		strength, length, people, critical := r.Number("strength"), r.Duration("time_to_impact"), r.Whole("people"), r.Flag("critical")
		read = append(read, fmt.Sprint(r.Line, strength == nil, length == nil, people == nil, critical == nil, r.Cleared("people"), r.Says("kind", "people")))
	}
	want := `2: strength: "1.000,5" is no number: write it like 0.95 or 0,95.
2: time_to_impact: "2" is no length of time: write it as ISO 8601, like PT2H, PT30M or P1DT12H.
2: people: "1.500.000" is no whole number: write it with digits alone, like 1500000.
2: critical: "ja" is neither true nor false.
5: time_to_impact: "2 h" is no length of time: write it as ISO 8601, like PT2H, PT30M or P1DT12H.
6: time_to_impact: "P1M" is no length of time: write it as ISO 8601, like PT2H, PT30M or P1DT12H; months and years have no fixed length.`
	if diff := cmp.Diff(want, told(found)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"2 true true true true false true", "3 true true true true true true", "4 false true false false false true", "6 true true true true false false"}, read); diff != "" {
		t.Error(diff)
	}
}

func TestAllErrorsOfASheetAreToldInTheOrderOfTheirLines(t *testing.T) {
	var b strings.Builder
	b.WriteString("name,strength\n")
	for range 60 {
		b.WriteString("A,x\nB\nC,1\n")
	}
	rows, found := sheet.Read([]byte(b.String()), columns)
	for _, r := range rows {
		r.Number("strength")
	}
	list := found.List()
	if len(list) != sheet.MaxErrors || found.Count() != 120 {
		t.Fatalf("%d of %d", len(list), found.Count())
	}
	for i, e := range list {
		if want := 2 + i/2*3 + i%2; e.Line != want {
			t.Fatalf("error %d is of line %d, not %d", i, e.Line, want)
		}
	}
}

// FuzzRead holds that no text breaks the reader, that every error has a line of the text, and that what is read is read again when
// it is written anew.
func FuzzRead(f *testing.F) {
	f.Add([]byte("\ufeffname;strength;kind\r\n\"Werk\n\"\"Nord\"\"\";0,95;PHYSICAL\r\n;;\r\nA;-;-"))
	f.Add([]byte("name,kind\nM\xfcnchen,\"CYBER\nx\"y,\n"))
	f.Add([]byte("\xff\xfen\x00"))
	f.Add([]byte("name;strength\rA;1\r\rB;=1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, found := sheet.Read(text, columns)
		ends := []byte("\n")
		if !bytes.Contains(text, ends) {
			ends = []byte("\r")
		}
		lines, last := bytes.Count(text, ends)+1, 0
		out := [][]string{{"name", "strength", "kind"}}
		for _, r := range rows {
			if r.Line <= last || r.Line > lines {
				t.Fatalf("a row of line %d after %d of %d", r.Line, last, lines)
			}
			last = r.Line
			out = append(out, cells(r))
			r.Number("strength")
			r.Duration("time_to_impact")
			r.Whole("people")
			r.Flag("critical")
		}
		for _, e := range found.List() {
			if e.Line < 1 || e.Line > lines || e.Message == "" {
				t.Fatalf("%+v in %d lines", e, lines)
			}
		}
		if len(rows) == 0 || len(rows) > sheet.MaxRows {
			if len(rows) > sheet.MaxRows || !found.Any() {
				t.Fatalf("%d rows", len(rows))
			}
			return
		}
		var anew bytes.Buffer
		if err := csv.NewWriter(&anew).WriteAll(out); err != nil {
			t.Fatal(err)
		}
		again, _ := sheet.Read(anew.Bytes(), columns)
		kept := 0
		for _, want := range out[1:] {
			if strings.Join(want, "") == "" { // all that it says stands in other columns
				continue
			}
			if got := cells(again[kept]); !cmp.Equal(got, want) {
				t.Fatalf("%q is read again as %q", want, got)
			}
			kept++
		}
		if kept != len(again) {
			t.Fatalf("%d rows, not %d", len(again), kept)
		}
	})
}

func cells(r *sheet.Row) []string {
	var out []string
	for _, name := range []string{"name", "strength", "kind"} {
		switch text := r.Text(name); {
		case text != nil:
			out = append(out, *text)
		case r.Cleared(name):
			out = append(out, sheet.Clear)
		default:
			out = append(out, "")
		}
	}
	return out
}

func TestReadingTheLargestSheetTakesABoundedTime(t *testing.T) {
	row := strings.Repeat("x", sheet.MaxBytes/sheet.MaxRows-10)
	began := time.Now()
	rows, found := sheet.Read([]byte("name,kind\n"+strings.Repeat(row+",CYBER\n", sheet.MaxRows)), columns)
	if took := time.Since(began); found.Any() || len(rows) != sheet.MaxRows || took > 10*time.Second {
		t.Errorf("%d rows in %v: %s", len(rows), took, told(found))
	}
}
