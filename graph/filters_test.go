package graph_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// filtered is a filter of a list and the same in Go, over the items of the whole list.
type filtered struct {
	where string
	fits  func(object) bool
}

// filteredList is a list with all that its filters ask for.
type filteredList struct {
	call, input, shows string
	cases              []filtered
	orders             map[string]func(object) string // the sort key of each field
}

// at follows fields down into an object; nil where one is null.
func at(o object, path string) any {
	var v any = o
	for field := range strings.SplitSeq(path, ".") {
		below, ok := v.(object)
		if !ok {
			return nil
		}
		v = below[field]
	}
	return v
}

func is(path string, values ...any) func(object) bool {
	return func(o object) bool { return slices.Contains(values, at(o, path)) }
}

func textOf(o object, path string) string {
	s, _ := at(o, path).(string)
	return s
}

func begins(path, with string) func(object) bool {
	return func(o object) bool { return strings.HasPrefix(textOf(o, path), with) }
}

func contains(path, part string) func(object) bool {
	return func(o object) bool { return strings.Contains(textOf(o, path), part) }
}

// has holds where one of the items of a list fits.
func has(path string, fits func(object) bool) func(object) bool {
	return func(o object) bool {
		items, _ := at(o, path).([]any)
		return slices.ContainsFunc(items, func(item any) bool {
			below, ok := item.(object)
			if !ok {
				below = object{"": item}
			}
			return fits(below)
		})
	}
}

func not(f func(object) bool) func(object) bool { return func(o object) bool { return !f(o) } }

func all(fs ...func(object) bool) func(object) bool {
	return func(o object) bool {
		return !slices.ContainsFunc(fs, func(f func(object) bool) bool { return !f(o) })
	}
}

func either(fs ...func(object) bool) func(object) bool {
	return func(o object) bool {
		return slices.ContainsFunc(fs, func(f func(object) bool) bool { return f(o) })
	}
}

func anything(object) bool { return true }
func nowhere(object) bool  { return false }

func earlier(path, instant string) func(object) bool {
	limit, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		panic(err)
	}
	return func(o object) bool {
		t, err := time.Parse(time.RFC3339, textOf(o, path))
		return err == nil && t.Before(limit)
	}
}

func known(path string) func(object) bool { return func(o object) bool { return at(o, path) != nil } }

func folded(path string) func(object) string {
	return func(o object) string { return store.FoldKey(textOf(o, path)) }
}

// servesHamburg holds for contact points of Hamburg, and for those of a body that serves several Länder.
var servesHamburg = either(is("federalState.code", "HH"), has("holder.servesStates", is("code", "HH")))

