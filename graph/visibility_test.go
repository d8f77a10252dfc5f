package graph_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"kritisgraph/graph"
	"kritisgraph/graph/guard"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

// secret is the value of a channel that only the authorities of Bavaria may have.
const secret = "+49 89 99998-777"

const secretChannel = "Channel/office-bsi.secret.1"

// publicWorld holds the reference data alone: what everybody may see.
func publicWorld(t *testing.T) *world {
	t.Helper()
	s := emptySQLite(t)
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

func withSecretChannel(t testing.TB, w *world) *world {
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
		BodyBytes: much, Tokens: much, Depth: much, Aliases: much, RootFields: much, Selections: much, Repeats: much, Cost: 1 << 30, Time: time.Minute,
	}})
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
