package graph_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const findAny = `query($t: String!, $types: [SearchType!]) { search(text: $t, types: $types, first: 100) { totalCount edges { score node {
	__typename id
	... on FederalState { land: code de: name(lang: DE) en: name(lang: EN) }
	... on Authority { key: slug de: name(lang: DE) en: name(lang: EN) kind }
	... on ContactPoint { de: name(lang: DE) en: name(lang: EN) }
	... on LegalAct { key: slug act: name }
	... on Sector { key: slug de: name(lang: DE) en: name(lang: EN) }
	... on Branch { key: slug de: name(lang: DE) en: name(lang: EN) }
	... on Service { key: slug de: name(lang: DE) en: name(lang: EN) }
	... on Operator { key: reference operator: name }
	... on Facility { key: reference facility: name }
	... on Incident { key: reference title }
} } } }`

// hits searches and returns "Type key score" of each hit, and the hits themselves.
func hits(t *testing.T, w *world, text string, types ...string) ([]string, []object) {
	t.Helper()
	variables := object{"t": text}
	if types != nil {
		variables["types"] = types
	}
	found := query[map[string]object](t, w, findAny, variables)["search"]
	edges := list(t, found, "edges")
	var lines []string
	for _, e := range edges {
		key := cmp.Or(textOf(e, "node.key"), textOf(e, "node.land"), textOf(e, "node.de"))
		lines = append(lines, fmt.Sprint(textOf(e, "node.__typename"), " ", key, " ", e["score"]))
	}
	if total, ok := found["totalCount"].(float64); !ok || int(total) != len(edges) {
		t.Errorf("%q: totalCount %v of %d hits", text, found["totalCount"], len(edges))
	}
	return lines, edges
}

func TestASearchFindsWhatOneTypes(t *testing.T) {
	w := onSQLite(t)
	for _, c := range []struct {
		name  string
		texts []string
		types []string
		want  []string
	}{
		{"a capital, however it is written", []string{"muenchen", "munchen", "münchen", "MÜNCHEN", "Mu\u0308nchen", " München! "}, nil, []string{"Authority ministry-by 0.25", "FederalState BY 0.25"}},
		{"an umlaut of an operator's facility", []string{"Übertragungsnetz Krelzmoor", "uebertragungsnetz krelz", "ubertragungsnetz krelz", "ÜBERTRAGUNGSNETZ KRELZ"}, []string{"FACILITY"}, []string{"Facility demo-fa-0012 0.5"}},
		{"a sharp s", []string{"Straßenverkehr", "strassenverkehr", "STRASSEN"}, nil, []string{"Branch road 0.5"}},
		{"operators and facilities of a place", []string{"krelzmoor", "Krelz"}, nil, []string{"Operator demo-op-0006 0.25", "Facility demo-fa-0012 0.25", "Facility demo-fa-0011 0.25"}},
		{"several words in any order", []string{"sicherheit bundesamt informationstechnik", "inform bundes sicherh"}, []string{"AUTHORITY"}, []string{"Authority bsi 0.25"}},
		{"several words that begin the name", []string{"Bundesamt für Sicherheit", "bundesamt fuer sicherheit"}, []string{"AUTHORITY"}, []string{"Authority bsi 0.5"}},
		{"a natural key", []string{"demo-op-0001", "DEMO-OP-0001"}, nil, []string{"Operator demo-op-0001 1"}},
		{"an abbreviation before what begins with it", []string{"bsi", "BSI"}, []string{"AUTHORITY"}, []string{
			"Authority bsi 1", "Authority bsi-kritis-office 0.5", "Authority bsi-joint-reporting-office 0.25", "Authority bsi-mirt 0.25", "Authority bsi-situation-centre 0.25",
		}},
		{"the code of a Land", []string{"by"}, []string{"FEDERAL_STATE"}, []string{"FederalState BY 1"}},
		{"a name in English", []string{"bavaria", "Bavar"}, []string{"FEDERAL_STATE"}, []string{"FederalState BY 0.5"}},
		{"a part within a word is no word", []string{"ayern", "ünchen"}, nil, nil},
		{"a word that nothing has", []string{"bundesamt xyzzy"}, nil, nil},
		{"placeholders by slug", []string{"state-competent-authority", "zkl-de-by", "kritisdachg-contact-de-by"}, []string{"AUTHORITY"}, nil},
		{"placeholders by name", []string{"nach landesrecht zuständige behörde", "competent state authority"}, nil, nil},
		{"a type once and twice", []string{"bayern"}, []string{"FEDERAL_STATE", "FEDERAL_STATE"}, []string{"FederalState BY 0.5"}},
	} {
		for _, text := range c.texts {
			if got, _ := hits(t, w, text, c.types...); !slices.Equal(got, c.want) {
				t.Errorf("%s: %q gives %q, want %q", c.name, text, got, c.want)
			}
		}
	}
}

func TestHitsAreRankedAndOfTheTypesAsked(t *testing.T) {
	w, schema := onSQLite(t), loadSchema(t)
	types := map[string]string{ // the object of each type to search
		"FEDERAL_STATE": "FederalState", "AUTHORITY": "Authority", "CONTACT_POINT": "ContactPoint", "LEGAL_ACT": "LegalAct", "SECTOR": "Sector",
		"BRANCH": "Branch", "SERVICE": "Service", "OPERATOR": "Operator", "FACILITY": "Facility", "INCIDENT": "Incident",
	}
	found := map[string]int{}
	for _, text := range []string{"bu", "bund", "st", "strom", "demo-1", "zentrale kontaktstelle", "energie", "wasser", "ransomware", "kritis", "netz", "n e"} {
		whole, edges := hits(t, w, text, "FEDERAL_STATE", "AUTHORITY", "CONTACT_POINT", "LEGAL_ACT", "SECTOR", "BRANCH", "SERVICE")
		checkOrder(t, text, edges)
		for _, e := range edges {
			if kind := textOf(e, "node.kind"); kind == "PLACEHOLDER" || kind == "CENTRAL_CONTACT_POINT" {
				t.Errorf("%q finds the placeholder %v", text, e["node"])
			}
		}
		count := 0
		for _, v := range schema.Types["SearchType"].EnumValues {
			_, of := hits(t, w, text, v.Name)
			checkOrder(t, text, of)
			for _, e := range of {
				if textOf(e, "node.__typename") != types[v.Name] {
					t.Errorf("%q among %s finds a %s", text, v.Name, textOf(e, "node.__typename"))
				}
			}
			found[v.Name] += len(of)
			if v.Name != "OPERATOR" && v.Name != "FACILITY" && v.Name != "INCIDENT" {
				count += len(of)
			}
		}
		if count != len(whole) {
			t.Errorf("%q: %d hits in all types together, %d in each of them", text, len(whole), count)
		}
	}
	for _, v := range schema.Types["SearchType"].EnumValues {
		if found[v.Name] == 0 {
			t.Errorf("no text finds %s", v.Name)
		}
	}
}

// checkOrder: the score falls, and is 0.5 just where a name begins with the text.
func checkOrder(t *testing.T, text string, edges []object) {
	t.Helper()
	last := 1.0
	for _, e := range edges {
		score := e["score"].(float64)
		if score > last {
			t.Errorf("%q: a hit of %v follows one of %v", text, score, last)
		}
		last = score
		begins := false
		for _, name := range []string{"de", "en", "act", "operator", "facility", "title"} {
			begins = begins || strings.HasPrefix(strings.ToLower(textOf(e, "node."+name)), text)
		}
		if score < 1 && begins != (score == 0.5) {
			t.Errorf("%q: %v has the score %v", text, e["node"], score)
		}
	}
}
