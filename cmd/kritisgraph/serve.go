package main

import (
	"context"

	"github.com/urfave/cli/v3"
)

func serveCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "serve"}, "x", nil, func(context.Context, *call) error { return nil })
}

func address(listen string) string { return "http://" + listen }

func queryCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "query"}, "x", nil, func(context.Context, *call) error { return nil })
}
