package responsibility_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/responsibility"
)

// newRow is the row c10001: "act body role land kind subject", with - for no Land.
func newRow(tb testing.TB, text string, conditions ...responsibility.Condition) responsibility.Competence {
	tb.Helper()
	w := strings.Fields(text)
	kind, ok := responsibility.ParseSpecificity(w[4])
	if !ok {
		tb.Fatal(text)
	}
	return responsibility.Competence{
		ID: "c10001", Act: w[0], Body: w[1], Role: responsibility.Role(w[2]), Land: strings.TrimPrefix(w[3], "-"), Kind: kind, Subject: w[5],
		Provision: "§ new", Confidence: "verified", AppliesWhen: conditions,
	}
}

// effectLines writes one line for each effect.
func effectLines(effects []responsibility.Effect) []string {
	out := []string{}
	for _, e := range effects {
		where := "in " + strings.Join(e.Lands, " ")
		if len(e.Lands) == 16 {
			where = "everywhere"
		}
		subject := e.Sector
		for _, p := range e.Parts {
			subject += "/" + strings.Trim(p.Branch+":"+p.Service, ":")
		}
		if e.Until != "" {
			where += " until " + string(e.Until)
		}
		out = append(out, fmt.Sprintf("%s %s %s %s %s from %s: %s > %s", e.Act.Slug, e.Purpose, e.Role, subject, where, e.From,
			standingText(e.Before), standingText(e.After)))
	}
	return out
}

func standingText(s responsibility.Standing) string {
	text := []string{string(s.Status)}
	text = append(text, s.Bodies...)
	for _, a := range s.Alternatives {
		var when []string
		for _, c := range a.When {
			when = append(when, c.Attribute+"="+strings.Join(c.Values, "|"))
		}
		text = append(text, "?"+a.Body+"("+strings.Join(when, ",")+")")
	}
	if len(s.Gaps) > 0 {
		text = append(text, fmt.Sprint(s.Gaps))
	}
	return strings.Join(text, " ")
}

func lossLines(losses []responsibility.Loss) []string {
	var out []string
	for _, l := range losses {
		out = append(out, strings.Join([]string{l.Act.Slug, l.Land, l.Sector, string(l.From)}, " "))
	}
	return out
}

