package sheet

import (
	"cmp"
	"fmt"
	"slices"
)

// MaxErrors is how many errors of one sheet are told.
const MaxErrors = 100

// An Error is what is wrong at a place. Column is empty where it is the whole line.
type Error struct {
	Line    int // of the file, from 1 on
	Column  string
	Message string
}

// Error returns the place and the message, as compilers write them.
func (e Error) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("%d: %s", e.Line, e.Message)
	}
	return fmt.Sprintf("%d: %s: %s", e.Line, e.Column, e.Message)
}

// Errors collects what is wrong with a sheet, in whatever order it is found.
type Errors struct{ found []Error }

// Add notes what is wrong at a place.
func (e *Errors) Add(line int, column, format string, args ...any) {
	e.found = append(e.found, Error{line, column, fmt.Sprintf(format, args...)})
}

// Any reports whether something is wrong.
func (e *Errors) Any() bool { return len(e.found) > 0 }

// Count returns how many errors were found, also those that [Errors.List] leaves out.
func (e *Errors) Count() int { return len(e.found) }

// List returns the errors in the order of their lines, at most MaxErrors.
func (e *Errors) List() []Error {
	list := slices.Clone(e.found)
	slices.SortStableFunc(list, func(a, b Error) int { return cmp.Compare(a.Line, b.Line) })
	return list[:min(len(list), MaxErrors)]
}
