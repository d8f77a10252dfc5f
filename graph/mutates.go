package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Mutates reports whether a document holds a mutation that a request with this operation name, empty for none, may run: such a
// request needs a store that can be written. What is no document mutates nothing.
func Mutates(document, operation string) bool {
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		return false
	}
	for _, op := range doc.Operations {
		if op.Operation == ast.Mutation && (operation == "" || operation == op.Name) {
			return true
		}
	}
	return false
}
