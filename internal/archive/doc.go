// Package archive writes and reads the export: the whole commit log of a store as canonical JSON Lines.
//
// The first line is a header with format, schema version and last sequence. Each commit is one line, followed by a line for
// each thing that it puts, links or deletes, in this order and by id. The last line states the number of commits, the hash of
// the last one and the SHA-256 of all lines before it. Keys are sorted, a line has at most 1 MiB. Equal logs give equal bytes,
// whatever the database. A file written by hand has lines for nodes (put) and edges (link) only; a header may stand before
// them. A backup is the export, compressed by gzip.
package archive