func TestAnAmendmentHasEffectsByLandAndSector(t *testing.T) {
	tests := []struct {
		name    string
		change  responsibility.Amendment
		effects []string // nil: looked at elsewhere
		losses  int
		some    string // one of the losses
	}{
		{name: "nothing changes nothing", effects: []string{}},
		{
			name:   "a named body takes the place of a placeholder in its Land",
			change: responsibility.Amendment{Add: []responsibility.Competence{newRow(t, "kritisdachg ministry-by supervision BY sector water")}},
			effects: []string{
				"kritisdachg PHYSICAL_INCIDENT SUPERVISION water in BY from 2026-12-01: PARTIAL state-competent-authority [NOT_DESIGNATED] > PARTIAL ministry-by",
				"kritisdachg SUPERVISION SUPERVISION water in BY from 2026-12-01: PARTIAL state-competent-authority [NOT_DESIGNATED] > RESOLVED ministry-by",
			},
		},
		{
			name: "a row of which only the source is another one changes nothing",
			change: responsibility.Amendment{End: []string{"c081"}, Add: []responsibility.Competence{
				newRow(t, "kritisdachg state-competent-authority supervision all sector water"),
			}},
			effects: []string{},
		},
		{
			name:    "a row that ends with a wider one of the same body beneath changes nothing",
			change:  responsibility.Amendment{End: []string{"c014", "c081"}},
			effects: []string{},
		},
		{
			name: "another body for one branch shows, though others of the sector have it already",
			change: responsibility.Amendment{End: []string{"c061"}, Add: []responsibility.Competence{
				newRow(t, "kritisdachg bsh supervision - branch inland-shipping", responsibility.Condition{Attribute: "ownership", Values: []string{"FEDERAL"}}),
			}},
			effects: []string{
				"kritisdachg PHYSICAL_INCIDENT SUPERVISION transport/inland-shipping/inland-shipping:passenger-freight-transport everywhere from 2026-12-01: " +
					"AMBIGUOUS ?gdws(ownership=FEDERAL) ?state-competent-authority(ownership=STATE|MUNICIPAL|PRIVATE) [NOT_DESIGNATED] > " +
					"AMBIGUOUS ?bsh(ownership=FEDERAL) ?state-competent-authority(ownership=STATE|MUNICIPAL|PRIVATE) [NOT_DESIGNATED]",
				"kritisdachg SUPERVISION SUPERVISION transport/inland-shipping/inland-shipping:passenger-freight-transport everywhere from 2026-12-01: " +
					"AMBIGUOUS ?gdws(ownership=FEDERAL) ?state-competent-authority(ownership=STATE|MUNICIPAL|PRIVATE) [NOT_DESIGNATED] > " +
					"AMBIGUOUS ?bsh(ownership=FEDERAL) ?state-competent-authority(ownership=STATE|MUNICIPAL|PRIVATE) [NOT_DESIGNATED]",
			},
		},
		{
			name:   "the one row of a Land that ends leaves it without a supervisor",
			change: responsibility.Amendment{End: []string{"c121"}},
			losses: 1, some: "baydig BY state-administration 2026-12-01",
		},
		{
			name:   "the widest row that ends is lost where it alone reaches a part of the sector",
			change: responsibility.Amendment{End: []string{"c169"}},
			losses: 16 * 4, some: "kritisdachg BE transport 2026-12-01",
		},
		{
			name:   "a body that gives way to a placeholder is lost",
			change: responsibility.Amendment{End: []string{"c059"}},
			losses: 16, some: "kritisdachg BY transport 2026-12-01",
		},
		{
			name: "what another act takes over is not lost",
			change: responsibility.Amendment{Add: []responsibility.Competence{
				displacing(newRow(t, "saechsisichg ciso-sn supervision SN sector water"), "kritisdachg", "bsig"),
			}},
			effects: []string{
				"bsig CYBER_INCIDENT SUPERVISION water in SN from 2026-12-01: PARTIAL bsi > PARTIAL",
				"bsig SUPERVISION SUPERVISION water in SN from 2026-12-01: RESOLVED bsi > NOT_APPLICABLE",
				"kritisdachg PHYSICAL_INCIDENT SUPERVISION water in SN from 2026-12-01: PARTIAL state-competent-authority [NOT_DESIGNATED] > PARTIAL",
				"kritisdachg SUPERVISION SUPERVISION water in SN from 2026-12-01: PARTIAL state-competent-authority [NOT_DESIGNATED] > NOT_APPLICABLE",
				"saechsisichg CYBER_INCIDENT SUPERVISION water in SN from 2026-12-01: NOT_APPLICABLE > RESOLVED ciso-sn",
				"saechsisichg SUPERVISION SUPERVISION water in SN from 2026-12-01: NOT_APPLICABLE > RESOLVED ciso-sn",
			},
		},
	}
	rb := shipped(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.change.From = "2026-12-01"
			got := compare(t, rb, tt.change)
			if tt.effects != nil {
				if d := cmp.Diff(tt.effects, effectLines(got.Effects)); d != "" {
					t.Error(d)
				}
			}
			lines := lossLines(got.Losses)
			if len(lines) != tt.losses || tt.some != "" && !slices.Contains(lines, tt.some) {
				t.Errorf("losses: %q", lines)
			}
		})
	}
}

// compare gives what an amendment changes.
func compare(tb testing.TB, rb *responsibility.Rulebook, a responsibility.Amendment) responsibility.Comparison {
	tb.Helper()
	after, err := rb.With(a)
	if err != nil {
		tb.Fatal(err)
	}
	got, err := rb.Compare(after, a.From)
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

func displacing(c responsibility.Competence, acts ...string) responsibility.Competence {
	c.Displaces = acts
	return c
}

func TestAnEffectLastsAsLongAsTheDifference(t *testing.T) {
	d := shippedData(t)
	for i := range d.Acts {
		if d.Acts[i].Slug == "baydig" {
			d.Acts[i].InForceSince = "2027-03-01"
		}
	}
	for i := range d.Competences {
		if d.Competences[i].ID == "c121" {
			d.Competences[i].ValidUntil = "2027-06-01"
		}
	}
	got := compare(t, rulebook(t, d), responsibility.Amendment{From: "2026-12-01", End: []string{"c121"}})
	want := []string{
		"baydig SUPERVISION  state-administration/federal-administration-services in BY until 2027-03-01 from 2026-12-01: AMBIGUOUS [NOT_YET_IN_FORCE] > NOT_APPLICABLE",
		"baydig SUPERVISION SUPERVISION state-administration/federal-administration-services in BY until 2027-06-01 from 2027-03-01: " +
			"AMBIGUOUS ?lsi-by(administrationLevel=STATE) > NOT_APPLICABLE",
	}
	var lines []string
	for _, line := range effectLines(got.Effects) {
		if strings.Contains(line, " SUPERVISION  ") || strings.Contains(line, "SUPERVISION SUPERVISION") {
			lines = append(lines, line)
		}
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"baydig BY state-administration 2027-03-01"}, lossLines(got.Losses)); d != "" {
		t.Error(d)
	}
}

