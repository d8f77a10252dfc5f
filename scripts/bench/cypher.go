package main

import (
	"context"
	"os"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// What one would write by hand, one statement for a question, in the form that is fastest here: an edge that is too weak for the whole chain ends it while
// it is followed. Each answers less than the product does. Cypher has no way to say that alternatives spare a dependent that has lost one of them only, nor
// that the way that goes on is another one than the first to arrive (what the labels of the rule are for); it has every way to a node in hand before it can choose the earliest.
// Left out, though it could be said: backup power, the dependencies of the branches, who may see what, and on which day it holds.
const (
	chain = `reduce(t = 0, e IN r | t + e.timeToImpactSeconds + coalesce(e.substituteSeconds, 0)) AS t, reduce(s = 1.0, e IN r | s * e.strengthMillionths / 1000000) AS s`

	cypherImpact = `MATCH (root:_Node {id: $root})
MATCH (root)-[r:SUPPLIES*1..3]->(x) WHERE all(e IN r WHERE e.strengthMillionths >= 100000)
WITH x, size(r) AS hops, ` + chain + `
WHERE t <= 604800 AND s >= 0.1
WITH x, t, s, hops ORDER BY t, s DESC, hops
WITH x, head(collect([t, s, hops])) AS best
RETURN collect([x.reference, best]) AS answer`

	cypherPoints = `MATCH (x:Facility) WHERE x.siteCode = $land OR $land IN x.supplyCodes
MATCH (c)-[r:SUPPLIES*1..3]->(x) WHERE all(e IN r WHERE e.strengthMillionths >= 500000)
WITH c, x, ` + chain + `
WHERE t <= 604800 AND s >= 0.5
WITH c, count(DISTINCT x) AS dependents
WITH c, dependents ORDER BY dependents DESC, c.id
RETURN collect([c.reference, dependents]) AS answer`

	cypherPaths = `MATCH (provider:_Node {id: $provider}), (dependent:_Node {id: $dependent})
MATCH (provider)-[r:SUPPLIES*1..4]->(dependent)
WITH r, ` + chain + `
ORDER BY s DESC, t LIMIT 50
RETURN collect([s, t, [e IN r | e.id]]) AS answer`

	cypherCauses = `UNWIND [$a, $b] AS subject
MATCH (x:_Node {id: subject})
MATCH (c)-[r:SUPPLIES*1..3]->(x) WHERE all(e IN r WHERE e.strengthMillionths >= 100000)
WITH x, c, ` + chain + `
WHERE t <= 604800 AND s >= 0.1
WITH x, c, min(t) AS t
WITH c, max(t) AS t, count(*) AS subjects WHERE subjects = 2
WITH c, t ORDER BY t, c.id
RETURN collect([c.reference, t]) AS answer`
)

// patience is how long a statement may take.
const patience = 2 * time.Minute

// cypher asks the server that NEO4J_URI names, without the product.
type cypher struct {
	driver neo4j.DriverWithContext
}

func openCypher(uri string) (*cypher, error) {
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.BasicAuth(os.Getenv("NEO4J_USER"), os.Getenv("NEO4J_PASSWORD"), ""))
	if err != nil {
		return nil, err
	}
	return &cypher{driver}, nil
}

// ask returns the number of things in the one list that a statement answers.
func (c *cypher) ask(statement string, params map[string]any) (int, error) {
	ctx := context.Background()
	s := c.driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: os.Getenv("NEO4J_DATABASE"), AccessMode: neo4j.AccessModeRead})
	defer func() { _ = s.Close(ctx) }()
	result, err := s.Run(ctx, statement, params, neo4j.WithTxTimeout(patience))
	if err != nil {
		return 0, err
	}
	record, err := result.Single(ctx)
	if err != nil {
		return 0, err
	}
	list, _ := record.Values[0].([]any)
	return len(list), nil
}
