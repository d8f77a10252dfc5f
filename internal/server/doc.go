// Package server serves the API and the pages over HTTP: who the caller is, which origins may ask, what every answer carries,
// whether the server is ready, and how it ends.
package server
