package seed_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

const demoDay store.Day = "2026-11-01"

func demo(size seed.Size) iter.Seq2[store.Change, error] {
	return seed.Demo(seed.Options{Seed: 1, Size: size, Day: demoDay})
}

// world is everything of a stream by id.
type world struct {
	nodes map[store.ID]store.Node
	edges map[store.ID]store.Edge
}

func collect(t *testing.T, changes iter.Seq2[store.Change, error]) world {
	t.Helper()
	w := world{map[store.ID]store.Node{}, map[store.ID]store.Edge{}}
	for c, err := range changes {
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range c.Put {
			w.nodes[n.ID] = n
		}
		for _, e := range c.Link {
			w.edges[e.ID] = e
		}
	}
	return w
}

func digest(t *testing.T, changes iter.Seq2[store.Change, error]) string {
	t.Helper()
	h := sha256.New()
	enc := json.NewEncoder(h)
	for c, err := range changes {
		if err != nil {
			t.Fatal(err)
		}
		if err := enc.Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestDemoIsAFunctionOfSeedSizeAndDay(t *testing.T) {
	o := seed.Options{Seed: 7, Size: seed.Small, Day: demoDay}
	first := digest(t, seed.Demo(o))
	if again := digest(t, seed.Demo(o)); again != first {
		t.Error("two runs differ")
	}
	other := o
	other.Seed = 8
	if digest(t, seed.Demo(other)) == first {
		t.Error("another seed gives the same")
	}
	other = o
	other.Day = "2026-11-02"
	if digest(t, seed.Demo(other)) == first {
		t.Error("another day gives the same")
	}
}

func TestDemoRefusesUnknownSizesAndDays(t *testing.T) {
	for name, o := range map[string]seed.Options{
		"huge": {Size: "huge", Day: demoDay}, "tomorrow": {Size: seed.Small, Day: "tomorrow"},
	} {
		for _, err := range seed.Demo(o) {
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%+v: error %v does not name %q", o, err, name)
			}
		}
	}
}

// shared compares what of a change w has too, and returns how many things that are.
func (w world) shared(t *testing.T, c store.Change) int {
	t.Helper()
	same := 0
	for _, n := range c.Put {
		if m, ok := w.nodes[n.ID]; ok {
			same++
			if d := cmp.Diff(m, n); d != "" {
				t.Fatal(d)
			}
		}
	}
	for _, e := range c.Link {
		if m, ok := w.edges[e.ID]; ok {
			same++
			if d := cmp.Diff(m, e); d != "" {
				t.Fatal(d)
			}
		}
	}
	return same
}

func TestMediumBeginsWithSmall(t *testing.T) {
	small, same := collect(t, demo(seed.Small)), 0
	for c, err := range demo(seed.Medium) {
		if err != nil {
			t.Fatal(err)
		}
		same += small.shared(t, c)
	}
	if want := len(small.nodes) + len(small.edges); same != want {
		t.Errorf("%d of %d things of small are in medium", same, want)
	}
}

func TestLargeHasItsNumbersAndBeginsWithMedium(t *testing.T) {
	medium := collect(t, demo(seed.Medium))
	counts := map[string]int{}
	edges, same, large := 0, 0, newDependencies()
	for c, err := range demo(seed.Large) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Size() > store.MaxChange || len(c.If) != c.Size() {
			t.Fatalf("a change of %d things with %d conditions", c.Size(), len(c.If))
		}
		for _, n := range c.Put {
			counts[string(n.Label())]++
			large.addNode(t, n)
		}
		for _, e := range c.Link {
			large.addEdge(e)
		}
		edges += len(c.Link)
		same += medium.shared(t, c)
	}
	if d := cmp.Diff(map[string]int{"Operator": 30_000, "Facility": 45_000, "Incident": 100_000}, counts); d != "" {
		t.Error(d)
	}
	if want := len(medium.nodes) + len(medium.edges); same != want {
		t.Errorf("%d of %d things of medium are in large", same, want)
	}
	if edges < 850_000 || edges > 1_100_000 {
		t.Errorf("%d edges, want about a million", edges)
	}
	large.graph(t) // it is accepted
	large.checkShape(t)
}