var filteredLists = []filteredList{
	{
		"authorities", "AuthorityWhere",
		`slug name(lang: DE) kind level federalState { code } roles competences(first: 50) { nodes { key subject { slug kind } role level evidence { confidence } } } contactPoints(first: 5) { nodes { name(lang: DE) role status verifiedAt } }`,
		[]filtered{
			{`{slug: {eq: "bsi"}}`, is("slug", "bsi")},
			{`{slug: {in: ["bsi", "bbk", "nope"]}}`, is("slug", "bsi", "bbk")},
			{`{slug: {in: []}}`, nowhere},
			{`{slug: {eq: "bsi", startsWith: "x"}}`, nowhere},
			{`{name: {contains: "Bundesamt"}}`, contains("name", "Bundesamt")},
			{`{name: {startsWith: "bundesamt"}}`, nowhere},
			{`{name: {contains: "%"}}`, nowhere},
			{`{kind: {in: [CERT, CYBER_AGENCY]}}`, is("kind", "CERT", "CYBER_AGENCY")},
			{`{level: {eq: JOINT}}`, is("level", "JOINT")},
			{`{federalState: {in: [BY, HH]}}`, is("federalState.code", "BY", "HH")},
			{`{roles: {eq: WARNING}}`, has("roles", is("", "WARNING"))},
			{`{roles: {eq: ORDINANCE_MAKER}}`, has("roles", is("", "ORDINANCE_MAKER"))},
			{`{roles: {in: [SUPERVISION, STANDARD_APPROVAL]}}`, has("roles", is("", "SUPERVISION", "STANDARD_APPROVAL"))},
			{`{competences: {some: {}}}`, has("competences.nodes", anything)},
			{`{competences: {none: {}}}`, not(has("competences.nodes", anything))},
			{`{competences: {some: {role: {eq: SUPERVISION}, subject: {eq: "rail"}}}}`, has("competences.nodes", all(is("role", "SUPERVISION"), is("subject.slug", "rail")))},
			{`{competences: {some: {role: {eq: SUPERVISION}}, none: {level: {eq: STATE}}}}`, all(has("competences.nodes", is("role", "SUPERVISION")), not(has("competences.nodes", is("level", "STATE"))))},
			{`{competences: {some: {key: {startsWith: "c00"}}}}`, has("competences.nodes", begins("key", "c00"))},
			{`{competences: {some: {subjectKind: {eq: SERVICE}, confidence: {in: [MEMORY, UNVERIFIED]}}}}`, has("competences.nodes", all(is("subject.kind", "SERVICE"), is("evidence.confidence", "MEMORY", "UNVERIFIED")))},
			{`{contactPoints: {some: {}}}`, has("contactPoints.nodes", anything)},
			{`{contactPoints: {some: {role: {eq: OFFICE}, status: {eq: PUBLISHED}, verifiedAt: {gte: "2025-01-01T00:00:00Z"}}}}`,
				has("contactPoints.nodes", all(is("role", "OFFICE"), is("status", "PUBLISHED"), known("verifiedAt"), not(earlier("verifiedAt", "2025-01-01T00:00:00Z"))))},
			{`{contactPoints: {none: {name: {contains: "Bundes"}}}}`, not(has("contactPoints.nodes", contains("name", "Bundes")))},
			{`{and: [{level: {eq: STATE}}, {not: {kind: {eq: CERT}}}], or: [{federalState: {eq: BY}}, {federalState: {eq: SN}}]}`,
				all(is("level", "STATE"), not(is("kind", "CERT")), is("federalState.code", "BY", "SN"))},
			{`{or: []}`, nowhere}, {`{and: []}`, anything}, {`{not: {}}`, nowhere}, {`{}`, anything},
		},
		map[string]func(object) string{"NAME": folded("name"), "SLUG": folded("slug")},
	},
	{
		"contactPoints", "ContactPointWhere", `name(lang: DE) role status federalState { code } verifiedAt holder { slug kind level name(lang: DE) roles servesStates { code } }`,
		[]filtered{
			{`{name: {contains: "CERT"}}`, contains("name", "CERT")},
			{`{role: {in: [ZKL, BBK_CONTACT]}}`, is("role", "ZKL", "BBK_CONTACT")},
			{`{status: {eq: DUE_NOT_PUBLISHED}}`, is("status", "DUE_NOT_PUBLISHED")},
			{`{federalState: {eq: BY}, role: {eq: ZKL}}`, all(is("federalState.code", "BY"), is("role", "ZKL"))},
			{`{federalState: {eq: HH}}`, servesHamburg},
			{`{verifiedAt: {lt: "2026-01-01T00:00:00+01:00"}}`, earlier("verifiedAt", "2026-01-01T00:00:00+01:00")},
			{`{verifiedAt: {gte: "2025-01-01T00:00:00+01:00", lte: "2026-06-30T00:00:00+02:00"}}`, all(known("verifiedAt"), not(earlier("verifiedAt", "2025-01-01T00:00:00+01:00")), earlier("verifiedAt", "2026-06-30T00:00:01+02:00"))},
			{`{holder: {some: {}}}`, known("holder")},
			{`{holder: {none: {}}}`, not(known("holder"))},
			{`{holder: {some: {slug: {in: ["bsi", "bbk"]}}}}`, is("holder.slug", "bsi", "bbk")},
			{`{holder: {some: {level: {eq: FEDERAL}, kind: {eq: AGENCY}, name: {startsWith: "Bundes"}}}}`, all(is("holder.level", "FEDERAL"), is("holder.kind", "AGENCY"), begins("holder.name", "Bundes"))},
			{`{holder: {some: {roles: {eq: CSIRT}}}}`, has("holder.roles", is("", "CSIRT"))},
			{`{and: [{}], or: [{role: {eq: ZKL}}, {status: {eq: PUBLISHED}}], not: {federalState: {eq: HH}}}`, all(either(is("role", "ZKL"), is("status", "PUBLISHED")), not(servesHamburg))},
		},
		map[string]func(object) string{"NAME": folded("name"), "ROLE": folded("role")},
	},
	{
		"competences", "CompetenceWhere", `key legalAct { slug } authority { slug } subject { slug kind } role level federalState { code } evidence { confidence }`,
		[]filtered{
			{`{key: {in: ["c001", "c150"]}}`, is("key", "c001", "c150")},
			{`{legalAct: {eq: "kritisdachg"}}`, is("legalAct.slug", "kritisdachg")},
			{`{authority: {startsWith: "b"}}`, begins("authority.slug", "b")},
			{`{subject: {eq: "rail"}}`, is("subject.slug", "rail")},
			{`{subject: {eq: "all"}}`, is("subject.slug", "all")},
			{`{subjectKind: {in: [BRANCH, CROSS_SECTOR]}}`, is("subject.kind", "BRANCH", "CROSS_SECTOR")},
			{`{role: {eq: SUPERVISION}, level: {eq: STATE}}`, all(is("role", "SUPERVISION"), is("level", "STATE"))},
			{`{federalState: {eq: SN}}`, is("federalState.code", "SN")},
			{`{confidence: {in: [MEMORY, UNVERIFIED]}}`, is("evidence.confidence", "MEMORY", "UNVERIFIED")},
			{`{and: [{role: {eq: REPORTING}}], or: [{legalAct: {eq: "bsig"}}, {legalAct: {eq: "tkg"}}], not: {authority: {eq: "bsi"}}}`, all(is("role", "REPORTING"), is("legalAct.slug", "bsig", "tkg"), not(is("authority.slug", "bsi")))},
		},
		map[string]func(object) string{"KEY": folded("key")},
	},
	{
		"operators", "OperatorWhere",
		`reference name entityClass federalState { code } sectors { slug } demo facilities(first: 20) { nodes { reference name demo } } incidents(first: 20) { nodes { reference title status severity kind awareAt demo } }`,
		[]filtered{
			{`{reference: {startsWith: "demo-op-000"}}`, begins("reference", "demo-op-000")},
			{`{name: {contains: "GmbH"}}`, contains("name", "GmbH")},
			{`{entityClass: {eq: UNKNOWN}}`, is("entityClass", "UNKNOWN")},
			{`{entityClass: {in: [UNKNOWN, IMPORTANT]}}`, is("entityClass", "UNKNOWN", "IMPORTANT")},
			{`{entityClass: {in: []}}`, nowhere},
			{`{federalState: {in: [BY, NW]}}`, is("federalState.code", "BY", "NW")},
			{`{sector: {eq: "energy"}}`, has("sectors", is("slug", "energy"))},
			{`{sector: {in: ["water", "health"]}}`, has("sectors", is("slug", "water", "health"))},
			{`{demo: {eq: true}}`, anything}, {`{demo: {eq: false}}`, nowhere},
			{`{facilities: {none: {}}}`, not(has("facilities.nodes", anything))},
			{`{facilities: {some: {reference: {startsWith: "demo-fa-000"}, name: {contains: "netz"}, demo: {eq: true}}}}`, has("facilities.nodes", all(begins("reference", "demo-fa-000"), contains("name", "netz")))},
			{`{incidents: {some: {}}}`, has("incidents.nodes", anything)},
			{`{incidents: {none: {status: {eq: OPEN}}}}`, not(has("incidents.nodes", is("status", "OPEN")))},
			{`{incidents: {some: {severity: {in: [HIGH, MEDIUM]}, kind: {eq: CYBER}, demo: {eq: true}}}}`, has("incidents.nodes", all(is("severity", "HIGH", "MEDIUM"), is("kind", "CYBER")))},
			{`{incidents: {some: {reference: {eq: "demo-1"}, title: {startsWith: "Ransomware"}, awareAt: {lt: "2026-11-01T00:00:00+01:00", gt: "2026-10-01T00:00:00+02:00"}}}}`, has("incidents.nodes", is("reference", "demo-1"))},
			{`{and: [{sector: {eq: "energy"}}], or: [{federalState: {eq: BY}}, {facilities: {none: {}}}], not: {reference: {eq: "demo-op-0001"}}}`,
				all(has("sectors", is("slug", "energy")), either(is("federalState.code", "BY"), not(has("facilities.nodes", anything))), not(is("reference", "demo-op-0001")))},
		},
		map[string]func(object) string{"NAME": folded("name"), "REFERENCE": folded("reference")},
	},
	{
		"facilities", "FacilityWhere",
		`reference name site { federalState { code } } branch { slug } service { slug } category { code } demo operator { reference name entityClass demo } incidents(first: 20) { nodes { reference severity status } }`,
		[]filtered{
			{`{reference: {eq: "demo-fa-0001"}}`, is("reference", "demo-fa-0001")},
			{`{name: {startsWith: "Strom"}}`, begins("name", "Strom")},
			{`{federalState: {eq: NI}}`, is("site.federalState.code", "NI")},
			{`{branch: {eq: "rail"}}`, is("branch.slug", "rail")},
			{`{service: {in: ["inpatient-care", "drinking-water-supply"]}}`, is("service.slug", "inpatient-care", "drinking-water-supply")},
			{`{category: {startsWith: "1."}}`, begins("category.code", "1.")},
			{`{demo: {eq: true}}`, anything},
			{`{operator: {some: {entityClass: {eq: UNKNOWN}}}}`, is("operator.entityClass", "UNKNOWN")},
			{`{operator: {some: {reference: {in: ["demo-op-0001", "demo-op-0009"]}, name: {contains: "Netz"}, demo: {eq: true}}}}`, all(is("operator.reference", "demo-op-0001", "demo-op-0009"), contains("operator.name", "Netz"))},
			{`{operator: {none: {name: {contains: "GmbH"}}}}`, not(contains("operator.name", "GmbH"))},
			{`{incidents: {some: {severity: {eq: HIGH}}}}`, has("incidents.nodes", is("severity", "HIGH"))},
			{`{incidents: {none: {}}}`, not(has("incidents.nodes", anything))},
			{`{and: [{branch: {startsWith: "e"}}], or: [{federalState: {eq: BY}}, {federalState: {eq: NI}}], not: {incidents: {some: {}}}}`, all(begins("branch.slug", "e"), is("site.federalState.code", "BY", "NI"), not(has("incidents.nodes", anything)))},
		},
		map[string]func(object) string{"NAME": folded("name"), "REFERENCE": folded("reference")},
	},
	{
		"incidents", "IncidentWhere",
		`reference title status severity kind federalStates { code } awareAt demo operator { reference entityClass } facilities(first: 20) { nodes { reference name } }`,
		[]filtered{
			{`{reference: {in: ["demo-1", "demo-2"]}}`, is("reference", "demo-1", "demo-2")},
			{`{title: {contains: "Ransomware"}}`, contains("title", "Ransomware")},
			{`{status: {eq: OPEN}}`, is("status", "OPEN")},
			{`{severity: {in: [LOW, HIGH]}}`, is("severity", "LOW", "HIGH")},
			{`{kind: {in: [PHYSICAL, MIXED]}}`, is("kind", "PHYSICAL", "MIXED")},
			{`{federalState: {in: [BY, HE]}}`, has("federalStates", is("code", "BY", "HE"))},
			{`{awareAt: {lt: "2026-10-01T00:00:00+02:00"}}`, earlier("awareAt", "2026-10-01T00:00:00+02:00")},
			{`{awareAt: {gt: "2025-10-01T00:00:00+02:00", lte: "2026-10-31T21:00:00Z"}}`, all(not(earlier("awareAt", "2025-10-01T00:00:01+02:00")), earlier("awareAt", "2026-10-31T21:00:01Z"))},
			{`{awareAt: {gte: "2026-10-31T21:00:00Z"}}`, not(earlier("awareAt", "2026-10-31T21:00:00Z"))},
			{`{demo: {eq: true}}`, anything},
			{`{operator: {some: {reference: {startsWith: "demo-op-000"}}}}`, begins("operator.reference", "demo-op-000")},
			{`{operator: {none: {entityClass: {eq: PARTICULARLY_IMPORTANT}}}}`, not(is("operator.entityClass", "PARTICULARLY_IMPORTANT"))},
			{`{facilities: {some: {reference: {eq: "demo-fa-0001"}}}}`, has("facilities.nodes", is("reference", "demo-fa-0001"))},
			{`{facilities: {none: {}}}`, not(has("facilities.nodes", anything))},
			{`{and: [{status: {eq: CLOSED}}], or: [{kind: {eq: CYBER}}, {severity: {eq: LOW}}], not: {federalState: {eq: BY}}}`, all(is("status", "CLOSED"), either(is("kind", "CYBER"), is("severity", "LOW")), not(has("federalStates", is("code", "BY"))))},
		},
		map[string]func(object) string{"AWARE_AT": func(o object) string { return textOf(o, "awareAt") }, "REFERENCE": folded("reference")},
	},
}

