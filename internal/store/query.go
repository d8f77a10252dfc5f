package store

// Op compares a property with Values. An absent property fails each Op but Absent, so logic is two-valued; strings are
// compared by bytes.
type Op string

// The operators of a Filter.
const (
	EQ       Op = "EQ"       // equals Values[0]
	IN       Op = "IN"       // equals one of Values
	LT       Op = "LT"       // less than Values[0]; strings, integers
	LTE      Op = "LTE"      // at most Values[0]
	GT       Op = "GT"       // greater than Values[0]
	GTE      Op = "GTE"      // at least Values[0]
	PREFIX   Op = "PREFIX"   // a string that begins with Values[0]
	CONTAINS Op = "CONTAINS" // a string that contains Values[0]
	HAS      Op = "HAS"      // a list that holds one of Values
	ABSENT   Op = "ABSENT"   // the property is absent; no Values
)

// Filter selects nodes or edges. Exactly one of its parts is set; the zero Filter selects everything, an empty All too,
// an empty non-nil Any nothing. The property "id" is the id itself.
type Filter struct {
	All  []Filter
	Any  []Filter
	Not  *Filter
	Prop string
	Op   Op
	// Values has one element for EQ, LT, LTE, GT, GTE, PREFIX and CONTAINS, any number for IN and HAS.
	Values []Value
	Some   *Rel // a visible neighbor exists that Where selects
	None   *Rel // no visible neighbor exists that Where selects
}

// IsZero reports whether f selects everything because nothing is set.
func (f Filter) IsZero() bool {
	return f.All == nil && f.Any == nil && f.Not == nil && f.Prop == "" && f.Some == nil && f.None == nil
}

// Where is a short form of a Filter on one property.
func Where(prop string, op Op, values ...Value) Filter {
	return Filter{Prop: prop, Op: op, Values: values}
}

// Dir is the direction in which an edge is followed.
type Dir int8

// Out follows an edge from From to To, In the other way round.
const (
	Out Dir = iota
	In
)

// Rel is one hop from a node to its neighbors of a label (empty: any). Where holds no Rel.
type Rel struct {
	Edge  EdgeType
	Dir   Dir
	Label Label
	Where Filter
}

// Order sorts by a property that the schema marks as sortable. Text sorts by its folded copy.
type Order struct {
	Prop string
	Desc bool
}

// Position is a place in an order: the values of its sort keys and the ids that end every order.
type Position struct {
	Keys []Value `json:"keys"`
	Node ID      `json:"node"`
	Edge ID      `json:"edge,omitempty"`
}

// Query selects nodes of the given labels. With Text the order is rank (descending), folded name, id, and Order is
// empty; else Order, then id ascending. Limit nodes after Start (exclusive) are returned, before Start if Backwards;
// always in the order itself. Total asks for the number of all that match, whatever Start and Limit.
type Query struct {
	Labels    []Label
	Where     Filter
	Text      string
	ValidOn   Day
	Order     []Order
	Start     *Position
	Backwards bool
	Limit     int
	Total     bool
}

// Hop asks for the neighbors of many parents over one edge type. Via filters the edges by their own properties, Query the
// nodes at the far end (empty Labels: any; no Text). ValidOn judges edge and node. Ties of the order end with the id of
// the node, then of the edge; a neighbor over two edges counts twice.
type Hop struct {
	From  []ID
	Edge  EdgeType
	Dir   Dir
	Via   Filter
	Query Query
}

// Hit is one node of a page, the edge it was reached by (a Hop only), its rank (a Text query only) and its place.
type Hit struct {
	Node     Node
	Edge     Edge
	Rank     Rank
	Position Position
}

// Page is a slice of an order. More says whether the order goes on beyond it in the direction asked. Total is -1 where it
// was not asked.
type Page struct {
	Hits  []Hit
	More  bool
	Total int64
}

// Rank says how well a node fits a text, in quarters: see RankKey, RankName, RankWords.
type Rank int8

// The ranks of a text query: the text equals a natural key (score 1), a name begins with it (0.5), each of its words
// begins a word of the node (0.25).
const (
	RankKey   Rank = 4
	RankName  Rank = 2
	RankWords Rank = 1
)

// Score returns the rank as the API shows it.
func (r Rank) Score() float64 { return float64(r) / 4 }

// Key groups a count: by a property (a list counts once for each element, an absent one under the absent Value), by
// ranges of an integer property (Bounds ascending; group i holds values below Bounds[i] and at least Bounds[i-1]; the
// group's value is its lower bound, absent for the first), or by the id of the visible neighbor over Edge (once for each;
// none: the absent Value).
type Key struct {
	Prop   string
	Bounds []Value
	Edge   EdgeType
	Dir    Dir
}

// Group is a count of nodes that share the values of the keys. Groups come in the order of their values; there is none
// with count zero, except that a count without keys is one group.
type Group struct {
	Values []Value
	Count  int64
}

// Step is an edge type that a walk follows, in one direction.
type Step struct {
	Edge EdgeType
	Dir  Dir
}

// Walk is a bounded breadth-first search from the visible ones of From. Nodes of a Stop label are shown, but never left
// (From included). ValidOn judges edges and reached nodes. Props names the properties wanted of nodes and edges, nil all.
type Walk struct {
	From     []ID
	Follow   []Step
	Stop     []Label
	ValidOn  Day
	Props    []string
	Depth    int
	MaxNodes int
	MaxEdges int
}

// Subgraph is what a walk found: nodes level by level, then by id; edges, each once and with both ends among the nodes,
// by the level at which they were met, then by id. Truncated says that MaxNodes or MaxEdges cut it.
type Subgraph struct {
	Nodes     []Node
	Edges     []Edge
	Truncated bool
}
