package store_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"kritisgraph/internal/store"
)

func TestWhatIsLargerThanALineOfAnExportIsRefused(t *testing.T) {
	s := openModel(t)
	great := strings.Repeat("x", 256<<10)
	odd := strings.Repeat("\x01", 180<<10) // six bytes each in JSON
	many := make([]store.ID, 20_000)
	for i := range many {
		many[i] = store.NewID("Memo", strings.Repeat("m", 100))
	}
	memo := func(props map[string]store.Value) store.Change {
		return store.Change{If: []store.Cond{{ID: "Memo/m"}}, Put: []store.Node{{ID: "Memo/m", Props: props}}}
	}
	for _, c := range []struct {
		name   string
		change store.Change
		fits   bool
	}{
		{"large texts", memo(map[string]store.Value{"text": store.String(great), "list": store.Strings(great)}), true},
		{"texts that grow as JSON", memo(map[string]store.Value{"text": store.String(odd)}), false},
		{"a list of nothings", memo(map[string]store.Value{"list": store.Strings(make([]string, 400_000)...)}), false},
		{"many audiences", store.Change{If: []store.Cond{{ID: "Memo/m"}}, Put: []store.Node{{ID: "Memo/m", Own: store.Visibility{Audiences: []string{great + great, great + great + "y"}}}}}, false},
		{"a reason", store.Change{Meta: store.Meta{Reason: great}}, true},
		{"a long reason", store.Change{Meta: store.Meta{Reason: strings.Repeat(great, 5)}}, false},
		{"many results", store.Change{Result: many}, false},
		{"many events", store.Change{Events: []store.Event{{Type: "A", Props: map[string]store.Value{"x": store.String(great + great)}}, {Type: "A", Props: map[string]store.Value{"x": store.String(great + great)}}}}, false},
	} {
		change := c.change
		err := s.Canonical(&change)
		if (err == nil) != c.fits || err != nil && !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil || change.Size() == 0 {
			continue
		}
		if body, err := json.Marshal(change.Put[0]); err != nil || len(body) > store.MaxImage {
			t.Errorf("%s: %d bytes, %v", c.name, len(body), err)
		}
	}
}

func TestAnImageOfAnotherVersionOfTheSchemaIsToldFromOneThatIsWrong(t *testing.T) {
	s := openModel(t)
	schema := s.Schema()
	unknown, lacking, wrong := land("BY"), land("BY"), land("BY")
	unknown.Props["moons"] = store.Int(1)
	delete(lacking.Props, "name")
	wrong.Props["moons"], wrong.Props["name"] = store.Int(1), store.Int(1)
	for name, c := range map[string]struct {
		node           store.Node
		invalid, dated bool
	}{
		"as it should be":      {land("BY"), false, false},
		"an unknown property":  {unknown, true, true},
		"a missing property":   {lacking, true, true},
		"another kind as well": {wrong, true, false},
		"an unknown label":     {store.Node{ID: "Planet/x"}, true, false},
	} {
		err := schema.CheckNode(c.node)
		if errors.Is(err, store.ErrInvalid) != c.invalid || errors.Is(err, store.ErrDated) != c.dated {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRecordsYieldTheWholeLogWhateverThePages(t *testing.T) {
	s := openModel(t)
	for range 700 {
		if _, err := s.Commit(t.Context(), store.Change{}); err != nil {
			t.Fatal(err)
		}
	}
	next := store.Seq(3)
	for r, err := range s.Records(t.Context(), store.Unrestricted(), 2, 690) {
		if err != nil || r.Seq != next {
			t.Fatalf("%d where %d belongs, %v", r.Seq, next, err)
		}
		next++
	}
	if next != 691 {
		t.Errorf("it ended before %d", next)
	}
	var last error
	for _, err := range s.Records(t.Context(), store.Unrestricted(), 690, 701) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), "the log ends at 700") {
		t.Errorf("a log that is too short: %v", last)
	}
	for r, err := range s.Records(t.Context(), store.Unrestricted(), 0, 700) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Seq == 3 {
			break // whoever reads may stop
		}
	}
}
