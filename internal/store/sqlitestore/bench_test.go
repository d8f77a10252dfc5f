package sqlitestore_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

// benchSchema is shaped like the domain: operators own facilities, incidents affect them, all lie in Länder.
func benchSchema() store.Schema {
	text := func(name string) store.PropDef { return store.PropDef{Name: name, Kind: store.StringKind} }
	key := store.PropDef{Name: "reference", Kind: store.StringKind, Required: true, Unique: true, Sort: true, Key: true}
	title := store.PropDef{Name: "name", Kind: store.StringKind, Required: true, Sort: true, Title: true}
	state := store.PropDef{Name: "state", Kind: store.StringKind, Index: true}
	facility, operator, incident, land, contact := store.Label("Facility"), store.Label("Operator"), store.Label("Incident"), store.Label("Land"), store.Label("Contact")
	return store.Schema{
		Version: 1,
		Labels: []store.LabelDef{
			{Label: land, Props: []store.PropDef{key, title}},
			{Label: operator, Props: []store.PropDef{key, title, state, {Name: "note", Kind: store.StringKind, Text: true}}},
			{Label: facility, Props: []store.PropDef{key, title, state, text("branch"), text("street"), {Name: "sectors", Kind: store.StringsKind, Index: true},
				{Name: "persons", Kind: store.IntKind, Index: true}, text(store.ValidFrom), text(store.ValidUntil)}},
			{Label: incident, Props: []store.PropDef{key, title, state, text("kind"), {Name: "at", Kind: store.IntKind, Required: true, Sort: true}}},
			{Label: contact, Props: []store.PropDef{key, title, text("phone")}},
		},
		Edges: []store.EdgeDef{
			{Type: "OPERATES", From: []store.Label{operator}, To: []store.Label{facility}, Owns: true},
			{Type: "HAS_CONTACT", From: []store.Label{operator}, To: []store.Label{contact}, Owns: true},
			{Type: "LIES_IN", From: []store.Label{facility, incident}, To: []store.Label{land}},
			{Type: "AFFECTS", From: []store.Label{incident}, To: []store.Label{facility}},
			{Type: "DEPENDS_ON", From: []store.Label{facility}, To: []store.Label{facility}, Props: []store.PropDef{text("strength"), text(store.ValidFrom)}},
		},
	}
}

var (
	lands   = []string{"BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"}
	words   = []string{"Stadtwerke", "Kraftwerk", "Umspannwerk", "Wasserwerk", "Klinikum", "Leitstelle", "Rechenzentrum", "Netz", "Bahn", "Hafen", "Klärwerk", "Fernwärme"}
	places  = []string{"München", "Nürnberg", "Köln", "Düsseldorf", "Würzburg", "Lübeck", "Görlitz", "Tübingen", "Kassel", "Mainz", "Halle", "Kiel", "Passau", "Zwickau"}
	sectors = []string{"energy", "water", "health", "food", "transport", "finance", "it"}
)

// benchWorld yields a graph of 45,000 facilities and 100,000 incidents, with 175,000 nodes and a million edges in all, divided
// by shrink.
type benchWorld struct {
	rnd    *rand.Rand
	shrink int
	change store.Change
	yield  func(store.Change, error) bool
	stop   bool
}

func benchChanges(shrink int) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		w := &benchWorld{rnd: rand.New(rand.NewPCG(1, 2)), shrink: shrink, yield: yield}
		w.build()
	}
}

func (w *benchWorld) flush() {
	if w.change.Size() == 0 || w.stop {
		return
	}
	w.change.Meta = store.Meta{Action: "LOAD", Actor: "bench", At: 1}
	w.stop = !w.yield(w.change, nil)
	w.change = store.Change{}
}

func (w *benchWorld) node(label store.Label, key string, tlp store.TLP, audiences []string, props map[string]store.Value) store.ID {
	id := store.NewID(string(label), key)
	props["reference"], props["name"] = store.String(key), store.String(words[w.rnd.IntN(len(words))]+" "+places[w.rnd.IntN(len(places))]+" "+key)
	w.change.Put = append(w.change.Put, store.Node{ID: id, Own: store.Visibility{TLP: tlp, Audiences: audiences}, Props: props})
	w.change.If = append(w.change.If, store.Cond{ID: id})
	if w.change.Size() >= 20_000 {
		w.flush()
	}
	return id
}

func (w *benchWorld) edge(kind store.EdgeType, from, to store.ID, props map[string]store.Value) {
	id := store.EdgeID(kind, from, to)
	w.change.Link = append(w.change.Link, store.Edge{ID: id, From: from, To: to, Props: props})
	w.change.If = append(w.change.If, store.Cond{ID: id})
	if w.change.Size() >= 20_000 {
		w.flush()
	}
}

