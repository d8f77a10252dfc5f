package kritis

import (
	"context"

	"kritisgraph/internal/store"
)

// holding is a contact role of a Land (ZKL or BBK contact) that a body holds, or the placeholder of one. It lets the body see the
// Land, also where the contact point itself is not public.
type holding struct {
	body  string
	lands []string
	point map[string]store.Value // of the contact point: its validity and status
}

// readHoldings reads all contact roles of the Länder. It looks at everything, for who holds a role sees the Land whoever may
// know of it; no caller is shown what was read.
func readHoldings(ctx context.Context, s *store.Store) ([]holding, error) {
	q := store.Query{Labels: []store.Label{LabelContactPoint}, Limit: store.MaxPage}
	q.Where = store.Where("role", store.IN, store.String(string(ContactZKL)), store.String(string(ContactBBK)))
	points, err := readPages(ctx, s, Maintenance(), q)
	if err != nil {
		return nil, err
	}
	ids := make([]store.ID, len(points))
	for i, n := range points {
		ids[i] = n.ID
	}
	pages, err := s.Neighbors(ctx, Maintenance(), []store.Hop{{From: ids, Edge: EdgeHeldBy, Dir: store.Out}})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var out []holding
	for i, n := range points {
		for _, hit := range pages[0][i].Hits {
			out = append(out, holding{body: hit.Node.ID.Key(), lands: n.Prop("landCodes").List(), point: n.Props})
		}
	}
	return out, nil
}

// landsOf returns the Länder for which a body holds a contact role on the day.
func (r *Rulebook) landsOf(body string, day Day) []FederalStateCode {
	var out []FederalStateCode
	for _, h := range r.holdings {
		withdrawn := ContactPointStatus(h.point["contactStatus"].Text()) == ContactWithdrawn
		if h.body != body || withdrawn || !store.ValidOn(h.point, day) {
			continue
		}
		for _, code := range h.lands {
			out = append(out, FederalStateCode(code))
		}
	}
	return out
}
