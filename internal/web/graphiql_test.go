//go:build !no_ui

package web

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestGraphiQLIsServedWithItsFiles(t *testing.T) {
	page := get(t, http.MethodGet, "/graphiql")
	if page.Code != http.StatusOK || page.Header().Get("Content-Type") != "text/html; charset=utf-8" || page.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("/graphiql answered %d with %v", page.Code, page.Header())
	}
	if got := page.Header().Get("Content-Security-Policy"); got != graphiqlPolicy {
		t.Errorf("content security policy %q", got)
	}
	assets := 0
	for _, match := range reference.FindAllStringSubmatch(page.Body.String(), -1) {
		if !strings.HasPrefix(match[1], "/graphiql/assets/") {
			continue
		}
		assets++
		asset := get(t, http.MethodGet, match[1])
		if asset.Code != http.StatusOK || asset.Header().Get("Cache-Control") != immutable || asset.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s answered %d with %v", match[1], asset.Code, asset.Header())
		}
		if again := get(t, http.MethodGet, match[1], "If-None-Match", asset.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("%s: revalidation answered %d", match[1], again.Code)
		}
	}
	if assets < 2 {
		t.Errorf("the page names %d assets, want a script and a style sheet at least", assets)
	}
}

func TestGraphiQLHasOneAddress(t *testing.T) {
	answer := get(t, http.MethodGet, "/graphiql/")
	if answer.Code != http.StatusPermanentRedirect || answer.Header().Get("Location") != "/graphiql" {
		t.Errorf("/graphiql/ answered %d to %q", answer.Code, answer.Header().Get("Location"))
	}
}

func TestWorkersMayRunUnderThePolicyOfGraphiQL(t *testing.T) {
	files, _ := graphiqlFiles()
	workers, err := fs.Glob(files, "assets/*.worker-*.js")
	if err != nil || len(workers) != 3 {
		t.Fatalf("workers %v, %v: want those of GraphQL, JSON and the editor", workers, err)
	}
	for _, worker := range workers {
		answer := get(t, http.MethodHead, "/graphiql/"+worker)
		if answer.Header().Get("Content-Security-Policy") != graphiqlPolicy || answer.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%s: %v", worker, answer.Header())
		}
	}
}

func TestTheBuildOfGraphiQLStaysOnThisHost(t *testing.T) {
	files, _ := graphiqlFiles()
	hashed := regexp.MustCompile(`-[A-Za-z0-9_-]{8}\.[a-z]+$`)
	// A style sheet or a script that loads from elsewhere: url(), @import, import of an address.
	loads := regexp.MustCompile(`(?i)(url\(|@import\s|import\(|from\s?)["'` + "`" + `]?(https?:)?//`)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if strings.HasSuffix(name, ".html") && foreign.Match(content) {
			t.Errorf("%s names another host: %q", name, foreign.Find(content))
		}
		if strings.HasPrefix(name, "assets/") && !hashed.MatchString(name) {
			t.Errorf("%s is cached for ever, but its name has no hash", name)
		}
		if found := loads.Find(content); found != nil && !strings.HasSuffix(name, ".md") {
			t.Errorf("%s loads from another host: %q", name, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheExamplesOfTheStartPageAreInGraphiQL(t *testing.T) {
	files, _ := graphiqlFiles()
	scripts, err := fs.Glob(files, "assets/index-*.js")
	if err != nil || len(scripts) != 1 {
		t.Fatalf("scripts %v, %v", scripts, err)
	}
	script, err := fs.ReadFile(files, scripts[0])
	if err != nil {
		t.Fatal(err)
	}
	page := get(t, http.MethodGet, "/").Body.String()
	links := regexp.MustCompile(`/graphiql\?operation=(\w+)"`).FindAllStringSubmatch(page, -1)
	if len(links) == 0 {
		t.Fatal("the start page links no example")
	}
	for _, link := range links {
		if !strings.Contains(string(script), "query "+link[1]+"(") {
			t.Errorf("GraphiQL has no document with the operation %s", link[1])
		}
	}
}

// What GraphiQL offers is what the tests run on both databases.
func TestTheExamplesOfGraphiQLAreContractDocuments(t *testing.T) {
	names, err := filepath.Glob("ui/src/documents/*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, name := range names {
		example, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		document, err := os.ReadFile(filepath.Join("../../graph/testdata/contract", filepath.Base(name)))
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(example, document) {
			t.Errorf("%s is not the contract document of that name", name)
		}
	}
}
