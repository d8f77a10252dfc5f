// Package duration reads and writes lengths of time as ISO 8601 has them, of parts with a fixed length: weeks, days, hours, minutes and seconds.
package duration

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// units are the parts of a duration that have a fixed length, in the order in which ISO 8601 writes them. A duration with
// weeks has weeks alone.
var (
	dateUnits = []unit{{'W', 7 * 24 * 3600}, {'D', 24 * 3600}}
	timeUnits = []unit{{'H', 3600}, {'M', 60}, {'S', 1}}
)

type unit struct {
	letter  byte
	seconds int64
}

// maxSeconds keeps the sum within a time.Duration.
const maxSeconds = math.MaxInt64 / int64(time.Second)

// Format writes whole seconds as ISO 8601, days first; parts of a second are cut.
func Format(d time.Duration) string {
	seconds := int64(d / time.Second)
	if seconds == 0 {
		return "PT0S"
	}
	var b strings.Builder
	if seconds < 0 {
		b.WriteByte('-')
		seconds = -seconds
	}
	b.WriteByte('P')
	for _, u := range dateUnits[1:] {
		seconds = writePart(&b, seconds, u)
	}
	if seconds > 0 {
		b.WriteByte('T')
	}
	for _, u := range timeUnits {
		seconds = writePart(&b, seconds, u)
	}
	return b.String()
}

func writePart(b *strings.Builder, seconds int64, u unit) int64 {
	if n := seconds / u.seconds; n > 0 {
		b.WriteString(strconv.FormatInt(n, 10))
		b.WriteByte(u.letter)
	}
	return seconds % u.seconds
}

// Parse reads a duration; false where text is none. Months and years have no fixed length.
func Parse(text string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(text, "P")
	if !ok {
		return 0, false
	}
	date, clock, hasClock := strings.Cut(rest, "T")
	days, dateOK := sumParts(date, dateUnits)
	seconds, clockOK := sumParts(clock, timeUnits)
	weeks := strings.HasSuffix(date, "W")
	switch {
	case !dateOK, !clockOK,
		date == "" && clock == "",
		hasClock && (clock == "" || weeks),
		!weeks && strings.Contains(date, "W"),
		weeks && strings.Count(date, "W") > 1,
		days > maxSeconds-seconds:
		return 0, false
	}
	return time.Duration(days+seconds) * time.Second, true
}

// calendar is the beginning of a duration with years or months.
var calendar = regexp.MustCompile(`^P\d+[YM]`)

// Calendar reports whether a text is no duration because it counts in years or months, which have no fixed length.
func Calendar(text string) bool { return calendar.MatchString(text) }

// sumParts adds the parts of text in seconds; each unit at most once, in the order given.
func sumParts(text string, units []unit) (int64, bool) {
	var sum int64
	for _, u := range units {
		at := strings.IndexByte(text, u.letter)
		if at < 0 {
			continue
		}
		n, err := strconv.ParseUint(text[:at], 10, 63)
		if err != nil || n > uint64((maxSeconds-sum)/u.seconds) {
			return 0, false
		}
		sum += int64(n) * u.seconds
		text = text[at+1:]
	}
	return sum, text == ""
}
