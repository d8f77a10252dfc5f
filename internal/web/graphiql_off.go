//go:build no_ui

package web

import "io/fs"

// graphiqlFiles reports that this binary was built without GraphiQL.
func graphiqlFiles() (fs.FS, bool) { return nil, false }
