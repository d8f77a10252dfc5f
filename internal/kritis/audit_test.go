package kritis_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// ledgered is a domain whose reads are recorded, over a database in memory whose commits can be disturbed.
type ledgered struct {
	app     *kritis.App
	store   *store.Store
	auditor *kritis.Auditor
	driver  *disturbed
	told    []string // what the auditor said of its writing
}

// disturbed is a driver that loses commits, or their answers.
type disturbed struct {
	store.Driver
	mu            sync.Mutex
	before, after error
}

// fail has commits fail before they are made, or afterwards.
func (d *disturbed) fail(before, after error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.before, d.after = before, after
}

func (d *disturbed) Commit(ctx context.Context, c store.Change) (store.Mark, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.before != nil {
		return store.Mark{}, d.before
	}
	mark, err := d.Driver.Commit(ctx, c)
	if err == nil && d.after != nil {
		return store.Mark{}, d.after
	}
	return mark, err
}

// newLedgered has an incident marked CLEAR and some marked AMBER, with the longest keys that there can be.
func newLedgered(t *testing.T, amber int) *ledgered {
	t.Helper()
	l := &ledgered{driver: &disturbed{Driver: storetest.NewModel()}}
	var err error
	if l.store, err = store.Create(t.Context(), l.driver, kritis.Schema(), store.Options{}); err != nil {
		t.Fatal(err)
	}
	var c store.Change
	for i := range amber + 1 {
		key, tlp := fmt.Sprintf("%04d", i)+strings.Repeat("x", 490), store.TLPAmber
		if i == 0 {
			key, tlp = "clear", store.TLPClear
		}
		n := store.Node{ID: store.NewID("Incident", key), Own: store.Visibility{TLP: tlp, Audiences: []string{kritis.AudiencePublic}}, Props: proven(map[string]store.Value{
			"reference": store.String(key), "title": store.String(key), "incidentStatus": store.String("OPEN"), "severity": store.String("LOW"),
			"kind": store.String("CYBER"), "awareAt": store.Int(int64(i)),
		})}
		c.Put, c.If = append(c.Put, n), append(c.If, store.Cond{ID: n.ID})
	}
	if _, err := l.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	l.auditor = kritis.NewAuditor(l.store, func() time.Time { return testNow }, func(err error) { l.told = append(l.told, fmt.Sprint(err)) })
	l.app = kritis.NewApp(l.store, func() time.Time { return testNow })
	l.app.RecordReads(l.auditor)
	return l
}

// read is a request that is given the incidents that its caller sees, the newest of them.
func (l *ledgered) read(t *testing.T, p kritis.Principal, first int32) *kritis.View {
	t.Helper()
	v := l.app.View(p)
	if _, err := v.Incidents(t.Context(), kritis.ListArgs{Page: kritis.PageArgs{First: &first}}); err != nil {
		t.Fatal(err)
	}
	return v
}

