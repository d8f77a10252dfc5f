package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// configFile is the YAML file with settings, read at its first use.
type configFile struct {
	path    func() string
	entries map[string]entry
	loaded  bool
	err     error
}

// entry is the value of a key and its line.
type entry struct {
	value string
	line  int
}

// The bounds of the file: what a parser of YAML needs grows with the square of how deep lists nest.
const (
	maxConfig = 16 << 10 // bytes
	maxLists  = 50       // brackets and braces that open
)

// load reads the file once; without a path there is nothing to read.
func (c *configFile) load() error {
	if c.loaded || c.path() == "" {
		return c.err
	}
	c.loaded = true
	c.entries = map[string]entry{}
	if err := c.read(); err != nil {
		c.err = usage("the file of --config: %w", err)
	}
	return c.err
}

func (c *configFile) read() error {
	f, err := os.Open(c.path())
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	switch {
	case err != nil:
		return err
	case len(text) > maxConfig:
		return fmt.Errorf("%s is larger than %d bytes", c.path(), maxConfig)
	case bytes.Count(text, []byte("["))+bytes.Count(text, []byte("{")) > maxLists:
		return fmt.Errorf("%s opens more than %d lists: settings are lines 'name: value'", c.path(), maxLists)
	}
	document, err := parser.ParseBytes(text, 0)
	if err != nil {
		return fmt.Errorf("%s is no YAML: %w", c.path(), err)
	}
	if len(document.Docs) > 1 {
		return fmt.Errorf("%s holds more than one document", c.path())
	}
	for _, d := range document.Docs {
		if d.Body == nil {
			continue
		}
		if _, empty := d.Body.(*ast.CommentGroupNode); empty {
			continue
		}
		settings, ok := d.Body.(ast.MapNode)
		if !ok {
			return fmt.Errorf("%s holds no lines 'name: value'", c.path())
		}
		if err := c.take(settings.MapRange()); err != nil {
			return err
		}
	}
	return nil
}

func (c *configFile) take(pairs *ast.MapNodeIter) error {
	for pairs.Next() {
		key := pairs.Key().GetToken()
		where := fmt.Sprintf("%s, line %d", c.path(), key.Position.Line)
		if !isSetting(key.Value) {
			return fmt.Errorf("%s: %q is no setting%s", where, key.Value, meant(key.Value, strconv.Quote))
		}
		switch key.Value {
		case "config":
			return fmt.Errorf("%s: a file cannot name another one", where)
		case "neo4j-password":
			return fmt.Errorf("%s: no password stands here: use neo4j-password-file or %s", where, variable(key.Value))
		}
		value, err := textOf(pairs.Value())
		if err != nil {
			return fmt.Errorf("%s: %s %w", where, key.Value, err)
		}
		c.entries[key.Value] = entry{value: value, line: key.Position.Line}
	}
	return nil
}

func isSetting(name string) bool { return settingOf(variable(name)) == name }

// textOf is the text of a value as a flag takes it: a list is joined by commas.
func textOf(node ast.Node) (string, error) {
	switch node := node.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.BoolNode:
		return node.GetToken().Value, nil
	case *ast.SequenceNode:
		values := make([]string, len(node.Values))
		for i, element := range node.Values {
			if _, nested := element.(*ast.SequenceNode); nested {
				return "", fmt.Errorf("is a list of lists")
			}
			value, err := textOf(element)
			if err != nil {
				return "", err
			}
			values[i] = value
		}
		return strings.Join(values, ","), nil
	}
	return "", fmt.Errorf("needs a text, a number, true or false, or a list of texts")
}
