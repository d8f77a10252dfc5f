package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/sheet"
	"kritisgraph/internal/store"
)

// The kinds of spreadsheets.
const (
	sheetFacilities   = "facilities"
	sheetDependencies = "dependencies"
)

// sheetFlags are those of an import that is a spreadsheet.
func sheetFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "sheet", Validator: oneOf(sheetFacilities, sheetDependencies), Usage: "`KIND` of a spreadsheet that was saved as CSV: facilities or dependencies; docs/import.md says which columns it has"},
		&cli.StringFlag{Name: "operator", Usage: "`REFERENCE` of the operator of a spreadsheet; dependencies without it are of anybody"},
		&cli.StringFlag{Name: "source", Usage: "where it was seen, as `TEXT` (default: the name of FILE)"},
		&cli.StringFlag{Name: "as-of", Usage: "`DAY` on which it was seen, like 2026-11-01 (default: today)", Validator: aDay},
		&cli.StringFlag{Name: "confidence", Value: "UNVERIFIED", Usage: "how sure it is, as `CODE`: VERIFIED, MEMORY, UNVERIFIED", Validator: oneOf("VERIFIED", "MEMORY", "UNVERIFIED")},
	}
}

func aDay(text string) error {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return errors.New("is no day: write it like 2026-11-01")
	}
	return nil
}

// checkSheet refuses flags and files that do not belong together.
func (c *call) checkSheet(name string) error {
	kind := c.String("sheet")
	switch {
	case kind == "" && strings.EqualFold(filepath.Ext(name), ".csv"):
		return usage("import: %s is a spreadsheet: say of what, with --sheet %s or --sheet %s", name, sheetFacilities, sheetDependencies)
	case kind == sheetFacilities && c.String("operator") == "":
		return usage("import: --sheet %s needs --operator, the reference of who runs them", kind)
	case kind != "":
		return nil
	}
	for _, flag := range sheetFlags() {
		if flag := flag.Names()[0]; c.IsSet(flag) {
			return usage("import: --%s goes with --sheet only", flag)
		}
	}
	return nil
}

// importSheet imports a spreadsheet as the API does, in process.
func (c *call) importSheet(ctx context.Context, in io.Reader, name string) error {
	text, err := io.ReadAll(io.LimitReader(in, sheet.MaxBytes+1))
	if err != nil {
		return usage("import: reading %s: %w", name, err)
	}
	return c.settings.inProcess(ctx, !c.Bool("dry-run"), func(v *kritis.View) error {
		seen := kritis.Statement{
			Source: cmp.Or(c.String("source"), filepath.Base(name)), AsOf: cmp.Or(kritis.Day(c.String("as-of")), kritis.DayOf(v.Now())), Confidence: kritis.Confidence(c.String("confidence")),
		}
		p, err := c.importRows(ctx, v, string(text), seen)
		if err != nil {
			return err
		}
		return c.tellSheet(name, p)
	})
}

// importRows imports the rows of the kind of spreadsheet that the command names.
func (c *call) importRows(ctx context.Context, view *kritis.View, text string, seen kritis.Statement) (*kritis.ImportPayload, error) {
	operator := kritis.GlobalID(store.NewID(string(kritis.LabelOperator), c.String("operator")))
	if c.String("sheet") == sheetFacilities {
		return view.ImportFacilities(ctx, kritis.FacilityImportInput{Operator: operator, Csv: text, DryRun: c.Bool("dry-run"), Statement: seen})
	}
	in := kritis.DependencyImportInput{Csv: text, DryRun: c.Bool("dry-run"), Statement: seen}
	if c.IsSet("operator") {
		in.Operator = &operator
	}
	return view.ImportDependencies(ctx, in)
}

// tellSheet prints what became of a spreadsheet: its errors as compilers do, or the new references and the numbers of rows.
func (c *call) tellSheet(name string, p *kritis.ImportPayload) error {
	for _, e := range p.RowErrors {
		at := sheet.Error{Line: int(e.Line), Message: e.Message}
		if e.Column != nil {
			at.Column = *e.Column
		}
		if _, err := fmt.Fprintf(c.ErrWriter, "%s:%v\n", name, at); err != nil {
			return err
		}
	}
	if len(p.UserErrors) > 0 {
		if len(p.RowErrors) > 0 {
			return fmt.Errorf("%s has errors: nothing was imported", name)
		}
		return fmt.Errorf("importing %s: %s", name, p.UserErrors[0].Message)
	}
	out := bufio.NewWriter(c.Writer)
	would := ""
	if c.Bool("dry-run") {
		would = "would have "
	}
	for _, made := range p.References {
		fmt.Fprintf(out, "%s:%d: %s\n", name, made.Line, made.Reference)
	}
	fmt.Fprintf(out, "%simported as one commit: %d created, %d changed, %d as they were\n", would, p.Created, p.Changed, p.Unchanged)
	return out.Flush()
}
