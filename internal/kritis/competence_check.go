package kritis

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// The bounds of a set.
const (
	maxSetChanges = 200
	maxSetAhead   = 100 // years from the day of the proposal to the first day of the rows
	maxSetBytes   = 200 << 10
	maxTitle      = 200
	maxProvision  = 200
	maxSource     = 500
	maxRemark     = 2_000
	maxConditions = 6 // their values are multiplied out where they are not known
	maxNotFor     = 20
	maxDisplaced  = 10
)

// Rows that people enter are numbered from c10001 on; shipped ones have smaller numbers. So a newer version of the shipped data
// never takes a number that somebody gave.
const (
	numberPrefix = "c"
	lastShipped  = 10_000
)

// ownNumber returns the number in the key of a row that people entered, 0 for other keys.
func ownNumber(key string) int64 {
	digits, ok := strings.CutPrefix(key, numberPrefix)
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n <= lastShipped {
		return 0
	}
	return n
}

// EnteredCompetence reports whether a key is one of the rows that people entered. No shipped row has such a key.
func EnteredCompetence(key string) bool { return ownNumber(key) > 0 }

// nextNumbers returns the keys of new rows: those after the greatest that was given.
func (r *Rulebook) nextNumbers(last int64, count int) []string {
	last = max(last, lastShipped)
	for _, c := range r.competences {
		last = max(last, ownNumber(c.Key()))
	}
	out := make([]string, count)
	for i := range out {
		out[i] = numberPrefix + strconv.FormatInt(last+int64(i)+1, 10)
	}
	return out
}

// proposalCheck collects what of a proposal is not allowed, each with its place.
type proposalCheck struct {
	book  *Rulebook
	today Day
	errs  []*UserError
}

func (c *proposalCheck) fail(path []string, format string, args ...any) {
	c.errs = append(c.errs, userError(UserBadInput, path, format, args...))
}

// text judges a text that has at least one and at most a number of characters.
func (c *proposalCheck) text(path []string, text string, least, most int) {
	switch n := utf8.RuneCountInString(text); {
	case n < least || strings.TrimSpace(text) == "" && least > 0:
		c.fail(path, "It must not be empty.")
	case n > most:
		c.fail(path, "It has %d characters, at most %d are allowed.", n, most)
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) || !utf8.ValidString(text):
		c.fail(path, "It holds control characters: leave them out.")
	}
}

// check says what of a proposal is not allowed, whatever rows there are: see effects for what does not fit them.
func (p *proposal) check(book *Rulebook, today Day) []*UserError {
	c := &proposalCheck{book: book, today: today}
	switch n := len(p.end) + len(p.add); {
	case n == 0:
		c.fail(inputPath(), "Nothing changes: name rows to end, rows to add, or both.")
	case n > maxSetChanges:
		c.fail(inputPath(), "A set has at most %d changes, this one %d: propose several.", maxSetChanges, n)
		return c.errs
	}
	if p.from < today {
		c.fail(inputPath("validFrom"), "Competences change from today on, and %s has passed: take %s or a later day.", p.from, today)
	}
	if day, err := time.Parse(time.DateOnly, string(today)); err == nil {
		if latest := Day(day.AddDate(maxSetAhead, 0, 0).Format(time.DateOnly)); p.from > latest {
			c.fail(inputPath("validFrom"), "validFrom takes a day up to %s.", latest)
		}
	}
	size := 0
	if stored, err := p.stored(); err == nil {
		for _, text := range stored {
			size += len(text)
		}
	}
	if size > maxSetBytes {
		c.fail(inputPath("add"), "The rows have %d bytes in all, at most %d are allowed: propose several sets.", size, maxSetBytes)
	}
	for i, row := range p.add {
		c.row(inputPath("add", strconv.Itoa(i)), row)
	}
	return c.errs
}

func (c *proposalCheck) row(path []string, row *CompetenceInput) {
	at := func(field ...string) []string { return slices.Concat(path, field) }
	c.text(at("provision"), row.Provision, 1, maxProvision)
	c.text(at("condition"), row.Condition, 0, maxRemark)
	c.text(at("note"), row.Note, 0, maxRemark)
	c.source(at("source"), row.Source)
	if row.AsOf > c.today {
		c.fail(at("asOf"), "The source was seen on a day that has not come: %s.", row.AsOf)
	}
	for _, l := range []struct {
		field     string
		has, most int
	}{{"appliesWhen", len(row.AppliesWhen), maxConditions}, {"notFor", len(row.NotFor), maxNotFor}, {"displaces", len(row.Displaces), maxDisplaced}} {
		if l.has > l.most {
			c.fail(at(l.field), "It has %d items, at most %d are allowed.", l.has, l.most)
		}
	}
	if i := slices.Index(row.Displaces, row.LegalAct); i >= 0 {
		c.fail(at("displaces", strconv.Itoa(i)), "A row does not displace its own act.")
	}
	if row.EveryFederalState && row.FederalState != "" {
		c.fail(at("federalState"), "A row is of one Land or of every Land: give federalState or everyFederalState.")
		return
	}
	c.place(at, row)
}

