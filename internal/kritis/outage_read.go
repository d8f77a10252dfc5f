package kritis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/store"
)

// excerpt is the part of the dependencies that was read for a question, as its caller sees them on a day: the layer of the branches, and of
// the registered ones what the walks of the question reached. It only grows.
type excerpt struct {
	view *View
	book *Rulebook
	day  Day

	named map[string]string // what the question names, by key: the field of the input
	terse bool              // no dependency is shown, so less is read of them and nothing kept of what was stated

	mu       sync.Mutex            // guards what follows once the first answer is found
	nodes    map[store.ID]int      // facilities and operators: where they stand in data
	edges    map[store.ID]bool     // registered ones in data
	sectors  map[store.ID][]string // of facilities and operators: slugs
	runs     map[store.ID]store.ID // facility to operator
	left     map[store.ID]bool     // whose dependents were read
	complete map[store.ID]bool     // whose providers were read
	cut      bool                  // a read met the bound of the store
	data     impact.Data           // what was read so far in the form of the rule
	byKey    map[string]store.Edge // registered edges by their keys in data; those that an answer does not show are forgotten
}

// excerpt waits for its turn, which the caller ends, and begins with the layer of the branches, which is in memory.
func (v *View) excerpt(ctx context.Context, asOf *time.Time) (x *excerpt, end func(), err error) {
	end, err = v.turn(ctx)
	if err != nil {
		return nil, nil, err
	}
	book, err := v.Rulebook(ctx)
	if err != nil {
		end()
		return nil, nil, err
	}
	day := DayOf(v.moment(asOf))
	return &excerpt{
		view: v, book: book, day: day, named: map[string]string{}, nodes: map[store.ID]int{}, edges: map[store.ID]bool{}, sectors: map[store.ID][]string{},
		runs: map[store.ID]store.ID{}, left: map[store.ID]bool{}, complete: map[store.ID]bool{}, data: book.branchLayer(day), byKey: map[string]store.Edge{},
	}, end, nil
}

// The keys of the rule: a kind and the natural key.
var dependencyKinds = map[store.Label]string{LabelBranch: "branch", LabelService: "service", LabelFacility: "facility", LabelOperator: "operator"}

var dependencyLabels = map[string]store.Label{"branch": LabelBranch, "service": LabelService, "facility": LabelFacility, "operator": LabelOperator}

// subjectKey is the key of a thing in the rule.
func subjectKey(id store.ID) string { return dependencyKinds[store.Label(id.Kind())] + ":" + id.Key() }

// subjectID is the id in the store of a key of the rule.
func subjectID(key string) store.ID {
	kind, name, _ := strings.Cut(key, ":")
	return store.NewID(string(dependencyLabels[kind]), name)
}

// isRegistered reports whether a key is that of a facility or operator.
func isRegistered(key string) bool {
	return strings.HasPrefix(key, "facility:") || strings.HasPrefix(key, "operator:")
}

// branchLayer is the reference layer of a day.
func (r *Rulebook) branchLayer(day Day) impact.Data {
	var d impact.Data
	for _, s := range r.states {
		d.FederalStates = append(d.FederalStates, impact.FederalState{Code: string(s.Code()), ARS: s.Ars(), Population: s.number("population")})
	}
	for _, b := range r.branches {
		d.Nodes = append(d.Nodes, impact.Node{Key: subjectKey(b.StoreID())})
	}
	for _, s := range r.services {
		d.Nodes = append(d.Nodes, impact.Node{Key: subjectKey(s.StoreID()), Branch: slugOf(s.branch)})
	}
	for _, e := range r.supplies {
		if store.ValidOn(e.Props, day) {
			d.Edges = append(d.Edges, impactEdge(e))
		}
	}
	return d
}

