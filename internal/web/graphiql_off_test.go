//go:build no_ui

package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestWithoutGraphiQLItsAddressSaysSo(t *testing.T) {
	for _, target := range []string{"/graphiql", "/graphiql/", "/graphiql/assets/index.js"} {
		answer := get(t, http.MethodGet, target)
		if answer.Code != http.StatusNotFound || !strings.Contains(answer.Body.String(), "built without GraphiQL") {
			t.Errorf("%s answered %d: %s", target, answer.Code, answer.Body)
		}
	}
}
