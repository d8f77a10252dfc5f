// Command kritisgraph is the composition root: it reads the settings, opens the store, and runs the server or one of the
// commands beside it.
package main
