//go:build !no_ui

package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// graphiqlFiles is the build of GraphiQL, with index.html at its root.
func graphiqlFiles() (fs.FS, bool) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // a constant path that fs.ValidPath accepts
	}
	return files, true
}
