package seed

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// Actor is who commits shipped data, in the log.
const Actor = "seed"

// The actions of the commits of this package.
const (
	ActionReferenceLoad  = "REFERENCE_LOAD"
	ActionReferenceRenew = "REFERENCE_RENEW"
	ActionDemoLoad       = "DEMO_LOAD"
)

// datasetID names the node that says which reference data a store was loaded with.
var datasetID = store.NewID(string(kritis.LabelDataset), "reference")

// mapping numbers the way in which rows become nodes and edges. It is part of the digest: raise it with a change of that
// way, and stores are renewed at their next start.
const mapping = 1

// ReferenceChanges returns the embedded reference data as changes for a store that has none: chunks of at most
// store.MaxChange things, nodes before the edges that need them, each thing wanted absent.
func ReferenceChanges(at time.Time) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		nodes, edges, err := embeddedGraph()
		if err != nil {
			yield(store.Change{}, err)
			return
		}
		c := chunker{yield: yield, meta: store.Meta{Actor: Actor, Action: ActionReferenceLoad, At: at.UnixMicro()}}
		if c.add(nodes, nil) && c.add(nil, edges) {
			c.flush()
		}
	}
}

// shipped is the embedded reference data, read once: callers leave it as it is.
var shipped = sync.OnceValues(Load)

func embeddedGraph() ([]store.Node, []store.Edge, error) {
	ref, err := shipped()
	if err != nil {
		return nil, nil, err
	}
	digest, err := Digest()
	if err != nil {
		return nil, nil, err
	}
	return Graph(ref, digest)
}

// Digest returns the fingerprint of the embedded reference data, in hexadecimal: SHA-256 over the number of the mapping
// and, in the order of their names, name, length and content of each file.
func Digest() (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "mapping %d\n", mapping)
	entries, err := embedded.ReadDir("reference")
	if err != nil {
		return "", fmt.Errorf("open embedded reference data: %w", err)
	}
	for _, e := range entries {
		raw, err := fs.ReadFile(embedded, "reference/"+e.Name())
		if err != nil {
			return "", fmt.Errorf("read reference data %s: %w", e.Name(), err)
		}
		fmt.Fprintf(h, "%s %d\n", e.Name(), len(raw))
		h.Write(raw)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Graph turns reference data into nodes and edges in the order of the files, without versions. Every fact arrives with its
// source; everybody may see it. Codes are written as in the API, in capitals; slugs stay as they are. A row that refers
// to one that does not exist is an error. The digest is kept on the node Dataset/reference.
func Graph(ref Reference, digest string) ([]store.Node, []store.Edge, error) {
	b := builder{ref: ref, known: map[store.ID]bool{}}
	b.states()
	b.acts()
	b.authorities()
	b.contacts()
	b.competences()
	b.taxonomy()
	b.dependencies()
	b.deadlines()
	b.teams()
	b.situation()
	b.incidentTaxonomy()
	b.statistics()
	b.dataset(digest)
	for _, e := range b.edges {
		for _, end := range []store.ID{e.From, e.To} {
			if !b.known[end] {
				b.fail(fmt.Errorf("reference data: %s refers to %s, which does not exist", e.ID, end))
			}
		}
	}
	if b.err != nil {
		return nil, nil, b.err
	}
	return b.nodes, b.edges, nil
}

// evidence is what every node and edge says of its origin; from and until bound its validity.
type evidence struct {
	source, asOf, confidence string
	from, until              string
}

func of(p Provenance) evidence {
	return evidence{source: p.Source, asOf: p.AsOf, confidence: p.Confidence}
}

// sure returns the evidence with another confidence, where one is given.
func (e evidence) sure(confidence string) evidence {
	if confidence != "" {
		e.confidence = confidence
	}
	return e
}

func (e evidence) props(p props) map[string]store.Value {
	if p == nil {
		p = props{}
	}
	p.text("source", e.source).text("asOf", e.asOf).code("confidence", e.confidence)
	p.text(store.ValidFrom, e.from).text(store.ValidUntil, e.until).text("status", "STATED")
	return p
}

// props are properties in the making; what is empty stays absent.
type props map[string]store.Value

func (p props) text(name, v string) props {
	if v != "" {
		p[name] = store.String(v)
	}
	return p
}

func (p props) code(name, v string) props { return p.text(name, code(v)) }

func (p props) list(name string, v []string) props {
	if len(v) > 0 {
		p[name] = store.Strings(v...)
	}
	return p
}

func (p props) codes(name string, v []string) props { return p.list(name, codes(v)) }

func (p props) num(name string, n int64) props {
	p[name] = store.Int(n)
	return p
}

func (p props) flag(name string, b bool) props {
	p[name] = store.Bool(b)
	return p
}

func (p props) names(de, en string) props { return p.text("nameDe", de).text("nameEn", en) }

// code writes a code of the data as the API does.
func code(s string) string { return strings.ToUpper(strings.ReplaceAll(s, "-", "_")) }

func codes(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = code(s)
	}
	return out
}

