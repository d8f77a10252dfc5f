package picture

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// GeoJSON writes a FeatureCollection (RFC 7946) with one feature for each Land of the picture, on a line of its own. A feature is a point at the
// seat of the Land's government, so that it can be shown as it is; its NUTS code and regional key join it to official geometries. Nodes and edges have
// no place in it: how many nodes touch the Land, how many of them are roots or estimated, and which is the first.
func GeoJSON(w io.Writer, p Picture) error {
	s, err := p.sketch()
	if err != nil {
		return err
	}
	name, err := json.Marshal(clean(p.Title))
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, `{"type":"FeatureCollection","name":%s,"features":[`, name)
	for i, state := range s.States {
		text, err := json.Marshal(s.feature(state))
		if err != nil {
			return fmt.Errorf("writing GeoJSON: %w", err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n%s", text)
	}
	b.WriteString("\n]}\n")
	_, err = io.WriteString(w, b.String())
	return err
}

type feature struct {
	Type       string     `json:"type"`
	ID         string     `json:"id,omitempty"`
	Geometry   *point     `json:"geometry"` // null where the seat is not known
	Properties properties `json:"properties"`
}

type point struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"` // longitude, latitude
}

type properties struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	NUTS       string `json:"nuts"`
	ARS        string `json:"ars"`
	Entries    int    `json:"entries"`
	Population *int64 `json:"population"`
	Roots      int    `json:"roots"`
	// Of the nodes that touch the Land; null where nobody asked what fails.
	Estimated          *int   `json:"estimated"`
	FirstWave          *int   `json:"firstWave"`
	StartsAfterSeconds *int64 `json:"startsAfterSeconds"`
}

func (s *sketch) feature(state State) feature {
	f := feature{Type: "Feature", ID: clean(state.NUTS), Properties: properties{
		Code: clean(state.Code), Name: clean(state.Name), NUTS: clean(state.NUTS), ARS: clean(state.ARS), Entries: state.Entries, Population: state.Population,
	}}
	if at, ok := seats[state.Code]; ok {
		f.Geometry = &point{"Point", at}
	}
	for i := range s.Nodes {
		if n := &s.Nodes[i]; slices.Contains(n.FederalStates, state.Code) {
			f.Properties.add(n)
		}
	}
	return f
}

func (p *properties) add(n *Node) {
	if n.Root {
		p.Roots++
	}
	if n.Loss == nil {
		return
	}
	if p.Estimated == nil {
		p.Estimated, p.FirstWave, p.StartsAfterSeconds = new(0), new(n.Loss.Wave), new(n.Loss.StartsAfter)
	}
	if n.Loss.Estimated {
		*p.Estimated++
	}
	*p.FirstWave = min(*p.FirstWave, n.Loss.Wave)
	*p.StartsAfterSeconds = min(*p.StartsAfterSeconds, n.Loss.StartsAfter)
}

// seats are where the governments of the Länder sit: longitude and latitude to two decimals, about a kilometre. Each lies
// within two hundredths of a degree of the city in GeoNames. They mark the Land on a map, nothing else.
var seats = map[string][2]float64{
	"BB": {13.06, 52.40}, // Potsdam
	"BE": {13.40, 52.52}, // Berlin
	"BW": {9.18, 48.78},  // Stuttgart
	"BY": {11.58, 48.14}, // München
	"HB": {8.80, 53.08},  // Bremen
	"HE": {8.24, 50.08},  // Wiesbaden
	"HH": {9.99, 53.55},  // Hamburg
	"MV": {11.41, 53.63}, // Schwerin
	"NI": {9.73, 52.37},  // Hannover
	"NW": {6.78, 51.23},  // Düsseldorf
	"RP": {8.27, 50.00},  // Mainz
	"SH": {10.14, 54.32}, // Kiel
	"SL": {7.00, 49.23},  // Saarbrücken
	"SN": {13.74, 51.05}, // Dresden
	"ST": {11.63, 52.13}, // Magdeburg
	"TH": {11.03, 50.98}, // Erfurt
}
