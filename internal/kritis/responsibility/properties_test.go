package responsibility_test

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/responsibility"
)

// world draws units from the taxonomy of the reference data.
type world struct {
	data     responsibility.Data
	rb       *responsibility.Rulebook
	subjects []subject
	lands    []string
	children map[responsibility.Subject][]responsibility.Subject // the narrower subjects that a broad one means
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{data: shippedData(tb), children: map[responsibility.Subject][]responsibility.Subject{}}
	w.rb, w.subjects = rulebook(tb, w.data), subjects(w.data)
	for _, l := range w.data.Lands {
		w.lands = append(w.lands, l.Code)
	}
	for _, s := range w.data.Services {
		if s.Branch != "" {
			of := responsibility.Subject{Branch: s.Branch}
			w.children[of] = append(w.children[of], responsibility.Subject{Service: s.Slug})
		}
	}
	for _, b := range w.data.Branches {
		of := responsibility.Subject{Sector: b.Sector}
		w.children[of] = append(w.children[of], responsibility.Subject{Branch: b.Slug})
		for _, s := range w.data.Services {
			if s.Branch == "" && s.Sector == b.Sector {
				of := responsibility.Subject{Service: s.Slug}
				w.children[of] = append(w.children[of], responsibility.Subject{Service: s.Slug, Branch: b.Slug})
			}
		}
	}
	return w
}

// narrow gives the narrowest subjects that a subject means.
func (w *world) narrow(s responsibility.Subject) []responsibility.Subject {
	var out []responsibility.Subject
	for _, c := range w.children[s] {
		out = append(out, w.narrow(c)...)
	}
	if out == nil {
		return []responsibility.Subject{s}
	}
	return out
}

func (w *world) unit(t *rapid.T) responsibility.Unit {
	u := responsibility.Unit{
		Site:       rapid.SampledFrom(w.lands).Draw(t, "site"),
		Affected:   rapid.SliceOfN(rapid.SampledFrom(w.lands), 0, 3).Draw(t, "affected"),
		Subject:    rapid.SampledFrom(w.subjects).Draw(t, "subject").Subject,
		Attributes: responsibility.Attributes{},
	}
	for _, a := range responsibility.AllAttributes() {
		if rapid.Bool().Draw(t, "knows "+a.Name) {
			u.Attributes[a.Name] = rapid.SampledFrom(a.Values).Draw(t, a.Name)
		}
	}
	return u
}

func (w *world) purpose(t *rapid.T) responsibility.Purpose {
	return rapid.SampledFrom(responsibility.Purposes()).Draw(t, "purpose")
}

func (w *world) day(t *rapid.T) responsibility.Day {
	days := []responsibility.Day{"2019-01-01", "2024-06-11", "2025-06-01", "2025-12-05", "2025-12-06", "2026-03-17", "2026-04-16", "2026-04-17", today}
	return rapid.SampledFrom(days).Draw(t, "day")
}

func (w *world) ask(t *rapid.T, q responsibility.Question) responsibility.Answer {
	a, err := w.rb.Answer(q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// place is what makes a step.
type place struct{ act, role, land, body string }

func certain(a responsibility.Answer) map[place]bool {
	out := map[place]bool{}
	for i := range a.Regimes {
		for j := range a.Regimes[i].Chain {
			s := &a.Regimes[i].Chain[j]
			out[place{a.Regimes[i].Act.Slug, string(s.Role), s.Land, s.Body.Slug}] = true
		}
	}
	return out
}

func possible(a responsibility.Answer) map[place]bool {
	out := certain(a)
	for i := range a.Regimes {
		for j := range a.Regimes[i].Alternatives {
			s := &a.Regimes[i].Alternatives[j]
			out[place{a.Regimes[i].Act.Slug, string(s.Role), s.Land, s.Body.Slug}] = true
		}
	}
	return out
}

// TestAnswerIsWhatAllCompletionsShare asks about a subject with facts left out, and about every completion of it one by one:
// the chain is the intersection, chain and alternatives the union, and each deciding fact is one of those left out.
func TestAnswerIsWhatAllCompletionsShare(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		u, p, day := w.unit(t), w.purpose(t), w.day(t)
		open := openFacts(t, &u)
		broad := w.ask(t, responsibility.Question{Units: []responsibility.Unit{u}, Purpose: p, Day: day})
		var all, some map[place]bool
		statuses := map[responsibility.Status]bool{}
		for _, n := range w.completed(u, open) {
			one := w.ask(t, responsibility.Question{Units: []responsibility.Unit{n}, Purpose: p, Day: day})
			if one.Status == responsibility.Ambiguous {
				t.Fatalf("nothing is unknown in %+v, and the answer is ambiguous:\n%s", n, transcript(one))
			}
			statuses[one.Status] = true
			here := certain(one)
			if all == nil {
				all, some = here, maps.Clone(here)
			}
			maps.DeleteFunc(all, func(p place, _ bool) bool { return !here[p] })
			maps.Copy(some, here)
		}
		if got := certain(broad); !maps.Equal(got, all) {
			t.Fatalf("chain = %v, the completions share %v", got, all)
		}
		if got := possible(broad); !maps.Equal(got, some) {
			t.Fatalf("chain and alternatives = %v, the completions give %v", got, some)
		}
		if len(statuses) > 1 && broad.Status != responsibility.Ambiguous {
			t.Fatalf("status = %s, the completions have %v", broad.Status, statuses)
		}
		for i := range broad.Regimes {
			for _, alt := range broad.Regimes[i].Alternatives {
				decidedByOpenFacts(t, alt, open)
			}
		}
	})
}

