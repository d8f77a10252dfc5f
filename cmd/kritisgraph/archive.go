package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"
	"github.com/urfave/cli/v3"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// archiveCommands are the commands that write and read whole stores.
func archiveCommands() []*cli.Command {
	return []*cli.Command{exportCommand(), importCommand(), backupCommand(), restoreCommand()}
}

func exportCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "export", Usage: "write the whole store as JSON Lines, or a picture of dependencies", ArgsUsage: "[FILE]",
		Description: "State, history and audit chain up to this moment, for every database the same bytes. Works beside a running server. " +
			"Without FILE, or with -, it writes to standard output. The file holds everything, whoever may see it: it is made for its owner alone (mode 0600).\n\n" +
			"With --format it draws what fails by an incident or in a simulated outage, or the dependencies around something. The names of its bounds, and what they mean, are those of the API.",
		Flags: pictureFlags()},
		"kritisgraph export kritis.jsonl\nkritisgraph export --format mermaid --incident demo-1\n"+
			"kritisgraph export power.graphml --format graphml --outage branch:electricity --federal-state BW --federal-state BY --generator-runtime PT48H", storeSettings,
		func(ctx context.Context, c *call) error {
			if err := c.checkPictureFlags(); err != nil {
				return err
			}
			if c.IsSet("format") {
				return c.exportPicture(ctx)
			}
			return c.writeArchive(ctx, "exported", archive.Write)
		})
}

func backupCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "backup", Usage: "write the export, compressed and with a checksum", ArgsUsage: "FILE",
		Description: "Works beside a running server, while others write. FILE is - for standard output. It is made for its owner alone (mode 0600)."},
		"kritisgraph backup kritis-2026-11-01.jsonl.gz", storeSettings,
		func(ctx context.Context, c *call) error { return c.writeArchive(ctx, "backed up", archive.Backup) })
}

func importCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "import", Usage: "bring an export, a file written by hand, or a spreadsheet into the store", ArgsUsage: "FILE",
		Description: "All or nothing. An empty store takes the file with its history. A store with data gets what differs as one commit: by id, nothing is " +
			"deleted, at most 20,000 things. With --sheet, FILE is a spreadsheet of an operator that was saved as CSV; each error is told with its line and column. " +
			"FILE is - for standard input.",
		Flags: append([]cli.Flag{&cli.BoolFlag{Name: "dry-run", Usage: "only say what would change"}}, sheetFlags()...)},
		"kritisgraph import kritis.jsonl --dry-run\nkritisgraph import facilities.csv --sheet facilities --operator demo-op-0001 --dry-run", storeSettings, importFile)
}

func restoreCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "restore", Usage: "fill an empty store from a backup", ArgsUsage: "FILE",
		Description: "All or nothing. A store with data, or a backup that was cut or altered, is refused. FILE is - for standard input."},
		"kritisgraph restore kritis-2026-11-01.jsonl.gz --data ./restored", storeSettings, restore)
}

type writeFunc func(context.Context, io.Writer, *store.Store, store.Scope) (archive.Summary, error)

// writeArchive opens the store to read and writes it to the file that the command names.
func (c *call) writeArchive(ctx context.Context, did string, write writeFunc) (err error) {
	opened, err := c.settings.openToRead(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bounded(ctx, opened.Close)) }()
	name := c.Args().First()
	if name == "" || name == "-" {
		out := bufio.NewWriterSize(c.Writer, 1<<18)
		if _, err := write(ctx, out, opened, kritis.Maintenance()); err != nil {
			return err
		}
		return out.Flush()
	}
	var summary archive.Summary
	err = writeFile(name, func(w io.Writer) (err error) {
		summary, err = write(ctx, w, opened, kritis.Maintenance())
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Writer, "%s %d commits with %d things, up to sequence %d, to %s\n", did, summary.Commits, summary.Things, summary.Seq, name)
	return err
}

// writeFile makes a file for its owner alone, whole or not at all. What is no file, such as a pipe, is written to as it is.
func writeFile(name string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return usage("%s is a directory: name a file in it", name)
		}
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return usage("opening the file: %w", err)
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := renameio.NewPendingFile(name, renameio.WithTempDir(filepath.Dir(name)), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return usage("making the file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Cleanup()) }()
	out := bufio.NewWriterSize(f, 1<<18)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the file: %w", err)
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("writing the file: %w", err)
	}
	return nil
}

// input opens a file to read, or standard input by the name -.
func (c *call) input(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(c.Reader), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, usage("%s: %w", c.Name, err)
	}
	return f, nil
}

func importFile(ctx context.Context, c *call) error {
	name := c.Args().First()
	if err := c.checkSheet(name); err != nil {
		return err
	}
	in, err := c.input(name)
	if err != nil {
		return err
	}
	defer in.Close()
	if c.String("sheet") != "" {
		return c.importSheet(ctx, in, name)
	}
	o := archive.Options{DryRun: c.Bool("dry-run"), EdgeKeys: kritis.EdgeKeys(), Meta: store.Meta{
		Actor: "local", Action: "IMPORT", Reason: filepath.Base(name), At: time.Now().UnixMicro(),
	}}
	report, err := c.importInto(ctx, in, o)
	if err != nil {
		return err
	}
	return c.tellImport(report, o.DryRun)
}

// importInto opens the store for an import. A dry run only reads, so it works beside a server and makes no store.
func (c *call) importInto(ctx context.Context, in io.Reader, o archive.Options) (report archive.Report, err error) {
	open := c.settings.openToWrite
	if o.DryRun {
		open = c.settings.openToRead
	}
	opened, err := open(ctx)
	if o.DryRun && (errors.Is(err, store.ErrNoStore) || errors.Is(err, store.ErrLoading)) {
		return archive.Verify(ctx, in, kritis.Schema())
	}
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, bounded(ctx, opened.Close)) }()
	return archive.Import(ctx, in, opened, kritis.Maintenance(), o)
}

func (c *call) tellImport(r archive.Report, dryRun bool) error {
	out := bufio.NewWriter(c.Writer)
	would := ""
	if dryRun {
		would = "would have "
		for _, id := range r.Created {
			fmt.Fprintf(out, "create %s\n", id)
		}
		for _, id := range r.Changed {
			fmt.Fprintf(out, "change %s\n", id)
		}
	}
	if r.Replayed {
		fmt.Fprintf(out, "%simported %d commits with %d things into an empty store\n", would, r.Commits, r.Things)
	} else {
		fmt.Fprintf(out, "%simported as one commit: %d created, %d changed, %d as they were\n", would, len(r.Created), len(r.Changed), r.Unchanged)
	}
	return out.Flush()
}

func restore(ctx context.Context, c *call) (err error) {
	in, err := c.input(c.Args().First())
	if err != nil {
		return err
	}
	defer in.Close()
	opened, err := c.settings.openToWrite(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bounded(ctx, opened.Close)) }()
	report, err := archive.Restore(ctx, bufio.NewReaderSize(in, 1<<18), opened)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Writer, "restored %d commits with %d things\n", report.Commits, report.Things)
	return err
}
