package seed

import (
	"fmt"
	"slices"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// demoOperator is what later things need to know of an operator.
type demoOperator struct {
	land  int
	lands landSet // of the seat and of all facilities
	green bool
	first int // number of its first facility
	count int // of facilities
	rows  []string
}

// operatorDraft is an operator in the making.
type operatorDraft struct {
	demoOperator
	number     int
	name       string
	place      string
	sector     string
	sectors    []string
	attributes props
	facilities []facilityDraft
}

func operatorReference(number int) string { return fmt.Sprintf("demo-op-%04d", number) }

// sectorWeights are the shares of the sectors among operators, in percent: in the order of statistics.yaml energy, health
// and municipal waste lead; the others are chosen.
var sectorWeights = []struct {
	sector string
	weight int
}{
	{"energy", 27}, {"health", 19}, {"municipal-waste", 14}, {"water", 9}, {"transport", 8}, {"ict", 7}, {"food", 6}, {"finance", 4},
	{"social-insurance", 2}, {"state-administration", 2}, {"media-culture", 1}, {"space", 1},
}

// branchWeights are the shares of branches within their sector; 2 where none is given, 0 for none at all.
var branchWeights = map[string]int{
	"electricity": 9, "gas": 4, "district-heating": 4, "hydrogen": 1, "medical-care": 12, "medicines-vaccines": 4, "public-water-supply": 4,
	"telecommunications": 4, "information-technology": 4, "digital-infrastructure": 1, "banks": 6, "exchanges": 1, "public-transport": 4, "rail": 3,
	"emergency-services": 4, "parliament": 0, "judiciary": 1, "cultural-property": 0, "symbolic-buildings": 0, "weather-tide-forecast": 1,
}

// facilitiesUpTo is the number of facilities of the first operators: exact at the boundaries of the sizes.
func facilitiesUpTo(operators int) int {
	if operators <= mediumOperators {
		return operators * mediumFacilities / mediumOperators
	}
	return mediumFacilities + (operators-mediumOperators)*(largeFacilities-mediumFacilities)/(largeOperators-mediumOperators)
}

// operatorBlock is the number of operators among which the facilities of their block are shared out.
const operatorBlock = 10

// facilityNumbers returns the number of the first facility of an operator and how many it has. Some have one, some many.
func (d *demo) facilityNumbers(number int) (first, count int) {
	from, limit := 1, mediumOperators
	if number > mediumOperators {
		from, limit = mediumOperators+1, largeOperators
	}
	from += (number - from) / operatorBlock * operatorBlock
	until := min(from+operatorBlock-1, limit)
	counts := make([]int, until-from+1)
	if from == 1 {
		for i := range counts {
			counts[i] = len(fixedOperators[i].facilities)
		}
	} else {
		share := roll(d.Seed, "block", from)
		favourite := share.below(len(counts))
		for i := range counts {
			counts[i] = 1
		}
		for range facilitiesUpTo(until) - facilitiesUpTo(from-1) - len(counts) {
			if share.chance(55) {
				counts[favourite]++
			} else {
				counts[share.below(len(counts))]++
			}
		}
	}
	first = facilitiesUpTo(from-1) + 1
	for _, c := range counts[:number-from] {
		first += c
	}
	return first, counts[number-from]
}

// makeOperator drafts an operator with its facilities; the first ones are fixed.
func (d *demo) makeOperator(number int) operatorDraft {
	o := operatorDraft{number: number}
	o.first, o.count = d.facilityNumbers(number)
	if number <= len(fixedOperators) {
		d.fixed(&o, fixedOperators[number-1])
	} else {
		d.random(&o)
	}
	o.lands = landSet(0).with(o.land)
	for _, f := range o.facilities {
		o.lands |= f.lands
		sector := d.branches[f.branch].Sector
		if !slices.Contains(o.sectors, sector) {
			o.sectors = append(o.sectors, sector)
		}
	}
	return o
}

func (d *demo) random(o *operatorDraft) {
	r := roll(d.Seed, "operator", o.number)
	weights := make([]int, len(sectorWeights))
	for i, s := range sectorWeights {
		weights[i] = s.weight
	}
	o.sector = sectorWeights[r.weighted(weights)].sector
	o.land = d.pickLand(r)
	o.place = placeName(r)
	o.name = fmt.Sprintf(pick(r, operatorForms[o.sector]), o.place)
	o.green = r.chance(4)
	main := d.pickProfile(r, o.sector)
	o.attributes = d.operatorAttributes(r, o.sector, d.branches[main.branch].Slug)
	for i := range o.count {
		o.facilities = append(o.facilities, d.makeFacility(o, o.first+i, main))
	}
}

// pickLand draws a Land in proportion to its inhabitants.
func (d *demo) pickLand(r *dice) int {
	weights := make([]int, len(d.lands))
	for i, l := range d.lands {
		weights[i] = l.population
	}
	return r.weighted(weights)
}

func (d *demo) pickProfile(r *dice, sector string) profile {
	list := d.profiles[sector]
	weights := make([]int, len(list))
	for i, p := range list {
		weights[i] = 2
		if w, ok := branchWeights[d.branches[p.branch].Slug]; ok {
			weights[i] = w
		}
	}
	return list[r.weighted(weights)]
}

// unknownPercent is the share of facts that are left out on purpose.
const unknownPercent = 10

// ownershipWeights are the shares of owners (Bund, Land, municipality, private) by sector.
var ownershipWeights = map[string][]int{
	"energy": {1, 2, 45, 52}, "water": {0, 2, 88, 10}, "municipal-waste": {0, 1, 79, 20}, "health": {1, 12, 38, 49}, "transport": {12, 18, 45, 25},
	"state-administration": {15, 40, 45, 0}, "social-insurance": {60, 40, 0, 0}, "ict": {2, 8, 10, 80}, "media-culture": {0, 30, 0, 70}, "space": {50, 0, 0, 50},
}

var owners = []string{"FEDERAL", "STATE", "MUNICIPAL", "PRIVATE"}

// operatorAttributes draws the facts that conditions ask for; each is unknown now and then.
func (d *demo) operatorAttributes(r *dice, sector, branch string) props {
	p := props{}
	weights, ok := ownershipWeights[sector]
	if !ok {
		weights = []int{1, 2, 7, 90}
	}
	owner := owners[r.weighted(weights)]
	known := func() bool { return !r.chance(unknownPercent) }
	text := func(name, v string) {
		if known() {
			p.text(name, v)
		}
	}
	flag := func(name string, v bool) {
		if known() {
			p.flag(name, v)
		}
	}
	text("ownership", owner)
	if sector == "state-administration" && owner != "PRIVATE" {
		text("administrationLevel", owner)
	}
	if sector == "energy" {
		text("energyRole", []string{"NETWORK_OPERATOR", "PLANT_OR_DIGITAL_SERVICE", "OTHER"}[r.weighted([]int{50, 35, 15})])
	}
	text("entityClass", []string{"PARTICULARLY_IMPORTANT", "IMPORTANT"}[r.weighted([]int{96, 4})])
	flag("publicTelecom", branch == "telecommunications" && r.chance(95))
	flag("doraEntity", sector == "finance" && r.chance(90))
	flag("federallySupervised", owner == "FEDERAL" || sector == "social-insurance" && r.chance(50))
	flag("nuclearLicence", branch == "electricity" && r.chance(2))
	flag("euMainEstablishmentInGermany", r.chance(93))
	flag("inExclusiveEconomicZone", false)
	flag("personalDataBreach", false)
	flag("exchangeOperator", branch == "exchanges" && r.chance(70))
	flag("websiteCertificates", branch == "digital-infrastructure" && r.chance(30))
	flag("criticalFacility", r.chance(96))
	flag("stateLawItProvider", branch == "information-technology" && owner == "STATE")
	return p
}

// emitOperator hands an operator out with its facilities and all that hangs on them, and remembers it.
func (d *demo) emitOperator(o operatorDraft) bool {
	r := roll(d.Seed, "contact", o.number)
	if o.number <= len(fixedOperators) {
		r = roll(0, "contact", o.number)
	}
	reference := operatorReference(o.number)
	site := domain(o.place, o.number)
	p := o.attributes.text("reference", reference).text("name", o.name).flag("demo", true).text("seatCode", d.lands[o.land].code).
		list("sectorSlugs", o.sectors).text("website", "https://www."+site).text("email", "kontakt@"+site).text("phone", phone(r, d.lands[o.land].code))
	if hours := r.below(6); hours > 1 {
		p.num("backupPowerSeconds", int64(backupHours[hours-1])*3600)
	}
	tlp := store.TLPAmber
	if o.green {
		tlp = store.TLPGreen
	}
	id := store.NewID(string(kritis.LabelOperator), reference)
	nodes := []store.Node{{ID: id, Own: store.Visibility{TLP: tlp, Audiences: d.audiences(o.lands, reference)}, Props: d.evidence(p)}}
	edges := []store.Edge{d.edge(kritis.EdgeSeatIn, id, kritis.LabelFederalState, d.lands[o.land].code, nil)}
	for _, sector := range o.sectors {
		edges = append(edges, d.edge(kritis.EdgeInSector, id, kritis.LabelSector, sector, nil))
	}
	for i := range o.facilities {
		f := &o.facilities[i]
		nodes = append(nodes, d.facilityNode(&o, *f))
		edges = append(edges, d.edge(kritis.EdgeOperates, id, kritis.LabelFacility, facilityReference(f.number), nil))
		edges = d.facilityEdges(edges, *f)
		edges = d.suppliesOf(edges, f)
		d.facilities = append(d.facilities, f.demoFacility)
		if f.land >= 0 {
			at := place{f.land, f.branch}
			d.places[at] = append(d.places[at], f.number)
		}
	}
	rows, ok := d.supervisors(nodes)
	if !ok {
		return false
	}
	o.rows = rows[0]
	for i := range o.facilities {
		d.facilities[o.first-1+i].rows = rows[1+i]
	}
	edges = d.suppliesAmongOperators(edges, o)
	d.operators = append(d.operators, o.demoOperator)
	if o.sector == "ict" {
		d.experts = append(d.experts, o.number)
	}
	if o.number == len(fixedOperators) {
		edges = d.fixedEdges(edges)
	}
	return d.out.add(nodes, edges)
}
