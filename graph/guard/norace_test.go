//go:build !race

package guard_test

// raceFactor is how much slower the race detector makes a measured part.
const raceFactor = 1
