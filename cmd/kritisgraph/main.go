package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args))
}

// run is the program: it returns the exit code. What went wrong is on standard error.
func run(ctx context.Context, args []string) int {
	root := newRoot()
	err := root.Run(ctx, args)
	if err != nil {
		explain(os.Stderr, err)
	}
	return exitCode(err)
}
