package graph_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"kritisgraph"
)

// served lists the contract documents that the schema answers. It only grows.
var served = []string{
	"01_state_page", "02_responsibility_operator", "03_responsibility_place", "04_responsibilities_bulk",
	"05_responsibility_diff", "06_coverage", "07_incident_impact", "08_simulate_outage", "09_paths_and_spof", "15_search", "17_history", "19_viewer", "20_sector_catalogue",
}

func loadSchema(t *testing.T) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: kritisgraph.Schema})
	if err != nil {
		t.Fatalf("schema.graphqls does not load: %v", err)
	}
	return schema
}

func TestServedContractDocumentsValidate(t *testing.T) {
	schema := loadSchema(t)
	for _, name := range served {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", "contract", name+".graphql"))
			if err != nil {
				t.Fatal(err)
			}
			if _, errs := gqlparser.LoadQueryWithRules(schema, string(text), nil); errs != nil {
				t.Fatalf("does not validate: %v", errs)
			}
		})
	}
}

func TestContractCopiesEqualTheirOrigin(t *testing.T) {
	origin := filepath.Join("..", "..", "shared", "contract")
	if _, err := os.Stat(origin); os.IsNotExist(err) {
		t.Log("no contract folder beside the repository; nothing to compare with")
		return
	}
	copies := filepath.Join("testdata", "contract")
	for _, dir := range []string{origin, copies} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file.Name(), ".graphql") && !strings.HasSuffix(file.Name(), ".json") {
				continue
			}
			want, err := os.ReadFile(filepath.Join(origin, file.Name()))
			if err != nil {
				t.Errorf("%s is a copy without origin: %v", file.Name(), err)
				continue
			}
			got, err := os.ReadFile(filepath.Join(copies, file.Name()))
			if err != nil {
				t.Errorf("%s is not copied: %v", file.Name(), err)
				continue
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs from its origin", file.Name())
			}
		}
	}
}
