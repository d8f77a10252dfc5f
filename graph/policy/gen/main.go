// Command gen writes the table of package policy from the directive @access of schema.graphqls, into the file that its
// argument names. It fails on a field without a rule and on a rule that makes no sense, and names each.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph"
)

func main() {
	os.Exit(run(os.Args[1:], kritisgraph.Schema, os.Stderr))
}

func run(args []string, text string, stderr io.Writer) int {
	if len(args) != 1 {
		_, _ = fmt.Fprintln(stderr, "usage: gen FILE")
		return 2
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: text})
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return 1
	}
	rows, findings := collect(schema)
	if len(findings) > 0 {
		_, _ = fmt.Fprintln(stderr, "schema.graphqls: "+strings.Join(findings, "\nschema.graphqls: "))
		return 1
	}
	code, err := source(rows)
	if err == nil {
		err = os.WriteFile(args[0], code, 0o644)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}
