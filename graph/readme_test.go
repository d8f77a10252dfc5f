package graph_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"kritisgraph/internal/kritis"
)

var (
	readmeQuery  = regexp.MustCompile("(?s)```graphql\n(.*?)```")
	readmeAnswer = regexp.MustCompile("(?s)(<!-- answer:begin -->\n)(.*?)(<!-- answer:end -->)")
)

func TestTheReadmeShowsTheRealAnswers(t *testing.T) {
	file := filepath.Join("..", "README.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	queries, shown := readmeQuery.FindAllSubmatch(text, -1), readmeAnswer.FindAllSubmatch(text, -1)
	if len(queries) < 2 || len(queries) != len(shown) {
		t.Fatalf("README.md shows %d questions and %d answers", len(queries), len(shown))
	}
	w, n := onSQLite(t), 0
	real := readmeAnswer.ReplaceAllFunc(text, func([]byte) []byte {
		answer := stable(t, w.ask(t, kritis.Development("test"), string(queries[n][1]), nil))
		part := shown[n]
		n++
		return slices.Concat(part[1], []byte("```json\n"+answer+"```\n"), part[3])
	})
	if *record {
		if err := os.WriteFile(file, real, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(real, text) {
		t.Errorf("an answer in README.md is not the real one; record it with -record: %s", firstDifference(string(real), string(text)))
	}
}
