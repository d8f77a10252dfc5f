// Package seed holds the reference data that the product ships and the generator of fictional demo data: it reads the
// embedded YAML files into typed values, turns them into commits for an empty store, and renews the reference data of a
// store that has older ones. Numbers of the generator come from a stream of its own, so that they never change.
package seed
