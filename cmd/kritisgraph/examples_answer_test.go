package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/duration"
)

// exampleAnswer is what the documents of docs/examples ask for.
type exampleAnswer struct {
	Incident struct {
		Impact struct {
			Entries       []exampleEntry
			FederalStates []struct {
				FederalState exampleState
				EntryCount   int
				Population   *int
			}
			BodiesToInform []struct {
				Authority struct{ Name string }
				Duties    []struct {
					LegalAct        struct{ Short string }
					Provision, Role string
				}
				StartsAfter span
				InformedAt  *time.Time
			}
			Truncation []struct {
				Reason kritis.TruncationReason
				Limit  string
			}
			Unknowns []struct {
				Code  string
				Count int
			}
			CriticalDependencies []struct {
				Dependency                struct{ Key string }
				SparedCount, DelayedCount int
			}
			Generators exampleComparison
			Bare       *exampleComparison
		}
	}
	Facility *struct {
		Name      string
		Providers exampleProviders
	}
}

type exampleState struct{ Code string }

type exampleEntry struct {
	Subject       exampleSubject
	FederalStates []exampleState
	StartsAfter   span
	Strength      float64
	Hops          int
	Figures       string
	Recovery      *span
	Path          []exampleStep
}

type exampleSubject struct {
	Typename                          string `json:"__typename"`
	Slug, BranchName, Reference, Name string
	Branch                            *struct{ Slug string }
	BackupPower, Recovery             *span
}

type exampleStep struct {
	Key                 string
	Provider, Dependent exampleSubject
	Kind                string
	Strength            float64
	TimeToImpact        span
	Substitute          *span
	Delay               span
	Need                *string
}

type exampleProviders struct{ Nodes []exampleStep }

type exampleComparison struct {
	OnlyHere, OnlyThere []exampleSubject
	Shifted             []struct {
		Subject     exampleSubject
		Here, There span
	}
}

// span is a duration of the API that is shown as the pictures show it.
type span time.Duration

func (s *span) UnmarshalText(text []byte) error {
	d, ok := duration.Parse(string(text))
	if !ok {
		return fmt.Errorf("%s is no duration", text)
	}
	*s = span(d)
	return nil
}

func (s span) String() string {
	var parts []string
	rest := time.Duration(s)
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"min", time.Minute}, {"s", time.Second}} {
		if n := rest / u.size; n != 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, u.name))
		}
		rest %= u.size
	}
	return cmp.Or(strings.Join(parts, " "), "0")
}

func (s exampleSubject) String() string {
	if s.Typename == "Branch" {
		return s.BranchName
	}
	return s.Name + " (`" + s.Reference + "`)"
}

// key tells subjects apart.
func (s exampleSubject) key() string { return s.Typename + ":" + cmp.Or(s.Slug, s.Reference) }

const notKnown = "not known"

// recovered is when an entry works again.
func recovered(e *exampleEntry) string {
	if e.Recovery == nil {
		return notKnown
	}
	return e.Recovery.String()
}

func decimal(share float64) string { return strconv.FormatFloat(share, 'f', -1, 64) }

func (a *exampleAnswer) entries() string {
	var rows [][]string
	recovery := slices.ContainsFunc(a.Incident.Impact.Entries, func(e exampleEntry) bool { return e.Recovery != nil })
	for i := range a.Incident.Impact.Entries {
		e := &a.Incident.Impact.Entries[i]
		var states []string
		for _, s := range e.FederalStates {
			states = append(states, s.Code)
		}
		via := "–"
		if n := len(e.Path); n > 0 {
			via = "`" + e.Path[n-1].Key + "`"
		}
		row := []string{strconv.Itoa(e.Hops), e.Subject.String(), strings.Join(states, " "), e.StartsAfter.String(), decimal(e.Strength), via, e.Figures}
		if recovery {
			row = append(row, recovered(e))
		}
		rows = append(rows, row)
	}
	return markdown("Wave|What|Where|Fails after|How strongly|By the dependency|Figures"+map[bool]string{true: "|Works again after"}[recovery], rows...)
}

func (a *exampleAnswer) states() string {
	var rows [][]string
	for _, s := range a.Incident.Impact.FederalStates {
		people := notKnown
		if s.Population != nil {
			people = grouped(*s.Population)
		}
		rows = append(rows, []string{s.FederalState.Code, strconv.Itoa(s.EntryCount), people})
	}
	return markdown("Land|Entries|Inhabitants", rows...)
}

