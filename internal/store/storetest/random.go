package storetest

import (
	"kritisgraph/internal/store"
	"testing"
)

// RunModel is to come.
func RunModel(t *testing.T, open func(testing.TB) store.Driver) {}
