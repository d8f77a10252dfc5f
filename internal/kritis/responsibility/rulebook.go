package responsibility

import (
	"cmp"
	"slices"
	"strings"
)

// Rulebook is the data, verified and indexed. It never changes and is safe for concurrent use; what its methods return may
// point into it and must not be changed.
type Rulebook struct {
	acts        []act // data order
	rows        []row // data order
	bodies      []Body
	sectors     []Sector
	branches    []Branch
	services    []Service
	lands       []Land // by code
	regimeOrder []int  // acts

	actBySlug     map[string]int
	bodyBySlug    map[string]int
	landByCode    map[string]int
	sectorBySlug  map[string]int
	branchBySlug  map[string]int
	serviceBySlug map[string]int

	designations []Designation
	held         map[place][]Held

	leaves    []leaf
	ofService map[string][]int // leaves by slug of the service; narrowed by branch: service + "/" + branch
	ofBranch  map[string][]int
	ofSector  map[string][]int
	plans     [][]plan // by purpose, then leaf
}

type act struct {
	Act
	index     int
	confirmed bool // status in force
	start     Day
	startSeen bool // start is known; else it is the day of the source
	scope     []condition
	landOnly  bool // all its rows are of a Land
	displaces bool // a row of it has displaces
}

const (
	federal  = -1
	everyOne = -2
)

type row struct {
	*Competence
	index     int
	act       *act
	body      *Body
	bodyIndex int
	land      int // index, federal or everyOne
	from      Day // validity, the beginning of the act included; empty: never valid
	displaces []int
	conds     []condition
}

type condition struct {
	attribute int
	values    uint8 // bit per value
}

// NewRulebook indexes the data. It takes ownership of it. Its error joins a Flaw for each row that does not hold: references
// that do not resolve, keys that stand twice, codes, attributes and values that are not known, days that are none.
func NewRulebook(d Data) (*Rulebook, error) {
	d = d.inCapitals()
	if err := d.verify(); err != nil {
		return nil, err
	}
	rb := &Rulebook{
		bodies: d.Bodies, sectors: d.Sectors, branches: d.Branches, services: d.Services, designations: d.Designations,
		held: make(map[place][]Held, len(d.Held)),
	}
	for _, h := range d.Held {
		rb.held[h.place()] = append(rb.held[h.place()], h)
	}
	rb.lands = slices.Clone(d.Lands)
	slices.SortFunc(rb.lands, func(a, b Land) int { return cmp.Compare(a.Code, b.Code) })
	rb.actBySlug = keys(d.Acts, func(a Act) string { return a.Slug })
	rb.bodyBySlug = keys(rb.bodies, func(b Body) string { return b.Slug })
	rb.landByCode = keys(rb.lands, func(l Land) string { return l.Code })
	rb.sectorBySlug = keys(rb.sectors, func(s Sector) string { return s.Slug })
	rb.branchBySlug = keys(rb.branches, func(b Branch) string { return b.Slug })
	rb.serviceBySlug = keys(rb.services, func(s Service) string { return s.Slug })
	rb.indexActs(d.Acts)
	rb.indexRows(d.Competences)
	rb.orderRegimes()
	rb.growLeaves()
	rb.plan()
	return rb, nil
}

func keys[T any](list []T, of func(T) string) map[string]int {
	m := make(map[string]int, len(list))
	for i, x := range list {
		m[of(x)] = i
	}
	return m
}

func (rb *Rulebook) indexActs(acts []Act) {
	rb.acts = make([]act, len(acts))
	for i, a := range acts {
		rb.acts[i] = act{Act: a, index: i, confirmed: a.Status == "IN_FORCE", start: a.InForceSince, startSeen: a.InForceSince != ""}
		x := &rb.acts[i]
		if !x.startSeen {
			x.start = a.AsOf
		}
		if a.Scope != nil {
			x.scope = compile(a.Scope.AppliesWhen)
		}
		x.landOnly = true
	}
}

