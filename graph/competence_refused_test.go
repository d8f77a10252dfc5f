package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
)

func TestAProposalThatDoesNotFitSaysWhere(t *testing.T) {
	w := onSQLite(t)
	who := w.people(t)
	row := func(with object) object { return waterSet(object{"add": []object{waterRow(with)}}) }
	many := make([]object, 201)
	for i := range many {
		many[i] = waterRow()
	}
	for _, c := range []struct {
		name string
		set  object
		path string
		says string
	}{
		{"without a title", waterSet(object{"title": " "}), "title", "empty"},
		{"with a title of several pages", waterSet(object{"title": strings.Repeat("x", 201)}), "title", "200"},
		{"without a reason", waterSet(object{"reason": ""}), "reason", "empty"},
		{"that changes nothing", waterSet(object{"add": []object{}}), "", "Nothing changes"},
		{"of too many rows", waterSet(object{"add": many}), "", "200"},
		{"for a day that has passed", waterSet(object{"validFrom": "2026-10-31"}), "validFrom", "2026-11-01"},
		{"for a day that nobody lives to see", waterSet(object{"validFrom": "9999-12-31"}), "validFrom", "2126-11-01"},
		{"that ends a row that there is not", waterSet(object{"end": []string{"c081", "c999"}}), "end.1", "c999 does not exist"},
		{"that ends a row twice", waterSet(object{"end": []string{"c081", "c081"}}), "end.1", "twice"},
		{"with an unknown act", row(object{"legalAct": "kritis"}), "add.0.legalAct", `"kritis"`},
		{"with the act of another Land", row(object{"legalAct": "saechsisichg"}), "add.0.legalAct", "Saxony"},
		{"with an unknown body", row(object{"authority": "nobody"}), "add.0.authority", `"nobody"`},
		{"with a body of another Land", row(object{"authority": "ministry-he"}), "add.0.authority", "Hesse"},
		{"with the body of one Land for all", row(object{"federalState": nil, "everyFederalState": true}), "add.0.authority", "Bavaria"},
		{"of one Land and of every one", row(object{"everyFederalState": true}), "add.0.federalState", "everyFederalState"},
		{"with an unknown sector", row(object{"subject": object{"kind": "SECTOR", "slug": "wine"}}), "add.0.subject.slug", `"wine"`},
		{"with a branch as a sector", row(object{"subject": object{"kind": "SECTOR", "slug": "rail"}}), "add.0.subject.slug", `"rail"`},
		{"across sectors by another word", row(object{"subject": object{"kind": "CROSS_SECTOR", "slug": "water"}}), "add.0.subject.slug", `"water"`},
		{"with an unknown attribute", row(object{"appliesWhen": []object{{"attribute": "owner", "values": []string{"STATE"}}}}), "add.0.appliesWhen.0.attribute", `"owner"`},
		{
			"with an unknown value", row(object{"appliesWhen": []object{{"attribute": "ownership", "values": []string{"STATE", "CHURCH"}}}}),
			"add.0.appliesWhen.0.values.1", `"CHURCH"`,
		},
		{"with a condition without a value", row(object{"appliesWhen": []object{{"attribute": "ownership", "values": []string{}}}}), "add.0.appliesWhen.0.values", "without a value"},
		{"that leaves out what there is not", row(object{"notFor": []string{"wine"}}), "add.0.notFor.0", `"wine"`},
		{"that displaces what there is not", row(object{"displaces": []string{"bsig", "bgb"}}), "add.0.displaces.1", `"bgb"`},
		{"that displaces itself", row(object{"displaces": []string{"kritisdachg"}}), "add.0.displaces.0", "own act"},
		{"without a provision", row(object{"provision": ""}), "add.0.provision", "empty"},
		{"without a source", row(object{"source": ""}), "add.0.source", "empty"},
		{"with a source of digits", row(object{"source": "4711"}), "add.0.source", "names no source"},
		{"with a source that no browser opens", row(object{"source": "javascript://alert"}), "add.0.source", "https://"},
		{"with a URL of two words", row(object{"source": "https://example.org/a b"}), "add.0.source", "https://"},
		{"seen tomorrow", row(object{"asOf": "2026-11-02"}), "add.0.asOf", "has not come"},
		{"with control characters", row(object{"note": "a\u0007b"}), "add.0.note", "control"},
		{"that says what another row says", waterSet(object{"add": []object{waterRow(), waterRow()}}), "add.1", "add.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.onSet(t, who.admin, "Propose", c.set)
			want := strings.TrimSuffix("input."+c.path, ".")
			hit := slices.ContainsFunc(got.UserErrors, func(e userError) bool {
				return e.Code == "BAD_INPUT" && strings.Join(e.Path, ".") == want && strings.Contains(e.Message, c.says)
			})
			if !hit || got.CompetenceSet != nil || got.ConsistencyToken != nil {
				t.Errorf("got %+v, want %q at %s", got, c.says, want)
			}
		})
	}
}

