// Package sqlitestore is the store.Driver on SQLite, in pure Go: one file in a data directory, one writing process, and any
// number of reading processes beside it.
//
// Nodes and edges are rows with an integer key; their properties are JSONB, the binary form of JSON that SQLite defines.
// Each distinct visibility is a row of the table vis, so a scope becomes a string of bits over the keys of that table, and
// each statement tests it with one native function call. Every read is one transaction, hence a snapshot.
package sqlitestore
