package neo4jstore

import (
	"fmt"
	"strings"
)

// The Cypher of this package. Values are always parameters; the names that stand in statements are those of the closed
// vocabulary (see vocabulary.go) or reserved ones. A reading statement begins at the counter node and ends in one record:
// whether the store is being loaded, then one collected answer, because cost is paid for each record. Where a statement
// begins at known ids, a hint says so: what is planned while there is little data may scan, and serve the first load.

const (
	stmtPing     = `RETURN 1`
	stmtIdentity = `MATCH (c:_Counter {id: 1}) RETURN c.store, c.key, c.schema, c.loading IS NOT NULL, c.words, coalesce(c.derived, 0)`
	stmtWords    = `MATCH (c:_Counter {id: 1}) RETURN c.words`
	stmtHead     = `MATCH (c:_Counter {id: 1}) RETURN c.loading IS NOT NULL, c.seq`
)

// guarded makes a reading statement of a subquery that returns the one value named answer.
func guarded(subquery string) string {
	return "MATCH (c:_Counter {id: 1})\nCALL () {\n" + subquery + "\n}\nRETURN c.loading IS NOT NULL, answer"
}

// Schema: Migrate runs those whose name the database does not have.

const (
	textIndex       = "_text"
	stmtRules       = `SHOW INDEXES YIELD name RETURN collect(name)`
	stmtAwait       = `CALL db.awaitIndexes(600)`
	stmtMakeCounter = `MERGE (c:_Counter {id: 1})
ON CREATE SET c.seq = 0, c.hash = '', c.store = $store, c.key = $key, c.schema = $version, c.words = $words, c.derived = $version
RETURN c.schema`
	stmtRaiseCounter = `MATCH (c:_Counter {id: 1}) SET c.schema = $version, c.words = $words, c.derived = 0`
	stmtDerived      = `MATCH (c:_Counter {id: 1}) SET c.derived = $version`
	stmtDeriveLock   = `MATCH (c:_Counter {id: 1}) SET c.derived = 0`
	stmtDeriveRead   = `MATCH (n:_Node) WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $limit RETURN collect(properties(n))`
	stmtDeriveWrite = `UNWIND $rows AS row MATCH (n:_Node {id: row.id}) USING INDEX n:_Node(id) SET n = row RETURN count(*)`
)

func stmtUniqueNode(name, label, prop string) string {
	return fmt.Sprintf("CREATE CONSTRAINT `%s` IF NOT EXISTS FOR (n:`%s`) REQUIRE n.`%s` IS UNIQUE", name, label, prop)
}

func stmtUniqueEdge(name, edge string) string {
	return fmt.Sprintf("CREATE CONSTRAINT `%s` IF NOT EXISTS FOR ()-[e:`%s`]-() REQUIRE e.id IS UNIQUE", name, edge)
}

func stmtIndexNode(name, label string, props ...string) string {
	return fmt.Sprintf("CREATE INDEX `%s` IF NOT EXISTS FOR (n:`%s`) ON (n.`%s`)", name, label, strings.Join(props, "`, n.`"))
}

func stmtIndexEdge(name, edge, prop string) string {
	return fmt.Sprintf("CREATE INDEX `%s` IF NOT EXISTS FOR ()-[e:`%s`]-() ON (e.`%s`)", name, edge, prop)
}

func stmtDropUnique(name string) string { return "DROP CONSTRAINT `" + name + "` IF EXISTS" }
func stmtDropIndex(name string) string  { return "DROP INDEX `" + name + "` IF EXISTS" }

// The folded tokens stand in one property, separated by blanks: the whitespace analyzer leaves them as they are.
const stmtIndexText = "CREATE FULLTEXT INDEX `" + textIndex + "` IF NOT EXISTS FOR (n:_Node) ON EACH [n._text] " +
	"OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`: false}}"

// Reads.

// stmtNodes reads nodes by id, each in the form of the expression node.
func stmtNodes(scope, node string) string {
	return guarded(`UNWIND $ids AS id
MATCH (n:_Node {id: id}) USING INDEX n:_Node(id) WHERE ` + and(scope) + `
RETURN collect(` + node + `) AS answer`)
}

