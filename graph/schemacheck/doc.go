// Package schemacheck holds the rules that schema.graphqls must keep: its conventions, and that a release breaks no client.
package schemacheck
