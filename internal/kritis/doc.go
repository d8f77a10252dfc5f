// Package kritis is the domain: the vocabulary of the graph, the typed objects that stand in it, and the use cases that
// answer who is responsible and how to reach them, and what is affected and whom to inform.
//
// Rules are pure functions in packages below (responsibility, impact); this package fetches what they need through
// internal/store and gives answers to internal/server and graph. It knows neither GraphQL nor a database.
package kritis
