// Package policy says who may ask for which field of the schema, and refuses an operation that asks for more. What it says is
// generated from the directive @access of schema.graphqls, so a field has one rule, beside its description; a field that the
// table lacks is refused. What a field then shows is the business of the domain: the scope in each read, and its redaction.
package policy

//go:generate go run ./gen table.go
