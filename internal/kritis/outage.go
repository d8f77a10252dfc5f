package kritis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// OutageBounds say how far an outage is followed; what is nil has its default.
type OutageBounds struct {
	MaxDepth       *int32
	Horizon        *time.Duration
	MinStrength    *float64
	MaxNodes       *int32
	Duration       *time.Duration
	RegisteredOnly *bool
	Assumptions    *OutageAssumptionsInput
	AsOf           *time.Time
}

// ImpactInput says how far the effects of an incident are followed.
type ImpactInput struct {
	OutageBounds
}

// SimulateOutageInput says what fails, and how far that is followed.
type SimulateOutageInput struct {
	Roots             []*DependencySubjectInput
	FederalStates     []FederalStateCode
	IncludeFacilities *bool
	OutageBounds
}

// OutageAssumptionsInput replaces what is known of reserves.
type OutageAssumptionsInput struct {
	GeneratorRuntime   *time.Duration
	WithoutSubstitutes *bool
}

func (in *OutageAssumptionsInput) assumptions() impact.Assumptions {
	if in == nil {
		return impact.Assumptions{}
	}
	return impact.Assumptions{GeneratorRuntime: inSeconds(in.GeneratorRuntime), WithoutSubstitutes: isTrue(in.WithoutSubstitutes)}
}

func isTrue(b *bool) bool { return b != nil && *b }

// inSeconds are whole seconds of a length of time; parts of one, which the API does not read, are cut.
func inSeconds(d *time.Duration) *impact.Seconds {
	if d == nil {
		return nil
	}
	return new(impact.Seconds(*d / time.Second))
}

func duration(s impact.Seconds) time.Duration { return seconds(int64(s)) }

// question is what the bounds ask, without roots. The rule judges whether they are allowed.
func (in OutageBounds) question() (impact.Question, error) {
	q := impact.Question{
		Bounds: impact.DefaultBounds(), Duration: inSeconds(in.Duration), Assumptions: in.Assumptions.assumptions(), RegisteredOnly: isTrue(in.RegisteredOnly),
	}
	if in.MaxDepth != nil {
		q.Bounds.MaxDepth = int(*in.MaxDepth)
	}
	if in.MaxNodes != nil {
		q.Bounds.MaxNodes = int(*in.MaxNodes)
	}
	if h := inSeconds(in.Horizon); h != nil {
		q.Bounds.Horizon = *h
	}
	if in.MinStrength != nil {
		s, err := strengthOf("minStrength", *in.MinStrength)
		if err != nil {
			return q, err
		}
		q.Bounds.MinStrength = s
	}
	return q, nil
}

// strengthOf reads a strength from 0 to 1 of at most six decimals.
func strengthOf(field string, s float64) (impact.Strength, error) {
	if !(s >= 0 && s <= 1) { // not a number is neither
		return 0, BadInput(field, "%s takes 0 to 1, not %g.", field, s)
	}
	millionths := math.Round(s * float64(impact.Whole))
	if math.Abs(s*float64(impact.Whole)-millionths) > 1e-6 {
		return 0, BadInput(field, "%s takes at most six decimals.", field)
	}
	return impact.Strength(millionths), nil
}

// SimulateOutage says what fails when something fails. It writes nothing.
func (v *View) SimulateOutage(ctx context.Context, in SimulateOutageInput) (*Impact, error) {
	q, err := in.question()
	if err != nil {
		return nil, err
	}
	x, end, err := v.excerpt(ctx, in.AsOf)
	if err != nil {
		return nil, err
	}
	defer end()
	keys, err := x.subjects("roots", in.Roots)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		root := impact.Root{Key: key}
		if !isRegistered(key) {
			root.IncludeFacilities = isTrue(in.IncludeFacilities)
			for _, code := range in.FederalStates {
				root.FederalStates = append(root.FederalStates, string(code))
			}
		}
		q.Roots = append(q.Roots, root)
	}
	if err := x.roots(ctx, q.Roots); err != nil {
		return nil, err
	}
	return x.impact(ctx, q, []responsibility.Purpose{responsibility.ForCrisis}, nil)
}

// Impact says what fails by an incident: through the facilities that it names, else its operator, else the branches in the Länder that
// it names. It is nil where the incident names nothing that the caller may see.
func (i *Incident) Impact(ctx context.Context, in *ImpactInput) (*Impact, error) {
	if in == nil {
		in = &ImpactInput{}
	}
	q, err := in.question()
	if err != nil {
		return nil, err
	}
	x, end, err := i.view.excerpt(ctx, in.AsOf)
	if err != nil {
		return nil, err
	}
	defer end()
	if q.Roots, err = i.roots(ctx); err != nil || len(q.Roots) == 0 {
		return nil, err
	}
	if err := x.roots(ctx, q.Roots); err != nil {
		return nil, err
	}
	return x.impact(ctx, q, i.purposes(), i)
}

