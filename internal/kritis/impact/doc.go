// Package impact is the rule that says what fails when something fails: a pure function of a graph of dependencies, the first
// failures and bounds, with integers only. Equal questions have equal answers, byte by byte.
//
// [NewGraph] checks and indexes nodes and edges once; it does not change afterwards and may be shared. Its methods answer:
// [Graph.Impact] runs the cascade, [Graph.CriticalDependencies] and [Graph.Compare] run it again under another premise,
// [Graph.SinglePointsOfFailure] and [Graph.CommonCauses] try each candidate as the only root, [Graph.Paths] lists
// the ways between two nodes. Each takes a context and ends early when that is cancelled.
//
// A dependent is hit when any of its needs is lost, and a need of several edges when the last of them is. A label (time, strength,
// hops) is one way in which a node is affected; the cascade keeps every label that no other dominates, because the earliest way may be
// too weak or too long to go on while a later one does. Times add, strengths multiply, bounds are inclusive.
//
// An answer is right if the graph holds, of every node in it, the edges out of it, and of every dependent of those all edges of the needs that they
// belong to. A caller that reads a large graph may begin with the roots, ask, read the edges of the entries whose edges it has not read yet
// and the needs of their dependents, and ask again until no entry is new: more edges never take an entry of a registered node away, and each round reaches
// one hop further, so that two reads a round and two rounds more than the depth are enough. The layer of the branches is small: give it whole.
//
// Where the written rule leaves a choice, the package reads it so:
//
//   - A cascade that would hold more than two million labels, or weigh those of alternatives more than a hundred million times, ends with the
//     entries found so far, and says so by NODE_BUDGET with that limit.
//   - A branch counts once against the budget of nodes, in how many Länder ever it fails. Whether a bound cut is judged in each Land.
//   - The facilities of a branch in a Land, as roots, are those whose site is there.
//   - A chain that breaks a bound and the duration of the outage too is cut by the bound.
//   - A supply area is known if a regional key or a Land of it is. A key without a figure adds nothing to the population,
//     and takes away none that lies within it.
//   - A root that the budget of nodes cut counts in no population.
//   - Among the choices of alternatives that give a node the same time and the same causing edge, only the ones that no other
//     dominates become labels. Which entry is shown, and how, does not depend on the rest.
package impact
