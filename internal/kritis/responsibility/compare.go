package responsibility

import (
	"fmt"
	"slices"
)

// Comparison is what another set of competences changes.
type Comparison struct {
	// Effects stand by act and purpose in the order of the rule, then role by name, sector in data order, Länder and day.
	Effects []Effect
	// Losses stand by act, Land and sector.
	Losses []Loss
}

// Effect is a difference for a sector in some Länder, asked without attributes: other bodies in a role, other conditions, or
// another gap.
type Effect struct {
	Act     *Act
	Purpose Purpose
	Role    Role // empty: no role differs, but the status or the gaps of the whole act
	Lands   []string
	Sector  string
	// Parts are the services and branches of the sector for which it is so; nil: for the whole sector.
	Parts []Subject
	// From and Until bound the days on which it is so; Until is not one of them, and empty if it stays so.
	From, Until   Day
	Before, After Standing
}

// Standing is how an act stands for a role, a narrow subject and a Land.
type Standing struct {
	Status       Status        // of the regime, NOT_APPLICABLE where the act gives none
	Bodies       []string      // slugs, sorted, of the bodies that are certain
	Alternatives []Conditional // by slug
	Gaps         []GapCode     // in the order of [GapCodes]; those of the whole act where no role is named
}

// Conditional is a body that depends on facts that are not known: it can be the one with these values.
type Conditional struct {
	Body string
	When []Condition
}

// Equal says whether two standings are the same.
func (s Standing) Equal(o Standing) bool { return s.Status == o.Status && s.sameRole(o) }

// sameRole says whether bodies and gaps are the same, whatever the regime as a whole is.
func (s Standing) sameRole(o Standing) bool {
	return slices.Equal(s.Bodies, o.Bodies) && slices.Equal(s.Gaps, o.Gaps) &&
		slices.EqualFunc(s.Alternatives, o.Alternatives, func(a, b Conditional) bool { return compareConditionals(a, b) == 0 })
}

// Compare says what differs in another rulebook from a day on. Both are of the same acts, bodies, taxonomy and Länder, as With and
// Without leave them. All later days count: it looks at each on which a row or an act begins or ends. Each branch and service is
// asked about by itself, so that what changes for one of them does not hide behind the others of its sector.
func (rb *Rulebook) Compare(after *Rulebook, from Day) (Comparison, error) {
	c := comparer{
		books: [2]*Rulebook{rb, after}, touched: touched(rb, after), open: map[cellKey]map[part]*delta{}, losses: map[lossKey]Day{},
		twins: map[[2]int][]int{},
	}
	for _, day := range c.days(from) {
		if err := c.effects(day); err != nil {
			return Comparison{}, err
		}
		if err := c.lost(day); err != nil {
			return Comparison{}, err
		}
	}
	return Comparison{Effects: c.grouped(), Losses: c.sortedLosses()}, nil
}

// cellKey is a question without attributes.
type cellKey struct{ purpose, land, leaf int }

// part is a role under an act, or the act as a whole where the role is empty.
type part struct {
	act  int
	role Role
}

// delta is what differs in the answer to a question, from the first day on to the one before until.
type delta struct {
	cellKey
	part
	from, until   Day
	before, after Standing
}

// comparer compares two rulebooks, before and after, day by day.
type comparer struct {
	books   [2]*Rulebook
	touched map[cellKey]bool
	open    map[cellKey]map[part]*delta // that last
	done    []*delta
	losses  map[lossKey]Day
	twins   map[[2]int][]int // by purpose and leaf: for each Land the first one with the same rows of its own
}

