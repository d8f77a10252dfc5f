package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph/internal/kritis"
)

// Rule is how access to a field is decided; a value of the API's AccessRule, whose descriptions say what each means.
type Rule string

// The rules. PUBLIC, SCOPED and REDACTED fields may be asked for by everybody: what they show is decided behind them.
const (
	Public   Rule = "PUBLIC"
	Scoped   Rule = "SCOPED"
	Redacted Rule = "REDACTED"
	Caller   Rule = "CALLER"
	Roles    Rule = "ROLES"
)

// Policy is the rule of one field. Roles is only for reading: with ROLES, those of which the caller needs one.
type Policy struct {
	Rule  Rule
	Roles []kritis.ViewerRole
}

// Table holds the policies of fields by "Type.field". An interface has rows of its own.
type Table map[string]Policy

// Of returns the policy of a field of the schema; false where there is none, and the field is refused.
func Of(typeName, field string) (Policy, bool) {
	p, ok := table[typeName+"."+field]
	return p, ok
}

// Check refuses an operation of the schema for the first field that its caller may not ask for; see [Table.Check].
func Check(doc *ast.QueryDocument, op *ast.OperationDefinition, caller kritis.Principal) error {
	return table.Check(doc, op, caller)
}

// Check refuses an operation of a valid document for the first field, in the order of its text, that the caller may not ask
// for, or that the table lacks. Skipped fields and all fragments count. Each fragment is looked at once, so the time is linear
// in the document. Introspection is free.
func (t Table) Check(doc *ast.QueryDocument, op *ast.OperationDefinition, caller kritis.Principal) error {
	c := check{table: t, doc: doc, caller: caller, seen: map[string]bool{}}
	return c.set(op.SelectionSet)
}

type check struct {
	table  Table
	doc    *ast.QueryDocument
	caller kritis.Principal
	seen   map[string]bool // fragments
}

func (c *check) set(set ast.SelectionSet) error {
	for _, selection := range set {
		var err error
		switch selection := selection.(type) {
		case *ast.Field:
			if err = c.field(selection); err == nil {
				err = c.set(selection.SelectionSet)
			}
		case *ast.InlineFragment:
			err = c.set(selection.SelectionSet)
		case *ast.FragmentSpread:
			err = c.fragment(selection.Name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *check) fragment(name string) error {
	if c.seen[name] {
		return nil
	}
	c.seen[name] = true
	f := c.doc.Fragments.ForName(name)
	if f == nil {
		return unknown("fragment " + name)
	}
	return c.set(f.SelectionSet)
}

func (c *check) field(f *ast.Field) error {
	if f.ObjectDefinition == nil {
		return unknown(f.Name)
	}
	if strings.HasPrefix(f.Name, "__") || strings.HasPrefix(f.ObjectDefinition.Name, "__") { // the schema is public
		return nil
	}
	name := f.ObjectDefinition.Name + "." + f.Name
	p, ok := c.table[name]
	if !ok {
		return unknown(name)
	}
	return p.admit(name, c.caller)
}

// admit is the decision about one field. A rule that it does not know refuses.
func (p Policy) admit(name string, caller kritis.Principal) error {
	switch p.Rule {
	case Public, Scoped, Redacted:
		return nil
	case Caller, Roles:
		if !caller.Known() {
			return &kritis.Error{Code: kritis.CodeUnauthenticated, Message: name + " needs a token: sign in and send it as bearer token."}
		}
		if p.Rule == Caller || slices.ContainsFunc(p.Roles, func(r kritis.ViewerRole) bool { return slices.Contains(caller.Roles, r) }) {
			return nil
		}
		return &kritis.Error{
			Code: kritis.CodeForbidden, Message: fmt.Sprintf("You are not allowed to ask for %s: one of the roles %s is needed.", name, names(p.Roles)),
		}
	}
	return unknown(name)
}

func names(roles []kritis.ViewerRole) string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return strings.Join(out, ", ")
}

// unknown is the error for what no rule is known of. The caller learns nothing, the log the name.
func unknown(name string) error {
	return fmt.Errorf("%s has no access rule: run make generate", name)
}