func (rb *Rulebook) indexRows(rows []Competence) {
	rb.rows = make([]row, len(rows))
	for i := range rows {
		c := &rows[i]
		a := &rb.acts[rb.actBySlug[c.Act]]
		r := &rb.rows[i]
		*r = row{Competence: c, index: i, act: a, bodyIndex: rb.bodyBySlug[c.Body], conds: compile(c.AppliesWhen)}
		r.body = &rb.bodies[r.bodyIndex]
		switch c.Land {
		case "":
			r.land = federal
			a.landOnly = false
		case AllLands:
			r.land = everyOne
		default:
			r.land = rb.landByCode[c.Land]
		}
		if a.confirmed {
			r.from = max(c.ValidFrom, a.start)
		}
		for _, slug := range c.Displaces {
			r.displaces = append(r.displaces, rb.actBySlug[slug])
			a.displaces = true
		}
	}
}

// orderRegimes puts the acts that displace others first, each group in data order.
func (rb *Rulebook) orderRegimes() {
	for _, first := range []bool{true, false} {
		for i := range rb.acts {
			if rb.acts[i].displaces == first {
				rb.regimeOrder = append(rb.regimeOrder, i)
			}
		}
	}
}

func compile(conds []Condition) []condition {
	out := make([]condition, len(conds))
	for i, c := range conds {
		out[i].attribute = attributeIndex(c.Attribute)
		for _, v := range c.Values {
			out[i].values |= 1 << attributes[out[i].attribute].valueIndex(v)
		}
	}
	return out
}

// inCapitals gives the data with all codes as the API writes them; it copies the lists that it changes.
func (d Data) inCapitals() Data {
	d.Acts = slices.Clone(d.Acts)
	for i := range d.Acts {
		a := &d.Acts[i]
		a.Level, a.Status = strings.ToUpper(a.Level), strings.ToUpper(a.Status)
	}
	d.Competences = slices.Clone(d.Competences)
	for i := range d.Competences {
		c := &d.Competences[i]
		c.Role, c.Confidence = Role(strings.ToUpper(string(c.Role))), strings.ToUpper(c.Confidence)
	}
	d.Bodies = slices.Clone(d.Bodies)
	for i := range d.Bodies {
		b := &d.Bodies[i]
		b.Kind, b.Level, b.Status = strings.ToUpper(b.Kind), strings.ToUpper(b.Level), strings.ToUpper(b.Status)
	}
	d.Designations = slices.Clone(d.Designations)
	for i := range d.Designations {
		g := &d.Designations[i]
		g.Role, g.Trigger = Role(strings.ToUpper(string(g.Role))), strings.ToUpper(g.Trigger)
	}
	return d
}

// Acts gives the legal acts in data order.
func (rb *Rulebook) Acts() []*Act {
	out := make([]*Act, len(rb.acts))
	for i := range rb.acts {
		out[i] = &rb.acts[i].Act
	}
	return out
}

// Act finds a legal act by its slug, or nil.
func (rb *Rulebook) Act(slug string) *Act {
	if i, ok := rb.actBySlug[slug]; ok {
		return &rb.acts[i].Act
	}
	return nil
}

// Body finds a body by its slug, or nil.
func (rb *Rulebook) Body(slug string) *Body {
	if i, ok := rb.bodyBySlug[slug]; ok {
		return &rb.bodies[i]
	}
	return nil
}

// Assigned gives the rows by which a body has the role on the day, in data order: of an act that is in force, and valid. Placeholders
// stand for nobody, so they have none.
func (rb *Rulebook) Assigned(body string, role Role, day Day) []*Competence {
	var out []*Competence
	for i := range rb.rows {
		r := &rb.rows[i]
		if r.Body != body || r.Role != role || r.body.Placeholder() || !r.holds(day) {
			continue
		}
		out = append(out, r.Competence)
	}
	return out
}

// Lands gives the Länder by code.
func (rb *Rulebook) Lands() []Land { return slices.Clone(rb.lands) }

// Sectors gives the sectors in data order.
func (rb *Rulebook) Sectors() []Sector { return slices.Clone(rb.sectors) }

// designation finds the duty to designate the bodies of a role, or nil.
func (rb *Rulebook) designation(actSlug string, role Role) *Designation {
	for i := range rb.designations {
		if d := &rb.designations[i]; d.Act == actSlug && d.Role == role {
			return d
		}
	}
	return nil
}