func (w *benchWorld) build() {
	public := []string{"public"}
	for _, l := range lands {
		w.node("Land", l, store.TLPClear, public, map[string]store.Value{})
	}
	operators, facilities, incidents := 5_000/w.shrink, 45_000/w.shrink, 100_000/w.shrink
	for i := range operators {
		w.node("Operator", fmt.Sprintf("op-%05d", i), store.TLPClear, public,
			map[string]store.Value{"state": store.String("ACTIVE"), "note": store.String("Betreiber in " + places[i%len(places)])})
	}
	for i := range facilities {
		land, op := lands[i%16], i%operators
		audiences := []string{"operator:" + strconv.Itoa(op), "land:" + land, "row:energy/" + land}
		if i%3 == 0 {
			audiences = append(audiences, "public")
		}
		w.node("Facility", fmt.Sprintf("fa-%05d", i), store.TLP(1+i%4), audiences, map[string]store.Value{
			"state": store.String([]string{"OPEN", "CLOSED"}[i%2]), "branch": store.String("electricity"), "street": store.String("Hauptstraße " + strconv.Itoa(i%200)),
			"sectors": store.Strings(sectors[i%7], sectors[i%3]), "persons": store.Int(int64(w.rnd.IntN(1_000_000))), store.ValidFrom: store.String("2020-01-01"),
		})
	}
	for i := range 25_000 / w.shrink {
		w.node("Contact", fmt.Sprintf("co-%05d", i), store.TLPGreen, nil, map[string]store.Value{"phone": store.String("+49 89 " + strconv.Itoa(i))})
	}
	for i := range incidents {
		land := lands[i%16]
		w.node("Incident", fmt.Sprintf("in-%06d", i), store.TLPAmber, []string{"land:" + land, "operator:" + strconv.Itoa(i%operators), "row:energy/" + land},
			map[string]store.Value{"state": store.String([]string{"OPEN", "CLOSED", "CLOSED", "CLOSED"}[i%4]), "kind": store.String("CYBER"), "at": store.Int(int64(i) * 1e6)})
	}
	w.flush()
	w.link(operators, facilities, incidents)
	w.flush()
}

func (w *benchWorld) link(operators, facilities, incidents int) {
	id := func(label store.Label, form string, i int) store.ID {
		return store.NewID(string(label), fmt.Sprintf(form, i))
	}
	none := map[string]store.Value{}
	for i := range facilities {
		f := id("Facility", "fa-%05d", i)
		w.edge("OPERATES", id("Operator", "op-%05d", i%operators), f, none)
		w.edge("LIES_IN", f, store.NewID("Land", lands[i%16]), none)
		for k := range 13 {
			w.edge("DEPENDS_ON", f, id("Facility", "fa-%05d", (i+1+k*k*37)%facilities), map[string]store.Value{"strength": store.String("FULL")})
		}
	}
	for i := range 25_000 / w.shrink {
		w.edge("HAS_CONTACT", id("Operator", "op-%05d", i%operators), id("Contact", "co-%05d", i), none)
	}
	for i := range incidents {
		in := id("Incident", "in-%06d", i)
		w.edge("LIES_IN", in, store.NewID("Land", lands[i%16]), none)
		for k := range 2 {
			w.edge("AFFECTS", in, id("Facility", "fa-%05d", (i*7+k*11)%facilities), none)
		}
	}
}

// benchStore returns a new store with the world loaded, and how many nodes and edges that were a second.
func benchStore(b *testing.B, shrink int) (*store.Store, float64) {
	b.Helper()
	s, err := store.Create(b.Context(), open(b, sqlitestore.Options{Dir: b.TempDir()}), benchSchema(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	things := 0
	records := func(yield func(store.Record, error) bool) {
		for r, err := range s.Sealed(benchChanges(shrink)) {
			things += r.Change.Size()
			if !yield(r, err) {
				return
			}
		}
	}
	start := time.Now()
	if err := s.Load(b.Context(), records); err != nil {
		b.Fatal(err)
	}
	return s, float64(things) / time.Since(start).Seconds()
}

func BenchmarkLoad(b *testing.B) {
	rate := 0.0
	for b.Loop() {
		_, rate = benchStore(b, 10)
	}
	b.ReportMetric(rate, "things/s")
}

func scopes() map[string]store.Scope {
	return map[string]store.Scope{
		"public":   store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear}),
		"Land":     store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear}, store.Grant{Audience: "land:BY", Max: store.TLPRed}),
		"operator": store.NewScope(store.Grant{Audience: "public", Max: store.TLPClear}, store.Grant{Audience: "operator:77", Max: store.TLPAmber}),
		"all":      store.Unrestricted(),
	}
}

