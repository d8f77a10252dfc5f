package impact_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"kritisgraph/internal/kritis/impact"
)

const hour = impact.Seconds(3600)

// hours and decimal read the notation of the examples: 2h, 0.9.
func hours(s string) impact.Seconds { return impact.Seconds(math.Round(number(s) * 3600)) }

func decimal(s string) impact.Strength { return impact.Strength(math.Round(number(s) * 1e6)) }

func number(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func span(hours float64) *impact.Seconds {
	s := impact.Seconds(hours * 3600)
	return &s
}

// key turns a short name into the key of a facility; a name with a kind is a key already.
func key(name string) string {
	if strings.Contains(name, ":") {
		return name
	}
	return "facility:" + name
}

// edges reads lines "key provider dependent hours strength [need=…] [substitute=hours] [until=hours] [PHYSICAL] [ESTIMATED]". Kinds are LOGICAL, figures SOURCED.
func edges(lines string) []impact.Edge {
	var list []impact.Edge
	for line := range strings.Lines(lines) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		e := impact.Edge{Key: f[0], Provider: key(f[1]), Dependent: key(f[2]), TimeToImpact: hours(f[3]), Strength: decimal(f[4]), Kind: impact.Logical, Figures: impact.Sourced}
		for _, option := range f[5:] {
			name, value, _ := strings.Cut(option, "=")
			switch name {
			case "need":
				e.Need = value
			case "substitute":
				e.Substitute = hours(value)
			case "until":
				until := hours(value)
				e.TimeUntil = &until
			case "PHYSICAL":
				e.Kind = impact.Physical
			case "ESTIMATED":
				e.Figures = impact.Estimated
			default:
				panic(option)
			}
		}
		list = append(list, e)
	}
	return list
}

// country are two Länder and the nodes that edges need, beside those given.
func country(list []impact.Edge, nodes ...impact.Node) impact.Data {
	seen := map[string]bool{}
	for _, n := range nodes {
		seen[n.Key] = true
	}
	for _, e := range list {
		for _, k := range []string{e.Provider, e.Dependent} {
			if !seen[k] {
				seen[k] = true
				nodes = append(nodes, impact.Node{Key: k})
			}
		}
	}
	return impact.Data{
		FederalStates: []impact.FederalState{{Code: "BY", ARS: "09", Population: 13_000_000}, {Code: "BW", ARS: "08", Population: 11_000_000}},
		Nodes:         nodes, Edges: list,
	}
}

func build(t testing.TB, d impact.Data) *impact.Graph {
	t.Helper()
	g, err := impact.NewGraph(d)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// ask asks for the roots, named shortly, under the default bounds unless a change says otherwise.
func ask(change func(*impact.Question), roots ...string) impact.Question {
	q := impact.Question{Bounds: impact.DefaultBounds()}
	for _, r := range roots {
		q.Roots = append(q.Roots, impact.Root{Key: key(r)})
	}
	if change != nil {
		change(&q)
	}
	return q
}

func answer(t testing.TB, g *impact.Graph, q impact.Question) impact.Answer {
	t.Helper()
	a, err := g.Impact(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// short writes an answer as lines "subject time strength hops figures by edges", then what is unknown and what cut.
func short(a impact.Answer) string {
	var b strings.Builder
	for _, e := range a.Entries {
		fmt.Fprintf(&b, "%s %s %s %d", strings.TrimPrefix(e.Subject, "facility:"), e.StartsAfter, e.Strength, e.Hops)
		if e.Figures == impact.Estimated {
			b.WriteString(" ESTIMATED")
		}
		if len(e.Path) > 0 {
			b.WriteString(" by")
		}
		for _, s := range e.Path {
			b.WriteString(" " + s.Key)
		}
		b.WriteByte('\n')
	}
	for _, u := range a.Unknowns {
		if u.Code == impact.BackupPowerUnknown {
			fmt.Fprintln(&b, "?", u.Code, u.Count)
		}
	}
	for _, t := range a.Truncations {
		fmt.Fprintf(&b, "cut %s %q\n", t.Reason, t.Limit)
	}
	return b.String()
}

// lines takes the indentation away from a text of a table.
func lines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}
