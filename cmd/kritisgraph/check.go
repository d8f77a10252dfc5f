package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v3"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
)

// checkCommands are the commands that verify a store.
func checkCommands() []*cli.Command {
	return []*cli.Command{newCommand(&cli.Command{Name: "check", Usage: "verify the store",
		Description: "References resolve, sources are there, competences can be decided, log and state agree. Prints each finding on a line, then a summary; " +
			"exit 1 if one of them is an error. Works beside a running server."},
		"kritisgraph check --data ./data", storeSettings, check)}
}

func check(ctx context.Context, c *call) (err error) {
	opened, err := c.settings.openToRead(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bounded(ctx, opened.Close)) }()
	report, err := kritis.Check(ctx, opened)
	if err != nil {
		return err
	}
	changed, err := seed.Changed(ctx, opened, kritis.Maintenance())
	if err != nil {
		return err
	}
	for _, id := range changed {
		report.Findings = append(report.Findings, kritis.Finding{Severity: kritis.SeverityInfo, Place: id,
			Message: "it differs from the reference data of this version, and a renewal leaves it as it is"})
	}
	out := bufio.NewWriter(c.Writer)
	for _, f := range report.Findings {
		fmt.Fprintf(out, "%-5s %s: %s\n", f.Severity, f.Place, f.Message)
	}
	if report.More > 0 {
		fmt.Fprintf(out, "and %d errors more\n", report.More)
	}
	bad := report.Errors()
	fmt.Fprintf(out, "checked %d nodes and %d edges at sequence %d: %d errors, %d notes\n",
		report.Nodes, report.Edges, report.Seq, bad, len(report.Findings)+report.More-bad)
	if err := out.Flush(); err != nil {
		return err
	}
	if bad > 0 {
		return errNo
	}
	return nil
}
