package impact

// Wave are the entries that are reached after the same number of hops: effects of that order. Wave 0 are the roots.
type Wave struct {
	Hops        int
	StartsAfter Seconds // of the earliest
	Entries     []int   // numbers in the answer, ascending
}

// Moment are the entries that begin at the same time.
type Moment struct {
	StartsAfter Seconds
	Entries     []int // numbers in the answer, ascending
}

// Waves groups the entries by hops, fewest first. Every entry is in one wave; no wave is empty.
func (a *Answer) Waves() []Wave {
	var byHops [deepest + 1][]int
	for i := range a.Entries {
		byHops[a.Entries[i].Hops] = append(byHops[a.Entries[i].Hops], i)
	}
	waves := []Wave{}
	for hops, entries := range byHops {
		if len(entries) > 0 {
			waves = append(waves, Wave{hops, a.Entries[entries[0]].StartsAfter, entries})
		}
	}
	return waves
}

// Timeline groups the entries by when they begin, earliest first.
func (a *Answer) Timeline() []Moment {
	line := []Moment{}
	for i := range a.Entries {
		t := a.Entries[i].StartsAfter
		if len(line) == 0 || line[len(line)-1].StartsAfter != t {
			line = append(line, Moment{StartsAfter: t})
		}
		last := &line[len(line)-1]
		last.Entries = append(last.Entries, i)
	}
	return line
}
