package responsibility

import (
	"cmp"
	"math/bits"
	"slices"
)

// Loss says that under an act somebody in a sector of a Land had a supervisor and would have none, from a day on.
type Loss struct {
	Act    *Act
	Land   string
	Sector string
	From   Day
}

type lossKey struct{ act, land, sector int }

// rank says who supervises in one completion.
type rank uint8

const (
	nobody      rank = iota
	placeholder      // somebody whom nobody knows
	named
	displaced // another act takes the role over
)

// lost judges every branch and service, and every value of the facts that either rulebook asks for: a sector whose banks lose
// their supervisor has lost one, whoever supervises its insurers. A body that gives way to a placeholder is lost. What another act
// takes over is not.
func (c *comparer) lost(day Day) error {
	var judges [2]*evaluation
	for i, rb := range c.books {
		e, err := rb.evaluation(ForSupervision, nil, day)
		if err != nil {
			return err
		}
		judges[i] = e
	}
	seen := map[cellKey][]bool{}
	rb, purpose := c.books[0], purposeIndex(ForSupervision)
	for cell := range c.touched {
		if cell.purpose != purpose {
			continue
		}
		like := c.twin(cell)
		if seen[like] == nil {
			seen[like] = bereft(judges, leafIn(cell.leaf, cell.land))
		}
		for act, lost := range seen[like] {
			key := lossKey{act, cell.land, rb.sectorBySlug[rb.leaves[cell.leaf].sector.Slug]}
			if first, ok := c.losses[key]; lost && (!ok || day < first) {
				c.losses[key] = day
			}
		}
	}
	return nil
}

// bereft says of each act whether somebody loses the supervisor, for every value of the facts that are open in either rulebook.
func bereft(judges [2]*evaluation, unit facts) []bool {
	out := make([]bool, len(judges[0].rb.acts))
	var free uint32
	for _, e := range judges {
		e.unit = unit
		e.completions()
		free |= e.free
	}
	units := []facts{unit}
	for ; free != 0; free &= free - 1 {
		a := bits.TrailingZeros32(free)
		var spread []facts
		for _, u := range units {
			for v := range attributes[a].Values {
				u.values[a] = int8(v)
				spread = append(spread, u)
			}
		}
		units = spread
	}
	for _, u := range units {
		before, after := judges[0].ranks(u), judges[1].ranks(u)
		for act, was := range before {
			out[act] = out[act] || was != displaced && after[act] < was
		}
	}
	return out
}

// ranks gives, by act, who supervises a unit of which every fact is known that matters.
func (e *evaluation) ranks(unit facts) []rank {
	out := make([]rank, len(e.rb.acts))
	e.unit = unit
	e.completions()
	for i := range e.list {
		cm := &e.list[i]
		for j := range cm.plan.acts {
			ap := &cm.plan.acts[j]
			role := slices.IndexFunc(ap.roles, func(r rolePlan) bool { return r.role == Supervision })
			if role < 0 {
				continue
			}
			best := nobody
			if e.judge(cm, ap).kind != absent && e.displacer(cm, &ap.roles[role], e.state(ap.act)) != nil {
				best = displaced
			}
			for _, s := range e.steps {
				switch {
				case s.role != role:
				case s.row.body.Placeholder():
					best = max(best, placeholder)
				default:
					best = max(best, named)
				}
			}
			out[ap.act.index] = best
		}
	}
	return out
}

func (c *comparer) sortedLosses() []Loss {
	rb := c.books[0]
	var out []Loss
	for key, from := range c.losses {
		out = append(out, Loss{Act: &rb.acts[key.act].Act, Land: rb.lands[key.land].Code, Sector: rb.sectors[key.sector].Slug, From: from})
	}
	slices.SortFunc(out, func(a, b Loss) int {
		return cmp.Or(cmp.Compare(rb.actBySlug[a.Act.Slug], rb.actBySlug[b.Act.Slug]), cmp.Compare(a.Land, b.Land),
			cmp.Compare(rb.sectorBySlug[a.Sector], rb.sectorBySlug[b.Sector]))
	})
	return out
}
