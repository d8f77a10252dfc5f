package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
)

const setFields = `competenceSet { id version state validFrom proposedBy { name } decidedBy { name } federalStates { code }
	acknowledgedUnsupervised { code } obstacles { message } changes { key ends { key } begins { authority { slug } level } } }
	effects { differenceCount differences { legalAct { slug } purpose role sector { slug } federalStates { code } parts { slug } validity { from until }
		before { status authorities { slug } alternatives { authority { slug } } gaps } after { status authorities { slug } gaps } }
		losses { legalAct { slug } federalState { code } sector { slug } from } }
	userErrors { code path message } consistencyToken`

type slug struct{ Slug string }

type setPayload struct {
	CompetenceSet *struct {
		ID                    string
		Version               int
		State                 string
		DecidedBy, ProposedBy *struct{ Name string }
		FederalStates         []struct{ Code string }
		Obstacles             []userError
		Changes               []struct {
			Key    *string
			Ends   *struct{ Key string }
			Begins *struct {
				Authority slug
				Level     string
			}
		}
	}
	Effects *struct {
		DifferenceCount int
		Differences     []struct {
			LegalAct, Sector slug
			Purpose, Role    string
			FederalStates    []struct{ Code string }
			Before, After    struct {
				Status      string
				Authorities []slug
			}
		}
		Losses []struct {
			LegalAct, Sector slug
			FederalState     struct{ Code string }
			From             string
		}
	}
	UserErrors       []userError
	ConsistencyToken *string
}

// onSet calls competenceSetPropose, …Approve, …Reject or …Withdraw.
func (w *world) onSet(t testing.TB, p kritis.Principal, verb string, input object) setPayload {
	t.Helper()
	document := fmt.Sprintf("mutation($input: CompetenceSet%sInput!) { payload: competenceSet%s(input: $input) { %s } }", verb, verb, setFields)
	body := w.ask(t, p, document, object{"input": input})
	var r struct {
		Data   struct{ Payload setPayload }
		Errors []json.RawMessage
	}
	if err := json.Unmarshal(body, &r); err != nil || len(r.Errors) > 0 {
		t.Fatalf("%s: %s", verb, body)
	}
	return r.Data.Payload
}

func (w *world) done(t testing.TB, p kritis.Principal, verb string, input object) setPayload {
	t.Helper()
	got := w.onSet(t, p, verb, input)
	if len(got.UserErrors) > 0 || got.CompetenceSet == nil {
		t.Fatalf("%s: %+v", verb, got)
	}
	return got
}

// waterRow is the row by which Bavaria names a body for water.
func waterRow(with ...object) object {
	row := object{
		"legalAct": "kritisdachg", "provision": "§ 3 Abs. 6", "subject": object{"kind": "SECTOR", "slug": "water"}, "federalState": "BY",
		"authority": "ministry-by", "role": "SUPERVISION", "source": "GVBl. 2026 S. 412", "asOf": "2026-10-30", "confidence": "VERIFIED",
	}
	for _, w := range with {
		for k, v := range w {
			row[k] = v
		}
	}
	return row
}

func waterSet(with ...object) object {
	set := object{"title": "Bayern benennt die Behörde für Wasser", "reason": "GVBl. 2026 S. 412", "validFrom": "2026-12-01", "add": []object{waterRow()}}
	for _, w := range with {
		for k, v := range w {
			set[k] = v
		}
	}
	return set
}

// people are the callers of these tests.
type people struct{ bavaria, hesse, admin, other, centre, auditor kritis.Principal }

func (w *world) people(t *testing.T) people {
	t.Helper()
	return people{
		bavaria: w.caller(t, kritis.Identity{Subject: "bavaria", Body: "zkl-de-by"}), hesse: w.caller(t, kritis.Identity{Subject: "hesse", Body: "zkl-de-he"}),
		admin:   w.caller(t, kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}}),
		other:   w.caller(t, kritis.Identity{Subject: "other", Roles: []string{"ADMINISTRATOR"}}),
		centre:  w.caller(t, kritis.Identity{Subject: "centre", Body: "bsi-situation-centre"}),
		auditor: w.caller(t, kritis.Identity{Subject: "auditor", Roles: []string{"AUDITOR"}}),
	}
}

// supervisor is who supervises water in Bavaria under the KRITISDachG at the beginning of a day.
func (w *world) supervisor(t *testing.T, p kritis.Principal, day string) string {
	t.Helper()
	body := string(w.ask(t, p, fmt.Sprintf(`{ responsibility(input: {subject: {place: {federalState: BY, sector: "water"}}, purpose: SUPERVISION, legalActs: ["kritisdachg"],
		asOf: "%sT00:00:00+01:00"}) { regimes { chain { authority { slug } } } } }`, day), nil))
	_, rest, _ := strings.Cut(body, `"slug":"`)
	name, _, _ := strings.Cut(rest, `"`)
	return name
}

func TestASetIsProposedByOneAndPublishedByAnother(t *testing.T) { checkSetIsPublished(t, onSQLite(t)) }