// place judges whether act and body can be those of the row's Land.
func (c *proposalCheck) place(at func(...string) []string, row *CompetenceInput) {
	if act, ok := lookup[*LegalAct](c.book, LabelLegalAct, row.LegalAct); ok && act.land != nil && act.land.Code() != row.FederalState {
		c.fail(at("legalAct"), "%s is a law of %s: give federalState %s.", act.Short(), act.land.text("nameEn"), act.land.Code())
	}
	body, ok := lookup[*Authority](c.book, LabelAuthority, row.Authority)
	if ok {
		if until := body.text(store.ValidUntil); until != "" && until <= string(c.today) {
			c.fail(at("authority"), "%s ended on %s: name a body that there is.", body.Slug(), until)
		}
	}
	if !ok || body.land == nil || row.FederalState == "" && !row.EveryFederalState {
		return
	}
	serves := slices.ContainsFunc(body.serves, func(s *FederalState) bool { return s.Code() == row.FederalState })
	if body.land.Code() != row.FederalState && !serves {
		c.fail(at("authority"), "%s is a body of %s and does not serve the Land of the row.", body.Slug(), body.land.text("nameEn"))
	}
}

// source judges where a row comes from: a URL, or a citation in words.
func (c *proposalCheck) source(path []string, source string) {
	c.text(path, source, 1, maxSource)
	if strings.Contains(source, "://") {
		u, err := url.Parse(source)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsFunc(source, unicode.IsSpace) {
			c.fail(path, "It is no URL of a page: give one that begins with https://, or a citation such as BGBl. 2025 I Nr. 301.")
		}
		return
	}
	if source != "" && !strings.ContainsFunc(source, unicode.IsLetter) {
		c.fail(path, "It names no source: give a URL, or a citation such as BGBl. 2025 I Nr. 301.")
	}
}

// effects says what a proposal would change of today's competences, or what of it does not fit them.
func (p *proposal) effects(book *Rulebook) (*CompetenceEffects, []*UserError, error) {
	numbers := p.numbers
	if len(numbers) != len(p.add) {
		numbers = book.nextNumbers(0, len(p.add))
	}
	after, err := book.rule.With(p.amendment(numbers))
	if err != nil {
		found := flaws(err)
		if len(found) == 0 {
			return nil, nil, err
		}
		errs := make([]*UserError, len(found))
		for i, f := range found {
			errs[i] = p.misfit(f, numbers)
		}
		return nil, errs, nil
	}
	effects, err := compare(book, book.rule, after, p.from)
	return effects, nil, err
}

// apiFields are the names of the fields of a row in the API, where the rule has others.
var apiFields = map[string][]string{
	"act": {"legalAct"}, "body": {"authority"}, "land": {"federalState"}, "kind": {"subject", "kind"}, "subject": {"subject", "slug"},
}

// misfit turns a flaw that the rule found into one of the input, at its place.
func (p *proposal) misfit(f *responsibility.Flaw, numbers []string) *UserError {
	if f.Field == "end" {
		return userError(UserBadInput, inputPath("end", strconv.Itoa(lastIndex(p.end, f.Key))), "The row %s %s.", f.Key, f.Text)
	}
	i := slices.Index(numbers, f.Key)
	if i < 0 {
		return userError(UserBadInput, inputPath(), "The %s %s %s.", f.Kind, f.Key, f.Text)
	}
	path := inputPath("add", strconv.Itoa(i))
	if f.Field != "" {
		first, rest, more := strings.Cut(f.Field, ".")
		names, ok := apiFields[first]
		if !ok {
			names = []string{first}
		}
		path = append(path, names...)
		if more {
			path = append(path, strings.Split(rest, ".")...)
		}
	}
	text := f.Text
	for j, number := range numbers { // they are not given yet
		text = strings.ReplaceAll(text, number, fmt.Sprintf("the row add.%d", j))
	}
	return userError(UserBadInput, path, "The row %s.", text)
}

func lastIndex(list []string, x string) int {
	for i := len(list) - 1; i > 0; i-- {
		if list[i] == x {
			return i
		}
	}
	return 0
}
