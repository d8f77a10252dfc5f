package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// arguments are those of fields that need some; a list of pages that is not here is asked for two items.
var arguments = map[string]string{
	"Impact.compareWith":           `(assumptions: {generatorRuntime: "PT0S", withoutSubstitutes: true})`,
	"Coverage.lackingContactPoint": `(role: ZKL)`,
	"Viewer.can":                   `(actions: [INCIDENT_REPORT, CONTACT_POINT_EDIT])`,
}

// tellsOfHidden are the fields that tell how much is hidden, and so differ between the worlds: TestAListSaysHowMuchIsWithheld says to
// whom and how much.
var tellsOfHidden = map[string]bool{"OperatorConnection.redactions": true, "FacilityConnection.redactions": true, "IncidentConnection.redactions": true}

// calls are the arguments with which the fields of Query are asked that need some, and those that find what is hidden from some.
var calls = map[string][]string{
	"node": {`(id: "` + one("Operator/demo-op-0001") + `")`, `(id: "` + one("Incident/demo-2") + `")`, `(id: "` + one(secretChannel) + `")`, `(id: "` + one("SUPPLIES/Facility/demo-fa-0001>Facility/demo-fa-0002") + `")`},
	"nodes": {`(ids: ` + global("Operator/demo-op-0003", "Facility/demo-fa-0001", "Incident/demo-1", "Authority/bsi", "ContactPoint/office-bsi", "FederalState/BY", "LegalAct/bsig", "Competence/c001", "Sector/energy", "Branch/electricity", "Service/electricity-supply", "Operator/demo-op-9999",
		"SUPPLIES/Branch/electricity>Branch/telecommunications", "SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-0006", "SUPPLIES/Facility/demo-fa-0010>Facility/demo-fa-0007") + `)`},

	"federalState": {`(code: BY)`}, "authority": {`(slug: "bsi")`}, "legalAct": {`(slug: "bsig")`}, "sector": {`(slug: "energy")`}, "branch": {`(slug: "electricity")`},
	"service": {`(slug: "electricity-supply")`}, "coverage": {`(legalAct: "bsig")`},
	"authorities": {`(first: 5)`, `(where: {contactPoints: {some: {}}}, last: 3)`}, "competences": {`(first: 5)`},
	"contactPoints": {`(where: {holder: {some: {slug: {eq: "bsi"}}}})`, `(where: {federalState: {eq: BY}})`},
	"operator":      {`(reference: "demo-op-0001")`, `(reference: "demo-op-0003")`, `(reference: "demo-op-0004")`},
	"facility":      {`(reference: "demo-fa-0001")`, `(reference: "demo-fa-0006")`, `(reference: "demo-fa-0008")`},
	"accessGrants":  {`(first: 10)`, `(where: {state: {eq: GRANTED}})`},
	"incident":      {`(reference: "demo-1")`, `(reference: "demo-2")`, `(reference: "gone-by")`},
	"operators":     {`(first: 5)`, `(where: {incidents: {none: {}}}, last: 2)`}, "facilities": {`(first: 5)`}, "incidents": {`(first: 5)`},
	"search": {
		`(text: "demo", first: 5)`, `(text: "demo-op-0001")`, `(text: "musterau", types: [OPERATOR, FACILITY])`, `(text: "ransomware")`, `(text: "99998")`,
		`(text: "bundesamt", first: 5)`, `(text: "stromverteilernetz", first: 2)`,
	},
	"changes": {
		`(of: "` + one("Incident/demo-1") + `")`, `(of: "` + one("Incident/demo-2") + `")`, `(of: "` + one("ContactPoint/office-bsi") + `")`, `(of: "` + one("Authority/bsi") + `", last: 5)`,
		`(of: "` + one("SUPPLIES/Facility/demo-fa-0001>Facility/demo-fa-0002") + `")`, `(of: "` + one("SUPPLIES/Facility/demo-fa-0016>Facility/demo-fa-0006") + `")`,
		`(of: "` + one("Incident/gone-public") + `")`, `(of: "` + one("Incident/gone-by") + `")`, `(of: "` + one("Incident/gone-centre") + `")`,
	},
	"responsibility": {
		`(input: {subject: {place: {federalState: BY, branch: "electricity"}}, purpose: CYBER_INCIDENT})`, `(input: {subject: {place: {federalState: BY, sector: "water"}}, purpose: SUPERVISION})`,
		`(input: {subject: {operator: "` + one("Operator/demo-op-0001") + `"}, purpose: CRISIS})`, `(input: {subject: {facility: "` + one("Facility/demo-fa-0006") + `"}, purpose: CRISIS})`,
	},
	"simulateOutage": {
		`(input: {roots: [{branch: "electricity"}], federalStates: [BY, HE], includeFacilities: true, maxDepth: 2, horizon: "P2D", minStrength: 0.5})`,
		`(input: {roots: [{facility: "` + one("Facility/demo-fa-0016") + `"}], duration: "P1D", assumptions: {generatorRuntime: "PT8H"}})`,
		`(input: {roots: [{facility: "` + one("Facility/demo-fa-0014") + `"}, {service: "electricity-supply"}], federalStates: [NI], minStrength: 0.4})`,
		`(input: {roots: [{operator: "` + one("Operator/demo-op-0001") + `"}], registeredOnly: true})`,
	},
	"dependencyPaths": {
		`(dependent: {branch: "medical-care"}, provider: {branch: "mineral-oil"}, mode: K_STRONGEST)`, `(dependent: {facility: "` + one("Facility/demo-fa-0007") + `"}, provider: {facility: "` + one("Facility/demo-fa-0016") + `"})`,
		`(dependent: {branch: "banks"}, provider: {facility: "` + one("Facility/demo-fa-0001") + `"}, mode: K_STRONGEST, maxDepth: 3)`,
	},
	"singlePointsOfFailure": {`(where: {federalState: {eq: NI}}, first: 5)`, `(where: {sector: {eq: "energy"}}, last: 3)`},
	"commonCause":           {`(subjects: [{facility: "` + one("Facility/demo-fa-0006") + `"}, {facility: "` + one("Facility/demo-fa-0007") + `"}])`, `(subjects: [{branch: "rail"}, {branch: "banks"}])`},
	"dependencyGraph":       {`(root: {branch: "rail"}, depth: 1)`, `(root: {operator: "` + one("Operator/demo-op-0003") + `"})`, `(root: {facility: "` + one("Facility/demo-fa-0014") + `"}, depth: 3, maxNodes: 50)`},
	"responsibilities":      {`(inputs: [{subject: {facility: "` + one("Facility/demo-fa-0001") + `"}, purpose: CRISIS}, {subject: {place: {federalState: BY, branch: "rail"}}, purpose: CRISIS}])`},
	"responsibilityDiff": {
		`(input: {subject: {operator: "` + one("Operator/demo-op-0001") + `"}, purpose: CRISIS, from: "2026-01-01T00:00:00Z", to: "2026-11-01T00:00:00Z"})`,
		`(input: {subject: {place: {federalState: BY, branch: "electricity"}}, purpose: CRISIS, from: "2025-01-01T00:00:00Z", to: "2026-11-01T00:00:00Z"})`,
	},
}