// conditions writes each condition as "attribute=VALUE|VALUE".
func conditions(c Conditions) []string {
	var out []string
	for _, cond := range c {
		out = append(out, cond.Attribute+"="+strings.Join(cond.Values, "|"))
	}
	return out
}

// land turns the id of a Land (de-by) into its code (BY).
func land(id string) string { return strings.ToUpper(strings.TrimPrefix(id, "de-")) }

func lands(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = land(id)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// builder collects the graph and the first error.
type builder struct {
	ref   Reference
	nodes []store.Node
	edges []store.Edge
	known map[store.ID]bool
	err   error
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *builder) node(label store.Label, key string, e evidence, p props) store.ID {
	return b.add(label, key, kritis.Public(), e, p)
}

// child adds a node that its owner shows: it has no audience of its own.
func (b *builder) child(label store.Label, key string, e evidence, p props) store.ID {
	return b.add(label, key, store.Visibility{TLP: store.TLPClear}, e, p)
}

func (b *builder) add(label store.Label, key string, v store.Visibility, e evidence, p props) store.ID {
	id := store.NewID(string(label), key)
	b.put(store.Node{ID: id, Own: v, Props: e.props(p)})
	return id
}

func (b *builder) put(n store.Node) {
	if b.known[n.ID] {
		b.fail(fmt.Errorf("reference data: %s stands twice", n.ID))
	}
	b.known[n.ID] = true
	b.nodes = append(b.nodes, n)
}

// edge connects two nodes; an empty key of the far end connects nothing.
func (b *builder) edge(t store.EdgeType, from store.ID, label store.Label, key string, e evidence, p props) {
	if key == "" {
		return
	}
	to := store.NewID(string(label), key)
	b.edges = append(b.edges, store.Edge{ID: store.EdgeID(t, from, to), From: from, To: to, Props: e.props(p)})
}

// scaled reads a decimal number as a whole number of 10^-digits.
func (b *builder) scaled(d Decimal, digits int) int64 {
	n, err := d.Scaled(digits)
	if err != nil {
		b.fail(err)
	}
	return n
}

// chunker cuts a stream of things into changes.
type chunker struct {
	yield func(store.Change, error) bool
	meta  store.Meta
	size  int // of a chunk; 0: store.MaxChange
	now   store.Change
}

// add puts things into the current change and reports whether to go on.
func (c *chunker) add(nodes []store.Node, edges []store.Edge) bool {
	limit := c.size
	if limit == 0 {
		limit = store.MaxChange
	}
	for _, n := range nodes {
		if c.now.Size() >= limit && !c.flush() {
			return false
		}
		c.now.Put = append(c.now.Put, n)
		c.now.If = append(c.now.If, store.Cond{ID: n.ID})
	}
	for _, e := range edges {
		if c.now.Size() >= limit && !c.flush() {
			return false
		}
		c.now.Link = append(c.now.Link, e)
		c.now.If = append(c.now.If, store.Cond{ID: e.ID})
	}
	return true
}

func (c *chunker) flush() bool {
	if c.now.Size() == 0 {
		return true
	}
	change := c.now
	change.Meta = c.meta
	c.now = store.Change{}
	return c.yield(change, nil)
}
