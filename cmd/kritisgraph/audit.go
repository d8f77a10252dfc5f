package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/audit"
	"kritisgraph/internal/kritis"
)

// auditCommands are the commands that an auditor runs.
func auditCommands() []*cli.Command {
	verify := newCommand(&cli.Command{Name: "verify", Usage: "prove that nobody altered the log", ArgsUsage: "[FILE]",
		Description: "Follows the chain of hashes through the whole log of the store, beside a running server, or of an export or a backup, without a store. Prints " +
			"what the log holds, how far signed checkpoints cover it, and the head, the hash that proves it. Exit 1 names the first record that was altered, removed or " +
			"moved, or a checkpoint that does not hold. A log that was cut is sound in itself: note the head elsewhere and give it at the next time as --checkpoint. " +
			"FILE is - for standard input.",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "checkpoint", Usage: "a head that was printed earlier, which the log must hold; repeatable"},
			&cli.StringSliceFlag{Name: "public-key", TakesFile: true, Usage: "`FILE` with the public key of the server, such as audit-key.pub, to check the signatures " +
				"of checkpoints; repeatable, where a key followed another"},
		}},
		"kritisgraph audit verify --data ./data\nkritisgraph audit verify kritis-2026-11-01.jsonl.gz --public-key audit-key.pub", storeSettings, auditVerify)
	reads := newCommand(&cli.Command{Name: "reads", Usage: "list who was given what is restricted", ArgsUsage: "[FILE]",
		Description: "Prints the reads that stand in the log of the store, or of an export or a backup, oldest first, as JSON, one a line. FILE is - for standard input.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "of", Usage: "only reads of the thing with this `ID`, as the API or as the log writes it"},
			&cli.StringFlag{Name: "actor", Usage: "only reads by the caller with this `NAME`"},
			&cli.StringFlag{Name: "since", Usage: "only reads from this `INSTANT` on, such as 2026-11-01T12:00:00Z"},
		}},
		"kritisgraph audit reads --data ./data --actor zkl-by-7 --since 2026-11-01T00:00:00Z", storeSettings, auditReads)
	return []*cli.Command{{Name: "audit", Usage: "prove what was recorded, and see who read what", Commands: []*cli.Command{verify, reads}, HideHelpCommand: true,
		OnUsageError: onUsageError,
		Action: func(_ context.Context, cmd *cli.Command) error {
			return usage("say what to do, for example '%s verify'", cmd.FullName())
		}}}
}

func auditVerify(ctx context.Context, c *call) error {
	var held archive.Held
	for _, text := range c.StringSlice("checkpoint") {
		at, err := archive.ParseCheckpoint(text)
		if err != nil {
			return usage("--checkpoint: %w", err)
		}
		held.Noted = append(held.Noted, at)
	}
	for _, name := range c.StringSlice("public-key") {
		key, err := audit.ReadPublicKey(name)
		if err != nil {
			return usage("--public-key: %w", err)
		}
		held.Keys = append(held.Keys, key)
	}
	proof, err := c.prove(ctx, held)
	if err != nil {
		if proof.Commits > 0 {
			err = fmt.Errorf("%w; before it, the chain holds up to %s", err, proof.Head())
		}
		return err
	}
	return c.tellProof(proof)
}

func (c *call) prove(ctx context.Context, held archive.Held) (proof archive.Proof, err error) {
	if name := c.Args().First(); name != "" {
		in, err := c.input(name)
		if err != nil {
			return proof, err
		}
		defer in.Close()
		return archive.AuditFile(in, kritis.Schema(), held)
	}
	opened, err := c.settings.openToRead(ctx)
	if err != nil {
		return proof, err
	}
	defer func() { err = errors.Join(err, bounded(ctx, opened.Close)) }()
	return archive.AuditStore(ctx, opened, kritis.Maintenance(), held)
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
	s := p.Signed
	switch {
	case s.Checkpoints == 0:
		fmt.Fprintf(out, "checkpoints\tnone\n")
	case s.Checked:
		fmt.Fprintf(out, "checkpoints\t%d, signatures checked\n", s.Checkpoints)
	default:
		fmt.Fprintf(out, "checkpoints\t%d, signatures not checked: give --public-key\n", s.Checkpoints)
	}
	if s.Checkpoints > 0 {
		fmt.Fprintf(out, "signed\tup to commit %d at %s\n", s.Covered, instant(s.At))
	}
	fmt.Fprintf(out, "unsigned\t%d commits\n", p.Seq-s.Covered)
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(c.Writer, "the chain holds")
	return err
}
