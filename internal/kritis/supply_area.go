package kritis

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kritisgraph/internal/store"
)

// SupplyAreaInput says where a facility supplies.
type SupplyAreaInput struct {
	FederalStates []FederalStateCode
	Ars           []string
	Parts         []*SupplyAreaPartInput
	Population    *int32
}

// SupplyAreaPartInput is a part of a supply area, with its inhabitants where they are known.
type SupplyAreaPartInput struct {
	Ars        string
	Population *int32
}

// The properties of a supply area beside its Länder: keys, each alone or as "key:inhabitants", and inhabitants of the whole.
const (
	propSupplyAreas      = "supplyAreas"
	propSupplyPopulation = "supplyPopulation"
)

// The bounds of a supply area.
const (
	maxAreas      = 500
	maxPopulation = 100_000_000
)

// regionalKey is a Land, optionally a region, district, association and municipality below it.
var regionalKey = regexp.MustCompile(`^(0[1-9]|1[0-6])(\d|\d{3}|\d{7}|\d{10})?$`)

// IsRegionalKey reports whether a text is an official regional key (Amtlicher Regionalschlüssel) of 2, 3, 5, 9 or 12 digits.
func IsRegionalKey(text string) bool { return regionalKey.MatchString(text) }

// supplyPart is a part in the making, and its place in the input.
type supplyPart struct {
	key         string
	inhabitants *int32
	path        []string
}

// parts are all parts that an input names.
func (in SupplyAreaInput) parts() []supplyPart {
	var out []supplyPart
	for i, key := range in.Ars {
		out = append(out, supplyPart{key, nil, inputPath("supplyArea", "ars", strconv.Itoa(i))})
	}
	for i, p := range in.Parts {
		out = append(out, supplyPart{p.Ars, p.Population, inputPath("supplyArea", "parts", strconv.Itoa(i))})
	}
	return out
}

// text is the part as it is held.
func (p supplyPart) text() string {
	if p.inhabitants == nil {
		return p.key
	}
	return fmt.Sprintf("%s:%d", p.key, *p.inhabitants)
}

// supplyArea writes where a facility supplies and returns the codes of the Länder, sorted.
func (e *edit) supplyArea(book *Rulebook, in SupplyAreaInput) []string {
	var lands []string
	for _, code := range in.FederalStates {
		lands = append(lands, string(code))
	}
	parts := in.parts()
	switch {
	case len(parts) > maxAreas:
		e.bad(inputPath("supplyArea"), "A supply area has at most %d parts, not %d: give the keys of districts or Länder.", maxAreas, len(parts))
		return nil
	case len(lands) == 0 && len(parts) == 0:
		e.bad(inputPath("supplyArea"), "Give a Land or a regional key, or null where the supply area is not known.")
		return nil
	}
	var held []string
	for _, p := range parts {
		land := book.landOf(p.key)
		switch {
		case land == nil || in.FederalStates != nil && !slices.Contains(in.FederalStates, land.Code()):
			e.bad(p.path, "The regional key %s lies in none of the Länder of the supply area.", p.key)
			continue
		case p.inhabitants != nil && (*p.inhabitants < 0 || *p.inhabitants > maxPopulation):
			e.bad(p.path, "A part has 0 to %d inhabitants.", maxPopulation)
		}
		lands = append(lands, string(land.Code()))
		held = append(held, p.text())
	}
	e.distinct(parts)
	delete(e.props, propSupplyAreas)
	delete(e.props, propSupplyPopulation)
	if len(held) > 0 {
		e.props[propSupplyAreas] = store.Strings(sortedSet(held)...)
	}
	e.supplied(parts, in.Population)
	return sortedSet(lands)
}

// distinct refuses parts of which one lies in another: their inhabitants would count twice.
func (e *edit) distinct(parts []supplyPart) {
	sorted := slices.Clone(parts)
	slices.SortStableFunc(sorted, func(a, b supplyPart) int { return strings.Compare(a.key, b.key) })
	for i := 1; i < len(sorted); i++ { // in this order what begins with a key follows it
		switch wider, p := sorted[i-1], sorted[i]; {
		case wider.key == p.key:
			e.bad(p.path, "The regional key %s stands twice: give it once.", p.key)
		case strings.HasPrefix(p.key, wider.key):
			e.bad(p.path, "The regional key %s lies within %s of the same supply area: give one of them.", p.key, wider.key)
			sorted[i] = wider // the next one may lie within it too
		}
	}
}

// supplied writes how many inhabitants are supplied: what is given, else the sum where they are known of each part.
func (e *edit) supplied(parts []supplyPart, given *int32) {
	sum, complete := int64(0), len(parts) > 0
	for _, p := range parts {
		if p.inhabitants == nil {
			complete = false
			continue
		}
		sum += int64(*p.inhabitants)
	}
	switch {
	case given != nil && (*given < 0 || *given > maxPopulation):
		e.bad(inputPath("supplyArea", "population"), "population takes 0 to %d.", maxPopulation)
	case given != nil && int64(*given) < sum:
		e.bad(inputPath("supplyArea", "population"), "population is %d, but the parts have %d: leave it out, and it is their sum.", *given, sum)
	case given != nil:
		e.props[propSupplyPopulation] = store.Int(int64(*given))
	case sum > maxPopulation:
		e.bad(inputPath("supplyArea"), "The parts have %d inhabitants together; a supply area has at most %d.", sum, maxPopulation)
	case complete:
		e.props[propSupplyPopulation] = store.Int(sum)
	}
}

// SupplyArea is where a facility supplies.
type SupplyArea struct {
	FederalStates []*FederalState
	Parts         []*SupplyAreaPart
	Population    *int32
}

// Ars returns the regional keys of the parts, as precise as known.
func (a *SupplyArea) Ars() []string {
	out := make([]string, len(a.Parts))
	for i, p := range a.Parts {
		out[i] = p.Ars
	}
	return out
}

// SupplyAreaPart is a part of a supply area.
type SupplyAreaPart struct {
	Ars        string
	Population *int32 // nil where not known
}

// supplyParts reads parts as they are held.
func supplyParts(held []string) []*SupplyAreaPart {
	out := make([]*SupplyAreaPart, len(held))
	for i, text := range held {
		area := areaOf(text)
		out[i] = &SupplyAreaPart{Ars: area.ARS}
		if n := area.Population; n != nil {
			out[i].Population = new(int32(min(*n, maxPopulation))) //nolint:gosec // clamped
		}
	}
	return out
}
