package main

import "github.com/urfave/cli/v3"

// checkCommands are the commands that verify a store.
func checkCommands() []*cli.Command { return nil }