// maxDepth is how many objects a path goes through from a field of Query on, itself included; a page and its items count as one.
const maxDepth = 3

// depthOf is the depth of the paths from a field of Query. All types stand below node and search, so a step less there is as many
// paths as elsewhere; and what is given as a whole list leaves the last step to its item.
func (x *explorer) depthOf(root string) int {
	if slices.Contains([]string{"node", "search", "federalStates", "legalActs", "sectors"}, root) {
		return min(x.depth, maxDepth-1)
	}
	return x.depth
}

// question asks for a way into the schema and all that stands below it.
type question struct {
	name, text string
	history    bool // its cursors hold positions in the log, which differ between the worlds
}

// explorer enumerates the paths of the schema: from a field of Query over each field of each type, down to a depth, through each
// type that an interface can be. What a caller may not ask for at all stands in refused.
type explorer struct {
	t       testing.TB
	schema  *ast.Schema
	caller  kritis.Principal
	depth   int
	only    string // a rule: fields of others are left out
	paths   map[string]bool
	refused map[string]string // "Type.field", and a document that asks for it
}

func newExplorer(t testing.TB, schema *ast.Schema, caller kritis.Principal, depth int) *explorer {
	return &explorer{t: t, schema: schema, caller: caller, depth: depth, paths: map[string]bool{}, refused: map[string]string{}}
}

