package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"kritisgraph/graph"
)

func configCommand() *cli.Command {
	var all []string
	for _, f := range table() {
		all = append(all, f.Names()[0])
	}
	show := newCommand(&cli.Command{Name: "show", Usage: "print every setting, its value and where the value came from, and the limits of each role"},
		"kritisgraph config show --config kritisgraph.yaml", all, showConfig)
	return &cli.Command{Name: "config", Usage: "look at the settings", Commands: []*cli.Command{show}, HideHelpCommand: true,
		OnUsageError: onUsageError, Action: func(_ context.Context, cmd *cli.Command) error {
			return usage("config: use 'kritisgraph config show'")
		}}
}

// showConfig prints the settings also where serve would refuse them, then says why.
func showConfig(_ context.Context, c *call) error {
	w := tabwriter.NewWriter(c.Writer, 0, 8, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "SETTING\tVALUE\tFROM")
	for _, f := range table() {
		name := f.Names()[0]
		from := c.settings.origins[name]
		switch {
		case from != "":
		case c.IsSet(name):
			from = "flag --" + name
		default:
			from = "default"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", name, shown(name, c.Value(name)), from)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := showLimits(c.Writer); err != nil {
		return err
	}
	return c.settings.checkServing()
}

// showLimits prints what one request may ask for, by the role of its caller.
func showLimits(to io.Writer) error {
	rows := graph.LimitsByRole()
	w := tabwriter.NewWriter(to, 0, 8, 2, ' ', 0)
	_, _ = fmt.Fprint(w, "\nLIMIT OF A REQUEST")
	for _, row := range rows {
		_, _ = fmt.Fprintf(w, "\t%s", strings.ToUpper(row.Callers))
	}
	_, _ = fmt.Fprintln(w)
	for i, limit := range rows[0].Limits.Named() {
		_, _ = fmt.Fprint(w, limit.Name)
		for _, row := range rows {
			_, _ = fmt.Fprintf(w, "\t%s", row.Limits.Named()[i].Value)
		}
		_, _ = fmt.Fprintln(w)
	}
	return w.Flush()
}

// shown is the value of a setting for people: no secret is.
func shown(name string, value any) string {
	text := fmt.Sprint(value)
	if list, ok := value.([]string); ok {
		text = strings.Join(list, ", ")
	}
	switch {
	case text == "":
		return "-"
	case name == "neo4j-password":
		return "********"
	case name == "store" || name == "otlp-endpoint":
		return redacted(text)
	}
	return text
}
