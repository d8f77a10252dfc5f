package store

import (
	"context"
	"fmt"
	"iter"
)

// Records yields the commits after a sequence up to and including another, whole and in order, for which the scope is
// unrestricted. It holds few in memory at a time. An error ends it; a log that ends before upTo is one.
func (s *Store) Records(ctx context.Context, scope Scope, after, upTo Seq) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		limit := 1
		for after < upTo {
			page, err := s.Log(ctx, scope, LogQuery{After: after, UpTo: upTo, Limit: limit})
			if err == nil && len(page.Records) == 0 {
				err = fmt.Errorf("the log ends at %d, before %d", after, upTo)
			}
			if err != nil {
				yield(Record{}, err)
				return
			}
			things := 0
			for _, r := range page.Records {
				things += r.Change.Size()
				after = r.Seq
				if !yield(r, nil) {
					return
				}
			}
			switch {
			case things < 1_000:
				limit = min(2*limit, 512)
			case things > 10_000:
				limit = max(limit/4, 1)
			}
		}
	}
}