func BenchmarkReads(b *testing.B) {
	s, rate := benchStore(b, 1)
	b.Logf("%.0f nodes and edges were loaded a second", rate)
	fac, inc := []store.Label{"Facility"}, []store.Label{"Incident"}
	byName, newest := []store.Order{{Prop: "name"}}, []store.Order{{Prop: "at", Desc: true}}
	open := store.Where("state", store.EQ, store.String("OPEN"))
	in := store.Filter{Some: &store.Rel{Edge: "LIES_IN", Where: store.Where("reference", store.EQ, store.String("BY"))}}
	var facilities, operators []store.ID
	for i := range 500 {
		facilities = append(facilities, store.ID(fmt.Sprintf("Facility/fa-%05d", i*7)))
		operators = append(operators, store.ID(fmt.Sprintf("Operator/op-%05d", i)))
	}
	list := func(q store.Query) func(store.Scope) error {
		return func(scope store.Scope) error { _, err := s.List(b.Context(), scope, q); return err }
	}
	count := func(q store.Query, by ...store.Key) func(store.Scope) error {
		return func(scope store.Scope) error { _, err := s.Count(b.Context(), scope, q, by...); return err }
	}
	hop := func(h store.Hop) func(store.Scope) error {
		return func(scope store.Scope) error {
			_, err := s.Neighbors(b.Context(), scope, []store.Hop{h})
			return err
		}
	}
	walk := func(w store.Walk) func(store.Scope) error {
		return func(scope store.Scope) error { _, err := s.Traverse(b.Context(), scope, w); return err }
	}
	for _, c := range []struct {
		name string
		run  func(store.Scope) error
	}{
		{"a hundred nodes", func(scope store.Scope) error { _, err := s.Nodes(b.Context(), scope, facilities[:100]); return err }},
		{"first facilities by name", list(store.Query{Labels: fac, Order: byName, Limit: 20})},
		{"first facilities by name with total", list(store.Query{Labels: fac, Order: byName, Limit: 20, Total: true})},
		{"newest open incidents", list(store.Query{Labels: inc, Where: open, Order: newest, Limit: 20})},
		{"facilities in a Land by name", list(store.Query{Labels: fac, Where: in, Order: byName, Limit: 20})},
		{"facilities of a sector", list(store.Query{Labels: fac, Where: store.Where("sectors", store.HAS, store.String("health")), Order: byName, Limit: 20, Total: true})},
		{"search for a reference", list(store.Query{Labels: []store.Label{"Facility", "Operator", "Incident"}, Text: "fa-00077", Limit: 20})},
		{"search for two words", list(store.Query{Labels: []store.Label{"Facility", "Operator", "Incident"}, Text: "klinikum lueb", Limit: 20})},
		{"search for one letter", list(store.Query{Labels: []store.Label{"Facility", "Operator", "Incident"}, Text: "k", Limit: 20})},
		{"count incidents", count(store.Query{Labels: inc})},
		{"count incidents by state", count(store.Query{Labels: inc}, store.Key{Prop: "state"})},
		{"count incidents by kind", count(store.Query{Labels: inc}, store.Key{Prop: "kind"})},
		{"count facilities by Land", count(store.Query{Labels: fac}, store.Key{Edge: "LIES_IN"})},
		{"count facilities by sector", count(store.Query{Labels: fac}, store.Key{Prop: "sectors"})},
		{"neighbors of 500 facilities", hop(store.Hop{From: facilities, Edge: "OPERATES", Dir: store.In, Query: store.Query{Limit: 20}})},
		{"dependencies of 500 facilities", hop(store.Hop{From: facilities, Edge: "DEPENDS_ON", Query: store.Query{Limit: 20, Order: byName}})},
		{"facilities of a Land as neighbors", hop(store.Hop{From: []store.ID{"Land/BY"}, Edge: "LIES_IN", Dir: store.In, Query: store.Query{Labels: fac, Limit: 20, Order: byName}})},
		{"walk over 10,000 nodes", walk(store.Walk{From: facilities[:1], Follow: []store.Step{{Edge: "DEPENDS_ON"}}, Depth: 10, MaxNodes: 10_000})},
		{"walk over everything", walk(store.Walk{From: facilities[:1], Follow: []store.Step{{Edge: "DEPENDS_ON"}, {Edge: "AFFECTS", Dir: store.In}}, Props: []string{"strength"}, Depth: 10, MaxNodes: 100_000, MaxEdges: 2_000_000})},
		{"completions for 500 subjects", hop(store.Hop{From: operators, Edge: "HAS_CONTACT", Query: store.Query{Limit: 20}})},
	} {
		for _, scope := range []string{"public", "Land", "operator", "all"} {
			b.Run(c.name+"/"+scope, func(b *testing.B) {
				for b.Loop() {
					if err := c.run(scopes()[scope]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
