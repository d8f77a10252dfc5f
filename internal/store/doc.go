// Package store is the property-graph waist of kritisgraph: a small vocabulary of plain values (nodes, edges, queries,
// changes, a commit log), the Driver interface that a database implements, and Store, the one type that the domain
// uses around a Driver.
//
// The package holds no rule of the domain. What both databases must do alike (text folding, ranking, settling of
// visibility, sealing of the log, cursors) exists here once, as functions that drivers and the test model call.
package store
