package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/kritis"
)

// auditCommands are the commands that an auditor runs.
func auditCommands() []*cli.Command {
	verify := newCommand(&cli.Command{Name: "verify", Usage: "prove that nobody altered the log", ArgsUsage: "[FILE]",
		Description: "Follows the chain of hashes through the whole log of the store, beside a running server, or of an export or a backup, without a store. Prints " +
			"what the log holds and the head, the hash that proves it. Exit 1 names the first record that was altered, removed or moved. A log that was rewritten " +
			"or cut as a whole is sound in itself: note the head elsewhere and give it at the next time as --checkpoint. FILE is - for standard input.",
		Flags: []cli.Flag{&cli.StringSliceFlag{Name: "checkpoint", Usage: "a head that was printed earlier, which the log must hold; repeatable"}}},
		"kritisgraph audit verify --data ./data\nkritisgraph audit verify kritis-2026-11-01.jsonl.gz", storeSettings, auditVerify)
	return []*cli.Command{{Name: "audit", Usage: "prove what was recorded", Commands: []*cli.Command{verify}, HideHelpCommand: true,
		OnUsageError: onUsageError,
		Action: func(_ context.Context, cmd *cli.Command) error {
			return usage("say what to do, for example '%s verify'", cmd.FullName())
		}}}
}

func auditVerify(ctx context.Context, c *call) error {
	var noted []archive.Checkpoint
	for _, text := range c.StringSlice("checkpoint") {
		at, err := archive.ParseCheckpoint(text)
		if err != nil {
			return usage("--checkpoint: %w", err)
		}
		noted = append(noted, at)
	}
	proof, err := c.prove(ctx, noted)
	if err != nil {
		if proof.Commits > 0 {
			err = fmt.Errorf("%w; before it, the chain holds up to %s", err, proof.Head())
		}
		return err
	}
	return c.tellProof(proof)
}

func (c *call) prove(ctx context.Context, noted []archive.Checkpoint) (proof archive.Proof, err error) {
	if name := c.Args().First(); name != "" {
		in, err := c.input(name)
		if err != nil {
			return proof, err
		}
		defer in.Close()
		return archive.AuditFile(in, kritis.Schema(), noted...)
	}
	opened, err := c.settings.openToRead(ctx)
	if err != nil {
		return proof, err
	}
	defer func() { err = errors.Join(err, bounded(ctx, opened.Close)) }()
	return archive.AuditStore(ctx, opened, kritis.Maintenance(), noted...)
}

func (c *call) tellProof(p archive.Proof) error {
	instant := func(at int64) string {
		if p.Commits == 0 {
			return "none"
		}
		return time.UnixMicro(at).UTC().Format(time.RFC3339Nano)
	}
	out := tabwriter.NewWriter(c.Writer, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "commits\t%d\nthings\t%d\nfirst\t%s\nlast\t%s\nhead\t%s\n", p.Commits, p.Things, instant(p.First), instant(p.Last), p.Head())
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(c.Writer, "the chain holds")
	return err
}
