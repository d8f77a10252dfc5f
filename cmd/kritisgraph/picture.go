package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/duration"
	"kritisgraph/internal/picture"
)

var pictureFormats = map[string]func(io.Writer, picture.Picture) error{
	"mermaid": picture.Mermaid, "graphml": picture.GraphML, "dot": picture.DOT, "geojson": picture.GeoJSON,
}

// pictureFlags make a picture of what export writes.
func pictureFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Validator: oneOf("mermaid", "graphml", "dot", "geojson"), Usage: "draw a picture: `FORMAT` is mermaid, graphml, dot or geojson; needs one of the next three"},
		&cli.StringFlag{Name: "incident", Usage: "picture of what fails by the incident with this `REFERENCE`"},
		&cli.StringSliceFlag{Name: "outage", Usage: "picture of what fails when these `SUBJECTS` do, such as branch:electricity,facility:demo-fa-0016; also service: and operator:; repeatable"},
		&cli.StringFlag{Name: "root", Usage: "picture of the stated dependencies around this `SUBJECT`, such as facility:demo-fa-0016"},
		&cli.Int32Flag{Name: "depth", DefaultText: "2", Usage: "`NUMBER` of dependencies away from the root, 1 to 5"},
		&cli.StringFlag{Name: "direction", DefaultText: "BOTH", Validator: oneOf("PROVIDERS", "DEPENDENTS", "BOTH"), Usage: "`WHICH` dependencies of the root: PROVIDERS, DEPENDENTS, BOTH"},
		&cli.StringSliceFlag{Name: "federal-state", Usage: "`CODE` of a Land in which branches and services of the outage fail, such as BY; repeatable, without it all"},
		&cli.BoolFlag{Name: "include-facilities", Usage: "facilities of the branches of the outage in these Länder fail too"},
		&cli.Int32Flag{Name: "max-depth", DefaultText: "3", Usage: "`NUMBER` of dependencies that a chain has at most, 1 to 10"},
		&cli.StringFlag{Name: "horizon", DefaultText: "P7D", Usage: "`DURATION` after which effects no longer count, at most P90D"},
		&cli.Float64Flag{Name: "min-strength", DefaultText: "0.1", Usage: "`SHARE` of a service that the whole chain takes at least, 0 to 1"},
		&cli.Int32Flag{Name: "max-nodes", DefaultText: "2000, of a root 200", Usage: "`NUMBER` of things that are shown at most, 1 to 10000, of a root to 2000"},
		&cli.StringFlag{Name: "duration", DefaultText: "open-ended", Usage: "`DURATION` of the outage: what reserves bridge does not fail"},
		&cli.StringFlag{Name: "generator-runtime", Usage: "`DURATION` for which all that have emergency power have it"},
		&cli.BoolFlag{Name: "without-substitutes", Usage: "nothing bridges a loss"},
		&cli.BoolFlag{Name: "registered-only", Usage: "facilities use registered dependencies alone, not those of their branch"},
		&cli.StringFlag{Name: "as-of", DefaultText: "now", Usage: "`INSTANT` at which the dependencies hold, such as 2026-11-01T12:00:00Z"},
		&cli.StringFlag{Name: "lang", Value: string(kritis.German), Validator: oneOf(string(kritis.German), string(kritis.English)), Usage: "`LANGUAGE` of names: DE, EN"},
	}
}

// pictureSources are the flags that say of what a picture is, exactly one of them.
var pictureSources = []string{"incident", "outage", "root"}

// pictureBounds are the flags that mean something beside some sources only.
var pictureBounds = []struct {
	names, sources []string
}{
	{[]string{"federal-state", "include-facilities"}, []string{"outage"}},
	{[]string{"max-depth", "horizon", "min-strength", "duration", "generator-runtime", "without-substitutes", "registered-only"}, []string{"incident", "outage"}},
	{[]string{"depth", "direction"}, []string{"root"}},
	{[]string{"max-nodes", "as-of", "lang"}, pictureSources},
}

// checkPictureFlags refuses flags that do not go together.
func (c *call) checkPictureFlags() error {
	sources := slices.DeleteFunc(slices.Clone(pictureSources), func(name string) bool { return !c.IsSet(name) })
	switch {
	case !c.IsSet("format") && len(sources) > 0:
		return usage("--%s is about a picture: give --format too", sources[0])
	case c.IsSet("format") && len(sources) == 0:
		return usage("--format draws a picture: say of what by %s", flagNames(pictureSources, "or"))
	case len(sources) > 1:
		return usage("%s: give one of them, a picture shows one thing", flagNames(sources, "and"))
	}
	for _, bounds := range pictureBounds {
		for _, name := range bounds.names {
			if c.IsSet(name) && (len(sources) == 0 || !slices.Contains(bounds.sources, sources[0])) {
				return usage("--%s belongs to %s", name, flagNames(bounds.sources, "or"))
			}
		}
	}
	return nil
}

// flagNames lists flags in a sentence.
func flagNames(names []string, last string) string {
	text := "--" + names[0]
	for i, name := range names[1:] {
		text += map[bool]string{true: " " + last + " --", false: ", --"}[i == len(names)-2] + name
	}
	return text
}

// draw is what makes a picture with sight of the store.
type draw func(context.Context, *kritis.View) (picture.Picture, error)

