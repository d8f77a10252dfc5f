package picture

import "fmt"

// Picture is a graph of dependencies to be shown. It holds nothing but what its reader may see.
type Picture struct {
	Title  string
	Nodes  []Node
	Edges  []Edge
	States []State // the Länder of the nodes
}

// Kind is what a node is.
type Kind string

// The kinds of node.
const (
	Branch   Kind = "branch"
	Service  Kind = "service"
	Facility Kind = "facility"
	Operator Kind = "operator"
)

// Node is something that others depend on or that depends on others.
type Node struct {
	Key           string // unique in the picture, such as facility:demo-fa-0001
	Label         string
	Kind          Kind
	FederalStates []string // codes, such as BW
	Root          bool     // what fails first, or from where the graph was read
	Loss          *Loss    // nil where nobody asked what fails
}

// Loss is how a node fails.
type Loss struct {
	StartsAfter int64 // seconds after the roots
	Strength    int64 // how much of its service goes, in millionths
	Wave        int   // hops from the roots, 0 for a root
	Estimated   bool  // whether a figure on the way to it is
}

// Edge says that a dependent needs a provider.
type Edge struct {
	Key       string
	Provider  string // key of a node
	Dependent string // key of a node
	Kind      string // nature of the dependency, such as PHYSICAL
	Strength  int64  // how much of the dependent goes when the provider is gone, in millionths
	Delay     int64  // seconds from the provider's failure to the dependent's
	Need      string // edges into one dependent with the same need are alternatives; empty: stands alone
	Estimated bool
	Filled    bool // taken from the branches, because nobody registered one
	// Causing says that its dependent fails by it. Where a picture has causing edges, the others are drawn faint.
	Causing bool
}

// State is a Land that the picture touches.
type State struct {
	Code       string // BW
	Name       string
	ARS        string // official regional key, 2 digits
	NUTS       string // DE1
	Entries    int    // nodes that touch it
	Population *int64 // inhabitants supplied by what fails, nil where not known
}

// sketch is a picture that was checked, with the tokens of its nodes.
type sketch struct {
	Picture
	tokens map[string]string // by key
	causes bool              // some edge is causing
}

func (p Picture) sketch() (*sketch, error) {
	s := &sketch{Picture: p, tokens: make(map[string]string, len(p.Nodes))}
	for i, n := range p.Nodes {
		if s.tokens[n.Key] != "" {
			return nil, fmt.Errorf("drawing: the node %q is there twice", n.Key)
		}
		s.tokens[n.Key] = fmt.Sprintf("n%d", i+1)
	}
	for _, e := range p.Edges {
		for _, end := range []string{e.Provider, e.Dependent} {
			if s.tokens[end] == "" {
				return nil, fmt.Errorf("drawing: the edge %q has the end %q, which is no node", e.Key, end)
			}
		}
		s.causes = s.causes || e.Causing
	}
	return s, nil
}

func (s *sketch) faint(e *Edge) bool { return s.causes && !e.Causing }
