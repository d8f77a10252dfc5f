package seed

import (
	"fmt"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// incidentKinds are what happens: kind, whether malice is suspected (else drawn), and titles.
var incidentKinds = []struct {
	kind   string
	weight int
	titles []string
}{
	{"CYBER", 66, []string{
		"Ransomware in der Bürokommunikation", "Ransomware in der Leittechnik", "Überlastungsangriff auf das Kundenportal", "Unbefugter Zugriff auf Fernwartungszugänge",
		"Ausfall nach fehlerhafter Aktualisierung", "Abfluss von Betriebsdaten", "Schadsoftware auf Bedienstationen", "Phishing mit übernommenen Postfächern",
		"Ausgenutzte Schwachstelle in der Netzübergabe", "Ausfall eines Dienstleisters für Rechenzentrumsbetrieb",
	}},
	{"PHYSICAL", 22, []string{
		"Brand in der Stromverteilung", "Beschädigtes Erdkabel", "Hochwasser im Betriebsgelände", "Einbruch mit Sachschaden", "Ausfall der Netzersatzanlage", "Rohrbruch in der Hauptleitung",
	}},
	{"MIXED", 12, []string{
		"Sabotage an Leitungen und Steuerung", "Drohnensichtung mit Ausfall der Fernüberwachung", "Brandanschlag mit Ausfall der Leittechnik", "Einbruch mit manipulierter Steuerung",
	}},
}

func incidentReference(number int) string { return fmt.Sprintf("demo-%d", number) }

// operatorsFor is the number of operators among which an incident chooses: those of the smallest size that has it.
func operatorsFor(incident int) int {
	switch {
	case incident <= smallIncidents:
		return smallOperators
	case incident <= mediumIncidents:
		return mediumOperators
	}
	return largeOperators
}

// incidentDraft is an incident in the making.
type incidentDraft struct {
	number     int
	operator   int
	facilities []int
	lands      landSet
	rows       []string // audiences of the supervisory authorities
	aware      time.Time
	reported   time.Time // zero: not by the day
	tlp        store.TLP
	p          props
}

// makeIncident draws an incident; the first ones are fixed.
func (d *demo) makeIncident(number int) incidentDraft {
	i := incidentDraft{number: number, tlp: store.TLPAmber, p: props{}}
	if number <= len(fixedIncidents) {
		d.fixedIncident(&i, fixedIncidents[number-1])
	} else {
		d.randomIncident(&i)
	}
	o := &d.operators[i.operator-1]
	var affected [][]string
	for _, f := range i.facilities {
		i.lands |= d.facilities[f-1].lands
		affected = append(affected, d.facilities[f-1].rows)
	}
	i.rows = kritis.IncidentRows(o.rows, affected...)
	if i.lands == 0 {
		i.lands = i.lands.with(o.land)
	}
	if number > len(fixedIncidents) {
		d.inform(&i)
	}
	return i
}

func (d *demo) randomIncident(i *incidentDraft) {
	r := roll(d.Seed, "incident", i.number)
	i.operator = 1 + r.below(operatorsFor(i.number))
	weights := make([]int, len(incidentKinds))
	for k, kind := range incidentKinds {
		weights[k] = kind.weight
	}
	kind := incidentKinds[r.weighted(weights)]
	o := &d.operators[i.operator-1]
	for n := range min(o.count, r.weighted([]int{15, 70, 15})) {
		i.facilities = append(i.facilities, o.first+n)
	}
	i.p.text("kind", kind.kind).text("title", pick(r, kind.titles)).text("severity", []string{"LOW", "MEDIUM", "HIGH"}[r.weighted([]int{40, 42, 18})]).
		text("suspectedMalicious", []string{"YES", "NO", "UNKNOWN"}[r.weighted([]int{40, 30, 30})]).
		text("crossBorder", []string{"YES", "NO", "UNKNOWN"}[r.weighted([]int{5, 70, 25})])
	i.tlp = []store.TLP{store.TLPGreen, store.TLPAmber, store.TLPAmberStrict, store.TLPRed}[r.weighted([]int{3, 82, 10, 5})]
	d.drawTimes(r, i)
}

// drawTimes lets one incident in five be a few days old and spreads the others over two years. Most recent ones are open.
func (d *demo) drawTimes(r *dice, i *incidentDraft) {
	age := time.Duration(r.between(2, 5*24)) * time.Hour
	if !r.chance(20) {
		age = time.Duration(r.between(5*24, 2*365*24)) * time.Hour
	}
	open := r.chance(4)
	if age < 14*24*time.Hour {
		open = r.chance(75)
	}
	report := time.Duration(r.between(1, 30)) * time.Hour
	if !open && report >= age {
		report = age / 2
	}
	d.times(i, age, time.Duration(r.between(0, 72))*time.Hour, report)
	if open {
		i.p.text("incidentStatus", "OPEN")
		return
	}
	end := report + (age-report)*time.Duration(r.between(10, 90))/100
	i.p.text("incidentStatus", "CLOSED").num("closedAt", d.start.Add(-age).Add(end).UnixMicro())
}

// times sets when the operator became aware (age before the day), when it began, and when it was reported, if by then.
func (d *demo) times(i *incidentDraft, age, before, report time.Duration) {
	aware := d.start.Add(-age)
	i.p.num("awareAt", aware.UnixMicro()).num("occurredAt", aware.Add(-before).UnixMicro())
	i.aware = aware
	if report < age {
		i.reported = aware.Add(report)
		i.p.num("reportedAt", i.reported.UnixMicro())
	}
}

func (d *demo) emitIncident(number int) bool {
	i := d.makeIncident(number)
	operator := operatorReference(i.operator)
	codes := d.landCodes(i.lands)
	id := store.NewID(string(kritis.LabelIncident), incidentReference(number))
	audiences := kritis.WithRows(d.audiences(i.lands, operator), i.rows)
	if i.p["kind"].Text() != "CYBER" {
		audiences = append(audiences, kritis.AudienceBBK)
	}
	node := store.Node{
		ID:    id,
		Own:   store.Visibility{TLP: i.tlp, Audiences: audiences},
		Props: d.evidence(i.p.text("reference", incidentReference(number)).flag("demo", true).list("landCodes", codes)),
	}
	edges := []store.Edge{d.edge(kritis.EdgeReportedBy, id, kritis.LabelOperator, operator, nil)}
	for _, f := range i.facilities {
		edges = append(edges, d.edge(kritis.EdgeAffects, id, kritis.LabelFacility, facilityReference(f), nil))
	}
	for _, code := range codes {
		edges = append(edges, d.edge(kritis.EdgeTouches, id, kritis.LabelFederalState, code, nil))
	}
	return d.out.add([]store.Node{node}, edges)
}