func checkSetIsPublished(t *testing.T, w *world) {
	who := w.people(t)
	tried := w.onSet(t, who.bavaria, "Propose", waterSet(object{"dryRun": true}))
	if tried.CompetenceSet != nil || tried.ConsistencyToken != nil || len(tried.UserErrors) > 0 || tried.Effects.DifferenceCount != 2 || len(tried.Effects.Losses) > 0 {
		t.Fatalf("on trial: %+v", tried)
	}
	d := tried.Effects.Differences[1]
	if d.Purpose != "SUPERVISION" || d.Sector.Slug != "water" || fmt.Sprint(d.FederalStates) != "[{BY}]" ||
		fmt.Sprint(d.Before) != "{PARTIAL [{state-competent-authority}]}" || fmt.Sprint(d.After) != "{RESOLVED [{ministry-by}]}" {
		t.Errorf("the difference is %+v", d)
	}
	if n := w.countSets(t, who.bavaria); n != 0 {
		t.Fatalf("a trial stored %d sets", n)
	}

	proposed := w.done(t, who.bavaria, "Propose", waterSet())
	set := proposed.CompetenceSet
	if set.State != "PROPOSED" || set.Version != 1 || set.Changes[0].Key != nil || set.Changes[0].Begins.Level != "STATE" || proposed.Effects.DifferenceCount != 2 {
		t.Fatalf("proposed: %+v", proposed)
	}
	if w.supervisor(t, who.bavaria, "2026-12-01") != "state-competent-authority" {
		t.Fatal("a proposal alone changed an answer")
	}
	trial := w.done(t, who.admin, "Approve", object{"id": set.ID, "expectedVersion": 1, "dryRun": true})
	if trial.CompetenceSet.State != "PROPOSED" || trial.ConsistencyToken != nil {
		t.Fatalf("a trial approved it: %+v", trial)
	}
	approved := w.done(t, who.admin, "Approve", object{"id": set.ID, "expectedVersion": 1, "reason": "seen in the GVBl."})
	set = approved.CompetenceSet
	if set.State != "PUBLISHED" || set.Version != 2 || set.DecidedBy.Name != "admin" || *set.Changes[0].Key != "c10001" {
		t.Fatalf("approved: %+v", set)
	}
	if d := cmp.Diff(proposed.Effects, approved.Effects); d != "" {
		t.Error("a published set tells other effects than the proposed one:", d)
	}
	for day, want := range map[string]string{"2026-11-30": "state-competent-authority", "2026-12-01": "ministry-by"} {
		if got := w.supervisor(t, kritis.Anonymous(), day); got != want {
			t.Errorf("on %s %s supervises, want %s", day, got, want)
		}
	}
	for asOf, want := range map[string]string{"2026-11-30T12:00:00Z": "[]", "2026-12-01T12:00:00Z": `[{"key":"c10001","validity":{"from":"2026-12-01","until":null}}]`} {
		body := string(w.ask(t, kritis.Anonymous(), `query($at: DateTime) { competences(asOf: $at, where: {authority: {eq: "ministry-by"}}) { nodes { key validity { from until } } } }`, object{"at": asOf}))
		if !strings.Contains(body, `"nodes":`+want) {
			t.Errorf("as of %s: %s", asOf, body)
		}
	}
	report, err := kritis.Check(t.Context(), w.store)
	if err != nil || report.Errors() > 0 {
		t.Errorf("the check finds %+v, %v", report.Findings, err)
	}
	again := w.onSet(t, who.other, "Approve", object{"id": set.ID})
	if code(t, again.UserErrors) != "CONFLICT" {
		t.Errorf("approved twice: %+v", again)
	}
}

func (w *world) countSets(t *testing.T, p kritis.Principal) int {
	t.Helper()
	return queryAs[struct{ CompetenceSets struct{ TotalCount int } }](t, w, p, `{ competenceSets { totalCount } }`, nil).CompetenceSets.TotalCount
}

// The row c121, by which the LSI supervises the administration of Bavaria, has none beneath.
func TestALandIsLeftWithoutASupervisorOnlyWithAnAcknowledgement(t *testing.T) {
	w := onSQLite(t)
	who := w.people(t)
	proposed := w.done(t, who.bavaria, "Propose", waterSet(object{"end": []string{"c121"}, "add": []object{}}))
	if fmt.Sprint(proposed.Effects.Losses) != "[{{baydig} {state-administration} {BY} 2026-12-01}]" {
		t.Fatalf("losses: %+v", proposed.Effects.Losses)
	}
	id := proposed.CompetenceSet.ID
	for _, acknowledged := range [][]string{nil, {"HE"}, {"BY", "HE"}} {
		got := w.onSet(t, who.centre, "Approve", object{"id": id, "acknowledgeUnsupervised": acknowledged})
		if code(t, got.UserErrors) != "UNSUPERVISED" || !strings.Contains(got.UserErrors[0].Message, "BY: BayDiG (state-administration)") ||
			strings.Join(got.UserErrors[0].Path, ".") != "input.acknowledgeUnsupervised" {
			t.Errorf("%v: %+v", acknowledged, got.UserErrors)
		}
	}
	got := w.done(t, who.centre, "Approve", object{"id": id, "acknowledgeUnsupervised": []string{"BY"}})
	if got.CompetenceSet.State != "PUBLISHED" || *got.CompetenceSet.Changes[0].Key != "c121" {
		t.Errorf("%+v", got.CompetenceSet)
	}
	harmless := w.done(t, who.bavaria, "Propose", waterSet())
	if got := w.onSet(t, who.centre, "Approve", object{"id": harmless.CompetenceSet.ID, "acknowledgeUnsupervised": []string{"BY"}}); code(t, got.UserErrors) != "UNSUPERVISED" {
		t.Errorf("a loss that there is not was acknowledged: %+v", got)
	}
	if report, err := kritis.Check(t.Context(), w.store); err != nil || report.Errors() > 0 {
		t.Errorf("the check finds %+v, %v", report.Findings, err)
	}
}

