package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
)

// inputs are the settings of one command with the places that they come from beside its flags.
type inputs struct {
	flags []cli.Flag
	file  *configFile
	found map[string]string // where a value came from, by name; absent: flag or default
}

// newInputs takes the settings with these names from the table, and --config, which comes first: the others need it.
func newInputs(names []string) *inputs {
	in := &inputs{found: map[string]string{}}
	for _, f := range table() {
		name := f.Names()[0]
		if name == "config" {
			in.file = &configFile{path: func() string { return f.(*cli.StringFlag).Get().(string) }}
		} else if !slices.Contains(names, name) {
			continue
		}
		in.attach(f, name)
		in.flags = append(in.flags, f)
	}
	return in
}

// attach lets a flag that was not given take its value from the environment, else from the file.
func (in *inputs) attach(f cli.Flag, name string) {
	sources := cli.NewValueSourceChain(environment{name, in.found})
	if name != "config" && name != "neo4j-password" {
		sources.Append(cli.NewValueSourceChain(fileKey{name, in}))
	}
	switch f := f.(type) {
	case *cli.StringFlag:
		f.Sources = sources
	case *cli.StringSliceFlag:
		f.Sources = sources
	case *cli.BoolFlag:
		f.Sources = sources
	case *cli.Int64Flag:
		f.Sources = sources
	default:
		panic(fmt.Sprintf("settings: %s is a flag of an unknown type", name))
	}
}

// check refuses a file that is wrong, variables that no setting has, and a password that others can read.
func (in *inputs) check() error {
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if value != "" && strings.HasPrefix(name, environmentPrefix) && settingOf(name) == "" {
			return usage("the environment variable %s is no setting%s", name, meant(flagName(name), variable))
		}
	}
	if err := in.file.load(); err != nil {
		return err
	}
	for _, f := range in.flags {
		if f.Names()[0] == "neo4j-password" && f.IsSet() && in.found["neo4j-password"] == "" {
			return usage("a password on the command line can be read by others: use --neo4j-password-file or %s", variable("neo4j-password"))
		}
	}
	return nil
}

const environmentPrefix = "KRITISGRAPH_"

// variable is the environment variable of a setting.
func variable(name string) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// flagName is the name that a setting with this environment variable has.
func flagName(variable string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(variable, environmentPrefix), "_", "-"))
}

// settingOf is the setting with this environment variable, empty if there is none.
func settingOf(environmentVariable string) string {
	for _, f := range table() {
		if name := f.Names()[0]; variable(name) == environmentVariable {
			return name
		}
	}
	return ""
}

// meant asks for the setting whose name looks most like one that does not exist, written by show; "" where none does.
func meant(name string, show func(string) string) string {
	near := strings.TrimLeft(cli.SuggestFlag(table(), name, true), "-")
	if near == "" {
		return ""
	}
	return ": did you mean " + show(near) + "?"
}

// environment is the environment variable of a setting. An empty one counts as absent.
type environment struct {
	name  string
	found map[string]string
}

var _ cli.ValueSource = environment{}
var _ cli.EnvValueSource = environment{}

// Lookup returns the value of the variable.
func (e environment) Lookup() (string, bool) {
	value := os.Getenv(e.Key())
	if value == "" {
		return "", false
	}
	e.found[e.name] = "environment " + e.Key()
	return value, true
}

// IsFromEnv tells the help to show the variable.
func (e environment) IsFromEnv() bool { return true }

// Key returns the name of the variable.
func (e environment) Key() string { return variable(e.name) }

// String names the source in errors.
func (e environment) String() string { return "the environment variable " + e.Key() }

// GoString is String.
func (e environment) GoString() string { return e.String() }

// fileKey is the key of a setting in the file.
type fileKey struct {
	name string
	in   *inputs
}

var _ cli.ValueSource = fileKey{}

// Lookup returns the value of the key. An error of the file comes up in check.
func (k fileKey) Lookup() (string, bool) {
	if k.in.file.load() != nil {
		return "", false
	}
	e, ok := k.in.file.entries[k.name]
	if ok {
		k.in.found[k.name] = fmt.Sprintf("file %s, line %d", k.in.file.path(), e.line)
	}
	return e.value, ok
}

// String names the source in errors.
func (k fileKey) String() string {
	return fmt.Sprintf("%s, line %d", k.in.file.path(), k.in.file.entries[k.name].line)
}

// GoString is String.
func (k fileKey) GoString() string { return k.String() }
