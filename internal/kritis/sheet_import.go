package kritis

import (
	"maps"
	"strings"

	"kritisgraph/internal/kritis/sheet"
	"kritisgraph/internal/store"
)

// ImportPayload is what became of the rows of a spreadsheet. All are imported or none. Of a dry run it says what would become of them.
type ImportPayload struct {
	Created          int32
	Changed          int32
	Unchanged        int32
	References       []*ImportedReference
	RowErrors        []*RowError
	UserErrors       []*UserError
	ConsistencyToken *string
}

// ImportedReference is the reference that the thing of a row was given.
type ImportedReference struct {
	Line      int32
	Reference string
}

// RowError is what is wrong at a place of a spreadsheet.
type RowError struct {
	Line    int32
	Column  *string // nil: the whole line
	Message string
}

// rowErrors are the errors of a sheet as they are told.
func rowErrors(found *sheet.Errors) []*RowError {
	out := []*RowError{}
	for _, e := range found.List() {
		out = append(out, &RowError{Line: int32(e.Line), Column: optional(e.Column), Message: e.Message}) //nolint:gosec // at most as many as bytes
	}
	return out
}

// refusedRows is the draft of a sheet with errors, which are told beside.
func refusedRows(found *sheet.Errors) draft {
	return refuse(userError(UserBadInput, inputPath("csv"), "Errors in the spreadsheet: %d. Each is told with its line in rowErrors; nothing was imported.", found.Count()))
}

// tellErrors tells the errors of an edit as those of a row. Of several places that fit, the first one counts.
func tellErrors(row *sheet.Row, errs []*UserError, places []place) {
	for _, err := range errs {
		column, message := "", err.Message
		field := strings.Join(err.Path[1:], ".")
		for _, p := range places {
			if field == p.field || strings.HasPrefix(field, p.field+".") {
				column = p.column
				if rest, named := strings.CutPrefix(message, p.field+" "); named {
					message = column + " " + rest
				}
				break
			}
		}
		row.Bad(column, "%s", message)
	}
}

// evidenceProps are the properties that say where something was seen.
var evidenceProps = []string{"source", "asOf", "status", "confidence"}

// sameFacts reports whether two sets of properties say the same, wherever it was seen.
func sameFacts(a, b map[string]store.Value) bool {
	return maps.EqualFunc(facts(a), facts(b), store.Value.Equal)
}

func facts(props map[string]store.Value) map[string]store.Value {
	out := maps.Clone(props)
	for _, name := range evidenceProps {
		delete(out, name)
	}
	return out
}

// statementErrors says what is wrong with the evidence of a whole sheet.
func (v *View) statementErrors(s Statement) []*UserError {
	e := v.edit(map[string]store.Value{})
	e.statement(s)
	return e.errors
}

// lasts tells cells that would take away what stays.
func lasts(row *sheet.Row, columns ...string) {
	for _, column := range columns {
		if row.Cleared(column) {
			row.Bad(column, "This cannot be taken away: leave the cell empty, and it stays.")
		}
	}
}

// kept is what stands in a cell, else what was there before.
func kept[T any](row *sheet.Row, column string, given, had *T) *T {
	if row.Says(column) {
		return given
	}
	return had
}

// code reads a cell with one of the values of its column.
func code[C ~string](row *sheet.Row, column string) *C {
	text := row.Text(column)
	if text == nil {
		return nil
	}
	return new(C(*text))
}

// doubled tells the rows that name what an earlier row names; key is empty where a row names none.
func doubled(rows []*sheet.Row, column, what string, key func(*sheet.Row) string) {
	first := map[string]int{}
	for _, row := range rows {
		switch k := key(row); {
		case k == "":
		case first[k] > 0:
			row.Bad(column, "The lines %d and %d %s: keep one.", first[k], row.Line, what)
		default:
			first[k] = row.Line
		}
	}
}

// payload is what an import tells of an outcome.
func (p *ImportPayload) payload(out outcome) *ImportPayload {
	if p.RowErrors == nil {
		p.RowErrors = []*RowError{}
	}
	p.References = []*ImportedReference{}
	p.UserErrors, p.ConsistencyToken = append([]*UserError{}, out.errors...), out.token
	return p
}

// count is a number of rows, of which there are few.
func count(n int) int32 { return int32(min(n, sheet.MaxRows)) } //nolint:gosec // clamped
