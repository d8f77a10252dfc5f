// Package picture writes a graph of dependencies, or what fails in it, for other programs to show: [Mermaid] for a README, [GraphML] for
// Gephi and networkx, [DOT] for Graphviz, [GeoJSON] for a map. It is a pure function of a [Picture]: equal pictures give equal bytes.
//
// Every picture tells three things without colour too: what fails first (root), in which wave the rest follows, and which figures are
// estimated (dashed lines in Mermaid and DOT, an attribute in GraphML and GeoJSON).
//
// Labels come from whoever registered something. In every format they are text and nothing else: no quote, tag, entity, keyword or line break in
// one reaches the grammar of the format. Nodes and edges are called n1, e1 and so on, in the order given; what they are called elsewhere is their key.
package picture
