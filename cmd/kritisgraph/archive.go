package main

import "github.com/urfave/cli/v3"

// archiveCommands are the commands that write and read whole stores.
func archiveCommands() []*cli.Command { return nil }
