package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
)

// newRoot returns the program with all its commands.
func newRoot() *cli.Command {
	return &cli.Command{
		Name:                  program,
		Version:               readBuild().version,
		Usage:                 "who is responsible for a critical infrastructure in Germany, and why",
		Description:           "Settings come from flags, else from variables KRITISGRAPH_<FLAG>, else from the file of --config, else from defaults.",
		Commands:              slices.Concat(ownCommands(), archiveCommands(), checkCommands(), auditCommands()),
		EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden = false
		},
		HideHelpCommand: true,
		OnUsageError:    onUsageError,
		ExitErrHandler:  func(context.Context, *cli.Command, error) {}, // run decides
		Action: func(_ context.Context, cmd *cli.Command) error {
			if !cmd.Args().Present() {
				_ = cli.ShowRootCommandHelp(cmd)
				return &exitError{code: exitUsage}
			}
			name := cmd.Args().First()
			return usage("there is no command %q: did you mean %q? 'kritisgraph --help' lists all", name, cli.SuggestCommand(cmd.Commands, name))
		},
	}
}

func ownCommands() []*cli.Command {
	return []*cli.Command{serveCommand(), queryCommand(), configCommand(), healthcheckCommand(), tokenCommand(), versionCommand()}
}

// call is one run of a command: its arguments and own flags, its input and output, and the settings.
type call struct {
	*cli.Command
	settings settings
}

// newCommand completes a command: it takes the settings with these names beside its own flags, and as many arguments as
// ArgsUsage names ("FILE", "[FILE]"). The example stands in its help. An error of act is exit 1, or 3 if the store is the
// trouble, unless it was made by usage.
func newCommand(c *cli.Command, example string, names []string, act func(context.Context, *call) error) *cli.Command {
	in := newInputs(names)
	c.Flags = append(c.Flags, in.flags...)
	c.Description = strings.TrimSpace(c.Description + "\n\nExample:\n   " + strings.ReplaceAll(example, "\n", "\n   "))
	c.OnUsageError = onUsageError
	c.HideHelpCommand = true
	c.ArgValidator = func(_ context.Context, cmd *cli.Command) error { return checkArguments(cmd) }
	c.Action = func(ctx context.Context, cmd *cli.Command) error {
		if err := in.check(); err != nil {
			return err
		}
		s, err := in.settings(cmd)
		if err != nil {
			return err
		}
		return failedAction(act(ctx, &call{Command: cmd, settings: s}))
	}
	return c
}

func checkArguments(cmd *cli.Command) error {
	wanted := strings.Fields(cmd.ArgsUsage)
	given := cmd.Args().Slice()
	if len(given) > len(wanted) {
		return usage("%q is too much; see '%s --help'", given[len(wanted)], cmd.FullName())
	}
	for _, name := range wanted[len(given):] {
		if !strings.HasPrefix(name, "[") {
			return usage("%s is missing; see '%s --help'", name, cmd.FullName())
		}
	}
	return nil
}

// onUsageError names the nearest flag where one is not known.
func onUsageError(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	var known *exitError
	if errors.As(err, &known) {
		return err
	}
	text := err.Error()
	if name, unknown := strings.CutPrefix(text, "flag provided but not defined: -"); unknown {
		text = fmt.Sprintf("there is no flag --%s", name)
		if near := cli.SuggestFlag(cmd.Flags, name, false); near != "" {
			text += fmt.Sprintf(": did you mean %s?", near)
		}
	}
	return usage("%s; see '%s --help'", text, cmd.FullName())
}
