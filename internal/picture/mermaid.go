package picture

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// What GitHub and other pages render with the settings that Mermaid comes with.
const (
	maxMermaidEdges = 500
	maxMermaidText  = 50_000 // UTF-16 code units
)

// ErrTooLarge is what [Mermaid] gives for a picture that pages do not render.
var ErrTooLarge = errors.New("the picture is too large for Mermaid")

// Mermaid writes a flowchart from left to right, without the fence of a README. Classes tell roots and waves apart, shapes the kinds of node;
// what is estimated is dashed. A picture of more than 500 edges or 50,000 characters is [ErrTooLarge]: GitHub would show an error in its place, and
// a part of an answer would look like all of it.
func Mermaid(w io.Writer, p Picture) error {
	s, err := p.sketch()
	if err != nil {
		return err
	}
	if n := len(p.Edges); n > maxMermaidEdges {
		return fmt.Errorf("%w: it has %d edges, pages render at most %d; ask for less, or take GraphML or DOT", ErrTooLarge, n, maxMermaidEdges)
	}
	var b strings.Builder
	if title := clean(p.Title); title != "" {
		quoted, err := json.Marshal(title) // a string of JSON is one of YAML
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "---\ntitle: %s\n---\n", quoted)
	}
	b.WriteString("flowchart LR\n")
	s.mermaidNodes(&b)
	s.mermaidEdges(&b)
	s.mermaidClasses(&b)
	if n := len(utf16.Encode([]rune(b.String()))); n > maxMermaidText {
		return fmt.Errorf("%w: it has %d characters, pages render at most %d; ask for less, or take GraphML or DOT", ErrTooLarge, n, maxMermaidText)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

var mermaidShapes = map[Kind][2]string{
	Branch: {"{{", "}}"}, Service: {"[/", "/]"}, Facility: {"[", "]"}, Operator: {"([", "])"},
}

func (s *sketch) mermaidNodes(b *strings.Builder) {
	for i := range s.Nodes {
		n := &s.Nodes[i]
		shape, ok := mermaidShapes[n.Kind]
		if !ok {
			shape = mermaidShapes[Facility]
		}
		fmt.Fprintf(b, "  %s%s%s%s\n", s.tokens[n.Key], shape[0], mermaidText(n.lines()), shape[1])
	}
}

func (s *sketch) mermaidEdges(b *strings.Builder) {
	var faint []string
	for i := range s.Edges {
		e := &s.Edges[i]
		arrow := "-->"
		if e.Estimated {
			arrow = "-.->"
		}
		fmt.Fprintf(b, "  %s %s|%s| %s\n", s.tokens[e.Provider], arrow, mermaidText(e.lines()), s.tokens[e.Dependent])
		if s.faint(e) {
			faint = append(faint, fmt.Sprint(i))
		}
	}
	if len(faint) > 0 {
		fmt.Fprintf(b, "  linkStyle %s stroke:%s\n", strings.Join(faint, ","), faintLine)
	}
}

func (s *sketch) mermaidClasses(b *strings.Builder) {
	of := func(has func(*Node) bool) (tokens []string) {
		for i := range s.Nodes {
			if n := &s.Nodes[i]; has(n) {
				tokens = append(tokens, s.tokens[n.Key])
			}
		}
		return tokens
	}
	write := func(class, style string, tokens []string) {
		if len(tokens) == 0 {
			return
		}
		fmt.Fprintf(b, "  classDef %s %s\n", class, style)
		for part := range slices.Chunk(tokens, 20) {
			fmt.Fprintf(b, "  class %s %s\n", strings.Join(part, ","), class)
		}
	}
	for _, l := range looks {
		style := fmt.Sprintf("fill:%s,color:%s,stroke:%s", l.fill, l.text, l.line)
		if l.class == "roots" {
			style += ",stroke-width:4px"
		}
		write(l.class, style, of(func(n *Node) bool { return n.class() == l.class }))
	}
	write("estimated", "stroke-dasharray:6 4", of(func(n *Node) bool { return n.Loss != nil && n.Loss.Estimated }))
}

// mermaidText quotes the lines of a label.
func mermaidText(lines []string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, line := range lines {
		if i > 0 {
			b.WriteString("<br/>")
		}
		mermaidLine(&b, line)
	}
	b.WriteByte('"')
	return b.String()
}

// Mermaid decodes entities before it looks for formulas ($$), icons (fa:fa-bolt) and its own marks of an entity (ﬂ° and ¶ß): a space
// without width breaks these up.
var mermaidBreaker = strings.NewReplacer("$", "$\u200B", ":fa", ":\u200Bfa", "ﬂ°", "ﬂ\u200B°", "¶ß", "¶\u200Bß")

// mermaidLine writes a line as letters, digits and numbered entities. Mermaid has no escape in its strings, reads Markdown and HTML in them, and looks
// for directives and styles before it looks for strings: so no other character stands for itself than those that mean nothing anywhere.
func mermaidLine(b *strings.Builder, line string) {
	line = mermaidBreaker.Replace(line)
	for i, r := range line {
		plain := unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == ' ' || r == ',' || r == '·' || r == '-' && i > 0
		// The point of a number is no list of Markdown.
		plain = plain || r == '.' && i > 0 && isDigit(line[i-1]) && i+1 < len(line) && isDigit(line[i+1])
		if plain {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(b, "#%d;", r)
		}
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
