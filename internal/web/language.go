package web

import (
	"strconv"
	"strings"
)

const (
	german  = "de"
	english = "en"
)

// chooseLanguage prefers the language asked for by the address, then the better one of the Accept-Language header, then German.
func chooseLanguage(asked, accepted string) string {
	if asked == german || asked == english {
		return asked
	}
	if quality(accepted, english) > quality(accepted, german) {
		return english
	}
	return german
}

// quality is the weight that an Accept-Language header gives to a language in any region, 0 if it has none.
func quality(accepted, language string) float64 {
	best := 0.0
	for part := range strings.SplitSeq(accepted, ",") {
		tag, parameters, _ := strings.Cut(part, ";")
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		if !strings.EqualFold(primary, language) {
			continue
		}
		weight := 1.0
		if text, given := strings.CutPrefix(strings.TrimSpace(parameters), "q="); given {
			parsed, err := strconv.ParseFloat(text, 64)
			if err != nil {
				continue
			}
			weight = parsed
		}
		best = max(best, weight)
	}
	return best
}