// exportPicture reads what is to be drawn like query: in process, beside a running server, as the subject local.
func (c *call) exportPicture(ctx context.Context) error {
	source, err := c.pictureSource()
	if err != nil {
		return err
	}
	ctx = kritis.WithLanguage(ctx, kritis.Language(c.String("lang")))
	var p picture.Picture
	err = c.settings.inProcess(ctx, false, func(v *kritis.View) (err error) {
		p, err = source(ctx, v)
		if bad := (*kritis.Error)(nil); errors.As(err, &bad) && bad.Code == kritis.CodeBadInput {
			return usage("export: %w", err)
		}
		return err
	})
	if err != nil {
		return err
	}
	var drawn bytes.Buffer
	if err := pictureFormats[c.String("format")](&drawn, p); err != nil {
		return err
	}
	name := c.Args().First()
	if name == "" || name == "-" {
		_, err := c.Writer.Write(drawn.Bytes())
		return err
	}
	if err := writeFile(name, func(w io.Writer) error { _, err := w.Write(drawn.Bytes()); return err }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Writer, "drew %d nodes and %d edges to %s\n", len(p.Nodes), len(p.Edges), name)
	return err
}

// pictureSource is what the flags ask to be drawn.
func (c *call) pictureSource() (draw, error) {
	bounds, err := c.outageBounds()
	if err != nil {
		return nil, err
	}
	switch {
	case c.IsSet("incident"):
		return drawIncident(c.String("incident"), bounds), nil
	case c.IsSet("root"):
		return c.rootSource(bounds)
	}
	var roots []subjectName
	for _, text := range c.StringSlice("outage") {
		root, err := parseSubject("outage", text)
		if err != nil {
			return nil, err
		}
		roots = append(roots, root)
	}
	in := kritis.SimulateOutageInput{OutageBounds: bounds}
	for _, code := range c.StringSlice("federal-state") {
		in.FederalStates = append(in.FederalStates, kritis.FederalStateCode(code))
	}
	if c.Bool("include-facilities") {
		in.IncludeFacilities = new(true)
	}
	return drawOutage(roots, in), nil
}

func (c *call) rootSource(bounds kritis.OutageBounds) (draw, error) {
	root, err := parseSubject("root", c.String("root"))
	if err != nil {
		return nil, err
	}
	in := kritis.DependencyGraphQuestion{MaxNodes: bounds.MaxNodes, AsOf: bounds.AsOf}
	if c.IsSet("depth") {
		in.Depth = new(c.Int32("depth"))
	}
	if c.IsSet("direction") {
		in.Direction = new(kritis.DependencyDirection(c.String("direction")))
	}
	return drawAround(root, in), nil
}

// outageBounds are those of the flags; what is not given has its default.
func (c *call) outageBounds() (kritis.OutageBounds, error) {
	b := kritis.OutageBounds{Assumptions: &kritis.OutageAssumptionsInput{}}
	for name, into := range map[string]**time.Duration{"horizon": &b.Horizon, "duration": &b.Duration, "generator-runtime": &b.Assumptions.GeneratorRuntime} {
		if !c.IsSet(name) {
			continue
		}
		d, ok := duration.Parse(c.String(name))
		if !ok {
			return b, usage("--%s %s is no duration of a fixed length, such as PT48H or P7D; months and years have none", name, c.String(name))
		}
		*into = &d
	}
	for name, into := range map[string]**int32{"max-depth": &b.MaxDepth, "max-nodes": &b.MaxNodes} {
		if c.IsSet(name) {
			*into = new(c.Int32(name))
		}
	}
	for name, into := range map[string]**bool{"registered-only": &b.RegisteredOnly, "without-substitutes": &b.Assumptions.WithoutSubstitutes} {
		if c.IsSet(name) {
			*into = new(c.Bool(name))
		}
	}
	if c.IsSet("min-strength") {
		b.MinStrength = new(c.Float64("min-strength"))
	}
	if c.IsSet("as-of") {
		at, err := time.Parse(time.RFC3339, c.String("as-of"))
		if err != nil {
			return b, usage("--as-of %s is no instant such as 2026-11-01T12:00:00Z", c.String("as-of"))
		}
		b.AsOf = &at
	}
	return b, nil
}

// subjectName names something that can fail as the command line does: facility:demo-fa-0001.
type subjectName struct{ kind, name string }

func (s subjectName) String() string { return s.kind + ":" + s.name }

var subjectKinds = []string{"branch", "service", "facility", "operator"}

func parseSubject(flag, text string) (subjectName, error) {
	kind, name, _ := strings.Cut(strings.TrimSpace(text), ":")
	if name == "" || !slices.Contains(subjectKinds, kind) {
		return subjectName{}, usage("--%s %q: write branch:SLUG, service:SLUG, facility:REFERENCE or operator:REFERENCE", flag, text)
	}
	return subjectName{kind, name}, nil
}

// input is the subject as the API takes it.
func (s subjectName) input(ctx context.Context, v *kritis.View) (*kritis.DependencySubjectInput, error) {
	unknown := fmt.Errorf("there is no %s %q", s.kind, s.name)
	switch s.kind {
	case "branch":
		return &kritis.DependencySubjectInput{Branch: &s.name}, nil
	case "service":
		return &kritis.DependencySubjectInput{Service: &s.name}, nil
	case "facility":
		f, err := v.Facility(ctx, s.name)
		if err != nil || f == nil {
			return nil, cmp.Or(err, unknown)
		}
		return &kritis.DependencySubjectInput{Facility: new(f.ID())}, nil
	}
	o, err := v.Operator(ctx, s.name)
	if err != nil || o == nil {
		return nil, cmp.Or(err, unknown)
	}
	return &kritis.DependencySubjectInput{Operator: new(o.ID())}, nil
}
