package sqlitestore

import (
	"context"
	"database/sql/driver"
	"errors"
	"testing"
	"time"

	"kritisgraph/internal/store"
)

func TestACancelledStatementEndsAtOnceAndTheConnectionGoesOn(t *testing.T) {
	d, err := Open(t.Context(), Options{Dir: t.TempDir(), Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := d.Migrate(t.Context(), store.Schema{Version: 1, Labels: []store.LabelDef{{Label: "Thing"}}}); err != nil {
		t.Fatal(err)
	}
	const endless = "WITH RECURSIVE i (x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM i) SELECT "
	for _, statement := range []string{endless + "max(x) FROM i", endless + "x FROM i"} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		err = d.read(ctx, "counting", store.Scope{}, func(v *view) error {
			return v.c.query(ctx, statement, nil, func([]driver.Value) error { return nil })
		})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v", statement, err)
		}
		if _, err := d.Nodes(t.Context(), store.Scope{}, []store.ID{"Thing/1"}); err != nil {
			t.Errorf("after %s: %v", statement, err)
		}
	}
}