// The sources of nodes for List and Count: a label scan (or what index the planner finds for the conditions), a range of
// ids, an index that gives the order, or the full-text index.
const (
	fromIDs  = "MATCH (n:_Node) USING INDEX n:_Node(id) WHERE n.id >= $low AND n.id < $high AND "
	fromText = "CALL db.index.fulltext.queryNodes('" + textIndex + "', $lucene) YIELD node AS n\nWITH n WHERE all(t IN $tokens WHERE n._text CONTAINS t) AND "
)

func fromLabels(labels string) string { return "MATCH (n:" + labels + ") WHERE " }

func fromSorted(label, prop string) string {
	return fmt.Sprintf("MATCH (n:`%s`) USING INDEX n:`%s`(`%s`, id) WHERE n.id IS NOT NULL AND ", label, label, prop)
}

// rank ranks a node that matches a text, as store.Derived does.
const rank = `CASE WHEN $folded IN n._keys THEN 4 WHEN any(name IN n._names WHERE name STARTS WITH $folded) THEN 2 ELSE 1 END`

// stmtList reads a page and, if asked, the total, which count matches; match and count are a source with its conditions.
func stmtList(match, keyset, order, count string) string {
	if keyset != "" {
		match += " AND " + keyset
	}
	return paged(match+"\nWITH n ORDER BY "+order+" LIMIT $limit\nRETURN collect([properties(n)]) AS hits", count)
}

// stmtSearch is stmtList for a text: hits carry their rank.
func stmtSearch(match, keyset, order, count string) string {
	match += "\nWITH n, " + rank + " AS rank, coalesce(n._names[0], '') AS name"
	if keyset != "" {
		match += " WHERE " + keyset
	}
	return paged(match+"\nWITH n, rank, name ORDER BY "+order+" LIMIT $limit\nRETURN collect([properties(n), rank]) AS hits", count)
}

func paged(page, count string) string {
	if count == "" {
		return guarded("CALL () {\n" + page + "\n}\nRETURN [hits] AS answer")
	}
	return guarded("CALL () {\n" + page + "\n}\nCALL () {\n" + count + "\nRETURN count(*) AS total\n}\nRETURN [hits, total] AS answer")
}

// stmtCount counts nodes in groups; keys are the clauses that bind k0, k1 and so on.
func stmtCount(from, keys string, names []string) string {
	if len(names) == 0 {
		return guarded(from + "\nRETURN [[[], count(*)]] AS answer")
	}
	list := strings.Join(names, ", ")
	return guarded(from + keys + "\nWITH DISTINCT n, " + list + "\nWITH " + list + ", count(*) AS k\nRETURN collect([[" + list + "], k]) AS answer")
}

func keyProp(name, prop string) string {
	return fmt.Sprintf("\nUNWIND CASE WHEN %s IS NULL OR %s = [] THEN [null] ELSE %s END AS %s", prop, prop, prop, name)
}

func keyRange(name, prop, bounds string) string {
	return fmt.Sprintf("\nUNWIND [last([x IN %s WHERE x <= %s])] AS %s", bounds, prop, name)
}

func keyNeighbor(name, pattern, scope string) string {
	return "\nCALL (n) {\nOPTIONAL MATCH " + pattern + " WHERE " + and(scope) + "\nRETURN DISTINCT m.id AS " + name + "\n}"
}

func fromParent(pattern string) string { return "MATCH " + pattern + " USING INDEX p:_Node(id) WHERE " }

// stmtNeighbors reads, for each parent in order, a page of neighbors and, if asked, their total.
func stmtNeighbors(match, keyset, order string, total bool) string {
	page := "UNWIND range(0, size($from) - 1) AS i\nCALL (i) {\n" + match
	if keyset != "" {
		page += " AND " + keyset
	}
	page += "\nWITH n, e ORDER BY " + order + " LIMIT $limit\nRETURN collect([properties(n), properties(e)]) AS hits\n}"
	if !total {
		return guarded(page + "\nRETURN collect([i, hits]) AS answer")
	}
	return guarded(page + "\nCALL (i) {\n" + match + "\nRETURN count(*) AS total\n}\nRETURN collect([i, hits, total]) AS answer")
}

