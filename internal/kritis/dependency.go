package kritis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/store"
)

// DependencySubject is something that depends on others or that others depend on: a branch, a service, an operator or a facility.
type DependencySubject interface {
	Node
	IsDependencySubject()
}

// DependencySubjectInput is exactly one of the slug of a branch or service and the global id of a facility or operator.
type DependencySubjectInput struct {
	Branch   *string
	Service  *string
	Facility *string
	Operator *string
}

// DependencyID names the registered dependency of a facility or operator on another one for a need; an empty need is one of its
// own. A provider so stands at most once in each need of a dependent. Keys hold no '>' and no '#', and need is one that
// [CheckNeed] lets pass.
func DependencyID(from, to store.ID, need string) store.ID {
	id := store.EdgeID(EdgeSupplies, from, to)
	if need == "" {
		return id
	}
	return id + store.ID("#"+need)
}

// maxNeed is the greatest length of a need in characters.
const maxNeed = 60

// CheckNeed reports what is wrong with a need that is given: it has 1 to 60 printable characters, no spaces around them, and none of
// '#', '>' and '/'.
func CheckNeed(need string) error {
	if need == "" || need != strings.TrimSpace(need) || utf8.RuneCountInString(need) > maxNeed || !printable(need) || strings.ContainsAny(need, "#>/") {
		return fmt.Errorf("a need takes 1 to %d printable characters without spaces around them, and none of # > /", maxNeed)
	}
	return nil
}

// EdgeKeys names the properties by which edges of a type are known, and which no two of them share: a walk needs a key for each dependency.
func EdgeKeys() map[store.EdgeType]string {
	return map[store.EdgeType]string{EdgeSupplies: "number"}
}

// checkDependency refuses a dependency that the rule of impact cannot use, or that is not named by its ends and its need: so a provider stands
// once in each need, whoever wrote it.
func checkDependency(e store.Edge) error {
	need := e.Prop("need").Text()
	from, until := e.Prop("timeFromSeconds"), e.Prop("timeUntilSeconds")
	switch {
	case need != "" && CheckNeed(need) != nil:
		return fmt.Errorf("the need %q: %w", need, CheckNeed(need))
	case e.ID != DependencyID(e.From, e.To, need):
		return fmt.Errorf("the ends and the need %q of this dependency give it the id %s", need, DependencyID(e.From, e.To, need))
	case e.Prop("strengthMillionths").Num()%100 != 0:
		return errors.New("a strength has at most four decimals")
	case from.IsZero() != until.IsZero() || from.Num() < 0 || from.Num() > until.Num():
		return fmt.Errorf("a time to impact cannot range from %d to %d seconds", from.Num(), until.Num())
	case !from.IsZero() && (e.Prop("timeToImpactSeconds").Num() < from.Num() || e.Prop("timeToImpactSeconds").Num() > until.Num()):
		return fmt.Errorf("a range from %d to %d seconds does not hold a time to impact of %d", from.Num(), until.Num(), e.Prop("timeToImpactSeconds").Num())
	}
	x := impactEdge(e)
	_, err := impact.NewGraph(impact.Data{Nodes: []impact.Node{{Key: x.Provider}, {Key: x.Dependent}}, Edges: []impact.Edge{x}})
	return err
}

// providerIn is the provider that the id of a dependency names; false for any other id.
func providerIn(id store.ID) (store.ID, bool) {
	if id.Kind() != string(EdgeSupplies) {
		return "", false
	}
	provider, rest, _ := strings.Cut(id.Key(), ">")
	dependent, need, _ := strings.Cut(rest, "#")
	from, to := store.ID(provider), store.ID(dependent)
	return from, from.Valid() && to.Valid() && DependencyID(from, to, need) == id
}

// labelDependency is what the ids of dependencies, which are edges, begin with.
const labelDependency = store.Label(EdgeSupplies)

// Dependency says that a dependent needs a provider: among branches as reference data, among facilities and operators as
// somebody registered it.
type Dependency struct {
	object // the edge, without its ends
	edge   store.Edge
	view   *View // nil: reference data

	provider, dependent DependencySubject // nil: not read yet
}

// newDependency returns the dependency that an edge states.
func newDependency(e store.Edge) *Dependency {
	return &Dependency{object: edgeObject(e), edge: e}
}

// edgeObject is sight of the properties of an edge.
func edgeObject(e store.Edge) object {
	return object{store.Node{ID: e.ID, Props: e.Props, Version: e.Version}}
}

// Key returns its stable key.
func (d *Dependency) Key() string { return dependencyKey(d.edge) }

// Provider returns what is needed.
func (d *Dependency) Provider(ctx context.Context) (DependencySubject, error) {
	return d.end(ctx, d.provider, d.edge.From)
}

// Dependent returns what needs it.
func (d *Dependency) Dependent(ctx context.Context) (DependencySubject, error) {
	return d.end(ctx, d.dependent, d.edge.To)
}

func (d *Dependency) end(ctx context.Context, known DependencySubject, id store.ID) (DependencySubject, error) {
	if known != nil {
		return known, nil
	}
	n, err := d.view.reader.Node(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.view.dependencySubject(ctx, n)
}

// dependencySubject returns the typed thing that a node is, an error where it cannot depend.
func (v *View) dependencySubject(ctx context.Context, n store.Node) (DependencySubject, error) {
	x, err := v.object(ctx, n)
	if err != nil {
		return nil, err
	}
	subject, ok := x.(DependencySubject)
	if !ok {
		return nil, fmt.Errorf("%s is nothing that depends or is depended on", n.ID)
	}
	return subject, nil
}

// Kind returns the kind of the link.
func (d *Dependency) Kind() DependencyKind { return DependencyKind(d.text("kind")) }

// Strength returns the share of the dependent's service that goes, above 0 up to 1.
func (d *Dependency) Strength() float64 { return float64(d.number("strengthMillionths")) / 1e6 }

// TimeToImpact returns the time from the provider's failure to the dependent's.
func (d *Dependency) TimeToImpact() time.Duration { return seconds(d.number("timeToImpactSeconds")) }

// TimeRange returns the ends of that time where the source gives them.
func (d *Dependency) TimeRange() *DurationRange { return timeRangeOf(d.edge) }

// Need returns what the provider is needed for; nil where it stands alone.
func (d *Dependency) Need() *string { return d.optional("need") }

// Substitute returns how long something else bridges the loss, nil where nothing does.
func (d *Dependency) Substitute() *time.Duration { return d.length("substituteSeconds") }

// Figures returns where strength and times come from.
func (d *Dependency) Figures() Figures { return Figures(d.text("figures")) }

// Rationale returns why it is so.
func (d *Dependency) Rationale() *string { return d.optional("rationale") }

// ConfirmedAt returns when somebody last confirmed it as it stands, nil where nobody did.
func (d *Dependency) ConfirmedAt() *time.Time { return d.instant("confirmedAt") }

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// DurationRange is a range of lengths of time, both ends included.
type DurationRange struct {
	From time.Duration
	To   time.Duration
}
