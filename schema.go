// Package kritisgraph holds the API's schema, so that every part of the program reads the same text.
package kritisgraph

import _ "embed"

//go:generate go tool gqlgen generate

// Schema is the text of schema.graphqls: the whole API in the GraphQL schema language, as served at /schema.graphqls.
//
//go:embed schema.graphqls
var Schema string
