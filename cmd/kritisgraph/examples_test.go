package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/graph"
	"kritisgraph/internal/kritis"
)

var record = flag.Bool("record", false, "write the tables and pictures of docs/examples instead of comparing with them")

// exampleMoment is when the examples are asked: the day of their demo data.
var exampleMoment = time.Date(2026, 11, 1, 12, 0, 0, 0, kritis.Berlin)

// asking asks the API a document and decodes the data of the answer.
type asking func(t *testing.T, document string, variables, into any)

// exampleStore is a store with small demo data of that day: its directory, and the API over it.
func exampleStore(t *testing.T) (dir string, ask asking) {
	t.Helper()
	s := settings{store: storeSQLite, data: t.TempDir(), demo: "small", demoSeed: 1}
	opened, err := s.openToWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := opened.Load(t.Context(), opened.Sealed(firstData(s, exampleMoment))); err != nil {
		t.Fatal(err)
	}
	app := kritis.NewApp(opened, func() time.Time { return exampleMoment })
	handler := graph.NewHandler(graph.NewSchema(), graph.Options{})
	return s.data, func(t *testing.T, document string, variables, into any) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
		if err != nil {
			t.Fatal(err)
		}
		ctx := kritis.WithView(t.Context(), app.View(kritis.Development("test")))
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		var found struct {
			Data   json.RawMessage
			Errors json.RawMessage
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &found); err != nil || found.Errors != nil {
			t.Fatalf("%v: %.2000s", err, answer.Body)
		}
		if err := json.Unmarshal(found.Data, into); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheExamplesShowTheRealAnswers holds the pages of docs/examples to the program: the document of a page is asked, and its tables and pictures
// are what comes of it. The last column of each table of sums is computed here from the properties of single dependencies, not by the rule.
func TestTheExamplesShowTheRealAnswers(t *testing.T) {
	dir, ask := exampleStore(t)
	for _, name := range []string{"demo-1", "demo-2", "demo-3"} {
		t.Run(name, func(t *testing.T) {
			document, err := os.ReadFile(filepath.Join("..", "..", "docs", "examples", name+".graphql"))
			if err != nil {
				t.Fatal(err)
			}
			var a exampleAnswer
			ask(t, string(document), nil, &a)
			if n := len(a.Incident.Impact.Entries); n < 8 || n > 25 {
				t.Errorf("%d entries: an example has 8 to 25", n)
			}
			p := openExample(t, name)
			p.block("entries", a.entries())
			p.block("sums", a.sums(t, ask))
			drawn := p.export(dir, "mermaid")
			a.checkPicture(t, drawn)
			p.block("picture", "```mermaid\n"+drawn+"```\n")
			p.block("states", a.states())
			p.block("bodies", a.bodies())
			p.block("limits", a.limits())
			p.block("critical", a.critical())
			p.block("generators", a.Incident.Impact.Generators.table())
			if a.Incident.Impact.Bare != nil {
				p.block("bare", a.Incident.Impact.Bare.table())
			}
			if a.Facility != nil {
				p.block("needs", a.needs())
			}
			p.close()
			p.checkDrawing(dir)
		})
	}
}

// examplePage is a page of docs/examples. What the program says stands between <!-- NAME:begin --> and <!-- NAME:end -->.
type examplePage struct {
	t             *testing.T
	name, file    string
	before, after string
}

func openExample(t *testing.T, name string) *examplePage {
	t.Helper()
	file := filepath.Join("..", "..", "docs", "examples", name+".md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return &examplePage{t, name, file, string(text), string(text)}
}

func (p *examplePage) block(name, want string) {
	p.t.Helper()
	begin, end := "<!-- "+name+":begin -->\n", "<!-- "+name+":end -->"
	head, rest, found := strings.Cut(p.after, begin)
	have, tail, ended := strings.Cut(rest, end)
	switch {
	case !found || !ended:
		p.t.Errorf("%s has no block %s", p.file, name)
	case have != want && !*record:
		p.t.Errorf("%s: %s is not what the program says; record it with -record, then read the words around it:\n%s", p.file, name, cmp.Diff(have, want))
	}
	p.after = head + begin + want + end + tail
}

func (p *examplePage) close() {
	p.t.Helper()
	if *record && p.after != p.before && !p.t.Failed() {
		if err := os.WriteFile(p.file, []byte(p.after), 0o644); err != nil {
			p.t.Fatal(err)
		}
	}
}

var exportLine = regexp.MustCompile(`(?m)^kritisgraph export --format mermaid (.+)$`)

// export runs the command of the page, for any format.
func (p *examplePage) export(dir, format string) string {
	p.t.Helper()
	line := exportLine.FindStringSubmatch(p.before)
	if line == nil {
		p.t.Fatalf("%s draws nothing", p.file)
	}
	args := append([]string{"export", "--format", format}, strings.Fields(line[1])...)
	command := exec.CommandContext(p.t.Context(), program, append(args, "--data", dir, "--as-of", exampleMoment.Format(time.RFC3339))...)
	command.Env = []string{"HOME=" + p.t.TempDir()}
	var said bytes.Buffer
	command.Stderr = &said
	drawn, err := command.Output()
	if err != nil {
		p.t.Fatalf("%v: %s", err, said.String())
	}
	return string(drawn)
}

var (
	dotLabel = regexp.MustCompile(`label="((?:[^"\\]|\\.)*)"`)
	svgText  = regexp.MustCompile(`(?s)<text[^>]*>(.*?)</text>`)
)

// checkDrawing compares the words of the picture that Graphviz drew with those of the program.
func (p *examplePage) checkDrawing(dir string) {
	p.t.Helper()
	svg, err := os.ReadFile(strings.TrimSuffix(p.file, ".md") + ".svg")
	if err != nil {
		p.t.Fatal(err)
	}
	var want, have []string
	for _, label := range dotLabel.FindAllStringSubmatch(p.export(dir, "dot"), -1) {
		for line := range strings.SplitSeq(label[1], `\n`) {
			want = append(want, html.UnescapeString(strings.TrimSpace(line)))
		}
	}
	for _, text := range svgText.FindAllSubmatch(svg, -1) {
		have = append(have, strings.TrimSpace(strings.ReplaceAll(html.UnescapeString(string(text[1])), "\u00a0", " ")))
	}
	slices.Sort(want)
	slices.Sort(have)
	if diff := cmp.Diff(want, have); diff != "" {
		p.t.Errorf("%s.svg shows something else; draw it again as docs/examples/README.md says:\n%s", p.name, diff)
	}
	if len(svg) > 150_000 {
		p.t.Errorf("%s.svg has %d bytes", p.name, len(svg))
	}
}

// markdown writes rows as Markdown.
func markdown(head string, rows ...[]string) string {
	columns := strings.Split(head, "|")
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
	for _, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.String()
}
