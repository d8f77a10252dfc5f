package responsibility

// Cell says how an act stands for a sector in a Land.
type Cell struct {
	Land   string
	Sector string
	Status Status    // NOT_APPLICABLE where the act gives no regime
	Codes  []GapCode // of gaps in any completion, in the order of [GapCodes]
}

// Coverage asks for each Land and sector, without attributes, how the act stands: rows by code of the Land, cells in the data
// order of the sectors. AMBIGUOUS means that it depends on the branch or on facts of the operator. It gives an [InputError]
// for an unknown act, purpose or day.
func (rb *Rulebook) Coverage(act string, day Day, purpose Purpose) ([][]Cell, error) {
	if act == "" {
		return nil, unknownSlug("legalAct", "legal act", act)
	}
	e, err := rb.evaluation(purpose, []string{act}, day)
	if err != nil {
		return nil, err
	}
	out := make([][]Cell, len(rb.lands))
	for i, land := range rb.lands {
		out[i] = make([]Cell, len(rb.sectors))
		for j := range rb.sectors {
			cell := Cell{Land: land.Code, Sector: rb.sectors[j].Slug, Status: NotApplicableStatus}
			f, err := rb.resolve(Unit{Site: land.Code, Subject: Subject{Sector: cell.Sector}})
			if err != nil {
				return nil, err
			}
			if a := e.answer([]facts{f}); len(a.Regimes) > 0 {
				cell.Status, cell.Codes = a.Regimes[0].Status, a.Regimes[0].Codes
			}
			out[i][j] = cell
		}
	}
	return out, nil
}
