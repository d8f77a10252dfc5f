// Package sheet reads a spreadsheet that was saved as CSV: rows whose cells know their line and column, so that whatever is wrong with
// one is told with its place. It guesses nothing: what is not exactly a value of a column is an error that shows a right one.
package sheet
