package graph_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/store"
)

// whole is the graph of all dependencies of a world that a scope shows, made from the log without the code that reads it for a question.
func whole(t testing.TB, w *world, scope store.Scope) (*impact.Graph, map[store.ID]store.Node) {
	t.Helper()
	nodes, edges, shown := map[store.ID]store.Node{}, map[store.ID]store.Edge{}, newSight()
	for _, r := range w.records(t) {
		shown.apply(r.Change)
		for _, n := range r.Change.Put {
			nodes[n.ID] = n
		}
		for _, e := range r.Change.Link {
			edges[e.ID] = e
		}
		for _, id := range r.Change.Delete {
			delete(nodes, id)
			delete(edges, id)
		}
	}
	var d impact.Data
	kinds := []string{"Branch", "Service", "Facility", "Operator"}
	visible := func(id store.ID) bool { return scope.Shows(shown.of(id)) }
	of := func(id store.ID, edge store.EdgeType, out bool) (far []string) {
		for _, e := range edges {
			if near, other := e.From, e.To; e.Type() == edge {
				if !out {
					near, other = other, near
				}
				if near == id {
					far = append(far, other.Key())
				}
			}
		}
		return far
	}
	for id, n := range nodes {
		if id.Kind() == "FederalState" {
			d.FederalStates = append(d.FederalStates, impact.FederalState{Code: id.Key(), ARS: n.Prop("ars").Text(), Population: n.Prop("population").Num()})
		}
		if !slices.Contains(kinds, id.Kind()) || !visible(id) {
			continue
		}
		node := impact.Node{Key: keyOf(id), Branch: strings.Join(of(id, kritis.EdgeInBranch, true), " ")}
		switch id.Kind() {
		case "Branch":
			node.Branch = ""
		case "Facility":
			node.Site, node.FederalStates = strings.Join(of(id, kritis.EdgeSiteIn, true), " "), of(id, kritis.EdgeSuppliesTo, true)
			if owner := of(id, kritis.EdgeOperates, false); len(owner) > 0 {
				node.Operator = "operator:" + owner[0]
			}
			for _, part := range n.Prop("supplyAreas").List() {
				ars, people, _ := strings.Cut(part, ":")
				number, _ := strconv.ParseInt(people, 10, 64)
				node.SupplyArea = append(node.SupplyArea, impact.Area{ARS: ars, Population: &number})
			}
		case "Operator":
			node.FederalStates = of(id, kritis.EdgeSeatIn, true)
		}
		node.BackupPower, node.RecoveryTime = secondsOf(n.Prop("backupPowerSeconds")), secondsOf(n.Prop("recoverySeconds"))
		d.Nodes = append(d.Nodes, node)
	}
	for _, e := range edges {
		if e.Type() != kritis.EdgeSupplies || !visible(e.From) || !visible(e.To) {
			continue
		}
		x := impact.Edge{
			Key: e.Prop("number").Text(), Provider: keyOf(e.From), Dependent: keyOf(e.To), Kind: impact.Kind(e.Prop("kind").Text()), Need: e.Prop("need").Text(),
			Strength: impact.Strength(e.Prop("strengthMillionths").Num()), TimeToImpact: impact.Seconds(e.Prop("timeToImpactSeconds").Num()),
			Substitute: impact.Seconds(e.Prop("substituteSeconds").Num()), Figures: impact.Figures(e.Prop("figures").Text()), TimeUntil: secondsOf(e.Prop("timeUntilSeconds")),
		}
		d.Edges = append(d.Edges, x)
	}
	g, err := impact.NewGraph(d)
	if err != nil {
		t.Fatal(err)
	}
	return g, nodes
}

func secondsOf(v store.Value) *impact.Seconds {
	if v.IsZero() {
		return nil
	}
	return new(impact.Seconds(v.Num()))
}

const askOutage = `query($in: SimulateOutageInput!) {
	simulateOutage(input: $in) {
		entries {
			subject { __typename ... on Branch { slug } ... on Service { slug } ... on Facility { reference } ... on Operator { reference } }
			federalStates { code } startsAfter strength hops figures recovery path { key }
		}
		federalStates { federalState { code } entryCount population }
		truncation { reason limit }
		unknowns { code count }
		criticalDependencies { dependency { key } sparedCount delayedCount }
		compareWith(assumptions: {generatorRuntime: "PT0S", withoutSubstitutes: true}) { onlyHere { id } onlyThere { id } shifted { subject { id } here there } }
	}
}`

// toldAs writes an answer of the API as the rule writes its own.
func toldAs(t testing.TB, in object) []string {
	t.Helper()
	out := []string{}
	for _, e := range list(t, in, "entries") {
		subject := e["subject"].(object)
		key := strings.ToLower(subject["__typename"].(string)) + ":" + fmt.Sprint(orElse(subject["slug"], subject["reference"]))
		var path []string
		for _, s := range list(t, e, "path") {
			path = append(path, s["key"].(string))
		}
		out = append(out, fmt.Sprint(key, " ", codesIn(t, e, "federalStates"), " ", e["startsAfter"], " ", e["strength"], " ", e["hops"], " ", e["figures"], " ", orElse(e["recovery"], "-"), " ", path))
	}
	for _, s := range list(t, in, "federalStates") {
		out = append(out, fmt.Sprint(s["federalState"].(object)["code"], " ", s["entryCount"], " ", number(s["population"])))
	}
	for _, c := range list(t, in, "truncation") {
		out = append(out, fmt.Sprint(c["reason"], " ", c["limit"]))
	}
	for _, u := range list(t, in, "unknowns") {
		if u["code"] != "RESPONSIBILITY_UNRESOLVED" {
			out = append(out, fmt.Sprint(u["code"], " ", u["count"]))
		}
	}
	for _, c := range list(t, in, "criticalDependencies") {
		out = append(out, fmt.Sprint(c["dependency"].(object)["key"], " ", c["sparedCount"], " ", c["delayedCount"]))
	}
	comparison := in["compareWith"].(object)
	for _, s := range list(t, comparison, "shifted") {
		out = append(out, fmt.Sprint(s["subject"].(object)["id"], " ", s["here"], " ", s["there"]))
	}
	return append(out, fmt.Sprint(ids(list(t, comparison, "onlyHere"))), fmt.Sprint(ids(list(t, comparison, "onlyThere"))))
}

