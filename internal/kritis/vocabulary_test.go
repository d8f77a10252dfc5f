package kritis_test

import (
	"testing"

	"kritisgraph/internal/kritis"
)

func TestTheVocabularyIsWellFormed(t *testing.T) {
	schema := kritis.Schema()
	if err := schema.Check(); err != nil {
		t.Fatal(err)
	}
}
