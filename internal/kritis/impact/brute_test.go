package impact_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/impact"
)

// The definition of the rule without its algorithm: every node at every place has every label that any choice of any labels gives it.

type bruteLabel struct {
	t    impact.Seconds
	s    impact.Strength
	h    int
	path string // edges, each followed by a space; kept apart only where no need has alternatives
}

func (a bruteLabel) compare(b bruteLabel) int {
	return cmp.Or(cmp.Compare(a.t, b.t), cmp.Compare(b.s, a.s), cmp.Compare(a.h, b.h), strings.Compare(a.path, b.path))
}

// bruteEdge is an edge between two places, "facility:A" or "branch:gas/BY".
type bruteEdge struct {
	key, from, to string
	delay         impact.Seconds
	strength      impact.Strength
}

type brute struct {
	q      impact.Question
	needs  [][]bruteEdge
	plain  bool // no alternatives
	labels map[string]map[bruteLabel]bool
}

func (b *brute) breaks(l bruteLabel) string {
	switch {
	case l.h > b.q.Bounds.MaxDepth:
		return "MAX_DEPTH"
	case l.t > b.q.Bounds.Horizon:
		return "HORIZON"
	case l.s < b.q.Bounds.MinStrength:
		return "MIN_STRENGTH"
	case b.q.Duration != nil && l.t >= *b.q.Duration:
		return "duration"
	}
	return ""
}

// choices calls back with the label that each choice of labels of the providers of a need gives.
func (b *brute) choices(need []bruteEdge, of func(place string) []bruteLabel, use func(bruteLabel)) {
	var choose func(i int, so bruteLabel, causing string, arrival impact.Seconds)
	choose = func(i int, so bruteLabel, causing string, arrival impact.Seconds) {
		if i == len(need) {
			so.t, so.h = arrival, so.h+1
			use(so)
			return
		}
		e := need[i]
		for _, l := range of(e.from) {
			next := bruteLabel{s: min(so.s, through(l.s, e.strength)), h: max(so.h, l.h), path: so.path}
			at, why := arrival, causing
			if t := l.t + e.delay; t > at || t == at && (why == "" || e.key < why) {
				at, why = t, e.key
				if b.plain {
					next.path = l.path + e.key + " "
				}
			}
			choose(i+1, next, why, at)
		}
	}
	choose(0, bruteLabel{s: impact.Whole}, "", -1)
}

func through(a, b impact.Strength) impact.Strength {
	return impact.Strength((int64(a)*int64(b) + 500_000) / 1_000_000)
}

func (b *brute) run(roots []string) {
	b.labels = map[string]map[bruteLabel]bool{}
	for _, r := range roots {
		b.labels[r] = map[bruteLabel]bool{{s: impact.Whole}: true}
	}
	all := func(place string) []bruteLabel { return slices.Collect(maps.Keys(b.labels[place])) }
	for grew := true; grew; {
		grew = false
		for _, need := range b.needs {
			b.choices(need, all, func(l bruteLabel) {
				to := need[0].to
				if b.breaks(l) != "" || b.labels[to][l] {
					return
				}
				if b.labels[to] == nil {
					b.labels[to] = map[bruteLabel]bool{}
				}
				b.labels[to][l], grew = true, true
			})
		}
	}
}

// undominated are the labels of a place that no other beats or equals in all respects.
func (b *brute) undominated(place string) []bruteLabel {
	var out []bruteLabel
	for _, l := range slices.SortedFunc(maps.Keys(b.labels[place]), bruteLabel.compare) {
		if !slices.ContainsFunc(out, func(o bruteLabel) bool { return o.s >= l.s && o.h <= l.h }) {
			out = append(out, l)
		}
	}
	return out
}

// answer writes what is affected and what cut, node by node.
func (b *brute) answer() string {
	best := map[string]bruteLabel{}
	for place := range b.labels {
		key, _, _ := strings.Cut(place, "/")
		first := b.undominated(place)[0]
		if old, ok := best[key]; !ok || first.compare(old) < 0 {
			best[key] = first
		}
	}
	var out strings.Builder
	for _, key := range slices.Sorted(maps.Keys(best)) {
		l := best[key]
		fmt.Fprintln(&out, key, l.t, l.s, l.h, l.path)
	}
	cut := map[string]bool{}
	for _, need := range b.needs {
		if len(b.labels[need[0].to]) == 0 {
			b.choices(need, b.undominated, func(l bruteLabel) { cut[b.breaks(l)] = true })
		}
	}
	for _, reason := range []string{"MAX_DEPTH", "HORIZON", "MIN_STRENGTH"} {
		if cut[reason] {
			fmt.Fprintln(&out, reason)
		}
	}
	return out.String()
}

// engineAnswer writes the engine's answer in the same way.
func engineAnswer(a impact.Answer, paths bool) string {
	var out strings.Builder
	slices.SortFunc(a.Entries, func(a, b impact.Entry) int { return strings.Compare(a.Subject, b.Subject) })
	for _, e := range a.Entries {
		path := ""
		for _, s := range e.Path {
			if paths {
				path += s.Key + " "
			}
		}
		fmt.Fprintln(&out, e.Subject, e.StartsAfter, e.Strength, e.Hops, path)
	}
	for _, t := range a.Truncations {
		fmt.Fprintln(&out, t.Reason)
	}
	return out.String()
}