// dependencyProps are the properties of facilities, operators and their dependencies that the rule reads.
var dependencyProps = []string{
	"branchSlug", "siteCode", "supplyCodes", "supplyAreas", "backupPowerSeconds", "recoverySeconds", "seatCode", "sectorSlug", "sectorSlugs",
	"number", "kind", "strengthMillionths", "timeToImpactSeconds", "timeFromSeconds", "timeUntilSeconds", "need", "substituteSeconds", "figures",
	"source", "asOf", "confidence",
}

// terseProps are those of them that are read where no dependency is shown.
var terseProps = []string{
	"branchSlug", "siteCode", "supplyCodes", "supplyAreas", "backupPowerSeconds", "seatCode", "sectorSlug", "sectorSlugs",
	"number", "kind", "strengthMillionths", "timeToImpactSeconds", "need", "substituteSeconds", "figures",
}

// The bounds of what is read for one question.
const (
	maxExcerptNodes = store.MaxWalk
	maxExcerptEdges = 1_000_000
)

func (x *excerpt) walk(ctx context.Context, depth int, from []store.ID, follow ...store.Step) (store.Subgraph, error) {
	slices.Sort(from)
	props := dependencyProps
	if x.terse {
		props = terseProps
	}
	g, err := x.view.app.store.Traverse(ctx, x.view.reader.Scope(), store.Walk{
		From: from, Follow: follow, Depth: depth, ValidOn: x.day, Props: props, MaxNodes: maxExcerptNodes, MaxEdges: maxExcerptEdges,
	})
	if err != nil {
		return store.Subgraph{}, err
	}
	x.keep(g)
	x.cut = x.cut || g.Truncated || len(x.nodes) > maxExcerptNodes || len(x.edges) > maxExcerptEdges
	return g, nil
}

// keep adds what a walk found. Of an edge both ends are there.
func (x *excerpt) keep(g store.Subgraph) {
	for _, e := range g.Edges {
		if e.Type() == EdgeOperates {
			x.runs[e.To] = e.From
		}
	}
	for _, n := range g.Nodes {
		if _, known := x.nodes[n.ID]; !known && (n.Label() == LabelFacility || n.Label() == LabelOperator) {
			x.nodes[n.ID] = len(x.data.Nodes)
			x.data.Nodes = append(x.data.Nodes, x.impactNode(n))
			x.sectors[n.ID] = append(n.Prop("sectorSlugs").List(), n.Prop("sectorSlug").Text())
		}
	}
	for _, e := range g.Edges {
		if x.edges[e.ID] || e.Type() != EdgeSupplies || store.Label(e.From.Kind()) == LabelBranch {
			continue
		}
		x.edges[e.ID] = true
		i := impactEdge(e)
		i.Provider, i.Dependent = x.data.Nodes[x.nodes[e.From]].Key, x.data.Nodes[x.nodes[e.To]].Key // one text for all edges of a node
		x.data.Edges = append(x.data.Edges, i)
		if !x.terse {
			x.byKey[i.Key] = e
		}
	}
}

// forget lets go of what was stated with the edges that are on no path of an answer: most of what was read.
func (x *excerpt) forget(a impact.Answer) {
	shown := map[string]store.Edge{}
	for i := range a.Entries {
		for k := range a.Entries[i].Path {
			if e, registered := x.byKey[a.Entries[i].Path[k].Edge.Key]; registered {
				shown[a.Entries[i].Path[k].Edge.Key] = e
			}
		}
	}
	x.byKey = shown
}

// followed reads what depends on these things, and everything that is an alternative in their needs.
func (x *excerpt) followed(ctx context.Context, ids []store.ID) error {
	ids = slices.DeleteFunc(ids, func(id store.ID) bool { return x.left[id] })
	if len(ids) == 0 {
		return nil
	}
	g, err := x.walk(ctx, 1, ids, store.Step{Edge: EdgeSupplies, Dir: store.Out}, store.Step{Edge: EdgeOperates, Dir: store.Out})
	if err != nil {
		return err
	}
	var needy []store.ID
	for _, e := range g.Edges {
		if e.Type() == EdgeSupplies && !e.Prop("need").IsZero() && !x.complete[e.To] {
			x.complete[e.To] = true
			needy = append(needy, e.To)
		}
	}
	for _, id := range ids {
		x.left[id] = true
	}
	if len(needy) == 0 {
		return nil
	}
	_, err = x.walk(ctx, 1, needy, store.Step{Edge: EdgeSupplies, Dir: store.In})
	return err
}