// stmtCross reads what a walk crosses from the nodes of a level: the nodes that it reaches, once each, and the edges.
func stmtCross(outward, inward, where, node, edge string) string {
	var arms []string
	if outward != "" {
		arms = append(arms, "MATCH (p)-[e:"+outward+"]->(n) WHERE "+where+"\nRETURN e, n, true AS out")
	}
	if inward != "" {
		arms = append(arms, "MATCH (p)<-[e:"+inward+"]-(n) WHERE "+where+"\nRETURN e, n, false AS out")
	}
	return guarded("UNWIND $ids AS id\nMATCH (p:_Node {id: id}) USING INDEX p:_Node(id)\nCALL (p) {\n" + strings.Join(arms, "\nUNION ALL\n") + `
}
WITH collect(DISTINCT n) AS reached, collect([` + edge + `, p.id, n.id, out]) AS edges
RETURN [[n IN reached | ` + node + `], edges] AS answer`)
}

// Writes. A writing transaction begins with stmtLock, so writers come one after the other.

// stmtLock takes the next sequence, and with it the lock of the counter node, before it looks for the key of the change
// and the newest rows of the things that the change presumes.
const stmtLock = `MATCH (c:_Counter {id: 1}) SET c.seq = c.seq + 1
WITH c
CALL () {
OPTIONAL MATCH (h:_Commit {once: $once}) RETURN h.seq AS replayed
}
CALL () {
UNWIND $ids AS id
CALL (id) { MATCH (r:_Row {of: id}) USING INDEX r:_Row(of, seq) WHERE r.seq > 0 RETURN r ORDER BY r.of DESC, r.seq DESC LIMIT 1 }
RETURN collect([id, r.version, r.kind]) AS have
}
RETURN c.loading IS NOT NULL, c.seq, c.hash, c.schema, c.words, replayed, have`

const (
	// Edges that are left are for the caller to refuse; they go here, so that what comes next finds the node gone. All
	// is found before anything is deleted, because each search looks through what the transaction has deleted.
	stmtDeleteNodes = `UNWIND $ids AS id MATCH (n:_Node {id: id}) USING INDEX n:_Node(id)
WITH collect(n) AS nodes, collect(CASE WHEN COUNT { (n)--() } > 0 THEN id END) AS held
FOREACH (n IN nodes | DETACH DELETE n)
RETURN held`
	stmtUpdateNodes = `UNWIND $rows AS row MATCH (n:_Node {id: row.id}) USING INDEX n:_Node(id)
WITH n, row, n._tlp AS tlp, n._aud AS aud
SET n = row SET n._tlp = tlp, n._aud = aud
RETURN count(*)`
	stmtSettled = `UNWIND $rows AS row MATCH (n:_Node {id: row.id}) USING INDEX n:_Node(id) SET n._tlp = row.tlp, n._aud = row.aud RETURN count(*)`
	// A row of a commit shows by what shows its things at that moment, one of a load brings that with it.
	stmtRows = `UNWIND $rows AS row
OPTIONAL MATCH (a:_Node {id: row.a}) USING INDEX a:_Node(id)
OPTIONAL MATCH (b:_Node {id: row.b}) USING INDEX b:_Node(id)
CREATE (r:_Row) SET r = row SET r.tlp = a._tlp, r.aud = a._aud, r.tlp2 = b._tlp, r.aud2 = b._aud
RETURN count(*)`
	stmtLoadedRows = `UNWIND $rows AS row CREATE (r:_Row) SET r = row RETURN count(*)`
	stmtHeaders    = `MATCH (c:_Counter {id: 1}) SET c.seq = $seq, c.hash = $hash
WITH c
CALL () { UNWIND $headers AS header CREATE (h:_Commit) SET h = header RETURN count(*) AS headers }
CALL () { UNWIND $events AS event CREATE (e:_Event) SET e = event RETURN count(*) AS events }
RETURN headers + events`
)

