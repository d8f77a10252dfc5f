package impact

// lose pushes what follows for a need with alternatives from a kept label of the provider of edge e: for every choice of kept labels of the
// other providers, the label of the dependent. There may be very many choices. Those with the same time and the same causing edge share a path, so
// only the strongest of them within each number of hops can become labels, and these are found without trying the others.
func (c *cascade) lose(e, by int32) {
	members := c.g.needs[c.g.edges[e].need]
	for _, m := range members {
		if c.premise.removed.edge == m || m != e && c.kept[c.g.nodes[c.g.edges[m].from].first] < 0 {
			return
		}
	}
	ch := choice{c, members, e, by}
	for _, m := range members {
		if m == e {
			ch.lastGone(e, by)
			continue
		}
		for l := c.kept[c.g.nodes[c.g.edges[m].from].first]; l >= 0 && c.steps <= mostSteps; l = c.labels[l].next {
			ch.lastGone(m, l)
		}
	}
}

// choice is the set of choices of a need that hold one label of one edge.
type choice struct {
	*cascade
	members  []int32
	edge, by int32
}

// arrival is when the dependent feels that a label's node is gone, loss how much that takes.
func (c *cascade) arrival(e, l int32) Seconds { return c.labels[l].time + c.delay(e) }

func (c *cascade) loss(e, l int32) Strength {
	return c.labels[l].strength.through(c.g.edges[e].Strength)
}

// lastGone pushes the labels of the choices of which edge m, lost by label l, is the causing one: the last gone, of equally late ones that with
// the smallest key.
func (c choice) lastGone(m, l int32) {
	t := c.arrival(m, l)
	if m != c.edge && !earlier(c.arrival(c.edge, c.by), c.edge, t, m) {
		return
	}
	weakest := min(c.loss(c.edge, c.by), c.loss(m, l))
	best := Strength(-1)
	for hops := max(c.labels[c.by].hops, c.labels[l].hops); int(hops) < c.premise.MaxDepth && best < weakest; hops++ {
		s := weakest
		for _, o := range c.members {
			if o != c.edge && o != m {
				s = min(s, c.strongest(o, hops, t, m))
			}
		}
		if s > best {
			best = s
			c.push(t, s, hops+1, m, l, c.g.nodes[c.g.edges[m].to].first)
		}
	}
}

// strongest is the greatest loss by an edge within so many hops that is gone before edge m is at t, -1 for none.
func (c choice) strongest(o, hops int32, t Seconds, m int32) Strength {
	best := Strength(-1)
	for l := c.kept[c.g.nodes[c.g.edges[o].from].first]; l >= 0; l = c.labels[l].next {
		c.steps++
		if c.labels[l].hops <= hops && earlier(c.arrival(o, l), o, t, m) {
			best = max(best, c.loss(o, l))
		}
	}
	return best
}

// earlier reports whether edge a, gone at ta, leaves edge b, gone at tb, to be the causing one.
func earlier(ta Seconds, a int32, tb Seconds, b int32) bool { return ta < tb || ta == tb && a > b }
