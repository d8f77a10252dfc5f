package seed

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"

	"github.com/goccy/go-yaml"
)

//go:embed reference/*.yaml
var embedded embed.FS

// Load reads the embedded reference data. It is strict: an unknown key, a duplicate key, a value of the wrong type, a row
// without its key or its source, and a key used twice are errors that name the file and the place. Rows keep the order of
// the files. Each call reads anew, so the caller owns what it gets.
func Load() (Reference, error) {
	sub, err := fs.Sub(embedded, "reference")
	if err != nil {
		return Reference{}, fmt.Errorf("open embedded reference data: %w", err)
	}
	return LoadFrom(sub)
}

// LoadFrom is Load on other files of the same names at the root of dir.
func LoadFrom(dir fs.FS) (Reference, error) {
	var r Reference
	files := []struct {
		name string
		into any
	}{
		{"authorities.yaml", &r.Authorities},
		{"competences.yaml", &r.Competences},
		{"dependencies.yaml", &r.Dependencies},
		{"incident_taxonomy.yaml", &r.IncidentTaxonomy},
		{"legal_acts.yaml", &r.LegalActs},
		{"mirt_criteria.yaml", &r.MIRT},
		{"reporting_deadlines.yaml", &r.Deadlines},
		{"sectors.yaml", &r.Taxonomy},
		{"states.yaml", &r.States},
		{"statistics.yaml", &r.Statistics},
		{"threat_levels.yaml", &r.Situation},
	}
	for _, f := range files {
		if err := decode(dir, f.name, f.into); err != nil {
			return Reference{}, err
		}
	}
	if err := r.check(); err != nil {
		return Reference{}, err
	}
	return r, nil
}

func decode(dir fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(dir, name)
	if err != nil {
		return fmt.Errorf("read reference data %s: %w", name, err)
	}
	d := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict())
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("read reference data %s: %w", name, err)
	}
	return nil
}
