package responsibility

import "slices"

// plan is what the rule needs for one purpose and leaf: for each act of the purpose, in regime order, the rows that matter.
type plan struct {
	leaf *leaf
	duty bool
	acts []actPlan
}

// actPlan holds the rows of an act that name the leaf.
type actPlan struct {
	act     *act
	roles   []rolePlan
	covered bool   // the act has no scope, or its scope names the sector
	gates   []gate // rows of a role of the purpose with gate
	openers []*row // rows that open the act in a sector that it does not cover
	maker   *row   // who may designate bodies by ordinance
	asking  []*row // rows whose conditions matter
}

type gate struct {
	*row
	takenOut bool
}

type rolePlan struct {
	roleUse
	rows       []*row // data order
	takenOut   []*row // rows of the role that not_for takes the leaf out of
	displacers []*row // rows of this role, of any act, that displace the act
}

// plan fills rb.plans.
func (rb *Rulebook) plan() {
	rb.plans = make([][]plan, len(purposeTable))
	for p := range rb.plans {
		rb.plans[p] = make([]plan, len(rb.leaves))
	}
	for i := range rb.leaves {
		l := &rb.leaves[i]
		var named []*row
		for j := range rb.rows {
			if l.named(rb.rows[j].Competence) {
				named = append(named, &rb.rows[j])
			}
		}
		for p := range purposeTable {
			rb.plans[p][i] = rb.planOf(&purposeTable[p], l, named)
		}
	}
}

func (rb *Rulebook) planOf(p *purposeLine, l *leaf, named []*row) plan {
	out := plan{leaf: l, duty: p.duty}
	for _, i := range rb.regimeOrder {
		a := &rb.acts[i]
		uses := p.rolesOf(&a.Act)
		if uses == nil {
			continue
		}
		ap := actPlan{act: a, covered: a.Scope == nil || slices.ContainsFunc(l.sector.CoveredBy, func(key string) bool {
			return slices.Contains(a.Scope.CoveredBy, key)
		})}
		for _, u := range uses {
			ap.roles = append(ap.roles, rolePlan{roleUse: u})
		}
		for _, r := range named {
			ap.add(r, l.takenOut(r.Competence))
		}
		ap.ask(p.duty)
		if a.Scope != nil || slices.ContainsFunc(ap.roles, func(r rolePlan) bool { return len(r.rows) > 0 }) || len(ap.gates) > 0 {
			out.acts = append(out.acts, ap)
		}
	}
	return out
}

// add files a row that names the leaf; out: its not_for takes the leaf out.
func (ap *actPlan) add(r *row, out bool) {
	role := slices.IndexFunc(ap.roles, func(p rolePlan) bool { return p.role == r.Role })
	if role >= 0 && !out && slices.Contains(r.displaces, ap.act.index) {
		ap.roles[role].displacers = append(ap.roles[role].displacers, r)
	}
	if r.act != ap.act {
		return
	}
	if role >= 0 {
		rp := &ap.roles[role]
		if r.Gate {
			ap.gates = append(ap.gates, gate{r, out})
		}
		if out {
			rp.takenOut = append(rp.takenOut, r)
		} else {
			rp.rows = append(rp.rows, r)
		}
	}
	if out {
		return
	}
	if r.Kind != CrossSector {
		ap.openers = append(ap.openers, r)
	}
	if r.Role == OrdinanceMaker {
		ap.maker = r
	}
}

// ask collects the rows with conditions that decide something, each at least once.
func (ap *actPlan) ask(duty bool) {
	all := func(rows []*row) {
		for _, r := range rows {
			if len(r.conds) > 0 {
				ap.asking = append(ap.asking, r)
			}
		}
	}
	for i := range ap.roles {
		all(ap.roles[i].rows)
		all(ap.roles[i].displacers)
	}
	if duty && !ap.covered {
		all(ap.openers)
	}
}
