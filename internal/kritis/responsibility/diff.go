package responsibility

import (
	"cmp"
	"slices"
)

// ChangeKind says what happened to a step.
type ChangeKind string

// The kinds of change.
const (
	Added    ChangeKind = "ADDED"
	Removed  ChangeKind = "REMOVED"
	Replaced ChangeKind = "REPLACED"
)

// Change is a certain step that is new, gone, or another body's.
type Change struct {
	Kind          ChangeKind
	Act           *Act
	Role          Role
	Land          string
	Before, After *Step // nil where there is none
}

// Provision is that of the new step, or of the old one where nothing is new.
func (c *Change) Provision() string {
	if c.After != nil {
		return c.After.Competence.Provision
	}
	return c.Before.Competence.Provision
}

type changeKey struct {
	act  int
	role Role
	land string
}

// Changes compares the certain steps of two answers of this rulebook. Changes stand by act in data order, role by name, Land by
// code, then body by slug; federal bodies come before Länder. The steps point into the answers.
func (rb *Rulebook) Changes(before, after *Answer) []Change {
	old, fresh := rb.stepsByKey(before), rb.stepsByKey(after)
	keySet := make([]changeKey, 0, len(old)+len(fresh))
	for k := range old {
		keySet = append(keySet, k)
	}
	for k := range fresh {
		if _, ok := old[k]; !ok {
			keySet = append(keySet, k)
		}
	}
	slices.SortFunc(keySet, func(a, b changeKey) int {
		return cmp.Or(cmp.Compare(a.act, b.act), cmp.Compare(a.role, b.role), cmp.Compare(a.land, b.land))
	})
	var out []Change
	for _, k := range keySet {
		gone, new := without(old[k], fresh[k]), without(fresh[k], old[k])
		change := Change{Act: &rb.acts[k.act].Act, Role: k.role, Land: k.land}
		if len(gone) == 1 && len(new) == 1 {
			change.Kind, change.Before, change.After = Replaced, gone[0], new[0]
			out = append(out, change)
			continue
		}
		for _, s := range gone {
			change.Kind, change.Before, change.After = Removed, s, nil
			out = append(out, change)
		}
		for _, s := range new {
			change.Kind, change.Before, change.After = Added, nil, s
			out = append(out, change)
		}
	}
	return out
}

func (rb *Rulebook) stepsByKey(a *Answer) map[changeKey][]*Step {
	out := map[changeKey][]*Step{}
	for i := range a.Regimes {
		r := &a.Regimes[i]
		for j := range r.Chain {
			s := &r.Chain[j]
			k := changeKey{rb.actBySlug[r.Act.Slug], s.Role, s.Land}
			out[k] = append(out[k], s)
		}
	}
	for _, steps := range out {
		slices.SortFunc(steps, func(a, b *Step) int { return cmp.Compare(a.Body.Slug, b.Body.Slug) })
	}
	return out
}

// without gives the steps of one list whose body is not in the other.
func without(steps, other []*Step) []*Step {
	var out []*Step
	for _, s := range steps {
		if !slices.ContainsFunc(other, func(o *Step) bool { return o.Body == s.Body }) {
			out = append(out, s)
		}
	}
	return out
}
