package archive_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// forged seals changes as they are, so that only what they say is wrong, and returns the lines without the end.
func forged(t *testing.T, changes ...store.Change) []string {
	t.Helper()
	s, err := store.Create(t.Context(), &forger{Driver: storetest.NewModel(), changes: changes}, storetest.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(export(t, s), "\n")
	return lines[:len(lines)-2]
}

func forgedLog(t *testing.T, changes ...store.Change) string { return sealed(forged(t, changes...)...) }

func TestAMalformedFileIsRefusedAndTheLineNamed(t *testing.T) {
	good := strings.SplitAfter(told(t), "\n")
	good = good[:len(good)-1] // header, commit, 3 nodes, commit, 2 edges, commit, node, 2 deletions, commit, end
	with := func(line int, text string) string {
		l := slices.Clone(good)
		l[line-1] = text
		return strings.Join(l, "")
	}
	replaced := func(line int, old, new string) string {
		if !strings.Contains(good[line-1], old) {
			t.Fatalf("line %d has no %s: %s", line, old, good[line-1])
		}
		return with(line, strings.Replace(good[line-1], old, new, 1))
	}
	without := func(from, to int) string { return strings.Join(slices.Delete(slices.Clone(good), from-1, to), "") }
	a, b, m := body("a"), body("b"), memo("m", "x")
	a.Version, b.Version, m.Version = 1, 1, 1
	e := about(m.ID, a.ID)
	e.Version = 1
	first := func(ids ...store.ID) (conds []store.Cond) {
		for _, id := range ids {
			conds = append(conds, at(id, 0))
		}
		return conds
	}
	put := func(n store.Node) store.Change { return store.Change{If: first(n.ID), Put: []store.Node{n}} }
	unknown, lacking, numbered, unsorted := body("a"), body("a"), body("a"), body("a")
	unknown.Version, lacking.Version, numbered.Version, unsorted.Version = 1, 1, 1, 1
	unknown.Props["moons"], numbered.Props["name"] = store.Int(1), store.Int(1)
	delete(lacking.Props, "slug")
	unsorted.Own.Audiences = []string{"b", "a"}
	planet := store.Node{ID: "Planet/x", Version: 1}
	once := store.Change{Once: store.Once{Owner: "o", Key: "k", Digest: "d"}}
	for _, c := range []struct{ name, file, says string }{
		{"nothing", "", "line 1: it is empty"},
		{"an empty line", with(3, "\n"), "line 3: it is empty"},
		{"no JSON", with(3, "hello\n"), "line 3: it is not read"},
		{"no header", without(1, 1), "line 1: the first line is no header"},
		{"another format", replaced(1, "export/1", "export/9"), `line 1: the format is "kritisgraph-export/9"`},
		{"another schema", replaced(1, `"schema":1`, `"schema":2`), "line 1: the file has schema version 2, this program 1"},
		{"an unknown key", replaced(3, `"props"`, `"moons"`), `line 3: it is not read: json: unknown field "moons"`},
		{"an unknown kind of line", with(3, `{"moon":{}}`+"\n"), "line 3: it is not read"},
		{"a number with a fraction", replaced(3, `"slug":"a"`, `"slug":1.5`), "line 3: it is not read"},
		{"two values in a line", with(3, strings.TrimSpace(good[2])+good[3]), "line 3: something follows the value"},
		{"a bracket after the value", with(3, strings.TrimSpace(good[2])+"]\n"), "line 3: something follows the value"},
		{"two things in a value", with(3, `{"put":{"id":"Memo/1"},"delete":{"id":"Memo/2"}}`+"\n"), "line 3: a line has exactly one"},
		{"null", with(3, "null\n"), "line 3: a line has exactly one"},
		{"keys in another order", replaced(1, `"format":"kritisgraph-export/1","schema":1`, `"schema":1,"format":"kritisgraph-export/1"`), "line 1: it is not written as an export"},
		{"a key in capitals", replaced(3, `"put"`, `"Put"`), "line 3: it is not written as an export"},
		{"a key twice", replaced(3, `"version":1`, `"version":1,"version":1`), "line 3: it is not written as an export"},
		{"Windows line ends", replaced(4, "\n", "\r\n"), "line 4: it is not written as an export"},
		{"bytes that are no text", replaced(3, "Söhne", "S\xffhne"), "line 3: it is not written as an export"},
		{"a line that is too long", with(3, strings.Repeat(" ", archive.MaxLine)+good[2]), "line 3: it is longer than 1048576 bytes"},
		{"half a line", strings.Join(good[:7], "") + good[7][:20], "line 8: the file breaks off in the middle of a line"},
		{"no line feed at the end", strings.TrimSuffix(strings.Join(good, ""), "\n"), "line 14: the file breaks off in the middle of a line"},
		{"the header alone", good[0], "line 2: the end line is missing"},
		{"no end line", without(14, 14), "line 14: the end line is missing"},
		{"an end within a commit", without(5, 13), "line 5: a node, edge or deletion belongs here"},
		{"an end of the file within a commit", strings.Join(good[:4], ""), "line 5: the end line is missing"},
		{"something after the end", strings.Join(good, "") + "\n", "line 15: there is something after the end"},
		{"a thing outside of a commit", without(2, 2), "line 2: a commit or the end belongs here"},
		{"a thing too few", without(5, 5), "line 5: a node, edge or deletion belongs here"},
		{"too many things", replaced(2, `"things":3`, `"things":20001`), "line 2: a commit has up to 20000 things"},
		{"less than no things", replaced(2, `"things":3`, `"things":-1`), "line 2: a commit has up to 20000 things"},
		{"things in another order", strings.Join(append(append(slices.Clone(good[:2]), good[3], good[2]), good[4:]...), ""), "line 4: Body/a does not belong here"},
		{"an altered thing", replaced(3, "Amt", "Omt"), "line 2: commit 1 was altered"},
		{"an altered commit", replaced(9, "someone", "nobody"), "line 9: commit 3 was altered"},
		{"a removed commit", without(13, 13), "line 13: the end states 4 commits, but there are 3"},
		{"a removed commit before others", without(6, 8), "line 6: commit 3 stands where 2 belongs"},
		{"another sequence", replaced(13, `"seq":4`, `"seq":5`), "line 13: commit 5 stands where 4 belongs"},
		{"reordered commits", strings.Join(slices.Concat(good[:8], good[12:13], good[8:12], good[13:]), ""), "line 9: commit 4 stands where 3 belongs"},
		{"another version", replaced(10, `"version":2`, `"version":3`), "line 10: Body/a has version 3, but the one before is 1"},
		{"another version of a deletion", replaced(12, `"version":2`, `"version":3`), "line 12: Body/b has version 3"},
		{"another condition", replaced(6, `"if":[{"id":"Body/b","version":1}]`, `"if":[{"id":"Body/b","version":2}]`), "line 6: it demands version 2 of Body/b, which has 1"},
		{"another count in the end", replaced(14, `"commits":4`, `"commits":5`), "line 14: the end states 5 commits, but there are 4"},
		{"another count in the header", replaced(1, `"seq":4`, `"seq":3`), "line 14: the header states sequence 3"},
		{"another hash in the end", replaced(14, `"hash":"`, `"hash":"00`), "line 14: it is not read"},
		{"another last hash", with(14, good[13][:30]+flip(good[13][30:31])+good[13][31:]), "line 14: the end states another last hash"},
		{"another checksum", with(14, good[13][:len(good[13])-6]+flip(good[13][len(good[13])-6:len(good[13])-5])+good[13][len(good[13])-5:]), "line 14: the checksum does not fit"},
		{"an unknown label", forgedLog(t, put(planet)), "line 3: invalid: unknown label"},
		{"a property of another kind", forgedLog(t, put(numbered)), `line 3: invalid: property "name" of Body/a is a string, not a int`},
		{"an unknown property to the end", forgedLog(t, put(m), put(unknown)), `line 5: invalid under this version of the schema: Body/a has the unknown property "moons"`},
		{"a missing property to the end", forgedLog(t, put(lacking)), `line 3: invalid under this version of the schema: Body/a lacks the property "slug"`},
		{"audiences in another order", forgedLog(t, put(unsorted)), "line 3: the audiences of Body/a are not sorted"},
		{"an edge with a missing end", forgedLog(t, store.Change{If: first(e.ID, m.ID), Put: []store.Node{m}, Link: []store.Edge{e}}), "line 4: the edge ABOUT/Memo/m>Body/a ends at Body/a, which does not exist"},
		{"an edge that loses its end", forgedLog(t, store.Change{If: first(e.ID, a.ID, m.ID), Put: []store.Node{a, m}, Link: []store.Edge{e}},
			store.Change{If: []store.Cond{at(a.ID, 1)}, Delete: []store.ID{a.ID}}), "line 7: Body/a is deleted, but an edge still ends there"},
		{"a deletion of what never was", forgedLog(t, store.Change{If: first(a.ID), Delete: []store.ID{a.ID}}), "line 3: Body/a is deleted, but never was"},
		{"a thing that comes back", forgedLog(t, put(a), store.Change{If: []store.Cond{at(a.ID, 1)}, Delete: []store.ID{a.ID}}, put(a)), "line 7: Body/a was deleted before"},
		{"a key that is used twice", forgedLog(t, once, once), `line 3: its key "k" was used before`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, dry := range []bool{true, false} {
				s := newStore(t)
				_, err := archive.Import(t.Context(), strings.NewReader(c.file), s, everything(), archive.Options{DryRun: dry})
				if !errors.Is(err, archive.ErrFile) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%v, not: %s", err, c.says)
				}
				if head, err := s.Head(t.Context(), store.Mark{}); err != nil || head.Seq != 0 {
					t.Errorf("it left something: %v, %v", head, err)
				}
			}
		})
	}
}

