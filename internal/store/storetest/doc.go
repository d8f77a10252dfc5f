// Package storetest is the conformance suite that every store.Driver passes without a skip: cases, a naive in-memory model
// that is itself a driver, random sequences compared with it, and a driver that counts calls.
//
// Where the contract leaves a choice, the suite makes it:
//   - Uniqueness is judged on the state after a change: a value may move from one node to another, or two nodes may swap
//     theirs, in one change.
//   - The ends of an edge never change: a Link with other ends than the edge has is ErrInvalid.
//   - Relation filters and counts by a neighbor do not judge ValidOn; it is for the nodes of the query, the edges of a hop
//     and what a walk reaches.
//   - A count by a list counts a node once for each distinct element, an empty list under the absent Value. A count by
//     ranges puts an absent property under the absent Value, which is also that of the first range. A count by a neighbor
//     counts a node once for each distinct neighbor.
//   - A log record that Of, Labels or a restricted scope trims keeps the preconditions of the rows it keeps, no other. A
//     restricted scope reads neither Once nor Result of a record. The lookup by Once does not depend on the scope: who
//     knows the key has made the change.
//   - A row of an edge shows where both ends do: "then" is the moment after the commit, for a deletion the one before it.
//   - The subject of an event is judged as it shows now, a deleted one by its last visibility.
package storetest
