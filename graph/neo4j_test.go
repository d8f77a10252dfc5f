//go:build neo4j

package graph_test

import (
	"context"
	"testing"

	"kritisgraph/internal/store/neo4jstore"
	"kritisgraph/internal/store/neo4jstore/neo4jtest"
)

// onNeo4j returns the world over the emptied database of the tests.
func onNeo4j(t testing.TB) *world {
	t.Helper()
	s := neo4jtest.Empty(t)
	driver, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: s.URI, User: s.User, Password: s.Password, Database: s.Database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := driver.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return newWorld(t, driver)
}

// Filling a database takes some seconds, so tests that do not get in each other's way share one.

func TestAnswersOnNeo4j(t *testing.T) {
	w := onNeo4j(t)
	t.Run("the contract", func(t *testing.T) { checkContract(t, w) })
	t.Run("something hidden and something missing", func(t *testing.T) { checkExistence(t, hidingWorld(t, w)) })
}

// A call of Neo4j takes longer, so its paths are a step shorter.
func TestMatrixOnNeo4j(t *testing.T) { checkMatrix(t, fullWorld(t, onNeo4j(t)), maxDepth-1) }

func TestOutagesOnNeo4j(t *testing.T) {
	w := onNeo4j(t)
	t.Run("read in rounds", func(t *testing.T) { checkOutages(t, w, 15) })
	t.Run("single points of failure", func(t *testing.T) { checkPoints(t, w, "NI") })
	t.Run("common causes and paths", func(t *testing.T) { checkCausesAndPaths(t, w, 5) })
}

func TestSpreadsheetsOnNeo4j(t *testing.T) {
	w := onNeo4j(t)
	t.Run("a hidden end", func(t *testing.T) { checkHiddenEnds(t, w) })
	t.Run("of dependencies", func(t *testing.T) { checkDependencyImport(t, w) })
	t.Run("of facilities", func(t *testing.T) { checkFacilityImport(t, w) })
}

func TestSettlingOnNeo4j(t *testing.T) { checkSettling(t, onNeo4j(t)) }

func TestRestrictedReadsAreRecordedOnNeo4j(t *testing.T) {
	checkReads(t, withSecretChannel(t, onNeo4j(t)))
}

func TestHistoryOnNeo4j(t *testing.T) {
	w := onNeo4j(t)
	t.Run("of twenty editors", func(t *testing.T) { checkEditors(t, w) })
	t.Run("of an incident", func(t *testing.T) { checkHistory(t, w) })
	t.Run("of something hidden", func(t *testing.T) { checkHiddenHistory(t, w) })
	t.Run("of something deleted", func(t *testing.T) { checkDeletedHistory(t, w) })
	t.Run("of channels", func(t *testing.T) { checkChannelHistory(t, withSecretChannel(t, w)) })
}

func TestATokenIsHonouredByAnotherProcessOnNeo4j(t *testing.T) {
	w, s := onNeo4j(t), neo4jtest.Named(t)
	driver, err := neo4jstore.Open(t.Context(), neo4jstore.Options{URI: s.URI, User: s.User, Password: s.Password, Database: s.Database})
	if err != nil {
		t.Fatal(err)
	}
	checkToken(t, w, w.beside(t, driver))
}

func TestRegisterOnNeo4j(t *testing.T) {
	w := onNeo4j(t)
	t.Run("twenty editors", func(t *testing.T) { checkOperatorEditors(t, w) })
	t.Run("an operator", func(t *testing.T) { checkOperatorLife(t, w) })
	t.Run("a body", func(t *testing.T) { checkAuthorityLife(t, w) })
	t.Run("sight follows", func(t *testing.T) { checkSightFollows(t, w) })
}

func TestDependenciesOnNeo4j(t *testing.T) {
	w := onNeo4j(t)
	t.Run("twenty editors", func(t *testing.T) { checkDependencyEditors(t, w) })
	t.Run("a dependency", func(t *testing.T) { checkDependencyLife(t, w) })
	t.Run("something hidden and something missing", func(t *testing.T) { checkHiddenDependencies(t, w) })
}

func TestCompetenceSetsOnNeo4j(t *testing.T) {
	t.Run("one proposes, another publishes", func(t *testing.T) { checkSetIsPublished(t, onNeo4j(t)) })
	t.Run("two approvers", func(t *testing.T) { checkTwoApprovers(t, onNeo4j(t)) })
}

func TestContactPointsOnNeo4j(t *testing.T) {
	w := onNeo4j(t)
	t.Run("changed by twenty at once", func(t *testing.T) { checkChannelEditors(t, w) })
	t.Run("entered, changed and withdrawn", func(t *testing.T) { checkContactPoint(t, w) })
	t.Run("held", func(t *testing.T) { checkHolders(t, w) })
}

func TestKeysAndGrantsOnNeo4j(t *testing.T) {
	w := onNeo4j(t)
	t.Run("keys", func(t *testing.T) { checkKeys(t, w) })
	t.Run("the owner grants", func(t *testing.T) { checkGrant(t, w) })
	w = onNeo4j(t)
	t.Run("something hidden is asked for as something missing", func(t *testing.T) { checkAsking(t, w) })
	t.Run("what is withheld", func(t *testing.T) { checkRedactions(t, w) })
	t.Run("break-glass", func(t *testing.T) { checkBreakGlass(t, w) })
	t.Run("two who decide", func(t *testing.T) { checkDeciders(t, onNeo4j(t)) })
}
