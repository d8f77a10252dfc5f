package seed

import (
	"fmt"
	"slices"
	"strings"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// The shares of dependencies with a way back and of those on a Land beside, in percent, and the most ways back to one facility.
const (
	mutualPercent = 15
	mutualLimit   = 2
	besidePercent = 8
)

// link is a dependency between two facilities or operators, given by their references.
type link struct {
	provider, dependent string
	need                string
	kind                string
	strength            int64 // millionths
	delay               int64 // seconds
	substitute          int64 // seconds; 0: none
	figures             string
	rationale           string
}

// subject is the id of a facility or operator by its reference.
func subject(reference string) store.ID {
	label := kritis.LabelFacility
	if strings.HasPrefix(reference, "demo-op-") {
		label = kritis.LabelOperator
	}
	return store.NewID(string(label), reference)
}

func (d *demo) supplies(l link) store.Edge {
	from, to := subject(l.provider), subject(l.dependent)
	short := func(reference string) string { return strings.TrimPrefix(reference, "demo-") }
	p := props{}.text("number", "demo-dep-"+short(l.provider)+"-"+short(l.dependent)).text("need", l.need).text("kind", l.kind).
		num("strengthMillionths", l.strength).num("timeToImpactSeconds", l.delay).text("figures", l.figures).text("rationale", l.rationale)
	if l.substitute > 0 {
		p.num("substituteSeconds", l.substitute)
	}
	return store.Edge{ID: kritis.DependencyID(from, to, l.need), From: from, To: to, Props: d.evidence(p)}
}

// suppliesOf draws what a facility depends on: for each branch that its own needs, one to three facilities before it that
// stand near. Alternatives share a need. What fixed facilities depend on is planted.
func (d *demo) suppliesOf(edges []store.Edge, f *facilityDraft) []store.Edge {
	if f.number <= fixedFacilities || f.land < 0 {
		return edges
	}
	r := roll(d.Seed, "supply", f.number)
	mine := facilityReference(f.number)
	taken := map[int]bool{}
	for _, need := range d.needs[f.branch] {
		// A weak need is registered more seldom than a strong one.
		if r.chance(25 + int(need.strength*75/1_000_000)) {
			edges = d.suppliesNeed(edges, r, f, need, taken)
		}
	}
	if d.branches[f.branch].Slug == "medical-care" && !taken[hospitalDataCentre] && d.nearHesse(f.land) && r.chance(hospitalPercent(f.number)) {
		l := link{provider: facilityReference(hospitalDataCentre), dependent: mine, kind: "CYBER", strength: 600_000, delay: 2 * 3600, figures: "ESTIMATED"}
		edges = append(edges, d.supplies(l))
	}
	if len(d.experts) > 0 && r.chance(4) {
		l := link{provider: operatorReference(pick(r, d.experts)), dependent: mine, kind: "ORGANISATIONAL"}
		if l.provider != operatorReference(f.operator) {
			d.figures(r, &l, demoNeed{strength: 400_000, delay: 24 * 3600})
			edges = append(edges, d.supplies(l))
		}
	}
	return edges
}

// suppliesNeed draws who serves one need, and notes in f whether there are alternatives.
func (d *demo) suppliesNeed(edges []store.Edge, r *dice, f *facilityDraft, need demoNeed, taken map[int]bool) []store.Edge {
	providers := d.near(r, f, need.provider, d.providerCount(r, f.branch), taken)
	shared := ""
	switch len(providers) {
	case 0:
		return edges
	case 1:
		f.single = append(f.single, need.provider)
	default:
		f.shared = append(f.shared, need.provider)
		shared = d.branches[need.provider].Slug
	}
	for _, number := range providers {
		l := link{provider: facilityReference(number), dependent: facilityReference(f.number), need: shared, kind: need.kind}
		d.figures(r, &l, need)
		edges = append(edges, d.supplies(l))
		if r.chance(mutualPercent) {
			edges = d.mutual(edges, r, f, number)
		}
	}
	return edges
}

// providerCount draws how many facilities serve a need. What everybody depends on is mostly fed from two sides or more, so that few
// failures spread beyond those whom they hit first.
func (d *demo) providerCount(r *dice, branch int) int {
	if d.common[branch] {
		return 1 + r.weighted([]int{4, 58, 38})
	}
	return 1 + r.weighted([]int{55, 35, 10})
}

// hospitalPercent is the share of hospitals in and around Hesse that depend on the planted data centre: some hundreds of the many of
// the largest size.
func hospitalPercent(facility int) int {
	if facility > mediumFacilities {
		return 4
	}
	return 35
}

// near picks facilities of a branch in the Land of f, now and then or where there is none in one beside it: of a few recent ones
// those whose district is closest.
func (d *demo) near(r *dice, f *facilityDraft, branch, count int, taken map[int]bool) []int {
	list := d.places[place{f.land, branch}]
	if beside := d.places[place{pick(r, d.lands[f.land].neighbours), branch}]; len(list) == 0 || len(beside) > 0 && r.chance(besidePercent) {
		list = beside
	}
	if len(list) > supplierPool {
		list = list[len(list)-supplierPool:]
	}
	var found []int
	for range min(count, len(list), providerAlternatives) {
		best, distance := 0, 0
		for range supplierSample {
			number := pick(r, list)
			p := d.facilities[number-1]
			away := p.district - f.district
			if away = max(away, -away); !taken[number] && (best == 0 || away < distance) {
				best, distance = number, away
			}
		}
		if best != 0 {
			taken[best] = true
			found = append(found, best)
		}
	}
	return found
}

// figures draws strength and delay around those of the reference dependency.
func (d *demo) figures(r *dice, l *link, need demoNeed) {
	l.strength = min(1_000_000, max(100, need.strength*int64(r.between(88, 112))/100/100*100))
	l.delay = max(60, need.delay*int64(r.between(60, 140))/100/60*60)
	l.figures = "ESTIMATED"
	if r.chance(25) {
		l.figures = "SOURCED"
	}
	if l.kind == "PHYSICAL" && r.chance(10) {
		l.substitute = int64(r.between(1, 12)) * 3600
	}
}

// mutual adds the way back where the branch of the provider needs that of f: failures run in circles there. Where the provider
// has alternatives f is one more of them; where it has one only it stays so.
func (d *demo) mutual(edges []store.Edge, r *dice, f *facilityDraft, number int) []store.Edge {
	p := &d.facilities[number-1]
	if number <= fixedFacilities || p.mutual >= mutualLimit || slices.Contains(p.single, f.branch) {
		return edges
	}
	for _, need := range d.needs[p.branch] {
		if need.provider == f.branch {
			l := link{provider: facilityReference(f.number), dependent: facilityReference(number), kind: need.kind}
			if slices.Contains(p.shared, f.branch) {
				l.need = d.branches[f.branch].Slug
			} else {
				p.single = append(p.single, f.branch)
			}
			p.mutual++
			d.figures(r, &l, need)
			return append(edges, d.supplies(l))
		}
	}
	return edges
}

// nearHesse reports whether a Land is Hesse, Lower Saxony or beside Hesse.
func (d *demo) nearHesse(land int) bool {
	if d.lands[land].code == "HE" || d.lands[land].code == "NI" {
		return true
	}
	for _, n := range d.lands[land].neighbours {
		if d.lands[n].code == "HE" {
			return true
		}
	}
	return false
}

// suppliesAmongOperators lets an operator now and then depend on one that works in information technology.
func (d *demo) suppliesAmongOperators(edges []store.Edge, o operatorDraft) []store.Edge {
	r := roll(d.Seed, "service", o.number)
	if o.number <= len(fixedOperators) || len(d.experts) == 0 || !r.chance(6) {
		return edges
	}
	l := link{provider: operatorReference(pick(r, d.experts)), dependent: operatorReference(o.number), kind: "CYBER",
		rationale: fmt.Sprintf("Demo: outsourced operation of office systems of %s.", operatorReference(o.number))}
	d.figures(r, &l, demoNeed{strength: 500_000, delay: 12 * 3600})
	return append(edges, d.supplies(l))
}
