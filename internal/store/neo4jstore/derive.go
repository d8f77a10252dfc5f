package neo4jstore

import (
	"context"

	"kritisgraph/internal/store"
)

// derivedBatch is how many nodes one transaction derives anew.
const derivedBatch = 1_000

// derive makes the derived data of all nodes anew for the vocabulary, in batches; the counter node holds since when it
// is whole, so that an interrupted migration is taken up again.
func (d *Driver) derive(ctx context.Context, version int) error {
	words, err := d.vocabulary(ctx)
	if err != nil {
		return err
	}
	after := ""
	for {
		var nodes []store.Node
		err := d.write(ctx, func(w writer) error {
			w.words = words
			if err := w.do(stmtDeriveLock, nil); err != nil {
				return err
			}
			found, err := w.one(stmtDeriveRead, params{"after": after, "limit": int64(derivedBatch)})
			if err != nil {
				return err
			}
			if nodes, err = decodeNodes(found[0]); err != nil {
				return err
			}
			return w.derive(nodes)
		})
		if err != nil {
			return err
		}
		if len(nodes) == 0 {
			break
		}
		after = string(nodes[len(nodes)-1].ID)
	}
	return d.write(ctx, func(w writer) error { return w.do(stmtDerived, params{"version": int64(version)}) })
}

func (w writer) derive(nodes []store.Node) error {
	rows := make([]any, len(nodes))
	ids := make([]store.ID, len(nodes))
	for i, n := range nodes {
		row := w.words.nodeRow(n)
		putVisibility(row, propTLP, propAud, n.Settled)
		rows[i], ids[i] = row, n.ID
	}
	if err := w.do(stmtDeriveWrite, params{"rows": rows}); err != nil {
		return err
	}
	return w.settle(ids)
}