func flip(digit string) string {
	if digit == "0" {
		return "1"
	}
	return "0"
}

// forger is a driver whose log holds what no driver would take.
type forger struct {
	store.Driver
	changes []store.Change
}

func (d *forger) Head(context.Context, store.Mark) (store.Mark, error) {
	return store.Mark{Seq: store.Seq(len(d.changes))}, nil
}

func (d *forger) Log(_ context.Context, _ store.Scope, q store.LogQuery) (p store.LogPage, err error) {
	var prev store.Hash
	for i, c := range d.changes {
		r, err := store.Seal(prev, store.Seq(i+1), c)
		if err != nil {
			return p, err
		}
		prev = r.Hash
		if r.Seq > q.After {
			p.Records = append(p.Records, r)
		}
	}
	return p, nil
}

func TestAnImageThatIsReplacedMayFitAnotherSchema(t *testing.T) {
	old, now := body("a"), body("a")
	old.Version, now.Version = 1, 2
	old.Props["moons"] = store.Int(1)
	file := forgedLog(t, store.Change{If: []store.Cond{at(old.ID, 0)}, Put: []store.Node{old}}, store.Change{If: []store.Cond{at(now.ID, 1)}, Put: []store.Node{now}})
	f, err := archive.NewReader(strings.NewReader(file), storetest.Schema())
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range f.Records() {
		if err != nil {
			t.Error(err)
		}
	}
	if f.Summary().Commits != 2 {
		t.Errorf("%d commits", f.Summary().Commits)
	}
}

