package graph_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// changeContact brings a change of the contact point of Hesse for the BSI into the store.
func (w *world) changeContact(t *testing.T, change func(*store.Node)) {
	t.Helper()
	nodes, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"ContactPoint/zkl-de-he"})
	if err != nil || len(nodes) != 1 {
		t.Fatal(nodes, err)
	}
	n := nodes[0].Clone()
	c := store.Change{If: []store.Cond{{ID: n.ID, Version: n.Version}}, Meta: store.Meta{Actor: "test", Action: "CHANGE", At: moment.UnixMicro()}}
	change(&n)
	c.Put = []store.Node{n}
	if _, err := w.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func TestAContactPointThatIsPublishedClosesTheGapUntilItIsHidden(t *testing.T) {
	w := publicWorld(t)
	const question = `{ responsibility(input: {subject: {place: {federalState: HE, service: "drinking-water-supply"}},
		purpose: CYBER_INCIDENT, legalActs: ["bsig"]}) { regimes { gaps { code } } } }`
	gap := func() bool {
		return strings.Contains(string(w.ask(t, kritis.Development("test"), question, nil)), `"NOT_PUBLISHED"`)
	}
	if !gap() {
		t.Fatal("the contact point of Hesse is published already")
	}
	w.changeContact(t, func(n *store.Node) { n.Props["contactStatus"] = store.String("PUBLISHED") })
	if gap() {
		t.Error("it is published, but the gap is still there")
	}
	w.changeContact(t, func(n *store.Node) { n.Own = store.Visibility{TLP: store.TLPAmber, Audiences: []string{"land:HE"}} })
	if !gap() {
		t.Error("it is hidden from the public, but the public rulebook still knows it")
	}
}

func TestOneOfManyRequestsReadsANewRulebook(t *testing.T) {
	w := onSQLite(t)
	for _, when := range []string{"at the start", "after a change"} {
		w.calls.Reset()
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				body := w.ask(t, kritis.Development(fmt.Sprint(i)), `{ sectors { slug } }`, nil)
				if !strings.Contains(string(body), `"energy"`) {
					t.Errorf("%s: %s", when, body)
				}
			})
		}
		wait.Wait()
		if n := w.calls.Counts()["Head"]; n != 1 { // one for each reading
			t.Errorf("%s the rulebook was read %d times", when, n)
		}
		w.changeContact(t, func(n *store.Node) { n.Props["note"] = store.String("changed") })
	}
}

func TestAStepShowsThePublishedContactPointOfItsLand(t *testing.T) {
	w := publicWorld(t)
	c := store.Change{Meta: store.Meta{Actor: "test", Action: "ENTER", At: moment.UnixMicro()}}
	old, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"ContactPoint/zkl-de-he"})
	if err != nil || len(old) != 1 {
		t.Fatal(old, err)
	}
	n := old[0].Clone()
	n.ID = "ContactPoint/zz-entered"
	n.Props["contactStatus"] = store.String("PUBLISHED")
	n.Props["nameEn"] = store.String("The one that was entered")
	c.Put = append(c.Put, n)
	c.If = append(c.If, store.Cond{ID: n.ID})
	for _, e := range []struct {
		edge store.EdgeType
		to   store.ID
	}{{kritis.EdgeContactFor, "FederalState/HE"}, {kritis.EdgeUnder, "LegalAct/bsig"}} {
		id := store.EdgeID(e.edge, n.ID, e.to)
		c.Link = append(c.Link, store.Edge{ID: id, From: n.ID, To: e.to, Props: map[string]store.Value{
			"source": store.String("test"), "asOf": store.String("2026-11-01"), "confidence": store.String("VERIFIED"), "status": store.String("ACTIVE"),
		}})
		c.If = append(c.If, store.Cond{ID: id})
	}
	if _, err := w.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	body := string(w.ask(t, kritis.Development("test"), `{ responsibility(input: {subject: {place: {federalState: HE, service: "drinking-water-supply"}},
		purpose: CYBER_INCIDENT, legalActs: ["bsig"]}) { regimes { chain { role contactPoint { name(lang: EN) } } gaps { code } } } }`, nil))
	if !strings.Contains(body, `"role":"BSI_CONTACT_POINT","contactPoint":{"name":"The one that was entered"}`) || strings.Contains(body, "NOT_PUBLISHED") {
		t.Error(body)
	}
}
