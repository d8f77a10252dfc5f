package neo4jstore

import (
	"context"
	"crypto/rand"
	"fmt"

	"kritisgraph/internal/store"
)

// wipeBatch is how many things one transaction deletes.
const wipeBatch = 5_000

// wipeUnfinished takes over the mark of a load that ended without finishing and deletes what it left; the store is then
// empty. A load that another process is at stays, and is store.ErrLoading.
func (d *Driver) wipeUnfinished(ctx context.Context) error {
	token := rand.Text()
	var words *vocabulary
	done := false
	err := d.write(ctx, func(w writer) error {
		m, err := w.mark(token)
		switch {
		case err != nil:
			return err
		case m.live:
			return fmt.Errorf("%w: another process is at it", store.ErrLoading)
		case !m.loading:
			done = true
			return nil
		}
		if words, err = d.learn(m.words); err != nil {
			return err
		}
		return w.do(stmtMarkSet, params{"token": token})
	})
	if err != nil || done {
		return err
	}
	l := loader{driver: d, token: token}
	var statements []string
	for _, e := range words.Edges {
		name, err := words.edge(e.Type)
		if err != nil {
			return err
		}
		statements = append(statements, stmtWipeEdges(name))
	}
	statements = append(statements, stmtWipeNodes, stmtWipeLog("_Row"), stmtWipeLog("_Event"), stmtWipeLog("_Commit"))
	for _, statement := range statements {
		if err := l.wipe(ctx, statement); err != nil {
			return fmt.Errorf("wiping an unfinished load: %w", err)
		}
	}
	return d.write(ctx, func(w writer) error {
		if err := l.beat(w); err != nil {
			return err
		}
		return w.do(stmtWiped, nil)
	})
}

// wipe repeats a deleting statement until it finds nothing more.
func (l *loader) wipe(ctx context.Context, statement string) error {
	for n := int64(1); n > 0; {
		err := l.driver.write(ctx, func(w writer) error {
			if err := l.beat(w); err != nil {
				return err
			}
			var err error
			n, err = w.number(statement, params{"limit": int64(wipeBatch)})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