// stmtDeleteEdges deletes edges of a type, after all were found, and returns their ids and ends.
func stmtDeleteEdges(edge string) string {
	return "UNWIND $ids AS id MATCH (a)-[e:" + edge + " {id: id}]->(b) USING INDEX e:" + edge + "(id)\n" +
		"WITH collect(e) AS edges, collect([id, a.id, b.id]) AS ends\nFOREACH (e IN edges | DELETE e)\nRETURN ends"
}

// stmtUnset takes the unique properties off nodes that are about to be set anew, so that they may swap values.
func stmtUnset(props []string) string {
	return "UNWIND $ids AS id MATCH (n:_Node {id: id}) USING INDEX n:_Node(id) REMOVE n.`" + strings.Join(props, "`, n.`") + "` RETURN count(*)"
}

func stmtCreateNodes(label string) string {
	return "UNWIND $rows AS row CREATE (n:_Node:" + label + ") SET n = row RETURN count(*)"
}

func stmtCreateEdges(edge string) string {
	return "UNWIND $rows AS row MATCH (a:_Node {id: row.from}) USING INDEX a:_Node(id) MATCH (b:_Node {id: row.to}) USING INDEX b:_Node(id)\n" +
		"CREATE (a)-[e:" + edge + "]->(b) SET e = row.props RETURN count(*)"
}

func stmtUpdateEdges(edge string) string {
	return "UNWIND $rows AS row MATCH (a)-[e:" + edge + " {id: row.props.id}]->(b) USING INDEX e:" + edge + "(id) WHERE a.id = row.from AND b.id = row.to\n" +
		"SET e = row.props RETURN count(*)"
}

// Settling: what a node states, what is settled for it and who owns it; what nodes own. edges are the types that own.

func stmtOwners(edges string) string {
	return "UNWIND $ids AS id MATCH (n:_Node {id: id}) USING INDEX n:_Node(id)\n" +
		"RETURN collect([id, n._ownTlp, n._ownAud, n._tlp, n._aud, COLLECT { MATCH (n)<-[:" + edges + "]-(o) RETURN o.id }])"
}

func stmtOwned(edges string) string {
	return "UNWIND $ids AS id MATCH (n:_Node {id: id}) USING INDEX n:_Node(id)\nRETURN collect([id, COLLECT { MATCH (n)-[:" + edges + "]->(o) RETURN o.id }])"
}

// Load: the mark is a random token that each batch must still find, so that of two writers one gives way. A mark that
// was not renewed for a while is of a load that was interrupted.
const (
	loadLease     = 30_000 // milliseconds
	stmtMark      = `MATCH (c:_Counter {id: 1}) SET c.lock = $token RETURN c.seq, c.loading IS NOT NULL AND c.beat > timestamp() - $lease, c.loading IS NOT NULL, c.schema, c.words`
	stmtMarkSet   = `MATCH (c:_Counter {id: 1}) SET c.loading = $token, c.beat = timestamp()`
	stmtBeat      = `MATCH (c:_Counter {id: 1}) SET c.beat = timestamp() RETURN c.loading = $token`
	stmtLoaded    = `MATCH (c:_Counter {id: 1}) REMOVE c.loading, c.beat, c.lock`
	stmtRelease   = `MATCH (c:_Counter {id: 1, loading: $token}) SET c.beat = 0`
	stmtWiped     = `MATCH (c:_Counter {id: 1}) SET c.seq = 0, c.hash = '' REMOVE c.loading, c.beat, c.lock`
	stmtWipeNodes = `MATCH (n:_Node) WITH n LIMIT $limit DETACH DELETE n RETURN count(*)`
)

func stmtWipeEdges(edge string) string {
	return "MATCH ()-[e:" + edge + "]->() WITH e LIMIT $limit DELETE e RETURN count(*)"
}

func stmtWipeLog(label string) string {
	return "MATCH (n:" + label + ") WITH n LIMIT $limit DELETE n RETURN count(*)"
}

// The log. stmtLogPage finds the sequences of a page and how many rows each record has, stmtLogRecords reads records.

const stmtLogOnce = `MATCH (c:_Counter {id: 1})
OPTIONAL MATCH (h:_Commit {once: $once})
RETURN c.loading IS NOT NULL, [h.seq, h.prev, h.hash, h.change]`

