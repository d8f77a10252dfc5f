package seed

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// Reference is the whole reference data, one field per file. The comment at the head of each file explains its keys; the
// fields here carry the same names in Go spelling. A key that is absent or null is the zero value.
type Reference struct {
	Authorities      AuthorityFile
	Competences      CompetenceFile
	Dependencies     DependencyFile
	IncidentTaxonomy IncidentTaxonomy
	LegalActs        LegalActFile
	MIRT             MIRTFile
	Deadlines        DeadlineFile
	Taxonomy         TaxonomyFile
	States           StateFile
	Statistics       StatisticsFile
	Situation        SituationFile
}

// Provenance says where a row comes from: the page, its day (YYYY-MM-DD; empty in statistics, whose rows have a period) and
// verified, memory or unverified.
type Provenance struct {
	Source     string `yaml:"source"`
	AsOf       string `yaml:"as_of"`
	Confidence string `yaml:"confidence"`
}

// Decimal is a number exactly as the file writes it; no binary fraction is ever made of it.
type Decimal string

// UnmarshalYAML keeps the text of a number.
func (d *Decimal) UnmarshalYAML(text []byte) error {
	s := strings.TrimSpace(string(text))
	if s == "null" || s == "~" {
		s = ""
	}
	if s != "" {
		if _, err := Decimal(s).Scaled(6); err != nil {
			return err
		}
	}
	*d = Decimal(s)
	return nil
}

// Scaled gives the number times ten to the power of digits. More digits after the point than that, or no number, is an error.
func (d Decimal) Scaled(digits int) (int64, error) {
	whole, frac, _ := strings.Cut(string(d), ".")
	if len(frac) > digits {
		return 0, fmt.Errorf("number %q has more than %d digits after the point", string(d), digits)
	}
	frac += strings.Repeat("0", digits-len(frac))
	sign := int64(1)
	if rest, ok := strings.CutPrefix(whole, "-"); ok {
		sign, whole = -1, rest
	}
	if whole == "" || len(whole)+len(frac) > 18 {
		return 0, fmt.Errorf("number %q cannot be read", string(d))
	}
	var n int64
	for _, c := range whole + frac {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("number %q cannot be read", string(d))
		}
		n = n*10 + int64(c-'0')
	}
	return sign * n, nil
}

// Condition is one line of applies_when: the attribute must have one of the values. Boolean values are "true" and "false".
type Condition struct {
	Attribute string
	Values    []string
}

// Conditions is applies_when in the order of the file; all of them must hold.
type Conditions []Condition

// UnmarshalYAML reads a mapping from attribute to list of scalars.
func (c *Conditions) UnmarshalYAML(unmarshal func(any) error) error {
	var items yaml.MapSlice
	if err := unmarshal(&items); err != nil {
		return err
	}
	for _, item := range items {
		name, ok := item.Key.(string)
		if !ok {
			return fmt.Errorf("applies_when: attribute %v is not a name", item.Key)
		}
		list, ok := item.Value.([]any)
		if !ok || len(list) == 0 {
			return fmt.Errorf("applies_when %s: want a list of values", name)
		}
		cond := Condition{Attribute: name}
		for _, v := range list {
			switch v := v.(type) {
			case string:
				cond.Values = append(cond.Values, v)
			case bool:
				cond.Values = append(cond.Values, fmt.Sprint(v))
			default:
				return fmt.Errorf("applies_when %s: value %v is neither text nor true or false", name, v)
			}
		}
		*c = append(*c, cond)
	}
	return nil
}
