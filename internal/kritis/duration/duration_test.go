package duration_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/duration"
)

func TestDurationsAreWrittenDaysFirst(t *testing.T) {
	for d, want := range map[time.Duration]string{
		26 * time.Hour: "P1DT2H", 6 * time.Minute: "PT6M", 0: "PT0S", 48 * time.Hour: "P2D", 14 * 24 * time.Hour: "P14D",
		90*time.Minute + 5*time.Second: "PT1H30M5S",
	} {
		if got := duration.Format(d); got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
	}
}

func TestEveryDurationIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, 9_000_000_000).Draw(t, "seconds")) * time.Second
		if got, ok := duration.Parse(duration.Format(d)); !ok || got != d {
			t.Fatalf("%v is written %s and read %v, %v", d, duration.Format(d), got, ok)
		}
	})
}

func TestAnyTextAsADurationIsReadOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`P?[0-9WDTHMSY]{0,12}`).Draw(t, "text")
		if d, ok := duration.Parse(text); ok && d < 0 {
			t.Fatalf("%q is read as the negative %v", text, d)
		}
	})
}
