package storetest

import (
	"context"
	"time"

	"kritisgraph/internal/store"
)

func contextCases() []scenario {
	return []scenario{
		{"every call with a context that ended fails and changes nothing", func(w *world) {
			w.germany()
			c := w.canonical(store.Change{Put: []store.Node{memo("new", nil)}})
			ctx, cancel := context.WithCancel(w.Context())
			cancel()
			failed := w.readErrors(ctx)
			_, failed["Commit"] = w.driver.Commit(ctx, c)
			failed["Load"] = w.driver.Load(ctx, from(nil, nil))
			failed["Migrate"] = w.driver.Migrate(ctx, Schema())
			for method, err := range failed {
				if err == nil {
					w.Errorf("%s succeeded with a context that ended", method)
				}
			}
			w.everything()
			w.commit(c)
		}},
		{"waiting for a sequence ends with the context", func(w *world) {
			w.put(memo("a", nil))
			ctx, cancel := context.WithTimeout(w.Context(), 50*time.Millisecond)
			defer cancel()
			began := time.Now()
			if _, err := w.driver.Head(ctx, store.Mark{Seq: 2}); err == nil {
				w.Fatal("Head returned a sequence that was never reached")
			}
			if took := time.Since(began); took > 3*time.Second {
				w.Fatalf("Head went on for %s after its context ended", took)
			}
		}},
	}
}