// graph is what was read so far. It shares the edges, which are only ever added to, and has copies of the nodes, of which it may be learnt later
// who runs them.
func (x *excerpt) graph() (*impact.Graph, error) {
	d := x.data
	d.Nodes = slices.Clone(d.Nodes)
	for id, at := range x.nodes {
		d.Nodes[at].Open = !x.left[id]
	}
	for facility, owner := range x.runs {
		if at, known := x.nodes[facility]; known {
			d.Nodes[at].Operator = subjectKey(owner)
		}
	}
	g, err := impact.NewGraph(d)
	if err != nil { // of the data, not of the question
		return nil, fmt.Errorf("the dependencies in the store do not fit the rule: %v", err) //nolint:errorlint // it must not look like an error of the question
	}
	return g, nil
}

// impactNode brings a facility or operator into the form of the rule. Who runs a facility is not said yet.
func (x *excerpt) impactNode(n store.Node) impact.Node {
	o := object{n}
	out := impact.Node{
		Key: subjectKey(n.ID), Branch: o.text("branchSlug"), Site: o.text("siteCode"), FederalStates: o.list("supplyCodes"),
		BackupPower: lengthOf(o, "backupPowerSeconds"), RecoveryTime: lengthOf(o, "recoverySeconds"),
	}
	if n.Label() == LabelOperator {
		if seat := o.text("seatCode"); seat != "" {
			out.FederalStates = []string{seat}
		}
		return out
	}
	for _, part := range o.list(propSupplyAreas) {
		if area := areaOf(part); isArs(area.ARS) && x.book.landOf(area.ARS) != nil {
			out.SupplyArea = append(out.SupplyArea, area)
		}
	}
	return out
}

// landOf finds the Land of a regional key, nil for none.
func (r *Rulebook) landOf(ars string) *FederalState {
	n := slices.IndexFunc(r.states, func(s *FederalState) bool { return strings.HasPrefix(ars, s.Ars()) })
	if n < 0 {
		return nil
	}
	return r.states[n]
}

// isArs reports whether a text is digits that the rule takes as a regional key. What is entered is held to [IsRegionalKey]; what was loaded may be cut
// elsewhere, such as after the eight digits of a municipality without its association.
func isArs(text string) bool {
	return len(text) >= 2 && len(text) <= 12 && strings.Trim(text, "0123456789") == ""
}

// areaOf reads a part of a supply area: a regional key, alone or as "key:inhabitants".
func areaOf(part string) impact.Area {
	key, number, some := strings.Cut(part, ":")
	a := impact.Area{ARS: key}
	if n, err := strconv.ParseInt(number, 10, 64); some && err == nil && n >= 0 {
		a.Population = &n
	}
	return a
}

func lengthOf(o object, prop string) *impact.Seconds {
	v := o.node.Prop(prop)
	if v.Kind() != store.IntKind || v.Num() < 0 {
		return nil
	}
	return new(impact.Seconds(v.Num()))
}

// impactEdge brings a dependency into the form of the rule.
func impactEdge(e store.Edge) impact.Edge {
	out := impact.Edge{
		Key: dependencyKey(e), Provider: subjectKey(e.From), Dependent: subjectKey(e.To), Kind: impact.Kind(e.Prop("kind").Text()),
		Strength: impact.Strength(e.Prop("strengthMillionths").Num()), TimeToImpact: impact.Seconds(e.Prop("timeToImpactSeconds").Num()), //nolint:gosec // at most a million
		Need: e.Prop("need").Text(), Substitute: impact.Seconds(e.Prop("substituteSeconds").Num()), Figures: impact.Figures(e.Prop("figures").Text()),
	}
	if until := e.Prop("timeUntilSeconds"); until.Kind() == store.IntKind {
		out.TimeUntil = new(impact.Seconds(until.Num()))
	}
	return out
}

