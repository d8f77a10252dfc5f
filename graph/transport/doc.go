// Package transport serves GraphQL over HTTP as its specification says: POST with JSON, GET for queries, both media types of
// responses; a request may name a stored document by its SHA-256. There are no multipart requests, no form posts and no batches, and a
// refused request is never echoed.
package transport
