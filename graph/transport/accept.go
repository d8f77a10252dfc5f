package transport

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// The media types of responses.
const (
	graphQLJSON = "application/graphql-response+json"
	legacyJSON  = "application/json"
)

// negotiate gives the media type of the response: the one that Accept prefers; legacy JSON where both are as welcome or
// nothing is said. ok is false where neither is acceptable.
func negotiate(header http.Header) (mediaType string, ok bool) {
	accept := strings.Join(header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return legacyJSON, true
	}
	modern, legacy := quality(accept, graphQLJSON), quality(accept, legacyJSON)
	switch {
	case modern > legacy, modern == legacy && modern > 0 && firstNamed(accept):
		return graphQLJSON, true
	case legacy > 0:
		return legacyJSON, true
	}
	return legacyJSON, false
}

// quality is how welcome a media type is, from 0 to 1: the most specific range that matches decides.
func quality(accept, mediaType string) float64 {
	ranges := map[string]float64{}
	for part := range strings.SplitSeq(accept, ",") {
		name, params, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
			continue
		}
		q := 1.0
		if text, given := params["q"]; given {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		ranges[name] = max(ranges[name], q)
	}
	for _, name := range [...]string{mediaType, "application/*", "*/*"} {
		if q, ok := ranges[name]; ok {
			return q
		}
	}
	return 0
}

// firstNamed says whether the modern type is named before the legacy one.
func firstNamed(accept string) bool {
	modern := strings.Index(accept, graphQLJSON)
	legacy := strings.Index(accept, legacyJSON)
	return modern >= 0 && (legacy < 0 || modern < legacy)
}
