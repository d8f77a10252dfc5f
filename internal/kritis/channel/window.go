package channel

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Span is a span of time, half-open.
type Span struct{ Start, End time.Time }

// Window is a time of the day on one or some weekdays in which somebody answers.
type Window struct {
	first, last int // weekdays from Monday as 0, both included
	from, until int // minutes of the clock, until excluded
}

var weekdays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

const day = 24 * 60

// ParseWindow reads a window: days, a space, and hours of the clock such as "MO-FR 09:00-15:00". Days are one of MO, TU, WE, TH,
// FR, SA and SU, or two in the order of the week with "-" between them; the hours go from 00:00 to 24:00 and end after they begin.
func ParseWindow(text string) (Window, error) {
	days, hours, ok := strings.Cut(text, " ")
	begin, end, pair := strings.Cut(hours, "-")
	if !ok || !pair {
		return Window{}, errors.New("write days and hours, such as MO-FR 09:00-15:00")
	}
	var w Window
	name, lastName, span := strings.Cut(days, "-")
	if !span {
		lastName = name
	}
	w.first, w.last = slices.Index(weekdays, name), slices.Index(weekdays, lastName)
	switch {
	case w.first < 0 || w.last < 0:
		return Window{}, errors.New("write a day as MO, TU, WE, TH, FR, SA or SU, or two of them such as MO-FR")
	case span && w.last < w.first:
		return Window{}, fmt.Errorf("write the days in the order of the week: two windows, %s-SU and MO-%s", name, lastName)
	case span && w.last == w.first:
		return Window{}, fmt.Errorf("write one day alone: %s", name)
	}
	if w.from, ok = minutes(begin); !ok || w.from == day {
		return Window{}, errors.New("write hours as two digits each, from 00:00 to 24:00, such as 09:00-15:00")
	}
	if w.until, ok = minutes(end); !ok {
		return Window{}, errors.New("write hours as two digits each, from 00:00 to 24:00, such as 09:00-15:00")
	}
	if w.until <= w.from {
		return Window{}, fmt.Errorf("hours end after they begin: over midnight write two windows, %s-24:00 and on the next day 00:00-%s", begin, end)
	}
	return w, nil
}

// minutes reads a time of the clock as minutes since midnight.
func minutes(text string) (int, bool) {
	if text == "24:00" {
		return day, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil && len(text) == len("15:04")
}

// Next returns the span that holds the moment or is the next one, and whether there is one. Windows that touch are one span; what
// is more than a day ago or a week ahead is not looked at. On the days on which the clocks change, a window has the hours that the
// clocks of the zone show: less, more, or none of it.
func Next(windows []Window, at time.Time, zone *time.Location) (Span, bool) {
	const before, after = -1, 8
	var spans []Span
	year, month, date := at.In(zone).Date()
	for offset := before; offset <= after; offset++ {
		weekday := (int(time.Date(year, month, date+offset, 12, 0, 0, 0, zone).Weekday()) + 6) % 7
		for _, w := range windows {
			if weekday < w.first || weekday > w.last {
				continue
			}
			s := Span{
				Start: clock(year, month, date+offset, w.from, zone, false),
				End:   clock(year, month, date+offset, w.until, zone, true),
			}
			if s.Start.Before(s.End) {
				spans = append(spans, s)
			}
		}
	}
	slices.SortFunc(spans, func(a, b Span) int { return a.Start.Compare(b.Start) })
	var found Span
	for _, s := range spans {
		switch {
		case found.End.After(at) && s.Start.After(found.End):
			return found, true
		case found.End.IsZero() || s.Start.After(found.End):
			found = s
		case s.End.After(found.End):
			found.End = s.End
		}
	}
	return found, found.End.After(at)
}

// clock is the moment at which the clocks of a zone show a time. Of two such moments it is the later one where late is set; a
// time that is left out when the clocks go forward is the moment of the change.
func clock(year int, month time.Month, date, minute int, zone *time.Location, late bool) time.Time {
	t := time.Date(year, month, date, 0, minute, 0, 0, zone)
	wanted := time.Date(year, month, date, 0, minute, 0, 0, time.UTC)
	shown := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	}
	start, end := t.ZoneBounds()
	switch {
	case shown(t).After(wanted):
		return start
	case shown(t).Before(wanted):
		return end
	}
	const shift = 12 * time.Hour // finds the offsets before and after a change that is near
	for _, near := range []time.Time{t.Add(-shift), t.Add(shift)} {
		_, was := near.Zone()
		_, is := t.Zone()
		other := t.Add(time.Duration(is-was) * time.Second)
		if shown(other.In(zone)).Equal(wanted) && other.After(t) == late && !other.Equal(t) {
			return other
		}
	}
	return t
}
