package storetest_test

import (
	"testing"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

func TestModel(t *testing.T) {
	storetest.Run(t, func(testing.TB) store.Driver { return storetest.NewModel() })
}
