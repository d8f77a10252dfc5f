package graph_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kritisgraph/internal/kritis"
)

var (
	readmeQuery  = regexp.MustCompile("(?s)```graphql\n(.*?)```")
	readmeAnswer = regexp.MustCompile("(?s)(<!-- answer:begin -->\n)(.*?)(<!-- answer:end -->)")
)

func TestTheReadmeShowsTheRealAnswer(t *testing.T) {
	file := filepath.Join("..", "README.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	query := readmeQuery.FindSubmatch(text)
	if query == nil {
		t.Fatal("README.md shows no query")
	}
	answer := stable(t, onSQLite(t).ask(t, kritis.Development("test"), string(query[1]), nil))
	want := "```json\n" + answer + "```\n"
	if *record {
		text = readmeAnswer.ReplaceAll(text, []byte("${1}"+strings.ReplaceAll(want, "$", "$$")+"${3}"))
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := readmeAnswer.FindSubmatch(text); got == nil || string(got[2]) != want {
		t.Errorf("the answer in README.md is not the real one; record it with -record:\n%s", answer)
	}
}
