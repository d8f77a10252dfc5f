package seed_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
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

// informing splits a body that was informed and the instant, in microseconds.
func informing(t *testing.T, part string) (string, int64) {
	t.Helper()
	body, at, _ := strings.Cut(part, "=")
	micros, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		t.Fatalf("informed %q: %v", part, err)
	}
	return body, micros
}

func TestBodiesAreInformedOnceFromTheReportUntilTheDay(t *testing.T) {
	reference := collect(t, seed.ReferenceChanges(loadedAt))
	w := collect(t, demo(seed.Medium))
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, kritis.Berlin).UnixMicro()
	told, reports, bodies := 0, 0, map[string]int{}
	for id, n := range w.nodes {
		list := n.Prop("informed").List()
		reported := n.Prop("reportedAt")
		if !reported.IsZero() {
			reports++
		}
		if len(list) == 0 {
			continue
		}
		told++
		last, seen := reported.Num(), []string{}
		for i, part := range list {
			body, at := informing(t, part)
			bodies[body]++
			switch {
			case reported.IsZero() || at < last || at > start:
				t.Errorf("%s: %s is out of order", id, part)
			case i == 0 && (body != "bsi-joint-reporting-office" || at != reported.Num()):
				t.Errorf("%s: first %s, reported at %d", id, part, reported.Num())
			case slices.Contains(seen, body):
				t.Errorf("%s: %s is informed twice", id, body)
			}
			if a, ok := reference.nodes[store.NewID("Authority", body)]; !ok || a.Prop("placeholder").True() {
				t.Errorf("%s: nobody is %s", id, body)
			}
			last, seen = at, append(seen, body)
		}
	}
	if share := 100 * told / reports; share < 50 || share > 70 {
		t.Errorf("of %d percent of the reported incidents it is noted who was informed", share)
	}
	for _, body := range []string{"bsi", "bbk", "bnetza"} {
		if bodies[body] == 0 {
			t.Errorf("%s is never informed: %v", body, bodies)
		}
	}
}