// recorded are the commits of reads, as "reader count" for each event.
func (l *ledgered) recorded(t *testing.T) (commits []string) {
	t.Helper()
	page, err := l.store.Log(t.Context(), kritis.Maintenance(), store.LogQuery{Events: []string{kritis.EventRead}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Records {
		var events []string
		for _, e := range r.Change.Events {
			events = append(events, fmt.Sprintf("%s %d", e.Props["actor"].Text(), len(e.Props["ids"].List())))
		}
		commits = append(commits, strings.Join(events, ", "))
	}
	return commits
}

func (l *ledgered) want(t *testing.T, what string, commits ...string) {
	t.Helper()
	if diff := cmp.Diff(commits, l.recorded(t)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// running runs the auditor for the time of a test in a bubble; the function it returns ends it.
func (l *ledgered) running(t *testing.T) (end func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.auditor.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// pass lets time pass.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestReadsOfASecondAreOneCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedgered(t, 3)
		end := l.running(t)
		must(t, l.read(t, kritis.Development("a"), 2).Record(t.Context()))
		pass(700 * time.Millisecond)
		must(t, l.read(t, kritis.Development("b"), 3).Record(t.Context()))
		must(t, l.read(t, kritis.Anonymous(), 3).Record(t.Context()))
		l.want(t, "before the second is over")
		pass(300 * time.Millisecond)
		l.want(t, "after a second", "a 2, b 3")
		pass(time.Hour)
		l.want(t, "when nobody reads", "a 2, b 3")
		must(t, l.read(t, kritis.Development("c"), 1).Record(t.Context()))
		end()
		l.want(t, "at the end", "a 2, b 3", "c 1")
	})
}

func TestAReadIsRecordedOnceUnlessItIsRepeated(t *testing.T) {
	l := newLedgered(t, 3)
	v := l.read(t, kritis.Development("a"), 2)
	must(t, v.Record(t.Context()))
	must(t, v.Record(t.Context()))
	must(t, l.auditor.Flush(t.Context()))
	must(t, l.auditor.Flush(t.Context()))
	l.want(t, "two records of one read", "a 2")
	must(t, l.read(t, kritis.Development("a"), 2).Record(t.Context()))
	must(t, l.auditor.Flush(t.Context()))
	l.want(t, "the next request", "a 2", "a 2")
}

func TestAnEventSaysWhoReadWhatAndWhen(t *testing.T) {
	l := newLedgered(t, 130)
	first := int32(100)
	v := l.read(t, kritis.Development("a"), first)
	last := int32(40)
	if _, err := v.Incidents(t.Context(), kritis.ListArgs{Page: kritis.PageArgs{Last: &last}}); err != nil {
		t.Fatal(err)
	}
	must(t, v.Record(kritis.WithRequestID(t.Context(), "request-of-a")))
	must(t, l.auditor.Flush(t.Context()))
	page, err := l.store.Log(t.Context(), kritis.Maintenance(), store.LogQuery{Events: []string{kritis.EventRead}})
	must(t, err)
	change := page.Records[0].Change
	if diff := cmp.Diff(store.Meta{Action: "READ", Actor: "kritisgraph", At: testNow.UnixMicro()}, change.Meta); diff != "" {
		t.Error(diff)
	}
	seen := map[string]bool{}
	for i, e := range change.Events {
		ids := e.Props["ids"].List()
		for _, id := range ids {
			seen[id] = true
		}
		if len(ids) != []int{100, 30}[i] || e.Subject != "" {
			t.Errorf("event %d has %d ids and the subject %q", i, len(ids), e.Subject)
		}
		delete(e.Props, "ids")
		want := map[string]store.Value{
			"actor": store.String("a"), "roles": store.Strings("SITUATION_CENTRE", "ADMINISTRATOR"), "request": store.String("request-of-a"),
			"at": store.Int(testNow.UnixMicro()), "label": store.String("Incident"), "count": store.Int(130),
		}
		if diff := cmp.Diff(want, e.Props); diff != "" {
			t.Error(diff)
		}
	}
	if len(seen) != 130 || len(change.Events) != 2 {
		t.Errorf("%d ids in %d events", len(seen), len(change.Events))
	}
}

func TestWithoutALogNothingRestrictedIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedgered(t, 3)
		end := l.running(t)
		must(t, l.read(t, kritis.Development("a"), 1).Record(t.Context()))
		l.driver.fail(store.ErrUnavailable, nil)
		pass(time.Second)
		refused := l.read(t, kritis.Development("b"), 2)
		err := refused.Record(t.Context())
		if e := kritis.AsError(err); err == nil || e.Code != kritis.CodeUnavailable || !strings.Contains(e.Message, "audit log cannot be written") {
			t.Errorf("a restricted read: %v", err)
		}
		must(t, l.read(t, kritis.Anonymous(), 2).Record(t.Context()))
		if err := l.auditor.Flush(t.Context()); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("a flush: %v", err)
		}
		l.driver.fail(nil, nil)
		pass(time.Second)
		l.want(t, "what was accepted before", "a 1")
		must(t, refused.Record(t.Context()))
		end()
		l.want(t, "all", "a 1", "b 2")
		if len(l.told) != 2 || !strings.Contains(l.told[0], "recording reads") || l.told[1] != "<nil>" {
			t.Errorf("told %q", l.told)
		}
	})
}

