package kritis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// Rulebook is the public reference data in memory: Länder, acts, bodies, competences, taxonomy, branch dependencies and
// the responsibility rule over them. It is a picture at one sequence of the log and never changes.
type Rulebook struct {
	unchanged atomic.Int64 // the sequence up to which the log holds nothing that changes it, from that of the picture on

	rule *responsibility.Rulebook
	byID map[store.ID]Node

	states       []*FederalState // by code
	acts         []*LegalAct     // in data order, as all below
	authorities  []*Authority
	competences  []*Competence
	sectors      []*Sector
	branches     []*Branch
	services     []*Service
	categories   []*FacilityCategory
	criteria     []*FacilityCriterion
	dependencies []*Dependency
	supplies     map[string]store.Edge // of which the dependencies are made, by their keys
	contacts     []store.Node
	holdings     []holding
	deadlines    []store.Node
	boundaries   []responsibility.Day // from which on other bodies may supervise, sorted
}

// rulebookLabels are the labels of the rulebook. Edges that hang on them are read with them; a change of a node or edge
// of the reference data makes a new rulebook.
var rulebookLabels = []store.Label{
	LabelFederalState, LabelLegalAct, LabelAuthority, LabelCompetence, LabelSector, LabelBranch, LabelService,
	LabelFacilityCategory, LabelCriterion, LabelContactPoint, LabelDeadline,
}

// rulebookHops are the edges that connect the nodes of the rulebook, from the label that they leave.
var rulebookHops = []struct {
	label store.Label
	edge  store.EdgeType
}{
	{LabelFederalState, EdgeNeighbourOf}, {LabelFederalState, EdgeHasMinistry}, {LabelFederalState, EdgeHasCert},
	{LabelFederalState, EdgeHasAgency}, {LabelFederalState, EdgeHasNis2Body}, {LabelLegalAct, EdgeLawOf},
	{LabelAuthority, EdgeLocatedIn}, {LabelAuthority, EdgeServes}, {LabelAuthority, EdgePartOf},
	{LabelCompetence, EdgeAssignedTo}, {LabelCompetence, EdgeCompetentIn}, {LabelCompetence, EdgeBasedOn},
	{LabelCompetence, EdgeCovers}, {LabelCompetence, EdgeDisplaces}, {LabelBranch, EdgeInSector},
	{LabelService, EdgeInSector}, {LabelService, EdgeInBranch}, {LabelFacilityCategory, EdgeInBranch},
	{LabelFacilityCategory, EdgeCategoryOf}, {LabelFacilityCategory, EdgeHasCriterion}, {LabelBranch, EdgeSupplies},
	{LabelContactPoint, EdgeUnder}, {LabelContactPoint, EdgeContactFor}, {LabelContactPoint, EdgeHeldBy}, {LabelDeadline, EdgeDueUnder},
}