func TestMediumHasTheNumbersAndProportionsOfTheStatistics(t *testing.T) {
	w := collect(t, demo(seed.Medium))
	labels, sectors, seats := map[store.Label]int{}, map[string]int{}, map[string]int{}
	for _, n := range w.nodes {
		labels[n.Label()]++
		switch n.Label() {
		case kritis.LabelFacility:
			sectors[n.Prop("sectorSlug").Text()]++
		case kritis.LabelOperator:
			seats[n.Prop("seatCode").Text()]++
		}
	}
	if d := cmp.Diff(map[store.Label]int{kritis.LabelOperator: 1_119, kritis.LabelFacility: 2_019, kritis.LabelIncident: 769}, labels); d != "" {
		t.Error(d)
	}
	order := slices.SortedFunc(maps.Keys(sectors), func(a, b string) int { return sectors[b] - sectors[a] })
	if d := cmp.Diff([]string{"energy", "health", "municipal-waste"}, order[:3]); d != "" {
		t.Errorf("the largest sectors: %s in %v", d, sectors)
	}
	ref, err := seed.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range ref.States.States {
		got, want := seats[strings.TrimPrefix(s.ISO3166, "DE-")], int(1_119*s.Population/ref.States.PopulationTotal)
		if diff := got - want; diff*diff > 9*(want+1) {
			t.Errorf("%s: %d operators, its inhabitants would give %d", s.ISO3166, got, want)
		}
	}
}

func TestMediumFitsTheSchemaAndEveryReferenceResolves(t *testing.T) {
	s := open(t)
	known := map[store.ID]bool{}
	for r, err := range s.Sealed(join(seed.ReferenceChanges(loadedAt), demo(seed.Medium))) {
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range r.Change.Put {
			known[n.ID] = true
		}
		for _, e := range r.Change.Link {
			if !known[e.From] || !known[e.To] {
				t.Errorf("%s begins or ends at nothing, or before it exists", e.ID)
			}
		}
	}
}

func TestSmallLoadsAndNoFacilityIsHiddenByItsOperator(t *testing.T) {
	s := open(t)
	load(t, s, join(seed.ReferenceChanges(loadedAt), demo(seed.Small)))
	page, err := s.List(t.Context(), store.Unrestricted(), store.Query{Labels: []store.Label{kritis.LabelFacility}, Limit: store.MaxPage})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Hits) != 108 {
		t.Errorf("%d facilities", len(page.Hits))
	}
	for _, hit := range page.Hits {
		if d := cmp.Diff(hit.Node.Own, hit.Node.Settled); d != "" {
			t.Errorf("%s: %s", hit.Node.ID, d)
		}
	}
}

func TestEverythingIsMarkedAsDemo(t *testing.T) {
	w := collect(t, demo(seed.Medium))
	marked := func(id store.ID, p map[string]store.Value) {
		if p["status"].Text() != "DEMO" || p["source"].Text() != "demo" || p["confidence"].Text() != "UNVERIFIED" || p["asOf"].Text() != string(demoDay) {
			t.Errorf("%s is not marked: %v", id, p)
		}
	}
	for id, e := range w.edges {
		marked(id, e.Props)
	}
	for id, n := range w.nodes {
		marked(id, n.Props)
		if !n.Prop("demo").True() {
			t.Errorf("%s is not demo", id)
		}
	}
}

// landsOf returns the Länder in which things stand, supply or take effect, from the edges.
func (w world) landsOf() map[store.ID][]string {
	lands := map[store.ID][]string{}
	for _, e := range w.edges {
		if e.To.Kind() == string(kritis.LabelFederalState) {
			lands[e.From] = append(lands[e.From], e.To.Key())
		}
	}
	return lands
}

func TestEverythingIsForTheLaenderItConcernsItsOperatorAndTheSituationCentre(t *testing.T) {
	w := collect(t, demo(seed.Medium))
	lands, tlps := w.landsOf(), map[string]int{}
	operator := func(a string) bool { return strings.HasPrefix(a, "operator:demo-op-") }
	for id, n := range w.nodes {
		tlps[n.Own.TLP.String()]++
		a := n.Own.Audiences
		if slices.Contains(a, kritis.AudiencePublic) || !slices.Contains(a, kritis.AudienceSituationCentre) || !slices.ContainsFunc(a, operator) {
			t.Errorf("%s is for %v", id, a)
		}
		for _, code := range lands[id] {
			if !slices.Contains(a, kritis.AudienceLand(code)) {
				t.Errorf("%s is not for %s", id, code)
			}
		}
		slices.Sort(lands[id])
		if d := cmp.Diff(lands[id], n.Prop("landCodes").List()); d != "" && n.Label() == kritis.LabelIncident {
			t.Errorf("%s: %s", id, d)
		}
	}
	for _, tlp := range []string{"GREEN", "AMBER", "AMBER_STRICT", "RED"} {
		if tlps[tlp] == 0 {
			t.Errorf("nothing is %s", tlp)
		}
	}
}

