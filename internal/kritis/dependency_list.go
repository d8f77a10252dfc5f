package kritis

import (
	"context"
	"slices"

	"kritisgraph/internal/store"
)

// DependencyConnection is a page of dependencies.
type DependencyConnection struct {
	connection
	Edges []*DependencyEdge
	Nodes []*Dependency
}

// DependencyEdge is a dependency in a list.
type DependencyEdge struct {
	edgeOf
	Node *Dependency
}

// Providers lists what a subject needs: for a branch the reference data, strongest first; for a facility or operator what is
// registered and valid today, facilities before operators, by reference.
func (v *View) Providers(ctx context.Context, of DependencySubject, page PageArgs) (*DependencyConnection, error) {
	if b, ok := of.(*Branch); ok {
		return v.branchDependencies(b, store.In, b.providers, page)
	}
	return v.registeredDependencies(ctx, of, store.In, page)
}

// Dependents lists what needs a subject, as Providers does.
func (v *View) Dependents(ctx context.Context, of DependencySubject, page PageArgs) (*DependencyConnection, error) {
	if b, ok := of.(*Branch); ok {
		return v.branchDependencies(b, store.Out, b.dependents, page)
	}
	return v.registeredDependencies(ctx, of, store.Out, page)
}

// branchDependencies takes a page of what the rulebook holds. Its positions are the keys of the dependencies.
func (v *View) branchDependencies(b *Branch, dir store.Dir, all []*Dependency, page PageArgs) (*DependencyConnection, error) {
	l := store.List{Parent: b.StoreID(), Edge: EdgeSupplies, Dir: dir}
	from, c, err := v.heldPage(l, len(all), func(i int) string { return all[i].Key() }, page)
	if err != nil {
		return nil, err
	}
	out := &DependencyConnection{connection: c}
	for _, d := range all[from : from+len(c.page.Hits)] {
		out.add(d)
	}
	return out, nil
}

// add appends the dependency of the next hit of the page.
func (c *DependencyConnection) add(d *Dependency) {
	c.Edges = append(c.Edges, &DependencyEdge{c.edge(len(c.Nodes)), d})
	c.Nodes = append(c.Nodes, d)
}

// registeredLabels are the labels of what registered dependencies link.
var registeredLabels = []store.Label{LabelFacility, LabelOperator}

// registeredDependencies reads a page of the dependencies of a facility or operator; a hit holds the other end, so nothing else
// is read for it.
func (v *View) registeredDependencies(ctx context.Context, of DependencySubject, dir store.Dir, page PageArgs) (*DependencyConnection, error) {
	id, err := ParseGlobalID(of.ID())
	if err != nil {
		return nil, err
	}
	q := store.Query{Labels: registeredLabels, ValidOn: DayOf(v.now)}
	page.list = &store.Query{Labels: registeredLabels} // cursors outlive midnight
	c, err := v.hopPage(ctx, id, EdgeSupplies, dir, q, page)
	if err != nil {
		return nil, err
	}
	out := &DependencyConnection{connection: c}
	for _, hit := range c.page.Hits {
		d, err := v.dependencyTo(ctx, hit, dir)
		if err != nil {
			return nil, err
		}
		if dir == store.In {
			d.dependent = of
		} else {
			d.provider = of
		}
		out.add(d)
	}
	return out, nil
}

// dependencyTo returns the dependency over which a hit was reached.
func (v *View) dependencyTo(ctx context.Context, hit store.Hit, dir store.Dir) (*Dependency, error) {
	far, err := v.dependencySubject(ctx, hit.Node)
	if err != nil {
		return nil, err
	}
	d := newDependency(hit.Edge)
	d.view = v
	if dir == store.In {
		d.provider = far
	} else {
		d.dependent = far
	}
	return d, nil
}

// dependencies finds dependencies by their ids, whenever they are valid, in one read. What is hidden, for one of its ends is,
// and what does not exist are missing alike.
func (v *View) dependencies(ctx context.Context, ids []store.ID) (map[store.ID]*Dependency, error) {
	found, wanted := map[store.ID]*Dependency{}, []store.Value{}
	hop := store.Hop{Edge: EdgeSupplies, Query: store.Query{Labels: registeredLabels, Limit: store.MaxPage}}
	for _, id := range ids {
		from, ok := providerIn(id)
		switch {
		case !ok:
		case store.Label(from.Kind()) == LabelBranch:
			book, err := v.Rulebook(ctx)
			if err != nil {
				return nil, err
			}
			if d, ok := book.Node(id).(*Dependency); ok {
				found[id] = d
			}
		default:
			wanted = append(wanted, store.String(string(id)))
			hop.From = append(hop.From, from)
		}
	}
	if len(wanted) == 0 {
		return found, nil
	}
	slices.Sort(hop.From)
	hop.From = slices.Compact(hop.From)
	hop.Via = store.Where("id", store.IN, wanted...)
	pages, err := v.reader.Neighbors(ctx, hop)
	if err != nil {
		return nil, err
	}
	for _, page := range pages {
		for _, hit := range page.Hits {
			if found[hit.Edge.ID], err = v.dependencyTo(ctx, hit, store.Out); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}
