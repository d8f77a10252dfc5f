package kritis

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kritisgraph/internal/store"
)

// readState goes through all nodes, label by label, with the edges that leave them.
func (c *checker) readState(ctx context.Context) error {
	var steps []store.Step
	for _, e := range c.schema.Edges {
		steps = append(steps, store.Step{Edge: e.Type, Dir: store.Out})
	}
	for _, label := range c.schema.Labels {
		q := store.Query{Labels: []store.Label{label.Label}, Limit: store.MaxPage}
		for {
			page, err := c.store.List(ctx, c.scope, q)
			if err != nil {
				return fmt.Errorf("reading the state: %w", err)
			}
			nodes := make([]store.Node, len(page.Hits))
			for i, hit := range page.Hits {
				nodes[i] = hit.Node
			}
			if err := c.examine(ctx, nodes, steps); err != nil {
				return fmt.Errorf("reading the state: %w", err)
			}
			if !page.More {
				break
			}
			q.Start = &page.Hits[len(page.Hits)-1].Position
		}
	}
	return nil
}

// surroundings are the edges that leave some nodes, and the nodes at both ends.
type surroundings struct {
	out   map[store.ID][]store.Edge
	nodes map[store.ID]store.Node
}

// to returns the nodes at the far ends of the edges of a type that leave a node.
func (s surroundings) to(id store.ID, t store.EdgeType) []store.Node {
	var far []store.Node
	for _, e := range s.out[id] {
		if e.Type() == t {
			far = append(far, s.nodes[e.To])
		}
	}
	return far
}

// examine judges nodes and the edges that leave them.
func (c *checker) examine(ctx context.Context, nodes []store.Node, steps []store.Step) error {
	if len(nodes) == 0 {
		return nil
	}
	ids := make([]store.ID, len(nodes))
	for i, n := range nodes {
		ids[i] = n.ID
	}
	g, err := c.store.Traverse(ctx, c.scope, store.Walk{From: ids, Follow: steps, Depth: 1, MaxNodes: store.MaxWalk, MaxEdges: store.MaxEdges})
	switch {
	case err != nil:
		return err
	case g.Truncated && len(nodes) > 1:
		half := len(nodes) / 2
		if err := c.examine(ctx, nodes[:half], steps); err != nil {
			return err
		}
		return c.examine(ctx, nodes[half:], steps)
	case g.Truncated:
		return fmt.Errorf("%s has more edges than one walk shows", ids[0])
	}
	s := surroundings{out: map[store.ID][]store.Edge{}, nodes: map[store.ID]store.Node{}}
	for _, n := range g.Nodes {
		s.nodes[n.ID] = n
	}
	for _, e := range g.Edges {
		s.out[e.From] = append(s.out[e.From], e)
	}
	for i := range nodes {
		c.node(&nodes[i], s)
	}
	return nil
}

func (c *checker) node(n *store.Node, s surroundings) {
	c.nodes++
	c.ledger.node(n)
	if err := c.schema.CheckNode(*n); err != nil {
		c.fail(n.ID, "it does not fit the schema: %v", err)
	}
	c.evidence(n.ID, n.Props)
	c.required(n, s)
	c.copies(n, s)
	for i := range s.out[n.ID] {
		e := &s.out[n.ID][i]
		c.edges++
		c.ledger.edge(e)
		if err := c.schema.CheckEdge(*e); err != nil {
			c.fail(e.ID, "it does not fit the schema: %v", err)
		}
		c.evidence(e.ID, e.Props)
		c.key(e)
	}
}

// key judges that no two dependencies share a key.
func (c *checker) key(e *store.Edge) {
	if e.Type() != EdgeSupplies {
		return
	}
	key := dependencyKey(*e)
	if other, twice := c.keys[key]; twice {
		c.fail(e.ID, "its key %s is that of %s too", key, other)
	}
	c.keys[key] = e.ID
}

// evidence judges what every node and edge says of its origin. A source that names no day or no certainty is worth
// knowing; a fact without a source is an error.
func (c *checker) evidence(id store.ID, props map[string]store.Value) {
	for _, name := range []string{"source", "status"} {
		if props[name].Text() == "" {
			c.fail(id, "it has no %s", name)
		}
	}
	for _, name := range []string{"asOf", "confidence"} {
		if props[name].Text() == "" {
			c.lacks(id, name)
		}
	}
	if status := props["status"].Text(); status != "" && status != "STATED" && status != "DEMO" {
		c.fail(id, "its status %q is not known", status)
	}
	if confidence := props["confidence"].Text(); confidence != "" && !slices.Contains(confidences, confidence) {
		c.fail(id, "its confidence %q is not known", confidence)
	}
	for _, name := range []string{"asOf", store.ValidFrom, store.ValidUntil} {
		if day := props[name].Text(); day != "" && !isDay(day) {
			c.fail(id, "its %s %q is no day", name, day)
		}
	}
	from, until := props[store.ValidFrom].Text(), props[store.ValidUntil].Text()
	// What is taken back before it began ends on its first day, so it never holds.
	never := until == from && slices.Contains([]store.Label{LabelContactPoint, LabelChannel, labelDependency}, store.Label(id.Kind()))
	if until != "" && until <= from && !never {
		c.fail(id, "it ends on %s, not after its first day %s", until, from)
	}
}

var confidences = []string{"VERIFIED", "MEMORY", "UNVERIFIED"}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func (c *checker) lacks(id store.ID, name string) {
	what := [2]string{id.Kind(), name}
	l := c.lacking[what]
	if l == nil {
		l = &lack{first: id}
		c.lacking[what] = l
	}
	l.count++
	l.first = min(l.first, id)
}