func TestCopiesOfNaturalKeysAgreeWithTheEdges(t *testing.T) {
	w := collect(t, demo(seed.Medium))
	ends := map[store.ID]map[store.EdgeType][]string{}
	for _, e := range w.edges {
		if ends[e.From] == nil {
			ends[e.From] = map[store.EdgeType][]string{}
		}
		ends[e.From][e.Type()] = append(ends[e.From][e.Type()], e.To.Key())
	}
	for id, n := range w.nodes {
		for prop, edge := range map[string]store.EdgeType{
			"siteCode": kritis.EdgeSiteIn, "branchSlug": kritis.EdgeInBranch, "serviceSlug": kritis.EdgeProvides, "seatCode": kritis.EdgeSeatIn,
		} {
			if got := n.Prop(prop).Text(); n.Label() != kritis.LabelIncident && got != strings.Join(ends[id][edge], ",") {
				t.Errorf("%s: %s is %q, the edge leads to %v", id, prop, got, ends[id][edge])
			}
		}
		if code := n.Prop("categoryCode").Text(); code != "" {
			want := []string{n.Prop("serviceSlug").Text() + "." + code}
			if d := cmp.Diff(want, ends[id][kritis.EdgeOfCategory]); d != "" {
				t.Errorf("%s: %s", id, d)
			}
		}
		if n.Label() == kritis.LabelOperator {
			sectors := n.Prop("sectorSlugs").List()
			slices.Sort(sectors)
			slices.Sort(ends[id][kritis.EdgeInSector])
			if d := cmp.Diff(sectors, ends[id][kritis.EdgeInSector]); d != "" {
				t.Errorf("%s: %s", id, d)
			}
		}
	}
}

func TestFactsOfOperatorsAndFacilitiesAreThereAndSomeAreUnknown(t *testing.T) {
	w := collect(t, demo(seed.Medium))
	total, known := map[store.Label]int{}, map[string]int{}
	cross := 0
	for _, n := range w.nodes {
		total[n.Label()]++
		for name := range n.Props {
			known[string(n.Label())+"."+name]++
		}
		prefixes := map[string]bool{}
		for _, area := range n.Prop("supplyAreas").List() {
			key, people, ok := strings.Cut(area, ":")
			if number, err := strconv.Atoi(people); !ok || err != nil || number <= 0 || len(key) < 2 {
				t.Errorf("%s: supply area %q", n.ID, area)
			}
			prefixes[key[:2]] = true
		}
		if len(prefixes) > 1 {
			cross++
		}
	}
	for _, name := range []string{
		"Operator.ownership", "Operator.entityClass", "Operator.publicTelecom", "Operator.doraEntity", "Operator.federallySupervised", "Operator.nuclearLicence",
		"Operator.euMainEstablishmentInGermany", "Operator.inExclusiveEconomicZone", "Operator.personalDataBreach", "Operator.exchangeOperator",
		"Operator.websiteCertificates", "Operator.criticalFacility", "Operator.stateLawItProvider",
		"Facility.supplyAreas", "Facility.backupPowerSeconds", "Facility.recoverySeconds", "Facility.criticalFacility",
	} {
		label, _, _ := strings.Cut(name, ".")
		if share := 100 * known[name] / total[store.Label(label)]; share < 60 || share > 99 {
			t.Errorf("%s is known for %d percent", name, share)
		}
	}
	for _, name := range []string{"Operator.administrationLevel", "Operator.energyRole", "Facility.energyRole", "Facility.inExclusiveEconomicZone"} {
		if known[name] == 0 {
			t.Errorf("%s is never known", name)
		}
	}
	if cross < 100 {
		t.Errorf("only %d supply areas cross a border", cross)
	}
}
