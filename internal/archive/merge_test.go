package archive_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/store"
)

func importInto(t *testing.T, s *store.Store, file string, dryRun bool) (archive.Report, error) {
	t.Helper()
	return archive.Import(t.Context(), strings.NewReader(file), s, everything(), archive.Options{
		Meta: store.Meta{Actor: "importer", Action: "IMPORT", At: 9}, DryRun: dryRun,
	})
}

func head(t *testing.T, s *store.Store) store.Seq {
	t.Helper()
	mark, err := s.Head(t.Context(), store.Mark{})
	if err != nil {
		t.Fatal(err)
	}
	return mark.Seq
}

const handWritten = `{"put": {"id": "Memo/m", "props": {"text": "geändert", "size": null}}}
{ "put" : {"id":"Body/new","own":{"audiences":["public","land:BY","public"],"tlp":"CLEAR"},"props":{"slug":"new","name":"Neu"}} }
{"put":{"id":"Body/a","own":{"audiences":["land:BY","public"],"tlp":"GREEN"},"props":{"slug":"a","name":"Amt <a> & Söhne","note":"neu"},"version":17}}
{"link":{"id":"ABOUT/Memo/m>Body/new","from":"Memo/m","to":"Body/new"}}`

func TestAFileWrittenByHandGoesIntoAStoreWithDataAsOneCommit(t *testing.T) {
	for name, file := range map[string]string{
		"without header": handWritten, "with a line feed at the end": handWritten + "\n", "with Windows line ends": strings.ReplaceAll(handWritten, "\n", "\r\n"),
		"with a header": `{"header": {"schema": 1, "format": "kritisgraph-export/1"}}` + "\n" + handWritten,
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			story(t, s)
			want := archive.Report{Created: []store.ID{"ABOUT/Memo/m>Body/new", "Body/new"}, Changed: []store.ID{"Memo/m"}, Unchanged: 1}
			before := head(t, s)
			got, err := importInto(t, s, file, true)
			if err != nil || head(t, s) != before {
				t.Errorf("the dry run: %v, head %d", err, head(t, s))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the dry run: %s", diff)
			}
			got, err = importInto(t, s, file, false)
			if err != nil || head(t, s) != before+1 {
				t.Errorf("the import: %v, head %d", err, head(t, s))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the import: %s", diff)
			}
			nodes, err := s.Nodes(t.Context(), everything(), []store.ID{"Memo/m", "Body/new"})
			if err != nil {
				t.Fatal(err)
			}
			wantNodes := []store.Node{
				{ID: "Memo/m", Version: 2, Props: props{"text": store.String("geändert")}},
				{ID: "Body/new", Version: 1, Props: props{"slug": store.String("new"), "name": store.String("Neu")}, Own: store.Visibility{TLP: store.TLPClear, Audiences: []string{"land:BY", "public"}}},
			}
			if diff := cmp.Diff(wantNodes, nodes, cmpopts.IgnoreFields(store.Node{}, "Settled")); diff != "" {
				t.Error(diff)
			}
			again, err := importInto(t, s, file, false)
			if err != nil || again.Unchanged != 4 || head(t, s) != before+1 {
				t.Errorf("the same again: %+v, %v, head %d", again, err, head(t, s))
			}
		})
	}
}

func TestAFileWrittenByHandGoesIntoAnEmptyStore(t *testing.T) {
	s := newStore(t)
	got, err := importInto(t, s, handWritten, false)
	if err != nil || len(got.Created) != 4 || head(t, s) != 1 {
		t.Errorf("%+v, %v, head %d", got, err, head(t, s))
	}
}

