package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"kritisgraph/internal/kritis/duration"
)

// Clear is what stands in a cell that takes a value away; an empty cell says nothing.
const Clear = "-"

// Row is a line with something in it. Its methods read a cell as a value: nil where the cell is empty, cleared or the file has no such
// column, and where it holds something else, which then is among the errors.
type Row struct {
	Line   int // where it begins
	cells  map[string]cell
	comma  bool // stands in decimals too
	errors *Errors
	wrong  map[string]bool // columns of which something was told
}

type cell struct {
	text string
	line int
}

// Bad notes what is wrong with a cell of the row, with an empty column what is wrong with the row. Of a cell only the first thing is told:
// others may follow from it.
func (r *Row) Bad(column, format string, args ...any) {
	if column != "" && r.wrong[column] {
		return
	}
	r.wrong[column] = true
	line := r.Line
	if c, given := r.cells[column]; given {
		line = c.line
	}
	r.errors.Add(line, column, format, args...)
}

// unread notes what is wrong with a cell and takes it as empty.
func (r *Row) unread(column, format string, args ...any) {
	r.Bad(column, format, args...)
	delete(r.cells, column)
}

// Says reports whether something stands in one of the columns.
func (r *Row) Says(columns ...string) bool {
	for _, name := range columns {
		if _, given := r.cells[name]; given {
			return true
		}
	}
	return false
}

// Cleared reports whether a cell takes the value away.
func (r *Row) Cleared(column string) bool { return r.cells[column].text == Clear }

// Text reads a text.
func (r *Row) Text(column string) *string {
	c, given := r.cells[column]
	if !given || c.text == Clear {
		return nil
	}
	return &c.text
}

// decimal is a number as it is read, with a point.
var decimal = regexp.MustCompile(`^-?\d{1,9}(\.\d{1,15})?$`)

// Number reads a decimal, with a point or, where no comma divides the cells, with a comma. There are no separators of thousands.
func (r *Row) Number(column string) *float64 {
	text := r.Text(column)
	if text == nil {
		return nil
	}
	plain := *text
	if r.comma {
		plain = strings.Replace(plain, ",", ".", 1)
	}
	if decimal.MatchString(plain) {
		if n, err := strconv.ParseFloat(plain, 64); err == nil {
			return &n
		}
	}
	r.Bad(column, "%q is no number: write it like 0.95%s.", cut(*text), map[bool]string{true: " or 0,95"}[r.comma])
	return nil
}

// whole is a number as people count.
var whole = regexp.MustCompile(`^\d{1,9}$`)

// Whole reads a whole number from 0 to 999,999,999, as digits alone.
func (r *Row) Whole(column string) *int32 {
	text := r.Text(column)
	if text == nil {
		return nil
	}
	n, ok := Whole(*text)
	if !ok {
		r.Bad(column, "%q is no whole number: write it with digits alone, like 1500000.", cut(*text))
		return nil
	}
	return &n
}

// Whole reads a whole number from 0 to 999,999,999, as digits alone.
func Whole(text string) (int32, bool) {
	if !whole.MatchString(text) {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 32)
	return int32(n), err == nil
}

// flags are the words for yes and no; a spreadsheet in German writes its own.
var flags = map[string]bool{"true": true, "false": false, "wahr": true, "falsch": false}

// Flag reads true or false.
func (r *Row) Flag(column string) *bool {
	text := r.Text(column)
	if text == nil {
		return nil
	}
	yes, ok := flags[strings.ToLower(*text)]
	if !ok {
		r.Bad(column, "%q is neither true nor false.", cut(*text))
		return nil
	}
	return &yes
}

// Day reads a calendar day, as ISO 8601 or as a German spreadsheet writes it, and returns it as ISO 8601.
func (r *Row) Day(column string) *string {
	text := r.Text(column)
	if text == nil {
		return nil
	}
	for _, layout := range []string{time.DateOnly, "02.01.2006"} {
		if day, err := time.Parse(layout, *text); err == nil {
			return new(day.Format(time.DateOnly))
		}
	}
	r.Bad(column, "%q is no day: write it like 2026-11-01 or 01.11.2026.", cut(*text))
	return nil
}

// Duration reads a length of time as ISO 8601 writes it.
func (r *Row) Duration(column string) *time.Duration {
	text := r.Text(column)
	if text == nil {
		return nil
	}
	d, ok := duration.Parse(*text)
	if !ok {
		hint := ""
		if duration.Calendar(*text) {
			hint = "; months and years have no fixed length"
		}
		r.Bad(column, "%q is no length of time: write it as ISO 8601, like PT2H, PT30M or P1DT12H%s.", cut(*text), hint)
		return nil
	}
	return &d
}