func TestAnAmendmentThatDoesNotFitNamesEachFlaw(t *testing.T) {
	rb := shipped(t)
	with := func(change func(*responsibility.Competence)) responsibility.Amendment {
		c := newRow(t, "kritisdachg ministry-by supervision BY sector water")
		change(&c)
		return responsibility.Amendment{Add: []responsibility.Competence{c}}
	}
	for _, tt := range []struct {
		name   string
		change responsibility.Amendment
		want   string // field and row
	}{
		{"a row to end that there is not", responsibility.Amendment{End: []string{"c999"}}, "end c999"},
		{"a row to end twice", responsibility.Amendment{End: []string{"c081", "c081"}}, "end c081"},
		{"an act that there is not", with(func(c *responsibility.Competence) { c.Act = "kritis" }), "act c10001"},
		{"a body that there is not", with(func(c *responsibility.Competence) { c.Body = "nobody" }), "body c10001"},
		{"a role that there is not", with(func(c *responsibility.Competence) { c.Role = "KING" }), "role c10001"},
		{"a Land that there is not", with(func(c *responsibility.Competence) { c.Land = "XX" }), "land c10001"},
		{"a sector that there is not", with(func(c *responsibility.Competence) { c.Subject = "waters" }), "subject c10001"},
		{"a subject that is left out and that there is not", with(func(c *responsibility.Competence) { c.NotFor = []string{"food", "wine"} }), "notFor.1 c10001"},
		{"an act to displace that there is not", with(func(c *responsibility.Competence) { c.Displaces = []string{"bgb"} }), "displaces.0 c10001"},
		{
			"an attribute that there is not", with(func(c *responsibility.Competence) {
				c.AppliesWhen = []responsibility.Condition{{Attribute: "owner", Values: []string{"STATE"}}}
			}), "appliesWhen.0.attribute c10001",
		},
		{
			"a value that there is not", with(func(c *responsibility.Competence) {
				c.AppliesWhen = []responsibility.Condition{{Attribute: "ownership", Values: []string{"STATE", "CHURCH"}}}
			}), "appliesWhen.0.values.1 c10001",
		},
		{"a confidence that there is not", with(func(c *responsibility.Competence) { c.Confidence = "SURE" }), "confidence c10001"},
		{"an id that another row has", with(func(c *responsibility.Competence) { c.ID = "c001" }), " c001"},
		{
			"what another row says", responsibility.Amendment{Add: []responsibility.Competence{
				newRow(t, "kritisdachg state-competent-authority supervision all sector water"), // as c081
			}}, " c10001",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.change.From = "2026-12-01"
			_, err := rb.With(tt.change)
			var flaw *responsibility.Flaw
			if !errors.As(err, &flaw) || flaw.Field+" "+flaw.Key != tt.want {
				t.Errorf("got %+v, want a flaw of %q", err, tt.want)
			}
		})
	}
	ended := responsibility.Amendment{From: "2026-12-01", End: []string{"c081"}}
	after, err := rb.With(ended)
	if err != nil {
		t.Fatal(err)
	}
	ended.From = "2027-01-01"
	var flaw *responsibility.Flaw
	if _, err := after.With(ended); !errors.As(err, &flaw) || flaw.Field != "end" || !strings.Contains(flaw.Text, "2026-12-01") {
		t.Errorf("a row that has ended was ended again: %v", err)
	}
}

// amendment draws rows to end and rows to add, which are rows of the data with another body, Land or subject.
func (w *world) amendment(t *rapid.T) responsibility.Amendment {
	a := responsibility.Amendment{From: "2026-12-01"}
	draw := func(what string) responsibility.Competence {
		return rapid.SampledFrom(w.data.Competences).Draw(t, what)
	}
	for range rapid.IntRange(0, 3).Draw(t, "ends") {
		if id := draw("ended").ID; !slices.Contains(a.End, id) {
			a.End = append(a.End, id)
		}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "adds") {
		c, other := draw("added"), draw("other")
		c.ID = fmt.Sprintf("c%d", 10001+i)
		switch rapid.IntRange(0, 4).Draw(t, "what is other") {
		case 0:
			c.Body = other.Body
		case 1:
			c.Land = rapid.SampledFrom(w.lands).Draw(t, "land")
		case 2:
			c.Kind, c.Subject = other.Kind, other.Subject
		case 3:
			c.AppliesWhen, c.NotFor = other.AppliesWhen, other.NotFor
		case 4:
			c.Displaces, c.Gate = other.Displaces, other.Gate
		}
		a.Add = append(a.Add, c)
	}
	return a
}