func TestOfTwoApproversOneWins(t *testing.T) { checkTwoApprovers(t, onSQLite(t)) }

func checkTwoApprovers(t *testing.T, w *world) {
	who := w.people(t)
	id := w.done(t, who.bavaria, "Propose", waterSet()).CompetenceSet.ID
	codes := atOnce(6, func(i int) string {
		return w.code(t, []kritis.Principal{who.admin, who.other, who.centre}[i%3], approveDocument, object{"id": id})
	})
	if fmt.Sprint(codes) != "[CONFLICT CONFLICT CONFLICT CONFLICT CONFLICT WON]" {
		t.Error(codes)
	}
	rows := queryAs[struct{ Competences struct{ TotalCount int } }](t, w, who.admin, `{ competences(asOf: "2027-01-01T00:00:00Z", where: {authority: {eq: "ministry-by"}}) { totalCount } }`, nil)
	if rows.Competences.TotalCount != 1 {
		t.Errorf("%d rows were begun", rows.Competences.TotalCount)
	}
}

// Each of two sets leaves the last supervisor to the other one: whichever is approved second is judged after the first.
func TestTwoSetsThatAreHarmlessAloneAreNotPublishedTogether(t *testing.T) {
	w := onSQLite(t)
	who := w.people(t)
	add := waterRow(object{"legalAct": "baydig", "authority": "ministry-by", "subject": object{"kind": "BRANCH", "slug": "government-administration"},
		"appliesWhen": []object{{"attribute": "administrationLevel", "values": []string{"STATE"}}}})
	second := w.done(t, who.bavaria, "Propose", waterSet(object{"add": []object{add}})).CompetenceSet.ID
	w.done(t, who.admin, "Approve", object{"id": second})
	ends := []string{}
	for _, row := range []string{"c121", "c10001"} {
		ends = append(ends, w.done(t, who.bavaria, "Propose", waterSet(object{"end": []string{row}, "add": []object{}, "validFrom": "2027-01-01"})).CompetenceSet.ID)
	}
	codes := atOnce(len(ends), func(i int) string { return w.code(t, who.admin, approveDocument, object{"id": ends[i]}) })
	if fmt.Sprint(codes) != "[UNSUPERVISED WON]" {
		t.Error(codes)
	}
}

// A row that is published for today is seen in what its body sees, as soon as the audiences follow it.
func TestAPublishedRowGivesItsBodySight(t *testing.T) {
	w := onSQLite(t)
	who := w.people(t)
	facility := queryAs[struct {
		Facilities struct {
			Nodes []struct {
				Reference string
				Site      struct{ FederalState struct{ Code string } }
			}
		}
	}](t, w, who.centre, `{ facilities(first: 1, where: {service: {eq: "drinking-water-supply"}}) { nodes { reference site { federalState { code } } } } }`, nil).Facilities.Nodes[0]
	body := "ministry-" + strings.ToLower(facility.Site.FederalState.Code)
	sees := func() bool {
		t.Helper()
		answer := w.ask(t, w.caller(t, kritis.Identity{Subject: "ministry", Body: body}), `query($r: String!) { facility(reference: $r) { reference } }`, object{"r": facility.Reference})
		return strings.Contains(string(answer), facility.Reference)
	}
	row := waterRow(object{"federalState": facility.Site.FederalState.Code, "authority": body})
	set := w.done(t, who.admin, "Propose", waterSet(object{"validFrom": "2026-11-01", "add": []object{row}})).CompetenceSet.ID
	if sees() {
		t.Fatalf("%s sees the facility before", body)
	}
	w.done(t, who.other, "Approve", object{"id": set})
	if _, err := w.app.SettleAudiences(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !sees() {
		t.Errorf("%s does not see the facility that it supervises from today on", body)
	}
	end := w.done(t, who.admin, "Propose", waterSet(object{"validFrom": "2026-11-02", "end": []string{"c10001"}, "add": []object{}}))
	if len(end.Effects.Losses) != 1 {
		t.Errorf("a named body that gives way to a placeholder is no loss: %+v", end.Effects.Losses)
	}
}

const approveDocument = `mutation($id: ID!) { m: competenceSetApprove(input: {id: $id}) { userErrors { code } } }`
