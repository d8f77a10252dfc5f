package graph_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// crowd is a driver that notes how many walks are under way at once.
type crowd struct {
	store.Driver
	under, most, walks atomic.Int32
	met                func() // is called in each walk, if it is not nil
}

func (c *crowd) Traverse(ctx context.Context, scope store.Scope, w store.Walk) (store.Subgraph, error) {
	c.walks.Add(1)
	for n := c.under.Add(1); ; {
		if most := c.most.Load(); n <= most || c.most.CompareAndSwap(most, n) {
			break
		}
	}
	defer c.under.Add(-1)
	for range 100 { // lets others begin
		runtime.Gosched()
	}
	if c.met != nil {
		c.met()
	}
	return c.Driver.Traverse(ctx, scope, w)
}

func inACrowd(t *testing.T) (*world, *crowd) {
	c := &crowd{}
	return onSQLiteBy(t, func(d store.Driver) store.Driver { c.Driver = d; return c }), c
}

func TestTheHeavyQuestionsOfARequestTakeTurns(t *testing.T) {
	w, c := inACrowd(t)
	grid, hospital := `{facility: "`+kritis.GlobalID("Facility/demo-fa-0016")+`"}`, `{facility: "`+kritis.GlobalID("Facility/demo-fa-0006")+`"}`
	outage := `simulateOutage(input: {roots: [` + grid + `], horizon: "P90D"}) {
		entries { hops } criticalDependencies { sparedCount } bodiesToInform { startsAfter } unknowns { code }
		compareWith(assumptions: {generatorRuntime: "PT0S", withoutSubstitutes: true}) { shifted { here } } }`
	for name, question := range map[string]string{
		"outages":       outage,
		"incidents":     `incident(reference: "demo-1") { impact { entries { hops } compareWith(assumptions: {generatorRuntime: "PT72H"}) { onlyThere { id } } } }`,
		"common causes": `commonCause(subjects: [` + grid + `, ` + hospital + `]) { causes { strength } }`,
		"paths":         `dependencyPaths(dependent: ` + hospital + `, provider: ` + grid + `) { exists }`,
		"graphs":        `dependencyGraph(root: ` + grid + `) { nodes { distance } }`,
		"single points": `singlePointsOfFailure(asOf: "2026-11-%02dT10:00:00Z") { totalCount }`,
	} {
		t.Run(name, func(t *testing.T) {
			c.most.Store(0)
			c.walks.Store(0)
			var b strings.Builder
			for i := range 20 {
				fmt.Fprintf(&b, "q%d: %s\n", i, strings.ReplaceAll(question, "%02d", fmt.Sprintf("%02d", i+1)))
			}
			if r := w.reply(t, developer, "{"+b.String()+"}", nil); r.code() != nil {
				t.Fatalf("%.300s", r.text)
			}
			if most, walks := c.most.Load(), c.walks.Load(); most != 1 || walks < 20 {
				t.Errorf("%d walks at once, %d in all", most, walks)
			}
		})
	}
}

func TestWhoAsksVeryMuchWaitsForItself(t *testing.T) {
	w, c := inACrowd(t)
	stranger := w.caller(t, kritis.Identity{Subject: "stranger"})
	for name, who := range map[string]kritis.Principal{"without a token": kritis.Anonymous(), "with one": stranger} {
		t.Run(name, func(t *testing.T) {
			began, goOn := make(chan struct{}), make(chan struct{})
			var walks atomic.Int32
			c.met = func() {
				if walks.Add(1) == 1 {
					close(began)
					<-goOn
				}
			}
			ask := func(who kritis.Principal) error {
				_, err := w.app.View(who).SinglePointsOfFailure(t.Context(), nil, nil, kritis.PageArgs{})
				return err
			}
			var crowd errgroup.Group
			crowd.Go(func() error { return ask(who) })
			<-began
			for range 8 * runtime.GOMAXPROCS(0) {
				crowd.Go(func() error { return ask(who) })
			}
			if runtime.GOMAXPROCS(0) > 1 {
				if err := ask(developer); err != nil {
					t.Errorf("somebody else: %v", err)
				}
			}
			c.most.Store(0)
			close(goOn)
			if err := crowd.Wait(); err != nil {
				t.Fatal(err)
			}
			if most := c.most.Load(); most > 1 {
				t.Errorf("%d questions of one caller were answered at once", most)
			}
		})
	}
}

func TestAnEndedQuestionGivesItsTurnBack(t *testing.T) {
	w, c := inACrowd(t)
	view := w.app.View(developer)
	grid := kritis.GlobalID("Facility/demo-fa-0016")
	ask := func(ctx context.Context) error {
		_, err := view.SimulateOutage(ctx, kritis.SimulateOutageInput{Roots: []*kritis.DependencySubjectInput{{Facility: &grid}}})
		return err
	}
	if _, err := view.Rulebook(t.Context()); err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	c.met = cancel
	if err := ask(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("a question that is cancelled while it reads: %v", err)
	}

	began, goOn, first := make(chan struct{}), make(chan struct{}), true
	c.met = func() {
		if first {
			first = false
			close(began)
			<-goOn
		}
	}
	done := make(chan error)
	go func() { done <- ask(t.Context()) }()
	<-began
	waiting, cancel := context.WithCancel(t.Context())
	cancelled := make(chan error)
	go func() { cancelled <- ask(waiting) }()
	cancel()
	if err := <-cancelled; !errors.Is(err, context.Canceled) {
		t.Errorf("a question that is cancelled while it waits: %v", err)
	}
	close(goOn)
	if err := <-done; err != nil {
		t.Errorf("a question that read on: %v", err)
	}
	for range 2 * runtime.GOMAXPROCS(0) {
		if err := ask(t.Context()); err != nil {
			t.Errorf("the next question: %v", err)
		}
	}
}

func TestWhatIsMostCriticalIsFoundOnce(t *testing.T) {
	w := onSQLite(t)
	grid := kritis.GlobalID("Facility/demo-fa-0016")
	impact, err := w.app.View(developer).SimulateOutage(t.Context(), kritis.SimulateOutageInput{Roots: []*kritis.DependencySubjectInput{{Facility: &grid}}})
	if err != nil {
		t.Fatal(err)
	}
	first, err := impact.CriticalDependencies(t.Context())
	if err != nil || len(first) == 0 {
		t.Fatalf("nothing is critical: %v", err)
	}
	again, err := impact.CriticalDependencies(t.Context())
	if err != nil || again[0] != first[0] {
		t.Errorf("it was sought again: %v", err)
	}
}

func TestTheSinglePointsOfARequestAreFoundOnce(t *testing.T) {
	w, c := inACrowd(t)
	const pages, bavaria = `a: singlePointsOfFailure(first: 2) { totalCount } b: singlePointsOfFailure(last: 2) { totalCount }`, `c: singlePointsOfFailure(where: {federalState: {eq: BY}}) { totalCount }`
	walks := func(fields string) int32 {
		c.walks.Store(0)
		if r := w.reply(t, developer, "{"+fields+"}", nil); r.code() != nil {
			t.Fatalf("%.300s", r.text)
		}
		return c.walks.Load()
	}
	all, some := walks(`singlePointsOfFailure { totalCount }`), walks(bavaria)
	if n := walks(pages + bavaria); all == 0 || some == 0 || n != all+some {
		t.Errorf("%d walks for two lists that cost %d and %d", n, all, some)
	}
	if n := walks(pages); n != all {
		t.Errorf("%d walks for one list that costs %d: what one request found is nothing to the next", n, all)
	}
}