// readAll reads all pages of a list.
func readAll(t *testing.T, w *world, call, arguments, selection string) []object {
	t.Helper()
	var items []object
	cursor := ""
	for {
		text := "first: 20"
		if cursor != "" {
			text += fmt.Sprintf(", after: %q", cursor)
		}
		page := query[map[string]object](t, w, fmt.Sprintf(`{ %s(%s, %s) { pageInfo { hasNextPage endCursor } nodes { id %s } } }`, call, text, arguments, selection), nil)[call]
		items = append(items, list(t, page, "nodes")...)
		if at(page, "pageInfo.hasNextPage") != true {
			return items
		}
		cursor = textOf(page, "pageInfo.endCursor")
	}
}

func ids(items []object) []string {
	out := make([]string, len(items))
	for i, o := range items {
		out[i] = textOf(o, "id")
	}
	return out
}

func TestEveryFilterGivesWhatANaiveOneGives(t *testing.T) {
	w, schema := onSQLite(t), loadSchema(t)
	for _, l := range filteredLists {
		t.Run(l.call, func(t *testing.T) {
			whole := readAll(t, w, l.call, "where: {}", l.shows)
			var texts strings.Builder
			for _, c := range l.cases {
				texts.WriteString(c.where)
				var want []object
				for _, o := range whole {
					if c.fits(o) {
						want = append(want, o)
					}
				}
				got := ids(readAll(t, w, l.call, "where: "+c.where, ""))
				if !slices.Equal(got, ids(want)) {
					t.Errorf("%s: got %d items, want %d\n%v\n%v", c.where, len(got), len(want), got, ids(want))
				}
			}
			for _, field := range schema.Types[l.input].Fields {
				if !strings.Contains(texts.String(), field.Name+": ") {
					t.Errorf("no case asks for %s of %s", field.Name, l.input)
				}
			}
		})
	}
}

