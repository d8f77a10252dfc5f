package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// Past is what the log says last of a thing: its version, who wrote it, and its content; of one that is gone, who deleted it.
type Past struct {
	Version int64
	Actor   string
	Gone    bool
	Node    Node
	Edge    Edge
}

// The bounds of one question of Past to the log.
const (
	pastThings  = 1_000
	pastRecords = 500
)

// Past returns what the log says last of each of ids; what never was is missing. The scope is unrestricted, for an image that
// does not show is not the last one of a thing.
func (s *Store) Past(ctx context.Context, scope Scope, ids []ID) (map[ID]Past, error) {
	all := make(map[ID]Past, len(ids))
	for part := range slices.Chunk(ids, pastThings) {
		q := LogQuery{Of: part, Limit: pastRecords}
		for more := true; more; {
			page, err := s.Log(ctx, scope, q)
			if err != nil {
				return nil, fmt.Errorf("reading the log of %d things: %w", len(part), err)
			}
			for _, r := range page.Records {
				r.Change.past(all)
				q.After = r.Seq
			}
			more = page.More && len(page.Records) > 0
		}
	}
	return all, nil
}

// past puts in what the change says of its things.
func (c *Change) past(all map[ID]Past) {
	for _, n := range c.Put {
		all[n.ID] = Past{Version: n.Version, Actor: c.Meta.Actor, Node: n}
	}
	for _, e := range c.Link {
		all[e.ID] = Past{Version: e.Version, Actor: c.Meta.Actor, Edge: e}
	}
	for _, id := range c.Delete {
		all[id] = Past{Actor: c.Meta.Actor, Gone: true}
	}
}

// SameContent reports whether two images of a node state the same visibility and properties, whatever their versions.
func (n Node) SameContent(other Node) bool {
	return n.Own.TLP == other.Own.TLP && slices.Equal(n.Own.Audiences, other.Own.Audiences) && maps.EqualFunc(n.Props, other.Props, Value.Equal)
}

// SameContent reports whether two images of an edge have the same ends and properties, whatever their versions.
func (e Edge) SameContent(other Edge) bool {
	return e.From == other.From && e.To == other.To && maps.EqualFunc(e.Props, other.Props, Value.Equal)
}
