package main

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"time"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

func auditReads(ctx context.Context, c *call) (err error) {
	wanted, err := c.wantedReadings()
	if err != nil {
		return err
	}
	if name := c.Args().First(); name != "" {
		in, err := c.input(name)
		if err != nil {
			return err
		}
		defer in.Close()
		return c.tellReadings(archive.Log(in, kritis.Schema()), wanted)
	}
	opened, err := c.settings.openToRead(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bounded(ctx, opened.Close)) }()
	return c.tellReadings(kritis.ReadingRecords(ctx, opened), wanted)
}

// wantedReadings is what the flags ask for.
func (c *call) wantedReadings() (func(kritis.Reading) bool, error) {
	of, actor, since := c.String("of"), c.String("actor"), time.Time{}
	if id, err := kritis.ParseGlobalID(of); err == nil {
		of = string(id)
	}
	if of != "" && !store.ID(of).Valid() {
		return nil, usage("--of %s is no id such as Incident/demo-1, or as the API gives it", of)
	}
	if text := c.String("since"); text != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			return nil, usage("--since %s is no instant such as 2026-11-01T12:00:00Z", text)
		}
	}
	return func(r kritis.Reading) bool {
		return (of == "" || slices.Contains(r.IDs, of)) && (actor == "" || r.Actor == actor) && !r.At.Before(since)
	}, nil
}

func (c *call) tellReadings(records iter.Seq2[store.Record, error], wanted func(kritis.Reading) bool) error {
	out := json.NewEncoder(c.Writer)
	out.SetEscapeHTML(false)
	for r, err := range records {
		if err != nil {
			return err
		}
		for _, reading := range kritis.ReadingsIn(&r) {
			if !wanted(reading) {
				continue
			}
			if err := out.Encode(reading); err != nil {
				return err
			}
		}
	}
	return nil
}
