package web

import (
	"embed"
	"io"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed start
var start embed.FS

const (
	// pagePolicy lets a page use this host only, and no script that builds HTML from text.
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

	// graphiqlPolicy allows what Monaco needs beyond that: inline styles, data images and fonts, workers of this host.
	graphiqlPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// Handler serves the start page at / (German, or English by Accept-Language or ?lang=en), GraphiQL at /graphiql and the files of both.
// Every other path is 404, every method but GET and HEAD is 405; all answers carry a content type, nosniff, a referrer policy and a
// content security policy. Successful answers have an ETag and are revalidated, file names with a content hash are cached for ever.
// GraphiQL talks to /graphql of the same host. A binary built with the tag no_ui answers 404 below /graphiql.
func Handler() http.Handler {
	mux := http.NewServeMux()
	startPage(mux)
	graphiqlPage(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "kritisgraph has no page here. The start page is /, the API is /graphql.")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Content-Security-Policy", pagePolicy)
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "This page can only be read: use GET or HEAD.")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func startPage(mux *http.ServeMux) {
	pages := map[string]file{
		german:  newFile(start, "start/index.de.html"),
		english: newFile(start, "start/index.en.html"),
	}
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		language := chooseLanguage(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
		w.Header().Set("Vary", "Accept-Language")
		w.Header().Set("Content-Language", language)
		pages[language].serve(w, r, revalidate)
	})
	for _, name := range []string{"start.css", "favicon.svg"} {
		asset := newFile(start, "start/"+name)
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, r *http.Request) { asset.serve(w, r, revalidate) })
	}
}

func graphiqlPage(mux *http.ServeMux) {
	dist, built := graphiqlFiles()
	if !built {
		absent := func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusNotFound, "This kritisgraph was built without GraphiQL (build tag no_ui). The API is /graphql, the schema /schema.graphqls.")
		}
		mux.HandleFunc("/graphiql", absent)
		mux.HandleFunc("/graphiql/", absent)
		return
	}
	serve := func(path string, f file, caching string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", graphiqlPolicy)
			f.serve(w, r, caching)
		})
	}
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
		case name == "index.html":
			serve("/graphiql", newFile(dist, name), revalidate)
		case strings.HasPrefix(name, "assets/"):
			serve("/graphiql/"+name, newFile(dist, name), immutable)
		default:
			serve("/graphiql/"+name, newFile(dist, name), revalidate)
		}
		return nil
	})
	if err != nil {
		panic(err) // embedded files are read from memory
	}
	mux.Handle("/graphiql/{$}", http.RedirectHandler("/graphiql", http.StatusPermanentRedirect))
}

// refuse answers with one sentence as plain text, never stored.
func refuse(w http.ResponseWriter, status int, sentence string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, sentence+"\n") // a reader that has gone away needs no answer
}
