package seed_test

import (
	"slices"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

// enter returns what a caller sees and may do on the day after the load.
func enter(t *testing.T, app *kritis.App, id kritis.Identity) *kritis.View {
	t.Helper()
	v, err := app.Enter(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestRenewLeavesTheCompetencesThatPeopleChanged(t *testing.T) {
	s := loaded(t)
	app := kritis.NewApp(s, func() time.Time { return renewedAt })
	day := kritis.DayOf(renewedAt)
	proposed, err := enter(t, app, kritis.Identity{Subject: "bavaria", Body: "zkl-de-by"}).ProposeCompetenceSet(t.Context(), kritis.CompetenceSetProposeInput{
		Title: "the LSI gives way", Reason: "a test", ValidFrom: day, End: []string{"c121"}, Add: []*kritis.CompetenceInput{{
			LegalAct: "kritisdachg", Provision: "§ 3 Abs. 6", Subject: kritis.CompetenceSubjectInput{Kind: "SECTOR", Slug: "water"}, FederalState: "BY",
			Authority: "ministry-by", Role: "SUPERVISION", Source: "GVBl.", AsOf: day, Confidence: "VERIFIED",
		}},
	})
	if err != nil || len(proposed.UserErrors) > 0 {
		t.Fatal(proposed, err)
	}
	approved, err := enter(t, app, kritis.Identity{Subject: "centre", Body: "bsi"}).ApproveCompetenceSet(t.Context(), kritis.CompetenceSetApproveInput{
		ID: proposed.CompetenceSet.ID(), AcknowledgeUnsupervised: []kritis.FederalStateCode{"BY"},
	})
	if err != nil || len(approved.UserErrors) > 0 {
		t.Fatal(approved.UserErrors, err)
	}

	nodes, edges := graphOf(t, func(ref *seed.Reference) {
		for i := range ref.Competences.Competences {
			ref.Competences.Competences[i].Note = "seen again"
		}
	})
	got, err := seed.RenewTo(t.Context(), s, store.Unrestricted(), nodes, edges, renewedAt)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(got.Left, "Competence/c121") {
		t.Errorf("left are %v", got.Left)
	}
	if n := node(t, s, "Competence/c121"); n.Prop(store.ValidUntil).Text() != string(day) || n.Prop("note").Text() == "seen again" {
		t.Errorf("the row that people ended is %v", n.Props)
	}
	if n := node(t, s, "Competence/c122"); n.Prop("note").Text() != "seen again" {
		t.Errorf("a row that nobody changed is %v", n.Props)
	}
	if n := node(t, s, "Competence/c10001"); n.Prop("authoritySlug").Text() != "ministry-by" {
		t.Errorf("the row that people entered is %v", n.Props)
	}
	report, err := kritis.Check(t.Context(), s)
	if err != nil || report.Errors() > 0 {
		t.Errorf("the check finds %+v, %v", report.Findings, err)
	}
}

func TestNoShippedRowHasANumberOfEnteredRows(t *testing.T) {
	ref, err := seed.Load()
	if err != nil {
		t.Fatal(err)
	}
	ref.Competences.Competences[0].ID = "c10001"
	if _, _, err := seed.Graph(ref, "digest"); err == nil {
		t.Error("c10001 was shipped")
	}
}
