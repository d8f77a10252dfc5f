// Package scalar reads and writes the schema's scalars strictly: what is not exactly a value of the scalar is an error that
// shows a right one. An absent value of the domain (empty text, zero instant) is written as null.
package scalar
