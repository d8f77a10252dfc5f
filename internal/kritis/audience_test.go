package kritis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
	"kritisgraph/internal/store/storetest"
)

// meddler is a driver before which others act.
type meddler struct {
	store.Driver
	before func(store.Change) // each commit
}

func (m *meddler) Commit(ctx context.Context, c store.Change) (store.Mark, error) {
	if m.before != nil {
		m.before(c)
	}
	return m.Driver.Commit(ctx, c)
}

// registered is a store with the shipped competences and small demo data, whose clock can be set.
type registered struct {
	driver *meddler
	calls  *storetest.Counter
	store  *store.Store
	app    *kritis.App
	now    atomic.Pointer[time.Time]
}

func newRegistered(t testing.TB) *registered {
	t.Helper()
	d, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	r := &registered{driver: &meddler{Driver: d}}
	r.calls = storetest.NewCounter(r.driver)
	if r.store, err = store.Create(t.Context(), r.calls, kritis.Schema(), store.Options{}); err != nil {
		t.Fatal(err)
	}
	changes := func(yield func(store.Change, error) bool) {
		for c, err := range seed.ReferenceChanges(testNow) {
			if !yield(c, err) {
				return
			}
		}
		for c, err := range seed.Demo(seed.Options{Seed: 1, Size: seed.Small, Day: kritis.DayOf(testNow)}) {
			if !yield(c, err) {
				return
			}
		}
		yield(seed.DemoSettled(kritis.DayOf(testNow), testNow))
	}
	if err := r.store.Load(t.Context(), r.store.Sealed(changes)); err != nil {
		t.Fatal(err)
	}
	r.at(testNow)
	r.app = kritis.NewApp(r.store, func() time.Time { return *r.now.Load() })
	return r
}

func (r *registered) at(now time.Time) { r.now.Store(&now) }