// openFacts leaves up to four facts without a default open and gives each other one a value.
func openFacts(t *rapid.T, u *responsibility.Unit) []responsibility.Attribute {
	var open []responsibility.Attribute
	for _, a := range responsibility.AllAttributes() {
		switch {
		case a.Default != "" && a.UnknownIn == "":
		case len(open) < 4 && rapid.IntRange(0, 2).Draw(t, "opens "+a.Name) == 0:
			delete(u.Attributes, a.Name)
			open = append(open, a)
		default:
			u.Attributes[a.Name] = rapid.SampledFrom(a.Values).Draw(t, "value of "+a.Name)
		}
	}
	return open
}

// completed gives the unit for each narrower subject and each assignment of values to the open facts. A fact that has a
// default outside of one sector is left open there.
func (w *world) completed(u responsibility.Unit, open []responsibility.Attribute) []responsibility.Unit {
	i := slices.IndexFunc(w.subjects, func(s subject) bool { return s.Subject == u.Subject })
	open = slices.DeleteFunc(slices.Clone(open), func(a responsibility.Attribute) bool {
		return a.UnknownIn != "" && a.UnknownIn != w.subjects[i].sector
	})
	var out []responsibility.Unit
	for _, s := range w.narrow(u.Subject) {
		for _, values := range product(open) {
			n := u
			n.Subject, n.Attributes = s, values.Over(u.Attributes)
			out = append(out, n)
		}
	}
	return out
}

func decidedByOpenFacts(t *rapid.T, alt responsibility.Alternative, open []responsibility.Attribute) {
	if len(alt.Unknowns) == 0 {
		t.Fatalf("nothing decides %s", stepLine(&alt.Step))
	}
	for i := range alt.Unknowns {
		u := &alt.Unknowns[i]
		isOpen := slices.ContainsFunc(open, func(a responsibility.Attribute) bool { return a.Name == u.Attribute })
		if !isOpen && u.Attribute != "branch" && u.Attribute != "service" {
			t.Fatalf("%s is known and decides %s", u.Attribute, stepLine(&alt.Step))
		}
		if u.Question(responsibility.DE) == "" || u.Question(responsibility.EN) == "" || len(u.Values) == 0 {
			t.Fatalf("unknown %s without question or values", u.Attribute)
		}
	}
}

// product gives every assignment of values to the attributes.
func product(open []responsibility.Attribute) []responsibility.Attributes {
	out := []responsibility.Attributes{{}}
	for _, a := range open {
		var next []responsibility.Attributes
		for _, base := range out {
			for _, v := range a.Values {
				next = append(next, responsibility.Attributes{a.Name: v}.Over(base))
			}
		}
		out = next
	}
	return out
}

func TestKnowingMoreNeverBringsANewBody(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		u, p, day := w.unit(t), w.purpose(t), w.day(t)
		before := possible(w.ask(t, responsibility.Question{Units: []responsibility.Unit{u}, Purpose: p, Day: day}))
		known := u
		known.Attributes = responsibility.Attributes{}.Over(u.Attributes)
		for _, a := range responsibility.AllAttributes() {
			if a.Default == "" && known.Attributes[a.Name] == "" && rapid.Bool().Draw(t, "learns "+a.Name) {
				known.Attributes[a.Name] = rapid.SampledFrom(a.Values).Draw(t, "learned "+a.Name)
			}
		}
		known.Subject = rapid.SampledFrom(w.narrow(u.Subject)).Draw(t, "narrowed")
		for s := range certain(w.ask(t, responsibility.Question{Units: []responsibility.Unit{known}, Purpose: p, Day: day})) {
			if !before[s] {
				t.Fatalf("%v was neither in the chain nor an alternative", s)
			}
		}
	})
}

