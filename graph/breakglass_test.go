package graph_test

import (
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

const emergency = "the situation centre asked for help with demo-1"

func TestAnAdministratorSeesRedContentByBreakGlassOnly(t *testing.T) {
	checkBreakGlass(t, onSQLite(t))
}

func checkBreakGlass(t *testing.T, w *world) {
	w.amend(t, "Incident/demo-1", store.TLPRed, nil)
	other := kritis.Identity{Subject: "other", Roles: []string{"ADMINISTRATOR"}}
	until := func(id kritis.Identity) *string {
		return queryAs[struct {
			Viewer struct{ BreakGlassUntil *string }
		}](t, w, w.caller(t, id), `{ viewer { breakGlassUntil } }`, nil).Viewer.BreakGlassUntil
	}
	unseen := func(when string, ids ...kritis.Identity) {
		t.Helper()
		for _, id := range ids {
			if w.sees(t, id) || until(id) != nil {
				t.Errorf("%s: %+v sees RED content", when, id)
			}
		}
	}
	unseen("before", admin, other)
	for _, c := range []struct {
		name  string
		id    kritis.Identity
		input object
		code  string
	}{
		{"a reason of a word", admin, object{"reason": "incident"}, "BAD_INPUT"},
		{"blanks are no reason", admin, object{"reason": strings.Repeat(" ", 30)}, "BAD_INPUT"},
		{"five hours", admin, object{"reason": emergency, "duration": "PT5H"}, "BAD_INPUT"},
		{"no time at all", admin, object{"reason": emergency, "duration": "PT0S"}, "BAD_INPUT"},
		{"a token that is narrowed", kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}, MaxTLP: "AMBER"}, object{"reason": emergency}, "BAD_INPUT"},
		{"who sees it already", kritis.Identity{Subject: "centre", Body: "bsi", Roles: []string{"ADMINISTRATOR"}}, object{"reason": emergency}, "BAD_INPUT"},
	} {
		if got := w.access(t, w.caller(t, c.id), "breakGlass", c.input); code(t, got.UserErrors) != c.code || got.AccessGrant != nil {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	for _, id := range []kritis.Identity{hospital, centre, {Subject: "a", Roles: []string{"AUDITOR"}}} {
		if r := w.reply(t, w.caller(t, id), accessDocument("breakGlass"), object{"input": object{"reason": emergency}}); r.code() != "FORBIDDEN" {
			t.Errorf("%s breaks the glass: %s", id.Subject, r.text)
		}
	}
	unseen("after refusals", admin, other)

	got := w.access(t, w.caller(t, admin), "breakGlass", object{"reason": emergency})
	if len(got.UserErrors) > 0 || got.AccessGrant.State != "GRANTED" || *got.AccessGrant.Until != "2026-11-01T12:00:00Z" {
		t.Fatalf("breaking the glass: %+v", got)
	}
	if !w.sees(t, admin) || *until(admin) != "2026-11-01T12:00:00Z" {
		t.Error("an administrator that broke the glass does not see RED content")
	}
	unseen("while it is broken for another", other, kritis.Identity{Subject: "admin", Roles: []string{"AUDITOR"}}, kritis.Identity{Subject: "admin"})
	if seen := w.listed(t, centre, "GRANTED"); len(seen) != 1 {
		t.Errorf("the situation centre finds %d", len(seen))
	}
	log, err := w.store.Log(t.Context(), kritis.Maintenance(), store.LogQuery{Events: []string{kritis.EventBreakGlass}})
	if err != nil || len(log.Records) != 1 || log.Records[0].Change.Meta.Reason != emergency || log.Records[0].Change.Meta.Actor != "admin" {
		t.Errorf("the log has %+v, %v", log.Records, err)
	}
	if back := w.access(t, w.caller(t, other), "accessRevoke", object{"id": got.AccessGrant.ID, "reason": "x"}); code(t, back.UserErrors) != "FORBIDDEN" {
		t.Errorf("another administrator ends it: %+v", back)
	}

	*w.clock = moment.Add(time.Hour - time.Second)
	if !w.sees(t, admin) {
		t.Error("it ends early")
	}
	*w.clock = moment.Add(time.Hour)
	unseen("after its end", admin)

	for _, by := range []kritis.Identity{admin, centre} {
		again := w.access(t, w.caller(t, admin), "breakGlass", object{"reason": emergency, "duration": "PT4H"})
		if !w.sees(t, admin) {
			t.Error("once more: it shows nothing")
		}
		if back := w.access(t, w.caller(t, by), "accessRevoke", object{"id": again.AccessGrant.ID, "reason": "done"}); len(back.UserErrors) > 0 {
			t.Errorf("%s ends it: %+v", by.Subject, back)
		}
		unseen("after it was ended", admin)
	}
}

func TestBreakGlassKeepsToTheLaenderOfTheToken(t *testing.T) {
	w := onSQLite(t)
	w.amend(t, "Incident/demo-1", store.TLPRed, nil) // of Bavaria
	for land, want := range map[string]bool{"BY": true, "SL": false} {
		id := kritis.Identity{Subject: "admin-" + land, Roles: []string{"ADMINISTRATOR"}, FederalStates: []string{land}}
		if got := w.access(t, w.caller(t, id), "breakGlass", object{"reason": emergency}); len(got.UserErrors) > 0 {
			t.Fatalf("%s: %+v", land, got)
		}
		if w.sees(t, id) != want {
			t.Errorf("%s: sees %t", land, !want)
		}
	}
}
