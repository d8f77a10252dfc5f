package picture_test

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/picture"
)

// hostile are names that mean something in one of the formats.
var hostile = []string{
	`"quoted"`, `\"`, `ends with \`, `\N\G\l`, `<b>bold</b>`, `<script>alert(1)</script>`, `&lt;&#60;&quot;`, `#quot;#35;`, `ﬂ°°60¶ß`, "`code`", "**strong** _weak_ __x__",
	`end`, `subgraph`, `graph`, `digraph`, `click n1 "javascript:alert(1)"`, "two\nlines", "carriage\r\nreturn\ttab", "]]; n1 --> n2", `"]:::root`, `%%{init: {"theme":"dark"}}%%`, `%% comment`,
	`---`, `- a list`, `1. a list`, `12.5 kV`, `# heading`, `$$x$$`, `fa:fa-bolt`, `style n1 fill:#f00;`, `classDef x:#f00;`, `https://example.com`, `]]>`, `<!-- -->`, `<![CDATA[`,
	"nul\x00bell\x07", "invalid \xff\xfe", "\uFEFF\uFFFE\uFFFF", "right\u202Eto left\u202C", "line\u2028separator", "Ünïcödé ÄÖÜß 漢字 🔌", "e\u0301", "   ", "",
}

// named is a picture in which every text is one of the names.
func named(names ...string) picture.Picture {
	p := picture.Picture{Title: strings.Join(names, " "), States: []picture.State{{Code: "BY", Name: names[0], Entries: len(names)}, {Code: "HE"}}}
	kinds := []picture.Kind{picture.Branch, picture.Service, picture.Facility, picture.Operator}
	for i, name := range names {
		key := string(rune('a'+i%26)) + strings.Repeat("'", i/26)
		state := p.States[i%2].Code
		p.Nodes = append(p.Nodes, picture.Node{Key: key + name, Label: name, Kind: kinds[i%len(kinds)], FederalStates: []string{state}, Root: i == 0,
			Loss: &picture.Loss{Wave: i, Estimated: i%3 == 0}})
		p.Edges = append(p.Edges, picture.Edge{Key: name, Provider: p.Nodes[0].Key, Dependent: key + name, Kind: name, Need: "x" + name, Estimated: i%2 == 0})
	}
	return p
}

// plain is what a reader may see of a name.
func plain(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r) || unicode.IsSpace(r):
			return ' '
		case r == 0xFFFE || r == 0xFFFF:
			return '\uFFFD'
		}
		return r
	}, name)
	return strings.Join(strings.Fields(name), " ")
}

var (
	mermaidQuoted = regexp.MustCompile(`"[^"]*"`)
	mermaidSafe   = regexp.MustCompile(`^"(?:[\pL\pM\pN ,·.-]|#[0-9]+;|<br/>)*"$`)
	mermaidEntity = regexp.MustCompile(`#([0-9]+);`)
	misread       = regexp.MustCompile(`\$\$|:fa-|ﬂ°|¶ß`) // in what entities stand for
	dotQuoted     = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
)

// blank takes the quoted texts out of a file.
func blank(text string, quoted *regexp.Regexp) (grammar string, texts []string) {
	grammar = quoted.ReplaceAllStringFunc(text, func(s string) string {
		texts = append(texts, s)
		return `""`
	})
	return grammar, texts
}

func FuzzNoNameBreaksOut(f *testing.F) {
	for _, name := range hostile {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		name = name[:min(len(name), 1_000)] // of longer ones Mermaid refuses the picture
		p, harmless := named(name, "x"), named("x", "x")
		if plain(name) == "" {
			harmless.Title = name + " x"
		}
		checkMermaid(t, name, drawn(t, formats[0], p), drawn(t, formats[0], harmless))
		checkGraphML(t, name, drawn(t, formats[1], p))
		checkDOT(t, name, drawn(t, formats[2], p), drawn(t, formats[2], harmless))
		checkGeoJSON(t, name, drawn(t, formats[3], p))
	})
}

