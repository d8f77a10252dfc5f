package seed

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"kritisgraph/internal/kritis"
)

// reportingOffice is the body that takes the reports of most incidents, cyber or physical, and passes them on.
const reportingOffice = "bsi-joint-reporting-office"

// fixedIncident is an open incident that is the same with every seed. Times count from when the operator became aware.
type fixedIncident struct {
	operator, facility                     int
	kind, severity, malicious, title, what string
	age, before, report                    time.Duration // how long ago, how long before it began, how long until it was reported
	informed                               []informing
}

// informing is a body that was told of an incident, and when.
type informing struct {
	authority string
	after     time.Duration
}

// fixedIncidents are the first ones, by reference: bodies are informed in the order of what the responsibility rule says of the operator.
var fixedIncidents = []fixedIncident{
	{1, 1, "CYBER", "HIGH", "YES", "Ransomware in der Leittechnik",
		"Erfundener Vorfall: Bedienstationen der Leittechnik sind verschlüsselt, der Netzbetrieb läuft von Hand weiter.",
		30 * time.Hour, time.Hour, 4 * time.Hour,
		[]informing{{reportingOffice, 4 * time.Hour}, {"bnetza", 6 * time.Hour}, {"bsi-situation-centre", 9 * time.Hour}}},
	{8, hospitalDataCentre, "CYBER", "HIGH", "YES", "Ransomware in der Virtualisierung",
		"Erfundener Vorfall: Die Virtualisierung des Rechenzentrums ist verschlüsselt, Anwendungen der Kunden stehen still, der zweite Standort läuft.",
		10 * time.Hour, 30 * time.Minute, 3 * time.Hour,
		[]informing{{reportingOffice, 3 * time.Hour}, {"bsi", 4 * time.Hour}}},
	{9, 16, "PHYSICAL", "HIGH", "UNKNOWN", "Brand in der Stromverteilung",
		"Erfundener Vorfall: Ein Brand hat das Umspannwerk des Verteilernetzes zerstört, das Netzgebiet ist ohne Strom.",
		5 * time.Hour, 0, 2 * time.Hour,
		[]informing{{reportingOffice, 2 * time.Hour}, {"bnetza", 3 * time.Hour}, {"bbk", 4 * time.Hour}}},
}

func (d *demo) fixedIncident(i *incidentDraft, x fixedIncident) {
	i.operator, i.facilities = x.operator, []int{x.facility}
	i.p.text("kind", x.kind).text("severity", x.severity).text("suspectedMalicious", x.malicious).text("crossBorder", "UNKNOWN").
		text("title", x.title).text("incidentStatus", "OPEN").text("description", x.what)
	d.times(i, x.age, x.before, x.report)
	i.informed(x.informed)
}

// inform notes of most reported incidents who was told of them: the reporting office with the report, later the supervisory authorities.
func (d *demo) inform(i *incidentDraft) {
	r := roll(d.Seed, "informed", i.number)
	if i.reported.IsZero() || !r.chance(60) {
		return
	}
	report := i.reported.Sub(i.aware)
	list := []informing{{reportingOffice, report}}
	for _, row := range i.rows {
		body := d.bodyOf(row)
		known := slices.ContainsFunc(list, func(x informing) bool { return x.authority == body })
		if later := report + time.Duration(r.between(1, 24))*time.Hour; body != "" && !known && r.chance(60) && !i.aware.Add(later).After(d.start) {
			list = append(list, informing{body, later})
		}
	}
	i.informed(list)
}

// informed writes who was told, earliest first.
func (i *incidentDraft) informed(list []informing) {
	slices.SortFunc(list, func(a, b informing) int {
		return cmp.Or(cmp.Compare(a.after, b.after), cmp.Compare(a.authority, b.authority))
	})
	var out []string
	for _, x := range list {
		out = append(out, fmt.Sprintf("%s=%d", x.authority, i.aware.Add(x.after).UnixMicro()))
	}
	i.p.list("informed", out)
}

// bodyOf is the slug of the body behind the audience of a supervisory authority, empty where it is not known who that is.
func (d *demo) bodyOf(row string) string {
	number, _, _ := strings.Cut(strings.TrimPrefix(row, "row:"), "/")
	return d.supervisorOf[number]
}

// readSupervisors notes the bodies of the competences that are assigned to one that is known.
func (d *demo) readSupervisors(list []*kritis.Competence) {
	for _, c := range list {
		if a := c.Authority(); a != nil && !a.Placeholder() {
			d.supervisorOf[c.Key()] = a.Slug()
		}
	}
}
