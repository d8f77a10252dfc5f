package store_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

func openModel(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Create(t.Context(), storetest.NewModel(), storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func land(code string) store.Node {
	return store.Node{ID: store.NewID("Land", code), Props: map[string]store.Value{
		"code": store.String(code), "name": store.String(code), "population": store.Int(1),
	}}
}

func TestStoreRefusesAChangeThatDoesNotFit(t *testing.T) {
	s := openModel(t)
	with := func(n store.Node, prop string, v store.Value) store.Node {
		n = n.Clone()
		n.Props[prop] = v
		return n
	}
	without := land("BY")
	delete(without.Props, "name")
	for name, c := range map[string]store.Change{
		"a blind overwrite":    {Put: []store.Node{land("BY")}},
		"an unknown label":     {If: []store.Cond{{ID: "Planet/x"}}, Put: []store.Node{{ID: "Planet/x"}}},
		"an unknown property":  {If: []store.Cond{{ID: "Land/BY"}}, Put: []store.Node{with(land("BY"), "moons", store.Int(1))}},
		"another kind":         {If: []store.Cond{{ID: "Land/BY"}}, Put: []store.Node{with(land("BY"), "name", store.Int(1))}},
		"a missing property":   {If: []store.Cond{{ID: "Land/BY"}}, Put: []store.Node{without}},
		"no UTF-8":             {If: []store.Cond{{ID: "Land/BY"}}, Put: []store.Node{with(land("BY"), "name", store.String("\xff"))}},
		"an id without key":    {If: []store.Cond{{ID: "Land/"}}, Put: []store.Node{{ID: "Land/"}}},
		"one thing twice":      {If: []store.Cond{{ID: "Land/BY"}}, Put: []store.Node{land("BY"), land("BY")}},
		"two preconditions":    {If: []store.Cond{{ID: "Land/BY"}, {ID: "Land/BY", Version: 1}}, Put: []store.Node{land("BY")}},
		"a blind delete":       {If: []store.Cond{{ID: "Land/BY"}}, Delete: []store.ID{"Land/BY"}},
		"an edge to itself":    {If: []store.Cond{{ID: "NEXT_TO/x"}}, Link: []store.Edge{{ID: "NEXT_TO/x", From: "Land/BY", To: "Land/BY"}}},
		"an edge of other end": {If: []store.Cond{{ID: "NEXT_TO/x"}}, Link: []store.Edge{{ID: "NEXT_TO/x", From: "Land/BY", To: "Body/b"}}},
	} {
		if _, err := s.Commit(t.Context(), c); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	head, err := s.Head(t.Context(), store.Mark{})
	if err != nil || head.Seq != 0 {
		t.Errorf("something was committed: %v, %v", head, err)
	}
}

func TestASealFindsAnAlteredARemovedAndAMovedRecord(t *testing.T) {
	var records []store.Record
	var prev store.Hash
	for seq := range store.Seq(3) {
		r, err := store.Seal(prev, seq+1, store.Change{Meta: store.Meta{Actor: "a", Action: "A", At: int64(seq)}})
		if err != nil {
			t.Fatal(err)
		}
		records, prev = append(records, r), r.Hash
	}
	verify := func(records []store.Record) error {
		var prev store.Hash
		for i := range records {
			if err := records[i].Verify(prev, store.Seq(i+1)); err != nil {
				return err
			}
			prev = records[i].Hash
		}
		return nil
	}
	if err := verify(records); err != nil {
		t.Fatal(err)
	}
	altered := append([]store.Record{}, records...)
	altered[1].Change.Meta.Actor = "b"
	for name, list := range map[string][]store.Record{
		"altered": altered, "removed": {records[0], records[2]}, "moved": {records[1], records[0], records[2]},
	} {
		if verify(list) == nil {
			t.Errorf("nobody noticed the %s record", name)
		}
	}
}

func TestValuesSurviveJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(
			rapid.Map(rapid.String(), store.String), rapid.Map(rapid.Int64(), store.Int), rapid.Map(rapid.Bool(), store.Bool),
			rapid.Map(rapid.SliceOf(rapid.String()), func(l []string) store.Value { return store.Strings(l...) }),
		).Draw(t, "value")
		body, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var back store.Value
		if err := json.Unmarshal(body, &back); err != nil {
			t.Fatal(err)
		}
		if !back.Equal(v) {
			t.Fatalf("%#v came back as %#v", v, back)
		}
	})
}

func TestValuesThatAreNoneAreRefused(t *testing.T) {
	for _, body := range []string{`1.5`, `{}`, `[1]`, `[null,1]`, `1e3`, `99999999999999999999`, `"`, ``} {
		var v store.Value
		if err := v.UnmarshalJSON([]byte(body)); err == nil {
			t.Errorf("%s was read as %#v", body, v)
		}
	}
}

func TestCursorsAreValidForTheirListAndStoreOnly(t *testing.T) {
	s, other := openModel(t), openModel(t)
	list := store.List{Query: store.Query{Labels: []store.Label{"Land"}, Order: []store.Order{{Prop: "name"}}, Limit: 5}}
	position := store.Position{Keys: []store.Value{store.String("bayern")}, Node: "Land/BY"}
	cursor, err := s.Cursor(list, position)
	if err != nil {
		t.Fatal(err)
	}
	same := list
	same.Query.Limit, same.Query.Backwards, same.Query.Total = 7, true, true
	got, err := s.Position(same, cursor)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(position, got); diff != "" {
		t.Error(diff)
	}
	filtered := list
	filtered.Query.Where = store.Where("code", store.EQ, store.String("BY"))
	flipped := []byte(cursor)
	flipped[len(flipped)-1] ^= 1
	for name, try := range map[string]func() (store.Position, error){
		"another list":   func() (store.Position, error) { return s.Position(filtered, cursor) },
		"another store":  func() (store.Position, error) { return other.Position(list, cursor) },
		"an altered one": func() (store.Position, error) { return s.Position(list, string(flipped)) },
		"a short one":    func() (store.Position, error) { return s.Position(list, cursor[:8]) },
		"nothing":        func() (store.Position, error) { return s.Position(list, "") },
	} {
		if _, err := try(); !errors.Is(err, store.ErrCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
	token, err := s.Token(store.Mark{Seq: 7, Bookmark: "b"})
	if err != nil {
		t.Fatal(err)
	}
	if mark, err := s.Mark(token); err != nil || mark.Seq != 7 {
		t.Errorf("%v, %v", mark, err)
	}
	if _, err := s.Position(list, token); !errors.Is(err, store.ErrCursor) {
		t.Errorf("a token was taken for a cursor: %v", err)
	}
}
