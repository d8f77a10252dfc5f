package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// amend commits an image of a node with other properties, a zero value taking one away, and with this marking.
func (w *world) amend(t testing.TB, id store.ID, tlp store.TLP, props map[string]store.Value) {
	t.Helper()
	found, err := w.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{id})
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v", id, err)
	}
	n := found[0].Clone()
	maps.Copy(n.Props, props)
	n.Own.TLP = tlp
	w.commit(t, store.Change{Put: []store.Node{n}, If: []store.Cond{{ID: id, Version: n.Version}}})
}

func (w *world) commit(t testing.TB, c store.Change) {
	t.Helper()
	c.Meta = store.Meta{Action: "TEST_AMEND", Actor: "officer-by", Reason: "the Land wrote so", At: moment.UnixMicro() + 250_000}
	if _, err := w.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

const askHistory = `query($of: ID!, $first: Int, $after: String, $last: Int, $before: String) {
	changes(of: $of, first: $first, after: $after, last: $last, before: $before) {
		totalCount edges { cursor } nodes { id at actor { name } action reason fieldChanges { field before after } }
	}
}`

// told is the history in lines: "action field: before -> after", "-" for null.
func told(t *testing.T, w *world, p kritis.Principal, of store.ID, page object) (lines, cursors []string) {
	t.Helper()
	variables := object{"of": kritis.GlobalID(of)}
	maps.Copy(variables, page)
	r := w.reply(t, p, askHistory, variables)
	if len(r.Errors) > 0 {
		t.Fatal(r.text)
	}
	var data map[string]object
	if err := json.Unmarshal(r.Data, &data); err != nil {
		t.Fatal(err, r.text)
	}
	or := func(x any) string {
		if x == nil {
			return "-"
		}
		return x.(string)
	}
	for _, c := range list(t, data["changes"], "nodes") {
		lines = append(lines, c["action"].(string))
		for _, f := range list(t, c, "fieldChanges") {
			lines = append(lines, " "+f["field"].(string)+": "+or(f["before"])+" -> "+or(f["after"]))
		}
	}
	for _, e := range list(t, data["changes"], "edges") {
		cursors = append(cursors, e["cursor"].(string))
	}
	return lines, cursors
}

func wantLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAChangeShowsTheValueBeforeAndAfter(t *testing.T) { checkHistory(t, onSQLite(t)) }

func checkHistory(t *testing.T, w *world) {
	const id = "Incident/demo-1"
	w.amend(t, id, store.TLPAmber, map[string]store.Value{
		"incidentStatus": store.String("CLOSED"), "closedAt": store.Int(moment.UnixMicro() + 1_500_000), "landCodes": store.Strings("BY", "HE"),
	})
	w.amend(t, id, store.TLPGreen, map[string]store.Value{"demo": {}, "description": store.String("what no field shows")})
	status := []string{"TEST_AMEND", " closedAt: - -> 2026-11-01T11:00:01.5Z", " federalStates.code: BY -> BY, HE", " status: OPEN -> CLOSED"}
	marking := []string{"TEST_AMEND", " demo: true -> -", " tlp: AMBER -> GREEN"}
	got, cursors := told(t, w, developer, id, object{"first": 2})
	wantLines(t, "the newest two", got, append(marking, status...)...)
	one, _ := told(t, w, developer, id, object{"first": 1, "after": cursors[0]})
	wantLines(t, "the one in the middle, with the value before on the next page", one, status...)
	one, _ = told(t, w, developer, id, object{"last": 1, "before": cursors[1]})
	wantLines(t, "the newest from behind, with the value before on the page before", one, marking...)
	oldest, _ := told(t, w, developer, id, object{"last": 1})
	if oldest[0] != "DEMO_LOAD" || len(oldest) < 10 {
		t.Errorf("the oldest is %v", oldest)
	}
	for _, line := range oldest[1:] {
		if !strings.Contains(line, ": - -> ") {
			t.Errorf("something stood before it was created: %s", line)
		}
	}
	data := query[map[string]object](t, w, askHistory, object{"of": kritis.GlobalID(id), "first": 1})
	change := list(t, data["changes"], "nodes")[0]
	if change["at"] != "2026-11-01T11:00:00.25Z" || textOf(change, "actor.name") != "officer-by" || change["reason"] != "the Land wrote so" || data["changes"]["totalCount"] != 3.0 {
		t.Errorf("got %v", data)
	}
}

func TestAContactPointHasTheHistoryOfItsChannels(t *testing.T) {
	checkChannelHistory(t, hiddenWorld(t))
}

func checkChannelHistory(t *testing.T, w *world) {
	const office = "ContactPoint/office-bsi"
	added, cursors := told(t, w, developer, office, object{"first": 1})
	if len(added) < 5 || added[0] != "channelEdit" || !strings.Contains(strings.Join(added, "\n"), " channels[office-bsi.secret.1].value: - -> "+secret) {
		t.Errorf("the channel that came: %q", added)
	}
	w.amend(t, secretChannel, store.TLPAmber, map[string]store.Value{"value": store.String("+49 89 1")})
	for range 3 { // so that what the channel was lies further back than one page of one
		w.amend(t, office, store.TLPClear, map[string]store.Value{"verifiedAt": store.Int(moment.UnixMicro())})
	}
	w.amend(t, secretChannel, store.TLPAmber, map[string]store.Value{"value": store.String("+49 89 2"), "printed": store.String("089/2")})
	changed, _ := told(t, w, developer, office, object{"first": 1})
	wantLines(t, "the channel that changed", changed, "TEST_AMEND", " channels[office-bsi.secret.1].value: +49 89 1 -> 089/2")
	again, _ := told(t, w, developer, office, object{"last": 1, "before": cursors[0]})
	wantLines(t, "the change before it, from behind", again, "TEST_AMEND", " channels[office-bsi.secret.1].value: "+secret+" -> +49 89 1")
	public, _ := told(t, w, kritis.Anonymous(), office, object{"last": 5})
	if all := strings.Join(public, "\n"); strings.Contains(all, "secret") || !strings.Contains(all, "verifiedAt: 2023-12-31T23:00:00Z -> 2026-11-01T11:00:00Z") {
		t.Errorf("everybody sees %s", all)
	}
}

func TestTheHistoryShowsWhatTheCallerMaySeeNowAndMightThen(t *testing.T) {
	checkHiddenHistory(t, hiddenWorld(t))
}

func checkHiddenHistory(t *testing.T, w *world) {
	const office = "ContactPoint/office-bsi"
	before, _ := told(t, w, kritis.Anonymous(), office, nil)
	if len(before) == 0 {
		t.Fatal("everybody sees no history of a public contact point")
	}
	w.amend(t, office, store.TLPRed, map[string]store.Value{"nameEn": store.String("in confidence")})
	none, _ := told(t, w, kritis.Anonymous(), office, nil)
	wantLines(t, "while it is hidden", none)
	w.amend(t, office, store.TLPClear, map[string]store.Value{"nameEn": store.String("published")})
	after, _ := told(t, w, kritis.Anonymous(), office, object{"first": 1})
	all := strings.Join(after, "\n")
	if strings.Contains(all, "in confidence") || strings.Contains(all, "RED") || !strings.Contains(all, " name(lang: EN): - -> published") {
		t.Errorf("what it was while it was hidden shows, or what it is does not: %s", all)
	}
	r := w.reply(t, kritis.Anonymous(), askHistory, object{"of": kritis.GlobalID(office)})
	if strings.Contains(r.text, "officer-by") || strings.Contains(r.text, "the Land wrote so") {
		t.Errorf("without a name one sees who did what and why: %s", r.text)
	}
	full, _ := told(t, w, developer, office, object{"first": 1})
	wantLines(t, "who sees all", full, "TEST_AMEND", " name(lang: EN): in confidence -> published", " tlp: RED -> CLEAR")
}

// A page of a history reads what stood before from beyond the page, of a contact point and its channels, hidden or not.
func TestPagesOfAHistoryTellTheSameAsTheWhole(t *testing.T) {
	w, draw := hiddenWorld(t), rand.New(rand.NewPCG(1, 2))
	const office = "ContactPoint/office-bsi"
	for i := range 40 {
		tlp := []store.TLP{store.TLPClear, store.TLPClear, store.TLPGreen, store.TLPRed}[draw.IntN(4)]
		switch text := store.String(fmt.Sprint("number ", i)); draw.IntN(3) {
		case 0:
			w.amend(t, "Channel/office-bsi.po-box.1", tlp, map[string]store.Value{"value": text})
		case 1:
			w.amend(t, secretChannel, tlp, map[string]store.Value{"value": text})
		default:
			w.amend(t, office, tlp, map[string]store.Value{"nameEn": text})
		}
	}
	w.amend(t, "Channel/office-bsi.po-box.1", store.TLPClear, nil)
	w.amend(t, office, store.TLPClear, nil)
	for name, p := range map[string]kritis.Principal{"the situation centre": developer, "everybody": kritis.Anonymous()} {
		whole, cursors := told(t, w, p, office, object{"first": 100})
		if len(cursors) < 8 || name == "everybody" && len(cursors) > 40 {
			t.Errorf("%s sees %d changes", name, len(cursors))
		}
		for size := 1; size <= 4; size++ {
			var forwards, backwards []string
			for at := 0; at < len(cursors); at += size {
				page := object{"first": size}
				if at > 0 {
					page["after"] = cursors[at-1]
				}
				lines, _ := told(t, w, p, office, page)
				forwards = append(forwards, lines...)
			}
			wantLines(t, fmt.Sprintf("%s, forwards by %d", name, size), forwards, whole...)
			for at := len(cursors); at > 0; at -= size {
				page := object{"last": size}
				if at < len(cursors) {
					page["before"] = cursors[at]
				}
				lines, _ := told(t, w, p, office, page)
				backwards = append(lines, backwards...)
			}
			wantLines(t, fmt.Sprintf("%s, backwards by %d", name, size), backwards, whole...)
		}
	}
}

func TestSomethingDeletedKeepsItsHistory(t *testing.T) { checkDeletedHistory(t, onSQLite(t)) }

func checkDeletedHistory(t *testing.T, w *world) {
	const id = "Incident/lone"
	w.commit(t, store.Change{If: []store.Cond{{ID: id}}, Put: []store.Node{{
		ID: id, Own: store.Visibility{TLP: store.TLPClear, Audiences: []string{kritis.AudiencePublic}},
		Props: map[string]store.Value{
			"reference": store.String("lone"), "title": store.String("Lone"), "incidentStatus": store.String("OPEN"), "severity": store.String("LOW"),
			"kind": store.String("CYBER"), "awareAt": store.Int(0),
		},
	}}})
	w.commit(t, store.Change{If: []store.Cond{{ID: id, Version: 1}}, Delete: []store.ID{id}})
	got, _ := told(t, w, developer, id, object{"first": 1})
	wantLines(t, "the deletion", got, "TEST_AMEND", " awareAt: 1970-01-01T00:00:00Z -> -", " kind: CYBER -> -", " reference: lone -> -",
		" severity: LOW -> -", " status: OPEN -> -", " title: Lone -> -", " tlp: CLEAR -> -")
}

func TestAHistoryIsAskedByAGlobalIDAndItsOwnCursors(t *testing.T) {
	w := onSQLite(t)
	for name, id := range map[string]string{
		"no id":           "nonsense",
		"another version": "MjpJbmNpZGVudC9kZW1vLTE",
		"no object":       kritis.GlobalID("Channel/office-bsi.1"),
		"no text":         kritis.GlobalID("Incident/\xff"),
		"no key":          kritis.GlobalID("Incident/"),
		"an edge":         kritis.GlobalID("HELD_BY/ContactPoint/office-bsi>Authority/bsi"),
	} {
		got := w.reply(t, developer, askHistory, object{"of": id})
		if want := `{"data":{"changes":{"totalCount":0,"edges":[],"nodes":[]}}}`; strings.TrimSpace(got.text) != want {
			t.Errorf("%s: %s", name, got.text)
		}
	}
	_, cursors := told(t, w, developer, "Incident/demo-1", nil)
	if r := w.reply(t, developer, askHistory, object{"of": kritis.GlobalID("Incident/demo-2"), "after": cursors[0]}); r.code() != "CURSOR_INVALID" {
		t.Errorf("the cursor of another history is good: %s", r.text)
	}
	if r := w.reply(t, developer, askHistory, object{"of": kritis.GlobalID("Incident/demo-1"), "first": 0}); r.code() != "BAD_USER_INPUT" {
		t.Errorf("no size: %s", r.text)
	}
}

// What no field of the API shows has no place in a history, and a field of a history is one of the API.
func TestAHistoryNamesFieldsOfTheSchema(t *testing.T) {
	schema, arguments := loadSchema(t), regexp.MustCompile(`\(.*\)`)
	for label, typeName := range map[store.Label]string{
		kritis.LabelFederalState: "FederalState", kritis.LabelLegalAct: "LegalAct", kritis.LabelAuthority: "Authority", kritis.LabelContactPoint: "ContactPoint",
		kritis.LabelChannel: "ContactChannel", kritis.LabelCompetence: "Competence", kritis.LabelSector: "Sector", kritis.LabelBranch: "Branch",
		kritis.LabelService: "Service", kritis.LabelOperator: "Operator", kritis.LabelFacility: "Facility", kritis.LabelIncident: "Incident",
		store.Label(kritis.EdgeSupplies): "Dependency",
	} {
		fields := kritis.HistoryFields(label)
		if len(fields) == 0 {
			t.Errorf("%s has no history", label)
		}
		for prop, path := range fields {
			at := schema.Types[typeName]
			for name := range strings.SplitSeq(arguments.ReplaceAllString(path, ""), ".") {
				at = fieldType(schema, at, name)
			}
			if at == nil {
				t.Errorf("the property %s of %s stands in its history as %s, which %s does not have: name the field that shows it in historyNames, or none", prop, label, path, typeName)
			}
		}
	}
}

func fieldType(schema *ast.Schema, of *ast.Definition, name string) *ast.Definition {
	if of == nil {
		return nil
	}
	f := of.Fields.ForName(name)
	if f == nil {
		return nil
	}
	return schema.Types[f.Type.Name()]
}
