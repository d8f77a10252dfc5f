// Package guard bounds what a GraphQL document may ask for before anything of it is executed: its size and shape, its cost,
// and the one-of inputs among its variables. Everything here takes time linear in the document, whatever it nests.
package guard