// roots are what the incident names.
func (i *Incident) roots(ctx context.Context) ([]impact.Root, error) {
	g, err := i.view.app.store.Traverse(ctx, i.view.reader.Scope(), store.Walk{
		From: []store.ID{i.node.ID}, Depth: 1, Props: []string{},
		Follow: []store.Step{{Edge: EdgeAffects, Dir: store.Out}, {Edge: EdgeReportedBy, Dir: store.Out}, {Edge: EdgeConcerns, Dir: store.Out}},
	})
	if err != nil {
		return nil, err
	}
	for _, label := range []store.Label{LabelFacility, LabelOperator, LabelBranch} {
		var roots []impact.Root
		for _, n := range g.Nodes {
			if n.Label() != label {
				continue
			}
			root := impact.Root{Key: subjectKey(n.ID)}
			if label == LabelBranch {
				if root.FederalStates = i.list("landCodes"); len(root.FederalStates) == 0 {
					continue // none would mean all
				}
			}
			roots = append(roots, root)
		}
		if len(roots) > 0 {
			return roots, nil
		}
	}
	return nil, nil
}

// purposes are those for which the bodies are asked that have to be informed.
func (i *Incident) purposes() []responsibility.Purpose {
	switch i.Kind() {
	case "PHYSICAL":
		return []responsibility.Purpose{responsibility.ForPhysicalIncident}
	case "MIXED":
		return []responsibility.Purpose{responsibility.ForCyberIncident, responsibility.ForPhysicalIncident}
	}
	return []responsibility.Purpose{responsibility.ForCyberIncident}
}

// maxSubjects is the greatest number of roots or subjects in one question.
const maxSubjects = 500

// subjects are the keys of what a question names, each given once. Whether facilities and operators exist is not judged here.
func (x *excerpt) subjects(field string, list []*DependencySubjectInput) ([]string, error) {
	if len(list) == 0 {
		return nil, BadInput(field, "%s is empty: say what is meant, such as {branch: \"electricity\"}.", field)
	}
	if len(list) > maxSubjects {
		return nil, BadInput(field, "%s takes at most %d things, not %d: ask several times.", field, maxSubjects, len(list))
	}
	keys := make([]string, len(list))
	for i, in := range list {
		var err error
		if keys[i], err = x.subject(fmt.Sprintf("%s[%d]", field, i), in); err != nil {
			return nil, err
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// subject is the key of what an input names.
func (x *excerpt) subject(field string, in *DependencySubjectInput) (string, error) {
	given, key := 0, ""
	var err error
	for _, c := range []struct {
		value *string
		label store.Label
		what  string
	}{{in.Branch, LabelBranch, "The branch"}, {in.Service, LabelService, "The service"}, {in.Facility, LabelFacility, "The facility"}, {in.Operator, LabelOperator, "The operator"}} {
		if c.value == nil {
			continue
		}
		given++
		if c.label == LabelBranch || c.label == LabelService {
			if _, ok := x.book.byID[store.NewID(string(c.label), *c.value)]; !ok {
				err = NotFound(field, c.what+" "+quoted(*c.value)+" of "+field)
			}
			key = dependencyKinds[c.label] + ":" + *c.value
			continue
		}
		id, bad := ParseGlobalID(*c.value)
		switch {
		case bad != nil:
			unread := NotFound(field, c.what+" of "+field)
			unread.Message += fmt.Sprintf(` It takes an id, as %s(reference: "…") { id } tells it.`, dependencyKinds[c.label])
			err = unread
		case store.Label(id.Kind()) != c.label:
			err = NotFound(field, c.what+" of "+field)
		}
		key = subjectKey(id)
	}
	if given != 1 {
		return "", BadInput(field, "%s: give exactly one of branch, service, facility and operator.", field)
	}
	if _, before := x.named[key]; !before {
		x.named[key] = field
	}
	return key, err
}

// quoted is a name as an error repeats it: what there is too much of is cut.
func quoted(name string) string {
	const most = 40
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most]) + "…"
	}
	return strconv.Quote(name)
}

// roots reads what fails at the beginning: the things themselves, what they run, and the facilities of branches that are to fail too.
func (x *excerpt) roots(ctx context.Context, roots []impact.Root) error {
	var registered, branches []store.ID
	for _, r := range roots {
		switch {
		case isRegistered(r.Key):
			registered = append(registered, subjectID(r.Key))
		case r.IncludeFacilities:
			if b := x.branchOf(r.Key); b != "" {
				branches = append(branches, b)
			}
		}
	}
	if err := x.followed(ctx, registered); err != nil {
		return err
	}
	if len(branches) > 0 {
		if _, err := x.walk(ctx, 1, branches, store.Step{Edge: EdgeInBranch, Dir: store.In}); err != nil {
			return err
		}
	}
	if x.cut {
		return tooMuch()
	}
	return x.present()
}

// present refuses what the question names and is hidden or does not exist.
func (x *excerpt) present() error {
	missing := ""
	for key, field := range x.named {
		if _, ok := x.nodes[subjectID(key)]; !ok && isRegistered(key) && (missing == "" || field < x.named[missing]) {
			missing = key
		}
	}
	if missing == "" {
		return nil
	}
	kind, _, _ := strings.Cut(missing, ":")
	return NotFound(x.named[missing], "The "+kind+" of "+x.named[missing])
}

// branchOf is the branch of a branch or service, empty where a service spans several.
func (x *excerpt) branchOf(key string) store.ID {
	switch n := x.book.byID[subjectID(key)].(type) {
	case *Branch:
		return n.StoreID()
	case *Service:
		if n.branch != nil {
			return n.branch.StoreID()
		}
	}
	return ""
}

// outageError turns a question that the rule refuses into an error about the field of the input.
func outageError(err error) error {
	var in *impact.InputError
	if !errors.As(err, &in) {
		return err
	}
	return BadInput(in.Field, "%s: %s; %s.", in.Field, in.Problem, in.Remedy)
}
