package responsibility

// completion is one leaf and one value for each attribute that is asked for there.
type completion struct {
	plan   *plan
	values [attributeCount]int8
}

// completions lists every completion of the unit, leaf by leaf, in an order that depends on the rulebook only.
func (e *evaluation) completions() {
	e.list = e.list[:0]
	e.free, e.assumed = 0, 0
	for _, l := range e.unit.parts {
		p := &e.rb.plans[e.purpose][l]
		base := completion{plan: p, values: e.unit.values}
		for i := range attributes {
			a := &attributes[i]
			if base.values[i] == unknownValue && a.Default != "" && p.leaf.sector.Slug != a.UnknownIn {
				base.values[i] = int8(a.valueIndex(a.Default))
				e.assumed |= 1 << i
			}
		}
		free := e.asked(p, &base)
		e.free |= free
		first := len(e.list)
		e.list = append(e.list, base)
		for i := range attributes {
			if free&(1<<i) == 0 {
				continue
			}
			e.spread(first, i)
		}
	}
}

// spread replaces each completion from first on by one for each value of the attribute.
func (e *evaluation) spread(first, attribute int) {
	n := len(e.list)
	for v := range attributes[attribute].Values {
		for j := first; j < n; j++ {
			c := e.list[j]
			c.values[attribute] = int8(v)
			if v == 0 {
				e.list[j] = c
			} else {
				e.list = append(e.list, c)
			}
		}
	}
}

// asked gives the attributes that are unknown and that a row which matters for the leaf asks for.
func (e *evaluation) asked(p *plan, c *completion) uint32 {
	var set uint32
	for i := range p.acts {
		if !e.wanted(p.acts[i].act) {
			continue
		}
		for _, r := range p.acts[i].asking {
			if !e.counts(r) {
				continue
			}
			for _, cond := range r.conds {
				if c.values[cond.attribute] == unknownValue {
					set |= 1 << cond.attribute
				}
			}
		}
	}
	return set
}

// holds says whether all conditions hold in the completion.
func (c *completion) holds(conds []condition) bool {
	for _, cond := range conds {
		v := c.values[cond.attribute]
		if v == unknownValue || cond.values&(1<<v) == 0 {
			return false
		}
	}
	return true
}

// inside says whether the scope of an act keeps the completion inside; what is unknown does.
func (c *completion) inside(conds []condition) (condition, bool) {
	for _, cond := range conds {
		v := c.values[cond.attribute]
		if v != unknownValue && cond.values&(1<<v) == 0 {
			return cond, false
		}
	}
	return condition{}, true
}