func TestAChangeWaitsForTheReadsBeforeIt(t *testing.T) {
	l := newLedgered(t, 3)
	must(t, l.read(t, kritis.Development("a"), 1).Record(t.Context()))
	must(t, l.read(t, kritis.Development("b"), 2).RecordNow(t.Context()))
	l.want(t, "before the change", "a 1, b 2")
	must(t, l.read(t, kritis.Development("c"), 1).Record(t.Context()))
	must(t, l.app.View(kritis.Development("e")).RecordNow(t.Context()))
	l.want(t, "before a change of somebody who was given nothing", "a 1, b 2")
	l.driver.fail(store.ErrUnavailable, nil)
	if err := l.auditor.Flush(t.Context()); err == nil {
		t.Fatal("the driver commits")
	}
	for name, v := range map[string]*kritis.View{
		"that was given something": l.read(t, kritis.Development("d"), 1), "that was given nothing": l.app.View(kritis.Development("e")),
	} {
		if err := v.RecordNow(t.Context()); err == nil || kritis.AsError(err).Code != kritis.CodeUnavailable {
			t.Errorf("a request %s: %v", name, err)
		}
	}
	l.driver.fail(nil, nil)
	must(t, l.app.View(kritis.Development("e")).RecordNow(t.Context()))
	l.want(t, "when the log can be written again", "a 1, b 2", "c 1")
	must(t, kritis.NewApp(l.store, func() time.Time { return testNow }).View(kritis.Development("f")).RecordNow(t.Context()))
}

func TestACommitWithoutAnAnswerIsNotMadeTwice(t *testing.T) {
	l := newLedgered(t, 3)
	must(t, l.read(t, kritis.Development("a"), 1).Record(t.Context()))
	l.driver.fail(nil, store.ErrUnknownOutcome)
	if err := l.auditor.Flush(t.Context()); !errors.Is(err, store.ErrUnknownOutcome) {
		t.Errorf("got %v", err)
	}
	l.driver.fail(nil, nil)
	must(t, l.auditor.Flush(t.Context()))
	must(t, l.read(t, kritis.Development("b"), 1).Record(t.Context()))
	must(t, l.auditor.Flush(t.Context()))
	l.want(t, "the log", "a 1", "b 1")
}

func TestACallerThatGivesUpDoesNotCloseTheLog(t *testing.T) {
	l := newLedgered(t, 3)
	must(t, l.read(t, kritis.Development("a"), 1).Record(t.Context()))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	l.driver.fail(context.Canceled, nil)
	if err := l.auditor.Flush(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	l.driver.fail(nil, nil)
	must(t, l.read(t, kritis.Development("b"), 1).Record(t.Context()))
}

func TestMemoryForReadsIsBounded(t *testing.T) {
	l := newLedgered(t, 100)
	accepted := 0
	var err error
	for ; err == nil && accepted < 1_000; accepted++ {
		err = l.read(t, kritis.Development("a"), 100).Record(t.Context())
	}
	if kritis.AsError(err).Code != kritis.CodeUnavailable || accepted < 100 {
		t.Fatalf("after %d lists: %v", accepted, err)
	}
	must(t, l.read(t, kritis.Anonymous(), 100).Record(t.Context()))
	must(t, l.auditor.Flush(t.Context())) // in commits that the store takes
	if n := len(strings.Split(strings.Join(l.recorded(t), ", "), ", ")); n != accepted-1 {
		t.Errorf("%d lists were accepted, %d recorded", accepted-1, n)
	}
	must(t, l.read(t, kritis.Development("a"), 100).Record(t.Context()))
}
