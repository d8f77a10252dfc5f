package seed

import (
	"fmt"
	"strings"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// demoFacility is what later things need to know of a facility.
type demoFacility struct {
	operator int
	land     int // of its site; -1 in the exclusive economic zone
	district int
	branch   int
	lands    landSet // site and supply area
	place    string
	rows     []string // audiences of its supervisory authorities
	shared   []int    // branches that several facilities supply it with
	single   []int    // branches that one facility supplies it with
	mutual   int      // how many facilities that it supplies supply it too
}

// facilityDraft is a facility in the making.
type facilityDraft struct {
	demoFacility
	number     int
	name       string
	service    string
	category   string
	areas      []string // "key:inhabitants"; none: not known
	supplied   landSet
	inhabitant int64
	attributes props
}

func facilityReference(number int) string { return fmt.Sprintf("demo-fa-%04d", number) }

// backupHours are the lengths of emergency power that occur; 0 is "has none".
var backupHours = []int{0, 4, 8, 24, 48, 72}

var recoveryHours = []int{2, 6, 12, 24, 72, 168}

// district writes the key of an invented district: the prefix of the Land is real, an 8 follows where no Land has one.
func (d *demo) district(land, n int) string {
	return fmt.Sprintf("%s8%02d", d.lands[land].ars, n%d.lands[land].districts+1)
}

func (d *demo) districtPopulation(land int) int {
	return d.lands[land].population / d.lands[land].districts
}

// makeFacility draws a facility of an operator: mostly of its main kind, in its Land.
func (d *demo) makeFacility(o *operatorDraft, number int, main profile) facilityDraft {
	r := roll(d.Seed, "facility", number)
	kind := main
	switch {
	case o.sector == "energy" && number > o.first && r.chance(20):
		kind = d.pickProfile(r, "water") // a municipal utility
	case r.chance(30):
		kind = d.pickProfile(r, o.sector)
	}
	f := facilityDraft{number: number, service: kind.service, attributes: props{}}
	f.operator, f.branch, f.land, f.place = o.number, kind.branch, o.land, o.place
	if number > o.first {
		f.place = placeName(r)
	}
	if near := d.lands[o.land].neighbours; r.chance(12) {
		f.land = pick(r, near)
	}
	f.district = r.below(d.lands[f.land].districts)
	category := ""
	if len(kind.codes) > 0 {
		i := r.below(len(kind.codes))
		f.category, category = kind.codes[i], kind.names[i]
	}
	slug := d.branches[f.branch].Slug
	f.name = facilityName(slug, category, f.place)
	d.drawSupply(r, &f, slug)
	d.drawFacts(r, o, &f, slug)
	if slug == "electricity" && r.chance(1) {
		f.land, f.name = -1, "Windpark "+f.place+" See"
		f.attributes.flag("inExclusiveEconomicZone", true)
	} else {
		f.lands = f.lands.with(f.land)
	}
	f.lands |= f.supplied
	return f
}

// wideBranches supply whole Länder.
var wideBranches = map[string]bool{
	"banks": true, "exchanges": true, "insurance": true, "statutory-social-insurance": true, "job-seeker-support": true, "information-technology": true,
	"digital-infrastructure": true, "space-ground-infrastructure": true, "broadcasting": true, "medicines-vaccines": true, "weather-tide-forecast": true,
}

// drawSupply draws the supply area: a few districts, some of them beyond the border of the Land, or shares of whole
// Länder. Some supply areas are not known.
func (d *demo) drawSupply(r *dice, f *facilityDraft, branch string) {
	if r.chance(unknownPercent) {
		return
	}
	if wideBranches[branch] && r.chance(60) {
		share := r.between(5, 40)
		at := f.land
		for range r.between(1, 4) {
			if !f.supplied.has(at) {
				f.supply(d, at, d.lands[at].ars, d.lands[at].population*share/100)
			}
			at = pick(r, d.lands[at].neighbours)
		}
		return
	}
	part := r.between(30, 100)
	for i := range min(r.between(1, 3), d.lands[f.land].districts) {
		f.supply(d, f.land, d.district(f.land, f.district+i), d.districtPopulation(f.land)*part/100)
	}
	if r.chance(12) {
		other := pick(r, d.lands[f.land].neighbours)
		f.supply(d, other, d.district(other, r.below(d.lands[other].districts)), d.districtPopulation(other)*part/100)
	}
}

func (f *facilityDraft) supply(d *demo, land int, key string, inhabitants int) {
	f.areas = append(f.areas, fmt.Sprintf("%s:%d", key, inhabitants))
	f.inhabitant += int64(inhabitants)
	f.supplied = f.supplied.with(land)
}

// drawFacts draws what is known of the facility itself; it overrides the operator where both are known.
func (d *demo) drawFacts(r *dice, o *operatorDraft, f *facilityDraft, branch string) {
	p := f.attributes
	if !r.chance(20) {
		p.num("backupPowerSeconds", int64(pick(r, backupHours))*3600)
	}
	if !r.chance(25) {
		p.num("recoverySeconds", int64(pick(r, recoveryHours))*3600)
	}
	if !r.chance(unknownPercent) {
		p.flag("criticalFacility", r.chance(96))
	}
	if owner := o.attributes["ownership"]; !owner.IsZero() && r.chance(5) {
		p.text("ownership", pick(r, owners))
	}
	if d.branches[f.branch].Sector == "energy" && !r.chance(unknownPercent) {
		role := "PLANT_OR_DIGITAL_SERVICE"
		if strings.Contains(f.name, "netz") || branch == "gas" && r.chance(50) {
			role = "NETWORK_OPERATOR"
		}
		p.text("energyRole", role)
	}
	if branch == "telecommunications" {
		p.flag("publicTelecom", r.chance(95))
	}
}

func (d *demo) facilityNode(o *operatorDraft, f facilityDraft) store.Node {
	r := roll(d.Seed, "sight", f.number)
	b := d.branches[f.branch]
	p := f.attributes.text("reference", facilityReference(f.number)).text("name", f.name).flag("demo", true).text("municipality", f.place).
		text("sectorSlug", b.Sector).text("branchSlug", b.Slug).text("serviceSlug", f.service).text("categoryCode", f.category)
	if f.land >= 0 {
		p.text("siteCode", d.lands[f.land].code).text("siteArs", d.district(f.land, f.district))
	}
	if len(f.areas) > 0 {
		p.list("supplyAreas", f.areas).num("supplyPopulation", f.inhabitant)
	}
	if codes := d.landCodes(f.supplied); len(codes) > 0 {
		p.list("supplyCodes", codes)
	}
	tlp := store.TLPAmber
	switch {
	case o.green && r.chance(70):
		tlp = store.TLPGreen
	case f.number > fixedFacilities && r.chance(3):
		tlp = store.TLPAmberStrict
	}
	return store.Node{
		ID:    store.NewID(string(kritis.LabelFacility), facilityReference(f.number)),
		Own:   store.Visibility{TLP: tlp, Audiences: d.audiences(f.lands.with(o.land), operatorReference(o.number))},
		Props: d.evidence(p),
	}
}

func (d *demo) facilityEdges(edges []store.Edge, f facilityDraft) []store.Edge {
	id := store.NewID(string(kritis.LabelFacility), facilityReference(f.number))
	if f.land >= 0 {
		edges = append(edges, d.edge(kritis.EdgeSiteIn, id, kritis.LabelFederalState, d.lands[f.land].code, nil))
	}
	for _, code := range d.landCodes(f.supplied) {
		edges = append(edges, d.edge(kritis.EdgeSuppliesTo, id, kritis.LabelFederalState, code, nil))
	}
	edges = append(edges, d.edge(kritis.EdgeInBranch, id, kritis.LabelBranch, d.branches[f.branch].Slug, nil))
	if f.service != "" {
		edges = append(edges, d.edge(kritis.EdgeProvides, id, kritis.LabelService, f.service, nil))
	}
	if f.category != "" {
		edges = append(edges, d.edge(kritis.EdgeOfCategory, id, kritis.LabelFacilityCategory, categoryKey(f.service, f.category), nil))
	}
	return edges
}
