package picture_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/picture"
)

var record = flag.Bool("record", false, "write testdata anew")

type format struct {
	name  string
	write func(io.Writer, picture.Picture) error
}

var formats = []format{
	{"mermaid", picture.Mermaid}, {"graphml", picture.GraphML}, {"dot", picture.DOT}, {"geojson", picture.GeoJSON},
}

// outage is what fails after a grid: two Länder, three waves, a figure that is estimated, an alternative, and an edge by which nothing fails first.
func outage() picture.Picture {
	node := func(key, label string, kind picture.Kind, loss picture.Loss, states ...string) picture.Node {
		return picture.Node{Key: key, Label: label, Kind: kind, FederalStates: states, Root: loss.Wave == 0, Loss: &loss}
	}
	return picture.Picture{
		Title: "Ausfall: Umspannwerk Süd",
		Nodes: []picture.Node{
			node("facility:grid", "Umspannwerk „Süd“ (Übergabe)", picture.Facility, picture.Loss{Strength: 1_000_000}, "BY"),
			node("operator:rail", "Rhein-Main-Bahn GmbH & Co. KG", picture.Operator, picture.Loss{StartsAfter: 7200, Strength: 950_000, Wave: 1}, "HE"),
			node("branch:water", "Wasserversorgung", picture.Branch, picture.Loss{StartsAfter: 86400, Strength: 900_000, Wave: 1, Estimated: true}, "BW", "BY"),
			node("service:care", "Notaufnahme", picture.Service, picture.Loss{StartsAfter: 93600, Strength: 765_125, Wave: 2, Estimated: true}, "BB", "BE", "BW", "BY", "HE"),
			node("facility:late", "", picture.Facility, picture.Loss{StartsAfter: 180_061, Strength: 100_000, Wave: 6, Estimated: true}),
		},
		Edges: []picture.Edge{
			{Key: "SUPPLIES/Facility/grid>Operator/rail#traction", Provider: "facility:grid", Dependent: "operator:rail", Kind: "PHYSICAL", Strength: 950_000, Delay: 7200,
				Need: "traction", Causing: true},
			{Key: "dep-004@facility:grid", Provider: "facility:grid", Dependent: "branch:water", Kind: "PHYSICAL", Strength: 900_000, Delay: 86400, Estimated: true, Filled: true, Causing: true},
			{Key: "dep-063", Provider: "branch:water", Dependent: "service:care", Kind: "PHYSICAL", Strength: 850_139, Delay: 7200, Causing: true},
			{Key: "dep-001", Provider: "operator:rail", Dependent: "service:care", Kind: "LOGICAL", Strength: 500_000, Delay: 180_000, Estimated: true},
			{Key: "late", Provider: "service:care", Dependent: "facility:late", Kind: "LOGICAL", Strength: 200_000, Causing: true},
		},
		States: []picture.State{
			{Code: "BY", Name: "Bayern", ARS: "09", NUTS: "DE2", Entries: 3, Population: new(int64(13_248_928))},
			{Code: "HE", Name: "Hessen", ARS: "06", NUTS: "DE7", Entries: 2},
			{Code: "XX", Name: "Anderswo"},
		},
	}
}

// subgraph is a graph of which nobody asked what fails.
func subgraph() picture.Picture {
	return picture.Picture{
		Nodes: []picture.Node{
			{Key: "facility:root", Label: "Wasserwerk", Kind: picture.Facility, FederalStates: []string{"NI"}, Root: true},
			{Key: "facility:east", Label: "Pumpwerk Ost", Kind: picture.Facility, FederalStates: []string{"NI"}},
		},
		Edges:  []picture.Edge{{Key: "one", Provider: "facility:root", Dependent: "facility:east", Kind: "PHYSICAL", Strength: 1_000_000, Delay: 3600, Estimated: true}},
		States: []picture.State{{Code: "NI", Name: "Niedersachsen", ARS: "03", NUTS: "DE9", Entries: 2}},
	}
}

func drawn(t testing.TB, f format, p picture.Picture) string {
	t.Helper()
	var b bytes.Buffer
	if err := f.write(&b, p); err != nil {
		t.Fatalf("%s: %v", f.name, err)
	}
	return b.String()
}

// The files are read by other programs: see scripts/pictures.
func TestEachFormatIsAsRecorded(t *testing.T) {
	for name, p := range map[string]picture.Picture{"outage": outage(), "subgraph": subgraph(), "hostile": named(hostile...), "empty": {}} {
		for _, f := range formats {
			t.Run(name+" as "+f.name, func(t *testing.T) {
				have := drawn(t, f, p)
				file := filepath.Join("testdata", name+"."+f.name)
				if *record {
					if err := os.WriteFile(file, []byte(have), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), have); diff != "" {
					t.Errorf("not as recorded (-want +have), record with -record:\n%s", diff)
				}
			})
		}
	}
}

func TestAPictureThatDoesNotHoldTogetherIsRefused(t *testing.T) {
	twice := subgraph()
	twice.Nodes[1].Key = twice.Nodes[0].Key
	loose := subgraph()
	loose.Edges[0].Dependent = "facility:west"
	for name, c := range map[string]struct {
		p    picture.Picture
		want string
	}{
		"a node twice":            {twice, `"facility:root" is there twice`},
		"an edge without its end": {loose, `"facility:west", which is no node`},
	} {
		for _, f := range formats {
			t.Run(name+" as "+f.name, func(t *testing.T) {
				var b bytes.Buffer
				if err := f.write(&b, c.p); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v, wanted %s", err, c.want)
				}
				if b.Len() > 0 {
					t.Errorf("wrote %q", &b)
				}
			})
		}
	}
}

func TestMermaidRefusesWhatPagesDoNotRender(t *testing.T) {
	chain := func(n int, label string) picture.Picture {
		p := picture.Picture{Nodes: []picture.Node{{Key: "0", Label: label}}}
		for i := range n {
			p.Nodes = append(p.Nodes, picture.Node{Key: fmt.Sprint(i + 1), Label: label})
			p.Edges = append(p.Edges, picture.Edge{Key: fmt.Sprint(i), Provider: fmt.Sprint(i), Dependent: fmt.Sprint(i + 1)})
		}
		return p
	}
	for name, c := range map[string]struct {
		p  picture.Picture
		ok bool
	}{
		"500 edges":         {chain(500, "x"), true},
		"501 edges":         {chain(501, "x"), false},
		"long labels":       {chain(10, strings.Repeat("x", 4000)), true},
		"labels too long":   {chain(10, strings.Repeat("x", 5000)), false},
		"labels of umlauts": {chain(10, strings.Repeat("ä", 4000)), true}, // more bytes than characters
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			err := picture.Mermaid(&b, c.p)
			if (err == nil) != c.ok || err != nil && !errors.Is(err, picture.ErrTooLarge) {
				t.Errorf("%v", err)
			}
			if (b.Len() > 0) != c.ok {
				t.Errorf("wrote %d bytes", b.Len())
			}
		})
	}
}
