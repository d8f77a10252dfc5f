package seed

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// Size is how many demo data there are.
type Size string

// The sizes. Medium is close to the registered reality of statistics.yaml.
const (
	Small  Size = "small"  // 60 operators, 108 facilities, 40 incidents
	Medium Size = "medium" // 1,119 operators, 2,019 facilities, 769 incidents
	Large  Size = "large"  // 30,000 operators, 45,000 facilities, 100,000 incidents
)

// The numbers of the sizes. A smaller size is the beginning of a larger one, so each boundary shapes the data.
const (
	smallOperators, mediumOperators, largeOperators    = 60, 1_119, 30_000
	mediumFacilities, largeFacilities                  = 2_019, 45_000
	smallIncidents, mediumIncidents, largeIncidents    = 40, 769, 100_000
	demoChunk                                          = 10_000 // things of one change: bounds the memory of a load
	supplierPool, supplierSample, providerAlternatives = 60, 8, 3
)

// Options of Demo. The same options give the same changes, byte for byte.
type Options struct {
	Seed int64
	Size Size
	Day  store.Day // the day that "today" is for dates of incidents, in Europe/Berlin
}

func (o Options) operators() (int, error) {
	switch o.Size {
	case Small:
		return smallOperators, nil
	case Medium:
		return mediumOperators, nil
	case Large:
		return largeOperators, nil
	}
	return 0, fmt.Errorf("unknown size of demo data %q: use small, medium or large", o.Size)
}

func (o Options) incidents() int {
	return map[Size]int{Small: smallIncidents, Medium: mediumIncidents, Large: largeIncidents}[o.Size]
}

// Demo generates fictional operators, facilities, dependencies and incidents for a store that holds the reference data.
// Everything is marked as demo data, no name, domain or number belongs to anybody. Operators, facilities, dependencies
// and incidents of a smaller size are those of a larger one, by reference. docs/demo-data.md describes them.
func Demo(o Options) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		d, err := newDemo(o)
		if err != nil {
			yield(store.Change{}, err)
			return
		}
		meta := store.Meta{Actor: Actor, Action: ActionDemoLoad, At: d.start.UnixMicro()}
		d.out = chunker{yield: yield, meta: meta, size: demoChunk}
		d.run()
	}
}

// demo is a run of the generator. It keeps of each thing only what later ones need.
type demo struct {
	Options
	out          chunker
	count        int       // of operators
	start        time.Time // beginning of the day
	lands        []demoLand
	branches     []Branch
	branchOf     map[string]int
	profiles     map[string][]profile // by sector
	needs        [][]demoNeed         // by branch of the dependent
	common       map[int]bool         // branches that everybody needs
	operators    []demoOperator
	facilities   []demoFacility
	places       map[place][]int // facilities of a branch in a Land, in order
	experts      []int           // operators of the sector ict, in order
	book         *kritis.Rulebook
	rowSets      map[string][]string // audiences of supervisory authorities, each set once
	supervisorOf map[string]string   // slug of the body by the number of its competence
	err          error               // the first one of the rule
}

// demoLand is a Land: its key prefix, inhabitants, neighbours and number of invented districts.
type demoLand struct {
	code, ars  string
	population int
	districts  int
	neighbours []int
}

// profile is a kind of facility: a branch, its service and a category of that, as far as there is one.
type profile struct {
	branch  int
	service string
	codes   []string
	names   []string
}

// demoNeed is what facilities of a branch need of another one.
type demoNeed struct {
	provider int
	kind     string
	strength int64 // millionths
	delay    int64 // seconds
}

type place struct{ land, branch int }