// grouped writes a number with commas.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (a *exampleAnswer) bodies() string {
	var rows [][]string
	for _, b := range a.Incident.Impact.BodiesToInform {
		var duties []string
		for _, d := range b.Duties {
			duties = append(duties, fmt.Sprintf("%s %s (%s)", d.LegalAct.Short, d.Provision, d.Role))
		}
		informed := "no"
		if b.InformedAt != nil {
			informed = b.InformedAt.In(kritis.Berlin).Format("2 January 15:04")
		}
		rows = append(rows, []string{b.Authority.Name, strings.Join(duties, "; "), b.StartsAfter.String(), informed})
	}
	return markdown("Body|Why|From|Informed", rows...)
}

func (a *exampleAnswer) limits() string {
	var rows [][]string
	for _, c := range a.Incident.Impact.Truncation {
		rows = append(rows, []string{"cut", "`" + string(c.Reason) + "`", c.Limit})
	}
	for _, u := range a.Incident.Impact.Unknowns {
		rows = append(rows, []string{notKnown, "`" + u.Code + "`", strconv.Itoa(u.Count)})
	}
	return markdown("|Code|Limit, or number of entries", rows...)
}

func (a *exampleAnswer) critical() string {
	var rows [][]string
	for _, c := range a.Incident.Impact.CriticalDependencies {
		rows = append(rows, []string{"`" + c.Dependency.Key + "`", strconv.Itoa(c.SparedCount), strconv.Itoa(c.DelayedCount)})
	}
	return markdown("Without|Spared|Later", rows...)
}

func (c *exampleComparison) table() string {
	var rows [][]string
	for _, s := range c.OnlyHere {
		rows = append(rows, []string{s.String(), "fails", "–"})
	}
	for _, s := range c.OnlyThere {
		rows = append(rows, []string{s.String(), "–", "fails"})
	}
	for _, s := range c.Shifted {
		rows = append(rows, []string{s.Subject.String(), s.Here.String(), s.There.String()})
	}
	if rows == nil {
		return "Nothing differs.\n"
	}
	return markdown("What|Here|Under the assumption", rows...)
}

// needs says which providers of a facility fail.
func (a *exampleAnswer) needs() string {
	var rows [][]string
	for _, d := range a.Facility.Providers.Nodes {
		need, state := "stands alone", "works"
		if d.Need != nil {
			need = *d.Need
		}
		if e := a.entry(d.Provider); e != nil {
			state = "fails"
			if e.StartsAfter > 0 {
				state += " after " + e.StartsAfter.String()
			}
		}
		rows = append(rows, []string{need, d.Provider.String(), "`" + d.Key + "`", state})
	}
	return markdown("Need|Provider|Dependency|In this answer", rows...)
}

func (a *exampleAnswer) entry(s exampleSubject) *exampleEntry {
	entries := a.Incident.Impact.Entries
	if i := slices.IndexFunc(entries, func(e exampleEntry) bool { return e.Subject.key() == s.key() }); i >= 0 {
		return &entries[i]
	}
	return nil
}

// checkPicture wants the entries of the answer in a picture, and no others: document and command of a page ask the same.
func (a *exampleAnswer) checkPicture(t *testing.T, mermaid string) {
	t.Helper()
	entries := a.Incident.Impact.Entries
	for i := range entries {
		e := &entries[i]
		if label := fmt.Sprintf("wave %d · %s · %s\"", e.Hops, e.StartsAfter, decimal(e.Strength)); e.Hops > 0 && !strings.Contains(mermaid, label) {
			t.Errorf("the picture lacks %s: %s", e.Subject, label)
		}
	}
	if n := strings.Count(mermaid, "<br/>wave ") + strings.Count(mermaid, "<br/>root\""); n != len(entries) {
		t.Errorf("the picture has %d nodes, the answer %d entries: document and command ask for something else", n, len(entries))
	}
}

const exampleProvidersDocument = `query($reference: String!) {
  facility(reference: $reference) { providers(first: 100) { nodes {
    key need kind strength timeToImpact substitute provider { ...s } dependent { ...s }
  } } }
}
fragment s on DependencySubject { __typename ... on Facility { reference name branch { slug } backupPower } ... on Operator { reference name } }`

