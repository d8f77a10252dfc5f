package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"time"
)

const (
	revalidate = "no-cache"
	immutable  = "public, max-age=31536000, immutable"
)

// contentTypes is our own list, because the one of package mime depends on the machine.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".md":   "text/plain; charset=utf-8",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
}

// file is an embedded file with what its headers say.
type file struct {
	content     []byte
	contentType string
	etag        string
}

// newFile reads an embedded file. It panics if the file is absent or of a kind without a content type: the build is broken then.
func newFile(files fs.FS, name string) file {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		panic(err)
	}
	contentType, known := contentTypes[path.Ext(name)]
	if !known {
		panic("web: no content type for " + name)
	}
	sum := sha256.Sum256(content)
	// A weak tag stays true when a middleware compresses the answer.
	return file{content: content, contentType: contentType, etag: `W/"` + hex.EncodeToString(sum[:12]) + `"`}
}

// serve answers GET and HEAD, also conditional ones and ranges.
func (f file) serve(w http.ResponseWriter, r *http.Request, caching string) {
	header := w.Header()
	header.Set("Content-Type", f.contentType)
	header.Set("Cache-Control", caching)
	header.Set("ETag", f.etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.content))
}
