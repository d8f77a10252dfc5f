package responsibility

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // Europe/Berlin must be known on a bare machine too
)

// Day is a calendar day in Europe/Berlin, YYYY-MM-DD. Days compare as strings; the empty Day is "not known" or "no end".
type Day string

var berlin = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(fmt.Sprintf("responsibility: time zone Europe/Berlin: %v", err))
	}
	return loc
})

// DayOf gives the calendar day that the instant falls on in Germany: 2026-03-16T23:00:00Z is 17 March 2026.
func DayOf(t time.Time) Day { return Day(t.In(berlin()).Format(time.DateOnly)) }

// Valid says whether d is a day of the calendar.
func (d Day) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

func (d Day) in(lang Lang) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	if lang == EN {
		return t.Format("2 January 2006")
	}
	return t.Format("02.01.2006")
}
