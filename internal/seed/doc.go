// Package seed holds the reference data that the product ships and the generator of fictional demo data: it reads the
// embedded YAML files into typed values and turns them into commits for an empty store.
package seed