func TestEffectsOfRandomAmendments(t *testing.T) {
	w := newWorld(t)
	amendments, fit := rapid.Custom(w.amendment), 0
	for i := range 60 {
		a := amendments.Example(i)
		after, err := w.rb.With(a)
		if err != nil {
			continue
		}
		fit++
		there, err := w.rb.Compare(after, a.From)
		if err != nil {
			t.Fatal(err)
		}
		back, err := after.Compare(w.rb, a.From)
		if err != nil {
			t.Fatal(err)
		}
		for i := range back.Effects {
			e := &back.Effects[i]
			e.Before, e.After = e.After, e.Before
		}
		if d := cmp.Diff(sortedLines(there.Effects), sortedLines(back.Effects)); d != "" {
			t.Fatalf("%+v backwards is not the mirror image: %s", a, d)
		}
		undone, err := after.Without(a)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := w.rb.Compare(undone, a.From); err != nil || len(c.Effects)+len(c.Losses) > 0 {
			t.Fatalf("%+v undone is not as before: %q %v", a, effectLines(c.Effects), err)
		}
		w.checkSomeAnswers(t, after, there.Effects)
	}
	if fit < 15 {
		t.Errorf("only %d amendments fit", fit)
	}
}

func sortedLines(effects []responsibility.Effect) []string {
	lines := effectLines(effects)
	slices.Sort(lines)
	return lines
}

// narrowQuestion draws a question about a narrow subject of which nothing else is known.
func (w *world) narrowQuestion(t *rapid.T) responsibility.Question {
	broad := rapid.SampledFrom(w.subjects).Draw(t, "subject").Subject
	u := responsibility.Unit{
		Site: rapid.SampledFrom(w.lands).Draw(t, "site"), Subject: rapid.SampledFrom(w.narrow(broad)).Draw(t, "part"),
	}
	return responsibility.Question{Units: []responsibility.Unit{u}, Purpose: w.purpose(t), Day: "2026-12-01"}
}

// checkSomeAnswers asks both rulebooks: the answers on the first day differ where there is an effect, and only there.
func (w *world) checkSomeAnswers(t *testing.T, after *responsibility.Rulebook, effects []responsibility.Effect) {
	t.Helper()
	questions := rapid.Custom(w.narrowQuestion)
	for i := range 200 {
		q := questions.Example(i)
		u := q.Units[0]
		var said [2]string
		for i, rb := range []*responsibility.Rulebook{w.rb, after} {
			a, err := rb.Answer(q)
			if err != nil {
				t.Fatal(err)
			}
			said[i] = whoDoesWhat(a)
		}
		reported := slices.ContainsFunc(effects, func(e responsibility.Effect) bool {
			return e.Purpose == q.Purpose && e.From == q.Day && slices.Contains(e.Lands, u.Site) &&
				(slices.Contains(e.Parts, u.Subject) || e.Parts == nil && w.sectorOf(u.Subject) == e.Sector)
		})
		if reported != (said[0] != said[1]) {
			t.Fatalf("%+v %s: an effect is reported: %v\n%s\n%s", u, q.Purpose, reported, said[0], said[1])
		}
	}
}

func (w *world) sectorOf(s responsibility.Subject) string {
	for _, x := range w.data.Services {
		if x.Slug == s.Service {
			return x.Sector
		}
	}
	for _, x := range w.data.Branches {
		if x.Slug == s.Branch {
			return x.Sector
		}
	}
	return s.Sector
}

// whoDoesWhat sums an answer up without its order, and without the rows behind it.
func whoDoesWhat(a responsibility.Answer) string {
	var lines []string
	for i := range a.Regimes {
		r := &a.Regimes[i]
		add := func(words ...any) { lines = append(lines, fmt.Sprintln(append([]any{r.Act.Slug}, words...)...)) }
		add(r.Status, r.Codes)
		for _, s := range r.Chain {
			add(s.Role, s.Body.Slug)
		}
		for _, s := range r.Alternatives {
			when := []any{s.Role, s.Body.Slug, "if"}
			for _, u := range s.Unknowns {
				when = append(when, u.Attribute, u.Values)
			}
			if s.Gap != nil {
				add(s.Role, "lacks", s.Gap.Code)
			}
			add(when...)
		}
		for _, g := range r.Gaps {
			add(g.Role, "lacks", g.Code)
		}
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "")
}
