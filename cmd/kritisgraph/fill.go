package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

// fill loads reference and demo data into an empty store, all or nothing, and renews the reference data of another one.
func fill(ctx context.Context, s *store.Store, o settings, now time.Time, log *slog.Logger) error {
	head, err := s.Head(ctx, store.Mark{})
	unfinished := errors.Is(err, store.ErrLoading) // the load wipes what another one left
	switch {
	case err != nil && !unfinished:
		return err
	case head.Seq > 0:
		return renew(ctx, s, now, log)
	}
	log.Info("loading the store", "demo", o.demo)
	start := time.Now()
	err = s.Load(ctx, s.Sealed(firstData(o, now)))
	if errors.Is(err, store.ErrExists) { // another process was faster
		return renew(ctx, s, now, log)
	}
	if err != nil {
		return fmt.Errorf("loading reference and demo data: %w", err)
	}
	log.Info("loaded the store", "demo", o.demo, "ms", time.Since(start).Milliseconds())
	return nil
}

// firstData is what an empty store is filled with.
func firstData(o settings, now time.Time) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for c, err := range seed.ReferenceChanges(now) {
			if !yield(c, err) {
				return
			}
		}
		if o.demo == demoNone {
			return
		}
		day := kritis.DayOf(now)
		for c, err := range seed.Demo(seed.Options{Seed: o.demoSeed, Size: seed.Size(o.demo), Day: day}) {
			if !yield(c, err) {
				return
			}
		}
		yield(seed.DemoSettled(day, now))
	}
}

// checkStore refuses a store that a production profile must not serve.
func (s settings) checkStore(ctx context.Context, opened *store.Store) error {
	if s.profile != profileProduction {
		return nil
	}
	id, err := kritis.Fiction(ctx, opened)
	if err != nil {
		return err
	}
	if id != "" {
		return usage("--profile production refuses demo data and contacts at reserved domains, but the store holds %s: use a store without them", id)
	}
	return nil
}

// renewals is how often a renewal is tried when others commit in between.
const renewals = 3

func renew(ctx context.Context, s *store.Store, now time.Time, log *slog.Logger) error {
	for n := 1; ; n++ {
		r, err := seed.Renew(ctx, s, kritis.Maintenance(), now)
		switch {
		case err == nil:
			if r.Written > 0 || len(r.Left) > 0 {
				log.Info("renewed the reference data", "written", r.Written, "leftBecauseChanged", len(r.Left))
			}
			return nil
		case n == renewals || !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrExists) && !errors.Is(err, store.ErrNotFound):
			return fmt.Errorf("renewing the reference data: %w", err)
		}
	}
}