func TestABombStaysBounded(t *testing.T) {
	header := `{"header":{"format":"kritisgraph-export/1","schema":1}}` + "\n"
	for name, file := range map[string]string{
		"a million entries":       header + `{"put":{"id":"Memo/1","props":{"list":[` + strings.Repeat(`"",`, 1_000_000) + `""]},"version":1}}` + "\n",
		"as many as a line takes": header + `{"put":{"id":"Memo/1","props":{"moons":[` + strings.Repeat(`"",`, 340_000) + `""]},"version":1}}` + "\n",
		"a deep one":              header + `{"put":{"id":"Memo/1","props":{"list":` + strings.Repeat(`[`, 1_000_000) + "\n",
		"deep within the depth":   header + `{"put":{"id":"Memo/1","props":{"list":` + strings.Repeat(`[`, 9_000) + strings.Repeat(`]`, 9_000) + "}}}\n",
		"many keys":               header + `{"put":{"id":"Memo/1","props":{` + strings.Repeat(`"a":1,`, 170_000) + `"a":1}}}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := archive.Import(t.Context(), strings.NewReader(file), newStore(t), everything(), archive.Options{})
			runtime.ReadMemStats(&after)
			if !errors.Is(err, archive.ErrFile) || !strings.Contains(err.Error(), "line 2") {
				t.Error(err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 128<<20 {
				t.Errorf("it took %d MiB", used>>20)
			}
		})
	}
}

func TestAnEndlessFileIsNotRead(t *testing.T) {
	_, err := archive.Import(t.Context(), io.MultiReader(strings.NewReader(`{"put":`), endless{}), newStore(t), everything(), archive.Options{})
	if !errors.Is(err, archive.ErrFile) || !strings.Contains(err.Error(), "line 1: it is longer") {
		t.Error(err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
