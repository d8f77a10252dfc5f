package picture

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// GraphML writes a directed graph with typed attributes, as Gephi and networkx read it. What is not known or does not apply is
// left out. The label of a node and the weight of an edge, its strength, have the names under which these programs look for them.
func GraphML(w io.Writer, p Picture) error {
	s, err := p.sketch()
	if err != nil {
		return err
	}
	d := graphMLDocument{Keys: append(keysOf("node", nodeAttributes), keysOf("edge", edgeAttributes)...)}
	d.Graph.EdgeDefault = "directed"
	d.Graph.Title = clean(p.Title)
	for i := range s.Nodes {
		n := &s.Nodes[i]
		d.Graph.Nodes = append(d.Graph.Nodes, graphMLNode{s.tokens[n.Key], dataOf("node", nodeAttributes, n)})
	}
	for i := range s.Edges {
		e := &s.Edges[i]
		d.Graph.Edges = append(d.Graph.Edges, graphMLEdge{fmt.Sprintf("e%d", i+1), s.tokens[e.Provider], s.tokens[e.Dependent], dataOf("edge", edgeAttributes, e)})
	}
	text, err := xml.MarshalIndent(d, "", "  ")
	if err != nil {
		return fmt.Errorf("writing GraphML: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

type graphMLDocument struct {
	XMLName xml.Name     `xml:"http://graphml.graphdrawing.org/xmlns graphml"`
	Keys    []graphMLKey `xml:"key"`
	Graph   struct {
		EdgeDefault string        `xml:"edgedefault,attr"`
		Title       string        `xml:"desc,omitempty"`
		Nodes       []graphMLNode `xml:"node"`
		Edges       []graphMLEdge `xml:"edge"`
	} `xml:"graph"`
}

type graphMLKey struct {
	ID   string `xml:"id,attr"`
	For  string `xml:"for,attr"`
	Name string `xml:"attr.name,attr"`
	Type string `xml:"attr.type,attr"`
}

type graphMLNode struct {
	ID   string        `xml:"id,attr"`
	Data []graphMLData `xml:"data"`
}

type graphMLEdge struct {
	ID     string        `xml:"id,attr"`
	Source string        `xml:"source,attr"`
	Target string        `xml:"target,attr"`
	Data   []graphMLData `xml:"data"`
}

type graphMLData struct {
	Key   string `xml:"key,attr"`
	Value string `xml:",chardata"`
}

// attribute is one of a node or an edge, with its type in GraphML; an empty value is left out.
type attribute[T any] struct {
	name, typ string
	value     func(*T) string
}

var nodeAttributes = []attribute[Node]{
	{"label", "string", func(n *Node) string { return n.lines()[0] }},
	{"key", "string", func(n *Node) string { return clean(n.Key) }},
	{"kind", "string", func(n *Node) string { return clean(string(n.Kind)) }},
	{"federalStates", "string", func(n *Node) string { return clean(strings.Join(n.FederalStates, " ")) }},
	{"root", "boolean", func(n *Node) string { return strconv.FormatBool(n.Root) }},
	{"wave", "long", ofLoss(func(l *Loss) string { return strconv.Itoa(l.Wave) })},
	{"startsAfterSeconds", "long", ofLoss(func(l *Loss) string { return strconv.FormatInt(l.StartsAfter, 10) })},
	{"startsAfter", "string", ofLoss(func(l *Loss) string { return span(l.StartsAfter) })},
	{"strength", "double", ofLoss(func(l *Loss) string { return decimal(l.Strength) })},
	{"figures", "string", ofLoss(func(l *Loss) string { return figures(l.Estimated) })},
}

var edgeAttributes = []attribute[Edge]{
	{"weight", "double", func(e *Edge) string { return decimal(e.Strength) }},
	{"label", "string", func(e *Edge) string { return strings.Join(e.lines(), ", ") }},
	{"key", "string", func(e *Edge) string { return clean(e.Key) }},
	{"kind", "string", func(e *Edge) string { return clean(e.Kind) }},
	{"delaySeconds", "long", func(e *Edge) string { return strconv.FormatInt(e.Delay, 10) }},
	{"delay", "string", func(e *Edge) string { return span(e.Delay) }},
	{"need", "string", func(e *Edge) string { return clean(e.Need) }},
	{"figures", "string", func(e *Edge) string { return figures(e.Estimated) }},
	{"filled", "boolean", func(e *Edge) string { return strconv.FormatBool(e.Filled) }},
	{"causing", "boolean", func(e *Edge) string { return strconv.FormatBool(e.Causing) }},
}

func ofLoss(value func(*Loss) string) func(*Node) string {
	return func(n *Node) string {
		if n.Loss == nil {
			return ""
		}
		return value(n.Loss)
	}
}

func keysOf[T any](of string, attributes []attribute[T]) []graphMLKey {
	keys := make([]graphMLKey, len(attributes))
	for i, a := range attributes {
		keys[i] = graphMLKey{of + "." + a.name, of, a.name, a.typ}
	}
	return keys
}

func dataOf[T any](of string, attributes []attribute[T], x *T) []graphMLData {
	var data []graphMLData
	for _, a := range attributes {
		if value := a.value(x); value != "" {
			data = append(data, graphMLData{of + "." + a.name, value})
		}
	}
	return data
}
