package seed_test

import (
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
)

func TestIncidentsLieBeforeTheDayInTheRightOrder(t *testing.T) {
	w := collect(t, demo(seed.Medium))
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, kritis.Berlin).UnixMicro()
	seen := map[string]int{}
	for id, n := range w.nodes {
		if n.Label() != kritis.LabelIncident {
			continue
		}
		aware, reported, closed := n.Prop("awareAt").Num(), n.Prop("reportedAt"), n.Prop("closedAt")
		switch {
		case n.Prop("occurredAt").Num() > aware || aware >= start:
			t.Errorf("%s: aware at %d", id, aware)
		case !reported.IsZero() && (reported.Num() < aware || reported.Num() > start):
			t.Errorf("%s: reported at %d", id, reported.Num())
		case closed.IsZero() != (n.Prop("incidentStatus").Text() == "OPEN"):
			t.Errorf("%s: %s, closed at %v", id, n.Prop("incidentStatus").Text(), closed)
		case !closed.IsZero() && (reported.IsZero() || closed.Num() < reported.Num() || closed.Num() > start):
			t.Errorf("%s: closed at %d", id, closed.Num())
		}
		for _, name := range []string{"kind", "severity", "incidentStatus", "suspectedMalicious", "crossBorder"} {
			seen[n.Prop(name).Text()]++
		}
		if reported.IsZero() {
			seen["unreported"]++
		}
	}
	for _, code := range []string{"CYBER", "PHYSICAL", "MIXED", "LOW", "MEDIUM", "HIGH", "OPEN", "CLOSED", "YES", "NO", "UNKNOWN", "unreported"} {
		if seen[code] == 0 {
			t.Errorf("no incident is %s", code)
		}
	}
}
