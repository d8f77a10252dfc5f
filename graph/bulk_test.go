package graph_test

import (
	"encoding/json"
	"testing"

	"kritisgraph/internal/kritis"
)

func TestFiveHundredSubjectsCostAsManyCallsAsOne(t *testing.T) {
	w := onSQLite(t)
	listed := w.ask(t, kritis.Development("test"), `{ operators(first: 50) { nodes { id } } }`, nil)
	var operators struct {
		Data struct {
			Operators struct{ Nodes []struct{ ID string } }
		}
	}
	if err := json.Unmarshal(listed, &operators); err != nil {
		t.Fatal(err)
	}
	var inputs []any
	for len(inputs) < 500 {
		for _, o := range operators.Data.Operators.Nodes {
			purpose := []string{"CYBER_INCIDENT", "SUPERVISION", "REGISTRATION", "CRISIS"}[len(inputs)%4]
			inputs = append(inputs, map[string]any{"subject": map[string]any{"operator": o.ID}, "purpose": purpose})
		}
	}
	inputs = inputs[:500]
	const bulk = `query($inputs: [ResponsibilityInput!]!) { responsibilities(inputs: $inputs) { status regimes { legalAct { slug } status chain { role authority { slug } contactPoint { id } } gaps { code } } } }`
	w.ask(t, kritis.Development("test"), `{ viewer { subject } }`, nil) // reads the rulebook
	w.calls.Reset()
	body := w.ask(t, kritis.Development("test"), bulk, map[string]any{"inputs": inputs})
	if calls := w.calls.Total(); calls != 3 {
		t.Errorf("%d driver calls (%v), not 3", calls, w.calls.Counts())
	}
	var answers struct {
		Data   struct{ Responsibilities []json.RawMessage }
		Errors []any
	}
	if err := json.Unmarshal(body, &answers); err != nil || len(answers.Errors) > 0 || len(answers.Data.Responsibilities) != 500 {
		t.Fatalf("%v, %d answers: %.300s", err, len(answers.Data.Responsibilities), body)
	}
	const single = `query($input: ResponsibilityInput!) { responsibility(input: $input) { status regimes { legalAct { slug } status chain { role authority { slug } contactPoint { id } } gaps { code } } } }`
	for _, i := range []int{0, 1, 7, 123, 499} {
		var one struct {
			Data struct{ Responsibility json.RawMessage }
		}
		if err := json.Unmarshal(w.ask(t, kritis.Development("test"), single, map[string]any{"input": inputs[i]}), &one); err != nil {
			t.Fatal(err)
		}
		if string(one.Data.Responsibility) != string(answers.Data.Responsibilities[i]) {
			t.Errorf("answer %d differs from the single one:\n%s\n%s", i, answers.Data.Responsibilities[i], one.Data.Responsibility)
		}
	}
}
