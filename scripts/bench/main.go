// Command bench measures the served contract documents over HTTP: requests per second, p50 and p99 at 32 connections, on
// SQLite and, where NEO4J_URI names a server, on Neo4j, each beside a bare net/http handler that answers the same bytes in
// the same run. Read the ratios: seconds depend on the machine.
//
//	go build -o bin/kritisgraph ./cmd/kritisgraph && scripts/neo4j run go run ./scripts/bench
//
// With -outages it measures the questions about dependencies instead, one after the other on large demo data: p50 and p95 beside one hand-written
// Cypher statement on the same Neo4j, and beside a breadth-first search over adjacency lists in memory.
//
//	NEO4J_HEAP=2g scripts/neo4j run go run ./scripts/bench -outages
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

var (
	binary      = flag.String("binary", "bin/kritisgraph", "the program to measure")
	demo        = flag.String("demo", "medium", "size of the demo data")
	outages     = flag.Bool("outages", false, "measure the questions about outages instead of the documents")
	size        = flag.String("size", "large", "size of the demo data for the questions about outages")
	data        = flag.String("data", "", "keep the SQLite store with the outages in this directory, for the next run; empty: a new one")
	connections = flag.Int("connections", 32, "connections at once")
	span        = flag.Duration("span", 4*time.Second, "how long each measurement takes")
	bare        = flag.String("bare", "", "internal: serve the bytes of this file and nothing else")
)

// documents are those that the project promises to measure.
var documents = []string{"01_state_page", "02_responsibility_operator", "04_responsibilities_bulk", "20_sector_catalogue"}

func main() {
	flag.Parse()
	run := measureAll
	switch {
	case *bare != "":
		run = serveBare
	case *outages:
		run = measureOutages
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// serveBare answers every request with the bytes of a file, after reading its body as the product must.
func serveBare() error {
	answer, err := os.ReadFile(*bare)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("ready at http://%s\n", listener.Addr())
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/graphql-response+json")
		_, _ = w.Write(answer)
	}))
}

// stores are those that can be measured, as the program names them.
func stores() []string {
	if uri := os.Getenv("NEO4J_URI"); uri != "" {
		return []string{uri, "sqlite"}
	}
	fmt.Fprintln(os.Stderr, "bench: NEO4J_URI is not set, so only SQLite is measured: use scripts/neo4j run")
	return []string{"sqlite"}
}

func measureAll() error {
	fmt.Printf("%-28s %-7s %8s %9s %9s %8s %9s %9s %7s\n", "document", "store", "req/s", "p50", "p99", "bare/s", "p50", "p99", "ratio")
	for _, s := range stores() {
		if err := measureStore(s); err != nil {
			return err
		}
	}
	return nil
}

func measureStore(store string) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	url, stop, err := serve(store, dir, *demo)
	if err != nil {
		return err
	}
	defer stop()
	for _, name := range documents {
		body, err := request(url, name)
		if err != nil {
			return err
		}
		answer, err := post(url+"/graphql", body)
		if err != nil {
			return err
		}
		if bytes.Contains(answer, []byte(`"errors"`)) {
			return fmt.Errorf("%s: %.300s", name, answer)
		}
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, answer, 0o600); err != nil {
			return err
		}
		self, err := os.Executable()
		if err != nil {
			return err
		}
		bareURL, stopBare, err := start(exec.Command(self, "-bare", file))
		if err != nil {
			return err
		}
		load(url+"/graphql", body, *span/4)
		ours := load(url+"/graphql", body, *span)
		theirs := load(bareURL, body, *span)
		stopBare()
		short, _, _ := strings.Cut(store, ":")
		fmt.Printf("%-28s %-7s %8.0f %9s %9s %8.0f %9s %9s %7.1f\n", name, short, ours.rate, ours.p50, ours.p99, theirs.rate, theirs.p50, theirs.p99, theirs.rate/ours.rate)
	}
	return nil
}

// serve starts the program over a store, which it fills with demo data where that is empty.
func serve(store, dir, demo string) (string, func(), error) {
	cmd := exec.Command(*binary, "serve", "--listen", "127.0.0.1:0", "--data", dir, "--store", store, "--demo", demo, "--log-level", "error")
	cmd.Env = append(os.Environ(), "KRITISGRAPH_NEO4J_PASSWORD="+os.Getenv("NEO4J_PASSWORD"))
	return start(cmd)
}

var address = regexp.MustCompile(`ready at (http://\S+?)/?(\s|$)`)

// start runs a server until it says where it is ready, and returns how to stop it.
func start(cmd *exec.Cmd) (string, func(), error) {
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop := func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return m[1], stop, nil
		}
	}
	stop()
	return "", nil, fmt.Errorf("%s did not become ready", cmd.Path)
}

var lookup = regexp.MustCompile(`"\$lookup:([a-z]+):([^"]+)"`)

// request builds the body of a contract document, with ids looked up.
func request(url, name string) ([]byte, error) {
	dir := filepath.Join("graph", "testdata", "contract")
	query, err := os.ReadFile(filepath.Join(dir, name+".graphql"))
	if err != nil {
		return nil, err
	}
	variables, err := os.ReadFile(filepath.Join(dir, name+".json"))
	if err != nil {
		return nil, err
	}
	for _, m := range lookup.FindAllSubmatch(variables, -1) {
		q, err := json.Marshal(map[string]string{"query": fmt.Sprintf(`{ %s(reference: "%s") { id } }`, m[1], m[2])})
		if err != nil {
			return nil, err
		}
		answer, err := post(url+"/graphql", q)
		if err != nil {
			return nil, err
		}
		var found struct {
			Data map[string]struct{ ID string }
		}
		if err := json.Unmarshal(answer, &found); err != nil {
			return nil, err
		}
		variables = bytes.ReplaceAll(variables, m[0], []byte(`"`+found.Data[string(m[1])].ID+`"`))
	}
	return json.Marshal(map[string]any{"query": string(query), "variables": json.RawMessage(variables)})
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1024, DisableCompression: true}, Timeout: time.Minute}

func post(url string, body []byte) ([]byte, error) {
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json")
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d: %.300s", answer.StatusCode, text)
	}
	return text, err
}

type result struct {
	rate     float64
	p50, p99 time.Duration
}

// load asks over all connections for a while.
func load(url string, body []byte, d time.Duration) result {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	all := make([][]time.Duration, *connections)
	begin := time.Now()
	var wait sync.WaitGroup
	for i := range all {
		wait.Go(func() {
			for ctx.Err() == nil {
				at := time.Now()
				if _, err := post(url, body); err != nil && !errors.Is(err, context.Canceled) {
					fmt.Fprintln(os.Stderr, "bench:", err)
					return
				}
				all[i] = append(all[i], time.Since(at))
			}
		})
	}
	wait.Wait()
	took := slices.Concat(all...)
	slices.Sort(took)
	if len(took) == 0 {
		return result{}
	}
	round := func(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }
	return result{
		rate: float64(len(took)) / time.Since(begin).Seconds(), p50: round(took[len(took)/2]), p99: round(took[len(took)*99/100]),
	}
}