func newDemo(o Options) (*demo, error) {
	count, err := o.operators()
	if err != nil {
		return nil, err
	}
	start, err := time.ParseInLocation(time.DateOnly, string(o.Day), kritis.Berlin)
	if err != nil {
		return nil, fmt.Errorf("day of the demo data: %w", err)
	}
	ref, err := shipped()
	if err != nil {
		return nil, err
	}
	book, err := shippedBook()
	if err != nil {
		return nil, err
	}
	d := &demo{Options: o, count: count, start: start, places: map[place][]int{}, branchOf: map[string]int{}, common: map[int]bool{}, book: book, rowSets: map[string][]string{},
		supervisorOf: map[string]string{}}
	d.readSupervisors(book.Competences())
	d.readLands(ref.States.States)
	d.readProfiles(ref.Taxonomy)
	if err := d.readNeeds(ref.Dependencies.Dependencies); err != nil {
		return nil, err
	}
	return d, nil
}

// shippedBook is the rulebook of the embedded reference data.
func shippedBook() (*kritis.Rulebook, error) {
	nodes, edges, err := embeddedGraph()
	if err != nil {
		return nil, err
	}
	return kritis.NewRulebook(nodes, edges)
}

// DemoSettled returns the change that follows Demo: it notes that the audiences of the demo data reflect the competences that are
// shipped, so that nobody settles them again.
func DemoSettled(day store.Day, at time.Time) (store.Change, error) {
	book, err := shippedBook()
	if err != nil {
		return store.Change{}, err
	}
	mark := book.AudienceMark(day)
	return store.Change{
		Put: []store.Node{mark}, If: []store.Cond{{ID: mark.ID}},
		Meta: store.Meta{Actor: Actor, Action: ActionDemoLoad, At: at.UnixMicro()},
	}, nil
}

// districtSize is about how many people live in an invented district.
const districtSize = 250_000

func (d *demo) readLands(states []State) {
	index := map[string]int{}
	for i, s := range states {
		index[s.ID] = i
		d.lands = append(d.lands, demoLand{code: land(s.ID), ars: s.ARS, population: int(s.Population),
			districts: max(1, int(s.Population)/districtSize)})
	}
	for i, s := range states {
		for _, other := range s.Neighbours {
			d.lands[i].neighbours = append(d.lands[i].neighbours, index[other])
		}
	}
}

func (d *demo) readProfiles(t TaxonomyFile) {
	d.branches = t.Branches
	d.profiles = map[string][]profile{}
	used := map[int]bool{}
	for i, b := range t.Branches {
		d.branchOf[b.Slug] = i
	}
	for _, s := range t.Services {
		byBranch := map[string]*profile{}
		order := []string{}
		at := func(branch string) *profile {
			if byBranch[branch] == nil {
				byBranch[branch] = &profile{branch: d.branchOf[branch], service: s.Slug}
				order = append(order, branch)
			}
			return byBranch[branch]
		}
		for _, c := range s.FacilityCategories {
			branch := s.Branch
			if branch == "" {
				branch = c.Branch
			}
			if branch == "" {
				continue
			}
			p := at(branch)
			p.codes, p.names = append(p.codes, c.Code), append(p.names, c.NameDE)
		}
		if s.Branch != "" {
			at(s.Branch)
		}
		for _, branch := range order {
			d.profiles[s.Sector] = append(d.profiles[s.Sector], *byBranch[branch])
			used[byBranch[branch].branch] = true
		}
	}
	for i, b := range t.Branches {
		if !used[i] {
			d.profiles[b.Sector] = append(d.profiles[b.Sector], profile{branch: i})
		}
	}
}

// commonNeeds are what every facility needs, beside what the reference dependencies say of its branch.
var commonNeeds = []struct {
	provider, kind  string
	strength, delay int64
}{
	{"electricity", "PHYSICAL", 900_000, 2 * 3600},
	{"telecommunications", "CYBER", 500_000, 4 * 3600},
	{"information-technology", "CYBER", 450_000, 8 * 3600},
	{"public-water-supply", "PHYSICAL", 300_000, 24 * 3600},
	{"road", "PHYSICAL", 250_000, 48 * 3600},
}

