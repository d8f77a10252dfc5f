package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
)

// question is one of those about outages, with some subjects, each of which is one case.
type question struct {
	name  string
	times int // how often the cases are asked
	cases []questionCase
}

// questionCase is a question as GraphQL, which gives it the alias answer, as Cypher, and as a search in memory. Each answers with a number of things.
type questionCase struct {
	field     string
	statement string
	params    map[string]any
	floor     func() int
}

// questions are those that the project promises to measure.
func questions(n *network) []question {
	spread, busiest, points := question{name: "impact, 100 facilities", times: 3}, question{name: "impact, 20 busiest", times: 5}, []question{}
	for _, x := range n.spread(100) {
		spread.cases = append(spread.cases, n.impact(x))
	}
	for _, x := range n.busiest(20) {
		busiest.cases = append(busiest.cases, n.impact(x))
	}
	for _, land := range []string{"NI", "NW"} {
		points = append(points, question{"single points of " + land, 3, []questionCase{{
			field: fmt.Sprintf(`singlePointsOfFailure(where: {federalState: {eq: %s}}, first: 50) { totalCount nodes { dependentCount populationAtRisk `+
				`subject { ... on Facility { reference } ... on Operator { reference } } } }`, land),
			statement: cypherPoints, params: map[string]any{"land": land}, floor: func() int { return n.points(land) },
		}}})
	}
	paths, causes := question{name: "50 strongest paths", times: 5}, question{name: "common causes of 2", times: 5}
	hospitals := n.ofBranch("medical-care", "NI", 10)
	for i, x := range hospitals {
		if p := n.upstream(x, 3); p != x {
			paths.cases = append(paths.cases, n.pathsBetween(p, x))
		}
		causes.cases = append(causes.cases, n.commonCause(x, hospitals[(i+1)%len(hospitals)]))
	}
	return slices.Concat([]question{spread, busiest}, points, []question{paths, causes})
}

// global is a thing as requests name it.
func (n *network) global(x int32) string {
	label := strings.ToLower(string(n.things[x].id.Kind()))
	return fmt.Sprintf(`{%s: %q}`, label, kritis.GlobalID(n.things[x].id))
}

func (n *network) impact(x int32) questionCase {
	return questionCase{
		field: fmt.Sprintf(`simulateOutage(input: {roots: [%s], maxDepth: 3}) { entries { startsAfter strength hops `+
			`subject { ... on Branch { slug } ... on Facility { reference } ... on Operator { reference } } } truncation { reason } }`, n.global(x)),
		statement: cypherImpact, params: map[string]any{"root": string(n.things[x].id)}, floor: func() int { return n.affected(x) },
	}
}

func (n *network) pathsBetween(provider, dependent int32) questionCase {
	return questionCase{
		field: fmt.Sprintf(`dependencyPaths(provider: %s, dependent: %s, maxDepth: 4, mode: K_STRONGEST, first: 50) { paths { strength startsAfter hops { key } } }`,
			n.global(provider), n.global(dependent)),
		statement: cypherPaths, params: map[string]any{"provider": string(n.things[provider].id), "dependent": string(n.things[dependent].id)},
		floor: func() int { return n.paths(provider, dependent) },
	}
}

func (n *network) commonCause(a, b int32) questionCase {
	return questionCase{
		field: fmt.Sprintf(`commonCause(subjects: [%s, %s], first: 100) { causes { startsAfter strength `+
			`subject { ... on Branch { slug } ... on Facility { reference } ... on Operator { reference } } } }`, n.global(a), n.global(b)),
		statement: cypherCauses, params: map[string]any{"a": string(n.things[a].id), "b": string(n.things[b].id)},
		floor: func() int { return n.causes(a, b) },
	}
}

// spans is how long the cases of a question took, and the median of how many things they gave; err is why there is no answer.
type spans struct {
	p50, p95 time.Duration
	count    int
	err      error
}

// measure asks each case once to warm up, then all of them some times.
func (q question) measure(ask func(questionCase) (int, time.Duration, error)) spans {
	var took []time.Duration
	var counts []int
	for round := range q.times + 1 {
		for _, c := range q.cases {
			count, d, err := ask(c)
			if err != nil {
				return spans{err: err}
			}
			if round > 0 {
				took, counts = append(took, d), append(counts, count)
			}
		}
	}
	slices.Sort(took)
	slices.Sort(counts)
	if len(took) == 0 {
		return spans{err: errors.New("nothing to ask")}
	}
	return spans{took[len(took)/2], took[len(took)*95/100], counts[len(counts)/2], nil}
}

