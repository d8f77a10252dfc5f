package seed_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

// subjectKey is the key of a facility or operator in a graph of impact.
func subjectKey(id store.ID) string {
	return strings.ToLower(id.Kind()) + ":" + id.Key()
}

// seconds is a time of impact, nil where the property is unknown.
func seconds(v store.Value) *impact.Seconds {
	if v.IsZero() {
		return nil
	}
	n := impact.Seconds(v.Num())
	return &n
}

// supplyArea are the parts of the supply area of a facility.
func supplyArea(t *testing.T, n store.Node) []impact.Area {
	t.Helper()
	var out []impact.Area
	for _, part := range n.Prop("supplyAreas").List() {
		key, people, _ := strings.Cut(part, ":")
		count, err := strconv.ParseInt(people, 10, 64)
		if err != nil {
			t.Fatalf("%s: supply area %q", n.ID, part)
		}
		out = append(out, impact.Area{ARS: key, Population: &count})
	}
	return out
}

// dependencies collects operators, facilities and dependencies as the rule of impact takes them.
type dependencies struct {
	nodes map[string]*impact.Node
	edges []impact.Edge
}

func newDependencies() *dependencies { return &dependencies{nodes: map[string]*impact.Node{}} }

func (d *dependencies) addNode(t *testing.T, n store.Node) {
	key := subjectKey(n.ID)
	switch n.Label() {
	case kritis.LabelOperator:
		d.nodes[key] = &impact.Node{Key: key, BackupPower: seconds(n.Prop("backupPowerSeconds")), FederalStates: []string{n.Prop("seatCode").Text()}}
	case kritis.LabelFacility:
		d.nodes[key] = &impact.Node{
			Key: key, Branch: n.Prop("branchSlug").Text(), Site: n.Prop("siteCode").Text(), SupplyArea: supplyArea(t, n),
			BackupPower: seconds(n.Prop("backupPowerSeconds")), RecoveryTime: seconds(n.Prop("recoverySeconds")),
		}
	}
}

// addEdge takes an edge whose ends are there.
func (d *dependencies) addEdge(e store.Edge) {
	switch e.Type() {
	case kritis.EdgeOperates:
		d.nodes[subjectKey(e.To)].Operator = subjectKey(e.From)
	case kritis.EdgeSupplies:
		d.edges = append(d.edges, impact.Edge{
			Key: string(e.ID), Provider: subjectKey(e.From), Dependent: subjectKey(e.To), Kind: impact.Kind(e.Prop("kind").Text()),
			Strength: impact.Strength(e.Prop("strengthMillionths").Num()), TimeToImpact: impact.Seconds(e.Prop("timeToImpactSeconds").Num()),
			Need: e.Prop("need").Text(), Substitute: impact.Seconds(e.Prop("substituteSeconds").Num()), Figures: impact.Figures(e.Prop("figures").Text()),
		})
	}
}

// graph checks and indexes what was collected.
func (d *dependencies) graph(t *testing.T) *impact.Graph {
	t.Helper()
	ref, err := seed.Load()
	if err != nil {
		t.Fatal(err)
	}
	data := impact.Data{Edges: d.edges}
	for _, s := range ref.States.States {
		data.FederalStates = append(data.FederalStates, impact.FederalState{Code: strings.TrimPrefix(s.ISO3166, "DE-"), ARS: s.ARS, Population: s.Population})
	}
	for _, n := range d.nodes {
		data.Nodes = append(data.Nodes, *n)
	}
	g, err := impact.NewGraph(data)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// dependencies are those among the things of w that keep lets through, all if it is nil.
func (w world) dependencies(t *testing.T, keep func(store.ID) bool) *dependencies {
	t.Helper()
	d := newDependencies()
	for id, n := range w.nodes {
		if keep == nil || keep(id) {
			d.addNode(t, n)
		}
	}
	for _, e := range w.edges {
		if inside := keep == nil || keep(e.From) && keep(e.To); inside {
			d.addEdge(e)
		}
	}
	return d
}

// checkShape judges that degrees, alternatives and Land borders are those of real networks: hubs have hundreds of dependents, not
// thousands; most dependents have alternatives somewhere; some supply comes from another Land.
func (d *dependencies) checkShape(t *testing.T) {
	t.Helper()
	in, out := map[string]int{}, map[string]int{}
	alternatives := map[string]bool{}
	crossing := 0
	for _, e := range d.edges {
		in[e.Dependent]++
		out[e.Provider]++
		if e.Need != "" {
			alternatives[e.Dependent] = true
		}
		if from, to := d.nodes[e.Provider].Site, d.nodes[e.Dependent].Site; from != "" && to != "" && from != to {
			crossing++
		}
	}
	most := func(counts map[string]int) int { return slices.Max(slices.Collect(maps.Values(counts))) }
	if hub, needs := most(out), most(in); hub > 1_000 || needs > 30 {
		t.Errorf("a hub has %d dependents, a dependent has %d providers", hub, needs)
	}
	if share := 100 * len(alternatives) / len(in); share < 60 || share > 95 {
		t.Errorf("%d percent of the dependents have alternatives", share)
	}
	if share := 100 * crossing / len(d.edges); share < 5 || share > 25 {
		t.Errorf("%d percent of the dependencies cross a border between Länder", share)
	}
}
