package kritis

import (
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// relation is an edge that nodes of a label must have, all of them or those for which when holds. Alternatives are edge
// types of which one is enough.
type relation struct {
	label        store.Label
	alternatives []store.EdgeType
	when         func(store.Node) bool
}

func must(label store.Label, alternatives ...store.EdgeType) relation {
	return relation{label: label, alternatives: alternatives, when: func(store.Node) bool { return true }}
}

// provided restricts a relation to the nodes for which when holds.
func (r relation) provided(when func(store.Node) bool) relation {
	r.when = when
	return r
}

func relations() []relation {
	return []relation{
		must(LabelCompetence, EdgeBasedOn),
		must(LabelCompetence, EdgeAssignedTo),
		must(LabelCompetence, EdgeCompetentIn).provided(func(n store.Node) bool {
			return n.Prop("level").Text() == "STATE" && !n.Prop("perState").True()
		}),
		must(LabelCompetence, EdgeCovers).provided(func(n store.Node) bool { return n.Prop("subjectKind").Text() != "CROSS_SECTOR" }),
		must(LabelContactPoint, EdgeHeldBy),
		must(LabelBranch, EdgeInSector),
		must(LabelService, EdgeInSector),
		must(LabelFacilityCategory, EdgeCategoryOf),
		must(LabelDeadline, EdgeDueUnder),
		must(LabelReportField, EdgeDefinedIn),
		must(LabelMirtCriterion, EdgeOfTeam),
		must(LabelOperator, EdgeInSector),
		must(LabelFacility, EdgeSiteIn).provided(func(n store.Node) bool { return !n.Prop("inExclusiveEconomicZone").True() }),
		must(LabelFacility, EdgeInBranch, EdgeProvides).provided(func(n store.Node) bool { return n.Prop("sectorSlug").IsZero() }),
		must(LabelIncident, EdgeReportedBy, EdgeConcerns),
		must(LabelIntegrationKey, EdgeRuns),
	}
}

var allRelations = relations()

// required judges the relations that a node must have.
func (c *checker) required(n *store.Node, s surroundings) {
	for _, r := range allRelations {
		if r.label != n.Label() || !r.when(*n) {
			continue
		}
		found := slices.ContainsFunc(s.out[n.ID], func(e store.Edge) bool { return slices.Contains(r.alternatives, e.Type()) })
		if !found {
			c.fail(n.ID, "it has no edge %v", r.alternatives)
		}
	}
}

// parts are the labels whose nodes exist as a part of another one only.
var parts = []store.Label{LabelChannel, LabelCriterion, LabelFacility}

// owns judges that the nodes that are parts have what they are parts of.
func (l *ledger) owns(nodes []store.ID) {
	for _, id := range nodes {
		if slices.Contains(parts, store.Label(id.Kind())) && len(l.owners[id]) == 0 {
			l.fail(id, "nothing owns it, so nobody finds it")
		}
	}
}

// copyRule is a property that repeats the natural key of the nodes that an edge leads to.
type copyRule struct {
	label store.Label
	prop  string
	edge  store.EdgeType
	key   string
}

var copyRules = []copyRule{
	{LabelAuthority, "landCode", EdgeLocatedIn, "code"},
	{LabelContactPoint, "landCodes", EdgeContactFor, "code"},
	{LabelCompetence, "actSlug", EdgeBasedOn, "slug"},
	{LabelCompetence, "authoritySlug", EdgeAssignedTo, "slug"},
	{LabelCompetence, "landCode", EdgeCompetentIn, "code"},
	{LabelOperator, "seatCode", EdgeSeatIn, "code"},
	{LabelOperator, "sectorSlugs", EdgeInSector, "slug"},
	{LabelFacility, "siteCode", EdgeSiteIn, "code"},
	{LabelFacility, "supplyCodes", EdgeSuppliesTo, "code"},
	{LabelFacility, "branchSlug", EdgeInBranch, "slug"},
	{LabelFacility, "serviceSlug", EdgeProvides, "slug"},
	{LabelFacility, "categoryCode", EdgeOfCategory, "code"},
	{LabelIncident, "landCodes", EdgeTouches, "code"},
	{LabelIntegrationKey, "documents", EdgeRuns, "sha256"},
}

// copies judges what repeats the key of another node: text is one of the keys, a list is all of them.
func (c *checker) copies(n *store.Node, s surroundings) {
	for _, rule := range copyRules {
		if rule.label != n.Label() {
			continue
		}
		var keys []string
		for _, far := range s.to(n.ID, rule.edge) {
			keys = append(keys, far.Prop(rule.key).Text())
		}
		slices.Sort(keys)
		have := n.Prop(rule.prop)
		agrees := slices.Contains(keys, have.Text()) || have.IsZero() && len(keys) == 0
		if list := have.List(); have.Kind() == store.StringsKind {
			slices.Sort(list)
			agrees = slices.Equal(slices.Compact(list), slices.Compact(keys))
		}
		if !agrees {
			c.fail(n.ID, "its %s is %#v, but its edges %s lead to %q", rule.prop, have, rule.edge, keys)
		}
	}
	c.sector(n, s)
	c.holder(n, s)
	c.areas(n, s)
	c.informed(n)
	for _, length := range []string{"backupPowerSeconds", "recoverySeconds"} {
		if n.Prop(length).Num() < 0 {
			c.fail(n.ID, "its %s is below 0", length)
		}
	}
}

// areas judges the regional keys of a supply area: each lies in a Land that the facility supplies.
func (c *checker) areas(n *store.Node, s surroundings) {
	lands := s.to(n.ID, EdgeSuppliesTo)
	for _, part := range n.Prop(propSupplyAreas).List() {
		key := areaOf(part).ARS
		if !isArs(key) {
			c.fail(n.ID, "its supply area has %q, which is no regional key", part)
			continue
		}
		if !slices.ContainsFunc(lands, func(land store.Node) bool { return strings.HasPrefix(key, land.Prop("ars").Text()) }) {
			c.fail(n.ID, "its supply area has %s, which lies in none of the Länder that it supplies", key)
		}
	}
}

// informed judges the record of who was told of an incident: an authority each, and once.
func (c *checker) informed(n *store.Node) {
	known := map[string]bool{}
	for _, entry := range n.Prop("informed").List() {
		slug, _, ok := informedOf(entry)
		body := c.ledger.things[store.NewID(string(LabelAuthority), slug)]
		switch {
		case !ok:
			c.fail(n.ID, "it says %q of who was informed, which is no slug with an instant", entry)
		case body == nil || body.version < 0:
			c.fail(n.ID, "it says that the authority %s was informed, which does not exist", slug)
		case known[slug]:
			c.fail(n.ID, "it says twice when the authority %s was informed", slug)
		}
		known[slug] = true
	}
}

// holder judges the slug of who holds a contact point.
func (c *checker) holder(n *store.Node, s surroundings) {
	if n.Label() != LabelContactPoint {
		return
	}
	want, held := "", s.to(n.ID, EdgeHeldBy)
	if len(held) == 0 {
		return // which is told of already
	}
	for _, far := range held {
		if !far.Prop("placeholder").True() {
			want = far.Prop("slug").Text()
		}
	}
	if have := n.Prop("holderSlug").Text(); have != want {
		c.fail(n.ID, "its holderSlug is %q, but its edge %s leads to %q", have, EdgeHeldBy, want)
	}
}

// sector judges the sector of a facility, which is that of its branch or service.
func (c *checker) sector(n *store.Node, s surroundings) {
	switch n.Label() {
	case LabelBranch, LabelService:
		for _, far := range s.to(n.ID, EdgeInSector) {
			c.sectorOf[n.ID] = far.Prop("slug").Text()
		}
	case LabelFacility:
		for _, far := range slices.Concat(s.to(n.ID, EdgeInBranch), s.to(n.ID, EdgeProvides)) {
			if want := c.sectorOf[far.ID]; want != n.Prop("sectorSlug").Text() {
				c.fail(n.ID, "its sectorSlug is %#v, but %s is of %q", n.Prop("sectorSlug"), far.ID, want)
			}
		}
	}
}