// dependencyKey is the natural key of a dependency, else its id.
func dependencyKey(e store.Edge) string {
	return cmp.Or(e.Prop("number").Text(), string(e.ID))
}

// firstLook is of how many things at the greatest depth the dependents are read at first.
const firstLook = 32

// cascade asks what fails, and reads what is missing until the answer no longer grows: for each hop two reads at most. Of what is reached at the greatest
// depth only, the dependents are read to tell whether depth cut: some at first, for one that says so is enough, and those are most of what there is to read.
func (x *excerpt) cascade(ctx context.Context, q impact.Question) (*impact.Graph, impact.Answer, error) {
	for look := firstLook; ; {
		g, err := x.graph()
		if err != nil {
			return nil, impact.Answer{}, err
		}
		a, err := g.Impact(ctx, q)
		if err != nil {
			return nil, a, err
		}
		fresh, last := x.unread(a, q.Bounds.MaxDepth)
		if len(fresh) == 0 && !cutBy(a, impact.ByMaxDepth, impact.NodeBudget) {
			fresh = last[:min(len(last), look)]
			look *= 4
		}
		if len(fresh) == 0 {
			return g, a, nil
		}
		if err := x.followed(ctx, fresh); err != nil {
			return nil, a, err
		}
		if x.cut {
			return nil, a, tooMuch()
		}
	}
}

// unread are the entries of an answer of which the dependents were not read: those from which an effect may go on, and those at the greatest depth. An operator
// without seat is in the Länder of its facilities, which are read with its dependents, so that it is never left.
func (x *excerpt) unread(a impact.Answer, depth int) (fresh, last []store.ID) {
	for _, e := range a.Entries {
		id := subjectID(e.Subject)
		switch {
		case !isRegistered(e.Subject) || x.left[id]:
		case e.Nearest < depth || len(e.FederalStates) == 0 && id.Kind() == string(LabelOperator):
			fresh = append(fresh, id)
		default:
			last = append(last, id)
		}
	}
	return fresh, last
}

func cutBy(a impact.Answer, reasons ...impact.TruncationReason) bool {
	return slices.ContainsFunc(a.Truncations, func(t impact.Truncation) bool { return slices.Contains(reasons, t.Reason) })
}

// supplying counts those of some things on which something depends.
func (x *excerpt) supplying(ctx context.Context, ids []store.ID) (int, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	end, err := x.view.turn(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	count := 0
	for part := range slices.Chunk(ids, 1_000) {
		g, err := x.view.app.store.Traverse(ctx, x.view.reader.Scope(), store.Walk{
			From: part, Follow: []store.Step{{Edge: EdgeSupplies, Dir: store.Out}}, Depth: 1, ValidOn: x.day, Props: []string{}, MaxNodes: maxExcerptNodes, MaxEdges: maxExcerptEdges,
		})
		if err != nil {
			return 0, err
		}
		if g.Truncated {
			return 0, tooMuch()
		}
		from := map[store.ID]bool{}
		for _, e := range g.Edges {
			from[e.From] = true
		}
		count += len(from)
	}
	return count, nil
}

// tooMuch is the error for a question whose part of the graph is not read to its end.
func tooMuch() error {
	return &Error{Code: CodeLimit, Message: "This reaches more than " + strconv.Itoa(maxExcerptNodes) + " things or " + strconv.Itoa(maxExcerptEdges) +
		" dependencies: ask for one Land, fewer roots, a smaller maxDepth or a larger minStrength."}
}