// The grammar around the quoted texts is the same as with harmless names, no text holds anything that Mermaid reads as more than text, and
// what it shows is the name.
func checkMermaid(t *testing.T, name, have, harmless string) {
	t.Helper()
	_, have, _ = strings.Cut(have, "\n---\n") // the title is a string of YAML
	_, harmless, _ = strings.Cut(harmless, "\n---\n")
	grammar, texts := blank(have, mermaidQuoted)
	want, _ := blank(harmless, mermaidQuoted)
	if diff := cmp.Diff(want, grammar); diff != "" {
		t.Errorf("mermaid (-harmless +have):\n%s", diff)
	}
	for _, text := range texts {
		if !mermaidSafe.MatchString(text) {
			t.Errorf("mermaid: %s", text)
		}
	}
	first, _, _ := strings.Cut(strings.Trim(texts[0], `"`), "<br/>")
	shown := html.UnescapeString(mermaidEntity.ReplaceAllString(first, "&#$1;"))
	if misread.MatchString(shown) {
		t.Errorf("mermaid reads more than text in %q", shown)
	}
	visible := strings.NewReplacer("\u200B", "")
	if shown, want := visible.Replace(shown), visible.Replace(shownName(name)); want != shown && !strings.ContainsFunc(want, remapped) {
		t.Errorf("mermaid shows %q, wanted %q", shown, want)
	}
}

// remapped are characters that HTML does not let an entity stand for.
func remapped(r rune) bool { return !unicode.IsPrint(r) }

// shownName is the name of the first node: its key where the label is empty.
func shownName(name string) string {
	if plain(name) == "" {
		return plain("a" + name)
	}
	return plain(name)
}

func checkGraphML(t *testing.T, name, have string) {
	t.Helper()
	var d struct {
		Graph struct {
			Desc string `xml:"desc"`
			Node []struct {
				ID   string `xml:"id,attr"`
				Data []struct {
					Key   string `xml:"key,attr"`
					Value string `xml:",innerxml"`
					Text  string `xml:",chardata"`
				} `xml:"data"`
			} `xml:"node"`
			Edge []struct {
				Source string `xml:"source,attr"`
				Target string `xml:"target,attr"`
			} `xml:"edge"`
		} `xml:"graph"`
	}
	if err := xml.Unmarshal([]byte(have), &d); err != nil {
		t.Fatalf("graphml: %v", err)
	}
	if len(d.Graph.Node) != 2 || len(d.Graph.Edge) != 2 || d.Graph.Node[1].ID != "n2" || d.Graph.Edge[1].Target != "n2" {
		t.Errorf("graphml has other nodes and edges: %+v", d.Graph)
	}
	if label := d.Graph.Node[0].Data[0]; label.Key != "node.label" || label.Text != shownName(name) || strings.ContainsAny(label.Value, "<>") {
		t.Errorf("graphml has %+v, wanted %q", label, shownName(name))
	}
	if d.Graph.Desc != plain(name+" x") {
		t.Errorf("graphml has the title %q, wanted %q", d.Graph.Desc, plain(name+" x"))
	}
}

func checkDOT(t *testing.T, name, have, harmless string) {
	t.Helper()
	grammar, texts := blank(have, dotQuoted)
	want, _ := blank(harmless, dotQuoted)
	if diff := cmp.Diff(want, grammar); diff != "" {
		t.Errorf("dot (-harmless +have):\n%s", diff)
	}
	label := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`).Replace(shownName(name)) + `\n`
	for _, text := range texts {
		if strings.HasPrefix(text, label) {
			return
		}
	}
	t.Errorf("dot has no %s", label)
}

func checkGeoJSON(t *testing.T, name, have string) {
	t.Helper()
	var d struct {
		Name     string
		Features []struct {
			Properties struct{ Name string }
		}
	}
	if err := json.Unmarshal([]byte(have), &d); err != nil {
		t.Fatalf("geojson: %v", err)
	}
	valid := func(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }
	if len(d.Features) != 2 || valid(d.Features[0].Properties.Name) != plain(name) || d.Name != plain(name+" x") {
		t.Errorf("geojson: %+v, wanted %q", d, plain(name))
	}
}
