package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kritisgraph/internal/kritis"
)

const confirmDocument = `mutation($input: ContactPointConfirmInput!) {
	contactPointConfirm(input: $input) {
		contactPoint { id version stale verifiedAt } userErrors { code path message } consistencyToken
	}
}`

type userError struct {
	Code    string
	Path    []string
	Message string
}

type confirmed struct {
	ContactPointConfirm struct {
		ContactPoint *struct {
			ID         string
			Version    int
			Stale      bool
			VerifiedAt string
		}
		UserErrors       []userError
		ConsistencyToken *string
	}
}

// code is the code of the only user error, "" where there is none.
func code(t *testing.T, errs []userError) string {
	t.Helper()
	if len(errs) > 1 {
		t.Fatalf("several errors: %v", errs)
	}
	if len(errs) == 0 {
		return ""
	}
	return errs[0].Code
}

func TestTheOfficerOfALandConfirmsItsContactPoint(t *testing.T) {
	w := onSQLite(t)
	officer := w.caller(t, kritis.Identity{Subject: "officer", Body: "zkl-de-by"})
	id := kritis.GlobalID("ContactPoint/zkl-de-by")
	before := queryAs[struct {
		Node struct {
			Version int
			Stale   bool
		}
	}](t, w, officer, `query($id: ID!) { node(id: $id) { ... on ContactPoint { version stale } } }`, object{"id": id})
	if before.Node.Version != 1 || !before.Node.Stale {
		t.Fatalf("before: %+v", before.Node)
	}
	input := object{"input": object{"id": id, "expectedVersion": 1, "clientMutationId": "a", "reason": "called"}}
	first := queryAs[confirmed](t, w, officer, confirmDocument, input).ContactPointConfirm
	if len(first.UserErrors) > 0 || first.ContactPoint.Version != 2 || first.ContactPoint.Stale || first.ConsistencyToken == nil {
		t.Fatalf("confirmed: %+v", first)
	}
	again := queryAs[confirmed](t, w, officer, confirmDocument, input).ContactPointConfirm
	if len(again.UserErrors) > 0 || again.ContactPoint.Version != 2 || again.ConsistencyToken == nil {
		t.Errorf("the same again: %+v", again)
	}
	if err := w.app.AtLeast(t.Context(), *first.ConsistencyToken); err != nil {
		t.Error(err)
	}
	history := string(w.ask(t, officer, `query($id: ID!) { changes(of: $id, first: 1) { nodes { action actor { name } reason fieldChanges { field } } } }`, object{"id": id}))
	if want := `{"action":"contactPointConfirm","actor":{"name":"officer"},"reason":"called","fieldChanges":[{"field":"verifiedAt"}]}`; !strings.Contains(history, want) {
		t.Errorf("the history has %s", history)
	}
}

func TestAConfirmationThatIsNotAllowedChangesNothing(t *testing.T) {
	w := onSQLite(t)
	point, other := kritis.GlobalID("ContactPoint/zkl-de-by"), kritis.GlobalID("ContactPoint/zkl-de-he")
	officer := kritis.Identity{Subject: "officer", Body: "zkl-de-by"}
	long := strings.Repeat("x", 1001)
	for _, c := range []struct {
		name  string
		id    kritis.Identity
		input object
		code  string
	}{
		{"of another Land", officer, object{"id": other}, "FORBIDDEN"},
		{"by an auditor", kritis.Identity{Subject: "auditor", Roles: []string{"AUDITOR"}}, object{"id": point}, "FORBIDDEN"},
		{"by an administrator for another Land", kritis.Identity{Subject: "a", Roles: []string{"ADMINISTRATOR"}, FederalStates: []string{"HE"}}, object{"id": point}, "FORBIDDEN"},
		{"of something that is none", officer, object{"id": kritis.GlobalID("Authority/bsi")}, "NOT_FOUND"},
		{"of something that does not exist", officer, object{"id": kritis.GlobalID("ContactPoint/nobody")}, "NOT_FOUND"},
		{"of another version", officer, object{"id": point, "expectedVersion": 7}, "CONFLICT"},
		{"with an empty key", officer, object{"id": point, "clientMutationId": ""}, "BAD_INPUT"},
		{"with a long reason", officer, object{"id": point, "reason": long}, "BAD_INPUT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := queryAs[confirmed](t, w, w.caller(t, c.id), confirmDocument, object{"input": c.input}).ContactPointConfirm
			if code(t, got.UserErrors) != c.code || got.ContactPoint != nil || got.ConsistencyToken != nil {
				t.Errorf("got %+v", got)
			}
		})
	}
	for _, version := range []string{point, other} {
		n := queryAs[struct{ Node struct{ Version int } }](t, w, developer, `query($id: ID!) { node(id: $id) { ... on ContactPoint { version } } }`, object{"id": version})
		if n.Node.Version != 1 {
			t.Errorf("version %d after refusals", n.Node.Version)
		}
	}
}

func TestAKeyWithAnotherInputIsRefused(t *testing.T) {
	w := onSQLite(t)
	for n, want := range []string{"", "IDEMPOTENCY_CONFLICT"} {
		input := object{"id": kritis.GlobalID("ContactPoint/zkl-de-by"), "clientMutationId": "k", "reason": fmt.Sprint(n)}
		got := queryAs[confirmed](t, w, developer, confirmDocument, object{"input": input}).ContactPointConfirm
		if code(t, got.UserErrors) != want {
			t.Errorf("call %d: %+v", n, got)
		}
	}
}

// editors is how many change one contact point at the same moment.
const editors = 20

func TestOfTwentyEditorsOneWinsPerVersion(t *testing.T) { checkEditors(t, onSQLite(t)) }

func checkEditors(t *testing.T, w *world) {
	id := kritis.GlobalID("ContactPoint/zkl-de-by")
	for version := 1; version <= 3; version++ {
		w.oneWins(t, func(i int) string {
			return w.code(t, developer, `mutation($input: ContactPointConfirmInput!) { m: contactPointConfirm(input: $input) { userErrors { code } } }`,
				object{"input": object{"id": id, "expectedVersion": version, "reason": fmt.Sprint(i)}})
		})
	}
}

// won is the code of a mutation that nothing was wrong with.
const won = "WON"

// code sends a mutation under the name m and returns the code of its first user error, else won. It may be called at once with others.
func (w *world) code(t *testing.T, p kritis.Principal, document string, variables object) string {
	var r struct {
		Data struct {
			M struct{ UserErrors []userError }
		}
	}
	body := w.ask(t, p, document, variables)
	switch err := json.Unmarshal(body, &r); {
	case err != nil || strings.Contains(string(body), `"errors"`):
		t.Errorf("%v %s", err, body)
		return ""
	case len(r.Data.M.UserErrors) > 0:
		return r.Data.M.UserErrors[0].Code
	}
	return won
}

// atOnce does something n times at the same moment and returns what came of it, sorted.
func atOnce(n int, do func(i int) string) []string {
	codes := make([]string, n)
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { codes[i] = do(i) })
	}
	wait.Wait()
	slices.Sort(codes)
	return codes
}

// oneWins lets the editors do something at the same moment: one wins, the others are told of the conflict.
func (w *world) oneWins(t *testing.T, do func(i int) string) {
	t.Helper()
	if codes := atOnce(editors, do); codes[0] != "CONFLICT" || codes[editors-2] != "CONFLICT" || codes[editors-1] != won {
		t.Fatalf("%v", codes)
	}
}
