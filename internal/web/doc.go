// Package web serves the pages that are built into the binary: the start page and GraphiQL.
package web
