package kritis_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// faulty is a driver that answers otherwise than it was told, to stand for a damaged database.
type faulty struct {
	store.Driver
	log   func(*store.LogPage)
	list  func(*store.Page)
	walk  func(*store.Subgraph)
	after func() // before each list
}

func (f *faulty) Log(ctx context.Context, scope store.Scope, q store.LogQuery) (store.LogPage, error) {
	p, err := f.Driver.Log(ctx, scope, q)
	if f.log != nil {
		f.log(&p)
	}
	return p, err
}

func (f *faulty) List(ctx context.Context, scope store.Scope, q store.Query) (store.Page, error) {
	if f.after != nil {
		f.after()
	}
	p, err := f.Driver.List(ctx, scope, q)
	if f.list != nil && scope.All() {
		f.list(&p)
	}
	return p, err
}

func (f *faulty) Traverse(ctx context.Context, scope store.Scope, w store.Walk) (store.Subgraph, error) {
	g, err := f.Driver.Traverse(ctx, scope, w)
	if f.walk != nil {
		f.walk(&g)
	}
	return g, err
}

// openFaulty opens a store in memory with the reference data and an operator with a facility and an incident.
func openFaulty(t *testing.T) (*store.Store, *faulty) {
	t.Helper()
	driver := &faulty{Driver: storetest.NewModel()}
	s, err := store.Create(t.Context(), driver, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), s.Sealed(seed.ReferenceChanges(testNow))); err != nil {
		t.Fatal(err)
	}
	var c store.Change
	node := func(id store.ID, props map[string]store.Value) {
		c.Put, c.If = append(c.Put, store.Node{ID: id, Props: proven(props), Own: kritis.Public()}), append(c.If, store.Cond{ID: id})
	}
	edge := func(kind store.EdgeType, from, to store.ID) {
		e := link(kind, from, to)
		c.Link, c.If = append(c.Link, e), append(c.If, store.Cond{ID: e.ID})
	}
	node(operator, map[string]store.Value{
		"reference": store.String("o"), "name": store.String("Netz"), "seatCode": store.String("BY"), "sectorSlugs": store.Strings("energy"),
	})
	node(facility, map[string]store.Value{
		"reference": store.String("f"), "name": store.String("Werk"), "siteCode": store.String("BY"), "sectorSlug": store.String("energy"), "branchSlug": store.String("electricity"),
	})
	node(incident, map[string]store.Value{
		"reference": store.String("i"), "title": store.String("Ausfall"), "incidentStatus": store.String("OPEN"), "severity": store.String("LOW"),
		"kind": store.String("CYBER"), "awareAt": store.Int(1), "landCodes": store.Strings("BY"),
	})
	edge(kritis.EdgeSeatIn, operator, "FederalState/BY")
	edge(kritis.EdgeInSector, operator, "Sector/energy")
	edge(kritis.EdgeOperates, operator, facility)
	edge(kritis.EdgeSiteIn, facility, "FederalState/BY")
	edge(kritis.EdgeInBranch, facility, "Branch/electricity")
	edge(kritis.EdgeReportedBy, incident, operator)
	edge(kritis.EdgeTouches, incident, "FederalState/BY")
	if _, err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return s, driver
}

const (
	operator store.ID = "Operator/o"
	facility store.ID = "Facility/f"
	incident store.ID = "Incident/i"
)

func proven(props map[string]store.Value) map[string]store.Value {
	for name, text := range map[string]string{"source": "test", "asOf": "2026-11-01", "status": "STATED", "confidence": "VERIFIED"} {
		props[name] = store.String(text)
	}
	return props
}

func link(kind store.EdgeType, from, to store.ID) store.Edge {
	return store.Edge{ID: store.EdgeID(kind, from, to), From: from, To: to, Props: proven(map[string]store.Value{})}
}