func TestWhoMayDoWhatWithASet(t *testing.T) {
	w := onSQLite(t)
	who := w.people(t)
	federal := waterRow(object{"federalState": nil, "authority": "bbk"})
	for _, c := range []struct {
		name string
		p    kritis.Principal
		set  object
		want string // code and path
	}{
		{"a Land for itself", who.bavaria, waterSet(), ""},
		{"a Land for another one", who.hesse, waterSet(), "FORBIDDEN input.add.0"},
		{"a Land for the Bund", who.bavaria, waterSet(object{"add": []object{waterRow(), federal}}), "FORBIDDEN input.add.1"},
		{"a Land that ends a row of every Land", who.bavaria, waterSet(object{"end": []string{"c081"}}), "FORBIDDEN input.end.0"},
		{"a Land that ends a row of its own", who.bavaria, waterSet(object{"end": []string{"c121"}}), ""},
		{"an auditor", who.auditor, waterSet(), "FORBIDDEN input"},
		{"the situation centre", who.centre, waterSet(object{"add": []object{federal}}), ""},
		{"an administrator", who.admin, waterSet(object{"add": []object{federal}}), ""},
		{
			"an administrator for one Land", w.caller(t, kritis.Identity{Subject: "a", Roles: []string{"ADMINISTRATOR"}, FederalStates: []string{"HE"}}),
			waterSet(), "FORBIDDEN input.add.0",
		},
	} {
		got := w.onSet(t, c.p, "Propose", c.set)
		said := ""
		if len(got.UserErrors) > 0 {
			said = got.UserErrors[0].Code + " " + strings.Join(got.UserErrors[0].Path, ".")
		}
		if said != c.want || (got.CompetenceSet == nil) != (c.want != "") {
			t.Errorf("%s: %q, %+v", c.name, said, got.UserErrors)
		}
	}
	body := string(w.ask(t, kritis.Anonymous(), `mutation { competenceSetWithdraw(input: {id: "x"}) { userErrors { code } } }`, nil))
	if !strings.Contains(body, "UNAUTHENTICATED") {
		t.Errorf("without a name: %s", body)
	}

	set := w.done(t, who.bavaria, "Propose", waterSet(object{"title": "for Bavaria alone"})).CompetenceSet.ID
	for _, c := range []struct {
		name, verb string
		p          kritis.Principal
		want       string
	}{
		{"the proposer does not approve", "Approve", who.bavaria, "FORBIDDEN"},
		{"another Land does not see it", "Approve", who.hesse, "NOT_FOUND"},
		{"an auditor does not see it", "Reject", who.auditor, "NOT_FOUND"},
		{"the proposer does not reject", "Reject", who.bavaria, "FORBIDDEN"},
		{"an administrator does not withdraw", "Withdraw", who.admin, "FORBIDDEN"},
		{"an administrator rejects", "Reject", who.admin, ""},
		{"what was rejected is not approved", "Approve", who.centre, "CONFLICT"},
		{"what was rejected is not withdrawn", "Withdraw", who.bavaria, "CONFLICT"},
	} {
		if got := w.onSet(t, c.p, c.verb, object{"id": set}); code(t, got.UserErrors) != c.want {
			t.Errorf("%s: %+v", c.name, got.UserErrors)
		}
	}
	own := w.done(t, who.admin, "Propose", waterSet()).CompetenceSet.ID
	if got := w.onSet(t, who.admin, "Approve", object{"id": own}); code(t, got.UserErrors) != "FORBIDDEN" || !strings.Contains(got.UserErrors[0].Message, "--auth jwt") {
		t.Errorf("an administrator approved what it proposed: %+v", got)
	}
	if got := w.done(t, who.admin, "Withdraw", object{"id": own, "reason": "an error"}); got.CompetenceSet.State != "WITHDRAWN" || got.Effects != nil {
		t.Errorf("withdrawn: %+v", got)
	}
}