// days are the day itself and the later ones on which a row or an act of either rulebook begins or ends.
func (c *comparer) days(from Day) []Day {
	days := []Day{from}
	add := func(d Day) {
		if d > from {
			days = append(days, d)
		}
	}
	for _, rb := range c.books {
		for i := range rb.rows {
			add(rb.rows[i].from)
			add(rb.rows[i].ValidUntil)
		}
		for i := range rb.acts {
			add(rb.acts[i].start)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// touched are the questions on which the rows have a say that differ between two rulebooks: they name the leaf, have a place in the
// Land and matter for the purpose.
func touched(a, b *Rulebook) map[cellKey]bool {
	out := map[cellKey]bool{}
	for _, r := range changedRows(a, b) {
		for p := range purposeTable {
			for i := range a.leaves {
				if !a.leaves[i].named(r.Competence) || !a.asksFor(&purposeTable[p], r) {
					continue
				}
				for land := range a.lands {
					if r.standsIn(land) {
						out[cellKey{p, land, i}] = true
					}
				}
			}
		}
	}
	return out
}

func (r *row) standsIn(land int) bool { return r.land < 0 || r.land == land }

// asksFor says whether a row can matter for the purpose: it plays a part in it, opens its act, or its body may make an ordinance.
func (rb *Rulebook) asksFor(p *purposeLine, r *row) bool {
	opens := p.duty && r.Kind != CrossSector
	return rb.playsIn(p, r) || (opens || r.Role == OrdinanceMaker) && p.rolesOf(&r.act.Act) != nil
}

// leafIn is the unit of a leaf in a Land of which nothing else is known.
func leafIn(leaf, land int) facts {
	f := facts{site: land, affected: 1 << land, parts: []int{leaf}}
	for i := range f.values {
		f.values[i] = unknownValue
	}
	return f
}

// effects compares all questions on a day.
func (c *comparer) effects(day Day) error {
	var judges [2][]*evaluation // by purpose
	for i, rb := range c.books {
		for _, p := range Purposes() {
			e, err := rb.evaluation(p, nil, day)
			if err != nil {
				return err
			}
			judges[i] = append(judges[i], e)
		}
	}
	seen := map[cellKey]map[part][2]Standing{}
	for cell := range c.touched {
		like := c.twin(cell)
		found, ok := seen[like]
		if !ok {
			var stands [2]map[part]Standing
			for i, rb := range c.books {
				a := judges[i][cell.purpose].answer([]facts{leafIn(cell.leaf, cell.land)})
				stands[i] = rb.standings(&a)
			}
			found = differences(stands)
			seen[like] = found
		}
		c.note(cell, day, found)
	}
	return nil
}

// twin gives the same question in the first Land that has the same rows of its own; the answer is the same there, but for the name
// of the Land. Most Länder have none.
func (c *comparer) twin(cell cellKey) cellKey {
	at := [2]int{cell.purpose, cell.leaf}
	if c.twins[at] == nil {
		own := make([]string, len(c.books[0].lands))
		for i, rb := range c.books {
			for j := range rb.rows {
				r := &rb.rows[j]
				if r.land >= 0 && rb.leaves[cell.leaf].named(r.Competence) && rb.asksFor(&purposeTable[cell.purpose], r) {
					own[r.land] += fmt.Sprint(" ", i, j)
				}
			}
			for h := range rb.held { // the same in both
				if h.land != "" {
					own[rb.landByCode[h.land]] += " " + h.land
				}
			}
		}
		first := make([]int, len(own))
		for land := range own {
			first[land] = slices.Index(own, own[land])
		}
		c.twins[at] = first
	}
	cell.land = c.twins[at][cell.land]
	return cell
}

// differences gives what differs: roles with other bodies or gaps and, where an act has none of those, the act as a whole.
func differences(stands [2]map[part]Standing) map[part][2]Standing {
	out := map[part][2]Standing{}
	within := map[int]bool{} // acts of which a role differs
	for _, side := range stands {
		for p := range side {
			pair := [2]Standing{standing(stands[0], p), standing(stands[1], p)}
			if p.role != "" && !pair[0].sameRole(pair[1]) {
				out[p] = pair
				within[p.act] = true
			}
		}
	}
	for _, side := range stands {
		for p := range side {
			pair := [2]Standing{standing(stands[0], p), standing(stands[1], p)}
			if p.role == "" && !within[p.act] && !pair[0].Equal(pair[1]) {
				out[p] = pair
			}
		}
	}
	return out
}

// note closes the differences that do not last and opens the ones that begin.
func (c *comparer) note(cell cellKey, day Day, found map[part][2]Standing) {
	open := c.open[cell]
	for p, d := range open {
		if s, ok := found[p]; !ok || !s[0].Equal(d.before) || !s[1].Equal(d.after) {
			d.until = day
			delete(open, p)
		}
	}
	for p, s := range found {
		if open[p] != nil {
			continue
		}
		d := &delta{cellKey: cell, part: p, from: day, before: s[0], after: s[1]}
		if open == nil {
			open = map[part]*delta{}
			c.open[cell] = open
		}
		open[p] = d
		c.done = append(c.done, d)
	}
}
