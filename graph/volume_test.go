package graph_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"kritisgraph/graph"
	"kritisgraph/graph/guard"
)

// fieldsOf counts the fields of an answer, every item of a list on its own.
func fieldsOf(value any) int {
	n := 0
	switch value := value.(type) {
	case map[string]any:
		for _, below := range value {
			n += 1 + fieldsOf(below)
		}
	case []any:
		for _, item := range value {
			n += fieldsOf(item)
		}
	}
	return n
}

func TestAnAnswerHasAsManyFieldsAsItMay(t *testing.T) {
	w := onSQLite(t)
	const large = `{ simulateOutage(input: {roots: [{branch: "electricity"}], maxDepth: 4}) { entries { startsAfter federalStates { neighbours { neighbours { code } } } } } }`
	var data any
	if err := json.Unmarshal(w.reply(t, developer, large, nil).Data, &data); err != nil {
		t.Fatal(err)
	}
	n := fieldsOf(data)
	for _, allowed := range []int{n, n - 1, n / 100, 1} {
		w.handler = graph.NewHandler(graph.NewSchema(), graph.Options{Limits: guard.Limits{Answer: allowed, Cost: 1 << 30}})
		r := w.reply(t, developer, large, nil)
		if whole := len(r.Errors) == 0; whole != (allowed == n) {
			t.Errorf("%d of %d fields: %.300s", allowed, n, r.text)
		}
		if allowed < n && (r.code() != guard.CodeLimit || len(r.Errors) != 1 || len(r.text) > 1_000 || r.Errors[0].Extensions["limit"] != "answer") {
			t.Errorf("%d of %d fields: an answer of %d bytes: %.300s", allowed, n, len(r.text), r.text)
		}
	}
}

func TestNothingIsFormedOnceTheTimeIsOver(t *testing.T) {
	w := onSQLite(t)
	w.handler = graph.NewHandler(graph.NewSchema(), graph.Options{Limits: guard.Limits{Time: 50 * time.Millisecond, Answer: 1 << 30, Cost: 1 << 30}})
	endless := `{ federalStates ` + strings.Repeat("{ neighbours ", 12) + "{ code }" + strings.Repeat(" }", 12) + " }"
	if r := w.reply(t, developer, endless, nil); r.code() != "TIMEOUT" || len(r.Errors) != 1 {
		t.Errorf("got %.300s", r.text)
	}
}
