// Command vuln checks the module with govulncheck against the Go vulnerability database: from the network, else from the
// module golang.org/x/vulndb through the module proxy. It prints the date of the data that it used.
//
// It exits 1 where the code reaches a vulnerability of a dependency and 2 where nothing could be checked. Findings in the
// standard library are shown with the Go release that mends them and do not fail the run: they are a property of the Go
// that builds, not of the code. With -unchecked-ok a missing database is said in one line and is no failure.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	network = "https://vuln.go.dev"
	module  = "golang.org/x/vulndb"
	stdlib  = "stdlib"
)

// database is where govulncheck reads and how old that is.
type database struct{ url, date string }

// message is one value of govulncheck's JSON stream: a report of the database, or a trace from a vulnerable symbol
// (innermost frame first) out to the code. A trace without a function says only that a module is required or imported.
type message struct {
	OSV *struct {
		ID      string `json:"id"`
		Summary string `json:"summary"`
	} `json:"osv"`
	Finding *struct {
		OSV   string  `json:"osv"`
		Fixed string  `json:"fixed_version"`
		Trace []frame `json:"trace"`
	} `json:"finding"`
}

type frame struct {
	Module   string `json:"module"`
	Version  string `json:"version"`
	Package  string `json:"package"`
	Function string `json:"function"`
}

func main() {
	uncheckedOK := flag.Bool("unchecked-ok", false, "do not fail where no database can be had")
	flag.Parse()
	ctx := context.Background()

	db, err := findDatabase(ctx)
	if err != nil {
		fmt.Printf("vulnerabilities: NOT CHECKED: %s\n", strings.Join(strings.Fields(err.Error()), " "))
		if *uncheckedOK {
			return
		}
		os.Exit(2)
	}
	fmt.Printf("vulnerabilities: database %s, data of %s\n", db.url, db.date)
	report, err := scan(ctx, db)
	if err != nil {
		fmt.Fprintln(os.Stderr, "vuln:", err)
		os.Exit(2)
	}
	dependencies, library, err := reached(report)
	if err != nil {
		fmt.Fprintln(os.Stderr, "vuln:", err)
		os.Exit(2)
	}
	show("the Go that builds has known vulnerabilities; build releases with a newer one", library)
	show("VULNERABLE DEPENDENCIES", dependencies)
	if len(dependencies) > 0 {
		os.Exit(1)
	}
	fmt.Println("vulnerabilities: none of a dependency is reached")
}

func findDatabase(ctx context.Context) (database, error) {
	db, errNetwork := networkDatabase(ctx)
	if errNetwork == nil {
		return db, nil
	}
	db, errProxy := proxyDatabase(ctx)
	if errProxy == nil {
		return db, nil
	}
	return database{}, fmt.Errorf("no database: %w; %w", errNetwork, errProxy)
}

func networkDatabase(ctx context.Context) (database, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, network+"/index/db.json", nil)
	if err != nil {
		return database{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return database{}, fmt.Errorf("ask the network: %w", err)
	}
	defer resp.Body.Close()
	var meta struct {
		Modified time.Time `json:"modified"`
	}
	if resp.StatusCode != http.StatusOK {
		return database{}, fmt.Errorf("ask the network: %s", resp.Status)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&meta); err != nil {
		return database{}, fmt.Errorf("ask the network: %w", err)
	}
	return database{url: network, date: meta.Modified.UTC().Format(time.DateOnly)}, nil
}

// proxyDatabase takes the reports as they lie in the module: govulncheck makes its index itself for a directory of them.
func proxyDatabase(ctx context.Context) (database, error) {
	var got struct{ Version, Dir, Info, Error string }
	out, err := exec.CommandContext(ctx, "go", "mod", "download", "-json", module+"@latest").Output()
	if jsonErr := json.Unmarshal(out, &got); err != nil || jsonErr != nil {
		return database{}, fmt.Errorf("ask the module proxy: %w", errors.Join(err, jsonErr, text(got.Error)))
	}
	raw, err := os.ReadFile(got.Info)
	if err != nil {
		return database{}, fmt.Errorf("read the date of %s: %w", module, err)
	}
	var info struct{ Time time.Time }
	if err := json.Unmarshal(raw, &info); err != nil {
		return database{}, fmt.Errorf("read the date of %s: %w", module, err)
	}
	dir := filepath.Join(got.Dir, "data", "osv")
	if reports, err := filepath.Glob(filepath.Join(dir, "GO-*.json")); err != nil || len(reports) == 0 {
		return database{}, fmt.Errorf("%s %s has no reports in data/osv", module, got.Version)
	}
	return database{url: "file://" + filepath.ToSlash(dir), date: info.Time.UTC().Format(time.DateOnly) + " (" + module + ")"}, nil
}

func text(s string) error {
	if s == "" {
		return nil
	}
	return errors.New(s)
}

func scan(ctx context.Context, db database) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "scripts/tool", "govulncheck", "-format", "json", "-tags", "neo4j", "-db", db.url, "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run govulncheck: %w", err)
	}
	return out, nil
}

// reached lists the vulnerable functions that the code calls, those of dependencies apart from those of the standard library.
func reached(report []byte) (dependencies, library []string, err error) {
	summary := map[string]string{}
	seen := map[string]bool{}
	for dec := json.NewDecoder(bytes.NewReader(report)); ; {
		var m message
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			return dependencies, library, nil
		} else if err != nil {
			return nil, nil, fmt.Errorf("read the report of govulncheck: %w", err)
		}
		if m.OSV != nil {
			summary[m.OSV.ID] = m.OSV.Summary
		}
		f := m.Finding
		if f == nil || seen[f.OSV] || len(f.Trace) == 0 || f.Trace[0].Function == "" {
			continue
		}
		seen[f.OSV] = true
		in, by := f.Trace[0], f.Trace[len(f.Trace)-1]
		line := fmt.Sprintf("%s in %s %s, mended in %s: %s (%s.%s, reached by %s.%s)",
			f.OSV, in.Module, in.Version, f.Fixed, summary[f.OSV], in.Package, in.Function, by.Package, by.Function)
		if in.Module == stdlib {
			library = append(library, line)
		} else {
			dependencies = append(dependencies, line)
		}
	}
}

func show(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	slices.Sort(lines)
	fmt.Printf("vulnerabilities: %s:\n", title)
	for _, line := range lines {
		fmt.Println("  " + line)
	}
}
