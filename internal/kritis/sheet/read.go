package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// The bounds of a sheet.
const (
	MaxBytes = 2 << 20
	MaxRows  = 2_000
)

// Column is one that a sheet may have. The names of columns are written with small letters; in a file, capitals are the same.
type Column struct {
	Name     string
	Required bool     // the file has it; its cells may be empty all the same
	Values   []string // all that may stand in it; none: anything
}

// Read reads the text of a CSV file. Commas, semicolons or tabs divide the cells, as the header does it; lines end with LF, CR LF or, in
// a file without any LF, CR. Cells can be quoted; a line break within one counts as a space, as do the spaces around what stands in it as
// nothing. Lines without anything are skipped. What is wrong is added to the errors, to which the caller adds what it finds; with a
// header that is wrong there are no rows.
func Read(text []byte, columns []Column) ([]*Row, *Errors) {
	r := &reader{errors: &Errors{}, known: columns}
	text, ok := r.decoded(text)
	if !ok {
		return nil, r.errors
	}
	r.csv = csv.NewReader(bytes.NewReader(text))
	r.csv.Comma = separator(text)
	r.csv.FieldsPerRecord = -1 // told in words of our own
	if !r.header() {
		return nil, r.errors
	}
	var rows []*Row
	for {
		row, more := r.row()
		if !more {
			break
		}
		if row == nil {
			continue
		}
		if len(rows) == MaxRows {
			r.errors.Add(row.Line, "", "There are more than %d rows: split the file.", MaxRows)
			break
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 && !r.errors.Any() {
		r.errors.Add(r.headerLine, "", "No row follows the header.")
	}
	return rows, r.errors
}

// reader reads the rows of one text.
type reader struct {
	csv        *csv.Reader
	errors     *Errors
	known      []Column
	columns    []*Column // of the file, in its order
	headerLine int
	listed     bool // the known columns were told
}

const saveAs = `save the file as "CSV UTF-8"`

// Workbooks begin so: .xlsx and .ods are ZIP archives, .xls is a compound file.
var (
	zipped = []byte("PK\x03\x04")
	ole    = []byte("\xd0\xcf\x11\xe0")
)

// decoded is the text without a byte order mark, false where it is no text that is read at all.
func (r *reader) decoded(text []byte) ([]byte, bool) {
	wide := func(prefix ...byte) bool { return bytes.HasPrefix(text, prefix) }
	switch {
	case len(text) > MaxBytes:
		r.errors.Add(1, "", "The file has more than %d bytes: split it.", MaxBytes)
		return nil, false
	case wide(zipped...), wide(ole...):
		r.errors.Add(1, "", "The file is a workbook of a spreadsheet program, not CSV: %s.", saveAs)
		return nil, false
	case wide(0xff, 0xfe), wide(0xfe, 0xff), len(text) > 1 && (text[0] == 0 || text[1] == 0):
		r.errors.Add(1, "", "The file is UTF-16, not UTF-8: %s.", saveAs)
		return nil, false
	}
	if !bytes.ContainsRune(text, '\n') { // as spreadsheets for old Macs end lines
		text = bytes.ReplaceAll(text, []byte{'\r'}, []byte{'\n'})
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), true
}

// separator is what divides the cells of the first line with something in it.
func separator(text []byte) rune {
	header, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	best, most := ',', 0
	for _, s := range ",;\t" {
		if n := bytes.Count(header, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}

// header reads the names of the columns and reports whether rows can be read by them.
func (r *reader) header() bool {
	record, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		r.errors.Add(1, "", "The file is empty.")
		return false
	}
	if r.broken(record, err) || !r.encoded(record) {
		return false
	}
	r.headerLine, _ = r.csv.FieldPos(0)
	if most := 2 * len(r.known); len(record) > most {
		r.errors.Add(r.headerLine, "", "The header has %d columns; a sheet has at most %d: keep those that are known.", len(record), most)
		return false
	}
	first := map[string]int{}
	for i, cell := range record {
		name := strings.ToLower(flat(cell))
		switch n := slices.IndexFunc(r.known, func(c Column) bool { return c.Name == name }); {
		case name == "":
			r.errors.Add(r.headerLine, "", "Column %d has no name: name it or remove it.", i+1)
		case n < 0:
			r.errors.Add(r.headerLine, shown(name), "There is no such column: %s", r.instead(name))
		case first[name] > 0:
			r.errors.Add(r.headerLine, name, "The columns %d and %d are both named so: keep one.", first[name], i+1)
		default:
			first[name] = i + 1
			r.columns = append(r.columns, &r.known[n])
		}
	}
	for _, c := range r.known {
		if c.Required && first[c.Name] == 0 {
			r.errors.Add(r.headerLine, c.Name, "The column is missing. The header names the columns, divided by commas, semicolons or tabs.")
		}
	}
	return !r.errors.Any()
}

// instead says which column may be meant by a name that none has: the one most like it, or, where none is much like it, any of them.
func (r *reader) instead(name string) string {
	best, least := "", 0
	names := make([]string, len(r.known))
	for i, c := range r.known {
		names[i] = c.Name
		if d := levenshtein.ComputeDistance(cut(name), c.Name); best == "" || d < least {
			best, least = c.Name, d
		}
	}
	if 2*least < len(best) {
		return fmt.Sprintf("did you mean %q?", best)
	}
	if r.listed {
		return "remove it or name it as one of them."
	}
	r.listed = true
	return "there are " + strings.Join(names, ", ") + "."
}

// uncomputed is what a spreadsheet shows in place of a value: a formula, or why it has none.
var uncomputed = regexp.MustCompile(`^(=.*|#[A-ZÄÖÜ0-9/]+[!?]|#N/A|#NV)$`)

// row reads the next row, nil where the line holds none; more is false at the end.
func (r *reader) row() (row *Row, more bool) {
	record, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, false
	}
	if r.broken(record, err) {
		return nil, true
	}
	if !r.encoded(record) {
		return nil, false // so is the rest
	}
	line, _ := r.csv.FieldPos(0)
	if !slices.ContainsFunc(record, func(cell string) bool { return flat(cell) != "" }) {
		return nil, true
	}
	if have, want := len(record), len(r.columns); have != want {
		r.errors.Add(line, "", "The line has %s, the header %d: %s", counted(have), want, r.divided(have < want))
		return nil, true
	}
	row = &Row{Line: line, cells: map[string]cell{}, errors: r.errors, comma: r.csv.Comma != ',', wrong: map[string]bool{}}
	for i, text := range record {
		text = flat(text)
		if text == "" {
			continue
		}
		column := r.columns[i]
		line, _ := r.csv.FieldPos(i)
		row.cells[column.Name] = cell{text, line}
		switch {
		case strings.ContainsFunc(text, unicode.IsControl):
			row.unread(column.Name, "A control character stands in the cell: remove it.")
		case uncomputed.MatchString(text):
			row.unread(column.Name, "%q is a formula, or one that failed: enter the value itself.", cut(text))
		case column.Values != nil && text != Clear && !slices.Contains(column.Values, text):
			row.unread(column.Name, "%q is none of %s.", cut(text), strings.Join(column.Values, ", "))
		}
	}
	return row, true
}

func counted(cells int) string {
	if cells == 1 {
		return "1 cell"
	}
	return strconv.Itoa(cells) + " cells"
}

// divided says what to do about a line with too few or too many cells.
func (r *reader) divided(few bool) string {
	if few {
		return "the rest of it is missing, or a quote is not closed."
	}
	return fmt.Sprintf("quote cells in which %q stands.", r.csv.Comma)
}

// broken notes that a record cannot be read.
func (r *reader) broken(record []string, err error) bool {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return false
	}
	// The record holds the cells before the one that is broken.
	opened := at.StartLine + strings.Count(strings.Join(record, ""), "\n")
	column := ""
	if len(record) < len(r.columns) {
		column = r.columns[len(record)].Name
	}
	if errors.Is(at.Err, csv.ErrBareQuote) {
		r.errors.Add(opened, column, `A quote stands within the cell: quote the whole cell and double the quotes in it, like "Werk ""Nord""".`)
		return true
	}
	r.errors.Add(opened, column, "The quote that opens here is not closed before the next cell; line %d shows it. Quotes within a quoted cell are doubled.", at.Line)
	return true
}

// encoded notes the first cell that is no UTF-8.
func (r *reader) encoded(record []string) bool {
	i := slices.IndexFunc(record, func(cell string) bool { return !utf8.ValidString(cell) })
	if i < 0 {
		return true
	}
	column := "column " + strconv.Itoa(i+1)
	if i < len(r.columns) {
		column = r.columns[i].Name
	}
	line, _ := r.csv.FieldPos(i)
	r.errors.Add(line, column, "The text is not UTF-8 but probably Latin-1 (Windows-1252): %s. What follows was not looked at.", saveAs)
	return false
}

// flat is what stands in a cell, without spaces around it and in one line.
func flat(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\n", " "))
}

// maxShown is how much of a cell an error repeats.
const maxShown = 40

// cut shortens a text for an error.
func cut(text string) string {
	if utf8.RuneCountInString(text) <= maxShown {
		return text
	}
	return string([]rune(text)[:maxShown]) + "…"
}

// shown is a text as the name of a place: short, and without what is not printed.
func shown(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, cut(text))
}
