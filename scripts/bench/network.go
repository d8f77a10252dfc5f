package main

import (
	"cmp"
	"slices"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

// network is the registered dependencies of the demo data as adjacency lists: the floor under every traversal.
type network struct {
	things  []thing // facilities and operators
	out, in [][]int32
	met     []int32 // when a search last came by
	turn    int32
}

type thing struct {
	id     store.ID
	branch string   // of a facility
	lands  []string // where it stands and what it supplies
}

// readNetwork generates the demo data that the server loads. Its dependencies do not depend on the day.
func readNetwork(size seed.Size) (*network, error) {
	n := &network{}
	number := map[store.ID]int32{}
	type ends struct{ from, to store.ID }
	var dependencies []ends
	for c, err := range seed.Demo(seed.Options{Seed: 1, Size: size, Day: "2026-11-01"}) {
		if err != nil {
			return nil, err
		}
		for _, x := range c.Put {
			if label := x.Label(); label == kritis.LabelFacility || label == kritis.LabelOperator {
				number[x.ID] = int32(len(n.things)) //nolint:gosec // some ten thousand
				n.things = append(n.things, thing{x.ID, x.Prop("branchSlug").Text(), append(x.Prop("supplyCodes").List(), x.Prop("siteCode").Text())})
			}
		}
		for _, e := range c.Link {
			if e.Type() == kritis.EdgeSupplies {
				dependencies = append(dependencies, ends{e.From, e.To})
			}
		}
	}
	n.out, n.in, n.met = make([][]int32, len(n.things)), make([][]int32, len(n.things)), make([]int32, len(n.things))
	for _, d := range dependencies {
		from, to := number[d.from], number[d.to]
		n.out[from], n.in[to] = append(n.out[from], to), append(n.in[to], from)
	}
	return n, nil
}

// within are the things that a breadth-first search of some depth reaches, where it begins included.
func (n *network) within(from []int32, next [][]int32, depth int) []int32 {
	n.turn++
	found := make([]int32, 0, 64)
	for _, x := range from {
		n.met[x] = n.turn
		found = append(found, x)
	}
	for begin := 0; depth > 0 && begin < len(found); depth-- {
		end := len(found)
		for _, x := range found[begin:end] {
			for _, y := range next[x] {
				if n.met[y] != n.turn {
					n.met[y] = n.turn
					found = append(found, y)
				}
			}
		}
		begin = end
	}
	return found
}

// spread takes some facilities that others depend on: of each branch in turn, evenly by reference.
func (n *network) spread(count int) []int32 {
	branches := map[string][]int32{}
	for i, x := range n.things {
		if x.branch != "" && len(n.out[i]) > 0 {
			branches[x.branch] = append(branches[x.branch], int32(i)) //nolint:gosec // as above
		}
	}
	var lists [][]int32
	for _, list := range branches {
		slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(n.things[a].id, n.things[b].id) })
		lists = append(lists, list)
	}
	slices.SortFunc(lists, func(a, b []int32) int { return cmp.Compare(n.things[a[0]].branch, n.things[b[0]].branch) })
	each := (count + len(lists) - 1) / len(lists)
	var out []int32
	for k := range each {
		for _, list := range lists {
			if len(out) < count && k < len(list) {
				out = append(out, list[k*len(list)/min(each, len(list))])
			}
		}
	}
	return out
}

// busiest are the facilities on which most depend.
func (n *network) busiest(count int) []int32 {
	var all []int32
	for i, x := range n.things {
		if x.branch != "" {
			all = append(all, int32(i)) //nolint:gosec // as above
		}
	}
	slices.SortFunc(all, func(a, b int32) int {
		return cmp.Or(cmp.Compare(len(n.out[b]), len(n.out[a])), cmp.Compare(n.things[a].id, n.things[b].id))
	})
	return all[:min(count, len(all))]
}

// inLand are the facilities that stand in a Land or supply it.
func (n *network) inLand(code string) []int32 {
	var out []int32
	for i, x := range n.things {
		if slices.Contains(x.lands, code) {
			out = append(out, int32(i)) //nolint:gosec // as above
		}
	}
	return out
}

// ofBranch are some facilities of a branch in a Land, evenly by reference.
func (n *network) ofBranch(slug, land string, count int) []int32 {
	var all []int32
	for i, x := range n.things {
		if x.branch == slug && slices.Contains(x.lands, land) && len(n.in[i]) > 0 {
			all = append(all, int32(i)) //nolint:gosec // as above
		}
	}
	slices.SortFunc(all, func(a, b int32) int { return cmp.Compare(n.things[a].id, n.things[b].id) })
	count = min(count, len(all))
	var out []int32
	for k := range count {
		out = append(out, all[k*len(all)/count])
	}
	return out
}

// upstream is what one comes to by going to the first provider so often.
func (n *network) upstream(of int32, steps int) int32 {
	at := of
	for range steps {
		for _, p := range n.in[at] {
			if p != of {
				at = p
				break
			}
		}
	}
	return at
}

// affected counts what is reached from some roots.
func (n *network) affected(roots ...int32) int { return len(n.within(roots, n.out, 3)) }

// points counts what takes others in a Land down, as far as reaching is taking down.
func (n *network) points(land string) int {
	there := n.inLand(land)
	inside := make([]bool, len(n.things))
	for _, x := range there {
		inside[x] = true
	}
	count := 0
	for _, x := range n.within(there, n.in, 3) {
		if slices.ContainsFunc(n.within([]int32{x}, n.out, 3)[1:], func(y int32) bool { return inside[y] }) {
			count++
		}
	}
	return count
}

// paths counts the ends of a search that are the dependent: one at most, for a breadth-first search knows no second way.
func (n *network) paths(provider, dependent int32) int {
	if slices.Contains(n.within([]int32{provider}, n.out, 4), dependent) {
		return 1
	}
	return 0
}

// causes counts what both depend on.
func (n *network) causes(a, b int32) int {
	above := make([]bool, len(n.things))
	for _, x := range n.within([]int32{a}, n.in, 3) {
		above[x] = true
	}
	count := 0
	for _, x := range n.within([]int32{b}, n.in, 3) {
		if above[x] {
			count++
		}
	}
	return count
}