func TestAnExportGoesIntoAStoreWithDataWithoutItsHistory(t *testing.T) {
	s := newStore(t)
	changed := memo("m", "anders")
	commit(t, s, store.Change{If: []store.Cond{at(changed.ID, 0), at("Memo/own", 0)}, Put: []store.Node{changed, memo("own", "bleibt")}})
	got, err := importInto(t, s, told(t), false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(archive.Report{Created: []store.ID{"ABOUT/Memo/m>Body/a", "Body/a"}, Changed: []store.ID{"Memo/m"}}, got); diff != "" {
		t.Error(diff)
	}
	nodes, err := s.Nodes(t.Context(), everything(), []store.ID{"Memo/own", "Body/b"})
	if err != nil || len(nodes) != 1 || head(t, s) != 2 {
		t.Errorf("%v, %v, head %d", nodes, err, head(t, s))
	}
}

func TestAnImportThatCannotBeIsRefusedAndChangesNothing(t *testing.T) {
	var many strings.Builder
	for i := range store.MaxChange + 1 {
		fmt.Fprintf(&many, `{"put":{"id":"Memo/%d","props":{}}}`+"\n", i)
	}
	large := newStore(t)
	for part := range 2 {
		var c store.Change
		for i := range store.MaxChange/2 + 1 {
			id := store.NewID("Memo", fmt.Sprint(part, "-", i))
			c.Put, c.If = append(c.Put, store.Node{ID: id}), append(c.If, at(id, 0))
		}
		commit(t, large, c)
	}
	for _, c := range []struct{ name, file, says string }{
		{"more lines than one commit takes", many.String(), "line 20001: one import changes at most 20000 things"},
		{"an export with more things than one commit takes", export(t, large), "20002 things differ, but one import changes at most 20000"},
		{"an id that was deleted", `{"put":{"id":"Body/b","props":{"slug":"b","name":"b"}}}`, "line 1: Body/b was deleted in this store"},
		{"an edge with an end that nobody has", `{"put":{"id":"Memo/x","props":{}}}` + "\n" + `{"link":{"id":"ABOUT/1","from":"Memo/x","to":"Body/b","props":{}}}`, "line 2: the edge ABOUT/1 ends at Body/b, which neither"},
		{"other ends of an edge", `{"put":{"id":"Memo/x","props":{}}}` + "\n" + `{"link":{"id":"ABOUT/Memo/m>Body/a","from":"Memo/x","to":"Body/a","props":{}}}`, "line 2: the ends of ABOUT/Memo/m>Body/a cannot change"},
		{"a key that another node has", `{"put":{"id":"Body/z","props":{"slug":"a","name":"z"}}}`, "line 1: Body/z has the slug that Body/a has"},
		{"a key twice", `{"put":{"id":"Body/y","props":{"slug":"q","name":"y"}}}` + "\n" + `{"put":{"id":"Body/z","props":{"slug":"q","name":"z"}}}`, "line 2: Body/z and Body/y have the same slug"},
		{"a thing twice", `{"put":{"id":"Memo/x","props":{}}}` + "\n" + `{"put":{"id":"Memo/x","props":{}}}`, "line 2: Memo/x stands twice, first in line 1"},
		{"a name twice", `{"put":{"id":"Memo/x","props":{"text":"a","text":"b"}}}`, `line 1: the key "text" stands twice`},
		{"an unknown property", `{"put":{"id":"Memo/x","props":{"moons":1}}}`, `line 1: invalid under this version of the schema: Memo/x has the unknown property "moons"`},
		{"a missing property", `{"put":{"id":"Body/x","props":{"slug":"x"}}}`, `line 1: invalid under this version of the schema: Body/x lacks the property "name"`},
		{"a property that is null", `{"put":{"id":"Body/x","props":{"slug":"x","name":null}}}`, `Body/x lacks the property "name"`},
		{"an id that is none", `{"put":{"id":"x","props":{}}}`, "line 1: invalid: id \"x\" is not of the form label/key"},
		{"a wrong end", `{"link":{"id":"ABOUT/1","from":"Body/a","to":"Memo/m","props":{}}}`, "line 1: invalid: ABOUT/1 cannot begin at Body/a"},
		{"a deletion", `{"put":{"id":"Memo/x","props":{}}}` + "\n" + `{"delete":{"id":"Body/a","version":3}}`, "line 2: a file written by hand has lines for nodes (put) and edges (link) only"},
		{"bytes that are no text", "{\"put\":{\"id\":\"Memo/x\",\"props\":{\"text\":\"\xff\"}}}", "line 1: it is no UTF-8"},
		{"half a line", `{"put":{"id":"Memo/x","props":{}}}` + "\n" + `{"put":{"id":"Mem`, "line 2: the file breaks off in the middle of a line"},
		{"an export that was cut", told(t)[:900], "the file breaks off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			story(t, s)
			before := export(t, s)
			for _, dry := range []bool{true, false} {
				if _, err := importInto(t, s, c.file, dry); !errors.Is(err, archive.ErrFile) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%v, not: %s", err, c.says)
				}
			}
			if export(t, s) != before {
				t.Error("the store changed")
			}
		})
	}
}
