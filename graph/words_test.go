package graph_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTextsComeInTheLanguageAsked(t *testing.T) {
	w := onSQLite(t)
	const plain = `{
		federalState(code: BY) { name }
		responsibility(input: {subject: {place: {federalState: BY, sector: "water"}}, purpose: SUPERVISION, legalActs: ["kritisdachg"]}) {
			regimes { chain { because { explanation } } gaps { message remedy } } }
		viewer { can(actions: [INCIDENT_REPORT]) { reason } }
	}`
	answers := map[string]string{
		"DE": string(w.reply(t, developer, strings.NewReplacer(" name ", " name(lang: DE) ", "explanation", "explanation(lang: DE)", "message", "message(lang: DE)", "remedy", "remedy(lang: DE)", "reason ", "reason(lang: DE) ").Replace(plain), nil).Data),
		"EN": string(w.reply(t, developer, strings.NewReplacer(" name ", " name(lang: EN) ", "explanation", "explanation(lang: EN)", "message", "message(lang: EN)", "remedy", "remedy(lang: EN)", "reason ", "reason(lang: EN) ").Replace(plain), nil).Data),
	}
	for lang, words := range map[string][]string{
		"DE": {`"Bayern"`, "weil Sektor Wasser", "Niemand ist benannt (seit 17.03.2026)", "benennt die Behörde", "Erlaubt durch die Rolle"},
		"EN": {`"Bavaria"`, "because sector Water", "nobody is designated (since 17 March 2026)", "designates the authority", "Allowed by the role"},
	} {
		for _, word := range words {
			if !strings.Contains(answers[lang], word) {
				t.Errorf("%s: %q is not in %s", lang, word, answers[lang])
			}
		}
	}
	for header, want := range map[string]string{
		"": "DE", "de": "DE", "en": "EN", "EN-us": "EN", "de;q=0.4, en;q=0.5": "EN", "en;q=0.4, de;q=0.5": "DE", "fr, en;q=0.2": "EN", "fr": "DE",
		"en;q=0": "DE", "*": "DE", "en, de": "EN", ";;;": "DE",
	} {
		if got := string(w.reply(t, developer, plain, nil, "Accept-Language", header).Data); got != answers[want] {
			t.Errorf("Accept-Language %q gives %s, want %s", header, got, want)
		}
	}
	for lang, other := range map[string]string{"DE": "en", "EN": "de"} {
		got := query[map[string]object](t, w, `query($l: Language!) { federalState(code: BY) { name(lang: $l) } }`, object{"l": lang}, "Accept-Language", other)
		if want := map[string]any{"DE": "Bayern", "EN": "Bavaria"}[lang]; got["federalState"]["name"] != want {
			t.Errorf("lang: %s under Accept-Language: %s gives %v", lang, other, got["federalState"]["name"])
		}
	}
}

// Words that only sentences of one language have; names and citations, which are German everywhere, have none of them.
var (
	englishWords = regexp.MustCompile(`(?i)\b(the|is|are|was|were|because|if|nobody|enter|unverified|memory|assumed|depending|which|whether|not|since|reachable|does|applies|takes|missing|confirm|in place|allowed)\b`)
	germanWords  = regexp.MustCompile(`(?i)\b(weil|falls|ist|sind|wird|wurde|wurden|kein|keine|niemand|oder|je nach|angenommen|liegt|nicht|seit|anstelle|an stelle|gilt|bestätigt|gedächtnis|eintragen|inhaber|welche|erlaubt|fehlt)\b`)
)

const ask = `query($i: [ResponsibilityInput!]!, $l: Language!) { responsibilities(inputs: $i) {
	regimes {
		chain { because { text: explanation(lang: $l) } }
		alternatives { text: explanation(lang: $l) because { text: explanation(lang: $l) } unknowns { text: question(lang: $l) } gap { text: message(lang: $l) remedy(lang: $l) } }
		gaps { code text: message(lang: $l) remedy(lang: $l) }
	}
	notApplicable { reason text: message(lang: $l) }
} }`

func TestNoAnswerMixesTheLanguages(t *testing.T) {
	w := onSQLite(t)
	schema := loadSchema(t)
	var inputs []any
	for _, sector := range query[map[string][]object](t, w, `{ sectors { slug } }`, nil)["sectors"] {
		for _, purpose := range schema.Types["Purpose"].EnumValues {
			for _, asOf := range []string{"2025-11-01T00:00:00+01:00", "2026-03-20T00:00:00+01:00", "2026-11-01T00:00:00+01:00"} {
				inputs = append(inputs, object{"purpose": purpose.Name, "subject": placed("TH", inSector(textOf(sector, "slug")), nil), "asOf": asOf})
			}
		}
	}
	for _, special := range []object{
		placed("HB", inBranch("government-administration"), object{"administrationLevel": "STATE"}), placed("BE", inBranch("banks"), object{"doraEntity": true}),
		placed("HH", inBranch("telecommunications"), object{"publicTelecom": true, "personalDataBreach": true}), placed("SN", inBranch("exchanges"), object{"doraEntity": true}),
		placed("MV", inBranch("government-administration"), object{"administrationLevel": "STATE"}), placed("SN", inBranch("information-technology"), object{"stateLawItProvider": true}),
	} {
		for _, purpose := range []string{"CYBER_INCIDENT", "PHYSICAL_INCIDENT", "SUPERVISION"} {
			inputs = append(inputs, object{"purpose": purpose, "subject": special})
		}
	}
	kinds := map[string]bool{}
	for lang, foreign := range map[string]*regexp.Regexp{"DE": englishWords, "EN": germanWords} {
		var texts []string
		for part := range slices.Chunk(inputs, 100) {
			data := query[object](t, w, ask, object{"i": part, "l": lang})
			texts = collect(data, texts, kinds)
		}
		slices.Sort(texts)
		texts = slices.Compact(texts)
		if len(texts) < 100 {
			t.Fatalf("only %d texts", len(texts))
		}
		for _, text := range texts {
			if word := foreign.FindString(text); word != "" {
				t.Errorf("%s: %q stands in %q", lang, word, text)
			}
		}
	}
	for _, name := range []string{"GapCode", "NotApplicableReason"} {
		for _, v := range schema.Types[name].EnumValues {
			if !kinds[v.Name] && v.Name != "NOT_CONFIRMED" { // no act of the shipped data has rows and no proof
				t.Errorf("no text for %s", v.Name)
			}
		}
	}
}

// collect gathers the texts of an answer, and the codes and reasons that they explain.
func collect(v any, texts []string, kinds map[string]bool) []string {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			texts = collect(item, texts, kinds)
		}
	case object:
		for field, below := range v {
			s, ok := below.(string)
			switch {
			case !ok:
				texts = collect(below, texts, kinds)
			case field == "text" || field == "remedy":
				texts = append(texts, s)
			default:
				kinds[s] = true
			}
		}
	}
	return texts
}