func (r *registered) settle(t testing.TB) int {
	t.Helper()
	written, err := r.app.SettleAudiences(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// node returns a node as it is.
func (r *registered) node(t testing.TB, id store.ID) store.Node {
	t.Helper()
	nodes, err := r.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{id})
	if err != nil || len(nodes) != 1 {
		t.Fatalf("%s: %d nodes, %v", id, len(nodes), err)
	}
	return nodes[0]
}

// put writes nodes as somebody else.
func (r *registered) put(t testing.TB, nodes ...store.Node) {
	t.Helper()
	c := store.Change{Put: nodes, Meta: store.Meta{Actor: "somebody", Action: "edit"}}
	for _, n := range nodes {
		c.If = append(c.If, store.Cond{ID: n.ID, Version: n.Version})
	}
	if _, err := r.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// competences ends the rows of the Bundesnetzagentur for electricity networks on a day, and gives them to the BaFin from that
// day on by a row with a number of its own.
func (r *registered) competences(t testing.TB, from kritis.Day) {
	t.Helper()
	c := store.Change{Meta: store.Meta{Actor: "somebody", Action: "competencesPublish"}}
	for _, number := range []string{"c025", "c054"} {
		row := r.node(t, store.NewID(string(kritis.LabelCompetence), number))
		row.Props[store.ValidUntil] = store.String(string(from))
		c.Put, c.If = append(c.Put, row), append(c.If, store.Cond{ID: row.ID, Version: row.Version})
	}
	row := r.node(t, "Competence/c025").Clone()
	row.ID, row.Version = "Competence/c900", 0
	row.Props["number"], row.Props["authoritySlug"], row.Props[store.ValidFrom] = store.String("c900"), store.String("bafin"), store.String(string(from))
	c.Put, c.If = append(c.Put, row), append(c.If, store.Cond{ID: row.ID})
	for kind, to := range map[store.EdgeType]store.ID{
		kritis.EdgeBasedOn: "LegalAct/enwg", kritis.EdgeAssignedTo: "Authority/bafin", kritis.EdgeCovers: "Branch/electricity", kritis.EdgeDisplaces: "LegalAct/bsig",
	} {
		e := link(kind, row.ID, to)
		c.Link, c.If = append(c.Link, e), append(c.If, store.Cond{ID: e.ID})
	}
	if _, err := r.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// network is an electricity network with its operator and an incident there.
var network = []store.ID{"Operator/demo-op-0001", "Facility/demo-fa-0001", "Incident/demo-1"}

// sees returns how much of the network a body sees.
func (r *registered) sees(t testing.TB, body string) int {
	t.Helper()
	v, err := r.app.Enter(t.Context(), kritis.Identity{Body: body})
	if err != nil {
		t.Fatal(err)
	}
	nodes, err := r.store.Nodes(t.Context(), v.Principal().Scope(), network)
	if err != nil {
		t.Fatal(err)
	}
	return len(nodes)
}

// audiences returns the audiences of all that is registered.
func (r *registered) audiences(t testing.TB) map[store.ID][]string {
	t.Helper()
	out := map[store.ID][]string{}
	for _, label := range []store.Label{kritis.LabelOperator, kritis.LabelFacility, kritis.LabelIncident} {
		q := store.Query{Labels: []store.Label{label}}
		for more := true; more; {
			page, err := r.store.List(t.Context(), kritis.Maintenance(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, hit := range page.Hits {
				out[hit.Node.ID] = hit.Node.Own.Audiences
				q.Start = &hit.Position
			}
			more = page.More
		}
	}
	return out
}

// others leaves out the supervisory authorities.
func others(of map[store.ID][]string) map[store.ID][]string {
	out := map[store.ID][]string{}
	for id, audiences := range of {
		out[id] = kritis.WithRows(audiences, nil)
	}
	return out
}

const change = kritis.Day("2026-12-01")

var dayOfChange = time.Date(2026, 12, 1, 0, 0, 0, 0, kritis.Berlin)

func TestSightFollowsTheCompetencesOverTime(t *testing.T) {
	r := newRegistered(t)
	before := r.audiences(t)
	r.competences(t, change)
	written := r.settle(t)
	if written == 0 {
		t.Error("nothing was written")
	}
	all := len(network)
	for _, c := range []struct {
		name     string
		at       time.Time
		settle   bool
		old, new int
	}{
		{"the old body sees and the new one does not before the day", testNow, false, all, 0},
		{"up to the last moment", dayOfChange.Add(-time.Second), false, all, 0},
		{"the new one sees and the old one does not from the day on", dayOfChange, false, 0, all},
		{"and when what ended was taken away", dayOfChange.Add(time.Hour), true, 0, all},
	} {
		t.Run(c.name, func(t *testing.T) {
			r.at(c.at)
			if c.settle && r.settle(t) == 0 {
				t.Error("nothing was written")
			}
			if old, new := r.sees(t, "bnetza"), r.sees(t, "bafin"); old != c.old || new != c.new {
				t.Errorf("the old body sees %d and the new one %d of %d", old, new, all)
			}
		})
	}
	for id, want := range map[store.ID][]string{
		network[1]: {"row:c169/BY", "row:c900"}, "Operator/demo-op-0004": {"row:c038", "row:c074"},
	} {
		if d := cmp.Diff(want, kritis.RowAudiences(r.node(t, id).Own.Audiences)); d != "" {
			t.Errorf("%s: %s", id, d)
		}
	}
	if d := cmp.Diff(others(before), others(r.audiences(t))); d != "" {
		t.Errorf("other audiences changed: %s", d)
	}
}

func TestSettlingIsInTheLogAndLeavesTheRestOfThingsAlone(t *testing.T) {
	r := newRegistered(t)
	r.competences(t, change)
	head, err := r.store.Head(t.Context(), store.Mark{})
	if err != nil {
		t.Fatal(err)
	}
	before := r.node(t, network[0])
	written, put := r.settle(t), 0
	end, err := r.store.Head(t.Context(), store.Mark{})
	if err != nil {
		t.Fatal(err)
	}
	for record, err := range r.store.Records(t.Context(), kritis.Maintenance(), head.Seq, end.Seq) {
		if err != nil {
			t.Fatal(err)
		}
		want := store.Meta{Action: kritis.ActionAudiencesSettle, Actor: "kritisgraph", At: testNow.UnixMicro()}
		if record.Change.Meta != want {
			t.Errorf("commit %d: %+v", record.Seq, record.Change.Meta)
		}
		put += record.Change.Size()
	}
	if put != written+1 { // and the mark
		t.Errorf("%d things are said to be written, %d are in the log", written, put)
	}
	after := r.node(t, network[0])
	after.Own.Audiences, before.Own.Audiences = nil, nil
	if !after.SameContent(before) {
		t.Errorf("an operator became %v", after)
	}
	report, err := kritis.Check(t.Context(), r.store)
	if err != nil || report.Errors() > 0 {
		t.Errorf("the store has errors: %v %v", report.Findings, err)
	}
}

func TestSettlingAgainWritesNothing(t *testing.T) {
	r := newRegistered(t)
	const readsTheMark = "map[Log:1 Nodes:1]" // beside the check that the rulebook still holds
	r.settle(t)
	for _, c := range []struct {
		name  string
		then  func()
		calls string
	}{
		{"demo data as they are loaded reflect the competences", func() {}, readsTheMark},
		{"on another day from which on nobody else supervises", func() { r.at(testNow.AddDate(0, 6, 0)) }, readsTheMark},
		{"after settling", func() { r.competences(t, change); r.settle(t) }, readsTheMark},
		{"after a change of competences that decides nothing", func() {
			n := r.node(t, "Competence/c025")
			n.Props["note"] = store.String("Another note.")
			r.put(t, n)
			r.settle(t)
		}, readsTheMark},
		{"without a mark everything is read, and only the mark is written", func() {
			n := r.node(t, "Dataset/audiences")
			n.Props["digest"] = store.String("of another one")
			r.put(t, n)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.then()
			r.calls.Reset()
			written := r.settle(t)
			if calls := fmt.Sprint(r.calls.Counts()); written != 0 || c.calls != "" && calls != c.calls {
				t.Errorf("wrote %d things by %s", written, calls)
			}
		})
	}
}

func TestAnInterruptedSettlementGoesOn(t *testing.T) {
	whole, r := newRegistered(t), newRegistered(t)
	whole.competences(t, change)
	want := whole.settle(t)
	r.competences(t, change)
	ctx, cancel := context.WithCancel(t.Context())
	commits := 0
	r.driver.before = func(store.Change) {
		if commits++; commits == 2 {
			cancel()
		}
	}
	first, err := r.app.SettleAudiences(ctx)
	if !errors.Is(err, context.Canceled) || first == 0 || first >= want {
		t.Fatalf("wrote %d of %d things: %v", first, want, err)
	}
	if second := r.settle(t); first+second != want {
		t.Errorf("wrote %d, then %d of %d things", first, second, want)
	}
	if d := cmp.Diff(whole.audiences(t), r.audiences(t)); d != "" {
		t.Errorf("otherwise than without the interruption: %s", d)
	}
}

func TestSettlingBesideAnEditorLosesNothing(t *testing.T) {
	const operator = store.ID("Operator/demo-op-0001")
	website := func(n store.Node) store.Node {
		n.Props["website"] = store.String("https://neu.example")
		return n
	}
	for name, c := range map[string]struct {
		when store.Label // is about to be written
		edit func(now, before store.Node) store.Node
	}{
		"an edit of what is being written": {kritis.LabelOperator, func(now, _ store.Node) store.Node { return website(now) }},
		"an edit that writes what was competent before, after it was settled": {kritis.LabelIncident, func(now, before store.Node) store.Node {
			now.Own = before.Own
			return website(now)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			whole, r := newRegistered(t), newRegistered(t)
			whole.competences(t, change)
			whole.settle(t)
			before := r.node(t, operator)
			r.competences(t, change)
			edited := false
			r.driver.before = func(change store.Change) {
				if edited || change.Put[0].Label() != c.when {
					return
				}
				edited = true
				r.put(t, c.edit(r.node(t, operator), before))
			}
			r.settle(t)
			if !edited || r.node(t, operator).Prop("website").Text() != "https://neu.example" {
				t.Error("the edit is lost")
			}
			if d := cmp.Diff(whole.audiences(t), r.audiences(t)); d != "" {
				t.Errorf("otherwise than without the edit: %s", d)
			}
		})
	}
}

func TestSettlingGivesUpWhereOthersNeverStop(t *testing.T) {
	r := newRegistered(t)
	r.competences(t, change)
	edits := 0
	r.driver.before = func(c store.Change) {
		if c.Meta.Actor != "kritisgraph" {
			return
		}
		edits++
		n := r.node(t, network[0])
		n.Own.Audiences = kritis.WithRows(n.Own.Audiences, []string{"row:c025"})
		n.Props["website"] = store.String(fmt.Sprintf("https://%d.example", edits))
		r.put(t, n)
	}
	written, err := r.app.SettleAudiences(t.Context())
	if err == nil || written == 0 {
		t.Errorf("wrote %d things: %v", written, err)
	}
	if n := r.node(t, "Dataset/audiences"); n.Version != 1 {
		t.Error("the store is marked as settled")
	}
	r.driver.before = nil
	r.settle(t)
	if n := r.node(t, "Dataset/audiences"); n.Version != 2 {
		t.Error("the store is not marked as settled when the others have stopped")
	}
}

func TestEveryFacilityOfALargeOperatorCounts(t *testing.T) {
	r := newRegistered(t)
	const many = 650 // more than one page of any kind
	model := r.node(t, "Facility/demo-fa-0001")
	bank := r.node(t, "Facility/demo-fa-0008")
	c := store.Change{Meta: store.Meta{Actor: "somebody", Action: "edit"}}
	for i := range many {
		n := model.Clone()
		if i == many-1 {
			n = bank.Clone()
			n.Own = model.Own
		}
		n.Props["reference"] = store.String(fmt.Sprintf("large-%04d", i))
		n.ID = store.NewID(string(kritis.LabelFacility), fmt.Sprintf("large-%04d", i))
		e := link(kritis.EdgeOperates, "Operator/demo-op-0002", n.ID)
		c.Put, c.Link, c.If = append(c.Put, n), append(c.Link, e), append(c.If, store.Cond{ID: n.ID}, store.Cond{ID: e.ID})
	}
	if _, err := r.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r.competences(t, change)
	r.settle(t)
	rows := kritis.RowAudiences(r.node(t, "Operator/demo-op-0002").Own.Audiences)
	for _, row := range slices.Concat(kritis.RowAudiences(r.node(t, "Facility/large-0000").Own.Audiences), kritis.RowAudiences(r.node(t, "Facility/large-0649").Own.Audiences)) {
		if !slices.Contains(rows, row) {
			t.Errorf("the operator is for %v, not for %s of a facility", rows, row)
		}
	}
	if !slices.Contains(rows, "row:c900") || !slices.ContainsFunc(rows, func(row string) bool { return !strings.Contains(row, "c900") }) {
		t.Errorf("the operator is for %v", rows)
	}
}

func TestWhatCannotBeJudgedIsForNoSupervisor(t *testing.T) {
	r := newRegistered(t)
	n := r.node(t, "Facility/demo-fa-0008")
	n.Props["ownership"] = store.String("NOBODY_KNOWS_THIS")
	r.put(t, n)
	r.competences(t, change)
	written, err := r.app.SettleAudiences(t.Context())
	if err == nil || !strings.Contains(err.Error(), "demo-fa-0008") || written == 0 {
		t.Errorf("wrote %d things: %v", written, err)
	}
	if rows := kritis.RowAudiences(r.node(t, n.ID).Own.Audiences); len(rows) > 0 {
		t.Errorf("it is for %v", rows)
	}
	r.at(dayOfChange)
	if r.sees(t, "bafin") != len(network) {
		t.Error("the others were not settled")
	}
	n = r.node(t, n.ID)
	delete(n.Props, "ownership")
	r.put(t, n)
	r.settle(t)
	if rows := kritis.RowAudiences(r.node(t, n.ID).Own.Audiences); len(rows) == 0 {
		t.Error("it is for nobody after it was mended")
	}
}

func TestWhatHasNoAudiencesOfItsOwnGetsNone(t *testing.T) {
	r := newRegistered(t)
	inherits, alone := r.node(t, "Facility/demo-fa-0002"), r.node(t, "Facility/demo-fa-0003")
	inherits.Own.Audiences, alone.Own.Audiences = nil, []string{"row:c025"}
	r.put(t, inherits, alone)
	r.competences(t, change)
	r.settle(t)
	for id, want := range map[store.ID][]string{inherits.ID: nil, alone.ID: {"row:c025"}} {
		if d := cmp.Diff(want, r.node(t, id).Own.Audiences); d != "" {
			t.Errorf("%s: %s", id, d)
		}
	}
}

func TestAudiencesAreKeptUntilTheEnd(t *testing.T) {
	r := newRegistered(t)
	ctx, cancel := context.WithCancel(t.Context())
	type outcome struct {
		written int
		err     error
	}
	told, ended := make(chan outcome), make(chan struct{})
	go func() {
		defer close(ended)
		r.app.KeepAudiences(ctx, func(written int, err error) { told <- outcome{written, err} })
	}()
	if first := <-told; first.written != 0 || first.err != nil {
		t.Errorf("at first: %+v", first)
	}
	r.competences(t, change)
	r.app.CompetencesChanged()
	if second := <-told; second.written == 0 || second.err != nil {
		t.Errorf("after the change: %+v", second)
	}
	cancel()
	for {
		select {
		case <-told: // told once more by the rulebook that was read
			continue
		case <-ended:
		}
		break
	}
}

func TestAudiencesAreSettledOnANewDay(t *testing.T) {
	r := newRegistered(t)
	r.competences(t, change)
	r.settle(t)
	began := time.Now()
	app := kritis.NewApp(r.store, func() time.Time { return dayOfChange.Add(time.Since(began) - 50*time.Millisecond) })
	written, ended := make(chan int), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer close(ended)
		app.KeepAudiences(ctx, func(n int, _ error) {
			select {
			case written <- n:
			case <-ctx.Done():
			}
		})
	}()
	for n := range written {
		if n > 0 {
			break
		}
	}
	cancel()
	<-ended
	if rows := kritis.RowAudiences(r.node(t, network[1]).Own.Audiences); slices.Contains(rows, "row:c025") {
		t.Errorf("after the last day of a row: %v", rows)
	}
}

func BenchmarkSettleAudiences(b *testing.B) {
	d, err := sqlitestore.Open(b.Context(), sqlitestore.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	r := &registered{driver: &meddler{Driver: d}}
	if r.store, err = store.Create(b.Context(), r.driver, kritis.Schema(), store.Options{}); err != nil {
		b.Fatal(err)
	}
	r.at(testNow)
	r.app = kritis.NewApp(r.store, func() time.Time { return *r.now.Load() })
	facilities := 0
	changes := func(yield func(store.Change, error) bool) {
		for c, err := range seed.ReferenceChanges(testNow) {
			if !yield(c, err) {
				return
			}
		}
		for c, err := range seed.Demo(seed.Options{Seed: 1, Size: seed.Large, Day: kritis.DayOf(testNow)}) {
			for _, n := range c.Put {
				if n.Label() == kritis.LabelFacility {
					facilities++
				}
			}
			if !yield(c, err) || facilities >= 10_000 {
				return
			}
		}
	}
	if err := r.store.Load(b.Context(), r.store.Sealed(changes)); err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		n := r.node(b, "Competence/c013")
		n.Props[store.ValidUntil] = store.String(testNow.AddDate(0, 0, -i%2+1).Format(time.DateOnly))
		r.put(b, n)
		b.StartTimer()
		b.ReportMetric(float64(r.settle(b)), "written")
	}
	b.ReportMetric(float64(facilities), "facilities")
	if err := d.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
}
