package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"kritisgraph/graph"
	"kritisgraph/internal/kritis"
)

func queryCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "query", Usage: "run a GraphQL document against the store, without a server", ArgsUsage: "FILE",
		Description:               "Prints the JSON of the response; exit 1 if it has errors. FILE is - for standard input. A query works beside a running server; a mutation takes the data directory for itself.",
		DisableSliceFlagSeparator: true, // a value may hold commas
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "var", Usage: "variable `NAME=VALUE`; a VALUE that is JSON is taken as that, else as text; repeatable"},
			&cli.StringFlag{Name: "vars", TakesFile: true, Usage: "JSON `FILE` with variables; - is standard input"},
			&cli.StringFlag{Name: "operation", Usage: "`NAME` of the operation, where the document has several"},
		}},
		"kritisgraph query land.graphql --var code=BY\necho '{ federalStates { code name(lang: EN) } }' | kritisgraph query -",
		append(slices.Clone(storeSettings), "profile"), query)
}

const maxInput = 1 << 20 // bytes of a document or of variables; the API has its own, smaller bound

func query(ctx context.Context, c *call) error {
	file, vars := c.Args().First(), c.String("vars")
	if file == "-" && vars == "-" {
		return usage("query: document and variables cannot both be standard input")
	}
	document, err := readInput(c, file)
	if err != nil {
		return err
	}
	variables := map[string]any{}
	if vars != "" {
		text, err := readInput(c, vars)
		if err != nil {
			return err
		}
		if err := decodeJSON(text, &variables); err != nil {
			return usage("query: %s holds no JSON object: %w", vars, err)
		}
		if variables == nil {
			return usage("query: %s holds no JSON object, but null", vars)
		}
	}
	for _, pair := range c.StringSlice("var") {
		name, text, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return usage("query: --var %s: write NAME=VALUE", pair)
		}
		variables[name] = variableValue(text)
	}
	body, err := json.Marshal(map[string]any{"query": string(document), "operationName": c.String("operation"), "variables": variables})
	if err != nil {
		return err
	}
	return c.settings.inProcess(ctx, graph.Mutates(string(document), c.String("operation")), func(v *kritis.View) error {
		return c.ask(kritis.WithView(ctx, v), body)
	})
}

// ask sends a request to the API and prints the response.
func (c *call) ask(ctx context.Context, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	log := slog.New(slog.NewTextHandler(c.ErrWriter, nil))
	answer := &response{header: http.Header{}}
	graph.NewHandler(graph.NewSchema(), graph.Options{Log: log}).ServeHTTP(answer, request)

	var shown bytes.Buffer
	if err := json.Indent(&shown, answer.body.Bytes(), "", "  "); err != nil {
		return fmt.Errorf("reading the response: %w", err)
	}
	if _, err := fmt.Fprintln(c.Writer, shown.String()); err != nil {
		return err
	}
	var found struct{ Errors []json.RawMessage }
	if err := json.Unmarshal(answer.body.Bytes(), &found); err != nil {
		return fmt.Errorf("reading the response: %w", err)
	}
	if len(found.Errors) > 0 {
		return errNo
	}
	return nil
}

// response keeps what a handler writes.
type response struct {
	header http.Header
	body   bytes.Buffer
}

var _ http.ResponseWriter = (*response)(nil)

// Header returns the header, which nobody reads.
func (r *response) Header() http.Header { return r.header }

// WriteHeader drops the status: the body says whether there are errors.
func (r *response) WriteHeader(int) {}

// Write keeps the bytes.
func (r *response) Write(p []byte) (int, error) { return r.body.Write(p) }

// readInput reads a file, or standard input by the name -.
func readInput(c *call, name string) ([]byte, error) {
	in := c.Reader
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, usage("%s: %w", c.Name, err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	switch {
	case err != nil:
		return nil, usage("%s: reading %s: %w", c.Name, name, err)
	case len(text) > maxInput:
		return nil, usage("%s: %s is larger than %d bytes", c.Name, name, maxInput)
	}
	return text, nil
}

// variableValue is the JSON that the text is, else the text.
func variableValue(text string) any {
	var value any
	if err := decodeJSON([]byte(text), &value); err != nil {
		return text
	}
	return value
}

// decodeJSON reads exactly one JSON value; numbers keep their digits.
func decodeJSON(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows its end")
	}
	return nil
}
