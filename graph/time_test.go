package graph_test

import (
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
)

func TestADayBeginsAtMidnightInBerlin(t *testing.T) {
	w := onSQLite(t)
	for asOf, want := range map[string]string{ // the KRITISDachG is in force from 17 March 2026
		"2026-03-16T22:59:59Z": "2026-03-16 UNRESOLVED NOT_YET_IN_FORCE", "2026-03-16T23:00:00Z": "2026-03-17 PARTIAL NOT_DESIGNATED",
		"2026-03-16T23:59:59+01:00": "2026-03-16 UNRESOLVED NOT_YET_IN_FORCE", "2026-03-17T00:00:00+01:00": "2026-03-17 PARTIAL NOT_DESIGNATED",
		"2026-03-17T12:00:00+14:00": "2026-03-16 UNRESOLVED NOT_YET_IN_FORCE", "2026-07-14T22:00:00Z": "2026-07-15 PARTIAL NOT_DESIGNATED",
	} {
		r := query[map[string]object](t, w, `query($a: DateTime!) { responsibility(input: {subject: {place: {federalState: BY, sector: "water"}}, purpose: SUPERVISION, legalActs: ["kritisdachg"], asOf: $a}) {
			day regimes { status gaps { code } } } }`, object{"a": asOf})["responsibility"]
		regime := list(t, r, "regimes")[0]
		if got := textOf(r, "day") + " " + textOf(regime, "status") + " " + textOf(list(t, regime, "gaps")[0], "code"); got != want {
			t.Errorf("%s: got %s, want %s", asOf, got, want)
		}
		c := query[map[string]object](t, w, `query($a: DateTime!) { coverage(legalAct: "kritisdachg", asOf: $a) { day rows { cells { status } } } }`, object{"a": asOf})["coverage"]
		if !strings.HasPrefix(want, textOf(c, "day")+" ") {
			t.Errorf("%s: coverage is of %s", asOf, textOf(c, "day"))
		}
	}
}