// define turns data and a question into the definition.
func define(d impact.Data, q impact.Question) *brute {
	b := &brute{q: q, plain: true}
	var roots []string
	nodes := map[string]impact.Node{}
	for _, n := range d.Nodes {
		nodes[n.Key] = n
	}
	for _, r := range q.Roots {
		n := nodes[r.Key]
		if kind, slug, _ := strings.Cut(n.Key, ":"); kind == "facility" || kind == "operator" {
			roots = append(roots, n.Key)
		} else {
			states := r.FederalStates
			if len(states) == 0 {
				states = []string{"BW", "BY"}
			}
			for _, s := range states {
				roots = append(roots, n.Key+"/"+s)
				for _, f := range d.Nodes {
					if r.IncludeFacilities && strings.HasPrefix(f.Key, "facility:") && f.Branch == slug && f.Site == s {
						roots = append(roots, f.Key)
					}
				}
			}
		}
		for _, f := range d.Nodes {
			if f.Operator == n.Key {
				roots = append(roots, f.Key)
			}
		}
	}
	grouped := map[string]int{}
	for _, e := range d.Edges {
		if strings.HasPrefix(e.Provider, "branch:") {
			b.needs = append(b.needs, referenceEdges(d, e, q)...)
			continue
		}
		be := bruteEdge{e.Key, e.Provider, e.Dependent, bruteDelay(e, nodes[e.Provider].Branch, nodes[e.Dependent], q.Assumptions), e.Strength}
		k := e.Dependent + " " + e.Need
		if i, ok := grouped[k]; ok && e.Need != "" {
			b.needs[i] = append(b.needs[i], be)
			b.plain = false
			continue
		}
		grouped[k] = len(b.needs)
		b.needs = append(b.needs, []bruteEdge{be})
	}
	b.run(roots)
	return b
}

// referenceEdges are the uses of an edge between branches: in each Land, by services, by facilities without a dependent of their own.
func referenceEdges(d impact.Data, e impact.Edge, q impact.Question) [][]bruteEdge {
	slug := strings.TrimPrefix(e.Provider, "branch:")
	delay := bruteDelay(e, slug, impact.Node{Key: e.Dependent}, q.Assumptions)
	var out [][]bruteEdge
	use := func(key, from, state string) {
		out = append(out, []bruteEdge{{key, from, e.Dependent + "/" + state, delay, e.Strength}})
	}
	for _, s := range []string{"BW", "BY"} {
		use(e.Key, e.Provider+"/"+s, s)
		for _, n := range d.Nodes {
			if q.RegisteredOnly || n.Branch != slug {
				continue
			}
			if strings.HasPrefix(n.Key, "service:") {
				use(e.Key+"@"+n.Key, n.Key+"/"+s, s)
			} else if (n.Site == s || slices.Contains(n.FederalStates, s)) && !hasDependent(d, n.Key, strings.TrimPrefix(e.Dependent, "branch:")) {
				use(e.Key+"@"+n.Key, n.Key, s)
			}
		}
	}
	return out
}

func hasDependent(d impact.Data, provider, branch string) bool {
	return slices.ContainsFunc(d.Edges, func(e impact.Edge) bool {
		return e.Provider == provider && slices.ContainsFunc(d.Nodes, func(n impact.Node) bool { return n.Key == e.Dependent && n.Branch == branch })
	})
}

func bruteDelay(e impact.Edge, providerBranch string, dependent impact.Node, a impact.Assumptions) impact.Seconds {
	var reserve impact.Seconds
	if e.Kind == impact.Physical && providerBranch == "electricity" {
		if dependent.BackupPower != nil {
			reserve = *dependent.BackupPower
		}
		if g := a.GeneratorRuntime; g != nil {
			switch {
			case strings.HasPrefix(dependent.Key, "branch:"):
				if e.TimeUntil != nil {
					reserve = min(*g, *e.TimeUntil)
				}
			case dependent.BackupPower == nil || *dependent.BackupPower != 0:
				reserve = *g
			}
		}
	}
	delay := max(e.TimeToImpact, reserve)
	if !a.WithoutSubstitutes {
		delay += e.Substitute
	}
	return delay
}

func TestTheEngineAgreesWithTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, q := alternativesData(t), alternativesQuestion(t)
		if rapid.Bool().Draw(t, "everything") {
			d = randomData(t)
			q = randomQuestion(t, d)
		}
		b := define(d, q)
		g, err := impact.NewGraph(d)
		if err != nil {
			t.Fatal(err)
		}
		a, err := g.Impact(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range a.Entries {
			checkEntry(t, e)
		}
		// Of equally good ways the one with the smallest path is shown: compared where no need has alternatives.
		if diff := gocmp.Diff(b.answer(), engineAnswer(a, b.plain)); diff != "" {
			t.Fatalf("(-definition +engine)\n%s", diff)
		}
	})
}

// checkEntry holds that the path of an entry explains it: the times of its edges add up, and nothing on it is weaker or longer than is said.
func checkEntry(t *rapid.T, e impact.Entry) {
	var sum impact.Seconds
	at, strength, figures := "", impact.Whole, impact.Sourced
	for _, s := range e.Path {
		if at != "" && s.Provider != at {
			t.Fatalf("%s: %s does not go on from %s", e.Subject, s.Key, at)
		}
		at, sum, strength = s.Dependent, sum+s.Delay, through(strength, s.Edge.Strength)
		if s.Filled || s.Edge.Figures == impact.Estimated {
			figures = impact.Estimated
		}
	}
	if at != "" && at != e.Subject || sum != e.StartsAfter || e.Strength > strength || e.Hops < len(e.Path) {
		t.Fatalf("path of %+v ends at %s after %s with %s", e, at, sum, strength)
	}
	if figures == impact.Estimated && e.Figures == impact.Sourced {
		t.Fatalf("%s is sourced on an estimated path", e.Subject)
	}
}
