package kritis

import (
	"strings"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// CompetenceInput is what a row of the competences says, without number and validity. Slugs are those of the directory, codes as in
// the API; what is empty is not said.
type CompetenceInput struct {
	LegalAct          string                     `json:"legalAct"`
	Provision         string                     `json:"provision"`
	Subject           CompetenceSubjectInput     `json:"subject"`
	FederalState      FederalStateCode           `json:"federalState,omitempty"`
	EveryFederalState bool                       `json:"everyFederalState,omitempty"`
	Authority         string                     `json:"authority"`
	Role              responsibility.Role        `json:"role"`
	AppliesWhen       []*AttributeConditionInput `json:"appliesWhen,omitempty"`
	NotFor            []string                   `json:"notFor,omitempty"`
	Gate              bool                       `json:"gate,omitempty"`
	Holder            CompetenceHolder           `json:"holder,omitempty"`
	Displaces         []string                   `json:"displaces,omitempty"`
	Condition         string                     `json:"condition,omitempty"`
	Note              string                     `json:"note,omitempty"`
	Source            string                     `json:"source"`
	AsOf              Day                        `json:"asOf"`
	Confidence        Confidence                 `json:"confidence"`
}

// CompetenceSubjectInput is what a row names.
type CompetenceSubjectInput struct {
	Kind SubjectKind `json:"kind"`
	Slug string      `json:"slug"`
}

// AttributeConditionInput holds where the subject's value of the attribute is in Values.
type AttributeConditionInput struct {
	Attribute string   `json:"attribute"`
	Values    []string `json:"values"`
}

// CompetenceRow is a row as it is stored. Order is its place among all; From is empty where it begins with its act.
type CompetenceRow struct {
	CompetenceInput

	Number      string
	Order       int64
	From, Until Day
}

// subjectLabels say which label a subject of a competence has; cross-sector rows have none.
var subjectLabels = map[SubjectKind]store.Label{"SECTOR": LabelSector, "BRANCH": LabelBranch, "SERVICE": LabelService}

// Level returns whose competence it is: that of a Land, or of the Bund where the row names none.
func (r *CompetenceRow) Level() CompetenceLevel {
	if r.FederalState != "" || r.EveryFederalState {
		return "STATE"
	}
	return "FEDERAL"
}

// Graph returns the row as a node that everybody may see and the edges that leave it, without versions. Each carries the source
// and the validity of the row; the properties that repeat the key of a neighbor are those of its edges.
func (r *CompetenceRow) Graph() (store.Node, []store.Edge) {
	n := store.Node{ID: store.NewID(string(LabelCompetence), r.Number), Own: Public(), Props: r.evidence()}
	set := func(prop, value string) {
		if value != "" {
			n.Props[prop] = store.String(value)
		}
	}
	list := func(prop string, values []string) {
		if len(values) > 0 {
			n.Props[prop] = store.Strings(values...)
		}
	}
	n.Props["order"], n.Props["gate"], n.Props["perState"] = store.Int(r.Order), store.Bool(r.Gate), store.Bool(r.EveryFederalState)
	set("number", r.Number)
	set("provision", r.Provision)
	set("subjectKind", string(r.Subject.Kind))
	set("subject", r.Subject.Slug)
	set("role", string(r.Role))
	set("level", string(r.Level()))
	list("appliesWhen", r.conditions())
	list("notFor", r.NotFor)
	if r.Holder != holderRecorded {
		set("holder", string(r.Holder))
	}
	set("condition", r.Condition)
	set("note", r.Note)
	set("actSlug", r.LegalAct)
	set("authoritySlug", r.Authority)
	set("landCode", string(r.FederalState))
	return n, r.edges(n.ID)
}

func (r *CompetenceRow) edges(from store.ID) []store.Edge {
	var out []store.Edge
	add := func(t store.EdgeType, label store.Label, key string) {
		if key != "" {
			to := store.NewID(string(label), key)
			out = append(out, store.Edge{ID: store.EdgeID(t, from, to), From: from, To: to, Props: r.evidence()})
		}
	}
	add(EdgeBasedOn, LabelLegalAct, r.LegalAct)
	add(EdgeAssignedTo, LabelAuthority, r.Authority)
	add(EdgeCompetentIn, LabelFederalState, string(r.FederalState))
	if label, ok := subjectLabels[r.Subject.Kind]; ok {
		add(EdgeCovers, label, r.Subject.Slug)
	}
	for _, act := range r.Displaces {
		add(EdgeDisplaces, LabelLegalAct, act)
	}
	return out
}

// evidence are the properties that node and edges share.
func (r *CompetenceRow) evidence() map[string]store.Value {
	p := map[string]store.Value{"status": store.String("STATED")}
	for prop, value := range map[string]string{
		"source": r.Source, "asOf": string(r.AsOf), "confidence": string(r.Confidence),
		store.ValidFrom: string(r.From), store.ValidUntil: string(r.Until),
	} {
		if value != "" {
			p[prop] = store.String(value)
		}
	}
	return p
}

// conditions writes each condition as "attribute=VALUE|VALUE".
func (r *CompetenceRow) conditions() []string {
	var out []string
	for _, c := range r.AppliesWhen {
		out = append(out, c.Attribute+"="+strings.Join(c.Values, "|"))
	}
	return out
}

// rule returns the row as the responsibility rule reads it.
func (r *CompetenceRow) rule() responsibility.Competence {
	kind, _ := responsibility.ParseSpecificity(string(r.Subject.Kind))
	row := responsibility.Competence{
		ID: r.Number, Act: r.LegalAct, Provision: r.Provision, Kind: kind, Subject: r.Subject.Slug, Land: string(r.FederalState),
		Body: r.Authority, Role: r.Role, ValidFrom: responsibility.Day(r.From), ValidUntil: responsibility.Day(r.Until),
		NotFor: r.NotFor, Gate: r.Gate, NotRecorded: r.Holder == holderNotRecorded, Displaces: r.Displaces,
		Confidence: string(r.Confidence), Source: r.Source, AsOf: responsibility.Day(r.AsOf),
	}
	if r.EveryFederalState {
		row.Land = responsibility.AllLands
	}
	for _, c := range r.AppliesWhen {
		row.AppliesWhen = append(row.AppliesWhen, responsibility.Condition{Attribute: c.Attribute, Values: c.Values})
	}
	return row
}

// object returns the row as an object of the API that is not stored, connected with the things of a rulebook.
func (r *CompetenceRow) object(book *Rulebook) *Competence {
	n, edges := r.Graph()
	b := bookBuilder{book: book, links: map[store.ID][]store.Edge{n.ID: edges}}
	c := &Competence{object: object{n}}
	b.connect(c)
	return c
}