func orElse(a, b any) any {
	if a == nil {
		return b
	}
	return a
}

func number(x any) string {
	if x == nil {
		return "-"
	}
	return strconv.FormatFloat(x.(float64), 'f', -1, 64)
}

func codesIn(t testing.TB, o object, field string) []string {
	t.Helper()
	var out []string
	for _, s := range list(t, o, field) {
		out = append(out, s["code"].(string))
	}
	return out
}

// ruled is what the rule says of the whole graph.
func ruled(t testing.TB, g *impact.Graph, q impact.Question) []string {
	t.Helper()
	a, err := g.Impact(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, e := range a.Entries {
		var path []string
		for _, s := range e.Path {
			path = append(path, s.Key)
		}
		recovery := "-"
		if e.Recovery != nil {
			recovery = e.Recovery.String()
		}
		strength, _ := strconv.ParseFloat(e.Strength.String(), 64)
		out = append(out, fmt.Sprint(e.Subject, " ", e.FederalStates, " ", e.StartsAfter, " ", strength, " ", e.Hops, " ", e.Figures, " ", recovery, " ", path))
	}
	for _, s := range a.FederalStates {
		population := "-"
		if s.Population != nil {
			population = fmt.Sprint(*s.Population)
		}
		out = append(out, fmt.Sprint(s.Code, " ", s.Entries, " ", population))
	}
	for _, c := range a.Truncations {
		out = append(out, fmt.Sprint(c.Reason, " ", c.Limit))
	}
	for _, u := range a.Unknowns {
		out = append(out, fmt.Sprint(u.Code, " ", u.Count))
	}
	critical, err := g.CriticalDependencies(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range critical {
		out = append(out, fmt.Sprint(c.Step.Key, " ", c.SparedCount, " ", c.DelayedCount))
	}
	c, err := g.Compare(t.Context(), q, impact.Assumptions{GeneratorRuntime: new(impact.Seconds), WithoutSubstitutes: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Shifted {
		out = append(out, fmt.Sprint(globalOf(s.Subject), " ", s.Here, " ", s.There))
	}
	return append(out, fmt.Sprint(globals(c.OnlyHere)), fmt.Sprint(globals(c.OnlyThere)))
}

func globalOf(key string) string {
	kind, name, _ := strings.Cut(key, ":")
	return kritis.GlobalID(store.NewID(strings.ToUpper(kind[:1])+kind[1:], name))
}

func globals(keys []string) []string {
	out := []string{}
	for _, key := range keys {
		out = append(out, globalOf(key))
	}
	return out
}

func TestAnOutageReadInRoundsIsThatOfTheWholeGraph(t *testing.T) { checkOutages(t, onSQLite(t), 3) }

// checkOutages lets each facility and operator fail, every step-th under stricter eyes, and compares with the rule over everything that the caller may see.
func checkOutages(t *testing.T, w *world, step int) {
	entries := 0
	for _, p := range []kritis.Principal{developer, w.caller(t, kritis.Identity{Subject: "officer", Body: "zkl-de-by"})} {
		g, nodes := whole(t, w, p.Scope())
		var subjects []store.ID
		for id := range nodes {
			if kind := id.Kind(); kind == "Facility" || kind == "Operator" {
				subjects = append(subjects, id)
			}
		}
		slices.Sort(subjects)
		for i := 0; i < len(subjects); i += step {
			key := keyOf(subjects[i])
			q := impact.Question{Roots: []impact.Root{{Key: key}}, Bounds: impact.DefaultBounds(), RegisteredOnly: i%2 == 1}
			in := object{"roots": []object{inputOf(subjects[i])}, "registeredOnly": q.RegisteredOnly}
			if i%3 == 0 {
				q.Duration, q.Bounds.MaxDepth, q.Bounds.MaxNodes, q.Bounds.MinStrength = new(impact.Seconds(24*3600)), 5, 40, impact.Whole/20
				in["duration"], in["maxDepth"], in["maxNodes"], in["minStrength"] = "P1D", 5, 40, 0.05
			}
			if i%4 == 0 {
				q.Roots = append(q.Roots, impact.Root{Key: "branch:electricity", FederalStates: []string{"BY", "NI"}, IncludeFacilities: true})
				in["roots"] = append(in["roots"].([]object), object{"branch": "electricity"})
				in["federalStates"], in["includeFacilities"] = []string{"NI", "BY", "NI"}, true
			}
			r := w.reply(t, p, askOutage, object{"in": in})
			if _, err := g.Impact(t.Context(), q); err != nil {
				if r.code() != "NOT_FOUND" {
					t.Errorf("%s is hidden, got %s", key, r.text)
				}
				continue
			}
			got := toldAs(t, queryAs[map[string]object](t, w, p, askOutage, object{"in": in})["simulateOutage"])
			if diff := cmp.Diff(ruled(t, g, q), got); diff != "" {
				t.Fatalf("%s: (-rule +answer)\n%s", key, diff)
			}
			entries += len(got)
		}
	}
	t.Logf("%d lines of answers", entries)
	if entries < 3_000/step {
		t.Errorf("only %d lines", entries)
	}
}
