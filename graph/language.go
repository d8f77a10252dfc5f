package graph

import (
	"net/http"

	"golang.org/x/text/language"

	"kritisgraph/internal/kritis"
)

// spoken are the languages of the data; the first is the default.
var (
	spoken  = []kritis.Language{kritis.German, kritis.English}
	matcher = language.NewMatcher([]language.Tag{language.German, language.English})
)

// requestLanguage gives the language of texts that a document does not ask for in one: by Accept-Language, else German.
func requestLanguage(header http.Header) kritis.Language {
	const longest = 200 // of a header that is worth parsing
	accept := header.Get("Accept-Language")
	if accept == "" || len(accept) > longest {
		return spoken[0]
	}
	tags, weights, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return spoken[0]
	}
	wanted := tags[:0]
	for i, tag := range tags {
		if weights[i] > 0 {
			wanted = append(wanted, tag)
		}
	}
	_, index, confidence := matcher.Match(wanted...)
	if confidence == language.No {
		return spoken[0]
	}
	return spoken[index]
}