// explore returns the documents that hold all paths which the caller may ask for.
func (x *explorer) explore() []question {
	x.t.Helper()
	var out []question
	for _, f := range x.schema.Query.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		asked := calls[f.Name]
		if len(asked) == 0 {
			if slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull }) {
				x.t.Fatalf("Query.%s needs arguments: add some to calls in graph/paths_test.go", f.Name)
			}
			asked = []string{""}
		}
		for _, arguments := range asked {
			call := f.Name + arguments
			if !x.asks(x.schema.Query, f, "{ "+call) {
				break
			}
			of := x.schema.Types[f.Type.Name()]
			if !of.IsCompositeType() {
				x.paths[f.Name] = true
				out = append(out, question{name: short(call), text: "{ " + call + " }"})
				continue
			}
			below := x.selection(of, x.below(x.schema.Query, f, x.depthOf(f.Name)), f.Name, "{ "+call, "")
			out = append(out, question{name: short(call), text: "{ " + call + " {" + below + " } }", history: f.Name == "changes"})
		}
	}
	return out
}

// rule reads the directive of a field, and not the table that is generated from it.
func rule(def *ast.Definition, f *ast.FieldDefinition) (name string, roles []kritis.ViewerRole) {
	access := f.Directives.ForName("access")
	if access == nil {
		access = def.Directives.ForName("access")
	}
	if given := access.Arguments.ForName("roles"); given != nil {
		for _, role := range given.Value.Children {
			roles = append(roles, kritis.ViewerRole(role.Value.Raw))
		}
	}
	return access.Arguments.ForName("rule").Value.Raw, roles
}

// admits reports whether the caller may ask for a field.
func (x *explorer) admits(def *ast.Definition, f *ast.FieldDefinition) bool {
	switch name, roles := rule(def, f); name {
	case "CALLER":
		return x.caller.Known()
	case "ROLES":
		return slices.ContainsFunc(roles, func(role kritis.ViewerRole) bool { return slices.Contains(x.caller.Roles, role) })
	}
	return true
}

// asks reports whether the caller may ask for a field, and notes the document that does if not.
func (x *explorer) asks(def *ast.Definition, f *ast.FieldDefinition, open string) bool {
	if name, _ := rule(def, f); x.only != "" && x.only != name {
		return false
	}
	if x.admits(def, f) {
		return true
	}
	if field := def.Name + "." + f.Name; x.refused[field] == "" {
		below := ""
		if x.schema.Types[f.Type.Name()].IsCompositeType() {
			below = " { __typename }"
		}
		x.refused[field] = open + below + strings.Repeat(" }", strings.Count(open, "{")-strings.Count(open, "}"))
	}
	return false
}

// below is how deep it goes below a field: the items of a page stand where the page stands, those of its edges give only what
// they are, what somebody asked for gives its values alone, and an object costs one.
func (x *explorer) below(def *ast.Definition, f *ast.FieldDefinition, depth int) int {
	switch {
	case strings.HasSuffix(def.Name, "Connection") && f.Name == "edges":
		return min(depth, 0)
	case strings.HasSuffix(def.Name, "Connection"), strings.HasSuffix(def.Name, "Edge"):
		return depth
	case x.schema.Types[f.Type.Name()].IsAbstractType() && def.Name == "AccessGrant":
		return min(depth-1, 0)
	}
	return depth - 1
}

