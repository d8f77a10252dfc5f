package seed

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The days of the week in order, as German pages and as windows write them.
var (
	germanDays = []string{"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"}
	windowDays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
)

// Windows turns office hours as German pages print them ("Mo-Do 08:00-15:30, Fr 08:00-13:00") into windows. A window is
//
//	days " " from "-" until
//
// where days is a weekday (MO TU WE TH FR SA SU) or two of them joined by "-", both included and in the order of the
// week, and from and until are times of Europe/Berlin as hh:mm with from before until, until excluded. Example:
// "MO-TH 08:00-15:30". The windows of a channel are alternatives; a channel without windows has no recorded hours. Empty
// hours give none; hours of another form are an error.
func Windows(hours string) ([]string, error) {
	var windows []string
	for part := range strings.SplitSeq(hours, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		days, times, ok := strings.Cut(part, " ")
		from, until, pair := strings.Cut(times, "-")
		if !ok || !pair || !isTime(from) || !isTime(until) || from >= until {
			return nil, fmt.Errorf("office hours %q: want days, a space and two times such as 08:00-15:30", part)
		}
		name, lastName, span := strings.Cut(days, "-")
		first := slices.Index(germanDays, name)
		last := slices.Index(germanDays, lastName)
		if first < 0 || span && last <= first {
			return nil, fmt.Errorf("office hours %q: %q are no weekdays in the order of the week", part, days)
		}
		window := windowDays[first]
		if span {
			window += "-" + windowDays[last]
		}
		windows = append(windows, window+" "+times)
	}
	return windows, nil
}

func isTime(s string) bool {
	_, err := time.Parse("15:04", s)
	return len(s) == len("15:04") && err == nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
