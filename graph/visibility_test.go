package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph/graph"
	"kritisgraph/graph/guard"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

// secret is the value of a channel that only the authorities of Bavaria may have.
const secret = "+49 89 99998-777"

const secretChannel = "Channel/office-bsi.secret.1"

// publicWorld holds the reference data alone: what everybody may see.
func publicWorld(t *testing.T) *world {
	t.Helper()
	driver, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := driver.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s, err := store.Create(t.Context(), driver, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), s.Sealed(seed.ReferenceChanges(moment))); err != nil {
		t.Fatal(err)
	}
	return &world{store: s, app: kritis.NewApp(s, func() time.Time { return moment }), handler: unlimited()}
}

// hiddenWorld holds demo data too, and a restricted channel of a public contact point that is answered at all hours.
func hiddenWorld(t *testing.T) *world {
	t.Helper()
	return withSecretChannel(t, onSQLite(t))
}

func withSecretChannel(t *testing.T, w *world) *world {
	t.Helper()
	w.handler = unlimited()
	office := store.ID("ContactPoint/office-bsi")
	evidence := func(props map[string]store.Value) map[string]store.Value {
		props["source"], props["asOf"], props["confidence"] = store.String("test"), store.String("2026-10-31"), store.String("VERIFIED")
		return props
	}
	channel := store.Node{
		ID: secretChannel, Own: store.Visibility{TLP: store.TLPAmber, Audiences: []string{kritis.AudienceLand("BY")}},
		Props: evidence(map[string]store.Value{
			"order": store.Int(0), "kind": store.String("PHONE"), "value": store.String(secret), "purpose": store.String("INCIDENT"), "always": store.Bool(true),
		}),
	}
	link := store.Edge{ID: store.EdgeID(kritis.EdgeHasChannel, office, channel.ID), From: office, To: channel.ID, Props: evidence(map[string]store.Value{})}
	if _, err := w.store.Commit(t.Context(), store.Change{
		Meta: store.Meta{Action: "channelEdit", Actor: "test", At: moment.UnixMicro()},
		Put:  []store.Node{channel}, Link: []store.Edge{link}, If: []store.Cond{{ID: channel.ID}, {ID: link.ID}},
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

// unlimited answers the long documents of these tests.
func unlimited() http.Handler {
	const much = 1 << 20
	return graph.NewHandler(graph.NewSchema(), graph.Options{Limits: guard.Limits{
		Tokens: much, Depth: much, Aliases: much, RootFields: much, Selections: much, Repeats: much, Cost: 1 << 30,
	}})
}

// everything selects all fields of a type down to a depth; of lists of pages two items.
func everything(schema *ast.Schema, typ *ast.Definition, depth int) string {
	var b strings.Builder
	if typ.IsAbstractType() {
		b.WriteString("__typename ")
	}
	for _, f := range typ.Fields {
		of, arguments := schema.Types[f.Type.Name()], ""
		switch {
		case strings.HasPrefix(f.Name, "__"):
			continue
		case typ.Name == "Coverage" && f.Name == "lackingContactPoint":
			arguments = "(role: ZKL)"
		case typ.Name == "Viewer" && f.Name == "can":
			arguments = "(actions: [INCIDENT_REPORT, CONTACT_POINT_EDIT])"
		case strings.HasSuffix(of.Name, "Connection") && depth > 1:
			arguments = "(first: 2)"
		}
		if of.Kind != ast.Object && of.Kind != ast.Interface {
			b.WriteString(f.Name + arguments + " ")
			continue
		}
		if depth == 0 {
			continue
		}
		if below := everything(schema, of, depth-1); below != "" {
			b.WriteString(f.Name + arguments + " { " + below + "} ")
		}
	}
	return b.String()
}

// rootCalls are calls of every root field, those for hidden things among them.
var rootCalls = []struct {
	call  string
	depth int
}{
	{`node(id: "` + kritis.GlobalID("Operator/demo-op-0001") + `")`, 2},
	{`nodes(ids: ["` + kritis.GlobalID("Facility/demo-fa-0001") + `", "` + kritis.GlobalID("Incident/demo-1") + `", "` + kritis.GlobalID(secretChannel) + `", "` + kritis.GlobalID("Authority/bsi") + `"])`, 2},
	{`federalState(code: BY)`, 3}, {`federalStates`, 2}, {`authority(slug: "bsi")`, 4}, {`authorities(first: 30)`, 3}, {`contactPoints(first: 100)`, 3},
	{`legalAct(slug: "bsig")`, 4}, {`legalActs`, 3}, {`sector(slug: "energy")`, 4}, {`sectors`, 3}, {`branch(slug: "electricity")`, 4}, {`service(slug: "electricity-supply")`, 4},
	{`operator(reference: "demo-op-0001")`, 3}, {`operators(first: 100)`, 3}, {`facility(reference: "demo-fa-0001")`, 3}, {`facilities(first: 50)`, 3},
	{`incident(reference: "demo-1")`, 3}, {`incidents(first: 100)`, 3}, {`competences(first: 30)`, 3}, {`viewer`, 3}, {`coverage(legalAct: "bsig")`, 3},
	{`integrationKeys(first: 10)`, 3}, {`search(text: "demo")`, 3}, {`search(text: "demo-op-0001")`, 3}, {`search(text: "musterau", types: [OPERATOR, FACILITY])`, 3}, {`search(text: "ransomware")`, 3},
	{`search(text: "99998")`, 3}, {`search(text: "bundesamt", first: 50)`, 3}, {`search(text: "stromverteilernetz")`, 3},
	{`changes(of: "` + kritis.GlobalID("Incident/demo-1") + `")`, 3}, {`changes(of: "` + kritis.GlobalID("ContactPoint/office-bsi") + `")`, 3}, {`changes(of: "` + kritis.GlobalID("Authority/bsi") + `", last: 5)`, 3},
	{`operators(where: {incidents: {none: {}}})`, 3}, {`operators(where: {facilities: {some: {}}})`, 3}, {`facilities(where: {operator: {some: {}}})`, 3}, {`facilities(where: {not: {incidents: {some: {}}}})`, 3},
	{`incidents(where: {operator: {none: {reference: {eq: "nobody"}}}})`, 3}, {`incidents(where: {facilities: {none: {}}})`, 3},
	{`operators(orderBy: {field: NAME, direction: DESC}, last: 5)`, 3}, {`contactPoints(where: {holder: {some: {slug: {eq: "bsi"}}}})`, 4},
	{`responsibility(input: {subject: {place: {federalState: BY, branch: "electricity"}}, purpose: CYBER_INCIDENT})`, 5},
	{`responsibility(input: {subject: {operator: "` + kritis.GlobalID("Operator/demo-op-0001") + `"}, purpose: CRISIS})`, 3},
	{`responsibilities(inputs: [{subject: {facility: "` + kritis.GlobalID("Facility/demo-fa-0001") + `"}, purpose: CRISIS}, {subject: {place: {federalState: BY, branch: "rail"}}, purpose: CRISIS}])`, 5},
	{`responsibilityDiff(input: {subject: {operator: "` + kritis.GlobalID("Operator/demo-op-0001") + `"}, purpose: CRISIS, from: "2026-01-01T00:00:00Z", to: "2026-11-01T00:00:00Z"})`, 3},
	{`responsibilityDiff(input: {subject: {place: {federalState: BY, branch: "electricity"}}, purpose: CRISIS, from: "2026-01-01T00:00:00Z", to: "2026-11-01T00:00:00Z"})`, 5},
}

// What nobody may see must not change a byte of what everybody sees: the answers are those of a world without it.
func TestWithoutANameOneSeesThePublicDirectoryOnly(t *testing.T) {
	hidden, public, schema := hiddenWorld(t), publicWorld(t), loadSchema(t)
	asked, all := map[string]bool{}, ""
	for _, c := range rootCalls {
		name, _, _ := strings.Cut(c.call, "(")
		asked[name] = true
		of := schema.Types[schema.Query.Fields.ForName(name).Type.Name()]
		document := fmt.Sprintf("{ %s { %s} }", c.call, everything(schema, of, c.depth))
		got, want := hidden.ask(t, kritis.Anonymous(), document, nil), public.ask(t, kritis.Anonymous(), document, nil)
		if a, b := stable(t, got), stable(t, want); a != b {
			t.Errorf("%s: %s", c.call, firstDifference(a, b))
		}
		if strings.Contains(string(got), "VALIDATION") || strings.Contains(string(got), "INTERNAL") {
			t.Fatalf("%s: %.500s", c.call, got)
		}
		for _, word := range []string{secret, "Musterau", "Ransomware"} {
			if strings.Contains(string(got), word) {
				t.Errorf("%s shows %s", c.call, word)
			}
		}
		all += string(hidden.ask(t, developer, document, nil))
	}
	for _, f := range schema.Query.Fields {
		if !asked[f.Name] && !strings.HasPrefix(f.Name, "__") {
			t.Errorf("%s is not asked", f.Name)
		}
	}
	for _, word := range []string{secret, "Musterau", "Ransomware"} { // or the test could not fail
		if !strings.Contains(all, word) {
			t.Errorf("the situation centre does not see %s either", word)
		}
	}
}

func TestARestrictedChannelMakesNobodyElseReachable(t *testing.T) {
	w := hiddenWorld(t)
	const ask = `{
		contactPoints(where: {holder: {some: {slug: {eq: "bsi"}}}}) { nodes { channels { value } reachability { always now } } }
		responsibility(input: {subject: {place: {federalState: BY, sector: "water"}}, purpose: CYBER_INCIDENT, legalActs: ["bsig"]}) { regimes { gaps { code role } } }
	}`
	lacks := func(p kritis.Principal) (always any, gaps int) {
		t.Helper()
		var data map[string]object
		r := w.reply(t, p, ask, nil)
		if err := json.Unmarshal(r.Data, &data); err != nil {
			t.Fatal(err, r.text)
		}
		for _, g := range list(t, list(t, data["responsibility"], "regimes")[0], "gaps") {
			if g["code"] == "NO_24_7_CHANNEL" && g["role"] == "SUPERVISION" {
				gaps++
			}
		}
		return at(list(t, data["contactPoints"], "nodes")[0], "reachability.always"), gaps
	}
	if always, gaps := lacks(kritis.Anonymous()); always != false || gaps != 1 {
		t.Errorf("without a name: always %v, %d gaps", always, gaps)
	}
	if always, gaps := lacks(developer); always != true || gaps != 0 {
		t.Errorf("the situation centre: always %v, %d gaps", always, gaps)
	}
}

func TestTheErrorForSomethingHiddenIsThatForSomethingMissing(t *testing.T) {
	hidden := hiddenWorld(t)
	for name, c := range map[string]struct{ document, hidden, missing string }{
		"an operator as a subject": {`query($id: ID!) { responsibility(input: {subject: {operator: $id}, purpose: CRISIS}) { status } }`, "Operator/demo-op-0001", "Operator/demo-op-9999"},
		"a facility as a subject":  {`query($id: ID!) { responsibility(input: {subject: {facility: $id}, purpose: CRISIS}) { status } }`, "Facility/demo-fa-0001", "Facility/demo-fa-9999"},
		"a subject among others":   {`query($id: ID!) { responsibilities(inputs: [{subject: {facility: $id}, purpose: CRISIS}]) { status } }`, "Facility/demo-fa-0001", "Facility/demo-fa-9999"},
		"a subject of a diff":      {`query($id: ID!) { responsibilityDiff(input: {subject: {operator: $id}, purpose: CRISIS, from: "2026-01-01T00:00:00Z", to: "2026-11-01T00:00:00Z"}) { statusAfter } }`, "Operator/demo-op-0001", "Operator/demo-op-9999"},
		"an incident as a node":    {`query($id: ID!) { node(id: $id) { id } }`, "Incident/demo-1", "Incident/demo-9999"},
		"a channel as a node":      {`query($id: ID!) { node(id: $id) { id } }`, secretChannel, "Channel/none"},
		"an incident to look back": {`query($id: ID!) { changes(of: $id, last: 3) { totalCount pageInfo { endCursor } nodes { id } } }`, "Incident/demo-1", "Incident/demo-9999"},
	} {
		got := hidden.ask(t, kritis.Anonymous(), c.document, object{"id": kritis.GlobalID(store.ID(c.hidden))})
		want := hidden.ask(t, kritis.Anonymous(), c.document, object{"id": kritis.GlobalID(store.ID(c.missing))})
		if string(got) != string(want) {
			t.Errorf("%s: hidden gives %s, missing gives %s", name, got, want)
		}
	}
}