func TestActsBeginOnTheirFirstDay(t *testing.T) {
	w := onSQLite(t)
	for _, c := range []struct{ asOf, want string }{
		{"2025-12-05T23:59:59+01:00", "UNRESOLVED UNRESOLVED"}, // the BSIG begins on 6 December 2025
		{"2025-12-06T00:00:00+01:00", "RESOLVED UNRESOLVED"},
		{"2026-03-17T00:00:00+01:00", "RESOLVED PARTIAL"},
	} {
		r := query[map[string]object](t, w, `query($a: DateTime!) { responsibility(input: {subject: {place: {federalState: BY, sector: "water"}}, purpose: SUPERVISION, asOf: $a}) {
			regimes { legalAct { slug } status } } }`, object{"a": c.asOf})["responsibility"]
		var got []string
		for _, regime := range list(t, r, "regimes") {
			got = append(got, textOf(regime, "status"))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: bsig and kritisdachg are %v, want %s", c.asOf, got, c.want)
		}
	}
	diff := func(from, to string) string {
		d := query[map[string]object](t, w, `query($f: DateTime!, $t: DateTime!) { responsibilityDiff(input: {subject: {place: {federalState: BY, sector: "water"}}, purpose: SUPERVISION, from: $f, to: $t}) {
			statusBefore statusAfter changes { kind legalAct { slug } role federalState { code } before { authority { slug } } after { authority { slug } } provision } } }`, object{"f": from, "t": to})["responsibilityDiff"]
		lines := []string{textOf(d, "statusBefore") + " " + textOf(d, "statusAfter")}
		for _, c := range list(t, d, "changes") {
			lines = append(lines, strings.Join([]string{
				textOf(c, "kind"), textOf(c, "legalAct.slug"), textOf(c, "role"), textOf(c, "federalState.code"),
				textOf(c, "before.authority.slug") + ">" + textOf(c, "after.authority.slug"), textOf(c, "provision"),
			}, " "))
		}
		return strings.Join(lines, "\n")
	}
	want := "UNRESOLVED PARTIAL\nADDED bsig SUPERVISION  >bsi § 59\nADDED kritisdachg SUPERVISION BY >state-competent-authority § 3 Abs. 6"
	if got := diff("2025-11-01T12:00:00+01:00", "2026-11-01T12:00:00+01:00"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := diff("2026-03-17T00:00:00+01:00", "2026-11-01T12:00:00+01:00"); got != "PARTIAL PARTIAL" {
		t.Errorf("between two days under both acts: %s", got)
	}
}

func TestContactPointsAreReachedInTheirOfficeHours(t *testing.T) {
	w := onSQLite(t)
	for _, c := range []struct{ name, body, asOf, want string }{ // now, then the next window
		{"within", "cert-nord", "2026-11-02T10:00:00+01:00", "true 2026-11-02T08:00:00+01:00 2026-11-02T16:00:00+01:00"},
		{"at the first instant", "cert-nord", "2026-11-02T08:00:00+01:00", "true 2026-11-02T08:00:00+01:00 2026-11-02T16:00:00+01:00"},
		{"just before", "cert-nord", "2026-11-02T06:59:59.999Z", "false 2026-11-02T08:00:00+01:00 2026-11-02T16:00:00+01:00"},
		{"at the end", "cert-nord", "2026-11-02T16:00:00+01:00", "false 2026-11-03T08:00:00+01:00 2026-11-03T16:00:00+01:00"},
		{"an instant before the end", "cert-nord", "2026-11-02T15:59:59+01:00", "true 2026-11-02T08:00:00+01:00 2026-11-02T16:00:00+01:00"},
		{"on Friday it closes earlier", "cert-nord", "2026-11-06T15:30:00+01:00", "false 2026-11-09T08:00:00+01:00 2026-11-09T16:00:00+01:00"},
		{"on Thursday it does not", "cert-nord", "2026-11-05T15:30:00+01:00", "true 2026-11-05T08:00:00+01:00 2026-11-05T16:00:00+01:00"},
		{"at the weekend", "cert-nord", "2026-11-07T10:00:00+01:00", "false 2026-11-09T08:00:00+01:00 2026-11-09T16:00:00+01:00"},
		{"in the night to Monday", "cert-nord", "2026-11-01T23:30:00Z", "false 2026-11-02T08:00:00+01:00 2026-11-02T16:00:00+01:00"},
		{"the office of the BSI on Friday", "bsi-kritis-office", "2026-11-06T12:59:59+01:00", "true 2026-11-06T08:00:00+01:00 2026-11-06T13:00:00+01:00"},
		{"the office of the BSI after Friday noon", "bsi-kritis-office", "2026-11-06T13:00:00+01:00", "false 2026-11-09T08:00:00+01:00 2026-11-09T15:30:00+01:00"},
		{"before summer time begins", "bsi-kritis-office", "2026-03-27T14:00:00+01:00", "false 2026-03-30T08:00:00+02:00 2026-03-30T15:30:00+02:00"},
		{"in summer time", "bsi-kritis-office", "2026-03-30T06:00:00Z", "true 2026-03-30T08:00:00+02:00 2026-03-30T15:30:00+02:00"},
		{"before summer time ends", "bsi-kritis-office", "2026-10-23T13:00:00+02:00", "false 2026-10-26T08:00:00+01:00 2026-10-26T15:30:00+01:00"},
		{"in the hour that comes twice", "bsi-kritis-office", "2026-10-25T01:30:00Z", "false 2026-10-26T08:00:00+01:00 2026-10-26T15:30:00+01:00"},
		{"across the year", "cert-nord", "2027-01-01T17:00:00+01:00", "false 2027-01-04T08:00:00+01:00 2027-01-04T16:00:00+01:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := query[map[string]object](t, w, `query($a: DateTime!, $b: String!) { contactPoints(asOf: $a, where: {holder: {some: {slug: {eq: $b}}}}) {
				nodes { reachability { always now nextWindow { start end } } } } }`, object{"a": c.asOf, "b": c.body})["contactPoints"]
			r := list(t, page, "nodes")[0]["reachability"].(object)
			now := map[any]string{true: "true", false: "false", nil: "null"}[r["now"]]
			if got := now + " " + textOf(r, "nextWindow.start") + " " + textOf(r, "nextWindow.end"); got != c.want || r["always"] != false {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAContactIsStaleAfterNinetyDays(t *testing.T) {
	w := onSQLite(t)
	page := query[map[string]object](t, w, `{ contactPoints(where: {holder: {some: {slug: {eq: "bsi-joint-reporting-office"}}}}) { nodes { id verifiedAt } } }`, nil)["contactPoints"]
	point := list(t, page, "nodes")[0]
	verified, err := time.Parse(time.RFC3339, textOf(point, "verifiedAt"))
	if err != nil {
		t.Fatal(err)
	}
	for age, stale := range map[time.Duration]bool{
		0: false, 90 * 24 * time.Hour: false, 90*24*time.Hour + time.Microsecond: true, 365 * 24 * time.Hour: true,
	} {
		at := verified.Add(age)
		asOf := object{"a": at.Format(time.RFC3339Nano)}
		listed := query[map[string]object](t, w, `query($a: DateTime!) { contactPoints(asOf: $a, where: {holder: {some: {slug: {eq: "bsi-joint-reporting-office"}}}}) { nodes { stale } } }`, asOf)["contactPoints"]
		if got := list(t, listed, "nodes")[0]["stale"]; got != stale {
			t.Errorf("stale %v after its verification is %v, want %v", age, got, stale)
		}
		matrix := query[map[string]object](t, w, `query($a: DateTime!) { coverage(legalAct: "kritisdachg", asOf: $a) { staleContactPoints(first: 100) { nodes { id } } } }`, asOf)["coverage"]
		if got := has("staleContactPoints.nodes", is("id", point["id"]))(matrix); got != stale {
			t.Errorf("listed as stale %v after its verification is %v, want %v", age, got, stale)
		}
		answer := query[map[string]object](t, w, `query($a: DateTime!) { responsibility(input: {subject: {place: {federalState: BY, sector: "water"}}, purpose: PHYSICAL_INCIDENT, asOf: $a}) {
			regimes { chain { authority { slug } contactPoint { stale } } gaps { code } } } }`, asOf)["responsibility"]
		regime := list(t, answer, "regimes")[0]
		if !has("chain", all(is("authority.slug", "bsi-joint-reporting-office"), is("contactPoint.stale", stale)))(regime) {
			t.Errorf("the step %v after the verification of its contact: %v", age, regime["chain"])
		}
		gaps := 1 // the contact of the BBK, which was verified long before
		if stale {
			gaps++
		}
		for _, g := range list(t, regime, "gaps") {
			if g["code"] == "STALE_CONTACT" {
				gaps--
			}
		}
		if gaps != 0 {
			t.Errorf("gaps %v after the verification: %v", age, regime["gaps"])
		}

		now := *w
		now.app = kritis.NewApp(w.store, func() time.Time { return at })
		node := query[map[string]object](t, &now, `query($id: ID!) { node(id: $id) { ... on ContactPoint { stale } } }`, object{"id": point["id"]})["node"]
		if node["stale"] != stale {
			t.Errorf("stale at an own clock %v after its verification is %v, want %v", age, node["stale"], stale)
		}
	}
}