// rulebookKinds are the labels and edge types whose change makes a rulebook stale.
func rulebookKinds() []string {
	var kinds []string
	for _, l := range rulebookLabels {
		kinds = append(kinds, string(l))
	}
	for _, h := range rulebookHops {
		kinds = append(kinds, string(h.edge))
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// changesRulebook reports whether a record, of which the rows of rulebookKinds were read, changes a rulebook: all of them do but
// dependencies that are not between branches.
func changesRulebook(r store.Record) bool {
	registered := func(id store.ID) bool {
		from, ok := providerIn(id)
		return ok && store.Label(from.Kind()) != LabelBranch
	}
	return len(r.Change.Put) > 0 ||
		slices.ContainsFunc(r.Change.Link, func(e store.Edge) bool { return !registered(e.ID) }) ||
		slices.ContainsFunc(r.Change.Delete, func(id store.ID) bool { return !registered(id) })
}

// readRulebook reads the rulebook with the sight of everybody.
func readRulebook(ctx context.Context, s *store.Store) (*Rulebook, error) {
	public := publicScope()
	mark, err := s.Head(ctx, store.Mark{})
	if err != nil {
		return nil, err
	}
	nodes, err := readAll(ctx, s, public, rulebookLabels)
	if err != nil {
		return nil, fmt.Errorf("reading the rulebook: %w", err)
	}
	ids := map[store.Label][]store.ID{}
	for _, n := range nodes {
		ids[n.Label()] = append(ids[n.Label()], n.ID)
	}
	hops := make([]store.Hop, len(rulebookHops))
	for i, h := range rulebookHops {
		hops[i] = store.Hop{From: ids[h.label], Edge: h.edge, Dir: store.Out}
	}
	pages, err := s.Neighbors(ctx, public, hops)
	if err != nil {
		return nil, fmt.Errorf("reading the rulebook: %w", err)
	}
	links := map[store.ID][]store.Edge{}
	for _, parents := range pages {
		for _, page := range parents {
			if page.More {
				return nil, fmt.Errorf("reading the rulebook: a thing of it has more than %d edges of one type", store.MaxPage)
			}
			for _, hit := range page.Hits {
				links[hit.Edge.From] = append(links[hit.Edge.From], hit.Edge)
			}
		}
	}
	held, err := readHoldings(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("reading who holds the contact roles: %w", err)
	}
	book, err := newRulebook(mark.Seq, nodes, links)
	if err != nil {
		return nil, err
	}
	book.holdings = held
	return book, nil
}

func readAll(ctx context.Context, s *store.Store, scope store.Scope, labels []store.Label) ([]store.Node, error) {
	return readPages(ctx, s, scope, store.Query{Labels: labels, Limit: store.MaxPage})
}

// readPages reads all pages of a query.
func readPages(ctx context.Context, s *store.Store, scope store.Scope, q store.Query) ([]store.Node, error) {
	var nodes []store.Node
	for {
		page, err := s.List(ctx, scope, q)
		if err != nil {
			return nil, err
		}
		for _, hit := range page.Hits {
			nodes = append(nodes, hit.Node)
		}
		if !page.More {
			return nodes, nil
		}
		q.Start = &page.Hits[len(page.Hits)-1].Position
	}
}

// bookBuilder connects nodes by their edges.
type bookBuilder struct {
	book  *Rulebook
	links map[store.ID][]store.Edge
}

// newRulebook builds the rulebook from its nodes and the edges that leave each of them.
func newRulebook(seq store.Seq, nodes []store.Node, links map[store.ID][]store.Edge) (*Rulebook, error) {
	b := bookBuilder{book: &Rulebook{byID: make(map[store.ID]Node, len(nodes)), supplies: map[string]store.Edge{}}, links: links}
	b.book.unchanged.Store(int64(seq))
	nodes = slices.Clone(nodes)
	slices.SortStableFunc(nodes, func(x, y store.Node) int {
		return int(x.Prop("order").Num() - y.Prop("order").Num())
	})
	for _, n := range nodes {
		b.add(n)
	}
	slices.SortFunc(b.book.states, func(x, y *FederalState) int { return compareText(x.text("code"), y.text("code")) })
	b.connectBodies()
	b.connectTaxonomy()
	b.connectCompetences()
	b.connectDependencies()
	rule, err := responsibility.NewRulebook(b.ruleData())
	if err != nil {
		return nil, fmt.Errorf("the reference data in the store do not fit the rule: %w", err)
	}
	b.book.rule, b.book.boundaries = rule, rule.Boundaries(responsibility.ForSupervision)
	return b.book, nil
}

func (b *bookBuilder) add(n store.Node) {
	book, o := b.book, object{n}
	switch n.Label() {
	case LabelFederalState:
		keep(book, &book.states, &FederalState{named: named{o}})
	case LabelLegalAct:
		keep(book, &book.acts, &LegalAct{object: o})
	case LabelAuthority:
		keep(book, &book.authorities, &Authority{named: named{o}})
	case LabelCompetence:
		keep(book, &book.competences, &Competence{object: o})
	case LabelSector:
		keep(book, &book.sectors, &Sector{named: named{o}})
	case LabelBranch:
		keep(book, &book.branches, &Branch{named: named{o}})
	case LabelService:
		keep(book, &book.services, &Service{named: named{o}})
	case LabelFacilityCategory:
		keep(book, &book.categories, &FacilityCategory{object: o})
	case LabelCriterion:
		keep(book, &book.criteria, &FacilityCriterion{o})
	case LabelContactPoint:
		book.contacts = append(book.contacts, n)
	case LabelDeadline:
		book.deadlines = append(book.deadlines, n)
	}
}

// keep adds a thing to its list and to the index.
func keep[T interface {
	Node
	StoreID() store.ID
}](r *Rulebook, list *[]T, x T) {
	*list = append(*list, x)
	r.byID[x.StoreID()] = x
}

// to returns the first thing of type T at the far end of an edge.
func to[T any](b *bookBuilder, from store.ID, edge store.EdgeType) T {
	for _, e := range b.links[from] {
		if e.Type() != edge {
			continue
		}
		if x, ok := b.book.byID[e.To].(T); ok {
			return x
		}
	}
	var none T
	return none
}

// toAll returns all things of type T at the far ends of the edges.
func toAll[T any](b *bookBuilder, from store.ID, edge store.EdgeType) []T {
	out := []T{}
	for _, e := range b.links[from] {
		if e.Type() != edge {
			continue
		}
		if x, ok := b.book.byID[e.To].(T); ok {
			out = append(out, x)
		}
	}
	return out
}

func (b *bookBuilder) connectBodies() {
	byCode := func(x, y *FederalState) int { return compareText(x.text("code"), y.text("code")) }
	for _, s := range b.book.states {
		id := s.StoreID()
		s.neighbours = toAll[*FederalState](b, id, EdgeNeighbourOf)
		slices.SortFunc(s.neighbours, byCode)
		s.ministry = to[*Authority](b, id, EdgeHasMinistry)
		s.cert = to[*Authority](b, id, EdgeHasCert)
		s.agency = to[*Authority](b, id, EdgeHasAgency)
		s.nis2 = to[*Authority](b, id, EdgeHasNis2Body)
	}
	for _, a := range b.book.acts {
		a.land = to[*FederalState](b, a.StoreID(), EdgeLawOf)
	}
	for _, a := range b.book.authorities {
		id := a.StoreID()
		a.parent = to[*Authority](b, id, EdgePartOf)
		a.land = to[*FederalState](b, id, EdgeLocatedIn)
		a.serves = toAll[*FederalState](b, id, EdgeServes)
		slices.SortFunc(a.serves, byCode)
	}
}

func (b *bookBuilder) connectTaxonomy() {
	acts := map[SectorScheme]*LegalAct{}
	for _, s := range schemes {
		if a, ok := b.book.byID[store.NewID(string(LabelLegalAct), s.act)].(*LegalAct); ok {
			acts[s.scheme] = a
		}
	}
	for _, s := range b.book.sectors {
		s.acts, s.branches, s.services = acts, []*Branch{}, []*Service{}
	}
	for _, x := range b.book.branches {
		x.services = []*Service{}
		if x.sector = to[*Sector](b, x.StoreID(), EdgeInSector); x.sector != nil {
			x.sector.branches = append(x.sector.branches, x)
		}
	}
	for _, s := range b.book.services {
		s.categories = []*FacilityCategory{}
		if s.sector = to[*Sector](b, s.StoreID(), EdgeInSector); s.sector != nil {
			s.sector.services = append(s.sector.services, s)
		}
		if s.branch = to[*Branch](b, s.StoreID(), EdgeInBranch); s.branch != nil {
			s.branch.services = append(s.branch.services, s)
		}
	}
	for _, c := range b.book.categories {
		c.branch = to[*Branch](b, c.StoreID(), EdgeInBranch)
		c.criteria = toAll[*FacilityCriterion](b, c.StoreID(), EdgeHasCriterion)
		slices.SortFunc(c.criteria, func(x, y *FacilityCriterion) int { return int(x.number("order") - y.number("order")) })
		if c.service = to[*Service](b, c.StoreID(), EdgeCategoryOf); c.service != nil {
			c.service.categories = append(c.service.categories, c)
		}
	}
}

func (b *bookBuilder) connectCompetences() {
	for _, c := range b.book.competences {
		b.connect(c)
		if c.authority != nil && !slices.Contains(c.authority.duties, c.Role()) {
			c.authority.duties = append(c.authority.duties, c.Role())
		}
	}
}

// connect gives a competence what its edges lead to.
func (b *bookBuilder) connect(c *Competence) {
	id := c.StoreID()
	c.act = to[*LegalAct](b, id, EdgeBasedOn)
	c.authority = to[*Authority](b, id, EdgeAssignedTo)
	c.land = to[*FederalState](b, id, EdgeCompetentIn)
	c.displaces = toAll[*LegalAct](b, id, EdgeDisplaces)
	c.subject = b.subject(SubjectKind(c.text("subjectKind")), c.text("subject"))
	c.notFor = []*CompetenceSubject{}
	for _, slug := range c.list("notFor") {
		c.notFor = append(c.notFor, b.subject("", slug))
	}
}

// subject finds what a competence names; a kind that is not said is looked for from the special to the general.
func (b *bookBuilder) subject(kind SubjectKind, slug string) *CompetenceSubject {
	for _, k := range []struct {
		kind  SubjectKind
		label store.Label
	}{{"SERVICE", LabelService}, {"BRANCH", LabelBranch}, {"SECTOR", LabelSector}} {
		if kind != "" && kind != k.kind {
			continue
		}
		if n, ok := b.book.byID[store.NewID(string(k.label), slug)].(taxon); ok {
			return &CompetenceSubject{Kind: k.kind, Slug: slug, node: n}
		}
	}
	return &CompetenceSubject{Kind: "CROSS_SECTOR", Slug: slug}
}

func (b *bookBuilder) connectDependencies() {
	for _, provider := range b.book.branches {
		for _, e := range b.links[provider.StoreID()] {
			dependent, ok := b.book.byID[e.To].(*Branch)
			if e.Type() != EdgeSupplies || !ok {
				continue
			}
			d := newDependency(e)
			d.provider, d.dependent = provider, dependent
			keep(b.book, &b.book.dependencies, d)
			b.book.supplies[dependencyKey(e)] = e
		}
	}
	slices.SortStableFunc(b.book.dependencies, func(x, y *Dependency) int {
		return cmp.Or(cmp.Compare(y.Strength(), x.Strength()), cmp.Compare(x.Key(), y.Key()))
	})
	for _, d := range b.book.dependencies {
		if provider, ok := d.provider.(*Branch); ok {
			provider.dependents = append(provider.dependents, d)
		}
		if dependent, ok := d.dependent.(*Branch); ok {
			dependent.providers = append(dependent.providers, d)
		}
	}
}

// Node finds a thing of the rulebook by its id in the store, nil if it holds none.
func (r *Rulebook) Node(id store.ID) Node { return r.byID[id] }

// Competences returns the rows in data order.
func (r *Rulebook) Competences() []*Competence { return slices.Clone(r.competences) }

// lookup finds a thing by label and natural key.
func lookup[T any](r *Rulebook, label store.Label, key string) (T, bool) {
	x, ok := r.byID[store.NewID(string(label), key)].(T)
	return x, ok
}
