package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v3"

	"kritisgraph"
)

func versionCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "version", Usage: "print version, commit, Go version and digest of the schema"},
		"kritisgraph version", nil,
		func(_ context.Context, c *call) error {
			b := readBuild()
			_, err := fmt.Fprintf(c.Writer, "kritisgraph %s\ncommit      %s\ngo          %s %s/%s\nschema      sha256:%x\n",
				b.version, b.commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, sha256.Sum256([]byte(kritisgraph.Schema)))
			return err
		})
}

// build is what the binary knows of its making.
type build struct{ version, commit string }

func readBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build{"unknown", "unknown"}
	}
	of := map[string]string{}
	for _, s := range info.Settings {
		of[s.Key] = s.Value
	}
	b := build{version: cmp.Or(info.Main.Version, "unknown"), commit: cmp.Or(of["vcs.revision"], "unknown")}
	if of["vcs.modified"] == "true" {
		b.commit += " with changes"
	}
	return b
}