// errorsOf checks the store and returns its errors as "place: message".
func errorsOf(t *testing.T, s *store.Store) []string {
	t.Helper()
	r, err := kritis.Check(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range r.Findings {
		if f.Severity == kritis.SeverityError {
			out = append(out, string(f.Place)+": "+f.Message)
		}
	}
	if len(out) != r.Errors() {
		t.Errorf("%d errors are listed, %d counted", len(out), r.Errors())
	}
	return out
}

func TestTheReferenceDataPassTheCheck(t *testing.T) {
	s, _ := openFaulty(t)
	r, err := kritis.Check(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	want := []kritis.Finding{
		{Severity: kritis.SeverityInfo, Place: "Dataset/reference", Message: "it has no asOf, as 1 of Dataset"},
		{Severity: kritis.SeverityInfo, Place: "Statistic/berlin-outage-households", Message: "it has no asOf, as 11 of Statistic"},
		{Severity: kritis.SeverityInfo, Place: "Term/SITUATION_DIMENSION.attack_surfaces", Message: "it has no asOf, as 5 of Term"},
		{Severity: kritis.SeverityInfo, Place: "Term/SITUATION_DIMENSION.attack_surfaces", Message: "it has no confidence, as 5 of Term"},
	}
	if diff := cmp.Diff(want, r.Findings); diff != "" {
		t.Error(diff)
	}
	if r.Seq != 2 || r.Nodes < 900 || r.Edges < 1_800 {
		t.Errorf("looked at %+v", r)
	}
}

// edited commits a node with other properties; an absent value takes one away.
func edited(t *testing.T, s *store.Store, id store.ID, props map[string]store.Value) {
	t.Helper()
	nodes, err := s.Nodes(t.Context(), store.Unrestricted(), []store.ID{id})
	if err != nil || len(nodes) != 1 {
		t.Fatal(id, nodes, err)
	}
	n := nodes[0].Clone()
	for name, v := range props {
		n.Props[name] = v
	}
	if _, err := s.Commit(t.Context(), store.Change{If: []store.Cond{{ID: id, Version: n.Version}}, Put: []store.Node{n}}); err != nil {
		t.Fatal(err)
	}
}

// unlinked commits that all edges of a type that leave a node are gone.
func unlinked(t *testing.T, s *store.Store, id store.ID, kind store.EdgeType) {
	t.Helper()
	pages, err := s.Neighbors(t.Context(), store.Unrestricted(), []store.Hop{{From: []store.ID{id}, Edge: kind, Dir: store.Out}})
	if err != nil || len(pages[0][0].Hits) == 0 {
		t.Fatal(id, kind, err)
	}
	var c store.Change
	for _, hit := range pages[0][0].Hits {
		c.Delete, c.If = append(c.Delete, hit.Edge.ID), append(c.If, store.Cond{ID: hit.Edge.ID, Version: hit.Edge.Version})
	}
	if _, err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func linked(t *testing.T, s *store.Store, e store.Edge) {
	t.Helper()
	if _, err := s.Commit(t.Context(), store.Change{If: []store.Cond{{ID: e.ID}}, Link: []store.Edge{e}}); err != nil {
		t.Fatal(err)
	}
}

// row finds a competence that fits.
func row(t *testing.T, s *store.Store, fits func(store.Node) bool) store.ID {
	t.Helper()
	page, err := s.List(t.Context(), store.Unrestricted(), store.Query{Labels: []store.Label{kritis.LabelCompetence}})
	if err != nil {
		t.Fatal(err)
	}
	for _, hit := range page.Hits {
		if fits(hit.Node) {
			return hit.Node.ID
		}
	}
	t.Fatal("no competence fits")
	return ""
}

func isOf(prop, value string) func(store.Node) bool {
	return func(n store.Node) bool { return n.Prop(prop).Text() == value }
}

func TestACheckFindsWhatIsWrongWithTheData(t *testing.T) {
	text := store.String
	set := func(id store.ID, name string, v store.Value) func(*testing.T, *store.Store) {
		return func(t *testing.T, s *store.Store) { edited(t, s, id, map[string]store.Value{name: v}) }
	}
	cut := func(id store.ID, kind store.EdgeType) func(*testing.T, *store.Store) {
		return func(t *testing.T, s *store.Store) { unlinked(t, s, id, kind) }
	}
	add := func(e store.Edge) func(*testing.T, *store.Store) {
		return func(t *testing.T, s *store.Store) { linked(t, s, e) }
	}
	land := func(n store.Node) bool { return n.Prop("level").Text() == "STATE" && !n.Prop("landCode").IsZero() }
	atRow := func(fits func(store.Node) bool, do func(*testing.T, *store.Store, store.ID)) func(*testing.T, *store.Store) {
		return func(t *testing.T, s *store.Store) { do(t, s, row(t, s, fits)) }
	}
	cutRow := func(kind store.EdgeType) func(*testing.T, *store.Store, store.ID) {
		return func(t *testing.T, s *store.Store, id store.ID) { unlinked(t, s, id, kind) }
	}
	for _, c := range []struct {
		name  string
		plant func(*testing.T, *store.Store)
		finds []string
	}{
		{"a node without a source", set(operator, "source", store.Value{}), []string{"Operator/o: it has no source"}},
		{"a node without a status", set(operator, "status", store.Value{}), []string{"Operator/o: it has no status"}},
		{"a status that nobody knows", set(operator, "status", text("GUESSED")), []string{`Operator/o: its status "GUESSED" is not known`}},
		{"a confidence that nobody knows", set(operator, "confidence", text("sure")), []string{`Operator/o: its confidence "sure" is not known`}},
		{"a day that is none", set(operator, "asOf", text("2026-02-30")), []string{`Operator/o: its asOf "2026-02-30" is no day`}},
		{"an end before the beginning", func(t *testing.T, s *store.Store) {
			edited(t, s, operator, map[string]store.Value{"validFrom": text("2026-02-01"), "validUntil": text("2026-02-01")})
		}, []string{"Operator/o: it ends on 2026-02-01, not after its first day 2026-02-01"}},
		{"an edge without a source", func(t *testing.T, s *store.Store) {
			e := link(kritis.EdgeSuppliesTo, facility, "FederalState/HE")
			delete(e.Props, "source")
			linked(t, s, e)
		}, []string{"SUPPLIES_TO/Facility/f>FederalState/HE: it has no source", `Facility/f: its supplyCodes is absent, but its edges SUPPLIES_TO lead to ["HE"]`}},
		{"a supply area that is none", set(facility, "supplyAreas", store.Strings("09x:5")), []string{`Facility/f: its supply area has "09x:5", which is no regional key`}},
		{"backup power below nothing", set(facility, "backupPowerSeconds", store.Int(-1)), []string{"Facility/f: its backupPowerSeconds is below 0"}},
		{"two dependencies of one key", func(t *testing.T, s *store.Store) {
			for _, need := range []string{"", "steam"} {
				e := link(kritis.EdgeSupplies, facility, operator)
				e.ID = kritis.DependencyID(facility, operator, need)
				maps.Copy(e.Props, map[string]store.Value{"kind": text("PHYSICAL"), "figures": text("ESTIMATED"), "number": text("one"), "strengthMillionths": store.Int(1_000_000), "timeToImpactSeconds": store.Int(0)})
				if need != "" {
					e.Props["need"] = text(need)
				}
				linked(t, s, e)
			}
		}, []string{"SUPPLIES/Facility/f>Operator/o#steam: its key one is that of SUPPLIES/Facility/f>Operator/o too"}},
		{"a supply area without a Land", set(facility, "supplyAreas", store.Strings("99162:100")), []string{"Facility/f: its supply area has 99162, which lies in none of the Länder that it supplies"}},
		{"a competence without an act", atRow(isOf("actSlug", "kritisdachg"), cutRow(kritis.EdgeBasedOn)),
			[]string{"it has no edge [BASED_ON]", `its actSlug is "kritisdachg", but its edges BASED_ON lead to []`, `names the act "", which does not exist`}},
		{"a competence without a body", atRow(isOf("authoritySlug", "bbk"), cutRow(kritis.EdgeAssignedTo)),
			[]string{"it has no edge [ASSIGNED_TO]", "its authoritySlug", `names the body "", which does not exist`}},
		{"a competence without its Land", atRow(land, cutRow(kritis.EdgeCompetentIn)), []string{"it has no edge [COMPETENT_IN]", "its landCode"}},
		{"a competence without its subject", atRow(isOf("subjectKind", "SECTOR"), cutRow(kritis.EdgeCovers)), []string{"it has no edge [COVERS]"}},
		{"a competence that cannot be decided", atRow(isOf("level", "FEDERAL"), func(t *testing.T, s *store.Store, id store.ID) {
			edited(t, s, id, map[string]store.Value{"appliesWhen": store.Strings("mood=GOOD"), "role": text("KING")})
		}), []string{`the rule cannot decide: competence`, `the rule cannot decide: competence`}},
		{"a contact point that nobody holds", cut("ContactPoint/office-bsi", kritis.EdgeHeldBy), []string{"ContactPoint/office-bsi: it has no edge [HELD_BY]"}},
		{"a contact point for other Länder", set("ContactPoint/office-bsi", "landCodes", store.Strings("BY")),
			[]string{`ContactPoint/office-bsi: its landCodes is ["BY"], but its edges CONTACT_FOR lead to []`}},
		{"a branch without a sector", cut("Branch/electricity", kritis.EdgeInSector), []string{
			"Branch/electricity: it has no edge [IN_SECTOR]", "Branch/electricity: the rule cannot decide", `Facility/f: its sectorSlug is "energy", but Branch/electricity is of ""`,
			"the rule cannot decide: service"}},
		{"an operator without a sector", cut(operator, kritis.EdgeInSector), []string{"Operator/o: it has no edge [IN_SECTOR]", "Operator/o: its sectorSlugs"}},
		{"an operator in another sector too", add(link(kritis.EdgeInSector, operator, "Sector/water")),
			[]string{`Operator/o: its sectorSlugs is ["energy"], but its edges IN_SECTOR lead to ["energy" "water"]`}},
		{"an operator with a seat elsewhere", set(operator, "seatCode", text("HE")), []string{`Operator/o: its seatCode is "HE", but its edges SEAT_IN lead to ["BY"]`}},
		{"an operator with an edge that no property repeats", set(operator, "seatCode", store.Value{}), []string{`Operator/o: its seatCode is absent, but its edges SEAT_IN lead to ["BY"]`}},
		{"a facility without an operator", cut(operator, kritis.EdgeOperates), []string{"Facility/f: nothing owns it"}},
		{"a facility without a site", cut(facility, kritis.EdgeSiteIn), []string{"Facility/f: it has no edge [SITE_IN]", "Facility/f: its siteCode"}},
		{"a facility at sea has no site", func(t *testing.T, s *store.Store) {
			unlinked(t, s, facility, kritis.EdgeSiteIn)
			edited(t, s, facility, map[string]store.Value{"siteCode": {}, "inExclusiveEconomicZone": store.Bool(true)})
		}, nil},
		{"a facility of nothing", func(t *testing.T, s *store.Store) {
			unlinked(t, s, facility, kritis.EdgeInBranch)
			edited(t, s, facility, map[string]store.Value{"branchSlug": {}, "sectorSlug": {}})
		}, []string{"Facility/f: it has no edge [IN_BRANCH PROVIDES]"}},
		{"a facility in another sector than its branch", set(facility, "sectorSlug", text("water")), []string{`Facility/f: its sectorSlug is "water", but Branch/electricity is of "energy"`}},
		{"a facility of a category of another code", func(t *testing.T, s *store.Store) {
			page, err := s.List(t.Context(), store.Unrestricted(), store.Query{Labels: []store.Label{kritis.LabelFacilityCategory}, Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			linked(t, s, link(kritis.EdgeOfCategory, facility, page.Hits[0].Node.ID))
			edited(t, s, facility, map[string]store.Value{"categoryCode": text("nothing")})
		}, []string{`Facility/f: its categoryCode is "nothing"`}},
		{"an incident that nobody reported", cut(incident, kritis.EdgeReportedBy), []string{"Incident/i: it has no edge [REPORTED_BY CONCERNS]"}},
		{"an incident in other Länder", set(incident, "landCodes", store.Strings("BY", "HE")), []string{`Incident/i: its landCodes is ["BY" "HE"]`}},
		{"an incident of which nobody was informed, or twice, or never", set(incident, "informed", store.Strings("nobody=1", "bsi=1", "bsi=2", "bbk=today")), []string{
			"Incident/i: it says that the authority nobody was informed", "Incident/i: it says twice when the authority bsi was informed", `Incident/i: it says "bbk=today" of who was informed`}},
		{"a channel of nobody", cut("ContactPoint/office-bsi", kritis.EdgeHasChannel), []string{"Channel/office-bsi"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, _ := openFaulty(t)
			c.plant(t, s)
			wanted(t, errorsOf(t, s), c.finds)
		})
	}
}

// wanted compares errors with parts of them: each error has one of them, each of them is in an error.
func wanted(t *testing.T, have, want []string) {
	t.Helper()
	for _, h := range have {
		if !slices.ContainsFunc(want, func(w string) bool { return strings.Contains(h, w) }) {
			t.Errorf("unexpected: %s", h)
		}
	}
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.Contains(h, w) }) {
			t.Errorf("missing: %s", w)
		}
	}
}

func TestACheckFindsADamagedDatabase(t *testing.T) {
	onNode := func(id store.ID, do func(*store.Node)) func(*store.Page) {
		return func(p *store.Page) {
			for i := range p.Hits {
				if n := &p.Hits[i].Node; n.ID == id {
					*n = n.Clone()
					do(n)
				}
			}
		}
	}
	onCommit := func(seq store.Seq, do func(*store.Record)) func(*store.LogPage) {
		return func(p *store.LogPage) {
			for i := range p.Records {
				if p.Records[i].Seq == seq {
					do(&p.Records[i])
				}
			}
		}
	}
	seat := store.EdgeID(kritis.EdgeSeatIn, operator, "FederalState/BY")
	for _, c := range []struct {
		name  string
		fault faulty
		finds []string
	}{
		{"another content", faulty{list: onNode(operator, func(n *store.Node) { n.Props["name"] = store.String("Nett") })}, []string{"Operator/o: its content is not what the log says"}},
		{"another visibility of its own", faulty{list: onNode(operator, func(n *store.Node) { n.Own.TLP = store.TLPGreen })}, []string{"Operator/o: its content is not what the log says"}},
		{"another version", faulty{list: onNode(operator, func(n *store.Node) { n.Version = 7 })}, []string{"Operator/o: its version is 7, but 1 in the log"}},
		{"what an owner hides shows", faulty{list: onNode("Channel/office-bsi.website.1", func(n *store.Node) { n.Settled.Audiences = []string{"land:BY"} })},
			[]string{"Channel/office-bsi.website.1: it shows as CLEAR [land:BY], but as CLEAR [public] it has to"}},
		{"an owner that shows otherwise", faulty{list: onNode(operator, func(n *store.Node) { n.Settled.TLP = store.TLPRed })}, []string{"Operator/o: it shows as RED [public], but as CLEAR [public] it has to"}},
		{"a lost node", faulty{list: func(p *store.Page) {
			p.Hits = slices.DeleteFunc(p.Hits, func(h store.Hit) bool { return h.Node.ID == incident })
		}}, []string{"Incident/i: it is in the log, but not in the state", "REPORTED_BY/Incident/i>Operator/o: it is in the log, but not in the state", "TOUCHES/Incident/i>FederalState/BY: it is in the log, but"}},
		{"a node that nobody wrote", faulty{list: onNode(incident, func(n *store.Node) {
			n.ID, n.Props["landCodes"] = "Incident/j", store.Value{}
			delete(n.Props, "landCodes")
		})},
			[]string{"Incident/j: it is in the state, but not in the log", "Incident/j: it has no edge", "Incident/i>", "Incident/i: it is in the log, but not"}},
		{"a lost edge", faulty{walk: func(g *store.Subgraph) {
			g.Edges = slices.DeleteFunc(g.Edges, func(e store.Edge) bool { return e.ID == seat })
		}}, []string{string(seat) + ": it is in the log, but not in the state", "Operator/o: its seatCode"}},
		{"an altered edge", faulty{walk: func(g *store.Subgraph) {
			for i := range g.Edges {
				if g.Edges[i].ID == seat {
					g.Edges[i].Props = proven(map[string]store.Value{"validFrom": store.String("2026-01-01")})
				}
			}
		}}, []string{string(seat) + ": its content is not what the log says"}},
		{"a property that the schema does not know", faulty{list: onNode(operator, func(n *store.Node) { n.Props["moons"] = store.Int(1) })},
			[]string{"Operator/o: its content is not", `Operator/o: it does not fit the schema: invalid under this version of the schema: Operator/o has the unknown property "moons"`}},
		{"an altered commit", faulty{log: onCommit(2, func(r *store.Record) { r.Change.Meta.Actor = "nobody" })}, []string{"commit 2: the audit chain is broken: commit 2 was altered"}},
		{"a commit of another chain", faulty{log: onCommit(2, func(r *store.Record) { r.Prev[0] ^= 1 })}, []string{"commit 2: the audit chain is broken: commit 2 does not follow the one before it"}},
		{"a log that skips a version", faulty{log: onCommit(2, func(r *store.Record) {
			r.Change.Put = slices.Clone(r.Change.Put)
			for i := range r.Change.Put {
				r.Change.Put[i].Version = 2
			}
		})}, []string{"commit 2: the audit chain", "the log goes from version 0 to 2", "its version is 1, but 2 in the log"}},
		{"a log that links to what never was", faulty{log: onCommit(2, func(r *store.Record) {
			r.Change.Link = slices.Clone(r.Change.Link)
			for i := range r.Change.Link {
				if r.Change.Link[i].ID == seat {
					r.Change.Link[i].To = "FederalState/XX"
				}
			}
		})}, []string{"commit 2: the audit chain", string(seat) + ": commit 2 links it to FederalState/XX, which did not exist", string(seat) + ": its content"}},
		{"a log that deletes an end of an edge", faulty{log: onCommit(2, func(r *store.Record) {
			r.Change.Delete = []store.ID{"FederalState/BY"}
			r.Change.If = append(slices.Clone(r.Change.If), store.Cond{ID: "FederalState/BY", Version: 1})
			slices.SortFunc(r.Change.If, func(a, b store.Cond) int { return strings.Compare(string(a.ID), string(b.ID)) })
		})}, []string{"commit 2: the audit chain", "FederalState/BY: it is in the state, but the log deleted it", "it ends at FederalState/BY, which was deleted"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, driver := openFaulty(t)
			driver.log, driver.list, driver.walk = c.fault.log, c.fault.list, c.fault.walk
			wanted(t, errorsOf(t, s), c.finds)
		})
	}
}

func TestWhatChangesDuringTheCheckIsNotJudged(t *testing.T) {
	s, driver := openFaulty(t)
	edited(t, s, incident, map[string]store.Value{"source": {}})
	driver.after = func() {
		driver.after = nil
		edited(t, s, operator, map[string]store.Value{"name": store.String("Neu"), "seatCode": store.String("HE")})
	}
	r, err := kritis.Check(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if r.Errors() != 1 || r.Findings[0].Place != incident {
		t.Errorf("%v", r.Findings)
	}
	if last := r.Findings[len(r.Findings)-1]; last.Message != "2 things changed during the check and were not judged" {
		t.Errorf("%v", last)
	}
}
