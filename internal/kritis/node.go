package kritis

import (
	"context"
	"errors"

	"kritisgraph/internal/store"
)

// object returns the typed thing that a node is: from the rulebook where it is reference data, else with sight of the
// view. Nodes that have no type in the API are nil.
func (v *View) object(ctx context.Context, n store.Node) (Node, error) {
	switch n.Label() {
	case LabelContactPoint:
		return v.contactPoint(n), nil
	case LabelOperator:
		return &Operator{registered{object{n}, v}}, nil
	case LabelFacility:
		return &Facility{registered{object{n}, v}}, nil
	case LabelIncident:
		return v.incident(n), nil
	case LabelIntegrationKey:
		return &IntegrationKey{object{n}, v}, nil
	case LabelCompetenceSet:
		return &CompetenceSet{object{n}, v}, nil
	case LabelAccessGrant:
		return &AccessGrant{object{n}, v}, nil
	}
	book, err := v.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	return book.Node(n.ID), nil
}

// apiLabels are the labels whose nodes have a global id in the API.
var apiLabels = map[store.Label]bool{
	LabelFederalState: true, LabelLegalAct: true, LabelAuthority: true, LabelContactPoint: true, LabelCompetence: true,
	LabelSector: true, LabelBranch: true, LabelService: true, LabelOperator: true, LabelFacility: true, LabelIncident: true,
	LabelIntegrationKey: true,
	LabelCompetenceSet:  true,
	LabelAccessGrant:    true,
	labelDependency:     true,
}

// Node returns the object with the global id, nil where there is none that the caller may see.
func (v *View) Node(ctx context.Context, globalID string) (Node, error) {
	nodes, err := v.Nodes(ctx, []string{globalID})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// maxNodes is the greatest number of ids in one question.
const maxNodes = 100

// Nodes returns the objects with the global ids, nil at the place of each that there is not.
func (v *View) Nodes(ctx context.Context, globalIDs []string) ([]Node, error) {
	if len(globalIDs) > maxNodes {
		return nil, BadInput("ids", "ids takes at most %d ids, not %d: ask several times.", maxNodes, len(globalIDs))
	}
	ids := make([]store.ID, len(globalIDs))
	var nodes, edges []store.ID
	for i, g := range globalIDs {
		id, err := ParseGlobalID(g)
		switch {
		case err != nil || !apiLabels[store.Label(id.Kind())]:
			continue
		case store.Label(id.Kind()) == labelDependency:
			edges = append(edges, id)
		default:
			nodes = append(nodes, id)
		}
		ids[i] = id
	}
	found, err := v.reader.Nodes(ctx, nodes)
	if err != nil {
		return nil, err
	}
	byID := make(map[store.ID]Node, len(ids))
	if len(edges) > 0 {
		dependencies, err := v.dependencies(ctx, edges)
		if err != nil {
			return nil, err
		}
		for id, d := range dependencies {
			byID[id] = d
		}
	}
	for _, n := range found {
		if byID[n.ID], err = v.object(ctx, n); err != nil {
			return nil, err
		}
	}
	out := make([]Node, len(ids))
	for i, id := range ids {
		out[i] = byID[id]
	}
	return out, nil
}

// byKey finds a node by its natural key; nil where there is none that the caller may see.
func byKey[T Node](ctx context.Context, v *View, label store.Label, key string) (T, error) {
	var none T
	n, err := v.reader.Node(ctx, store.NewID(string(label), key))
	if errors.Is(err, store.ErrNotFound) {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	x, err := v.object(ctx, n)
	if err != nil {
		return none, err
	}
	t, _ := x.(T)
	return t, nil
}

// Operator finds an operator by its reference.
func (v *View) Operator(ctx context.Context, reference string) (*Operator, error) {
	return byKey[*Operator](ctx, v, LabelOperator, reference)
}

// Facility finds a facility by its reference.
func (v *View) Facility(ctx context.Context, reference string) (*Facility, error) {
	return byKey[*Facility](ctx, v, LabelFacility, reference)
}

// Incident finds an incident by its reference.
func (v *View) Incident(ctx context.Context, reference string) (*Incident, error) {
	return byKey[*Incident](ctx, v, LabelIncident, reference)
}

// FederalState finds a Land by its code.
func (v *View) FederalState(ctx context.Context, code FederalStateCode) (*FederalState, error) {
	return v.state(ctx, string(code))
}

// Authority finds a body by its slug; placeholders are no bodies.
func (v *View) Authority(ctx context.Context, slug string) (*Authority, error) {
	a, err := find[*Authority](ctx, v, LabelAuthority, slug)
	if err != nil || a == nil || a.Placeholder() {
		return nil, err
	}
	return a, nil
}

// LegalAct finds an act by its slug.
func (v *View) LegalAct(ctx context.Context, slug string) (*LegalAct, error) {
	return find[*LegalAct](ctx, v, LabelLegalAct, slug)
}

// Sector finds a sector by its slug.
func (v *View) Sector(ctx context.Context, slug string) (*Sector, error) {
	return find[*Sector](ctx, v, LabelSector, slug)
}

// Branch finds a branch by its slug.
func (v *View) Branch(ctx context.Context, slug string) (*Branch, error) {
	return find[*Branch](ctx, v, LabelBranch, slug)
}

// Service finds a service by its slug.
func (v *View) Service(ctx context.Context, slug string) (*Service, error) {
	return find[*Service](ctx, v, LabelService, slug)
}

// FederalStates returns all Länder, by code.
func (v *View) FederalStates(ctx context.Context) ([]*FederalState, error) {
	book, err := v.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	return book.states, nil
}

// LegalActs returns all acts, in the order of regimes.
func (v *View) LegalActs(ctx context.Context) ([]*LegalAct, error) {
	book, err := v.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	return book.acts, nil
}

// Sectors returns all sectors, in the order of the data.
func (v *View) Sectors(ctx context.Context) ([]*Sector, error) {
	book, err := v.Rulebook(ctx)
	if err != nil {
		return nil, err
	}
	return book.sectors, nil
}