func (d *demo) readNeeds(deps []Dependency) error {
	d.needs = make([][]demoNeed, len(d.branches))
	b := builder{}
	for _, dep := range deps {
		to := d.branchOf[dep.Dependent]
		d.needs[to] = append(d.needs[to], demoNeed{provider: d.branchOf[dep.Provider], kind: code(dep.Kind),
			strength: b.scaled(dep.Strength, 6), delay: b.seconds(dep.TimeToImpactHours)})
	}
	for _, c := range commonNeeds {
		d.common[d.branchOf[c.provider]] = true
	}
	for to := range d.needs {
		for _, c := range commonNeeds {
			provider := d.branchOf[c.provider]
			has := slices.ContainsFunc(d.needs[to], func(n demoNeed) bool { return n.provider == provider })
			if !has && provider != to {
				d.needs[to] = append(d.needs[to], demoNeed{provider: provider, kind: c.kind, strength: c.strength, delay: c.delay})
			}
		}
	}
	return b.err
}

// run generates operator by operator, then the incidents.
func (d *demo) run() {
	for i := 1; i <= d.count; i++ {
		if !d.emitOperator(d.makeOperator(i)) {
			d.fail()
			return
		}
	}
	for k := 1; k <= d.incidents(); k++ {
		if !d.emitIncident(k) {
			return
		}
	}
	d.out.flush()
}

// fail hands the error on that stopped the run, if there is one; else the caller has stopped it.
func (d *demo) fail() {
	if d.err != nil {
		d.out.yield(store.Change{}, d.err)
	}
}

// evidence is what demo data say of their origin.
func (d *demo) evidence(p props) map[string]store.Value {
	if p == nil {
		p = props{}
	}
	return p.text("source", "demo").text("asOf", string(d.Day)).text("status", "DEMO").text("confidence", "UNVERIFIED")
}

func (d *demo) edge(t store.EdgeType, from store.ID, label store.Label, key string, p props) store.Edge {
	to := store.NewID(string(label), key)
	return store.Edge{ID: store.EdgeID(t, from, to), From: from, To: to, Props: d.evidence(p)}
}

// landCodes writes a set of Länder as sorted codes.
func (d *demo) landCodes(set landSet) []string {
	var codes []string
	for i, l := range d.lands {
		if set.has(i) {
			codes = append(codes, l.code)
		}
	}
	slices.Sort(codes)
	return codes
}

// audiences are the Länder, the operator and the situation centre; those of supervisory authorities come besides.
func (d *demo) audiences(set landSet, operator string) []string {
	var a []string
	for _, code := range d.landCodes(set) {
		a = append(a, kritis.AudienceLand(code))
	}
	return append(a, kritis.AudienceOperator(operator), kritis.AudienceSituationCentre)
}

// supervisors gives an operator, the first of the nodes, and its facilities the audiences of their supervisory authorities, and
// returns these; what reaches a facility reaches the operator. It reports whether the rule could answer.
func (d *demo) supervisors(nodes []store.Node) ([][]string, bool) {
	rows, all := make([][]string, len(nodes)), []string{}
	for i := 1; i < len(nodes); i++ {
		found, err := d.book.FacilityRows(d.Day, nodes[0], nodes[i])
		if err != nil {
			d.err = err
			return nil, false
		}
		rows[i], all = d.shared(found), append(all, found...)
	}
	rows[0] = d.shared(sortedSet(all))
	for i := range nodes {
		nodes[i].Own.Audiences = kritis.WithRows(nodes[i].Own.Audiences, rows[i])
	}
	return rows, true
}

// shared returns the one copy of a set of audiences that the run keeps.
func (d *demo) shared(rows []string) []string {
	key := strings.Join(rows, " ")
	if known, ok := d.rowSets[key]; ok {
		return known
	}
	d.rowSets[key] = rows
	return rows
}

func sortedSet(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// landSet is a set of Länder, by their place in the reference data.
type landSet uint16

func (s landSet) with(i int) landSet { return s | 1<<i }
func (s landSet) has(i int) bool     { return s&(1<<i) != 0 }
