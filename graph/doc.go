// Package graph answers GraphQL requests: it is the only package that knows gqlgen, and it holds no rule of the domain.
// Generated (go:generate) are the executable schema and its types, in generated and model, and the table of access, in policy.
package graph
