package kritis

import (
	"math"
	"strings"

	"kritisgraph/internal/store"
)

// facility writes what is said of a facility and returns the Länder that it supplies, those that it had where nothing is said.
func (e *edit) facility(book *Rulebook, in FacilityChangeInput, supply []string) []string {
	e.text("name", "name", in.Name, false, maxName)
	if in.Classification != nil {
		e.classification(book, *in.Classification)
	}
	e.attributes(in.Attributes, in.cleared)
	e.site(book, in.Site, in.Attributes != nil && in.Attributes.InExclusiveEconomicZone != nil || in.cleared("attributes.inExclusiveEconomicZone"))
	switch {
	case in.cleared("supplyArea"):
		supply = nil
		delete(e.props, propSupplyAreas)
		delete(e.props, propSupplyPopulation)
	case in.SupplyArea != nil:
		supply = e.supplyArea(book, *in.SupplyArea)
	}
	e.length("backupPowerSeconds", "backupPower", in.BackupPower, in.cleared("backupPower"))
	e.length("recoverySeconds", "recovery", in.Recovery, in.cleared("recovery"))
	e.statement(in.Statement)
	return supply
}

// class is what a facility is, by slugs; a category by its code.
type class struct{ category, service, branch, sector string }

// classification writes category, service, branch and sector: those that are given and the wider ones that follow.
func (e *edit) classification(book *Rulebook, in ClassificationInput) {
	c := class{deref(in.Category), deref(in.Service), deref(in.Branch), deref(in.Sector)}
	if !e.widen(book, &c) {
		return
	}
	for prop, value := range map[string]string{"categoryCode": c.category, "serviceSlug": c.service, "branchSlug": c.branch, "sectorSlug": c.sector} {
		delete(e.props, prop)
		if value != "" {
			e.props[prop] = store.String(value)
		}
	}
}

// widen fills in what follows from what is narrower, and reports whether it could.
func (e *edit) widen(book *Rulebook, c *class) bool {
	at := func(name string) []string { return inputPath("classification", name) }
	if c.category != "" {
		found := book.category(c.category, c.service)
		if found == nil {
			e.bad(at("category"), "There is no category %q of this service, or several services have one: give the code and the service, such as 1.1.1 and electricity-supply.", c.category)
			return false
		}
		c.service = found.service.Slug()
		c.branch = e.narrowest(at("branch"), "category", c.branch, slugOf(found.branch))
	}
	if c.service != "" {
		s, ok := lookup[*Service](book, LabelService, c.service)
		if !ok {
			e.bad(at("service"), "There is no service %q: give a slug of the directory, such as electricity-supply.", c.service)
			return false
		}
		c.branch = e.narrowest(at("branch"), "service", c.branch, slugOf(s.branch))
		c.sector = e.narrowest(at("sector"), "service", c.sector, slugOf(s.sector))
	}
	if c.branch != "" {
		b, ok := lookup[*Branch](book, LabelBranch, c.branch)
		if !ok {
			e.bad(at("branch"), "There is no branch %q: give a slug of the directory, such as rail.", c.branch)
			return false
		}
		if c.service != "" && slugOf(b.sector) != c.sector {
			e.bad(at("branch"), "The branch %q is not of the sector of the service.", c.branch)
		}
		c.sector = e.narrowest(at("sector"), "branch", c.sector, slugOf(b.sector))
	}
	if _, ok := lookup[*Sector](book, LabelSector, c.sector); !ok {
		place, remedy := at("sector"), "There is no such sector: give a slug of the directory, such as energy."
		if c.sector == "" {
			place, remedy = inputPath("classification"), "Give a category, a service, a branch or a sector."
		}
		e.bad(place, "%s", remedy)
		return false
	}
	return true
}

// narrowest is what follows from something narrower, if it says it; what is given beside must be the same.
func (e *edit) narrowest(path []string, from, given, follows string) string {
	if follows == "" {
		return given
	}
	if given != "" && given != follows {
		e.bad(path, "The %s belongs to %q, not to %q: leave the wider one out.", from, follows, given)
	}
	return follows
}

// category finds a category by its code and, where several services have it, its service.
func (r *Rulebook) category(code, service string) *FacilityCategory {
	var found []*FacilityCategory
	for _, c := range r.categories {
		if c.Code() == code && c.service != nil && (service == "" || c.service.Slug() == service) {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// box is a rectangle on the map, in degrees.
type box struct{ west, east, south, north float64 }

// germany and zone hold what stands on land, and in the exclusive economic zone too.
var (
	germany = box{5.8, 15.1, 47.2, 55.1}
	zone    = box{3, 15.1, 53.4, 56}
)

func (b box) holds(c CoordinatesInput) bool {
	return c.Longitude >= b.west && c.Longitude <= b.east && c.Latitude >= b.south && c.Latitude <= b.north
}

// site writes where a facility stands. That it stands in the exclusive economic zone is a fact that decides too: the site says it, so
// what is said of the fact (stated) has to be the same.
func (e *edit) site(book *Rulebook, in *SiteInput, stated bool) {
	const fact = "inExclusiveEconomicZone"
	said := e.props[fact].True()
	if in != nil {
		outside := in.ExclusiveEconomicZone != nil && *in.ExclusiveEconomicZone
		for _, prop := range []string{"siteCode", "siteArs", "municipality", "longitudeMillionths", "latitudeMillionths"} {
			delete(e.props, prop)
		}
		switch {
		case outside == (in.FederalState != nil):
			e.bad(inputPath("site"), "Give the Land of the site, or say that it stands in the exclusive economic zone, not both.")
			return
		case outside:
			if in.Ars != nil {
				e.bad(inputPath("site", "ars"), "A site in the exclusive economic zone has no regional key.")
			}
		default:
			e.props["siteCode"] = store.String(string(*in.FederalState))
			if land := book.byCode(string(*in.FederalState)); in.Ars != nil && !strings.HasPrefix(*in.Ars, land.Ars()) {
				e.bad(inputPath("site", "ars"), "The regional key begins with that of its Land, %s.", land.Ars())
			}
		}
		e.text("siteArs", "site.ars", in.Ars, false, maxName)
		e.text("municipality", "site.municipality", in.Municipality, false, maxName)
		e.coordinates(in.Coordinates, outside)
	}
	outside := e.props["siteCode"].IsZero()
	if stated && said != outside {
		e.bad(inputPath("attributes", fact), "%s is %t, for the site says so: leave it out.", fact, outside)
		return
	}
	if outside {
		e.props[fact] = store.Bool(true)
	} else if said {
		delete(e.props, fact)
	}
}

func (e *edit) coordinates(c *CoordinatesInput, outside bool) {
	if c == nil {
		return
	}
	within := germany
	if outside {
		within = zone
	}
	if !within.holds(*c) {
		e.bad(inputPath("site", "coordinates"), "The point lies outside: longitude %g to %g, latitude %g to %g.", within.west, within.east, within.south, within.north)
		return
	}
	e.props["longitudeMillionths"] = store.Int(int64(math.Round(c.Longitude * 1e6)))
	e.props["latitudeMillionths"] = store.Int(int64(math.Round(c.Latitude * 1e6)))
}

func (r *Rulebook) byCode(code string) *FederalState {
	land, _ := lookup[*FederalState](r, LabelFederalState, code)
	return land
}
