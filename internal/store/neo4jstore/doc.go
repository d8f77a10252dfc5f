// Package neo4jstore is the store.Driver on Neo4j 5.26 (Community or Enterprise, one server or a cluster).
//
// The graph that users see by Cypher is the graph of the schema: a node has its own label and the base label _Node, an
// edge is a relationship of its type, and properties stand under their own names, id among them. Everything else is
// reserved and begins with an underscore, which no name of a schema does:
//
//	_version                version of a node or edge
//	_tlp _aud               settled visibility of a node; _ownTlp _ownAud what was stated for it
//	_text _keys _names      folded tokens, natural keys and names of a node
//	_s_<prop> _l_<prop>     folded sort copy: up to 1,000 bytes of it, and the whole where it is longer
//	(:_Counter)             the one node of sequence, hash, identity, schema and loading mark; its lock orders commits
//	(:_Commit) (:_Row)      the log: a header for each commit, a row for each thing in it
//	(:_Event)               type and subject of each announced event, to be found by
//
// Strings compare by their UTF-8 bytes, also where Neo4j by itself would not: see compareText. A natural key or an indexed text of more than 8,000 bytes
// does not fit an index of Neo4j and is refused as store.ErrInvalid.
package neo4jstore
