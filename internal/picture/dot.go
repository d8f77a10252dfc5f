package picture

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// DOT writes a directed graph for Graphviz. Nodes that touch one Land only stand in a frame for it, where there is more than one Land. Colours tell
// roots and waves apart, shapes the kinds of node; what is estimated is dashed.
func DOT(w io.Writer, p Picture) error {
	s, err := p.sketch()
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("digraph kritisgraph {\n")
	if title := clean(p.Title); title != "" {
		fmt.Fprintf(&b, "  label=%s\n  labelloc=t\n", dotText(title))
	}
	b.WriteString("  rankdir=LR\n  fontname=\"sans-serif\"\n  node [fontname=\"sans-serif\"]\n  edge [fontname=\"sans-serif\" fontsize=10]\n")
	framed := s.frames()
	for _, code := range framed.codes {
		fmt.Fprintf(&b, "  subgraph %s {\n    label=%s\n    style=rounded\n    color=%q\n", dotText("cluster_"+code), dotText(s.nameOf(code)), faintLine)
		for _, n := range framed.nodes[code] {
			b.WriteString("  ")
			s.dotNode(&b, n)
		}
		b.WriteString("  }\n")
	}
	for _, n := range framed.nodes[""] {
		s.dotNode(&b, n)
	}
	for i := range s.Edges {
		s.dotEdge(&b, &s.Edges[i])
	}
	b.WriteString("}\n")
	_, err = io.WriteString(w, b.String())
	return err
}

// frames are the nodes by the one Land that they touch, empty for all others.
type frames struct {
	codes []string // in order
	nodes map[string][]*Node
}

func (s *sketch) frames() frames {
	f := frames{nodes: map[string][]*Node{}}
	several := s.severalStates()
	for i := range s.Nodes {
		n, code := &s.Nodes[i], ""
		if several && len(n.FederalStates) == 1 {
			code = n.FederalStates[0]
		}
		if code != "" && f.nodes[code] == nil {
			f.codes = append(f.codes, code)
		}
		f.nodes[code] = append(f.nodes[code], n)
	}
	slices.Sort(f.codes)
	return f
}

func (s *sketch) severalStates() bool {
	codes := map[string]bool{}
	for _, n := range s.Nodes {
		for _, code := range n.FederalStates {
			codes[code] = true
		}
	}
	return len(codes) > 1
}

// nameOf is the code of a Land and its name, where the picture has that.
func (s *sketch) nameOf(code string) string {
	for _, state := range s.States {
		if state.Code == code {
			return strings.TrimSpace(code + " " + state.Name)
		}
	}
	return code
}

var dotShapes = map[Kind]string{Branch: "hexagon", Service: "parallelogram", Facility: "box", Operator: "ellipse"}

func (s *sketch) dotNode(b *strings.Builder, n *Node) {
	shape, ok := dotShapes[n.Kind]
	if !ok {
		shape = "box"
	}
	fmt.Fprintf(b, "  %s [label=%s tooltip=%s shape=%s", s.tokens[n.Key], dotText(n.lines()...), dotText(n.Key), shape)
	style := []string{}
	if i := slices.IndexFunc(looks, func(l look) bool { return l.class == n.class() }); i >= 0 {
		style = append(style, "filled")
		fmt.Fprintf(b, " class=%s fillcolor=%q fontcolor=%q color=%q", looks[i].class, looks[i].fill, looks[i].text, looks[i].line)
	}
	if n.Root {
		b.WriteString(" penwidth=4")
	}
	if n.Loss != nil && n.Loss.Estimated {
		style = append(style, "dashed")
	}
	if len(style) > 0 {
		fmt.Fprintf(b, " style=%q", strings.Join(style, ","))
	}
	b.WriteString("]\n")
}

func (s *sketch) dotEdge(b *strings.Builder, e *Edge) {
	fmt.Fprintf(b, "  %s -> %s [label=%s tooltip=%s", s.tokens[e.Provider], s.tokens[e.Dependent], dotText(e.lines()...), dotText(e.Key))
	if e.Estimated {
		b.WriteString(" style=dashed")
	}
	if s.faint(e) {
		fmt.Fprintf(b, " color=%q", faintLine)
	}
	b.WriteString("]\n")
}

// Graphviz reads escapes such as \N and entities such as &lt; in labels.
var dotEscaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`)

// dotText quotes the lines of a label.
func dotText(lines ...string) string {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = dotEscaper.Replace(clean(line))
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}