func TestOrderAndRepetitionOfUnitsDoNotMatter(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		q := responsibility.Question{Purpose: w.purpose(t), Day: w.day(t)}
		for range rapid.IntRange(1, 5).Draw(t, "units") {
			q.Units = append(q.Units, w.unit(t))
		}
		want := w.ask(t, q)
		mixed := q
		mixed.Units = rapid.Permutation(append(slices.Clone(q.Units), q.Units[0])).Draw(t, "order")
		for i := range mixed.Units {
			u := &mixed.Units[i]
			u.Affected = append(slices.Clone(u.Affected), u.Site)
			slices.Reverse(u.Affected)
		}
		got := w.ask(t, mixed)
		if full(got) != full(want) {
			t.Fatalf("in another order\n%s\nwant\n%s", full(got), full(want))
		}
	})
}

func TestFilterCutsTheFinishedAnswer(t *testing.T) {
	w := newWorld(t)
	acts := w.rb.Acts()
	rapid.Check(t, func(t *rapid.T) {
		q := responsibility.Question{Units: []responsibility.Unit{w.unit(t), w.unit(t)}, Purpose: w.purpose(t), Day: w.day(t)}
		whole := w.ask(t, q)
		for range rapid.IntRange(1, 4).Draw(t, "acts") {
			q.Acts = append(q.Acts, rapid.SampledFrom(acts).Draw(t, "act").Slug)
		}
		got := w.ask(t, q)
		whole.Regimes = slices.DeleteFunc(whole.Regimes, func(r responsibility.Regime) bool { return !slices.Contains(q.Acts, r.Act.Slug) })
		whole.NotApplicable = slices.DeleteFunc(whole.NotApplicable, func(n responsibility.NotApplicable) bool {
			return !slices.Contains(q.Acts, n.Act.Slug)
		})
		whole.Status = got.Status // taken over what is left
		if full(got) != full(whole) {
			t.Fatalf("filtered\n%s\ncut\n%s", full(got), full(whole))
		}
	})
}

// full is everything that an answer says.
func full(a responsibility.Answer) string {
	text := transcript(a)
	for i := range a.Regimes {
		r := &a.Regimes[i]
		text += fmt.Sprintf("\n%s codes %v", r.Act.Slug, r.Codes)
		for _, lang := range []responsibility.Lang{responsibility.DE, responsibility.EN} {
			for j := range r.Chain {
				text += "\n" + r.Chain[j].Explanation(lang)
			}
			for j := range r.Alternatives {
				text += "\n" + r.Alternatives[j].Explanation(lang)
			}
			for j := range r.Gaps {
				text += "\n" + r.Gaps[j].Message(lang) + " " + r.Gaps[j].Remedy(lang)
			}
		}
	}
	for i := range a.NotApplicable {
		n := &a.NotApplicable[i]
		text += "\n" + n.Message(responsibility.DE) + " " + n.Message(responsibility.EN) + " " + n.Provision()
	}
	return text
}

// TestBulkEqualsSingle answers 500 questions at once on one rulebook, and each alone on another.
func TestBulkEqualsSingle(t *testing.T) {
	w := newWorld(t)
	other := rulebook(t, shippedData(t))
	questions := make([]responsibility.Question, 500)
	for i := range questions {
		s := w.subjects[i%len(w.subjects)]
		u := responsibility.Unit{Site: w.lands[i%16], Affected: []string{w.lands[i*7%16]}, Subject: s.Subject}
		purposes := responsibility.Purposes()
		questions[i] = responsibility.Question{Units: []responsibility.Unit{u}, Purpose: purposes[i%len(purposes)], Day: today}
	}
	answers := make([]responsibility.Answer, len(questions))
	var wg sync.WaitGroup
	for i := range questions {
		wg.Go(func() { answers[i], _ = w.rb.Answer(questions[i]) })
	}
	wg.Wait()
	for i, q := range questions {
		single, err := other.Answer(q)
		if err != nil {
			t.Fatal(err)
		}
		if full(answers[i]) != full(single) {
			t.Errorf("question %d differs:\n%s\nalone\n%s", i, transcript(answers[i]), transcript(single))
		}
		again, err := w.rb.Answer(q)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again, answers[i]) {
			t.Errorf("question %d has another answer the second time", i)
		}
	}
}

func TestChainsAndAlternativesAreOrdered(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		a := w.ask(t, responsibility.Question{Units: []responsibility.Unit{w.unit(t), w.unit(t)}, Purpose: w.purpose(t), Day: w.day(t)})
		for i := range a.Regimes {
			r := &a.Regimes[i]
			for j := range r.Chain {
				if r.Chain[j].Position != j+1 {
					t.Fatalf("position %d at place %d", r.Chain[j].Position, j)
				}
			}
			if !slices.IsSortedFunc(r.Alternatives, func(a, b responsibility.Alternative) int { return cmp.Compare(b.Specificity, a.Specificity) }) {
				t.Fatalf("alternatives out of order:\n%s", transcript(a))
			}
		}
	})
}
