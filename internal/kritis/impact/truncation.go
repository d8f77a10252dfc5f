package impact

import "strconv"

// TruncationReason says what cut an answer.
type TruncationReason string

// What can cut an answer, in their order. RESULT_LIMIT cuts lists of paths only.
const (
	NodeBudget    TruncationReason = "NODE_BUDGET"
	ByMaxDepth    TruncationReason = "MAX_DEPTH"
	ByHorizon     TruncationReason = "HORIZON"
	ByMinStrength TruncationReason = "MIN_STRENGTH"
	ResultLimit   TruncationReason = "RESULT_LIMIT"
)

// Truncation says that an answer is not all there is, and which limit did it.
type Truncation struct {
	Reason TruncationReason
	Limit  string // 3, P7D, 0.1
}

// truncations says which bounds kept nodes out of the answer.
func (c *cascade) truncations() []Truncation {
	if c.cut.Reason != "" {
		return []Truncation{c.cut}
	}
	var broken brokenBounds
	for _, at := range c.touched {
		p := c.g.places[at]
		for _, e := range c.g.out[p.node] {
			x := &c.g.edges[e]
			to := c.g.nodes[x.to].first
			if c.kept[to] >= 0 {
				continue
			}
			if x.need < 0 {
				c.judge([]lost{{e, at}}, &broken)
			} else if members, all := c.lostMembers(c.g.needs[x.need]); all && members[0].at == at {
				c.judge(members, &broken)
			}
		}
		c.g.eachReference(p, c.premise.fill, func(e, to int32) {
			if c.kept[to] < 0 {
				c.judge([]lost{{e, at}}, &broken)
			}
		})
	}
	limits := [...]Truncation{
		{ByMaxDepth, strconv.Itoa(c.premise.MaxDepth)}, {ByHorizon, c.premise.Horizon.String()}, {ByMinStrength, c.premise.MinStrength.String()},
	}
	out := []Truncation{}
	for i, is := range broken {
		if is {
			out = append(out, limits[i])
		}
	}
	return out
}

// brokenBounds are depth, horizon and strength.
type brokenBounds [3]bool

// lost is an edge whose provider is affected at a place.
type lost struct{ edge, at int32 }

// lostMembers are the edges of a need if all their providers are affected.
func (c *cascade) lostMembers(need []int32) ([]lost, bool) {
	members := make([]lost, len(need))
	for i, e := range need {
		at := c.g.nodes[c.g.edges[e].from].first
		if c.kept[at] < 0 {
			return nil, false
		}
		members[i] = lost{e, at}
	}
	return members, true
}

// judge notes, over all choices of kept labels of the edges of a need, the first bound that each breaks.
func (c *cascade) judge(members []lost, broken *brokenBounds) {
	keeps := [3]func(m lost, l *label) bool{
		func(_ lost, l *label) bool { return int(l.hops) < c.premise.MaxDepth },
		func(m lost, l *label) bool { return l.time+c.delay(m.edge) <= c.premise.Horizon },
		func(m lost, l *label) bool {
			return l.strength.through(c.g.edges[m.edge].Strength) >= c.premise.MinStrength
		},
	}
	// A choice breaks bound i first if each of its labels keeps the bounds before it and one of them does not keep i.
	for i := range keeps {
		breaks, possible := false, true
		for _, m := range members {
			some := false
			for k := c.kept[m.at]; k >= 0; k = c.labels[k].next {
				l := &c.labels[k]
				if i > 0 && !keeps[0](m, l) || i > 1 && !keeps[1](m, l) {
					continue
				}
				some = true
				breaks = breaks || !keeps[i](m, l)
			}
			possible = possible && some
		}
		if breaks && possible {
			broken[i] = true
		}
	}
}
