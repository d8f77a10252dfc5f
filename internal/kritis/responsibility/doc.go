// Package responsibility is the rule that says which body is responsible: a pure function of a subject, a purpose, a day and
// the reference data, from legal acts over conditions to bodies, gaps and open questions.
//
// [NewRulebook] indexes the data once; [Rulebook.Answer] then answers in microseconds and without I/O. The rule never
// guesses: an unknown fact that matters makes the answer ambiguous, and the answer says which question would decide.
//
// Competences change by an [Amendment]: [Rulebook.With] applies it to a copy, and [Rulebook.Compare] says what differs and who would lose
// their supervisor.
//
// Where the written rule leaves a choice, the package reads it so:
//
//   - A row has a place if it is federal, or names a Land of the unit: for contact points any affected Land, for every other
//     role the site. A row without a place never counts, neither to open an act nor to displace one nor as a gate.
//   - A row whose validity has ended by the day never counts. One that begins later counts for the question whether an act
//     applies, not for displacement and not as a step.
//   - An act is displaced if a role of it is, and nothing is left of it: neither a step nor a gap. An act of which nothing is
//     left for another reason has no regime and is not listed.
//   - Two rows that give the same body, Land and role are the same step; so a body that each value of an unknown fact leads to
//     is certain. The step names the row that gives it for most of the narrower subjects, then the least specific, then the first.
//   - A row with a named body takes the place of rows with a placeholder at the same act, role, Land and specificity: this is
//     how an own row closes a gap and nothing else changes.
package responsibility
