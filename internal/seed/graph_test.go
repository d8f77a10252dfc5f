package seed_test

import (
	"fmt"
	"iter"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/nyaruka/phonenumbers"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

var loadedAt = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// open returns an empty store on the naive model.
func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Create(t.Context(), storetest.NewModel(), kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func load(t *testing.T, s *store.Store, changes iter.Seq2[store.Change, error]) {
	t.Helper()
	if err := s.Load(t.Context(), s.Sealed(changes)); err != nil {
		t.Fatal(err)
	}
}

func join(all ...iter.Seq2[store.Change, error]) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for _, changes := range all {
			for c, err := range changes {
				if !yield(c, err) {
					return
				}
			}
		}
	}
}

func reference(t *testing.T) (map[store.ID]store.Node, map[store.ID]store.Edge) {
	t.Helper()
	w := collect(t, seed.ReferenceChanges(loadedAt))
	return w.nodes, w.edges
}

func TestReferenceLoadsIntoAStoreAndHasTheExpectedNumberOfThings(t *testing.T) {
	s := open(t)
	load(t, s, seed.ReferenceChanges(loadedAt))
	page, err := s.Log(t.Context(), store.Unrestricted(), store.LogQuery{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, r := range page.Records {
		want := store.Meta{Actor: "seed", Action: "REFERENCE_LOAD", At: loadedAt.UnixMicro()}
		if d := cmp.Diff(want, r.Change.Meta); d != "" {
			t.Error(d)
		}
		for _, n := range r.Change.Put {
			got[string(n.Label())]++
		}
		for _, e := range r.Change.Link {
			got[string(e.Type())]++
		}
	}
	want := map[string]int{
		"FederalState": 16, "LegalAct": 30, "Authority": 121, "ContactPoint": 54, "Channel": 49, "Competence": 182, "Sector": 16, "Branch": 47, "Service": 28,
		"FacilityCategory": 133, "Criterion": 192, "Deadline": 67, "CalendarRule": 3, "MirtCriterion": 24, "Term": 53, "ReportField": 20, "Statistic": 15, "Dataset": 1,
		"NEIGHBOUR_OF": 58, "HAS_MINISTRY": 16, "HAS_CERT": 16, "HAS_AGENCY": 3, "HAS_NIS2_BODY": 5, "LAW_OF": 12, "LOCATED_IN": 79, "SERVES": 85, "PART_OF": 28,
		"HELD_BY": 54, "CONTACT_FOR": 47, "UNDER": 32, "HAS_CHANNEL": 49, "ASSIGNED_TO": 182, "COMPETENT_IN": 72, "BASED_ON": 182, "COVERS": 115, "DISPLACES": 43,
		"IN_SECTOR": 75, "IN_BRANCH": 62, "CATEGORY_OF": 133, "HAS_CRITERION": 192, "SUPPLIES": 97, "DUE_UNDER": 67, "OWED_TO": 79, "DEFINED_IN": 24, "ISSUED_BY": 6, "OF_TEAM": 24,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestEveryThingOfTheReferenceSaysWhereItComesFrom(t *testing.T) {
	nodes, edges := reference(t)
	// The dimensions and the dataset have no day; of a statistic the period is told instead.
	dayless := func(id store.ID) bool {
		return id.Kind() == "Statistic" || id.Kind() == "Dataset" || strings.HasPrefix(id.Key(), "SITUATION_DIMENSION.")
	}
	check := func(id store.ID, props map[string]store.Value) {
		if props["source"].Text() == "" || props["status"].Text() != "STATED" {
			t.Errorf("%s: source %q, status %q", id, props["source"].Text(), props["status"].Text())
		}
		if _, err := time.Parse(time.DateOnly, props["asOf"].Text()); err != nil && !dayless(id) {
			t.Errorf("%s: asOf: %v", id, err)
		}
		switch c := props["confidence"].Text(); {
		case c == "VERIFIED", c == "MEMORY", c == "UNVERIFIED", c == "" && strings.HasPrefix(id.Key(), "SITUATION_DIMENSION."):
		default:
			t.Errorf("%s: confidence %q", id, c)
		}
	}
	for id, n := range nodes {
		check(id, n.Props)
		owned := n.Label() == kritis.LabelChannel || n.Label() == kritis.LabelCriterion
		want := kritis.Public()
		if owned {
			want.Audiences = nil
		}
		if d := cmp.Diff(want, n.Own); d != "" {
			t.Errorf("%s: %s", id, d)
		}
	}
	for id, e := range edges {
		check(id, e.Props)
		if id != store.EdgeID(e.Type(), e.From, e.To) {
			t.Errorf("%s does not name its ends", id)
		}
	}
}

// leaf is a scalar of a YAML row under its nearest key.
type leaf struct {
	key   string
	value any
}

func leaves(key string, v any) []leaf {
	var out []leaf
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if key == "applies_when" {
				out = append(out, leaf{"attribute", k})
			}
			out = append(out, leaves(k, x)...)
		}
	case []any:
		for _, x := range v {
			out = append(out, leaves(key, x)...)
		}
	case nil:
	default:
		out = append(out, leaf{key, v})
	}
	return out
}

// words are all that a thing says, in the forms in which a row may say it.
func words(into map[string]bool, id store.ID, props map[string]store.Value) {
	for part := range strings.FieldsFuncSeq(string(id), func(r rune) bool { return r == '/' || r == '>' }) {
		into[part] = true
		if _, rest, ok := strings.Cut(part, "."); ok {
			into[rest] = true
		}
	}
	for _, v := range props {
		into[fmt.Sprint(v.Any())] = true
		for _, text := range v.List() {
			into[text] = true
			for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '=' || r == '|' }) {
				into[part] = true
			}
		}
	}
}