// sums computes each entry by hand, from the properties of single dependencies, and wants what the answer says.
func (a *exampleAnswer) sums(t *testing.T, ask asking) string {
	t.Helper()
	var rows [][]string
	for i := range a.Incident.Impact.Entries {
		e := &a.Incident.Impact.Entries[i]
		if len(e.Path) == 0 {
			continue
		}
		way := sum{share: 1_000_000}
		for _, step := range e.Path {
			alternatives := []exampleStep{step}
			if step.Need != nil {
				var found struct {
					Facility struct{ Providers exampleProviders }
				}
				ask(t, exampleProvidersDocument, map[string]any{"reference": step.Dependent.Reference}, &found)
				alternatives = slices.DeleteFunc(found.Facility.Providers.Nodes, func(d exampleStep) bool { return d.Need == nil || *d.Need != *step.Need })
			}
			way = a.add(t, way, step.Key, alternatives)
		}
		if way.after != e.StartsAfter || share(way.share) != decimal(e.Strength) {
			t.Errorf("%s: by hand it fails after %s by %s, the answer says %s by %s", e.Subject, way.after, share(way.share), e.StartsAfter, decimal(e.Strength))
		}
		if want := a.recovery(e); want != "" && want != recovered(e) {
			t.Errorf("%s: by hand it works again after %s, the answer says %s", e.Subject, want, recovered(e))
		}
		rows = append(rows, []string{e.Subject.String(), way.time, way.strength})
	}
	return markdown("What|Time|Strength", rows...)
}

// recovery adds what everything on a path takes to recover to when the root works again; empty where no outage ends.
func (a *exampleAnswer) recovery(e *exampleEntry) string {
	root := a.entry(e.Path[0].Provider)
	if root == nil || root.Recovery == nil {
		return ""
	}
	after := *root.Recovery
	for _, step := range e.Path {
		if step.Dependent.Recovery == nil {
			return notKnown
		}
		after += *step.Dependent.Recovery
	}
	return after.String()
}

// sum is how something fails, and how that was computed.
type sum struct {
	after          span
	share          int64 // in millionths
	time, strength string
}

func share(millionths int64) string { return decimal(float64(millionths) / 1_000_000) }

// add goes on from a provider that fails so: by a dependency, the last of these alternatives to go.
func (a *exampleAnswer) add(t *testing.T, from sum, causing string, alternatives []exampleStep) sum {
	t.Helper()
	var out sum
	var times, strengths []string
	for _, d := range alternatives {
		way := from
		if d.Key != causing {
			e := a.entry(d.Provider)
			if e == nil {
				t.Fatalf("%s fails, but not its alternative by %s", d.Dependent, d.Key)
			}
			way = sum{after: e.StartsAfter, share: int64(e.Strength*1_000_000 + 0.5)}
		}
		delay, text := delayOf(d)
		loss := (way.share*int64(d.Strength*1_000_000+0.5) + 500_000) / 1_000_000
		times = append(times, fmt.Sprintf("%s + %s", way.after, text))
		strengths = append(strengths, fmt.Sprintf("%s × %s", share(way.share), decimal(d.Strength)))
		out.after = max(out.after, way.after+delay)
		if out.share == 0 || loss < out.share {
			out.share = loss
		}
	}
	out.time, out.strength = times[0], strengths[0]
	if len(alternatives) > 1 {
		out.time, out.strength = "the last of "+strings.Join(times, ", "), "the least of "+strings.Join(strengths, ", ")
	}
	out.time += " = " + out.after.String()
	out.strength += " = " + share(out.share)
	return out
}

// delayOf is how long a dependent bears the loss: a reserve of power counts where it is longer, what replaces the provider comes on top.
func delayOf(d exampleStep) (delay span, text string) {
	delay, text = d.TimeToImpact, d.TimeToImpact.String()
	source := d.Provider.Slug
	if d.Provider.Branch != nil {
		source = d.Provider.Branch.Slug
	}
	if reserve := d.Dependent.BackupPower; d.Kind == "PHYSICAL" && source == "electricity" && reserve != nil {
		delay, text = max(delay, *reserve), fmt.Sprintf("max(%s, %s)", delay, *reserve)
	}
	if d.Substitute != nil {
		delay, text = delay+*d.Substitute, text+" + "+d.Substitute.String()
	}
	return delay, text
}
