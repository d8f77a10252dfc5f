package responsibility

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Subject is exactly one of a service, a branch or a sector. A service that spans the branches of its sector may be narrowed
// by one of them.
type Subject struct {
	Service string
	Branch  string
	Sector  string
}

// Unit is one place or facility: where it stands, which Länder it affects, what it does and what is known of it.
type Unit struct {
	Site string // code of a Land; empty only in the exclusive economic zone
	// Affected are the affected Länder; the site counts as one of them and need not be repeated. Order and repetition do not matter.
	Affected []string
	Subject
	Attributes Attributes
}

// Facility is a registered facility of an operator.
type Facility struct {
	Site   string
	Supply []string // Länder of its supply area
	Subject
	Attributes Attributes // known ones override those of the operator
}

// Unit gives the unit of a facility whose operator has these attributes.
func (f Facility) Unit(operator Attributes) Unit {
	return Unit{Site: f.Site, Affected: f.Supply, Subject: f.Subject, Attributes: f.Attributes.Over(operator)}
}

// Operator is a registered operator.
type Operator struct {
	Seat       string
	Sectors    []string
	Attributes Attributes
	Facilities []Facility
}

// Units gives the units of an operator: those of its facilities or, without any, its sectors at its seat.
func (o Operator) Units() []Unit {
	if len(o.Facilities) == 0 {
		units := make([]Unit, len(o.Sectors))
		for i, s := range o.Sectors {
			units[i] = Unit{Site: o.Seat, Subject: Subject{Sector: s}, Attributes: o.Attributes}
		}
		return units
	}
	units := make([]Unit, len(o.Facilities))
	for i, f := range o.Facilities {
		units[i] = f.Unit(o.Attributes)
	}
	return units
}

// ErrInput is what every [InputError] is.
var ErrInput = errors.New("question cannot be answered")

// InputError names the field of a question that cannot be used, why, and what would do.
type InputError struct {
	Field   string // dotted path, such as units[2].attributes.ownership or federalState
	Problem string
	Remedy  string
}

// Error says field, problem and remedy.
func (e *InputError) Error() string { return fmt.Sprintf("%s: %s; %s", e.Field, e.Problem, e.Remedy) }

// Is makes every InputError an ErrInput.
func (e *InputError) Is(target error) bool { return target == ErrInput }

// facts is a unit with everything resolved.
type facts struct {
	site     int    // index of a Land, or -1
	affected uint64 // set of Länder, the site included
	leaves   string // key of the subject in error messages and for equality
	values   [attributeCount]int8
	parts    []int // leaves
}

const unknownValue = -1

// Check says whether the unit can be asked about: nil, or an [InputError] that names the field.
func (rb *Rulebook) Check(u Unit) error {
	_, err := rb.resolve(u)
	return err
}

func (rb *Rulebook) resolve(u Unit) (facts, error) {
	f := facts{site: -1}
	var err error
	if f.values, err = valuesOf(u.Attributes); err != nil {
		return f, err
	}
	if f.parts, f.leaves, err = rb.partsOf(u.Subject); err != nil {
		return f, err
	}
	zone := attributeIndex("inExclusiveEconomicZone")
	if u.Site == "" && f.values[zone] != 1 {
		return f, &InputError{"federalState", "is missing", "give the Land of the site, or inExclusiveEconomicZone: true"}
	}
	if u.Site != "" {
		i, ok := rb.landByCode[u.Site]
		if !ok {
			return f, unknownSlug("federalState", "Land", u.Site)
		}
		f.site = i
		f.affected |= 1 << i
	}
	for _, code := range u.Affected {
		i, ok := rb.landByCode[code]
		if !ok {
			return f, unknownSlug("affected", "Land", code)
		}
		f.affected |= 1 << i
	}
	return f, nil
}

func unknownSlug(field, what, slug string) *InputError {
	return &InputError{field, fmt.Sprintf("there is no %s %q", what, slug), fmt.Sprintf("give the key of a %s of the directory", what)}
}

func valuesOf(a Attributes) ([attributeCount]int8, error) {
	var out [attributeCount]int8
	for i := range out {
		out[i] = unknownValue
	}
	seen := 0
	for i := range attributes {
		value, ok := a[attributes[i].Name]
		if !ok {
			continue
		}
		seen++
		if !known(value) {
			continue
		}
		v := attributes[i].valueIndex(value)
		if v < 0 {
			return out, &InputError{
				"attributes." + attributes[i].Name, fmt.Sprintf("%q is not one of its values", value),
				"give " + strings.Join(attributes[i].Values, ", ") + " or " + Unknown,
			}
		}
		out[i] = int8(v)
	}
	if seen < len(a) {
		return out, &InputError{"attributes." + firstUnknown(a), "there is no such attribute", "give one of " + attributeList()}
	}
	return out, nil
}

// firstUnknown finds a name that is no attribute; the first by letters, so that the error is always the same.
func firstUnknown(a Attributes) string {
	var names []string
	for name := range a {
		if attributeIndex(name) < 0 {
			names = append(names, name)
		}
	}
	return slices.Min(names)
}

func attributeList() string {
	names := make([]string, attributeCount)
	for i := range attributes {
		names[i] = attributes[i].Name
	}
	return strings.Join(names, ", ")
}

func (rb *Rulebook) partsOf(s Subject) ([]int, string, error) {
	switch {
	case s.Sector != "" && (s.Branch != "" || s.Service != ""):
		return nil, "", &InputError{"sector", "stands beside a branch or service", "give exactly one of service, branch and sector"}
	case s.Service != "":
		return rb.partsOfService(s)
	case s.Branch != "":
		parts, ok := rb.ofBranch[s.Branch]
		if !ok {
			return nil, "", unknownSlug("branch", "branch", s.Branch)
		}
		return parts, "branch " + s.Branch, nil
	case s.Sector != "":
		parts, ok := rb.ofSector[s.Sector]
		if !ok {
			return nil, "", unknownSlug("sector", "sector", s.Sector)
		}
		return parts, "sector " + s.Sector, nil
	default:
		return nil, "", &InputError{"service", "is missing", "give exactly one of service, branch and sector"}
	}
}

// partsOfService accepts the service's own branch beside it, for that says the same.
func (rb *Rulebook) partsOfService(s Subject) ([]int, string, error) {
	i, ok := rb.serviceBySlug[s.Service]
	if !ok {
		return nil, "", unknownSlug("service", "service", s.Service)
	}
	own := rb.services[i].Branch
	if s.Branch == "" || s.Branch == own {
		return rb.ofService[s.Service], "service " + s.Service, nil
	}
	if _, ok := rb.branchBySlug[s.Branch]; !ok {
		return nil, "", unknownSlug("branch", "branch", s.Branch)
	}
	parts, ok := rb.ofService[narrowed(s.Service, s.Branch)]
	if !ok {
		problem := fmt.Sprintf("%q is no branch of the sector of the service %q", s.Branch, s.Service)
		if own != "" {
			problem = fmt.Sprintf("the service %q belongs to the branch %q, not to %q", s.Service, own, s.Branch)
		}
		return nil, "", &InputError{"branch", problem, "leave the branch out, or give one that the service spans"}
	}
	return parts, "service " + s.Service + " in " + s.Branch, nil
}