func said(words map[string]bool, l leaf) bool {
	capitals := func(s string) string { return strings.ToUpper(strings.ReplaceAll(s, "-", "_")) }
	switch v := l.value.(type) {
	case bool:
		return !v || words["true"] || words[capitals(l.key)]
	case string:
		known := map[string]string{"due_2026_04_17_not_published": "DUE_NOT_PUBLISHED", "from_source": "SOURCED", "estimate": "ESTIMATED"}
		return words[v] || words[capitals(v)] || words[strings.ToUpper(strings.TrimPrefix(v, "de-"))] || known[v] != "" && words[known[v]] ||
			v == "all" && words["true"]
	default:
		var f float64
		if _, err := fmt.Sscan(fmt.Sprint(v), &f); err != nil {
			return false
		}
		for _, factor := range []float64{1, 100, 3600, 1e6} {
			if words[fmt.Sprint(int64(math.Round(f*factor)))] {
				return true
			}
		}
		return false
	}
}

// yamlRow is a row of a file; the heads of a file are one row of their own.
type yamlRow struct {
	list   string
	key    string // part of the ids of what it became
	values map[string]any
}

func yamlRows(t *testing.T, file string) []yamlRow {
	t.Helper()
	raw, err := os.ReadFile("reference/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var content map[string]any
	if err := yaml.Unmarshal(raw, &content); err != nil {
		t.Fatal(err)
	}
	var out []yamlRow
	for list, v := range content {
		rows, ok := v.([]any)
		if !ok || list == "situation_dimensions" {
			rows = []any{map[string]any{"slug": "Dataset", list: v}}
		}
		for _, row := range rows {
			values := row.(map[string]any)
			out = append(out, yamlRow{list, rowKey(list, values), values})
		}
	}
	return out
}

func rowKey(list string, row map[string]any) string {
	if strings.HasPrefix(list, "situation_dimensions") {
		return "SITUATION_DIMENSION"
	}
	for _, name := range []string{"slug", "id", "field", "colour"} {
		key, ok := row[name].(string)
		switch {
		case ok && list == "states":
			return "FederalState/" + strings.ToUpper(strings.TrimPrefix(key, "de-"))
		case ok:
			return key
		}
	}
	return ""
}

// sayings are the words of all things that the row became.
func sayings(w world, row yamlRow) map[string]bool {
	have := map[string]bool{"Dataset": true}
	for id, n := range w.nodes {
		if strings.Contains(string(id), row.key) {
			words(have, id, n.Props)
		}
	}
	for id, e := range w.edges {
		if strings.Contains(string(id), row.key) || e.Prop("number").Text() == row.key {
			words(have, id, e.Props)
		}
	}
	return have
}

func TestEveryFactOfTheFilesArrivesAtItsRow(t *testing.T) {
	w := collect(t, seed.ReferenceChanges(loadedAt))
	entries, err := os.ReadDir("reference")
	if err != nil {
		t.Fatal(err)
	}
	facts := 0
	for _, entry := range entries {
		for _, row := range yamlRows(t, entry.Name()) {
			have := sayings(w, row)
			for _, l := range leaves("", row.values) {
				facts++
				if !said(have, l) {
					t.Errorf("%s, %s %q: %s: %v did not arrive", entry.Name(), row.list, row.key, l.key, l.value)
				}
			}
		}
	}
	if facts < 9_000 {
		t.Errorf("only %d facts were compared", facts)
	}
}

func TestContactPointsOfALand(t *testing.T) {
	nodes, edges := reference(t)
	zkl := nodes["ContactPoint/zkl-de-by"]
	bbk := nodes["ContactPoint/kritisdachg-contact-de-by"]
	got := map[string]string{
		"zkl": zkl.Prop("contactStatus").Text(), "zkl since": zkl.Prop("validFrom").Text(), "zkl provision": zkl.Prop("provision").Text(),
		"bbk": bbk.Prop("contactStatus").Text(), "bbk since": bbk.Prop("validFrom").Text(),
	}
	want := map[string]string{
		"zkl": "DESIGNATED_NOT_PUBLISHED", "zkl since": "2025-12-06", "zkl provision": "§ 40 Abs. 3 Nr. 4 d", "bbk": "DUE_NOT_PUBLISHED", "bbk since": "2026-04-17",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, id := range []store.ID{
		"UNDER/ContactPoint/zkl-de-by>LegalAct/bsig", "HELD_BY/ContactPoint/zkl-de-by>Authority/zkl-de-by", "CONTACT_FOR/ContactPoint/zkl-de-by>FederalState/BY",
		"UNDER/ContactPoint/kritisdachg-contact-de-by>LegalAct/kritisdachg", "CONTACT_FOR/ContactPoint/office-cert-nord>FederalState/SH",
	} {
		if _, ok := edges[id]; !ok {
			t.Errorf("%s is missing", id)
		}
	}
	for id, e := range edges {
		if e.Type() == kritis.EdgeHasChannel && !strings.HasPrefix(e.From.Key(), "office-") {
			t.Errorf("%s: a contact point without published holder has a channel", id)
		}
	}
}

func TestPhoneNumbersKeepBothFormsAndAlwaysIsSaidOnlyWhereTheSourceDoes(t *testing.T) {
	nodes, _ := reference(t)
	var always []string
	for _, n := range nodes {
		if n.Prop("always").True() {
			always = append(always, n.ID.Key()+" "+n.Prop("value").Text()+" "+n.Prop("printed").Text()+" "+n.Prop("label").Text())
		}
		if n.Prop("kind").Text() == "PHONE" {
			number, err := phonenumbers.Parse(n.Prop("printed").Text(), "DE")
			if err != nil || phonenumbers.Format(number, phonenumbers.E164) != n.Prop("value").Text() {
				t.Errorf("%s: %q is not %q", n.ID, n.Prop("value").Text(), n.Prop("printed").Text())
			}
		}
	}
	slices.Sort(always)
	want := []string{
		"office-csbw.phone.1 +4971113799999 0711 137 99999 Cyber-Ersthilfe BW",
		"office-zac-bka.phone.1 +496115511166 0611 55-11166 Quick Reaction Force",
	}
	if d := cmp.Diff(want, always); d != "" {
		t.Error(d)
	}
}

func TestWindows(t *testing.T) {
	tests := []struct {
		name, hours string
		want        []string
		fails       bool
	}{
		{"two spans", "Mo-Do 08:00-15:30, Fr 08:00-13:00", []string{"MO-TH 08:00-15:30", "FR 08:00-13:00"}, false},
		{"one day", "So 00:00-23:59", []string{"SU 00:00-23:59"}, false},
		{"days against the order of the week", "So-Mo 08:00-09:00", nil, true},
		{"none", "", nil, false},
		{"no times", "Mo-Fr", nil, true},
		{"an unknown day", "Mo-Xx 08:00-09:00", nil, true},
		{"an end before the beginning", "Mo 10:00-09:00", nil, true},
		{"words", "nach Vereinbarung", nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := seed.Windows(tt.hours)
			if d := cmp.Diff(tt.want, got); d != "" || (err != nil) != tt.fails {
				t.Errorf("Windows(%q) = %v, %v", tt.hours, got, err)
			}
		})
	}
}

func TestGraphRefusesRowsThatReferToNothing(t *testing.T) {
	tests := []struct {
		name   string
		change func(*seed.Reference)
		want   string
	}{
		{"an unknown body of a competence", func(r *seed.Reference) { r.Competences.Competences[0].Authority = "nobody" }, "Authority/nobody"},
		{"an unknown act of a deadline", func(r *seed.Reference) { r.Deadlines.Deadlines[0].LegalAct = "no-act" }, "LegalAct/no-act"},
		{"an unknown branch of a dependency", func(r *seed.Reference) { r.Dependencies.Dependencies[0].Dependent = "no-branch" }, "Branch/no-branch"},
		{"an unknown neighbour", func(r *seed.Reference) { r.States.States[0].Neighbours[0] = "de-xx" }, "FederalState/XX"},
		{"a contact role of no holder", func(r *seed.Reference) { r.States.States[0].ZKL.Authority = "bsi" }, "no body with that role"},
		{"a phone number that is none", func(r *seed.Reference) { r.Authorities.Authorities[0].Contact.Phone = "call me" }, "no phone number"},
		{"office hours in words", func(r *seed.Reference) { r.Authorities.Authorities[0].Contact.Hours = "always" }, "office hours"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ref, err := seed.Load()
			if err != nil {
				t.Fatal(err)
			}
			tt.change(&ref)
			if _, _, err := seed.Graph(ref, ""); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one that says %q", err, tt.want)
			}
		})
	}
}

func TestDigestIsStable(t *testing.T) {
	first, err := seed.Digest()
	if err != nil {
		t.Fatal(err)
	}
	second, _ := seed.Digest()
	if first != second || len(first) != 64 {
		t.Errorf("digests %q and %q", first, second)
	}
	for c, err := range seed.ReferenceChanges(loadedAt) {
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(c.Put, func(n store.Node) bool { return n.ID == "Dataset/reference" && n.Prop("digest").Text() == first }) {
			return
		}
	}
	t.Errorf("no node Dataset/reference with digest %s", first)
}
