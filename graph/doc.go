// Package graph answers GraphQL requests: it is the only package that knows gqlgen, and it holds no rule of the domain.
package graph