func TestAnotherLandKnowsNothingOfASet(t *testing.T) {
	w := onSQLite(t)
	who := w.people(t)
	id := w.done(t, who.bavaria, "Propose", waterSet()).CompetenceSet.ID
	if n := w.countSets(t, who.bavaria); n != 1 {
		t.Errorf("Bavaria counts %d sets", n)
	}
	for name, p := range map[string]kritis.Principal{"Hesse": who.hesse, "an auditor": who.auditor, "nobody": kritis.Anonymous()} {
		if n := w.countSets(t, p); n != 0 {
			t.Errorf("%s counts %d sets", name, n)
		}
		for _, document := range []string{
			`query($id: ID!) { node(id: $id) { id } }`, `query($id: ID!) { changes(of: $id) { totalCount nodes { id } } }`,
		} {
			missing := kritis.GlobalID("CompetenceSet/none")
			got, want := w.ask(t, p, document, object{"id": id}), w.ask(t, p, document, object{"id": missing})
			if string(got) != string(want) {
				t.Errorf("%s: %s, of what there is not %s", name, got, want)
			}
		}
	}
}

func TestASetThatDoesNotFitAnyMoreIsAConflict(t *testing.T) {
	w := onSQLite(t)
	who := w.people(t)
	first := w.done(t, who.bavaria, "Propose", waterSet(object{"end": []string{"c121"}})).CompetenceSet.ID
	second := w.done(t, who.bavaria, "Propose", waterSet(object{"end": []string{"c121"}, "validFrom": "2027-01-01", "add": []object{}})).CompetenceSet.ID
	w.done(t, who.admin, "Approve", object{"id": first, "acknowledgeUnsupervised": []string{"BY"}})
	got := w.onSet(t, who.admin, "Approve", object{"id": second})
	if code(t, got.UserErrors) != "CONFLICT" || !strings.Contains(got.UserErrors[0].Message, "end.0: The row c121 has ended on 2026-12-01 already") {
		t.Errorf("%+v", got.UserErrors)
	}
	early := w.onSet(t, who.bavaria, "Propose", waterSet(object{"end": []string{"c10001"}, "validFrom": "2026-11-15", "add": []object{}}))
	if code(t, early.UserErrors) != "BAD_INPUT" || !strings.Contains(early.UserErrors[0].Message, "begins on 2026-12-01 only") {
		t.Errorf("a row was ended before it begins: %+v", early)
	}
	data := queryAs[struct {
		Node struct {
			Effects   *object
			Obstacles []userError
		}
	}](t, w, who.bavaria, `query($id: ID!) { node(id: $id) { ... on CompetenceSet { effects { differenceCount } obstacles { code path message } } } }`, object{"id": second})
	if data.Node.Effects != nil || len(data.Node.Obstacles) != 1 || fmt.Sprint(data.Node.Obstacles[0].Path) != "[input end 0]" {
		t.Errorf("%+v", data.Node)
	}
}

func TestTheSameProposalWithTheSameKeyIsOneSet(t *testing.T) {
	w := onSQLite(t)
	who := w.people(t)
	input := waterSet(object{"clientMutationId": "k"})
	a, b := w.done(t, who.bavaria, "Propose", input), w.done(t, who.bavaria, "Propose", input)
	if a.CompetenceSet.ID != b.CompetenceSet.ID || w.countSets(t, who.bavaria) != 1 {
		t.Errorf("%s and %s", a.CompetenceSet.ID, b.CompetenceSet.ID)
	}
	if got := w.onSet(t, who.bavaria, "Propose", waterSet(object{"clientMutationId": "k", "title": "x"})); code(t, got.UserErrors) != "IDEMPOTENCY_CONFLICT" {
		t.Errorf("another input: %+v", got)
	}
}