// timed measures what has no time of its own.
func timed(f func(questionCase) (int, error)) func(questionCase) (int, time.Duration, error) {
	return func(c questionCase) (int, time.Duration, error) {
		at := time.Now()
		count, err := f(c)
		return count, time.Since(at), err
	}
}

// asking measures a GraphQL service. Reading the number from the answer does not count.
func asking(send func(body []byte) ([]byte, error)) func(questionCase) (int, time.Duration, error) {
	return func(c questionCase) (int, time.Duration, error) {
		body, err := json.Marshal(map[string]string{"query": "{ answer: " + c.field + " }"})
		if err != nil {
			return 0, 0, err
		}
		at := time.Now()
		answer, err := send(body)
		took := time.Since(at)
		if err != nil {
			return 0, 0, err
		}
		count, err := countOf(answer)
		return count, took, err
	}
}

func countOf(answer []byte) (int, error) {
	var found struct {
		Data struct {
			Answer struct {
				Entries, Paths, Causes []json.RawMessage
				TotalCount             int
			}
		}
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(answer, &found); err != nil {
		return 0, err
	}
	if len(found.Errors) > 0 {
		return 0, errors.New(found.Errors[0].Message)
	}
	a := found.Data.Answer
	return cmp.Or(len(a.Entries), len(a.Paths), len(a.Causes), a.TotalCount), nil
}

// measureOutages asks the questions about outages one after the other: the product on each database, Cypher on the same Neo4j, and the network in memory.
func measureOutages() error {
	n, err := readNetwork(seed.Size(*size))
	if err != nil {
		return err
	}
	asked := questions(n)
	floor, byHand := make([]spans, len(asked)), make([]spans, len(asked))
	for i, q := range asked {
		floor[i] = q.measure(timed(func(c questionCase) (int, error) { return c.floor(), nil }))
		byHand[i].err = errors.New("not measured")
	}
	fmt.Printf(columns, "question", "store", "found", "p50", "p95", "in Cypher", "p50", "p95", "ratio", "in memory", "p50", "ratio")
	for _, store := range stores() {
		if err := outagesOn(store, asked, byHand, floor); err != nil {
			return err
		}
	}
	return nil
}

// outagesOn measures one database. What Cypher takes is measured where its server is, and kept for the other database.
func outagesOn(store string, asked []question, byHand, floor []spans) error {
	dir, done, err := directory()
	if err != nil {
		return err
	}
	defer done()
	url, stop, err := serve(store, dir, *size)
	if err != nil {
		return err
	}
	defer stop()
	var c *cypher
	if store != "sqlite" {
		if c, err = openCypher(store); err != nil {
			return err
		}
	}
	short, _, _ := strings.Cut(store, ":")
	for i, q := range asked {
		if c != nil {
			byHand[i] = q.measure(timed(func(x questionCase) (int, error) { return c.ask(x.statement, x.params) }))
			byHand[i].complain(q.name, "Cypher")
		}
		ours := q.measure(asking(func(body []byte) ([]byte, error) { return post(url+"/graphql", body) }))
		ours.complain(q.name, short)
		report(q.name, short, ours, byHand[i], floor[i])
	}
	return nil
}

// directory is where a store in a file lies: the one that the flag names, else one that is removed afterwards.
func directory() (string, func(), error) {
	if *data != "" {
		return *data, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "bench")
	return dir, func() { _ = os.RemoveAll(dir) }, err
}

const columns = "%-24s %-7s %7s %9s %9s %10s %9s %9s %7s %10s %9s %9s\n"

func report(name, store string, ours, byHand, floor spans) {
	row := []any{name, store}
	row = append(row, ours.columns()...)
	row = append(row, byHand.columns()...)
	row = append(row, ours.ratio(byHand))
	row = append(row, fmt.Sprint(floor.count), floor.p50.Round(100*time.Nanosecond).String(), ours.ratio(floor))
	fmt.Printf(columns, row...)
}

// complain says why there is no answer.
func (s spans) complain(name, by string) {
	if s.err != nil {
		fmt.Fprintf(os.Stderr, "bench: %s by %s: %.200s\n", name, by, s.err)
	}
}

func (s spans) columns() []any {
	if s.err != nil {
		return []any{"-", "-", "-"}
	}
	return []any{fmt.Sprint(s.count), s.p50.Round(10 * time.Microsecond).String(), s.p95.Round(10 * time.Microsecond).String()}
}

func (s spans) ratio(other spans) string {
	if s.err != nil || other.err != nil {
		return "-"
	}
	return fmt.Sprintf("%.1f", float64(s.p50)/float64(max(other.p50, 1)))
}