// The sources of the sequences of a page, each with its range of sequences.
const (
	fromHeaders   = "MATCH (h:_Commit) USING INDEX h:_Commit(seq) WHERE h.seq > $after AND h.seq <= $upTo\nWITH h.seq AS seq"
	fromRowsOf    = "MATCH (r:_Row) WHERE r.of IN $of AND r.seq > $after AND r.seq <= $upTo"
	fromRowLabels = "MATCH (r:_Row) WHERE r.label IN $labels AND r.seq > $after AND r.seq <= $upTo"
	fromEvents    = "MATCH (e:_Event) WHERE e.type IN $events AND e.seq > $after AND e.seq <= $upTo"
)

// fromShownRowsOf are the rows of those things that show now, which is decided before a row is looked at: something hidden with a
// long history takes no longer than something missing.
func fromShownRowsOf() string {
	return "UNWIND $of AS asked\nWITH asked WHERE " + thingShows("asked") +
		"\nMATCH (r:_Row) USING INDEX r:_Row(of, seq) WHERE r.of = asked AND r.seq > $after AND r.seq <= $upTo"
}

func rowSource(from, keep string) string {
	return from + " AND " + keep + "\nWITH DISTINCT r.seq AS seq"
}
func eventSource(from, keep string) string {
	return from + " AND " + keep + "\nWITH DISTINCT e.seq AS seq"
}

// rowsAt and eventsAt are the rows and the events of a sequence.
const (
	rowsAt   = "MATCH (r:_Row) USING INDEX r:_Row(seq, pos) WHERE r.seq = seq AND r.pos IS NOT NULL AND "
	eventsAt = "MATCH (e:_Event) USING INDEX e:_Event(seq, pos) WHERE e.seq = seq AND e.pos IS NOT NULL AND "
)

func hasRow(keep string) string   { return "EXISTS { " + rowsAt + keep + " }" }
func hasEvent(keep string) string { return "EXISTS { " + eventsAt + keep + " }" }

// thingShows is the condition that the thing with this id shows now: by the nodes of its newest row, or if it was
// deleted by what that row says.
func thingShows(id string) string {
	return `EXISTS {
MATCH (newest:_Row {of: ` + id + `}) USING INDEX newest:_Row(of, seq) WHERE newest.seq > 0
WITH newest ORDER BY newest.of DESC, newest.seq DESC LIMIT 1
OPTIONAL MATCH (x:_Node {id: newest.a}) USING INDEX x:_Node(id)
OPTIONAL MATCH (y:_Node {id: newest.b}) USING INDEX y:_Node(id)
WITH newest, x, y WHERE (newest.kind = 'delete' AND ` + rowShowed("newest") + `)
OR (newest.kind <> 'delete' AND ` + shows("x._aud", "x._tlp") + ` AND (newest.b IS NULL OR ` + shows("y._aud", "y._tlp") + `))
RETURN 1 AS shown
}`
}

// rowShowed is the condition that a row showed at its moment.
func rowShowed(r string) string {
	return shows(r+".aud", r+".tlp") + " AND (" + r + ".b IS NULL OR " + shows(r+".aud2", r+".tlp2") + ")"
}

func stmtLogPage(source, where, order, count string) string {
	if where != "" {
		source += " WHERE " + where
	}
	page := "CALL () {\n" + source + "\nWITH seq ORDER BY seq" + order + ` LIMIT $limit
RETURN collect([seq, COLLECT { MATCH (h:_Commit {seq: seq}) RETURN h.size }[0]]) AS page
}`
	if count == "" {
		return guarded(page + "\nRETURN [page] AS answer")
	}
	return guarded(page + "\nCALL () {\n" + source + "\nRETURN count(*) AS total\n}\nRETURN [page, total] AS answer")
}

func stmtLogRecords(rows, events string) string {
	return guarded(`UNWIND $seqs AS seq
MATCH (h:_Commit {seq: seq})
RETURN collect([h.seq, h.prev, h.hash, h.change,
COLLECT { ` + rowsAt + rows + ` WITH r ORDER BY r.pos RETURN [r.kind, r.of, r.image] },
COLLECT { ` + eventsAt + events + ` RETURN e.pos }]) AS answer`)
}