func TestEveryOrderIsThatOfItsFieldThenOfTheId(t *testing.T) {
	w, schema := onSQLite(t), loadSchema(t)
	for _, l := range filteredLists {
		enum := schema.Types[strings.TrimSuffix(l.input, "Where")+"OrderField"]
		for _, field := range enum.EnumValues {
			for _, direction := range []string{"ASC", "DESC"} {
				got := readAll(t, w, l.call, fmt.Sprintf("orderBy: {field: %s, direction: %s}", field.Name, direction), l.shows)
				want := slices.Clone(got)
				key := l.orders[field.Name]
				if key == nil {
					t.Fatalf("%s of %s has no key here", field.Name, l.call)
				}
				slices.SortFunc(want, func(a, b object) int {
					byKey := cmp.Compare(key(a), key(b))
					if direction == "DESC" {
						byKey = -byKey
					}
					return cmp.Or(byKey, cmp.Compare(storeID(a), storeID(b)))
				})
				if len(got) < 10 || !slices.Equal(ids(got), ids(want)) {
					t.Errorf("%s by %s %s: got %v, want %v", l.call, field.Name, direction, ids(got), ids(want))
				}
			}
		}
	}
}

// storeID is the id behind a global one: it ends every order.
func storeID(o object) store.ID {
	id, err := kritis.ParseGlobalID(textOf(o, "id"))
	if err != nil {
		panic(err)
	}
	return id
}