// selection selects all fields of a type down to a depth, and those of each type that it can be.
func (x *explorer) selection(def *ast.Definition, depth int, path, open, prefix string) string {
	var b strings.Builder
	if def.IsAbstractType() {
		b.WriteString(" __typename")
		for _, of := range x.schema.GetPossibleTypes(def) {
			// Fields of one name can have different types in different objects, so each stands under a name of its own.
			fmt.Fprintf(&b, " ... on %s {%s }", of.Name, x.selection(of, depth, path+"/"+of.Name, open+" { ... on "+of.Name, of.Name+"_"))
		}
	}
	for _, f := range def.Fields {
		if strings.HasPrefix(f.Name, "__") || tellsOfHidden[def.Name+"."+f.Name] {
			continue
		}
		at, call := path+"."+f.Name, " "+f.Name+x.argumentsOf(def, f)
		if prefix != "" {
			call = " " + prefix + f.Name + ":" + call
		}
		if !x.asks(def, f, open+" {"+call) {
			continue
		}
		of := x.schema.Types[f.Type.Name()]
		if !of.IsCompositeType() {
			x.paths[at] = true
			b.WriteString(call)
			continue
		}
		if below := x.below(def, f, depth); below >= 0 {
			if fields := x.selection(of, below, at, open+" {"+call, ""); fields != "" {
				b.WriteString(call + " {" + fields + " }")
			}
		}
	}
	return b.String()
}

func (x *explorer) argumentsOf(def *ast.Definition, f *ast.FieldDefinition) string {
	text, given := arguments[def.Name+"."+f.Name]
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil && !strings.Contains(text, a.Name+":") {
			x.t.Fatalf("%s.%s needs the argument %s: add it to arguments in graph/paths_test.go", def.Name, f.Name, a.Name)
		}
	}
	if !given && strings.HasSuffix(f.Type.Name(), "Connection") {
		return "(first: 2)"
	}
	return text
}

// filters are documents that ask each list of Query in each of its orders, and by each relation that its filter knows: there is
// some, there is none, and not either.
func (x *explorer) filters() []question {
	var out []question
	for _, f := range x.schema.Query.Fields {
		if !strings.HasSuffix(f.Type.Name(), "Connection") || !x.admits(x.schema.Query, f) {
			continue
		}
		var asked []string
		if where := f.Arguments.ForName("where"); where != nil {
			for _, relation := range x.schema.Types[where.Type.Name()].Fields {
				if strings.HasSuffix(relation.Type.Name(), "RelationFilter") {
					n := relation.Name
					asked = append(asked, fmt.Sprintf("where: {%s: {some: {}}}", n), fmt.Sprintf("where: {%s: {none: {}}}", n),
						fmt.Sprintf("where: {not: {%s: {some: {}}}}", n), fmt.Sprintf("where: {or: [{%s: {some: {}}}, {%s: {none: {}}}]}", n, n))
				}
			}
		}
		if order := f.Arguments.ForName("orderBy"); order != nil {
			for _, by := range x.schema.Types[x.schema.Types[order.Type.Name()].Fields.ForName("field").Type.Name()].EnumValues {
				for _, direction := range x.schema.Types["OrderDirection"].EnumValues {
					asked = append(asked, fmt.Sprintf("orderBy: {field: %s, direction: %s}, first: 50", by.Name, direction.Name),
						fmt.Sprintf("orderBy: {field: %s, direction: %s}, last: 3", by.Name, direction.Name))
				}
			}
		}
		for i := range asked {
			name := fmt.Sprint(f.Name, i)
			x.paths[name+".totalCount"] = true
			asked[i] = fmt.Sprintf("%s: %s(%s) { totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor } }", name, f.Name, asked[i])
		}
		if len(asked) > 0 {
			out = append(out, question{name: "the filters and orders of " + f.Name, text: "{ " + strings.Join(asked, " ") + " }"})
		}
	}
	return out
}

// short is the beginning of a call, to name it by.
func short(call string) string {
	const most = 90
	if len(call) > most {
		return call[:most] + "…"
	}
	return call
}

// one is the global id of a thing.
func one(id string) string { return kritis.GlobalID(store.ID(id)) }

// global names things by their global ids, as a list of the language.
func global(ids ...string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = one(id)
	}
	return `["` + strings.Join(out, `", "`) + `"]`
}
